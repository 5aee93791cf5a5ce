"""The Bindings rows of milestones: which source each names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from pmosync.compute.identity.claims import Claims, rekeyed
from pmosync.compute.identity.register import Register
from pmosync.compute.identity.state import Tie, Ties, address, ambiguous, folded, nothing, renamed, told_apart, unknown
from pmosync.mapping.told import values
from pmosync.model import Binding, BindingRow, Plan, Problem, Role, SourceMilestone
from pmosync.raw import Ref

FORMS = ("version", "epic", "milestone")


class Typed(Struct, frozen=True):
    """``ties`` as typed; ``unsure`` (folded code, connection) pairs of which a row could not be resolved now.

    What was bound stays.
    """

    ties: Ties
    unsure: frozenset[tuple[str, str]]
    problems: tuple[Problem, ...]


def typed(
    plan: Plan,
    sources: Mapping[Ref, SourceMilestone],
    claims: Claims,
    register: Register,
    bound: Iterable[Binding] = (),
) -> Typed:
    """The ties that binding rows of milestones type; ``bound`` are the bindings known so far."""
    ties: Ties = {}
    lost: list[BindingRow] = []
    unsure: set[tuple[str, str]] = set()
    problems: list[Problem] = []
    names = _Names(sources)
    for row in plan.bindings:
        if row.scope.what == "label":
            problems.append(_label(row))
        elif row.scope.what not in FORMS:
            continue
        elif not _belongs(row, register):
            problems.append(unknown(row.place, "code", row.code, "milestone or project"))
        else:
            named = _nearest(names.fitting(row), register.project_of(row.code), claims)
            if len(named) == 1:
                _merge(ties, Tie(register.spelled(row.code), named[0].ref, row.role, row.leading))
            else:
                unsure.add((folded(row.code), row.system))
                problems += [_fits_several(row, named, claims)] if named else []
                lost += [row] if not named and row.system in names.connections else []
    problems += (_lost(row, sources, ties, bound) for row in lost)
    return Typed(ties, frozenset(unsure), tuple(problems))


class _Names:
    """Source milestones by connection, form and each of their names."""

    def __init__(self, sources: Mapping[Ref, SourceMilestone]) -> None:
        self.connections = {ref.connection for ref in sources}
        self._exact: dict[tuple[str, str, str], list[SourceMilestone]] = {}
        self._titles: dict[tuple[str, str, str], list[SourceMilestone]] = {}
        for ref, source in sorted(sources.items()):
            for name in {folded(ref.id), folded(source.key)}:
                self._exact.setdefault((ref.connection, source.form, name), []).append(source)
            self._titles.setdefault((ref.connection, source.form, folded(source.title)), []).append(source)

    def fitting(self, row: BindingRow) -> list[SourceMilestone]:
        """Those that a row may mean: by id or key, else by title."""
        name = (row.system, row.scope.what, folded(row.scope.which))
        return (self._exact.get(name) or self._titles.get(name) or []) if name[2] else []


def _nearest(named: Sequence[SourceMilestone], project: str, claims: Claims) -> Sequence[SourceMilestone]:
    """Of several with one name, those in the milestone's own project if there are any: every project may have a version "1.0"."""
    if len(named) < 2:
        return named
    own = [source for source in named if project in claims.owners(claims.home(source))]
    return own or named


def _belongs(row: BindingRow, register: Register) -> bool:
    code = folded(row.code)
    return code in register.rows or code in register.known or bool(register.project_of(row.code))


def _fits_several(row: BindingRow, named: Sequence[SourceMilestone], claims: Claims) -> Problem:
    choices = tuple(f"{source.title} (id {source.ref.id})" for source in named)
    return ambiguous(row, choices, rekeyed([claims.home(source) for source in named]))


def _lost(row: BindingRow, sources: Mapping[Ref, SourceMilestone], ties: Ties, bound: Iterable[Binding]) -> Problem:
    """A name that fits nothing: what was bound by it before is told, for a source may be renamed."""
    code = folded(row.code)
    held = [
        sources[each.ref].title
        for each in bound
        if each.until is None and not each.found and folded(each.code) == code and (code, each.ref) not in ties
        if each.ref.connection == row.system and each.ref in sources and sources[each.ref].form == row.scope.what
    ]
    return renamed(row, tuple(sorted(held))) if held else nothing(row)


def _merge(ties: Ties, tie: Tie) -> None:
    """Two rows that tie the same pair are one tie: leading if either is, with both roles if they differ."""
    held = ties.get((folded(tie.code), tie.ref), tie)
    role = held.role if held.role == tie.role else Role.BOTH
    ties[folded(tie.code), tie.ref] = Tie(tie.code, tie.ref, role, tie.leading or held.leading)


def _label(row: BindingRow) -> Problem:
    return Problem(
        rule="names-nothing",
        place=address(row.place, "what"),
        message=f"{row.code}: a label has no date of its own, so nothing can be tied to {row.scope.which!r}",
        remedy="bind a version, an epic or a milestone",
        code=row.code,
        row=told_apart(row),
        values=values(which="label", code=row.code, name=row.scope.which),
    )
