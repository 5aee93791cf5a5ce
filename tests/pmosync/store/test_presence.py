"""What units show, what is missing, what is not visible: silence is never deletion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from tests.effort import calls

from pmosync.compute.changes import Put
from pmosync.model import MilestoneRow, Place, Problem
from pmosync.raw import Cursor, Ref, Unit
from pmosync.store import Taking

if TYPE_CHECKING:
    from tests.pmosync.store.conftest import Desk

PAY, ALL = Unit("jira", "project PAY"), Unit("jira", "jql all")


def test_unlisted(desk: Desk) -> None:
    """Unlisted is what this unit has shown of this kind, is still visible, and is not on the list."""
    desk.show(desk.item(1), desk.item(2), desk.item(3), desk.version(1))
    desk.show(desk.item(4), unit=ALL)
    desk.store.hide(desk.run, [desk.item(3).ref], desk.now)
    assert desk.store.standing(PAY, {"issue": {desk.item(1).ref}})[0]["issue"].absent == (desk.item(2).ref,)
    assert desk.store.standing(ALL, {"issue": set()})[0]["issue"].absent == (desk.item(4).ref,)
    assert desk.store.standing(Unit("gitlab", "project PAY"), {"issue": set()})[0]["issue"].absent == ()


def test_what_is_kept_of_things(desk: Desk) -> None:
    """The record as it was last read, though the thing is hidden by now; nothing of a retired or unknown one."""
    desk.show(desk.item(1), desk.item(2), desk.item(3))
    desk.store.hide(desk.run, [desk.item(2).ref], desk.now)
    desk.store.retire(desk.run, [desk.item(3).ref], desk.now)
    refs = [desk.item(n).ref for n in (1, 2, 3, 4)]
    assert desk.store.count_kept([*refs, refs[0]]) == 2
    assert desk.store.kept([*refs, refs[0]]) == {raw.ref: raw for raw in map(desk.raw, map(desk.item, (1, 2)))}


def test_shown_unchanged_belongs_to_the_unit(desk: Desk) -> None:
    """A unit that shows a thing which another unit brought, unchanged, shows it all the same."""
    desk.show(desk.item(1))
    assert desk.show(desk.item(1), unit=ALL) == 0
    assert desk.store.standing(ALL, {"issue": set()})[0]["issue"].absent == (desk.item(1).ref,)


def test_missing_since_the_first_list(desk: Desk) -> None:
    """Missing counts from the first list without it; shown or listed again, it is missing no more."""
    refs = [desk.item(n).ref for n in (1, 2, 3)]
    desk.show(*(desk.item(n) for n in (1, 2, 3)))
    desk.store.miss(desk.run, refs, desk.now)
    desk.tomorrow()
    desk.store.miss(desk.run, refs, desk.now)
    assert desk.store.missed("jira") == dict.fromkeys(refs, desk.at(0))
    assert desk.store.missed("gitlab") == {}
    desk.show(desk.item(1))
    desk.store.returned(desk.run, ALL, refs[1:2], desk.now)
    assert desk.store.missed("jira") == {refs[2]: desk.at(0)}


def test_items_whose_keys_stand_in_another_connection(desk: Desk) -> None:
    """Counted by connection, while both are in force."""
    items = [desk.item(number) for number in (1, 2, 3)]
    desk.show(*items)
    refs = tuple(item.ref for item in items)
    assert desk.store.elsewhere(PAY) == (refs, {})
    there = [msgspec.structs.replace(item, ref=Ref("cloud", "issue", item.ref.id)) for item in items[:2]]
    desk.show(*there, unit=Unit("cloud", "project PAY"))
    assert desk.store.elsewhere(PAY) == (refs, {"cloud": 2})
    desk.store.retire(desk.run, [there[0].ref], desk.now)
    assert desk.store.elsewhere(PAY) == (refs, {"cloud": 1})
    assert desk.store.left("jira", {"project PAY"}) == ()
    assert desk.store.left("jira", ()) == (PAY,)


def test_keys_of_another_connection_are_compared_in_the_store(desk: Desk) -> None:
    """A hold may stand for weeks: each sync asks how many keys are the same, and does not take in all of a big site."""
    desk.show(*(desk.item(number) for number in (1, 2)))

    def asked(numbers: range) -> int:
        there = (msgspec.structs.replace(desk.item(each), ref=Ref("cloud", "issue", str(each))) for each in numbers)
        desk.show(*there, unit=Unit("cloud", "project PAY"))
        assert desk.store.elsewhere(PAY)[1] == {"cloud": 1}
        return calls(lambda: desk.store.elsewhere(PAY))

    few = asked(range(2, 10))
    assert asked(range(10, 300)) < few + 200


def test_hidden_and_back(desk: Desk) -> None:
    """Hiding is known from its run on, says since when, is observed once, and ends when the source shows the thing again."""
    version = desk.version(1)
    desk.show(version)
    desk.tomorrow(3)
    desk.store.hide(desk.run, [version.ref], desk.at(1))
    desk.store.hide(desk.run, [version.ref], desk.at(2))
    assert desk.snapshot(2).gone == {}
    assert desk.snapshot().gone == {version.ref: desk.at(1)}
    assert desk.snapshot().sources == {version.ref: version}
    desk.tomorrow()
    desk.show(version)
    assert desk.snapshot().gone == {}
    assert desk.snapshot(3).gone == {version.ref: desk.at(1)}
    gone = [o for o in desk.snapshot().observations[str(version.ref)] if o.field == "gone"]
    assert [(o.new, o.seen) for o in gone] == [("true", desk.at(3)), ("false", desk.at(4))]


def test_row_taken_out_and_put_back(desk: Desk) -> None:
    """A row taken out leaves the plan; put back it is in force again, and its history goes on where it ended."""
    row = MilestoneRow(place=Place("sheet", "Milestone inputs", 2, "PAY-M01"), code="PAY-M01")
    ref = Ref("sheet", "row", "Milestone inputs:PAY-M01")
    desk.show(row, unit=Unit("sheet", "tabs"))
    desk.tomorrow()
    assert desk.store.retire(desk.run, [ref], desk.now) == 1
    assert desk.snapshot().plan.milestones == ()
    assert desk.snapshot(0).plan.milestones == (row,)
    desk.tomorrow()
    desk.show(row, unit=Unit("sheet", "tabs"))
    assert desk.snapshot().plan.milestones == (row,)
    assert [o.seen for o in desk.snapshot().observations["PAY-M01"]] == [desk.at(0)] * 4


def test_reach(desk: Desk) -> None:
    """What a filter-bound unit claims: the source milestones that its items serve now."""
    desk.show(desk.item(1, 1), desk.item(2, 2))
    desk.show(desk.item(2, 2), desk.item(3, 3, 4), unit=ALL)
    assert [ref.id for ref in desk.store.reach(ALL)] == ["2", "3", "4"]
    desk.show(desk.item(3, 4), unit=ALL)
    assert [ref.id for ref in desk.store.reach(ALL)] == ["2", "4"]


def test_two_things_of_one_record(desk: Desk) -> None:
    """A record that tells an item and an epic: both are hidden with it, both come back with it."""
    epic = desk.version(1, form="epic")
    raw = desk.raw(desk.item(7))
    puts = [Put(ref=fact.ref, raw=raw, digest=b"1", fact=fact, seen=desk.now) for fact in (desk.item(7), epic)]
    desk.store.commit(desk.run, PAY, puts, None)
    desk.store.hide(desk.run, [raw.ref], desk.now)
    assert set(desk.snapshot().gone) == {desk.item(7).ref, epic.ref}
    desk.store.commit(desk.run, PAY, puts, None)
    assert desk.snapshot().gone == {}


def test_keys_under_new_ids(desk: Desk) -> None:
    """A key that the unit shows under another id is told; one that is lost under both ids, or blank, is not."""
    items = [desk.item(n) for n in (1, 2, 3)]
    twins = [msgspec.structs.replace(item, ref=Ref("jira", "issue", f"9{item.ref.id}")) for item in items[:2]]
    desk.show(*items, *twins)
    lost = [item.ref for item in items]
    assert desk.store.rekeyed(PAY, lost) == 2
    assert desk.store.rekeyed(PAY, [*lost, twins[0].ref]) == 1
    assert desk.store.rekeyed(ALL, lost) == 0


def test_leaving_a_unit(desk: Desk) -> None:
    """What another unit shows stays in force; what none shows is retired."""
    desk.show(desk.item(1), desk.item(2))
    desk.show(desk.item(2), unit=ALL)
    desk.tomorrow()
    assert desk.store.end_units(desk.run, "jira", {ALL.key}, desk.now) == 2
    assert [item.key for item in desk.store.export("work_item", desk.now)] == ["PAY-2"]  # type: ignore[attr-defined]
    assert desk.store.standing(PAY, {"issue": set()})[0]["issue"].absent == ()


def test_the_finding_of_what_is_listed_no_more(desk: Desk) -> None:
    """A record that tells nothing is known to be unlisted; retired, its finding ends."""
    raw = desk.raw(desk.item(5))
    told = (Problem(rule="unreadable-record", place="jira PAY-5", message="cannot be read"),)
    put = Put(ref=raw.ref, raw=raw, digest=b"1", fact=None, seen=desk.now, problems=told)
    desk.store.commit(desk.run, PAY, [put], None)
    assert len(desk.snapshot().problems) == 1
    assert desk.store.standing(PAY, {"issue": set()})[0]["issue"].unread == (raw.ref,)
    assert desk.store.standing(PAY, {"issue": {raw.ref}})[0]["issue"].unread == ()
    desk.tomorrow()
    desk.store.retire(desk.run, [raw.ref], desk.now)
    assert desk.snapshot().problems == ()


def test_listed_again(desk: Desk) -> None:
    """What a full list shows is neither hidden nor missing; of what was retired everything is read again."""
    desk.show(desk.item(1), desk.item(2), desk.item(3), cursor="{}")
    refs = [desk.item(n).ref for n in (1, 2, 3)]
    desk.store.hide(desk.run, refs[:1], desk.now)
    desk.store.miss(desk.run, refs[1:2], desk.now)
    desk.tomorrow()
    desk.store.returned(desk.run, PAY, refs[:2], desk.now)
    assert (desk.snapshot().gone, desk.store.missed("jira")) == ({}, {})
    assert desk.store.cursors("jira")
    desk.store.retire(desk.run, refs[2:], desk.now)
    desk.store.returned(desk.run, PAY, refs, desk.now)
    assert desk.store.cursors("jira") == {}


def test_what_needs_a_look_is_told_at_once(desk: Desk) -> None:
    """A list that holds something hidden, missing or retired says so, of whichever unit it was; one of things in force
    and of things never seen says nothing.
    """
    desk.show(*(desk.item(n) for n in (1, 2, 3, 4)))
    desk.show(desk.item(5), desk.item(6), unit=ALL)
    refs = {n: desk.item(n).ref for n in range(1, 9)}
    desk.store.hide(desk.run, [refs[1], refs[5]], desk.now)
    desk.store.miss(desk.run, [refs[2]], desk.now)
    desk.store.retire(desk.run, [refs[3], refs[6]], desk.now)
    told = {n: desk.store.standing(PAY, {"issue": {ref}})[0]["issue"].back for n, ref in refs.items()}
    assert told == {1: True, 2: True, 3: True, 4: False, 5: True, 6: True, 7: False, 8: False}


def test_a_count_speaks_of_every_kind(desk: Desk) -> None:
    """Kinds that tell something and that a whole count does not name have lost all; a list of one kind says nothing of
    the others, nor does a count of what never told anything.
    """
    desk.show(desk.item(1), desk.version(1))
    assert set(desk.store.standing(PAY, {"issue": {desk.item(1).ref}})[0]) == {"issue"}
    counted = desk.store.standing(PAY, {"issue": {desk.item(1).ref}}, counted=True)[0]
    assert {kind: found.absent for kind, found in counted.items()} == {
        "issue": (),
        "project": (Ref("jira", "project", "10"),),
        "version": (desk.version(1).ref,),
    }
    assert desk.store.standing(ALL, {}, counted=True)[0] == {}


def _tell(desk: Desk, unit: Unit, share: float | None = None) -> None:
    desk.store.take(desk.run, [Taking(unit, (), lambda _known: (), Cursor("{}"), share)])


def test_what_tells_more_about_things_begins_anew_with_them(desk: Desk) -> None:
    """Read from the start, a unit takes with it what is behind it, through or not; what is behind another one goes on."""
    desk.show(desk.item(1), cursor="{}")
    _tell(desk, Unit("jira", "history", "history of PAY", PAY.key), 1.0)
    _tell(desk, Unit("jira", "other history", "", "other"), 0.5)
    desk.store.retire(desk.run, [desk.item(1).ref], desk.now)
    desk.store.returned(desk.run, PAY, [desk.item(1).ref], desk.now)
    assert set(desk.store.cursors("jira")) == {"other history"}


def test_how_far_a_patient_unit_is(desk: Desk) -> None:
    """Kept with its cursor and told with how fresh its connection is, until it is through; one that could not begin has
    nothing behind it, and one that nobody asks for any more is forgotten.
    """
    unit, idle = Unit("jira", "history", "history of PAY", PAY.key), Unit("jira", "idle", "idle", PAY.key)
    _tell(desk, unit, 0.43)
    told = desk.store.reached(desk.run, "jira", "Jira", "ok", desk.now, patient=(unit, idle))
    assert [(part.title, part.behind, part.percent) for part in told.parts] == [
        ("history of PAY", PAY.key, 43),
        ("idle", PAY.key, 0),
    ]
    assert desk.store.freshness(desk.now) == (told,)
    assert desk.store.unfinished() == told.parts[:1]
    _tell(desk, unit, 1.0)
    assert desk.store.reached(desk.run, "jira", "Jira", "ok", desk.now, patient=(unit,)).parts == ()
    _tell(desk, unit, 0.5)
    desk.store.end_units(desk.run, "jira", {PAY.key}, desk.now)
    assert desk.store.unfinished() == ()
