"""Which things have a row in an input tab."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from msgspec.structs import replace

from pmosync.dashboard.content import Content
from pmosync.dashboard.input_codes import lines_of
from pmosync.model import BindingRow, CalendarRow, Place, PlanRow, Problem, ProjectRow
from pmosync.raw import Scope

Story = Callable[..., Content]


def place(tab: str, title: str, code: str, column: str = "code") -> Place:
    """The seventh row of a tab."""
    return Place("plan", tab, 7, code, {column: f"{title}!A7"})


@pytest.mark.parametrize(
    ("key", "row", "known_as"),
    [
        (
            "bindings",
            BindingRow(
                place=place("bindings", "Bindings", "PAY"), code="PAY", system="jira", scope=Scope("project", "PAY")
            ),
            "PAY/jira/Project/PAY",
        ),
        (
            "calendar",
            CalendarRow(place=place("calendar", "Calendar", "holiday", "kind"), kind="holiday", first=date(2026, 1, 2)),
            "holiday/2026-01-02",
        ),
        ("projects", ProjectRow(place=place("projects", "Projects", "PAY"), code="PAY"), "pay"),
    ],
)
def test_a_row_without_its_code_is_not_put_there_again(story: Story, key: str, row: PlanRow, known_as: str) -> None:
    """It stands there, and what it said is in force; also where several columns tell rows apart, and in every spelling."""
    content = story()
    content = replace(content, plan=replace(content.plan, **{key: (row,)}))
    assert [each.row for each in lines_of(content, key)] == [row]
    cleared = Problem(rule="code-cleared", place=f"{key.capitalize()}!A7", message="cleared", code=known_as)
    content = replace(content, assessment=replace(content.assessment, findings=(cleared,)))
    assert lines_of(content, key) == ()
