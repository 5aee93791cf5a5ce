"""A sync of one project reads what is bound to it, and takes nothing else for gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pmosync.emulation.events import ItemCreated, ItemMoves, MilestoneOpens, PersonJoins, ProjectOpens, Stage
from pmosync.engine import events
from pmosync.engine.house import Request
from pmosync.errors import ConfigError
from pmosync.testing.rig import Rig

MONDAY = datetime(2026, 9, 7, 2, tzinfo=UTC)
BEFORE = MONDAY - timedelta(days=2)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """Two Jira projects with a version and an item each."""
    rig = Rig(tmp_path, MONDAY, file="w.xlsx")
    with rig:
        bindings = [{"code": code, "system": "jira", "what": "project", "which": code} for code in ("PAY", "WMS")]
        rig.register({"projects": [{"code": "PAY"}, {"code": "WMS"}], "bindings": bindings})
        rig.live([PersonJoins(at=BEFORE, key="li", name="Li", email="li@example.com")])
        for key in ("PAY", "WMS"):
            rig.live(
                [
                    ProjectOpens(at=BEFORE, system="jira", key=key, name=key),
                    MilestoneOpens(at=BEFORE, system="jira", key=f"v:{key}", project=key, title="1.0", form="version"),
                    ItemCreated(at=BEFORE, system="jira", key=f"{key}-1", project=key, title="x", milestone=f"v:{key}"),
                ]
            )
        rig.sync(MONDAY)
        yield rig


def test_only_the_asked_project_is_read(rig: Rig) -> None:
    """The other project's items keep what was known, its version is not missing, and its freshness is not renewed."""
    later = MONDAY + timedelta(hours=30)
    rig.live([ItemMoves(at=MONDAY + timedelta(hours=2), key=f"{key}-1", to=Stage.DONE) for key in ("PAY", "WMS")])
    told = list(rig.run(later, Request(projects=frozenset({"pay"}))))
    units = {
        event.line.unit for event in told if isinstance(event, events.UnitEnded) and event.line.connection == "jira"
    }
    assert any("PAY" in unit for unit in units)
    assert not any("WMS" in unit for unit in units)
    status = {item.key: item.status for item in rig.house.store.export("work_item", later)}  # type: ignore[attr-defined]
    assert (status["PAY-1"], status["WMS-1"]) == ("Done", "To Do")
    assert not rig.house.store.missed("jira")
    assert {each.good for each in rig.house.store.freshness(later) if each.connection == "jira"} == {MONDAY}


def test_a_project_that_nothing_is_bound_to(rig: Rig) -> None:
    """A misspelt code is named with what to do; nothing is pulled."""
    with pytest.raises(ConfigError, match="NOPE"):
        list(rig.run(MONDAY + timedelta(hours=1), Request(projects=frozenset({"NOPE"}))))


def test_only_the_asked_workbook_is_written(rig: Rig, tmp_path: Path) -> None:
    """The other one stays as it is, to the byte, and is brought up to date by the next run that writes it."""
    before = (tmp_path / "w.xlsx").read_bytes()
    rig.live([ItemMoves(at=MONDAY + timedelta(hours=2), key="PAY-1", to=Stage.DONE)])
    told = list(rig.run(MONDAY + timedelta(hours=30), Request(workbooks=frozenset({"portfolio"}))))
    assert [event.workbook for event in told if isinstance(event, events.Published)] == ["portfolio"]
    assert (tmp_path / "w.xlsx").read_bytes() == before
    rig.sync(MONDAY + timedelta(hours=60))
    assert (tmp_path / "w.xlsx").read_bytes() != before


def test_everything_is_read_from_the_start(rig: Rig) -> None:
    """What no window shows, since it moved no time of change, a full reading brings; it writes nothing twice."""

    def titles() -> set[str]:
        return {item.title for item in rig.house.store.export("work_item", rig.now)}  # type: ignore[attr-defined]

    later = MONDAY + timedelta(hours=1)
    rig.live([ItemCreated(at=later, system="jira", key="WMS-2", project="WMS", title="x", milestone="v:WMS")])
    rig.sync(MONDAY + timedelta(hours=20))
    site = rig.emulators["jira"].story.site  # type: ignore[attr-defined]
    next(issue for issue in site.issues.values() if issue.key == "WMS-1").summary = "y"
    rig.sync(MONDAY + timedelta(hours=30))
    assert titles() == {"x"}
    told = list(rig.run(MONDAY + timedelta(hours=60), Request(full=True)))
    assert titles() == {"x", "y"}
    changed = {each.line.unit: each.line.changed for each in told if isinstance(each, events.UnitEnded)}
    assert sum(changed.values()) == 1, changed


def test_what_changed_since_a_day_is_read_again(rig: Rig) -> None:
    """However far the sources were read; what changed before that day is not asked for, nor any other source."""

    def titles() -> dict[str, str]:
        return {item.key: item.title for item in rig.house.store.export("work_item", rig.now)}  # type: ignore[attr-defined]

    later = MONDAY + timedelta(hours=20)
    rig.sync(later + timedelta(hours=40), ItemMoves(at=later, key="PAY-1", to=Stage.DOING))
    site = rig.emulators["jira"].story.site  # type: ignore[attr-defined]
    for issue in site.issues.values():
        issue.summary = "y"
    rig.sync(later + timedelta(hours=50))
    assert titles() == {"PAY-1": "x", "WMS-1": "x"}
    wish = Request(sources=frozenset({"jira"}), since=later - timedelta(hours=1))
    told = list(rig.run(later + timedelta(hours=60), wish))
    assert titles() == {"PAY-1": "y", "WMS-1": "x"}
    assert {each.line.connection for each in told if isinstance(each, events.UnitEnded)} == {"jira"}
    told = rig.sync(later + timedelta(hours=61))
    assert sum(each.line.changed for each in told if isinstance(each, events.UnitEnded)) == 0
