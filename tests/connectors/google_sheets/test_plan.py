"""From edits to requests, without a server: sizes, order, and cells that are typed and never parsed."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pmosync.sheet import (
    Column,
    CreateTab,
    Format,
    Formula,
    Kind,
    Link,
    Publication,
    Row,
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

Json = dict[str, Any]
TAB = Tab("work", "Work", Kind.PUBLISHED, 5, (Column("code", "Code"), Column("text", "Text", Format.WRAP)), "code")


def state(rows: int = 10_000) -> State:
    """A file that has the tab."""
    return State({"work": Shown(5, "Work", rows, 2, {"properties": {}})}, {}, (), "robot@example.com")


def test_requests_stay_below_two_megabytes() -> None:
    """Many long rows become several requests, whole and in order, each below 2 MB."""
    rows = tuple((f"W-{number}", "长文" * 600) for number in range(1_500))
    found = plan.plan(Publication((), (WriteRows(TAB, 1, rows),)), state())
    sizes = [cells.size_of({"requests": batch.orders}) for batch in found.batches]
    assert len(sizes) > 1
    assert max(sizes) <= 2_000_000
    orders = [order for batch in found.batches for order in batch.orders]
    areas = [order["updateCells"]["range"] for order in orders if "updateCells" in order]
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


DATES = (Column("code", "Code"), Column("due", "Due", Format.DATE), Column("end", "End", Format.DATE))
DATED = Tab("work", "Work", Kind.PUBLISHED, 5, (*DATES, Column("slip", "Slip", Format.SIGNED)), "code")
DAY, MOMENT = date(2026, 3, 2), datetime(2026, 3, 2, 9)  # noqa: DTZ001


def orders(*rows: Row, fresh: bool = False) -> list[Json]:
    """What is sent for these rows of a tab that is there, or that was just made."""
    made = (CreateTab(DATED),) if fresh else ()
    met = replace(state(), shown={}) if fresh else state()
    *_, batch = plan.plan(Publication((), (*made, WriteRows(DATED, 1, rows))), met).batches
    return list(batch.orders)


def shown_as(order: Json) -> tuple[int, int, int, int | None, str]:
    """First row, row behind the last, first column, column behind the last, and the number format that they get."""
    area = order["repeatCell"]["range"]
    look = order["repeatCell"]["cell"].get("userEnteredFormat", {}).get("numberFormat", {})
    rows = area["startRowIndex"], area["endRowIndex"]
    return *rows, area["startColumnIndex"], area.get("endColumnIndex"), look.get("pattern", "")


def test_a_few_rows_bring_their_formats_along() -> None:
    """One changed row is one order, with the format of each cell in it."""
    (order,) = orders(("A", DAY, None, 4))
    assert order["updateCells"]["fields"] == cells.FIELDS
    assert [cell.get("userEnteredFormat", {}).keys() for cell in order["updateCells"]["rows"][0]["values"]] == [
        set(), {"numberFormat"}, set(), {"numberFormat"},
    ]  # fmt: skip


def test_many_rows_take_the_formats_of_their_columns() -> None:
    """The rows lose what format they had, to the right end of the grid, then neighbours of one format get it by one order; the
    cells hold nothing but their values, and what leads somewhere its link.
    """
    *formats, order = orders(*[("A", DAY, DAY, Formula("=1", 4))] * 3, (Link("B", "#work!A2"), None, "soon", 0))
    assert list(map(shown_as, formats)) == [
        (1, 5, 0, None, ""), (1, 5, 1, 3, "yyyy-mm-dd"), (1, 5, 3, 4, "+#,##0;-#,##0;0"),
    ]  # fmt: skip
    assert order["updateCells"]["fields"] == cells.VALUES
    styles = [cell.get("userEnteredFormat") for row in order["updateCells"]["rows"] for cell in row["values"]]
    assert [style for style in styles if style] == [{"textFormat": {"link": {"uri": "#gid=5&range=A2"}}}]


def test_a_new_tab_wears_the_formats_of_its_columns_already() -> None:
    """On a tab that the same publication makes, many rows are values alone: its columns were dressed when it was made."""
    (order,) = orders(*[("A", DAY, DAY, 4)] * 5, fresh=True)
    assert order["updateCells"]["fields"] == cells.VALUES


def test_a_date_outside_a_column_of_dates_is_shown_as_one() -> None:
    """Whatever its column shows, a date is no number of days; dates that stand below each other get their format at once."""
    rows: list[Row] = [
        ("A", DAY, None, 4),
        (DAY, None, None, 4),
        (DAY, None, None, Formula("=1", MOMENT)),
        ("D",),
        ("E",),
    ]
    _, *formats = orders(*rows, fresh=True)
    assert list(map(shown_as, formats)) == [(2, 4, 0, 1, "yyyy-mm-dd"), (3, 4, 3, 4, "yyyy-mm-dd hh:mm")]


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
