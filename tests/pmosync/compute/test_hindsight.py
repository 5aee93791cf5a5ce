"""A past moment as it really was: what had been changed by then and was only seen later."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pmosync.compute.assess import assess
from pmosync.compute.hindsight import with_hindsight
from pmosync.model import Observation, Snapshot

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story

TARGET, LATER = date(2026, 3, 27), date(2026, 4, 3)


def target(story: Story, then: Snapshot) -> date:
    """The target that an assessment of a snapshot sees."""
    winner = assess(then, story.policy, then.as_of).milestones[0].target
    assert winner is not None
    return winner.day


def test_a_date_that_was_changed_by_then(story: Story) -> None:
    """It counts as of its change where the system dates it, and its history says when it was changed."""
    ref = story.version("PAY-M01", TARGET)
    then, until = replace(story.snapshot(), sources=dict(story.sources)), story.now + timedelta(hours=12)
    story.today = date(2026, 3, 4)
    story.moved(ref, LATER)
    seen: tuple[Observation, ...] = tuple(story.observations[str(ref)])
    for changed, day in ((until - timedelta(hours=1), LATER), (until + timedelta(hours=1), TARGET), (None, TARGET)):
        told = {str(ref): (*seen[:-1], replace(seen[-1], changed=changed))}
        known = with_hindsight(then, told, until)
        assert target(story, known) == day, changed
        assert len(known.observations[str(ref)]) == len(seen) - (day == TARGET)


def test_what_was_seen_by_then_is_as_it_was(story: Story) -> None:
    """Where nothing came later, hindsight changes nothing."""
    story.version("PAY-M01", TARGET)
    then = story.snapshot()
    assert with_hindsight(then, then.observations, then.as_of) == then
