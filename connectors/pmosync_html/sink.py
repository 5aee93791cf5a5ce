"""The report as a file: read back, drawn whole, put in the old one's place in one step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pmosync import wholefile
from pmosync.connector import Fence, Finding, Opening, unfenced
from pmosync.errors import PmosyncError, TargetError
from pmosync.sheet import Grid, Kind, Publication, Tab, Workbook, WriteStamp, Written
from pmosync_html import reading
from pmosync_html.page import layout_of, render
from pmosync_html.reading import Previous


class HtmlSink:
    """Keeps one report true. It shows published tabs, among them copies of input tabs; nobody types into it.

    Formulas are shown by their values. The stamp stands in the document's head.
    """

    def __init__(self, opening: Opening) -> None:
        self._path: Path = opening.settings.path
        self._title, self._language = opening.title or opening.connection, opening.language

    def check(self, tabs: Sequence[Tab]) -> Iterator[Finding]:
        """Whether the report can be written: its folder takes files, and what stands in its place is a report."""
        place = str(self._path)
        faults = [Finding(False, place, fault, remedy) for fault, remedy in wholefile.place_faults(self._path)]
        yield from faults or (Finding(True, place, "the report can be written"),)
        try:
            self._ours()
        except PmosyncError as error:
            yield Finding(False, place, error.message, error.remedy)

    def read(self, tabs: Sequence[Tab]) -> Workbook:
        """Every wanted tab of the report; none if there is no file. TargetError for a file that pmosync did not make.

        Input tabs are told as being there and empty: there is nothing in them to be made or added.
        """
        found = reading.parse(self._ours())
        grids = {tab.key: grid for tab in tabs if (grid := _grid(tab, found)) is not None}
        return Workbook(grids, found.stamp, computes=False, plain=True)

    def write(self, publication: Publication, fence: Fence = unfenced) -> Written:
        """Write the report anew if anything is to be edited; the same tables over the same stamp leave it untouched."""
        if not publication.edits:
            return Written()
        before = self._ours()
        stamps = [edit.stamp for edit in publication.edits if isinstance(edit, WriteStamp)]
        stamp = stamps[-1] if stamps else reading.stamp_of(before)
        tables = [table for table in publication.tables if table.tab.kind is Kind.PUBLISHED]
        content = render(tables, stamp, self._title, self._language)
        if before == content.decode("utf-8"):
            return Written()
        fence()
        wholefile.replace(self._path, content)
        return Written(1, sum(value is not None for table in tables for row in table.rows for value in row))

    def close(self) -> None:
        """Nothing is held open."""

    def _ours(self) -> str:
        """The report as it stands; "" if there is none. TargetError for a file of somebody else's."""
        content = self._bytes()
        text = "" if content is None else content.decode("utf-8", "replace")
        if content is not None and not reading.is_ours(text):
            raise TargetError(
                f"{self._path} is a file that pmosync did not make", remedy="set another path, or take that file away"
            )
        return text

    def _bytes(self) -> bytes | None:
        """The file's content; None where there is none. TargetError where it cannot be read."""
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise TargetError(
                f"{self._path} cannot be read: {error.strerror}", remedy="check its rights, and that it is a file"
            ) from error


def _grid(tab: Tab, found: Previous) -> Grid | None:
    if tab.kind is Kind.INPUT:
        return Grid(tab.key, tab.title)
    page = found.pages.get(tab.key)
    if page is None:
        return None
    differs = () if page.layout == layout_of(tab) else ("the layout",)
    spots = {column.key: place for place, column in enumerate(tab.columns)}
    return Grid(tab.key, tab.title, page.rows, 0, len(page.rows), len(tab.columns), spots, differs)
