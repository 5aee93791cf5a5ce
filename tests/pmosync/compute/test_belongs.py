"""Each risk stands on one line, whichever of its two columns says whose it is."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from pmosync.compute.asks import asks
from pmosync.compute.belongs import by_line, homes, line
from pmosync.compute.calendars import clocks
from pmosync.compute.committee import frozen
from pmosync.compute.cuts import Cut, Schedule
from pmosync.dashboard.content import Content
from pmosync.dashboard.portion import portion
from pmosync.dashboard.reports import build_reports
from pmosync.model import RiskRow
from pmosync.sheet import text_of

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story


def risk(story: Story, name: str, **fields: Any) -> RiskRow:
    """An open risk of the top class."""
    return RiskRow(place=story.place("Risks", name), id=name, probability=5, impact=5, text=f"text {name}", **fields)


@pytest.fixture
def told(story: Story) -> Story:
    """PAY of the program CHK in the portfolio GROW, OPS of none: with a risk of a milestone, of the program, the portfolio, of
    both a project and another's milestone, and of nothing that is known.
    """
    story.program("GROW", level="portfolio")
    story.program("CHK", parent="GROW")
    story.project("PAY", program="CHK")
    story.project("OPS")
    for code in ("PAY-M01", "OPS-M01"):
        story.typed(code, target=date(2026, 4, 2), owner="Li")
    story.plan["risks"] = (
        risk(story, "R-1", milestone="pay-m01"),
        risk(story, "R-2", project="chk", escalated_to="Zhao"),
        risk(story, "R-3", project="GROW"),
        risk(story, "R-4", project="OPS", milestone="PAY-M01", escalated_to="Zhao"),
        risk(story, "R-5", project="XXX", milestone="OPS-M01"),
        risk(story, "R-6"),
    )
    story.on(date(2026, 3, 10))
    return story


def content(story: Story, **fields: Any) -> Content:
    """What the story's workbook is made of."""
    return Content(assessment=story.last, generated_at=story.now, plan=story.snapshot().plan, **fields)


def cut(story: Story) -> Cut:
    """The cut of the story's day."""
    plan = story.snapshot().plan
    times = clocks(plan.calendar, plan.projects, story.policy, story.now)
    return frozen(story.last, plan, times, None, story.now, Schedule())


def names(rows: Any) -> list[str]:
    """The risks by name."""
    return sorted(row.id for row in rows)


def test_a_risk_stands_on_the_line_that_it_names_else_on_that_of_its_milestones_project(told: Story) -> None:
    """A program's is the program's, not each of its projects'; a project that is none leaves the word to the milestone."""
    plan, known = told.snapshot().plan, homes(told.last)
    found = {row.id: line(row, known) for row in plan.risks}
    assert found == {"R-1": "PAY", "R-2": "CHK", "R-3": "GROW", "R-4": "OPS", "R-5": "OPS", "R-6": ""}
    lists = {code: names(rows) for code, rows in by_line(plan, told.last.milestones).items()}
    assert lists == {"PAY": ["R-1"], "CHK": ["R-2"], "GROW": ["R-3"], "OPS": ["R-4", "R-5"], "": ["R-6"]}


def test_a_red_risk_is_counted_on_its_line_and_above_it(told: Story) -> None:
    """A program counts its own and those of its projects, a portfolio those of its programs too."""
    above = (*told.last.programs, *told.last.portfolios)
    assert {each.row.code: each.red_risks for each in told.last.projects} == {"PAY": 1, "OPS": 2}
    assert {each.row.code: each.red_risks for each in above} == {"CHK": 2, "GROW": 3}


def test_the_draft_of_a_report_tells_the_risks_of_the_projects_line(told: Story) -> None:
    """Those that name its milestone alone among them."""
    table = build_reports(content(told))
    code, risks = table.tab.position("code"), table.tab.position("risks")
    found = {text_of(row[code]): text_of(row[risks]) for row in table.rows}
    assert ("text R-1" in found["PAY"], "text R-2" in found["PAY"], "text R-4" in found["PAY"]) == (True, False, False)
    assert ("text R-4" in found["OPS"], "text R-5" in found["OPS"]) == (True, True)


def test_a_workbook_about_a_program_has_the_risks_of_its_lines(told: Story) -> None:
    """Its own and those of its projects; the portfolio's stay with the portfolio."""
    kept = portion(content(told, only=frozenset({"CHK"})))
    assert names(kept.plan.risks) == names(kept.assessment.risks) == ["R-1", "R-2"]
    kept = portion(content(told, only=frozenset({"GROW"})))
    assert names(kept.plan.risks) == names(kept.assessment.risks) == ["R-1", "R-2", "R-3"]


def test_the_committee_reads_a_risk_in_the_portfolio_of_its_line(told: Story) -> None:
    """Also where it asks for a decision: one that names a project and a milestone of two portfolios is told once."""
    found = {section.head.code if section.head else "": section for section in cut(told).sections}
    assert names(found["GROW"].risks) == ["R-1", "R-2", "R-3"]
    assert names(found[""].risks) == ["R-4", "R-5", "R-6"]
    assert {code: [ask.by for ask in section.asks] for code, section in found.items()} == {"GROW": ["R-2"], "": ["R-4"]}
    wanted = asks(
        told.last, replace(told.snapshot().plan, risks=(risk(told, "R-9", milestone="PAY-M01", escalated_to="Z"),))
    )
    assert [(ask.code, ask.project) for ask in wanted] == [("PAY-M01", "PAY")]


def test_a_risk_of_nothing_known_is_told_where_all_else_has_a_portfolio(told: Story) -> None:
    """The part of the page without a portfolio is there for it alone."""
    told.project("OPS", portfolio="GROW")
    told.on(date(2026, 3, 11))
    (bare,) = [section for section in cut(told).sections if section.head is None]
    assert (names(bare.risks), bare.lines, bare.rest) == (["R-6"], (), {})
