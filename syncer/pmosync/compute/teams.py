"""Who delivers, and how much a day: the teams behind items, with what each working day of their last weeks delivered."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from pmosync.compute import lifecycle
from pmosync.compute.calendars import Clock, Clocks
from pmosync.compute.draft import Draft
from pmosync.compute.forecast.given import Part, Team
from pmosync.compute.workdays import Calendar
from pmosync.model import Delivery, Snapshot, WorkItem
from pmosync.raw import Ref

WEEKS = 12
"""The last weeks whose days are the evidence of a team's pace."""


class Staff(Struct, frozen=True):
    """The teams, and what each has to do with a milestone: by code."""

    teams: tuple[Team, ...]
    parts: Mapping[str, tuple[Part, ...]]


def staff(snapshot: Snapshot, drafts: Mapping[str, Draft], clocks: Clocks) -> Staff:
    """The teams that delivered lately or have open items in milestones. A team is what its system calls so; where it names
    none, who works in a source's project is one.
    """
    names = {ref: each.key for ref, each in snapshot.source_projects.items()}
    done: dict[str, list[Delivery]] = defaultdict(list)
    for each in snapshot.deliveries:
        done[team_of(each, names)].append(each)
    todo = {code: Counter(team_of(item, names) for item in draft.items) for code, draft in drafts.items()}
    serves: dict[str, Counter[str]] = defaultdict(Counter)
    for name, own in done.items():
        serves[name].update(code for each in own for code in each.codes)
    for code, counted in todo.items():
        for name, items in counted.items():
            serves[name][code] += items
    on = {name: _clock(serves[name], drafts, clocks) for name in {*done, *serves}}
    lately = {name: within(own, on[name]) for name, own in done.items()}
    teams = tuple(_team(name, lately.get(name, ()), serves[name], drafts, on[name]) for name in sorted(on))
    return Staff(teams, {code: tuple(_parts(code, counted, lately)) for code, counted in todo.items()})


def team_of(work: WorkItem | Delivery, projects: Mapping[Ref, str]) -> str:
    """The name of the team behind a piece of work; ``projects`` are the keys of the sources' projects."""
    home = Ref(work.ref.connection, "project", work.container)
    return work.team or projects.get(home) or f"{home.connection}/{home.id}"


def within(own: Iterable[Delivery], clock: Clock) -> tuple[Delivery, ...]:
    """The deliveries of the last weeks; those of today are not all known yet."""
    first = clock.today - timedelta(weeks=WEEKS)
    return tuple(each for each in own if first <= clock.day(each.at) < clock.today)


def _clock(serves: Counter[str], drafts: Mapping[str, Draft], clocks: Clocks) -> Clock:
    """The clock of the project for which a team works most; the default one where it works for none."""
    found = Counter[str]()
    for code, items in serves.items():
        if code in drafts:
            found[drafts[code].case.milestone.project] += items
    return clocks.of(min(found, key=lambda project: (-found[project], project), default=""))


def _team(
    name: str, own: Sequence[Delivery], serves: Collection[str], drafts: Mapping[str, Draft], clock: Clock
) -> Team:
    """A team with its days. Those on which everything was paused that it works for are no evidence, if nothing came."""
    calendar = clock.calendar
    first, today = calendar.position(clock.today - timedelta(weeks=WEEKS)), calendar.position(clock.today)
    counted = Counter(calendar.position(clock.day(each.at)) for each in own)
    idle = _paused([drafts[code] for code in sorted(serves) if code in drafts], calendar, clock.today)
    days = (counted[day] for day in range(first, today) if counted[day] or day not in idle)
    return Team(name, tuple(days), calendar)


def _paused(served: Sequence[Draft], calendar: Calendar, today: date) -> frozenset[int]:
    """The working days, by number, on which all of these milestones were paused."""
    if not served or not all(each.case.life.pauses for each in served):
        return frozenset()
    return frozenset.intersection(*(frozenset(_days(each, calendar, today)) for each in served))


def _days(draft: Draft, calendar: Calendar, today: date) -> Iterator[int]:
    for first, last in lifecycle.spans(draft.case.life.pauses, today):
        yield from range(calendar.position(first), calendar.position(last))


def _parts(code: str, open_items: Counter[str], lately: Mapping[str, Sequence[Delivery]]) -> Iterator[Part]:
    """What each team has still to deliver of a milestone, and how much of its last weeks went there."""
    for name in sorted(open_items):
        own = lately.get(name, ())
        share = sum(code in each.codes for each in own) / len(own) if own else 0.0
        yield Part(name, open_items[name], share)
