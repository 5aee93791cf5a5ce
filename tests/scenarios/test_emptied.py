"""A unit that shows nothing at all any more is judged like one that lost a part; one that is not counted is not judged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pmosync.emulation.events import ItemCreated, ItemDeleted, PersonJoins, ProjectArchived, ProjectOpens
from pmosync.engine import events
from pmosync.testing.rig import Rig

MONDAY = datetime(2026, 9, 7, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLACES = [("jira", "PAY", "PAY-{}"), ("gitlab", "pay/api", "pay/api#{}")]


def settled(rig: Rig, system: str, project: str, keys: list[str]) -> None:
    """A bound project that holds these items, synced once."""
    rig.live(
        [
            PersonJoins(at=MONDAY, key="li", name="Li", email="li@example.com"),
            ProjectOpens(at=MONDAY, system=system, key=project, name="PAY"),
            *(ItemCreated(at=MONDAY, system=system, key=key, project=project, title="x") for key in keys),
        ]
    )
    bindings = [{"code": "PAY", "system": system, "what": "project", "which": project}]
    rig.register({"projects": [{"code": "PAY", "control": "key"}], "bindings": bindings})
    rig.sync(MONDAY + HOUR)
    assert len(list(rig.house.store.export("work_item", rig.now))) == len(keys)


def held(told: list[events.Event]) -> list[int]:
    """How many things each hold is on."""
    return [event.hold.count for event in told if isinstance(event, events.Held)]


@pytest.mark.parametrize(("system", "project", "form"), PLACES)
def test_all_of_a_unit_at_once_is_held(tmp_path: Path, system: str, project: str, form: str) -> None:
    """An empty answer is never a deletion: everything stays as it was until somebody has looked."""
    with Rig(tmp_path, MONDAY) as rig:
        keys = [form.format(number) for number in range(1, 9)]
        settled(rig, system, project, keys)
        rig.live([ItemDeleted(at=MONDAY + 2 * HOUR, key=key) for key in keys])
        for hours in (30, 60):
            told = rig.sync(MONDAY + hours * HOUR)
            assert held(told) == [8]
        assert isinstance(told[-1], events.Finished)
        assert told[-1].run.outcome == "partial"
        assert len(list(rig.house.store.export("work_item", rig.now))) == 8
        (hold,) = rig.house.store.holds()
        assert len(hold.id.removeprefix("h-")) == 8, "two units of a large site must not share an id"
        rig.house.store.accept(hold.id, "deleted", rig.now)
        rig.sync(MONDAY + 61 * HOUR)
        assert list(rig.house.store.export("work_item", rig.now)) == []


@pytest.mark.parametrize(("system", "project", "form"), PLACES)
def test_the_last_few_are_hidden_after_two_counts(tmp_path: Path, system: str, project: str, form: str) -> None:
    """Few enough to be believed: missing at the first count, not visible since then at the second."""
    with Rig(tmp_path, MONDAY) as rig:
        keys = [form.format(number) for number in (1, 2)]
        settled(rig, system, project, keys)
        rig.live([ItemDeleted(at=MONDAY + 2 * HOUR, key=key) for key in keys])
        assert held(rig.sync(MONDAY + 30 * HOUR)) == []
        assert len(rig.house.store.missed(system)) == 2
        assert held(rig.sync(MONDAY + 60 * HOUR)) == []
        assert set(rig.house.store.snapshot(rig.now).gone.values()) == {MONDAY + 30 * HOUR}


@pytest.mark.parametrize(("system", "project", "form"), PLACES)
def test_an_archived_project_loses_nothing(tmp_path: Path, system: str, project: str, form: str) -> None:
    """Jira lists nothing of it: that is no count. GitLab lists all of it still."""
    with Rig(tmp_path, MONDAY) as rig:
        settled(rig, system, project, [form.format(number) for number in range(1, 9)])
        rig.live([ProjectArchived(at=MONDAY + 2 * HOUR, system=system, key=project)])
        for hours in (30, 60):
            told = rig.sync(MONDAY + hours * HOUR)
            assert held(told) == []
            assert [event for event in told if isinstance(event, events.Failed)] == []
        assert rig.house.store.missed(system) == {}
        assert len(list(rig.house.store.export("work_item", rig.now))) == 8
