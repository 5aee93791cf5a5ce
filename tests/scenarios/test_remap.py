"""A changed mapping is applied to what is stored; nothing is pulled again for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pmosync.emulation.events import ItemCreated, ItemDeleted, ItemStatus, PersonJoins, ProjectOpens
from pmosync.engine import events, writer
from pmosync.model import Category, WorkItem
from pmosync.testing.rig import Rig
from pmosync_jira.emulator import JiraEmulator

MONDAY = datetime(2026, 9, 7, 2, tzinfo=UTC)
STATUS = "等待第三方"
TO_DO = ["PAY-2", "PAY-3", "PAY-4"]
OVERRIDE = {"tables": {"statuses": {STATUS: {"category": "doing", "stage": "vendor"}}}}


def items(rig: Rig) -> dict[str, WorkItem]:
    """The items in force by key."""
    return {item.key: item for item in rig.house.store.export("work_item", rig.now) if isinstance(item, WorkItem)}


def test_stored_records_are_translated_anew(tmp_path: Path) -> None:
    """An operator maps a status: the next sync applies it to old items without asking for one of them, and what is
    hidden stays so.
    """
    with Rig(tmp_path, MONDAY) as rig:
        rig.register(
            {
                "projects": [{"code": "PAY"}],
                "bindings": [{"code": "PAY", "system": "jira", "what": "project", "which": "PAY"}],
            }
        )
        before = MONDAY - timedelta(days=2)
        rig.live(
            [
                PersonJoins(at=before, key="li", name="Li", email="li@example.com"),
                ProjectOpens(at=before, system="jira", key="PAY", name="Pay"),
            ]
        )
        for number in (1, 2):
            rig.live(
                [
                    ItemCreated(
                        at=before + timedelta(minutes=number),
                        system="jira",
                        key=f"PAY-{number}",
                        project="PAY",
                        title="x",
                    )
                ]
            )
        rig.live([ItemStatus(at=before + timedelta(minutes=9), key="PAY-1", status=STATUS)])
        rig.sync(MONDAY)
        assert items(rig)["PAY-1"].stage != "vendor"
        rig.live([ItemDeleted(at=MONDAY + timedelta(hours=1), key="PAY-2")])
        for hours in (26, 52):
            rig.sync(MONDAY + timedelta(hours=hours))
        assert rig.house.store.snapshot(rig.now).gone
        rig.close_house()
        rig.map("jira", OVERRIDE)
        told = rig.sync(MONDAY + timedelta(hours=53))
        line = next(
            event.line for event in told if isinstance(event, events.UnitEnded) and event.unit == "stored records"
        )
        assert (line.changed > 0, line.requests) == (True, 0)
        assert (items(rig)["PAY-1"].category, items(rig)["PAY-1"].stage) == (Category.DOING, "vendor")
        assert [ref.id for ref in rig.house.store.snapshot(rig.now).gone] == [items(rig)["PAY-2"].ref.id]
        again = rig.sync(MONDAY + timedelta(hours=54))
        assert not [event for event in again if isinstance(event, events.UnitEnded) and event.unit == "stored records"]


def bound(rig: Rig) -> None:
    """One Jira project of four items."""
    bindings = [{"code": "PAY", "system": "jira", "what": "project", "which": "PAY"}]
    rig.register({"projects": [{"code": "PAY"}], "bindings": bindings})
    before = MONDAY - timedelta(days=2)
    rig.live(
        [
            PersonJoins(at=before, key="li", name="Li", email="li@example.com"),
            ProjectOpens(at=before, system="jira", key="PAY", name="Pay"),
        ]
    )
    for number in range(1, 5):
        at = before + timedelta(hours=3 * number)
        rig.live([ItemCreated(at=at, system="jira", key=f"PAY-{number}", project="PAY", title="x")])
    rig.live([ItemStatus(at=before + timedelta(hours=4), key="PAY-1", status=STATUS)])
    rig.sync(MONDAY)


def test_what_left_stays_away(tmp_path: Path) -> None:
    """What was retired is not brought back by a new mapping, and the clock of what is missing goes on."""
    with Rig(tmp_path, MONDAY) as rig:
        bound(rig)
        refs = {key: item.ref for key, item in items(rig).items()}
        rig.sync(MONDAY + timedelta(hours=1))
        rig.house.store.retire(rig.house.store.begin(rig.now), [refs["PAY-3"]], rig.now)
        rig.live([ItemDeleted(at=MONDAY + timedelta(hours=2), key=key) for key in ("PAY-2", "PAY-3")])
        rig.sync(MONDAY + timedelta(hours=26))
        assert sorted(items(rig)) == ["PAY-1", "PAY-2", "PAY-4"]
        missed = rig.house.store.missed("jira")
        assert set(missed) == {refs["PAY-2"]}, missed
        rig.close_house()
        rig.map("jira", OVERRIDE)
        rig.sync(MONDAY + timedelta(hours=27))
        assert sorted(items(rig)) == ["PAY-1", "PAY-2", "PAY-4"]
        assert rig.house.store.missed("jira") == missed


def asked(told: list[events.Event]) -> int:
    """The requests to the sources of a run."""
    lines = [event.line for event in told if isinstance(event, events.UnitEnded)]
    return sum(line.requests for line in lines if line.connection in ("jira", "gitlab"))


def unmapped(rig: Rig) -> list[str]:
    """What Data quality says of statuses that no mapping knows."""
    assert rig.assessment is not None
    return [each.message for each in rig.assessment.findings if each.rule == "unmapped-status"]


def test_a_status_is_mapped_between_two_syncs(tmp_path: Path) -> None:
    """Not one request more than a quiet sync makes; the finding is gone; the new category stands beside the old one in
    the item's history, and a past day is told as it was.
    """
    with Rig(tmp_path, MONDAY) as rig:
        rig.map("jira", {"tables": {"statuses": {STATUS: {"category": "unmapped"}}}})
        bound(rig)
        assert len(unmapped(rig)) == 1
        rig.sync(MONDAY + timedelta(hours=1))
        quiet = asked(rig.sync(MONDAY + timedelta(hours=2)))
        before = rig.now
        rig.close_house()
        rig.map("jira", OVERRIDE)
        assert asked(rig.sync(MONDAY + timedelta(hours=3))) == quiet
        assert unmapped(rig) == []
        assert items(rig)["PAY-1"].category is Category.DOING
        store = rig.house.store
        old = {each.key: each for each in store.export("work_item", before) if isinstance(each, WorkItem)}
        assert old["PAY-1"].category is Category.UNMAPPED
        assert [each.category for each in store.earlier(rig.now) if each.key == "PAY-1"] == [Category.UNMAPPED]
        assert [each.category for each in store.earlier(rig.now) if each.key == "PAY-2"] == []


def test_a_run_that_is_killed_in_the_middle_begins_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the records are translated, half are not: the next run translates them all, and writes what is new once."""
    monkeypatch.setattr(writer, "GATHERED", 2)
    with Rig(tmp_path, MONDAY) as rig:
        bound(rig)
        rig.close_house()
        rig.map("jira", {"tables": {"statuses": {"To Do": {"category": "doing", "stage": "queue"}}}})
        for event in rig.run(MONDAY + timedelta(hours=1)):
            if isinstance(event, events.Committed) and event.unit == "stored records" and event.changed:
                break
        assert {items(rig)[key].stage == "queue" for key in TO_DO} == {True, False}
        rig.close_house()
        told = rig.sync(MONDAY + timedelta(hours=2))
        (line,) = [
            event.line for event in told if isinstance(event, events.UnitEnded) and event.unit == "stored records"
        ]
        assert line.pulled == 5
        assert {items(rig)[key].stage for key in TO_DO} == {"queue"}
        versions = [each.key for each in rig.house.store.earlier(rig.now)]
        assert sorted(versions) == TO_DO
        again = rig.sync(MONDAY + timedelta(hours=3))
        assert not [each for each in again if isinstance(each, events.UnitEnded) and each.unit == "stored records"]


def test_a_run_that_dies_while_translating_begins_again(tmp_path: Path) -> None:
    """A changed mapping is noted behind its work: the run after one that died in between does it."""
    with Rig(tmp_path, MONDAY) as rig:
        bound(rig)
        rig.close_house()
        rig.map("jira", OVERRIDE)
        for event in rig.run(MONDAY + timedelta(hours=1)):
            if isinstance(event, events.UnitStarted) and event.unit == "stored records":
                break
        rig.close_house()
        rig.sync(MONDAY + timedelta(hours=2))
        assert items(rig)["PAY-1"].stage == "vendor"


def test_what_was_hidden_while_the_mapping_changed(tmp_path: Path) -> None:
    """A thing that was out of sight while the mapping changed is told in the new words when it comes back, though it did not
    change itself.
    """
    with Rig(tmp_path, MONDAY) as rig:
        bound(rig)
        rig.live([ItemStatus(at=MONDAY - timedelta(hours=20), key="PAY-1", status=STATUS)])
        rig.sync(MONDAY)
        jira = rig.emulators["jira"]
        assert isinstance(jira, JiraEmulator)
        issues = jira.story.site.issues
        number = next(key for key, issue in issues.items() if issue.key == "PAY-1")
        hidden = issues.pop(number)
        for hours in (26, 52):
            rig.sync(MONDAY + timedelta(hours=hours))
        assert rig.house.store.snapshot(rig.now).gone
        rig.close_house()
        rig.map("jira", OVERRIDE)
        rig.sync(MONDAY + timedelta(hours=53))
        issues[number] = hidden
        for hours in (80, 106):
            rig.sync(MONDAY + timedelta(hours=hours))
        assert not rig.house.store.snapshot(rig.now).gone
        assert items(rig)["PAY-1"].stage == "vendor"
