"""Baselines, colours, runs, holds, versions: what is kept, what is not kept twice, what is refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from pmosync.errors import ConfigError
from pmosync.model import Baseline, Change, Colour, Hold, Problem, ProgramRow, UnitRun
from pmosync.model import Place as Spot
from pmosync.raw import Ref
from pmosync.store import ENTITIES, Version

if TYPE_CHECKING:
    from tests.pmosync.store.conftest import Desk


def colour(desk: Desk, letter: str, day: date | None = None) -> Colour:
    """What today's assessment says of PAY-M01."""
    return Colour(code="PAY-M01", day=day or desk.now.date(), computed=letter, shown=letter, why="expected_late")


def test_baselines_stay(desk: Desk) -> None:
    """A baseline is kept once and never changes; a correction of it is a second row, and both stay."""
    first = Baseline(code="PAY-M01", version=1, day=date(2026, 4, 30), frozen=desk.now)
    assert desk.store.keep(desk.run, [first], [], desk.now) == 1
    assert desk.store.keep(desk.run, [first], [], desk.now) == 0
    desk.tomorrow()
    right = Baseline(code="PAY-M01", version=1, day=date(2026, 4, 3), frozen=desk.now, decision="D-1", correction=True)
    assert desk.store.keep(desk.run, [first, right], [], desk.now) == 1
    assert desk.snapshot().baselines == {"PAY-M01": (first, right)}
    assert desk.snapshot(0).baselines == {"PAY-M01": (first,)}


def test_colour_of_a_day(desk: Desk) -> None:
    """The last word of a day counts, on that day; once a later day is kept, a past day never changes."""
    assert desk.store.keep(desk.run, [], [colour(desk, "G")], desk.now) == 1
    assert desk.store.keep(desk.run, [], [colour(desk, "G")], desk.now) == 0
    noon = desk.now + timedelta(hours=3)
    assert desk.store.keep(desk.run, [], [colour(desk, "A")], noon) == 1
    assert desk.store.snapshot(desk.now).colours == {"PAY-M01": (colour(desk, "G"),)}
    assert desk.store.snapshot(noon).colours == {"PAY-M01": (colour(desk, "A"),)}
    monday = colour(desk, "R")
    desk.tomorrow()
    assert desk.store.keep(desk.run, [], [colour(desk, "R")], desk.now) == 1
    assert desk.store.keep(desk.run, [], [monday], desk.now) == 0
    assert [c.shown for c in desk.snapshot().colours["PAY-M01"]] == ["A", "R"]


def test_last_sixty_days(desk: Desk) -> None:
    """A snapshot carries the colours of the last 60 assessment days."""
    for number in range(70):
        day = desk.now.date() + timedelta(days=number)
        desk.store.keep(desk.run, [], [colour(desk, "G", day)], desk.at(number))
    kept = desk.snapshot(69).colours["PAY-M01"]
    assert len(kept) == 60
    assert kept[-1].day == desk.at(69).date()


def test_runs(desk: Desk) -> None:
    """A run ends with its outcome and units; one that never ended is marked when the next begins. Newest first."""
    units = (UnitRun(connection="jira", unit="项目 PAY", pulled=3, changed=1, requests=2),)
    done = desk.store.finish(desk.run, desk.now, "done", units, cells=12, words="ok")
    assert (done.epoch, done.outcome, done.units, done.cells) == (desk.run.epoch, "done", units, 12)
    desk.tomorrow()
    desk.tomorrow()
    assert [(run.outcome, run.words) for run in desk.store.runs()] == [
        ("running", ""),
        ("interrupted", "a later run has begun"),
        ("done", "ok"),
    ]
    assert len(desk.store.runs(1)) == 1


def test_freshness(desk: Desk) -> None:
    """A connection that fails keeps the time of its last good read; a past moment tells what held then."""
    desk.show(desk.item(1))
    desk.store.reached(desk.run, "jira", "Jira 主站", "ok", desk.now)
    desk.tomorrow()
    told = desk.store.reached(desk.run, "jira", "Jira 主站", "failed", desk.now, "token refused", "renew it")
    assert (told.good, told.tried, told.records) == (desk.at(0), desk.at(1), 2)
    assert desk.snapshot().freshness == (told,)
    assert [f.state for f in desk.store.freshness(desk.at(0))] == ["ok"]


@pytest.mark.parametrize(("holds", "good"), [(None, 0), (-10, -10), (10, 0)])
def test_facts_that_were_not_read_are_as_fresh_as_they_hold(desk: Desk, holds: int | None, good: int) -> None:
    """Where a system says that nothing has changed until some instant, the facts are good until then, and never until later
    than now (minutes); where the connection fails, that says nothing.
    """
    until = None if holds is None else desk.now + timedelta(minutes=holds)
    told = desk.store.reached(desk.run, "plan", "Plan", "ok", desk.now, good=until)
    assert told.good == desk.now + timedelta(minutes=good)
    assert desk.store.reached(desk.run, "plan", "Plan", "failed", desk.now, good=desk.now).good == told.good


def test_holds(desk: Desk) -> None:
    """A hold is renewed under its id and keeps its first day; accepted once, it is open no more; another word is refused."""
    hold = Hold(id="h-1", connection="jira", unit="project PAY", reason="9 gone", since=desk.now, count=9)
    desk.store.hold(desk.run, hold)
    desk.tomorrow()
    desk.store.hold(desk.run, Hold(id="h-1", connection="jira", unit="project PAY", reason="10 gone", since=desk.now))
    assert [(h.reason, h.since) for h in desk.store.holds()] == [("10 gone", desk.at(0))]
    accepted = desk.store.accept("h-1", "deleted", desk.now)
    assert (accepted.accepted, accepted.accepted_as) == (desk.now, "deleted")
    assert desk.store.holds() == ()
    assert desk.store.accepted() == (accepted,)
    for word in ("h-1", "h-2"):
        with pytest.raises(ConfigError, match=f"no open hold '{word}'.*pmosync status"):
            desk.store.accept(word, "deleted", desk.now)


def test_holds_of_a_past_moment(desk: Desk) -> None:
    """A hold stood from its first day until it was accepted or lifted, with the words it had then; one that begins again has
    not stood in between.
    """
    said = Hold(id="h-1", connection="jira", unit="project PAY", reason="9 gone", since=desk.now, count=9)

    def then() -> list[list[tuple[str, datetime]]]:
        return [[(hold.reason, hold.since) for hold in desk.store.holds(desk.at(n))] for n in range(-1, desk.day + 1)]

    desk.store.hold(desk.run, said)
    desk.tomorrow()
    desk.store.hold(desk.run, replace(said, since=desk.now))
    desk.tomorrow()
    desk.store.hold(desk.run, replace(said, reason="10 gone", since=desk.now))
    desk.tomorrow()
    desk.store.accept("h-1", "deleted", desk.now)
    nine, ten = [("9 gone", desk.at(0))], [("10 gone", desk.at(0))]
    assert then() == [[], nine, nine, ten, []]
    desk.tomorrow()
    desk.store.hold(desk.run, replace(said, reason="3 gone", since=desk.now))
    desk.tomorrow()
    assert then() == [[], nine, nine, ten, [], [("3 gone", desk.at(4))], [("3 gone", desk.at(4))]]
    desk.store.lift(desk.run, "h-1")
    assert then() == [[], nine, nine, ten, [], [("3 gone", desk.at(4))], []]
    assert desk.store.holds() == ()


def test_an_accepted_hold_that_is_lifted_was_over_when_it_was_accepted(desk: Desk) -> None:
    """And what nobody holds is lifted without a word."""
    desk.store.hold(desk.run, Hold(id="h-1", connection="jira", unit="u", reason="", since=desk.now))
    desk.store.accept("h-1", "deleted", desk.at(1))
    desk.tomorrow()
    desk.tomorrow()
    for name in ("h-1", "h-2"):
        desk.store.lift(desk.run, name)
    assert [len(desk.store.holds(desk.at(n))) for n in range(3)] == [1, 0, 0]


def test_versions(desk: Desk) -> None:
    """A policy is new when it differs from the one in force, also when it goes back to an earlier one."""
    told = [desk.store.version("policy", word, f"body {word}", desk.at(n)) for n, word in enumerate("aaba")]
    assert told == [True, False, True, True]
    assert desk.store.in_force("policy", desk.at(2)) == Version("policy", "b", "body b", desk.at(2))
    assert desk.store.in_force("policy", desk.at(-1)) is None
    assert desk.store.in_force("mapping", desk.at(2)) is None


def test_words(desk: Desk) -> None:
    """A word of the store is what was put last."""
    assert desk.store.get_meta("heartbeat") is None
    desk.store.put_meta("heartbeat", "1")
    desk.store.put_meta("heartbeat", "二")
    assert desk.store.get_meta("heartbeat") == "二"


def test_export(desk: Desk) -> None:
    """Every entity can be exported as of a moment; portfolios and programs are told apart; another word is refused."""
    place = Spot("sheet", "Programs", 2, "P")
    desk.show(ProgramRow(place=place, code="P", level="Portfolio"), desk.item(1))
    desk.show(ProgramRow(place=Spot("sheet", "Programs", 3, "Q"), code="Q", parent="P"))
    assert {word: len(list(desk.store.export(word, desk.now))) for word in ENTITIES if word[0] in "pw"} == {
        "portfolio": 1,
        "program": 1,
        "project": 0,
        "person": 0,
        "project_note": 0,
        "work_item": 1,
    }
    assert not list(desk.store.export("work_item", desk.at(-1)))
    with pytest.raises(ConfigError, match=r"no entity 'issue'.*portfolio, program, work_item"):
        desk.store.export("issue", desk.now)


def test_a_finding_stands_since_it_was_first_told(desk: Desk) -> None:
    """Its day stays from sync to sync; when it is over it is out of force, and told anew it begins anew. The past stays
    what it was.
    """
    assert desk.store.stand(desk.run, {"a": desk.now, "b": desk.now}, desk.now) == 2
    desk.tomorrow()
    assert desk.store.stand(desk.run, {"a": desk.now}, desk.now) == 1
    desk.tomorrow()
    assert desk.store.stand(desk.run, {"a": desk.now, "b": desk.now}, desk.now) == 1
    assert desk.store.stand(desk.run, {"a": desk.now, "b": desk.now}, desk.now) == 0
    assert desk.snapshot(0).standing == {"a": desk.at(0), "b": desk.at(0)}
    assert desk.snapshot(1).standing == {"a": desk.at(0)}
    assert desk.snapshot(2).standing == {"a": desk.at(0), "b": desk.at(2)}


def test_a_finding_of_a_record_tells_since_when(desk: Desk) -> None:
    """Also those that were told before findings were kept by name."""
    problem = Problem(rule="unmapped-status", place="PAY-1", message="not mapped")
    desk.show(desk.item(1), problems=(problem,))
    desk.tomorrow()
    desk.show(desk.item(1, title="another"), problems=(problem,))
    (told,) = desk.snapshot().problems
    assert (told.rule, told.since) == ("unmapped-status", desk.at(0))


def test_items_that_are_gone_have_an_end(desk: Desk) -> None:
    """A history is that of every item ever seen, as it was last known at the moment asked for; what was surely gone by then
    has its end, what is only not visible has none, and what came back is there.
    """
    desk.show(desk.item(1, 1), desk.item(2, 1), desk.item(3, 1))
    desk.tomorrow()
    desk.show(desk.item(1, 2))
    desk.store.retire(desk.run, [desk.item(2).ref], desk.now)
    desk.store.hide(desk.run, [desk.item(3).ref], desk.at(0))
    desk.tomorrow()
    desk.show(desk.item(2, 1))

    def told(day: int) -> list[tuple[str, bool, object]]:
        lived = desk.store.lived(desk.at(day))
        return [(one.item.key, desk.item(1, 2).milestones == one.item.milestones, one.ended) for one in lived]

    assert told(0) == [("PAY-1", False, None), ("PAY-2", False, None), ("PAY-3", False, None)]
    assert told(1) == [("PAY-1", True, None), ("PAY-2", False, desk.at(1)), ("PAY-3", False, None)]
    assert told(2) == [("PAY-1", True, None), ("PAY-2", False, None), ("PAY-3", False, None)]


def test_the_past_of_some_items_alone(desk: Desk) -> None:
    """Asked for some milestones of ours, the store tells of every item that was ever seen to serve them, also of one that left
    since, and of those items all that it tells of everybody: how they stand, stood, and what their systems say.
    """

    def entry(number: int) -> Change:
        ref, of = Ref("jira", "change", f"{number}-{desk.day}"), desk.item(number).ref
        return Change(ref=ref, of=of, field="due", at=desk.now)

    desk.show(desk.version(1), desk.version(2))
    desk.show(desk.item(1, 1), desk.item(2, 2), desk.item(3, 1), changes=(entry(1), entry(2)))
    desk.bind()
    desk.tomorrow()
    desk.show(desk.item(1, 2, title="moved"), desk.item(2, 2, title="stays"), changes=(entry(1),))
    first = next(tie.code for tie in desk.snapshot().bindings if tie.ref == desk.version(1).ref)
    items = desk.store.served([first], desk.now)
    assert {ref.id for ref in items} == {"1", "3"}
    store, now = desk.store, desk.now
    assert list(store.lived(now, items)) == [one for one in store.lived(now) if one.item.ref in items]
    assert list(store.earlier(now, items)) == [one for one in store.earlier(now) if one.ref in items]
    assert list(store.changes(now, items)) == [one for one in store.changes(now) if one.of in items]
    assert [sum(1 for _ in each) for each in (store.earlier(now, items), store.changes(now, items))] == [1, 2]
    assert store.served([first], desk.at(-1)) == frozenset()


def test_concerns_that_stood_lately(desk: Desk) -> None:
    """A snapshot has the concerns of its last eight days, as they were known then: an end that came later is none yet; what is
    no concern is not among them.
    """
    began = desk.now
    desk.store.stand(desk.run, dict.fromkeys(("attention:late:A", "attention:quiet:B", "other"), began), began)
    desk.tomorrow()
    desk.store.stand(desk.run, {"attention:late:A": began}, desk.now)

    def ends(day: int) -> dict[str, datetime | None]:
        return {each.finding: each.until for each in desk.snapshot(day).noted}

    assert ends(-1) == {}
    assert ends(0) == {"attention:late:A": None, "attention:quiet:B": None}
    assert ends(1) == {"attention:late:A": None, "attention:quiet:B": desk.at(1)}
    assert ends(10) == {"attention:late:A": None}
