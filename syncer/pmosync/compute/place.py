"""Where a person finds the cell that a finding speaks of."""

from __future__ import annotations

import re

from pmosync.model import Place

IN_SHEET = re.compile(r"(.+!)\$?[A-Z]+\$?\d+")
IN_FILE = re.compile(r"(.+:)\d+.*")


def spot(place: Place, field: str = "") -> str:
    """The cell's address if it is known, else the row's in the same form; without any address tab and row.

    A row's address is that of all its cells (``'Milestone inputs'!98:98``), or the line of a file (``pmosync.yaml:12``).
    """
    return place.addresses.get(field) or _row(place)


def _row(place: Place) -> str:
    for address in place.addresses.values():
        if sheet := IN_SHEET.fullmatch(address):
            return f"{sheet[1]}{place.row}:{place.row}"
        if file := IN_FILE.fullmatch(address):
            return f"{file[1]}{place.row}"
    return f"{place.tab} row {place.row}"
