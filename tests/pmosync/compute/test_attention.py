"""What needs somebody: ranked by what becomes of final milestones, with an id that stays its week."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pmosync.compute.assess import assess
from pmosync.compute.assessment import Letter, Rag, Reason
from pmosync.compute.attention import RULES, concern_of, deciding
from pmosync.compute.calendars import clocks
from pmosync.compute.policy import COLOUR_RULES, Policy
from pmosync.compute.reasons import copied
from pmosync.compute.register import kept
from pmosync.model import AttentionAnswerRow, DecisionType, Level

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story

MONDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 6)


def ids(story: Story) -> list[str]:
    """The ids of the last concerns, as ranked."""
    return [each.id for each in story.last.concerns]


def promised(story: Story, code: str, day: date, **fields: object) -> None:
    """A milestone of the committee whose promise is frozen on that day."""
    story.typed(code, target=day, owner="Li", **fields)
    story.decide(f"D-{code}", DecisionType.BASELINE, code, new_date=day)


def late(story: Story, code: str, day: date) -> None:
    """Somebody expects it on that day."""
    story.typed(code, forecast=day)


def test_every_reason_that_warns_is_a_concern() -> None:
    """Whatever rule of the table makes a milestone Red or Amber, somebody is asked to act."""
    assert {rule.reason for rule in COLOUR_RULES} <= RULES.keys()


def test_the_final_milestone_that_a_predecessor_pushes(story: Story) -> None:
    """A predecessor costs what it makes the final milestone late, a milestone for which none waits nothing: it stands last,
    however late it is itself.
    """
    promised(story, "PAY-M01", FRIDAY)
    promised(story, "PAY-M02", date(2026, 3, 20), level=Level.TRACKED)
    promised(story, "PAY-M03", date(2026, 3, 27), type="final", depends_on=("PAY-M01",))
    story.assess()
    late(story, "PAY-M01", date(2026, 4, 3))
    late(story, "PAY-M02", date(2026, 4, 30))
    story.on(date(2026, 3, 3))
    first, second, third = (each for each in story.last.concerns if each.rule == "late")
    assert [each.code for each in (first, second, third)] == ["PAY-M01", "PAY-M03", "PAY-M02"]
    assert first.push == second.push
    assert (first.push and (first.push.final, first.push.wd)) == ("PAY-M03", 5)
    assert third.push is None


def test_a_gate_pushes_the_final_one_of_its_project(story: Story) -> None:
    """Without a word that it waits: what is delivered is delivered behind its gates. A tracked one is no gate."""
    promised(story, "PAY-M01", FRIDAY)
    promised(story, "PAY-M02", FRIDAY, level=Level.TRACKED)
    promised(story, "PAY-M03", date(2026, 3, 27), type="final")
    story.assess()
    late(story, "PAY-M01", date(2026, 4, 3))
    late(story, "PAY-M02", date(2026, 4, 3))
    story.on(date(2026, 3, 3))
    assert {each.code: each.push and each.push.wd for each in story.last.concerns} == {"PAY-M01": 5, "PAY-M02": None}


def test_a_gate_behind_the_final_one_pushes_nothing(story: Story) -> None:
    """What is promised later than the final milestone is not waited for by it: a month of care after the launch delays no
    launch. One that the final milestone names as its predecessor pushes it whatever its day.
    """
    promised(story, "PAY-M01", date(2026, 3, 27), type="final")
    promised(story, "PAY-M02", date(2026, 5, 29))
    story.assess()
    late(story, "PAY-M02", date(2026, 6, 12))
    story.on(date(2026, 3, 3))
    assert [(each.code, each.push) for each in story.last.concerns if each.rule == "late"] == [("PAY-M02", None)]
    story.typed("PAY-M01", target=date(2026, 3, 27), owner="Li", type="final", depends_on=("PAY-M02",))
    story.on(date(2026, 3, 4))
    assert all(each.push and each.push.wd > 40 for each in story.last.concerns if each.rule == "late")


def test_a_final_one_that_is_done_is_pushed_by_nothing(story: Story) -> None:
    """Its gates may still be open; it ended all the same."""
    promised(story, "PAY-M01", date(2026, 3, 27), type="final")
    promised(story, "PAY-M02", FRIDAY)
    story.assess()
    late(story, "PAY-M02", date(2026, 4, 17))
    story.typed("PAY-M01", target=date(2026, 3, 27), owner="Li", type="final", actual=date(2026, 3, 2))
    story.on(date(2026, 3, 3))
    assert [(each.code, each.push) for each in story.last.concerns if each.rule == "late"] == [("PAY-M02", None)]


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(-5, 40), st.booleans()), min_size=1, max_size=5))
def test_nothing_is_pushed_where_nothing_ends_late(stories: type[Story], drawn: list[tuple[int, int, bool]]) -> None:
    """Whatever gates there are and on which days: a push is positive, and no more than the latest that is expected lies behind
    the final one's promise.
    """
    story = stories(Policy())
    for place, (at, _, is_final) in enumerate(drawn):
        kind = {"type": "final"} if is_final else {}
        promised(story, f"PAY-M{place:02}", FRIDAY + timedelta(days=at), **kind)
    story.assess()
    for place, (at, slip, _) in enumerate(drawn):
        late(story, f"PAY-M{place:02}", max(FRIDAY + timedelta(days=at + slip), date(2026, 3, 4)))
    story.on(date(2026, 3, 3))
    final, ends = story.of_project().final, [each.expected.day for each in story.last.milestones if each.expected]
    pushed = [each.push.wd for each in story.last.concerns if each.push]
    if final is None or final.current is None:
        assert pushed == []
        return
    most = clocks((), (), story.policy, story.now).default.calendar.between(final.current.day, max(ends))
    assert all(0 < wd <= most for wd in pushed)


def test_what_was_missed_has_one_line(story: Story) -> None:
    """That its dates lie in the past goes without saying."""
    promised(story, "PAY-M01", FRIDAY)
    story.assess()
    story.on(date(2026, 3, 10))
    assert [each.rule for each in story.last.concerns if each.rule in {"late", "past"}] == ["late"]


def test_a_priority_weighs(story: Story) -> None:
    """A day of a P0 project counts for three of a P2 project, in whatever words a priority is typed."""
    for code, priority in (("PAY", "low"), ("ALO", "最高")):
        story.project(code, priority=priority)
        promised(story, f"{code}-M01", FRIDAY)
    story.assess()
    late(story, "PAY-M01", date(2026, 3, 20))
    late(story, "ALO-M01", date(2026, 3, 13))
    story.on(date(2026, 3, 3))
    costs = {each.code: each.push.cost for each in story.last.concerns if each.push}
    assert costs == {"ALO-M01": 15, "PAY-M01": 10}
    assert ids(story)[0] == "late:ALO-M01"


def test_a_concern_keeps_its_id_while_it_grows(story: Story) -> None:
    """From likely late to missed it is one line, since its first day."""
    promised(story, "PAY-M01", FRIDAY)
    story.assess()
    late(story, "PAY-M01", date(2026, 3, 11))
    story.on(date(2026, 3, 3))
    (told,) = (each for each in story.last.concerns if each.rule == "late")
    story.until(date(2026, 3, 10))
    (grown,) = (each for each in story.last.concerns if each.rule == "late")
    assert (told.id, told.since) == (grown.id, grown.since)
    assert (told.reason and told.reason.key, grown.reason and grown.reason.key) == ("expected_late_amber", "missed")


def test_what_went_away_stays_its_week(story: Story) -> None:
    """It stands behind all that is open, without a reason, to Sunday; on Monday it has left."""
    promised(story, "PAY-M01", date(2026, 3, 27))
    story.assess()
    late(story, "PAY-M01", date(2026, 4, 17))
    story.on(date(2026, 3, 3))
    assert ids(story) == ["late:PAY-M01"]
    late(story, "PAY-M01", date(2026, 3, 27))
    story.on(date(2026, 3, 4))
    (gone,) = story.last.concerns
    assert (gone.id, gone.over, gone.reason) == ("late:PAY-M01", story.now, None)
    story.on(date(2026, 3, 8))
    assert ids(story) == ["late:PAY-M01"]
    story.on(date(2026, 3, 9))
    assert ids(story) == []


def test_a_wish_is_the_offices_turn(story: Story) -> None:
    """Until somebody has decided it; it is told though the milestone is Green."""
    promised(story, "PAY-M01", date(2026, 3, 27))
    story.assess()
    story.typed("PAY-M01", wish=date(2026, 4, 3), wish_reason="supplier")
    story.on(MONDAY + timedelta(days=1))
    (wish,) = (each for each in story.last.concerns if each.rule == "wish")
    assert (wish.acts, wish.who) == ("office", "")
    assert wish.reason is not None
    assert wish.reason.values["words"] == "supplier"
    story.decide("D-9", DecisionType.REBASELINE, "PAY-M01", new_date=date(2026, 4, 3))
    story.on(MONDAY + timedelta(days=2))
    assert [each.over for each in story.last.concerns if each.rule == "wish"] == [story.now]


def test_a_wish_is_nobodys_turn_once_it_is_answered_or_idle(story: Story) -> None:
    """A decision that came behind the wish promised another day; or the milestone is cancelled, and stays listed a while."""
    wished = {"wish": date(2026, 4, 3), "wish_reason": "supplier"}
    for code in ("PAY-M01", "PAY-M02"):
        promised(story, code, date(2026, 3, 27))
    story.assess()
    for code in ("PAY-M01", "PAY-M02"):
        story.typed(code, **wished)
    story.on(MONDAY + timedelta(days=1))
    assert [each.code for each in story.last.concerns if each.rule == "wish"] == ["PAY-M01", "PAY-M02"]
    story.today = MONDAY + timedelta(days=2)
    story.decide("D-8", DecisionType.REBASELINE, "PAY-M01", new_date=date(2026, 3, 31))
    story.decide("D-9", DecisionType.CANCEL, "PAY-M02")
    story.on(story.today)
    assert [each.over is None for each in story.last.concerns if each.rule == "wish"] == [False, False]
    assert "wish-waiting" not in story.rules()


def test_an_answer_says_nothing_of_what_comes_back(story: Story) -> None:
    """Done is done for the trouble in which it was said; where it went away and came again, somebody has to look anew."""
    promised(story, "PAY-M01", FRIDAY, type="final")
    story.assess()
    late(story, "PAY-M01", date(2026, 4, 17))
    story.on(date(2026, 3, 3))
    answered(story, answer="supplier called", done=True)
    story.on(date(2026, 3, 4))
    (told,) = (each for each in story.last.concerns if each.rule == "late")
    assert told.rests
    late(story, "PAY-M01", FRIDAY)
    story.on(date(2026, 3, 5))
    (told,) = (each for each in story.last.concerns if each.rule == "late")
    assert (told.over, told.answer) == (story.now, "supplier called")
    story.on(date(2026, 3, 16))
    (told,) = (each for each in story.last.concerns if each.rule == "late")
    assert (told.rests, told.done, told.answer) == (False, False, "")
    answered(story, answer="a new supplier", done=True)
    story.on(date(2026, 3, 17))
    assert [each.answer for each in story.last.concerns if each.rule == "late"] == ["a new supplier"]


def test_team_level_concerns_nobody_above(story: Story) -> None:
    """Small milestones are counted elsewhere."""
    promised(story, "PAY-M01", FRIDAY, level=Level.TEAM)
    story.assess()
    late(story, "PAY-M01", date(2026, 4, 3))
    story.on(date(2026, 3, 3))
    assert not story.last.concerns


def test_circles_of_predecessors_end(story: Story) -> None:
    """Two that wait for each other push the final one by the later of them, once each."""
    promised(story, "PAY-M01", FRIDAY, depends_on=("PAY-M02",))
    promised(story, "PAY-M02", FRIDAY, depends_on=("PAY-M01",))
    promised(story, "PAY-M03", date(2026, 3, 27), type="final", depends_on=("PAY-M01",))
    story.assess()
    late(story, "PAY-M02", date(2026, 4, 3))
    story.on(date(2026, 3, 3))
    pushed = {each.code: each.push.wd for each in story.last.concerns if each.push}
    assert pushed["PAY-M02"] == 5


def test_who_is_hidden_is_not_named(story: Story) -> None:
    """Of a milestone that is not visible any more the owner is told no longer: the manager acts."""
    ref = story.version("PAY-M01", FRIDAY)
    story.typed("PAY-M01", owner="Zhao")
    story.decide("D-1", DecisionType.BASELINE, "PAY-M01", new_date=FRIDAY)
    story.assess()
    late(story, "PAY-M01", date(2026, 4, 3))
    story.on(date(2026, 3, 3))
    assert [each.who for each in story.last.concerns if each.rule == "late"] == ["Zhao"]
    gone = replace(story.snapshot(), gone={ref: story.now})
    told = assess(gone, story.policy, story.now)
    assert [each.who for each in told.concerns if each.rule == "late"] == ["Li"]


def answered(story: Story, **fields: Any) -> None:
    """Somebody answers the line on PAY-M01 being late; ids are read in any case."""
    row = AttentionAnswerRow(place=story.place("Attention answers", "a"), id="LATE:pay-m01", **fields)
    story.plan["answers"] = (row,)


def test_a_snoozed_line_rests_to_the_end_of_its_day(story: Story) -> None:
    """It stands behind all others with what was answered, and comes back on the next day."""
    promised(story, "PAY-M01", FRIDAY, type="final")
    promised(story, "PAY-M02", FRIDAY)
    story.assess()
    late(story, "PAY-M01", date(2026, 4, 17))
    late(story, "PAY-M02", date(2026, 4, 3))
    answered(story, answer="supplier called", snooze=date(2026, 3, 4))
    story.on(date(2026, 3, 4))
    assert (ids(story)[-1], story.last.concerns[-1].answer, story.last.concerns[-1].rests) == (
        "late:PAY-M01",
        "supplier called",
        True,
    )
    story.on(date(2026, 3, 5))
    assert ids(story)[0] == "late:PAY-M01"
    answered(story, done=True)
    story.on(date(2026, 3, 6))
    assert (ids(story)[-1], story.last.concerns[-1].done) == ("late:PAY-M01", True)


def test_what_a_decision_betters_stands_behind_what_is_open(story: Story) -> None:
    """Somebody has decided on it, so it must not lead the list; it stays there, and a decided Red is no reason to rest."""
    promised(story, "PAY-M01", FRIDAY, type="final")
    promised(story, "PAY-M02", FRIDAY)
    story.assess()
    late(story, "PAY-M01", date(2026, 4, 17))
    late(story, "PAY-M02", date(2026, 4, 3))
    story.on(date(2026, 3, 4))
    assert ids(story)[0] == "late:PAY-M01"
    story.decide("D-9", DecisionType.OVERRIDE, "PAY-M01", colour="green", until=date(2026, 3, 20))
    story.decide("D-8", DecisionType.OVERRIDE, "PAY-M02", colour="red", until=date(2026, 3, 20))
    story.on(date(2026, 3, 5))
    found = {each.id: each.decided for each in story.last.concerns}
    assert list(found)[-1] == "late:PAY-M01"
    assert (found["late:PAY-M01"], found["late:PAY-M02"]) == (date(2026, 3, 20), None)


def test_what_a_colour_rests_on() -> None:
    """Whose colour it is stands first in a reason and decides nothing; where nobody is asked to act, the first one does."""
    whose, risk = Reason("milestone_red"), Reason("blocking_risk")
    assert deciding((whose, risk, Reason("missed"))) == "blocking_risk"
    assert (deciding((whose,)), deciding(())) == ("milestone_red", "")
    assert (concern_of("blocking_risk"), concern_of("milestone_red")) == ("risk", "")


def test_a_line_above_keeps_what_its_colour_rests_on() -> None:
    """The milestone's concern, not that it is a milestone's; of a restricted one nothing."""
    lent = (Reason("milestone_red"), copied(Reason("blocking_risk"), "PAY-M01"))
    rag = Rag(shown=Letter.RED, computed=Letter.RED, reasons=lent)
    assert [kept("PAY", rag, MONDAY, hidden).why for hidden in ((), ("PAY-M01",))] == ["blocking_risk", "milestone_red"]
