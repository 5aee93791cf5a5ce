"""What was said then is said again: the run of that day, by the rules of that day."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
import yaml
from tests.scenarios.desk import command

from pmosync.model import Hold
from pmosync.testing.rig import Rig

MONDAY = datetime(2026, 3, 2, 3, tzinfo=UTC)
BEFORE_MIDNIGHT = datetime(2026, 3, 16, 15, 30, tzinfo=UTC)
"""Half an hour before the 17th begins in Shanghai."""
HELD = "9 issues are not listed any more"
SAID = {date(2026, 3, 2): "?", date(2026, 3, 10): "G", date(2026, 3, 16): "G", date(2026, 3, 17): "R"}


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store with five runs, the last three around the midnight on which a launch is missed; a hold from the second run on,
    which the fourth one lifts; rules changed after.
    """
    with Rig(tmp_path_factory.mktemp("past"), MONDAY) as rig:
        rig.register(
            {
                "projects": [{"code": "PAY", "name": "Pay", "control": "key", "committed_on": date(2026, 2, 2)}],
                "milestone_inputs": [
                    {"code": "PAY-M01", "name": "Launch", "project": "PAY", "target": date(2026, 3, 16), "owner": "x"}
                ],
            }
        )
        for days in (0, 8):
            rig.sync(MONDAY + timedelta(days=days))
        store, (run,) = rig.house.store, rig.house.store.runs(1)
        store.hold(run, Hold(id="h-1", connection="jira", unit="PAY", reason=HELD, since=run.started))
        rig.sync(MONDAY + timedelta(days=14))
        rig.sync(BEFORE_MIDNIGHT)
        store.lift(store.runs(1)[0], "h-1")
        rig.sync(BEFORE_MIDNIGHT + timedelta(hours=1))
        rig.close_house()
        given = yaml.safe_load(rig.config.read_text(encoding="utf-8"))
        given["policy"] = {"key": {"amber": -50, "red": -40}}
        rig.config.write_text(yaml.safe_dump(given, allow_unicode=True), encoding="utf-8")
        yield rig.config


def exported(config: Path, *more: str) -> str:
    """The letter of the milestone in the export."""
    told = command("export", "--kind", "verdict", "--config", str(config), *more)
    return str(json.loads(told.out.splitlines()[0])["rag"]["shown"])


def explained(config: Path, *more: str) -> str:
    """The letter of the milestone as explained."""
    told = command("explain", "PAY-M01", "rag", "--json", "--config", str(config), *more)
    return str(json.loads(told.out)["answer"])


@pytest.mark.parametrize("said", [exported, explained])
@pytest.mark.parametrize(("day", "letter"), SAID.items())
def test_a_past_day_is_its_last_run_by_its_rules(
    config: Path, said: Callable[..., str], day: date, letter: str
) -> None:
    """The day ends at midnight in the default time zone; a later change of the policy moves nothing of the past."""
    assert said(config, "--as-of", day.isoformat()) == letter


@pytest.mark.parametrize("said", [exported, explained])
def test_a_day_without_a_run_is_the_last_one_before(config: Path, said: Callable[..., str]) -> None:
    """What stood in the workbook that day."""
    assert said(config, "--as-of", "2026-03-05") == "?"


@pytest.mark.parametrize("said", [exported, explained])
def test_without_a_day_it_is_the_last_run(config: Path, said: Callable[..., str]) -> None:
    """What the workbooks show, until the next sync counts by the new rules."""
    assert said(config) == "R"


@pytest.mark.parametrize(("day", "held"), [("2026-03-09", False), ("2026-03-10", True), ("2026-03-16", False)])
def test_a_past_day_tells_the_holds_of_then(config: Path, tmp_path: Path, day: str, held: bool) -> None:
    """Today as of a day says what was held that day, though nothing is held now, and nothing that was not held yet."""
    file = tmp_path / "then.xlsx"
    assert command("workbook", "--as-of", day, "--output", str(file), "--config", str(config)).code == 0
    rows = openpyxl.load_workbook(file, read_only=True)["Today"].iter_rows(values_only=True)
    assert any(HELD in str(cell) for row in rows for cell in row) is held


def test_before_the_first_run_nothing_was_said(config: Path) -> None:
    """``export`` of verdicts and ``explain`` say so alike and end with 2: an empty answer would be one."""
    asked = [("explain", "PAY-M01"), ("export", "--kind", "verdict")]
    told = [command(*words, "--as-of", "2026-02-01", "--config", str(config)) for words in asked]
    assert [(one.code, one.out) for one in told] == [(2, ""), (2, "")]
    assert told[0].err == told[1].err
    assert "no run was made by 2026-02-01" in told[0].err


def test_a_day_to_come_is_refused(config: Path) -> None:
    """No run has told of it: every command that takes a day ends with 2 and says what to name instead."""
    asked = [
        ("explain", "PAY-M01"),
        ("history", "PAY-M01"),
        ("export", "--kind", "verdict"),
        ("baseline", "list"),
        ("backtest",),
        ("workbook", "--output", str(config.parent / "to-come.xlsx")),
    ]
    for words in asked:
        told = command(*words, "--as-of", "2999-01-01", "--config", str(config))
        assert (told.code, told.out) == (2, "")
        assert told.names("--as-of 2999-01-01", "is still to come", "name a day that is over")


def test_a_workbook_file_is_named_as_one(config: Path, tmp_path: Path) -> None:
    """Another ending is refused in our words, with the one that is allowed."""
    told = command("workbook", "--output", str(tmp_path / "q.csv"), "--config", str(config))
    assert told.code == 2
    assert told.names("q.csv", "must end in .xlsx")
    assert "Value error" not in told.err


def test_a_backtest_of_a_project_that_is_none(config: Path) -> None:
    """An empty table would be an answer: it ends with 2 and the codes that are known, also before anything is calibrated."""
    for form in ("text", "jsonl", "csv"):
        told = command("backtest", "--project", "NOPE", "--format", form, "--config", str(config))
        assert (told.code, told.out) == (2, "")
        assert told.names("there is no project NOPE", "known are PAY")
