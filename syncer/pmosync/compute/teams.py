"""Who delivers, and how much a day: the teams behind items, with what each working day of their last weeks delivered."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from pmosync.compute import lifecycle
from pmosync.compute.calendars import Clocks
from pmosync.compute.case import Case
from pmosync.compute.draft import Draft
from pmosync.compute.forecast import throughput
from pmosync.compute.forecast.given import Part, Team
from pmosync.compute.forecast.record import Deliveries
from pmosync.compute.forecast.throughput import Served
from pmosync.model import Delivery, Snapshot, SourceProject, WorkItem
from pmosync.raw import Ref

NOTHING = Served()


class Staff(Struct, frozen=True):
    """The teams, what each has to do with a milestone (by code), and the days of what each delivered lately."""

    teams: tuple[Team, ...]
    parts: Mapping[str, tuple[Part, ...]]
    days: Mapping[str, tuple[date, ...]]

    def deliveries(self, code: str) -> Deliveries | None:
        """What the team delivered lately that has most to do with a milestone; of equal ones the first by name."""
        most = max(self.parts[code], key=lambda part: part.open, default=None)
        if most is None:
            return None
        return Deliveries(next(team.calendar for team in self.teams if team.code == most.team), self.days[most.team])


def staff(snapshot: Snapshot, drafts: Mapping[str, Draft], clocks: Clocks) -> Staff:
    """The teams that delivered lately or have open items in milestones. A team is what its system calls so; where it names
    none, who works in a source's project is one.
    """
    names = names_of(snapshot.source_projects)
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
    served = {name: serves[name] for name in sorted({*done, *serves})}
    crews = [_crew(name, done[name], codes, drafts, clocks) for name, codes in served.items()]
    lately = {each.team.code: each.served for each in crews}
    parts = {code: tuple(_parts(code, counted, lately)) for code, counted in todo.items()}
    return Staff(tuple(each.team for each in crews), parts, {each.team.code: each.days for each in crews})


class Crew(Struct, frozen=True):
    """A team, by milestone what that got of what it delivered lately, and the days of all of it."""

    team: Team
    served: Mapping[str, Served]
    days: tuple[date, ...]


def names_of(projects: Mapping[Ref, SourceProject]) -> Mapping[Ref, str]:
    """The sources' projects by their keys; a key that two systems use stands behind the connection's name."""
    often = Counter(each.key for each in projects.values())
    return {ref: each.key if often[each.key] == 1 else f"{ref.connection}/{each.key}" for ref, each in projects.items()}


def team_of(work: WorkItem | Delivery, projects: Mapping[Ref, str]) -> str:
    """The name of the team behind a piece of work; ``projects`` are the keys of the sources' projects."""
    if work.team:
        return work.team
    home = Ref(work.ref.connection, "project", work.container)
    return projects.get(home) or f"{home.connection}/{home.id}"


def _crew(
    name: str, done: Iterable[Delivery], serves: Counter[str], drafts: Mapping[str, Draft], clocks: Clocks
) -> Crew:
    """A team on its own calendar, with what it delivered."""
    project = _project(serves, drafts)
    clock, calendar = clocks.of(project), clocks.team(name, project)
    own = [throughput.Delivery(clock.day(each.at), each.codes) for each in done]
    away = tuple(_away([drafts[code].case for code in sorted(serves) if code in drafts], clock.today))
    team = throughput.team(name, calendar, own, clock.today, away)
    days = tuple(sorted(each.day for each in own))
    return Crew(team, throughput.shares(calendar, own, clock.today, away), days)


def _project(serves: Counter[str], drafts: Mapping[str, Draft]) -> str:
    """The project for which a team works most; "" where it works for none."""
    found = Counter[str]()
    for code, items in serves.items():
        if code in drafts:
            found[drafts[code].case.milestone.project] += items
    return min(found, key=lambda project: (-found[project], project), default="")


def _away(served: Sequence[Case], today: date) -> Iterator[throughput.Span]:
    """The days on which all that a team works for was paused: they say nothing of its pace."""
    if served and all(case.life.pauses for case in served):
        paused = frozenset.intersection(*(_paused(case, today) for case in served))
        yield from ((date.fromordinal(day), date.fromordinal(day + 1)) for day in sorted(paused))


def _paused(case: Case, today: date) -> frozenset[int]:
    """The days of the last weeks, as ordinals, on which a milestone was paused."""
    first = today.toordinal() - 7 * throughput.WEEKS
    spans = lifecycle.spans(case.life.pauses, today)
    return frozenset(day for since, until in spans for day in range(max(since.toordinal(), first), until.toordinal()))


def _parts(code: str, open_items: Counter[str], lately: Mapping[str, Mapping[str, Served]]) -> Iterator[Part]:
    """What each team has still to deliver of a milestone, and how much of its last weeks went there."""
    for name in sorted(open_items):
        served = lately[name].get(code, NOTHING)
        yield Part(name, open_items[name], served.share, served.days)
