"""The page of each cut as a file: what may not be read of it any more goes from it, and nothing else touches it."""

from __future__ import annotations

import html
import shutil
import sqlite3
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from tests.pmosync.dashboard.conftest import content

from pmosync import settings, wiring
from pmosync.compute.assessment import Assessment
from pmosync.compute.cuts import Cut
from pmosync.engine import events
from pmosync.engine.house import House, Request
from pmosync.engine.pages import left, pages
from pmosync.engine.publish import publish
from pmosync.engine.sync import sync
from pmosync.model import PersonRow, Place, Plan, Run
from pmosync.store.codec import packed
from pmosync.wiring import STORE

MET = datetime(2026, 11, 30, 2, tzinfo=UTC)
"""Monday's committee, at 10:00 in Shanghai."""
GIVEN = (
    "data: data\ntime_zone: Asia/Shanghai\nworkbooks:\n  portfolio: {connector: xlsx, path: out.xlsx, inputs: false}\n"
)


class Shop:
    """A house with one workbook and two weeks' cuts, told by the small portfolio of the dashboard's tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "pmosync.yaml"
        told = content()
        assert told.cut is not None
        self.cut: Cut = told.cut
        self.now: Assessment = told.assessment
        self.plan: Plan = told.plan
        self.house = self.opened()
        self.run: Run = self.house.store.begin(self.now.as_of)
        self.shelf = self.house.shelves[0]

    def opened(self) -> House:
        """The house that the settings describe."""
        return wiring.open_house(settings.load(self.config), lambda: self.now.as_of, threading.Event())

    def keep(self, due: datetime, cut: Cut | None = None) -> None:
        """Keep a cut of that moment."""
        self.house.store.keep_cut(self.run, replace(cut or self.cut, due=due, made=due))

    def bring(self, **shelf: Any) -> list[events.Event]:
        """Keep the workbook's pages, as the settings say it now."""
        self.shelf = replace(self.shelf, **shelf)
        return list(pages(self.house, self.run, self.now, self.plan, self.shelf))

    def lose(self, name: str = "renamed") -> list[events.Event]:
        """Mask on what is kept of workbooks that the settings name no more."""
        self.house = replace(self.house, shelves=(replace(self.shelf, name=name),))
        return list(left(self.house, self.run, self.now, self.plan))

    def restrict(self, code: str = "PAY-M03") -> None:
        """A milestone becomes restricted."""
        told = (replace(each, restricted=True) if each.milestone.code == code else each for each in self.now.milestones)
        self.now = replace(self.now, milestones=tuple(told))

    @property
    def files(self) -> dict[str, Path]:
        """The kept files by name."""
        return {file.stem: file for file in sorted((self.folder / "data" / "cuts").glob("*"), key=_stem)}

    def written(self) -> dict[str, int]:
        """Where each file lies on the disk: another place if it was written again."""
        return {name: file.stat().st_ino for name, file in self.files.items()}

    def said(self) -> dict[str, str]:
        """All that each file says."""
        return {name: cells(file) for name, file in self.files.items()}


def _stem(file: Path) -> str:
    return file.stem


def cells(path: Path) -> str:
    """Everything in a workbook file, texts and marks alike."""
    with zipfile.ZipFile(path) as book:
        return "\n".join(html.unescape(book.read(part).decode()) for part in book.namelist() if part.endswith(".xml"))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a house whose two pages are kept."""
    folder = tmp_path_factory.mktemp("kept")
    (folder / "pmosync.yaml").write_text(GIVEN, encoding="utf-8")
    made = Shop(folder)
    for weeks in (1, 0):
        made.keep(MET - timedelta(weeks=weeks))
    assert made.bring() == []
    made.house.store.close()
    return folder


@pytest.fixture
def shop(kept: Path, tmp_path: Path) -> Iterator[Shop]:
    """A house of its own whose two pages are kept."""
    made = Shop(shutil.copytree(kept, tmp_path / "shop"))
    yield made
    made.house.store.close()


BOTH = ["portfolio-2026-11-23", "portfolio-2026-11-30"]


def test_a_page_is_masked_when_its_words_are_hidden_and_not_touched_before(shop: Shop) -> None:
    """Another hour, another milestone, other figures: nothing is drawn, nothing is written. What becomes restricted goes."""
    assert list(shop.files) == BOTH
    before = shop.written()
    first = shop.now.milestones[0]
    other = replace(first, milestone=replace(first.milestone, code="PAY-M77", name="Other"))
    shop.now = replace(shop.now, milestones=(*shop.now.milestones, other))
    assert shop.bring() == []
    assert shop.written() == before
    shop.restrict()
    assert shop.bring() == []
    assert all("Public beta" not in said and "PAY-M03" not in said for said in shop.said().values())


def test_only_the_pages_that_name_it_are_written_again(shop: Shop) -> None:
    """What an old cut does not mention turns nothing of its page: it is not so much as drawn."""
    shop.keep(MET - timedelta(weeks=2), replace(shop.cut, sections=()))
    shop.bring()
    drawn_otherwise = packed(replace(shop.cut, sections=(), freezes=()))
    with closing(sqlite3.connect(shop.folder / "data" / STORE)) as connection, connection:
        connection.execute("UPDATE cut SET body = ? WHERE due = (SELECT min(due) FROM cut)", (drawn_otherwise,))
    before = shop.written()
    shop.restrict()
    shop.bring()
    after = shop.written()
    assert len(after) == 3
    assert [name for name in after if after[name] != before[name]] == BOTH


@pytest.mark.parametrize("away", [False, True], ids=["renamed", "away"])
def test_what_a_workbook_left_behind_is_masked_on(shop: Shop, away: bool) -> None:
    """A workbook that the settings name no more: its files stay, read as before by its readers, and lose what is hidden. A file
    that somebody took away is not made again.
    """
    before = shop.written()
    assert shop.lose() == []
    assert shop.written() == before
    if away:
        shop.files[BOTH[0]].unlink()
    shop.restrict()
    assert shop.lose() == []
    assert list(shop.files) == BOTH[away:]
    assert not any("Public beta" in said for said in shop.said().values())


def test_a_workbook_without_any_file_left_is_forgotten(shop: Shop) -> None:
    """Until one of its name comes back: then it has all its pages anew."""
    for file in shop.files.values():
        file.unlink()
    shop.lose()
    shop.restrict()
    shop.lose()
    assert shop.files == {}
    shop.bring()
    assert list(shop.files) == BOTH


def test_a_page_follows_who_is_known(shop: Shop) -> None:
    """Where nobody is named, a name that a text mentions goes when somebody comes to be known by it."""
    (section, *others) = shop.cut.sections
    (line, *lines) = section.lines
    told = replace(section, lines=(replace(line, said="Wang Wei left"), *lines))
    shop.keep(MET - timedelta(weeks=2), replace(shop.cut, sections=(told, *others)))
    shop.bring(people=False)
    name = "portfolio-2026-11-16"
    assert "Wang Wei left" in shop.said()[name]
    before = shop.written()
    person = PersonRow(place=Place("plan", "people", 2, "w"), key="w@x.example", name="Wang Wei")
    shop.plan = replace(shop.plan, people=(person,))
    shop.bring()
    assert "somebody left" in shop.said()[name]
    assert {each: shop.written()[each] for each in BOTH} == {each: before[each] for each in BOTH}


def test_two_cuts_of_one_day_have_a_file_each(shop: Shop) -> None:
    """The first of all is made at once, and the committee meets an hour later: both stay, the later one with its time."""
    before = shop.said()
    shop.keep(MET + timedelta(hours=1, minutes=30), replace(shop.cut, sections=()))
    shop.bring()
    assert list(shop.files) == [*BOTH, "portfolio-2026-11-30-1130"]
    assert {name: shop.said()[name] for name in BOTH} == before
    shop.house = replace(shop.house, time_zone="America/Los_Angeles")
    shop.bring()
    assert list(shop.files) == [*BOTH, "portfolio-2026-11-30-1130"]


def test_a_lost_file_is_made_again(shop: Shop) -> None:
    """As it was; the others are not touched. So is the whole folder, and all pages in another one."""
    before, written = shop.said(), shop.written()
    shop.files[BOTH[0]].unlink()
    shop.bring()
    assert shop.said() == before
    assert shop.written()[BOTH[1]] == written[BOTH[1]]
    shutil.rmtree(shop.folder / "data" / "cuts")
    shop.bring()
    assert shop.said() == before
    shop.config.write_text(f"{GIVEN}committee: {{folder: other}}\n", encoding="utf-8")
    shop.house.store.close()
    shop.house = shop.opened()
    shop.bring()
    assert [file.stem for file in sorted((shop.folder / "other").iterdir())] == BOTH


def test_a_slip_in_the_programs_blanks_no_page(shop: Shop) -> None:
    """A program that nobody knows is told, and the pages stay what they were about; what is hidden meanwhile goes."""
    shop.bring(programs=frozenset({"CHK"}))
    before = shop.said()
    assert all("CHK" in said and "◆ GROW" not in said for said in before.values())
    typo = replace(shop.shelf, programs=frozenset({"CHKK"}))
    (refused,) = publish(shop.house, shop.run, shop.now, shop.plan, typo, dry_run=False)
    assert isinstance(refused, events.Unpublished)
    assert "CHKK" in refused.error.message
    assert shop.said() == before
    shop.restrict()
    shop.bring(programs=typo.programs)
    assert all("CHK" in said and "Public beta" not in said for said in shop.said().values())
    assert shop.bring(name="new", programs=typo.programs) == []
    assert list(shop.files) == BOTH


def test_a_sync_brings_what_was_left_behind(shop: Shop) -> None:
    """Unless it is dry or of some workbooks alone: here nothing that the pages name is known any more."""
    shop.house = replace(shop.house, shelves=(replace(shop.shelf, name="renamed"),))
    for request in (Request(dry_run=True), Request(workbooks=frozenset({"renamed"}))):
        list(sync(shop.house, request))
        assert all("Public beta" in shop.said()[name] for name in BOTH)
    list(sync(shop.house))
    assert not any("Public beta" in shop.said()[name] for name in BOTH)
