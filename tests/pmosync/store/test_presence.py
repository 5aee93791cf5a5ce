"""What units show, what is missing, what is not visible: silence is never deletion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmosync.compute.changes import Put
from pmosync.model import MilestoneRow, Place
from pmosync.raw import Ref, Unit

if TYPE_CHECKING:
    from tests.pmosync.store.conftest import Desk

PAY, ALL = Unit("jira", "project PAY"), Unit("jira", "jql all")


def test_unlisted(desk: Desk) -> None:
    """Unlisted is what this unit has shown of this kind, is still visible, and is not on the list."""
    desk.show(desk.item(1), desk.item(2), desk.item(3), desk.version(1))
    desk.show(desk.item(4), unit=ALL)
    desk.store.hide(desk.run, [desk.item(3).ref], desk.now)
    assert desk.store.unlisted(PAY, "issue", {desk.item(1).ref}) == (desk.item(2).ref,)
    assert desk.store.unlisted(ALL, "issue", set()) == (desk.item(4).ref,)
    assert desk.store.unlisted(Unit("gitlab", "project PAY"), "issue", set()) == ()


def test_shown_unchanged_belongs_to_the_unit(desk: Desk) -> None:
    """A unit that shows a thing which another unit brought, unchanged, shows it all the same."""
    desk.show(desk.item(1))
    assert desk.show(desk.item(1), unit=ALL) == 0
    assert desk.store.unlisted(ALL, "issue", set()) == (desk.item(1).ref,)


def test_missing_since_the_first_list(desk: Desk) -> None:
    """Missing counts from the first list without it; shown again, or found by its id, it is missing no more."""
    refs = [desk.item(n).ref for n in (1, 2, 3)]
    desk.show(*(desk.item(n) for n in (1, 2, 3)))
    desk.store.miss(desk.run, refs, desk.now)
    desk.tomorrow()
    desk.store.miss(desk.run, refs, desk.now)
    assert desk.store.missed("jira") == dict.fromkeys(refs, desk.at(0))
    assert desk.store.missed("gitlab") == {}
    desk.show(desk.item(1))
    desk.store.found(desk.run, refs[1:2])
    assert desk.store.missed("jira") == {refs[2]: desk.at(0)}


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
