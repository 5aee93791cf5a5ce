"""Baselines: frozen once, moved by decisions only."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from pmosync.compute.assessment import Letter
from pmosync.dashboard import words
from pmosync.model import DecisionType

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story


def test_frozen_five_wd_after_first_appearance(story: Story) -> None:
    """The original is frozen 5 wd after a milestone of a committed project first appears; marked auto."""
    story.version("PAY-M01", date(2026, 5, 20))
    assert story.on(date(2026, 3, 6)).original is None
    verdict = story.on(date(2026, 3, 9))
    assert verdict.original is not None
    assert (verdict.original.day, verdict.original.version, verdict.original.decision) == (date(2026, 5, 20), 1, "")
    assert verdict.original.reason == "auto"


def test_frozen_five_wd_after_commitment(story: Story) -> None:
    """The original is frozen 5 wd after the project is committed, if that is later."""
    story.project("PAY", committed_on=date(2026, 3, 12))
    story.version("PAY-M01", date(2026, 5, 20))
    assert story.on(date(2026, 3, 18)).original is None
    assert story.on(date(2026, 3, 19)).original is not None


def test_an_uncommitted_project_has_no_baselines(story: Story) -> None:
    """Without a commitment nothing freezes, and the register says what is missing."""
    story.project("PAY", committed_on=None)
    story.version("PAY-M01", date(2026, 5, 20))
    assert story.until(date(2026, 4, 20), step=7).original is None
    assert "not-committed" in story.rules()


def test_the_plan_sheet_is_frozen_before_the_target(story: Story) -> None:
    """Original: the plan-sheet date, else the target."""
    story.version("PAY-M01", date(2026, 5, 20), leading=True)
    story.typed("PAY-M01", target=date(2026, 5, 15))
    verdict = story.on(date(2026, 3, 9))
    assert verdict.original is not None
    assert (verdict.original.day, verdict.target and verdict.target.day) == (date(2026, 5, 15), date(2026, 5, 20))


def test_the_date_of_the_freeze_day_is_frozen(story: Story) -> None:
    """If no assessment falls on the freeze day, the date known on that day is frozen, not a later one."""
    ref = story.version("PAY-M01", date(2026, 5, 20))
    story.today = date(2026, 3, 11)
    story.moved(ref, date(2026, 6, 30))
    verdict = story.on(date(2026, 3, 12))
    assert verdict.original is not None
    assert verdict.original.day == date(2026, 5, 20)


def test_what_is_dated_late_is_frozen_at_once(story: Story) -> None:
    """A milestone without a date on its freeze day is frozen when it gets one."""
    ref = story.version("PAY-M01")
    assert story.until(date(2026, 3, 20)).original is None
    story.moved(ref, date(2026, 5, 20))
    verdict = story.on(date(2026, 3, 23))
    assert verdict.original is not None
    assert verdict.original.day == date(2026, 5, 20)


def test_frozen_at_once_by_a_decision(story: Story) -> None:
    """… or at once by a Decision, with its number; without a date of its own it freezes the target."""
    story.version("PAY-M01", date(2026, 5, 20))
    story.decide("D-1", DecisionType.BASELINE, "PAY-M01")
    verdict = story.assessed()
    assert verdict.original is not None
    assert (verdict.original.day, verdict.original.decision) == (date(2026, 5, 20), "D-1")
    assert not story.until(date(2026, 3, 20)).replans


def test_a_rebaseline_is_a_new_version(story: Story) -> None:
    """Current: version n. Colours use it; the slip against the original stands beside it."""
    ref = story.version("PAY-M01", date(2026, 3, 20))
    story.until(date(2026, 3, 10))
    story.moved(ref, date(2026, 4, 3))
    assert story.on(date(2026, 3, 11)).rag.shown is Letter.RED
    story.decide("D-1", DecisionType.REBASELINE, "PAY-M01", new_date=date(2026, 4, 3))
    verdict = story.on(date(2026, 3, 12))
    assert verdict.current is not None
    assert (verdict.current.version, verdict.current.day, verdict.replans) == (2, date(2026, 4, 3), 1)
    assert (verdict.slip, verdict.slip_original, verdict.rag.shown) == (0, 10, Letter.GREEN)


def test_one_decision_rebaselines_many(story: Story) -> None:
    """One decision may name many codes: each gets its own version."""
    for code in ("PAY-M01", "PAY-M02"):
        story.version(code, date(2026, 3, 20))
    story.until(date(2026, 3, 10))
    story.decide("D-1", DecisionType.REBASELINE, "PAY-M01", "PAY-M02", new_date=date(2026, 4, 3))
    story.on(date(2026, 3, 11))
    assert [(each.code, each.version) for each in story.last.new_baselines] == [("PAY-M01", 2), ("PAY-M02", 2)]


def test_a_correction_keeps_both_values(story: Story) -> None:
    """A wrong freeze is corrected by a Decision of type correction; both values stay, the version does not grow."""
    story.version("PAY-M01", date(2026, 3, 20))
    story.until(date(2026, 3, 10))
    story.decide("D-1", DecisionType.CORRECTION, "PAY-M01", new_date=date(2026, 3, 27))
    verdict = story.on(date(2026, 3, 11))
    assert verdict.original is not None
    assert (verdict.original.day, verdict.original.version, verdict.original.correction) == (date(2026, 3, 27), 1, True)
    assert verdict.replans == 0
    assert [each.day for each in story.baselines["PAY-M01"]] == [date(2026, 3, 20), date(2026, 3, 27)]


def test_a_wish_never_moves_a_baseline(story: Story) -> None:
    """A wish takes effect only by a row in Decisions; until then it waits, and is told."""
    story.typed("PAY-M01", target=date(2026, 3, 20), done_when="confirmed")
    story.until(date(2026, 3, 10))
    story.typed("PAY-M01", wish=date(2026, 4, 3), wish_reason="支付网关延迟")
    verdict = story.until(date(2026, 3, 16))
    assert verdict.current is not None
    assert verdict.current.day == date(2026, 3, 20)
    assert "wish-waiting" in story.rules()


def test_a_moved_target_never_moves_a_baseline(story: Story) -> None:
    """The tool never moves a baseline: a stored one stays, whatever the source and the plan sheet say later."""
    ref = story.version("PAY-M01", date(2026, 3, 20))
    story.until(date(2026, 3, 10))
    story.moved(ref, date(2026, 6, 30))
    story.typed("PAY-M01", target=date(2026, 7, 31))
    verdict = story.until(date(2026, 3, 18))
    assert verdict.current is not None
    assert verdict.current.day == date(2026, 3, 20)
    assert len(story.baselines["PAY-M01"]) == 1


def test_an_edited_decision_does_not_move_what_it_set(story: Story) -> None:
    """A decision whose date is edited afterwards keeps the baseline it set; the difference is told."""
    story.version("PAY-M01", date(2026, 3, 20))
    story.decide("D-1", DecisionType.BASELINE, "PAY-M01", new_date=date(2026, 3, 20))
    story.assessed()
    story.decisions.clear()
    story.decide("D-1", DecisionType.BASELINE, "PAY-M01", new_date=date(2026, 4, 20))
    verdict = story.on(date(2026, 3, 3))
    assert verdict.current is not None
    assert verdict.current.day == date(2026, 3, 20)
    assert "decision-changed" in story.rules()


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        (DecisionType.BASELINE, "already-baselined"),
        (DecisionType.REBASELINE, "decision-date"),
        (DecisionType.CORRECTION, "decision-date"),
    ],
)
def test_decisions_that_cannot_set_a_baseline(story: Story, kind: DecisionType, rule: str) -> None:
    """A second first baseline, or a re-baseline or correction without a date, sets nothing and is told."""
    story.version("PAY-M01", date(2026, 3, 20))
    story.until(date(2026, 3, 10))
    story.decide("D-1", kind, "PAY-M01")
    story.on(date(2026, 3, 11))
    assert rule in story.rules()
    assert len(story.baselines["PAY-M01"]) == 1


def test_no_baseline_is_never_a_slip_of_zero(story: Story) -> None:
    """No baseline is 'No baseline', never a slip of 0; with a target it is never Green."""
    story.version("PAY-M01", date(2026, 5, 20))
    verdict = story.assessed()
    assert (verdict.slip, verdict.slip_days, verdict.slip_original) == (None, None, None)
    assert verdict.rag.shown is Letter.GREY
    assert [why.key for why in verdict.rag.reasons] == ["no_baseline"]


@pytest.mark.parametrize("dated", [date(2026, 3, 18), date(2026, 3, 20)])
def test_a_date_first_seen_with_the_release_is_no_promise(story: Story, dated: date) -> None:
    """Undated until it was released: no baseline and no slip, rather than a promise kept on the day."""
    ref = story.version("PAY-M01")
    story.typed("PAY-M01", owner="Li")
    story.until(date(2026, 3, 17))
    story.today = date(2026, 3, 18)
    story.closed(ref)
    if dated > story.today:
        story.until(dated)
    story.moved(ref, date(2026, 3, 18))
    verdict = story.until(date(2026, 3, 25))
    assert (verdict.current, verdict.slip, story.baselines) == (None, None, {})
    assert [why.key for why in verdict.rag.reasons] == ["done_no_baseline"]


def test_a_date_known_before_the_release_is_a_promise(story: Story) -> None:
    """A date seen before the release freezes also when the release is seen on the freeze day itself."""
    ref = story.version("PAY-M01", date(2026, 3, 20))
    story.today = date(2026, 3, 9)
    story.closed(ref)
    verdict = story.assessed()
    assert verdict.current is not None
    assert (verdict.current.day, verdict.slip) == (date(2026, 3, 20), -9)


def test_a_date_typed_with_a_persons_actual_is_no_promise(story: Story) -> None:
    """The same for a milestone that a person ends: a target typed together with its actual promised nothing."""
    story.typed("PAY-M01", owner="Li", done_when="confirmed")
    story.until(date(2026, 3, 17))
    story.today = date(2026, 3, 18)
    story.typed("PAY-M01", target=date(2026, 3, 18), actual=date(2026, 3, 18))
    verdict = story.until(date(2026, 3, 20))
    assert (verdict.state.value, verdict.current, verdict.slip) == ("done", None, None)


def test_without_a_baseline_the_first_target_seen_judges(story: Story) -> None:
    """No baseline, with a target: judged against the first target seen."""
    story.project("PAY", committed_on=None)
    ref = story.version("PAY-M01", date(2026, 3, 20))
    story.assessed()
    story.moved(ref, date(2026, 4, 20))
    verdict = story.on(date(2026, 3, 4))
    assert (verdict.rag.shown, verdict.slip) == (Letter.RED, None)


def test_no_baseline_and_no_target_is_no_date(story: Story) -> None:
    """No baseline and no target is 'No date': grey, with what else is wrong beside it."""
    story.project("PAY", manager="")
    story.version("PAY-M01")
    story.scope("PAY-M01", total=3, open=3, started=1)
    verdict = story.on(date(2026, 3, 4))
    assert (verdict.rag.shown, [why.key for why in verdict.rag.reasons]) == (Letter.GREY, ["no_date", "no_owner"])


def test_baselines_are_not_made_twice(story: Story) -> None:
    """A second assessment of the same day says the same and adds no baseline."""
    story.version("PAY-M01", date(2026, 5, 20))
    first = story.on(date(2026, 3, 9))
    assert len(story.last.new_baselines) == 1
    assert story.assessed() == first
    assert not story.last.new_baselines


def test_the_last_decision_of_a_day_is_the_promise_in_force(story: Story) -> None:
    """D-10 comes after D-9: also among the baselines that were kept, the current one is that of the later decision."""
    story.version("PAY-M01", date(2026, 4, 17))
    story.until(date(2026, 3, 10))
    story.decide("D-10", DecisionType.CORRECTION, "PAY-M01", new_date=date(2026, 6, 1))
    story.decide("D-9", DecisionType.CORRECTION, "PAY-M01", new_date=date(2026, 5, 1))
    for day in (10, 11):
        verdict = story.on(date(2026, 3, day))
        assert verdict.current is not None
        assert (verdict.current.day, verdict.current.decision) == (date(2026, 6, 1), "D-10")


@pytest.mark.parametrize(
    ("day", "number", "days"),
    [
        (date(2026, 3, 10), "D-2", (date(2026, 4, 24), date(2026, 5, 15))),
        (date(2026, 3, 2), "D-2", (date(2026, 4, 24), date(2026, 5, 15))),
        (date(2026, 3, 11), "D-2", (date(2026, 4, 17), date(2026, 4, 24))),
        (date(2026, 3, 11), "D-0", (date(2026, 4, 24), date(2026, 5, 15))),
        (date(2026, 3, 12), "D-2", (date(2026, 4, 17), date(2026, 4, 24))),
    ],
)
def test_a_correction_is_of_the_version_in_force_on_its_day(
    story: Story, day: date, number: str, days: tuple[date, date]
) -> None:
    """A correction of a wrong freeze names its version by its own date: also the original can be corrected after a
    re-baseline; the value corrected stays beside it, and no version is added.
    """
    story.version("PAY-M01", date(2026, 4, 17))
    story.until(date(2026, 3, 10))
    story.decide("D-1", DecisionType.REBASELINE, "PAY-M01", new_date=date(2026, 5, 15), day=date(2026, 3, 11))
    story.on(date(2026, 3, 11))
    story.decide(number, DecisionType.CORRECTION, "PAY-M01", new_date=date(2026, 4, 24), day=day)
    for today in (12, 13):
        verdict = story.on(date(2026, 3, today))
        assert verdict.original is not None
        assert verdict.current is not None
        assert (verdict.original.day, verdict.current.day, verdict.replans) == (*days, 1)
    kept = story.baselines["PAY-M01"]
    assert [each.day for each in kept] == [date(2026, 4, 17), date(2026, 5, 15), date(2026, 4, 24)]


def test_a_second_correction_corrects_the_same_version(story: Story) -> None:
    """A correction makes no version of its own: one after it corrects the version again, and the later one counts."""
    story.version("PAY-M01", date(2026, 4, 17))
    story.until(date(2026, 3, 10))
    story.decide("D-1", DecisionType.CORRECTION, "PAY-M01", new_date=date(2026, 4, 20))
    story.on(date(2026, 3, 11))
    story.decide("D-2", DecisionType.CORRECTION, "PAY-M01", new_date=date(2026, 4, 24))
    verdict = story.on(date(2026, 3, 12))
    assert verdict.current is not None
    assert (verdict.current.day, verdict.current.version, verdict.current.correction) == (date(2026, 4, 24), 1, True)


def test_the_first_target_seen_stays_when_another_source_wins(story: Story) -> None:
    """No baseline, with a target: judged against the first target seen, even if it came from a source that counts no more."""
    story.project("PAY", committed_on=None)
    story.version("PAY-M01", date(2026, 6, 1))
    story.assess()
    story.today = date(2026, 3, 3)
    story.typed("PAY-M01", target=date(2026, 8, 3), owner="Li")
    verdict = story.assessed()
    assert verdict.target is not None
    assert (verdict.target.day, verdict.rag.shown) == (date(2026, 8, 3), Letter.RED)


def test_what_a_source_said_before_it_was_bound_is_no_promise(story: Story) -> None:
    """The first target seen of a milestone is not what a source said before it was bound to it."""
    story.project("PAY", committed_on=None)
    ref = story.version("PAY-M02", date(2026, 6, 1))
    story.moved(ref, date(2026, 8, 3))
    story.typed("PAY-M01", owner="Li")
    story.on(date(2026, 3, 9))
    story.bindings.append(replace(story.bindings[0], code="PAY-M01", since=story.now))
    story.on(date(2026, 3, 10))
    assert story.of("PAY-M01").rag.reasons[0].values == {"target": date(2026, 8, 3)}


def test_what_is_expected_and_was_never_promised_says_both(story: Story) -> None:
    """An expected date stands beside the letter: grey for want of a promise, not for want of a date."""
    story.version("PAY-M01")
    story.typed("PAY-M01", owner="Li", forecast=date(2026, 5, 21))
    story.scope("PAY-M01", total=3, open=3, started=1)
    (why, *_) = story.on(date(2026, 3, 4)).rag.reasons
    assert words.why((why,), "en") == "expected 21 May 2026; nothing was promised (no target, no baseline)"
    assert words.why((why,), "zh-CN") == "预计 2026年5月21日；未作承诺（既无目标日期也无基线）"
