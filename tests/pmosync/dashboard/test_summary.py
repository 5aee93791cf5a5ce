"""What the terminal shows after a sync."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from pmosync.dashboard.build import build
from pmosync.dashboard.content import Content
from pmosync.dashboard.summary import portfolio_counts, worst


def test_the_worst_come_first_with_their_why(story: Callable[..., Content]) -> None:
    """By colour, then slip; done, restricted and undated ones that nobody judges stay out."""
    found = worst(story().assessment, "en", 3)
    assert [entry.code for entry in found] == ["PAY-M03", "OLD-M02", "PAY-M04"]
    assert found[0].slip_words == "+7, 7 wd late"
    assert found[0].why.startswith("expected 19 Dec 2026")


def test_a_decided_green_is_among_the_worst(story: Callable[..., Content]) -> None:
    """An override sets what is shown, it does not hide what it covers."""
    given = story().assessment
    covered = [
        replace(v, slip=39, rag=replace(v.rag, override="G!")) if v.milestone.code == "PAY-M03" else v
        for v in given.milestones
    ]
    found = worst(replace(given, milestones=tuple(covered)), "en", 1)
    assert [(entry.code, entry.rag) for entry in found] == [("PAY-M03", "G!")]


def test_a_forecast_that_is_not_believed_puts_nothing_last(story: Callable[..., Content]) -> None:
    """It is the latest by the evidence, however early somebody says; beside the slip stands that nobody believes that."""
    given = story().assessment
    red = next(v.rag for v in given.milestones if v.milestone.code == "PAY-M03")
    early = [
        replace(v, slip=-10, evidence_slip=99, forecast_state="contradicted", rag=red)
        if v.milestone.code == "OLD-M02"
        else v
        for v in given.milestones
    ]
    (first,) = worst(replace(given, milestones=tuple(early)), "en", 1)
    assert (first.code, first.slip_words) == ("OLD-M02", "-10, 10 wd early, by a forecast that is not believed")


def test_counts_are_by_letter(story: Callable[..., Content]) -> None:
    """Committee and tracked milestones and projects by letter; portfolios with their own counts."""
    counts = portfolio_counts(story().assessment)
    assert counts.milestones == {"B": 2, "R": 2, "(G)": 1, "A": 1}
    assert counts.projects == {"R": 1, "?": 1}
    assert counts.portfolios == (("GROW", "Growth 增长", "A", "1R 1G 1?"),)
    assert counts.small == 1


def test_one_order_of_counts_everywhere(story: Callable[..., Content]) -> None:
    """The terminal, Portfolio and Committee count in one order, also what a cut kept in another one."""
    content = story()
    kept = {"M": 1, "?": 1, "R": 2, "G": 2, "A": 3}
    assert content.cut is not None
    section = content.cut.sections[0]
    assert section.head is not None
    head = replace(section.head, counts=kept, final=None)
    cut = replace(content.cut, sections=(replace(section, head=head),))
    said = replace(content.assessment, portfolios=(replace(content.assessment.portfolios[0], counts=kept),))
    tables = {table.tab.key: str(table.rows) for table in build(replace(content, cut=cut, assessment=said))}
    told = (portfolio_counts(said).portfolios[0][3], tables["portfolio"], tables["committee"])
    assert ["2R 3A 1M 2G 1?" in each for each in told] == [True] * 3
