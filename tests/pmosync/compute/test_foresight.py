"""What the pace of teams says of milestones, in the assessment: evidence beside the dates, and Amber at most."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from tests.pmosync.compute.conftest import Story, keys

from pmosync.compute.assessment import Letter, MilestoneVerdict, Pace, Reason, Record, Spoke, Step
from pmosync.compute.calendars import clocks
from pmosync.compute.forecast.cases import LEVELS, Past
from pmosync.compute.forecast.conformal import Correction
from pmosync.compute.forecast.forecasters import Planned
from pmosync.compute.forecast.kept import text_of
from pmosync.compute.forecast.tournament import Champion, Hits, Shortfall
from pmosync.compute.reasons import evidence
from pmosync.compute.teams import names_of, team_of
from pmosync.compute.workdays import Calendar
from pmosync.model import DecisionType, Delivery, Level, Progress, Promise, SourceProject
from pmosync.raw import Ref

TODAY = date(2026, 6, 1)
"""A Monday; the twelve weeks before it hold two Chinese holidays (Qingming, Labour Day)."""


def every_day(story: Story, items: int, *codes: str, first: date = date(2026, 3, 1), **fields: str) -> None:
    """So many items delivered on each day up to yesterday on which people work in China."""
    story.today = TODAY
    calendar = china(story)
    days = (first + timedelta(days=number) for number in range((TODAY - first).days))
    story.delivered({day: items for day in days if calendar.works(day)}, *codes, **fields)


def china(story: Story) -> Calendar:
    """The calendar of the story's project."""
    return clocks((), tuple(story.projects.values()), story.policy, story.now).default.calendar


def opened(story: Story, code: str, count: int, delivered: int = 20, **fields: str) -> None:
    """A milestone with so many open items."""
    story.version(code, date(2026, 6, 30))
    story.progress[code] = Progress(total=count + delivered, open=count, delivered=delivered, moved=story.now)
    for number in range(count):
        story.item(code, f"{code}-{number}", **fields)


def pace_of(story: Story, code: str = "PAY-M01") -> Pace:
    """What is said today of a milestone's pace."""
    story.on(TODAY)
    found = story.of(code).pace
    assert found is not None
    return found


def step(story: Story, code: str = "PAY-M01") -> Step:
    """The step of the chain of evidence."""
    return next(each for each in story.of(code).steps if each.field == "pace")


def test_a_steady_team_is_done_when_its_days_say(story: Story) -> None:
    """Two items a day, all of this milestone: ten open ones are done at the end of the fifth working day, surely."""
    every_day(story, 2, "PAY-M01")
    opened(story, "PAY-M01", 10)
    found = pace_of(story)
    assert (found.p50, found.p85) == (date(2026, 6, 8), date(2026, 6, 8))
    assert found.teams == ("jira/",)
    assert step(story).answer.key == "pace_p50"  # type: ignore[union-attr]


def test_half_of_a_team_takes_twice_as_long(story: Story) -> None:
    """Capacity is split as it was: of two items a day one went to each of two milestones. Told besides: if the one that comes
    first by its code is served first.
    """
    every_day(story, 1, "PAY-M01")
    every_day(story, 1, "PAY-M02")
    opened(story, "PAY-M01", 10)
    opened(story, "PAY-M02", 10)
    assert pace_of(story).p50 == pace_of(story, "PAY-M02").p50 == date(2026, 6, 15)
    first, second = pace_of(story), pace_of(story, "PAY-M02")
    assert (first.leader, first.first) == ("PAY-M01", date(2026, 6, 8))
    assert (second.leader, second.first) == ("PAY-M01", date(2026, 6, 15))


def test_what_serves_two_milestones_is_delivered_for_both(story: Story) -> None:
    """An item of two milestones is one delivery of the team, and one of each of them."""
    every_day(story, 2, "PAY-M01", "PAY-M02")
    opened(story, "PAY-M01", 10)
    opened(story, "PAY-M02", 10)
    assert pace_of(story).p50 == pace_of(story, "PAY-M02").p50 == date(2026, 6, 8)


def test_today_is_not_over(story: Story) -> None:
    """What was delivered today is no evidence yet: the day would count as a slow one all morning."""
    every_day(story, 2, "PAY-M01")
    opened(story, "PAY-M01", 10)
    before = pace_of(story)
    story.delivered({TODAY: 50}, "PAY-M01")
    assert pace_of(story) == before


def test_a_delivery_on_a_day_off_counts_on_the_next_working_day(story: Story) -> None:
    """Saturday's two items and Monday's two are four of Monday; a Sunday's before today count today, which is not over."""
    opened(story, "PAY-M01", 10)
    days = (date(2026, 5, 9), date(2026, 5, 11), date(2026, 5, 16), date(2026, 5, 18), date(2026, 5, 20))
    story.delivered(dict.fromkeys((*days, date(2026, 5, 31)), 2), "PAY-M01")
    (why,) = pace_of(story).withheld
    assert (why.key, why.values["found"]) == ("pace_few_active_days", 4), "the 9th is a make-up workday, the 16th none"


def test_a_named_team_is_one_team_wherever_it_works(story: Story) -> None:
    """The team that a system names counts, not the project that holds its items: its pace in one is evidence in another."""
    every_day(story, 2, "PAY-M01", team="支付组", container="10")
    opened(story, "PAY-M01", 10, team="支付组", container="20")
    assert pace_of(story).teams == ("支付组",)
    assert pace_of(story).p50 == date(2026, 6, 8)


def test_days_on_which_everything_was_paused_are_no_evidence(story: Story) -> None:
    """A milestone stood still for a month by decision: its team's zeros of these days say nothing of its pace."""
    every_day(story, 2, "PAY-M01", first=date(2026, 5, 6))
    opened(story, "PAY-M01", 10)
    assert pace_of(story).p50 != date(2026, 6, 8)
    story.decide("D-1", DecisionType.PAUSE, "PAY-M01", day=date(2026, 3, 2), until=date(2026, 12, 1))
    story.decide("D-2", DecisionType.RESUME, "PAY-M01", day=date(2026, 5, 6))
    assert pace_of(story).p50 == date(2026, 6, 8)


def test_pace_alone_is_amber_at_most_and_moves_no_date(story: Story) -> None:
    """Pace far behind the promise: Amber with its day, the expected date stays what the sources say."""
    every_day(story, 2, "PAY-M01")
    opened(story, "PAY-M01", 200)
    story.decide("D-1", DecisionType.BASELINE, "PAY-M01", new_date=date(2026, 6, 30), day=TODAY)
    verdict = story.on(TODAY)
    assert verdict.pace is not None
    assert verdict.pace.p50 is not None
    assert verdict.pace.p50 > date(2026, 9, 1)
    assert (verdict.rag.computed, keys(verdict)[:1]) == (Letter.AMBER, ["pace_late"])
    assert verdict.expected is not None
    assert (verdict.expected.day, verdict.slip) == (date(2026, 6, 30), 0)


def test_what_is_late_only_by_the_split_is_no_colour(story: Story) -> None:
    """Two milestones share a team: the first one is late by the split of the last weeks, and in time if it is served first,
    as its priority says. That is a matter of who goes first, and no colour.
    """
    every_day(story, 1, "PAY-M01")
    every_day(story, 3, "PAY-M02")
    opened(story, "PAY-M01", 40)
    opened(story, "PAY-M02", 10)
    for code in ("PAY-M01", "PAY-M02"):
        story.decide(f"D-{code}", DecisionType.BASELINE, code, new_date=date(2026, 6, 19), day=TODAY)
    found = pace_of(story)
    assert found.p50 is not None
    assert found.first is not None
    assert found.p50 > date(2026, 7, 20) > date(2026, 6, 19) > found.first
    assert "pace_late" not in keys(story.of("PAY-M01"))


@pytest.mark.parametrize(
    ("count", "delivered", "active", "rule"),
    [(3, 1, 60, "pace_few_items"), (10, 20, 4, "pace_few_active_days"), (10, 20, 60, None)],
)
def test_too_little_evidence_says_nothing_and_says_why(
    count: int, delivered: int, active: int, rule: str | None, story: Story
) -> None:
    """Fewer than five items of scope, or of active days: no pace, with the reason in the chain of evidence."""
    opened(story, "PAY-M01", count, delivered)
    calendar = china(story)
    story.delivered({calendar.add(TODAY, -number): 1 for number in range(1, active + 1) if number < 58}, "PAY-M01")
    found = pace_of(story)
    assert [each.key for each in found.withheld] == ([rule] if rule else [])
    assert (step(story).rule == "withheld") is (rule is not None)
    assert (found.p50 is None) is (rule is not None)


@pytest.mark.parametrize("told", [{"promise": Promise.DATE}, {"type": "Sprint"}])
def test_a_promise_of_a_date_is_forecast_as_scope(story: Story, told: dict[str, Any]) -> None:
    """Two a day and a promise three working days from now: six of ten open ones are likely, so 26 of the 30 committed; typed
    as a promise of a date, or known for one as sprints are.
    """
    every_day(story, 2, "PAY-M01")
    opened(story, "PAY-M01", 10)
    story.typed("PAY-M01", **told)
    story.decide("D-1", DecisionType.BASELINE, "PAY-M01", new_date=date(2026, 6, 4), day=TODAY)
    found = pace_of(story)
    assert (found.likely, found.safe, found.committed) == (26, 26, 30)
    assert "short_amber" in keys(story.of("PAY-M01"))


def test_what_waits_for_another_is_not_done_before_it(story: Story) -> None:
    """A successor with little of its own to do ends with its predecessor, which its chain names; of one that is paused the
    expected date holds it up.
    """
    every_day(story, 2, "PAY-M01")
    every_day(story, 2, "PAY-M02", team="B")
    opened(story, "PAY-M01", 20)
    opened(story, "PAY-M02", 6, team="B")
    story.typed("PAY-M02", depends_on=("PAY-M01",))
    assert (pace_of(story, "PAY-M02").p50, pace_of(story, "PAY-M02").via) == (date(2026, 6, 15), "PAY-M01")
    story.decide("D-1", DecisionType.PAUSE, "PAY-M01", day=TODAY, until=date(2026, 12, 1))
    held = pace_of(story, "PAY-M02")
    assert story.of("PAY-M01").pace is None
    assert (held.p50, held.via) == (date(2026, 6, 30), "PAY-M01")


def test_what_is_done_has_no_pace(story: Story) -> None:
    """Nothing is open, so nothing is foretold."""
    every_day(story, 2, "PAY-M01")
    ref = story.version("PAY-M01", date(2026, 5, 29))
    story.closed(ref)
    story.on(TODAY)
    assert story.of("PAY-M01").pace is None


WEEKS_LATE = Champion(
    name="planned",
    predictor=Planned(),
    correction=Correction(np.linspace(0.0, 3.0, len(LEVELS)), -30.0, 90.0),
    hits=Hits(0.5, 0.85, 100),
    past=Past((), np.array([], dtype=np.int64), np.array([], dtype=np.float64)),
)
"""A forecaster of a site whose milestones are never early, and half of them more than two weeks late."""


def under_way(story: Story, baseline: date) -> MilestoneVerdict:
    """What is said today of a milestone that was promised for a day, by that forecaster."""
    story.today = TODAY
    story.champion = text_of(WEEKS_LATE)
    opened(story, "PAY-M01", 10)
    days = {date(2026, 5, 4) + timedelta(days=number): 1 for number in range(20)}
    story.progress["PAY-M01"] = replace(story.progress["PAY-M01"], delivered_at=story.ends(days))
    story.decide("D-1", DecisionType.BASELINE, "PAY-M01", new_date=baseline, day=date(2026, 5, 4))
    return story.on(TODAY)


def test_the_expected_date_is_not_before_p50(story: Story) -> None:
    """P50 lies behind the target, so that it is what is expected, with its hit rate in the chain; the chance is of being done
    by the promise and the tolerance for Red.
    """
    verdict = under_way(story, date(2026, 7, 31))
    assert verdict.calibrated is not None
    assert verdict.expected is not None
    assert verdict.calibrated.p50 > date(2026, 8, 10)
    assert (verdict.expected.day, verdict.expected.source) == (verdict.calibrated.p50, "p50")
    assert 0.2 < (verdict.calibrated.chance or 0) < 0.5
    assert story.last.forecaster == Record(winner="planned", p50=0.5, p85=0.85, count=100)
    assert "unlikely_red" in keys(verdict)


SEEN = date(2026, 5, 28)


@pytest.mark.parametrize(
    ("kept", "key"),
    [
        ("", "unlearned"),
        ('{"format":1,"champion":null}', "unkept"),
        (text_of(Shortfall(day=SEEN, closed=29)), "unjudged"),
        (text_of(Shortfall(day=SEEN, closed=66, winner="line", hits=Hits(0.31, 0.69, 49))), "untrusted"),
    ],
)
def test_where_nobody_is_published_the_chain_says_why(kept: str, key: str, story: Story) -> None:
    """Nothing was learned yet, or too few had closed, or the best one promised too much: in the chain of each milestone
    under way, and once for the whole; none of it of what is done.
    """
    opened(story, "PAY-M01", 10)
    story.champion = kept
    chain = {each.field: each for each in story.on(TODAY).steps}
    assert (chain["p50"].rule, chain["p50"].inputs) == ("uncalibrated", (story.last.unforecast,))
    assert story.last.unforecast is not None
    assert story.last.unforecast.key == key
    assert (chain["forecast"].rule, chain["forecast"].answer) == ("untyped", evidence("nothing"))
    story.decide("D-1", DecisionType.CANCEL, "PAY-M01", day=TODAY)
    assert not {"p50", "forecast"} & {each.field for each in story.on(TODAY).steps}


def test_a_milestone_that_the_record_does_not_tell_of_says_so(story: Story) -> None:
    """Somebody's forecasts are published, but this one has delivered nothing yet."""
    opened(story, "PAY-M01", 10, 0)
    story.champion = text_of(WEEKS_LATE)
    (found,) = (each for each in story.on(TODAY).steps if each.field == "p50")
    assert [each.key for each in found.inputs if isinstance(each, Reason)] == ["incomparable"]
    assert story.last.unforecast is None


def test_of_a_day_that_is_over_no_chance_is_told(story: Story) -> None:
    """Nothing can be likely any more by a day that is over; when it may be done is told all the same."""
    verdict = under_way(story, date(2026, 5, 20))
    assert verdict.calibrated is not None
    assert verdict.calibrated.p50 > TODAY
    assert verdict.calibrated.chance is None
    assert "missed" in keys(verdict)
    assert "unlikely_red" not in keys(verdict)


def test_cutting_scope_keeps_no_promise_of_a_day(story: Story) -> None:
    """30 were promised by a day and 12 taken out since: what is likely is held against the 30."""
    every_day(story, 2, "PAY-M01")
    opened(story, "PAY-M01", 10, 8)
    story.typed("PAY-M01", promise=Promise.DATE)
    story.decide("D-1", DecisionType.BASELINE, "PAY-M01", new_date=date(2026, 6, 30), day=date(2026, 5, 4))
    story.today = date(2026, 5, 4)
    story.scope("PAY-M01", total=30, open=22, delivered=8)
    story.assess()
    story.today = TODAY
    story.scope("PAY-M01", total=18, open=10, delivered=8, removed=12)
    found = pace_of(story)
    assert (found.likely, found.committed) == (18, 30)
    assert "short_red" in keys(story.of("PAY-M01"))


def test_a_promise_on_a_day_off_lasts_until_the_next_working_day(story: Story) -> None:
    """By Saturday 6 June eight are done, by Monday, until whose end the promise is kept, ten."""
    every_day(story, 2, "PAY-M01")
    opened(story, "PAY-M01", 20, 0)
    story.typed("PAY-M01", promise=Promise.DATE)
    story.decide("D-1", DecisionType.BASELINE, "PAY-M01", new_date=date(2026, 6, 6), day=TODAY)
    assert pace_of(story).likely == 10


def test_projects_of_one_key_in_two_systems_are_two_teams() -> None:
    """PAY of one Jira says nothing of the pace of PAY of another one."""
    refs = [Ref(connection, "project", "10") for connection in ("cn", "de")]
    names = names_of({ref: SourceProject(ref=ref, key="PAY", name="Pay") for ref in refs})
    works = [
        Delivery(ref=Ref(connection, "issue", "1"), container="10", at=datetime(2026, 5, 1, tzinfo=UTC))
        for connection in ("cn", "de")
    ]
    assert [team_of(work, names) for work in works] == ["cn/PAY", "de/PAY"]


def test_the_day_to_promise_is_not_before_what_is_expected(story: Story) -> None:
    """The release date is far behind what the record says: the day to promise is that one, and there is no chance to tell."""
    verdict = under_way(story, date(2026, 7, 31))
    story.moved(next(iter(story.sources)), date(2026, 12, 18))
    verdict = story.on(TODAY)
    assert verdict.calibrated is not None
    assert verdict.expected is not None
    assert (verdict.expected.day, verdict.calibrated.p85) == (date(2026, 12, 18), date(2026, 12, 18))
    assert verdict.calibrated.chance is None


def closed_growing(story: Story, count: int) -> None:
    """So many closed milestones of ten items that had been five until the half of their way."""
    first, plan = date(2026, 1, 5), date(2026, 2, 24)
    for code in (f"PAY-M9{number}" for number in range(count)):
        story.today = first
        ref = story.version(code, plan)
        joined = story.ends({date(2026, 2, 4): 5})
        done = story.ends({first: 1, plan: 9})
        story.progress[code] = Progress(total=10, delivered=10, delivered_at=done, added=5, added_at=joined)
        story.today = plan
        story.closed(ref)


def test_scope_not_yet_seen_comes_as_in_closed_milestones(story: Story) -> None:
    """Ten open items of ten more that are done: five closed milestones doubled from there on, so thirty are still to do. At
    two a day these are done after fifteen days, and the chain of evidence says why.
    """
    closed_growing(story, 5)
    every_day(story, 2, "PAY-M01")
    opened(story, "PAY-M01", 10, delivered=10)
    done = story.ends({date(2026, 5, 29): 10})
    story.progress["PAY-M01"] = replace(story.progress["PAY-M01"], delivered_at=done)
    found = pace_of(story)
    assert (found.growth, found.compared) == (2.0, 5)
    assert found.p50 == china(story).add(TODAY, 15)
    said = [each for each in step(story).inputs if isinstance(each, Reason) and each.key == "pace_growth"]
    assert [each.values for each in said] == [{"percent": 100, "count": 5}]


def test_few_closed_milestones_let_nothing_grow(story: Story) -> None:
    """Four closed milestones say nothing of the next one."""
    closed_growing(story, 4)
    every_day(story, 2, "PAY-M01")
    opened(story, "PAY-M01", 10, delivered=10)
    assert (pace_of(story).growth, pace_of(story).compared) == (1.0, 0)


def test_a_milestone_of_the_committee_has_a_fan(story: Story) -> None:
    """Week by week from today what is delivered, until all of it is safe; one that is only tracked has none."""
    every_day(story, 2, "PAY-M01", "PAY-M02")
    opened(story, "PAY-M01", 15)
    opened(story, "PAY-M02", 15)
    story.typed("PAY-M01", level=Level.COMMITTEE)
    weeks = [TODAY + timedelta(weeks=week) for week in (1, 2)]
    assert pace_of(story).fan == (Spoke(weeks[0], 30, 30, 30), Spoke(weeks[1], 35, 35, 35))
    assert pace_of(story, "PAY-M02").fan == ()
