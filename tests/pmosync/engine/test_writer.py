"""The one writer of a run: from where it lets sources go on, and what waits with what for one commit."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pmosync.connector import nothing_kept
from pmosync.emulation.events import ProjectOpens
from pmosync.engine import events
from pmosync.engine.gathered import joined
from pmosync.engine.house import House, Lane, Request
from pmosync.engine.pull import Arrival, Begun, Came, Ended, Opened
from pmosync.engine.sync import sync
from pmosync.engine.writer import Writer
from pmosync.errors import StoreError
from pmosync.mapping import load_mapping
from pmosync.model import Hold
from pmosync.raw import Batch, Cursor, RawRecord, Ref, Unit
from pmosync.testing.rig import Rig

UNIT = Unit("jira", "project PAY")
NOW = datetime(2026, 9, 7, 2, tzinfo=UTC)


@st.composite
def batches(draw: st.DrawFn) -> list[Batch]:
    """Some batches of one unit."""
    count = draw(st.integers(1, 5))
    minutes = draw(st.lists(st.none() | st.integers(0, 60), min_size=count, max_size=count))
    cursors = draw(st.lists(st.none() | st.just(""), min_size=count, max_size=count))
    wholes = draw(st.lists(st.sampled_from([(), ("issue",), ("version", "issue")]), min_size=count, max_size=count))
    totals = draw(st.lists(st.none() | st.integers(0, 9), min_size=count, max_size=count))
    shares = draw(st.lists(st.none() | st.sampled_from([0.0, 0.5, 1.0]), min_size=count, max_size=count))
    return [
        Batch(
            UNIT,
            (RawRecord(Ref("jira", "issue", str(place)), {}),),
            None if cursor is None else Cursor(str(place)),
            wholes[place],
            totals[place],
            shares[place],
            as_of=None if ago is None else NOW - timedelta(minutes=ago),
        )
        for place, (ago, cursor) in enumerate(zip(minutes, cursors, strict=True))
    ]


@given(batches())
def test_joined(parts: list[Batch]) -> None:
    """Records in their order, the last cursor there is with the share that lies behind it, all kinds that are listed whole,
    the last total, and what holds for the shortest time.
    """
    whole = joined(parts)
    assert whole.records == tuple(record for part in parts for record in part.records)
    assert whole.cursor == next((part.cursor for part in reversed(parts) if part.cursor), None)
    assert sorted(whole.whole) == sorted({kind for part in parts for kind in part.whole})
    assert whole.total == next((part.total for part in reversed(parts) if part.total is not None), None)
    assert whole.share == next((part.share for part in reversed(parts) if part.cursor), parts[-1].share)
    assert whole.as_of == min((part.as_of for part in parts if part.as_of), default=None)


def test_a_plan_of_which_something_is_held_goes_on_nowhere(tmp_path: Path) -> None:
    """While rows are held, and once a person has agreed that they go, only the whole list says what is missing: it is read
    from the start, whatever its source could spare.
    """
    with Rig(tmp_path, NOW) as rig:
        rig.register({"projects": [{"code": "PAY"}]})
        rig.sync(NOW)
        store, (lane,) = rig.house.store, (lane for lane in rig.house.lanes if lane.plan)
        writer = Writer(rig.house, store.begin(NOW + timedelta(hours=1)))
        ((unit, _),) = writer.cursors(lane).items()
        lost = Ref(lane.connection, "row", "risks:R1")
        store.hold(writer.run, Hold(id="h-0", connection="jira", unit=unit, reason="", since=NOW))
        assert writer.cursors(lane) != {}, "a unit of that name in another connection"
        store.hold(
            writer.run, Hold(id="h-1", connection=lane.connection, unit=unit, reason="", since=NOW, refs=(lost,))
        )
        assert writer.cursors(lane) == {}
        store.accept("h-1", "deleted", NOW)
        assert [hold.id for hold in store.holds()] == ["h-0"]
        assert writer.cursors(lane) == {}


def test_a_plan_is_read_anew_where_its_mapping_has_changed(tmp_path: Path) -> None:
    """Rows of a plan are not translated from the store: under another mapping they are read from the start, whatever their
    source could spare, until a whole run has read them under it.
    """
    changed = load_mapping("google_sheets", {"tabs": {"projects": {"columns": {"name": {"aliases": ["Title"]}}}}})
    with Rig(tmp_path, NOW) as rig:
        bindings = [{"code": "PAY", "system": "jira", "what": "project", "which": "PAY"}]
        rig.register({"projects": [{"code": "PAY"}], "bindings": bindings})
        rig.live([ProjectOpens(at=NOW - timedelta(days=1), system="jira", key="PAY", name="Payments")])
        rig.sync(NOW)
        (lane,) = (lane for lane in rig.house.lanes if lane.plan)
        house = replace(rig.house, rows_mapping=changed)

        def goes_on(house: House) -> bool:
            return bool(Writer(house, house.store.begin(NOW)).cursors(lane))

        assert (goes_on(rig.house), goes_on(house)) == (True, False)
        list(sync(house, Request(projects=frozenset({"PAY"}))))
        assert not goes_on(house)
        list(sync(house))
        assert (goes_on(rig.house), goes_on(house)) == (False, True)


def told(rig: Rig, *batches: tuple[Unit, Batch]) -> tuple[Writer, Lane]:
    """A writer of a run that took in these batches of Jira, each of a unit of its own that was counted to its end."""
    (lane,) = (lane for lane in rig.house.lanes if lane.connection == "jira")
    writer = Writer(rig.house, rig.house.store.begin(NOW))
    arrivals: list[Arrival] = [Opened(lane, lane.open((), nothing_kept), tuple(unit for unit, _ in batches))]
    for unit, batch in batches:
        arrivals += [Came(lane, unit, batch), Ended(lane, unit, 0.0, 0, 0, True, None)]
    list(writer.follow(arrivals))
    return writer, lane


def issue(number: int, unit: Unit) -> Batch:
    """A batch with one issue of a unit."""
    payload = {"id": str(number), "key": f"PAY-{number}", "fields": {"summary": "x"}}
    return Batch(unit, (RawRecord(Ref("jira", "issue", str(number)), payload),), Cursor(str(number)))


@pytest.mark.parametrize(
    ("pause", "order"),
    [
        (0.4, ["committed PAY", "committed WEB", "ended PAY", "ended WEB"]),
        (1.0, ["committed PAY", "ended PAY", "committed WEB", "ended WEB"]),
    ],
)
def test_units_that_end_within_a_second_share_a_commit(
    pause: float, order: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit waits for the disk, and a unit is not over before what it told is kept: small ones go together, and nothing
    waits longer than a second while others come.
    """
    clock = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    with Rig(tmp_path, NOW) as rig:
        (lane,) = (lane for lane in rig.house.lanes if lane.connection == "jira")
        writer = Writer(rig.house, rig.house.store.begin(NOW))

        def arrivals() -> Iterator[Arrival]:
            yield Opened(lane, lane.open((), nothing_kept), (UNIT, WEB))
            for number, unit in enumerate((UNIT, WEB), start=1):
                yield Begun(lane, unit)
                yield Came(lane, unit, issue(number, unit))
                yield Ended(lane, unit, 0.0, 0, 0, False, None)
                clock[0] += pause

        told = [
            f"{'ended' if isinstance(each, events.UnitEnded) else 'committed'} {each.unit.removeprefix('project ')}"
            for each in writer.follow(arrivals())
            if isinstance(each, events.Committed | events.UnitEnded)
        ]
        assert told == order
        assert {key: each.value for key, each in rig.house.store.cursors("jira").items()} == {
            UNIT.key: "1",
            WEB.key: "2",
        }


def test_what_shares_a_commit_is_kept_together_or_not_at_all(tmp_path: Path) -> None:
    """A later run has begun: what an earlier one still writes is refused, each of its units alike, and no cursor moves."""
    with Rig(tmp_path, NOW) as rig:
        (lane,) = (lane for lane in rig.house.lanes if lane.connection == "jira")
        writer = Writer(rig.house, rig.house.store.begin(NOW))

        def arrivals() -> Iterator[Arrival]:
            yield Opened(lane, lane.open((), nothing_kept), (UNIT, WEB))
            yield Came(lane, UNIT, issue(1, UNIT))
            rig.house.store.begin(NOW)
            yield Came(lane, WEB, issue(2, WEB))

        with pytest.raises(StoreError):
            list(writer.follow(arrivals()))
        assert rig.house.store.cursors("jira") == {}
        assert list(rig.house.store.records("jira")) == []


def test_items_of_one_commit_know_each_other(tmp_path: Path) -> None:
    """An item whose parent came in another unit just before, in the same commit, belongs to it by its id."""
    child = issue(2, WEB)
    child.records[0].payload["fields"]["epic_link"] = "PAY-1"
    with Rig(tmp_path, NOW) as rig:
        (lane,) = (lane for lane in rig.house.lanes if lane.connection == "jira")
        writer = Writer(rig.house, rig.house.store.begin(NOW))
        arrivals = [Opened(lane, lane.open((), nothing_kept), (UNIT, WEB))]
        list(writer.follow([*arrivals, Came(lane, UNIT, issue(1, UNIT)), Came(lane, WEB, child)]))
        (item,) = (each for each in rig.house.store.export("work_item", NOW) if getattr(each, "key", "") == "PAY-2")
        assert getattr(item, "parent", "") == "1"


WEB = Unit("jira", "project WEB")


def test_facts_are_as_old_as_those_of_the_oldest_unit(tmp_path: Path) -> None:
    """Where units of a connection were let off reading, the connection's facts hold until the earliest of their instants."""
    early, late = NOW - timedelta(minutes=20), NOW - timedelta(minutes=5)
    with Rig(tmp_path, NOW) as rig:
        for one, other in ((early, late), (late, early)):
            writer, _ = told(rig, (UNIT, Batch(UNIT, (), as_of=one)), (WEB, Batch(WEB, (), as_of=other)))
            assert writer.as_of == {"jira": early}


def test_what_is_read_from_the_start_is_counted_with_it(tmp_path: Path) -> None:
    """The next census of a unit is due later only where the unit goes on from a cursor."""
    with Rig(tmp_path, NOW) as rig:
        writer, lane = told(rig, (UNIT, Batch(UNIT, (), Cursor('"x"'))), (WEB, Batch(WEB, ())))
        assert writer.counted(lane) == {UNIT.key}


def test_a_source_of_which_something_is_held_goes_on(tmp_path: Path) -> None:
    """Of a source that is no plan, a census says what is missing: what is held of it sends no reading to the start."""
    with Rig(tmp_path, NOW) as rig:
        writer, lane = told(rig, (UNIT, Batch(UNIT, (), Cursor('"x"'))))
        rig.house.store.hold(writer.run, Hold(id="h-1", connection="jira", unit=UNIT.key, reason="", since=NOW))
        assert writer.cursors(lane) == {UNIT.key: Cursor('"x"')}
