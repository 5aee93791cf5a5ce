"""Where a person finds the cell that a finding speaks of."""

from __future__ import annotations

from pmosync.model import Place


def spot(place: Place, field: str = "") -> str:
    """The cell's address if it is known, else tab and row."""
    return place.addresses.get(field) or f"{place.tab} row {place.row}"
