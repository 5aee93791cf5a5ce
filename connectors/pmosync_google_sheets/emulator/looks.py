"""Formats in the form the API gives them back: float32 colours, each with its style, links underlined, nothing that is zero."""

from __future__ import annotations

import struct
from functools import cache
from typing import Any

from pmosync_google_sheets.emulator.cells import plain
from pmosync_google_sheets.emulator.contract import fields_of
from pmosync_google_sheets.emulator.masks import Mask

Json = dict[str, Any]


def _rgb(code: str) -> Json:
    parts = zip(("red", "green", "blue"), (int(code[at : at + 2], 16) for at in (0, 2, 4)), strict=True)
    return {name: float32(part / 255) for name, part in parts if part}


@cache
def float32(value: float) -> float:
    """The shortest decimal that names the nearest 32-bit float: what JSON from Google shows."""
    (exact,) = struct.unpack("f", struct.pack("f", value))
    for digits in range(1, 10):
        short = float(f"{exact:.{digits}g}")
        if struct.pack("f", short) == struct.pack("f", exact):
            return plain(short)
    return plain(exact)


THEME = {
    "TEXT": _rgb("000000"),
    "BACKGROUND": _rgb("ffffff"),
    "ACCENT1": _rgb("4285f4"),
    "ACCENT2": _rgb("ea4335"),
    "ACCENT3": _rgb("fbbc04"),
    "ACCENT4": _rgb("34a853"),
    "ACCENT5": _rgb("ff6d01"),
    "ACCENT6": _rgb("46bdc6"),
    "LINK": _rgb("1155cc"),
}
"""The colours of the theme that a new spreadsheet has."""

DEFAULT_FORMAT: Json = {
    "backgroundColor": THEME["BACKGROUND"],
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {
        "foregroundColor": {},
        "fontFamily": "arial,sans,sans-serif",
        "fontSize": 10,
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
        "foregroundColorStyle": {"rgbColor": {}},
    },
    "backgroundColorStyle": {"rgbColor": THEME["BACKGROUND"]},
}
DEFAULT_THEME: Json = {
    "primaryFontFamily": "Arial",
    "themeColors": [{"colorType": name, "color": {"rgbColor": colour}} for name, colour in THEME.items()],
}


def _is_colour(name: str) -> bool:
    return name == "color" or name.endswith("Color")


def canonical(value: Any) -> Any:
    """Any object as the API stores it: each colour rounded and told both plainly and as a style."""
    if isinstance(value, list):
        return [canonical(item) for item in value]
    if not isinstance(value, dict):
        return value
    result: Json = {}
    for name, item in value.items():
        plain = name.removesuffix("Style")
        if name == "spreadsheetTheme":
            result[name] = item  # there a field named color holds a style
        elif _is_colour(plain) and isinstance(item, dict):
            if plain != name and not item:
                continue  # a style that says nothing unsets the colour
            _paint(result, plain, item if plain != name else {"rgbColor": item}, styled=plain != name)
        else:
            result[name] = canonical(item)
    return result


def _paint(result: Json, name: str, style: Json, *, styled: bool) -> None:
    """Set a colour and its style; where both are given the style wins."""
    if f"{name}Style" in result and not styled:
        return
    colour: Json = THEME.get(style.get("themeColor", "")) or style.get("rgbColor") or {}
    rounded = {part: float32(amount) for part, amount in colour.items() if amount}
    result[name] = rounded
    result[f"{name}Style"] = {"themeColor": style["themeColor"]} if "themeColor" in style else {"rgbColor": rounded}


def paired(mask: Mask, schema: str) -> Mask:
    """A mask that names a colour names its style too, and the other way round."""
    known = fields_of("sheets.v4", schema)
    result: Mask = {}
    for name, below in mask.items():
        plain = name.removesuffix("Style")
        if _is_colour(plain) and plain in known and f"{plain}Style" in known:
            result[plain] = result[f"{plain}Style"] = {}
        else:
            result[name] = paired(below, known.get(name, "")) if below and known.get(name) else below
    return result


def linked(look: Json) -> Json:
    """A new link without a colour of its own takes the theme's link colour and an underline, as the API documents."""
    text = look.get("textFormat")
    if not text or not text.get("link") or "foregroundColor" in text:
        return look
    dressed = {
        "underline": True,
        **text,
        "foregroundColor": THEME["LINK"],
        "foregroundColorStyle": {"themeColor": "LINK"},
    }
    return look | {"textFormat": dressed}


_KEPT = frozenset(
    (
        *("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex", "startIndex", "endIndex"),
        *("bold", "italic", "underline", "strikethrough"),
        *("numberValue", "boolValue", "stringValue", "dimensionIndex", "columnIndex"),
    )
)


def told(value: Any) -> Any:
    """An object as JSON from proto3 shows it: what is 0, false or empty is left out, except fields with presence."""
    if isinstance(value, list):
        return [told(item) for item in value]
    if not isinstance(value, dict):
        return value
    coordinate = "rowIndex" in value or value.keys() <= {"sheetId", "rowIndex", "columnIndex"}
    told_zero = (
        {"sheetId", "index"} if "sheetType" in value else {"sheetId"} if "locationType" in value else frozenset[str]()
    )
    return {name: told(item) for name, item in value.items() if name in told_zero or _present(name, item, coordinate)}


def _present(name: str, item: Any, coordinate: bool) -> bool:
    if name in _KEPT and not (coordinate and name == "columnIndex"):
        return item is not None
    return not (item is None or item is False or item == "" or item == [] or (item == 0 and not isinstance(item, dict)))
