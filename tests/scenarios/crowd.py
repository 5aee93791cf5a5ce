"""People at a sheet, who act between any two requests of a program: by dice, or one deed at a given moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import TypeVar

from tests.scenarios.harm import HAND, codes_of, heads_of

from pmosync.sheet import letters
from pmosync_google_sheets.emulator.document import Sheet, Spreadsheet
from pmosync_google_sheets.emulator.library import File
from pmosync_google_sheets.emulator.people import Person
from pmosync_google_sheets.emulator.refusals import Refusal
from pmosync_google_sheets.emulator.tokens import ADMIN, SERVICE_ACCOUNT

PAGE, LIST = 71, 72
"""The ids of a published tab and of an input tab, whatever people call them."""
HUMAN = ("name", "owner", "note")
T = TypeVar("T")


class Crowd:
    """Everybody who has the spreadsheet open; whoever protects, deletes and shares is its owner.

    ``deeds`` tells what was done, in order. Every text that is typed is one that nobody typed before.
    """

    def __init__(self, person: Person, file: File, dice: Random) -> None:
        self.person, self.dice, self.deeds = person, dice, list[str]()
        self._file, self._typed = file, 0

    def act(self, name: str = "") -> bool:
        """One deed, by chance where none is named; whether the sheet allowed it."""
        chosen = name or self.dice.choices(tuple(DEEDS), WEIGHTS)[0]
        try:
            DEEDS[chosen](self)
        except (Refusal, LookupError):
            return False
        self.deeds.append(chosen)
        return True

    def leave(self) -> None:
        """What would keep a program from its work for ever is taken back: the file's and the tabs' bars against it."""
        self.person.trash(False)
        self.person.share(SERVICE_ACCOUNT)
        for protection in [one for sheet in self.document.sheets for one in sheet.protected]:
            if protection.get("description") == "mine":
                self.person.edit({"deleteProtectedRange": {"protectedRangeId": protection["protectedRangeId"]}})

    @property
    def document(self) -> Spreadsheet:
        """The sheet as it stands."""
        assert self._file.document is not None
        return self._file.document

    def sheet(self, tab: int = LIST) -> Sheet:
        """A tab. LookupError where it is gone."""
        for sheet in self.document.sheets:
            if sheet.id == tab:
                return sheet
        raise LookupError(tab)

    def title(self, tab: int = LIST) -> str:
        """What a tab is called now. LookupError where it is gone."""
        return self.sheet(tab).title

    def text(self) -> str:
        """A text that nobody typed before."""
        self._typed += 1
        return f"{HAND}{self._typed}"

    def put(self, row: int, place: int, text: str | None) -> None:
        """Type into a cell of the list."""
        self.person.type(f"'{self.title()}'!{letters(place)}{row + 1}", text)

    def code_cell(self) -> tuple[int, int]:
        """Row and column of a code on the list."""
        found = [(row, place) for row, line in enumerate(self.sheet().rows) for place in codes_of(line)]
        return self.pick(found)

    def pick(self, found: Sequence[T]) -> T:
        """One of several. LookupError for none."""
        if not found:
            raise LookupError("nothing to choose from")
        return self.dice.choice(found)

    def height(self, tab: int = LIST) -> int:
        """How many rows hold anything, from the first."""
        return 1 + max((row for row, line in enumerate(self.sheet(tab).rows) if line), default=0)

    def row(self, tab: int = LIST) -> int:
        """Any row of a tab but the first."""
        return 1 + self.dice.randrange(self.height(tab))

    def place(self, tab: int = LIST) -> int:
        """Any column of a tab in which something stands."""
        return self.dice.randrange(1 + max(heads_of(self.sheet(tab).rows), default=0))

    def span(self, tab: int, top: int, height: int, left: int, width: int) -> dict[str, int]:
        """A range of a tab as the API names it."""
        edges = {"startRowIndex": top, "endRowIndex": top + height}
        return {"sheetId": tab, **edges, "startColumnIndex": left, "endColumnIndex": left + width}


def _type(crowd: Crowd) -> None:
    row, _ = crowd.code_cell()
    mine = [place for place, text in heads_of(crowd.sheet().rows).items() if text.lower() in HUMAN]
    crowd.put(row, crowd.pick(mine), crowd.text())


def _add_row(crowd: Crowd) -> None:
    _, place = crowd.code_cell()
    row = crowd.height()
    crowd.put(row, place, f"P{crowd.dice.randrange(100, 1000)}")
    crowd.put(row, place + 1, crowd.text())


def _clear_code(crowd: Crowd) -> None:
    crowd.put(*crowd.code_cell(), None)


def _duplicate_code(crowd: Crowd) -> None:
    row, place = crowd.code_cell()
    crowd.put(crowd.height(), place, str(crowd.sheet().cell(row, place).entered))


def _rename_header(crowd: Crowd) -> None:
    row = next(row for row, line in enumerate(crowd.sheet().rows) if line)
    place = crowd.pick([place for place, text in heads_of(crowd.sheet().rows).items() if text.lower() in HUMAN])
    text = str(crowd.sheet().cell(row, place).entered)
    crowd.put(row, place, text.upper() if text != text.upper() else text.title())


def _date_as_text(crowd: Crowd) -> None:
    row, place = crowd.code_cell()
    crowd.put(row, place + 1, f"{crowd.text()} next week")


def _paste_formula(crowd: Crowd) -> None:
    row, place = crowd.code_cell()
    crowd.put(row, place + 1, "=1+1")


def _merge(crowd: Crowd) -> None:
    area = crowd.span(LIST, crowd.row(), 2, crowd.place(), 1)
    crowd.person.edit({"mergeCells": {"range": area, "mergeType": "MERGE_ALL"}})


def _filter(crowd: Crowd) -> None:
    area = crowd.span(LIST, 0, crowd.height(), 0, 1 + crowd.place())
    crowd.person.edit({"setBasicFilter": {"filter": {"range": area}}})


def _protect(crowd: Crowd, tab: int) -> None:
    kept = {"range": {"sheetId": tab}, "description": "mine", "editors": {"users": [ADMIN.email]}}
    crowd.person.edit({"addProtectedRange": {"protectedRange": kept}})


def _rename(crowd: Crowd, tab: int) -> None:
    crowd.person.rename_tab(crowd.title(tab), f"Renamed {crowd.dice.randrange(1000)}")


def _move_tab(crowd: Crowd, tab: int) -> None:
    wanted = {"sheetId": tab, "index": len(crowd.document.sheets)}
    crowd.person.edit({"updateSheetProperties": {"properties": wanted, "fields": "index"}})


def _type_on_page(crowd: Crowd) -> None:
    crowd.person.type(f"'{crowd.title(PAGE)}'!{letters(crowd.place(PAGE))}{crowd.row(PAGE) + 1}", "scribble")


def _sort(crowd: Crowd, tab: int) -> None:
    header = next((row for row, line in enumerate(crowd.sheet(tab).rows) if line), 0)
    crowd.person.sort(crowd.title(tab), crowd.place(tab), descending=crowd.dice.random() < 0.5, header=header)


def _locale(crowd: Crowd) -> None:
    crowd.person.set_locale(crowd.pick(["de_DE", "zh_CN", "en_US"]), crowd.pick(["Asia/Shanghai", "America/New_York"]))


def _move_rows(crowd: Crowd) -> None:
    crowd.person.move_rows(crowd.title(), crowd.row(), crowd.row())


def _move_columns(crowd: Crowd) -> None:
    crowd.person.move_columns(crowd.title(), crowd.place(), crowd.place())


def _again(crowd: Crowd) -> None:
    """A copy of the list, beside it."""
    crowd.person.duplicate_tab(crowd.title(), f"Copy {len(crowd.document.sheets)}")


Deed = Callable[[Crowd], None]
DEEDS: Mapping[str, Deed] = {
    "type into a cell": _type,
    "type a row": _add_row,
    "sort": lambda crowd: _sort(crowd, LIST),
    "filter": _filter,
    "insert a row": lambda crowd: crowd.person.insert_rows(crowd.title(), crowd.row() - 1),
    "insert a column": lambda crowd: crowd.person.insert_columns(crowd.title(), crowd.place()),
    "move rows": _move_rows,
    "move a column": _move_columns,
    "delete a row": lambda crowd: crowd.person.delete_rows(crowd.title(), crowd.row()),
    "delete a column": lambda crowd: crowd.person.delete_columns(crowd.title(), crowd.place()),
    "rename a header": _rename_header,
    "clear a code": _clear_code,
    "duplicate a code": _duplicate_code,
    "type text for a date": _date_as_text,
    "paste a formula": _paste_formula,
    "merge cells": _merge,
    "protect the list": lambda crowd: _protect(crowd, LIST),
    "protect the page": lambda crowd: _protect(crowd, PAGE),
    "rename the list": lambda crowd: _rename(crowd, LIST),
    "rename the page": lambda crowd: _rename(crowd, PAGE),
    "move the list": lambda crowd: _move_tab(crowd, LIST),
    "move the page": lambda crowd: _move_tab(crowd, PAGE),
    "copy the list": _again,
    "delete the list": lambda crowd: crowd.person.delete_tab(crowd.title()),
    "delete the page": lambda crowd: crowd.person.delete_tab(crowd.title(PAGE)),
    "change the locale": _locale,
    "trash the file": lambda crowd: crowd.person.trash(),
    "restore the file": lambda crowd: crowd.person.trash(False),
    "take our access away": lambda crowd: crowd.person.unshare(SERVICE_ACCOUNT),
    "give it back": lambda crowd: crowd.person.share(SERVICE_ACCOUNT),
    "type on the page": _type_on_page,
    "sort the page": lambda crowd: _sort(crowd, PAGE),
    "insert a row on the page": lambda crowd: crowd.person.insert_rows(crowd.title(PAGE), crowd.row(PAGE) - 1),
    "insert a column on the page": lambda crowd: crowd.person.insert_columns(crowd.title(PAGE), crowd.place(PAGE)),
    "delete a row on the page": lambda crowd: crowd.person.delete_rows(crowd.title(PAGE), crowd.row(PAGE)),
}
"""What people do, by name: each of the edge cases of a sheet that several people work in."""

RARE = ("delete the", "trash", "copy", "take", "protect")
WEIGHTS = [12 if name.startswith("type ") else 1 if name.startswith(RARE) else 4 for name in DEEDS]
"""How often each: mostly they type."""
