"""Since when people say something in a row that has no history of its own: that a report was sent, how a line of Attention is
answered. A day that is typed does not tell what was known when it was typed; the sync that saw it does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pmosync.mapping.text import fold
from pmosync.model import AttentionAnswerRow, PlanRow, ReportTextRow

ENTITIES = ("report_text", "attention_answer")
"""The rows of which it is known."""


def since(versions: Iterable[tuple[str, datetime, PlanRow]]) -> Mapping[str, datetime]:
    """By the ``name`` of each row: the sync that saw first what it says until now. ``versions`` are (row, seen, what it said),
    each row's in the order of time; a row that says nothing of the kind now is left out.
    """
    found: dict[str, tuple[str, Any, datetime]] = {}
    for row, seen, said in versions:
        mark = (name(said), _said(said))
        before = found.get(row)
        found[row] = before if before is not None and before[:2] == mark else (*mark, seen)
    told: dict[str, datetime] = {}
    for called, mark, seen in found.values():
        if mark:
            told[called] = max(told.get(called, seen), seen)
    return told


def name(row: PlanRow) -> str:
    """What a row is called, however it is spelled; "" of one of another kind."""
    match row:
        case ReportTextRow():
            return sent(row.project, row.period)
        case AttentionAnswerRow():
            return f"answer:{fold(row.id)}"
        case _:
            return ""


def sent(project: str, period: str) -> str:
    """The name of the row that tells of a project's report on a period."""
    return f"report:{fold(project)}:{fold(period)}"


def _said(row: PlanRow) -> Any:
    match row:
        case ReportTextRow():
            return row.sent_on is not None
        case AttentionAnswerRow():
            return (
                (row.answer.strip(), row.snooze, bool(row.done)) if row.answer.strip() or row.snooze or row.done else ()
            )
        case _:
            return None
