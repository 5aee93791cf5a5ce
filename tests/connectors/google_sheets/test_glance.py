"""Whether the sheets that carry our mark are all that is wanted."""

from __future__ import annotations

from typing import Any

from pmosync.sheet import Column, Kind, Tab
from pmosync_google_sheets import glance

Json = dict[str, Any]
TABS = (
    Tab("page", "Page", Kind.PUBLISHED, 71, (Column("code", "Code"),), "code"),
    Tab("list", "List", Kind.INPUT, 72, (Column("code", "Code"),), "code"),
)
STAMP = {
    "metadataKey": "pmosync.stamp",
    "metadataValue": '{"instance":"here","epoch":1,"generation":1,"data_as_of":""}',
}


def sheet(number: int, title: str = "a title", **more: Any) -> Json:
    """A sheet with nothing in it."""
    grid = {"sheetId": number, "title": title, "gridProperties": {"rowCount": 9, "columnCount": 1}}
    return {"properties": grid, "data": [{}], **more}


def layout(*sheets: Json, stamp: Json | None = STAMP) -> Json:
    """A spreadsheet."""
    return {"sheets": list(sheets), "developerMetadata": [stamp] if stamp else []}


def test_all_tabs_under_their_own_ids() -> None:
    """Then nothing else has to be looked at, whatever people call them."""
    seen = glance.marked(TABS, layout(sheet(72, "renamed"), sheet(71)))
    assert seen is not None
    assert [(tab.key, shown.sheet_id) for tab, shown in seen.there] == [("page", 71), ("list", 72)]
    assert (seen.whole, seen.tells_of(TABS)) == (False, True)


def test_what_is_not_certain_is_looked_for_among_all_sheets() -> None:
    """A tab that is not there, or under another id than ours (a copy carries the mark too); no stamp: an answer that left out
    what belongs to the file would hide who wrote it last; a sheet without a word of its cells.
    """
    copy = sheet(99, developerMetadata=[{"metadataKey": "pmosync.tab", "metadataValue": "list"}])
    bare = {"properties": sheet(72)["properties"]}
    for told in (layout(), layout(sheet(71)), layout(sheet(71), copy), layout(sheet(71), bare)):
        assert glance.marked(TABS, told) is None
    assert glance.marked(TABS, layout(sheet(71), sheet(72), stamp=None)) is None


def test_tabs_of_which_a_part_of_the_sheets_tells_nothing() -> None:
    """Whether a tab is to be made is known only from all sheets: people may have one of that title."""
    seen = glance.marked(TABS[:1], layout(sheet(71)))
    assert seen is not None
    assert not seen.tells_of(TABS)
    assert glance.whole(TABS[:1], layout(sheet(71)), {}).tells_of(TABS)
