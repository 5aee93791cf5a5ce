"""Run every benchmark and print the table."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.figures import Figure, Spent, keep, medians, spent, tool
from tests.benchmarks.site import emulated, write_settings, write_site
from tests.scenarios.real_site import PROJECTS

ISSUES = 10_000
STORE = "store"


def synthetic(folder: Path) -> Iterator[Figure]:
    """A first sync of 10,000 issues, mapped, compared, stored, assessed and published, beside a loop that only reads
    them.
    """
    data = write_site(folder / "site", ISSUES)
    with emulated(data, folder) as connection:
        write_settings(folder, connection, {"BIG": "Big"})
        loop = [sys.executable, "-m", "tests.benchmarks.plain_loop", connection["url"], connection["email"]]
        plain = medians(lambda: spent([*loop, connection["token_file"], "project = BIG ORDER BY id"], Path.cwd()))
        first = medians(lambda: _first(folder))
        again = medians(lambda: spent([tool("pmosync"), "sync"], folder))
    yield Figure(
        f"first sync of {ISSUES:,} issues, whole process; baseline: plain loop",
        first.seconds,
        "s",
        plain.seconds,
        plain.seconds / first.seconds,
    )
    yield Figure("  processor time", first.cpu, "s", plain.cpu, plain.cpu / first.cpu)
    yield Figure("  peak memory", first.memory, "MB", plain.memory, plain.memory / first.memory)
    yield Figure(
        "nothing changed: a further sync; baseline: the first",
        again.seconds,
        "s",
        first.seconds,
        first.seconds / again.seconds,
    )


def recorded(data: Path, folder: Path) -> Iterator[Figure]:
    """The recorded site: 29,057 issues, 821 versions, 377 sprints."""
    folder.mkdir()
    with emulated(data, folder) as connection:
        write_settings(folder, connection, PROJECTS)
        first = medians(lambda: _first(folder))
        requests = _requests(folder)
        again = medians(lambda: spent([tool("pmosync"), "sync"], folder))
        quiet = _requests(folder)
    yield Figure("recorded site, first sync of 29,057 issues", first.seconds, "s")
    yield Figure("  processor time", first.cpu, "s")
    yield Figure("  peak memory", first.memory, "MB")
    yield Figure("  requests", requests, "")
    yield Figure(
        "recorded site, a further sync with nothing changed; baseline: the first",
        again.seconds,
        "s",
        first.seconds,
        first.seconds / again.seconds,
    )
    yield Figure("  requests", quiet, "", requests, requests / quiet)


def _first(folder: Path) -> Spent:
    """A sync into an empty store."""
    shutil.rmtree(folder / STORE, ignore_errors=True)
    (folder / "workbook.xlsx").unlink(missing_ok=True)
    return spent([tool("pmosync"), "sync"], folder)


def _requests(folder: Path) -> float:
    """Requests of the last run, as the store has them."""
    command = [tool("pmosync"), "status", "--json", "--runs", "1"]
    told = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout
    run = next(line["run"] for line in map(json.loads, told.splitlines()) if "run" in line)
    return float(sum(unit["requests"] for unit in run["units"]))


def main() -> None:
    """Everything that can be measured here; the recorded site only where it is at hand."""
    with tempfile.TemporaryDirectory() as name:
        figures = list(synthetic(Path(name)))
        given = os.environ.get("PMOSYNC_CONFORMANCE", "")
        if given:
            figures += recorded(Path(given).resolve() / "data" / "jira-tidev", Path(name) / "recorded")
        else:
            sys.stdout.write("PMOSYNC_CONFORMANCE is not set: the recorded site is left out\n")
    keep(figures)


if __name__ == "__main__":
    main()
