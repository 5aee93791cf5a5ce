"""What becomes of input rows that are not there any more: what people typed never vanishes unsaid.

A row of the tabs that the tool fills up comes back once with what it said; deleted again it is archived. Rows of the
other tabs leave the plan at once. A row whose code was cleared keeps what it said in force, under the code it had; it
is known again (``compute.known_again``) by its cells and its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any, get_args

from msgspec import Struct, structs

from pmosync.compute.changes import Intent, Known, decide
from pmosync.compute.known_again import Trace, code_of, corrected, line_of, said, tab_of
from pmosync.compute.place import spot
from pmosync.mapping.told import values
from pmosync.model import Place, Plan, PlanRow, Problem
from pmosync.raw import RawRecord, Ref

SECTIONS = {"milestone_inputs": "milestones", "projects": "projects", "programs": "programs"}
"""Tabs of rows that have a code of their own, with their section of the plan."""
RETURNING = frozenset(SECTIONS)
GONE = frozenset({"row-left", "row-deleted", "row-recoded"})
"""Findings of rows that say that a code left the plan, or is put back."""
NOTE = "note"
"""Kind of the records that say what became of a row."""

TOLD = timedelta(days=7)
"""For so long a finding says what became of a row."""


class Fate(StrEnum):
    """``returns``: to be put back; ``back``: it was put back; ``recoded``: it has another code now; ``corrected``: other
    cells that name it are different now; ``over``: nothing is to be said of it.
    """

    CLEARED = "cleared"
    RETURNS = "returns"
    BACK = "back"
    RECODED = "recoded"
    CORRECTED = "corrected"
    ARCHIVED = "archived"
    LEFT = "left"
    OVER = "over"


LEAVING = frozenset({Fate.RECODED, Fate.CORRECTED, Fate.ARCHIVED, Fate.LEFT})
SILENT = frozenset({Fate.CORRECTED, Fate.OVER})
WAITING = frozenset({Fate.CLEARED, Fate.RETURNS})


class Note(Struct, frozen=True, kw_only=True):
    """What became of a row and since when; ``returned``: it was put back before; ``code`` and ``line`` name the row,
    ``cells`` are those of a row without its code, as it was seen last; ``sheet`` is where it stood in a sheet into which
    the tool writes nothing.
    """

    fate: Fate
    since: datetime
    code: str = ""
    line: int = 0
    address: str = ""
    sheet: str = ""
    successor: str = ""
    cells: dict[str, Any] = {}
    returned: bool = False
    restricted: bool = False


def trace(raw: RawRecord, note: Note | None) -> Trace:
    """By what a lost row is to be known again: as it was seen last, with its code or without."""
    cleared = note is not None and note.fate is Fate.CLEARED and bool(note.cells)
    if note and cleared:
        return Trace(raw.ref, note.cells, note.line)
    return Trace(raw.ref, said(raw), line_of(raw), code_of(raw))


def notes(
    lost: Iterable[RawRecord],
    again: Mapping[Ref, RawRecord],
    shown: Set[Ref],
    held: Set[Ref],
    before: Mapping[Ref, Note],
    now: datetime,
    ours: bool = True,
) -> dict[Ref, Note]:
    """What is to be noted of rows at ``now``: of those ``lost`` (as they were last read), and of those noted ``before``.

    ``again`` are the rows as which lost ones are known again, ``shown`` those that stand in the sheet under their own
    code, ``held`` lost ones that somebody must look at first; ``ours``: the tool writes into this sheet, so that it can
    put rows back.
    """
    found: dict[Ref, Note] = {}
    gone = {raw.ref: raw for raw in lost}
    for ref, raw in gone.items():
        returning = ours and tab_of(ref) in RETURNING
        note = _lost(raw, again.get(ref), ref in held, returning, before.get(ref), now)
        if note is not None:
            found[ref] = note if ours else structs.replace(note, sheet=_stood(again.get(ref, raw)))
    for ref, note in before.items():
        if ref not in gone:
            found[ref] = _after(note, ref in shown, now)
    return found


def placed(raw: RawRecord, again: RawRecord | None, known: Known, now: datetime) -> Intent | None:
    """A lost row that stays in force, at the place of the row as which it is known ``again``, else at none; what was
    said of its cells ends, since others may stand there by now. None for what is no row of the plan.
    """
    fact = known.fact
    if not isinstance(fact, get_args(PlanRow)):
        return None
    line, addresses = fact.place.row, dict[str, str]()
    if again is not None and not code_of(again):
        line, addresses = line_of(again), dict(again.payload.get("addresses") or {})
    place = structs.replace(fact.place, row=line, addresses=addresses)
    return decide(known, raw, known.digest, structs.replace(fact, place=place), (), now)


def problems(ref: Ref, note: Note, now: datetime, zone: tzinfo) -> tuple[Problem, ...]:
    """The finding of a note, its day in ``zone``; none where nothing is to be said (any more)."""
    lasting = note.fate in WAITING or note.fate is Fate.ARCHIVED
    if note.fate in SILENT or (not lasting and now - note.since > TOLD):
        return ()
    day = note.since.astimezone(zone).date()
    rule, message, remedy = _words(note, day.isoformat())
    told = Problem(
        rule=rule,
        place=note.address if note.fate is Fate.CLEARED else note.sheet or f"{tab_of(ref)} row {note.line}",
        message=message,
        remedy=remedy,
        code=note.code,
        restricted=note.restricted,
        values=values(code=note.code, day=day, successor=note.successor),
    )
    return (told,)


def going_on(ref: Ref, found: Problem, plan: Plan, today: date) -> tuple[Problem, ...]:
    """The finding of a lost row whose code another sheet still has: it has not left the plan, and nothing is put back.
    ``ref`` is that of the row's note; after a week nothing is said any more. Any other finding stays as it is.
    """
    if found.rule not in GONE or tab_of(ref) not in SECTIONS:
        return (found,)
    rows: tuple[PlanRow, ...] = getattr(plan, SECTIONS[tab_of(ref)])
    heir = next((row for row in rows if _continues(row, ref)), None)
    told = dict(found.values)
    if heir is None or "day" not in told:
        return (found,)
    if today - date.fromisoformat(str(told["day"])) > TOLD:
        return ()
    return (_elsewhere(found, told, f"{spot(heir.place, 'code')} ({heir.place.connection})"),)


def _continues(row: PlanRow, lost: Ref) -> bool:
    """Whether a row in force has the code of a lost one, in another sheet."""
    code = lost.id.partition(":")[2].strip().casefold()
    return row.place.connection != lost.connection and str(getattr(row, "code", "")).strip().casefold() == code


def _elsewhere(found: Problem, told: Mapping[str, str | int], there: str) -> Problem:
    """A lost row's finding in the words of one whose code goes on ``there``."""
    code, day, successor = found.code, told["day"], told.get("successor", "")
    fate = f"has the code {successor} since {day}" if successor else f"is not there any more ({day})"
    return structs.replace(
        found,
        rule="row-recoded" if successor else "row-left",
        message=f"the row of {code} {fate}: {code} goes on in {there}",
        remedy="take the other row out if this one is to count",
        values=values(which="elsewhere", code=code, day=day, successor=successor, other=there),
    )


def _stood(raw: RawRecord) -> str:
    """The row's address in its sheet, as the sheet names it."""
    addresses = raw.payload.get("addresses") or {}
    return spot(Place(raw.ref.connection, tab_of(raw.ref), line_of(raw), code_of(raw), addresses))


def _lost(
    raw: RawRecord, successor: RawRecord | None, held: bool, returning: bool, before: Note | None, now: datetime
) -> Note | None:
    returned = before is not None and before.returned
    if successor is not None:
        fate = _turn(code_of(raw), successor)
    elif before is not None and before.fate is Fate.RETURNS:
        return before
    else:
        fate = Fate.LEFT if not returning else Fate.ARCHIVED if returned else Fate.RETURNS
    if held and fate in LEAVING:
        return before
    still = before is not None and before.fate is fate is Fate.CLEARED
    return Note(
        fate=fate,
        since=before.since if before is not None and still else now,
        code=raw.ref.id.partition(":")[2],
        line=line_of(successor or raw),
        address=_address(successor) if successor else "",
        successor=code_of(successor) if successor else "",
        cells=said(successor) if successor and fate is Fate.CLEARED else {},
        returned=returned or fate is Fate.RETURNS,
        restricted=raw.restricted,
    )


def _turn(code: str, successor: RawRecord) -> Fate:
    """What became of a row with that code that is known again as another."""
    if not code_of(successor):
        return Fate.CLEARED
    return Fate.CORRECTED if corrected(code, successor) else Fate.RECODED


def _after(note: Note, there: bool, now: datetime) -> Note:
    """A noted row that is not lost: there again, or out of the plan."""
    if there and note.fate in (Fate.RETURNS, Fate.BACK):
        return _turned(note, Fate.BACK, note.since)
    if there:
        return _turned(note, Fate.BACK if note.returned and note.fate is Fate.CLEARED else Fate.OVER, note.since)
    return _turned(note, Fate.LEFT, now) if note.fate in (*WAITING, Fate.BACK) else note


def _turned(note: Note, fate: Fate, since: datetime) -> Note:
    return Note(
        fate=fate,
        since=since,
        code=note.code,
        line=note.line,
        sheet=note.sheet,
        returned=fate is Fate.BACK,
        restricted=note.restricted,
    )


def _address(raw: RawRecord) -> str:
    """The cell where the code of a row belongs, else its line."""
    addresses: Mapping[str, str] = raw.payload.get("addresses") or {}
    key = next((key for key in ("code", "number", "id", "key") if key in addresses), "")
    return addresses.get(key) or f"{tab_of(raw.ref)} row {raw.payload.get('row')}"


def _words(note: Note, day: str) -> tuple[str, str, str]:
    match note.fate:
        case Fate.CLEARED:
            message = f"the code of this row was cleared; it was {note.code}, and what it said stays in force"
            return "code-cleared", message, f"type {note.code} into the cell again"
        case Fate.RETURNS | Fate.BACK:
            message = f"the row of {note.code} was deleted ({day}): it is put back once with what it said"
            return "row-deleted", message, "delete it again if it is to be archived"
        case Fate.ARCHIVED:
            message = f"the row of {note.code} was deleted twice ({day}): it is archived, its history is kept"
            return "row-archived", message, "type the code into a row again to take it up again"
        case Fate.RECODED:
            message = f"the row of {note.code} has the code {note.successor} since {day}: {note.code} left the plan"
            return "row-recoded", message, f"type {note.code} again if that was an accident"
        case _:
            message = f"the row {note.code} is not there any more ({day}): it left the plan"
            return "row-left", message, "type it again if that was an accident"
