"""The past of GitLab's issues is fetched behind everything else, sync by sync, and people see how far it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.scenarios.desk import SINCE, Desk, story

from pmosync.emulation.events import ItemCreated, ItemMoves, ItemPlanned, MilestoneOpens, Stage
from pmosync.emulation.faults import Late, Status

ITEMS = 20
KEY = "trade/cashier#"
EVENTS = re.compile(r"/issues/\d+/(resource_\w+_events|notes)$")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk with closed issues on several pages, and few requests a sync for what happened before."""
    with Desk(tmp_path / "desk") as made:
        at = SINCE + timedelta(days=3)
        for number in range(10, 10 + ITEMS):
            key, title = f"{KEY}{number}", f"T{number}"
            made.live(
                ItemCreated(at=at, by="li.na", system="gitlab", key=key, project="trade/cashier", title=title),
                ItemMoves(at=at + timedelta(hours=1), by="li.na", key=key, to=Stage.DONE),
            )
            at += timedelta(hours=2)
        made.settings["connections"]["gitlab"] |= {"page_size": 6, "history_requests": 1}
        yield made


def about(desk: Desk) -> list[str]:
    """What the sheet's page About says of history, first without the unit."""
    return [cell for row in desk.person().rows("About") for cell in row if str(cell).startswith("history ")]


def dated(desk: Desk) -> dict[str, list[str]]:
    """What is known of where each closed issue stood: a gap is a question mark."""
    found: dict[str, list[str]] = {}
    for line in lines(desk, KEY, "status"):
        found.setdefault(line["key"], []).append("?" if line["gap"] else line["value"])
    return found


def lines(desk: Desk, key: str, field: str) -> list[dict[str, Any]]:
    """The history of a field of items whose keys begin so."""
    told = map(json.loads, desk.run("export", "--kind", "item_history", "--json").out.splitlines())
    return [line for line in told if line["field"] == field and line["key"].startswith(key)]


def test_the_first_workbook_does_not_wait_for_the_past(desk: Desk) -> None:
    """Each sync fetches some of it, publishes, and says how far it is; what is not fetched is unknown, not untrue; when it
    is through nothing is said, and nothing asked any more.
    """
    assert desk.run("sync").code == 0
    assert about(desk) == ["history 17 %"]
    assert "history 17 %: trade/cashier history of issues" in desk.run("status").out
    assert set(map(tuple, dated(desk).values())) == {("?", "closed"), ("?", "opened")}
    shares = about(desk)
    desk.settings["connections"]["gitlab"]["history_requests"] = 20
    for _ in range(ITEMS):
        assert desk.run("sync").code == 0
        shares += about(desk)
        if not about(desk):
            break
    assert len(shares) > 3
    assert shares == sorted(set(shares))
    assert about(desk) == []
    assert set(map(tuple, dated(desk).values())) >= {("opened", "closed")}
    assert not [said for said in dated(desk).values() if "?" in said]
    assert "history" not in desk.run("status").out
    desk.doors["gitlab"].clear()
    desk.run("sync")
    assert desk.doors["gitlab"].requests() <= 5


def _silent_behind(desk: Desk) -> None:
    """GitLab answers for the issues, and not for what happened to them."""
    desk.doors["gitlab"].plan = lambda number, method, path: Status(503) if EVENTS.search(path) else None
    desk.settings["transport"] = {"attempts": 1}


def test_a_past_that_cannot_be_fetched_spoils_nothing_else(desk: Desk) -> None:
    """GitLab falls silent behind the issues: the workbook is published with what came, and says that the history is missing."""
    _silent_behind(desk)
    told = desk.run("sync")
    assert told.code == 0
    assert "✗" in next(line for line in told.out.splitlines() if "trade/cashier history of issues" in line)
    assert about(desk) == ["history 0 %"]
    assert desk.run("status").code == 0
    assert dated(desk)[f"{KEY}10"] == ["?", "closed"]
    desk.doors["gitlab"].plan = None
    desk.settings["connections"]["gitlab"]["history_requests"] = 100
    assert desk.run("sync").code == 0
    assert about(desk) == []
    assert dated(desk)[f"{KEY}10"] == ["opened", "closed"]


def test_a_past_that_takes_its_time_is_no_fault(desk: Desk) -> None:
    """GitLab answers, but hangs when it is asked for the past: at the deadline of the run the workbook is published, the
    connection is well, and the unit's own line says what became of it.
    """
    _silent_behind(desk)
    assert desk.run("sync").code == 0
    desk.doors["gitlab"].plan = lambda number, method, path: Late(60) if EVENTS.search(path) else None
    desk.settings["transport"] = {"attempts": 1, "deadline": 300, "read": 180}
    desk.settings["sync"] = {"deadline": 4}  # a while for what is new: the first sync has read the issues
    told = desk.run("sync")
    assert told.code == 0
    line = next(line for line in told.out.splitlines() if "trade/cashier history of issues" in line)
    assert "not read to the end within 4 s" in line
    assert "done" in told.out
    assert "failed" not in desk.run("status").out
    assert about(desk) == ["history 0 %"]


def test_what_happens_while_the_first_reading_is_broken_off_is_not_lost(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GitLab falls silent in the midst of the first listing: the past waits until the issues were read to their end. So an
    issue that was not listed yet, is re-opened and closed again until the next sync, has all of it told.
    """
    monkeypatch.setattr("pmosync.engine.gathered.GATHERED", 1)
    desk.settings["connections"]["gitlab"]["history_requests"] = 1000
    desk.settings["transport"] = {"attempts": 1}
    listed: list[str] = []

    def third_page(number: int, method: str, path: str) -> Status | None:
        if path.partition("?")[0].endswith("/issues"):
            listed.append(path)
        return Status(503) if len(listed) == 3 else None

    desk.doors["gitlab"].plan = third_page
    assert desk.run("sync").code == 1
    assert 0 < len(dated(desk)) < ITEMS
    key = f"{KEY}{9 + ITEMS}"
    for stage in (Stage.DOING, Stage.DONE):
        desk.live(ItemMoves(at=datetime.now(UTC), by="li.na", key=key, to=stage))
    desk.doors["gitlab"].plan = None
    assert desk.run("sync").code == 0
    assert about(desk) == []
    assert dated(desk)[key].count("closed") == 2
    assert "?" not in dated(desk)[key]


def test_what_was_taken_back_before_the_first_sync_is_known(desk: Desk) -> None:
    """A closed issue that was re-opened, and one that lay in a milestone and was taken out, show nothing of it any more: what
    they were is told all the same.
    """
    desk.settings["connections"]["gitlab"]["history_requests"] = 1000
    reopened, freed = f"{KEY}{8 + ITEMS}", f"{KEY}{9 + ITEMS}"
    milestone = next(one.key for one in story() if isinstance(one, MilestoneOpens) and one.system == "gitlab")
    at = datetime.now(UTC) - timedelta(hours=9)
    desk.live(
        ItemMoves(at=at, by="li.na", key=reopened, to=Stage.DOING),
        ItemPlanned(at=at, by="li.na", key=freed, milestone=milestone),
        ItemPlanned(at=at + timedelta(hours=2), by="li.na", key=freed, milestone=""),
    )
    assert desk.run("sync").code == 0
    assert about(desk) == []
    assert dated(desk)[reopened][:2] == ["opened", "closed"]
    assert "?" not in dated(desk)[reopened]
    assert [bool(line["values"]) for line in lines(desk, freed, "milestone")] == [False, True, False]
