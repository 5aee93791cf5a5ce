"""From edits to requests, without a server: sizes, order, and cells that are typed and never parsed."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmosync.sheet import (
    Column,
    Format,
    Formula,
    Kind,
    Link,
    Publication,
    Tab,
    Value,
    View,
    WriteRows,
    WriteStamp,
    from_serial,
)
from pmosync_google_sheets import cells, compare, layout, plan, reading
from pmosync_google_sheets.plan import State
from pmosync_google_sheets.reading import Shown

if TYPE_CHECKING:
    from tests.connectors.google_sheets.conftest import Site

TAB = Tab("work", "Work", Kind.PUBLISHED, 5, (Column("code", "Code"), Column("text", "Text", Format.WRAP)), "code")


def state(rows: int = 10_000) -> State:
    """A file that has the tab."""
    return State({"work": Shown(5, "Work", rows, 2, {"properties": {}})}, {}, (), "robot@example.com")


def test_requests_stay_below_two_megabytes() -> None:
    """Many long rows become several requests, whole and in order, each below 2 MB."""
    rows = tuple((f"W-{number}", "长文" * 600) for number in range(1_500))
    found = plan.plan(Publication((), (WriteRows(TAB, 1, rows),)), state())
    sizes = [len(json.dumps({"requests": batch.orders})) for batch in found.batches]
    assert len(sizes) > 1
    assert max(sizes) <= 2_000_000
    areas = [order["updateCells"]["range"] for batch in found.batches for order in batch.orders]
    assert [area["startRowIndex"] for area in areas] == [1, *(area["endRowIndex"] for area in areas[:-1])]
    assert areas[-1]["endRowIndex"] == 1_501
    assert sum(batch.cells for batch in found.batches) == 3_000


def test_a_stamp_alone() -> None:
    """A heartbeat is one order, and none without an edit."""
    assert plan.plan(Publication((), ()), state()) == plan.Plan(())


def test_the_stamp_is_renewed_in_place(site: Site) -> None:
    """A second stamp updates the first."""
    for _ in range(2):
        site.sink().write(Publication((), (WriteStamp(site.stamp),)))
    assert site.contract.kinds() == ["createDeveloperMetadata", "updateDeveloperMetadata"]


@pytest.mark.parametrize(
    ("value", "shape", "made"),
    [
        (None, Format.DATE, {}),
        ("=1+1", Format.TEXT, {"userEnteredValue": {"stringValue": "=1+1"}}),
        ("0042", Format.INTEGER, {"userEnteredValue": {"stringValue": "0042"}}),
        (True, Format.BOOLEAN, {"userEnteredValue": {"boolValue": True}}),
        (
            date(2026, 3, 2),
            Format.DATE,
            {
                "userEnteredValue": {"numberValue": 46083.0},
                "userEnteredFormat": {"numberFormat": {"type": "DATE", "pattern": "yyyy-mm-dd"}},
            },
        ),
        (
            Link("a", "#work!B3"),
            Format.TEXT,
            {
                "userEnteredValue": {"stringValue": "a"},
                "userEnteredFormat": {"textFormat": {"link": {"uri": "#gid=5&range=B3"}}},
            },
        ),
        (Formula("=A1", "x"), Format.TEXT, {"userEnteredValue": {"formulaValue": "=A1"}}),
    ],
)
def test_cells_are_typed(value: Value, shape: Format, made: dict[str, object]) -> None:
    """Text is a string whatever it looks like; only our own formula is one; a date is a number with a date's format."""
    assert cells.cell(value, shape, {"work": 5}) == made


@given(st.floats() | st.integers() | st.text() | st.booleans() | st.dates() | st.none())
def test_every_cell_is_valid_json(value: Value) -> None:
    """Not a number and infinity are no JSON numbers: they never reach a request as such."""
    json.loads(json.dumps(cells.cell(value, Format.TEXT, {}), allow_nan=False))


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.integers(0, 86_399))
def test_dates_and_instants_come_back(day: date, second: int) -> None:
    """A date and an instant to the second survive the way to a serial number and back."""
    moment = datetime(day.year, day.month, day.day, second // 3600, second // 60 % 60, second % 60)  # noqa: DTZ001
    number = cells.cell(day, Format.DATE, {})["userEnteredValue"]["numberValue"]
    assert reading.dated(number, Format.DATE) == day == from_serial(number)
    number = cells.cell(moment, Format.INSTANT, {})["userEnteredValue"]["numberValue"]
    assert reading.dated(number, Format.INSTANT) == moment


@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255))
def test_colours_survive_googles_floats(red: int, green: int, blue: int) -> None:
    """A colour is the same after Google has kept it as three rounded fractions."""
    colour = f"#{red:02x}{green:02x}{blue:02x}"
    kept = {name: round(part, 7) for name, part in layout._style(colour)["rgbColor"].items() if part}
    assert compare.hex_of(kept) == colour


def test_a_view_quotes_what_it_looks_for() -> None:
    """A filter view's condition is made of constants; quotation marks in them are doubled."""
    made = layout._view(View("mine", "text", ('a"b', "c")), TAB, 5)
    condition = made["filterSpecs"][0]["filterCriteria"]["condition"]
    assert condition["values"] == [{"userEnteredValue": '=OR($B2="a""b",$B2="c")'}]


def test_a_published_row_is_written_to_the_end_of_the_grid(site: Site) -> None:
    """Somebody inserts a column and a row on a published tab after it was read: nothing of the row that stood where a row is
    written stays beside its code.
    """
    site.sink().write(site.first())
    sink = site.sink()
    sink.read((site.milestones, site.projects))
    site.person.insert_rows("Milestones", 1)
    site.person.insert_columns("Milestones", 1)
    sink.write(Publication((), (WriteRows(site.milestones, 2, site.rows[1:2]),)))
    assert "".join(site.person.rows("Milestones")[2]).endswith("0042")
