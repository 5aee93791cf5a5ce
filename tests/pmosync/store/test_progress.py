"""Progress of a milestone: each distinct level-0 item once, counted as of a moment."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from pmosync.model import BindingRow, Category, Change, ItemLink, Outcome, Place, Plan, Progress, Role
from pmosync.raw import Ref, Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.pmosync.store.conftest import Desk


def bound(plan: Plan, *rows: tuple[str, str, Role]) -> Plan:
    """The plan with versions bound to codes: code, version's id, role."""
    more = tuple(
        BindingRow(
            place=Place("sheet", "Bindings", 9 + n, code),
            code=code,
            system="jira",
            scope=Scope("version", which),
            role=role,
        )
        for n, (code, which, role) in enumerate(rows)
    )
    return Plan(projects=plan.projects, bindings=(*plan.bindings, *more))


def test_counts(desk: Desk) -> None:
    """Delivered and open make the total; undelivered work is removed scope; epics and sub-tasks do not count."""
    desk.show(
        desk.version(1),
        desk.item(1, 1, delivered=date(2026, 2, 10)),
        desk.item(2, 1, delivered=date(2026, 2, 10)),
        desk.item(3, 1, delivered=date(2026, 2, 20)),
        desk.item(4, 1, outcome=Outcome.UNDELIVERED, category=Category.DONE, restricted=True),
        desk.item(5, 1, category=Category.DOING, due=date(2026, 4, 2)),
        desk.item(6, 1, category=Category.UNMAPPED, due=date(2026, 4, 9), restricted=True),
        desk.item(7, 1, level=1, due=date(2026, 9, 9)),
        desk.item(8, 1, level=-1),
        desk.item(9),
    )
    desk.bind()
    (progress,) = desk.snapshot().progress.values()
    assert progress == Progress(
        total=5,
        delivered=3,
        undelivered=1,
        open=2,
        started=1,
        dated_open=2,
        unmapped=1,
        latest_due=(date(2026, 4, 9), "PAY-6"),
        delivered_at=tuple(datetime(2026, 2, day, 12, tzinfo=UTC) for day in (10, 10, 20)),
        restricted=1,
    )


def test_distinct_items(desk: Desk) -> None:
    """An item in two versions of one milestone counts once; a binding for dates alone lends no scope."""
    desk.show(desk.version(1), desk.version(2), desk.version(3), desk.item(1, 1, 2), desk.item(2, 2), desk.item(3, 3))
    rows = (("PAY-GO", "1", Role.BOTH), ("PAY-GO", "2", Role.SCOPE), ("PAY-GO", "3", Role.DATES))
    desk.bind(bound(desk.plan, *rows))
    seen = desk.snapshot()
    assert {code: progress.total for code, progress in seen.progress.items()} == {"PAY-GO": 2}
    assert seen.item_codes == {desk.item(1).ref: ("PAY-GO",), desk.item(2).ref: ("PAY-GO",)}


def test_back_filled(desk: Desk) -> None:
    """Items that were delivered before they joined are back-filled, not scope added."""
    desk.show(desk.version(1), desk.item(1, 1), desk.item(2), desk.item(3))
    desk.bind()
    desk.tomorrow(5)
    early, late = (desk.at(2)).date(), (desk.at(8)).date()
    desk.show(desk.item(2, 1, delivered=early), desk.item(3, 1), desk.item(4, 1, created=desk.now))
    desk.tomorrow(5)
    desk.show(desk.item(3, 1, delivered=late))
    progress = desk.snapshot().progress["PAY-M01"]
    assert (progress.backfilled, progress.added) == (1, 2)
    assert len(progress.delivered_at) == 2
    assert progress.backfilled_at == progress.delivered_at[:1]


def test_joined_and_left(desk: Desk) -> None:
    """Items that join or leave after the milestone was first bound are scope added and removed; who comes back is neither."""
    desk.show(desk.version(1), desk.version(2), desk.item(1, 1), desk.item(2, 1), desk.item(3, 1), desk.item(4, 2))
    desk.bind()
    desk.tomorrow()
    desk.show(desk.item(1), desk.item(2), desk.item(4, 1, 2), desk.item(5, 1, created=desk.now))
    desk.tomorrow()
    desk.show(desk.item(2, 1))
    progress = desk.snapshot().progress["PAY-M01"]
    assert (progress.total, progress.added, progress.removed) == (4, 3, 1)
    assert progress.removed_at == (desk.at(1),)
    assert len(progress.added_at) == 3
    assert desk.snapshot(0).progress["PAY-M01"].added == desk.snapshot(0).progress["PAY-M01"].removed == 0


def test_first_pull_in_two_runs(desk: Desk) -> None:
    """An item that existed before the binding and only comes in later was no scope added: the first pull may take two runs."""
    desk.show(desk.version(1), desk.item(1, 1))
    desk.bind()
    desk.tomorrow()
    desk.show(desk.item(2, 1, created=desk.at(-30)), desk.item(3, 1, created=desk.now))
    assert desk.snapshot().progress["PAY-M01"].added == 1


def test_hidden_stays_in_scope(desk: Desk) -> None:
    """What is not visible any more stays in scope, counted as hidden; what is surely gone leaves."""
    desk.show(desk.version(1), desk.item(1, 1), desk.item(2, 1), desk.item(3, 1))
    desk.bind()
    desk.tomorrow()
    desk.store.hide(desk.run, [desk.item(1).ref], desk.at(0))
    desk.store.retire(desk.run, [desk.item(2).ref], desk.now)
    seen = desk.snapshot()
    progress = seen.progress["PAY-M01"]
    assert (progress.total, progress.hidden, progress.removed) == (2, 1, 1)
    assert seen.gone == {desk.item(1).ref: desk.at(0)}
    assert [item.key for item in seen.items] == ["PAY-1", "PAY-3"]
    assert (desk.snapshot(0).progress["PAY-M01"].total, desk.snapshot(0).gone) == (3, {})


def test_last_movement(desk: Desk) -> None:
    """The last movement is an item's own time of change or an entry of its history, whichever is later."""
    item = desk.item(1, 1, updated=desk.at(-5))
    entry = Change(ref=Ref("jira", "change", "1"), of=item.ref, field="status", at=desk.at(-2))
    desk.show(desk.version(1), item, changes=(entry,))
    desk.bind()
    assert desk.snapshot().progress["PAY-M01"].moved == desk.at(-2)


def test_open_items(desk: Desk) -> None:
    """Materialised are open level-0 items that serve a milestone, are overdue, or have an unmapped status; no other."""
    yesterday = (desk.now - timedelta(days=1)).date()
    desk.show(
        desk.version(1),
        desk.item(1, 1),
        desk.item(2, due=yesterday),
        desk.item(3, category=Category.UNMAPPED),
        desk.item(4, due=date(2026, 9, 1)),
        desk.item(5, 1, delivered=yesterday),
        desk.item(6, 1, level=1),
    )
    desk.bind()
    assert [item.key for item in desk.snapshot().items] == ["PAY-1", "PAY-2", "PAY-3"]


def test_blockers_come_along(desk: Desk) -> None:
    """Materialised is also an open item that blocks one in scope, though it is planned nowhere itself; a done one is not,
    nor one that merely relates or blocks what serves nothing.
    """
    links = tuple(
        ItemLink(kind, f"PAY-{number}") for kind, number in (("blocked_by", 2), ("blocked_by", 3), ("relates", 4))
    )
    desk.show(
        desk.version(1),
        desk.item(1, 1, links=links),
        desk.item(2, due=date(2026, 9, 1)),
        desk.item(3, delivered=date(2026, 1, 5)),
        desk.item(4),
        desk.item(5, links=(ItemLink("blocked_by", "PAY-6"),)),
        desk.item(6),
    )
    desk.bind()
    seen = desk.snapshot()
    assert [item.key for item in seen.items] == ["PAY-1", "PAY-2"]
    assert list(seen.item_codes) == [desk.item(1).ref]
    assert seen.progress["PAY-M01"].total == 1


ITEMS = st.lists(
    st.tuples(
        st.sets(st.integers(1, 3), max_size=3),
        st.sampled_from(list(Outcome)),
        st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 9)),
        st.booleans(),
    ),
    max_size=12,
)


@settings(max_examples=min(settings().max_examples // 3, 250))
@given(told=ITEMS)
def test_counted_as_by_hand(fresh: Callable[[], Desk], told: list[tuple[set[int], Outcome, date | None, bool]]) -> None:
    """What the database counts is what a plain loop over the items counts."""
    desk = fresh()
    items = [
        desk.item(
            n,
            *versions,
            outcome=outcome,
            category=Category.UNMAPPED if unmapped else Category.TODO,
            due=day,
            resolved=datetime(day.year, day.month, day.day, 23, tzinfo=UTC) if day else None,
        )
        for n, (versions, outcome, day, unmapped) in enumerate(told)
    ]
    desk.show(*(desk.version(n) for n in (1, 2, 3)), *items)
    desk.bind()
    progress = desk.snapshot().progress
    for number in (1, 2, 3):
        mine = [item for item, (versions, *_) in zip(items, told, strict=True) if number in versions]
        done = [item for item in mine if item.outcome is Outcome.DELIVERED]
        still = [item for item in mine if item.outcome is Outcome.OPEN]
        counted = progress.get(f"PAY-M0{number}", Progress())
        assert (counted.total, counted.delivered, counted.open) == (len(done) + len(still), len(done), len(still))
        assert counted.undelivered == len(mine) - len(done) - len(still)
        assert counted.unmapped == sum(item.category is Category.UNMAPPED for item in done + still)
        assert counted.delivered_at == tuple(sorted(item.resolved for item in done if item.resolved))
        assert counted.latest_due == max(((item.due, item.key) for item in still if item.due), default=None)
    desk.store.close()


def test_many(desk: Desk) -> None:
    """Hundreds of milestones over thousands of items are counted set by set, not one by one."""
    desk.show(*(desk.version(n) for n in range(300)), *(desk.item(n, n % 300, (n * 7) % 300) for n in range(4_000)))
    desk.bind()
    begun = time.process_time()
    seen = desk.snapshot()
    assert time.process_time() - begun < 10
    assert len(seen.progress) == 300
    assert len(seen.items) == 4_000
