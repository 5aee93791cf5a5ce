"""Where the units of a connection go on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

import pytest

from pmosync.connector import Finding
from pmosync.engine import pull
from pmosync.engine.house import Lane
from pmosync.mapping import load_mapping
from pmosync.raw import Batch, Cursor, RawRecord, Ref, Unit
from pmosync.transport import Limits, Transport

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
ISSUES, PAST = Unit("acme", "issues"), Unit("acme", "past", behind="issues")


class Noted:
    """A source of issues and of what happened to them before; notes where each is asked to go on."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None]] = []

    def check(self) -> Iterable[Finding]:
        """Nothing is wrong."""
        return ()

    def units(self) -> Sequence[Unit]:
        """The past is named first, and waits all the same."""
        return (PAST, ISSUES)

    def pull(self, unit: Unit, cursor: Cursor | None) -> Iterator[Batch]:
        """Nothing new."""
        self.asked.append((unit.key, cursor.value if cursor else None))
        return iter(())

    def census(self, unit: Unit) -> Iterator[Sequence[Ref]]:
        """Nothing is there."""
        return iter(())

    def visible(self, refs: Sequence[Ref], kept: Mapping[Ref, RawRecord]) -> Mapping[Ref, bool]:
        """Nothing is known."""
        return {}

    def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize(
    ("cursors", "since", "asked"),
    [
        ({"issues": "9", "past": "40"}, None, [("issues", "9"), ("past", "40")]),
        ({"issues": "9", "past": "40"}, MONDAY, [("issues", "9 back"), ("past", "40")]),
        ({"issues": "none", "past": "40"}, MONDAY, [("issues", None), ("past", None)]),
        ({"past": "40"}, None, [("issues", None), ("past", None)]),
        ({"issues": "9"}, None, [("issues", "9"), ("past", None)]),
    ],
)
def test_what_tells_of_the_past(
    cursors: dict[str, str], since: datetime | None, asked: list[tuple[str, str | None]]
) -> None:
    """It comes behind all other units, is never set back, and begins anew where the things that it is of are read anew."""
    source = Noted()
    lane = Lane(
        "acme",
        "Acme",
        load_mapping("jira"),
        Transport(Limits()),
        lambda *_: source,
        rewind=lambda cursor, _: None if cursor.value == "none" else Cursor(f"{cursor.value} back"),
    )
    told = list(pull.pull(lane, (), {key: Cursor(text) for key, text in cursors.items()}, frozenset(), since=since))
    assert source.asked == asked
    assert any(isinstance(one, pull.Through) for one in told)
