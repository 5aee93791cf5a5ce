"""The weekly cut over the emulators: when it is made, that it stays, and what becomes of it when things are hidden later."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace

from pmosync import settings, wiring
from pmosync.cli import opened, workbook
from pmosync.compute.cuts import Cut
from pmosync.connector import Sink
from pmosync.dashboard.build import build
from pmosync.engine import events
from pmosync.engine.house import Request
from pmosync.engine.pages import pages
from pmosync.engine.publish import publish
from pmosync.errors import TargetError
from pmosync.sheet import Table, WriteRows, text_of
from pmosync.testing.rig import Rig

FRIDAY = datetime(2026, 3, 6, 2, tzinfo=UTC)
MONDAY = datetime(2026, 3, 9, 1, 30, tzinfo=UTC)
"""Half an hour before the committee: 09:30 in Shanghai."""
PLAN: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "programs": [{"code": "GROW", "level": "portfolio", "name": "Growth"}],
    "projects": [
        {"code": "PAY", "name": "Payments", "control": "key", "portfolio": "GROW", "committed_on": date(2026, 1, 5)},
    ],
    "milestone_inputs": [
        {"code": "PAY-M01", "project": "PAY", "level": "committee", "type": "final", "name": "Night launch",
         "owner": "Li", "target": date(2026, 4, 17)},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Rig, dict[str, list[events.Event]]]]:
    """A rig on Tuesday, and what its syncs said: the first on Friday, then before and after Monday's committee."""
    with Rig(tmp_path_factory.mktemp("rig"), FRIDAY) as rig:
        rig.register(PLAN)
        days = {"friday": FRIDAY, "before": MONDAY, "after": MONDAY + timedelta(hours=1)}
        yield rig, {name: rig.sync(at) for name, at in days.items()}


def cuts(rig: Rig) -> tuple[Cut, ...]:
    """All cuts that are kept."""
    return rig.house.store.cuts(rig.now)


def tab(edits: list[events.Event], key: str) -> list[WriteRows]:
    """The rows of a tab that a sync wrote."""
    found = [each for event in edits if isinstance(event, events.Diffed) for each in event.edits]
    return [each for each in found if isinstance(each, WriteRows) and each.tab.key == key]


def cells(path: Path) -> str:
    """Everything in a workbook file."""
    book = openpyxl.load_workbook(path)
    return " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)


def shut() -> Sink:
    """A workbook that cannot be reached."""
    raise TargetError("the sheet is away", remedy="wait")


def test_a_cut_is_made_by_the_first_sync_behind_its_hour(told: tuple[Rig, dict[str, list[events.Event]]]) -> None:
    """The first sync of all makes one at once; then none until Monday 10:00, whatever is synced."""
    rig, said = told
    assert [(each.due, each.made) for each in cuts(rig)] == [
        (FRIDAY, FRIDAY),
        (datetime(2026, 3, 9, 2, tzinfo=UTC), MONDAY + timedelta(hours=1)),
    ]
    assert tab(said["before"], "committee") == []
    assert tab(said["after"], "committee")


def test_nothing_changed_is_nothing_written(told: tuple[Rig, dict[str, list[events.Event]]]) -> None:
    """A second sync of the same hour has nothing to say, on Today and on Committee too."""
    rig, _ = told
    again = rig.sync(rig.now + timedelta(minutes=1))
    assert [each.cells for each in again if isinstance(each, events.Published)] == [0]


def test_a_dry_run_makes_no_cut(told: tuple[Rig, dict[str, list[events.Event]]]) -> None:
    """What nobody sees was not shown to a committee."""
    rig, _ = told
    before = cuts(rig)
    list(rig.run(rig.now + timedelta(days=8), Request(dry_run=True)))
    assert rig.house.store.cuts(rig.now) == before


def test_the_page_of_a_day_is_the_one_that_stood_then(told: tuple[Rig, dict[str, list[events.Event]]]) -> None:
    """``--as-of`` Friday shows Friday's cut, though there is a later one."""
    rig, _ = told

    def head(moment: datetime) -> str:
        table: Table = build(workbook.content(records, moment, None, "en", restricted=False))[1]
        return text_of(table.rows[0][0])

    with opened.records(rig.config) as records:
        assert head(FRIDAY).startswith("Cut of 6 Mar 2026 10:00 (Asia/Shanghai); next 9 Mar 2026 10:00")
        assert head(MONDAY + timedelta(hours=1)).startswith("Cut of 9 Mar 2026 10:00")


def test_each_cut_is_a_file_that_is_masked_like_the_tab(told: tuple[Rig, dict[str, list[events.Event]]]) -> None:
    """What is hidden later loses its words in the kept files too, also while the workbook itself cannot be reached."""
    rig, _ = told
    folder = rig.folder / "data" / "cuts"
    assert sorted(each.name for each in folder.iterdir()) == ["portfolio-2026-03-06.xlsx", "portfolio-2026-03-09.xlsx"]
    assert rig.assessment is not None
    now = rig.assessment
    files = sorted(folder.iterdir())
    assert all("Night launch" in cells(each) for each in files)
    hidden = replace(now, milestones=tuple(replace(each, restricted=True) for each in now.milestones))
    house = rig.house
    shelf = replace(house.shelves[0], open=shut)
    failed = list(publish(house, house.store.runs(1)[0], hidden, house.store.plan(rig.now), shelf, dry_run=False))
    assert [type(each) for each in failed] == [events.Unpublished]
    assert not any("Night launch" in cells(each) for each in files)


def test_a_page_that_reads_as_before_is_not_written_again(told: tuple[Rig, dict[str, list[events.Event]]]) -> None:
    """Another milestone appears, which no page names: the files stay, to the last byte and the same on the disk."""
    rig, _ = told
    assert rig.assessment is not None
    now, house = rig.assessment, rig.house
    run, plan, shelf = house.store.runs(1)[0], house.store.plan(rig.now), house.shelves[0]
    assert list(pages(house, run, now, plan, shelf)) == []
    before = {each.name: each.stat().st_ino for each in (rig.folder / "data" / "cuts").iterdir()}
    (first, *_) = now.milestones
    other = replace(first, milestone=replace(first.milestone, code="PAY-M77", name="Other"))
    more = replace(now, milestones=(*now.milestones, other))
    assert list(pages(house, run, more, plan, shelf)) == []
    assert {each.name: each.stat().st_ino for each in (rig.folder / "data" / "cuts").iterdir()} == before


def test_a_folder_that_cannot_be_made_is_told(told: tuple[Rig, dict[str, list[events.Event]]], tmp_path: Path) -> None:
    """The workbook is published all the same; the message names the folder and the setting."""
    rig, _ = told
    assert rig.assessment is not None
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    other = rig.folder / "other.yaml"
    folder = f"committee: {{folder: {blocked / 'cuts'}}}\n"
    other.write_text(rig.config.read_text(encoding="utf-8") + folder, encoding="utf-8")
    house = wiring.open_house(settings.load(other), lambda: rig.now, threading.Event())
    shelf = replace(house.shelves[0], language="zh-CN")
    (failed,) = pages(house, house.store.runs(1)[0], rig.assessment, house.store.plan(rig.now), shelf)
    house.store.close()
    assert isinstance(failed, events.Unpublished)
    assert "committee.folder" in failed.error.remedy
