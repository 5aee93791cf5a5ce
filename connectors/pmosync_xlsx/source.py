"""The input tabs of a workbook file as raw rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

import msgspec

from pmosync.connector import Finding, Opening
from pmosync.errors import ConfigError, PmosyncError, Unread
from pmosync.raw import Batch, Cursor, RawRecord, Ref, Unit
from pmosync.rows import KIND, Seen, records, tabless, unheaded
from pmosync_xlsx import reading


class XlsxSource:
    """Reads every row of the wanted tabs at each pull; see ``pmosync.rows`` for what a record holds.

    A pull lists everything only when every wanted tab was found with all columns that tell its rows apart. Such a column
    that is missing, and a file of somebody else's without any of our tabs, end it with UnreadError.
    """

    def __init__(self, opening: Opening) -> None:
        self._connection, self._tabs = opening.connection, opening.tabs
        self._path: Path = opening.settings.path
        self._own = opening.own

    def check(self) -> Iterator[Finding]:
        """Whether the file can be read, and which of the wanted tabs are there."""
        if self._own and not self._path.is_file():
            yield Finding(True, str(self._path), "the workbook is not there yet", "it is made by the first sync")
            return
        try:
            previous = self._previous()
        except PmosyncError as error:
            yield Finding(False, str(self._path), error.message, error.remedy)
            return
        yield from map(_fault, self._bare(any(previous.find(tab) for tab in self._tabs)))
        for tab in self._tabs:
            old = previous.find(tab)
            if old is None:
                yield Finding(True, tab.title, "the tab is not there yet", "it is made by the first sync")
            elif (where := reading.header(tab, old)).lacking(tab):
                yield _fault(unheaded(tab, where, tab.title))
            else:
                yield Finding(True, tab.title, "the tab can be read")

    def units(self) -> Sequence[Unit]:
        """One: the file; none while our own workbook has not been made yet."""
        if self._own and not self._path.is_file():
            return ()
        return (Unit(self._connection, self._path.name, "input tabs"),)

    def pull(self, unit: Unit, cursor: Cursor | None) -> Iterator[Batch]:
        """All rows that people filled; the cursor is a hash of them."""
        seen = self._seen()
        digest = hashlib.sha256(msgspec.json.encode(seen.rows)).hexdigest()[:16]
        whole = (KIND,) if seen.whole else ()
        yield Batch(unit, seen.rows, Cursor(f'"{digest}"'), whole=whole, total=len(seen.rows))
        seen.guard()

    def census(self, unit: Unit) -> Iterator[Sequence[Ref]]:
        """The rows that are there now; UnreadError behind them as in ``pull``."""
        seen = self._seen()
        yield [record.ref for record in seen.rows]
        seen.guard()

    def visible(self, refs: Sequence[Ref], kept: Mapping[Ref, RawRecord] = {}) -> Mapping[Ref, bool]:
        """Whether each row is still there by its code; UnreadError where that was not seen of all."""
        there = {ref for page in self.census(self.units()[0]) for ref in page}
        return {ref: ref in there for ref in refs}

    def close(self) -> None:
        """Nothing is held open."""

    def _seen(self) -> Seen:
        """What the wanted tabs hold, in their order."""
        previous = self._previous()
        there = [(tab, old, reading.header(tab, old)) for tab in self._tabs if (old := previous.find(tab)) is not None]
        rows = [records(old.rows, tab, old.title, self._connection, where) for tab, old, where in there]
        unread = [unheaded(tab, where, old.title) for tab, old, where in there if where.lacking(tab)]
        unread += self._bare(bool(there))
        return Seen(tuple(chain(*rows)), len(there) == len(self._tabs) and not unread, tuple(unread))

    def _bare(self, there: bool) -> Iterator[Unread]:
        """Whether a file of somebody else's has none of our tabs."""
        if not (there or self._own):
            yield tabless(self._path.name)

    def _previous(self) -> reading.Previous:
        if not self._path.is_file():
            raise ConfigError(f"the workbook {self._path} is not there", remedy="set its path; the first sync makes it")
        return reading.read(self._path)


def _fault(table: Unread) -> Finding:
    """What check says of a table that cannot be read."""
    return Finding(False, table.place, table.message, table.remedy)
