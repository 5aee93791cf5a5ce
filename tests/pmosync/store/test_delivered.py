"""What was delivered lately, as known at a moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from pmosync.model import Delivery, Outcome
from pmosync.raw import Ref

if TYPE_CHECKING:
    from tests.pmosync.store.conftest import Desk


def delivered(desk: Desk, day: int | None = None) -> list[tuple[str, tuple[str, ...]]]:
    """The ids delivered lately with the codes they served."""
    return [(each.ref.id, each.codes) for each in desk.snapshot(day).deliveries]


def test_only_what_was_delivered_in_the_last_weeks_counts(desk: Desk) -> None:
    """Level-0 items that were delivered, oldest first; not what ended undelivered, is open, is an epic or a sub-task, or was
    delivered more than thirteen weeks ago.
    """
    day = desk.now.date()
    desk.show(
        desk.version(1),
        desk.item(1, 1, delivered=day - timedelta(days=2), team="支付组"),
        desk.item(2, delivered=day - timedelta(days=30)),
        desk.item(3, 1, delivered=day - timedelta(days=92)),
        desk.item(4, 1, outcome=Outcome.UNDELIVERED, resolved=desk.now - timedelta(days=1)),
        desk.item(5, 1),
        desk.item(6, 1, level=1, delivered=day - timedelta(days=2)),
        desk.item(7, 1, level=-1, delivered=day - timedelta(days=2)),
    )
    desk.bind()
    (code,) = desk.snapshot().progress
    at = datetime.combine(day - timedelta(days=2), datetime.min.time(), UTC) + timedelta(hours=12)
    assert delivered(desk) == [("2", ()), ("1", (code,))]
    told = desk.snapshot().deliveries[-1]
    assert told == Delivery(
        ref=Ref("jira", "issue", "1"),
        key="PAY-1",
        status=told.status,
        team="支付组",
        container="10",
        codes=(code,),
        at=at,
    )


def test_deliveries_since_any_moment(desk: Desk) -> None:
    """Further back than a snapshot looks, too: behind one moment and by another."""
    day = desk.now.date()
    desk.show(*(desk.item(ago, delivered=day - timedelta(days=ago)) for ago in (2, 92, 200)), desk.item(1))
    found = {days: desk.store.delivered(desk.now, desk.now - timedelta(days=days)) for days in (1, 100, 300)}
    told = {days: sorted(int(item.ref.id) for item in items) for days, items in found.items()}
    assert told == {1: [], 100: [2, 92], 300: [2, 92, 200]}


def test_of_what_is_restricted_nothing_is_named(desk: Desk) -> None:
    """It counts for the pace, without its key, status and address."""
    desk.show(
        desk.item(1, delivered=desk.now.date() - timedelta(days=2), restricted=True, url="https://jira.example/1")
    )
    (told,) = desk.snapshot().deliveries
    assert (told.key, told.status, told.url) == ("", "", "")


def test_what_was_known_then_is_told_for_then(desk: Desk) -> None:
    """As of a past day an item counts as it was known that day, whatever became of it since."""
    desk.show(desk.item(1), desk.item(2, delivered=date(2026, 2, 1)))
    before = delivered(desk)
    desk.tomorrow()
    desk.show(desk.item(1, delivered=desk.at(0).date()), desk.item(2))
    assert before == delivered(desk, 0) == [("2", ())]
    assert delivered(desk) == [("1", ())]
