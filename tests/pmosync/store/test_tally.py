"""Progress that is kept from one snapshot to the next is what counting everything anew would give."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pmosync.store.conftest import PLAN

from pmosync.engine.rebind import Wish, carry_out, draw
from pmosync.model import BindingRow, Category, Change, Outcome, Place, Plan, Progress, Role
from pmosync.raw import Ref, Scope
from pmosync.store import Journal
from pmosync.store.database import connect, reading, writing
from pmosync.store.progress import Scope as Milestones
from pmosync.store.progress import progress

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pmosync.store.conftest import Desk

ITEMS, VERSIONS = (1, 2, 3), (1, 2)


def anew(desk: Desk) -> dict[str, Progress]:
    """Everything counted from the facts."""
    engine = connect(desk.path)
    with reading(engine, desk.path) as connection:
        found = progress(Milestones(connection, desk.now))
    engine.dispose()
    return found


def kept(desk: Desk) -> dict[str, Progress]:
    """What a snapshot says; its tallies are kept, as a run does."""
    found = dict(desk.snapshot().progress)
    desk.store.tally(desk.run, found, desk.now)
    return found


def test_only_what_was_touched_is_counted_again(desk: Desk) -> None:
    """A milestone whose items rest is told from its tally; one whose item moved is counted."""
    desk.show(desk.version(1), desk.version(2), desk.item(1, 1), desk.item(2, 2))
    desk.bind()
    assert {code: told.open for code, told in kept(desk).items()} == {"PAY-M01": 1, "PAY-M02": 1}
    engine = connect(desk.path)
    with writing(engine, desk.path) as connection:
        connection.execute(sa.text("UPDATE fact SET outcome = 'delivered' WHERE ref LIKE 'jira:issue:%'"))
    engine.dispose()
    desk.tomorrow()
    desk.show(desk.item(2, 2, due=date(2026, 5, 5)))
    assert {code: told.open for code, told in kept(desk).items()} == {"PAY-M01": 1, "PAY-M02": 1}
    assert {code: told.open for code, told in anew(desk).items()} == {"PAY-M02": 1, "PAY-M01": 0}


def test_what_ends_at_the_moment_of_the_count(desk: Desk) -> None:
    """What had ended at that moment was counted, and is not counted again; what ends at the same moment behind it is."""
    desk.show(desk.version(1), desk.item(1, 1), desk.item(2, 1))
    desk.bind()
    desk.store.retire(desk.run, [desk.item(1).ref], desk.now)
    kept(desk)
    desk.store.retire(desk.run, [desk.item(2).ref], desk.now)
    desk.tomorrow()
    assert kept(desk) == anew(desk)


def test_an_item_that_becomes_one_of_scope(desk: Desk) -> None:
    """What an item left while it stood at another level counts from when it counts itself."""
    desk.show(desk.version(1), desk.version(2), desk.item(1, 1, level=1), desk.item(2, 1))
    desk.bind()
    kept(desk)
    for told in (desk.item(1, 2, level=1), desk.item(1, 2, level=1, title="x"), desk.item(1, 2)):
        desk.tomorrow()
        desk.show(told)
        assert kept(desk) == anew(desk)


def test_a_clock_that_goes_back(desk: Desk) -> None:
    """What a run of a later moment wrote lies ahead then: it is counted once the clock has come there again."""
    desk.show(desk.version(1), desk.version(2), desk.item(1, 1))
    desk.bind()
    kept(desk)
    desk.tomorrow(2)
    desk.show(desk.item(2, 2))
    for days in (-1, 2, 1):
        desk.tomorrow(days)
        assert kept(desk) == anew(desk)


def test_a_past_moment_knows_no_tallies(desk: Desk) -> None:
    """What was known before the last count is worked out from the history."""
    desk.show(desk.version(1), desk.item(1, 1))
    desk.bind()
    kept(desk)
    desk.tomorrow()
    desk.show(desk.item(1, 1, delivered=date(2026, 3, 3)))
    kept(desk)
    assert [told.open for told in desk.snapshot(0).progress.values()] == [1]


def _plan(ties: set[tuple[str, int, Role]]) -> Plan:
    rows = [
        BindingRow(
            place=Place("sheet", "Bindings", 9 + place, code),
            code=code,
            system="jira",
            scope=Scope("version", str(version)),
            role=role,
        )
        for place, (code, version, role) in enumerate(sorted(ties))
    ]
    return Plan(projects=PLAN.projects, bindings=(*PLAN.bindings, *rows))


def _show(desk: Desk, number: int, versions: set[int], outcome: Outcome, day: int, told: bool) -> None:
    ended = datetime(2026, 3, day, 7, tzinfo=UTC) if outcome is not Outcome.OPEN and day else None
    item = desk.item(
        number,
        *sorted(versions),
        outcome=outcome,
        category=Category.DONE if ended else Category.DOING,
        due=date(2026, 4, day) if day else None,
        resolved=ended,
        restricted=told,
        level=int(day > 7),
    )
    name = Ref("jira", "change", f"{number}-{desk.day}")
    entry = Change(ref=name, of=item.ref, field="status", new="x", at=desk.now)
    desk.show(item, changes=(entry,) if told else ())


def _hide(desk: Desk, number: int) -> None:
    desk.store.hide(desk.run, [Ref("jira", "issue", str(number))], desk.now)


def _retire(desk: Desk, number: int) -> None:
    desk.store.retire(desk.run, [Ref("jira", "issue", str(number))], desk.now)


def _bind(desk: Desk, ties: set[tuple[str, int, Role]]) -> None:
    desk.bind(_plan(ties))


def _step(work: Callable[..., None], **about: st.SearchStrategy[Any]) -> st.SearchStrategy[Callable[[Desk], None]]:
    return st.builds(partial, st.just(work), **about)


NUMBERS, ONES = st.sampled_from(ITEMS), st.sampled_from(VERSIONS)
SHOWN = {
    "versions": st.sets(ONES),
    "outcome": st.sampled_from(Outcome),
    "day": st.integers(0, 9),
    "told": st.booleans(),
}
TIES = st.tuples(st.sampled_from(("PAY-GO", "PAY-NO")), ONES, st.sampled_from((Role.SCOPE, Role.DATES)))
TOLD = st.one_of(
    _step(_show, number=NUMBERS, **SHOWN),
    _step(_show, number=NUMBERS, **SHOWN),
    _step(_hide, number=NUMBERS),
    _step(_retire, number=NUMBERS),
    _step(_bind, ties=st.sets(TIES, max_size=2)),
)
LATER = st.sampled_from((1, 1, 2, 0, -1))
DAYS = st.lists(st.tuples(LATER, st.lists(TOLD, max_size=3), st.booleans(), st.lists(TOLD, max_size=1)), max_size=8)


@settings(max_examples=min(settings().max_examples // 3, 300))
@given(days=DAYS)
def test_kept_as_counted_anew(
    fresh: Callable[[], Desk], days: list[tuple[int, list[Callable[[Desk], None]], bool, list[Callable[[Desk], None]]]]
) -> None:
    """Whatever is shown, hidden, retired, tied and untied, by runs that may break off before they count or go on behind it,
    at moments that may stand still or go back: what is kept is what counting anew gives.
    """
    desk = fresh()
    desk.show(*map(desk.version, VERSIONS), *(desk.item(number, 1) for number in ITEMS))
    desk.bind()
    kept(desk)
    for later, told, broken, more in days:
        desk.tomorrow(later)
        for step in told:
            step(desk)
        if not broken:
            assert kept(desk) == anew(desk)
        for step in more:
            step(desk)
    desk.tomorrow()
    assert kept(desk) == anew(desk)
    desk.store.close()


def test_what_goes_on_as_another_is_counted_again(desk: Desk, tmp_path: Path) -> None:
    """A rebinding changes what is counted without a newer row of any item; so does what is brought back into a store."""
    desk.show(desk.version(1), desk.item(1, 1), desk.item(2), desk.item(3, 1))
    desk.bind()
    kept(desk)
    drawn = draw(desk.store, Wish("jira:issue:1", "jira:issue:2"), desk.now + timedelta(hours=1))
    carry_out(desk.store, Journal(tmp_path / "journal"), drawn)
    desk.tomorrow()
    assert kept(desk) == anew(desk)
    assert [told.total for told in anew(desk).values()] == [1]


def test_what_is_restored_is_counted_again(desk: Desk) -> None:
    """Lines of a journal may be older than the tallies: everything is counted behind them."""
    desk.show(desk.version(1), desk.item(1, 1))
    desk.bind()
    kept(desk)
    desk.store.restore(())
    desk.tomorrow()
    engine = connect(desk.path)
    with writing(engine, desk.path) as connection:
        connection.execute(sa.text("UPDATE fact SET outcome = 'delivered' WHERE ref LIKE 'jira:issue:%'"))
    engine.dispose()
    assert [told.open for told in kept(desk).values()] == [0]
