"""Rewrites a formula's references when rows, columns or tabs move, and when the formula itself is copied."""

from __future__ import annotations

import re
from collections.abc import Callable

from pmosync.sheet import letters
from pmosync_google_sheets.emulator.formulas.syntax import SyntaxFault, split_reference, tokens
from pmosync_google_sheets.emulator.ranges import Area, Box, column_number, corners, quoted, unquoted
from pmosync_google_sheets.emulator.shifts import Shift

_MARKS = re.compile(r"(\$?)([A-Za-z]{1,3})?(\$?)([0-9]+)?")


def _rewritten(text: str, rewrite: Callable[[str], str]) -> str:
    """The formula with each reference rewritten; what is no formula stays as it is."""
    try:
        found = tokens(text[1:])
    except SyntaxFault:
        return text
    return "=" + "".join(rewrite(token.text) if token.kind == "reference" else token.text for token in found)


def shifted(text: str, own: str, title: str, shift: Shift) -> str:
    """The formula on tab ``own`` after ``shift`` happened on tab ``title``."""

    def rewrite(reference: str) -> str:
        prefix, cells = split_reference(reference)
        if (unquoted(prefix[:-1]) if prefix else own).casefold() != title.casefold():
            return reference
        area = corners(cells, shift.sheet)
        moved = shift.area(area) if area else None
        return prefix + _like(cells, moved) if moved else f"{prefix}#REF!" if prefix else "#REF!"

    return _rewritten(text, rewrite)


def _like(cells: str, area: Area) -> str:
    """``area`` written with the dollar signs and the openness of ``cells``."""
    first, colon, last = cells.partition(":")
    if not colon:
        return _corner(first, area.top, area.left)
    bottom = None if area.bottom is None else area.bottom - 1
    right = None if area.right is None else area.right - 1
    # An open side is written on whichever corner it was written before.
    return _corner(first, area.top, area.left) + ":" + _corner(last, bottom, right)


def _corner(text: str, row: int | None, column: int | None) -> str:
    match = _MARKS.fullmatch(text)
    if not match:
        return text
    column_mark, name, row_mark, number = match.groups()
    if name is None:
        column_mark, row_mark = "", column_mark or row_mark
    across = f"{column_mark}{letters(column)}" if name and column is not None else ""
    down = f"{row_mark}{row + 1}" if number and row is not None else ""
    return across + down


def renamed(text: str, old: str, new: str) -> str:
    """The formula after tab ``old`` was renamed ``new``."""

    def rewrite(reference: str) -> str:
        prefix, cells = split_reference(reference)
        return f"{quoted(new)}!{cells}" if prefix and unquoted(prefix[:-1]).casefold() == old.casefold() else reference

    return _rewritten(text, rewrite)


def orphaned(text: str, gone: str) -> str:
    """The formula after tab ``gone`` was deleted."""

    def rewrite(reference: str) -> str:
        prefix, _ = split_reference(reference)
        return "#REF!" if prefix and unquoted(prefix[:-1]).casefold() == gone.casefold() else reference

    return _rewritten(text, rewrite)


def copied(text: str, down: int, across: int) -> str:
    """The formula copied so many rows and columns away: relative parts follow, ``$`` parts stay."""

    def rewrite(reference: str) -> str:
        prefix, cells = split_reference(reference)
        moved = [_step(corner, down, across) for corner in cells.split(":")]
        return prefix + ":".join(moved) if all(moved) else "#REF!"

    return _rewritten(text, rewrite)


def _step(corner: str, down: int, across: int) -> str:
    """One corner moved; "" when it falls off the sheet."""
    match = _MARKS.fullmatch(corner)
    if not match:
        return ""
    column_mark, name, row_mark, number = match.groups()
    if name is None:
        column_mark, row_mark = "", column_mark or row_mark
    column = column_number(name) + (0 if column_mark else across) if name else 0
    row = int(number) - 1 + (0 if row_mark else down) if number else 0
    return _corner(corner, row, column) if column >= 0 and row >= 0 else ""


def followed(text: str, own: str, title: str, source: Box, target: str, down: int, across: int) -> str:
    """The formula on tab ``own`` after ``source`` on tab ``title`` was cut and pasted so far away on tab ``target``."""

    def rewrite(reference: str) -> str:
        prefix, cells = split_reference(reference)
        if (unquoted(prefix[:-1]) if prefix else own).casefold() != title.casefold():
            return reference
        area = corners(cells, source.sheet)
        if not area or None in (area.top, area.left, area.bottom, area.right):
            return reference
        box = Box(source.sheet, area.top or 0, area.left or 0, area.bottom or 0, area.right or 0)
        if not source.covers(box):
            return reference
        moved = Area(box.sheet, box.top + down, box.left + across, box.bottom + down, box.right + across)
        return (prefix if target == title else f"{quoted(target)}!") + _like(cells, moved)

    return _rewritten(text, rewrite)
