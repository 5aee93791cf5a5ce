"""What a committee cut holds, and what it leaves out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from msgspec.structs import replace

from pmosync.compute.asks import asks, gravest
from pmosync.compute.assessment import Letter, MilestoneVerdict, Rag
from pmosync.compute.calendars import clocks
from pmosync.compute.committee import freezes, frozen, shade
from pmosync.compute.cuts import Cut, CutLine, Schedule, reason_of
from pmosync.compute.policy import Policy
from pmosync.compute.reasons import REASONS, reason
from pmosync.dashboard.words.reasons import SENTENCES
from pmosync.model import CalendarRow, Control, DecisionType, PersonRow, Place, RiskRow

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story

DAY = date(2026, 3, 2)
NOWHERE = Place("", "", 0, "")


def cut(story: Story, last: Cut | None = None) -> Cut:
    """The cut of the story's day."""
    plan = story.snapshot().plan
    times = clocks(plan.calendar, plan.projects, Policy(), story.now)
    return frozen(story.last, plan, times, last, story.now, Schedule())


def lines(made: Cut) -> list[str]:
    """The codes that are listed, portfolio by portfolio."""
    return [line.code for section in made.sections for line in section.lines]


def line(made: Cut, code: str) -> CutLine:
    """A listed line."""
    return next(each for section in made.sections for each in section.lines if each.code == code)


def portfolio(story: Story) -> None:
    """A portfolio with a key project that is late, one that is Green, and two part-time ones of which one is late."""
    story.program("GROW", level="portfolio")
    story.program("CHK", parent="GROW")
    for code, control in (
        ("PAY", Control.KEY),
        ("KEY", Control.KEY),
        ("BAD", Control.PART_TIME),
        ("OLD", Control.PART_TIME),
    ):
        story.project(code, program="CHK", control=control)
        story.known(f"{code}-M01")
        story.typed(f"{code}-M01", project=code, type="final", owner="Li", target=DAY + timedelta(days=60))
    story.until(DAY + timedelta(days=9))
    story.typed("PAY-M01", forecast=DAY + timedelta(days=75))
    story.typed("BAD-M01", forecast=DAY + timedelta(days=95))
    story.on(DAY + timedelta(days=10))


def test_key_projects_and_what_is_not_green_are_listed(story: Story) -> None:
    """The Green part-time project is counted alone; a program with listed projects leads them."""
    portfolio(story)
    made = cut(story)
    assert lines(made) == ["CHK", "BAD", "KEY", "PAY"]
    section = made.sections[0]
    assert section.head is not None
    assert (section.head.code, sum(section.rest.values())) == ("GROW", 1)


def test_a_cut_is_kept_as_data_and_read_back(story: Story) -> None:
    """What comes from the store is what was made, reasons and dates included."""
    portfolio(story)
    made = cut(story)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(made), type=Cut) == made
    assert msgspec.json.decode(msgspec.json.encode(made), type=Cut) == made


def test_the_step_is_told_since_the_cut_before(story: Story) -> None:
    """Working days of the expected day since then; of the first cut none is told."""
    portfolio(story)
    first = cut(story)
    story.typed("PAY-M01", forecast=DAY + timedelta(days=82))
    story.on(DAY + timedelta(days=14))
    final = line(cut(story, first), "PAY").final
    before = line(first, "PAY").final
    assert final is not None
    assert before is not None
    assert (before.step, final.step) == (None, 5)


def test_decisions_are_told_once(story: Story) -> None:
    """Those that the cut before did not know, whatever their day; before any cut those of the last week."""
    portfolio(story)
    story.decide("D-1", DecisionType.EXEMPTION, "PAY", day=DAY - timedelta(days=30), until=DAY)
    story.decide("D-2", DecisionType.EXEMPTION, "PAY-M01", day=story.today, until=DAY)
    first = cut(story)
    assert [row.number for row in first.sections[0].decisions] == ["D-2"]
    story.decide("D-3", DecisionType.EXEMPTION, "OLD", day=DAY, until=DAY)
    assert [row.number for row in cut(story, first).sections[0].decisions] == ["D-3"]


def test_a_decision_is_told_once_its_day_has_come(story: Story) -> None:
    """One that is dated behind a cut, or has no day yet, is not known by it: the next cut tells it, and no later one."""
    portfolio(story)
    story.decide("D-4", DecisionType.EXEMPTION, "PAY-M01", day=story.today + timedelta(days=1), until=DAY)
    story.decide("D-5", DecisionType.EXEMPTION, "PAY-M01", day=None, until=DAY)
    first = cut(story)
    assert first.sections[0].decisions == ()
    story.decisions = [replace(row, day=row.day or story.today) for row in story.decisions]
    story.on(story.today + timedelta(days=7))
    second = cut(story, first)
    assert [row.number for row in second.sections[0].decisions] == ["D-5", "D-4"]
    assert cut(story, second).sections[0].decisions == ()


def test_the_trend_is_since_the_cut_before(story: Story) -> None:
    """A line that turned is told so by the next cut and by no later one; before any cut the last turn is told."""
    portfolio(story)
    first = cut(story)
    assert line(first, "PAY").shade.before == "G"
    story.on(story.today + timedelta(days=7))
    second = cut(story, first)
    assert {each.shade.before == each.shade.letter for each in (line(second, "PAY"), line(second, "CHK"))} == {True}
    assert line(second, "PAY").shade.days > 1


@pytest.mark.parametrize("key", REASONS)
def test_no_reason_tells_the_committee_a_colour_that_is_not_shown_yet(key: str) -> None:
    """Whatever reason has words for a computed colour stays off the page, and every other one stands on it."""
    why = reason(key, **dict.fromkeys(REASONS[key], ""))
    kept = shade(Rag(shown=Letter.AMBER, computed=Letter.RED, reasons=(why,)), "PAY", None).whys
    assert [each.key for each in kept] == ([] if "{computed}" in SENTENCES[key][0] else [key])


def test_what_is_held_back_is_not_the_committees_yet() -> None:
    """A turn that is still to hold, one of the next working day, and that of a milestone below, are told to the project's
    manager alone.
    """
    rag = Rag(
        shown=Letter.AMBER,
        computed=Letter.RED,
        preview=True,
        reasons=(
            reason("held_back", computed="R", held=2, needed=3),
            reason("preview", computed="R"),
            reason("milestone_turning", code="PAY-M01", name="", computed="R", day=DAY, final=1),
            reason("no_date"),
        ),
    )
    assert [why.key for why in shade(rag, "PAY", None).whys] == ["no_date"]


def test_no_name_of_another_system_is_kept() -> None:
    """A key or title may be hidden later: the page tells where a date comes from without it; our own codes stay."""
    given: dict[str, Any] = {
        "slip": 7,
        "tolerance": 5,
        "expected": DAY,
        "baseline": DAY,
        "behind": None,
        "was_due": None,
        "moved_from": None,
    }
    more: dict[str, Any] = {"windows": None, "coarse": None, "unbelieved": None, "first_target": None}
    whys = tuple(
        reason("expected_late_red", source=source, name=name, **given, **more)
        for source, name in (("child", "PAY-41"), ("version", "Secret v2"), ("predecessor", "PAY-M02"))
    )
    kept = shade(Rag(shown=Letter.RED, computed=Letter.RED, reasons=whys), "PAY", None).whys
    assert [reason_of(why).values["name"] for why in kept] == ["", "", "PAY-M02"]


def test_windows_ahead() -> None:
    """Open ones and those of the next 90 days, the first one first; no holidays, and none without a day."""
    rows = [
        CalendarRow(place=NOWHERE, kind=kind, first=first, last=last, words=name)
        for kind, first, last, name in (
            ("freeze", DAY + timedelta(days=30), None, "later"),
            ("封网", DAY - timedelta(days=3), DAY, "now"),
            ("freeze", DAY + timedelta(days=91), None, "far"),
            ("freeze", DAY - timedelta(days=3), DAY - timedelta(days=1), "over"),
            ("holiday", DAY, DAY, "off"),
            ("freeze", None, None, "never"),
        )
    ]
    assert [row.words for row in freezes(rows, DAY)] == ["now", "later"]


def test_risks_by_exposure_then_due(story: Story) -> None:
    """Closed ones are none; an escalated one without a decision waits for it, and is told with the name of the People tab."""
    rows = (
        RiskRow(place=NOWHERE, id="R1", project="PAY", probability=4, impact=4, due=DAY),
        RiskRow(place=NOWHERE, id="R2", project="PAY", probability=5, impact=4, due=DAY, escalated_to="Ada"),
        RiskRow(place=NOWHERE, id="R3", project="PAY", probability=4, impact=4, due=DAY - timedelta(days=1)),
        RiskRow(place=NOWHERE, id="R4", project="PAY", probability=5, impact=5, status="closed", escalated_to="Ada"),
    )
    assert [row.id for row in gravest(rows)] == ["R2", "R3", "R1"]
    story.plan["risks"] = rows
    story.plan["people"] = (PersonRow(place=NOWHERE, key="e-1", name="艾达", other_names=("Ada",)),)
    story.assess()
    assert [(ask.kind, ask.by, ask.who) for ask in asks(story.last, story.snapshot().plan)] == [("risk", "R2", "艾达")]


def test_a_wish_waits_until_it_is_the_baseline(story: Story) -> None:
    """It is told with the day in force; a decision for that day answers it."""
    story.typed("PAY-M01", target=DAY + timedelta(days=30), owner="Li")
    story.until(DAY + timedelta(days=9))
    wished = DAY + timedelta(days=44)
    story.typed("PAY-M01", wish=wished, wish_reason="scope")
    story.on(DAY + timedelta(days=10))
    (ask,) = asks(story.last, story.snapshot().plan)
    assert (ask.kind, ask.day, ask.instead, ask.words) == ("wish", wished, DAY + timedelta(days=30), "scope")
    assert ask.who == "Li"
    story.decide("D-1", DecisionType.REBASELINE, "PAY-M01", day=DAY + timedelta(days=10), new_date=wished)
    story.on(DAY + timedelta(days=11))
    assert asks(story.last, story.snapshot().plan) == ()


def test_the_overdue_review_of_a_milestone_waits_as_its_own(story: Story) -> None:
    """Its project is Red by it and tells the same reason; what waits, and who should act, is the milestone's."""
    story.typed("PAY-M01", target=DAY + timedelta(days=30), owner="Li")
    story.typed("PAY-M02", target=DAY + timedelta(days=30), owner="Wang")
    story.on(DAY)
    story.decide("D-1", DecisionType.PAUSE, "PAY-M01", day=DAY, new_date=DAY + timedelta(days=3))
    story.on(DAY + timedelta(days=7))
    assert "review_overdue" in [why.key for why in story.of_project().rag.reasons]
    told = asks(story.last, story.snapshot().plan)
    assert [(ask.kind, ask.code, ask.by) for ask in told] == [("review", "PAY-M01", "D-1")]
    assert [each.code for each in story.last.concerns if each.rule == "review"] == ["PAY-M01"]


def test_a_pause_whose_review_passed_waits(story: Story) -> None:
    """A paused project is told once, not with each of its milestones."""
    story.typed("PAY-M01", target=DAY + timedelta(days=30), owner="Li")
    story.on(DAY)
    story.decide("D-1", DecisionType.PAUSE, "PAY", day=DAY, new_date=DAY + timedelta(days=3))
    story.on(DAY + timedelta(days=7))
    told = asks(story.last, story.snapshot().plan)
    assert [(ask.kind, ask.code, ask.by) for ask in told] == [("review", "PAY", "D-1")]


def test_the_next_cut_is_told(story: Story) -> None:
    """A cut names when the next one is due, counted from when it was made if that was late."""
    story.assess()
    assert cut(story).following == datetime(2026, 3, 9, 2, tzinfo=UTC)


def test_the_milestone_that_is_furthest_behind_is_kept(story: Story) -> None:
    """Neither the final nor the next one, open, and late: of several the latest."""
    portfolio(story)
    said = story.last
    final = next(each for each in said.milestones if each.milestone.code == "PAY-M01")
    red = Rag(shown=Letter.RED, computed=Letter.RED)
    gates = [
        replace(final, milestone=replace(final.milestone, code=code), slip=slip, rag=replace(red, shown=shown))
        for code, slip, shown in (
            ("PAY-M05", 31, Letter.RED),
            ("PAY-M06", 12, Letter.RED),
            ("PAY-M07", 90, Letter.BLUE),
        )
    ]
    plan = story.snapshot().plan
    times = clocks(plan.calendar, plan.projects, Policy(), story.now)

    def behind(*more: MilestoneVerdict) -> str:
        with_gates = replace(said, milestones=(*said.milestones, *more))
        found = line(frozen(with_gates, plan, times, None, story.now, Schedule()), "PAY").behind
        return f"{found.code} {found.slip}" if found else ""

    assert behind() == ""
    assert behind(*gates) == "PAY-M05 31"
    assert behind(gates[2]) == ""
