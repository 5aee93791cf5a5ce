"""Silence is never deletion."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmosync.compute.absence import APART, MIGRATED, Stake, cleared, judge, migrated, ripe, sentence, without
from pmosync.model import Hold, Lost
from pmosync.raw import Ref

NOW = datetime(2026, 11, 16, 2, tzinfo=UTC)


def ref(number: int) -> Ref:
    """One issue."""
    return Ref("jira", "issue", str(number))


def test_gone_needs_two_lists_an_hour_apart_and_a_no_by_id() -> None:
    """Not visible since the first list that lacked it; before an hour has passed it is not even asked for."""
    long, short = NOW - APART, NOW - APART + timedelta(seconds=1)
    missing = {ref(1): long, ref(2): short, ref(3): long}
    assert ripe(missing, NOW) == (ref(1), ref(3))
    verdict = judge(missing, {ref(1): False, ref(3): True}, 1000, NOW)
    assert verdict.hide == {ref(1): long}
    assert (verdict.wait, verdict.left) == ((ref(2),), (ref(3),))
    assert verdict.hold == ()


def test_too_many_at_once_are_held_whatever_asking_says() -> None:
    """More than max(5, 2 %) of a unit: an account that lost a right looks exactly like a mass deletion."""
    long = NOW - APART * 2
    six = {ref(n): long for n in range(6)}
    assert judge(six, dict.fromkeys(six, False), 20, NOW).hold == tuple(sorted(six))
    assert judge(six, dict.fromkeys(six, False), 20, NOW).hide == {}
    assert judge(six, dict.fromkeys(six, False), 300, NOW).hold == ()
    five = dict(list(six.items())[:5])
    assert judge(five, dict.fromkeys(five, False), 5, NOW).hold == ()


@pytest.mark.parametrize(
    ("lost", "left", "looks"),
    [
        (1, 0, False),
        (2, 0, False),
        (3, 0, True),
        (5, 0, True),
        (3, 1, False),
        (5, 1, False),
        (6, 1, True),
        (6, 90, False),
    ],
)
def test_a_table_that_lost_too_much_looks_like_an_accident(lost: int, left: int, looks: bool) -> None:
    """More than max(5, 20 %) of its rows, or all of at least three: an empty answer is never a deletion."""
    assert cleared(lost, left) is looks


def test_much_of_a_milestone_is_held_alone() -> None:
    """More than max(2, 10 %) of a milestone's open items: these are held, the others of the unit are not."""
    missing = {ref(n): NOW - APART for n in range(4)}
    stakes = {"PAY-M01": Stake(10, (ref(0), ref(1), ref(2))), "PAY-M02": Stake(2, (ref(2), ref(3)))}
    verdict = judge(missing, dict.fromkeys(missing, False), 1000, NOW, stakes)
    assert (verdict.hold, verdict.codes) == ((ref(0), ref(1), ref(2)), ("PAY-M01",))
    assert set(verdict.hide) == {ref(3)}
    large = {"PAY-M01": Stake(30, (ref(0), ref(1), ref(2)))}
    assert judge(missing, dict.fromkeys(missing, False), 1000, NOW, large).hold == ()


def test_new_ids_under_old_keys() -> None:
    """Nine of ten keys that are listed under new ids look like a migrated site; fewer do not."""
    assert migrated(10, 9)
    assert not migrated(10, 8)
    assert not migrated(0, 0)


@given(
    st.dictionaries(st.integers(0, 60).map(ref), st.integers(0, 300), max_size=40),
    st.sets(st.integers(0, 60).map(ref)),
    st.integers(1, 3000),
)
def test_each_thing_gets_one_answer(minutes: dict[Ref, int], there: set[Ref], size: int) -> None:
    """Hidden, out of the unit, held or waited for: never two of them, never none; what answers by its id is not hidden."""
    missing = {key: NOW - timedelta(minutes=value) for key, value in minutes.items()}
    verdict = judge(missing, {key: key in there for key in ripe(missing, NOW)}, size, NOW)
    answers = [*verdict.hide, *verdict.left, *verdict.hold, *verdict.wait]
    assert sorted(answers) == sorted(missing)
    assert not set(verdict.hide) & there
    assert set(verdict.left) <= there


def held(mark: str, count: int) -> Hold:
    """A hold on so many items of which nearly all keys stand under new ids."""
    refs = tuple(Ref("jira", "issue", str(number)) for number in range(count))
    lost = Lost(kind="issue", of="PAY", why="new-ids", rekeyed=count - 1)
    reason = sentence(count, lost)
    moved_to = "jira" if mark else ""
    return Hold(
        id=f"{mark}h-1",
        connection="jira",
        unit="p",
        reason=reason,
        since=NOW,
        count=count,
        refs=refs,
        moved_to=moved_to,
        lost=lost,
    )


def test_a_hold_without_what_goes_on() -> None:
    """What goes on as another leaves the hold; the rest is no migration any more, and little of it is merely missing."""
    hold = held(MIGRATED, 12)
    assert without(hold, ()) == hold
    assert without(hold, hold.refs) is None
    assert without(hold, hold.refs[5:]) is None
    rest = without(hold, hold.refs[6:])
    assert rest is not None
    assert (rest.id, rest.count, rest.moved_to) == ("h-1", 6, "")
    assert rest.reason == "6 issues of PAY are not listed any more"


def test_a_hold_counts_truly() -> None:
    """Its sentence says how many of the keys came back, and knows one from many."""
    assert held(MIGRATED, 12).reason.endswith("any more, and 11 of 12 keys stand under new ids: migrated?")
    assert sentence(1, Lost(kind="merge_request", of="PAY")) == "1 merge request of PAY is not listed any more"
    told = Lost(kind="issue", of="PAY", why="losing", codes=("PAY-M01", "PAY-M02"), more=3)
    assert sentence(3, told).endswith(": too much of the open work of PAY-M01, PAY-M02 and 3 more")
    there = Lost(kind="row", of="plan", tab="Milestones", why="elsewhere", there="cloud", rekeyed=2)
    assert sentence(2, there) == (
        "2 rows of Milestones of plan are not bound any more, and 2 of 2 keys stand in cloud: migrated?"
    )
