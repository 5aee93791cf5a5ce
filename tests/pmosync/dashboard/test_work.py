"""The tab of work items."""

from __future__ import annotations

from pmosync.dashboard.work import FIELDS
from pmosync.sheet import Format


def test_an_item_of_two_milestones_shows_both_codes() -> None:
    """The column is as wide as one code: more of them go on below."""
    (column,) = [each for each in FIELDS if each.key == "milestones"]
    assert column.format is Format.WRAP
