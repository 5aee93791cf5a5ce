"""The input tabs of a workbook file as raw rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from pmosync.connector import Finding, Opening
from pmosync.errors import ConfigError, PmosyncError
from pmosync.raw import Batch, Cursor, RawRecord, Ref, Unit
from pmosync.rows import KIND, records, untold
from pmosync_xlsx import reading


class XlsxSource:
    """Reads every row of the wanted tabs at each pull; see ``pmosync.rows`` for what a record holds.

    A pull lists everything only when every wanted tab was found with all columns that tell its rows apart.
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
        for tab in self._tabs:
            old = previous.find(tab)
            if old is None:
                yield Finding(True, tab.title, "the tab is not there yet", "it is made by the first sync")
            elif lacking := reading.header(tab, old).lacking(tab):
                yield Finding(False, tab.title, *untold(lacking))
            else:
                yield Finding(True, tab.title, "the tab can be read")

    def units(self) -> Sequence[Unit]:
        """One: the file; none while our own workbook has not been made yet."""
        if self._own and not self._path.is_file():
            return ()
        return (Unit(self._connection, self._path.name, "input tabs"),)

    def pull(self, unit: Unit, cursor: Cursor | None) -> Iterator[Batch]:
        """All rows that people filled; the cursor is a hash of them."""
        previous = self._previous()
        rows: list[RawRecord] = []
        whole = True
        for tab in self._tabs:
            old = previous.find(tab)
            where = reading.header(tab, old) if old else None
            whole = whole and where is not None and not where.lacking(tab)
            if old is not None and where is not None:
                rows += records(old.rows, tab, old.title, self._connection, where)
        digest = hashlib.sha256(msgspec.json.encode(rows)).hexdigest()[:16]
        yield Batch(unit, tuple(rows), Cursor(f'"{digest}"'), whole=(KIND,) if whole else (), total=len(rows))

    def census(self, unit: Unit) -> Iterator[Sequence[Ref]]:
        """The rows that are there now."""
        for batch in self.pull(unit, None):
            yield [record.ref for record in batch.records]

    def visible(self, refs: Sequence[Ref], kept: Mapping[Ref, RawRecord] = {}) -> Mapping[Ref, bool]:
        """Whether each row is still there by its code."""
        there = {ref for page in self.census(self.units()[0]) for ref in page}
        return {ref: ref in there for ref in refs}

    def close(self) -> None:
        """Nothing is held open."""

    def _previous(self) -> reading.Previous:
        if not self._path.is_file():
            raise ConfigError(f"the workbook {self._path} is not there", remedy="set its path; the first sync makes it")
        return reading.read(self._path)
