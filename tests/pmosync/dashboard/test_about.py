"""About says by what rules the colours come about: all of them, as they stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from pmosync.compute.policy import COLOUR_RULES, ColourRule, Policy, Tolerance
from pmosync.compute.rag import LIMITS, limit_values
from pmosync.dashboard.build import build
from pmosync.dashboard.content import Content
from pmosync.sheet import Table

Story = Callable[..., Content]


def about(story: Story, language: str = "en", **rules: Any) -> Table:
    """About under these rules."""
    assessment = replace(story().assessment, policy=Policy(**rules))
    return next(table for table in build(story(language, assessment=assessment)) if table.tab.key == "about")


def other(value: Any) -> Any:
    """Another value of the same kind."""
    match value:
        case bool():
            return not value
        case int():
            return value + 17
        case float():
            return value / 2
        case str():
            return "Europe/Berlin" if value else "confirmed"
        case Tolerance():
            return Tolerance(value.amber + 17, value.red + 17)
        case tuple():
            return COLOUR_RULES[1:]
        case _:
            return {"Chengdu": "CN"}


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("rule", Policy.__struct_fields__)
def test_every_rule_in_force_is_printed(story: Story, rule: str, language: str) -> None:
    """Whatever a site sets under `policy:` can be read on About: with another value the page reads otherwise."""
    changed = {rule: other(getattr(Policy(), rule))}
    assert about(story, language, **changed).rows != about(story, language).rows


def test_the_colour_table_is_printed_as_it_stands(story: Story) -> None:
    """A site's own row stands there with field, operator, value, letter and reason; a named limit shows its number."""
    own = ColourRule("moves", "ge", 7, "R", "retargets", "yes")
    rows = about(story, colours=(*COLOUR_RULES, own), blocking_exposure=20).rows
    assert (None, "Red", "moves ≥ 7", "because: retargets; at once: yes") in rows
    assert (None, "Red", "exposure ≥ blocking_exposure (20)", "because: blocking_risk; at once: yes") in rows


@pytest.mark.parametrize("limit", sorted(LIMITS))
def test_a_named_limit_is_that_of_the_policy(story: Story, limit: str) -> None:
    """Whichever number a rule names, the one in force by that name is compared and printed; nothing is kept apart."""
    share = isinstance(getattr(Policy(), limit), float)
    changed: dict[str, Any] = {limit: 1.0 if share else 1}
    assert limit_values(Tolerance(2, 5), Policy(**changed))[limit] == 1
    own, shown = ColourRule("moves", "ge", limit, "A", "retargets"), "100%" if share else "1"
    printed = about(story, colours=(own,), **changed).rows
    assert any(f"moves ≥ {limit} ({shown})" in row for row in printed)


def test_the_tolerance_behind_red_is_printed_for_every_kind_of_plan(story: Story) -> None:
    """What Red by slip means depends on the project: all three numbers stand there."""
    for language, shown in (("en", "key 6, part-time 10, short plans 3"), ("zh-CN", "重点 6，兼职 10，短期计划 3")):
        rows = about(story, language, key=Tolerance(2, 6)).rows
        assert any(f"slip > red ({shown})" in row for row in rows)


@pytest.mark.parametrize(
    ("language", "about_it", "beside_it"),
    [("en", "first sync", "before our first sync"), ("zh-CN", "首次同步", "首次同步之前")],
)
def test_it_says_from_when_on_dates_are_known(story: Story, language: str, about_it: str, beside_it: str) -> None:
    """A version's or milestone's dates have no history in their system: About says that ours begins with our first sync, and
    so does the note of the column that counts moves.
    """
    lines = [str(row[2]) for row in about(story, language).rows]
    assert sum(about_it in line for line in lines) == 1
    milestones = next(table for table in build(story(language)) if table.tab.key == "milestones")
    (column,) = [column for column in milestones.tab.columns if column.key == "retargets"]
    assert beside_it in column.note
