"""What identity is decided from and what it answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from msgspec import Struct

from pmosync.compute.place import spot
from pmosync.mapping.told import values
from pmosync.model import Binding, BindingRow, Milestone, Place, Problem, Role
from pmosync.raw import Ref


class Identities(Struct, frozen=True):
    """What the store knows of ours.

    Milestones, all bindings (also ended ones), and by folded project code the last number minted.
    """

    milestones: tuple[Milestone, ...] = ()
    bindings: tuple[Binding, ...] = ()
    counters: Mapping[str, int] = {}


class IdentityChanges(Struct, frozen=True, kw_only=True):
    """What to add at ``at``.

    New or renamed milestones, bindings that begin, bindings that end (their ``until`` set), counters that moved.

    ``problems`` are all that stand now, not only new ones.
    """

    at: datetime
    milestones: tuple[Milestone, ...] = ()
    bindings: tuple[Binding, ...] = ()
    ended: tuple[Binding, ...] = ()
    counters: Mapping[str, int] = {}
    problems: tuple[Problem, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing is to be written (problems apart)."""
        return not (self.milestones or self.bindings or self.ended or self.counters)


class Tie(Struct, frozen=True):
    """A binding as it should stand, without its dates."""

    code: str
    ref: Ref
    role: Role = Role.BOTH
    leading: bool = False
    found: bool = False


Ties = dict[tuple[str, Ref], Tie]


def folded(code: str) -> str:
    """What makes a code unique: its letters without case or surrounding space."""
    return code.strip().casefold()


def address(place: Place, field: str) -> str:
    """The cell of a field for people, else the tab and row."""
    return spot(place, field)


def told_apart(row: BindingRow) -> str:
    """What tells a row of the Bindings tab from its others: several may have one code."""
    return ":".join(("bindings", *map(folded, (row.code, row.system, row.scope.what, row.scope.which))))


def nothing(row: BindingRow) -> Problem:
    """A row that names no thing we know."""
    return Problem(
        rule="names-nothing",
        place=address(row.place, "which"),
        message=f"{row.code}: {row.system} has no {row.scope.what} named {row.scope.which!r}",
        remedy="type its name, key or id as the system shows it",
        code=row.code,
        row=told_apart(row),
        values=_named(row),
    )


def renamed(row: BindingRow, titles: tuple[str, ...]) -> Problem:
    """A row whose name names nothing any more, and what it stays bound to."""
    still = " or ".join(map(repr, titles))
    return Problem(
        rule="name-changed",
        place=address(row.place, "which"),
        message=f"{row.code}: {row.system} has no {row.scope.what} named {row.scope.which!r} now; "
        f"it stays bound to {still}",
        remedy=f"type {still}, or the name of the one that is meant",
        code=row.code,
        row=told_apart(row),
        values=(*_named(row), ("still", " / ".join(titles))),
    )


def strange(row: BindingRow, connections: Collection[str]) -> Problem:
    """A row of a system that nobody connected."""
    return Problem(
        rule="unknown-system",
        place=address(row.place, "system"),
        message=f"{row.code}: there is no connection named {row.system!r}",
        remedy=f"choose one of {', '.join(sorted(connections))}",
        code=row.code,
        row=told_apart(row),
        values=(*_named(row), ("choices", ", ".join(sorted(connections)))),
    )


def ambiguous(row: BindingRow, choices: tuple[str, ...], migrated: bool = False) -> Problem:
    """A row whose name fits several things: all of them are told, none is picked. ``migrated``: they are one thing under
    several ids, as after a migration; to type one of them would cut off what was known of the other.
    """
    site = f"`pmosync rebind --from {row.system} --to {row.system} --dry-run`"
    return Problem(
        rule="name-fits-two",
        place=address(row.place, "which"),
        message=f"{row.code}: {row.scope.which!r} fits {len(choices)} things in {row.system}: {'; '.join(choices)}",
        remedy=f"the site seems migrated: {site}" if migrated else "type the id of the one that is meant",
        code=row.code,
        row=told_apart(row),
        values=(
            *values(which="migrated" if migrated else "", count=len(choices), choices="; ".join(choices)),
            *_named(row),
        ),
    )


def _named(row: BindingRow) -> tuple[tuple[str, str | int], ...]:
    return values(code=row.code, system=row.system, form=row.scope.what, name=row.scope.which)


def unknown(place: Place, field: str, code: str, what: str, of: str = "") -> Problem:
    """A ``code`` that is written nowhere else, in a row of another code (``of``) or as the row's own."""
    return Problem(
        rule="unknown-code",
        place=address(place, field),
        message=f"there is no {what} with the code {code!r}",
        remedy=f"correct the code, or add the {what} to its tab",
        code=of or code,
        row=f"{place.tab}:{folded(place.code)}:{field}",
        values=values(which="new", code=code, thing=what),
    )
