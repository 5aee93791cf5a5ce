"""One record that nobody can read stops nothing but itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from pmosync.emulation.events import ItemCreated, ItemRetitled, PersonJoins, ProjectOpens
from pmosync.testing.rig import Rig
from pmosync_jira.emulator import JiraEmulator

MONDAY = datetime(2026, 9, 7, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


def titles(rig: Rig) -> list[str]:
    """The titles in force."""
    return sorted(item.title for item in rig.house.store.export("work_item", rig.now))  # type: ignore[attr-defined]


def findings(rig: Rig) -> list[tuple[str, str]]:
    """What is told of records that cannot be read."""
    problems = rig.house.store.snapshot(rig.now).problems
    return [(one.place, one.rule) for one in problems if one.rule == "unreadable-record"]


def test_an_issue_that_cannot_be_read_keeps_its_last_good_state(tmp_path: Path) -> None:
    """It is told by its key and stays as it was, through a new mapping too; the others go on; mended, it is as it is."""
    with Rig(tmp_path, MONDAY) as rig:
        jira = rig.emulators["jira"]
        assert isinstance(jira, JiraEmulator)
        rig.live([PersonJoins(at=MONDAY, key="li", name="Li", email="li@example.com")])
        rig.live([ProjectOpens(at=MONDAY, system="jira", key="PAY", name="PAY")])
        for number in range(1, 5):
            rig.live(
                [ItemCreated(at=MONDAY, system="jira", key=f"PAY-{number}", project="PAY", title=f"Title {number}")]
            )
        rig.register(
            {
                "projects": [{"code": "PAY", "control": "key"}],
                "bindings": [{"code": "PAY", "system": "jira", "what": "project", "which": "PAY"}],
            }
        )
        rig.sync(MONDAY + HOUR)
        jira.story.site.garbled = {"PAY-2": "java.lang.NullPointerException"}
        rig.live([ItemRetitled(at=MONDAY + 2 * HOUR, key=f"PAY-{n}", title=f"Later {n}") for n in (1, 2)])
        rig.sync(MONDAY + 3 * HOUR)
        assert titles(rig) == ["Later 1", "Title 2", "Title 3", "Title 4"]
        assert findings(rig) == [("PAY-2", "unreadable-record")]
        rig.close_house()
        rig.map("jira", {"records": {"issue": {"entities": {"work_item": {"fields": {"owner_name": "key"}}}}}})
        rig.sync(MONDAY + 4 * HOUR)
        assert titles(rig) == ["Later 1", "Title 2", "Title 3", "Title 4"]
        jira.story.site.garbled = {}
        rig.live([ItemRetitled(at=MONDAY + 5 * HOUR, key="PAY-2", title="Last 2")])
        rig.sync(MONDAY + 6 * HOUR)
        assert titles(rig) == ["Last 2", "Later 1", "Title 3", "Title 4"]
        assert findings(rig) == []
