"""A sync beside a large store: what happened long ago must cost nothing now."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pmosync import settings, wiring
from pmosync.engine.house import House
from pmosync.engine.intake import ready, take
from pmosync.mapping import Context
from pmosync.raw import Batch, RawRecord, Ref, Scope, Unit
from tests.benchmarks.figures import Figure, Spent, medians, spent, tool
from tests.benchmarks.runs import STORE, requests
from tests.benchmarks.site import changed, emulated, rewritten, write_settings, write_site

CHANGED = 1_000
VERSIONS, UNRELEASED = 2_000, 100
PIECE = 5_000
SECONDS, MEMORY = 10.0, 600.0
UNIT = Unit("jira", str(Scope("project", "BIG")), "project BIG")


def cycle(folder: Path, stored: int, opened: int) -> Iterator[Figure]:
    """A cycle that meets 1,000 changed issues beside so many stored ones, of which ``opened`` are open."""
    folder.mkdir()
    data = _planned(write_site(folder / "site", CHANGED, VERSIONS, UNRELEASED))
    with emulated(data, folder) as connection:
        write_settings(folder, connection, {"BIG": "Big"}, workbook=False)
        spent([tool("pmosync"), "sync"], folder)
        _grow(folder, stored - CHANGED, opened - CHANGED)
        spent([tool("pmosync"), "sync"], folder)
        shutil.copytree(folder / STORE, folder / "grown")
    port = urlsplit(connection["url"]).port or 0
    with emulated(changed(data, folder / "moved", CHANGED), folder, port=port):
        taken = medians(lambda: _again(folder))
        asked = requests(folder)
    yield Figure(
        f"a cycle with {CHANGED:,} changes beside {stored:,} stored issues, {opened:,} open",
        taken.seconds,
        "s",
        goal=f"≤ {SECONDS:.0f} s",
        met=taken.seconds <= SECONDS,
    )
    yield Figure("  peak memory", taken.memory, "MB", goal=f"≤ {MEMORY:.0f} MB", met=taken.memory <= MEMORY)
    yield Figure("  requests", asked, "")


def _again(folder: Path) -> Spent:
    shutil.rmtree(folder / STORE)
    shutil.copytree(folder / "grown", folder / STORE)
    return spent([tool("pmosync"), "sync"], folder)


def _planned(data: Path) -> Path:
    """The site with its issues in versions that are not released yet: that is where work goes on."""
    return rewritten(data, lambda number: {"fixVersions": [_version(VERSIONS - UNRELEASED + number % UNRELEASED)]})


def _version(number: int) -> dict[str, str]:
    return {"id": str(20000 + number), "name": f"1.{number}"}


def _grow(folder: Path, more: int, opened: int) -> None:
    """Store so many further issues as a run would, and count no ids for the time being: the emulator knows none of these."""
    house = wiring.open_house(settings.load(folder / "pmosync.yaml"), lambda: datetime.now(UTC), threading.Event())
    try:
        run = house.store.begin(house.now())
        pattern = next(house.store.records("jira", "issue"))
        for first in range(0, more, PIECE):
            numbers = range(first, min(first + PIECE, more))
            _store(house, run, tuple(_issue(pattern, number, more - opened) for number in numbers))
        house.store.finish(run, house.now(), "done", ())
        due = (house.now() + timedelta(days=365)).isoformat()
        keys = [UNIT.key, "versions", "sprints"]
        house.store.put_meta("census:jira", json.dumps(dict.fromkeys(keys, due)))
    finally:
        house.store.close()


def _store(house: House, run: Any, records: tuple[RawRecord, ...]) -> None:
    lane = next(lane for lane in house.lanes if lane.connection == "jira")
    context = Context(base_url=lane.base_url)
    take(house.store, run, [ready(house.store, lane.mapping, Batch(UNIT, records), context)], run.started)


def _issue(pattern: RawRecord, number: int, closed: int) -> RawRecord:
    """An issue like the pattern; the first ``closed`` ones are done and belong to released versions."""
    done, born = number < closed, datetime(2015, 1, 1, tzinfo=UTC) + timedelta(minutes=5 * number)
    moved = (born + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    category = {"id": 3, "key": "done", "name": "Done"} if done else {"id": 2, "key": "new", "name": "To Do"}
    released = VERSIONS - UNRELEASED
    version = number * released // closed if done else released + number % UNRELEASED
    fields = {
        **pattern.payload["fields"],
        "status": {"name": category["name"], "statusCategory": category},
        "resolution": {"name": "Done"} if done else None,
        "resolutiondate": moved if done else None,
        "created": born.strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
        "updated": moved,
        "fixVersions": [_version(version)],
    }
    payload = {
        "id": str(10**7 + number),
        "key": f"BIG-{10**7 + number}",
        "fields": fields,
        "changelog": {"histories": []},
    }
    return RawRecord(Ref("jira", "issue", str(10**7 + number)), payload, born + timedelta(days=9))
