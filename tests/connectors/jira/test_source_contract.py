"""The contract of sources, held by Jira Cloud and by Jira Data Center."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import ClassVar, Literal

import pytest
from pydantic import BaseModel, SecretStr
from starlette.types import ASGIApp
from tests.connectors.story import StoryWorld

import pmosync_jira
from pmosync.connector import Connector
from pmosync.emulation import events as e
from pmosync.raw import Scope
from pmosync.testing.contract import Check, Conditions, Deed, Stand, checks
from pmosync_jira.emulator import JiraEmulator
from pmosync_jira.settings import JiraSettings

PAGE = 10


class Cloud(StoryWorld):
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
        self.folder, self.count = folder, 0
        self.emulator = JiraEmulator(self.dialect, now=conditions.start, time_zone=conditions.zone)
        self.emulator.story.site.index_lag = round(conditions.lag.total_seconds() * 1000)
        super().__init__(self.emulator, conditions.start)
        for key in ("PAY", "OPS"):
            self.tell(e.ProjectOpens, system="jira", key=key, name=key)

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

    def add(self) -> str:
        """A story, with a description that the mapping does not read."""
        self.count += 1
        key = f"PAY-{self.count}"
        self.tell(
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

    def do(self, deed: Deed, item: str = "") -> None:
        """By the emulator's events and knobs."""
        match deed:
            case Deed.HIDE:
                self.tell(e.ItemRestricted, key=self.keys[item])
                self.emulator.knobs.sees_restricted = False
            case Deed.SHOW:
                self.emulator.knobs.sees_restricted = True
            case Deed.MOVE:
                self.tell(e.ItemMoved, by="li", key=self.keys[item], project="OPS", new_key="OPS-1")
            case Deed.ARCHIVE:
                self.tell(e.ProjectArchived, system="jira", key="PAY")
            case Deed.RENAME:
                self.tell(e.ProjectRenamed, system="jira", key="PAY", name="Payments", new_key="PAYMENTS")
            case Deed.LOSE:
                self.tell(e.AccessLost, system="jira", key="PAY")
            case Deed.REVOKE:
                self.emulator.revoke()
            case Deed.SHORTEN:
                knobs = self.emulator.knobs
                knobs.page_cap = knobs.id_page_cap = knobs.server_page_cap = 4


class Server(Cloud):
    """A Data Center site."""

    dialect: ClassVar[Literal["cloud", "server"]] = "server"


CASES = [
    pytest.param(check, id=f"{kind.dialect}: {check}")
    for kind in (Cloud, Server)
    for check in checks(kind, thorough=bool(os.environ.get("PMOSYNC_SOAK")))
]


@pytest.mark.parametrize("check", CASES)
def test_contract(check: Check, stand: Stand, tmp_path: Path) -> None:
    """Each rule of the contract."""
    check.run(stand, tmp_path)
