"""What a read tells about the people's tabs."""

from __future__ import annotations

from pmosync.dashboard.content import Found, found
from pmosync.sheet import Grid, Workbook

GRID = Grid(
    "projects",
    "Our list",
    (("Name", "Code"), ("Payments", " pay "), (), ("Twin", "PAY"), ("Old", "OLD", "beside")),
    header_row=2,
    spots={"name": 0, "code": 1, "manager": 7},
)


def test_rows_are_found_by_code_and_numbered_as_people_see_them() -> None:
    """Codes folded, 1-based sheet rows below the header, the first of two twins; a cell beyond a row's end is empty."""
    told = found(Workbook({"projects": GRID, "milestones": GRID}), {"projects": "code"})
    assert told.titles == {"projects": "Our list"}
    assert told.headers == {"projects": 2}
    assert told.places == {"projects": {"name": 0, "code": 1, "manager": 7}}
    assert told.rows == {"projects": {"pay": 4, "old": 7}}
    assert told.typed["projects"]["pay"] == {"name": "Payments", "code": " pay ", "manager": None}


def test_a_tab_without_codes_has_no_rows() -> None:
    """Where the code column is gone no row is anybody's."""
    bare = Workbook({"projects": Grid("projects", "P", (("Name",),), spots={"name": 0})})
    assert found(bare, {"projects": "code"}).rows == {"projects": {}}


def test_an_absent_tab_tells_nothing() -> None:
    """Not there is not empty: the two mean different rows to come."""
    assert found(Workbook({}), {"projects": "code"}) == Found()
