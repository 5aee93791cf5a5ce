"""What no row says: source milestones in a project's containers keep the code they were found under, or get the next one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from msgspec import Struct

from pmosync.compute.identity.claims import Claims
from pmosync.compute.identity.register import Register
from pmosync.compute.identity.state import Identities, Tie, Ties, folded
from pmosync.mapping.told import values
from pmosync.model import Binding, Milestone, Problem, SourceMilestone
from pmosync.raw import Ref


class Found(Struct, frozen=True):
    """Ties found, milestones minted for them, counters that moved."""

    ties: Ties
    minted: tuple[Milestone, ...]
    counters: Mapping[str, int]


class Owners(Struct, frozen=True):
    """The one project of each source milestone that has exactly one; problems for those that several projects claim."""

    by_source: Mapping[Ref, str]
    problems: tuple[Problem, ...]


def owners(
    sources: Mapping[Ref, SourceMilestone], claims: Claims, members: Mapping[Ref, tuple[str, ...]], register: Register
) -> Owners:
    """Whose each source milestone is: its container's project, else the one filter-bound project whose items it holds."""
    chosen: dict[Ref, str] = {}
    problems = []
    for ref, source in sources.items():
        codes = claims.owners(claims.home(source)) or _filtered(members.get(ref, ()), register)
        if len(codes) == 1:
            chosen[ref] = codes[0]
        elif codes and not source.bound_only:
            problems.append(_contested(source, codes))
    return Owners(chosen, tuple(problems))


def find(
    sources: Mapping[Ref, SourceMilestone],
    owned: Mapping[Ref, str],
    typed: Ties,
    known: Identities,
    register: Register,
    claims: Claims,
    now: datetime,
    spoken: Collection[str] = (),
) -> Found:
    """One found tie for every source milestone that no row ties, and that needs none: the one in force, a former one
    revived, or a new code.

    No new code is one of ``spoken`` (folded): people mean something else by it.
    """
    taken = {ref for _, ref in typed}
    ties, former = _standing(known, register, claims, taken)
    bound = taken | {ref for _, ref in ties}
    pending = [ref for ref in owned if ref not in bound and not sources[ref].bound_only]
    ties |= {(folded(former[ref]), ref): Tie(former[ref], ref, found=True) for ref in pending if ref in former}
    fresh = sorted((ref for ref in pending if ref not in former), key=lambda ref: _order(owned[ref], sources[ref]))
    used = {*register.known, *register.rows, *spoken, *(code for code, _ in typed)}
    counters: dict[str, int] = {}
    minted = []
    for ref in fresh:
        code = following(owned[ref], {**known.counters, **counters}, used)
        counters[folded(owned[ref])] = _number(code)
        used.add(folded(code))
        minted.append(Milestone(code=code, project=owned[ref], name=sources[ref].title, appeared=now, minted=True))
        ties[folded(code), ref] = Tie(code, ref, found=True)
    return Found(ties, tuple(minted), counters)


def _standing(known: Identities, register: Register, claims: Claims, taken: set[Ref]) -> tuple[Ties, dict[Ref, str]]:
    """Found ties in force that stay, and by source the code it was found under before."""
    stay: Ties = {}
    former: dict[Ref, str] = {}
    for binding in sorted(known.bindings, key=lambda b: (b.since, b.code, b.ref)):
        milestone = register.known.get(folded(binding.code))
        if not binding.found or milestone is None or binding.ref in taken:
            continue
        former[binding.ref] = milestone.code
        if binding.until is None and (folded(milestone.project), binding.ref.connection) in claims.rows:
            stay[folded(binding.code), binding.ref] = Tie(milestone.code, binding.ref, found=True)
    return stay, former


def _filtered(codes: tuple[str, ...], register: Register) -> tuple[str, ...]:
    projects = (register.projects.get(folded(code)) for code in codes)
    return tuple(sorted({project.code for project in projects if project is not None}))


def _order(project: str, source: SourceMilestone) -> tuple[str, date, str, tuple[int, str], Ref]:
    number = source.ref.id
    return project, source.target or date.max, source.title, (len(number), number), source.ref


def following(project: str, counters: Mapping[str, int], used: set[str]) -> str:
    """The next code of a project that was never used, neither minted (``counters``) nor typed (``used``, folded)."""
    number = counters.get(folded(project), 0) + 1
    while folded(f"{project}-M{number:02d}") in used:
        number += 1
    return f"{project}-M{number:02d}"


def _number(code: str) -> int:
    return int(code.rpartition("-M")[2])


def _contested(source: SourceMilestone, codes: tuple[str, ...]) -> Problem:
    return Problem(
        rule="claimed-twice",
        place=source.key or str(source.ref),
        message=f"{source.title!r} lies in a container that {' and '.join(codes)} both claim",
        remedy="mark one project's binding as leading, or bind this milestone to its code",
        code=codes[0],
        restricted=source.restricted,
        values=values(title=source.title, codes=", ".join(codes)),
    )


def ended(binding: Binding, now: datetime) -> Binding:
    """The binding as it ends at ``now``, never before it began."""
    return Binding(
        code=binding.code,
        ref=binding.ref,
        role=binding.role,
        leading=binding.leading,
        since=binding.since,
        until=max(now, binding.since),
        found=binding.found,
    )
