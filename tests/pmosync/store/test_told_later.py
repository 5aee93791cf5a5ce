"""The slip ledger told live, week by week, is the one that the store tells of any of these weeks, and the journal after it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.pmosync.compute.conftest import Story

from pmosync.compute.policy import Policy
from pmosync.model import DecisionType, Move, Report
from pmosync.store import Journal, Store, ledger, open_store, rebuild
from pmosync.store.database import connect, reading

SOAK = bool(os.environ.get("PMOSYNC_SOAK"))
MONDAY, TARGET = date(2026, 3, 2), date(2026, 4, 17)
CODES = ("PAY-M01", "PAY-M02", "PAY-M03")
DAY = st.one_of(st.none(), st.integers(0, 90))
TURN = st.fixed_dictionaries(
    {
        "targets": st.lists(DAY, max_size=3),
        "forecast": DAY,
        "due": DAY,
        "closed": st.sampled_from((False, False, False, True)),
        "held": st.sampled_from((False, False, True)),
    }
)
"""What becomes of a milestone in a week: where its target was moved to, what its manager says, when its item is due, whether
it is closed, and whether it is paused.
"""
Known = tuple[Mapping[str, tuple[Move, ...]], Mapping[str, tuple[Report, ...]]]


def day(days: int | None) -> date | None:
    """So many days behind the first Monday; None for none."""
    return None if days is None else MONDAY + timedelta(days=days)


class Life:
    """Three milestones whose weeks are told one after the other."""

    def __init__(self) -> None:
        self.story = Story(Policy(ledger_move=1, ledger_cause=1))
        self.refs = {code: self.story.version(code, TARGET) for code in CODES}
        self.paused: set[str] = set()
        for code in CODES:
            self.story.typed(code)

    def live(self, number: int, turns: Sequence[dict[str, Any]]) -> None:
        """A week: what happened, then its assessment."""
        story = self.story
        story.today = MONDAY + timedelta(days=7 * number)
        story.items.clear()
        for code, turn in zip(CODES, turns, strict=True):
            self._turned(number, code, turn)
        story.assess()

    def _turned(self, number: int, code: str, turn: dict[str, Any]) -> None:
        story, ref, due = self.story, self.refs[code], day(turn["due"])
        for ago, target in zip((3, 2, 1), turn["targets"], strict=False):
            story.moved(ref, day(target))
            seen = story.observations[str(ref)]
            seen[-1] = replace(seen[-1], changed=story.now - timedelta(hours=ago))
        story.typed(code, forecast=day(turn["forecast"]))
        if turn["closed"] != story.sources[ref].closed:
            story.closed(ref, turn["closed"])
        if due is not None:
            story.item(code, f"{code}-1", due=due)
        story.scope(code, total=1, open=1, dated_open=int(due is not None), latest_due=(due, code) if due else None)
        if turn["held"] != (code in self.paused):
            kind = DecisionType.PAUSE if turn["held"] else DecisionType.RESUME
            story.decide(f"D-{number}-{code}", kind, code, new_date=story.today + timedelta(days=60))
            self.paused ^= {code}


def as_of(path: Path, moments: Iterable[datetime]) -> list[tuple[datetime, Known]]:
    """The rows and reports known at these moments, without what dates were planned from: of older ones that is not told."""
    engine = connect(path)
    with reading(engine, path) as connection:
        told: list[tuple[datetime, Known]] = [
            (at, (bare(ledger.moves(connection, at)), ledger.reports(connection, at))) for at in moments
        ]
    engine.dispose()
    return told


def bare(moves: Mapping[str, Sequence[Move]]) -> Mapping[str, tuple[Move, ...]]:
    """The rows without what they were planned from."""
    return {code: tuple(replace(each, planned=None) for each in rows) for code, rows in moves.items() if rows}


def lived(
    store: Store, journal: Journal, weeks: Sequence[Sequence[dict[str, Any]]]
) -> Iterator[tuple[datetime, Known]]:
    """Each week's assessment, kept as a run keeps it: its moment, and the ledger as it told it."""
    life = Life()
    for number, turns in enumerate(weeks):
        life.live(number, turns)
        said = life.story.last
        run = store.begin(said.as_of)
        store.enter(run, said.new_moves, said.new_reports, said.as_of)
        journal.append(run, store.entries(run))
        store.journaled(run)
        yield said.as_of, (bare(said.moves), {code: each for code, each in said.reports.items() if each})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the stores lie."""
    return tmp_path_factory.mktemp("stores")


@settings(max_examples=100 if SOAK else 6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(TURN, TURN, TURN), min_size=2, max_size=6))
def test_told_live_and_told_later(home: Path, weeks: Sequence[Sequence[dict[str, Any]]]) -> None:
    """Whatever happens in whichever week: the store tells of each week what was told then, and so does one that is begun anew
    from the journal.
    """
    with TemporaryDirectory(dir=home) as folder:
        path, journal = Path(folder) / "store.sqlite", Journal(Path(folder) / "journal.jsonl")
        store = open_store(path, now=Story(Policy()).now)
        told = list(lived(store, journal, weeks))
        store.close()
        moments = [at for at, _ in told]
        assert as_of(path, moments) == told
        rebuild(path, journal.path, now=moments[-1]).store.close()
        assert as_of(path, moments) == told


@settings(max_examples=500 if SOAK else 10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(TURN, TURN, TURN), min_size=2, max_size=6))
def test_what_people_moved_is_told_alike_at_once(weeks: Sequence[Sequence[dict[str, Any]]]) -> None:
    """Where nothing of a ledger was kept, as in a store that is older than it, what was seen tells the same moves of targets and
    forecasts, and what was promised those of baselines, as were told week by week.
    """
    life = Life()
    for number, turns in enumerate(weeks):
        life.live(number, turns)
    told = moved(life.story)
    life.story.moves = {}
    life.story.assess()
    assert moved(life.story) == told


def moved(story: Story) -> list[tuple[object, ...]]:
    """Every row that somebody's move made, in an order of its own."""
    rows = (row for code in CODES for row in story.moves.get(code, ()))
    kept = (row for row in rows if row.field in {"target", "forecast", "baseline"})
    return sorted(
        ((row.code, row.field, row.seen, row.old or date.min, row.new or date.min, row.wd) for row in kept), key=str
    )
