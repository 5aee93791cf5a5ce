"""Reading a Jira site over a distance, beside a loop of the plain client library that only iterates."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from itertools import product
from math import ceil
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from tests.benchmarks.figures import Figure, Spent, goal, medians, spent, tool
from tests.benchmarks.runs import STORE, cycle, first, requests
from tests.benchmarks.site import DATA_CENTER, changed, emulated, write_settings, write_site

CONCURRENCY = 8
NAMES = {"jira": "Jira", DATA_CENTER: "Jira Data Center"}
FASTER, CHEAPER, ABOVE_FLOOR, MEMORY = 6.0, 2.0, 1.6, 250.0


def distances(
    folder: Path, issues: int, latencies: tuple[int, ...], data_center: tuple[int, ...] = ()
) -> Iterator[Figure]:
    """First pulls of so many issues from Cloud, and from Data Center: mapped, compared and stored, no workbook; at each
    latency (milliseconds).
    """
    data = write_site(folder / f"site-{issues}", issues)
    reference = medians(lambda: _reference(data, folder))
    for system, latency in [*product(["jira"], latencies), *product([DATA_CENTER], data_center)]:
        place = folder / f"{system}-{issues}-{latency}".replace(" ", "-")
        place.mkdir()
        pull, plain, asked = _measured(data, place, latency, system)
        yield from _beside(f"{NAMES[system]}, first pull of {issues:,} issues at {latency} ms", pull, plain)
        yield _above_floor(latency, pull, asked, reference)


def _measured(data: Path, place: Path, latency: int, system: str) -> tuple[Spent, Spent, float]:
    """Our first pull, the plain loop, and how many requests ours took."""
    with emulated(data, place, latency, system) as connection:
        write_settings(place, connection, {"BIG": "Big"}, workbook=False)
        loop = [sys.executable, "-m", "tests.benchmarks.plain_loop", connection["url"], connection.get("email", "")]
        plain = medians(lambda: spent([*loop, connection["token_file"], "project = BIG ORDER BY id"], Path.cwd()))
        return medians(lambda: first(place)), plain, requests(place)


def _beside(name: str, pull: Spent, plain: Spent) -> Iterator[Figure]:
    faster, cheaper = plain.seconds / pull.seconds, plain.cpu / pull.cpu
    yield goal(f"{name}; baseline: plain loop", pull.seconds, "s", plain.seconds, faster, FASTER, "×")
    yield goal("  processor time", pull.cpu, "s", plain.cpu, cheaper, CHEAPER, "×")
    yield Figure(
        "  peak memory",
        pull.memory,
        "MB",
        plain.memory,
        plain.memory / pull.memory,
        f"≤ {MEMORY:.0f} MB",
        pull.memory <= MEMORY,
    )


def _above_floor(latency: int, pull: Spent, asked: float, reference: Spent) -> Figure:
    """The floor is what waiting and decoding must cost at least, whichever is more."""
    floor = max(ceil(asked / CONCURRENCY) * latency / 1000, reference.cpu)
    above = pull.seconds / floor
    return Figure(
        "  above the floor; baseline: the floor",
        pull.seconds,
        "s",
        floor,
        above,
        f"≤ {ABOVE_FLOOR:g}×",
        above <= ABOVE_FLOOR,
    )


def quiet(folder: Path, issues: int) -> Iterator[Figure]:
    """Further syncs of a site of which nothing has changed, then one in a hundred; over no distance: the cost is ours alone."""
    place = folder / "quiet"
    place.mkdir()
    data, most = write_site(place / "site", issues), issues // 100
    with emulated(data, place) as connection:
        write_settings(place, connection, {"BIG": "Big"}, workbook=False)
        first(place)
        yield from _nothing(place)
        write_settings(place, connection, {"BIG": "Big"})
        spent([tool("pmosync"), "sync"], place)
        again = medians(lambda: spent([tool("pmosync"), "sync"], place))
        yield Figure("  the whole program, with an .xlsx workbook read back", again.seconds, "s")
        write_settings(place, connection, {"BIG": "Big"}, workbook=False)
    shutil.copytree(place / STORE, place / "kept")
    port = urlsplit(connection["url"]).port or 0
    with emulated(changed(data, place / "changed", most), place, port=port):
        yield from _some(place, most)


def _nothing(place: Path) -> Iterator[Figure]:
    taken: list[float] = []
    whole = medians(lambda: _noted(place, taken))
    seconds, asked, units = median(taken), requests(place), 3
    yield Figure("nothing changed: a further cycle", seconds, "s", None, None, "≤ 1 s", seconds <= 1)
    yield Figure("  the whole program", whole.seconds, "s")
    most = 3 * units + 3
    yield Figure("  requests, of 3 units and 1 connection", asked, "", None, None, f"≤ {most}", asked <= most)


def _some(place: Path, changes: int) -> Iterator[Figure]:
    taken: list[float] = []
    medians(lambda: _noted(place, taken, anew=True))
    asked, most = requests(place, "project BIG"), 3 + 3 * ceil(changes / 100)
    yield Figure(f"{changes} issues changed, 1 %: a further cycle", median(taken), "s")
    yield Figure("  requests of the unit", asked, "", None, None, f"≤ {most}", asked <= most)


def _noted(place: Path, taken: list[float], anew: bool = False) -> Spent:
    """A sync, its own seconds noted; ``anew``: upon the store as it was kept."""
    if anew:
        shutil.rmtree(place / STORE)
        shutil.copytree(place / "kept", place / STORE)
    whole = spent([tool("pmosync"), "sync"], place)
    taken.append(cycle(place))
    return whole


def _reference(data: Path, folder: Path) -> Spent:
    store = folder / "reference.sqlite"
    store.unlink(missing_ok=True)
    return spent([sys.executable, "-m", "tests.benchmarks.floor", str(data / "issues.jsonl"), str(store)], Path.cwd())
