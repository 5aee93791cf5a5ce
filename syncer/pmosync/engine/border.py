"""What a connector hands over is looked at once, in its own thread: behind this door the types are trusted. Each
function raises PluginError for another shape, by type only; the value may hold anything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from pmosync.errors import PmosyncError
from pmosync.guard import PluginError
from pmosync.raw import Batch, Cursor, RawRecord, Ref, Unit


def units(connection: str, told: Iterable[Any]) -> tuple[Unit, ...]:
    """The units of a connection; one is behind another one of them, which is behind none itself, or it would never be pulled."""
    found = tuple(told)
    for unit in found:
        _must(isinstance(unit, Unit) and unit.connection == connection, f"{connection}: units", "Unit", unit)
    first = {"", *(unit.key for unit in found if not unit.behind)}
    for unit in found:
        _must(unit.behind in first, f"{connection}: units", "Unit behind another unit", unit)
    return found


def batch(unit: Unit, told: Any) -> Batch | PmosyncError:
    """A batch of the unit, its records such as can be kept."""
    place = f"{unit.connection}: pull of {unit.key}"
    if isinstance(told, PmosyncError):
        return told
    _must(isinstance(told, Batch) and told.unit == unit, place, "Batch of the unit", told)
    found: Batch = told
    _must(isinstance(found.records, tuple), place, "tuple of records", found.records)
    _must(found.cursor is None or _is_cursor(found.cursor), place, "Cursor", found.cursor)
    _must(_are(found.whole, str), place, "tuple of kinds", found.whole)
    _must(found.total is None or isinstance(found.total, int), place, "number as total", found.total)
    _must(found.share is None or _is_share(found.share), place, "share from 0 to 1", found.share)
    _must(found.as_of is None or _is_instant(found.as_of), place, "instant with a zone", found.as_of)
    for record in found.records:
        _must(_is_record(record, unit.connection), place, "RawRecord of the connection", record)
        # What cannot be written as JSON (half a character, say) cannot be kept: this raises by itself.
        msgspec.json.encode(record.payload, enc_hook=str)
    return found


def cursor(connection: str, told: Any) -> Cursor | None:
    """A cursor that was set back."""
    _must(told is None or _is_cursor(told), f"{connection}: rewind", "Cursor", told)
    return told if isinstance(told, Cursor) else None


def page(unit: Unit, told: Any) -> tuple[Ref, ...] | PmosyncError:
    """A page of the unit's census."""
    if isinstance(told, PmosyncError):
        return told
    place = f"{unit.connection}: census of {unit.key}"
    _must(isinstance(told, Collection) and _are(told, Ref), place, "collection of Ref", told)
    return tuple(told)


def answers(told: Any) -> Mapping[Ref, bool]:
    """Whether things answer by their ids."""
    _must(
        isinstance(told, Mapping) and _are(told, Ref) and _are(told.values(), bool), "visible", "map of answers", told
    )
    return {**told}


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and 0 <= value <= 1


def _is_cursor(value: object) -> bool:
    return isinstance(value, Cursor) and isinstance(value.value, str)


def _is_record(value: object, connection: str) -> bool:
    return (
        isinstance(value, RawRecord)
        and isinstance(value.ref, Ref)
        and value.ref.connection == connection
        and _are((value.ref.kind, value.ref.id), str)
        and isinstance(value.payload, dict)
        and isinstance(value.restricted, bool)
        and (value.updated is None or _is_instant(value.updated))
    )


def _is_instant(value: object) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None


def _are(values: Iterable[object], kind: type) -> bool:
    return all(isinstance(value, kind) for value in values)


def _must(right: bool, place: str, wanted: str, told: object) -> None:
    if not right:
        raise PluginError(f"{place}: no {wanted}, but {type(told).__name__}", "")
