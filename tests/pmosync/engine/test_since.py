"""Since when a finding stands, from sync to sync, as people read it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pmosync.engine import events
from pmosync.testing.rig import Rig
from pmosync_google_sheets.emulator import SheetsEmulator
from pmosync_google_sheets.emulator.people import Person

MONDAY = datetime(2026, 3, 2, 3, tzinfo=UTC)


def since(rig: Rig, rule: str = "not-a-date") -> list[date]:
    """The days since when the findings of this rule are told, in their order."""
    assert rig.assessment is not None
    return [each.since.date() for each in rig.assessment.findings if each.rule == rule and each.since]


def person_of(rig: Rig) -> Person:
    """Somebody at the sheet."""
    sheets = rig.emulators["google_sheets"]
    assert isinstance(sheets, SheetsEmulator)
    return sheets.person()


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
        person = person_of(rig)
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


def test_rows_of_one_code_each_have_their_own_time(tmp_path: Path) -> None:
    """Two rows of the Bindings tab have one code: what is wrong with the one says nothing of the other. Rows without a
    code, and rows of the calendar, keep their time wherever they stand.
    """
    with Rig(tmp_path, MONDAY) as rig:
        bindings = [
            {"code": "PAY", "system": "jira", "what": "project", "which": "PAY", "role": "nonsense"},
            {"code": "PAY", "system": "gitlab", "what": "project", "which": "pay/api"},
        ]
        days = {"first": date(2026, 1, 1), "last": date(2027, 12, 1)}
        rig.register(
            {
                "projects": [{"code": "PAY", "name": "Payments"}, {"name": "Nameless"}],
                "bindings": bindings,
                "calendar": [{"kind": "holiday", "words": "x", **days}],
            }
        )
        rig.sync(MONDAY)
        person = person_of(rig)
        column = chr(ord("A") + [str(cell) for cell in person.rows("Bindings")[0]].index("Role"))
        person.type(f"Bindings!{column}3", "rubbish")
        for tab in ("Calendar", "Projects"):
            person.insert_rows(tab, 1)
        rig.sync(MONDAY + timedelta(days=30))
        first, later = MONDAY.date(), MONDAY.date() + timedelta(days=30)
        assert since(rig, "not-a-choice") == [first, later]
        assert (since(rig, "calendar-row"), since(rig, "no-code")) == ([first], [first])
