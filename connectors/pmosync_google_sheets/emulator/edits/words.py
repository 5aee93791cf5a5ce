"""Finding and replacing text."""

from __future__ import annotations

import re
from typing import Any

from pmosync_google_sheets.emulator.cells import Cell, Formula
from pmosync_google_sheets.emulator.document import Sheet
from pmosync_google_sheets.emulator.draft import Draft
from pmosync_google_sheets.emulator.entry import typed
from pmosync_google_sheets.emulator.ranges import Box
from pmosync_google_sheets.emulator.refusals import invalid

Json = dict[str, Any]
Change = tuple[int, int, Cell, int]
"""Row, column, the new cell, occurrences replaced."""


def find_replace(draft: Draft, request: Json) -> Json:
    """findReplace over a range, a tab or all tabs; formulas are searched only when asked."""
    pattern, replacement = _pattern(request), _replacement(request)
    changes: list[tuple[Sheet, list[Change]]] = []
    for sheet, box in _scope(draft, request):
        found = _changes(draft, sheet, box, pattern, replacement, bool(request.get("includeFormulas")))
        for row, column, cell, _ in found:
            draft.guard(sheet, Box(sheet.id, row, column, row + 1, column + 1))
            sheet.put(row, column, cell)
        changes.append((sheet, found))
    return _counted(changes)


def _replacement(request: Json) -> str:
    """The replacement in Python's form; ``$1`` names a group of a regular expression."""
    text = str(request.get("replacement", "")).replace("\\", r"\\")
    return re.sub(r"\$(\d)", r"\\\1", text) if request.get("searchByRegex") else text


def _pattern(request: Json) -> re.Pattern[str]:
    find = request.get("find", "")
    if not find:
        raise invalid("find must not be empty.")
    text = find if request.get("searchByRegex") else re.escape(find)
    if request.get("matchEntireCell"):
        text = rf"\A(?:{text})\Z"
    try:
        return re.compile(text, 0 if request.get("matchCase") else re.IGNORECASE)
    except re.error:
        raise invalid(f"Invalid regular expression: {find}") from None


def _scope(draft: Draft, request: Json) -> list[tuple[Sheet, Box]]:
    if request.get("allSheets"):
        return [(sheet, sheet.whole()) for sheet in draft.document.sheets]
    if "range" in request:
        return [draft.region(request["range"])]
    if "sheetId" in request:
        sheet = draft.document.sheet(request["sheetId"])
        return [(sheet, sheet.whole())]
    raise invalid("Exactly one of range, sheetId or allSheets must be set.")


def _changes(
    draft: Draft, sheet: Sheet, box: Box, pattern: re.Pattern[str], replacement: str, formulas: bool
) -> list[Change]:
    calculation = draft.calculation()
    found: list[Change] = []
    for row, column, cell in sheet.filled(box):
        if cell.entered is None or (isinstance(cell.entered, Formula) and not formulas):
            continue
        text = cell.entered.text if isinstance(cell.entered, Formula) else calculation.shown(sheet, row, column, cell)
        changed, count = pattern.subn(replacement, text)
        if count and changed != text:
            entered, look = typed(changed, draft.now.date(), draft.document.locale)
            entered = entered if not isinstance(cell.entered, str) or isinstance(entered, Formula) else changed
            format_ = cell.look or ({"numberFormat": look} if look and entered != changed else None)
            found.append((row, column, Cell(entered, format_, cell.note, cell.rule), count))
    return found


def _counted(changes: list[tuple[Sheet, list[Change]]]) -> Json:
    touched = [
        (sheet, row, isinstance(cell.entered, Formula), count)
        for sheet, found in changes
        for row, _, cell, count in found
    ]
    return {
        "valuesChanged": sum(not formula for _, _, formula, _ in touched),
        "formulasChanged": sum(formula for _, _, formula, _ in touched),
        "rowsChanged": len({(sheet.id, row) for sheet, row, _, _ in touched}),
        "sheetsChanged": len({sheet.id for sheet, _, _, _ in touched}),
        "occurrencesChanged": sum(count for _, _, _, count in touched),
    }


def trim_whitespace(draft: Draft, request: Json) -> Json:
    """trimWhitespace: around text, and runs of spaces inside."""
    sheet, box = draft.region(request.get("range", {}))
    draft.guard(sheet, box)
    count = 0
    for row, column, cell in list(sheet.filled(box)):
        if isinstance(cell.entered, str) and (trimmed := " ".join(cell.entered.split())) != cell.entered:
            sheet.put(row, column, Cell(trimmed or None, cell.look, cell.note, cell.rule))
            count += 1
    return {"cellsChangedCount": count}


EDITS = {"findReplace": find_replace, "trimWhitespace": trim_whitespace}
