"""Short hands for writing the twelve weeks: days of 2026, events of one thing, cells that people type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time

from pmosync.emulation.events import CellTyped, Event, ItemCreated, ItemMoves, MilestoneDated, MilestoneOpens, Stage
from pmosync.mapping.tabs import input_tabs
from pmosync.sheet import Value

AUTHOR = "li.na"
BEFORE = "08-20"


def day(text: str) -> date:
    """A day of 2026, written as month and day: 09-03."""
    return date.fromisoformat(f"2026-{text}")


def at(text: str, hour: int = 3, minute: int = 0) -> datetime:
    """A UTC instant of that day; hour 3 is 11:00 in Shanghai."""
    return datetime.combine(day(text), time(hour, minute), tzinfo=UTC)


def version(code: str, due: str, *, start: str = "", opened: str = BEFORE, **fields: str) -> MilestoneOpens:
    """A Jira version of PAY called ``Release CODE``, unless ``project`` and ``title`` say else; "" is no date."""
    return MilestoneOpens(
        at=at(opened),
        by=AUTHOR,
        system="jira",
        key=code,
        project=fields.get("project", "PAY"),
        title=fields.get("title", f"Release {code}"),
        form="version",
        due=day(due) if due else None,
        start=day(start) if start else None,
    )


def gitlab_milestone(code: str, due: str) -> MilestoneOpens:
    """A GitLab milestone of wms/api called ``Release CODE``."""
    return MilestoneOpens(
        at=at(BEFORE),
        by=AUTHOR,
        system="gitlab",
        key=code,
        project="wms/api",
        title=f"Release {code}",
        form="milestone",
        due=day(due),
    )


def redated(on: str, code: str, due: str) -> MilestoneDated:
    """Somebody types another date into the source."""
    return MilestoneDated(at=at(on), by=AUTHOR, key=code, due=day(due))


def items(
    code: str, dues: Sequence[str], *, restricted: frozenset[int] = frozenset(), assignee: str = AUTHOR
) -> Iterator[ItemCreated]:
    """Stories of a version, assigned to one person: PAY-M13's are PAY-1301, PAY-1302 …, each due on its day ("" = undated)."""
    number = int(code.rpartition("-M")[2])
    for place, due in enumerate(dues, start=1):
        yield ItemCreated(
            at=at(BEFORE, 4),
            by=AUTHOR,
            system="jira",
            key=f"PAY-{number}{place:02d}",
            project="PAY",
            title=f"Work {place} of {code}",
            milestone=code,
            assignee=assignee,
            due=day(due) if due else None,
            restricted=place in restricted,
        )


def moved(on: str, to: Stage, *keys: str) -> Iterator[ItemMoves]:
    """Items change their stage."""
    return (ItemMoves(at=at(on, 4), by=AUTHOR, key=key, to=to) for key in keys)


def typed(on: str, tab: str, code: str, **cells: Value) -> Iterator[Event]:
    """Cells of one row, addressed as people see them: the tab's title, the row's first cell, the column's header."""
    layout = next(each for each in input_tabs() if each.key == tab)
    for column, value in cells.items():
        label = layout.column(column).labels["en"]
        yield CellTyped(at=at(on, 5), by=AUTHOR, tab=layout.titles["en"], code=code, column=label, value=value)


def said(on: str, code: str, **cells: Value) -> Iterator[Event]:
    """Cells of a milestone's own row."""
    return typed(on, "milestone_inputs", code, **cells)


def decided(on: str, number: str, kind: str, codes: str, **cells: Value) -> Iterator[Event]:
    """A row of Decisions, dated and typed on one day."""
    return typed(on, "decisions", number, day=day(on), type=kind, codes=codes, reason="决议", **cells)
