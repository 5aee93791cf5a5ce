"""Plays the story on the rig: one sync a week, a clock that is handed in."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from pmosync.demo.days import SYNC_HOUR, WEEKS, moment
from pmosync.demo.register import register
from pmosync.demo.story import story
from pmosync.demo.typing import typing
from pmosync.engine.events import Event
from pmosync.engine.house import Request
from pmosync.errors import ConfigError
from pmosync.testing.rig import Rig
from pmosync.testing.stage import Apart

WORKBOOK, REPORT = "workbook.xlsx", "workbook.html"
SHEET = frozenset({"portfolio"})
"""The rig's workbook that people share."""


class Week(Struct, frozen=True):
    """One week of the play: its number, its moment and what its sync tells; and the rig, for who goes on behind the last."""

    number: int
    at: datetime
    events: Iterator[Event]
    rig: Rig


def play(folder: Path, seed: int, language: str = "en", weeks: Iterable[int] = range(WEEKS + 1)) -> Iterator[Week]:
    """Live through the weeks; each one's events must be read to their end before the next is asked for.

    ``weeks`` are those that end with a sync; it writes the shared sheet, and the last one ``workbook.xlsx`` and
    ``workbook.html`` too. ``folder`` is emptied of an earlier play first; afterwards it holds the settings, the store and these
    files.
    """
    _cleared(folder)
    weeks = tuple(weeks)
    happenings = sorted([*story(seed), *typing(seed, language)], key=lambda event: event.at)
    with Rig(folder, happenings[0].at, language=language, file=WORKBOOK, report=REPORT, stage=Apart()) as rig:
        rig.register(register(seed))
        told = 0
        for number in weeks:
            at = moment(number * 7, SYNC_HOUR)
            until = next((place for place, event in enumerate(happenings) if event.at >= at), len(happenings))
            rig.live(happenings[told:until])
            told = until
            yield Week(number, at, rig.run(at, Request() if number == weeks[-1] else Request(workbooks=SHEET)), rig)


def _cleared(folder: Path) -> None:
    """An earlier play leaves nothing behind; a folder that holds anything else is not touched."""
    if folder.exists() and any(folder.iterdir()) and not (folder / "pmosync.yaml").exists():
        raise ConfigError(f"{folder} holds files that are not the demo's", remedy="name another folder with --folder")
    for name in ("data", "plan", "secrets"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in (WORKBOOK, REPORT):
        (folder / name).unlink(missing_ok=True)
