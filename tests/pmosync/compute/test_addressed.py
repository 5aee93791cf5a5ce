"""Whom a finding is for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pmosync.model import Binding, Category, Level, PersonRow, Problem, RiskRow
from pmosync.raw import Ref

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story

FAR = date(2026, 6, 12)


def who(story: Story) -> dict[tuple[str, str], str]:
    """The person of each finding, by rule and code."""
    return {(each.rule, each.code): each.owner for each in story.last.findings}


def test_a_finding_is_for_who_answers_for_what_it_speaks_of(story: Story) -> None:
    """A wish, a wrong cell, a decision on several, a risk and a status nobody mapped: each names the accountable owner of
    its milestone or project, everywhere by the name of the People tab, never by a key.
    """
    story.plan["people"] = tuple(
        PersonRow(place=story.place("People", key), key=key, name=name)
        for key, name in (("x@x.com", "Xu"), ("li@x.com", "Li"))
    )
    story.project("PAY", manager="li@x.com")
    story.typed("PAY-M01", target=FAR, owner="x@x.com", wish=date(2026, 7, 1), wish_reason="vendor", actual=FAR)
    story.typed("PAY-M02", level=Level.TRACKED, depends_on=("PAY-M99",), owner="nobody")
    story.decide("D-1", None, "PAY-M01", "PAY-M02")
    story.plan["risks"] = (RiskRow(place=story.place("Risks", "R-1"), id="R-1", project="PAY", milestone="PAY-M98"),)
    place = "'Milestone inputs'!H7"
    story.problems = (Problem(rule="not-a-date", place=place, message="?", code="pay-m01"),)
    story.bindings.append(Binding(code="PAY", ref=Ref("jira", "project", "10"), since=story.now))
    story.item("", "PAY-7", container="10", status="Parked", category=Category.UNMAPPED)
    story.assess()
    told = who(story)
    assert told["wish-waiting", "PAY-M01"] == told["actual-ahead", "PAY-M01"] == told["not-a-date", "pay-m01"] == "Xu"
    assert told["unknown-code", "PAY-M02"] == told["no-date", "PAY-M02"] == told["unknown-code", "R-1"] == "Li"
    assert told["decision-type", "PAY-M01, PAY-M02"] == "Xu, Li"
    assert told["unmapped-status", ""] == "Li"


def test_where_nobody_answers_nobody_is_named(story: Story) -> None:
    """A finding about what has no owner leaves the place empty, and one on restricted things names nobody."""
    story.project("PAY", manager="")
    story.typed("PAY-M01")
    story.problems = (Problem(rule="restricted", place="PAY-M01", message="1", restricted=True),)
    story.assess()
    assert who(story)["no-owner", "PAY-M01"] == ""
    assert who(story)["restricted", ""] == ""
