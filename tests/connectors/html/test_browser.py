"""The report in a real browser: it sorts, filters, prints, asks nothing of any server, and everybody can use it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.connectors.html.samples import CHARTS, MILESTONES, ROWS, RUNS, STAMP, TABLES, publication, sink
from tests.pmosync.dashboard.conftest import content

from pmosync.dashboard.build import build
from pmosync.sheet import Row, Table
from pmosync_html.page import render

chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(
    chromium is None, reason="no chromium is installed: the report is not tried in a browser"
)

A4 = 1_047
"""Pixels that a landscape A4 page is broad between its margins: 277 mm at 96 to the inch."""


class Desk:
    """A page in a browser, and what it said and asked for."""

    def __init__(self, page: Any, folder: Path) -> None:
        self.page, self.folder = page, folder
        self.file = folder / "report.html"
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda line: self.said.append(line.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.route("**/*", self._asked)

    def _asked(self, route: Any) -> None:
        self.asked.append(route.request.url)
        if route.request.url.startswith("file:"):
            route.continue_()
        else:
            route.abort()

    def open(self, place: str = "milestones") -> None:
        """Show the report anew, at a place of it."""
        self.page.goto("about:blank")
        self.page.goto(f"file://{self.file}#{place}")

    def shown(self) -> list[str]:
        """The codes of the rows that are shown, in their order."""
        told: list[str] = self.page.locator(".tab.on tbody tr:visible > :first-child").all_inner_texts()
        return told


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One browser and one page for all tests of the file."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        made = Desk(browser.new_page(viewport={"width": 1280, "height": 800}), tmp_path_factory.mktemp("report"))
        sink(made.file).write(publication())
        yield made
        browser.close()


@pytest.fixture(autouse=True)
def calm(desk: Desk) -> Iterator[None]:
    """No test makes the page complain, or ask for anything but the file itself."""
    yield
    assert desk.said == []
    assert {url.partition("#")[0] for url in desk.asked} <= {f"file://{desk.file}"}


FIRST = ["PAY-M01", "PAY-M02", "PAY-M10", "2 more milestones are not listed here."]


def test_one_page_is_shown_at_a_time(desk: Desk) -> None:
    """The address says which; the way to it is marked, and the browser's own way back leads back."""
    page = desk.page
    desk.open()
    assert page.locator("section:visible h2").all_inner_texts() == ["Milestones"]
    page.get_by_role("link", name="Charts", exact=True).click()
    assert page.locator("section:visible h2").all_inner_texts() == ["Charts"]
    assert page.locator("nav [aria-current=page]").all_inner_texts() == ["Charts"]
    page.go_back()
    assert page.locator("section:visible h2").all_inner_texts() == ["Milestones"]


def test_a_column_sorts_from_the_keyboard(desk: Desk) -> None:
    """Enter on a header sorts up, then down, then puts the rows back; empty cells stand last either way."""
    page = desk.page
    desk.open()
    head = page.get_by_role("columnheader", name="Slip (wd)")
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert desk.shown() == ["PAY-M02", "PAY-M10", "PAY-M01", FIRST[3]]
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert desk.shown() == ["PAY-M01", "PAY-M10", "PAY-M02", FIRST[3]]
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") is None
    assert desk.shown() == FIRST


@pytest.mark.parametrize(
    ("column", "order"),
    [
        ("Expected", ["01", "02", "10"]),
        ("RAG", ["01", "10", "02"]),
        ("Code", ["01", "02", "10"]),
        ("Name", ["10", "02", "01"]),
    ],
)
def test_values_sort_by_what_they_are(desk: Desk, column: str, order: list[str]) -> None:
    """Dates by the calendar, colours by their weight, words as the language has them, numbers in words as numbers."""
    desk.open()
    desk.page.get_by_role("columnheader", name=column, exact=True).get_by_role("button").click()
    assert [code[-2:] for code in desk.shown() if code.startswith("PAY")] == order


def test_rows_are_filtered_by_words_and_views(desk: Desk) -> None:
    """Every word must stand in the row; a view and a filter hold together; how many are left is said aloud."""
    page = desk.page
    desk.open()
    search = page.get_by_role("searchbox", name="Filter rows: Milestones")
    search.fill("LAUNCH pay")
    assert desk.shown() == ["PAY-M01"]
    assert page.locator(".tab.on").get_by_role("status").inner_text() == "1 of 4 rows"
    search.fill("")
    view = page.get_by_role("button", name="Red and amber")
    view.click()
    assert view.get_attribute("aria-pressed") == "true"
    assert desk.shown() == ["PAY-M10"]
    search.fill("launch")
    assert desk.shown() == []
    search.fill("")
    view.click()
    assert desk.shown() == FIRST


def test_folded_columns_are_shown_on_demand(desk: Desk) -> None:
    """They are away until somebody wants them."""
    page = desk.page
    desk.open()
    done = page.locator(".tab.on thead").get_by_text("Done", exact=True)
    assert not done.is_visible()
    page.get_by_role("button", name="More columns").click()
    assert done.is_visible()


def test_a_header_s_note_is_its_description(desk: Desk) -> None:
    """Who looks sees it at the focus, who listens hears it."""
    page = desk.page
    desk.open()
    button = page.locator(".tab.on thead").get_by_role("button", name="Code")
    note = page.get_by_text("The milestone's own short code.")
    assert not note.is_visible()
    button.focus()
    assert note.is_visible()
    assert button.get_attribute("aria-describedby") == note.get_attribute("id")


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_what_is_steered_by_fits_a_screen(desk: Desk, language: str) -> None:
    """On 1600 pixels no column of the committee's page, of Portfolio or of Milestones is cut off, nor moves sideways."""
    whole, page = desk.file.read_bytes(), desk.page
    desk.file.write_bytes(render(build(content(language)), STAMP, "Portfolio", language))
    page.set_viewport_size({"width": 1600, "height": 1200})
    over = {key: _over(desk, key) for key in ("committee", "portfolio", "milestones")}
    page.set_viewport_size({"width": 1280, "height": 800})
    desk.file.write_bytes(whole)
    assert over == {"committee": 0, "portfolio": 0, "milestones": 0}


def _over(desk: Desk, key: str) -> int:
    """By how many pixels the table of a page is broader than its frame."""
    desk.open(key)
    found: int = desk.page.locator(".tab.on .frame").first.evaluate("box => box.scrollWidth - box.clientWidth")
    return found


def test_a_link_leads_to_its_cell(desk: Desk) -> None:
    """Also from another page of the report."""
    desk.open("milestones!C3")
    assert desk.page.locator("section:visible h2").all_inner_texts() == ["Milestones"]
    assert desk.page.locator("td:target").inner_text() == "2026-04-01"


def test_it_reads_without_its_script(desk: Desk) -> None:
    """Where scripts are forbidden everything stands below each other, and no idle button is shown."""
    context = desk.page.context.browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"file://{desk.file}")
    assert page.locator("section:visible h2").all_inner_texts() == ["Milestones", "Charts", "Runs"]
    assert page.locator(".tools:visible").count() == 0
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", ["milestones", "charts"])
def test_everybody_can_use_it(desk: Desk, scheme: str, place: str) -> None:
    """axe-core finds nothing serious or critical, by day and by night: contrast, names, roles, what scrolls and is focused."""
    from axe_playwright_python.sync_playwright import Axe

    desk.page.emulate_media(color_scheme=scheme)
    desk.open(place)
    found = Axe().run(desk.page).response["violations"]
    desk.page.emulate_media(color_scheme="light")
    grave = [each for each in found if each["impact"] in ("serious", "critical")]
    assert [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in grave] == []


def test_a_narrow_screen_moves_tables_alone_sideways(desk: Desk) -> None:
    """On a telephone the page is as broad as the screen, and the code stays in sight while a table is moved."""
    page = desk.page
    page.set_viewport_size({"width": 390, "height": 800})
    desk.open()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".tab.on .frame").evaluate("frame => frame.scrollLeft = 500")
    assert page.get_by_role("rowheader", name="PAY-M01").bounding_box()["x"] < 30
    page.set_viewport_size({"width": 1280, "height": 800})


def test_paper_shows_every_column_of_every_page(desk: Desk) -> None:
    """Printed on A4 nothing is cut off at the side: each table is as broad as the page, operators' tabs stay away."""
    page = desk.page
    page.set_viewport_size({"width": A4, "height": 700})
    desk.open()
    page.emulate_media(media="print")
    broad = page.locator("section:visible table:visible").evaluate_all("all => all.map(each => each.scrollWidth)")
    titles = page.locator("section:visible h2").all_inner_texts()
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 800})
    assert max(broad) <= A4
    assert titles == ["Milestones", "Charts"]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no poppler-utils is installed: the pages are not read")
def test_a_long_table_repeats_its_header_on_each_sheet(desk: Desk, paged: Callable[[str], list[str]]) -> None:
    """Every sheet of A4 and of A3 paper says what its columns are, and each tab begins a new one."""
    for paper in ("A4", "A3"):
        sheets = paged(paper)
        about = [sheet for sheet in sheets if "PAY-N" in sheet]
        assert len(about) > 1
        assert all("Slip (wd)" in " ".join(sheet.split()) for sheet in about)
        assert not any("PAY-N" in sheet and "Burn-up" in sheet for sheet in sheets)


@pytest.fixture
def paged(desk: Desk) -> Callable[[str], list[str]]:
    """Prints a report of a hundred milestones; the text of each sheet."""
    rows: tuple[Row, ...] = tuple((f"PAY-N{place}", *ROWS[0][1:]) for place in range(100))
    file = desk.folder / "long.html"
    file.write_bytes(render([Table(MILESTONES, rows), *TABLES[1:3]], STAMP, "A", "en"))

    def sheets(paper: str) -> list[str]:
        page = desk.page.context.browser.new_page()
        page.goto(f"file://{file}")
        page.pdf(path=desk.folder / "long.pdf", format=paper, landscape=True)
        page.close()
        done = subprocess.run(
            ["pdftotext", "-layout", str(desk.folder / "long.pdf"), "-"], capture_output=True, check=True
        )
        return done.stdout.decode().split("\f")

    return sheets


def test_the_samples_have_what_is_tried() -> None:
    """A tab for operators, charts of both kinds, a view and folded columns are among them."""
    assert RUNS.hidden
    assert MILESTONES.views
    assert {chart.kind for chart in CHARTS.charts if chart.series} == {"line", "bar"}
