"""What a project manager says each week: heard, shown beside the rules, and no colour moves by it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from pmosync.compute.assessment import Side
from pmosync.model import Control, DecisionType, ProjectNoteRow

from .conftest import keys

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story

MONDAY, TARGET = date(2026, 3, 2), date(2026, 5, 29)


def says(story: Story, **fields: Any) -> None:
    """The manager of PAY fills the row of My projects."""
    story.plan["notes"] = (ProjectNoteRow(place=story.place("My projects", "PAY"), code="PAY", **fields),)


def promised(story: Story) -> None:
    """A milestone that will be in time."""
    story.typed("PAY-M01", target=TARGET, owner="Li")
    story.decide("D-1", DecisionType.BASELINE, "PAY-M01", new_date=TARGET)


@pytest.mark.parametrize(("reported", "told"), [("R", True), ("A", True), ("G", False), ("", False)])
def test_another_colour_is_a_contradiction_and_no_more(story: Story, reported: str, told: bool) -> None:
    """It stands beside the computed one, which counts; the same colour, also in its pale form, is none."""
    promised(story)
    says(story, reported=reported, confirmed_on=MONDAY)
    story.on(MONDAY)
    found = [each for each in story.last.contradictions if each.kind == "reported"]
    assert bool(found) is told
    assert str(story.of_project().rag.shown) in "Gg"
    if found:
        assert found[0].sides[0] == Side("reported", says=reported, day=MONDAY)
        assert found[0].counts == found[0].sides[1]


def test_what_rests_contradicts_nothing(story: Story) -> None:
    """Of a paused project nobody reports against the rules."""
    promised(story)
    story.decide("D-2", DecisionType.PAUSE, "PAY", new_date=date(2026, 6, 30))
    says(story, reported="R")
    story.on(date(2026, 3, 3))
    assert not [each for each in story.last.contradictions if each.kind == "reported"]


def test_a_confirmation_is_a_sign_of_life(story: Story) -> None:
    """A part-time project is silent for two reporting periods until its manager confirms it; a day to come confirms
    nothing.
    """
    story.project("PAY", control=Control.PART_TIME)
    promised(story)
    assert "missing_update" in keys(story.until(date(2026, 3, 20), step=9))
    says(story, confirmed_on=date(2026, 3, 27))
    assert "missing_update" in keys(story.on(date(2026, 3, 20)))
    says(story, confirmed_on=date(2026, 3, 19))
    assert "missing_update" not in keys(story.on(date(2026, 3, 20)))


def test_a_confirmation_counts_for_the_confidence(story: Story) -> None:
    """Ten points of a hundred, for two reporting periods."""
    promised(story)
    story.assess()
    before = story.on(date(2026, 4, 1)).confidence
    says(story, confirmed_on=date(2026, 3, 31))
    assert story.on(date(2026, 4, 1)).confidence == before + 10
    assert story.on(date(2026, 4, 30)).confidence < before + 10
