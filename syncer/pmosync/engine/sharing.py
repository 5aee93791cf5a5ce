"""A workbook that is shared wider than its declared audience gets nothing new until somebody has looked."""

from __future__ import annotations

from msgspec.structs import replace

from pmosync.audience import strangers
from pmosync.engine.house import House, Shelf
from pmosync.errors import TargetError
from pmosync.model import Hold, Run
from pmosync.sheet import Workbook

# Holds of workbooks that are shared too widely begin so; `accept` lets those people see it.
AUDIENCE = "audience-"
BETWEEN = ", "
WIDER = "shared wider than its audience"


def unnamed(hold: Hold) -> Hold:
    """A hold as other workbooks may tell it: who sees this one is not for the readers of that one, how many do is."""
    return replace(hold, unit="", reason=WIDER) if hold.id.startswith(AUDIENCE) else hold


def hold_wider(house: House, run: Run, workbook: Workbook, shelf: Shelf) -> None:
    """TargetError, and a hold, while more people see the workbook than it is declared for. Accepted, the hold covers
    those who were named, and nobody who comes later. Where no audience is declared, or the target does not tell, nothing
    is compared.
    """
    if shelf.audience is None or workbook.shared is None:
        return
    name, found = AUDIENCE + shelf.name, strangers(workbook.shared, shelf.audience)
    if not found:
        house.store.lift(run, name)
        return
    if any(hold.id == name and set(found) <= set(hold.unit.split(BETWEEN)) for hold in house.store.accepted()):
        return
    named = BETWEEN.join(found)
    reason = f"{WIDER}: {named}"
    hold = Hold(id=name, connection=shelf.name, unit=named, reason=reason, since=run.started, count=len(found))
    house.store.hold(run, hold)
    raise TargetError(
        f"workbook {shelf.name}: it is {reason}",
        remedy=f"take that sharing back, or add them to workbooks.{shelf.name}.audience; "
        f"if that is meant, `pmosync accept {name}`, then sync",
    )
