"""What people say to lines of Attention and of the slip ledger, by the ids of these."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from pmosync.compute.asides import CONCERNS, problems
from pmosync.dashboard.words import found
from pmosync.model import AttentionAnswerRow, LedgerAnswerRow, Move, Place, Plan, Problem

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story

SEEN = datetime(2026, 3, 2, 6, 15, tzinfo=UTC)
MOVE = Move(code="PAY-M01", field="target", day=date(2026, 3, 2), seen=SEEN)
MOVED = "PAY-M01:target:20260302T061500Z"


def place(tab: str) -> Place:
    """The third row of a tab, whose ids stand in its first column."""
    return Place("plan", tab, 3, "x", addresses={"id": f"'{tab}'!A3"})


def answered(name: str) -> list[Problem]:
    """What is told of an answer to this line of Attention."""
    row = AttentionAnswerRow(place=place("Attention answers"), id=name, answer="next week")
    return list(problems(Plan(answers=(row,)), ["PAY-M01", "PAY"], {}))


def caused(name: str, move: Move = MOVE) -> list[Problem]:
    """What is told of a cause given to this row of the ledger."""
    row = LedgerAnswerRow(place=place("Slip causes"), id=name, cause="scope")
    return list(problems(Plan(causes=(row,)), ["PAY-M01"], {"PAY-M01": (move,)}))


@pytest.mark.parametrize(
    "name", ["late:PAY-M01", "LATE:pay-m01", "review:PAY", *(f"{rule}:PAY" for rule in sorted(CONCERNS))]
)
def test_an_answer_to_a_line_that_is_over_or_may_come_is_no_finding(name: str) -> None:
    """Lines of Attention come and go: whatever rule and code of ours are named, the answer waits for its line."""
    assert answered(name) == []


@pytest.mark.parametrize("name", ["late:PAY-M77", "lat:PAY-M01", "PAY-M01", "late", ":", "late:PAY-M01:x"])
def test_an_answer_to_no_line_of_attention_is_told_at_its_cell(name: str) -> None:
    """An id that is no rule's, or of a code that nobody knows, can never be a line: the answer would be lost in silence."""
    (told,) = answered(name)
    assert (told.rule, told.place, told.remedy) == (
        "unknown-id",
        "'Attention answers'!A3",
        "copy the id from Attention",
    )
    assert name in told.message


def test_a_cause_given_to_no_row_of_the_ledger_is_told_at_its_cell() -> None:
    """Rows of the ledger never go: an id that is none's is mistyped. The first date known is no move, and has no row."""
    assert caused(MOVED) == caused(MOVED.lower()) == []
    for told in (*caused(MOVED + "x"), *caused(MOVED, replace(MOVE, opening=True))):
        assert (told.rule, told.code, told.place) == ("unknown-id", "PAY-M01", "'Slip causes'!A3")
    assert len(caused(MOVED, replace(MOVE, opening=True))) == 1


def test_unknown_ids_are_told_in_chinese_by_the_tabs_own_names() -> None:
    """A reader in Chinese finds the tab by the name that it bears there."""
    (attention,), (ledger,) = answered("late:X"), caused("X")
    assert found(attention, "zh-CN") == (
        "“late:X”不是“待关注”中任何一行的编号：所填内容不起作用",
        "从“待关注”复制编号",
    )
    assert found(ledger, "zh-CN")[1] == "从“延期台账”复制编号"


def test_an_assessment_tells_unknown_ids(story: Story) -> None:
    """They are among the findings of every sync."""
    story.version("PAY-M01", date(2026, 6, 12))
    row = AttentionAnswerRow(place=story.place("Attention answers", "a"), id="late:PAY-M77")
    story.plan["answers"] = (row, replace(row, id="late:PAY-M01"))
    story.assess()
    assert [each.code for each in story.last.findings if each.rule == "unknown-id"] == ["PAY-M77"]
