"""The pace forecast of every milestone together."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.effort import calls
from tests.pmosync.compute.forecast.site import MONDAY, STEADY, WEEK, pending, team

from pmosync.compute.forecast import pace
from pmosync.compute.forecast.given import Part, Pending, Team
from pmosync.compute.forecast.outlook import Outlook, outlooks
from pmosync.compute.forecast.withheld import Bounds, Withheld
from pmosync.compute.workdays import EVERY_DAY, Calendar, Freeze

FROZEN = Calendar("frozen", freezes=(Freeze(date(2026, 3, 9), date(2026, 3, 20), "618"),))
CODES = st.sampled_from(["A", "B", "C"])
PARTS = st.builds(Part, st.sampled_from(["T", "U", "X"]), st.integers(-3, 40), st.floats(allow_nan=True))
DAYS = st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2027, 1, 1)), st.just(date.max), st.just(date.min))
PENDING = st.builds(
    Pending,
    code=CODES,
    parts=st.lists(PARTS, max_size=3).map(tuple),
    calendar=st.sampled_from([WEEK, EVERY_DAY, FROZEN]),
    launch=st.booleans(),
    predecessors=st.lists(CODES, max_size=2).map(tuple),
    key=st.booleans(),
    priority=st.sampled_from(["", "P1", "高", "²"]),
    baseline=DAYS,
    delivered=st.integers(-2, 30),
    growth=st.floats(allow_nan=True),
    usual=st.one_of(st.none(), st.floats(allow_nan=True)),
    by=DAYS,
    committed=st.one_of(st.none(), st.integers(-1, 50)),
    due=DAYS,
    expected=DAYS,
    asked=st.lists(DAYS.filter(bool), max_size=2).map(tuple),
)
TEAMS = st.lists(
    st.builds(
        Team,
        st.sampled_from(["T", "U"]),
        st.lists(st.integers(-1, 9), max_size=12).map(tuple),
        st.sampled_from([WEEK, EVERY_DAY]),
    ),
    max_size=3,
)


def only(each: Pending, *teams: Team, today: date = MONDAY) -> Outlook:
    """The outlook of a milestone that is alone."""
    return outlooks(teams or (team(),), [each], today).of[each.code]


def test_a_milestone_alone_is_its_pace() -> None:
    """One team, one milestone: P50 and P85 are the working days of the pace after today, and there is no second figure."""
    curve = pace.done_by(STEADY, 0.5, 12, 100)
    found = only(pending("A", ("T", 12, 0.5)))
    assert found.p50 == WEEK.add(MONDAY, pace.quantile(curve, 0.5) or 0)
    assert found.p85 == WEEK.add(MONDAY, pace.quantile(curve, 0.85) or 0)
    assert (found.first, found.several, found.via, found.freeze, found.delivered) == (None, False, "", "", None)


def test_probabilities_by_a_date_are_capped() -> None:
    """P(done by a day) is read off the curve, and never said to be more than 0.95; a past day finds nothing done."""
    days = tuple(MONDAY + timedelta(days=n) for n in (-1, 0, 11, 300))
    curve = pace.done_by(STEADY, 1.0, 12, 100)
    assert list(only(pending("A", ("T", 12, 1.0), asked=days)).chances) == pytest.approx([0.0, 0.0, curve[8], 0.95])


def test_beyond_the_days_looked_ahead_there_is_no_date() -> None:
    """What takes longer than the horizon has no date, and is not withheld: its end is not in sight."""
    found = only(pending("A", ("T", 5_000, 0.1)))
    assert (found.p50, found.p85, found.withheld) == (None, None, ())


def test_the_second_figure_says_who_goes_first() -> None:
    """Two milestones share a team: by the split both take long, by strict priority the first one is done much sooner and the
    other later or equal; how far the two figures lie apart is told in wd.
    """
    first = pending("PAY", ("T", 20, 0.5), baseline=date(2026, 4, 1))
    other = pending("LOG", ("T", 20, 0.5), baseline=date(2026, 5, 1))
    found = outlooks([team()], [first, other], MONDAY).of
    alone = only(pending("PAY", ("T", 20, 1.0)))
    assert found["PAY"].first is not None
    assert (found["PAY"].first.leader, found["PAY"].first.p50) == ("PAY", alone.p50)
    assert found["LOG"].first is not None
    assert (found["LOG"].first.leader, found["LOG"].first.p50) == ("PAY", found["LOG"].p50)
    apart = found["PAY"].apart(WEEK)
    assert apart is not None
    assert apart == -WEEK.between(alone.p50 or MONDAY, found["PAY"].p50 or MONDAY) < -10
    assert found["LOG"].apart(WEEK) == 0
    assert alone.apart(WEEK) is None


def test_who_was_not_served_yet_has_the_second_figure_alone() -> None:
    """A milestone that got nothing of its team has no pace by the split; strict priority still says when."""
    new = pending("NEW", ("T", 9, 0.0), baseline=date(2026, 4, 1))
    found = outlooks([team()], [new, pending("OLD", ("T", 9, 1.0))], MONDAY).of["NEW"]
    assert found.withheld == (Withheld("unserved", 0, "T"),)
    assert found.p50 is None
    assert found.first is not None
    assert found.first.p50 == only(pending("A", ("T", 9, 1.0))).p50


def test_who_is_served_next_does_not_wait_for_an_expected_date() -> None:
    """By the split an unserved milestone holds its successors until its expected date; by strict priority its work does."""
    later = MONDAY + timedelta(days=60)
    new = pending("NEW", ("T", 9, 0.0), baseline=date(2026, 4, 1), expected=later)
    found = outlooks([team()], [new, pending("OLD", ("T", 9, 1.0), predecessors=("NEW",))], MONDAY).of["OLD"]
    assert found.p50 == later
    assert found.first is not None
    assert found.first.p50 == only(pending("A", ("T", 18, 1.0))).p50


def test_what_is_withheld_says_nothing_but_why() -> None:
    """Without a pace there are no dates, no probabilities and no second figure."""
    found = outlooks([team(counts=(9,))], [pending("A", ("T", 9, 1.0)), pending("B", ("T", 9, 1.0))], MONDAY).of["A"]
    assert found == Outlook(code="A", withheld=(Withheld("few_active_days", 1, "T"),))


def test_a_date_promise_says_how_much() -> None:
    """A promise by date is forecast as delivered scope by the day, and has its date beside."""
    found = only(pending("S", ("T", 22, 1.0), delivered=8, by=MONDAY + timedelta(days=14), committed=30))
    assert found.delivered is not None
    assert (found.delivered.likely, found.delivered.safe, found.delivered.committed) == (22, 18, 30)
    assert found.p50 is not None


def test_a_day_that_has_come_finds_what_is_done() -> None:
    """On the promised day itself and after it nothing more is delivered by then."""
    for day in (MONDAY, MONDAY - timedelta(days=30)):
        found = only(pending("S", ("T", 22, 1.0), delivered=8, by=day))
        assert found.delivered is not None
        assert (found.delivered.likely, found.delivered.safe) == (8, 8)


def test_a_weekend_adds_nothing_to_a_promise() -> None:
    """By the Saturday after a Friday what is there is what was there on Friday."""
    saturday = pending("S", ("T", 22, 1.0), delivered=8, by=date(2026, 3, 7))
    found = only(saturday, today=date(2026, 3, 6)).delivered
    assert found is not None
    assert (found.likely, found.safe) == (8, 8)


def test_teams_count_their_own_days() -> None:
    """Each team goes on by its own calendar: one that works every day needs fewer days for the same."""
    parts = pending("A", ("T", 20, 1.0))
    week, always = only(parts), only(parts, team(calendar=EVERY_DAY))
    assert week.p50 is not None
    assert always.p50 is not None
    assert WEEK.between(MONDAY, week.p50) == (always.p50 - MONDAY).days


@given(TEAMS, st.lists(PENDING, max_size=5), st.one_of(st.just(MONDAY), st.just(date.max), st.just(date.min)))
def test_any_input_has_an_answer(teams: list[Team], given_: list[Pending], today: date) -> None:
    """Whatever is handed in, every milestone has an outlook; probabilities lie within 0 and 0.95, P85 is no earlier than P50."""
    found = outlooks(teams, given_, today, Bounds(active=0, items=0, days=60))
    assert sorted(found.of) == sorted({each.code for each in given_})
    for each in found.of.values():
        assert all(0 <= chance <= 0.95 for chance in each.chances)
        assert (each.p50 or date.max) <= (each.p85 or date.max)


@given(st.randoms(use_true_random=False))
def test_equal_inputs_give_equal_answers(dice: random.Random) -> None:
    """The order in which teams and milestones come changes nothing, to the last digit."""
    teams = [team("T"), team("U", STEADY[2:]), team("V", STEADY[:7])]
    everybody = [
        pending(
            code, ("T", 9, 0.3), ("UV"[at % 2], 5 + at, 0.4), predecessors=tuple("ABCD"[:at]), asked=(date(2026, 4, 1),)
        )
        for at, code in enumerate("ABCD")
    ]
    before = outlooks(teams, everybody, MONDAY)
    dice.shuffle(teams)
    dice.shuffle(everybody)
    assert outlooks(teams, everybody, MONDAY) == before


@given(st.integers(5, 40), st.integers(0, 10), st.lists(st.integers(0, 5), min_size=5, max_size=12), st.integers(0, 2))
def test_more_work_is_never_sooner(left: int, more: int, counts: list[int], faster: int) -> None:
    """More items are done no sooner, a faster team is no later."""
    bounds = Bounds(active=0, days=100)
    slow, fast = (team(counts=tuple(count + add for count in counts)) for add in (0, faster))

    def p85(items: int, by: Team) -> date:
        return outlooks([by], [pending("A", ("T", items, 0.5))], MONDAY, bounds).of["A"].p85 or date.max

    assert p85(left, fast) <= p85(left, slow) <= p85(left + more, slow)


def test_work_is_linear_in_milestones() -> None:
    """Four times the milestones on the same teams are at most four times the calls."""
    teams = [team(f"T{number}") for number in range(6)]

    def several(number: int) -> int:
        everybody = [pending(f"M{at}", (f"T{at % 6}", 5 + at % 9, 0.2), ("T0", 3, 0.1)) for at in range(number)]
        return calls(lambda: outlooks(teams, everybody, MONDAY))

    assert several(400) <= 4.2 * several(100)
