"""Since when a finding stands, from sync to sync, as people read it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pmosync.engine import events
from pmosync.testing.rig import Rig
from pmosync_google_sheets.emulator import SheetsEmulator

MONDAY = datetime(2026, 3, 2, 3, tzinfo=UTC)


def since(rig: Rig) -> list[date]:
    """The days since when the cells that hold no date are told."""
    assert rig.assessment is not None
    return [each.since.date() for each in rig.assessment.findings if each.rule == "not-a-date" and each.since]


def test_a_finding_stands_since_the_sync_that_told_it_first(tmp_path: Path) -> None:
    """Another wrong word in the cell leaves its day as it is; mended and broken again it begins anew. A sync at the same
    moment writes nothing.
    """
    with Rig(tmp_path, MONDAY) as rig:
        rig.register(
            {
                "projects": [{"code": "PAY", "name": "Payments", "control": "key", "committed_on": date(2026, 2, 2)}],
                "milestone_inputs": [{"code": "PAY-M01", "name": "Launch", "project": "PAY", "target": "soon"}],
            }
        )
        sheets = rig.emulators["google_sheets"]
        assert isinstance(sheets, SheetsEmulator)
        person = sheets.person()
        told = {}
        words: tuple[str | date, ...] = ("soon", "soon", "later", date(2026, 9, 1), "soon")
        for day, typed in enumerate(words):
            if day:
                person.enter("Milestone inputs", "PAY-M01", "Target", typed)
            rig.sync(MONDAY + timedelta(days=day))
            told[day] = since(rig)
        again = rig.sync(MONDAY + timedelta(days=4))
    first = MONDAY.date()
    assert told == {0: [first], 1: [first], 2: [first], 3: [], 4: [first + timedelta(days=4)]}
    assert [each.cells for each in again if isinstance(each, events.Published)] == [0]
