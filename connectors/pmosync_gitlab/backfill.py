"""The history that issues had before they were first read: fetched bit by bit, behind everything else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

from msgspec.structs import replace

from pmosync.raw import Batch, RawRecord, Unit

from .client import Row
from .cursor import Position, Trail, laid
from .history import LISTS, Historian
from .sweep import Piece, Reader, pieces
from .territory import Territory
from .walk import Step, created, moment


class Budget:
    """How many lists all backfills of one source may ask for together while it is open."""

    def __init__(self, lists: int) -> None:
        self._left = lists
        self._lock = threading.Lock()

    def spend(self, lists: int) -> None:
        """So many were asked for."""
        with self._lock:
            self._left -= lists

    @property
    def over(self) -> bool:
        """Whether no more may be."""
        return self._left <= 0


def pull(reader: Reader, unit: Unit, found: Territory, last: Trail, budget: Budget) -> Iterator[Batch]:
    """The histories of the scope's issues, page by page in their order of creation, as far as the budget reaches; nothing
    once it is through. Whatever happens to an issue from its first reading on is told by the unit that reads the issues.
    """
    manner = reader.fingerprint(LISTS, reader.settings.history_days)
    if last.manner != manner:
        started = found.date or reader.now()
        last = Trail(started, Position(), manner=manner)
        yield Batch(unit, (), laid(last), share=0.0)
    if last.at is not None and not budget.over:
        yield from Backfill(reader, unit, found, last, budget).batches()


class Backfill:
    """Goes on along a trail: from the first page of its instant, since the pages may have another size now."""

    def __init__(self, reader: Reader, unit: Unit, found: Territory, trail: Trail, budget: Budget) -> None:
        self._reader, self._unit, self._found, self._budget = reader, unit, found, budget
        self._trail = trail
        self._started = trail.started or reader.now()
        self._since = self._started - timedelta(days=reader.settings.history_days)
        self._historian = Historian(reader.client, reader.writer)
        self._members_only = reader.members_only(found, "issue")

    def batches(self) -> Iterator[Batch]:
        """A batch a page, until the budget is spent."""
        start = Position(self._trail.at.after if self._trail.at else None)
        records = list[RawRecord]()
        steps = self._reader.steps(self._found, "issue", {}, start)
        for piece, told in self._reader.crew.answers(self._told, (one for step in steps for one in pieces(step))):
            records += told
            if not piece.last:
                continue
            yield self._page(piece.step, tuple(records))
            records.clear()
            if self._trail.at is None or self._budget.over:
                return
        yield self._page(Step([], None, 0), ())

    def _page(self, step: Step, records: tuple[RawRecord, ...]) -> Batch:
        """What a page came to, and the trail behind it."""
        ahead = None if step.total is None else self._trail.passed + step.total
        first = self._trail.first or next(map(created, step.rows), None)
        passed = self._trail.passed + len(step.rows)
        self._trail = replace(self._trail, at=step.onward, passed=passed, first=first)
        return Batch(self._unit, records, laid(self._trail), share=self._share(ahead))

    def _share(self, ahead: int | None) -> float:
        """By the number of issues; where GitLab does not count them (more than 10,000), by when they were created."""
        at, first = self._trail.at, self._trail.first
        if at is None:
            return 1.0
        if ahead is not None:
            return _part(self._trail.passed, ahead)
        if first is None or at.after is None:
            return 0.0
        return _part((at.after - first).total_seconds(), (self._started - first).total_seconds())

    def _told(self, piece: Piece) -> tuple[Piece, tuple[RawRecord, ...]]:
        """A piece with the histories of its issues, for whoever puts them together again."""
        return piece, tuple(record for row in piece.rows for record in self._history(row))

    def _history(self, row: Row) -> Iterator[RawRecord]:
        """The history of one issue, unless it was last updated too long ago."""
        kinds = self._historian.hints(row) if moment(row["updated_at"]) >= self._since else ()
        self._budget.spend(len(kinds))
        return self._historian.lists(row, self._reader.item("issue", row, self._members_only), kinds)


def _part(some: float, whole: float) -> float:
    """A share below 1, whatever is counted twice or comes in between."""
    return min(max(some / whole, 0.0), 0.99) if whole > 0 else 0.0
