"""Journeys as the store tells them: what is open, what closed when, what was promised, who delivers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from tests.pmosync.compute.forecast.invented import MONDAY, after

from pmosync.compute.assessment import Assessment, Dated, Letter, MilestoneVerdict, Rag
from pmosync.compute.calendars import Clocks, clocks
from pmosync.compute.forecast import journeys
from pmosync.compute.forecast.record import Count
from pmosync.compute.past.burnup import ScopeDay
from pmosync.compute.policy import Policy
from pmosync.model import Baseline, Milestone, Outcome, Progress, State, WorkItem
from pmosync.raw import Ref

NOON = datetime(2024, 1, 1, 4, tzinfo=UTC)
POLICY = Policy()
CLOCKS: Clocks = clocks((), (), POLICY, NOON)
VERSION = Ref("jira", "version", "10400")


def verdict(**given: Any) -> MilestoneVerdict:
    """What is said of a milestone with a target after 28 days."""
    plain = MilestoneVerdict(
        milestone=Milestone(code="PAY-M01", project="PAY", name="Live", appeared=NOON),
        project="PAY",
        target=Dated(after(28), "version"),
        sources=(VERSION,),
        rag=Rag(shown=Letter.GREEN, computed=Letter.GREEN),
    )
    return replace(plain, **given)


def day(number: int, **counts: int) -> ScopeDay:
    """The milestone at the end of a day."""
    zeros = dict.fromkeys(("scope", "initial", "added", "removed", "backfilled", "delivered", "open", "unsure"), 0)
    return ScopeDay(code="PAY-M01", day=after(number), **(zeros | counts))


def item(number: int, **given: Any) -> WorkItem:
    """An item of the version, delivered on a day."""
    ref = Ref("jira", "issue", str(number))
    plain = WorkItem(ref=ref, key=f"PAY-{number}", title="x", container="100", milestones=(VERSION,))
    return replace(plain, outcome=Outcome.DELIVERED, resolved=NOON + timedelta(days=number), **given)


DAYS = (
    day(0, initial=3),
    day(2, initial=3, added=1, backfilled=1, delivered=2),
    day(9, initial=3, added=1, backfilled=1, removed=1, delivered=4),
)


def journey(said: MilestoneVerdict, *baselines: Baseline) -> Any:
    """The journey of a milestone with these days."""
    plans = journeys.promised(said, baselines, CLOCKS)
    return journeys.journey(said, journeys.by_history(DAYS)["PAY-M01"], plans, {}, {})


def counts() -> journeys.Counts:
    """How its scope went."""
    return journeys.by_history(DAYS)


def test_scope_is_all_that_ever_joined() -> None:
    """Initial, added and back-filled; what was removed is counted apart."""
    assert journey(verdict()).counts == (Count(after(0), 3), Count(after(2), 5, 0, 2), Count(after(9), 5, 1, 4))


@pytest.mark.parametrize(
    ("given", "completed"),
    [
        ({"state": State.ACTIVE}, None),
        ({"state": State.DONE, "actual": Dated(after(30), "actual")}, after(30)),
        ({"state": State.PARTIAL, "actual": Dated(after(30), "actual")}, after(30)),
        ({"state": State.DONE, "actual": Dated(after(30), "actual"), "actual_estimated": True}, after(9)),
    ],
)
def test_it_closed_on_its_actual_day(given: dict[str, Any], completed: date | None) -> None:
    """An estimated one is never before the date in the source: there the last delivery before it fell quiet counts."""
    assert journey(verdict(**given)).completed == completed


@pytest.mark.parametrize(
    "given",
    [
        {"state": State.PAUSED},
        {"state": State.CANCELLED},
        {"state": State.REPLACED},
        {"state": State.DONE},
        {"target": None},
    ],
)
def test_what_tells_nothing_is_no_life(given: dict[str, Any]) -> None:
    """Standing still, ended in another way, done nobody knows when, or never promised."""
    assert journey(verdict(**given)) is None


def test_what_was_promised_is_the_baselines() -> None:
    """Each from the day on which it was frozen; a correction replaces what it corrects from its own day on."""
    first = Baseline(code="PAY-M01", version=1, day=after(28), frozen=NOON)
    second = replace(first, version=2, day=after(60), frozen=NOON + timedelta(days=20))
    found = journey(verdict(), second, first)
    assert [found.plan(after(number)) for number in (0, 19, 20)] == [after(28), after(28), after(60)]
    assert journey(verdict()).plan(after(3)) == after(28)
    late = replace(first, day=after(30), frozen=NOON + timedelta(days=40), correction=True)
    corrected = journey(verdict(), first, second, late)
    assert [corrected.plan(after(number)) for number in (0, 20, 40)] == [after(28), after(60), after(60)]


def test_without_a_baseline_the_first_target_was_promised() -> None:
    """A date that was re-typed until it fitted kept no promise: what is learned from is what an open one is judged against."""
    assert journey(verdict(first_target=after(14))).plan(after(3)) == after(14)


def test_a_record_knows_who_delivers() -> None:
    """The team of most items, else where they live; with all its deliveries, also of other milestones."""
    items = [
        item(1, team="red"),
        item(2, team="red"),
        item(3),
        item(4, team="red", milestones=()),
        item(5, team="red", level=1),
        replace(item(6, team="red"), outcome=Outcome.UNDELIVERED),
    ]
    assessment = Assessment(as_of=NOON, today=MONDAY, policy=POLICY, milestones=(verdict(),))
    found = journeys.record(assessment, counts(), {}, items, CLOCKS)
    assert found.journeys[0].team == "red"
    assert {name: team.days for name, team in found.teams.items()} == {"red": (after(1), after(2), after(4))}
    assert found.as_of == MONDAY
    assert set(found.calendars) == {"PAY"}
    alone = journeys.record(assessment, counts(), {}, [item(3)], CLOCKS)
    assert (alone.journeys[0].team, list(alone.teams)) == ("jira:100", ["jira:100"])


def test_an_epic_holds_what_it_is_the_parent_of() -> None:
    """Items of an epic name it as their parent."""
    epic = verdict(sources=(Ref("jira", "epic", "77"),))
    assessment = Assessment(as_of=NOON, today=MONDAY, policy=POLICY, milestones=(epic,))
    found = journeys.record(assessment, counts(), {}, [item(1, team="red", milestones=(), parent="77")], CLOCKS)
    assert found.journeys[0].team == "red"


def test_a_milestone_without_a_history_is_no_life() -> None:
    """Nothing ever came to it."""
    assessment = Assessment(as_of=NOON, today=MONDAY, policy=POLICY, milestones=(verdict(),))
    assert journeys.record(assessment, {}, {}, (), CLOCKS).journeys == ()


def test_what_syncs_count_tells_the_same() -> None:
    """5 items ever: 3 from the beginning, one added, one back-filled; one was removed by a sync and one ended undelivered. The
    back-filled one, delivered long before, is delivered on the day on which it joined: it does not begin the milestone.
    """
    progress = Progress(
        total=3,
        delivered=2,
        undelivered=1,
        open=1,
        removed=1,
        added=1,
        backfilled=1,
        delivered_at=(NOON, NOON + timedelta(days=2)),
        undelivered_at=(NOON + timedelta(days=3),),
        removed_at=(NOON + timedelta(days=4),),
        added_at=(NOON + timedelta(days=2),),
        backfilled_at=(NOON + timedelta(days=3),),
    )
    assert journeys.by_progress(progress, CLOCKS.default) == (
        Count(date.min, 3),
        Count(after(2), 4, 0, 1),
        Count(after(3), 5, 1, 2),
        Count(after(4), 5, 2, 2),
    )
    assert journeys.by_progress(Progress(total=4, open=4), CLOCKS.default) == (Count(date.min, 4),)
