"""When a connection is asked no further within a run, and what is asked of a unit."""

from __future__ import annotations

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
