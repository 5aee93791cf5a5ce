"""Data confidence: how much stands behind a colour."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import pytest

from pmosync.compute.assessment import MilestoneVerdict, Reason
from pmosync.compute.confidence import PARTS, confidence
from pmosync.compute.reasons import Value

from .conftest import keys

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story


def test_parts_add_up_to_100() -> None:
    """Fresh 25, owners 20, dated 20, mapped statuses 15, movement 10, owner confirmed 10."""
    assert list(PARTS.values()) == [25, 20, 20, 15, 10, 10]
    assert confidence(dict.fromkeys(PARTS, 1.0)) == 100
    assert confidence(dict.fromkeys(PARTS, 0.0)) == 0


@pytest.mark.parametrize(
    ("part", "points"),
    [("fresh", 25), ("owners", 20), ("dated", 20), ("mapped", 15), ("movement", 10), ("confirmed", 10)],
)
def test_each_part_has_its_weight(part: str, points: int) -> None:
    """Each part counts with its share; a share beyond 1 counts as 1."""
    assert confidence({**dict.fromkeys(PARTS, 0.0), part: 1.7}) == points


def test_a_milestone_without_items_has_its_own_owner_and_date(story: Story) -> None:
    """Without open items the milestone's own owner and date count; nothing moved and nobody confirmed."""
    story.version("PAY-M01", date(2026, 6, 12))
    story.project("PAY", manager="")
    assert story.assessed().confidence == 25 + 20 + 15
    story.project("PAY", manager="Li")
    assert story.assessed().confidence == 25 + 20 + 20 + 15


def test_items_count_by_their_share(story: Story) -> None:
    """Owners, dates and mapped statuses count by the share of open items that have them."""
    story.version("PAY-M01", date(2026, 6, 12))
    story.scope("PAY-M01", total=8, delivered=4, open=4, dated_open=2, unmapped=1)
    for number in range(4):
        story.item("PAY-M01", f"PAY-{number}", owner="a" if number else "")
    assert story.assessed().confidence == round(25 + 15 + 10 + 15 * 3 / 4 + 10)


def test_movement_and_confirmation_grow_old(story: Story) -> None:
    """Movement counts until nothing moved for 10 wd, a person's word on the row for two reporting periods."""
    story.version("PAY-M01", date(2026, 6, 12))
    story.typed("PAY-M01", owner="Li", forecast=date(2026, 6, 10))
    story.scope("PAY-M01", total=1, delivered=1)
    assert story.on(date(2026, 3, 13)).confidence == 100
    assert story.on(date(2026, 3, 16)).confidence == 90
    assert story.on(date(2026, 3, 17)).confidence == 80


def test_a_part_is_called_by_what_is_counted(story: Story) -> None:
    """The open items that have an owner and a date; the milestone's own owner and date where nothing is open."""
    story.version("PAY-M01", date(2026, 6, 12))
    assert {"own_owners", "own_dated"} <= set(_points(story.assessed()))
    story.scope("PAY-M01", total=1, open=1)
    story.item("PAY-M01", "PAY-41")
    assert {"owners", "dated"} <= set(_points(story.assessed()))


def test_what_nothing_moves_has_no_points_for_movement(story: Story) -> None:
    """On the day on which the colour says that nothing moved for 10 wd, movement gives nothing."""
    story.version("PAY-M01", date(2026, 3, 20))
    story.typed("PAY-M01", owner="Li")
    story.scope("PAY-M01", total=4, open=4, dated_open=4, started=1)
    verdict = story.on(date(2026, 3, 16))
    assert "quiet" in keys(verdict)
    assert _points(verdict)["movement"] == 0


def test_the_chain_tells_when_work_moved_and_a_person_spoke(story: Story) -> None:
    """What grows old has the day from which it does: of the movement, and of the last word of a person."""
    story.version("PAY-M01", date(2026, 6, 12))
    story.scope("PAY-M01", total=1, delivered=1)
    assert _days(story.assessed()) == {"movement": date(2026, 3, 2)}
    story.on(date(2026, 3, 4))
    story.typed("PAY-M01", forecast=date(2026, 6, 10))
    assert _days(story.assessed()) == {"movement": date(2026, 3, 2), "confirmed": date(2026, 3, 4)}


def test_a_source_that_is_behind_is_half_fresh(story: Story) -> None:
    """Fresh counts in full, behind by half, stale not at all."""
    story.version("PAY-M01", date(2026, 6, 12))
    full = story.assessed().confidence
    story.failed.add("jira")
    assert story.on(date(2026, 3, 4)).confidence == full - 12
    assert story.on(date(2026, 3, 6)).confidence == full - 25


def test_the_chain_tells_the_points_reached(story: Story) -> None:
    """Not how much each part could give, but how much it gave: the points add up to the answer."""
    story.version("PAY-M01", date(2026, 5, 20))
    story.scope("PAY-M01", total=4, open=4, dated_open=2)
    story.item("PAY-M01", "PAY-41")
    verdict = story.assessed()
    points = _points(verdict)
    assert {part: points[part] for part in ("owners", "dated")} == {"owners": 0, "dated": 10}
    assert sum(points.values()) == verdict.confidence


def _told(verdict: MilestoneVerdict) -> list[Mapping[str, Value]]:
    step = next(each for each in verdict.steps if each.field == "confidence")
    return [each.values for each in step.inputs if isinstance(each, Reason)]


def _points(verdict: MilestoneVerdict) -> dict[str, float]:
    return {str(each["part"]): float(str(each["points"])) for each in _told(verdict)}


def _days(verdict: MilestoneVerdict) -> dict[str, Value]:
    return {str(each["part"]): each["last"] for each in _told(verdict) if each.get("last")}
