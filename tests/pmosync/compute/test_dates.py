"""Dates of a milestone: target, roll-up, a person's forecast, predecessors, and the expected date."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from pmosync.compute.assessment import Dated, Letter, Reason
from pmosync.compute.policy import Policy
from pmosync.compute.reasons import evidence
from pmosync.model import DecisionType, ItemLink, Outcome, PersonRow, Place, Role
from pmosync.raw import Ref

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story


def test_winner_is_the_leading_binding(story: Story) -> None:
    """Winner among several bound dates: the leading binding; disagreement is told with winner and reason."""
    story.version("PAY-M01", date(2026, 5, 20))
    story.source("PAY-M01", "milestone", date(2026, 5, 10), leading=True, connection="gitlab")
    story.typed("PAY-M01", target=date(2026, 5, 29))
    verdict = story.assessed()
    assert verdict.target is not None
    assert (verdict.target.day, verdict.target.source) == (date(2026, 5, 10), "milestone")
    told = next(each for each in story.last.findings if each.rule == "dates-disagree")
    assert "2026-05-10 counts" in told.message
    assert "leads" in told.message


def test_winner_is_else_the_plan_sheet_else_the_latest(story: Story) -> None:
    """Winner: else the plan sheet; else the latest; a binding for scope alone lends no date."""
    story.version("PAY-M01", date(2026, 5, 20))
    story.source("PAY-M01", "milestone", date(2026, 5, 29))
    story.source("PAY-M01", "epic", date(2026, 6, 29), role=Role.SCOPE)
    verdict = story.assessed()
    assert verdict.target is not None
    assert (verdict.target.day, verdict.target.source) == (date(2026, 5, 29), "milestone")
    story.typed("PAY-M01", target=date(2026, 5, 15), target_coarse=True)
    verdict = story.assessed()
    assert verdict.target is not None
    assert (verdict.target.day, verdict.target.source, verdict.target.coarse) == (date(2026, 5, 15), "sheet", True)


def test_an_ended_binding_lends_no_date(story: Story) -> None:
    """A binding ends, another begins, the promise stays: only bindings in force lend dates."""
    story.version("PAY-M01", date(2026, 5, 20))
    story.until(date(2026, 3, 10))
    story.bindings[0] = replace(story.bindings[0], until=story.now)
    story.version("PAY-M01", date(2026, 5, 12))
    verdict = story.assessed()
    assert verdict.target is not None
    assert verdict.current is not None
    assert (verdict.target.day, verdict.current.day) == (date(2026, 5, 12), date(2026, 5, 20))
    assert verdict.slip == -6


def test_equal_dates_do_not_disagree(story: Story) -> None:
    """Several equal dates are no finding."""
    story.version("PAY-M01", date(2026, 5, 20))
    story.typed("PAY-M01", target=date(2026, 5, 20))
    story.assessed()
    assert "dates-disagree" not in story.rules()


@pytest.mark.parametrize(("dated", "used"), [(22, True), (18, True), (17, False), (7, False)])
def test_rollup_needs_most_children_dated(story: Story, dated: int, used: bool) -> None:
    """Roll-up: latest date of the open children; needs ≥ 80 % of them dated, else partial and unused."""
    story.version("PAY-M01", date(2026, 5, 20))
    story.scope("PAY-M01", total=30, open=22, delivered=8, dated_open=dated, latest_due=(date(2026, 5, 29), "PAY-41"))
    verdict = story.assessed()
    assert verdict.rollup is not None
    assert verdict.expected is not None
    assert (verdict.rollup.dated, verdict.rollup.open, verdict.rollup.used) == (dated, 22, used)
    assert verdict.expected.day == (date(2026, 5, 29) if used else date(2026, 5, 20))
    assert verdict.expected.name == ("PAY-41" if used else "version PAY-M01")


def test_a_child_due_in_the_past_counts_as_the_next_working_day(story: Story) -> None:
    """A child due in the past counts as the next working day."""
    story.version("PAY-M01", date(2026, 3, 3))
    story.scope("PAY-M01", total=2, open=1, delivered=1, dated_open=1, latest_due=(date(2026, 2, 27), "PAY-41"))
    story.today = date(2026, 3, 6)
    verdict = story.assessed()
    assert verdict.rollup is not None
    assert verdict.rollup.day == date(2026, 3, 9)


def test_a_restricted_child_is_not_named(story: Story) -> None:
    """The filter of restricted items covers every embedded mention, also the name behind a date."""
    story.version("PAY-M01", date(2026, 3, 3))
    story.scope("PAY-M01", total=1, open=1, dated_open=1, latest_due=(date(2026, 4, 27), "SEC-1"))
    story.item("PAY-M01", "SEC-1", due=date(2026, 4, 27), restricted=True)
    verdict = story.assessed()
    assert verdict.expected is not None
    assert (verdict.expected.day, verdict.expected.name) == (date(2026, 4, 27), "")
    assert "SEC-1" not in repr(verdict)


def test_expected_is_the_latest_and_names_its_source(story: Story) -> None:
    """Expected date = the latest of target, roll-up and predecessors, which the row names."""
    story.version("PAY-M01", date(2026, 5, 20))
    story.scope("PAY-M01", total=1, open=1, dated_open=1, latest_due=(date(2026, 5, 22), "PAY-41"))
    story.version("PAY-M02", date(2026, 5, 29))
    story.typed("PAY-M01", depends_on=("PAY-M02",))
    verdict = story.assessed()
    assert verdict.expected is not None
    assert (verdict.expected.day, verdict.expected.source, verdict.expected.name) == (
        date(2026, 5, 29),
        "predecessor",
        "PAY-M02",
    )


def test_an_overdue_target_is_expected_today_at_the_earliest(story: Story) -> None:
    """Nothing open can end in the past: a target gone by is expected today at the earliest, so a missed slip grows by the day."""
    story.version("PAY-M01", date(2026, 3, 20))
    story.until(date(2026, 3, 10))
    verdict = story.on(date(2026, 3, 25))
    assert verdict.expected is not None
    assert (verdict.expected.source, verdict.slip) == ("overdue", 3)


def test_a_forecast_in_force_replaces_the_expected_date(story: Story) -> None:
    """A person's forecast in force replaces the expected date, later or a little earlier; it is a hard fact."""
    story.version("PAY-M01", date(2026, 5, 20))
    story.typed("PAY-M01", forecast=date(2026, 5, 19))
    verdict = story.on(date(2026, 3, 9))
    assert verdict.expected is not None
    assert (verdict.expected.day, verdict.expected.source, verdict.forecast_state) == (
        date(2026, 5, 19),
        "forecast",
        "in_force",
    )
    assert (verdict.slip, verdict.rag.shown) == (-1, Letter.GREEN)
    story.typed("PAY-M01", forecast=date(2026, 6, 19))
    assert story.on(date(2026, 3, 10)).rag.shown is Letter.RED


def test_a_forecast_holds_for_two_periods_then_stays_as_a_floor(story: Story) -> None:
    """A forecast is dated by the sync that saw it, holds for two reporting periods, then stays as a floor 'unconfirmed since'."""
    story.version("PAY-M01", date(2026, 5, 20))
    story.typed("PAY-M01", forecast=date(2026, 6, 1))
    assert story.until(date(2026, 3, 16), step=7).forecast_state == "in_force"
    verdict = story.on(date(2026, 3, 17))
    assert (verdict.forecast_state, verdict.forecast_since) == ("unconfirmed", date(2026, 3, 16))
    assert verdict.expected is not None
    assert (verdict.expected.day, verdict.expected.source) == (date(2026, 6, 1), "forecast")


def test_a_floor_gives_way_to_later_evidence_only(story: Story) -> None:
    """… so silence never looks like recovery: a lapsed early forecast does not pull the date forward."""
    story.version("PAY-M01", date(2026, 5, 20))
    story.typed("PAY-M01", forecast=date(2026, 5, 19))
    verdict = story.on(date(2026, 3, 30))
    assert verdict.expected is not None
    assert (verdict.expected.day, verdict.forecast_state) == (date(2026, 5, 20), "unconfirmed")


def test_a_new_forecast_holds_anew(story: Story) -> None:
    """Another forecast is dated by the sync that saw it."""
    story.version("PAY-M01", date(2026, 5, 20))
    story.typed("PAY-M01", forecast=date(2026, 6, 1))
    story.on(date(2026, 3, 18))
    story.typed("PAY-M01", forecast=date(2026, 6, 2))
    assert story.on(date(2026, 3, 19)).forecast_state == "in_force"


def test_leave_and_pauses_do_not_use_up_a_forecast(story: Story) -> None:
    """Two reporting periods, leave and pauses excluded; a day of both is excluded once."""
    person = PersonRow(
        place=story.place("People", "1"), key="1", name="Li", leave_from=date(2026, 3, 9), leave_to=date(2026, 3, 13)
    )
    story.plan["people"] = (person,)
    story.version("PAY-M01", date(2026, 5, 20))
    story.typed("PAY-M01", owner="Li", forecast=date(2026, 6, 1))
    story.version("PAY-M02", date(2026, 5, 20))
    story.typed("PAY-M02", owner="Wang", forecast=date(2026, 6, 1))
    story.version("PAY-M03", date(2026, 5, 20))
    story.typed("PAY-M03", owner="Li", forecast=date(2026, 6, 1))
    story.decide("D-1", DecisionType.PAUSE, "PAY-M02", "PAY-M03", day=date(2026, 3, 9), new_date=date(2026, 6, 1))
    story.decide("D-2", DecisionType.RESUME, "PAY-M02", "PAY-M03", day=date(2026, 3, 16))
    story.on(date(2026, 3, 23))
    assert [each.forecast_state for each in story.last.milestones] == ["in_force"] * 3
    story.on(date(2026, 3, 24))
    assert [each.forecast_state for each in story.last.milestones] == ["unconfirmed"] * 3


def test_a_monthly_project_confirms_monthly(story: Story) -> None:
    """The reporting period is the project's cadence."""
    story.project("PAY", cadence="monthly")
    story.version("PAY-M01", date(2026, 5, 20))
    story.typed("PAY-M01", forecast=date(2026, 6, 1))
    assert story.on(date(2026, 4, 20)).forecast_state == "in_force"


def test_a_forecast_against_the_evidence(story: Story) -> None:
    """Earlier than the evidence by more than the amber tolerance: the colour follows the evidence, the pair is told."""
    story.version("PAY-M01", date(2026, 5, 20))
    story.typed("PAY-M01", owner="Li")
    story.on(date(2026, 3, 9))
    story.scope("PAY-M01", total=4, open=4, dated_open=4, latest_due=(date(2026, 6, 10), "PAY-41"))
    story.typed("PAY-M01", forecast=date(2026, 5, 20))
    for day in (10, 11, 12):
        verdict = story.on(date(2026, 3, day))
    assert verdict.expected is not None
    assert (verdict.expected.day, verdict.forecast_state, verdict.slip) == (date(2026, 5, 20), "contradicted", 0)
    assert verdict.judged_slip == 15
    assert evidence("slip_judged", wd="+15") in next(each.inputs for each in verdict.steps if each.field == "slip")
    assert verdict.rag.shown is Letter.RED
    assert "forecast-against-evidence" in story.rules()


def test_a_contradiction_ends_with_its_evidence(story: Story) -> None:
    """When the evidence comes back to the forecast, the colour follows it back."""
    story.version("PAY-M01", date(2026, 5, 20))
    story.typed("PAY-M01", owner="Li", forecast=date(2026, 5, 20))
    story.on(date(2026, 3, 9))
    story.scope("PAY-M01", total=4, open=4, dated_open=4, latest_due=(date(2026, 6, 10), "PAY-41"))
    story.until(date(2026, 3, 12))
    story.scope("PAY-M01", total=4, open=4, dated_open=4, latest_due=(date(2026, 5, 19), "PAY-41"))
    assert story.on(date(2026, 3, 13)).rag.computed is Letter.GREEN


def test_blocking_items_are_predecessors(story: Story) -> None:
    """Jira blocks links: a milestone cannot finish before an open item that blocks one of its own."""
    story.version("PAY-M01", date(2026, 5, 20))
    story.item("PAY-M01", "PAY-1", links=(ItemLink("blocked_by", "CRM-7"),), due=date(2026, 5, 1))
    story.item("", "CRM-7", due=date(2026, 6, 12))
    verdict = story.assessed()
    assert verdict.expected is not None
    assert (verdict.expected.day, verdict.expected.source, verdict.expected.name) == (
        date(2026, 6, 12),
        "predecessor",
        "CRM-7",
    )


def test_what_blocks_is_found_by_key_or_id_in_its_own_system(story: Story) -> None:
    """A link names the far end by key (Jira) or id (GitLab), and speaks of its own system only."""
    story.version("PAY-M01", date(2026, 5, 20))
    story.item("PAY-M01", "PAY-1", links=(ItemLink("blocked_by", "CRM-7"),), due=date(2026, 5, 1))
    story.item("", "CRM-7", due=date(2026, 6, 12))
    mine, other = story.items
    story.items[1] = replace(other, ref=Ref("elsewhere", "issue", "77"))
    unblocked = story.assessed().expected
    assert unblocked is not None
    assert unblocked.day == date(2026, 5, 20)
    story.items = [replace(mine, links=(ItemLink("blocked_by", "77"),)), replace(other, ref=Ref("jira", "issue", "77"))]
    verdict = story.assessed()
    assert verdict.expected is not None
    assert (verdict.expected.day, verdict.expected.name) == (date(2026, 6, 12), "CRM-7")


def test_own_children_are_no_predecessors(story: Story) -> None:
    """An open child that blocks a sibling belongs to the roll-up: partial, it stays unused."""
    story.version("PAY-M01", date(2026, 5, 20))
    story.scope("PAY-M01", total=3, open=3, dated_open=1, latest_due=(date(2026, 6, 12), "PAY-2"))
    story.item("PAY-M01", "PAY-1", links=(ItemLink("blocked_by", "PAY-2"),))
    story.item("PAY-M01", "PAY-2", due=date(2026, 6, 12))
    verdict = story.assessed()
    assert verdict.expected is not None
    assert verdict.expected.day == date(2026, 5, 20)


def test_a_chain_of_predecessors_passes_its_delay_on(story: Story) -> None:
    """A milestone cannot finish before its predecessors, nor before theirs; a cancelled one is waited for no longer."""
    refs = [story.version(f"PAY-M0{n}", date(2026, 5, 20)) for n in (1, 2, 3)]
    story.typed("PAY-M01", depends_on=("PAY-M02",))
    story.typed("PAY-M02", depends_on=("PAY-M03",))
    story.moved(refs[2], date(2026, 7, 1))
    verdict = story.assessed()
    assert verdict.expected is not None
    assert verdict.expected.day == date(2026, 7, 1)
    story.decide("D-1", DecisionType.CANCEL, "PAY-M03")
    verdict = story.assessed()
    assert verdict.expected is not None
    assert verdict.expected.day == date(2026, 5, 20)


def test_the_chain_of_predecessors_is_named_as_far_as_it_decides(story: Story) -> None:
    """Who has to act stands at the end of the chain: each is named that decides the date of the one before it, and none behind
    one that has a later date of its own.
    """
    refs = [story.version(f"PAY-M0{n}", date(2026, 5, 20)) for n in (1, 2, 3, 4)]
    for n in (1, 2, 3):
        story.typed(f"PAY-M0{n}", depends_on=(f"PAY-M0{n + 1}",))
    story.moved(refs[2], date(2026, 7, 1))
    verdict = story.assessed()
    assert verdict.expected is not None
    assert (verdict.expected.name, verdict.expected.behind) == ("PAY-M02", ("PAY-M03",))
    assert verdict.rag.reasons[0].values["behind"] == "PAY-M03"
    story.moved(refs[3], date(2026, 8, 3))
    verdict = story.assessed()
    assert verdict.expected is not None
    assert verdict.expected.behind == ("PAY-M03", "PAY-M04")
    (answer,) = [step.answer for step in verdict.steps if step.field == "expected"]
    assert isinstance(answer, Reason)
    assert answer.values["behind"] == "PAY-M03, PAY-M04"


@pytest.mark.parametrize("typed", [False, True])
def test_a_date_on_a_day_off_is_not_overdue_on_the_next_working_day(story: Story, typed: bool) -> None:
    """A promise for a Saturday is met until the end of Monday: on Monday it is expected as planned, on Tuesday overdue."""
    saturday = date(2026, 3, 21)
    if typed:
        story.typed("PAY-M01", target=saturday, owner="Li")
    else:
        story.version("PAY-M01", saturday)
    story.until(date(2026, 3, 20))
    verdict = story.on(date(2026, 3, 23))
    assert verdict.expected is not None
    assert (verdict.expected.day, verdict.expected.source) == (saturday, "sheet" if typed else "version")
    assert (verdict.slip, verdict.rag.shown) == (0, Letter.GREEN)
    verdict = story.on(date(2026, 3, 24))
    assert verdict.expected is not None
    assert (verdict.expected.day, verdict.expected.source) == (date(2026, 3, 24), "overdue")
    assert verdict.rag.shown is Letter.RED


def test_cycles_are_reported_once(story: Story) -> None:
    """Cycles are reported once, at a cell that closes them; the milestones in them keep their own dates, and those
    behind them still wait.
    """
    for number in (1, 2, 3):
        story.version(f"PAY-M0{number}", date(2026, 5, 20 + number))
    story.typed("PAY-M01", depends_on=("PAY-M02",))
    story.typed("PAY-M02", depends_on=("PAY-M01", "PAY-M02"))
    story.typed("PAY-M03", depends_on=("PAY-M02", "PAY-M77"))
    place = Place("plan", "milestone_inputs", 7, "PAY-M01", {"depends_on": "'Milestone inputs'!M7"})
    story.typed("PAY-M01", place=place)
    story.assessed()
    assert [each.expected and each.expected.day.day for each in story.last.milestones] == [21, 22, 23]
    told = [(each.place, each.code) for each in story.last.findings if each.rule == "dependency-cycle"]
    assert told == [("'Milestone inputs'!M7", "PAY-M01")]
    assert "unknown-code" in story.rules()


def test_a_source_without_a_date_any_more(story: Story) -> None:
    """Slip undefined rather than 0: without a promise, a date that was taken away leaves neither expected date nor slip."""
    story.project("PAY", committed_on=None)
    ref = story.version("PAY-M01", date(2026, 5, 20))
    story.until(date(2026, 3, 10))
    story.moved(ref, None)
    verdict = story.on(date(2026, 3, 11))
    assert (verdict.expected, verdict.slip, verdict.rag.shown) == (None, None, Letter.GREY)


def test_thresholds_are_the_policys(story: Story) -> None:
    """Each number is a default and configurable."""
    story.policy = Policy(rollup_share=0.3)
    story.version("PAY-M01", date(2026, 5, 20))
    story.scope("PAY-M01", total=3, open=3, dated_open=1, latest_due=(date(2026, 5, 29), "PAY-41"))
    verdict = story.assessed()
    assert verdict.rollup is not None
    assert verdict.rollup.used


def test_a_predecessor_that_has_ended_is_no_evidence(story: Story) -> None:
    """Predecessors are a floor (a milestone cannot finish before them); one that is done says nothing of what follows it."""
    story.project("PAY", committed_on=None)
    story.typed("PAY-M01", done_when="confirmed", target=date(2026, 3, 12), owner="Li")
    story.typed("PAY-M02", target=date(2026, 6, 30), depends_on=("PAY-M01",), owner="Li")
    story.until(date(2026, 3, 10))
    story.typed("PAY-M02", target=None)
    story.on(date(2026, 3, 11))
    floor = story.of("PAY-M02").expected
    assert floor is not None
    assert (floor.day, floor.source, floor.name) == (date(2026, 3, 12), "predecessor", "PAY-M01")
    story.typed("PAY-M01", actual=date(2026, 3, 11))
    story.until(date(2026, 3, 18))
    verdict = story.of("PAY-M02")
    assert (verdict.expected, verdict.slip, verdict.rag.shown) == (None, None, Letter.GREY)


def test_one_that_still_runs_is_waited_for_beside_one_that_has_ended(story: Story) -> None:
    """Of several predecessors those still open hold a milestone up."""
    story.typed("PAY-M01", done_when="confirmed", target=date(2026, 3, 12))
    story.typed("PAY-M02", target=date(2026, 4, 10))
    story.typed("PAY-M03", target=date(2026, 3, 31), depends_on=("PAY-M01", "PAY-M02"))
    story.typed("PAY-M01", actual=date(2026, 3, 2))
    story.on(date(2026, 3, 3))
    expected = story.of("PAY-M03").expected
    assert expected is not None
    assert (expected.day, expected.name) == (date(2026, 4, 10), "PAY-M02")


def test_a_target_taken_back_stays_as_a_floor(story: Story) -> None:
    """Silence never looks like recovery: with a baseline, a target that was taken back stays, with the day it was."""
    story.typed("PAY-M01", owner="Li", target=date(2026, 4, 30))
    story.on(date(2026, 3, 9))
    story.typed("PAY-M01", target=date(2026, 6, 30))
    late = story.on(date(2026, 3, 10))
    story.today = date(2026, 3, 11)
    story.typed("PAY-M01", target=None)
    verdict = story.on(date(2026, 3, 12))
    assert (verdict.target, verdict.expected) == (None, Dated(date(2026, 6, 30), "withdrawn", "2026-03-11"))
    assert (verdict.slip, verdict.rag.shown) == (late.slip, Letter.RED)
    found = next(each for each in story.last.findings if each.rule == "date-withdrawn")
    assert (found.code, found.remedy) == ("PAY-M01", "enter the new target")
    story.typed("PAY-M01", target=date(2026, 4, 30))
    assert story.on(date(2026, 3, 13)).rag.shown is Letter.GREEN
    assert "date-withdrawn" not in story.rules()


def test_other_evidence_ends_the_floor(story: Story) -> None:
    """… while nothing of its own says when: dated children or a forecast in force do; a predecessor that is done does not."""
    story.typed("PAY-M01", owner="Li", target=date(2026, 4, 30), depends_on=("PAY-M02",))
    story.typed("PAY-M02", owner="Li", target=date(2026, 3, 12), done_when="confirmed")
    story.on(date(2026, 3, 9))
    story.typed("PAY-M02", actual=date(2026, 3, 9))
    story.typed("PAY-M01", target=None)
    found = story.on(date(2026, 3, 10)).expected
    assert found is not None
    assert (found.day, found.source) == (date(2026, 4, 30), "withdrawn")
    story.typed("PAY-M01", forecast=date(2026, 4, 20))
    found = story.on(date(2026, 3, 11)).expected
    assert found is not None
    assert (found.day, found.source) == (date(2026, 4, 20), "forecast")
    story.typed("PAY-M01", forecast=None)
    story.scope("PAY-M01", total=1, open=1, dated_open=1, latest_due=(date(2026, 4, 23), "PAY-41"))
    found = story.on(date(2026, 3, 12)).expected
    assert found is not None
    assert (found.day, found.source, found.name) == (date(2026, 4, 23), "child", "PAY-41")


def test_a_date_nobody_planned_tells_what_made_it(story: Story) -> None:
    """An overdue child counted as the next working day keeps its own due date; a freeze window keeps the day before it."""
    story.version("PAY-M01", date(2026, 2, 20))
    story.typed("PAY-M01", owner="Li")
    story.scope("PAY-M01", total=4, open=4, dated_open=4, latest_due=(date(2026, 2, 23), "PAY-41"))
    story.calendar("freeze", date(2026, 3, 5), date(2026, 3, 8))
    verdict = story.on(date(2026, 3, 4))
    assert verdict.rollup is not None
    assert verdict.expected is not None
    assert (verdict.rollup.day, verdict.rollup.due) == (date(2026, 3, 5), date(2026, 2, 23))
    told = verdict.expected
    assert (told.day, told.overdue, told.thawed, told.freeze) == (
        date(2026, 3, 9),
        date(2026, 2, 23),
        date(2026, 3, 5),
        "freeze",
    )
    late = next(why for why in verdict.rag.reasons if why.key == "expected_late_red")
    assert (late.values["was_due"], late.values["moved_from"]) == (date(2026, 2, 23), date(2026, 3, 5))


def test_an_overdue_child_beside_one_due_today_is_the_one_named(story: Story) -> None:
    """The roll-up is the next working day because of what is overdue, not because of what is due today."""
    story.version("PAY-M01", date(2026, 3, 20))
    story.scope("PAY-M01", total=2, open=2, dated_open=2, latest_due=(date(2026, 3, 2), "PAY-42"))
    story.item("PAY-M01", "PAY-41", due=date(2026, 2, 23), outcome=Outcome.OPEN)
    verdict = story.assessed()
    assert verdict.rollup is not None
    assert (verdict.rollup.day, verdict.rollup.child, verdict.rollup.due) == (
        date(2026, 3, 3),
        "PAY-41",
        date(2026, 2, 23),
    )


def test_a_forecast_belongs_to_the_sync_that_saw_it(story: Story) -> None:
    """Nobody knows who typed into a sheet: the owner of the milestone is not named for it."""
    story.version("PAY-M01", date(2026, 5, 20))
    story.typed("PAY-M01", owner="Li", forecast=date(2026, 5, 22))
    verdict = story.assessed()
    assert verdict.expected is not None
    assert (verdict.expected.source, verdict.expected.name, verdict.expected.seen) == ("forecast", "", date(2026, 3, 2))


def test_a_contradicted_forecast_is_told_once_and_first(story: Story) -> None:
    """The reason says which date does not count and which does; nothing says it again."""
    story.version("PAY-M01", date(2026, 5, 20))
    story.typed("PAY-M01", owner="Li")
    story.on(date(2026, 3, 9))
    story.typed("PAY-M01", forecast=date(2026, 5, 6))
    verdict = story.on(date(2026, 3, 10))
    assert verdict.rag.reasons[0].values["unbelieved"] == date(2026, 5, 6)
    assert "forecast_against_evidence" not in [why.key for why in verdict.rag.reasons]


def test_without_a_baseline_the_days_are_against_the_first_target(story: Story) -> None:
    """No slip without a promise; what the colour is judged by is told as what it is."""
    story.project("PAY", committed_on=None)
    ref = story.version("PAY-M01", date(2026, 5, 20))
    story.typed("PAY-M01", owner="Li")
    story.assessed()
    story.today = date(2026, 3, 3)
    story.moved(ref, date(2026, 5, 29))
    verdict = story.on(date(2026, 3, 9))
    assert (verdict.current, verdict.slip) == (None, None)
    assert (verdict.first_target, verdict.slip_first) == (date(2026, 5, 20), 7)
    assert verdict.rag.reasons[0].values["first_target"] == date(2026, 5, 20)
