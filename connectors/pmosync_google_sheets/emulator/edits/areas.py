"""Merged, named and protected ranges."""

from __future__ import annotations

import re
from typing import Any

from pmosync_google_sheets.emulator.cells import BLANK, Cell
from pmosync_google_sheets.emulator.document import Sheet
from pmosync_google_sheets.emulator.draft import PROTECTED, Draft
from pmosync_google_sheets.emulator.masks import update, update_mask
from pmosync_google_sheets.emulator.ranges import Box, area_of, corners, grid_range
from pmosync_google_sheets.emulator.refusals import invalid

Json = dict[str, Any]
_NAME = re.compile(r"[^\W\d][\w.]{0,249}")


def merge_cells(draft: Draft, request: Json) -> None:
    """mergeCells: the first cell's content stays, what the others hold is lost."""
    sheet, box = draft.region(request.get("range", {}))
    draft.guard(sheet, box)
    for part in _parts(request.get("mergeType", "MERGE_ALL"), box):
        _merge(sheet, part)


def _parts(kind: str, box: Box) -> list[Box]:
    if kind == "MERGE_ROWS":
        return [Box(box.sheet, row, box.left, row + 1, box.right) for row in range(box.top, box.bottom)]
    if kind == "MERGE_COLUMNS":
        return [Box(box.sheet, box.top, column, box.bottom, column + 1) for column in range(box.left, box.right)]
    return [box]


def _merge(sheet: Sheet, box: Box) -> None:
    if box.height * box.width < 2:
        return
    for merge in sheet.merges:
        old = sheet.box(area_of(merge))
        if old.meets(box) and not box.covers(old):
            raise invalid("You must select all cells in a merged range to merge or unmerge them.")
    sheet.merges = [merge for merge in sheet.merges if not sheet.box(area_of(merge)).meets(box)] + [grid_range(box)]
    filled = [(row, column) for row, column, cell in sheet.filled(box) if cell.entered is not None]
    first = sheet.cell(*filled[0]) if filled else BLANK
    for row, column in filled:
        cell = sheet.cell(row, column)
        sheet.put(row, column, Cell(None, cell.look, cell.note, cell.rule))
    corner = sheet.cell(box.top, box.left)
    sheet.put(box.top, box.left, Cell(first.entered, corner.look or first.look, corner.note, corner.rule, first.runs))


def unmerge_cells(draft: Draft, request: Json) -> None:
    """unmergeCells: every merge in the range; one that sticks out is refused."""
    sheet, box = draft.region(request.get("range", {}))
    draft.guard(sheet, box)
    touched = [merge for merge in sheet.merges if sheet.box(area_of(merge)).meets(box)]
    if any(not box.covers(sheet.box(area_of(merge))) for merge in touched):
        raise invalid("You must select all cells in a merged range to merge or unmerge them.")
    sheet.merges = [merge for merge in sheet.merges if merge not in touched]


def add_named_range(draft: Draft, request: Json) -> Json:
    """addNamedRange: names are unique, whatever their case."""
    given = request.get("namedRange", {})
    _check_name(draft, given.get("name", ""), "")
    taken = {item["namedRangeId"] for item in draft.document.named}
    number = given.get("namedRangeId")
    if number in taken:
        raise invalid(f"A named range with the id {number} already exists.")
    item = {
        "namedRangeId": number or str(draft.mint()),
        "name": given["name"],
        "range": draft.stored_range(given.get("range", {})),
    }
    draft.document.named.append(item)
    return {"namedRange": item}


def _check_name(draft: Draft, name: str, own: str) -> None:
    if not _NAME.fullmatch(name) or corners(name, 0):
        raise invalid(f"The name of the named range is invalid: {name}")
    if any(item["name"].casefold() == name.casefold() and item["namedRangeId"] != own for item in draft.document.named):
        raise invalid(
            f"Cannot add a named range with name: {name} because a named range with this name already exists."
        )


def _named(draft: Draft, number: str) -> Json:
    found = next((item for item in draft.document.named if item["namedRangeId"] == number), None)
    if found is None:
        raise invalid(f"Cannot find a named range with id: {number}")
    return found


def update_named_range(draft: Draft, request: Json) -> None:
    """updateNamedRange."""
    given = request.get("namedRange", {})
    mask = update_mask(request.get("fields", ""), "NamedRange")
    old = _named(draft, given.get("namedRangeId", ""))
    changed = update(old, given, mask) | {"namedRangeId": old["namedRangeId"]}
    _check_name(draft, changed.get("name", ""), old["namedRangeId"])
    changed["range"] = draft.stored_range(changed.get("range", {}))
    draft.document.named = [changed if item is old else item for item in draft.document.named]


def delete_named_range(draft: Draft, request: Json) -> None:
    """deleteNamedRange."""
    old = _named(draft, request.get("namedRangeId", ""))
    draft.document.named = [item for item in draft.document.named if item is not old]


def add_protected_range(draft: Draft, request: Json) -> Json:
    """addProtectedRange: the owner and whoever protects are editors, named or not; the reply repeats what was asked."""
    given = request.get("protectedRange", {})
    taken = {item["protectedRangeId"] for sheet in draft.document.sheets for item in sheet.protected}
    number = draft.fresh(given.get("protectedRangeId"), taken, "A protected range with the id")
    named = _named(draft, given["namedRangeId"])["range"] if given.get("namedRangeId") else None
    item = {**given, "protectedRangeId": number, "range": named or draft.stored_range(given.get("range", {}))}
    item["unprotectedRanges"] = [draft.stored_range(part) for part in given.get("unprotectedRanges", [])]
    reply = {name: value for name, value in item.items() if name != "requestingUserCanEdit"}
    item = reply | {"editors": _with_editors(draft, given.get("editors") or {})}
    sheet = draft.document.sheet(item["range"]["sheetId"])
    draft.guard(sheet, sheet.box(area_of(item["range"])))
    sheet.protected.append(item)
    return {"protectedRange": reply | {"editors": given.get("editors") or {}, "requestingUserCanEdit": True}}


def _with_editors(draft: Draft, given: Json) -> Json:
    users = list(given.get("users") or ())
    for person in (draft.owner, *((draft.caller,) if not draft.powerful else ())):
        if person and person not in users:
            users.append(person)
    return {**given, "users": users}


def _protection(draft: Draft, number: int) -> tuple[Sheet, Json]:
    for sheet in draft.document.sheets:
        for item in sheet.protected:
            if item["protectedRangeId"] == number:
                return _changeable(draft, sheet, item)
    raise invalid(f"No protected range with id: {number}")


def _changeable(draft: Draft, sheet: Sheet, item: Json) -> tuple[Sheet, Json]:
    if not draft.may_edit(item):
        raise invalid(PROTECTED)
    return sheet, item


def update_protected_range(draft: Draft, request: Json) -> None:
    """updateProtectedRange: only by those who may edit it."""
    given = request.get("protectedRange", {})
    mask = update_mask(request.get("fields", ""), "ProtectedRange")
    sheet, old = _protection(draft, given.get("protectedRangeId", 0))
    changed = update(old, given, mask) | {"protectedRangeId": old["protectedRangeId"]}
    changed["range"] = draft.stored_range(changed.get("range") or old["range"])
    changed["editors"] = _with_editors(draft, changed.get("editors") or {})
    sheet.protected = [item for item in sheet.protected if item is not old]
    draft.document.sheet(changed["range"]["sheetId"]).protected.append(changed)


def delete_protected_range(draft: Draft, request: Json) -> None:
    """deleteProtectedRange: only by those who may edit it."""
    sheet, old = _protection(draft, request.get("protectedRangeId", 0))
    sheet.protected = [item for item in sheet.protected if item is not old]


EDITS = {
    "mergeCells": merge_cells,
    "unmergeCells": unmerge_cells,
    "addNamedRange": add_named_range,
    "updateNamedRange": update_named_range,
    "deleteNamedRange": delete_named_range,
    "addProtectedRange": add_protected_range,
    "updateProtectedRange": update_protected_range,
    "deleteProtectedRange": delete_protected_range,
}
