"""What people say to lines of Attention and of the slip ledger by the ids of these, and of reports and projects by day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from pmosync.compute.asides import CONCERNS, problems, untimely
from pmosync.compute.calendars import clocks
from pmosync.compute.policy import Policy
from pmosync.dashboard.words import found
from pmosync.model import (
    AttentionAnswerRow,
    LedgerAnswerRow,
    Move,
    Place,
    Plan,
    Problem,
    ProjectNoteRow,
    ProjectRow,
    ReportTextRow,
)

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


# ---------------------------------------------------------------- by day

NOW = datetime(2026, 3, 6, 4, tzinfo=UTC)


def typed(cadence: str, period: str, sent: date | None = None) -> list[Problem]:
    """What is told on Friday, 6 March 2026 of a report text of a project with that cadence."""
    addresses = {"period": "'Report texts'!B3", "sent_on": "'Report texts'!D3"}
    place = Place("plan", "Report texts", 3, "x", addresses=addresses)
    row = ReportTextRow(place=place, project="pay", period=period, text="final words", sent_on=sent)
    return told_of(Plan(projects=(project(cadence),), texts=(row,)))


def confirmed(day: date) -> list[Problem]:
    """What is told on that Friday of a project that was confirmed on a day."""
    place = Place("plan", "My projects", 3, "PAY", addresses={"confirmed_on": "'My projects'!E3"})
    return told_of(Plan(projects=(project(""),), notes=(ProjectNoteRow(place=place, code="PAY", confirmed_on=day),)))


def project(cadence: str) -> ProjectRow:
    """PAY."""
    return ProjectRow(place=Place("plan", "Projects", 2, "PAY"), code="PAY", cadence=cadence)


def told_of(plan: Plan) -> list[Problem]:
    """What is told of a plan on that Friday."""
    return list(untimely(plan, clocks((), plan.projects, Policy(), NOW), Policy()))


@pytest.mark.parametrize(
    ("cadence", "period"),
    [
        ("weekly", "2026-W10"),
        ("weekly", " ２０２６-w10 "),
        ("weekly", "2026-W53"),
        ("biweekly", "2026-W11"),
        ("monthly", "2026-03"),
        ("每日", "2026-03-06"),
    ],
)
def test_a_period_of_the_projects_cadence_is_no_finding(cadence: str, period: str) -> None:
    """As Reports call it, in any spelling, also one that is to come."""
    assert typed(cadence, period) == []


@pytest.mark.parametrize(
    ("cadence", "period", "example"),
    [
        ("weekly", "W10", "2026-W10"),
        ("weekly", "2026-W54", "2026-W10"),
        ("weekly", "2027-W53", "2026-W10"),
        ("weekly", "0001-W01", "2026-W10"),
        ("weekly", "9999-12-31", "2026-W10"),
        ("weekly", "2026-03", "2026-W10"),
        ("biweekly", "2026-W10", "2026-W11"),
        ("monthly", "2026-W10", "2026-03"),
        ("monthly", "2026-13", "2026-03"),
        ("7", "last week", "2026-03-13"),
    ],
)
def test_a_period_that_is_none_is_told_at_its_cell(cadence: str, period: str, example: str) -> None:
    """Its text is shown nowhere and its report stays owed: the finding says how the period is written."""
    (told,) = typed(cadence, period)
    assert (told.rule, told.code, told.place) == ("unknown-period", "PAY", "'Report texts'!B3")
    assert period in told.message
    assert told.remedy == f"write the period as on Reports, such as {example}"


def test_the_example_is_the_period_in_which_the_report_was_sent() -> None:
    """A report is sent in the period of which it tells, or soon after it."""
    (told,) = typed("weekly", "W8", date(2026, 2, 20))
    assert told.remedy.endswith("2026-W08")


def test_periods_of_another_cadence_that_are_over_are_no_finding() -> None:
    """A project that reported each week and reports each month now has old reports by week: only the names of the period that
    runs and of the one before it, of which a report may be owed, are to be its own.
    """
    assert typed("monthly", "2026-W04", date(2026, 1, 23)) == []
    assert [each.rule for each in typed("monthly", "2026-W06")] == ["unknown-period"]


def test_a_day_that_has_not_come_is_told_at_its_cell() -> None:
    """Nothing was sent or confirmed on it yet, and it does not count. Today has come."""
    assert typed("weekly", "2026-W10", date(2026, 3, 6)) == confirmed(date(2026, 3, 6)) == []
    (sent,), (said,) = typed("weekly", "2026-W10", date(2027, 3, 6)), confirmed(date(2027, 3, 6))
    assert (sent.rule, sent.code, sent.place) == ("day-ahead", "PAY", "'Report texts'!D3")
    assert (said.rule, said.code, said.place) == ("day-ahead", "PAY", "'My projects'!E3")
    assert ("2027-03-06" in sent.message, "2027-03-06" in said.message) == (True, True)


def test_what_is_untimely_is_told_in_chinese() -> None:
    """With the tab's own name, the period as it is to be written and the day."""
    (period,), (sent,), (said,) = (
        typed("weekly", "W10"),
        typed("weekly", "2026-W10", date(2027, 3, 6)),
        confirmed(date(2027, 3, 6)),
    )
    assert found(period, "zh-CN") == (
        "PAY 的报告定稿所填的报告期“W10”不是该项目的报告期：定稿不予显示，也没有哪一期因此计为已发送",
        "按“状态报告”中的写法填写，例如 2026-W10",
    )
    assert found(sent, "zh-CN")[0] == "PAY 的报告（2026-W10）的发送日期 2027年3月6日 尚未到来：不计为已发送"
    assert found(said, "zh-CN")[0] == "PAY 的确认日期 2027年3月6日 尚未到来：不计为已确认"


def test_an_assessment_tells_what_is_untimely(story: Story) -> None:
    """Of projects that there are: a code that is none is told as such."""
    row = ReportTextRow(place=story.place("Report texts", "x"), project="PAY", period="W10")
    story.plan["texts"] = (row, replace(row, project="NONE"))
    story.assess()
    assert [each.code for each in story.last.findings if each.rule == "unknown-period"] == ["PAY"]
