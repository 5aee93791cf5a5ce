"""Data confidence: how much stands behind a colour."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from pmosync.compute.assessment import Reason
from pmosync.compute.confidence import PARTS, confidence

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
    """Movement counts for 10 wd, a person's word on the row for two reporting periods."""
    story.version("PAY-M01", date(2026, 6, 12))
    story.typed("PAY-M01", owner="Li", forecast=date(2026, 6, 10))
    story.scope("PAY-M01", total=1, delivered=1)
    assert story.on(date(2026, 3, 16)).confidence == 100
    assert story.on(date(2026, 3, 17)).confidence == 80


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
    step = next(each for each in verdict.steps if each.field == "confidence")
    told = [each.values for each in step.inputs if isinstance(each, Reason)]
    points = {str(each["part"]): each["points"] for each in told}
    assert {part: points[part] for part in ("owners", "dated")} == {"owners": 0, "dated": 10}
    assert sum(float(each["points"]) for each in told if not isinstance(each["points"], date)) == verdict.confidence
