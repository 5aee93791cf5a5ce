"""What a read of the workbook tells: which sheet each tab is, and what stands in it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from pmosync.sheet import Tab
from pmosync_google_sheets import reading
from pmosync_google_sheets.cells import Json
from pmosync_google_sheets.content import PARTS, Content, content
from pmosync_google_sheets.reading import Shown

CELLS = f"sheets(properties(sheetId),data(startRow,startColumn,{PARTS}))"
"""Of sheets that are known already, the cells alone."""

ALL = reading.layout_fields(f"startRow,startColumn,{PARTS},")
"""Layout and cells at once."""


class Glance(Struct, frozen=True):
    """``layout``: the spreadsheet as Google tells it, with all its sheets if ``whole``, else with those that carry our mark.
    ``there``: the tabs that were found. ``contents``: by sheetId.
    """

    layout: Json
    there: Sequence[tuple[Tab, Shown]]
    contents: Mapping[int, Content]
    whole: bool

    def tells_of(self, tabs: Iterable[Tab]) -> bool:
        """Whether the layout says where each of these tabs is, or that it is not there."""
        return self.whole or all(reading.find(tab, reading.sheets(self.layout)) for tab in tabs)


def marked(tabs: Sequence[Tab], layout: Json) -> Glance | None:
    """The sheets that carry our mark, with their cells (``ALL``), as the whole of what is wanted; None where it is not
    certain that they are.

    They are only if each tab is there under the id that we have chosen for it, and the stamp too: a tab that people have
    made or copied, and one that lost its mark, are looked for among all sheets.
    """
    there = found(tabs, layout)
    certain = len(there) == len(tabs) and all(shown.sheet_id == tab.sheet_id for tab, shown in there)
    told = all("data" in shown.json for _, shown in there)
    if not (certain and told and reading.stamp(layout)):
        return None
    return Glance(layout, there, {shown.sheet_id: content(shown.json) for _, shown in there}, whole=False)


def whole(tabs: Sequence[Tab], layout: Json, cells: Json) -> Glance:
    """All sheets, with the cells (``CELLS``) of those that are wanted."""
    contents = {one["properties"].get("sheetId", 0): content(one) for one in cells.get("sheets", ())}
    return Glance(layout, found(tabs, layout), contents, whole=True)


def found(tabs: Iterable[Tab], layout: Json) -> list[tuple[Tab, Shown]]:
    """The sheet of each tab that is there."""
    shown = reading.sheets(layout)
    places = ((tab, reading.find(tab, shown)) for tab in tabs)
    return [(tab, one) for tab, one in places if one is not None]
