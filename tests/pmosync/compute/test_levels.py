"""Levels: how widely a milestone is steered."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from pmosync.compute.levels import is_final, is_gate, promoted, tolerance
from pmosync.compute.policy import Policy, Tolerance
from pmosync.model import Control, Level, MilestoneRow, Place, ProjectRow

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story

TODAY = date(2026, 3, 2)
PLACE = Place("plan", "Milestone inputs", 2, "PAY-M01")


def test_levels_follow_from_what_is_typed(story: Story) -> None:
    """As typed; gates and final delivery committee; in the sheet or bound by hand tracked; found in a bound project team."""
    story.typed("PAY-M01", target=TODAY, level=Level.TEAM)
    story.typed("PAY-M02", target=TODAY, level=None)
    story.typed("PAY-M03", target=TODAY, level=None, type="Gate 2")
    story.typed("PAY-M04", target=TODAY, level=None, type="最终交付")
    story.version("PAY-M05", TODAY)
    story.version("PAY-M06", TODAY)
    story.bindings[-1] = replace(story.bindings[-1], found=True)
    story.assess()
    levels = [each.level.value for each in story.last.milestones]
    assert levels == ["team", "tracked", "committee", "committee", "tracked", "team"]


@pytest.mark.parametrize(
    ("kind", "is_one"),
    [
        ("gate", True),
        ("Gate 2", True),
        ("Gate2评审", True),
        ("质量关口", True),
        ("quality-gates", True),
        ("investigate", False),
        ("Gateway", False),
        ("", False),
    ],
)
def test_gates_are_named_by_whole_words(kind: str, is_one: bool) -> None:
    """A type is a gate by a whole word or a Chinese one, not by letters inside of another word."""
    assert is_gate(MilestoneRow(place=PLACE, code="PAY-M01", type=kind)) is is_one


@pytest.mark.parametrize(
    ("kind", "is_one"),
    [
        ("Final", True),
        ("final delivery", True),
        ("项目终验", True),
        ("最终交付", True),
        ("finalise contract", False),
        ("semifinals", False),
    ],
)
def test_final_ones_are_named_by_whole_words(kind: str, is_one: bool) -> None:
    """A type is the final delivery by a whole word or a Chinese one."""
    assert is_final(MilestoneRow(place=PLACE, code="PAY-M01", type=kind)) is is_one


@pytest.mark.parametrize(
    ("day", "items", "level"),
    [
        (date(2026, 1, 31), 5, Level.TRACKED),
        (date(2026, 1, 30), 5, Level.TEAM),
        (date(2026, 8, 29), 5, Level.TRACKED),
        (date(2026, 8, 30), 5, Level.TEAM),
        (TODAY, 4, Level.TEAM),
        (None, 5, Level.TEAM),
    ],
)
def test_promotion_if_so_configured(day: date | None, items: int, level: Level) -> None:
    """Team: promoted to tracked when it has a date within −30…+180 days and ≥ 5 items, if so configured; never otherwise."""
    assert promoted(Level.TEAM, day, items, TODAY, Policy(team_promote=True)) is level
    assert promoted(Level.TEAM, day, items, TODAY, Policy()) is Level.TEAM


@pytest.mark.parametrize(
    ("control", "length", "expected"),
    [
        (Control.KEY, None, Tolerance(2, 5)),
        (Control.PART_TIME, 21, Tolerance(5, 10)),
        (Control.PART_TIME, 20, Tolerance(1, 3)),
        (Control.KEY, 0, Tolerance(1, 3)),
        (Control.KEY, -1, Tolerance(2, 5)),
    ],
)
def test_tolerances(control: Control, length: int | None, expected: Tolerance) -> None:
    """Key 2 / 5 wd, part-time 5 / 10, planned length ≤ 20 wd 1 / 3; an absurd length says nothing."""
    row = ProjectRow(place=Place("plan", "Projects", 2, "PAY"), code="PAY", control=control)
    assert tolerance(row, length, Policy()) == expected
