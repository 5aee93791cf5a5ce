"""The workbook as a file: read back, rendered whole, put in the old one's place in one step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pmosync import wholefile
from pmosync.connector import Fence, Finding, Opening, unfenced
from pmosync.errors import PmosyncError, TargetError
from pmosync.sheet import Grid, Publication, Tab, Workbook, WriteStamp, Written
from pmosync_xlsx import reading, writing
from pmosync_xlsx.reading import Old, Previous

ATTEMPTS = 3


class XlsxSink:
    """Keeps one file true. Published sheets are written anew; see ``writing.render`` for what of people's is kept.

    Formulas carry the values they were published with. The stamp stands in the file's custom properties.
    """

    def __init__(self, opening: Opening) -> None:
        self._path: Path = opening.settings.path
        self._seen: tuple[tuple[int, ...], Previous] | None = None

    def check(self, tabs: Sequence[Tab]) -> Iterator[Finding]:
        """Whether the file, where there is one, can be read, and its folder be written to."""
        place = str(self._path)
        faults = [Finding(False, place, fault, remedy) for fault, remedy in wholefile.place_faults(self._path)]
        yield from faults or (Finding(True, place, "the workbook can be written"),)
        try:
            found = self._previous()
        except PmosyncError as error:
            yield Finding(False, place, error.message, error.remedy)
            return
        absent = [tab.title for tab in tabs if found.find(tab) is None]
        if absent:
            yield Finding(True, place, f"tabs to be made at the next sync: {', '.join(absent)}")

    def read(self, tabs: Sequence[Tab]) -> Workbook:
        """Every wanted tab of the file; none if there is no file. TargetError for a damaged one."""
        found = self._previous()
        there = ((tab, found.find(tab)) for tab in tabs)
        grids = {tab.key: _grid(tab, old) for tab, old in there if old is not None}
        return Workbook(grids, found.stamp, computes=False)

    def write(self, publication: Publication, fence: Fence = unfenced) -> Written:
        """Write the file anew if anything is to be edited; the same tables over the same file leave it untouched."""
        if not publication.edits:
            return Written()
        stamps = [edit.stamp for edit in publication.edits if isinstance(edit, WriteStamp)]
        for _ in range(ATTEMPTS):
            previous = self._previous()
            stamp = stamps[-1] if stamps else previous.stamp
            made = writing.render(publication.tables, previous, stamp, publication.edits)
            if self._path.exists() and self._path.read_bytes() == made.content:
                return Written()
            fence()
            if self._untouched():
                wholefile.replace(self._path, made.content)
                return Written(1, made.cells)
        raise TargetError(f"{self._path} is being saved again and again", remedy="sync again when nobody works on it")

    def _untouched(self) -> bool:
        """Whether nobody has saved the file since it was read: what they typed would be lost."""
        return self._seen is not None and self._seen[0] == reading.signature(self._path)

    def _previous(self) -> Previous:
        """The file as it is now; what was read is used again as long as nobody has saved the file since."""
        signature = reading.signature(self._path)
        if self._seen is None or self._seen[0] != signature:
            self._seen = (signature, reading.read_as(self._path, signature))
        return self._seen[1]

    def close(self) -> None:
        """Nothing is held open; what was read is let go of."""
        self._seen = None
        reading.read_as.cache_clear()


def _grid(tab: Tab, old: Old) -> Grid:
    where = reading.header(tab, old)
    rows = old.rows[where.header_row :]
    width = max((len(row) for row in old.rows), default=0)
    return Grid(tab.key, old.title, rows, where.header_row, len(old.rows), width, where.spots)
