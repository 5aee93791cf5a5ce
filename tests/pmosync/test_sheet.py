"""The vocabulary of sheets: what makes two headers one."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pmosync.sheet import Column, Kind, Link, Tab, Table, normalised, spots


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ＬＥＶＥＬ", "Level"),
        ("里程碑\n名称", "里程碑名称"),
        ("里程碑 代码", "里程碑代码"),
        ("Target\ndate", "Target date"),
        ("目标日期 （ 计划 ）", "目标日期(计划)"),
        ("done_when", "Done when"),
        ("ＯＫＲ 目标", "OKR目标"),
    ],
)
def test_headers_are_one_however_they_are_typed(typed: str, meant: str) -> None:
    """Width, case, punctuation and breaks in a cell tell no columns apart; neither do spaces beside Chinese characters."""
    assert normalised(typed) == normalised(meant)


@pytest.mark.parametrize(("one", "other"), [("start date", "startdate"), ("目标", "目标日期"), ("Level", "Levels")])
def test_other_words_are_other_headers(one: str, other: str) -> None:
    """A space between two words of English is what tells them from one."""
    assert normalised(one) != normalised(other)


def test_a_column_is_found_under_such_a_header() -> None:
    """The first of two headers that are one counts."""
    columns = (Column("name", "里程碑名称"), Column("level", "Level"))
    assert spots(["代码", "里程碑\n名称", "ＬＥＶＥＬ", "level"], columns) == {"name": 1, "level": 2}


def test_a_new_page_begins_at_each_marked_row_but_the_first() -> None:
    """What stands before the first mark shares its page; a tab without a mark has no page of its own anywhere."""
    tab = Tab("cut", "Cut", Kind.PUBLISHED, 1, (Column("name", "Name"), Column("code", "Code")), "code", page_mark="◆ ")
    rows = ((None, "told"), ("◆ ", "◆ A"), ("x", "P"), ("y", Link("◆ B", "")), (None, None), ("z", "◆ C"))
    assert Table(tab, rows).page_starts() == (3, 5)
    assert Table(replace(tab, page_mark=""), rows).page_starts() == ()
