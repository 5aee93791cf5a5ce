"""A rig of emulated systems on loopback, the real connectors between them and a house, and a clock that is handed in.

::

    with Rig(folder, start=monday) as rig:
        rig.register({"projects": [{"code": "PAY", "name": "Payments"}], "bindings": [...]})
        rig.live([ProjectOpens(at=monday, system="jira", key="PAY", name="Payments"), ...])
        rig.sync(tuesday)
        assert rig.milestone("PAY-M01").slip == 3
"""

from __future__ import annotations

import csv
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import yaml

from pmosync import settings, wiring
from pmosync.compute.assessment import Assessment, MilestoneVerdict, ProgramVerdict, ProjectVerdict
from pmosync.connector import Emulator
from pmosync.emulation.events import Event as Happening
from pmosync.engine import events
from pmosync.engine.events import Event
from pmosync.engine.house import House, Request
from pmosync.engine.sync import sync
from pmosync.mapping.tabs import InputTab, input_tabs
from pmosync.sheet import Value
from pmosync.testing.stage import Here, Stage

SYSTEMS = ("jira", "gitlab", "google_sheets")
TITLES = {"en": "Portfolio workbook", "zh-CN": "项目组合工作簿"}
"""What a workbook is called, by its language."""
Cells = Mapping[str, Value]


class Rig:
    """Emulated systems, a settings file that speaks of them, and the house that it opens. Use as a context manager.

    ``folder`` receives settings, secrets and store; ``given`` is merged into the settings (policy, sync …); ``file``
    names an ``.xlsx`` workbook to write as well, ``report`` an ``.html`` one; ``stage`` is where the systems stand (here,
    unless told otherwise).
    """

    def __init__(
        self,
        folder: Path,
        start: datetime,
        *,
        language: str = "en",
        file: str = "",
        report: str = "",
        given: Mapping[str, Any] | None = None,
        stage: Stage | None = None,
    ) -> None:
        self.folder = folder
        self.now = start
        self.config = folder / "pmosync.yaml"
        self.assessment: Assessment | None = None
        self._language = language
        self._files = {"file": ("xlsx", file), "report": ("html", report)}
        self._given = dict(given or {})
        self._stage = stage or Here()
        self._mappings: dict[str, Mapping[str, Any]] = {}
        self._elsewhere: dict[str, Mapping[str, Any]] = {}
        self._house: House | None = None

    def __enter__(self) -> Rig:
        (self.folder / "secrets").mkdir(parents=True, exist_ok=True)
        self._stage.open(SYSTEMS, self.now)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close_house()
        self._stage.close()

    @property
    def emulators(self) -> Mapping[str, Emulator]:
        """The emulators by name, for a test that reaches into them; only where they stand in this process."""
        if not isinstance(self._stage, Here):
            raise RuntimeError("the emulators stand in another process")
        return self._stage.emulators

    @property
    def house(self) -> House:
        """The opened house; opened at first use, so that the register can be laid before."""
        if self._house is None:
            self.config.write_text(self._settings(), encoding="utf-8")
            self._house = wiring.open_house(settings.load(self.config), lambda: self.now, threading.Event())
        return self._house

    def close_house(self) -> None:
        """Let go of the store, as a restart does; the next use opens it again."""
        if self._house is not None:
            self._house.store.close()
            self._house = None

    def map(self, connection: str, overrides: Mapping[str, Any]) -> None:
        """Override a connection's mapping, as its settings would; the house must be closed or not yet open."""
        self._mappings[connection] = overrides

    def configure(self, given: Mapping[str, Any]) -> None:
        """Put these in the place of the settings of their names (policy, calendar …); the house must be closed or not yet
        open.
        """
        self._given |= given

    def connect(self, name: str, connector: str, settings: Mapping[str, Any]) -> None:
        """A connection to a system that stands elsewhere, beside the rig's own or in place of the one of that name; the
        house must be closed or not yet open. Secret files lie below ``folder``.
        """
        self._elsewhere[name] = {"connector": connector, **_relative(settings, self.folder)}

    def disconnect(self, name: str) -> None:
        """Take a connection that ``connect`` added out of the settings; the house must be closed."""
        del self._elsewhere[name]

    def register(self, rows: Mapping[str, Sequence[Cells]]) -> None:
        """Put an input workbook up in the rig's language, one tab a key of ``input_tabs``, cells by column key; tabs not
        given have a header alone.
        """
        self._stage.load("google_sheets", csv_folder(self.folder / "plan", rows, self._language))

    def live(self, happenings: Iterable[Happening]) -> None:
        """Let events happen, in their order of time."""
        self._stage.live(sorted(happenings, key=lambda event: event.at))

    def run(self, at: datetime, request: Request = Request()) -> Iterator[Event]:
        """One sync at ``at``, event by event; it must be read to its end."""
        self.now = at
        self._stage.advance(at)
        for event in sync(self.house, request):
            if isinstance(event, events.Assessed):
                self.assessment = event.assessment
            yield event

    def sync(self, at: datetime, *happenings: Happening) -> list[Event]:
        """Let events happen, then sync at ``at``."""
        self.live(happenings)
        return list(self.run(at))

    def milestone(self, code: str) -> MilestoneVerdict:
        """The last sync's verdict on a milestone; KeyError if there is none."""
        return {verdict.milestone.code: verdict for verdict in self._last().milestones}[code]

    def project(self, code: str) -> ProjectVerdict:
        """The last sync's verdict on a project."""
        return {verdict.row.code: verdict for verdict in self._last().projects}[code]

    def program(self, code: str) -> ProgramVerdict:
        """The last sync's verdict on a program or portfolio."""
        last = self._last()
        return {verdict.row.code: verdict for verdict in (*last.programs, *last.portfolios)}[code]

    def _last(self) -> Assessment:
        if self.assessment is None:
            raise RuntimeError("the rig has not synced yet")
        return self.assessment

    def _settings(self) -> str:
        connections = {
            name: {"connector": name, **self._stage.connection(name, self.folder / "secrets")} for name in SYSTEMS
        }
        sheet = {**connections["google_sheets"], "title": TITLES[self._language], "language": self._language}
        workbooks = {"portfolio": _relative(sheet, self.folder)}
        for name, (connector, path) in self._files.items():
            if path:
                workbooks[name] = {
                    "connector": connector,
                    "title": TITLES[self._language],
                    "path": path,
                    "inputs": False,
                    "language": self._language,
                }
        given = {
            "instance": "demo",
            "data": "data",
            "calendar": "CN",
            "time_zone": "Asia/Shanghai",
            "connections": {
                name: {**_relative(connections[name], self.folder), "mapping": self._mappings.get(name, {})}
                for name in ("jira", "gitlab")
            }
            | self._elsewhere,
            "workbooks": workbooks,
            **self._given,
        }
        return yaml.safe_dump(given, allow_unicode=True, sort_keys=False)


def csv_folder(folder: Path, rows: Mapping[str, Sequence[Cells]], language: str = "en") -> Path:
    """Input tabs as files that a sheets emulator loads: one CSV a tab, titled and headed in ``language``."""
    folder.mkdir(parents=True, exist_ok=True)
    for tab in input_tabs():
        with (folder / f"{tab.titles[language]}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(column.labels[language] for column in tab.columns)
            writer.writerows(_line(tab, row, language) for row in rows.get(tab.key, ()))
    return folder


def _relative(given: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Secret files as the settings name them: relative to the settings file."""
    resolved = folder.resolve()
    return {
        key: str(Path(value).resolve().relative_to(resolved)) if key.endswith("_file") else value
        for key, value in given.items()
    }


def _line(tab: InputTab, row: Cells, language: str) -> list[str]:
    return [_text(row.get(column.key), _labels(tab, column.key, language)) for column in tab.columns]


def _labels(tab: InputTab, key: str, language: str) -> Mapping[str, str]:
    return {choice.value: choice.labels[language] for choice in tab.column(key).choices}


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
