"""What becomes of input rows that are not there any more: what people typed never vanishes unsaid.

A row of the tabs that the tool fills up comes back once with what it said; deleted again it is archived. Rows of the
other tabs leave the plan at once. A row whose code was cleared keeps what it said in force, under the code it had.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct

from pmosync.model import Problem
from pmosync.raw import RawRecord, Ref

RETURNING = frozenset({"milestone_inputs", "projects", "programs"})
TOLD = timedelta(days=7)
"""For so long a finding says what became of a row."""


class Fate(StrEnum):
    """``returns``: to be put back; ``back``: it was put back; ``recoded``: it has another code now; ``over``: nothing is
    to be said of it.
    """

    CLEARED = "cleared"
    RETURNS = "returns"
    BACK = "back"
    RECODED = "recoded"
    ARCHIVED = "archived"
    LEFT = "left"
    OVER = "over"


LEAVING = frozenset({Fate.RECODED, Fate.ARCHIVED, Fate.LEFT})
WAITING = frozenset({Fate.CLEARED, Fate.RETURNS})


class Note(Struct, frozen=True, kw_only=True):
    """What became of a row and since when; ``returned``: it was put back before; ``code`` and ``line`` name the row."""

    fate: Fate
    since: datetime
    code: str = ""
    line: int = 0
    address: str = ""
    successor: str = ""
    returned: bool = False
    restricted: bool = False


def notes(
    lost: Iterable[RawRecord],
    shown: Mapping[Ref, RawRecord],
    held: Set[Ref],
    before: Mapping[Ref, Note],
    now: datetime,
    ours: bool = True,
) -> dict[Ref, Note]:
    """What is to be noted of rows at ``now``: of those ``lost`` (as they were last read), and of those noted ``before``.

    ``shown`` are the rows that stand in the sheet, ``held`` lost ones that somebody must look at first; ``ours``: the
    tool writes into this sheet, so that it can put rows back.
    """
    found: dict[Ref, Note] = {}
    gone = {raw.ref: raw for raw in lost}
    for ref, raw in gone.items():
        returning = ours and tab_of(ref) in RETURNING
        note = _lost(raw, _successor(raw, shown.values()), ref in held, returning, before.get(ref), now)
        if note is not None:
            found[ref] = note
    for ref, note in before.items():
        if ref not in gone:
            found[ref] = _after(note, ref in shown, now)
    return found


def problems(ref: Ref, note: Note, now: datetime) -> tuple[Problem, ...]:
    """The finding of a note; none where nothing is to be said (any more)."""
    lasting = note.fate in WAITING or note.fate is Fate.ARCHIVED
    if note.fate is Fate.OVER or (not lasting and now - note.since > TOLD):
        return ()
    rule, message, remedy = _words(note)
    place = note.address if note.fate is Fate.CLEARED else f"{tab_of(ref)} row {note.line}"
    code = note.code
    return (Problem(rule=rule, place=place, message=message, remedy=remedy, code=code, restricted=note.restricted),)


def tab_of(ref: Ref) -> str:
    """The key of the tab in which a row stands."""
    return ref.id.partition(":")[0]


def _lost(
    raw: RawRecord, successor: RawRecord | None, held: bool, returning: bool, before: Note | None, now: datetime
) -> Note | None:
    returned = before is not None and before.returned
    if successor is not None:
        fate = Fate.RECODED if _code(successor) else Fate.CLEARED
    elif before is not None and before.fate is Fate.RETURNS:
        return before
    else:
        fate = Fate.LEFT if not returning else Fate.ARCHIVED if returned else Fate.RETURNS
    if (held and fate in LEAVING) or (before is not None and before.fate is fate is Fate.CLEARED):
        return before
    return Note(
        fate=fate,
        since=now,
        code=raw.ref.id.partition(":")[2],
        line=raw.payload.get("row") or 0,
        address=_address(successor) if successor else "",
        successor=_code(successor) if successor else "",
        returned=returned or fate is Fate.RETURNS,
        restricted=raw.restricted,
    )


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
        returned=fate is Fate.BACK,
        restricted=note.restricted,
    )


def _successor(lost: RawRecord, shown: Iterable[RawRecord]) -> RawRecord | None:
    """The row that says what the lost one said, without its code, or with another one in the same line."""
    said = _said(lost)
    alike = [raw for raw in shown if tab_of(raw.ref) == tab_of(lost.ref) and said and _said(raw) == said]
    bare = [raw for raw in alike if not _code(raw)]
    same = [raw for raw in alike if raw.payload.get("row") == lost.payload.get("row")]
    return next(iter([*bare, *same]), None)


def _said(raw: RawRecord) -> dict[str, Any]:
    """The cells of a row beside its code and empty ones."""
    cells: Mapping[str, Any] = raw.payload.get("cells") or {}
    code = _code(raw)
    return {key: value for key, value in cells.items() if value not in (None, "", False) and str(value) != code}


def _code(raw: RawRecord) -> str:
    return str(raw.payload.get("code") or "")


def _address(raw: RawRecord) -> str:
    """The cell where the code of a row belongs, else its line."""
    addresses: Mapping[str, str] = raw.payload.get("addresses") or {}
    key = next((key for key in ("code", "number", "id", "key") if key in addresses), "")
    return addresses.get(key) or f"{tab_of(raw.ref)} row {raw.payload.get('row')}"


def _words(note: Note) -> tuple[str, str, str]:
    day = note.since.date().isoformat()
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
