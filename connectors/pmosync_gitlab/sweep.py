"""Pulls of issues or merge requests: page by page, each batch with the cursor behind it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
from msgspec import Struct

from pmosync.connector import Kept
from pmosync.raw import Batch, RawRecord, Ref, Unit
from pmosync.transport import Crew

from . import territory
from .client import Client, Row
from .cursor import Mark, Position, dump
from .history import LISTS, Historian
from .payload import Writer, digest
from .reviews import FIELDS, reviewed
from .settings import GitlabSettings
from .territory import Atlas, Territory
from .walk import Step, moment, utc, walk

PIECE = 8
"""Rows whose history is asked for by one thread: a page of a hundred is enough for a dozen threads."""

ACCESS = {"issue": "issues_access_level", "merge_request": "merge_requests_access_level"}


class Reader(Struct, frozen=True):
    """What reading needs: the client, the maker of records, the atlas of scopes, settings, clock, who asks beside, and
    what was last read.
    """

    client: Client
    writer: Writer
    atlas: Atlas
    settings: GitlabSettings
    now: Callable[[], datetime]
    crew: Crew
    kept: Kept

    def lists(self, found: Territory, kind: str) -> bool:
        """Whether the scope lists its issues or merge requests: a project may have them switched off."""
        return found.row.get(f"{kind}s_enabled") is not False

    def steps(self, found: Territory, kind: str, query: Mapping[str, str], start: Position) -> Iterator[Step]:
        """The pages of a scope's issues or merge requests; none where the project has them switched off."""
        if not self.lists(found, kind):
            return iter(())
        return walk(self.client, f"{found.path}/{kind}s", {**territory.items(found), **query}, start)

    def members_only(self, found: Territory, kind: str) -> set[int]:
        """The projects of a scope that show these items to their members alone."""
        return {row["id"] for row in self.atlas.projects(found) if row.get(ACCESS[kind]) == "private"}

    def manner(self, kind: str, members_only: set[int]) -> str:
        """A fingerprint of what is kept of an item and of who may see it. What changes it moves no item's ``updated_at``."""
        return self.fingerprint([kind], sorted(members_only))

    def fingerprint(self, kinds: Iterable[str], beside: object) -> str:
        """What is kept of these kinds, and what else matters to how they are read, in a few letters."""
        kept = {one: sorted(self.writer.words(one)) for one in kinds if self.writer.wants(one)}
        return hashlib.blake2b(msgspec.json.encode([kept, beside]), digest_size=8).hexdigest()

    def noted(self, kind: str) -> tuple[str, ...]:
        """The fields of this kind that notes alone tell and the mapping reads."""
        return tuple(one for one in FIELDS if kind == "merge_request" and self.writer.reads(kind, one))

    def historian(self, kind: str) -> Historian | None:
        """Who reads what happened to the items of this kind, if anybody does."""
        return Historian(self.client, self.writer) if kind == "issue" and self.settings.history else None

    def tells_history(self) -> bool:
        """Whether the mapping reads anything of what happened to issues, and nobody has switched it off."""
        return self.settings.history and any(map(self.writer.wants, LISTS))

    def item(self, kind: str, row: Row, members_only: set[int], **more: Any) -> RawRecord:
        """An item as it is kept; ``more`` is what GitLab tells beside the row."""
        restricted = bool(row.get("confidential")) or row["project_id"] in members_only
        return self.writer.record(kind, row, restricted=restricted, **more)


def pull(reader: Reader, unit: Unit, found: Territory, kind: str, last: Mark) -> Iterator[Batch]:
    """What changed since the last sweep. One that was broken off and is brought to its end knows nothing of what changed
    since it began: another one follows it.
    """
    sweep = Sweep(reader, unit, found, kind, last)
    yield from sweep.batches()
    if sweep.resumed:
        yield from Sweep(reader, unit, found, kind, sweep.end).batches()


class Sweep:
    """Begins anew behind the last sweep, or goes on inside one that was broken off (``resumed``). One that was read in
    another manner tells nothing: all is read again.
    """

    def __init__(self, reader: Reader, unit: Unit, found: Territory, kind: str, last: Mark) -> None:
        self._reader, self._unit, self._found, self._kind = reader, unit, found, kind
        self._members_only = reader.members_only(found, kind)
        manner = reader.manner(kind, self._members_only)
        known = last if last.manner == manner else Mark(manner=manner, read=last.read)
        self.resumed = known.at is not None
        self._mark = _entered(known) if self.resumed else self._begun(known)
        self._started = self._mark.started or reader.now()

    @property
    def end(self) -> Mark:
        """Behind this sweep."""
        return Mark(self._started, recent=self._mark.fresh, manner=self._mark.manner, read=True)

    def batches(self) -> Iterator[Batch]:
        """A batch a page; the last one carries the cursor of the next sweep."""
        historian = self._reader.historian(self._kind)
        total, records = None, list[RawRecord]()
        for piece, told in self._reader.crew.answers(partial(self._told, historian), self._pieces()):
            records += told
            if not piece.last:
                continue
            step = piece.step
            total = step.total if total is None else total
            self._mark = msgspec.structs.replace(
                self._mark, at=step.onward, fresh=self._mark.fresh | self._fresh(step.rows)
            )
            if not step.onward:
                yield self._last(tuple(records), total)
                return
            yield Batch(self._unit, tuple(records), dump(self._mark), total=total)
            records.clear()
        yield self._last((), 0)

    def _last(self, records: tuple[RawRecord, ...], total: int | None) -> Batch:
        return Batch(self._unit, records, dump(self.end), total=total)

    def _begun(self, last: Mark) -> Mark:
        """From the start of the last sweep, less the margin in which ``updated_at`` cannot be trusted."""
        since = last.started - self._reader.settings.margin if last.started else None
        started = self._found.date or self._reader.now()
        return Mark(started, since, Position(), last.recent, manner=last.manner, read=last.read)

    def _steps(self) -> Iterator[Step]:
        query = {"updated_after": utc(self._mark.since)} if self._mark.since else {}
        return self._reader.steps(self._found, self._kind, query, self._mark.at or Position())

    def _told(self, historian: Historian | None, piece: Piece) -> tuple[Piece, tuple[RawRecord, ...]]:
        """A piece with its records, for whoever puts them together again."""
        return piece, tuple(self._records(piece, historian))

    def _records(self, piece: Piece, historian: Historian | None) -> Iterator[RawRecord]:
        for row in piece.rows:
            if self._mark.recent.get(str(row["id"])) == digest(row):
                continue
            before = piece.kept.get(self._reader.writer.ref(self._kind, row["id"]))
            beside = self._beside(row, before.payload if before else None)
            record = self._reader.item(self._kind, row, self._members_only, **beside)
            yield record
            if historian:
                yield from historian.of(row, record, before, new=self._mark.read)

    def _beside(self, row: Row, before: Mapping[str, Any] | None) -> dict[str, Any]:
        """What GitLab does not tell in the row itself, where the mapping reads it."""
        asked = self._reader.noted(self._kind)
        return reviewed(self._reader.client, row, asked, before or {}) if asked else {}

    def _pieces(self) -> Iterator[Piece]:
        """The pages in pieces, with what was last read of their rows; an empty page is one piece."""
        for step in self._steps():
            refs = [self._reader.writer.ref(self._kind, row["id"]) for row in step.rows]
            yield from pieces(step, self._reader.kept(refs))

    def _fresh(self, rows: list[Row]) -> dict[str, str]:
        """Fingerprints of the rows that the next sweep will see again. What notes tell of a row may still change with no
        sign of it for a while after its last update: such a row is read once more.
        """
        edge, settings = self._started - self._reader.settings.margin, self._reader.settings
        late = self._started - settings.silence if self._reader.noted(self._kind) else self._started
        return {str(row["id"]): digest(row) for row in rows if edge <= moment(row["updated_at"]) <= late}


class Piece(Struct, frozen=True):
    """Some rows of a page; ``last`` ends it. ``kept`` is what was last read of the page's rows."""

    step: Step
    rows: Sequence[Row]
    last: bool
    kept: Mapping[Ref, RawRecord]


def pieces(step: Step, kept: Mapping[Ref, RawRecord] = {}) -> Iterator[Piece]:
    """A page in pieces for the threads of a crew; an empty one is one piece."""
    for first in range(0, max(1, len(step.rows)), PIECE):
        yield Piece(step, step.rows[first : first + PIECE], first + PIECE >= len(step.rows), kept)


def _entered(mark: Mark) -> Mark:
    """A sweep to go on inside: from the first page of its instant, since the pages may have another size now."""
    return msgspec.structs.replace(mark, at=Position(mark.at.after if mark.at else None))
