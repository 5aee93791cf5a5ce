"""What is decided of a record that came in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmosync.compute.changes import Known, Put, Touch, content_digest, decide, observe, settle
from pmosync.model import (
    Category,
    Change,
    Fact,
    MilestoneRow,
    Observation,
    Place,
    PlanRow,
    Problem,
    SourceMilestone,
    WorkItem,
)
from pmosync.raw import RawRecord, Ref

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
BEFORE = NOW - timedelta(days=1)
VERSION = Ref("jira", "version", "1")
ISSUE = Ref("jira", "issue", "1")


def version(**fields: Any) -> SourceMilestone:
    """A version."""
    told: dict[str, Any] = {"title": "1.0", "form": "version", "target": date(2026, 4, 30), **fields}
    return SourceMilestone(ref=VERSION, **told)


def known(fact: Fact | PlanRow, **fields: Any) -> Known:
    """What the store has of it since yesterday."""
    return Known(**{"fact": fact, "digest": b"1", "seen": BEFORE, "updated": BEFORE, **fields})


def raw(ref: Ref = VERSION, updated: datetime | None = NOW, **payload: Any) -> RawRecord:
    """A record of today."""
    return RawRecord(ref, payload, updated)


def due(old: str, new: str, hours: int, by: str = "li") -> Change:
    """The system tells that the due date went from ``old`` to ``new`` so many hours before now."""
    at = NOW - timedelta(hours=hours)
    return Change(ref=Ref("jira", "change", str(hours)), of=VERSION, field="due", old=old, new=new, at=at, by=by)


def moves(*told: Observation) -> list[tuple[str, str, str]]:
    """Field, old and new of each observation."""
    return [(o.field, o.old, o.new) for o in told]


def test_first_sight() -> None:
    """At first sight every watched field is observed, marked as first; an empty one as "" (found without a date)."""
    put = decide(None, raw(), b"1", version(target=None, closed=True), (), NOW)
    assert isinstance(put, Put)
    assert moves(*put.observations) == [
        ("target", "", ""),
        ("start", "", ""),
        ("closed", "", "true"),
        ("title", "", "1.0"),
    ]
    assert all(o.first and o.of == "jira:version:1" and o.seen == NOW for o in put.observations)


def test_unchanged_is_a_touch() -> None:
    """The same content, fact and problems: seen, nothing new."""
    assert decide(known(version()), raw(), b"1", version(), (), NOW) == Touch(ref=VERSION, record=VERSION, seen=NOW)


def test_mapping_changed() -> None:
    """The same content that a new mapping reads differently is stored; so are problems that come or go."""
    old, new = (
        WorkItem(ref=ISSUE, key="A-1", title="x"),
        WorkItem(ref=ISSUE, key="A-1", title="x", category=Category.DOING),
    )
    assert isinstance(decide(known(old), raw(ISSUE), b"1", new, (), NOW), Put)
    problem = Problem(rule="unmapped-status", place="A-1", message="'Odd'")
    assert isinstance(decide(known(old), raw(ISSUE), b"1", old, (problem,), NOW), Put)


def test_moved_target() -> None:
    """A moved field is one observation; a system that does not tell who leaves ``changed`` and ``by`` empty."""
    put = decide(known(version()), raw(), b"2", version(target=date(2026, 5, 8)), (), NOW)
    assert isinstance(put, Put)
    assert put.observations == (
        Observation(of="jira:version:1", field="target", old="2026-04-30", new="2026-05-08", seen=NOW),
    )


def test_told_by_the_system() -> None:
    """Where the system tells every step from the old value to the new, each step is an observation with its time and person."""
    steps = (due("2026-05-08", "2026-05-15", 2, "wang"), due("2026-04-30", "2026-05-08", 5))
    seen = observe(known(version()), version(target=date(2026, 5, 15)), NOW, steps)
    assert [(o.old, o.new, o.changed, o.by) for o in seen] == [
        ("2026-04-30", "2026-05-08", steps[1].at, "li"),
        ("2026-05-08", "2026-05-15", steps[0].at, "wang"),
    ]


def test_gap_in_what_is_told() -> None:
    """A history with a gap gives one observation, dated by the newest entry with that value; other values are not used."""
    told = (due("2026-04-01", "2026-05-15T00:00:00.000+0000", 2), due("2026-04-30", "2026-05-09", 9))
    (seen,) = observe(known(version()), version(target=date(2026, 5, 15)), NOW, told)
    assert (seen.old, seen.new, seen.changed, seen.by) == ("2026-04-30", "2026-05-15", told[0].at, "li")
    (unknown,) = observe(known(version()), version(target=date(2026, 6, 1)), NOW, told)
    assert (unknown.new, unknown.changed, unknown.by) == ("2026-06-01", None, "")


def test_told_of_the_record() -> None:
    """An epic's date is told of the issue that the epic is: the same record, another identity."""
    epic = Ref("jira", "epic", "7")
    issue = Ref("jira", "issue", "7")
    old, new = (msgspec.structs.replace(version(target=day), ref=epic) for day in (date(2026, 4, 30), date(2026, 5, 8)))
    told = msgspec.structs.replace(due("2026-04-30", "2026-05-08", 3), of=issue)
    put = decide(known(old), raw(issue), b"2", new, (), NOW, (told,))
    assert isinstance(put, Put)
    assert put.ref == epic
    assert [(o.of, o.changed, o.by) for o in put.observations] == [("jira:epic:7", told.at, "li")]


def test_entries_of_others() -> None:
    """An entry about another thing says nothing of this one."""
    other = msgspec.structs.replace(due("2026-04-30", "2026-05-15", 1), of=ISSUE)
    (seen,) = observe(known(version()), version(target=date(2026, 5, 15)), NOW, (other,))
    assert seen.changed is None


def test_older_never_goes_backwards() -> None:
    """A record older than the known one is only a sign of life."""
    touch = decide(
        known(version(), updated=NOW), raw(updated=BEFORE), b"2", version(target=None), (), NOW, (due("", "x", 1),)
    )
    assert isinstance(touch, Touch)
    assert touch.observations == ()
    assert len(touch.changes) == 1


def test_without_a_time_of_its_own() -> None:
    """A record without a time of its own is as new as its arrival."""
    assert isinstance(decide(known(version()), raw(updated=None), b"2", version(target=None), (), NOW), Put)


@pytest.mark.parametrize("digest", [b"1", b"2"])
def test_back_from_gone(digest: bytes) -> None:
    """What was not visible and is shown again is observed as back, changed or not."""
    fact = version() if digest == b"1" else version(title="1.0.1")
    intent = decide(known(version(), gone=BEFORE), raw(), digest, fact, (), NOW)
    assert intent.observations[0] == Observation(of="jira:version:1", field="gone", old="true", new="false", seen=NOW)
    assert isinstance(intent, Touch if digest == b"1" else Put)


def test_row_of_the_plan() -> None:
    """A milestone row is observed under its sheet and code: its target as ``plan``, a person's forecast, actual and wish."""
    place = Place("sheet", "Milestone inputs", 5, "PAY-M01")
    ref = Ref("sheet", "row", "milestones:PAY-M01")
    old = MilestoneRow(place=place, code="PAY-M01", target=date(2026, 4, 30))
    new = MilestoneRow(place=place, code="PAY-M01", target=date(2026, 4, 30), forecast=date(2026, 5, 8))
    put = decide(known(old, updated=None), raw(ref), b"2", new, (), NOW)
    assert isinstance(put, Put)
    assert put.ref == ref
    assert put.observations == (
        Observation(of="sheet:row:pay-m01", field="forecast", old="", new="2026-05-08", seen=NOW),
    )


def test_membership_of_an_item() -> None:
    """An item tells which source milestones it serves, each once; its other fields are not watched."""
    fact = WorkItem(ref=ISSUE, key="A-1", title="x", milestones=(VERSION, VERSION))
    put = decide(None, raw(ISSUE), b"1", fact, (), NOW)
    assert isinstance(put, Put)
    assert put.serves == (VERSION,)
    assert put.observations == ()


def test_unreadable() -> None:
    """A record that could not be read is stored with its problem, and tells no fact."""
    problem = Problem(rule="unreadable-record", place="1.0", message="no id")
    put = decide(None, raw(), b"1", None, (problem,), NOW)
    assert isinstance(put, Put)
    assert (put.ref, put.fact, put.problems) == (VERSION, None, (problem,))


@given(order=st.permutations(range(4)))
def test_one_intent_a_thing(order: list[int]) -> None:
    """Of a thing that a batch shows several times the newest record counts, in any order, and every change is kept."""
    puts = [
        decide(
            None, raw(updated=NOW + timedelta(minutes=n)), bytes([n]), version(title=str(n)), (), NOW, (due("", "", n),)
        )
        for n in range(4)
    ]
    (settled,) = settle([puts[n] for n in order])
    assert isinstance(settled, Put)
    assert settled.digest == bytes([3])
    assert len(settled.changes) == 4


def test_touch_never_replaces_a_put() -> None:
    """A sign of life beside a change of the same thing takes nothing away."""
    touch = Touch(ref=VERSION, record=VERSION, seen=NOW)
    put = decide(None, raw(), b"1", version(), (), NOW)
    assert settle([touch, put]) == (put,)
    assert settle([put, touch]) == (put,)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=8,
)


@given(payload=st.dictionaries(st.text(max_size=2), JSON, max_size=4), empty=st.sampled_from([None, "", [], {}]))
def test_digest(payload: dict[str, Any], empty: Any) -> None:
    """The hash says its version first, and ignores the order of keys and fields that are empty."""
    digest = content_digest(RawRecord(ISSUE, payload))
    turned = dict(reversed(payload.items()))
    assert digest[0] == 1
    assert len(digest) == 16
    assert content_digest(RawRecord(ISSUE, turned)) == digest
    assert content_digest(RawRecord(ISSUE, {**payload, "new": empty})) == digest
    assert content_digest(RawRecord(ISSUE, {**payload, "new": {"deep": [], "x": {"y": empty}}})) == digest
    assert content_digest(RawRecord(ISSUE, {**payload, "new": 0})) != digest
    assert content_digest(RawRecord(ISSUE, {**payload, "new": False})) != digest
    assert content_digest(RawRecord(ISSUE, payload, restricted=True)) != digest
