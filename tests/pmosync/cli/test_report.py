"""``pmosync report`` over a store that has lived for a week."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.scenarios.desk import command

from pmosync.emulation.events import ItemCreated, ItemStatus, MilestoneOpens, ProjectOpens
from pmosync.testing.rig import Rig

MONDAY = datetime(2026, 3, 2, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The settings of a store of one program with one project whose version moves by two weeks."""
    with Rig(tmp_path_factory.mktemp("report"), MONDAY) as rig:
        rig.register(
            {
                "programs": [{"code": "TRADE", "level": "program", "name": "Trade"}],
                "projects": [{"code": "PAY", "name": "支付 <b>", "program": "TRADE", "committed_on": date(2026, 3, 2)}],
                "milestones": [{"code": "PAY-M01", "project": "PAY", "name": "V", "level": "committee"}],
                "bindings": [
                    {"code": "PAY", "system": "jira", "what": "project", "which": "PAY"},
                    {"code": "PAY-M01", "system": "jira", "what": "version", "which": "V"},
                ],
            }
        )
        due = date(2026, 3, 13)
        rig.live([ProjectOpens(at=MONDAY, system="jira", key="PAY", name="Pay")])
        rig.live([MilestoneOpens(at=MONDAY, system="jira", key="v", project="PAY", title="V", form="version", due=due)])
        rig.live(
            ItemCreated(at=MONDAY, system="jira", key=f"PAY-{n}", project="PAY", title="t", milestone="v")
            for n in range(6)
        )
        rig.sync(MONDAY + timedelta(hours=2))
        rig.sync(MONDAY + timedelta(days=4), ItemStatus(at=MONDAY + timedelta(days=3), key="PAY-0", status="Done"))
        rig.close_house()
        return rig.config


def test_the_reports_of_a_program(config: Path) -> None:
    """As Markdown on the terminal: the items of the week, what is due, in the language asked for."""
    told = command("report", "--program", "trade", "--language", "zh-CN", "--config", str(config))
    assert told.code == 0, told.err
    assert told.out.startswith("# PAY 支付 \\<b\\>\n")
    assert "- PAY-M01：本期交付 1 项，累计 1/6" in told.out
    assert "2026年3月13日" in told.out


def test_a_document_is_written_once(config: Path, tmp_path: Path) -> None:
    """Into a new file; one that is there stays."""
    file = tmp_path / "report.html"
    asked = ("report", "--format", "html", "--output", str(file), "--config", str(config))
    told = command(*asked)
    assert (told.code, "1 report as of" in told.out) == (0, True)
    assert "支付 &lt;b&gt;" in file.read_text(encoding="utf-8")
    again = command(*asked)
    assert (again.code, "is there already" in again.err) == (2, True)


def test_what_cannot_be_answered(config: Path) -> None:
    """An unknown code names those there are; two beginnings are one too many; a folder that is not there is no bug."""
    unknown = command("report", "--project", "PAI", "--config", str(config))
    assert (unknown.code, "ask for one of PAY" in unknown.err) == (2, True)
    both = command("report", "--period", "week", "--since", "2026-03-01", "--config", str(config))
    assert (both.code, "both say where it begins" in both.err) == (2, True)
    nowhere = command("report", "--output", "/nowhere/x.md", "--config", str(config))
    assert (nowhere.code, "cannot be written" in nowhere.err) == (2, True)
    later = command("report", "--since", "2026-03-09", "--config", str(config))
    assert (later.code, "lies behind" in later.err) == (2, True)
