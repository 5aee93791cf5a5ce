"""Who goes first on a shared team: a row where that decides the date."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tests.pmosync.compute.test_foresight import TODAY, every_day, opened

from pmosync.compute.assessment import Contradiction, Side

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story


def told(story: Story) -> list[Contradiction]:
    """What is contradicted today by the priorities."""
    story.on(TODAY)
    return [each for each in story.last.contradictions if each.kind == "priority"]


def shared(story: Story, items: int) -> None:
    """Two milestones with so many open items each, on a team that delivers one a day for each of them."""
    every_day(story, 1, "PAY-M01")
    every_day(story, 1, "PAY-M02")
    opened(story, "PAY-M01", items)
    opened(story, "PAY-M02", items)


def test_who_goes_first_decides_the_date(story: Story) -> None:
    """Fourteen items each: by the split both are done after fourteen days, and the first one after seven if it is served first,
    which is more than the five of the tolerance for Red. The second one is done on the same day either way, and no row.
    """
    shared(story, 14)
    (row,) = told(story)
    split = Side("split", day=date(2026, 6, 22))
    assert (row.code, row.project, row.counts, row.rule) == ("PAY-M01", "PAY", split, "split")
    assert row.sides == (split, Side("priority", day=date(2026, 6, 10)))


def test_within_the_tolerance_for_red_nobody_has_to_say(story: Story) -> None:
    """Ten items each: after ten days or after five, which is not more than the tolerance."""
    shared(story, 10)
    assert told(story) == []


def test_a_team_of_ones_own_is_no_contradiction(story: Story) -> None:
    """Where nobody shares the team there is no second figure."""
    every_day(story, 1, "PAY-M01")
    opened(story, "PAY-M01", 14)
    assert told(story) == []
