"""What a date typed without its year ("12月5日") means: the text means one day as long as that day is in force. Pure.

A row's record tells ``seen`` (column → when the text of its cell was first seen, which decides the year) and ``meant``
(column → text → when it was first seen, of texts that the cell does not show while the value read of them is in force).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from pmosync.compute.changes import Known
from pmosync.mapping.dates import yearless
from pmosync.model import Fact, PlanRow
from pmosync.raw import RawRecord

Texts = Mapping[str, Mapping[str, str]]


def first_seen(raw: RawRecord, kept: RawRecord | None, before: Known | None, now: datetime | None) -> RawRecord:
    """A row that says of each cell without a year when it was first seen: neither moving the row nor typing into its
    other cells may decide the year anew, nor may a text that comes back while its value is in force.
    """
    if now is None:
        return raw
    cells, old, known = raw.payload.get("cells") or {}, _cells(kept), _texts(kept)
    since = (before.seen if before else now).isoformat()
    seen = {
        key: known.get(key, {}).get(value) or (since if old.get(key) == value else now.isoformat())
        for key, value in cells.items()
        if yearless(value)
    }
    return replace(raw, payload={**raw.payload, "seen": seen}) if seen else raw


def remembering(
    raw: RawRecord, kept: RawRecord | None, before: Known | None, in_force: Fact | PlanRow | None
) -> RawRecord:
    """The row with the texts that it does not show although what was read of them is ``in_force`` still: their cell
    cannot be read, its column is away, or another row has the code too.
    """
    cells = raw.payload.get("cells") or {}
    meant = {
        key: others
        for key, texts in _texts(kept).items()
        if before is not None and _same(before.fact, in_force, key)
        if (others := {text: at for text, at in texts.items() if text != cells.get(key)})
    }
    return replace(raw, payload={**raw.payload, "meant": meant}) if meant else raw


def _same(before: Fact | PlanRow, now: Fact | PlanRow | None, key: str) -> bool:
    value = getattr(before, key, None)
    return value is not None and value == getattr(now, key, None)


def _cells(kept: RawRecord | None) -> Mapping[str, object]:
    return (kept.payload.get("cells") if kept else None) or {}


def _texts(kept: RawRecord | None) -> Texts:
    """Column → text → when it was first seen, of the kept row: what it shows and what it remembers."""
    told = kept.payload if kept else {}
    shown, seen, meant = _cells(kept), told.get("seen") or {}, told.get("meant") or {}
    here = {key: {str(shown[key]): at} for key, at in seen.items() if key in shown}
    return {key: {**meant.get(key, {}), **here.get(key, {})} for key in sorted({*here, *meant})}
