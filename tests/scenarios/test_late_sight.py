"""Things that come into sight long after their last change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pmosync.emulation.events import ItemCreated, ProjectOpens
from pmosync.engine import events
from pmosync.testing.rig import Rig
from pmosync_jira.emulator import JiraEmulator

MONDAY = datetime(2026, 8, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)


def test_an_old_issue_that_comes_into_sight_is_read(tmp_path: Path) -> None:
    """A right is granted: an issue is listed whose last change lies before every window. Two censuses later it is there, and
    nothing is read from the start again because of it.
    """
    with Rig(tmp_path, MONDAY) as rig:
        rig.register(
            {
                "projects": [{"code": "PAY", "control": "key", "committed_on": date(2026, 8, 3)}],
                "bindings": [{"code": "PAY", "system": "jira", "what": "project", "which": "PAY"}],
            }
        )
        rig.live(
            [
                ProjectOpens(at=MONDAY - DAY, system="jira", key="PAY", name="Pay"),
                ItemCreated(at=MONDAY - DAY, system="jira", key="PAY-1", project="PAY", title="一"),
            ]
        )
        for day in range(3):
            rig.sync(MONDAY + day * DAY)
        _grant(rig)
        pulled = {day: _pulled(rig.sync(MONDAY + day * DAY)) for day in range(4, 9)}
        keys = sorted(each.key for each in rig.house.store.export("work_item", rig.now))  # type: ignore[attr-defined]
    assert keys == ["PAY-1", "PAY-77"]
    assert pulled == {4: 0, 5: 0, 6: 2, 7: 0, 8: 0}


def _grant(rig: Rig) -> None:
    """An issue as old as the first one is there, and was not to be seen."""
    jira = rig.emulators["jira"]
    assert isinstance(jira, JiraEmulator)
    jira.apply(
        ItemCreated(at=MONDAY + 3 * DAY, system="jira", key="PAY-77", project="PAY", title="旧", milestone="live")
    )
    issues = {issue.key: issue for issue in jira.story.site.issues.values()}
    late, old = issues["PAY-77"], issues["PAY-1"]
    late.updated = late.created = late.indexed = old.updated


def _pulled(told: list[events.Event]) -> int:
    """How many records the issues' unit brought."""
    lines = [each.line for each in told if isinstance(each, events.UnitEnded) and each.line.connection == "jira"]
    return next(line.pulled for line in lines if line.unit == "project PAY")
