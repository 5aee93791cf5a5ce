"""The workbook in Google Sheets, through Google's own client library: what is written, repaired, and never touched."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pmosync.emulation import faults
from pmosync.errors import StoreError, TargetError, TransientError
from pmosync.sheet import (
    AppendRows,
    CreateTab,
    Edit,
    FormatTab,
    Formula,
    Link,
    Publication,
    Row,
    TrimRows,
    WriteRows,
    WriteStamp,
)

if TYPE_CHECKING:
    from tests.connectors.google_sheets.conftest import Site


def publish(site: Site, *edits: Edit) -> int:
    """Send some edits by a sink that has read first; returns the requests it took."""
    sink = site.sink()
    sink.read((site.milestones, site.projects))
    return sink.write(Publication((), edits)).requests


def test_what_is_written_is_read_back(site: Site) -> None:
    """Dates, instants, links, formulas, text that looks like a formula, the stamp: all come back, and nothing
    differs.
    """
    site.sink().write(site.first())
    found = site.sink().read((site.milestones, site.projects))
    assert found.stamp == site.stamp
    assert found.grids["milestones"].rows == (site.header, *site.rows)
    assert [grid.layout_differs for grid in found.grids.values()] == [(), ()]
    assert [row[0] for row in found.grids["projects"].rows] == ["Code", "PAY", "WEB"]
    assert site.person.shown("Milestones!H2") == "=IMPORTXML(1)"
    assert site.person.shown("Milestones!C2") == "2026-03-02"


def test_one_atomic_batch_a_tab_and_the_stamp_last(site: Site) -> None:
    """Missing tabs come first in one batch, then one batch a tab; the very last order is the stamp."""
    assert site.sink().write(site.first()).requests == len(site.contract.bodies) == 3
    assert site.contract.kinds()[0] == "addSheet"
    last = site.contract.bodies[-1]["requests"][-1]
    assert last["createDeveloperMetadata"]["developerMetadata"]["metadataKey"] == "pmosync.stamp"


def test_the_same_twice_changes_nothing(site: Site) -> None:
    """The same publication again: no twin of tab, rule, stripe, view, protection, row or stamp."""
    site.sink().write(site.first())
    before = site.sink().read((site.milestones, site.projects))
    site.sink().write(site.first())
    publish(site, FormatTab(site.milestones), WriteStamp(site.stamp))
    assert site.sink().read((site.milestones, site.projects)) == before
    assert site.person.tabs() == ["Milestones", "Projects 项目", "Sheet1"]
    kinds = Counter(kind for kind in site.contract.kinds() if kind.startswith("add"))
    assert kinds == {"addSheet": 2, "addBanding": 1, "addConditionalFormatRule": 2, "addDimensionGroup": 1,
                     "addFilterView": 1, "addProtectedRange": 1}  # fmt: skip
    assert site.sink().write(Publication((), ())).requests == 0


FILTERED = ":getByDataFilter"


def reads(site: Site) -> list[str]:
    """The calls by which a new reader sees both tabs, the end of each path; Drive's apart."""
    site.layer.clear()
    assert site.grid("projects").rows[1][0] == "PAY"
    paths = [seen.path.partition("?")[0] for seen in site.layer.seen if "/spreadsheets/" in seen.path]
    return [path.rpartition(site.settings["spreadsheet"])[2] for path in paths]


def test_one_read_for_all_tabs(site: Site) -> None:
    """Layout, values, formulas, links and the stamp come by one request, whatever people call the tabs and whatever tabs of
    theirs stand beside them. Where it is not certain which sheet is ours (here the input tab, of which a copy is left), all
    are looked at.
    """
    site.sink().write(site.first())
    site.person.rename_tab("Projects 项目", "My projects")
    assert reads(site) == [FILTERED]
    site.person.duplicate_tab("My projects", site.projects.title)
    assert reads(site) == [FILTERED]
    site.person.delete_tab("My projects")
    assert reads(site) == [FILTERED, "", ""]


def test_a_title_is_looked_for_among_all_sheets_before_a_tab_is_made(site: Site) -> None:
    """Who saw our own tabs alone knows nothing of those that people made: one of the same title is named, and stays."""
    site.sink().write(site.first())
    site.person.add_tab("Costs")
    sink = site.sink()
    sink.read((site.milestones,))
    with pytest.raises(TargetError, match="has a tab 'Costs' that pmosync did not make"):
        sink.write(Publication((), (CreateTab(replace(site.milestones, key="costs", title="Costs", sheet_id=73)),)))


def test_a_read_by_marks_that_is_refused_or_lost(site: Site) -> None:
    """It changes nothing: an answer that got lost is asked for again. Where it is refused, all sheets are looked at."""
    site.sink().write(site.first())
    lost = iter([faults.Lost()])
    site.layer.plan = lambda _number, _method, path: next(lost, None) if FILTERED in path else None
    assert reads(site) == [FILTERED, FILTERED]
    refused = faults.Status(400, {}, b'{"error": {"code": 400, "message": "no", "status": "INVALID_ARGUMENT"}}')
    site.layer.plan = lambda _number, _method, path: refused if FILTERED in path else None
    assert reads(site) == [FILTERED, "", ""]


def test_links_to_a_tab_that_is_not_edited(site: Site) -> None:
    """A link inside the workbook finds its tab also where only the linking row is written."""
    site.sink().write(site.first())
    edits = (WriteRows(site.milestones, 3, (("PAY-M03", Link("back", "#projects!A3")),)),)
    site.sink().write(replace(site.first(), edits=edits))
    assert site.grid("milestones").rows[3][1] == Link("back", "#projects!A3")


def test_rows_written_over_and_trimmed(site: Site) -> None:
    """A shorter table leaves no tail; a cell that is None is emptied; a longer one grows the grid."""
    site.sink().write(site.first())
    changed: Row = ("PAY-M09", None, date(2026, 5, 1), None, "A 1", None, None, None)
    publish(site, WriteRows(site.milestones, 1, (changed,)), TrimRows(site.milestones, 2))
    assert site.grid("milestones").rows == (site.header, changed[:5])
    many: tuple[Row, ...] = tuple((f"PAY-M{n}", *site.rows[0][1:]) for n in range(120))
    publish(site, WriteRows(site.milestones, 1, many))
    grid = site.grid("milestones")
    assert (grid.rows[1:], grid.layout_differs) == (many, ())
    assert grid.row_count > 121


@pytest.mark.parametrize("count", [1, 5])
def test_written_rows_get_their_formats_back(site: Site, count: int) -> None:
    """Whoever changed how numbers are shown on a published tab sees our format again in rows that are written, a few or many;
    a date among texts is shown as one.
    """
    site.sink().write(site.first())
    look = {"userEnteredFormat": {"numberFormat": {"type": "PERCENT", "pattern": "0.00%"}}}
    site.person.edit(
        {"repeatCell": {"range": {"sheetId": 71}, "cell": look, "fields": "userEnteredFormat.numberFormat"}}
    )
    row: Row = ("PAY-M01", date(2026, 3, 2), date(2026, 3, 2), 4, "R 12", 0.5, None, 7)
    publish(site, WriteRows(site.milestones, 1, (row,) * count))
    shown = [site.person.shown(f"Milestones!{column}{count + 1}") for column in "BCDFH"]
    assert shown == ["2026-03-02", "2026-03-02", "+4", "50%", "7"]


def test_drift_is_named_and_repaired(site: Site) -> None:
    """What people change on a published tab's layout is said in words and put right; their own rules there go."""
    site.sink().write(site.first())
    site.person.rename_tab("Milestones", "Meilensteine")
    site.person.edit({"deleteConditionalFormatRule": {"sheetId": 71, "index": 0}})
    grid = {"sheetId": 71, "gridProperties": {"frozenRowCount": 0}}
    site.person.edit({"updateSheetProperties": {"properties": grid, "fields": "gridProperties.frozenRowCount"}})
    site.person.edit({"deleteProtectedRange": {"protectedRangeId": _protection(site)}})
    area = {"sheetId": 71, "startRowIndex": 30, "endRowIndex": 40, "startColumnIndex": 9, "endColumnIndex": 11}
    site.person.edit({"appendDimension": {"sheetId": 71, "dimension": "COLUMNS", "length": 4}})
    colours = {"firstBandColorStyle": {"rgbColor": {"red": 1}}, "secondBandColorStyle": {"rgbColor": {"green": 1}}}
    site.person.edit({"addBanding": {"bandedRange": {"range": area, "rowProperties": colours}}})
    differs = site.grid("milestones").layout_differs
    assert differs == (
        "its title", "the frozen rows and columns", "the number of columns", "its protection", "its conditional formats",
        "its banding",
    )  # fmt: skip
    publish(site, FormatTab(site.milestones, differs))
    assert site.grid("milestones").layout_differs == ()
    assert site.person.tabs()[0] == "Milestones"


def _protection(site: Site) -> int:
    orders = (order for body in site.contract.bodies for order in body["requests"] if "addProtectedRange" in order)
    return int(next(orders)["addProtectedRange"]["protectedRange"]["protectedRangeId"])


def test_only_we_write_published_tabs(site: Site) -> None:
    """Somebody who may edit the file cannot write on a published tab, and can on an input tab."""
    site.sink().write(site.first())
    site.person.share("li@example.com")
    li = site.emulator.person(email="li@example.com")
    with pytest.raises(Exception, match="protected"):
        li.type("Milestones!A2", "mine")
    li.type("'Projects 项目'!B2", "Payments")
    assert site.cells()["PAY"]["name"] == "Payments"


def test_appending_again_adds_nothing(site: Site) -> None:
    """Rows are matched by code as the tab stands at the write, not as it was read."""
    site.sink().write(site.first())
    new: tuple[Row, ...] = (("PAY", None, None, None, None), ("NEW", "fresh", "key", date(2026, 7, 1), None))
    sink = site.sink()
    sink.read((site.projects,))
    site.person.enter("Projects 项目", "NEW", "Name", "typed meanwhile")
    site.person.rename_tab("Projects 项目", "Plan")
    sink.write(Publication((), (AppendRows(site.projects, 2, new),)))
    assert site.cells()["NEW"]["name"] == "typed meanwhile"
    assert [row[0] for row in site.grid("projects").rows] == ["Code", "PAY", "WEB", "NEW"]


def test_appending_where_people_have_moved_columns(site: Site) -> None:
    """Values of a new row land under their headers, below a row that people wrote above, and drop-downs reach them."""
    site.sink().write(site.first())
    site.person.move_columns("Projects 项目", 0, 3)
    site.person.insert_columns("Projects 项目", 1)
    site.person.insert_rows("Projects 项目", 0)
    site.person.type("'Projects 项目'!B1", "填写说明")
    site.person.type("'Projects 项目'!C2", "Our name")
    new: Row = ("NEW", "fresh", "key", date(2026, 7, 1), None)
    publish(site, AppendRows(site.projects, 3, (new,)))
    assert site.cells()["NEW"] == {"code": "NEW", "name": "fresh", "control": "key", "due": "2026-07-01"}
    assert site.cells()["WEB"]["name"] == "Web shop"


def test_appending_to_a_sheet_without_room(site: Site) -> None:
    """People may delete every empty row, and every row but the header: there is still room for new codes."""
    site.sink().write(site.first())
    unfrozen = {"sheetId": 72, "gridProperties": {"frozenRowCount": 0}}
    site.person.edit({"updateSheetProperties": {"properties": unfrozen, "fields": "gridProperties.frozenRowCount"}})
    for last in (2, 0):
        rows = site.grid("projects").row_count
        site.person.delete_rows("Projects 项目", last + 1, rows - last - 1)
        publish(site, AppendRows(site.projects, last, ((f"N{last}", None, None, None, None),)))
    assert [row[0] for row in site.grid("projects").rows] == ["Code", "N0"]


def test_context_columns_are_filled_by_the_header(site: Site) -> None:
    """Of a living input tab the header of a grey column may be replaced by our formula; other headers never."""
    site.sink().write(site.first())
    formula = Formula('="Slip"', "Slip")
    publish(site, WriteRows(site.projects, 0, (("Codex", "Namex", None, None, formula),)))
    assert site.grid("projects").rows[0] == ("Code", "Name", "Control", "Committed on", formula)


def test_tabs_of_people_are_never_touched(site: Site) -> None:
    """A tab with the title of a published one is refused, not written; an input tab is adopted by its title."""
    site.person.add_tab("Milestones")
    site.person.type("Milestones!A1", "mine")
    with pytest.raises(TargetError, match="did not make"):
        site.sink().write(site.first())
    assert site.sink().read((site.milestones,)).grids == {}
    assert site.person.shown("Milestones!A1") == "mine"
    site.person.add_tab("Projects 项目")
    site.person.type("'Projects 项目'!A1", "项目编号")
    site.person.type("'Projects 项目'!A2", "PAY")
    assert site.grid("projects").layout_differs == ("its drop-downs or its mark",)
    publish(site, CreateTab(site.projects), FormatTab(site.projects))
    assert site.person.rows("Projects 项目") == [["项目编号"], ["PAY"]]
    assert site.grid("projects").layout_differs == ()


def test_renamed_moved_and_deleted_tabs(site: Site) -> None:
    """A renamed input tab keeps its name and is found by its id; a copy is nobody's; a deleted one is absent and can
    be remade.
    """
    site.sink().write(site.first())
    site.person.duplicate_tab("Projects 项目", "Copy")
    site.person.rename_tab("Projects 项目", "Plan")
    assert site.grid("projects").title == "Plan"
    publish(site, FormatTab(site.projects))
    assert "Plan" in site.person.tabs()
    site.person.delete_tab("Plan")
    site.person.delete_tab("Copy")
    assert "projects" not in site.sink().read((site.projects,)).grids
    new = (CreateTab(site.projects), AppendRows(site.projects, 0, (("PAY", None, None, None, None),)))
    site.sink().write(replace(site.first(), edits=new))
    assert list(site.cells()) == ["PAY"]
    assert site.person.tabs() == ["Milestones", "Projects 项目", "Sheet1"]


def test_a_tab_that_vanished_under_us(site: Site) -> None:
    """Rows for a tab that is no longer there: said so, nothing else written."""
    with pytest.raises(TargetError, match="no longer"):
        publish(site, WriteRows(site.milestones, 0, (site.header,)))
    assert site.contract.bodies == []


def test_columns_and_merged_cells_on_a_published_tab(site: Site) -> None:
    """What the owner inserts or merges on a published tab is taken out again, and the rows stand as they should."""
    site.sink().write(site.first())
    site.person.insert_columns("Milestones", 1)
    merged = {"sheetId": 71, "startRowIndex": 1, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 2}
    site.person.edit({"mergeCells": {"range": merged, "mergeType": "MERGE_ALL"}})
    differs = site.grid("milestones").layout_differs
    assert {"the number of columns", "merged cells"} <= set(differs)
    publish(site, FormatTab(site.milestones, differs), WriteRows(site.milestones, 0, (site.header, *site.rows)))
    grid = site.grid("milestones")
    assert (grid.rows, grid.layout_differs) == ((site.header, *site.rows), ())


def test_a_tab_protected_against_us(site: Site) -> None:
    """One tab that refuses us does not keep the others from being written; the stamp waits, and the line says what
    to do.
    """
    site.sink().write(site.first())
    site.person.protect("Projects 项目")
    edits = (
        AppendRows(site.projects, 2, (("NEW", None, None, None, None),)),
        WriteRows(site.milestones, 1, (("PAY-M07", *site.rows[0][1:]),)),
        WriteStamp(replace(site.stamp, generation=18)),
    )
    with pytest.raises(TargetError, match="protected cells against us"):
        publish(site, *edits)
    assert site.person.shown("Milestones!A2") == "PAY-M07"
    assert site.sink().read(()).stamp == site.stamp


BAD_DAY = (
    faults.Status(503),
    faults.Status(429, {"Retry-After": "2"}),
    faults.Reset(),
    faults.Cut(),
    faults.Lost(),
    faults.Body(b"{}", "application/json"),
)


@pytest.mark.parametrize("seed", range(6))
def test_a_bad_day_ends_well(site: Site, seed: int) -> None:
    """A quarter of all answers broken, lost writes among them: syncs go on until one is through, and then all is as
    wanted.
    """
    site.layer.plan = faults.seeded(seed, 0.25, BAD_DAY)
    assert any(_tried(site) for _ in range(40))
    site.layer.plan = None
    found = site.sink().read((site.milestones, site.projects))
    assert found.grids["milestones"].rows == (site.header, *site.rows)
    assert [row[0] for row in found.grids["projects"].rows] == ["Code", "PAY", "WEB"]
    assert [grid.layout_differs for grid in found.grids.values()] == [(), ()]
    assert (found.stamp, sorted(site.person.tabs())) == (site.stamp, ["Milestones", "Projects 项目", "Sheet1"])


def _tried(site: Site) -> bool:
    """One sync; whether it came to its end."""
    try:
        site.sink().read((site.milestones, site.projects))
        site.sink().write(site.first())
    except TransientError:
        return False
    return True


MOVES = ("sort", "insert row", "insert column", "move column", "type", "rename header")


@settings(
    max_examples=max(4, settings().max_examples // 20),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.sampled_from(MOVES), max_size=6), st.randoms(use_true_random=False))
def test_no_typed_cell_is_ever_lost(site: Site, moves: list[str], dice: Random) -> None:
    """Whatever people do to an input tab between our writes, what they typed stays beside its code."""
    site.sink().write(site.first())
    person, title, typed = site.person, "Projects 项目", dict[str, str]()
    for number, move in enumerate(moves):
        match move:
            case "sort":
                header = site.grid("projects").header_row
                person.sort(title, dice.randrange(3), descending=dice.random() < 0.5, header=header)
            case "insert row":
                person.insert_rows(title, dice.randrange(2))
            case "insert column":
                person.insert_columns(title, dice.randrange(1, 3))
            case "move column":
                person.move_columns(title, 1, 4)
            case "type":
                code = dice.choice(["PAY", "WEB"])
                where = site.grid("projects")
                row = next(n for n, cells in enumerate(where.rows) if code in cells) + where.header_row
                person.type(f"'{title}'!{'ABCDEFGHIJKL'[where.spots['name']]}{row + 1}", f"text {number}")
                typed[code] = f"text {number}"
        publish(site, AppendRows(site.projects, 2, ((f"N{number}", None, "key", None, None), ("PAY",) + (None,) * 4)))
        cells = site.cells()
        assert {code: cells[code]["name"] for code in typed} == typed
        assert cells[f"N{number}"]["control"] == "key"
    site.person.delete_tab(title)


def test_every_batch_is_fenced(site: Site) -> None:
    """The fence is asked directly before each request that changes anything; what it raises ends the writing there."""
    asked: list[int] = []

    def fence() -> None:
        asked.append(len(site.contract.bodies))
        if len(asked) == 2:
            raise StoreError("overtaken")

    with pytest.raises(StoreError):
        site.sink().write(site.first(), fence)
    assert asked == [0, 1]
    assert len(site.contract.bodies) == 1


def test_who_sees_the_spreadsheet(site: Site) -> None:
    """Asked for only where an audience is declared: everybody but ourselves and accounts that are gone, page by page."""
    site.sink().write(site.first())
    assert site.sink().read((site.milestones,)).shared is None
    for number in range(120):
        site.person.share(f"reader{number}@acme.example", "reader")
    site.person.share("acme.example", "reader", "domain")
    site.person.share("", "reader", "anyone")
    shared = site.sink_for().read((site.milestones,)).shared
    assert shared is not None
    assert {(share.kind, share.name) for share in shared if not share.owner} == {
        *(("user", f"reader{number}@acme.example") for number in range(120)),
        ("domain", "acme.example"),
        ("anyone", ""),
    }
    assert len([share for share in shared if share.owner]) == 1


def test_what_drive_does_not_tell_is_unknown(site: Site) -> None:
    """Without the right to ask Drive the audience is not compared, and ``check`` says so; it is never taken for kept."""
    site.sink().write(site.first())
    body = b'{"error": {"code": 403, "message": "no", "errors": [{"reason": "insufficientFilePermissions"}]}}'
    refused = faults.Status(403, body=body, headers={"content-type": "application/json"})
    site.layer.plan = lambda number, method, path: refused if path.endswith("/permissions") else None
    assert site.sink_for().read((site.milestones,)).shared is None
    told = [finding for finding in site.sink_for().check(()) if "shared" in finding.message]
    assert [(finding.ok, "is unknown" in finding.message) for finding in told] == [(True, True)]


def test_check_compares_the_audience(site: Site) -> None:
    """One finding: shared with its audience alone, or with whom besides and what to do."""
    site.person.share("eve@rival.example", "reader")

    def told(*audience: str) -> list[tuple[bool, str]]:
        found = site.sink_for(*audience).check(())
        return [(one.ok, one.message) for one in found if "audience" in one.message]

    assert told("rival.example") == [(True, "it is shared with its audience alone")]
    assert told("acme.example") == [(False, "it is shared wider than its audience: eve@rival.example")]
