"""Run every benchmark and print the table."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks import assessment, chained, forecast, gitlab_pull, jira_pull, million, sheets
from tests.benchmarks.figures import Figure, keep, medians, spent, tool
from tests.benchmarks.runs import first, requests
from tests.benchmarks.site import emulated, write_settings
from tests.scenarios.real_site import PROJECTS


def recorded(data: Path, folder: Path) -> Iterator[Figure]:
    """The recorded site: 29,057 issues, 821 versions, 377 sprints."""
    folder.mkdir()
    with emulated(data, folder) as connection:
        write_settings(folder, connection, PROJECTS)
        whole = medians(lambda: first(folder))
        asked = requests(folder)
        again = medians(lambda: spent([tool("pmosync"), "sync"], folder))
        again_asked = requests(folder)
    yield Figure(
        "recorded site, first sync of 29,057 issues", whole.seconds, "s", None, None, "≤ 12 s", whole.seconds <= 12
    )
    yield Figure("  processor time", whole.cpu, "s")
    yield Figure("  peak memory", whole.memory, "MB")
    yield Figure("  requests", asked, "")
    yield Figure(
        "recorded site, a further sync with nothing changed; baseline: the first",
        again.seconds,
        "s",
        whole.seconds,
        whole.seconds / again.seconds,
    )
    yield Figure("  requests", again_asked, "", asked, asked / again_asked)


def main(*wanted: str) -> None:
    """Everything that can be measured here, or the parts that are named; the recorded site only where it is at hand."""
    given = os.environ.get("PMOSYNC_CONFORMANCE", "")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parts: dict[str, Callable[[], Iterator[Figure]]] = {
            "distances": lambda: jira_pull.distances(folder, 10_000, (0, 50, 150), data_center=(50,)),
            "large": lambda: jira_pull.distances(folder, 50_000, (50,)),
            "quiet": lambda: jira_pull.quiet(folder, 10_000),
            "million": lambda: million.cycle(folder / "million", 1_000_000, 50_000),
            "chained": lambda: chained.figures(10_000),
            "gitlab": lambda: gitlab_pull.figures(folder / "gitlab"),
            "sheets": lambda: sheets.figures(folder / "sheets"),
            "forecast": forecast.figures,
            "assessment": assessment.figures,
        }
        if given:
            parts["recorded"] = lambda: recorded(Path(given).resolve() / "data" / "jira-tidev", folder / "recorded")
        else:
            sys.stdout.write("PMOSYNC_CONFORMANCE is not set: the recorded site is left out\n")
        keep([figure for part in wanted or parts for figure in parts[part]()])


if __name__ == "__main__":
    main(*sys.argv[1:])
