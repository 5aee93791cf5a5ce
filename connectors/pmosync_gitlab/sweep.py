"""One pull of issues or merge requests: page by page, each batch with the cursor behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from pmosync.raw import Batch, RawRecord, Unit

from . import territory
from .client import Client, Row
from .cursor import Mark, Position, dump
from .history import Historian
from .payload import Writer, digest
from .reviews import FIELD, first_review
from .roster import Roster
from .settings import GitlabSettings
from .territory import Territory
from .walk import Step, moment, utc, walk

ACCESS = {"issue": "issues_access_level", "merge_request": "merge_requests_access_level"}


class Reader(Struct, frozen=True):
    """What reading needs: the client, the maker of records, the roster of homes, the settings and the clock."""

    client: Client
    writer: Writer
    roster: Roster
    settings: GitlabSettings
    now: Callable[[], datetime]

    def lists(self, found: Territory, kind: str) -> bool:
        """Whether the scope lists its issues or merge requests: a project may have them switched off."""
        return found.row.get(f"{kind}s_enabled") is not False

    def steps(self, found: Territory, kind: str, query: Mapping[str, str], start: Position) -> Iterator[Step]:
        """The pages of a scope's issues or merge requests; none where the project has them switched off."""
        if not self.lists(found, kind):
            return
        for step in walk(self.client, f"{found.path}/{kind}s", {**territory.items(found), **query}, start):
            self.roster.note(kind, step.rows)
            yield step


class Sweep:
    """Begins anew behind the last sweep, or goes on inside one that was broken off."""

    def __init__(self, reader: Reader, unit: Unit, found: Territory, kind: str, last: Mark) -> None:
        self._reader, self._unit, self._found, self._kind = reader, unit, found, kind
        self._mark = last if last.at else self._begun(last)
        self._started = self._mark.started or reader.now()
        self._members_only: set[int] | None = None

    def batches(self) -> Iterator[Batch]:
        """A batch a page; the last one carries the cursor of the next sweep."""
        historian, total = self._historian(), None
        for step in self._steps():
            total = step.total if total is None else total
            records = tuple(self._records(step.rows, historian))
            self._mark = msgspec.structs.replace(
                self._mark, at=step.onward, fresh=self._mark.fresh | self._fresh(step.rows)
            )
            if step.onward:
                yield Batch(self._unit, records, dump(self._mark), total=total)
            else:
                yield self._last(records, total)
                return
        yield self._last((), 0)

    def _last(self, records: tuple[RawRecord, ...], total: int | None) -> Batch:
        return Batch(self._unit, records, dump(Mark(self._started, recent=self._mark.fresh)), total=total)

    def _begun(self, last: Mark) -> Mark:
        """From the start of the last sweep, less the margin in which ``updated_at`` cannot be trusted."""
        since = last.started - self._reader.settings.margin if last.started else None
        return Mark(self._found.date or self._reader.now(), since, Position(), last.recent)

    def _steps(self) -> Iterator[Step]:
        query = {"updated_after": utc(self._mark.since)} if self._mark.since else {}
        return self._reader.steps(self._found, self._kind, query, self._mark.at or Position())

    def _records(self, rows: list[Row], historian: Historian | None) -> Iterator[RawRecord]:
        for row in rows:
            if self._mark.recent.get(str(row["id"])) == digest(row):
                continue
            restricted = bool(row.get("confidential")) or self._private(row["project_id"])
            yield self._reader.writer.record(self._kind, row, restricted=restricted, **self._beside(row))
            if historian:
                yield from historian.of(row, restricted)

    def _beside(self, row: Row) -> dict[str, str | None]:
        """What GitLab does not tell in the row itself, where the mapping reads it."""
        if self._kind != "merge_request" or not self._reader.writer.reads(self._kind, FIELD):
            return {}
        return {FIELD: first_review(self._reader.client, row)}

    def _historian(self) -> Historian | None:
        if self._kind != "issue" or not self._reader.settings.history:
            return None
        first = self._mark.since is None
        since = self._started - timedelta(days=self._reader.settings.history_days) if first else None
        return Historian(self._reader.client, self._reader.writer, first, since)

    def _fresh(self, rows: list[Row]) -> dict[str, str]:
        """Fingerprints of the rows that the next sweep will see again."""
        edge = self._started - self._reader.settings.margin
        return {str(row["id"]): digest(row) for row in rows if moment(row["updated_at"]) >= edge}

    def _private(self, project_id: int) -> bool:
        """Whether a project shows these items to its members alone; the projects are asked once, when there is a row to judge."""
        if self._members_only is None:
            rows = territory.projects(self._reader.client, self._found)
            self._members_only = {row["id"] for row in rows if row.get(ACCESS[self._kind]) == "private"}
        return project_id in self._members_only
