"""An operator's desk: emulated systems on loopback, a settings file that speaks of them, and the real command line."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

import time_machine
import yaml
from tests.children import Child, child

from pmosync.cli.emulate import ticking
from pmosync.cli.main import run
from pmosync.connector import Emulator
from pmosync.emulation.events import Event, ItemCreated, ItemMoves, MilestoneOpens, PersonJoins, ProjectOpens, Stage
from pmosync.emulation.faults import Faults
from pmosync.emulation.server import LoopbackServer
from pmosync.store import open_store
from pmosync.testing.rig import csv_folder
from pmosync_gitlab.emulator import GitlabEmulator
from pmosync_google_sheets.emulator import SheetsEmulator
from pmosync_google_sheets.emulator.people import Person
from pmosync_jira.emulator import JiraEmulator

NOW = datetime(2026, 11, 18, 2, tzinfo=UTC)
"""When the desk is opened, a Wednesday: a story that began at another day of the week would be another story."""
SINCE = NOW - timedelta(days=30)
DUE = (SINCE + timedelta(days=60)).date()
APART = """
import datetime, sys, time_machine
from pmosync.cli.main import main
with time_machine.travel(datetime.datetime.fromisoformat(sys.argv[1])):
    main(sys.argv[2:])
"""
CANARIES = {"jira": "canary-jira-7d1f0c55", "gitlab": "canary-gitlab-93b2aa10"}


class Told:
    """What one command said and returned."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    def __repr__(self) -> str:
        """Whatever a test expected, its report says what the command said."""
        return f"Told({self.code}, out={self.out[-800:]!r}, err={self.err!r})"

    @property
    def faults(self) -> list[str]:
        """The lines on standard error."""
        return [line for line in self.err.splitlines() if line.strip()]

    def names(self, *words: str) -> bool:
        """Whether exactly one line of complaint names all these words."""
        return sum(all(word in line for word in words) for line in self.faults) == 1


class Desk:
    """Three emulated systems with one project each told in Jira and GitLab, and a settings file. Use as a context manager.

    ``settings`` may be changed before a command: it is written out anew each time. ``doors`` hold the fault plans. While
    it is open the process's clock starts at ``NOW`` and ticks on.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "pmosync.yaml"
        self.jira, self.gitlab, self.sheets = JiraEmulator(token=CANARIES["jira"]), GitlabEmulator(), SheetsEmulator()
        self.gitlab.token.secret = CANARIES["gitlab"]
        self.emulators: dict[str, Emulator] = {
            "jira": self.jira,
            "gitlab": self.gitlab,
            "google_sheets": self.sheets,
        }
        self.doors: dict[str, Faults] = {}
        self.settings: dict[str, Any] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Desk:
        self._stack.enter_context(time_machine.travel(NOW))
        secrets = self.folder / "secrets"
        secrets.mkdir(parents=True)
        connections = {}
        self.sheets.load(csv_folder(self.folder / "plan", PLAN))
        for name, emulator in self.emulators.items():
            emulator.advance(SINCE)
            self.doors[name] = Faults(ticking(emulator))
            url = self._stack.enter_context(LoopbackServer(self.doors[name])).url
            connections[name] = {"connector": name, **emulator.connection(url, secrets)}
        self.live(*story())
        self.settings = _settings(connections)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def live(self, *happenings: Event) -> None:
        """Let events happen."""
        for happening in happenings:
            for emulator in self.emulators.values():
                emulator.apply(happening)

    def person(self) -> Person:
        """Somebody at the sheet."""
        return self.sheets.person()

    def write(self) -> Path:
        """The settings as a file."""
        self.file.write_text(yaml.safe_dump(self.settings, allow_unicode=True, sort_keys=False), encoding="utf-8")
        return self.file

    def run(self, *arguments: str) -> Told:
        """One command in this process, on the desk's settings as they are now."""
        self.write()
        return command(*arguments, "--config", str(self.file))

    def apart(self, *arguments: str, prepare: Callable[[], None] | None = None) -> Child:
        """One command in a process of its own, on the same clock; it ends with the desk at the latest."""
        self.write()
        line = [sys.executable, "-c", APART, datetime.now(UTC).isoformat(), *arguments, "--config", str(self.file)]
        return self._stack.enter_context(child(line, prepare=prepare))

    def sound(self) -> bool:
        """Whether the store passes its own check."""
        store = open_store(self.folder / "data" / "pmosync.sqlite", now=datetime.now(UTC))
        try:
            return store.check() == ()
        finally:
            store.close()

    def counts(self, *kinds: str) -> tuple[int, ...]:
        """How many there are of each kind."""
        told = self.run("export")
        found = {line.split()[0]: int(line.split()[1].replace(",", "")) for line in told.out.splitlines()}
        return tuple(found[kind] for kind in kinds)


def command(*arguments: str) -> Told:
    """One command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(list(arguments))
    return Told(code, out.getvalue(), err.getvalue())


def story() -> tuple[Event, ...]:
    """A project in Jira and one in GitLab, a milestone each, three items each, a person."""
    at = SINCE
    events: list[Event] = [
        PersonJoins(at=at, key="li.na", name="李娜", email="li.na@example.com"),
        ProjectOpens(at=at, system="jira", key="PAY", name="Payments 支付"),
        MilestoneOpens(at=at, system="jira", key="V1", project="PAY", title="Gateway live", form="version", due=DUE),
        ProjectOpens(at=at, system="gitlab", key="trade/cashier", name="Cashier"),
        MilestoneOpens(
            at=at, system="gitlab", key="G1", project="trade/cashier", title="Canary 灰度", form="milestone", due=DUE
        ),
    ]
    for number in range(1, 4):
        for system, key, project, milestone in (
            ("jira", f"PAY-{number}", "PAY", "V1"),
            ("gitlab", f"trade/cashier#{number}", "trade/cashier", "G1"),
        ):
            events.append(
                ItemCreated(
                    at=at + timedelta(hours=number),
                    by="li.na",
                    system=system,
                    key=key,
                    project=project,
                    title=f"Item {number} 事项",
                    milestone=milestone,
                    assignee="li.na",
                    due=DUE - timedelta(days=number),
                )
            )
    events.append(ItemMoves(at=at + timedelta(days=2), by="li.na", key="PAY-1", to=Stage.DOING))
    return tuple(events)


PLAN: Mapping[str, Sequence[Mapping[str, str | int | float | date]]] = {
    "programs": ({"code": "TRADE", "level": "program", "name": "Trade"},),
    "projects": (
        {"code": "PAY", "name": "Payments 支付", "program": "TRADE", "control": "key", "manager": "li.na@example.com"},
        {"code": "CASH", "name": "Cashier", "program": "TRADE", "control": "part_time"},
    ),
    "milestone_inputs": (
        {"code": "PAY-M01", "name": "Contract signed", "project": "PAY", "level": "committee", "target": DUE},
    ),
    "bindings": (
        {"code": "PAY", "system": "jira", "what": "project", "which": "PAY"},
        {"code": "CASH", "system": "gitlab", "what": "project", "which": "trade/cashier"},
    ),
    "people": ({"key": "li.na@example.com", "name": "李娜"},),
}


def _settings(connections: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "connections": {name: dict(connections[name]) for name in ("jira", "gitlab")},
        "workbooks": {
            "portfolio": dict(connections["google_sheets"]),
            "file": {"connector": "xlsx", "path": "portfolio.xlsx", "inputs": False},
        },
        "transport": {"attempts": 1, "deadline": 90, "connect": 10, "read": 30},
    }
