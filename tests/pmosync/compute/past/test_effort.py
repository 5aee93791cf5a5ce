"""The effort a promise was made of: by what its items were when it was made, not by what they became."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from pmosync.compute.calendars import Clock
from pmosync.compute.past.effort import LEAST, EarnedDay, Promised, earned_days
from pmosync.compute.past.items import Lived, records
from pmosync.compute.workdays import Calendar
from pmosync.mapping import load_mapping
from pmosync.model import Category, Change, Outcome, WorkItem
from pmosync.raw import Ref

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOW = MONDAY + timedelta(days=11)
"""The Friday of the second week: the tenth working day."""
V1, V2 = Ref("jira", "version", "1"), Ref("jira", "version", "2")
WORKFLOWS = {("jira", kind): workflow for kind, workflow in load_mapping("jira").workflows.items()}
CLOCK = Clock(Calendar(""), ZoneInfo("UTC"), NOW.date())
PROMISE = Promised("PAY-M01", (V1,), CLOCK, MONDAY.date(), MONDAY + timedelta(hours=1))


def day(number: int) -> date:
    """So many days after the Monday."""
    return (MONDAY + timedelta(days=number)).date()


def item(number: int, due: date | None, estimate: float | None = 8.0, **fields: Any) -> WorkItem:
    """An item of the version, created before the promise unless told otherwise."""
    told = {"created": MONDAY, "milestones": (V1,), "status": "To Do", "category": Category.TODO, **fields}
    ref = Ref("jira", "issue", str(number))
    return WorkItem(ref=ref, key=f"PAY-{number}", title="t", due=due, estimate=estimate, **told)


def done(number: int, due: date, at: datetime | None, **fields: Any) -> WorkItem:
    """An item that was delivered; ``at`` as its system tells."""
    ended = {"status": "Done", "category": Category.DONE, "outcome": Outcome.DELIVERED, "resolved": at}
    return item(number, due, **{**ended, **fields})


def change(number: int, at: datetime, field: str, old: str, new: str) -> Change:
    """An entry of an item's changelog."""
    own = Ref("jira", "change", f"{number}{round(at.timestamp())}.{field}")
    return Change(ref=own, of=Ref("jira", "issue", str(number)), field=field, old=old, new=new, at=at)


def told(*items: WorkItem | Lived, changes: tuple[Change, ...] = (), least: int = 1) -> EarnedDay | None:
    """The figures of the promise, however few items it has."""
    lived = [one if isinstance(one, Lived) else Lived(one) for one in items]
    return next(earned_days(records(lived, changes, WORKFLOWS, {}, NOW), [PROMISE], least), None)


def test_a_plan_that_is_behind() -> None:
    """Four items of 8 hours, due on four Fridays; two are due and one was delivered: the plan stood there until the ninth wd,
    so that ES is 9 after 10 wd, and SV(t) -1.
    """
    items = [item(number, day(4 + 7 * number)) for number in (1, 2, 3)]
    found = told(done(0, day(4), MONDAY + timedelta(days=3)), *items)
    assert found is not None
    assert (found.budget, found.planned, found.earned) == (32, 16, 8)
    assert (found.duration, found.elapsed, found.schedule, found.variance) == (20, 10, 9, -1)


def test_due_dates_that_were_moved_later_stay_promised() -> None:
    """Who moves a due date moves no promise: what counts is the date of the day on which the promise was made."""
    late = item(1, day(60))
    moved = change(1, MONDAY + timedelta(days=5), "due", day(4).isoformat(), day(60).isoformat())
    found = told(late, changes=(moved,))
    assert found is not None
    assert (found.duration, found.planned, found.schedule) == (5, 8, 4)


def test_what_came_after_the_promise_is_no_part_of_it() -> None:
    """An item that was created, dated or estimated later was not planned; it is among the items all the same."""
    later = MONDAY + timedelta(days=2)
    dated = change(3, later, "due", "", day(4).isoformat())
    sized = change(4, later, "estimate", "", "8")
    found = told(
        item(1, day(4)), item(2, day(4), created=later), item(3, day(4)), item(4, day(4)), changes=(dated, sized)
    )
    assert found is not None
    assert (found.items, found.counted, found.budget) == (4, 1, 8)


@pytest.mark.parametrize(
    "other",
    [
        item(2, day(4), outcome=Outcome.UNDELIVERED, status="Rejected", category=Category.DONE),
        item(2, day(4), level=1),
        item(2, day(4), milestones=()),
        Lived(item(2, day(4)), NOW),
    ],
)
def test_what_is_no_scope_is_no_effort(other: WorkItem | Lived) -> None:
    """Dropped items, epics, items of other milestones and those that are gone do not count."""
    found = told(item(1, day(4)), other)
    assert found is not None
    assert (found.counted, found.budget) == (1, 8)


def test_a_delivery_that_no_field_dates_is_dated_by_its_status() -> None:
    """Without a day of resolution the item was delivered when it came into the status that says so."""
    at = MONDAY + timedelta(days=2)
    found = told(done(1, day(4), None), changes=(change(1, at, "status", "To Do", "Done"),))
    assert found is not None
    assert (found.earned, found.elapsed, found.variance, found.ends) == (8, 3, 2, day(2))


def test_without_estimates_or_dates_there_is_no_line() -> None:
    """Nothing is said where no effort was planned."""
    assert told(item(1, None), item(2, day(4), None)) is None


def test_few_items_have_no_figures() -> None:
    """Four items with an estimate and a due date tell their days and no pace: five are needed, whatever else is there."""
    counted, plain = [item(number, day(4)) for number in range(5)], [item(number, None) for number in range(10, 20)]
    assert told(*counted[:4], *plain, least=LEAST) is None
    found = told(*counted, *plain, least=LEAST)
    assert found is not None
    assert (found.items, found.counted) == (15, 5)


def test_an_item_of_two_sources_of_a_promise_counts_once() -> None:
    """A milestone that is bound to two versions: what is in both is one piece of work."""
    both = Promised("PAY-M01", (V1, V2), CLOCK, MONDAY.date(), PROMISE.made)
    items = [Lived(item(1, day(4), milestones=(V1, V2))), Lived(item(2, day(4), milestones=(V2,)))]
    (found,) = earned_days(records(items, (), WORKFLOWS, {}, NOW), [both], 1)
    assert (found.items, found.counted, found.budget) == (2, 2, 16)


class Watched(list[Lived]):
    """Items that count how often somebody walks over all of them."""

    walks = 0

    def __iter__(self) -> Iterator[Lived]:
        self.walks += 1
        return super().__iter__()


def test_promises_cost_no_look_at_each_others_items() -> None:
    """However many milestones promise something, the items of the site are walked over once."""
    refs = [Ref("jira", "version", str(number)) for number in range(9)]
    items = Watched(Lived(item(number, day(4), milestones=(refs[number % 9],))) for number in range(18))
    known = replace(records(items, (), WORKFLOWS, {}, NOW), items=items)
    items.walks = 0
    each = [Promised(f"PAY-M{number}", (ref,), CLOCK, MONDAY.date(), PROMISE.made) for number, ref in enumerate(refs)]
    assert [found.items for found in earned_days(known, each, 1)] == [2] * 9
    assert items.walks == 1
