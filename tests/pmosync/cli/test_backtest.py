"""``pmosync backtest`` on a store: 40 versions of an emulated Jira, all released before anybody looked."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.scenarios.desk import command

from pmosync.cli.backtest import lines as printed
from pmosync.compute.forecast.backtest import Backtest, Score
from pmosync.compute.forecast.forecasters import FORECASTERS
from pmosync.compute.forecast.tournament import Hits
from pmosync.emulation.events import (
    Event,
    ItemCreated,
    ItemStatus,
    MilestoneCloses,
    MilestoneOpens,
    PersonJoins,
    ProjectOpens,
)
from pmosync.testing.rig import Rig

BEGIN = datetime(2025, 1, 6, 3, tzinfo=UTC)
VERSIONS, ITEMS, PLANNED = 40, 10, timedelta(days=28)
HEAD: dict[str, Any] = {
    "as_of": BEGIN.date(),
    "closed": 74,
    "forecasts": 286,
    "since": BEGIN.date(),
    "publishes": "line",
    "hits": Hits(0.46, 0.74, 79),
}
"""What a backtest tells before its table."""

NOW = BEGIN + timedelta(weeks=VERSIONS + 20)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store of one sync, long after the last release."""
    with Rig(tmp_path_factory.mktemp("backtest"), BEGIN) as rig:
        rig.register(
            {
                "projects": [{"code": "PAY", "name": "Pay", "control": "key", "calendar": "CN"}],
                "bindings": [{"code": "PAY", "system": "jira", "what": "project", "which": "PAY"}],
            }
        )
        rig.live(story())
        rig.sync(NOW)
        rig.close_house()
        yield rig.config


def story() -> Iterator[Event]:
    """A version a week; all but the last item are delivered by the release date, and that one 0 to 18 days later."""
    yield PersonJoins(at=BEGIN, key="li", name="Li", email="li@example.com")
    yield ProjectOpens(at=BEGIN, system="jira", key="PAY", name="Pay")
    for number in range(VERSIONS):
        start, key = BEGIN + timedelta(weeks=number), f"v{number}"
        due = start + PLANNED
        yield MilestoneOpens(
            at=start, system="jira", key=key, project="PAY", title=f"V {number}", form="version", due=due.date()
        )
        for place in range(ITEMS):
            item = f"PAY-{number * ITEMS + place + 1}"
            late = timedelta(days=number * 7 % 19) if place == ITEMS - 1 else timedelta()
            yield ItemCreated(at=start, system="jira", key=item, project="PAY", title=item, milestone=key)
            yield ItemStatus(
                at=start + (PLANNED - timedelta(days=1)) * (place + 1) / ITEMS + late, key=item, status="Done"
            )
        yield MilestoneCloses(at=due + timedelta(days=1), key=key, on=due.date())


def told(config: Path, *more: str) -> str:
    """What the command prints."""
    found = command("backtest", "--config", str(config), *more)
    assert (found.code, found.err) == (0, "")
    return found.out


def test_the_table_says_what_was_judged_and_who_publishes(config: Path) -> None:
    """All 40 milestones, three looks at each; every forecaster raw and corrected; of each project what was published."""
    lines = told(config).splitlines()
    assert "40 closed milestones, seen 120 times" in lines[0]
    assert any(line.startswith("Best by now: ") for line in lines)
    assert any(line.startswith("Publishes now: nobody. ") for line in lines), "no run has learned here"
    assert any(line.startswith("What is called published was told by the winner ") for line in lines)
    assert sum(line.startswith("25 % of the way") for line in lines) == 1
    assert sum(line.startswith("  blend, ") for line in lines) == 6
    block = lines.index(next(line for line in lines if line.startswith("project PAY, 25 % of the way")))
    assert [line.split("  ")[1] for line in lines[block + 1 : block + 3]] == ["as planned, raw", "published"]


@pytest.mark.parametrize(
    ("found", "english", "chinese"),
    [
        (Backtest(trusted=True, in_force="blend", **HEAD), ["Publishes now: blend."], ["当前发布：综合。"]),
        (
            Backtest(trusted=False, **HEAD),
            ["That is too little to be published: it takes 35 %, 75 % and 30 forecasts.", "Publishes now: nobody. "],
            ["尚不足以发布：要求分别为 35%、75%，且不少于 30 次预测。", "当前无人发布"],
        ),
    ],
)
def test_who_publishes_is_who_was_put_in_force(found: Backtest, english: list[str], chinese: list[str]) -> None:
    """Who is best by now is one thing, whose dates people see another; where the best one promises too much that is said."""
    for language, said in (("en", english), ("zh-CN", chinese)):
        seen = list(printed(found, "text", language))[3 : 3 + len(said)]
        assert [line.startswith(told) for line, told in zip(seen, said, strict=True)] == [True] * len(said)


def test_of_one_project_everything_is_told(config: Path) -> None:
    """Asked for it, in any case of its code; one without forecasts is refused with those that have some."""
    lines = told(config, "--project", "pay").splitlines()
    assert sum(line.startswith("  blend, ") for line in lines) == 6
    assert not any(line.startswith("25 % of the way") for line in lines)
    refused = command("backtest", "--config", str(config), "--project", "PAZ")
    assert (refused.code, refused.out) == (2, "")
    assert refused.names("PAZ", "PAY")


def test_programs_read_lines_and_tables(config: Path) -> None:
    """JSON: what it is about, then a line a score; CSV: a column a figure. Both in the same order."""
    first, *scores = map(json.loads, told(config, "--json").splitlines())
    assert (first["backtest"]["closed"], first["backtest"]["scores"]) == (40, len(scores))
    assert first["backtest"]["publishes"] in FORECASTERS
    rows = list(csv.DictReader(io.StringIO(told(config, "--format", "csv"))))
    assert list(rows[0]) == list(Score.__struct_fields__)
    assert [row["forecaster"] for row in rows] == [score["score"]["forecaster"] for score in scores]
    both = command("backtest", "--config", str(config), "--json", "--format", "csv")
    assert (both.code, both.out) == (2, "")


def test_what_the_figures_say_is_what_happened(config: Path) -> None:
    """Slips of 0 to 18 days, few of them 0: as planned is kept seldom, the published P85 mostly."""
    scores = [json.loads(line)["score"] for line in told(config, "--json").splitlines()[1:]]
    overall = [score for score in scores if not score["project"]]
    planned = [score for score in overall if score["forecaster"] == "planned" and not score["corrected"]]
    published = [score for score in overall if score["forecaster"] == "published"]
    assert all(score["p85_kept"] < 0.2 for score in planned)
    assert all(score["p85_kept"] > 0.7 for score in published)


def test_it_speaks_chinese(config: Path) -> None:
    """Not a word of English but names of methods' figures."""
    lines = told(config, "--language", "zh-CN").splitlines()
    assert "40 个已结束的里程碑" in lines[0]
    assert any(line.startswith("  综合，校正后") for line in lines)
    assert "raw" not in "\n".join(lines)


def test_learned_once_says_so(config: Path) -> None:
    """The two ways to learn are told apart."""
    assert "learned once" in told(config, "--once")
    assert "learned once" not in told(config)


def test_before_thirty_have_closed_it_is_not_calibrated(config: Path) -> None:
    """A day on which nothing was known yet: how many there are, how many it takes, and no table."""
    early = (BEGIN + timedelta(weeks=3)).date().isoformat()
    assert (
        told(config, "--as-of", early) == f"not calibrated yet: 0 of 30 comparable milestones have closed by {early}\n"
    )
    assert "尚未校准" in told(config, "--as-of", early, "--language", "zh-CN")
