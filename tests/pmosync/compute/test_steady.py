"""Steady colours: computed dates change a colour slowly, hard facts at once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from pmosync.compute.assessment import Letter
from pmosync.compute.policy import Policy
from pmosync.compute.rag import Judgement
from pmosync.compute.steady import HELD, Shown, shade, steady
from pmosync.compute.workdays import Calendar
from pmosync.model import Colour, DecisionType

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story

LETTERS = st.sampled_from([Letter.RED, Letter.AMBER, Letter.GREEN, Letter.PALE])
WEEK = Calendar("plain")
MONDAY = date(2026, 3, 2)


def near(story: Story) -> None:
    """A promise for 12 June, frozen and Green."""
    story.version("PAY-M01", date(2026, 6, 12))
    story.typed("PAY-M01", owner="Li")
    story.until(date(2026, 3, 9))


def slips(story: Story, day: date) -> None:
    """Its last open child is due on that day."""
    story.scope("PAY-M01", total=2, open=2, dated_open=2, latest_due=(day, "PAY-41"))


def test_a_computed_colour_changes_when_it_held_three_assessments(story: Story) -> None:
    """A colour from computed dates changes when the new one held on 3 working-day assessments."""
    near(story)
    slips(story, date(2026, 6, 17))
    found = [story.on(date(2026, 3, day)).rag.shown for day in (10, 11, 12, 13)]
    assert found == [Letter.GREEN, Letter.GREEN, Letter.AMBER, Letter.AMBER]


def test_what_did_not_hold_does_not_show(story: Story) -> None:
    """A computed colour that comes and goes within three assessments is never shown; the count begins anew."""
    near(story)
    for day, due in ((10, 17), (11, 17), (12, 11), (13, 17), (16, 17)):
        slips(story, date(2026, 6, due))
        assert story.on(date(2026, 3, day)).rag.shown is Letter.GREEN
    assert story.on(date(2026, 3, 17)).rag.shown is Letter.AMBER


def test_weekends_do_not_count(story: Story) -> None:
    """Only working-day assessments count."""
    near(story)
    slips(story, date(2026, 6, 17))
    found = [story.on(date(2026, 3, day)).rag.shown for day in (13, 14, 15, 16, 17)]
    assert found == [Letter.GREEN] * 4 + [Letter.AMBER]


def test_two_assessments_on_a_day_count_once(story: Story) -> None:
    """Syncing more often does not make a colour change sooner, and says the same each time."""
    near(story)
    slips(story, date(2026, 6, 17))
    for day in (10, 11):
        first = story.on(date(2026, 3, day))
        assert story.assessed() == first
        assert first.rag.shown is Letter.GREEN


def test_recovery_is_as_slow(story: Story) -> None:
    """The way back from a computed Red is as slow."""
    near(story)
    slips(story, date(2026, 7, 10))
    story.until(date(2026, 3, 16))
    slips(story, date(2026, 6, 11))
    found = [story.on(date(2026, 3, day)).rag.shown for day in (17, 18, 19)]
    assert found == [Letter.RED, Letter.RED, Letter.GREEN]


def test_a_held_back_colour_says_so(story: Story) -> None:
    """The held-back colour is told with how often it held."""
    near(story)
    slips(story, date(2026, 6, 17))
    told = story.on(date(2026, 3, 10)).rag
    assert (told.computed, told.reasons[0].key, told.reasons[0].values) == (
        Letter.AMBER,
        "held_back",
        {"computed": "A", "held": 1, "needed": 3},
    )


def test_preview_of_red(story: Story) -> None:
    """A turn to Red is shown to its PM one working day before the committee's page; a turn to Amber is not."""
    near(story)
    slips(story, date(2026, 7, 10))
    found = [story.on(date(2026, 3, day)).rag for day in (10, 11, 12)]
    assert [each.preview for each in found] == [False, True, False]
    assert [each.shown for each in found] == [Letter.GREEN, Letter.GREEN, Letter.RED]


def test_hard_facts_change_a_colour_at_once(story: Story) -> None:
    """Hard facts (missed, a person's date, decision, risk, predecessor) change it at once, to and fro."""
    near(story)
    story.typed("PAY-M01", forecast=date(2026, 7, 10))
    assert story.on(date(2026, 3, 10)).rag.shown is Letter.RED
    story.typed("PAY-M01", forecast=date(2026, 6, 11))
    assert story.on(date(2026, 3, 11)).rag.shown is Letter.GREEN


def test_a_predecessor_is_a_hard_fact(story: Story) -> None:
    """A predecessor's move changes the colour of its follower at once."""
    near(story)
    ref = story.version("PAY-M02", date(2026, 6, 10))
    story.typed("PAY-M01", depends_on=("PAY-M02",))
    story.on(date(2026, 3, 10))
    story.moved(ref, date(2026, 7, 10))
    story.on(date(2026, 3, 11))
    assert story.of("PAY-M01").rag.shown is Letter.RED


def test_a_decision_is_a_hard_fact(story: Story) -> None:
    """A re-baseline ends a computed Red at once."""
    near(story)
    slips(story, date(2026, 7, 10))
    story.until(date(2026, 3, 16))
    story.decide("D-1", DecisionType.REBASELINE, "PAY-M01", new_date=date(2026, 7, 10))
    assert story.on(date(2026, 3, 17)).rag.shown is Letter.GREEN


def test_a_decision_typed_after_the_days_assessment_counts_at_once(story: Story) -> None:
    """A decision of a day that was assessed already takes effect with the next assessment, without three days' wait."""
    near(story)
    story.scope("PAY-M01", total=6, open=6, removed=4)
    assert story.until(date(2026, 3, 12)).rag.shown is Letter.AMBER
    story.decide("D-1", DecisionType.RESCOPE, "PAY-M01")
    assert story.on(date(2026, 3, 13)).rag.shown is Letter.GREEN


def test_the_first_assessment_shows_what_it_computes(story: Story) -> None:
    """There is nothing to hold on to on the first day."""
    story.project("PAY", committed_on=None)
    story.version("PAY-M01", date(2026, 6, 12))
    slips(story, date(2026, 7, 10))
    assert story.assessed().rag.shown is Letter.RED


def test_days_in_colour_and_what_was_before(story: Story) -> None:
    """Days in colour: working days since it is shown, today included, with the colour before."""
    near(story)
    story.typed("PAY-M01", forecast=date(2026, 7, 10))
    assert story.on(date(2026, 3, 13)).rag.days == 1
    verdict = story.until(date(2026, 3, 17))
    assert (verdict.rag.shown, verdict.rag.days, verdict.rag.before) == (Letter.RED, 3, "G")
    project = story.of_project().rag
    assert (project.shown, project.days) == (Letter.AMBER if project.shown is Letter.AMBER else project.shown, 3)


@given(st.lists(LETTERS, min_size=1, max_size=25))
def test_a_shown_computed_colour_always_held(letters: list[Letter]) -> None:
    """Whatever comes: a soft colour turns on a working day, to the nearest of the last three of those, all on one side."""
    colours: list[Colour] = []
    day = MONDAY
    for letter in letters:
        found = steady(Judgement(letter), colours, day, WEEK, Policy(), decided=False)
        last = ["RAG".index(shade(each.computed)) for each in colours if WEEK.works(each.day)]
        last = [*last, "RAG".index(shade(letter))][-3:]
        was = "RAG".index(shade(colours[-1].shown)) if colours else -1
        if colours and shade(found.letter) != shade(colours[-1].shown):
            assert WEEK.works(day)
            assert len(last) == 3
            assert "RAG".index(shade(found.letter)) == (max(last) if max(last) < was else min(last))
            assert max(last) < was or min(last) > was
        elif len(last) == 3 and WEEK.works(day):
            assert min(last) <= was <= max(last)
        colours.append(Colour(code="X", day=day, computed=letter, shown=found.letter))
        day += timedelta(days=1)


@given(st.lists(LETTERS, min_size=1, max_size=10), LETTERS)
def test_a_hard_letter_is_shown_at_once_when_graver(letters: list[Letter], hard: Letter) -> None:
    """A graver hard letter is shown on the day it comes."""
    colours = [
        Colour(code="X", day=MONDAY + timedelta(days=n), computed=letter, shown=letters[0])
        for n, letter in enumerate(letters)
    ]
    found: Shown = steady(
        Judgement(hard, hard=True), colours, MONDAY + timedelta(days=30), WEEK, Policy(), decided=False
    )
    graver = list(HELD) and "RAgG".index(hard) < "RAgG".index(colours[-1].shown)
    if graver:
        assert found.letter is hard


def test_days_in_colour_are_counted_beyond_any_window(story: Story) -> None:
    """Days in colour count from the turn, and the colour before it stays known, however many assessments follow."""
    near(story)
    slips(story, date(2026, 7, 30))
    verdict = story.until(date(2026, 6, 1))
    assert (verdict.rag.since, verdict.rag.before) == (date(2026, 3, 12), "G")
    assert verdict.rag.days == 55  # 14 in March; 21 in April (6 off); 19 in May (1, 4, 5 off, Sat 9 worked); 1 June


def test_a_decision_opens_the_gate_once(story: Story) -> None:
    """A decision is a hard fact at the first assessment that knows it, and at no later one."""
    near(story)
    story.decide("D-1", DecisionType.RESCOPE, "PAY-M01", day=date(2026, 3, 10))
    story.on(date(2026, 3, 10))
    slips(story, date(2026, 7, 30))
    found = [story.on(date(2026, 3, day)).rag.shown for day in (11, 12, 13)]
    assert found == [Letter.GREEN, Letter.GREEN, Letter.RED]


def test_a_decision_typed_late_opens_the_gate_when_it_is_seen(story: Story) -> None:
    """A decision typed days after its own day is hard at the first assessment that knows it."""
    near(story)
    story.scope("PAY-M01", total=6, open=6, removed=4)
    assert story.until(date(2026, 3, 13)).rag.shown is Letter.AMBER
    story.decide("D-1", DecisionType.RESCOPE, "PAY-M01", day=date(2026, 3, 12))
    assert story.on(date(2026, 3, 16)).rag.shown is Letter.GREEN


def test_days_that_are_worse_count_for_the_milder_colour(story: Story) -> None:
    """G with computed R, A, R, A …: after three days of "Amber or worse" it shows Amber, and Red once Red itself held."""
    near(story)
    found = []
    for day, late in ((10, True), (11, False), (12, True), (13, False), (16, True), (17, True), (18, True)):
        slips(story, date(2026, 7, 10) if late else date(2026, 6, 17))
        found.append(str(story.on(date(2026, 3, day)).rag.shown))
    assert "".join(found) == "GGAAAAR"


def test_days_that_are_better_count_for_the_graver_colour(story: Story) -> None:
    """R with computed G, A, G: after three days of "Amber or better" it shows Amber, and Green once Green itself held."""
    near(story)
    slips(story, date(2026, 7, 10))
    assert story.until(date(2026, 3, 13)).rag.shown is Letter.RED
    found = []
    for day, due in ((16, 11), (17, 17), (18, 11), (19, 11), (20, 11)):
        slips(story, date(2026, 6, due))
        found.append(str(story.on(date(2026, 3, day)).rag.shown))
    assert "".join(found) == "RRAAG"


def test_a_decision_passes_a_source_that_is_behind(story: Story) -> None:
    """A decision is a hard fact at once: a re-baseline counts while another source is behind, what is computed waits."""
    near(story)
    slips(story, date(2026, 7, 10))
    assert story.until(date(2026, 3, 16)).rag.shown is Letter.RED
    story.failed.add("jira")
    slips(story, date(2026, 6, 11))
    assert story.on(date(2026, 3, 17)).rag.shown is Letter.RED
    story.decide("D-1", DecisionType.REBASELINE, "PAY-M01", new_date=date(2026, 7, 10))
    verdict = story.on(date(2026, 3, 18))
    assert (verdict.rag.shown, [why.key for why in verdict.rag.reasons]) == (Letter.GREEN, ["on_time", "source_behind"])


def test_a_persons_date_passes_a_source_that_is_behind(story: Story) -> None:
    """A forecast that the plan has taken in counts at once, and stays counted, while another source is behind."""
    near(story)
    story.failed.add("jira")
    story.today = date(2026, 3, 10)
    story.typed("PAY-M01", forecast=date(2026, 7, 10))
    assert [story.on(date(2026, 3, day)).rag.shown for day in (10, 11)] == [Letter.RED] * 2
