"""Of two runs, the one that began later writes the workbook; the other stops where it stands."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pmosync.connector import Fence, Finding, Sink, unfenced
from pmosync.engine import events
from pmosync.errors import StoreError, TargetError
from pmosync.sheet import Publication, Tab, Workbook, Written
from pmosync.testing.rig import Rig

MONDAY = datetime(2026, 9, 7, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """A workbook with one project, published once."""
    with Rig(tmp_path, MONDAY) as rig:
        rig.register({"projects": [{"code": "PAY", "name": "Old", "control": "key"}]})
        rig.sync(MONDAY)
        yield rig


class Overtaken:
    """A sink before whose reading or writing a later run begins; ``deaf`` to the fence, as a stranger's may be."""

    def __init__(self, rig: Rig, sink: Sink, before: str, deaf: bool) -> None:
        self._rig, self._sink, self._before, self._deaf = rig, sink, before, deaf

    def check(self, tabs: Sequence[Tab]) -> Iterator[Finding]:
        """As the sink does."""
        yield from self._sink.check(tabs)

    def read(self, tabs: Sequence[Tab]) -> Workbook:
        """As the sink does."""
        self._overtake("read")
        return self._sink.read(tabs)

    def write(self, publication: Publication, fence: Fence = unfenced) -> Written:
        """As the sink does."""
        self._overtake("write")
        return self._sink.write(publication, unfenced if self._deaf else fence)

    def close(self) -> None:
        """As the sink does."""
        self._sink.close()

    def _overtake(self, at: str) -> None:
        if at == self._before:
            self._rig.house.store.begin(self._rig.now + HOUR)


def person(rig: Rig) -> Any:
    """Somebody at the workbook."""
    return rig.emulators["google_sheets"].person()  # type: ignore[attr-defined]


def names(rig: Rig) -> str:
    """What stands on the register."""
    return str([row for row in person(rig).rows("Portfolio") if "PAY" in row])


@pytest.mark.parametrize(("before", "deaf"), [("read", True), ("write", False)])
def test_an_overtaken_run_writes_nothing(rig: Rig, before: str, deaf: bool) -> None:
    """The epoch is checked before each write to a sheet, not only at commits: a run that slept wakes too late."""
    person(rig).enter("Projects", "PAY", "name", "New")
    shelf, *_ = rig.house.shelves
    slow = msgspec.structs.replace(shelf, open=lambda: Overtaken(rig, shelf.open(), before, deaf))
    rig._house = msgspec.structs.replace(rig.house, shelves=(slow,))
    told: list[events.Event] = []
    with pytest.raises(StoreError, match="another writer has begun"):
        told.extend(rig.run(MONDAY + 2 * HOUR))
    assert "Old" in names(rig)
    rig.close_house()
    rig.sync(MONDAY + 4 * HOUR)
    assert "New" in names(rig)


def test_a_newer_stamp_of_our_own_is_another_writer(rig: Rig) -> None:
    """A data folder brought back from a backup (or copied to another host) does not write over what a newer run of the
    same installation has written, until somebody has looked.
    """
    rig.close_house()
    shutil.copytree(rig.folder / "data", rig.folder / "backup")
    person(rig).enter("Projects", "PAY", "name", "Newer")
    for hours in (2, 4):
        rig.sync(MONDAY + hours * HOUR)
    rig.close_house()
    shutil.rmtree(rig.folder / "data")
    shutil.move(rig.folder / "backup", rig.folder / "data")
    person(rig).enter("Projects", "PAY", "name", "Newest")
    (refused,) = [event for event in rig.sync(MONDAY + 6 * HOUR) if isinstance(event, events.Unpublished)]
    assert isinstance(refused.error, TargetError)
    assert "a copy of this one" in str(refused.error)
    assert "Newer" in names(rig)
    rig.house.store.accept("stamp-portfolio", "taken over", rig.now)
    for hours in (8, 10):
        assert [e for e in rig.sync(MONDAY + hours * HOUR) if isinstance(e, events.Unpublished)] == []
    assert "Newest" in names(rig)
