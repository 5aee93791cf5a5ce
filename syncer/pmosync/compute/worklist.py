"""The exceptions for Work: open items with a problem, or in a committee milestone that is due soon."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from pmosync.compute.assessment import ItemNote, MilestoneVerdict
from pmosync.compute.calendars import Clock, Clocks
from pmosync.compute.colour import effective
from pmosync.compute.policy import Policy
from pmosync.compute.rag import LIVE
from pmosync.compute.rollup import due
from pmosync.model import Category, Level, MergeRequest, Outcome, Snapshot, SourceMilestone, WorkItem
from pmosync.raw import Ref

OVERDUE, NO_OWNER, NO_DATE, UNMAPPED, QUIET, SOON = "overdue", "no-owner", "no-date", "unmapped-status", "quiet", "soon"
GRAVITY = (OVERDUE, NO_OWNER, NO_DATE, UNMAPPED, QUIET, SOON)
"""Problems, gravest first."""


def worklist(
    snapshot: Snapshot, milestones: Mapping[str, MilestoneVerdict], clocks: Clocks, policy: Policy
) -> tuple[ItemNote, ...]:
    """A note for each exception, by project and key. Restricted items are not listed: they are only counted."""
    found = []
    for item, served in _served(snapshot, milestones, clocks, policy):
        problems = tuple(problems_of(item, served, policy))
        if problems:
            found.append(_note(item, served, problems))
    return tuple(sorted(found, key=lambda note: (note.project, note.item.key, note.item.ref)))


def _note(item: WorkItem, served: Served, problems: tuple[str, ...]) -> ItemNote:
    clock = served.clock
    due_in = clock.calendar.between(clock.today, item.due) if item.due else None
    return ItemNote(item=item, project=served.project, codes=served.codes, problems=problems, due_in=due_in)


def _served(
    snapshot: Snapshot, milestones: Mapping[str, MilestoneVerdict], clocks: Clocks, policy: Policy
) -> Iterator[tuple[WorkItem, Served]]:
    """The open items that may be listed, each with what it serves: that is told once for all items that serve the same."""
    ahead = {code: outlook(each, clocks.of(each.project), policy) for code, each in milestones.items()}
    served = {codes: _serving(codes, milestones, ahead, clocks) for codes in set(snapshot.item_codes.values())}
    homes = {home: Served(code, clocks.of(code)) for home, code in containers(snapshot, clocks).items()}
    nowhere = Served("", clocks.of(""))
    for item in snapshot.items:
        if item.outcome is Outcome.OPEN and not item.restricted:
            found = served.get(snapshot.item_codes.get(item.ref, ()))
            yield item, found or homes.get((item.ref.connection, item.container), nowhere)


def _serving(
    codes: Sequence[str], milestones: Mapping[str, MilestoneVerdict], ahead: Mapping[str, Outlook], clocks: Clocks
) -> Served | None:
    """What serves these milestones; None where none of them was judged."""
    found = tuple(code for code in codes if code in milestones)
    if not found:
        return None
    project = milestones[found[0]].project
    outlooks = [ahead[code] for code in found]
    near, soon = (any(getattr(each, field) for each in outlooks) for field in ("near", "soon"))
    return Served(project, clocks.of(project), found, near, soon)


def gravest(notes: Sequence[ItemNote], most: int) -> tuple[ItemNote, ...]:
    """The ``most`` gravest notes, in the order in which they were given: first what is in a committee milestone due soon,
    then by the gravest problem, how many there are, and how long overdue.
    """
    ranked = sorted(range(len(notes)), key=lambda place: (_gravity(notes[place]), place))
    return tuple(notes[place] for place in sorted(ranked[:most]))


def _gravity(note: ItemNote) -> tuple[bool, int, int, int]:
    worst = min(map(GRAVITY.index, note.problems), default=len(GRAVITY))
    return SOON not in note.problems, worst, -len(note.problems), note.due_in if note.due_in is not None else 0


class Served(Struct, frozen=True):
    """What an item serves: its project with its clock, and of the milestones the ``codes``, and whether any is ``near`` or due
    ``soon``.
    """

    project: str
    clock: Clock
    codes: tuple[str, ...] = ()
    near: bool = False
    soon: bool = False


class Outlook(Struct, frozen=True):
    """Of a milestone, whether it is to be kept and ``near``, and whether it is the committee's too: due ``soon``."""

    near: bool
    soon: bool


def outlook(milestone: MilestoneVerdict, clock: Clock, policy: Policy) -> Outlook:
    """Told once for all the items that serve it."""
    live = effective(milestone.rag) in LIVE and not milestone.rag.mark
    near = live and _near(due(milestone), clock, policy)
    return Outlook(near, near and milestone.level is Level.COMMITTEE)


def problems_of(item: WorkItem, served: Served, policy: Policy) -> Iterator[str]:
    """The problem codes of one open item. Owner and date are asked for once it is under way or its milestone is near."""
    clock, near, under_way = served.clock, served.near, item.category is Category.DOING
    if item.due is not None and item.due < clock.today:
        yield OVERDUE
    if not (item.owner or item.owner_name) and (under_way or near):
        yield NO_OWNER
    if item.due is None and near:
        yield NO_DATE
    if item.category is Category.UNMAPPED:
        yield UNMAPPED
    if under_way and item.updated and clock.calendar.between(clock.day(item.updated), clock.today) > policy.quiet:
        yield QUIET
    if served.soon:
        yield SOON


def secrets(snapshot: Snapshot) -> tuple[str, ...]:
    """Keys and titles of restricted things, former titles too, to be covered where other things' texts mention them. What is
    not visible any more has lost its words before: it is named nowhere, not even here.
    """
    things: tuple[WorkItem | SourceMilestone | MergeRequest, ...] = (
        *snapshot.items,
        *snapshot.sources.values(),
        *snapshot.merge_requests,
    )
    hidden = [each for each in things if each.restricted and each.ref not in snapshot.gone]
    names = {name for each in hidden for name in (each.key, each.title, *_former(snapshot, each.ref))}
    return tuple(sorted(names - {""}))


def _former(snapshot: Snapshot, ref: Ref) -> Iterator[str]:
    """What a thing was called before."""
    for seen in snapshot.observations.get(str(ref), ()):
        if seen.field == "title":
            yield from (seen.old, seen.new)


def containers(snapshot: Snapshot, clocks: Clocks) -> Mapping[tuple[str, str], str]:
    """Our project behind a source project, by connection and id of that."""
    codes = clocks.projects.keys()
    return {
        (binding.ref.connection, binding.ref.id): binding.code
        for binding in sorted(snapshot.bindings, key=lambda each: (each.ref, each.code))
        if binding.code in codes and binding.until is None
    }


def _near(day: date | None, clock: Clock, policy: Policy) -> bool:
    return day is not None and clock.calendar.between(clock.today, day) <= policy.near
