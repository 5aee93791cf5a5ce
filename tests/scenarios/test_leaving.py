"""What leaves the scope of a unit ends there; silence alone never ends anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pmosync.emulation.events import (
    ItemCreated,
    ItemDeleted,
    ItemLabelled,
    ItemMoved,
    MilestoneOpens,
    PersonJoins,
    ProjectOpens,
    ProjectRenamed,
)
from pmosync.engine import events
from pmosync.testing.rig import Rig

MONDAY = datetime(2026, 9, 7, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


def held(told: list[events.Event]) -> list[str]:
    """Why something was held."""
    return [event.hold.reason for event in told if isinstance(event, events.Held)]


def keys(rig: Rig) -> list[str]:
    """The items in force."""
    return sorted(item.key for item in rig.house.store.export("work_item", rig.now))  # type: ignore[attr-defined]


def counts(rig: Rig, code: str) -> tuple[int, int]:
    """A milestone's items, and how many left it."""
    progress = rig.milestone(code).progress
    return progress.total, progress.removed


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """Jira projects PAY (25 items, ten of them in the version V, labelled) and OPS, which nothing is bound to."""
    with Rig(tmp_path, MONDAY) as rig:
        rig.live([PersonJoins(at=MONDAY, key="li", name="Li", email="li@example.com")])
        for key in ("PAY", "OPS"):
            rig.live([ProjectOpens(at=MONDAY, system="jira", key=key, name=key)])
        rig.live([MilestoneOpens(at=MONDAY, system="jira", key="v", project="PAY", title="V", form="version")])
        for number in range(1, 26):
            own: dict[str, Any] = {"milestone": "v" if number <= 10 else "", "labels": ("alpha",)}
            rig.live([ItemCreated(at=MONDAY, system="jira", key=f"PAY-{number}", project="PAY", title="x", **own)])
        yield rig


def bind(rig: Rig, what: str = "project", which: str = "PAY") -> None:
    """Bind PAY to one scope and sync once."""
    bindings = [{"code": "PAY", "system": "jira", "what": what, "which": which}]
    rig.register({"projects": [{"code": "PAY", "control": "key"}], "bindings": bindings})
    rig.sync(MONDAY + HOUR)


def test_an_item_moved_to_a_project_that_nobody_asks_for(rig: Rig) -> None:
    """It answers by its id and two full lists lack it: out of scope, and counted as removed."""
    bind(rig)
    assert counts(rig, "PAY-M01") == (10, 0)
    rig.live([ItemMoved(at=MONDAY + 2 * HOUR, key="PAY-1", project="OPS", new_key="OPS-1")])
    rig.sync(MONDAY + 30 * HOUR)
    assert len(keys(rig)) == 25
    assert held(rig.sync(MONDAY + 60 * HOUR)) == []
    assert len(keys(rig)) == 24
    assert counts(rig, "PAY-M01") == (9, 1)


def test_an_item_that_leaves_a_filter_and_comes_back(rig: Rig) -> None:
    """A label taken off ends the membership; put on again, the item is back."""
    bind(rig, "jql", "project = PAY AND labels = alpha")
    rig.live([ItemLabelled(at=MONDAY + 2 * HOUR, key="PAY-1", labels=("beta",))])
    for hours in (30, 60):
        rig.sync(MONDAY + hours * HOUR)
    assert "PAY-1" not in keys(rig)
    rig.live([ItemLabelled(at=MONDAY + 61 * HOUR, key="PAY-1", labels=("alpha",))])
    rig.sync(MONDAY + 62 * HOUR)
    assert "PAY-1" in keys(rig)


def test_a_binding_taken_out_and_put_back(rig: Rig) -> None:
    """What only that unit showed leaves with it; bound again, all of it is read again."""
    bind(rig)
    person = rig.emulators["google_sheets"].person()  # type: ignore[attr-defined]
    row = next(place for place, cells in enumerate(person.rows("Bindings")) if cells and cells[0] == "PAY")
    person.type(f"'Bindings'!A{row + 1}", "")
    for column in "BCD":
        person.clear(f"'Bindings'!{column}{row + 1}")
    rig.sync(MONDAY + 30 * HOUR)
    rig.sync(MONDAY + 60 * HOUR)
    assert keys(rig) == []
    for column, text in zip("ABCD", ("PAY", "jira", "project", "PAY"), strict=True):
        person.type(f"'Bindings'!{column}{row + 1}", text)
    rig.sync(MONDAY + 62 * HOUR)
    assert len(keys(rig)) == 25


def test_a_workbook_that_is_held_holds_no_binding(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has said yet whether it may be shared so widely: it is not written, and is read as before, so what is bound
    no more leaves all the same.
    """
    monkeypatch.setenv("PMOSYNC_WORKBOOKS__PORTFOLIO__AUDIENCE", '["acme.example"]')
    bind(rig)
    person = rig.emulators["google_sheets"].person()  # type: ignore[attr-defined]
    person.share("eve@rival.example", "reader")
    rig.sync(MONDAY + 2 * HOUR)
    person.delete_rows("Bindings", person.row_of("Bindings", "PAY"))
    for hours in (30, 60):
        rig.sync(MONDAY + hours * HOUR)
    assert [hold.id for hold in rig.house.store.holds()] == ["audience-portfolio"]
    assert keys(rig) == []


def test_rows_of_the_plan_that_are_held_hold_its_bindings(rig: Rig) -> None:
    """While nobody has said that so many rows were taken out on purpose, what looks unbound could be an accident."""
    more = [{"code": "PAY", "system": "jira", "what": "jql", "which": f"labels = x{number}"} for number in range(30)]
    bindings = [{"code": "PAY", "system": "jira", "what": "project", "which": "PAY"}, *more]
    rig.register({"projects": [{"code": "PAY", "control": "key"}], "bindings": bindings})
    rig.sync(MONDAY + HOUR)
    person = rig.emulators["google_sheets"].person()  # type: ignore[attr-defined]
    person.delete_rows("Bindings", 1, 31)
    for hours in (30, 60):
        rig.sync(MONDAY + hours * HOUR)
    assert [bool(hold.refs) for hold in rig.house.store.holds()] == [True]
    assert len(keys(rig)) == 25


def test_much_of_a_milestone_at_once_is_held_and_an_acceptance_acts_at_once(rig: Rig) -> None:
    """Three of ten open items of a milestone are too many, though not of the unit; the sync after ``accept`` takes them
    out, without waiting for the next census.
    """
    bind(rig)
    rig.live([ItemDeleted(at=MONDAY + 2 * HOUR, key=f"PAY-{number}") for number in (1, 2, 3)])
    told = held(rig.sync(MONDAY + 30 * HOUR))
    assert len(told) == 1
    assert "PAY-M01" in told[0]
    rig.sync(MONDAY + 60 * HOUR)
    assert counts(rig, "PAY-M01") == (10, 0)
    rig.house.store.accept(rig.house.store.holds()[0].id, "deleted", rig.now)
    rig.sync(MONDAY + 61 * HOUR)
    assert counts(rig, "PAY-M01") == (7, 3)
    assert rig.house.store.holds() == ()


def test_few_of_a_milestone_are_hidden_and_stay_in_scope(rig: Rig) -> None:
    """Two of ten that answer no more are not visible, counted as such, and no hold."""
    bind(rig)
    rig.live([ItemDeleted(at=MONDAY + 2 * HOUR, key=f"PAY-{number}") for number in (1, 2)])
    for hours in (30, 60):
        assert held(rig.sync(MONDAY + hours * HOUR)) == []
    assert counts(rig, "PAY-M01") == (10, 0)
    assert rig.milestone("PAY-M01").progress.hidden == 2


def test_a_gitlab_project_transferred_out_of_its_group_has_left_and_is_not_gone(tmp_path: Path) -> None:
    """Its items answer by their ids though no list of the group has them: out of scope. A deleted one does not answer: not
    visible since it was first missed, and in scope still.
    """
    with Rig(tmp_path, MONDAY) as rig:
        rig.live([PersonJoins(at=MONDAY, key="li", name="Li", email="li@example.com")])
        for name in ("api", "web"):
            rig.live([ProjectOpens(at=MONDAY, system="gitlab", key=f"pay/{name}", name=name)])
            for number in range(1, 4):
                own: dict[str, Any] = {
                    "key": f"pay/{name}#{number}",
                    "project": f"pay/{name}",
                    "title": f"{name} {number}",
                }
                rig.live([ItemCreated(at=MONDAY, system="gitlab", **own)])
        rig.register(
            {
                "projects": [{"code": "PAY", "control": "key"}],
                "bindings": [{"code": "PAY", "system": "gitlab", "what": "group", "which": "pay"}],
            }
        )
        rig.sync(MONDAY + HOUR)
        rig.live(
            [
                ProjectRenamed(at=MONDAY + 2 * HOUR, system="gitlab", key="pay/api", name="api", new_key="ops/api"),
                ItemDeleted(at=MONDAY + 2 * HOUR, key="pay/web#1"),
            ]
        )
        for hours in (30, 60):
            assert held(rig.sync(MONDAY + hours * HOUR)) == []
        assert keys(rig) == ["pay/web#1", "pay/web#2", "pay/web#3"]
        assert len(rig.house.store.snapshot(rig.now).gone) == 1
