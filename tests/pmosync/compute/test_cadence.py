"""What a milestone promises where nobody typed it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from pmosync.compute.cadence import is_train
from pmosync.model import Promise

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story

THURSDAY = date(2026, 3, 12)


def days(*steps: int) -> list[date]:
    """Days that follow each other by these steps."""
    found = [THURSDAY]
    for step in steps:
        found.append(found[-1] + timedelta(days=step))
    return found


@pytest.mark.parametrize(
    ("steps", "train"),
    [
        ((14, 14, 14), True),
        ((14, 14), False),
        ((14, 17, 11, 14), True),
        ((14, 18, 14), False),
        ((7, 9, 7), True),
        ((7, 10, 7), False),
        ((30, 31, 28), True),
        ((46, 46, 46), False),
        ((14, 14, 28, 14, 14), True),
        ((14, 28, 14), False),
        ((14, 28, 14, 28, 14), False),
        ((90, 60, 120, *(14,) * 8), True),
        ((*(14,) * 8, 90, 60, 120), False),
        ((), False),
    ],
)
def test_a_train_comes_with_a_cadence(steps: tuple[int, ...], train: bool) -> None:
    """Four milestones or more in even steps of at most 45 days; a step may be off by a quarter, or by two days, and of the last
    eight one in four may be of any length: a release was skipped.
    """
    assert is_train(days(*steps)) is train


@pytest.mark.parametrize(
    ("name", "kind", "promise"),
    [
        ("Sprint 12", "", Promise.DATE),
        ("PAY iteration #3", "", Promise.DATE),
        ("第 3 期 迭代12", "", Promise.DATE),
        ("冲刺 7", "", Promise.DATE),
        ("Sprint planning tool", "", Promise.SCOPE),
        ("Blueprint 12", "", Promise.SCOPE),
        ("Autumn", "Sprint", Promise.DATE),
        ("秋季", "迭代", Promise.DATE),
        ("Autumn", "release", Promise.SCOPE),
    ],
)
def test_sprints_promise_their_day(story: Story, name: str, kind: str, promise: Promise) -> None:
    """A sprint or iteration, by its numbered name or by its type, promises a day; anything else its scope."""
    ref = story.version("PAY-M01", THURSDAY)
    story.sources[ref] = replace(story.sources[ref], title=name)
    story.typed("PAY-M01", type=kind)
    assert story.assessed().promise is promise


def test_a_release_train_promises_its_days(story: Story) -> None:
    """A series of one project and type that comes every other week promises days, each of it; what is typed counts first."""
    for number, day in enumerate(days(14, 14, 14)):
        story.version(f"PAY-M0{number}", day)
        story.typed(f"PAY-M0{number}", type="release")
    story.version("PAY-M07", THURSDAY)
    story.typed("PAY-M07", type="gate")
    story.typed("PAY-M02", promise=Promise.SCOPE)
    story.assess()
    found = {each.milestone.code: each.promise for each in story.last.milestones}
    assert [code for code, promise in found.items() if promise is Promise.DATE] == ["PAY-M00", "PAY-M01", "PAY-M03"]
