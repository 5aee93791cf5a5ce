"""Since when a row says what it says, of rows whose typed day does not tell when it was typed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from pmosync.compute import marks
from pmosync.model import AttentionAnswerRow, Place, ReportTextRow

NOWHERE = Place("plan", "", 2, "", {})
DAY = date(2026, 3, 6)


def at(hour: int) -> datetime:
    """A sync."""
    return datetime(2026, 3, 6, hour, tzinfo=UTC)


def report(**fields: Any) -> ReportTextRow:
    """A report's row."""
    return ReportTextRow(place=NOWHERE, project="PAY", period="2026-W10", **fields)


def answer(**fields: Any) -> AttentionAnswerRow:
    """An answer's row."""
    return AttentionAnswerRow(place=NOWHERE, id="late:PAY-M01", **fields)


def test_a_report_is_sent_since_it_was_marked_so_first() -> None:
    """Another text or day of sending moves it no more; unmarked and marked again it is sent since then."""
    first = [
        ("r", at(1), report()),
        ("r", at(2), report(sent_on=DAY)),
        ("r", at(3), report(sent_on=DAY, text="mended")),
    ]
    name = marks.sent("pay", "2026-w10")
    assert marks.since(first) == {name: at(2)}
    again = [*first, ("r", at(4), report(text="mended")), ("r", at(5), report(sent_on=date(2026, 3, 7)))]
    assert marks.since(again) == {name: at(5)}
    assert marks.since(again[:4]) == {}


@pytest.mark.parametrize("later", [{"answer": "another"}, {"answer": "said", "snooze": DAY}, {"done": True}])
def test_an_answer_counts_from_when_it_was_given(later: dict[str, Any]) -> None:
    """An answer that is changed is a new one; one that says nothing is none."""
    before = [("a", at(1), answer(answer="said")), ("a", at(2), answer(answer=" said "))]
    assert marks.since(before) == {"answer:late:pay-m01": at(1)}
    assert marks.since([*before, ("a", at(3), answer(**later))]) == {"answer:late:pay-m01": at(3)}
    assert marks.since([*before, ("a", at(3), answer(done=False))]) == {}


def test_of_two_rows_of_one_name_the_later_counts() -> None:
    """Somebody answered anew in a second row."""
    assert marks.since([("b", at(2), answer(done=True)), ("a", at(1), answer(answer="said"))]) == {
        "answer:late:pay-m01": at(2)
    }
