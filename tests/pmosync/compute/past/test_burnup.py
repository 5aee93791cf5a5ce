"""Scope and delivery of a milestone by day, rebuilt from its items' entries: each case states its rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from pmosync.compute.past.burnup import Course, ScopeDay, milestone_history
from pmosync.compute.past.items import Lived, records
from pmosync.mapping import load_mapping
from pmosync.model import Category, Change, Outcome, WorkItem
from pmosync.raw import Ref

BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOW = BEGAN + timedelta(days=90)
V1, V2, EPIC = Ref("jira", "version", "1"), Ref("jira", "version", "2"), Ref("jira", "epic", "1")
UTC_ZONE = ZoneInfo("UTC")
COURSE = Course("PAY-M01", (V1,), UTC_ZONE)
WORKFLOWS = {("jira", kind): workflow for kind, workflow in load_mapping("jira").workflows.items()}
TABLE = tuple(
    WorkItem(
        ref=Ref("jira", "issue", f"p{status}"), key="", title="", status=status, category=category, outcome=outcome
    )
    for status, category, outcome in (
        ("To Do", Category.TODO, Outcome.OPEN),
        ("Done", Category.DONE, Outcome.DELIVERED),
        ("Rejected", Category.DONE, Outcome.UNDELIVERED),
    )
)
"""Items in no milestone, by which statuses are known."""


def day(number: float) -> datetime:
    """So many days after the beginning."""
    return BEGAN + timedelta(days=number)


def item(number: int, *milestones: Ref, status: str = "To Do", created: float = 0, **fields: Any) -> WorkItem:
    """An item as it is now."""
    like = next(peer for peer in TABLE if peer.status == status)
    told = {"status": status, "category": like.category, "outcome": like.outcome, "created": day(created), **fields}
    return WorkItem(
        ref=Ref("jira", "issue", str(number)), key=f"PAY-{number}", title="t", milestones=milestones, **told
    )


def change(number: int, at: float, field: str, old: str = "", new: str = "", kind: str = "change") -> Change:
    """An entry on item ``number``; ids for milestones and parents, names for statuses."""
    named = field == "status"
    return Change(
        ref=Ref("jira", kind, f"{number}{round(at * 1000)}.{field}.{old}>{new}"),
        of=Ref("jira", "issue", str(number)),
        field=field,
        old=old if named else "",
        new=new if named else "",
        old_id="" if named else old,
        new_id="" if named else new,
        at=day(at),
    )


def days(items: Sequence[WorkItem | Lived], *changes: Change, course: Course = COURSE) -> tuple[ScopeDay, ...]:
    """The milestone's days."""
    lived = [one if isinstance(one, Lived) else Lived(one) for one in (*items, *TABLE)]
    return tuple(milestone_history(records(lived, changes, WORKFLOWS, {}, NOW), [course]))


def shown(line: ScopeDay) -> str:
    """A day as the cases write it: day of the story, then what is not nothing."""
    words = (
        ("i", line.initial), ("a", line.added), ("r", line.removed), ("b", line.backfilled),
        ("d", line.delivered), ("o", line.open), ("?", line.unsure),
    )  # fmt: skip
    return " ".join([str((line.day - BEGAN.date()).days), *(f"{count}{word}" for word, count in words if count)])


class Case(Struct, frozen=True):
    """A rule, the items now, their entries, and the milestone's days."""

    rule: str
    items: Sequence[WorkItem | Lived]
    changes: Sequence[Change]
    expect: str
    course: Course = COURSE


CASES = (
    Case("what nothing is told of was there since it was created", [item(1, V1)], (), "0 1i 1o"),
    Case(
        "what joins after the first day is added",
        [item(1, V1), item(2, V1, created=1)],
        (change(2, 5, "milestone", "", "1"),),
        "0 1i 1o | 5 1i 1a 2o",
    ),
    Case(
        "what is created in the milestone later is added too",
        [item(1, V1), item(2, V1, created=5)],
        (),
        "0 1i 1o | 5 1i 1a 2o",
    ),
    Case(
        "until the milestone starts all that comes is initial",
        [item(1, V1), item(2, V1, created=5), item(3, V1, created=8)],
        (),
        "0 1i 1o | 5 2i 2o | 8 2i 1a 3o",
        Course("PAY-M01", (V1,), UTC_ZONE, start=date(2026, 3, 8)),
    ),
    Case(
        "a start before the first item came moves nothing",
        [item(1, V1), item(2, V1, created=5)],
        (),
        "0 1i 1o | 5 1i 1a 2o",
        Course("PAY-M01", (V1,), UTC_ZONE, start=date(2026, 1, 1)),
    ),
    Case(
        "what leaves is removed",
        [item(1, V1), item(2, V2)],
        (change(2, 5, "milestone", "1", ""), change(2, 5, "milestone", "", "2")),
        "0 2i 2o | 5 2i 1r 1o",
    ),
    Case(
        "what leaves before the start was never promised",
        [item(1, V1), item(2)],
        (change(2, 3, "milestone", "1", ""),),
        "0 2i 2o | 3 1i 1o",
        Course("PAY-M01", (V1,), UTC_ZONE, start=date(2026, 3, 8)),
    ),
    Case(
        "what comes back is added again",
        [item(1, V1), item(2, V1)],
        (change(2, 5, "milestone", "1", ""), change(2, 9, "milestone", "", "1")),
        "0 2i 2o | 5 2i 1r 1o | 9 2i 1a 1r 2o",
    ),
    Case(
        "delivered is by the day it was delivered",
        [item(1, V1, status="Done"), item(2, V1)],
        (change(1, 5, "status", "To Do", "Done"),),
        "0 2i 2o | 5 2i 1d 1o",
    ),
    Case(
        "what is re-opened is delivered no more",
        [item(1, V1)],
        (change(1, 5, "status", "To Do", "Done"), change(1, 9, "status", "Done", "To Do")),
        "0 1i 1o | 5 1i 1d | 9 1i 1o",
    ),
    Case(
        "what ends undelivered is removed, never delivered",
        [item(1, V1), item(2, V1, status="Rejected")],
        (change(2, 5, "status", "To Do", "Rejected"),),
        "0 2i 2o | 5 2i 1r 1o",
    ),
    Case(
        "what joins after it was delivered is back-filled, not added",
        [item(1, V1), item(2, V1, status="Done")],
        (change(2, 3, "status", "To Do", "Done"), change(2, 9, "milestone", "", "1")),
        "0 1i 1o | 9 1i 1b 1d 1o",
    ),
    Case(
        "what is delivered and put into the milestone at once is added",
        [item(1, V1), item(2, V1, status="Done")],
        (change(2, 9, "status", "To Do", "Done"), change(2, 9, "milestone", "", "1")),
        "0 1i 1o | 9 1i 1a 1d 1o",
    ),
    Case(
        "what is created later with an end before that is back-filled",
        [item(1, V1), item(2, V1, status="Done", created=9, resolved=day(3))],
        (),
        "0 1i 1o | 9 1i 1b 1d 1o",
    ),
    Case(
        "what joined undelivered and came back to open counts nothing in between",
        [item(1, V1), item(2, V1)],
        (
            change(2, 2, "status", "To Do", "Rejected"),
            change(2, 4, "milestone", "", "1"),
            change(2, 9, "status", "Rejected", "To Do"),
        ),
        "0 1i 1o | 9 1i 1a 2o",
    ),
    Case(
        "epics and sub-tasks are no scope",
        [item(1, V1), item(2, V1, level=1), item(3, V1, level=-1)],
        (),
        "0 1i 1o",
    ),
    Case(
        "what left without an entry is unsure from the last entry on, and counted until it is known",
        [item(1, V1), item(2)],
        (change(2, 5, "milestone", "", "1"),),
        "0 1i 1o | 5 1i 1a 2o 1? | 90 1i 1a 1r 1o",
    ),
    Case(
        "what was delivered without an entry is open and unsure until it is known",
        [item(1, V1, status="Done", resolved=day(9))],
        (),
        "0 1i 1o 1? | 9 1i 1d",
    ),
    Case(
        "a gap between two values that count alike makes nothing unsure",
        [item(1, V1, status="Done")],
        (change(1, 5, "status", "To Do", "Weird"), change(1, 9, "status", "Odd", "Done")),
        "0 1i 1o | 9 1i 1d",
    ),
    Case(
        "what is surely gone leaves",
        [item(1, V1), Lived(item(2, V1), day(9))],
        (),
        "0 2i 2o | 9 2i 1r 1o",
    ),
    Case(
        "an epic holds what has it as parent; a version of the same number is another",
        [item(1, EPIC, parent="1"), item(2, V1)],
        (change(1, 5, "parent", "", "1"),),
        "5 1i 1o",
        Course("PAY-M01", (EPIC,), UTC_ZONE),
    ),
    Case(
        "an item in two milestones of one promise counts once, and moving between them changes nothing",
        [item(1, V1, V2), item(2, V2)],
        (change(2, 5, "milestone", "1", ""), change(2, 5, "milestone", "", "2")),
        "0 2i 2o",
        Course("PAY-M01", (V1, V2), UTC_ZONE),
    ),
    Case(
        "a milestone holds nothing before it was made",
        [item(1, V1), item(2, V1, created=6)],
        (),
        "4 1i 1o | 6 1i 1a 2o",
        Course("PAY-M01", (V1,), UTC_ZONE, created=day(4)),
    ),
    Case(
        "days are the project's: nine in the evening UTC is tomorrow in Shanghai",
        [item(1, V1, created=0.5)],
        (),
        "1 1i 1o",
        Course("PAY-M01", (V1,), ZoneInfo("Asia/Shanghai")),
    ),
    Case("a milestone that never held anything has no day", [item(1, V2)], (), ""),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_days(case: Case) -> None:
    """The rule of each case, exactly."""
    assert " | ".join(map(shown, days(case.items, *case.changes, course=case.course))) == case.expect


STEPS = st.lists(
    st.tuples(st.integers(1, 4), st.integers(1, 80), st.sampled_from(("status", "milestone")), st.integers(0, 2)),
    max_size=20,
)


@given(STEPS, st.data())
def test_the_counts_add_up_on_every_day(steps: Sequence[tuple[int, int, str, int]], data: st.DataObject) -> None:
    """Whatever the entries: scope = initial + added + back-filled - removed = delivered + open, nothing is below zero, the
    last day is what is so now, and the order in which items and entries are told does not matter.
    """
    names = ("To Do", "Done", "Rejected")
    entries = [
        change(own, at, "status", "", names[step]) if field == "status" else _milestone(own, at, step)
        for own, at, field, step in steps
    ]
    items = [item(own, *([V1] if own % 2 else []), status=names[own % 3]) for own in range(1, 5)]
    found = days(items, *entries)
    for line in found:
        assert line.scope == line.initial + line.added + line.backfilled - line.removed == line.delivered + line.open
        assert min(line.scope, line.added, line.removed, line.backfilled, line.delivered, line.open, line.unsure) >= 0
    now = [one for one in items if V1 in one.milestones and one.outcome is not Outcome.UNDELIVERED]
    if found:
        last = found[-1]
        assert (last.scope, last.delivered) == (len(now), sum(one.outcome is Outcome.DELIVERED for one in now))
    shuffled = data.draw(st.permutations(items)), data.draw(st.permutations(entries))
    assert days(shuffled[0], *shuffled[1]) == found


def _milestone(own: int, at: float, step: int) -> Change:
    return change(own, at, "milestone", *(("1", "") if step else ("", "1")))
