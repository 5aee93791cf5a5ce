"""The slip ledger of one milestone, told as a story: which moves get a row, and what each row says."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pmosync.compute.ledger.causes import Comparison, rolls
from pmosync.compute.ledger.entries import stepped
from pmosync.compute.policy import Policy
from pmosync.compute.workdays import Calendar
from pmosync.model import DecisionType, Level, MergeRequest, Move, Outcome, Planned, Progress, Proof, Report
from pmosync.raw import Ref

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story

MONDAY, TARGET = date(2026, 3, 2), date(2026, 3, 27)
NEXT = MONDAY + timedelta(days=7)


def begun(story: Story, target: date | None = TARGET, **dues: date) -> Ref:
    """A committee milestone of a version with that target and these items, assessed on the first Monday."""
    ref = story.version("PAY-M01", target)
    story.typed("PAY-M01")
    children(story, **dues)
    story.on(MONDAY)
    return ref


def children(story: Story, **dues: date) -> None:
    """The milestone's open items, all dated: key by due date."""
    story.items.clear()
    for key, due in dues.items():
        story.item("PAY-M01", key, due=due)
    latest = max(((due, key) for key, due in dues.items()), default=None)
    story.scope("PAY-M01", total=len(dues), open=len(dues), dated_open=len(dues), latest_due=latest)


def told(move: Move) -> dict[str, int]:
    """The causes of a row."""
    return {cause.key: cause.wd for cause in move.causes}


def test_one_row_for_each_move_of_a_target(story: Story) -> None:
    """A target that moves gets a row with its wd, when it was seen, and between which syncs; its first sight is no move."""
    ref = begun(story)
    assert story.ledger("target") == ()
    story.today = date(2026, 3, 3)
    story.moved(ref, date(2026, 4, 3))
    story.assess()
    (row,) = story.ledger("target")
    assert (row.old, row.new, row.wd) == (TARGET, date(2026, 4, 3), 5)
    assert (row.seen, row.after) == (story.now, story.now - timedelta(days=1))
    assert (row.changed, row.by) == (None, "")
    story.until(date(2026, 3, 10))
    assert len(story.ledger("target")) == 1


def test_the_source_tells_when_and_who(story: Story) -> None:
    """Where the source dates its change the row has its time and its author's name, and no bracket of syncs."""
    ref = begun(story)
    story.today = date(2026, 3, 3)
    story.moved(ref, date(2026, 4, 3))
    seen = story.observations[str(ref)]
    at = story.now - timedelta(hours=5)
    seen[-1] = replace(seen[-1], changed=at, by="acc-7")
    story.assess()
    (row,) = story.ledger("target")
    assert (row.changed, row.by, row.after) == (at, "acc-7", None)


def test_a_move_that_was_taken_back_stays_a_row(story: Story) -> None:
    """Each move has its row, also the one that takes another back: the ledger tells what happened, not what is left."""
    ref = begun(story)
    for day, target in ((3, date(2026, 4, 3)), (4, TARGET)):
        story.today = date(2026, 3, day)
        story.moved(ref, target)
        story.assess()
    assert [row.wd for row in story.ledger("target")] == [5, -5]


def test_another_binding_that_wins_is_a_move(story: Story) -> None:
    """The row goes from what counted to what counts now, whichever source it came from; rows never contradict each other."""
    begun(story)
    story.today = date(2026, 3, 3)
    story.source("PAY-M01", "milestone", date(2026, 4, 10), connection="gitlab", leading=True)
    story.assess()
    (row,) = story.ledger("target")
    assert (row.old, row.new) == (TARGET, date(2026, 4, 10))


def test_forecast_given_moved_and_taken_back(story: Story) -> None:
    """A person's forecast gets a row when it is given, moved and cleared."""
    begun(story)
    for day, forecast in ((3, date(2026, 4, 1)), (4, date(2026, 4, 3)), (5, None)):
        story.today = date(2026, 3, day)
        story.typed("PAY-M01", forecast=forecast)
        story.assess()
    rows = [(row.old, row.new, row.wd) for row in story.ledger("forecast")]
    assert rows == [
        (None, date(2026, 4, 1), None),
        (date(2026, 4, 1), date(2026, 4, 3), 2),
        (date(2026, 4, 3), None, None),
    ]


def test_a_new_baseline_names_its_decision(story: Story) -> None:
    """A re-baseline is a row with its decision and reason; the first promise is none, and each is told once."""
    begun(story)
    story.until(date(2026, 3, 10))
    story.decide("D-17", DecisionType.REBASELINE, "PAY-M01", new_date=date(2026, 4, 10), reason="partner late")
    story.until(date(2026, 3, 13))
    (row,) = story.ledger("baseline")
    assert (row.old, row.new, row.wd) == (TARGET, date(2026, 4, 10), 9)
    assert (row.decision, row.reason, row.after) == ("D-17", "partner late", None)


def test_the_actual_is_a_row_of_its_own(story: Story) -> None:
    """The end of a milestone is a row, from no date to the actual one; a re-opening takes it back."""
    ref = begun(story)
    story.today = date(2026, 3, 20)
    story.closed(ref)
    story.assess()
    (row,) = story.ledger("actual")
    assert (row.old, row.new) == (None, date(2026, 3, 20))
    assert row.seen == story.now


def test_an_actual_that_is_cleared_was_seen_when_it_was(story: Story) -> None:
    """A typed actual that is cleared gives way to the day the source tells; that row is of the sync that saw it cleared,
    behind the row of its typing.
    """
    ref = begun(story)
    story.today = date(2026, 3, 20)
    story.closed(ref)
    story.assess()
    for day, actual in ((23, date(2026, 3, 19)), (24, None)):
        story.today = date(2026, 3, day)
        story.typed("PAY-M01", actual=actual)
        story.assess()
    rows = story.ledger("actual")
    assert [(row.old, row.new, row.day.day) for row in rows] == [
        (None, date(2026, 3, 20), 20),
        (date(2026, 3, 20), date(2026, 3, 19), 23),
        (date(2026, 3, 19), date(2026, 3, 20), 24),
    ]


def test_a_reopening_tells_who_did_it(story: Story) -> None:
    """What takes an actual back is told like any other change: when it was seen, and by whom where the source says so."""
    ref = begun(story)
    story.today = date(2026, 3, 20)
    story.closed(ref)
    story.assess()
    story.today = date(2026, 3, 24)
    story.closed(ref, closed=False)
    seen = story.observations[str(ref)]
    seen[-1] = replace(seen[-1], changed=story.now - timedelta(hours=2), by="acc-7")
    story.assess()
    row = story.ledger("actual")[-1]
    assert (row.old, row.new, row.by, row.seen) == (date(2026, 3, 20), None, "acc-7", story.now)


def test_a_pause_is_one_line(story: Story) -> None:
    """On resume the ledger has one line: paused so many wd, by that decision."""
    begun(story)
    story.until(date(2026, 3, 6))
    story.decide("D-17", DecisionType.PAUSE, "PAY-M01", day=date(2026, 3, 9), new_date=date(2026, 4, 1))
    story.until(date(2026, 3, 18))
    assert story.ledger("paused") == ()
    story.decide("D-21", DecisionType.RESUME, "PAY-M01", day=date(2026, 3, 19))
    story.until(date(2026, 3, 24))
    (row,) = story.ledger("paused")
    assert (row.wd, row.decision, row.old, row.new) == (8, "D-17", date(2026, 3, 9), date(2026, 3, 19))


def test_the_expected_date_only_on_report_days(story: Story) -> None:
    """An expected date that moves within the week has its row on the next report day, not before."""
    begun(story)
    children(story, **{"PAY-1": date(2026, 4, 3)})
    story.until(date(2026, 3, 8))
    assert story.ledger("expected") == ()
    story.on(NEXT)
    (row,) = story.ledger("expected")
    assert (row.old, row.new, row.wd, row.day) == (TARGET, date(2026, 4, 3), 5, NEXT)


@pytest.mark.parametrize(("due", "rows"), [(date(2026, 3, 31), 0), (date(2026, 4, 1), 1)])
def test_the_expected_date_only_if_it_moved_enough(story: Story, due: date, rows: int) -> None:
    """Below 3 wd since its last row there is none: small moves add up until they are told."""
    begun(story)
    children(story, **{"PAY-1": due})
    story.on(NEXT)
    assert len(story.ledger("expected")) == rows


def test_small_moves_add_up(story: Story) -> None:
    """Three moves of one wd a week: the row comes with the third, and tells them all."""
    begun(story, date(2026, 4, 8))
    for week, day in enumerate((9, 10, 13), 1):
        children(story, **{"PAY-1": date(2026, 4, day)})
        story.on(MONDAY + timedelta(days=7 * week))
        assert [row.wd for row in story.ledger("expected")] == ([3] if week == 3 else [])


def test_scope_that_came(story: Story) -> None:
    """A child that joined and is due later is scope added, and is named as the evidence."""
    begun(story, **{"PAY-1": TARGET})
    children(story, **{"PAY-1": TARGET, "PAY-2": date(2026, 4, 3)})
    story.on(NEXT)
    (row,) = story.ledger("expected")
    assert told(row) == {"scope": 5}
    assert [proof.name for proof in row.causes[0].evidence] == ["PAY-2"]


def test_a_child_with_a_new_date_is_a_re_estimate(story: Story) -> None:
    """The same child, due later: the work was estimated anew."""
    begun(story, **{"PAY-1": TARGET})
    children(story, **{"PAY-1": date(2026, 4, 3)})
    story.on(NEXT)
    assert told(story.ledger("expected")[-1]) == {"re_estimate": 5}


def test_every_child_is_compared(story: Story) -> None:
    """An early one of many children that is estimated anew is no scope that came, however many are due later than it was."""
    crowd = {f"PAY-{number}": date(2026, 3, 25) for number in range(2, 80)}
    begun(story, None, **{"PAY-1": date(2026, 3, 9)}, **crowd)
    children(story, **{"PAY-1": date(2026, 4, 3)}, **crowd)
    story.on(NEXT)
    (row,) = story.ledger("expected")
    assert told(row) == {"re_estimate": 7}
    assert [proof.name for proof in row.causes[0].evidence] == ["PAY-1"]


def test_late_child_delivered_or_removed(story: Story) -> None:
    """The latest child is gone: delivered it was done sooner (throughput), else scope was taken out."""
    for fate, cause in ((Outcome.DELIVERED, "throughput"), (Outcome.UNDELIVERED, "scope"), (None, "scope")):
        own = type(story)(story.policy)
        begun(own, **{"PAY-1": TARGET, "PAY-2": date(2026, 4, 3)})
        own.on(NEXT)
        children(own, **{"PAY-1": TARGET})
        own.fates = {"jira:issue:PAY-2": fate} if fate else {}
        own.on(NEXT + timedelta(days=7))
        assert [told(row) for row in own.ledger("expected")][1:] == [{cause: -5}], fate


def test_a_due_date_that_is_taken_back_is_a_re_estimate(story: Story) -> None:
    """The latest child is still open and has no date any more: nothing was taken out of the scope."""
    begun(story, None, **{"PAY-1": TARGET, "PAY-2": date(2026, 4, 3)})
    children(story, **{"PAY-1": TARGET})
    story.item("PAY-M01", "PAY-2")
    story.on(NEXT)
    assert [told(row) for row in story.ledger("expected")] == [{"re_estimate": -5}]


def test_a_first_forecast_is_another_method(story: Story) -> None:
    """Nothing was delivered slower because a forecast came to be told: what it moves is the method's."""
    old = Planned(today=TARGET, target=TARGET)
    new = replace(old, p50=date(2026, 4, 30))
    steps = Comparison(old, new, {}, {}).steps()
    given = old
    for _, step in steps:
        given = step(given)
    assert given.p50 is None
    slower = Comparison(replace(old, p50=TARGET), new, {}, {}).steps()
    assert dict(slower)["throughput"](replace(old, p50=TARGET)).p50 == date(2026, 4, 30)


def test_work_that_is_not_done_by_its_date(story: Story) -> None:
    """A child overdue moves the date day by day: the work was not done, which the overdue child tells."""
    begun(story, None, **{"PAY-1": date(2026, 3, 4)})
    story.on(NEXT)
    (row,) = story.ledger("expected")
    assert told(row) == {"throughput": 4}
    assert [proof.name for proof in row.causes[0].evidence] == ["PAY-1"]


def test_what_rolls_on_is_told_apart_from_a_slower_pace(story: Story) -> None:
    """The date is the next working day because something is overdue: a clock moved it, no pace, and the cause says so. One that
    goes on because less was delivered than was forecast does not.
    """
    begun(story, None, **{"PAY-1": date(2026, 3, 4)})
    story.on(NEXT)
    (row,) = story.ledger("expected")
    assert [(cause.key, cause.rolled, cause.word) for cause in row.causes] == [("throughput", True, "overdue")]
    children(story, **{"PAY-1": date(2026, 3, 4), "PAY-2": date(2026, 3, 27)})
    story.on(NEXT + timedelta(days=7))
    assert not any(cause.rolled for cause in story.ledger("expected")[-1].causes)


def test_no_other_cause_rolls_on() -> None:
    """What brings the date nearer, and any other cause, is told by its own word whatever is overdue."""
    assert [rolls(key, wd) for key, wd in (("throughput", 4), ("throughput", -4), ("scope", 4))] == [True, False, False]


def asked(story: Story, *items: str, number: int = 7, **fields: Any) -> None:
    """An open merge request that names these items and was opened on the day after the first Monday."""
    opened = datetime.combine(MONDAY + timedelta(days=1), time(4), UTC)
    ref = Ref("gitlab", "merge_request", str(number))
    told = {"state": "opened", "created": opened, "url": f"https://gitlab.example.com/{number}", **fields}
    story.requests.append(MergeRequest(ref=ref, key=f"shop!{number}", title="x", items=items, **told))


def test_work_that_waits_for_its_review(story: Story) -> None:
    """Where all that is overdue waits for a review, the wait bears what time does to the date, and the request tells it."""
    begun(story, None, **{"PAY-1": date(2026, 3, 4)})
    asked(story, "PAY-1")
    story.on(NEXT)
    (row,) = story.ledger("expected")
    assert told(row) == {"waiting": 4}
    assert row.causes[0].evidence == (Proof("shop!7", "https://gitlab.example.com/7"),)


def test_work_that_is_late_by_itself_is_no_wait(story: Story) -> None:
    """One overdue item of which nobody owes a review is as late by itself: then the wait of another moved nothing."""
    begun(story, None, **{"PAY-1": date(2026, 3, 4), "PAY-2": date(2026, 3, 4)})
    asked(story, "PAY-1")
    story.on(NEXT)
    (row,) = story.ledger("expected")
    assert told(row) == {"throughput": 4}


@pytest.mark.parametrize(
    "fields",
    [
        {"draft": True},
        {"first_review": datetime(2026, 3, 4, 4, tzinfo=UTC)},
        {"state": "merged"},
        {"restricted": True},
        {"created": None},
        {"created": datetime(2026, 3, 9, 1, tzinfo=UTC)},
        {"items": ("PAY-9",)},
    ],
    ids=["draft", "being reworked", "merged", "restricted", "since when is unknown", "since today", "another item"],
)
def test_what_is_no_wait_for_a_review(story: Story, fields: dict[str, Any]) -> None:
    """Not the others' turn: a draft, one that is answered and not approved, or none that is open; and what was asked for today
    has cost no day.
    """
    begun(story, None, **{"PAY-1": date(2026, 3, 4)})
    given = dict(fields)
    items = given.pop("items", ("PAY-1",))
    asked(story, *items, **given)
    story.on(NEXT)
    (row,) = story.ledger("expected")
    assert told(row) == {"throughput": 4}


def test_what_is_approved_waits_to_be_merged(story: Story) -> None:
    """An approval hands the request back to those who merge: until they do, the item waits; a second request that is a draft
    says that somebody is still at work.
    """
    begun(story, None, **{"PAY-1": date(2026, 3, 4)})
    at = datetime(2026, 3, 4, 4, tzinfo=UTC)
    asked(story, "PAY-1", first_review=at, approved=at)
    story.on(NEXT)
    assert told(story.ledger("expected")[-1]) == {"waiting": 4}
    asked(story, "PAY-1", number=8, draft=True)
    story.on(NEXT + timedelta(days=7))
    assert told(story.ledger("expected")[-1]) == {"throughput": 5}


def test_a_due_date_that_passes(story: Story) -> None:
    """An item whose day goes by counts as the next working day, to the day: nothing of that is the method's."""
    story.policy = replace(story.policy, ledger_cause=1)
    begun(story, None, **{"PAY-1": date(2026, 3, 12)})
    story.on(NEXT)
    story.on(NEXT + timedelta(days=7))
    (row,) = story.ledger("expected")
    assert (row.old, row.new) == (date(2026, 3, 12), date(2026, 3, 17))
    assert told(row) == {"throughput": 3}


def test_two_causes_in_their_order(story: Story) -> None:
    """Scope that came and a target that somebody moved behind it: each bears its own part, and the parts add up."""
    ref = begun(story, **{"PAY-1": TARGET})
    story.on(NEXT)
    story.today = NEXT + timedelta(days=7)
    children(story, **{"PAY-1": TARGET, "PAY-2": date(2026, 4, 1)})
    story.moved(ref, date(2026, 4, 3))
    story.assess()
    (row,) = story.ledger("expected")
    assert told(row) == {"scope": 3, "re_planned": 2}
    assert sum(told(row).values()) == row.wd


def test_a_predecessor_that_slips(story: Story) -> None:
    """The date moved because what it waits for did; the predecessor is named."""
    begun(story)
    other = story.version("PAY-M00", date(2026, 3, 25))
    story.typed("PAY-M01", depends_on=("PAY-M00",))
    story.on(NEXT)
    story.moved(other, date(2026, 4, 3))
    story.on(NEXT + timedelta(days=7))
    (row,) = story.ledger("expected")
    assert told(row) == {"predecessor": 5}
    assert [proof.name for proof in row.causes[0].evidence] == ["PAY-M00"]


def test_a_calendar_that_changed(story: Story) -> None:
    """A freeze window that was announced moves a launch: the calendar did it, though nobody touched a date."""
    story.version("PAY-M01", TARGET)
    story.typed("PAY-M01", type="launch")
    story.on(MONDAY)
    story.calendar("freeze", date(2026, 3, 23), date(2026, 4, 3))
    story.on(NEXT)
    (row,) = story.ledger("expected")
    assert told(row) == {"calendar": row.wd}


def test_rules_that_changed(story: Story) -> None:
    """Equal inputs and another date: the rules count otherwise now."""
    story.version("PAY-M01", TARGET)
    story.typed("PAY-M01")
    story.item("PAY-M01", "PAY-1", due=date(2026, 4, 3))
    story.item("PAY-M01", "PAY-2")
    story.progress["PAY-M01"] = Progress(total=2, open=2, dated_open=1, latest_due=(date(2026, 4, 3), "PAY-1"))
    story.on(MONDAY)
    story.policy = replace(story.policy, rollup_share=0.5)
    story.on(NEXT)
    (row,) = story.ledger("expected")
    assert told(row) == {"method": 5}


def test_restricted_children_are_not_named(story: Story) -> None:
    """What the audience may not see moves the date like anything else, and is not named."""
    begun(story)
    children(story, **{"PAY-1": date(2026, 4, 3)})
    story.items[:] = [replace(item, restricted=True) for item in story.items]
    story.on(NEXT)
    (row,) = story.ledger("expected")
    assert [cause.evidence for cause in row.causes] == [()]


def test_what_is_written_down_gives_the_date(story: Story) -> None:
    """The date worked out from what is kept is the expected date itself, so a part of the move is never the method's by
    mistake.
    """
    ref = begun(story)
    children(story, **{"PAY-1": date(2026, 3, 4), "PAY-2": date(2026, 4, 3)})
    story.typed("PAY-M01", forecast=date(2026, 4, 20))
    for week in range(1, 8):
        story.on(MONDAY + timedelta(days=7 * week))
        anchor = story.moves["PAY-M01"][-1] if story.moves["PAY-M01"] else None
        assert anchor is not None
    story.moved(ref, date(2026, 5, 8))
    story.on(MONDAY + timedelta(days=7 * 8))
    assert all("method" not in told(row) for row in story.ledger("expected"))


WEEK = st.fixed_dictionaries(
    {
        "target": st.one_of(st.none(), st.integers(0, 60)),
        "forecast": st.one_of(st.none(), st.integers(0, 60)),
        "before": st.one_of(st.none(), st.integers(0, 60)),
        "dues": st.dictionaries(st.sampled_from(["PAY-1", "PAY-2", "PAY-3", "PAY-4"]), st.integers(-10, 60)),
        "undated": st.integers(0, 2),
        "delivered": st.booleans(),
        "waiting": st.integers(0, 4),
    }
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(weeks=st.lists(WEEK, min_size=2, max_size=5))
def test_whatever_happens_the_causes_add_up(stories: type[Story], weeks: list[dict[str, Any]]) -> None:
    """Whatever moves together: each row goes on from the one before, its causes add up to its move, and nothing is the
    method's, as long as the rules stay as they are.
    """
    story = stories(Policy(ledger_move=1, ledger_cause=1))
    ref, other = story.version("PAY-M01", TARGET), story.version("PAY-M00", TARGET)
    story.typed("PAY-M01", depends_on=("PAY-M00",))

    def day(days: int | None) -> date | None:
        return None if days is None else MONDAY + timedelta(days=days)

    for number, week in enumerate(weeks):
        story.today = MONDAY + timedelta(days=7 * number)
        story.moved(ref, day(week["target"]))
        story.moved(other, day(week["before"]))
        story.typed("PAY-M01", forecast=day(week["forecast"]))
        children(story, **{key: MONDAY + timedelta(days=due) for key, due in week["dues"].items()})
        known = len(week["dues"])
        story.progress["PAY-M01"] = replace(
            story.progress["PAY-M01"], total=known + week["undated"], open=known + week["undated"]
        )
        story.fates = {f"jira:issue:PAY-{n}": Outcome.DELIVERED for n in (1, 2)} if week["delivered"] else {}
        story.requests.clear()
        asked(story, *(f"PAY-{n}" for n in range(1, week["waiting"] + 1)))
        story.assess()
    rows = [move for move in story.moves["PAY-M01"] if move.field == "expected"] if story.moves else []
    for before, row in pairwise(rows):
        assert row.opening or row.old == before.new
        assert row.opening or sum(told(row).values()) == row.wd
        assert "method" not in told(row)


def test_team_milestones_have_no_ledger(story: Story) -> None:
    """Team-level milestones are counted, not listed: they fill no ledger."""
    story.version("PAY-M01", TARGET)
    story.bindings[:] = [replace(binding, found=True) for binding in story.bindings]
    story.on(MONDAY)
    assert story.moves == {}
    story.typed("PAY-M01", level=Level.TRACKED)
    story.on(MONDAY + timedelta(days=1))
    assert len(story.moves["PAY-M01"]) == 1


def test_the_past_is_not_worked_out_again(story: Story) -> None:
    """A calendar that changes later changes no row that is there."""
    ref = begun(story)
    story.today = date(2026, 3, 3)
    story.moved(ref, date(2026, 4, 3))
    story.on(NEXT)
    before = story.moves["PAY-M01"]
    story.calendar("holiday", date(2026, 3, 30), date(2026, 4, 2))
    story.until(date(2026, 3, 16))
    assert story.moves["PAY-M01"][: len(before)] == before


def test_reports_are_points_of_the_trend(story: Story) -> None:
    """A report a week keeps the expected date, the baseline and the slip of then, the step and the sum of all steps since
    there is a baseline.
    """
    ref = begun(story)
    story.moved(ref, date(2026, 4, 3))
    story.until(date(2026, 3, 16))
    story.moved(ref, date(2026, 4, 1))
    story.until(date(2026, 3, 24))
    reports = story.reports["PAY-M01"]
    assert [report.day for report in reports] == [MONDAY + timedelta(days=7 * week) for week in range(4)]
    assert [(report.expected, report.step, report.net) for report in reports] == [
        (TARGET, 0, 0),
        (date(2026, 4, 3), 5, 0),
        (date(2026, 4, 3), 0, 0),
        (date(2026, 4, 1), -2, -2),
    ]


def test_the_net_move_begins_with_the_promise(story: Story) -> None:
    """What moved while nothing was promised yet is no part of the net move: it begins with the first report that has a
    baseline, and goes on through re-baselines.
    """
    story.project("PAY", committed_on=date(2026, 3, 9))
    ref = begun(story)
    story.moved(ref, date(2026, 4, 3))
    story.until(date(2026, 3, 16))
    story.moved(ref, date(2026, 4, 10))
    story.until(date(2026, 3, 24))
    told = [(each.baseline, each.step, each.net) for each in story.reports["PAY-M01"]]
    assert told == [(None, 0, 0), (None, 5, 0), (date(2026, 4, 3), 0, 0), (date(2026, 4, 3), 4, 4)]


def test_a_report_without_a_date_hides_no_move(story: Story) -> None:
    """A report day on which no date is expected has none and moves nothing; the next date is held against the last one there
    was, so that the net move is that from the first date to the last, whatever lies between.
    """
    story.project("PAY", committed_on=None)
    ref = begun(story)
    story.until(date(2026, 3, 8))
    story.moved(ref, None)
    story.until(date(2026, 3, 17))
    story.moved(ref, date(2026, 4, 3))
    story.until(date(2026, 3, 23))
    told = [(each.expected, each.step, each.held) for each in story.reports["PAY-M01"]]
    assert told == [
        (TARGET, 0, None),
        (None, 0, TARGET),
        (None, 0, TARGET),
        (date(2026, 4, 3), 5, None),
    ]


@pytest.mark.parametrize("days", [(27, None, 33), (27, None, None, 33), (27, 30, None, 33)])
def test_the_net_move_goes_on_behind_a_gap(days: tuple[int | None, ...]) -> None:
    """With a baseline the net move behind reports without a date is that from the first date to the last one: 4 wd here,
    with one report in the gap or two, and also where older reports do not say which date they held.
    """
    china = Calendar("plain")
    kept: tuple[Report, ...] = ()
    for day in days:
        expected = date(2026, 3, 1) + timedelta(days=day - 1) if day else None
        held, step, net = stepped(kept, expected, china)
        here = Report(code="PAY-M01", day=NEXT, baseline=TARGET, expected=expected, held=held, step=step, net=net)
        kept = (*kept, here)
    assert kept[-1].net == 4
    assert stepped([replace(each, held=None) for each in kept[:-1]], kept[-1].expected, china)[1:] == (
        kept[-1].step,
        kept[-1].net,
    )


def test_an_end_is_reported_once(story: Story) -> None:
    """The report behind the end has the actual date; after it there is none."""
    ref = begun(story)
    story.until(date(2026, 3, 10))
    story.closed(ref)
    story.until(date(2026, 3, 31))
    ended = [report for report in story.reports["PAY-M01"] if report.ended]
    assert [report.day for report in ended] == [date(2026, 3, 16)]


@pytest.mark.parametrize(("cadence", "days"), [("daily", 5), ("", 1), ("biweekly", 1), ("3", 2)])
def test_report_days_follow_the_cadence(story: Story, cadence: str, days: int) -> None:
    """Each project reports in its own cadence: so many report days in its first week."""
    story.project("PAY", cadence=cadence)
    begun(story)
    story.until(date(2026, 3, 8))
    assert len(story.reports["PAY-M01"]) == days


def test_planned_is_what_counts(story: Story) -> None:
    """What a row keeps of its making names targets, children, blockers, forecasts and predecessors of that day."""
    begun(story)
    children(story, **{"PAY-1": date(2026, 4, 3)})
    story.on(NEXT)
    kept = story.moves["PAY-M01"][-1].planned
    assert kept is not None
    assert (kept.target, kept.children, kept.dated, kept.open) == (
        TARGET,
        (("jira:issue:PAY-1", "PAY-1", date(2026, 4, 3)),),
        1,
        1,
    )
