"""Typed rows that still name a thing which goes on as another: they are read as naming that one, and are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from pmosync.compute.identity.state import address, folded, told_apart
from pmosync.mapping.told import values
from pmosync.model import BindingRow, Fact, Problem, SourceMilestone, SourceProject
from pmosync.raw import Ref, Scope

CONTAINERS = ("project", "group")
Name = tuple[str, str, str]
"""What a row names: a connection, a form, and an id, key or name without case."""


def followed(
    rows: Iterable[BindingRow], was: Mapping[Ref, Fact], now: Mapping[Ref, Fact], went: Mapping[Ref, Ref]
) -> tuple[tuple[BindingRow, ...], tuple[Problem, ...]]:
    """The rows as they are meant, and a finding with its cell for each that is to be typed anew.

    ``was``: things that go on as others (``went``), as they were last known; ``now``: the projects and milestones that are
    known. A row that names one of these means it; one that names several former things is left as it is.
    """
    kept, problems = [], []
    before, there = _by_name(was), _by_name(now)
    for row in rows:
        name = (row.system, row.scope.what, folded(row.scope.which))
        meant = {went[ref] for ref in before.get(name, ())}
        if len(meant) != 1 or name in there:
            kept.append(row)
            continue
        new = meant.pop()
        kept.append(replace(row, system=new.connection, scope=Scope(row.scope.what, _called(new, now.get(new)))))
        problems.append(_problem(row, new, now.get(new)))
    return tuple(kept), tuple(problems)


def _by_name(things: Mapping[Ref, Fact]) -> dict[Name, list[Ref]]:
    """Things by all that means them: a row is looked up, not held against each of them."""
    found: dict[Name, list[Ref]] = {}
    for ref, fact in things.items():
        form, words = _called_by(ref, fact)
        for word in set(map(folded, words)) - {""}:
            found.setdefault((ref.connection, form, word), []).append(ref)
    return found


def _called_by(ref: Ref, fact: Fact) -> tuple[str, tuple[str, ...]]:
    """What a row calls a thing: its form, and its id, key or name; nothing for what no row can name."""
    if isinstance(fact, SourceProject) and ref.kind in CONTAINERS:
        return ref.kind, (ref.id, fact.key, fact.name)
    if isinstance(fact, SourceMilestone):
        return fact.form, (ref.id, fact.key, fact.title)
    return "", ()


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
