"""One spelling of every code: people type ``pay-m03`` and mean PAY-M03."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from pmosync.mapping.text import fold
from pmosync.model import Plan, Snapshot

T = TypeVar("T", bound=Struct)
ONE = {
    "programs": ("parent",),
    "projects": ("program", "portfolio"),
    "milestones": ("code", "project"),
    "risks": ("project", "milestone"),
    "calendar": ("applies_to",),
    "notes": ("code",),
    "texts": ("project",),
}
MANY = {"milestones": ("depends_on",), "decisions": ("codes", "into"), "actions": ("codes",)}


def spelled(snapshot: Snapshot) -> Snapshot:
    """The snapshot with every code of the plan as its milestone, project or program writes it; unknown ones as typed."""
    plan = snapshot.plan
    ours = [row.code for row in plan.programs]
    ours += [row.code for row in plan.projects]
    ours += [each.code for each in snapshot.milestones]
    known = {fold(code): code for code in ours}
    if _exact(plan, set(ours)):
        return snapshot
    return replace(snapshot, plan=_plan(plan, lambda code: known.get(fold(code), code.strip())))


def _exact(plan: Plan, ours: set[str]) -> bool:
    """Whether every code is written as known, which spares the copies."""
    typed = (code for name in {**ONE, **MANY} for row in getattr(plan, name) for code in _codes(name, row))
    return all(not code or code in ours for code in typed)


def _codes(name: str, row: Struct) -> Iterable[str]:
    for field in ONE.get(name, ()):
        yield getattr(row, field)
    for field in MANY.get(name, ()):
        yield from getattr(row, field)


def _plan(plan: Plan, spell: Callable[[str], str]) -> Plan:
    changed = {name: tuple(_row(name, row, spell) for row in getattr(plan, name)) for name in {**ONE, **MANY}}
    return replace(plan, **changed)


def _row(name: str, row: T, spell: Callable[[str], str]) -> T:
    one = {field: spell(getattr(row, field)) for field in ONE.get(name, ())}
    many = {field: tuple(map(spell, getattr(row, field))) for field in MANY.get(name, ())}
    return replace(row, **one, **many)
