"""The examples of docs/forecast.md are what the forecast says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pmosync.compute.forecast import pace
from pmosync.compute.forecast.given import Part, Pending, Team
from pmosync.compute.forecast.outlook import outlooks
from pmosync.compute.forecast.withheld import Bounds
from pmosync.compute.workdays import Calendar

WEEK, MONDAY = Calendar("week"), date(2026, 3, 2)
COUNTS = (1, 2, 0, 3, 1, 0, 2, 1, 4, 0)


@pytest.fixture(scope="module")
def told() -> str:
    """The document in one line."""
    text = (Path(__file__).resolve().parents[2] / "docs" / "forecast.md").read_text(encoding="utf-8")
    return " ".join(text.split())


def said(day: date | None) -> str:
    """A date as the document writes it."""
    return f"{day.day} {day:%B}" if day else "none"


def test_the_example_of_the_pace(told: str) -> None:
    """The dates, working days and the probability of PAY-M03, by the split and one after the other."""
    pay = Pending(code="PAY-M03", parts=(Part("T", 12, 0.5),), calendar=WEEK, asked=(date(2026, 3, 30),))
    log = Pending(code="LOG-M01", parts=(Part("T", 6, 0.4),), calendar=WEEK)
    found = outlooks([Team("T", COUNTS, WEEK)], [pay, log], MONDAY).of
    curve = pace.done_by(COUNTS, 0.5, 12, 60)
    mine, other = found["PAY-M03"], found["LOG-M01"]
    assert mine.first is not None
    assert other.first is not None
    assert "on ten days a team delivered 1, 2, 0, 3, 1, 0, 2, 1, 4 and 0 items" in told
    assert f"has delivered {pace.needed(12, 0.5)}:" in told
    assert f"by the {pace.quantile(curve, 0.5)}th wd with 50 %, by the {pace.quantile(curve, 0.85)}nd with 85 %" in told
    assert (
        f"that is {said(mine.p50)} and {said(mine.p85)}; by 30 March it is done with {mine.chances[0]:.0%}"[:-1] in told
    )
    assert f"40 % of the same team: {said(other.p50)} by the split" in told
    assert f"done on {said(other.first.p50)} and PAY-M03 on {said(mine.first.p50)} instead of {said(mine.p50)}" in told


def test_the_example_of_a_promise_by_date(told: str) -> None:
    """18 of 30 likely, 14 safe."""
    sprint = Pending(code="S", parts=(Part("T", 22, 1.0),), calendar=WEEK, delivered=8, by=date(2026, 3, 16))
    found = outlooks([Team("T", (0, 0, 1, 3), WEEK)], [sprint], MONDAY, Bounds(active=1)).of["S"].delivered
    assert found is not None
    assert f"0, 0, 1 and 3 items: {found.likely} of {found.committed} likely, {found.safe} safe" in told


def test_the_numbers_of_the_document_are_the_defaults(told: str) -> None:
    """What is silent, and how far is looked, by default."""
    bounds = Bounds()
    assert f"delivered on fewer than {bounds.active} days" in told
    assert f"fewer than {bounds.items} items, or less than half" in told
    assert bounds.part == 0.5
    assert f"with more than {bounds.far} wd to go" in told
    assert f"What takes more than {bounds.days} days has no date" in told
