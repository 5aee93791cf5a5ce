"""The rebuilt past on the command line: what was before the first sync, as of a day, by the tables in the settings."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.scenarios.desk import command

from pmosync.emulation.events import ItemCreated, ItemPlanned, ItemStatus, MilestoneOpens, PersonJoins, ProjectOpens
from pmosync.testing.rig import Rig

MONDAY = datetime(2026, 3, 2, 3, tzinfo=UTC)
LATE = datetime(2026, 3, 4, 17, tzinfo=UTC)
"""The 5th in Shanghai, still the 4th in Berlin."""
FIRST_SYNC, SECOND_SYNC = MONDAY + timedelta(days=7), MONDAY + timedelta(days=14)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store of two syncs; most of what happened lies before the first. One status is the site's own word."""
    with Rig(tmp_path_factory.mktemp("histories"), MONDAY) as rig:
        rig.map("jira", {"tables": {"statuses": {"Polishing": {"category": "doing"}}}})
        project = {"code": "PAY", "name": "Pay", "control": "key", "time_zone": "Europe/Berlin"}
        rig.register(
            {
                "projects": [{**project, "committed_on": date(2026, 2, 2)}],
                "bindings": [{"code": "PAY", "system": "jira", "what": "project", "which": "PAY"}],
            }
        )
        rig.live(
            [
                PersonJoins(at=MONDAY, key="li", name="Li", email="li@example.com"),
                ProjectOpens(at=MONDAY, system="jira", key="PAY", name="Pay"),
                MilestoneOpens(
                    at=MONDAY, system="jira", key="v", project="PAY", title="V", form="version", due=date(2026, 10, 3)
                ),
                _item("PAY-1"),
                _item("PAY-2", milestone=""),
                ItemStatus(at=MONDAY + timedelta(days=1), key="PAY-1", status="Polishing"),
                ItemPlanned(at=LATE, key="PAY-2", milestone="v"),
                ItemStatus(at=MONDAY + timedelta(days=4), key="PAY-1", status="Done"),
            ]
        )
        rig.sync(FIRST_SYNC)
        rig.sync(SECOND_SYNC, ItemStatus(at=MONDAY + timedelta(days=9), key="PAY-2", status="Done"))
        rig.close_house()
        yield rig.config


def _item(key: str, milestone: str = "v") -> ItemCreated:
    return ItemCreated(at=MONDAY, system="jira", key=key, project="PAY", title=key, milestone=milestone)


def rows(config: Path, kind: str, *more: str) -> list[dict[str, Any]]:
    """A kind as JSON lines."""
    told = command("export", "--kind", kind, "--config", str(config), *more)
    assert told.code == 0, told.err
    return [json.loads(line) for line in told.out.splitlines()]


def counts(config: Path, *more: str) -> list[tuple[str, int, int, int, int]]:
    """The milestone's days: scope, initial, added, delivered."""
    return [
        (row["day"], row["scope"], row["initial"], row["added"], row["delivered"])
        for row in rows(config, "milestone_history", *more)
    ]


def test_what_was_before_the_first_sync_is_told(config: Path) -> None:
    """The first status is the one before the first entry. What no item is in any more is judged by the site's own table, or
    by what it was told to be when one was.
    """
    told = [row for row in rows(config, "item_history") if (row["key"], row["field"]) == ("PAY-1", "status")]
    assert [row["category"] for row in told] == ["todo", "doing", "done"]
    assert [row["outcome"] for row in told] == ["open", "open", "delivered"]
    assert [row["since"] for row in told] == [
        (MONDAY + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ") for days in (0, 1, 4)
    ]


def test_days_are_those_of_the_project(config: Path) -> None:
    """Scope and delivery change on the day that it was where the project lives."""
    assert counts(config) == [
        ("2026-03-02", 1, 1, 0, 0),
        ("2026-03-04", 2, 1, 1, 0),
        ("2026-03-06", 2, 1, 1, 1),
        ("2026-03-11", 2, 1, 1, 2),
    ]


def test_a_past_day_knows_what_was_known_then(config: Path) -> None:
    """``--as-of`` the first sync: what came later is not there, and before it nothing was known."""
    assert counts(config, "--as-of", FIRST_SYNC.date().isoformat())[-1] == ("2026-03-06", 2, 1, 1, 1)
    assert rows(config, "item_history", "--as-of", "2026-03-01") == []


def test_a_table_has_a_column_for_each_part(config: Path) -> None:
    """The CSV names the thing in columns of their own; what still holds has no end."""
    told = command("export", "--kind", "item_history", "--format", "csv", "--config", str(config))
    table = list(csv.DictReader(io.StringIO(told.out)))
    last = [row for row in table if (row["key"], row["field"]) == ("PAY-2", "milestone")][-1]
    assert (last["of.connection"], last["values"], last["until"]) == ("jira", '["V"]', "")
