"""Milestones and bindings as they should stand, as the difference from what is known."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

import msgspec

from pmosync.compute.identity.claims import Claims, claim
from pmosync.compute.identity.minting import ended, find, owners
from pmosync.compute.identity.register import Register, register
from pmosync.compute.identity.spoken import in_plan
from pmosync.compute.identity.state import Identities, IdentityChanges, Tie, Ties, folded, strange, unknown
from pmosync.compute.identity.typed import Typed, typed
from pmosync.model import Binding, Milestone, Plan, Problem, SourceMilestone, SourceProject
from pmosync.raw import Ref


def identify(
    plan: Plan,
    sources: Mapping[Ref, SourceMilestone],
    projects: Mapping[Ref, SourceProject],
    known: Identities,
    now: datetime,
    members: Mapping[Ref, tuple[str, ...]] | None = None,
    connections: Collection[str] = (),
    spoken: Collection[str] = (),
) -> IdentityChanges:
    """What to change at ``now`` so that every promise is tied to its sources.

    ``members`` maps source milestones to the codes of projects bound by a filter (jql) whose items they hold: a
    filter has no container. ``connections`` are the names that a binding's system may have (empty: not known).
    ``spoken`` are folded codes that rows show beside those of ``plan``: none of them is minted.
    """
    book = register(plan, known)
    claims = claim(plan.bindings, projects, book)
    told = typed(plan, sources, claims, book, known.bindings)
    owned = owners(sources, claims, members or {}, book)
    fixed = {**_kept(known, claims, told), **told.ties}
    taken = in_plan(plan).union(spoken)
    found = find(sources, owned.by_source, fixed, known, book, claims, now, taken)
    ties = {**fixed, **found.ties}
    stray = [strange(row, connections) for row in plan.bindings if connections and row.system not in connections]
    begin, end = _difference(known.bindings, {**ties, **_project_ties(known, claims)}, now)
    return IdentityChanges(
        at=now,
        milestones=_changed(book, [*_ours(book, told, now), *found.minted], ties, sources, owned.by_source),
        bindings=begin,
        ended=end,
        counters=found.counters,
        problems=_sorted((*book.problems, *claims.problems, *told.problems, *owned.problems, *_lost(book), *stray)),
    )


def _ours(book: Register, told: Typed, now: datetime) -> list[Milestone]:
    """Milestones that are known, that have a row, or that a row ties: each code once, spelled as first written."""
    rows = {code: row.code for code, row in book.rows.items()}
    tied = {code: tie.code for (code, _), tie in sorted(told.ties.items())}
    new = {**tied, **rows}
    return [
        *book.known.values(),
        *(
            Milestone(code=book.spelled(code), project=book.project_of(code), name="", appeared=now)
            for key, code in sorted(new.items())
            if key not in book.known
        ),
    ]


def _changed(
    book: Register,
    ours: Iterable[Milestone],
    ties: Ties,
    sources: Mapping[Ref, SourceMilestone],
    owned: Mapping[Ref, str],
) -> tuple[Milestone, ...]:
    """Those that are new or whose name or project differs from what is known."""
    leads = _leads(ties, sources)
    told = (_told(milestone, book, leads.get(folded(milestone.code)), owned) for milestone in ours)
    return tuple(sorted((m for m in told if book.known.get(folded(m.code)) != m), key=lambda m: folded(m.code)))


def _told(milestone: Milestone, book: Register, source: SourceMilestone | None, owned: Mapping[Ref, str]) -> Milestone:
    """The milestone with the name its row gives, else its source's; a known name stays where neither gives one.

    It stays in its project; if nobody registers that one any more (its code was changed), it follows its source.
    """
    row = book.rows.get(folded(milestone.code))
    name = (row.name.strip() if row else "") or (source.title if source else "") or milestone.name
    fresh = folded(milestone.code) not in book.known
    project = milestone.project if fresh else book.project_of(milestone.code)
    if folded(project) not in book.projects and source is not None:
        project = owned.get(source.ref, project)
    return msgspec.structs.replace(milestone, name=name, project=project)


def _leads(ties: Ties, sources: Mapping[Ref, SourceMilestone]) -> dict[str, SourceMilestone]:
    """By folded code its leading source, else its first."""
    leads: dict[str, SourceMilestone] = {}
    for (code, ref), _ in sorted(ties.items(), key=lambda entry: (not entry[1].leading, entry[0][1])):
        if ref in sources:
            leads.setdefault(code, sources[ref])
    return leads


def _kept(known: Identities, claims: Claims, told: Typed) -> Ties:
    """Typed ties in force of rows that cannot be resolved now.

    A renamed source keeps its binding, and so does one that was not reached.
    """
    return {
        (folded(b.code), b.ref): Tie(b.code, b.ref, b.role, b.leading)
        for b in known.bindings
        if b.until is None and not b.found and (folded(b.code), b.ref.connection) in told.unsure
    }


def _project_ties(known: Identities, claims: Claims) -> Ties:
    """The ties of projects to containers, with those in force kept where a row cannot be resolved now."""
    kept = {
        (folded(b.code), b.ref): Tie(b.code, b.ref, b.role, b.leading, b.found)
        for b in known.bindings
        if b.until is None and (folded(b.code), b.ref.connection) in claims.unsure
    }
    return {**kept, **claims.ties}


def _difference(
    known: Iterable[Binding], wanted: Ties, now: datetime
) -> tuple[tuple[Binding, ...], tuple[Binding, ...]]:
    """The bindings that begin and those that end; a changed role ends one and begins another."""
    standing = {_key(b): b for b in known if b.until is None}
    begin = [
        Binding(code=t.code, ref=t.ref, role=t.role, leading=t.leading, since=now, found=t.found)
        for key, t in wanted.items()
        if key not in standing or not _same(standing[key], t)
    ]
    over = [ended(b, now) for key, b in standing.items() if key not in wanted or not _same(b, wanted[key])]
    return tuple(sorted(begin, key=_order)), tuple(sorted(over, key=_order))


def _same(binding: Binding, tie: Tie) -> bool:
    return (binding.role, binding.leading, binding.found) == (tie.role, tie.leading, tie.found)


def _key(binding: Binding) -> tuple[str, Ref]:
    return folded(binding.code), binding.ref


def _order(binding: Binding) -> tuple[str, Ref]:
    return _key(binding)


def _lost(book: Register) -> Iterable[Problem]:
    """Milestone rows that name a project nobody registered."""
    for row in book.rows.values():
        if row.project and folded(row.project) not in book.projects:
            yield unknown(row.place, "project", row.project, "project", row.code)


def _sorted(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(set(problems), key=lambda p: (p.rule, p.place, p.code, p.message)))
