"""Why a milestone has no baseline, as the chain of evidence tells it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pmosync.compute.assessment import Reason
from pmosync.compute.reasons import evidence
from pmosync.model import DecisionType, State

if TYPE_CHECKING:
    from .conftest import Story


def _rule(story: Story) -> str | Reason:
    """The rule by which the original baseline is told; that of the current one is the same."""
    original, current = (step.rule for step in story.assessed().steps if step.field in ("original", "current"))
    assert original == current
    return original


def test_a_committed_project_tells_the_day_of_the_freeze(story: Story) -> None:
    """Before the freeze day that day is told; on it the baseline stands."""
    story.version("PAY-M01", date(2026, 6, 12))
    assert _rule(story) == evidence("freezes_on", day=date(2026, 3, 9))
    story.on(date(2026, 3, 9))
    assert _rule(story) == "auto"


def test_what_keeps_a_baseline_from_freezing_is_told(story: Story) -> None:
    """No date, no day of commitment, not active: each is told as the condition that is missing."""
    story.version("PAY-M01")
    story.on(date(2026, 3, 10))
    assert _rule(story) == evidence("freezes_dated")
    story.project("PAY", committed_on=None)
    assert _rule(story) == evidence("freezes_committed", project="PAY")
    story.decide("D-1", DecisionType.PAUSE, "PAY-M01")
    assert _rule(story) == evidence("freezes_active", state=str(State.PAUSED))


def test_what_was_found_done_was_never_promised(story: Story) -> None:
    """A version that was released before it was ever looked at tells that nothing was promised that we know of."""
    story.version("PAY-M01", date(2025, 11, 3), closed=True)
    assert _rule(story) == evidence("found_done")


def test_what_ends_before_it_freezes_has_no_baseline(story: Story) -> None:
    """It tells the day on which the baseline would have been frozen."""
    ref = story.version("PAY-M01", date(2026, 3, 6))
    story.on(date(2026, 3, 4))
    story.closed(ref)
    assert _rule(story) == evidence("ended_before", day=date(2026, 3, 9))
