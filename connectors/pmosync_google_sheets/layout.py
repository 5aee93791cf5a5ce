"""How a tab looks, as orders to Google and as a comparison of what is there with what is wanted. Pure.

Everything that can have an id gets one that follows from the tab, so that a repeat replaces or fails and never doubles.
Conditional formats have none: they are compared, and where they differ all of them are replaced.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from pmosync.rows import Located
from pmosync.sheet import Column, Format, Kind, Rule, Tab, View, letters
from pmosync_google_sheets import charts
from pmosync_google_sheets.cells import PATTERNS, Json, grid_range, write
from pmosync_google_sheets.compare import found_groups, found_rules, present, protected, wanted_groups, wanted_rules
from pmosync_google_sheets.marks import chosen, columns_range, memory
from pmosync_google_sheets.reading import Shown, labels

HEADER_FILL, HEADER_INK, BAND, GREY = "#1f3a5f", "#ffffff", "#f4f7fb", "#7a8594"
PIXELS_A_CHARACTER, MARGIN = 7, 12
MOST_CHOICES = 500
"""A drop-down takes no more words; where there are more, others may be typed too."""

RIGHT = frozenset({Format.INTEGER, Format.SIGNED, Format.NUMBER, Format.PERCENT, Format.MONEY})
CENTRE = frozenset({Format.RAG, Format.BOOLEAN, Format.DATE})


def add(tab: Tab, index: int, row_count: int) -> list[Json]:
    """Make the sheet, with its chosen id. An input tab gets its header row, a published one has it written with its
    rows.
    """
    grid = {"rowCount": row_count, "columnCount": max(1, len(tab.columns))}
    made: list[Json] = [
        {
            "addSheet": {
                "properties": {"sheetId": tab.sheet_id, "title": tab.title, "index": index, "gridProperties": grid}
            }
        }
    ]
    if tab.kind is Kind.INPUT:
        header = {"values": [{"userEnteredValue": {"stringValue": str(text)}} for text in labels(tab.columns)]}
        made.append(write(tab.sheet_id, 0, [header], len(tab.columns), "userEnteredValue"))
    return made


def dress(tab: Tab, sheet: Shown, account: str) -> list[Json]:
    """Bring a published tab, or an input tab just made, to its whole layout."""
    return [
        _properties(tab, sheet),
        *_headers(tab, sheet.sheet_id),
        *_columns(tab, sheet.sheet_id),
        *_widths(tab, sheet.sheet_id),
        *_banding(tab, sheet),
        *_rules(tab, sheet),
        *_protection(tab, sheet, account),
        *_views(tab, sheet),
        *_groups(tab, sheet),
        *_straight(tab, sheet),
        *_choices(tab, sheet.sheet_id, {column.key: place for place, column in enumerate(tab.columns)}),
        *charts.orders(tab, sheet),
        *memory(tab, sheet, {column.key: place for place, column in enumerate(tab.columns)}),
    ]


def redress(tab: Tab, sheet: Shown, where: Located) -> list[Json]:
    """What of a living input tab is ours to renew: drop-downs, notes that say what holds now, and the memory of which
    column is which.
    """
    spots = where.spots
    return [*_choices(tab, sheet.sheet_id, spots), *_notes(tab, sheet.sheet_id, where), *memory(tab, sheet, spots)]


def sheet_wide(shown: Shown, rows: int) -> Json:
    """Make the grid taller."""
    return {
        "updateSheetProperties": {
            "properties": {"sheetId": shown.sheet_id, "gridProperties": {"rowCount": rows}},
            "fields": "gridProperties.rowCount",
        }
    }


def _properties(tab: Tab, sheet: Shown) -> Json:
    grid = {"frozenRowCount": 1, "frozenColumnCount": tab.frozen_columns}
    fields = ["title", "hidden", "gridProperties.frozenRowCount", "gridProperties.frozenColumnCount", "tabColorStyle"]
    if sheet.column_count < len(tab.columns):
        grid["columnCount"] = len(tab.columns)
        fields.append("gridProperties.columnCount")
    wanted: Json = {"sheetId": sheet.sheet_id, "title": tab.title, "hidden": tab.hidden, "gridProperties": grid}
    if tab.colour:
        wanted["tabColorStyle"] = _style(tab.colour)
    return {"updateSheetProperties": {"properties": wanted, "fields": ",".join(fields)}}


def _straight(tab: Tab, sheet: Shown) -> Iterator[Json]:
    """A published tab has its own columns and nothing else, and no merged cell swallows what is written into it.

    Comes after everything that names what is there now: stripes and rules go with the columns that they stand on.
    """
    if sheet.column_count > len(tab.columns):
        yield {"deleteDimension": {"range": columns_range(sheet.sheet_id, len(tab.columns), sheet.column_count)}}
    if sheet.json.get("merges"):
        yield {"unmergeCells": {"range": grid_range(sheet.sheet_id, 0, None, 0, len(tab.columns))}}


def _headers(tab: Tab, sheet_id: int) -> Iterator[Json]:
    """The header's look, and the notes that say what each column means."""
    look = {
        "backgroundColorStyle": _style(HEADER_FILL),
        "textFormat": {"bold": True, "foregroundColorStyle": _style(HEADER_INK)},
        "verticalAlignment": "MIDDLE",
        "wrapStrategy": "WRAP",
    }
    fields = (
        "userEnteredFormat(backgroundColorStyle,textFormat.bold,textFormat.foregroundColorStyle,"
        "verticalAlignment,wrapStrategy)"
    )
    area = grid_range(sheet_id, 0, 1, 0, len(tab.columns))
    yield {"repeatCell": {"range": area, "cell": {"userEnteredFormat": look}, "fields": fields}}
    notes = [{"note": column.note} if column.note else {} for column in tab.columns]
    yield write(sheet_id, 0, [{"values": notes}], len(tab.columns), "note")


def _notes(tab: Tab, sheet_id: int, where: Located) -> Iterator[Json]:
    """The notes that change, each on its own header wherever people have moved it; all others stay as they are."""
    row = where.header_row
    for column in tab.columns:
        if column.note_changes and column.key in where.spots:
            place = where.spots[column.key]
            area = grid_range(sheet_id, row, row + 1, place, place + 1)
            yield {"updateCells": {"range": area, "rows": [{"values": [{"note": column.note}]}], "fields": "note"}}


def _columns(tab: Tab, sheet_id: int) -> Iterator[Json]:
    """Each column's number format, alignment and ink, over all its rows."""
    for place, column in enumerate(tab.columns):
        look: Json = {"verticalAlignment": "MIDDLE", "wrapStrategy": "WRAP" if column.format is Format.WRAP else "CLIP"}
        look["horizontalAlignment"] = _alignment(column.format)
        if pattern := _pattern(tab, column):
            look["numberFormat"] = dict(pattern)
        if column.context:
            look["textFormat"] = {"foregroundColorStyle": _style(GREY)}
        fields = (
            f"userEnteredFormat({','.join(look if not column.context else [*look, 'textFormat.foregroundColorStyle'])})"
        )
        fields = fields.replace("textFormat,", "")
        area = grid_range(sheet_id, 1, None, place, place + 1)
        yield {"repeatCell": {"range": area, "cell": {"userEnteredFormat": look}, "fields": fields}}


def _pattern(tab: Tab, column: Column) -> Mapping[str, Any] | None:
    """A code that people type stays text: 0042 keeps its zeros, 3-1 becomes no date. A date that they type shows as they
    typed it: a column in days would make the first one of a month.
    """
    if tab.kind is Kind.INPUT and column.key == tab.key_column:
        return {"type": "TEXT", "pattern": "@"}
    if tab.kind is Kind.INPUT and column.format is Format.DATE:
        return None
    return PATTERNS.get(column.format)


def _alignment(shape: Format) -> str:
    return "RIGHT" if shape in RIGHT else "CENTER" if shape in CENTRE else "LEFT"


def _widths(tab: Tab, sheet_id: int) -> Iterator[Json]:
    for width, group in groupby(enumerate(tab.columns), key=lambda pair: pair[1].width):
        places = [place for place, _ in group]
        yield {
            "updateDimensionProperties": {
                "range": columns_range(sheet_id, places[0], places[-1] + 1),
                "properties": {"pixelSize": width * PIXELS_A_CHARACTER + MARGIN},
                "fields": "pixelSize",
            }
        }


def _banding(tab: Tab, sheet: Shown) -> Iterator[Json]:
    if tab.kind is Kind.INPUT:
        return
    band = {
        "bandedRangeId": chosen("band", tab),
        "range": grid_range(sheet.sheet_id, 0, None, 0, len(tab.columns)),
        "rowProperties": {
            "headerColorStyle": _style(HEADER_FILL),
            "firstBandColorStyle": _style("#ffffff"),
            "secondBandColorStyle": _style(BAND),
        },
    }
    there = present(sheet, "bandedRanges", "bandedRangeId")
    for foreign in sorted(there - {chosen("band", tab)}):
        yield {"deleteBanding": {"bandedRangeId": foreign}}  # Google refuses stripes over stripes
    if band["bandedRangeId"] in there:
        yield {"updateBanding": {"bandedRange": band, "fields": "range,rowProperties"}}
    else:
        yield {"addBanding": {"bandedRange": band}}


def _rules(tab: Tab, sheet: Shown) -> Iterator[Json]:
    """Replace the conditional formats where they differ: delete from the highest index, add anew."""
    found = found_rules(sheet)
    if found == wanted_rules(tab):
        return
    for index in reversed(range(len(found))):
        yield {"deleteConditionalFormatRule": {"sheetId": sheet.sheet_id, "index": index}}
    for index, rule in enumerate(tab.rules):
        yield {"addConditionalFormatRule": {"index": index, "rule": _rule(rule, tab, sheet.sheet_id)}}


def _rule(rule: Rule, tab: Tab, sheet_id: int) -> Json:
    place = tab.position(rule.column)
    look = {"backgroundColorStyle": _style(rule.fill), "textFormat": {"foregroundColorStyle": _style(rule.ink)}}
    condition = {"type": "TEXT_STARTS_WITH", "values": [{"userEnteredValue": rule.prefix}]}
    return {
        "ranges": [grid_range(sheet_id, 1, None, place, place + 1)],
        "booleanRule": {"condition": condition, "format": look},
    }


def _protection(tab: Tab, sheet: Shown, account: str) -> Iterator[Json]:
    """A published tab is written by us alone; people use filter views on it."""
    if tab.kind is Kind.INPUT or protected(tab, sheet, account):
        return
    wanted = {
        "protectedRangeId": chosen("protection", tab),
        "range": {"sheetId": sheet.sheet_id},
        "description": "Written by pmosync. Use filter views here, type in the input tabs.",
        "warningOnly": False,
        "editors": {"users": [account] if account else [], "domainUsersCanEdit": False},
    }
    if wanted["protectedRangeId"] in present(sheet, "protectedRanges", "protectedRangeId"):
        yield {"updateProtectedRange": {"protectedRange": wanted, "fields": "range,description,warningOnly,editors"}}
    else:
        yield {"addProtectedRange": {"protectedRange": wanted}}


def _views(tab: Tab, sheet: Shown) -> Iterator[Json]:
    there = present(sheet, "filterViews", "filterViewId")
    for view in tab.views:
        wanted = _view(view, tab, sheet.sheet_id)
        if wanted["filterViewId"] in there:
            yield {"updateFilterView": {"filter": wanted, "fields": "title,range,filterSpecs"}}
        else:
            yield {"addFilterView": {"filter": wanted}}


def _view(view: View, tab: Tab, sheet_id: int) -> Json:
    place = tab.position(view.column)
    tests = ",".join(f'${letters(place)}2="{value.replace(chr(34), chr(34) * 2)}"' for value in view.values)
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": f"=OR({tests})"}]}
    return {
        "filterViewId": chosen("view", tab, view.title),
        "title": view.title,
        "range": grid_range(sheet_id, 0, None, 0, len(tab.columns)),
        "filterSpecs": [{"columnIndex": place, "filterCriteria": {"condition": condition}}],
    }


def _groups(tab: Tab, sheet: Shown) -> Iterator[Json]:
    """The columns that are folded away."""
    if found_groups(sheet) == wanted_groups(tab):
        return
    for left, right in found_groups(sheet):
        yield {"deleteDimensionGroup": {"range": columns_range(sheet.sheet_id, left, right)}}
    for left, right in wanted_groups(tab):
        area = columns_range(sheet.sheet_id, left, right)
        yield {"addDimensionGroup": {"range": area}}
        yield {
            "updateDimensionGroup": {
                "dimensionGroup": {"range": area, "depth": 1, "collapsed": True},
                "fields": "collapsed",
            }
        }


def _choices(tab: Tab, sheet_id: int, spots: Mapping[str, int]) -> Iterator[Json]:
    """Drop-downs, below the header."""
    for column in tab.columns:
        if column.choices and column.key in spots:
            place = spots[column.key]
            yield validation(column, grid_range(sheet_id, 1, None, place, place + 1))


def validation(column: Column, area: Json) -> Json:
    """The drop-down of a column over an area."""
    offered = column.choices[:MOST_CHOICES]
    condition = {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": choice} for choice in offered]}
    rule = {"condition": condition, "strict": column.strict and offered == column.choices, "showCustomUi": True}
    return {"setDataValidation": {"range": area, "rule": rule}}


def _style(colour: str) -> Json:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    return {"rgbColor": dict(zip(("red", "green", "blue"), parts, strict=True))}
