"""Typed rows that still name a thing which goes on as another: they are read as naming that one, and are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from pmosync.compute.identity.state import address, folded, told_apart
from pmosync.mapping.told import values
from pmosync.model import BindingRow, Fact, Problem, SourceMilestone, SourceProject
from pmosync.raw import Ref, Scope

CONTAINERS = ("project", "group")


def followed(
    rows: Iterable[BindingRow], was: Mapping[Ref, Fact], now: Mapping[Ref, Fact], went: Mapping[Ref, Ref]
) -> tuple[tuple[BindingRow, ...], tuple[Problem, ...]]:
    """The rows as they are meant, and a finding with its cell for each that is to be typed anew.

    ``was``: things that go on as others (``went``), as they were last known; ``now``: the projects and milestones that are
    known. A row that names one of these means it; one that names several former things is left as it is.
    """
    kept, problems = [], []
    for row in rows:
        meant = {went[ref] for ref, fact in was.items() if _names(row, ref, fact)}
        if len(meant) != 1 or any(_names(row, ref, fact) for ref, fact in now.items()):
            kept.append(row)
            continue
        new = meant.pop()
        kept.append(replace(row, system=new.connection, scope=Scope(row.scope.what, _called(new, now.get(new)))))
        problems.append(_problem(row, new, now.get(new)))
    return tuple(kept), tuple(problems)


def _names(row: BindingRow, ref: Ref, fact: Fact) -> bool:
    """Whether a row means a thing: its connection, its form, and its id, key or name."""
    if ref.connection != row.system:
        return False
    if isinstance(fact, SourceProject):
        fits = row.scope.what in CONTAINERS and ref.kind == row.scope.what
        return fits and folded(row.scope.which) in {folded(ref.id), folded(fact.key), folded(fact.name)}
    if isinstance(fact, SourceMilestone):
        fits = fact.form == row.scope.what and bool(row.scope.which)
        return fits and folded(row.scope.which) in {folded(ref.id), folded(fact.key), folded(fact.title)}
    return False


def _called(ref: Ref, fact: Fact | None) -> str:
    """What a row would name it by: a project by its key, which its connector asks for; anything else by its id."""
    return fact.key if isinstance(fact, SourceProject) and fact.key else ref.id


def _problem(row: BindingRow, new: Ref, fact: Fact | None) -> Problem:
    name = str(getattr(fact, "title", "") or getattr(fact, "key", "")) or new.id
    moved = row.system != new.connection
    what = f"{new.connection} as the system and {name!r} as what is bound" if moved else f"{name!r} or its id {new.id}"
    return Problem(
        rule="bound-anew",
        place=address(row.place, "system" if moved else "which"),
        message=f"{row.code}: {row.system} {row.scope.what} {row.scope.which!r} goes on as {name!r} of {new.connection} "
        f"(id {new.id}), and the row is read so",
        remedy=f"type {what}",
        code=row.code,
        row=told_apart(row),
        restricted=bool(getattr(fact, "restricted", False)),
        values=values(
            which="system" if moved else "name",
            code=row.code,
            system=row.system,
            form=row.scope.what,
            name=row.scope.which,
            other=name,
            id=new.id,
            connection=new.connection,
        ),
    )
