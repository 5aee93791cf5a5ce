"""What a program may not do to people at a sheet, judged from the sheet before and after each of its requests.

What a person types begins with one mark and stands nowhere else; what a program writes begins with another and names the
code that it is about: so each request is judged by itself, whatever people did meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct

from pmosync_google_sheets.emulator.cells import Cell
from pmosync_google_sheets.emulator.document import Spreadsheet

HAND, MACHINE = "✍", "⚙"
CODE = re.compile(r"[PN]\d+")
ABOUT = re.compile(MACHINE + r"([PN]\d+)\|")

Places = dict[str, list[str]]
"""A text, with the tab in which it stands → the code of each row that holds it ("" for a row without one)."""


class Harm(Struct, frozen=True):
    """The texts of people that a request lost or took from their row, and the values that it put beside another code."""

    lost: tuple[str, ...] = ()
    astray: tuple[str, ...] = ()


def harm(before: Spreadsheet, after: Spreadsheet) -> Harm:
    """What happened between two states of a sheet."""
    was, now = places(before), places(after)
    lost = [text for text, codes in was.items() if HAND in text and now.get(text) != codes]
    astray = [
        text for text, codes in now.items() if codes != was.get(text) and any(_strays(text, one) for one in codes)
    ]
    return Harm(tuple(lost), tuple(astray))


def places(document: Spreadsheet) -> Places:
    """Where every text of a person and every value of a program stands."""
    found: Places = {}
    for sheet in document.sheets:
        for line in sheet.rows:
            if line:
                code = next((str(line[place].entered) for place in codes_of(line)), "")
                for text in _marked(line.values()):
                    found.setdefault(f"{sheet.id}:{text}", []).append(code)
    return {text: sorted(codes) for text, codes in found.items()}


def codes_of(line: Mapping[int, Cell]) -> list[int]:
    """The columns of a row that hold a code."""
    entered = ((place, line[place].entered) for place in sorted(line))
    return [place for place, text in entered if isinstance(text, str) and CODE.fullmatch(text)]


def heads_of(rows: Iterable[Mapping[int, Cell]]) -> dict[int, str]:
    """The headers of a tab by column: what its first row with anything in it shows."""
    first = next((line for line in rows if line), {})
    return {place: cell.entered for place, cell in first.items() if isinstance(cell.entered, str)}


def _marked(cells: Iterable[Cell]) -> Iterable[str]:
    return (cell.entered for cell in cells if isinstance(cell.entered, str) and cell.entered[:1] in (HAND, MACHINE))


def _strays(text: str, code: str) -> bool:
    about = ABOUT.search(text)
    return about is not None and code not in ("", about[1])
