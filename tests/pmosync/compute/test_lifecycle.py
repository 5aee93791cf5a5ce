"""Identity and lifecycle: what the rows of Decisions do to a promise."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pmosync.compute import lifecycle
from pmosync.compute.assessment import Letter
from pmosync.compute.reasons import evidence
from pmosync.compute.workdays import Calendar
from pmosync.model import DecisionType, State

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story


def why(story: Story, code: str = "PAY-M01") -> list[str]:
    """The reasons of a milestone's colour."""
    return [each.key for each in story.of(code).rag.reasons]


def test_paused_freezes_and_shows_the_slip(story: Story) -> None:
    """Paused: slip frozen and shown, grey ‖, whatever the source says meanwhile."""
    ref = story.version("PAY-M01", date(2026, 3, 20))
    story.until(date(2026, 3, 10))
    story.moved(ref, date(2026, 3, 27))
    assert story.on(date(2026, 3, 11)).slip == 5
    story.decide("D-1", DecisionType.PAUSE, "PAY-M01", new_date=date(2026, 6, 1))
    story.moved(ref, date(2026, 5, 29))
    verdict = story.on(date(2026, 3, 12))
    assert (verdict.state, verdict.rag.shown, verdict.slip) == (State.PAUSED, Letter.PAUSED, 5)
    assert story.until(date(2026, 4, 20), step=7).slip == 5


def test_paused_is_out_of_rollups(story: Story) -> None:
    """A paused milestone is out of roll-ups: the project is judged by the others."""
    ref = story.version("PAY-M01", date(2026, 3, 20))
    story.typed("PAY-M01", owner="Li")
    story.version("PAY-M02", date(2026, 3, 24))
    story.typed("PAY-M02", owner="Li")
    story.until(date(2026, 3, 10))
    story.moved(ref, date(2026, 5, 20))
    story.on(date(2026, 3, 11))
    assert story.of_project().rag.shown is Letter.RED
    story.decide("D-1", DecisionType.PAUSE, "PAY-M01", new_date=date(2026, 6, 1))
    story.on(date(2026, 3, 12))
    assert story.of_project().rag.shown is Letter.GREEN


def test_paused_is_red_if_the_review_passes_undecided(story: Story) -> None:
    """Red if the review date passes undecided; the review day itself is still in time."""
    story.version("PAY-M01", date(2026, 5, 20))
    story.decide("D-1", DecisionType.PAUSE, "PAY-M01", new_date=date(2026, 3, 6))
    assert story.on(date(2026, 3, 6)).rag.shown is Letter.PAUSED
    assert story.on(date(2026, 3, 9)).rag.shown is Letter.RED
    assert why(story) == ["review_overdue"]


def test_resumed_every_day_counts(story: Story) -> None:
    """On resume every day counts: the slip is again that of the expected date."""
    ref = story.version("PAY-M01", date(2026, 3, 20))
    story.until(date(2026, 3, 10))
    story.decide("D-1", DecisionType.PAUSE, "PAY-M01", new_date=date(2026, 6, 1))
    story.moved(ref, date(2026, 3, 30))
    assert story.on(date(2026, 3, 16)).slip == 0
    story.decide("D-2", DecisionType.RESUME, "PAY-M01")
    verdict = story.on(date(2026, 3, 17))
    assert (verdict.state, verdict.slip) == (State.ACTIVE, 6)


@pytest.mark.parametrize("kind", [DecisionType.CANCEL, DecisionType.KILL])
def test_cancelled_keeps_its_last_slip_and_leaves(story: Story, kind: DecisionType) -> None:
    """Cancelled/killed: last slip kept, never late, leaves after the next report."""
    ref = story.version("PAY-M01", date(2026, 3, 20))
    story.typed("PAY-M01", owner="Li")
    story.version("PAY-M02", date(2026, 4, 20))
    story.until(date(2026, 3, 10))
    story.moved(ref, date(2026, 3, 30))
    story.on(date(2026, 3, 11))
    story.decide("D-1", kind, "PAY-M01")
    story.moved(ref, None)
    verdict = story.on(date(2026, 3, 12))
    assert (verdict.state, verdict.rag.shown, verdict.slip) == (State.CANCELLED, Letter.CANCELLED, 6)
    assert story.of_project().rag.shown is not Letter.RED
    assert story.until(date(2026, 3, 18)).state is State.CANCELLED
    story.on(date(2026, 3, 19))
    assert [each.milestone.code for each in story.last.milestones] == ["PAY-M02"]


def test_partial_is_judged_and_its_successor_inherits(story: Story) -> None:
    """Partial: the first delivery is judged, the rest runs on as a successor that inherits the baseline, slip and all."""
    story.version("PAY-M01", date(2026, 3, 20))
    story.until(date(2026, 3, 23))
    story.version("PAY-M02", date(2026, 4, 3))
    story.decide("D-9", DecisionType.PARTIAL, "PAY-M01", into=("PAY-M02",))
    verdict = story.on(date(2026, 3, 24))
    assert (verdict.state, verdict.rag.shown, verdict.slip) == (State.PARTIAL, Letter.BLUE, 1)
    heir = story.of("PAY-M02")
    assert heir.original is not None
    assert (heir.original.day, heir.original.decision, heir.slip) == (date(2026, 3, 20), "D-9", 10)
    again = story.on(date(2026, 3, 25))
    assert not story.last.new_baselines
    assert again.slip == 1


def test_a_successor_with_a_baseline_of_its_own_inherits_by_the_decision(story: Story) -> None:
    """A successor that had frozen its own promise gets the inherited one as its next version, by the decision, once."""
    for code, day in (("PAY-M01", date(2026, 4, 10)), ("PAY-M02", date(2026, 6, 10))):
        story.typed(code, target=day, owner="Li")
    story.until(date(2026, 3, 19))
    story.decide("D-1", DecisionType.PARTIAL, "PAY-M01", into=("PAY-M02",))
    story.until(date(2026, 3, 24))
    heir = story.of("PAY-M02")
    assert [(each.version, each.day, each.decision) for each in story.baselines["PAY-M02"]] == [
        (1, date(2026, 6, 10), ""),
        (2, date(2026, 4, 10), "D-1"),
    ]
    assert heir.original is not None
    assert heir.current is not None
    assert (heir.original.day, heir.current.day, heir.replans) == (date(2026, 6, 10), date(2026, 4, 10), 1)
    assert heir.slip is not None
    assert heir.slip > 0
    step = next(each for each in heir.steps if each.field == "current")
    assert step.rule == "D-1"
    assert step.inputs == (
        evidence("version", version=1, day=date(2026, 6, 10), decision=None),
        evidence("version", version=2, day=date(2026, 4, 10), decision="D-1"),
    )


def test_what_is_decided_on_a_successor_later_stays(story: Story) -> None:
    """A re-baseline of the successor that was decided after the partial delivery is not undone by inheriting."""
    for code, day in (("PAY-M01", date(2026, 4, 10)), ("PAY-M02", date(2026, 6, 10))):
        story.typed(code, target=day, owner="Li")
    story.until(date(2026, 3, 19))
    story.decide("D-1", DecisionType.PARTIAL, "PAY-M01", into=("PAY-M02",), day=date(2026, 3, 20))
    story.decide("D-2", DecisionType.REBASELINE, "PAY-M02", new_date=date(2026, 5, 8), day=date(2026, 3, 23))
    story.on(date(2026, 3, 24))
    heir = story.of("PAY-M02")
    assert heir.current is not None
    assert (heir.current.day, heir.current.decision) == (date(2026, 5, 8), "D-2")


def test_split_is_judged_by_the_latest_child(story: Story) -> None:
    """Replaced by a split: judged by the latest child; the old promise keeps its own baseline."""
    story.version("PAY-M01", date(2026, 3, 20))
    story.until(date(2026, 3, 10))
    first, second = story.version("PAY-M02", date(2026, 3, 25)), story.version("PAY-M03", date(2026, 3, 27))
    story.decide("D-1", DecisionType.SPLIT, "PAY-M01", into=("PAY-M02", "PAY-M03"))
    verdict = story.on(date(2026, 3, 11))
    assert verdict.expected is not None
    assert (verdict.state, verdict.rag.shown, verdict.rag.mark, verdict.slip) == (State.REPLACED, Letter.AMBER, "→", 5)
    assert (verdict.expected.source, verdict.expected.name) == ("successor", "PAY-M03")
    assert verdict.original is not None
    assert verdict.original.day == date(2026, 3, 20)
    story.closed(first)
    story.on(date(2026, 3, 25))
    assert story.of("PAY-M01").actual is None
    story.today = date(2026, 3, 27)
    story.closed(second)
    verdict = story.on(date(2026, 3, 30))
    assert verdict.actual is not None
    assert (verdict.actual.day, verdict.slip) == (date(2026, 3, 27), 5)
    assert (verdict.rag.shown, verdict.rag.mark) == (Letter.REPLACED, "")


def test_a_split_does_not_launder_a_red_promise(story: Story) -> None:
    """What was promised stays promised: late by its latest child it is Red, counts in its project and as late, and leaves
    when the children are done; its own typed date, owner and work are asked for no more.
    """
    story.typed("PAY-M01", owner="Li", target=date(2026, 3, 20))
    story.until(date(2026, 3, 16))
    story.decide("D-1", DecisionType.SPLIT, "PAY-M01", into=("PAY-M02", "PAY-M03"))
    for code, day in (("PAY-M02", date(2026, 4, 24)), ("PAY-M03", date(2026, 4, 30))):
        story.typed(code, owner="Li", target=day, done_when="confirmed")
    story.on(date(2026, 3, 17))
    assert why(story) == ["expected_late_red", "replaced"]
    story.until(date(2026, 3, 26))
    assert why(story) == ["missed", "expected_late_red", "replaced"]
    found = story.of_project()
    assert (found.rag.shown, found.late, found.total) == (Letter.RED, 1, 3)
    assert found.next is not None
    assert found.next.milestone.code == "PAY-M02"
    for code in ("PAY-M02", "PAY-M03"):
        story.typed(code, actual=date(2026, 3, 26))
    story.on(date(2026, 3, 27))
    found = story.of_project()
    assert (story.of("PAY-M01").rag.shown, found.rag.shown, found.late) == (Letter.REPLACED, Letter.BLUE, 0)


def test_a_replaced_promise_without_a_baseline_or_a_living_successor_is_not_judged(story: Story) -> None:
    """Where nothing was promised, or every successor was cancelled, nothing is judged."""
    story.typed("PAY-M01", owner="Li", target=date(2026, 3, 20))
    story.typed("PAY-M02", owner="Li", target=date(2026, 4, 24))
    story.decide("D-1", DecisionType.SPLIT, "PAY-M01", into=("PAY-M02",))
    assert story.on(date(2026, 3, 23)).rag.shown is Letter.REPLACED
    story.decide("D-2", DecisionType.BASELINE, "PAY-M01", new_date=date(2026, 3, 20))
    assert story.on(date(2026, 3, 24)).rag.shown is Letter.RED
    story.decide("D-3", DecisionType.CANCEL, "PAY-M02")
    assert story.on(date(2026, 3, 25)).rag.shown is Letter.REPLACED


def test_merged_is_judged_by_the_survivor(story: Story) -> None:
    """Replaced by a merge: judged by the survivor, which itself goes on; each old promise keeps its own baseline."""
    story.version("PAY-M01", date(2026, 3, 20))
    story.version("PAY-M02", date(2026, 3, 27))
    story.until(date(2026, 3, 10))
    story.decide("D-1", DecisionType.MERGE, "PAY-M01", "PAY-M02", into=("PAY-M02",))
    story.on(date(2026, 3, 11))
    assert (story.of("PAY-M01").state, story.of("PAY-M01").slip) == (State.REPLACED, 5)
    assert (story.of("PAY-M02").state, story.of("PAY-M02").slip) == (State.ACTIVE, 0)


def test_replaced_in_a_circle_ends_nowhere(story: Story) -> None:
    """Two promises that replace each other are a circle: no date, no crash, told once, at the cell of a decision."""
    for code in ("PAY-M01", "PAY-M02"):
        story.version(code, date(2026, 3, 20))
    story.decide("D-1", DecisionType.SPLIT, "PAY-M01", into=("PAY-M02",))
    story.decide("D-2", DecisionType.SPLIT, "PAY-M02", into=("PAY-M01",))
    row = story.decisions[0]
    story.decisions[0] = replace(row, place=replace(row.place, addresses={"into": "Decisions!K2"}))
    assert story.assessed().expected is None
    assert [each.place for each in story.last.findings if each.rule == "dependency-cycle"] == ["Decisions!K2"]


def test_one_decision_names_many_codes(story: Story) -> None:
    """One decision may name many codes, in any spelling."""
    for code in ("PAY-M01", "PAY-M02"):
        story.version(code, date(2026, 5, 20))
    story.decide("D-1", DecisionType.PAUSE, "pay-m01", "PAY-M02 ", new_date=date(2026, 6, 1))
    story.assessed()
    assert {each.state for each in story.last.milestones} == {State.PAUSED}


def test_a_whole_project_pauses_and_resumes(story: Story) -> None:
    """A decision that names a project pauses it with all its milestones, and resumes them."""
    story.version("PAY-M01", date(2026, 5, 20))
    story.decide("D-1", DecisionType.PAUSE, "PAY", new_date=date(2026, 6, 1))
    assert story.assessed().state is State.PAUSED
    assert story.of_project().rag.shown is Letter.PAUSED
    story.decide("D-2", DecisionType.RESUME, "PAY", day=date(2026, 3, 3))
    assert story.on(date(2026, 3, 3)).state is State.ACTIVE
    assert story.of_project().rag.shown is not Letter.PAUSED


def test_states_are_set_only_by_decisions(story: Story) -> None:
    """A state typed into the register has no effect (proposed apart) and is told."""
    story.version("PAY-M01", date(2026, 5, 20))
    story.project("PAY", state=State.CANCELLED)
    assert story.assessed().state is State.ACTIVE
    assert "state-without-decision" in story.rules()


def test_a_proposed_project_is_grey_p(story: Story) -> None:
    """Proposed: grey P, no baseline freezes, nothing is late."""
    story.project("PAY", state=State.PROPOSED)
    story.version("PAY-M01", date(2026, 3, 4))
    verdict = story.until(date(2026, 3, 20))
    assert (verdict.rag.shown, verdict.current, story.of_project().rag.shown) == (
        Letter.PROPOSED,
        None,
        Letter.PROPOSED,
    )


def test_decisions_count_by_day_and_number_not_by_row(story: Story) -> None:
    """Decisions count by day and number: a resumption above its pause is still the later word; one of tomorrow waits."""
    story.version("PAY-M01", date(2026, 5, 20))
    story.decide("D-2", DecisionType.RESUME, "PAY-M01", day=date(2026, 3, 2))
    story.decide("D-1", DecisionType.PAUSE, "PAY-M01", day=date(2026, 3, 2), new_date=date(2026, 6, 1))
    story.decide("D-3", DecisionType.CANCEL, "PAY-M01", day=date(2026, 3, 3))
    assert story.assessed().state is State.ACTIVE
    assert story.on(date(2026, 3, 3)).state is State.CANCELLED


def test_unusable_decisions_are_findings(story: Story) -> None:
    """A decision without type, day, code or successor, or on an unknown code, has no effect and is told with its remedy."""
    story.version("PAY-M01", date(2026, 5, 20))
    story.decide("D-1", None, "PAY-M01")
    story.decide("D-2", DecisionType.PAUSE, "PAY-M01", day=None)
    story.decide("D-3", DecisionType.PAUSE)
    story.decide("D-4", DecisionType.SPLIT, "PAY-M01")
    story.decide("D-5", DecisionType.CANCEL, "PAY-M99")
    assert story.assessed().state is State.ACTIVE
    assert {"decision-type", "decision-day", "decision-codes", "decision-successor", "unknown-code"} <= story.rules()
    assert all(each.remedy for each in story.last.findings if each.rule.startswith("decision"))


@pytest.mark.parametrize(
    ("kind", "into"),
    [
        (DecisionType.SPLIT, ("PAY-M02", "PAY-M01B")),
        (DecisionType.MERGE, ("PAY-M77",)),
        (DecisionType.MERGE, ("PAY",)),
        (DecisionType.PARTIAL, ("PAY-M77",)),
    ],
)
def test_a_promise_is_not_handed_on_to_what_is_not_there(
    story: Story, kind: DecisionType, into: tuple[str, ...]
) -> None:
    """A decision whose successors are not all there does not take effect: the old promise keeps its baseline and is judged
    by its own dates, and the cell of the successors tells. Once they are there, the decision counts.
    """
    story.version("PAY-M01", date(2026, 3, 20))
    story.version("PAY-M02", date(2026, 6, 19))
    story.until(date(2026, 3, 18))
    story.decide("D-1", kind, "PAY-M01", into=into)
    row = story.decisions[-1]
    cells = {"codes": "Decisions!E2", "into": "Decisions!K2"}
    story.decisions[-1] = replace(row, place=replace(row.place, addresses=cells))
    verdict = story.until(date(2026, 3, 24))
    assert (verdict.state, verdict.rag.shown, why(story)) == (State.ACTIVE, Letter.RED, ["missed", "target_past"])
    assert verdict.current is not None
    assert verdict.current.day == date(2026, 3, 20)
    assert story.of("PAY-M02").replans == 0
    told = [(each.place, each.code) for each in story.last.findings if each.rule == "unknown-code"]
    assert told == [("Decisions!K2", into[-1])]
    story.version(into[-1], date(2026, 4, 3))
    story.on(date(2026, 3, 25))
    now = story.of("PAY-M01").state
    assert now is (State.PARTIAL if kind is DecisionType.PARTIAL else State.REPLACED)


@pytest.mark.parametrize(("first", "second"), [("D-9", "D-10"), ("D-10", "D-11"), ("9", "10"), ("2026-9a", "2026-10a")])
def test_decisions_of_one_day_count_as_people_number_them(story: Story, first: str, second: str) -> None:
    """Of two decisions of one day the one with the higher number comes later, whatever their text and rows say."""
    story.version("PAY-M01", date(2026, 4, 17))
    story.until(date(2026, 3, 10))
    story.decide(second, DecisionType.RESUME, "PAY-M01")
    story.decide(first, DecisionType.PAUSE, "PAY-M01")
    assert story.on(date(2026, 3, 11)).state is State.ACTIVE


@pytest.mark.parametrize("kind", [DecisionType.CANCEL, DecisionType.KILL])
def test_cancelling_a_project_leaves_what_was_delivered(story: Story, kind: DecisionType) -> None:
    """Done follows from facts: a project's end cancels its open promises; a milestone delivered before stays done, and stays."""
    done = story.version("PAY-M01", date(2026, 3, 20))
    late = story.version("PAY-M02", date(2026, 5, 20))
    story.until(date(2026, 3, 19))
    story.today = date(2026, 3, 20)
    story.closed(done)
    story.until(date(2026, 4, 12), step=7)
    story.today = date(2026, 4, 13)
    story.decide("D-1", kind, "PAY")
    story.on(date(2026, 4, 13))
    story.today = date(2026, 4, 14)
    story.closed(late)
    story.on(date(2026, 4, 14))
    kept = story.of("PAY-M01")
    assert (kept.state, kept.actual and kept.actual.day, kept.slip) == (State.DONE, date(2026, 3, 20), 0)
    assert (story.of("PAY-M02").state, story.of("PAY-M02").actual) == (State.CANCELLED, None)
    story.until(date(2026, 5, 15), step=7)
    assert [each.milestone.code for each in story.last.milestones] == ["PAY-M01"]


def test_pausing_a_project_leaves_what_was_delivered(story: Story) -> None:
    """A paused project stops its open promises; what was delivered before, or ends meanwhile, is done."""
    first, second = story.version("PAY-M01", date(2026, 3, 20)), story.version("PAY-M02", date(2026, 5, 20))
    story.version("PAY-M03", date(2026, 5, 20))
    story.until(date(2026, 3, 19))
    story.closed(first)
    story.today = date(2026, 3, 20)
    story.decide("D-1", DecisionType.PAUSE, "PAY", new_date=date(2026, 6, 30))
    story.on(date(2026, 3, 20))
    story.closed(second)
    story.on(date(2026, 3, 23))
    assert [story.of(f"PAY-M0{n}").state for n in (1, 2, 3)] == [State.DONE, State.DONE, State.PAUSED]


def test_a_milestone_cancelled_by_name_is_cancelled(story: Story) -> None:
    """A decision that names a milestone is about that one, delivered or not."""
    ref = story.version("PAY-M01", date(2026, 3, 20))
    story.on(date(2026, 3, 9))
    story.closed(ref)
    story.decide("D-1", DecisionType.CANCEL, "PAY-M01", "PAY", day=date(2026, 3, 11))
    assert story.on(date(2026, 3, 11)).state is State.CANCELLED


def test_what_a_decision_ended_names_it(story: Story) -> None:
    """Every result carries its reason: a partial delivery ends by the decision or a person, a split with its last successor."""
    story.version("PAY-M01", date(2026, 3, 20))
    story.version("PAY-M02", date(2026, 3, 20))
    for code in ("PAY-M03", "PAY-M04"):
        story.typed(code, done_when="confirmed", actual=date(2026, 3, 2))
    story.decide("D-1", DecisionType.PARTIAL, "PAY-M01", into=("PAY-M04",))
    story.decide("D-2", DecisionType.SPLIT, "PAY-M02", into=("PAY-M03", "PAY-M04"))
    story.on(date(2026, 3, 3))
    found = {code: story.of(code).actual for code in ("PAY-M01", "PAY-M02", "PAY-M03")}
    assert [each and each.name for each in found.values()] == ["decision", "successor", "confirmed"]
    rules = {step.field: step.rule for step in story.of("PAY-M01").steps}
    assert rules["actual"] == "decision"
    story.typed("PAY-M01", actual=date(2026, 3, 2))
    assert story.on(date(2026, 3, 4)).actual is not None
    assert [each.actual.name for each in story.last.milestones[:1] if each.actual] == ["person"]


@given(
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.integers(0, 40),
    st.lists(st.tuples(st.dates(date(2026, 1, 1), date(2027, 2, 1)), st.integers(0, 60)), max_size=4),
)
def test_a_clock_stands_still_while_away(china: Calendar, since: date, wd: int, away: list[tuple[date, int]]) -> None:
    """So many working days after a day, counted one by one and those of any absence left out, however absences overlap."""
    spans = [(first, first + timedelta(days=length)) for first, length in away]
    start = day = china.on_or_after(since)
    left = wd
    while left or (day > start and any(first <= day < end for first, end in spans)):
        day = china.after(day)
        left -= bool(left) and not any(first <= day < end for first, end in spans)
    assert lifecycle.later(china, since, wd, spans) == day


def test_a_proposed_project_is_taken_up_with_its_milestones(story: Story) -> None:
    """A decision that takes up a proposed project takes up what it promises."""
    story.project("PAY", state=State.PROPOSED)
    story.version("PAY-M01", date(2026, 5, 20))
    story.decide("D-1", DecisionType.RESUME, "PAY", day=date(2026, 3, 3))
    assert story.assessed().state is State.PROPOSED
    assert story.on(date(2026, 3, 3)).state is State.ACTIVE


@pytest.mark.parametrize("kind", [DecisionType.PAUSE, DecisionType.CANCEL, DecisionType.KILL])
def test_resuming_a_project_undoes_only_what_was_done_to_it(story: Story, kind: DecisionType) -> None:
    """A milestone that was paused or cancelled by name stays so when its project is paused and resumed: the reason for which
    that was decided is not gone. Its own resumption brings it back.
    """
    story.version("PAY-M01", date(2026, 5, 20))
    story.version("PAY-M02", date(2026, 5, 20))
    story.decide("D-1", kind, "PAY-M01", day=date(2026, 3, 2), new_date=date(2026, 7, 1))
    before = story.assessed()
    story.decide("D-2", DecisionType.PAUSE, "PAY", day=date(2026, 3, 3), new_date=date(2026, 6, 1))
    story.decide("D-3", DecisionType.RESUME, "PAY", day=date(2026, 3, 4))
    for day in (date(2026, 3, 3), date(2026, 3, 4)):
        verdict = story.on(day)
        assert (verdict.state, verdict.rag.reasons) == (before.state, before.rag.reasons)
    assert story.of("PAY-M02").state is State.ACTIVE
    story.decide("D-4", DecisionType.RESUME, "PAY-M01", day=date(2026, 3, 5))
    assert story.on(date(2026, 3, 5)).state is State.ACTIVE


def test_a_pause_by_name_outlasts_that_of_the_project(story: Story) -> None:
    """A milestone paused by name while its project rests goes on resting when the project is taken up again, until its own
    review date.
    """
    story.version("PAY-M01", date(2026, 5, 20))
    story.decide("D-1", DecisionType.PAUSE, "PAY", day=date(2026, 3, 2), new_date=date(2026, 6, 1))
    story.decide("D-2", DecisionType.PAUSE, "PAY-M01", day=date(2026, 3, 3), new_date=date(2026, 3, 10))
    story.decide("D-3", DecisionType.RESUME, "PAY", day=date(2026, 3, 4))
    assert story.on(date(2026, 3, 4)).state is State.PAUSED
    assert story.on(date(2026, 3, 11)).rag.shown is Letter.RED
    assert why(story) == ["review_overdue"]


def test_the_clock_of_the_freeze_stands_still_in_a_pause(story: Story) -> None:
    """Clocks stop while paused: the first promise freezes 5 wd after the milestone appeared, not counting the pause, and with
    the date that is known then.
    """
    ref = story.version("PAY-M01", date(2026, 5, 20))
    story.decide("D-1", DecisionType.PAUSE, "PAY-M01", day=date(2026, 3, 4), new_date=date(2026, 6, 1))
    story.decide("D-2", DecisionType.RESUME, "PAY-M01", day=date(2026, 3, 18))
    story.until(date(2026, 3, 17))
    story.moved(ref, date(2026, 6, 10))
    assert story.until(date(2026, 3, 20)).original is None
    verdict = story.on(date(2026, 3, 23))
    assert verdict.original is not None
    assert verdict.original.day == date(2026, 6, 10)


def test_cancelling_a_project_leaves_what_was_handed_on(story: Story) -> None:
    """A promise of which a first part was delivered stays partial, one that was split stays replaced: what is cancelled is
    what they were handed on to.
    """
    for number in (1, 2, 3, 4):
        story.version(f"PAY-M0{number}", date(2026, 5, 20))
    story.decide("D-1", DecisionType.PARTIAL, "PAY-M01", day=date(2026, 3, 3), into=("PAY-M02",))
    story.decide("D-2", DecisionType.SPLIT, "PAY-M03", day=date(2026, 3, 3), into=("PAY-M04",))
    story.decide("D-3", DecisionType.CANCEL, "PAY", day=date(2026, 3, 4))
    story.on(date(2026, 3, 4))
    states = [story.of(f"PAY-M0{number}").state for number in (1, 2, 3, 4)]
    assert states == [State.PARTIAL, State.CANCELLED, State.REPLACED, State.CANCELLED]
