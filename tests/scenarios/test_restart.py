"""Killed, interrupted, doubled: the next sync needs no repair and comes to the same workbook."""

from __future__ import annotations

import itertools
import os
import random
import re
import signal
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from filelock import FileLock
from tests.scenarios.desk import SINCE, Desk

from pmosync.emulation.events import ItemCreated
from pmosync.emulation.faults import Fault, Late

ITEMS = 150
KILLS = 40 if os.environ.get("PMOSYNC_SOAK") else 6
PUBLISHED = ("Portfolio", "Milestones", "Work", "Data quality")
REQUESTS = 45
"""About as many requests as the first sync of this desk makes."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk with a few pages of items."""
    with Desk(tmp_path / "desk") as made:
        fill(made)
        yield made


def fill(desk: Desk) -> None:
    """More items than a page holds, in both systems."""
    for number in range(10, 10 + ITEMS):
        for system, key, project, milestone in (
            ("jira", f"PAY-{number}", "PAY", "V1"),
            ("gitlab", f"trade/cashier#{number}", "trade/cashier", "G1"),
        ):
            at = SINCE + timedelta(days=3, minutes=number)
            desk.live(
                ItemCreated(
                    at=at, by="li.na", system=system, key=key, project=project, title=f"T{number}", milestone=milestone
                )
            )


def shown(desk: Desk) -> dict[str, list[list[str]]]:
    """What people read: the sheet's published tabs, and the file's."""
    person = desk.person()
    tabs = {f"sheet {tab}": person.rows(tab) for tab in PUBLISHED}
    book = openpyxl.load_workbook(desk.folder / "portfolio.xlsx")
    for tab in PUBLISHED:
        rows = book[tab].iter_rows(values_only=True)
        tabs[f"file {tab}"] = [[str(cell or "") for cell in row] for row in rows]
    return tabs


def without_addresses(tabs: dict[str, list[list[str]]]) -> dict[str, list[list[str]]]:
    """Two desks have two sets of ports; nothing else may differ."""
    return {tab: [[cell.partition("http://")[0] for cell in row] for row in rows] for tab, rows in tabs.items()}


def kill(desk: Desk, request: int, later: float) -> None:
    """Start a sync and kill it ``later`` seconds after its ``request``-th request arrives, if it lives so long."""
    count, arrived = itertools.count(1), threading.Event()

    def plan(number: int, method: str, path: str) -> None:
        if next(count) == request:
            arrived.set()

    for door in desk.doors.values():
        door.plan = plan
    process = desk.apart("sync")

    def follow() -> None:
        process.communicate()
        arrived.set()

    ended = threading.Thread(target=follow)
    ended.start()
    arrived.wait(60)
    ended.join(later)
    process.kill()
    ended.join(20)
    for door in desk.doors.values():
        door.plan = None


def arrival(desk: Desk, system: str, fault: Fault | None) -> threading.Event:
    """Set when a request arrives at a system; from then on its requests meet the fault."""
    arrived = threading.Event()

    def plan(number: int, method: str, path: str) -> Fault | None:
        arrived.set()
        return fault

    desk.doors[system].plan = plan
    return arrived


@pytest.mark.timeout(2_400 if os.environ.get("PMOSYNC_SOAK") else 300)
def test_a_killed_sync_needs_no_repair(desk: Desk, tmp_path: Path) -> None:
    """Killed at random moments, at any of which a page or a tab may be half way: the store is sound each time, and one
    whole sync shows what it shows where nobody ever killed anything.
    """
    with Desk(tmp_path / "calm") as calm:
        fill(calm)
        assert calm.run("sync").code == 0
        wanted = without_addresses(shown(calm))
        counted = calm.counts("work_item", "source_milestone", "milestone", "binding")
    chance = random.Random(20261116)
    for place in range(KILLS):
        kill(desk, int(REQUESTS * (place + chance.random()) / KILLS) + 1, 0.2 * chance.random())
        assert desk.sound()
    told = desk.run("sync")
    assert told.code == 0, told.err
    assert without_addresses(shown(desk)) == wanted
    assert desk.counts("work_item", "source_milestone", "milestone", "binding") == counted


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_sync_ends_soon_with_130(desk: Desk, number: signal.Signals) -> None:
    """Ctrl-C ends waits for a server too (this one is silent for 60 s). Nothing is half done,
    ``status`` says that the run was broken off.
    """
    desk.settings["transport"] = {"attempts": 6, "read": 60}
    arrived = arrival(desk, "gitlab", Late(60))
    process = desk.apart("sync")
    assert arrived.wait(90)
    process.send_signal(number)
    _, err = process.communicate()
    assert process.returncode == 130, err
    assert "nothing is half done" in err
    assert "Traceback" not in err
    desk.doors["gitlab"].plan = None
    with FileLock(desk.folder / "data" / "writer.lock", timeout=0):
        pass
    assert "interrupted" in desk.run("status").out
    assert desk.run("sync").code == 0


def test_two_syncs_at_once_say_who_writes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second waits a little, says for what, and ends with 4; the first is not disturbed."""
    monkeypatch.setattr("pmosync.cli.opened.PATIENCE", 0.5)
    desk.doors["jira"].latency = 0.6
    arrived = arrival(desk, "jira", None)
    first = desk.apart("sync")
    assert arrived.wait(90)
    second = desk.run("sync")
    desk.doors["jira"].latency = 0
    _, err = first.communicate()
    assert first.returncode == 0, err
    assert second.code in (0, 4)
    assert "another pmosync is writing" in second.err
    assert desk.sound()


def test_nothing_new_writes_nothing(desk: Desk) -> None:
    """Sheets: no batchUpdate at all; the file: not a byte; the sources: a few small requests."""
    assert desk.run("sync").code == 0
    before = (desk.folder / "portfolio.xlsx").read_bytes()
    for door in desk.doors.values():
        door.clear()
    assert desk.run("sync").code == 0
    writes = [seen.path for seen in desk.doors["google_sheets"].seen if seen.path.endswith(":batchUpdate")]
    assert writes == []
    assert (desk.folder / "portfolio.xlsx").read_bytes() == before
    assert sum(door.requests() for door in desk.doors.values()) <= 40


def test_the_heartbeat_writes_only_its_own_tabs(desk: Desk) -> None:
    """When it is due, Runs and About are written and no tab of data."""
    desk.settings["sync"] = {"heartbeat": 0}
    assert desk.run("sync").code == 0
    told = desk.run("sync", "--dry-run")
    tabs = set(re.findall(r"^  (\S[^:\n]*): ", told.out, re.MULTILINE))
    assert tabs <= {"Runs", "About"}
    assert tabs


def test_one_new_item_is_written_alone(desk: Desk) -> None:
    """A change of one thing is a small write, and the run counts it."""
    assert desk.run("sync").code == 0
    desk.live(
        ItemCreated(
            at=datetime.now(UTC), by="li.na", system="jira", key="PAY-900", project="PAY", title="New", milestone="V1"
        )
    )
    told = desk.run("sync")
    assert told.code == 0
    before = desk.counts("work_item")
    assert before == (6 + 2 * ITEMS + 1,)
