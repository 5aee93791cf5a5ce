"""How long a text without a year means the day that it meant first."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from pmosync.compute.changes import Known
from pmosync.engine.meant import first_seen, remembering
from pmosync.model import MilestoneRow, Place
from pmosync.raw import RawRecord, Ref

FIRST, NOW = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 5, 4, tzinfo=UTC)
ROW = Ref("sheet", "row", "milestone_inputs:PAY-M01")
TEXT, DAY = "10月5日", date(2025, 10, 5)


def row(target: date | None) -> MilestoneRow:
    """What is in force of the row."""
    return MilestoneRow(place=Place("sheet", "milestone_inputs", 2, "PAY-M01"), code="PAY-M01", target=target)


BEFORE = Known(row(DAY), b"x", FIRST)


def record(target: str | None, **more: Any) -> RawRecord:
    """The row as its tab shows it."""
    return RawRecord(ROW, {"tab": "milestone_inputs", "cells": {"target": target}, **more})


def taken(raw: RawRecord, kept: RawRecord | None, in_force: MilestoneRow) -> RawRecord:
    """The row as one sync keeps it."""
    return remembering(first_seen(raw, kept, BEFORE, NOW), kept, BEFORE, in_force)


@pytest.mark.parametrize("between", [None, "soon", "11月7日"])
def test_a_text_means_its_day_while_the_day_is_in_force(between: str | None) -> None:
    """Whatever the cell showed in between, and however often it was read."""
    kept = record(TEXT, seen={"target": FIRST.isoformat()})
    away = taken(record(between), taken(record(between), kept, row(DAY)), row(DAY))
    back = taken(record(TEXT), away, row(DAY))
    assert back.payload["seen"] == {"target": FIRST.isoformat()}
    assert TEXT not in back.payload.get("meant", {}).get("target", {})


@pytest.mark.parametrize("newer", [None, date(2026, 11, 7)])
def test_a_text_whose_day_is_over_is_a_new_word(newer: date | None) -> None:
    """Taken back, or replaced by another day: typed again it takes its year anew."""
    kept = record(TEXT, seen={"target": FIRST.isoformat()})
    over = taken(record("11月7日" if newer else None), kept, row(newer))
    assert "meant" not in over.payload
    assert first_seen(record(TEXT), over, BEFORE, NOW).payload["seen"] == {"target": NOW.isoformat()}


def test_a_new_row_is_seen_now() -> None:
    """One that was in force before its texts were noted was seen with what is in force."""
    assert first_seen(record(TEXT), None, None, NOW).payload["seen"] == {"target": NOW.isoformat()}
    assert first_seen(record(TEXT), record(TEXT), BEFORE, NOW).payload["seen"] == {"target": FIRST.isoformat()}
    assert first_seen(record(TEXT), None, None, None).payload == record(TEXT).payload
