"""A site with a long record: it learns from its closed milestones, publishes P50 and P85, and remembers what it said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pmosync.compute.assess import assess
from pmosync.compute.homes import at_home
from pmosync.emulation.events import (
    Event,
    ItemCreated,
    ItemMoves,
    MilestoneCloses,
    MilestoneOpens,
    PersonJoins,
    ProjectOpens,
    Stage,
)
from pmosync.engine import events, learning
from pmosync.testing.rig import Rig

BEGAN = datetime(2023, 1, 2, 2, tzinfo=UTC)
CLOSED, ITEMS, WEEKS = 70, 12, 6
"""Versions that ended, one every two weeks; each of so many items is delivered within its planned weeks, or later."""

FIRST = BEGAN + timedelta(weeks=2 * CLOSED + WEEKS)
OPEN = date(2026, 1, 5)


def version(number: int, due: date) -> Iterator[Event]:
    """A version and its items, delivered evenly over its weeks; every third one is late by a week or two."""
    start, key = BEGAN + timedelta(weeks=2 * number), f"PAY-{number}.0"
    yield MilestoneOpens(at=start, system="jira", key=key, project="PAY", title=key, form="version", due=due)
    late = timedelta(days=(0, 0, 7, 0, 0, 14)[number % 6])
    for item in range(ITEMS):
        name = f"PAY-{number * ITEMS + item + 1}"
        yield ItemCreated(at=start, system="jira", key=name, project="PAY", title=name, milestone=key)
        done = start + timedelta(days=1 + item * WEEKS * 7 / ITEMS) + late * item / ITEMS
        if done < FIRST:
            yield ItemMoves(at=done, key=name, to=Stage.DONE)
    ended = start + timedelta(weeks=WEEKS) + late
    if number < CLOSED:
        yield MilestoneCloses(at=ended, key=key, on=ended.date())


def site() -> Iterator[Event]:
    """The whole record, and one version that is under way: two thirds of it are open."""
    yield PersonJoins(at=BEGAN, key="li", name="Li", email="li@example.com")
    yield ProjectOpens(at=BEGAN, system="jira", key="PAY", name="Pay")
    for number in range(CLOSED + 1):
        start = BEGAN + timedelta(weeks=2 * number)
        yield from version(number, (start + timedelta(weeks=WEEKS)).date())


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """The site on the day before its last version's plan, which nobody has looked at before."""
    with Rig(tmp_path, BEGAN) as found:
        binding = {"code": "PAY", "system": "jira", "what": "project", "which": "PAY"}
        found.register({"projects": [{"code": "PAY", "committed on": date(2023, 1, 2)}], "bindings": [binding]})
        found.live(each for each in site() if each.at < FIRST - timedelta(weeks=4))
        yield found


def under_way(rig: Rig) -> str:
    """The code of the open version with the latest plan."""
    assert rig.assessment is not None
    dated = [each for each in rig.assessment.milestones if each.actual is None and each.target]
    return max(dated, key=lambda each: each.target.day if each.target else OPEN).milestone.code


def learned(told: list[events.Event]) -> bool:
    """Whether a run took the time to learn."""
    return any(isinstance(each, events.Learning) for each in told)


def test_a_site_learns_from_its_record_and_publishes(rig: Rig) -> None:
    """Not on its first day, whatever it holds; on the next one the winner publishes with its hit rate, and for four weeks
    nothing is learned anew. What was said without it stays said.
    """
    day = FIRST - timedelta(weeks=4)
    assert [learned(rig.sync(day + timedelta(hours=hours))) for hours in (0, 5)] == [False, False]
    code = under_way(rig)
    assert rig.milestone(code).calibrated is None
    second = day + timedelta(days=1)
    assert learned(rig.sync(second))
    found, assessment = rig.milestone(code), rig.assessment
    assert found.calibrated is not None
    assert assessment is not None
    assert assessment.forecaster == found.calibrated.record
    assert second.date() < found.calibrated.p50 <= found.calibrated.p85
    assert found.calibrated.record.count > 60
    assert found.expected is not None
    assert found.target is not None
    assert found.expected.day == max(found.target.day, found.calibrated.p50)
    assert {step.field: step.rule for step in found.steps}["p50"] == found.calibrated.record.winner
    third = second + timedelta(days=1)
    assert not learned(rig.sync(third))
    assert rig.milestone(code).calibrated is not None
    for moment, told in ((day + timedelta(hours=5), None), (second, found.calibrated)):
        then = assess(at_home(rig.house.store.snapshot(moment)), rig.house.policy, moment)
        assert next(each for each in then.milestones if each.milestone.code == code).calibrated == told
    assert learned(rig.sync(second + learning.EVERY))


def test_a_site_that_is_too_large_learns_from_a_part(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the newest of its milestones, as many as a run can look at; what is learned of a part is what the whole site tells of
    it, the teams' pace too, and of a part that holds all milestones it is the whole.
    """
    day = FIRST - timedelta(weeks=4)
    rig.sync(day)
    monkeypatch.setattr(learning, "MOST_ITEMS", (CLOSED - 1) * ITEMS)
    assert learned(rig.sync(day + timedelta(days=2)))
    assert rig.milestone(under_way(rig)).calibrated is not None
    store, now = rig.house.store, rig.now
    snapshot = at_home(store.snapshot(now))
    said = assess(snapshot, rig.house.policy, now)
    whole, part = (
        learning.record(rig.house, now, snapshot, said, one) for one in (None, learning.chosen(store, said, now))
    )
    assert 60 < len(part.journeys) < len(whole.journeys)
    assert set(part.journeys) <= set(whole.journeys)
    assert max(each.completed for each in whole.journeys if each.completed) in {
        each.completed for each in part.journeys
    }
    (mine,), (all_of_them,) = part.teams.values(), whole.teams.values()
    assert mine.days == all_of_them.days[-len(mine.days) :]
    monkeypatch.setattr(learning, "MOST_ITEMS", 10 * CLOSED * ITEMS)
    assert learning.record(rig.house, now, snapshot, said, learning.chosen(store, said, now)) == whole
