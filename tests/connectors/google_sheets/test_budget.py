"""60 writes a minute: never more, however many there are to make."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from tests.near import Near

from pmosync.connector import Opening
from pmosync.sheet import Column, CreateTab, Kind, Publication, Tab, WriteRows
from pmosync.transport import Commons
from pmosync_google_sheets.emulator import SheetsEmulator
from pmosync_google_sheets.emulator.quota import Limits, Quota
from pmosync_google_sheets.settings import GoogleSheetsSettings
from pmosync_google_sheets.sink import SheetsSink

SOME = 70
COLUMNS = (Column("code", "Code"), Column("name", "Name"))
TABS = tuple(Tab(f"t{n}", f"T{n}", Kind.PUBLISHED, n + 1, COLUMNS, "code") for n in range(SOME))
EDITS = tuple(edit for tab in TABS for edit in (CreateTab(tab), WriteRows(tab, 0, (("Code", "Name"), ("P1", "A")))))


def world(folder: Path) -> tuple[SheetsEmulator, GoogleSheetsSettings, list[float], Callable[[], Near]]:
    """A spreadsheet under the real limit, on a clock that only waits move; these; and a new way out to it."""
    emulator, waits = SheetsEmulator(), list[float]()

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        emulator.advance(emulator.library.now + timedelta(seconds=seconds))
        return False

    def way() -> Near:
        return Near(emulator.app, wait=wait, clock=lambda: sum(waits))

    emulator.quota = Quota(Limits(user=60))
    return emulator, GoogleSheetsSettings(**emulator.connection("http://127.0.0.1:9", folder)), waits, way


def test_a_publication_of_many_tabs_stays_within_the_quota(tmp_path: Path) -> None:
    """71 writes under the real limit: none is refused, one wait is made, all is written."""
    emulator, settings, waits, way = world(tmp_path)
    written = SheetsSink(Opening("book", settings, way(), lambda: emulator.library.now)).write(Publication((), EDITS))
    assert written.requests == SOME + 1
    assert [round(seconds) for seconds in waits] == [61]
    assert emulator.person().rows("T69") == [["Code", "Name"], ["P1", "A"]]


def test_workbooks_of_one_account_stay_within_the_quota_together(tmp_path: Path) -> None:
    """Google counts a user's writes to all spreadsheets. Two workbooks, each with a transport of its own, in one run or in two
    processes, send 82 writes: the second one waits, and none is refused.
    """
    emulator, settings, waits, way = world(tmp_path)
    for half in (EDITS[: SOME + 10], EDITS[SOME + 10 :]):
        near = way().among(Commons(tmp_path / "data", b"key"))
        sink = SheetsSink(Opening("book", settings, near, lambda: emulator.library.now))
        sink.write(Publication((), half))
    assert emulator.person().rows("T69") == [["Code", "Name"], ["P1", "A"]]
    assert [round(seconds) for seconds in waits] == [61]
