"""What a workbook costs in requests: a large one, one in which nothing has changed, one in which one row has."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.large_workbook import HEIGHT, STAMP, TABLES, TABS, WIDTH, one_row_changed
from tests.near import Near

from pmosync.connector import Opening
from pmosync.dashboard.diff import diff
from pmosync.sheet import Publication, Table, Written
from pmosync_google_sheets.emulator import SheetsEmulator
from pmosync_google_sheets.settings import GoogleSheetsSettings
from pmosync_google_sheets.sink import SheetsSink

WRITES_A_MINUTE = 60
"""Google's limit for one user."""


class Desk:
    """A spreadsheet, and a publisher that reads, compares and writes; ``near.seen`` are its requests."""

    def __init__(self, folder: Path) -> None:
        emulator = SheetsEmulator()
        settings = GoogleSheetsSettings(**emulator.connection("http://127.0.0.1:9", folder))
        self.near = Near(emulator.app)
        self._opening = Opening("book", settings, self.near, lambda: datetime(2026, 3, 2, tzinfo=UTC))

    def publish(self, tables: tuple[Table, ...]) -> Written:
        """One publication; the requests before it are forgotten."""
        self.near.seen.clear()
        sink = SheetsSink(self._opening)
        edits = diff(sink.read([table.tab for table in tables]), tables, STAMP, heartbeat=frozenset(), due=False)
        return sink.write(Publication(tables, edits))

    def kinds(self) -> Counter[str]:
        """Requests by what they do: ``drive``, ``read``, ``write``, ``token``."""
        return Counter(map(_kind, self.near.seen))


def _kind(seen: tuple[str, str, int]) -> str:
    method, path, _ = seen
    if path.startswith("/drive"):
        return "drive"
    if path == "/token":
        return "token"
    return "read" if method == "GET" or path.endswith(":getByDataFilter") else "write"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A spreadsheet in which all the tabs have just been published for the first time."""
    made = Desk(tmp_path_factory.mktemp("keys"))
    made.publish(TABLES)
    return made


def test_what_publications_cost(desk: Desk) -> None:
    """The first of 16 tabs × 500 rows × 20 columns: 20 requests at most, one that makes the tabs and a batch a tab, each below
    2 MB, with 10 bytes a cell at most; the 60 writes that Google allows in a minute are far away. With one row changed: one
    write, with that row and the stamp in it and no row beside it. With nothing changed: one question to Drive (is the file in
    the bin, may we edit it) and one read for all tabs; nothing is written.
    """
    first = desk.kinds()
    assert first["read"] + first["write"] + first["drive"] <= 20
    assert (first["write"], first["write"] < WRITES_A_MINUTE) == (TABS + 1, True)
    assert max(size for _, _, size in desk.near.seen) < 2_000_000
    assert sum(size for _, _, size in desk.near.seen) <= 10 * TABS * (HEIGHT + 1) * WIDTH

    written = desk.publish(one_row_changed())
    assert (written.requests, written.cells, desk.kinds()["write"]) == (1, WIDTH, 1)
    assert max(size for method, _, size in desk.near.seen if method == "POST") < 5_000

    desk.publish(one_row_changed())
    assert desk.kinds() == {"token": 1, "drive": 1, "read": 1}
