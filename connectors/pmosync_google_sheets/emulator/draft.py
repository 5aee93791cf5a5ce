"""An edit under way: a copy of the spreadsheet, who edits, and the guards every edit passes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from pmosync_google_sheets.emulator.calculation import Calculation
from pmosync_google_sheets.emulator.document import Sheet, Spreadsheet
from pmosync_google_sheets.emulator.ranges import Box, a1, area_of, grid_range
from pmosync_google_sheets.emulator.refusals import Refusal, invalid

Json = dict[str, Any]
PROTECTED = (
    "You are trying to edit a protected cell or object. "
    "Please contact the spreadsheet owner to remove protection if you need to edit."
)


class Draft:
    """``document`` is a copy to edit; ``caller`` an e-mail address; ``powerful`` callers (owner, administrator) pass every
    protection; ``mint`` gives new numbers."""

    def __init__(
        self, document: Spreadsheet, caller: str, owner: str, powerful: bool, now: datetime, mint: Callable[[], int]
    ) -> None:
        self.document = document.copy()
        self.caller = caller
        self.owner = owner
        self.powerful = powerful
        self.now = now
        self.mint = mint

    def calculation(self) -> Calculation:
        """Values of the draft as it stands; take a new one after each edit."""
        return Calculation(self.document, self.now)

    def region(self, given: Json) -> tuple[Sheet, Box]:
        """The tab and cells of a GridRange. Raises Refusal where it starts off the grid."""
        area = area_of(given)
        sheet = self.document.sheet(area.sheet)
        box = sheet.box(area)
        _check_order(given)
        if (
            box.top > sheet.row_count
            or box.left > sheet.column_count
            or (area.bottom or 0) > sheet.row_count
            or (area.right or 0) > sheet.column_count
        ):
            raise off_grid(
                sheet,
                Box(
                    sheet.id,
                    area.top or 0,
                    area.left or 0,
                    area.bottom or sheet.row_count,
                    area.right or sheet.column_count,
                ),
            )
        return sheet, box

    def spot(self, given: Json) -> tuple[Sheet, int, int]:
        """The tab, row and column of a GridCoordinate. Raises Refusal off the grid."""
        sheet = self.document.sheet(given.get("sheetId", 0))
        row, column = given.get("rowIndex", 0), given.get("columnIndex", 0)
        if row < 0 or column < 0:
            raise invalid(
                f"GridCoordinate.{'rowIndex' if row < 0 else 'columnIndex'} must be greater than or equal to 0."
            )
        if row >= sheet.row_count or column >= sheet.column_count:
            raise off_grid(sheet, Box(sheet.id, row, column, row + 1, column + 1))
        return sheet, row, column

    def stored_range(self, given: Json) -> Json:
        """A GridRange as it is kept: checked, its sheetId told."""
        self.region(given)
        return grid_range(area_of(given))

    def fresh(self, chosen: int | None, taken: set[int], words: str) -> int:
        """A chosen number that is still free, or a new one. Raises Refusal when it is taken (``words`` says by what)."""
        if chosen is not None and chosen in taken:
            raise invalid(f"{words} {chosen} already exists.")
        number = self.mint() if chosen is None else chosen
        while number in taken:
            number = self.mint()
        return number

    def guard(self, sheet: Sheet, box: Box) -> None:
        """Raises Refusal if any cell of the box is protected against the caller."""
        if not sheet.protected or self.powerful:
            return
        for protection in sheet.protected:
            if self._forbids(sheet, protection, box):
                raise invalid(PROTECTED)

    def _forbids(self, sheet: Sheet, protection: Json, box: Box) -> bool:
        if self.may_edit(protection) or not sheet.box(area_of(protection["range"])).meets(box):
            return False
        open_to_all = [sheet.box(area_of(item)) for item in protection.get("unprotectedRanges", [])]
        return not any(free.covers(box) for free in open_to_all)

    def may_edit(self, protection: Json) -> bool:
        """Whether the caller may change protected cells and the protection itself."""
        editors = protection.get("editors", {})
        return (
            self.powerful
            or bool(protection.get("warningOnly"))
            or self.caller in editors.get("users", [])
            or bool(editors.get("domainUsersCanEdit"))
        )


def _check_order(given: Json) -> None:
    for start, end in (("startRowIndex", "endRowIndex"), ("startColumnIndex", "endColumnIndex")):
        first, last = given.get(start), given.get(end)
        if first is not None and first < 0:
            raise invalid(f"range.{start} ({first}) must be greater than or equal to 0.")
        if last is not None and last < (first or 0):
            raise invalid(f"range.{end} ({last}) must be greater than or equal to range.{start} ({first or 0}).")


def off_grid(sheet: Sheet, box: Box) -> Refusal:
    """400: the range lies beyond the grid."""
    limits = f"Max rows: {sheet.row_count}, max columns: {sheet.column_count}"
    return invalid(f"Range ({a1(sheet.title, box)}) exceeds grid limits. {limits}")
