"""When a connection is asked no further within a run, and what is asked of a unit."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pytest

from pmosync.connector import Finding
from pmosync.engine import pull
from pmosync.engine.house import Lane
from pmosync.errors import AuthError, ConfigError, HeldError, PmosyncError, TransientError
from pmosync.mapping import load_mapping
from pmosync.raw import Batch, Cursor, RawRecord, Ref, Unit
from pmosync.transport import Limits, Transport

AWAY, DEAD = TransientError("away"), AuthError("dead")
WRONG, HIDDEN = ConfigError("wrong"), HeldError("hidden")


class Answers:
    """A source whose units end as told: with an error, or well (None)."""

    def __init__(self, ends: Sequence[PmosyncError | None]) -> None:
        self._ends = ends

    def check(self) -> Iterable[Finding]:
        """Nothing to prove."""
        return ()

    def units(self) -> Sequence[Unit]:
        """One unit an end."""
        return tuple(Unit("jira", str(place)) for place in range(len(self._ends)))

    def pull(self, unit: Unit, cursor: Cursor | None) -> Iterator[Batch]:
        """End as told."""
        end = self._ends[int(unit.key)]
        if end is not None:
            raise end
        yield Batch(unit, (), cursor)

    def census(self, unit: Unit) -> Iterator[Sequence[Ref]]:
        """Nothing."""
        yield ()

    def visible(self, refs: Sequence[Ref], kept: Mapping[Ref, RawRecord]) -> Mapping[Ref, bool]:
        """Nothing."""
        return {}

    def close(self) -> None:
        """Nothing is held open."""


@pytest.mark.parametrize(
    ("ends", "asked", "broken"),
    [
        ([None] * 4, 4, False),
        ([AWAY] * 4, 2, True),
        ([AWAY, None, AWAY, None], 4, False),
        ([None, DEAD, None, None], 2, True),
        ([WRONG] * 4, 4, False),
        ([HIDDEN] * 4, 4, False),
        ([AWAY, WRONG, AWAY, AWAY], 4, True),
    ],
)
def test_when_to_stop_asking(ends: list[PmosyncError | None], asked: int, broken: bool) -> None:
    """A dead credential ends a connection at once, a host that is away after two units in a row; one wrong or hidden
    scope does not stop the others.
    """
    lane = Lane("jira", "Jira", load_mapping("jira"), Transport(Limits()), lambda *_: Answers(ends))
    told = list(pull.pull(lane, (), {}, frozenset()))
    assert sum(isinstance(one, pull.Begun) for one in told) == asked
    assert any(isinstance(one, pull.Broken) for one in told) is broken


@pytest.mark.parametrize(("whole", "counted", "census"), [((), (), 1), (("version",), (), 0), ((), ("0",), 0)])
def test_when_a_census_is_taken(whole: tuple[str, ...], counted: tuple[str, ...], census: int) -> None:
    """Of a unit that was not counted lately, unless its pull listed its kinds whole: that was a census."""

    class Lists(Answers):
        def pull(self, unit: Unit, cursor: Cursor | None) -> Iterator[Batch]:
            yield Batch(unit, (), None)
            yield Batch(unit, (), cursor, whole=whole)

    lane = Lane("jira", "Jira", load_mapping("jira"), Transport(Limits()), lambda *_: Lists([None]))
    told = list(pull.pull(lane, (), {}, frozenset(counted)))
    assert sum(isinstance(one, pull.Listed) for one in told) == census
    assert [one.counted for one in told if isinstance(one, pull.Ended)] == [bool(census)]


class Meeting(Answers):
    """A source whose units, the first one apart, wait for each other."""

    def __init__(self, units: int, together: int) -> None:
        super().__init__([None] * units)
        self._barrier = threading.Barrier(together)

    def pull(self, unit: Unit, cursor: Cursor | None) -> Iterator[Batch]:
        """Nobody is through before all are there."""
        if unit.key != "0":
            self._barrier.wait(timeout=10)
        yield Batch(unit, (), cursor, whole=("version",))


def test_units_are_read_at_once_where_the_connector_can() -> None:
    """Once one is well, as many as the lane is wide; every unit is told from its beginning to its end."""
    lane = Lane("jira", "Jira", load_mapping("jira"), Transport(Limits()), lambda *_: Meeting(9, 4), width=4)
    told = list(pull.pull(lane, (), {}, frozenset()))
    assert isinstance(told[-1], pull.Through)
    for place in range(9):
        mine = [type(one) for one in told if getattr(one, "unit", None) == Unit("jira", str(place))]
        assert mine == [pull.Begun, pull.Came, pull.Ended]


def test_a_dead_credential_ends_units_that_are_read_at_once() -> None:
    """Those under way end, none is begun any more, and the connection is broken once."""
    ends = [None, DEAD, *[None] * 200]
    lane = Lane("jira", "Jira", load_mapping("jira"), Transport(Limits()), lambda *_: Answers(ends), width=2)
    told = list(pull.pull(lane, (), {}, frozenset()))
    assert [one.error for one in told if isinstance(one, pull.Broken)] == [DEAD]
    assert sum(isinstance(one, pull.Begun) for one in told) < 100


def test_a_stop_is_not_the_end_of_a_connection() -> None:
    """Units that were not begun say nothing: the connection is not through."""
    stop = threading.Event()

    class Stops(Answers):
        def pull(self, unit: Unit, cursor: Cursor | None) -> Iterator[Batch]:
            stop.set()
            yield Batch(unit, (), cursor)

    for width in (1, 4):
        lane = Lane(
            "jira", "Jira", load_mapping("jira"), Transport(Limits()), lambda *_: Stops([None] * 9), width=width
        )
        told = list(pull.pull(lane, (), {}, frozenset(), stop=stop))
        assert not any(isinstance(one, pull.Through | pull.Broken) for one in told)


class Patient(Answers):
    """A source with units behind others, named before them."""

    def __init__(self) -> None:
        super().__init__([None] * 4)
        self.asked: list[tuple[str, Cursor | None]] = []

    def units(self) -> Sequence[Unit]:
        """Two that tell more about the others."""
        return (Unit("jira", "2", "", "0"), Unit("jira", "0"), Unit("jira", "3", "", "1"), Unit("jira", "1"))

    def pull(self, unit: Unit, cursor: Cursor | None) -> Iterator[Batch]:
        """Note it down."""
        self.asked.append((unit.key, cursor))
        yield Batch(unit, (), cursor)


@pytest.mark.parametrize("width", [1, 4])
def test_what_tells_more_about_things_waits_for_them(width: int) -> None:
    """A unit behind another one is pulled when all others are through, wherever it is named; and from the start where the
    other one begins anew.
    """
    source, cursors = Patient(), {key: Cursor(key) for key in "123"}
    lane = Lane("jira", "Jira", load_mapping("jira"), Transport(Limits()), lambda *_: source, width=width)
    told = list(pull.pull(lane, (), cursors, frozenset()))
    ended = [one.unit.key for one in told if isinstance(one, pull.Ended)]
    assert sorted(ended[:2]) == ["0", "1"]
    assert dict(source.asked) == {"0": None, "1": Cursor("1"), "2": None, "3": Cursor("3")}
    through = next(place for place, one in enumerate(told) if isinstance(one, pull.Through))
    begun = [one.unit.key for one in told[:through] if isinstance(one, pull.Begun)]
    assert sorted(begun) == ["0", "1"]


def test_what_tells_more_about_things_is_not_asked_where_they_failed() -> None:
    """A host that is away is not asked for the past of what it did not tell."""

    class Away(Patient):
        def pull(self, unit: Unit, cursor: Cursor | None) -> Iterator[Batch]:
            del cursor
            if unit:
                raise AWAY
            yield Batch(unit, ())

    lane = Lane("jira", "Jira", load_mapping("jira"), Transport(Limits()), lambda *_: Away())
    told = list(pull.pull(lane, (), {}, frozenset()))
    assert [one.unit.key for one in told if isinstance(one, pull.Begun)] == ["0", "1"]


@pytest.mark.parametrize("width", [1, 4])
def test_what_tells_more_about_things_waits_until_they_were_read_to_their_end(width: int) -> None:
    """Where a unit broke off, the one behind it is left to a later run: it would pass by things that nobody has read yet,
    and what happens to them until somebody does would be told by neither.
    """

    class Breaks(Patient):
        def pull(self, unit: Unit, cursor: Cursor | None) -> Iterator[Batch]:
            yield from super().pull(unit, cursor)
            if unit.key == "0":
                raise AWAY

    source = Breaks()
    lane = Lane("jira", "Jira", load_mapping("jira"), Transport(Limits()), lambda *_: source, width=width)
    list(pull.pull(lane, (), {}, frozenset()))
    assert sorted(key for key, _ in source.asked) == ["0", "1", "3"]


def test_what_takes_its_time_does_not_break_a_connection() -> None:
    """All that the connection had to tell of the present is told by then: a host that goes away behind it is asked no
    further, and the connection is through all the same.
    """

    class Later(Patient):
        def units(self) -> Sequence[Unit]:
            return (Unit("jira", "0"), *(Unit("jira", f"past {place}", "", "0") for place in range(4)))

        def pull(self, unit: Unit, cursor: Cursor | None) -> Iterator[Batch]:
            yield from super().pull(unit, cursor)
            if unit.behind:
                raise AWAY

    source = Later()
    lane = Lane("jira", "Jira", load_mapping("jira"), Transport(Limits()), lambda *_: source)
    told = list(pull.pull(lane, (), {}, frozenset()))
    assert [key for key, _ in source.asked] == ["0", "past 0", "past 1"]
    assert sum(isinstance(one, pull.Through) for one in told) == 1
    assert not any(isinstance(one, pull.Broken) for one in told)


@pytest.mark.parametrize(
    ("patience", "asked"),
    [(0.0, []), (15.0, ["2", "2"]), (45.0, ["2", "2", "2", "3", "3"]), (1e6, ["2", "2", "2", "3", "3", "3"])],
)
def test_what_takes_its_time_has_so_much_of_it(
    patience: float, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind everything else so many seconds are given in all: no other batch is taken then, and no other unit begun. What
    was cut off ends well: the next run goes on there.
    """
    clock = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    batches: list[str] = []

    class Slow(Patient):
        def pull(self, unit: Unit, cursor: Cursor | None) -> Iterator[Batch]:
            for _ in range(3 if unit.behind else 0):
                clock[0] += 10
                batches.append(unit.key)
                yield Batch(unit, (), cursor)

    lane = Lane("jira", "Jira", load_mapping("jira"), Transport(Limits()), lambda *_: Slow())
    told = list(pull.pull(lane, (), {}, frozenset(), patience=patience))
    assert batches == asked
    assert [one.error for one in told if isinstance(one, pull.Ended)] == [None] * (2 + len(set(asked)))
    assert any(isinstance(one, pull.Through) for one in told)
