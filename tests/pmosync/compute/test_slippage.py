"""Slip, re-targets, first slip seen and early warning."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pmosync.compute.assessment import Letter
from pmosync.model import DecisionType

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story


def test_slip_stands_in_wd_and_days(story: Story) -> None:
    """Slip = expected (or actual) date − baseline, in working days and calendar days, positive = late, negative = early."""
    ref = story.version("PAY-M01", date(2026, 3, 20))
    story.until(date(2026, 3, 10))
    story.moved(ref, date(2026, 3, 25))
    verdict = story.on(date(2026, 3, 11))
    assert (verdict.slip, verdict.slip_days, verdict.slip_original) == (3, 5, 3)
    story.moved(ref, date(2026, 3, 18))
    verdict = story.on(date(2026, 3, 12))
    assert (verdict.slip, verdict.slip_days) == (-2, -2)


def test_retargets(story: Story) -> None:
    """≥ 3 later moves of ≥ 2 wd of the target since the current baseline are Amber; smaller and earlier moves do not count."""
    ref = story.version("PAY-M01", date(2026, 5, 20))
    story.typed("PAY-M01", owner="Li")
    story.on(date(2026, 3, 9))
    for day, target in (
        (10, date(2026, 5, 22)),
        (16, date(2026, 5, 25)),
        (20, date(2026, 5, 19)),
        (24, date(2026, 5, 21)),
    ):
        story.today = date(2026, 3, day)
        story.moved(ref, target)
    verdict = story.on(date(2026, 3, 25))
    assert (verdict.retargets, verdict.rag.computed) == (2, Letter.GREEN)
    story.today = date(2026, 3, 30)
    story.moved(ref, date(2026, 5, 18))
    story.today = date(2026, 4, 7)
    story.moved(ref, date(2026, 5, 20))
    verdict = story.assessed()
    assert (verdict.retargets, verdict.rag.shown) == (3, Letter.AMBER)
    assert verdict.rag.reasons[0].key == "retargets"


def test_taken_back_within_two_wd_is_no_move(story: Story) -> None:
    """A move taken back within 2 wd is no move; taken back later it was one."""
    ref = story.version("PAY-M01", date(2026, 5, 20))
    story.on(date(2026, 3, 9))
    for day, target in (
        (10, date(2026, 6, 20)),
        (12, date(2026, 5, 20)),
        (16, date(2026, 6, 20)),
        (20, date(2026, 5, 20)),
    ):
        story.today = date(2026, 3, day)
        story.moved(ref, target)
    assert story.assessed().retargets == 1


def test_retargets_start_again_with_a_new_baseline(story: Story) -> None:
    """Moves count since the current baseline."""
    ref = story.version("PAY-M01", date(2026, 5, 20))
    story.on(date(2026, 3, 9))
    story.moved(ref, date(2026, 6, 20))
    assert story.on(date(2026, 3, 10)).retargets == 0  # seen on the very day of the freeze
    story.moved(ref, date(2026, 6, 30))
    assert story.on(date(2026, 3, 11)).retargets == 1
    story.decide("D-1", DecisionType.REBASELINE, "PAY-M01", new_date=date(2026, 6, 30))
    assert story.on(date(2026, 3, 12)).retargets == 0


def test_what_is_no_date_is_no_move(story: Story) -> None:
    """A system's own entry may hold any text: it is no move, and no crash."""
    ref = story.version("PAY-M01", date(2026, 5, 20))
    story.on(date(2026, 3, 9))
    for old, new in (("2026-05-20", "mañana"), ("mañana", "2026-07-20"), ("", "soon")):
        story._see(str(ref), "target", old, new)
    assert story.on(date(2026, 3, 10)).retargets == 0


def test_first_slip_seen_and_early_warning(story: Story) -> None:
    """Early warning: the calendar days from the day the slip was first seen to the baseline; it stays after recovery."""
    ref = story.version("PAY-M01", date(2026, 3, 20))
    story.until(date(2026, 3, 10))
    story.today = date(2026, 3, 12)
    story.moved(ref, date(2026, 3, 25))
    verdict = story.on(date(2026, 3, 13))
    assert (verdict.first_slip_seen, verdict.early_warning) == (date(2026, 3, 12), 8)
    story.moved(ref, date(2026, 3, 19))
    verdict = story.on(date(2026, 3, 16))
    assert (verdict.slip, verdict.first_slip_seen) == (-1, date(2026, 3, 12))


def test_a_slip_from_children_is_first_seen_by_an_assessment(story: Story) -> None:
    """A roll-up has no date of its own change: the first assessment that says late is the first slip seen."""
    story.version("PAY-M01", date(2026, 3, 20))
    story.until(date(2026, 3, 11))
    story.scope("PAY-M01", total=2, open=2, dated_open=2, latest_due=(date(2026, 3, 24), "PAY-41"))
    story.on(date(2026, 3, 12))
    assert story.on(date(2026, 3, 16)).first_slip_seen == date(2026, 3, 12)


def test_without_slip_there_is_no_warning(story: Story) -> None:
    """On time, nothing was seen and there was no warning."""
    story.version("PAY-M01", date(2026, 3, 20))
    verdict = story.until(date(2026, 3, 12))
    assert (verdict.first_slip_seen, verdict.early_warning) == (None, None)


def test_a_changed_calendar_never_moves_a_baseline_or_a_colour(story: Story) -> None:
    """A changed calendar never moves a baseline and never changes a colour by itself; the restated days are told."""
    ref = story.version("PAY-M01", date(2026, 4, 20))
    story.typed("PAY-M01", owner="Li")
    story.on(date(2026, 3, 9))
    story.moved(ref, date(2026, 4, 22))
    verdict = story.on(date(2026, 3, 10))
    assert (verdict.slip, verdict.rag.shown) == (2, Letter.GREEN)
    story.calendar("holiday", date(2026, 4, 21))
    verdict = story.on(date(2026, 3, 11))
    assert verdict.current is not None
    assert (verdict.slip, verdict.rag.shown, verdict.current.day) == (1, Letter.GREEN, date(2026, 4, 20))
    assert verdict.rag.reasons[-1].values == {"slip": 1, "judged": 2}


def test_a_calendar_that_would_turn_amber_does_not(story: Story) -> None:
    """… the days are restated beside the colour that was judged before; a date that moves afterwards is judged anew."""
    ref = story.version("PAY-M01", date(2026, 4, 17))
    story.typed("PAY-M01", owner="Li")
    story.on(date(2026, 3, 9))
    story.moved(ref, date(2026, 4, 21))
    assert story.on(date(2026, 3, 10)).slip == 2
    story.calendar("workday", date(2026, 4, 18), date(2026, 4, 19))
    for day in (11, 12, 13, 16):
        verdict = story.on(date(2026, 3, day))
        assert (verdict.slip, verdict.rag.shown) == (4, Letter.GREEN)
        assert "calendar_restated" in [why.key for why in verdict.rag.reasons]
    story.moved(ref, date(2026, 4, 22))
    verdict = story.on(date(2026, 3, 17))
    assert (verdict.slip, verdict.rag.shown) == (5, Letter.AMBER)


def test_paused_days_do_not_count_as_quiet(story: Story) -> None:
    """Clocks stop while paused: the days of the pause are no silence, also of one that began on the day of the last move; the
    tenth working day of it is the tenth behind the pause, and that ends on the day of the resumption.
    """
    story.version("PAY-M01", date(2026, 4, 20))
    story.typed("PAY-M01", owner="Li")
    story.on(date(2026, 3, 9))
    story.scope("PAY-M01", total=3, open=3)
    story.decide("D-1", DecisionType.PAUSE, "PAY-M01", new_date=date(2026, 6, 1))
    story.on(date(2026, 3, 23))
    story.decide("D-2", DecisionType.RESUME, "PAY-M01")
    assert story.on(date(2026, 4, 2)).rag.computed is Letter.GREEN
    assert story.on(date(2026, 4, 3)).rag.computed is Letter.AMBER


def test_the_first_sight_of_a_slip_stays(story: Story) -> None:
    """The day a slip was first seen, and so the early warning, stay what they were however many assessments follow."""
    story.typed("PAY-M01", target=date(2026, 11, 20), owner="Li")
    story.until(date(2026, 3, 10))
    story.scope("PAY-M01", total=1, open=1, dated_open=1, latest_due=(date(2026, 12, 10), "PAY-41"))
    first = story.on(date(2026, 3, 11))
    last = story.until(date(2026, 6, 30))
    assert first.first_slip_seen == last.first_slip_seen == date(2026, 3, 11)
    assert first.early_warning == last.early_warning


def test_taken_back_in_several_steps_is_no_move(story: Story) -> None:
    """A → B → C → D → A within 2 wd is no move either; the way back after more than 2 wd was four of them."""
    ref = story.version("PAY-M01", date(2026, 6, 1))
    story.on(date(2026, 3, 9))
    for day, target in (
        (16, date(2026, 6, 8)),
        (16, date(2026, 6, 15)),
        (17, date(2026, 6, 22)),
        (18, date(2026, 6, 1)),
    ):
        story.today = date(2026, 3, day)
        story.moved(ref, target)
    assert story.assessed().retargets == 0
    for day, target in (
        (23, date(2026, 6, 8)),
        (24, date(2026, 6, 15)),
        (25, date(2026, 6, 22)),
        (26, date(2026, 6, 1)),
    ):
        story.today = date(2026, 3, day)
        story.moved(ref, target)
    assert story.assessed().retargets == 3


def test_retargets_count_whichever_source_wins(story: Story) -> None:
    """The moves of a milestone's target are those of the date that counts, whichever of its sources it comes from."""
    jira = story.version("PAY-M01", date(2026, 6, 1))
    gitlab = story.source("PAY-M01", "milestone", date(2026, 6, 5), connection="gitlab")
    story.on(date(2026, 3, 9))
    for day, ref, target in (
        (13, jira, date(2026, 6, 12)),
        (18, gitlab, date(2026, 6, 22)),
        (23, jira, date(2026, 6, 26)),
    ):
        story.today = date(2026, 3, day)
        story.moved(ref, target)
    assert story.assessed().retargets == 3


def test_sources_that_move_on_one_day_move_the_target_once(story: Story) -> None:
    """Two sources that follow each other on one day are one move of the target: they were read one after the other."""
    refs = [story.source("PAY-M01", "milestone", date(2026, 6, 1), connection=name) for name in ("gitlab", "jira")]
    story.on(date(2026, 3, 9))
    story.today = date(2026, 3, 13)
    for ref, target in zip(refs, (date(2026, 6, 12), date(2026, 6, 22)), strict=True):
        story.moved(ref, target)
    assert story.assessed().retargets == 1


def test_a_changed_calendar_does_not_tighten_a_tolerance(story: Story) -> None:
    """… nor does a holiday that makes the plan shorter: 21 wd were judged by 2 and 5 wd, and 20 of them still are."""
    story.project("PAY", committed_on=date(2026, 3, 2))
    ref = story.version("PAY-M01", date(2026, 3, 31))
    story.typed("PAY-M01", owner="Li")
    story.until(date(2026, 3, 9))
    story.today = date(2026, 3, 10)
    story.moved(ref, date(2026, 4, 7))
    verdict = story.on(date(2026, 3, 10))
    assert (verdict.slip, verdict.rag.shown) == (4, Letter.AMBER)
    story.calendar("holiday", date(2026, 3, 18))
    assert story.on(date(2026, 3, 11)).rag.shown is Letter.AMBER


def test_a_changed_calendar_neither_misses_a_promise_nor_keeps_it(story: Story) -> None:
    """A holiday entered afterwards does not make a missed promise kept, a workday does not make a kept one missed."""
    story.version("PAY-M01", date(2026, 3, 20))
    story.version("PAY-M02", date(2026, 3, 28))
    story.until(date(2026, 3, 24))
    assert story.of("PAY-M01").rag.reasons[0].key == "missed"
    story.calendar("holiday", date(2026, 3, 20), date(2026, 3, 25))
    assert story.on(date(2026, 3, 25)).rag.shown is Letter.RED
    assert story.of("PAY-M01").rag.reasons[0].key == "missed"
    story.calendar("workday", date(2026, 3, 28))
    story.on(date(2026, 3, 30))
    assert "missed" not in [why.key for why in story.of("PAY-M02").rag.reasons]
    story.on(date(2026, 3, 31))
    assert "missed" in [why.key for why in story.of("PAY-M02").rag.reasons]


def test_scope_added_is_what_joined_after_the_promise(story: Story) -> None:
    """Initial scope is what was there when the baseline was frozen; without one all of it is."""
    story.version("PAY-M01", date(2026, 5, 20))
    story.scope("PAY-M01", total=6, open=6, added=2, added_at=(story.now, story.now))
    assert story.assessed().scope_added is None
    frozen = story.on(date(2026, 3, 9))
    assert (frozen.current is not None, frozen.scope_added) == (True, 0)
    story.on(date(2026, 3, 11))
    story.scope("PAY-M01", total=7, open=7, added=3, added_at=(*story.progress["PAY-M01"].added_at, story.now))
    assert story.assessed().scope_added == 1


def test_what_was_broken_down_after_the_promise_is_not_added(story: Story) -> None:
    """A promise made before there were items has no initial scope that anything could be added to."""
    story.version("PAY-M01", date(2026, 5, 20))
    story.until(date(2026, 3, 10))
    story.scope("PAY-M01", total=9, open=9, added=9, added_at=(story.now,) * 9)
    assert story.on(date(2026, 3, 11)).scope_added is None
