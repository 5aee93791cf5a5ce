"""A changed mapping is applied to what is stored; nothing is pulled again for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from pmosync.emulation.events import ItemCreated, ItemDeleted, ItemStatus, PersonJoins, ProjectOpens
from pmosync.engine import events
from pmosync.model import Category, WorkItem
from pmosync.testing.rig import Rig

MONDAY = datetime(2026, 9, 7, 2, tzinfo=UTC)
STATUS = "等待第三方"
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
