"""A connection is taken out of the settings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
import time_machine
from tests.scenarios.desk import NOW, Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk that was synced once with three connections."""
    with Desk(tmp_path / "desk") as made:
        assert made.run("sync").code == 0
        yield made


def source(desk: Desk, name: str) -> list[str]:
    """What ``status`` says of a connection."""
    return [line for line in desk.run("status").out.splitlines() if line.startswith(name)]


def about(desk: Desk) -> list[str]:
    """The line of GitLab's freshness in the sheet."""
    rows = (list(map(str, row)) for row in desk.person().rows("About"))
    return next(row for row in rows if any(cell.startswith("GitLab") for cell in row))


def test_a_connection_that_was_taken_out_is_marked_and_no_fault(desk: Desk) -> None:
    """Its facts stay, and so does its line; however old they grow, ``status`` is content and sends nobody to sync. Named
    once more, it is read again.
    """
    gitlab = desk.settings["connections"].pop("gitlab")
    assert desk.run("status").code == 0
    assert "removed" in source(desk, "gitlab")[0]
    kept = desk.counts("work_item")
    with time_machine.travel(NOW + timedelta(days=60)):
        desk.run("sync")
        assert desk.run("status").code == 0
        (line,) = source(desk, "gitlab")
        assert "not in the settings any more" in line
        assert "pmosync sync" not in line
        assert "not configured any more" in " ".join(about(desk))
        desk.settings["connections"]["gitlab"] = gitlab
        assert desk.run("sync").code == 0
        assert "not configured" not in " ".join(about(desk))
        assert desk.counts("work_item") == kept


def test_a_workbook_in_another_place_gets_what_was_typed_into_the_former(desk: Desk) -> None:
    """What people typed into a workbook that pmosync kept goes on in the one that takes its place, under whatever name."""
    typed = {str(row[0]) for row in desk.person().rows("Milestone inputs")[1:]}
    assert typed
    del desk.settings["workbooks"]["portfolio"]
    desk.settings["workbooks"]["own"] = {"connector": "xlsx", "path": "own.xlsx"}
    assert desk.run("sync").code == 0
    sheet = openpyxl.load_workbook(desk.folder / "own.xlsx")["Milestone inputs"]
    assert typed <= {str(row[0]) for row in sheet.iter_rows(values_only=True)}
