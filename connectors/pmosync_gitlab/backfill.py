"""The history that issues had before they were first read: fetched bit by bit, behind everything else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from itertools import takewhile

from msgspec.structs import replace

from pmosync.raw import Batch, RawRecord, Unit

from .client import Row
from .cursor import Position, Trail, laid
from .history import LISTS, Historian
from .sweep import PIECE, Reader
from .territory import Territory
from .walk import Step, created, moment


class Budget:
    """How many requests all backfills of one source may spend together while it is open."""

    def __init__(self, requests: int) -> None:
        self._left = requests
        self._lock = threading.Lock()

    def grants(self, requests: int) -> bool:
        """Spend so many if anything is left: the last ones may go a little beyond it, so that each run comes forward."""
        with self._lock:
            granted = self._left > 0
            self._left -= requests if granted else 0
        return granted

    @property
    def over(self) -> bool:
        """Whether nothing is left."""
        return self._left <= 0


def pull(reader: Reader, unit: Unit, found: Territory, last: Trail, budget: Budget) -> Iterator[Batch]:
    """The histories of the scope's issues, a few at a time in their order of creation, as far as the budget reaches; nothing
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
        self._trail, self._done = trail, frozenset(trail.done)
        self._started = trail.started or reader.now()
        self._since = self._started - timedelta(days=reader.settings.history_days)
        self._historian = Historian(reader.client, reader.writer)
        self._members_only = reader.members_only(found, "issue")

    def batches(self) -> Iterator[Batch]:
        """A batch for each few issues, until the budget is spent."""
        for step, records in self._reader.crew.answers(self._told, self._steps()):
            yield self._batch(step, records)
        if not self._reader.lists(self._found, "issue"):
            yield self._batch(Step([], None, 0), ())

    def _steps(self) -> Iterator[Step]:
        """The pages in pieces, as far as the budget reaches: the last piece may end inside a page."""
        start = Position(self._trail.at.after if self._trail.at else None)
        for page in self._reader.steps(self._found, "issue", {}, start):
            rows = [row for row in page.rows if row["id"] not in self._done]
            granted = list(takewhile(self._granted, rows))
            yield from _cut(page, granted, whole=len(granted) == len(rows))
            # A page of which all is done already costs nothing, or a small budget would never come past an import's moment.
            if len(granted) < len(rows) or (rows and not self._budget.grants(1)) or self._budget.over:
                return

    def _granted(self, row: Row) -> bool:
        return self._budget.grants(len(self._kinds(row)))

    def _batch(self, step: Step, records: tuple[RawRecord, ...]) -> Batch:
        """What a piece came to, and the trail behind it."""
        ahead = None if step.total is None else self._trail.passed + step.total
        first = self._trail.first or next(map(created, step.rows), None)
        passed = self._trail.passed + len(step.rows)
        done = self._done_at(step)
        self._trail = replace(self._trail, at=step.onward, passed=passed, first=first, done=done)
        return Batch(self._unit, records, laid(self._trail), share=self._share(ahead))

    def _done_at(self, step: Step) -> tuple[int, ...]:
        """What is done of the instant at which the next run begins: it is listed once more then."""
        at, before = step.onward, self._trail.at
        if at is None or at.after is None:
            return ()
        known = self._trail.done if before and before.after == at.after else ()
        return (*known, *(row["id"] for row in step.rows if created(row) == at.after))

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

    def _told(self, step: Step) -> tuple[Step, tuple[RawRecord, ...]]:
        """A piece with the histories of its issues, for whoever tells them in their order."""
        return step, tuple(record for row in step.rows for record in self._history(row))

    def _kinds(self, row: Row) -> tuple[str, ...]:
        """The lists to ask of one issue: none if it was last updated too long ago."""
        return self._historian.hints(row) if moment(row["updated_at"]) >= self._since else ()

    def _history(self, row: Row) -> Iterator[RawRecord]:
        return self._historian.lists(row, self._reader.item("issue", row, self._members_only), self._kinds(row))


def _cut(page: Step, rows: list[Row], *, whole: bool) -> Iterator[Step]:
    """The first rows of a page in pieces, each with where to go on behind it. The last piece of a ``whole`` page goes on as
    the page does; one without rows is a piece only where the page is whole.
    """
    for first in range(0, max(len(rows), int(whole)), PIECE):
        some = rows[first : first + PIECE]
        ends = whole and first + PIECE >= len(rows)
        onward = page.onward if ends else Position(created(some[-1]))
        yield Step(some, onward, None if page.total is None else page.total - first)


def _part(some: float, whole: float) -> float:
    """A share below 1, whatever is counted twice or comes in between."""
    return min(max(some / whole, 0.0), 0.99) if whole > 0 else 0.0
