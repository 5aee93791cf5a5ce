"""60 writes a minute: never more, however many there are to make."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st
from tests.near import Near

from pmosync.connector import Opening
from pmosync.sheet import Column, CreateTab, Kind, Publication, Tab, WriteRows
from pmosync_google_sheets.budget import MINUTE, Budget
from pmosync_google_sheets.emulator import SheetsEmulator
from pmosync_google_sheets.emulator.quota import Limits, Quota
from pmosync_google_sheets.settings import GoogleSheetsSettings
from pmosync_google_sheets.sink import SheetsSink

SOME = 70
COLUMNS = (Column("code", "Code"), Column("name", "Name"))
TABS = tuple(Tab(f"t{n}", f"T{n}", Kind.PUBLISHED, n + 1, COLUMNS, "code") for n in range(SOME))
EDITS = tuple(edit for tab in TABS for edit in (CreateTab(tab), WriteRows(tab, 0, (("Code", "Name"), ("P1", "A")))))


@example([0.055, 0.0, 0.0], 1)
@given(st.lists(st.floats(0, 30), max_size=40), st.integers(1, 5))
def test_no_minute_has_more_writes_than_are_allowed(gaps: list[float], most: int) -> None:
    """Whenever work comes: between a write and the ``most``-th before it lies a minute; and nobody waits for longer."""
    budget, now, sent = Budget(most), 0.0, list[float]()
    for gap in gaps:
        wait = budget.wait(now + gap)
        now += gap + wait
        budget.spend(now)
        sent.append(now)
        assert wait <= MINUTE
    assert all(later - sooner >= MINUTE - 1e-6 for sooner, later in zip(sent, sent[most:], strict=False))
    assert all(sooner <= later for sooner, later in pairwise(sent))


def test_a_publication_of_many_tabs_stays_within_the_quota(tmp_path: Path) -> None:
    """71 writes under the real limit, on a clock that only waits move: none is refused, one wait is made, all is written."""
    emulator, waits = SheetsEmulator(), list[float]()

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        emulator.advance(emulator.library.now + timedelta(seconds=seconds))
        return False

    settings = GoogleSheetsSettings(**emulator.connection("http://127.0.0.1:9", tmp_path))
    near = Near(emulator.app, wait=wait, clock=lambda: sum(waits))
    emulator.quota = Quota(Limits(user=60))
    written = SheetsSink(Opening("book", settings, near, lambda: emulator.library.now)).write(Publication((), EDITS))
    assert written.requests == SOME + 1
    assert [round(seconds) for seconds in waits] == [60]
    assert emulator.person().rows("T69") == [["Code", "Name"], ["P1", "A"]]
