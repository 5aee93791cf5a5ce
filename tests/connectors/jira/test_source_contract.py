"""The contract of sources, held by Jira Cloud and by Jira Data Center."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Literal

import pytest
from pydantic import BaseModel, SecretStr
from starlette.types import ASGIApp

import pmosync_jira
from pmosync.connector import Connector
from pmosync.emulation import events as e
from pmosync.raw import Scope
from pmosync.testing.contract import Check, Conditions, Deed, Stand, checks
from pmosync_jira.emulator import JiraEmulator
from pmosync_jira.settings import JiraSettings

PAGE = 10


class Cloud:
    """A Cloud site with one project that is asked for and one that is not."""

    kind: ClassVar[str] = "issue"
    page: ClassVar[int] = PAGE
    events: ClassVar[frozenset[str]] = frozenset()
    deeds: ClassVar[frozenset[Deed]] = frozenset(Deed)
    zones: ClassVar[tuple[str, ...]] = ("UTC", "Asia/Shanghai", "America/Los_Angeles")
    lags: ClassVar[tuple[timedelta, ...]] = (timedelta(), timedelta(minutes=5), timedelta(minutes=14))
    always: ClassVar[frozenset[str]] = frozenset({"id", "key", "fields", "changelog", "boards", "projects", "project"})
    unasked: ClassVar[str] = "nobody asked for this"
    dialect: ClassVar[Literal["cloud", "server"]] = "cloud"

    def __init__(self, conditions: Conditions, folder: Path) -> None:
        self.folder, self.now = folder, conditions.start
        self.emulator = JiraEmulator(self.dialect, now=self.now, time_zone=conditions.zone)
        self.emulator.story.site.index_lag = round(conditions.lag.total_seconds() * 1000)
        self.keys: dict[str, str] = {}
        self.count = self.changes = 0
        self._tell(e.PersonJoins, key="li", name="李雷", email="li@example.com")
        for key in ("PAY", "OPS"):
            self._tell(e.ProjectOpens, system="jira", key=key, name=key)

    @property
    def connector(self) -> Connector:
        """As it is announced."""
        return pmosync_jira.connector

    @property
    def scope(self) -> Scope:
        """One project."""
        return Scope("project", "PAY")

    @property
    def app(self) -> ASGIApp:
        """The emulator's."""
        return self.emulator.app

    @property
    def secrets(self) -> tuple[str, ...]:
        """The token."""
        return (self.emulator.token,)

    def settings(self, url: str) -> BaseModel:
        """Pages as small as they may be."""
        given = dict(self.emulator.connection(url, self.folder))
        return JiraSettings(token=SecretStr(self.emulator.token), page_size=PAGE, **given)

    def advance(self, now: datetime) -> None:
        """The emulator's clock."""
        self.now = now
        self.emulator.advance(now)

    def add(self) -> str:
        """A story, with a description that the mapping does not read."""
        self.count += 1
        key = f"PAY-{self.count}"
        self._tell(
            e.ItemCreated,
            by="li",
            system="jira",
            key=key,
            project="PAY",
            title=f"Story {key}",
            description=self.unasked,
        )
        found = self.emulator.story.site.issue(key)
        assert found is not None
        self.keys[str(found.id)] = key
        return str(found.id)

    def change(self, item: str) -> None:
        """Another title."""
        self.changes += 1
        self._tell(e.ItemRetitled, by="li", key=self.keys[item], title=f"title {self.changes}")

    def delete(self, item: str) -> None:
        """Gone without a trace."""
        self._tell(e.ItemDeleted, key=self.keys[item])

    def do(self, deed: Deed, item: str = "") -> None:
        """By the emulator's events and knobs."""
        match deed:
            case Deed.HIDE:
                self._tell(e.ItemRestricted, key=self.keys[item])
                self.emulator.knobs.sees_restricted = False
            case Deed.SHOW:
                self.emulator.knobs.sees_restricted = True
            case Deed.MOVE:
                self._tell(e.ItemMoved, by="li", key=self.keys[item], project="OPS", new_key="OPS-1")
            case Deed.ARCHIVE:
                self._tell(e.ProjectArchived, system="jira", key="PAY")
            case Deed.RENAME:
                self._tell(e.ProjectRenamed, system="jira", key="PAY", name="Payments", new_key="PAYMENTS")
            case Deed.LOSE:
                self._tell(e.AccessLost, system="jira", key="PAY")
            case Deed.REVOKE:
                self.emulator.revoke()
            case Deed.SHORTEN:
                knobs = self.emulator.knobs
                knobs.page_cap = knobs.id_page_cap = knobs.server_page_cap = 4

    def _tell(self, kind: Any, **given: Any) -> None:
        self.emulator.apply(kind(at=self.now, **given))


class Server(Cloud):
    """A Data Center site."""

    dialect: ClassVar[Literal["cloud", "server"]] = "server"


CASES = [
    pytest.param(check, id=f"{kind.dialect}: {check}")
    for kind in (Cloud, Server)
    for check in checks(kind, thorough=bool(os.environ.get("PMOSYNC_SOAK")))
]


@pytest.fixture(scope="module")
def stand() -> Iterator[Stand]:
    """One port for all checks."""
    with Stand() as stand:
        yield stand


@pytest.mark.parametrize("check", CASES)
def test_contract(check: Check, stand: Stand, tmp_path: Path) -> None:
    """Each rule of the contract."""
    check.run(stand, tmp_path)
