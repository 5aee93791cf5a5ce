"""The basic filter of a tab, and named filter views."""

from __future__ import annotations

from typing import Any

from pmosync_google_sheets.emulator.document import Sheet
from pmosync_google_sheets.emulator.draft import Draft
from pmosync_google_sheets.emulator.edits.pasting import sort_rows
from pmosync_google_sheets.emulator.looks import canonical
from pmosync_google_sheets.emulator.masks import update, update_mask
from pmosync_google_sheets.emulator.ranges import grid_range
from pmosync_google_sheets.emulator.refusals import invalid

Json = dict[str, Any]


def _filled(draft: Draft, given: Json) -> Json:
    """A filter with its range filled to the grid, and criteria told both ways."""
    _, box = draft.region(given.get("range", {}))
    result: Json = canonical(given) | {"range": grid_range(box)}
    specs = result.get("filterSpecs", [])
    criteria = {str(spec.get("columnIndex", 0)): spec.get("filterCriteria", {}) for spec in specs}
    criteria |= result.get("criteria", {})
    if not criteria:
        return result
    told = [
        {"columnIndex": int(column), "filterCriteria": item}
        for column, item in sorted(criteria.items(), key=lambda pair: int(pair[0]))
    ]
    return result | {"criteria": criteria, "filterSpecs": told}


def set_basic_filter(draft: Draft, request: Json) -> None:
    """setBasicFilter: one a tab; the new one replaces the old one. Sort specs sort the rows."""
    given = _filled(draft, request.get("filter", {}))
    sheet, box = draft.region(given["range"])
    sheet.filter = given
    if given.get("sortSpecs"):
        draft.guard(sheet, box)
        sort_rows(draft, sheet, box, given["sortSpecs"], header=1)


def clear_basic_filter(draft: Draft, request: Json) -> None:
    """clearBasicFilter."""
    draft.document.sheet(request.get("sheetId", 0)).filter = None


def _taken(draft: Draft) -> set[int]:
    return {item["filterViewId"] for sheet in draft.document.sheets for item in sheet.filter_views}


def _view(draft: Draft, number: int) -> tuple[Sheet, Json]:
    for sheet in draft.document.sheets:
        for item in sheet.filter_views:
            if item["filterViewId"] == number:
                return sheet, item
    raise invalid(f"No filter view with id: {number}")


def _check_title(sheet: Sheet, title: str, own: Json | None) -> None:
    if any(item.get("title") == title for item in sheet.filter_views if item is not own):
        raise invalid(f"A filter view with the name {title} already exists on this sheet.")


def add_filter_view(draft: Draft, request: Json) -> Json:
    """addFilterView."""
    given = request.get("filter", {})
    number = draft.fresh(given.get("filterViewId"), _taken(draft), "A filter view with the id")
    item = _filled(draft, given) | {"filterViewId": number}
    sheet = draft.document.sheet(item["range"]["sheetId"])
    item["title"] = given.get("title") or f"Filter {len(sheet.filter_views) + 1}"
    _check_title(sheet, item["title"], None)
    sheet.filter_views.append(item)
    return {"filter": item}


def update_filter_view(draft: Draft, request: Json) -> None:
    """updateFilterView."""
    given = canonical(request.get("filter", {}))
    mask = update_mask(request.get("fields", ""), "FilterView")
    sheet, old = _view(draft, given.get("filterViewId", 0))
    changed = update(old, given, mask)
    if "criteria" in mask or "filterSpecs" in mask:
        # One of the two tells it all; the other one is made from it.
        changed.pop("filterSpecs" if "criteria" in mask else "criteria", None)
    changed = _filled(draft, changed) | {"filterViewId": old["filterViewId"]}
    _check_title(sheet, changed.get("title", ""), old)
    sheet.filter_views = [changed if item is old else item for item in sheet.filter_views]


def delete_filter_view(draft: Draft, request: Json) -> None:
    """deleteFilterView."""
    sheet, old = _view(draft, request.get("filterId", 0))
    sheet.filter_views = [item for item in sheet.filter_views if item is not old]


def duplicate_filter_view(draft: Draft, request: Json) -> Json:
    """duplicateFilterView."""
    sheet, old = _view(draft, request.get("filterId", 0))
    twin = old | {"filterViewId": draft.fresh(None, _taken(draft), ""), "title": f"Copy of {old.get('title', '')}"}
    sheet.filter_views.append(twin)
    return {"filter": twin}


EDITS = {
    "setBasicFilter": set_basic_filter,
    "clearBasicFilter": clear_basic_filter,
    "addFilterView": add_filter_view,
    "updateFilterView": update_filter_view,
    "deleteFilterView": delete_filter_view,
    "duplicateFilterView": duplicate_filter_view,
}
