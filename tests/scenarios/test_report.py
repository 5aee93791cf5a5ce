"""The report beside the workbook: what changed is in it, what did not leaves it alone, another installation's is held."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pmosync.emulation.events import MilestoneOpens, PersonJoins, ProjectOpens
from pmosync.engine import events
from pmosync.testing.rig import Rig

MONDAY = datetime(2026, 9, 7, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NAME = "report.html"


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """A project with a milestone that people declared, a version in Jira, and a report in Chinese; not synced yet."""
    with Rig(tmp_path, MONDAY, language="zh-CN", report=NAME) as made:
        made.live(
            [
                PersonJoins(at=MONDAY, key="li", name="Li", email="li@example.com"),
                ProjectOpens(at=MONDAY, system="jira", key="PAY", name="Payments"),
            ]
        )
        made.register(
            {
                "projects": [{"code": "PAY", "name": "<b>Payments</b>", "control": "key"}],
                "milestone_inputs": [
                    {"code": "PAY-M01", "name": "Launch", "project": "PAY", "target": date(2026, 11, 2)}
                ],
                "bindings": [{"code": "PAY", "system": "jira", "what": "project", "which": "PAY"}],
            }
        )
        yield made


def published(told: list[events.Event]) -> list[events.Published]:
    """What was said of the report."""
    return [event for event in told if isinstance(event, events.Published) and event.workbook == "report"]


def test_a_report_follows_the_workbook(rig: Rig) -> None:
    """Made by the first sync, with what people typed as a copy; left alone while nothing changes, though syncs go on; written
    in one go once something did; and held, untouched, once another installation has put its own in the place.
    """
    file = rig.folder / NAME
    assert [event.requests for event in published(rig.sync(MONDAY))] == [1]
    page = file.read_text(encoding="utf-8")
    assert '<html lang="zh-CN">' in page
    assert "<h1>项目组合工作簿</h1>" in page
    assert "&lt;b&gt;Payments&lt;/b&gt;" in page
    before = file.read_bytes()
    assert [(event.requests, event.cells) for event in published(rig.sync(MONDAY + MINUTE))] == [(0, 0)]
    assert file.read_bytes() == before
    version = MilestoneOpens(
        at=MONDAY + 2 * MINUTE,
        system="jira",
        key="V1",
        project="PAY",
        title="R-one",
        form="version",
        due=date(2026, 10, 1),
    )
    assert [event.requests for event in published(rig.sync(MONDAY + 3 * MINUTE, version))] == [1]
    assert file.read_bytes() != before
    theirs = re.sub(r'(pmosync-instance" content=")[^"]*', r"\1another", file.read_text(encoding="utf-8"))
    file.write_text(theirs, encoding="utf-8")
    told = rig.sync(MONDAY + 4 * MINUTE)
    (failed,) = [event for event in told if isinstance(event, events.Unpublished)]
    assert "another installation (another) keeps it" in failed.error.message
    assert file.read_text(encoding="utf-8") == theirs
