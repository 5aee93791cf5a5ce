"""The Reports tab: who owes a report, and what the next one would say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from msgspec.structs import replace

from pmosync.dashboard.build import build
from pmosync.dashboard.content import Content
from pmosync.model import Place, ReportTextRow
from pmosync.sheet import Value


def rows(content: Content) -> list[dict[str, Value]]:
    """The tab's rows by column."""
    table = next(table for table in build(content) if table.tab.key == "reports")
    return [dict(zip((column.key for column in table.tab.columns), row, strict=True)) for row in table.rows]


def test_overdue_ones_come_first(story: Callable[..., Content]) -> None:
    """With the period to type, the text typed for it, and the draft of the days since the last one was sent."""
    content = story()
    pay = replace(content.assessment.projects[0].row, committed_on=date(2026, 1, 5))
    texts = tuple(
        ReportTextRow(
            place=Place("plan", "report_texts", 2, "PAY"), project="PAY", period=period, text=text, sent_on=day
        )
        for period, text, day in (("2026-W47", "old", date(2026, 11, 20)), ("2026-W48", "nearly ready", None))
    )
    told = replace(
        content,
        plan=replace(content.plan, texts=texts),
        assessment=replace(
            content.assessment,
            projects=tuple(
                replace(each, row=pay) if each.row.code == "PAY" else each for each in content.assessment.projects
            ),
        ),
    )
    first, second = rows(told)
    assert (first["code"], first["state"], first["late"], first["period"]) == ("PAY", "overdue", 2, "2026-W48")
    assert (first["text"], first["sent"], first["since"]) == ("nearly ready", None, date(2026, 11, 20))
    assert (second["code"], second["state"]) == ("OLD", "draft")
    assert "PAY-M03" in str(first["next"])
