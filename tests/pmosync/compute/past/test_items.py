"""An item's history, rebuilt from constructed entries: each case states its rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from pmosync.compute.past.items import ItemSpell, Lived, history, records
from pmosync.mapping import load_mapping
from pmosync.mapping.spec import Workflow
from pmosync.model import Category, Change, Outcome, WorkItem
from pmosync.raw import Ref

BEGAN = datetime(2026, 3, 2, tzinfo=UTC)
NOW = BEGAN + timedelta(hours=100)
JIRA, GITLAB = Ref("jira", "issue", "7"), Ref("site", "issue", "7")
WORKFLOWS: dict[tuple[str, str], Workflow] = {
    (connection, kind): workflow
    for connection, system in (("jira", "jira"), ("site", "gitlab"))
    for kind, workflow in load_mapping(system).workflows.items()
}
TITLES = {Ref("jira", "version", "1"): "v1", Ref("jira", "version", "2"): "v2", Ref("site", "milestone", "1"): "M1"}
TITLES |= {Ref("site", "issue", "7"): "PAY-7", Ref("site", "epic_item", "7"): "pay&4"}


def hour(number: float) -> datetime:
    """So many hours after the item was created."""
    return BEGAN + timedelta(hours=number)


def log(number: int, at: float, field: str, old: str = "", new: str = "", **more: str) -> Change:
    """A changelog's entry: ``old`` and ``new`` as "id:name" or a name alone."""
    (old_id, old), (new_id, new) = _parted(old), _parted(new)
    identity = f"{number}.{field}" + (f".{old_id}>{new_id}" if field in ("milestone", "label", "timebox") else "")
    ref = Ref("jira", "change", identity)
    return Change(
        ref=ref,
        of=JIRA,
        field=field,
        old=old,
        new=new,
        old_id=old_id,
        new_id=new_id,
        at=hour(at),
        by=more.get("by", ""),
    )


def event(number: int, at: float, field: str, old: str = "", new: str = "") -> Change:
    """An entry that is a record of its own, as GitLab tells them."""
    (old_id, old), (new_id, new) = _parted(old), _parted(new)
    kind = {"state": "state_event", "due": "note", "milestone": "milestone_event"}.get(field, "label_event")
    ref = Ref("site", kind, str(number))
    return Change(ref=ref, of=GITLAB, field=field, old=old, new=new, old_id=old_id, new_id=new_id, at=hour(at))


def _parted(text: str) -> tuple[str, str]:
    own, colon, name = text.partition(":")
    return (own, name) if colon else ("", text)


def item(ref: Ref = JIRA, **fields: Any) -> WorkItem:
    """An item as it is now."""
    return WorkItem(**{"ref": ref, "key": "PAY-7", "title": "t", "created": BEGAN, **fields})


def jira(status: str = "", category: Category = Category.UNMAPPED, **fields: Any) -> WorkItem:
    """An item of Jira."""
    return item(JIRA, status=status, category=category, **fields)


def gitlab(status: str = "opened", *labels: str, **fields: Any) -> WorkItem:
    """An item of GitLab."""
    category = Category.DONE if status == "closed" else Category.TODO
    return item(GITLAB, status=status, category=category, labels=labels, **fields)


def versions(*ids: int) -> tuple[Ref, ...]:
    """Versions of Jira."""
    return tuple(Ref("jira", "version", str(own)) for own in ids)


def lines(now: WorkItem, *changes: Change, field: str = "", **more: Any) -> tuple[ItemSpell, ...]:
    """The history of one item (of one field); ``peers`` are other items, ``ended`` when it was gone."""
    lived = [Lived(now, more.get("ended")), *(Lived(peer) for peer in more.get("peers", ()))]
    found = history(records(lived, changes, WORKFLOWS, TITLES, NOW, unread=more.get("unread", ())))
    return tuple(line for line in found if line.of == now.ref and field in ("", line.field))


def shown(line: ItemSpell) -> str:
    """A line as the cases write it: what, from hour to hour; ? is a gap, - is nothing."""
    what = "?" if line.gap else line.value or "+".join(line.values) or "-"
    return f"{what} {_hours(line.since)}..{_hours(line.until)}"


def _hours(at: datetime | None) -> str:
    return "" if at is None else f"{(at - BEGAN).total_seconds() / 3600:g}"


class Case(Struct, frozen=True):
    """A rule, the item now, its entries, and the lines of one field that they give."""

    rule: str
    now: WorkItem
    changes: Sequence[Change]
    expect: str
    field: str = "status"
    ended: datetime | None = None


P1, P2 = Ref("site", "milestone", "1"), Ref("site", "milestone", "2")
LI, WU = "u1:Li", "u2:Wu"

CASES = (
    # -- one value, both sides told
    Case("without entries the present value holds since creation", jira("Doing"), (), "Doing 0.."),
    Case(
        "the first value is what the first entry says was before",
        jira("Done"),
        (log(1, 5, "status", "1:To Do", "3:Done"),),
        "To Do 0..5 | Done 5..",
    ),
    Case(
        "each entry ends a spell and begins the next",
        jira("Done"),
        (log(1, 5, "status", "1:To Do", "2:Doing"), log(2, 9, "status", "2:Doing", "3:Done")),
        "To Do 0..5 | Doing 5..9 | Done 9..",
    ),
    Case(
        "entries told in any order are read by their time",
        jira("Done"),
        (log(2, 9, "status", "2:Doing", "3:Done"), log(1, 5, "status", "1:To Do", "2:Doing")),
        "To Do 0..5 | Doing 5..9 | Done 9..",
    ),
    Case(
        "what came between two entries that do not meet is a gap, and both values stay",
        jira("Done"),
        (log(1, 5, "status", "1:To Do", "2:Doing"), log(2, 9, "status", "4:Review", "3:Done")),
        "To Do 0..5 | Doing 5..5 | ? 5..9 | Review 9..9 | Done 9..",
    ),
    Case(
        "an entry whose before is nothing does not meet a value",
        jira(due=date(2026, 5, 2)),
        (log(1, 5, "due", "", "2026-05-01"), log(2, 9, "due", "", "2026-05-02")),
        "- 0..5 | 2026-05-01 5..5 | ? 5..9 | - 9..9 | 2026-05-02 9..",
        "due",
    ),
    Case(
        "a last entry that is not the present value leaves a gap until now",
        jira("Done"),
        (log(1, 5, "status", "1:To Do", "2:Doing"),),
        "To Do 0..5 | Doing 5..5 | ? 5..100 | Done 100..",
    ),
    Case(
        "a gap before the end is as long as the item itself tells",
        jira("Done", Category.DONE, resolved=hour(30)),
        (log(1, 5, "status", "1:To Do", "2:Doing"),),
        "To Do 0..5 | Doing 5..5 | ? 5..30 | Done 30..",
    ),
    Case(
        "an end before the last entry says nothing of what came after it",
        jira("Done", Category.DONE, resolved=hour(3)),
        (log(1, 5, "status", "1:To Do", "2:Doing"),),
        "To Do 0..5 | Doing 5..5 | ? 5..100 | Done 100..",
    ),
    Case(
        "an item that ended and tells no entry did not end when it was created",
        jira("Done", Category.DONE, resolved=hour(30)),
        (),
        "? 0..30 | Done 30..",
    ),
    Case(
        "entries of one second keep the order of their numbers, also from 9 to 10",
        jira("Done"),
        (log(10, 5, "status", "2:Doing", "3:Done"), log(9, 5, "status", "1:To Do", "2:Doing")),
        "To Do 0..5 | Doing 5..5 | Done 5..",
    ),
    Case(
        "a value left in the second in which it came has no length, and is there",
        jira("To Do"),
        (log(1, 5, "status", "1:To Do", "2:Doing"), log(2, 5, "status", "2:Doing", "1:To Do")),
        "To Do 0..5 | Doing 5..5 | To Do 5..",
    ),
    Case(
        "a gap within one second has no length",
        jira("Done"),
        (log(1, 5, "status", "1:To Do", "2:Doing"), log(2, 5, "status", "4:Review", "3:Done")),
        "To Do 0..5 | Doing 5..5 | ? 5..5 | Review 5..5 | Done 5..",
    ),
    Case(
        "a re-opened item has each of its ends",
        jira("Done"),
        (
            log(1, 5, "status", "1:To Do", "3:Done"),
            log(2, 9, "status", "3:Done", "5:Reopened"),
            log(3, 20, "status", "5:Reopened", "3:Done"),
        ),
        "To Do 0..5 | Done 5..9 | Reopened 9..20 | Done 20..",
    ),
    Case(
        "a renamed status is the same by its id: no gap, and the name of then",
        jira("Done"),
        (log(1, 5, "status", "1:To Do", "2:In Dev"), log(2, 9, "status", "2:Development", "3:Done")),
        "To Do 0..5 | In Dev 5..9 | Done 9..",
    ),
    Case(
        "a status renamed after the last entry is the same, where any entry tells both names of its id",
        jira("Development"),
        (
            log(1, 5, "status", "1:To Do", "2:In Dev"),
            replace(log(2, 9, "status", "2:Development", "3:Done"), of=Ref("jira", "issue", "8")),
        ),
        "To Do 0..5 | In Dev 5..",
    ),
    Case(
        "two statuses of one name are two by their ids",
        jira("Done"),
        (log(1, 5, "status", "1:To Do", "2:Review"), log(2, 9, "status", "8:Review", "3:Done")),
        "To Do 0..5 | Review 5..5 | ? 5..9 | Review 9..9 | Done 9..",
    ),
    Case(
        "without ids the names tell",
        jira("Done"),
        (log(1, 5, "status", "To Do", "Doing"), log(2, 9, "status", "Doing", "Done")),
        "To Do 0..5 | Doing 5..9 | Done 9..",
    ),
    Case(
        "an entry to the value that holds begins nothing",
        jira("Doing"),
        (log(1, 5, "status", "1:To Do", "2:Doing"), log(2, 9, "status", "2:Doing", "2:Doing")),
        "To Do 0..5 | Doing 5..",
    ),
    Case(
        "an entry told by two pages counts once",
        jira("To Do"),
        (
            log(1, 5, "status", "1:To Do", "2:Doing"),
            log(1, 5, "status", "1:To Do", "2:Doing"),
            log(2, 9, "status", "2:Doing", "1:To Do"),
        ),
        "To Do 0..5 | Doing 5..9 | To Do 9..",
    ),
    Case(
        "entries from before the creation (an import) only say with which value it began",
        jira("Done"),
        (
            log(1, -9, "status", "1:To Do", "2:Doing"),
            log(2, -5, "status", "2:Doing", "4:Review"),
            log(3, 9, "status", "4:Review", "3:Done"),
        ),
        "Review 0..9 | Done 9..",
    ),
    Case(
        "an import whose entries all lie before holds the last of them",
        jira("Doing"),
        (log(1, -9, "status", "1:To Do", "2:Doing"),),
        "Doing 0..",
    ),
    Case(
        "an item without a creation begins with its first entry",
        jira("Done", created=None),
        (log(1, 5, "status", "1:To Do", "3:Done"),),
        "To Do 5..5 | Done 5..",
    ),
    Case(
        "an entry from a clock that is ahead happens now at the latest",
        jira("Done"),
        (log(1, 120, "status", "1:To Do", "3:Done"),),
        "To Do 0..100 | Done 100..",
    ),
    Case(
        "what is surely gone has an end",
        jira("Done"),
        (log(1, 5, "status", "1:To Do", "3:Done"),),
        "To Do 0..5 | Done 5..50",
        ended=hour(50),
    ),
    # -- people
    Case(
        "an owner is the same by the account, however it is called now",
        jira(owner="u1", owner_name="Li Na"),
        (log(1, 5, "owner", "", LI),),
        "- 0..5 | Li 5..",
        "owner",
    ),
    Case(
        "a deleted user keeps the id",
        jira(owner="u2", owner_name="Wu"),
        (log(1, 5, "owner", "u9:", WU),),
        "u9 0..5 | Wu 5..",
        "owner",
    ),
    Case(
        "a server that names accounts in two ways is believed by the person's name",
        jira(owner="li", owner_name="Li"),
        (log(1, 5, "owner", "", "JIRAUSER1:Li"),),
        "- 0..5 | Li 5..",
        "owner",
    ),
    Case("nobody ever owned it: no line", jira(), (), "", "owner"),
    Case(
        "an owner taken away leaves nothing",
        jira(),
        (log(1, 5, "owner", LI, ""),),
        "Li 0..5 | - 5..",
        "owner",
    ),
    # -- dates, resolutions, estimates, parents, keys
    Case(
        "a due date is set, moved and cleared",
        jira(),
        (
            log(1, 5, "due", "", "2026-05-01"),
            log(2, 9, "due", "2026-05-01", "2026-05-09"),
            log(3, 20, "due", "2026-05-09", ""),
        ),
        "- 0..5 | 2026-05-01 5..9 | 2026-05-09 9..20 | - 20..",
        "due",
    ),
    Case(
        "a resolution is given and taken back",
        jira("To Do"),
        (log(1, 5, "resolution", "", "1:Fixed"), log(2, 9, "resolution", "1:Fixed", "")),
        "- 0..5 | Fixed 5..9 | - 9..",
        "resolution",
    ),
    Case(
        "an estimate is told in hours",
        jira(estimate=7.5),
        (log(1, 5, "estimate", "4", "7.5"),),
        "4 0..5 | 7.5 5..",
        "estimate",
    ),
    Case(
        "a parent is known by its id, and shown by its key of then",
        jira(parent="99"),
        (log(1, 5, "parent", "", "99:PAY-99"),),
        "- 0..5 | PAY-99 5..",
        "parent",
    ),
    Case(
        "a value that has lost its name is not nothing",
        jira(parent="99"),
        (log(1, 5, "parent", "", "99:"),),
        "- 0..5 | 99 5..",
        "parent",
    ),
    Case(
        "a parent that is no issue is not taken for the issue of its number",
        gitlab(parent="epic_item:7"),
        (),
        "pay&4 0..",
        "parent",
    ),
    Case(
        "a moved item had another key",
        jira(key="NEW-1"),
        (log(1, 5, "key", "PAY-7", "NEW-1"),),
        "PAY-7 0..5 | NEW-1 5..",
        "key",
    ),
    # -- several values at once
    Case(
        "a milestone that is removed first was there from the beginning",
        jira(milestones=versions(2)),
        (log(1, 5, "milestone", "1:v1", ""), log(1, 5, "milestone", "", "2:v2")),
        "v1 0..5 | v2 5..",
        "milestone",
    ),
    Case(
        "a milestone that no entry names was there from the beginning",
        jira(milestones=versions(1, 2)),
        (log(1, 5, "milestone", "", "2:v2"),),
        "v1 0..5 | v1+v2 5..",
        "milestone",
    ),
    Case(
        "milestones come and go one by one",
        jira(milestones=versions(2)),
        (
            log(1, 5, "milestone", "", "1:v1"),
            log(2, 9, "milestone", "", "2:v2"),
            log(3, 20, "milestone", "1:v1", ""),
        ),
        "- 0..5 | v1 5..9 | v1+v2 9..20 | v2 20..",
        "milestone",
    ),
    Case(
        "a milestone added twice was removed in between, and nobody told when",
        jira(milestones=versions(1)),
        (log(1, 5, "milestone", "", "1:v1"), log(2, 9, "milestone", "", "1:v1")),
        "- 0..5 | v1 5..5 | ? 5..9 | - 9..9 | v1 9..",
        "milestone",
    ),
    Case(
        "a milestone that is gone without an entry (a deleted version) leaves a gap until now",
        jira(),
        (log(1, 5, "milestone", "", "1:v1"),),
        "- 0..5 | v1 5..5 | ? 5..100 | - 100..",
        "milestone",
    ),
    Case(
        "one entry may name the milestone left and the one joined",
        jira(milestones=versions(2)),
        (log(1, 5, "milestone", "1:v1", "2:v2"),),
        "v1 0..5 | v2 5..",
        "milestone",
    ),
    Case(
        "a changelog tells labels as a whole list",
        jira(labels=("b", "c")),
        (log(1, 5, "label", "a", "a b"), log(2, 9, "label", "b a", "b c")),
        "a 0..5 | a+b 5..9 | b+c 9..",
        "label",
    ),
    Case(
        "labels that do not meet are a gap",
        jira(labels=("c",)),
        (log(1, 5, "label", "", "a"), log(2, 9, "label", "b", "c")),
        "- 0..5 | a 5..5 | ? 5..9 | b 9..9 | c 9..",
        "label",
    ),
    Case(
        "sprints are told as lists of ids and names",
        jira(timeboxes=(Ref("jira", "sprint", "1"), Ref("jira", "sprint", "2"))),
        (log(1, 5, "timebox", "", "1:S 1"), log(2, 9, "timebox", "1:S 1", "1, 2:S 1, S 2")),
        "- 0..5 | S 1 5..9 | S 1+S 2 9..",
        "timebox",
    ),
    # -- events that say one side
    Case(
        "a state event says only what came: before it the thing was open",
        gitlab("closed"),
        (event(1, 5, "state", "", "closed"),),
        "opened 0..5 | closed 5..",
    ),
    Case(
        "a re-opened issue is as open as one that was never closed",
        gitlab("opened"),
        (event(1, 5, "state", "", "closed"), event(2, 9, "state", "", "reopened")),
        "opened 0..5 | closed 5..9 | reopened 9..",
    ),
    Case(
        "events of one second keep the order of their numbers",
        gitlab("opened"),
        (event(100, 5, "state", "", "reopened"), event(99, 5, "state", "", "closed")),
        "opened 0..5 | closed 5..5 | reopened 5..",
    ),
    Case(
        "a closing that no event tells (a moved issue) is told by the issue",
        gitlab("closed", resolved=hour(30), moved_to="9"),
        (),
        "opened 0..30 | closed 30..",
    ),
    Case(
        "an issue that is closed, and nobody tells since when, is a gap",
        gitlab("closed"),
        (event(1, 5, "state", "", "closed"), event(2, 9, "state", "", "reopened")),
        "opened 0..5 | closed 5..9 | reopened 9..9 | ? 9..100 | closed 100..",
    ),
    Case(
        "a status label says the status while the issue is open, and not after",
        gitlab("closed", "status::doing"),
        (event(1, 5, "status", "", "3:doing"), event(2, 9, "state", "", "closed")),
        "opened 0..5 | doing 5..9 | closed 9..",
    ),
    Case(
        "a status label is changed for another by a removal and an addition in one second",
        gitlab("review", "status::review"),
        (
            event(1, 5, "status", "", "3:doing"),
            event(2, 9, "status", "3:doing", ""),
            event(3, 9, "status", "", "4:review"),
        ),
        "opened 0..5 | doing 5..9 | review 9..",
    ),
    Case(
        "an issue that is re-opened has its status label again",
        gitlab("doing", "status::doing"),
        (event(1, 5, "state", "", "closed"), event(2, 9, "state", "", "reopened")),
        "doing 0..5 | closed 5..9 | doing 9..",
    ),
    Case(
        "a milestone that an event adds takes the place of the one before",
        gitlab(milestones=(P2,)),
        (event(1, 5, "milestone", "", "1:M1"), event(2, 9, "milestone", "", "2:M2")),
        "- 0..5 | M1 5..9 | M2 9..",
        "milestone",
    ),
    Case(
        "a milestone that an event removes leaves none",
        gitlab(),
        (event(1, 5, "milestone", "", "1:M1"), event(2, 9, "milestone", "1:M1", "")),
        "- 0..5 | M1 5..9 | - 9..",
        "milestone",
    ),
    Case(
        "an event that removes another milestone than the last is a gap",
        gitlab(),
        (event(1, 5, "milestone", "", "1:M1"), event(2, 9, "milestone", "2:M2", "")),
        "- 0..5 | M1 5..5 | ? 5..9 | M2 9..9 | - 9..",
        "milestone",
    ),
    Case(
        "a due date told by notes is moved and cleared, though no note says what was before",
        gitlab(),
        (
            event(1, 5, "due", "", "2026-05-01"),
            event(2, 9, "due", "", "2026-05-09"),
            event(3, 20, "due", "", ""),
        ),
        "- 0..5 | 2026-05-01 5..9 | 2026-05-09 9..20 | - 20..",
        "due",
    ),
    Case(
        "labels come and go by events, several at once; those that tell the status are told there",
        gitlab("doing", "b", "status::doing"),
        (event(1, 5, "label", "", "1:a"), event(2, 9, "label", "", "2:b"), event(3, 20, "label", "1:a", "")),
        "- 0..5 | a 5..9 | a+b 9..20 | b 20..",
        "label",
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_history(case: Case) -> None:
    """The rule of each case, exactly."""
    found = lines(case.now, *case.changes, field=case.field, ended=case.ended)
    assert " | ".join(map(shown, found)) == case.expect


def test_there_are_enough_cases() -> None:
    """At least 40, each with a rule of its own."""
    assert len({case.rule for case in CASES}) == len(CASES) >= 40


# ---------------------------------------------------------------- what statuses meant

TODO, DOING, DONE, UNMAPPED = Category.TODO, Category.DOING, Category.DONE, Category.UNMAPPED
OPEN, DELIVERED, UNDELIVERED = Outcome.OPEN, Outcome.DELIVERED, Outcome.UNDELIVERED
PEERS = (
    jira("To Do", TODO),
    jira("Doing", DOING),
    jira("Closed", DONE, outcome=DELIVERED),
    jira("Rejected", DONE, outcome=UNDELIVERED),
)
MEANT = (
    (
        "what the system makes of a status today stands for its past",
        jira("Closed", DONE, outcome=DELIVERED),
        (log(1, 5, "status", "To Do", "Doing"), log(2, 9, "status", "Doing", "Closed")),
        [(TODO, OPEN), (DOING, OPEN), (DONE, DELIVERED)],
    ),
    (
        "a status that no table and no item knows is unmapped, and open",
        jira("To Do", TODO),
        (log(1, 5, "status", "Limbo", "To Do"),),
        [(UNMAPPED, OPEN), (TODO, OPEN)],
    ),
    (
        "the resolution of then says how finished work ended",
        jira("To Do", TODO),
        (
            log(1, 5, "status", "To Do", "Closed"),
            log(1, 5, "resolution", "", "2:Won't Fix"),
            log(2, 9, "status", "Closed", "To Do"),
            log(2, 9, "resolution", "2:Won't Fix", ""),
        ),
        [(TODO, OPEN), (DONE, UNDELIVERED), (TODO, OPEN)],
    ),
    (
        "a resolution corrected later cuts the spell",
        jira("Closed", DONE, resolution="Duplicate", outcome=UNDELIVERED),
        (
            log(1, 5, "status", "To Do", "Closed"),
            log(1, 5, "resolution", "", "1:Fixed"),
            log(2, 9, "resolution", "1:Fixed", "3:Duplicate"),
        ),
        [(TODO, OPEN), (DONE, DELIVERED), (DONE, UNDELIVERED)],
    ),
    (
        "a status whose own row says undelivered needs no resolution",
        jira("Rejected", DONE, outcome=UNDELIVERED),
        (log(1, 5, "status", "To Do", "Rejected"),),
        [(TODO, OPEN), (DONE, UNDELIVERED)],
    ),
    (
        "a gap means nothing",
        jira("Closed", DONE, outcome=DELIVERED),
        (log(1, 5, "status", "To Do", "Doing"),),
        [(TODO, OPEN), (DOING, OPEN), (None, None), (DONE, DELIVERED)],
    ),
    (
        "a status label by the mapping's own table, though no item wears it now",
        gitlab("closed"),
        (
            event(1, 2, "status", "", "3:doing"),
            event(2, 5, "status", "3:doing", ""),
            event(3, 9, "state", "", "closed"),
        ),
        [(TODO, OPEN), (DOING, OPEN), (TODO, OPEN), (DONE, DELIVERED)],
    ),
    (
        "an issue closed with a label that says won't fix is not delivered while it wears it",
        gitlab("closed", "wontfix"),
        (event(1, 5, "state", "", "closed"), event(2, 9, "label", "", "1:wontfix")),
        [(TODO, OPEN), (DONE, DELIVERED), (DONE, UNDELIVERED)],
    ),
    (
        "an issue that was moved to another project was not delivered here",
        gitlab("closed", moved_to="9", resolved=hour(30)),
        (),
        [(TODO, OPEN), (DONE, UNDELIVERED)],
    ),
)


@pytest.mark.parametrize(("rule", "now", "changes", "expect"), MEANT, ids=[row[0] for row in MEANT])
def test_what_a_status_meant(
    rule: str, now: WorkItem, changes: Sequence[Change], expect: list[tuple[Category | None, Outcome | None]]
) -> None:
    """Past statuses are judged by the tables that judge the present one."""
    peers = tuple(replace(peer, ref=Ref("jira", "issue", f"p{place}")) for place, peer in enumerate(PEERS))
    found = lines(now, *changes, field="status", peers=peers)
    assert [(line.category, line.outcome) for line in found] == expect


def test_a_connection_without_a_mapping_is_judged_by_its_own_items() -> None:
    """A connection that was taken out of the settings keeps its history: what its items are told to be is its table."""
    now = jira("Closed", DONE, outcome=DELIVERED, resolution="Fixed")
    peers = [replace(peer, ref=Ref("jira", "issue", f"p{place}")) for place, peer in enumerate(PEERS)]
    changes = [
        log(1, 2, "status", "To Do", "Rejected"),
        log(2, 5, "status", "Rejected", "Closed"),
        log(2, 5, "resolution", "", "1:Fixed"),
    ]
    found = history(records([Lived(one) for one in (now, *peers)], changes, {}, {}, NOW))
    told = [(line.category, line.outcome) for line in found if line.of == JIRA and line.field == "status"]
    assert told == [(TODO, OPEN), (DONE, UNDELIVERED), (DONE, DELIVERED)]


def test_an_earlier_version_teaches_what_no_item_shows_any_more() -> None:
    """A status that every item has left meant what it was judged to mean while one was in it; what items show now counts
    more.
    """
    now = jira("Closed", DONE, outcome=DELIVERED)
    earlier = [jira("To Do", TODO), jira("Closed", DOING)]
    changes = [log(1, 5, "status", "To Do", "Closed")]
    found = history(records([Lived(now)], changes, WORKFLOWS, {}, NOW, earlier))
    assert [line.category for line in found if line.field == "status"] == [TODO, DONE]


def test_who_and_which_are_told() -> None:
    """Beside the words: the system's ids, and the account that made it so."""
    first, last = lines(jira("Done"), log(1, 5, "status", "1:To Do", "3:Done", by="u1"), field="status")
    assert (first.ids, first.by, last.ids, last.by) == (("1",), "", ("3",), "u1")


# ---------------------------------------------------------------- properties

STATUSES = ("1:To Do", "2:Doing", "3:Done")
STEPS = st.lists(st.tuples(st.integers(-20, 120), st.sampled_from(STATUSES), st.sampled_from(STATUSES)), max_size=8)
ELEMENTS = st.lists(st.tuples(st.integers(-20, 120), st.integers(1, 3), st.booleans()), max_size=8)


def _status_entries(steps: Sequence[tuple[int, str, str]]) -> list[Change]:
    return [log(number, at, "status", old, new) for number, (at, old, new) in enumerate(steps)]


def _version_entries(steps: Sequence[tuple[int, int, bool]]) -> list[Change]:
    return [
        log(number, at, "milestone", *((f"{own}:v{own}", "") if left else ("", f"{own}:v{own}")))
        for number, (at, own, left) in enumerate(steps)
    ]


@given(STEPS, st.sampled_from(STATUSES), ELEMENTS, st.sets(st.integers(1, 3)), st.data())
def test_any_entries_give_a_whole_history(
    steps: Sequence[tuple[int, str, str]],
    present: str,
    moves: Sequence[tuple[int, int, bool]],
    held: set[int],
    data: st.DataObject,
) -> None:
    """Spells tile the time from creation to now without a hole and without overlap, the last one is the present value, and
    entries in another order give the same.
    """
    now = jira(present[2:], milestones=versions(*sorted(held)))
    changes = [*_status_entries(steps), *_version_entries(moves)]
    found = lines(now, *changes)
    for field in ("status", "milestone"):
        own = [line for line in found if line.field == field]
        if not own:
            assert (field, held) == ("milestone", set())
            continue
        assert own[0].since == BEGAN
        assert [line.until for line in own[:-1]] == [line.since for line in own[1:]]
        assert all(line.until is None or line.since <= line.until <= NOW for line in own)
        assert (own[-1].until, own[-1].gap) == (None, False)
    last = {line.field: line for line in found}
    assert last["status"].value == present[2:]
    assert ("milestone" in last and set(last["milestone"].ids) == set(map(str, held))) or not held
    assert lines(now, *data.draw(st.permutations(changes))) == found


@given(STEPS, st.sampled_from(STATUSES))
def test_a_value_changes_by_an_entry_or_in_a_gap(steps: Sequence[tuple[int, str, str]], present: str) -> None:
    """Whoever applies the entries from the first value on arrives at the present one, or at a told gap: two values that
    follow each other without a gap are the two sides of an entry at that instant.
    """
    changes = _status_entries(steps)
    found = lines(jira(present[2:]), *changes, field="status")
    told = {(min(change.at, NOW), change.new) for change in changes}
    for before, after in pairwise(found):
        if not (before.gap or after.gap):
            assert (after.since, after.value) in told


@pytest.mark.parametrize(
    ("now", "changes", "field", "wanted"),
    [
        (gitlab("opened", "backend"), (), "label", ["? 0..100", "backend 100.."]),
        (gitlab("opened"), (), "label", ["? 0..100", "- 100.."]),
        (gitlab("opened"), (), "status", ["? 0..100", "opened 100.."]),
        (gitlab("closed", resolved=hour(30)), (), "status", ["? 0..100", "closed 100.."]),
        (
            gitlab("closed", "backend", resolved=hour(30)),
            (event(1, 20, "label", new="backend"),),
            "status",
            ["? 0..30", "closed 30.."],
        ),
        (gitlab("opened", "backend"), (event(1, 20, "label", new="backend"),), "label", ["- 0..20", "backend 20.."]),
        (
            gitlab("opened", due=date(2026, 6, 1)),
            (event(1, 20, "state", new="closed"),),
            "due",
            ["? 0..100", "2026-06-01 100.."],
        ),
        (gitlab("opened", milestones=(Ref("site", "milestone", "1"),)), (), "milestone", ["? 0..100", "M1 100.."]),
    ],
)
def test_what_nobody_has_read_yet_is_unknown(
    now: WorkItem, changes: tuple[Change, ...], field: str, wanted: list[str]
) -> None:
    """While entries are still being fetched, a field of which none is told is a gap up to now: it is not said to have
    always been what it is. A list that was read for an item tells what it tells; another connection is not concerned.
    """
    assert [shown(line) for line in lines(now, *changes, field=field, unread={"site"})] == wanted
    read = [shown(line) for line in lines(now, *changes, field=field, unread={"jira"})]
    assert read == [shown(line) for line in lines(now, *changes, field=field)]
