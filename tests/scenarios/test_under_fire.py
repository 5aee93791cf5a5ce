"""People and a program at one sheet at the same time: nothing that somebody typed is lost, and no value of the program
comes to stand beside another code.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

import pytest
from msgspec import Struct
from tests.near import Near
from tests.scenarios.crowd import DEEDS, LIST, PAGE, Crowd
from tests.scenarios.harm import Harm, harm
from tests.scenarios.writers import PLANTED, Wanted, Writer, ours

from pmosync.connector import Opening
from pmosync.errors import PmosyncError
from pmosync_google_sheets.emulator import SheetsEmulator
from pmosync_google_sheets.emulator.document import Spreadsheet
from pmosync_google_sheets.emulator.tokens import SERVICE_ACCOUNT
from pmosync_google_sheets.settings import GoogleSheetsSettings

SOAK = bool(os.environ.get("PMOSYNC_SOAK"))
SCHEDULES = 10_000 if SOAK else 300
EVERY = 1 if SOAK else 6
"""Each deed is tried before every so manieth request, a different one for each deed."""
ENDS = 1 if SOAK else 20
"""Of every so manieth schedule the end is looked at too."""
MOST, ROUNDS, OFTEN, ROOM = 13, 2, 0.3, 12
NOW = datetime(2026, 3, 2, tzinfo=UTC)
FIRST = Wanted(("P1", "P2", "P3", "P4"), 0)
NEXT = Wanted((*FIRST.codes, "N1"), 1)
FAR = "http://127.0.0.1:9"


class Rig(Struct):
    """A sheet as the first sync left it and people filled it; every story begins there."""

    emulator: SheetsEmulator
    settings: GoogleSheetsSettings
    begun: Spreadsheet

    def story(self, seed: int) -> Story:
        """A story of its own, by dice."""
        file = self.emulator.spreadsheet()
        file.document, file.trashed = self.begun, False
        self.emulator.person().share(SERVICE_ACCOUNT)
        return Story(self, Crowd(self.emulator.person(), file, Random(seed)))


class Story:
    """Syncs of a program, and people who act between any two of its requests. ``harms`` tells what it did to them."""

    def __init__(self, rig: Rig, crowd: Crowd) -> None:
        self.crowd, self.harms = crowd, list[Harm]()
        self._before = crowd.document
        self.happens: Callable[[], object] = lambda: None
        self.near = Near(rig.emulator.app, self._asked, self._answered)
        self._opening = Opening("plan", rig.settings, self.near, lambda: NOW)

    def sync(self, writer: Writer, wanted: Wanted) -> int | None:
        """One sync: how many requests wrote, or None where it failed."""
        try:
            return writer(self._opening, wanted)
        except PmosyncError:
            return None

    def _asked(self, _method: str, _path: str) -> None:
        self.happens()
        self._before = self.crowd.document

    def _answered(self, _method: str, path: str) -> None:
        if path.endswith(":batchUpdate"):
            found = harm(self._before, self.crowd.document)
            self.harms += [found] if found != Harm() else []


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Rig:
    emulator = SheetsEmulator()
    settings = GoogleSheetsSettings(**emulator.connection(FAR, tmp_path_factory.mktemp("keys")))
    rig = Rig(emulator, settings, Spreadsheet("", ""))
    rig.begun = emulator.spreadsheet().document or rig.begun
    story = rig.story(0)
    assert story.sync(ours, FIRST)
    for _ in range(8):
        story.crowd.act("type into a cell")
    small(story.crowd)
    rig.begun = story.crowd.document
    return rig


def small(crowd: Crowd) -> None:
    """Without the rows that nobody fills: each request costs by the size of the grid."""
    crowd.person.delete_tab("Sheet1")
    for tab in (PAGE, LIST):
        crowd.person.delete_rows(crowd.title(tab), ROOM, crowd.sheet(tab).row_count - ROOM)


def wanted(round_: int) -> Wanted:
    """What a round wants: another state of affairs, and one code more."""
    return Wanted((*FIRST.codes, *(f"N{number}" for number in range(round_ + 1))), round_ + 1)


def quiet(story: Story, asked: Wanted) -> None:
    """Nobody is there any more. One sync mends whatever was left; where a tab went while it was written, the next."""
    story.happens = lambda: None
    story.crowd.leave()
    story.sync(ours, asked)
    story.sync(ours, asked)


def right(story: Story, asked: Wanted) -> bool:
    """Whether the page says exactly what is wanted, and the next sync finds nothing to write."""
    lines = [[line[place].entered for place in sorted(line)] for line in story.crowd.sheet(PAGE).rows if line]
    shown = [tuple(cell for cell in line if cell is not None) for line in lines]
    written = story.sync(ours, asked)
    return [line for line in shown if line][1:] == list(asked.page()) and written == 0


def once(crowd: Crowd, deed: str, moment: int) -> Callable[[], None]:
    """That deed just before the request of that number (from 1), and no other."""
    left = iter(range(1, moment + 1))

    def happens() -> None:
        if next(left, 0) == moment:
            crowd.act(deed)

    return happens


@pytest.mark.parametrize("number", range(len(DEEDS)), ids=list(DEEDS))
def test_a_deed_between_any_two_requests(rig: Rig, number: int) -> None:
    """Whatever somebody does, and between whichever two requests of a sync: no text of his is lost, no value comes to stand
    beside another code, and once he has left, the page is exactly right and nothing is left to write.
    """
    deed = tuple(DEEDS)[number]
    for moment in range(1 + number % EVERY, MOST, EVERY):
        story = rig.story(moment)
        story.happens = once(story.crowd, deed, moment)
        story.sync(ours, NEXT)
        quiet(story, NEXT)
        assert (moment, story.harms, right(story, NEXT)) == (moment, [], True)


def test_a_sync_makes_no_more_requests_than_are_tried(rig: Rig) -> None:
    """The moments of the test above are all that there are."""
    story = rig.story(0)
    story.sync(ours, NEXT)
    assert len(story.near.seen) <= MOST - 1


def played(rig: Rig, writer: Writer, seed: int) -> Story:
    """A random schedule: several syncs, with deeds by chance between any two requests."""
    story = rig.story(seed)
    dice = story.crowd.dice

    def happens() -> None:
        while dice.random() < OFTEN:
            story.crowd.act()

    story.happens = happens
    for number in range(ROUNDS):
        story.sync(writer, wanted(number))
    return story


@pytest.mark.timeout(3_000)
def test_random_schedules(rig: Rig) -> None:
    """However many people do whatever at any moment: 0 texts lost, 0 values beside another code; and of some schedules the
    end is looked at too.
    """
    done = 0
    for seed in range(SCHEDULES):
        story = played(rig, ours, seed)
        assert (seed, story.harms) == (seed, [])
        done += len(story.crowd.deeds)
        if seed % ENDS == 0:
            quiet(story, wanted(ROUNDS))
            assert (seed, story.harms, right(story, wanted(ROUNDS))) == (seed, [], True)
    assert done >= 5 * SCHEDULES


@pytest.mark.parametrize("name", PLANTED)
def test_the_rig_catches_whom_it_should(rig: Rig, name: str) -> None:
    """A rig that cannot fail proves nothing: each of the usual ways of writing is caught by the same judge."""
    assert any(played(rig, PLANTED[name], seed).harms for seed in range(300))
