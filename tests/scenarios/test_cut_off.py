"""A run that is cut off says why."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.scenarios.desk import Desk

from pmosync.emulation.events import ItemCreated
from pmosync.emulation.faults import Late
from pmosync.engine import events
from pmosync.engine.writer import Writer
from pmosync.testing.rig import Rig

MONDAY = datetime(2026, 9, 7, 2, tzinfo=UTC)


def test_stopped_and_deadline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked to stop, it blames no deadline; and the deadline is one for the whole run, however many rounds it reads in."""
    with Rig(tmp_path, MONDAY, given={"sync": {"deadline": 60}}) as rig:
        rig.register({"projects": [{"code": "PAY"}]})
        writer = Writer(rig.house, rig.house.store.begin(MONDAY))
        begun = time.monotonic()
        monkeypatch.setattr(time, "monotonic", lambda: begun + 45)
        assert 14 < writer.left() < 16
        monkeypatch.setattr(time, "monotonic", lambda: begun + 90)
        assert writer.left() == 0
        monkeypatch.undo()
        rig.house.stop.set()
        told = rig.sync(MONDAY + timedelta(hours=1))
        reasons = {event.error.message for event in told if isinstance(event, events.Failed)}
        assert len(reasons) == 3
        assert all("asked to stop" in reason and "within" not in reason for reason in reasons)


def test_a_system_that_hangs_keeps_the_others_waiting_no_longer_than_the_cycle(tmp_path: Path) -> None:
    """GitLab accepts and says nothing: at the deadline of the run what Jira told is published, and who is missing is named."""
    with Desk(tmp_path / "desk") as desk:
        assert desk.run("sync").code == 0
        desk.live(_overdue("PAY-9", "PAY", "V1"))
        desk.doors["gitlab"].plan = lambda _number, _method, _path: Late(60)
        desk.settings["transport"] = {"attempts": 6, "deadline": 300, "read": 180}
        desk.settings["sync"] = {"deadline": 3}  # a while for what is new: the first sync has read the rest
        told = desk.run("sync")
        assert told.code == 1
        assert told.names("not read to the end within 3 s")
        assert any("PAY-9" in row for row in desk.person().rows("Work"))


def _overdue(key: str, project: str, milestone: str) -> ItemCreated:
    at = datetime.now(UTC)
    due = at.date() - timedelta(days=10)
    return ItemCreated(
        at=at, by="li.na", system="jira", key=key, project=project, title="Late", milestone=milestone, due=due
    )
