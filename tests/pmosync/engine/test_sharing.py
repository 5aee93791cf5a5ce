"""A workbook that is shared wider than its audience, as the readers of another one learn of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from pmosync.testing.rig import Rig
from pmosync_google_sheets.emulator import SheetsEmulator

MONDAY = datetime(2026, 3, 2, 3, tzinfo=UTC)


def told(file: Path) -> list[str]:
    """The lines of About in a workbook file."""
    rows = openpyxl.load_workbook(file)["About"].iter_rows(values_only=True)
    return [" ".join(str(cell) for cell in row if cell is not None) for row in rows]


def test_another_workbook_names_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its About tells of the hold and how many people it is about; who they are is for ``status`` and ``check``."""
    monkeypatch.setenv("PMOSYNC_WORKBOOKS__PORTFOLIO__AUDIENCE", '["acme.example"]')
    with Rig(tmp_path, MONDAY, file="w.xlsx") as rig:
        rig.register({"projects": [{"code": "PAY", "name": "Payments"}]})
        rig.sync(MONDAY)
        sheets = rig.emulators["google_sheets"]
        assert isinstance(sheets, SheetsEmulator)
        for name in ("eve@rival.example", "mallory@rival.example"):
            sheets.person().share(name, "reader")
        for hours in (1, 2):  # a workbook that was written before the hold began learns of it with the next sync
            rig.sync(MONDAY + timedelta(hours=hours))
        (held,) = rig.house.store.holds()
    (line,) = [line for line in told(tmp_path / "w.xlsx") if "audience-portfolio" in line]
    assert ("2 concerned" in line, "rival" in line) == (True, False), line
    assert "eve@rival.example, mallory@rival.example" in held.reason
