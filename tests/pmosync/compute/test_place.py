"""Where a person finds what a finding speaks of."""

from __future__ import annotations

from pmosync.compute.place import spot
from pmosync.model import Place


def test_a_cell_goes_by_its_address() -> None:
    """The address is known: it is told."""
    place = Place("sheet", "milestone_inputs", 98, "ABX-M06", {"owner": "'Milestone inputs'!G98"})
    assert spot(place, "owner") == "'Milestone inputs'!G98"


def test_a_row_goes_by_the_same_form() -> None:
    """No table name of ours: the row's address in its own sheet."""
    place = Place("sheet", "milestone_inputs", 98, "ABX-M06", {"owner": "'Milestone inputs'!G98"})
    assert spot(place) == "'Milestone inputs'!98:98"


def test_a_row_of_the_settings_goes_by_its_line() -> None:
    """Whose home is a file is found in that file."""
    place = Place("settings", "projects", 12, "PAY", {"code": "pmosync.yaml:12 (projects[0].code)"})
    assert spot(place, "committed_on") == "pmosync.yaml:12"


def test_without_any_address_tab_and_row_are_told() -> None:
    """Better than nothing."""
    assert spot(Place("sheet", "projects", 12, "PAY")) == "projects row 12"
