"""What an audience may not see stands nowhere: not in rows, reasons, names of dates, or other things' texts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from msgspec.structs import replace

from pmosync.compute.assessment import Dated, MilestoneVerdict
from pmosync.compute.reasons import REASONS, copied, reason
from pmosync.dashboard import words
from pmosync.dashboard.build import build
from pmosync.dashboard.content import Content
from pmosync.dashboard.readable import readable
from pmosync.model import Problem
from pmosync.sheet import Link, Row, Table, text_of

Story = Callable[..., Content]


def changed(content: Content, code: str, **more: object) -> Content:
    """The story with one milestone changed."""
    verdicts = (replace(v, **more) if v.milestone.code == code else v for v in content.assessment.milestones)
    return replace(content, assessment=replace(content.assessment, milestones=tuple(verdicts)))


def verdict(content: Content, code: str) -> MilestoneVerdict:
    """A milestone of the story."""
    return next(v for v in content.assessment.milestones if v.milestone.code == code)


def row(tables: tuple[Table, ...], code: str) -> dict[str, object]:
    """A milestone's row by column key."""
    table = next(one for one in tables if one.tab.key == "milestones")
    found: Row = next(row for row in table.rows if text_of(row[0]) == code)
    return {column.key: value for column, value in zip(table.tab.columns, found, strict=True)}


def test_a_chain_that_leads_through_something_restricted_is_not_told(story: Story) -> None:
    """Neither the restricted one nor what it waits for: the order would tell who waits for whom."""
    origin: dict[str, str | int] = {
        "slip": 7,
        "source": "predecessor",
        "name": "WMS-M01",
        "behind": "CORE-M01, PAY-M99",
    }
    why = reason("expected_late_red", **dict.fromkeys(REASONS["expected_late_red"], "") | origin)
    pace = reason("pace_late", **{**dict.fromkeys(REASONS["pace_late"], ""), "leader": "PAY-M99"})
    content = story()
    rag = replace(verdict(content, "PAY-M03").rag, reasons=(why, pace))
    expected = Dated(date(2026, 12, 19), "predecessor", "WMS-M01", behind=("CORE-M01", "PAY-M99"))
    shown = verdict(readable(changed(content, "PAY-M03", rag=rag, expected=expected)), "PAY-M03")
    assert shown.expected is not None
    assert (shown.expected.name, shown.expected.behind) == ("WMS-M01", ())
    assert shown.rag.reasons[0].values["behind"] == ""
    assert shown.rag.reasons[1].values["leader"] == "restricted"


def test_a_reason_does_not_name_a_restricted_predecessor(story: Story) -> None:
    """The sentence stays, the name goes."""
    why = reason(
        "expected_late_red",
        slip=7,
        tolerance=5,
        expected=date(2026, 12, 19),
        baseline=date(2026, 12, 10),
        source="predecessor",
        name="Project Nightingale",
        behind=None,
        was_due=None,
        moved_from=None,
        windows=None,
        coarse=None,
        unbelieved=None,
        first_target=None,
    )
    content = story()
    rag = replace(verdict(content, "PAY-M03").rag, reasons=(why,))
    expected = Dated(date(2026, 12, 19), "predecessor", "Project Nightingale")
    shown = row(build(changed(content, "PAY-M03", rag=rag, expected=expected)), "PAY-M03")
    assert shown["why"] == "expected 19 Dec 2026: +7, 7 wd late; from predecessor restricted (Red above 5 wd)"
    assert shown["expected_from"] == "predecessor restricted"


def test_the_days_of_a_restricted_milestone_are_not_told_above_it(story: Story) -> None:
    """A project, its program and its portfolio say that something restricted is Red, is to turn or is covered; not by when, nor
    by how much. What an open milestone lends them stays.
    """
    content = story()
    assessment = content.assessment
    late = verdict(content, "PAY-M03").rag.reasons[0]
    missed = reason("missed", baseline=date(2026, 11, 4), late_wd=19, first_target=None)
    turning = reason("milestone_turning", code="PAY-M99", name="x", computed="R", day=date(2026, 12, 3), final="final")
    covers = reason("override_covers", code="PAY-M99", mark="A!", decision="D-5", covers="R", wd="+17")
    named = reason("milestone_red", code="PAY-M99", name="Project Nightingale")
    told = (named, copied(missed, "PAY-M99"), covers, turning, copied(late, "PAY-M03"))
    shown = readable(
        replace(
            content,
            assessment=replace(
                assessment,
                projects=tuple(replace(each, rag=replace(each.rag, reasons=told)) for each in assessment.projects),
                programs=tuple(replace(each, rag=replace(each.rag, reasons=told)) for each in assessment.programs),
                portfolios=tuple(replace(each, rag=replace(each.rag, reasons=told)) for each in assessment.portfolios),
            ),
        )
    ).assessment
    lines = (*(each.rag for each in shown.projects), *(each.rag for each in (*shown.programs, *shown.portfolios)))
    for rag in lines:
        assert words.why(rag.reasons, "en", 400) == (
            "Red: restricted; restricted A! covers R; final milestone restricted turns Red if it stays so; "
            "expected 19 Dec 2026: +7, 7 wd late; from open child PAY-41 (Red above 5 wd)"
        )


def test_a_restricted_code_within_another_text_is_masked(story: Story) -> None:
    """A code that stands in a sentence or a title is masked there, a longer code that begins alike is not."""
    content = story()
    finding = Problem(rule="unknown-code", place="PAY-M04", message="waits for PAY-M99, not for PAY-M991")
    shown = replace(content, assessment=replace(content.assessment, findings=(finding,)))
    table = next(one for one in build(shown) if one.tab.key == "data_quality")
    assert table.rows[0][1] == "waits for restricted, not for PAY-M991"


def test_what_is_no_longer_visible_keeps_its_code_and_loses_its_text(story: Story) -> None:
    """A source that hides or deletes a thing takes its words away from the workbook at once; the promise stays."""
    content = changed(story(), "PAY-M03", gone_since=datetime(2026, 11, 30, tzinfo=UTC))
    shown = row(build(content), "PAY-M03")
    assert shown["code"] == "PAY-M03"
    assert shown["name"] == "not visible since 30 Nov 2026"
    assert shown["owner"] is None
    assert not any(isinstance(value, Link) and value.url.startswith("http") for value in shown.values())
    assert shown["slip"] == 7


def test_what_was_taken_out_is_counted(story: Story) -> None:
    """Restricted milestones, items and findings are counted by kind."""
    withheld = readable(story()).withheld
    assert (withheld.milestones, withheld.items, withheld.findings) == (1, 1, 1)
