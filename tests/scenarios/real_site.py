"""A recorded Jira site in the emulator, and a configuration that binds its projects."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import yaml

from pmosync import plugins, settings, wiring
from pmosync.emulation.server import LoopbackServer
from pmosync.engine.house import House

PROJECTS = {"TIMOB": "Titanium SDK/CLI", "ALOY": "Alloy", "AC": "Inbox", "MOD": "Modules", "DAEMON": "Daemon"}


@contextmanager
def recorded_site(data: Path, folder: Path, clock: list[datetime]) -> Iterator[House]:
    """A house over the recorded site; ``clock[0]`` is its moment, and the emulated server's at the start."""
    connector = plugins.connector("jira", plugins.named(["jira"]), "the recorded site")
    assert connector.emulator is not None
    emulator = connector.emulator()
    emulator.load(data)
    emulator.advance(clock[0])
    with LoopbackServer(emulator.app) as server:
        (folder / "secrets").mkdir()
        connection = {"connector": "jira", **emulator.connection(server.url, folder / "secrets")}
        file = folder / "pmosync.yaml"
        file.write_text(yaml.safe_dump(_settings(connection), allow_unicode=True), encoding="utf-8")
        house = wiring.open_house(settings.load(file), lambda: clock[0], threading.Event())
        try:
            yield house
        finally:
            house.store.close()


def _settings(connection: dict[str, object]) -> dict[str, object]:
    return {
        "connections": {"jira": connection},
        "workbooks": {"file": {"connector": "xlsx", "path": "workbook.xlsx"}},
        "policy": {"team_listed": True},
        "programs": [{"code": "TI", "level": "program", "name": "Titanium"}],
        "projects": [
            {
                "code": key,
                "name": name,
                "program": "TI",
                "bindings": [{"system": "jira", "what": "project", "which": key}],
            }
            for key, name in PROJECTS.items()
        ],
    }
