"""Plays the story: three emulated systems on loopback, the real connectors, one sync a week, a clock that is handed
in.
"""

from __future__ import annotations

import csv
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct

from pmosync import plugins, settings, wiring
from pmosync.connector import Emulator
from pmosync.demo.plan import Cells, register, typing
from pmosync.demo.story import WEEKS, moment, story
from pmosync.emulation.events import Event as Happening
from pmosync.emulation.server import LoopbackServer
from pmosync.engine.events import Event
from pmosync.engine.sync import sync
from pmosync.errors import ConfigError
from pmosync.mapping.tabs import InputTab, input_tabs
from pmosync.sheet import Value

SYSTEMS = ("jira", "gitlab", "google_sheets")
WORKBOOK = "workbook.xlsx"


class Week(Struct, frozen=True):
    """One week of the play: its number, its moment and what its sync told."""

    number: int
    at: datetime
    events: Iterator[Event]


class Stage(Struct, frozen=True):
    """The emulated systems with their addresses, and the settings file that speaks of them."""

    emulators: Mapping[str, Emulator]
    config: Path


def play(folder: Path, seed: int, language: str = "en", weeks: int = WEEKS) -> Iterator[Week]:
    """Live through the weeks; each one's events must be read to their end before the next is asked for.

    ``folder`` is emptied of an earlier play first and afterwards holds the settings, the store and ``workbook.xlsx``.
    """
    _cleared(folder)
    with ExitStack() as stack:
        stage = _stage(folder, seed, language, stack)
        now = [moment(0, 2)]
        happenings = sorted([*story(seed), *typing(seed)], key=lambda event: event.at)
        house = wiring.open_house(settings.load(stage.config), lambda: now[0], threading.Event())
        stack.callback(house.store.close)
        told = 0
        for number in range(weeks + 1):
            now[0] = moment(number * 7, 2)
            told = _live(stage.emulators, happenings, told, now[0])
            yield Week(number, now[0], sync(house))


def _live(emulators: Mapping[str, Emulator], happenings: Sequence[Happening], told: int, until: datetime) -> int:
    """Let everything happen that lies before ``until``; how many events have happened by then."""
    while told < len(happenings) and happenings[told].at < until:
        for emulator in emulators.values():
            emulator.apply(happenings[told])
        told += 1
    for emulator in emulators.values():
        emulator.advance(until)
    return told


def _stage(folder: Path, seed: int, language: str, stack: ExitStack) -> Stage:
    found = plugins.named(SYSTEMS)
    emulators: dict[str, Emulator] = {}
    connections: dict[str, Any] = {}
    for name in SYSTEMS:
        make = plugins.connector(name, found, "demo").emulator
        if make is None:
            raise ConfigError(f"the connector {name!r} has no emulator", remedy="reinstall pmosync")
        emulators[name] = make()
    emulators["google_sheets"].load(_csv_folder(folder / "plan", register(seed)))
    for name, emulator in emulators.items():
        server = stack.enter_context(LoopbackServer(emulator.app))
        connections[name] = {"connector": name, **emulator.connection(server.url, folder / "secrets")}
    config = folder / "pmosync.yaml"
    config.write_text(_settings(connections, folder, language), encoding="utf-8")
    return Stage(emulators, config)


def _settings(connections: Mapping[str, Any], folder: Path, language: str) -> str:
    sheet = {**connections["google_sheets"], "title": "Portfolio workbook", "language": language}
    file = {"connector": "xlsx", "title": "Portfolio workbook", "path": WORKBOOK, "inputs": False, "language": language}
    given = {
        "instance": "demo",
        "data": "data",
        "calendar": "CN",
        "time_zone": "Asia/Shanghai",
        "connections": {name: _relative(connections[name], folder) for name in ("jira", "gitlab")},
        "workbooks": {"portfolio": _relative(sheet, folder), "file": file},
    }
    return yaml.safe_dump(given, allow_unicode=True, sort_keys=False)


def _relative(given: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Secret files as the settings name them: relative to the settings file."""
    resolved = folder.resolve()
    return {
        key: str(Path(value).resolve().relative_to(resolved)) if key.endswith("_file") else value
        for key, value in given.items()
    }


def _csv_folder(folder: Path, rows: Mapping[str, Sequence[Cells]]) -> Path:
    """The register as a PMO would bring it along: one CSV a tab."""
    folder.mkdir(parents=True, exist_ok=True)
    for tab in input_tabs():
        with (folder / f"{tab.titles['en']}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(column.labels["en"] for column in tab.columns)
            writer.writerows(_line(tab, row) for row in rows[tab.key])
    return folder


def _line(tab: InputTab, row: Cells) -> list[str]:
    return [_text(row.get(column.key), _labels(tab, column.key)) for column in tab.columns]


def _labels(tab: InputTab, key: str) -> Mapping[str, str]:
    return {choice.value: choice.labels["en"] for choice in tab.column(key).choices}


def _text(value: Value, labels: Mapping[str, str]) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case date():
            return value.isoformat()
        case _:
            return labels.get(str(value), str(value))


def _cleared(folder: Path) -> None:
    """An earlier play leaves nothing behind; a folder that holds anything else is not touched."""
    if folder.exists() and any(folder.iterdir()) and not (folder / "pmosync.yaml").exists():
        raise ConfigError(f"{folder} holds files that are not the demo's", remedy="name another folder with --folder")
    for name in ("data", "plan", "secrets"):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / WORKBOOK).unlink(missing_ok=True)
    (folder / "secrets").mkdir(parents=True, exist_ok=True)
