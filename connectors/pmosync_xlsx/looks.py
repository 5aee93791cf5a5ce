"""How cells look, small enough to be compared: the columns' own looks, and those that people gave to cells. Pure."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from openpyxl.cell.cell import Cell

from pmosync.sheet import Column, Format, Kind, Tab

HEADER_FILL, HEADER_INK, BAND, LINE, GREY, LINK_INK = "#1f3a5f", "#ffffff", "#f4f7fb", "#dfe5ec", "#7a8594", "#1155cc"

PATTERNS = {
    Format.DATE: "yyyy-mm-dd",
    Format.INSTANT: "yyyy-mm-dd hh:mm",
    Format.INTEGER: "#,##0",
    Format.SIGNED: "+#,##0;-#,##0;0",
    Format.NUMBER: "#,##0.0#",
    Format.PERCENT: "0%",
    Format.MONEY: "#,##0",
}
RIGHT = frozenset({Format.INTEGER, Format.SIGNED, Format.NUMBER, Format.PERCENT, Format.MONEY})
CENTRE = frozenset({Format.RAG, Format.BOOLEAN, Format.DATE})


class Look(Struct, frozen=True):
    """What of a cell's format is written and read back; colours ``#rrggbb`` or ""."""

    pattern: str = ""
    fill: str = ""
    ink: str = ""
    bold: bool = False
    italic: bool = False
    underline: bool = False
    wrap: bool = False
    align: str = ""
    valign: str = ""
    indent: int = 0

    def properties(self) -> dict[str, Any]:
        """The same in XlsxWriter's words."""
        named = {
            "num_format": self.pattern,
            "bg_color": self.fill,
            "font_color": self.ink,
            "bold": self.bold,
            "italic": self.italic,
            "underline": self.underline,
            "text_wrap": self.wrap,
            "align": self.align,
            "indent": self.indent,
            "valign": "vcenter" if self.valign == "center" else self.valign,
        }
        return {name: value for name, value in named.items() if value}


HEADER = Look(fill=HEADER_FILL, ink=HEADER_INK, bold=True, wrap=True, valign="center")


def of_header(column: Column) -> Look:
    """How a column's header looks: aligned as its cells are."""
    align = _align(column)
    return replace(HEADER, align=align, indent=0 if align == "center" else 1)


def of_column(column: Column, tab: Tab) -> Look:
    """How a column's cells look. Codes that people type are text: 0042 keeps its zeros."""
    typed = tab.kind is Kind.INPUT and column.key == tab.key_column
    align = _align(column)
    return Look(
        pattern="@" if typed else PATTERNS.get(column.format, ""),
        ink=GREY if column.context else "",
        bold=column.format is Format.RAG,
        wrap=column.format is Format.WRAP,
        align=align,
        valign="center",
        indent=0 if align == "center" else 1,
    )


def of_cell(cell: Cell) -> Look:
    """The look of a cell in a file; theme colours are left out."""
    font, place = cell.font, cell.alignment
    return Look(
        pattern="" if cell.number_format == "General" else cell.number_format,
        fill=_rgb(cell.fill.start_color) if cell.fill.fill_type == "solid" else "",
        ink=_rgb(font.color),
        bold=bool(font.b),
        italic=bool(font.i),
        underline=bool(font.u),
        wrap=bool(place.wrap_text),
        align=place.horizontal if place.horizontal in ("left", "center", "right") else "",
        valign=place.vertical if place.vertical in ("top", "center") else "",
        indent=int(place.indent or 0),
    )


def _rgb(colour: Any) -> str:
    value = getattr(colour, "rgb", None) if getattr(colour, "type", "") == "rgb" else None
    return f"#{value[-6:].lower()}" if isinstance(value, str) else ""


def _align(column: Column) -> str:
    return "right" if column.format in RIGHT else "center" if column.format in CENTRE else "left"
