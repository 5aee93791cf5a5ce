"""A large workbook: 16 tabs of 500 rows and 20 columns, each with header notes, a colour rule and a filter view."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace

from pmosync.sheet import Column, Format, Kind, Row, Rule, Stamp, Tab, Table, View

TABS, HEIGHT, WIDTH = 16, 500, 20


def tab(number: int) -> Tab:
    """One of the tabs, with all that a tab may have."""
    formats = (Format.TEXT, Format.DATE, Format.INTEGER, Format.PERCENT)
    columns = tuple(
        Column(f"c{place}", f"Column {place}", formats[place % 4], note="what it says") for place in range(WIDTH)
    )
    rules, views = (Rule("c4", "R", "#f4c7c3", "#8c1d18"),), (View("red", "c4", ("R 12",)),)
    return Tab(f"tab{number}", f"Tab {number}", Kind.PUBLISHED, 100 + number, columns, "c0", rules=rules, views=views)


def row(number: int) -> Row:
    """A row of text, dates, numbers and shares."""
    values = (f"P{number}", date(2026, 1, 1) + timedelta(number % 300), number, number % 100 / 100)
    return tuple(values[place % 4] for place in range(WIDTH))


TABLES = tuple(Table(tab(number), tuple(row(place) for place in range(HEIGHT))) for number in range(TABS))
STAMP = Stamp("here", 1, 1, "2026-03-02T09:00Z")


def one_row_changed() -> tuple[Table, ...]:
    """The same tables, but for one row of one tab."""
    changed = tuple(row(place if place != 250 else 9) for place in range(HEIGHT))
    return (*TABLES[:4], replace(TABLES[4], rows=changed), *TABLES[5:])
