"""The input tabs as a source: what people typed, wherever they have moved it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from pmosync.emulation import faults
from pmosync.errors import UnreadError
from pmosync.raw import Ref
from pmosync_google_sheets.source import SheetsSource

if TYPE_CHECKING:
    from tests.connectors.google_sheets.conftest import Site


def test_rows_that_people_typed(site: Site) -> None:
    """Dates are ISO, implausible numbers stay numbers, text stays text, a row without a code is told by its place."""
    site.sink().write(site.first())
    person = site.person
    person.type("'Projects 项目'!D2", "2026-12-05")
    person.type("'Projects 项目'!D3", "20261205")
    person.type("'Projects 项目'!B2", "=1+1")
    person.type("'Projects 项目'!B4", "lost")
    source = site.source()
    (batch,) = source.pull(source.units()[0], None)
    cells = {record.ref.id: record.payload["cells"] for record in batch.records}
    assert cells["projects:PAY"] == {"code": "PAY", "name": 2, "control": None, "due": "2026-12-05"}
    assert cells["projects:WEB"]["due"] == 20261205
    assert cells["projects:#row4"]["name"] == "lost"
    assert batch.records[0].payload["typed"] == {"due": "date"}
    assert batch.records[0].payload["addresses"]["due"] == "'Projects 项目'!D2"
    assert batch.whole == ("row",)


def test_a_month_typed_as_such(site: Site) -> None:
    """The sheet makes the first day of "2026-12" and goes on to show the month: so it is read, for one request more; a
    first day typed as a day stays one.
    """
    site.sink().write(site.first())
    site.person.type("'Projects 项目'!D2", "2026-12")
    site.person.type("'Projects 项目'!D3", "2026-12-01")
    assert site.person.shown("'Projects 项目'!D2") == "2026-12"
    before = site.layer.requests()
    cells = site.cells()
    assert (cells["PAY"]["due"], cells["WEB"]["due"]) == ("2026-12", "2026-12-01")
    assert site.layer.requests() - before <= 4


def test_two_requests_and_the_same_cursor(site: Site) -> None:
    """A pull costs two reads beside the token, and the same rows give the same cursor."""
    site.sink().write(site.first())
    source = site.source()
    (first,) = source.pull(source.units()[0], None)
    before = site.layer.requests()
    (second,) = source.pull(source.units()[0], first.cursor)
    assert site.layer.requests() - before == 2
    assert second == first
    site.person.enter("Projects 项目", "PAY", "Name", "changed")
    (third,) = source.pull(source.units()[0], second.cursor)
    assert third.cursor != second.cursor


def test_moved_inserted_renamed_and_sorted(site: Site) -> None:
    """Whatever people move, the same codes show the same cells; a renamed header is remembered by the column itself."""
    site.sink().write(site.first())
    site.person.enter("Projects 项目", "PAY", "Name", "Payments")
    before = site.cells()
    site.person.type("'Projects 项目'!B1", "Bezeichnung")
    site.person.insert_columns("Projects 项目", 0)
    site.person.move_columns("Projects 项目", 2, 5)
    site.person.insert_rows("Projects 项目", 0, 2)
    site.person.type("'Projects 项目'!A1", "how to fill this in")
    site.person.sort("Projects 项目", 1, descending=True, header=2)
    assert site.cells() == before


def test_a_lost_tab_or_code_column_loses_no_rows(site: Site) -> None:
    """A deleted column or tab is said by check, and never makes a row look deleted. Without its code column the tab could not
    be read, and every way of asking says so; a tab of ours that is deleted is about to be made anew.
    """
    site.sink().write(site.first())
    site.person.delete_columns("Projects 项目", 1)
    source = site.source()
    assert [finding.message for finding in source.check() if not finding.ok] == ["columns are missing: Name"]
    (batch,) = source.pull(source.units()[0], None)
    assert batch.records[0].payload["missing_columns"] == ["name"]
    site.person.delete_columns("Projects 项目", 0)
    for asked in (source.pull(source.units()[0], None), source.census(source.units()[0])):
        assert not getattr(next(asked), "records", None)
        with pytest.raises(UnreadError, match="column Code"):
            next(asked)
    assert "column Code" in next(finding.message for finding in source.check() if not finding.ok)
    site.person.delete_tab("Projects 项目")
    own = SheetsSource(replace(site.opening(), own=True))
    (batch,) = own.pull(own.units()[0], None)
    assert (batch.records, batch.whole) == ((), ())


def test_a_spreadsheet_without_any_of_our_tabs_is_told(site: Site) -> None:
    """Nothing was found where everything was looked for: that is no empty plan, to a sync and to check."""
    source = site.source()
    with pytest.raises(UnreadError, match="none of the input tabs"):
        list(source.pull(source.units()[0], None))
    assert [finding.message for finding in source.check() if not finding.ok] == [
        "none of the input tabs is there, so nothing is read"
    ]


def test_census_and_visible(site: Site) -> None:
    """The census lists the rows there are; a deleted row no longer answers by its code."""
    site.sink().write(site.first())
    source = site.source()
    refs = [ref for page in source.census(source.units()[0]) for ref in page]
    assert refs == [Ref("plan", "row", "projects:PAY"), Ref("plan", "row", "projects:WEB")]
    site.person.delete_code("Projects 项目", "PAY")
    assert source.visible(refs) == {refs[0]: False, refs[1]: True}


def test_duplicate_codes(site: Site) -> None:
    """One code on two rows is one record that says so."""
    site.sink().write(site.first())
    site.person.type("'Projects 项目'!A4", "PAY")
    source = site.source()
    (batch,) = source.pull(source.units()[0], None)
    record = next(record for record in batch.records if record.payload["code"] == "PAY")
    assert (record.payload["duplicates"], record.payload["rows"]) == (2, [2, 4])


def test_reads_survive_a_bad_day(site: Site) -> None:
    """503, reset, cut body and quota in one pull: asked again until it is there."""
    site.sink().write(site.first())
    expected = site.cells()
    site.layer.clear()
    site.layer.plan = faults.script(
        [None, faults.Status(503), faults.Reset(), None, faults.Cut(), faults.Status(429, {"Retry-After": "1"})]
    )
    assert site.cells() == expected
    assert site.layer.requests() == 7
