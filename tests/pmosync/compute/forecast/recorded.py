"""A recorded Jira site as a record of its versions: how the journeys of milestones are read that ended before anybody looked."""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from pmosync.compute.forecast.record import Count, Deliveries, Journey, Record, quiet_end
from pmosync.compute.workdays import Calendar

WEEK = Calendar("week")
SPRINT = "customfield_10020"
UNDELIVERED = frozenset(
    {
        "Won't Fix",
        "Won't Do",
        "Duplicate",
        "Invalid",
        "Cannot Reproduce",
        "Incomplete",
        "Needs more info",
        "Not Our Bug",
        "Rejected",
        "Hold",
        "Unresolved",
        "Deferred",
    }
)


class Item(NamedTuple):
    """A level-0 item: its project, the days of its creation and of its end, and whether it was delivered."""

    project: str
    created: date
    ended: date | None
    delivered: bool


def versions(folder: Path) -> Record:
    """Every version with a release date: from the first delivery to the last one before it falls quiet."""
    told = json.loads((folder / "site.json").read_bytes())["versions"]
    plans = {each["id"]: date.fromisoformat(each["releaseDate"]) for each in told if each.get("releaseDate")}
    return record(folder, plans, lambda fields: [version["id"] for version in fields["fixVersions"]])


def sprints(folder: Path) -> Record:
    """Every sprint as if all that was ever planned into it had to be done by its end."""
    told = json.loads((folder / "site.json").read_bytes())["sprints"]
    plans = {str(each["id"]): date.fromisoformat(each["endDate"][:10]) for each in told if each.get("endDate")}
    return record(folder, plans, lambda fields: [str(sprint["id"]) for sprint in fields.get(SPRINT) or ()])


def record(folder: Path, plans: Mapping[str, date], holders: Callable[[Mapping[str, Any]], list[str]]) -> Record:
    """The journeys of what holds items and has a planned day."""
    within: dict[str, list[Item]] = defaultdict(list)
    done: dict[str, list[date]] = defaultdict(list)
    for item, held in items(folder, holders):
        if item.delivered and item.ended:
            done[item.project].append(item.ended)
        for each in held:
            within[each].append(item)
    found = (journey(each, plans[each], within[each]) for each in sorted(within) if each in plans)
    return Record(
        as_of=date(2022, 1, 1),
        journeys=tuple(each for each in found if each.start is not None),
        teams={project: Deliveries(WEEK, tuple(sorted(days))) for project, days in done.items()},
        calendars=dict.fromkeys(done, WEEK),
    )


def items(folder: Path, holders: Callable[[Mapping[str, Any]], list[str]]) -> Iterator[tuple[Item, list[str]]]:
    """Every item that is neither an epic nor a sub-task, with what holds it."""
    decoder = msgspec.json.Decoder()
    with gzip.open(folder / "issues.jsonl.gz") as lines:
        for line in lines:
            fields: Mapping[str, Any] = decoder.decode(line)["fields"]
            kind = fields["issuetype"]
            if not kind["subtask"] and kind["name"] != "Epic":
                yield item(fields), holders(fields)


def item(fields: Mapping[str, Any]) -> Item:
    """An item by the fields of its issue."""
    ended = date.fromisoformat(fields["resolutiondate"][:10]) if fields["resolutiondate"] else None
    good = ended is not None and (fields["resolution"] or {}).get("name") not in UNDELIVERED
    return Item(fields["project"]["key"], date.fromisoformat(fields["created"][:10]), ended, good)


def journey(version: str, plan: date, held: list[Item]) -> Journey:
    """A milestone by the items that it holds at last: it is of the project that most of them are of."""
    projects = Counter(each.project for each in held)
    project = max(sorted(projects), key=lambda each: projects[each])
    return Journey(
        code=version,
        project=project,
        team=project,
        kind="delivery",
        plans=((date.min, plan),),
        counts=tuple(counts(held)),
        completed=quiet_end(sorted(each.ended for each in held if each.delivered and each.ended)),
    )


def counts(held: list[Item]) -> Iterator[Count]:
    """Its scope at the end of each day on which something changed."""
    turns: dict[date, list[int]] = defaultdict(lambda: [0, 0, 0])
    for each in held:
        turns[each.created][0] += 1
        if each.ended:
            turns[each.ended][2 if each.delivered else 1] += 1
    total = [0, 0, 0]
    for day in sorted(turns):
        total = [before + now for before, now in zip(total, turns[day], strict=True)]
        yield Count(day, *total)
