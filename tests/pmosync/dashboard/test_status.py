"""A status report in words, as Markdown and as HTML."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pmosync.compute.reasons import reason
from pmosync.compute.status import Delivered, StatusReport
from pmosync.dashboard.content import Content
from pmosync.dashboard.status import Page, Section, covered, html, markdown, page, plain
from pmosync.model import Cause, Move, Place, ProjectNoteRow, RiskRow

AT = datetime(2026, 12, 1, 2, 15, tzinfo=UTC)
RISK = RiskRow(place=Place("plan", "risks", 2, "R-1"), id="R-1", text="supplier", probability=4, impact=5, owner="赵敏")
MOVE = Move(
    code="PAY-M03",
    field="expected",
    day=date(2026, 11, 27),
    seen=AT,
    old=date(2026, 12, 12),
    new=date(2026, 12, 19),
    wd=5,
    causes=(Cause(key="scope", wd=4), Cause(key="unexplained", wd=1)),
)


@pytest.fixture
def report(story: Callable[..., Content]) -> StatusReport:
    """The report of the project PAY of the common story."""
    told = story().assessment
    late = next(each for each in told.milestones if each.milestone.code == "PAY-M03")
    return StatusReport(
        project=told.projects[0],
        since=date(2026, 11, 24),
        today=date(2026, 12, 1),
        done=tuple(each for each in told.milestones if each.actual),
        delivered=(Delivered("PAY-M03", 5, 18, 30),),
        ahead=(late,),
        moves=(MOVE,),
        risks=(RISK,),
        more_risks=2,
    )


def test_the_colour_s_reasons_keep_their_names(report: StatusReport) -> None:
    """A report is no cell: a name of sixty letters stands whole beside the colour."""
    name = "Home page for everybody in every country and every language"
    late = reason("missed", baseline=date(2026, 11, 2), late_wd=21, first_target=None)
    told = (reason("milestone_red", code="PAY-M05", name=name), late)
    rag = replace(report.project.rag, reasons=told)
    page_ = page(replace(report, project=replace(report.project, rag=rag)), "en")
    assert any(name in fact for fact in page_.facts)


def test_everything_is_said(report: StatusReport) -> None:
    """A line each, in its section, with what a reader needs to judge it."""
    told = page(report, "en")
    lines = {section.heading: section.lines for section in told.sections}
    assert told.facts[0] == "25 Nov 2026 to 1 Dec 2026"
    assert "PAY-M03: 5 items delivered, 18 of 30 by now" in lines["Done"]
    (move,) = lines["What moved, and why"]
    assert (
        move
        == "27 Nov 2026 PAY-M03: expected 12 Dec 2026 → 19 Dec 2026 (+5 wd): scope added/removed +4; unexplained +1"
    )
    assert lines["Risks"] == ("R-1: supplier; exposure 20; 赵敏", "2 more")


@pytest.mark.parametrize(
    ("since", "sent", "english", "chinese"),
    [
        (
            24,
            24,
            "25 Nov 2026 to 1 Dec 2026, since the report sent on 24 Nov 2026",
            "，自 2026年11月24日 发送的报告以来",
        ),
        (30, None, "1 Dec 2026", "2026年12月1日"),
        (
            31,
            31,
            "The last report was sent today, 1 Dec 2026: this one tells what was seen since then.",
            "上一份报告已于今日",
        ),
    ],
)
def test_a_draft_says_since_when_it_tells(
    report: StatusReport, since: int, sent: int | None, english: str, chinese: str
) -> None:
    """One that is drafted on the day the last one was sent has little to tell: it says so, instead of a range of no days."""
    first = date(2026, 10, 31)
    told = replace(report, since=first + timedelta(days=since), sent=first + timedelta(days=sent) if sent else None)
    assert page(told, "en").facts[0] == english
    assert chinese in page(told, "zh-CN").facts[0]


def test_what_the_manager_says(report: StatusReport) -> None:
    """Its line for the committee stands below the title, what is wanted in a section of its own."""
    note = ProjectNoteRow(
        place=Place("plan", "my_projects", 2, "PAY"), code="PAY", line="On track again", help="a tester\nsoon"
    )
    told = page(replace(report, project=replace(report.project, note=note)), "en")
    assert told.facts[-1] == "On track again"
    assert told.sections[-1].lines == ("a tester soon",)


def test_what_is_restricted_stands_in_no_text(report: StatusReport) -> None:
    """Neither in a risk, nor in what a manager typed; the rest of the text stays."""
    note = ProjectNoteRow(
        place=Place("plan", "my_projects", 2, "PAY"), code="PAY", help="unblock PAY-M99 and 夜莺计划 please"
    )
    told = replace(
        report, project=replace(report.project, note=note), risks=(replace(RISK, text="hangs on Project Nightingale"),)
    )
    shown = covered(page(told, "en"), ("PAY-M99", "夜莺计划", "Project Nightingale"), "en")
    lines = [line for section in shown.sections for line in section.lines]
    assert "unblock restricted and restricted please" in lines
    assert any("hangs on restricted" in line for line in lines)


def test_nothing_is_said_too(report: StatusReport) -> None:
    """A quiet week has its sentences, in both languages."""
    quiet = StatusReport(project=report.project, since=report.since, today=report.today)
    for language in ("en", "zh-CN"):
        assert all(section.nothing and not section.lines for section in page(quiet, language).sections)
    assert "日期无变动。" in markdown([page(quiet, "zh-CN")], "zh-CN", AT, "Asia/Shanghai")


ACTIVE = re.compile(r"[`*_\[\]<>|~&@]|://|^(?:[#+=-]|\d+[.)]\s)")


@given(st.text(st.sampled_from("ab \\`*_[]<>(){}#+-=.!|~&:/@1w)\n"), max_size=30))
def test_markdown_shows_any_text_as_it_is(text: str) -> None:
    """Nothing in it is a mark, a list, a heading or an address any more, and without the backslashes it reads as before."""
    shown = plain(text)
    assert re.sub(r"\\(.)", r"\1", shown) == " ".join(text.split())
    assert not ACTIVE.search(re.sub(r"\\.", "x", shown))


class Tags(HTMLParser):
    """The tags and texts of a document."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag."""
        self.tags.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        """A text."""
        self.texts.append(data)


def read(document: str) -> Tags:
    """A document, parsed."""
    found = Tags()
    found.feed(document)
    return found


@given(st.text(max_size=40), st.text(st.sampled_from("<>&\"'/=ab "), max_size=40))
def test_html_holds_any_text_as_text(title: str, line: str) -> None:
    """Whatever a source wrote, the document has the tags that it has without it, and links only within itself."""

    def made(title: str, line: str) -> Tags:
        one = Page(code=title, title=title, letter="R", facts=(line,), sections=(Section("Done", (line,), "none"),))
        return read(html([one, replace(one, code="other")], "en", AT, "UTC"))

    found, bare = made(title, line), made("x", "x")
    assert [tag for tag, _ in found.tags] == [tag for tag, _ in bare.tags]
    assert all(value and value.startswith("#p-") for _, attrs in found.tags for name, value in attrs if name == "href")


def test_the_document_asks_for_nothing(report: StatusReport) -> None:
    """One style of its own that its policy names, no script; each letter stands on its colour."""
    document = html([page(report, "zh-CN")], "zh-CN", AT, "UTC")
    assert '<html lang="zh-CN">' in document
    assert not re.search(r"src=|url\(|<script|<link", document)
    assert 'class="rag rag-0">R<' in document
    assert html([page(report, "zh-CN")], "zh-CN", AT, "UTC") == document
