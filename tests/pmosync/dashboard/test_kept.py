"""Which words turn the pages that are kept: a page that holds none of them reads as before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from pmosync.dashboard.content import Content
from pmosync.dashboard.kept import Reading, reading, turned
from pmosync.dashboard.readable import readable
from pmosync.model import PersonRow, Place

Story = Callable[..., Content]
READERS = Reading("en", "UTC", people=True, sees_restricted=False)
LI = PersonRow(place=Place("plan", "people", 2, "li"), key="li@x.example", name="Li Na")


def read(content: Content, **more: Any) -> Reading:
    """How the pages of a content are read."""
    return reading(readable(content), replace(READERS, people=content.people, **more))


def changed(content: Content, **more: Any) -> Content:
    """The content with its milestone PAY-M03 changed."""
    told = content.assessment
    verdicts = (replace(each, **more) if each.milestone.code == "PAY-M03" else each for each in told.milestones)
    return replace(content, assessment=replace(told, milestones=tuple(verdicts)))


def test_nothing_turns_a_page_of_the_same_day(story: Story) -> None:
    """Neither another hour nor other figures: a page is frozen."""
    content = story()
    later = changed(replace(content, generated_at=datetime(2026, 12, 2, tzinfo=UTC)), slip=99, owner="Eve")
    assert turned(read(content), read(later)) == frozenset()


def test_what_is_hidden_turns_the_pages_that_tell_of_it(story: Story) -> None:
    """By its code and its names, in both directions; what is not visible any more by its code."""
    content = story()
    secret = read(changed(content, restricted=True))
    words = turned(read(content), secret)
    assert words == turned(secret, read(content))
    assert words is not None
    assert {"Public beta 公测", "PAY-M03", "pay-m03"} <= words
    assert not {"PAY-M99", "pay-m99"} & words
    gone = read(changed(content, gone_since=datetime(2026, 11, 30, tzinfo=UTC)))
    assert turned(read(content), gone) == frozenset({"pay-m03"})


def test_who_joins_turns_pages_where_nobody_is_named_alone(story: Story) -> None:
    """A person of whom a text told before anybody knew that name is covered in what was kept."""
    content = story()
    joined = replace(content, plan=replace(content.plan, people=(LI,)))
    assert turned(read(content), read(joined)) == frozenset()
    bare, more = (read(replace(each, people=False)) for each in (content, joined))
    assert turned(bare, more) == frozenset({"Li Na", "li@x.example"})


def test_what_a_workbook_is_about_turns_pages(story: Story) -> None:
    """By the codes that come and go."""
    content = story()
    one, two = read(content, about=frozenset({"chk", "pay"})), read(content, about=frozenset({"chk", "old"}))
    assert turned(one, two) == frozenset({"pay", "old"})


@pytest.mark.parametrize(
    "more", [{"language": "zh-CN"}, {"zone": "Asia/Shanghai"}, {"people": False}, {"about": frozenset()}]
)
def test_another_manner_turns_all(more: dict[str, Any]) -> None:
    """Language, time zone, and whether people are named or the workbook is about all."""
    assert turned(READERS, replace(READERS, **more)) is None
