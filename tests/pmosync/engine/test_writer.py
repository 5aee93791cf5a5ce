"""The one writer of a run: from where it lets sources go on, and what it makes of batches that wait for one commit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pmosync.engine.writer import Writer, joined
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
    return [
        Batch(
            UNIT,
            (RawRecord(Ref("jira", "issue", str(place)), {}),),
            None if cursor is None else Cursor(str(place)),
            as_of=None if ago is None else NOW - timedelta(minutes=ago),
        )
        for place, (ago, cursor) in enumerate(zip(minutes, cursors, strict=True))
    ]


@given(batches())
def test_joined(parts: list[Batch]) -> None:
    """Records in their order, the last cursor there is, and what holds for the shortest time."""
    whole = joined(parts)
    assert whole.records == tuple(record for part in parts for record in part.records)
    assert whole.cursor == next((part.cursor for part in reversed(parts) if part.cursor), None)
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
        store.hold(
            writer.run, Hold(id="h-1", connection=lane.connection, unit=unit, reason="", since=NOW, refs=(lost,))
        )
        assert writer.cursors(lane) == {}
        store.accept("h-1", "deleted", NOW)
        assert not store.holds()
        assert writer.cursors(lane) == {}
