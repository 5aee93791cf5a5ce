"""The assessment as a whole: deterministic, in canonical order, linear, and fit to be kept."""

from __future__ import annotations

import random
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.effort import calls

from pmosync.compute.assess import assess
from pmosync.compute.assessment import Assessment
from pmosync.compute.policy import Policy
from pmosync.compute.reasons import evidence
from pmosync.model import Category, Control, DecisionType, Level

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story


def told(found: Assessment) -> str:
    """Everything an assessment says, as text."""
    return repr(msgspec.structs.asdict(found))


def crowd(story: Story, count: int) -> None:
    """Projects with ``count`` milestones, six open items each."""
    dice = random.Random(7)
    story.program("F1", level="portfolio")
    for number in range(20):
        story.program(f"G{number % 5}", parent="F1") if number < 5 else None
        story.project(
            f"P{number:02}", program=f"G{number % 5}", control=Control.KEY if number % 3 else Control.PART_TIME
        )
    for number in range(count):
        code = f"P{number % 20:02}-M{number // 20:02}"
        target = date(2026, 1, 5) + timedelta(days=dice.randrange(300))
        story.version(code, target, closed=dice.random() < 0.2)
        if number % 2:
            level = Level.COMMITTEE if number % 4 == 1 else Level.TRACKED
            story.typed(code, level=level, depends_on=(f"P{(number + 3) % 20:02}-M{number // 20:02}",))
        story.scope(
            code,
            total=10,
            delivered=4,
            open=6,
            dated_open=6,
            latest_due=(target + timedelta(days=dice.randrange(9)), "K"),
        )
        for item in range(6):
            story.item(code, f"K-{number}.{item}", category=Category.DOING, due=target, owner="a", updated=story.now)


def test_equal_inputs_give_equal_answers(story: Story) -> None:
    """Equal inputs give equal bytes, and the order of rows decides nothing."""
    crowd(story, 40)
    story.decide("D-1", DecisionType.PAUSE, "P01-M00", new_date=date(2026, 6, 1))
    story.decide("D-2", DecisionType.REBASELINE, "P02-M00", new_date=date(2026, 6, 1))
    snapshot = story.snapshot()
    first = assess(snapshot, Policy(), story.now)
    turned = replace(
        snapshot,
        milestones=snapshot.milestones[::-1],
        bindings=snapshot.bindings[::-1],
        items=snapshot.items[::-1],
        plan=replace(
            snapshot.plan,
            milestones=snapshot.plan.milestones[::-1],
            projects=snapshot.plan.projects[::-1],
            programs=snapshot.plan.programs[::-1],
            decisions=snapshot.plan.decisions[::-1],
        ),
    )
    assert told(assess(snapshot, Policy(), story.now)) == told(first)
    assert told(assess(turned, Policy(), story.now)) == told(first)


def test_a_second_assessment_of_the_day_says_the_same(story: Story) -> None:
    """What the first assessment of a day left behind does not change the second one's verdicts."""
    crowd(story, 40)
    story.assess()
    story.today += timedelta(days=7)
    story.assess()
    first = story.last
    story.assess()
    assert (story.last.milestones, story.last.projects, story.last.programs) == (
        first.milestones,
        first.projects,
        first.programs,
    )
    assert story.last.colours == first.colours
    assert first.new_baselines
    assert not story.last.new_baselines


def test_everything_is_in_canonical_order(story: Story) -> None:
    """Verdicts, colours and new baselines are sorted by code."""
    crowd(story, 40)
    story.today += timedelta(days=7)
    story.assess()
    last = story.last
    for codes in (
        [each.milestone.code for each in last.milestones],
        [each.row.code for each in last.projects],
        [each.row.code for each in last.programs],
        [each.code for each in last.colours],
        [each.code for each in last.new_baselines],
    ):
        assert codes
        assert codes == sorted(codes)


def test_every_answer_has_its_steps(story: Story) -> None:
    """Each verdict carries the chain of evidence: state, owner, baselines, target, forecast, P50 or why there is
    none, expected or actual, slip, confidence, RAG.
    """
    story.version("PAY-M01", date(2026, 5, 20), url="https://jira.example/1")
    story.scope("PAY-M01", total=2, open=2, dated_open=1, latest_due=(date(2026, 5, 29), "PAY-41"))
    story.typed("PAY-M01", owner="Li", forecast=date(2026, 5, 21))
    verdict = story.on(date(2026, 3, 9))
    fields = [each.field for each in verdict.steps]
    assert fields == [
        "state",
        "owner",
        "original",
        "current",
        "target",
        "rollup",
        "forecast",
        "p50",
        "expected",
        "slip",
        "confidence",
        "rag",
    ]
    steps = {each.field: each for each in verdict.steps}
    assert steps["rollup"].rule == evidence("partly", share="80%")
    assert steps["slip"].answer == evidence("days_late", wd="+1", days="+1")
    assert steps["target"].links == ("https://jira.example/1",)


def test_the_work_grows_with_the_milestones(story: Story) -> None:
    """Four times the milestones with their items are about four times the work."""
    spent = []
    for count in (200, 800):
        crowd(story, count)
        spent.append(calls(partial(assess, story.snapshot(), Policy(), story.now)))
    assert spent[1] < 4.8 * spent[0]


def test_codes_in_any_spelling(story: Story) -> None:
    """A code typed in another case or with spaces around means the same milestone."""
    story.version("PAY-M01", date(2026, 5, 20))
    story.version("PAY-M02", date(2026, 7, 20))
    story.typed("PAY-M01", depends_on=(" pay-m02",))
    row = story.rows.pop("PAY-M01")
    story.rows["x"] = replace(row, code="pay-m01")
    verdict = story.assessed()
    assert verdict.row is not None
    assert verdict.expected is not None
    assert (verdict.row.code, verdict.expected.day) == ("PAY-M01", date(2026, 7, 20))


def test_provisional_years_in_use_are_named(story: Story) -> None:
    """A year not yet announced is provisional, however far ahead, and the workbook says so where a date lies in it."""
    story.version("PAY-M01", date(2026, 5, 20))
    story.assess()
    assert (story.last.calendars, story.last.provisional) == (("CN",), ())
    story.version("PAY-M02", date(2029, 5, 20))
    story.assess()
    assert story.last.provisional == ("CN 2029",)
    story.version("PAY-M03", date(2041, 10, 1))
    story.assess()
    assert "CN 2041" in story.last.provisional


def test_a_calendar_is_named_once(story: Story) -> None:
    """A calendar typed in another case is the same one, on About too."""
    story.project("PAY", calendar="cn")
    story.version("PAY-M01", date(2026, 5, 20))
    story.assess()
    assert story.last.calendars == ("CN",)


def test_an_empty_snapshot_is_an_empty_assessment(story: Story) -> None:
    """Nothing known, nothing said, no error."""
    story.projects.clear()
    story.assess()
    assert (story.last.milestones, story.last.findings, story.last.projects) == ((), (), ())


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(st.lists(st.tuples(st.integers(1, 12), st.one_of(st.none(), DAYS), st.booleans()), max_size=12))
def test_any_history_is_assessed(stories: type[Story], steps: list[tuple[int, date | None, bool]]) -> None:
    """Whatever dates and closings come: slips are those of the calendar, None stays None, colours have reasons."""
    story = stories(Policy())
    ref = story.version("PAY-M01", date(2026, 4, 20))
    for wait, target, flips in steps:
        story.today += timedelta(days=wait)
        story.moved(ref, target)
        if flips:
            story.closed(ref, not story.sources[ref].closed)
        verdict = story.assessed()
        ends = verdict.actual or verdict.expected
        assert (verdict.slip is None) == (verdict.current is None or ends is None)
        assert (verdict.slip is None) == (verdict.slip_days is None)
        if verdict.slip is not None and verdict.slip_days is not None:
            assert verdict.slip * verdict.slip_days >= 0
        assert verdict.rag.reasons
        assert verdict.current is None or verdict.current.day in {date(2026, 4, 20), *(day for _, day, _ in steps)}
