"""The contract of sources, held by GitLab of today and by the oldest that is read."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qsl, urlencode

import pytest
from pydantic import BaseModel, SecretStr
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as Asgi
from tests.connectors.story import StoryWorld

import pmosync_gitlab
from pmosync.connector import Connector
from pmosync.emulation import events as e
from pmosync.raw import Scope
from pmosync.testing.contract import Check, Conditions, Deed, Stand, checks
from pmosync_gitlab.emulator import GitlabEmulator
from pmosync_gitlab.settings import GitlabSettings

PAGE = 4
HOME = "pay/core/api"


class Gitlab(StoryWorld):
    """A server with one project that is asked for and one that is not."""

    kind: ClassVar[str] = "issue"
    page: ClassVar[int] = PAGE
    events: ClassVar[frozenset[str]] = frozenset({"state_event", "milestone_event", "label_event", "note"})
    deeds: ClassVar[frozenset[Deed]] = frozenset(Deed)
    zones: ClassVar[tuple[str, ...]] = ()
    lags: ClassVar[tuple[timedelta, ...]] = ()
    always: ClassVar[frozenset[str]] = frozenset({"id", "iid", "project_id", "group_id"})
    unasked: ClassVar[str] = "nobody asked for this"
    version: ClassVar[str] = "18.5.1"

    def __init__(self, conditions: Conditions, folder: Path) -> None:
        self.emulator, self.short = GitlabEmulator(self.version), False
        super().__init__(self.emulator, conditions.start)
        for key in (HOME, "pay/ops"):
            self.tell(e.ProjectOpens, system="gitlab", key=key, name=key)
        self.tell(e.MilestoneOpens, system="gitlab", key="M", project=HOME, title="v1", form="milestone")

    @property
    def connector(self) -> Connector:
        """As it is announced."""
        return pmosync_gitlab.connector

    @property
    def scope(self) -> Scope:
        """One project."""
        return Scope("project", HOME)

    @property
    def app(self) -> ASGIApp:
        """The emulator's, which may shorten its pages."""
        return self._shortened

    @property
    def secrets(self) -> tuple[str, ...]:
        """The token."""
        return (self.emulator.token.secret,)

    def settings(self, url: str) -> BaseModel:
        """Small pages."""
        return GitlabSettings(url=url, token=SecretStr(self.emulator.token.secret), page_size=PAGE)

    def add(self) -> str:
        """An issue of the milestone."""
        key = f"{HOME}#{len(self.keys) + 1}"
        self.tell(e.ItemCreated, by="li", system="gitlab", key=key, project=HOME, title=f"Story {key}", milestone="M")
        item = str(max(one.id for one in self.emulator.site.issues))
        self.keys[item] = key
        return item

    def do(self, deed: Deed, item: str = "") -> None:
        """By the emulator's events and knobs."""
        match deed:
            case Deed.HIDE:
                self.tell(e.ItemRestricted, key=self.keys[item])
                self.emulator.site.sees_confidential = False
            case Deed.SHOW:
                self.emulator.site.sees_confidential = True
            case Deed.MOVE:
                self.tell(e.ItemMoved, by="li", key=self.keys[item], project="pay/ops", new_key="pay/ops#1")
            case Deed.ARCHIVE:
                self.tell(e.ProjectArchived, system="gitlab", key=HOME)
            case Deed.RENAME:
                self.tell(e.ProjectRenamed, system="gitlab", key=HOME, name="API", new_key="pay/core/rest")
            case Deed.LOSE:
                self.tell(e.AccessLost, system="gitlab", key=HOME)
            case Deed.REVOKE:
                self.tell(e.AccessLost, system="gitlab", key="")
            case Deed.SHORTEN:
                self.short = True

    async def _shortened(self, scope: Asgi, receive: Receive, send: Send) -> None:
        """As a server that caps its pages at two rows."""
        if self.short:
            told = dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True))
            if "per_page" in told:
                scope = {**scope, "query_string": urlencode({**told, "per_page": "2"}).encode()}
        await self.emulator.app(scope, receive, send)


class Old(Gitlab):
    """The oldest version."""

    version: ClassVar[str] = "13.12.15"


SOAK = bool(os.environ.get("PMOSYNC_SOAK"))
CASES = [
    pytest.param(check, id=f"{kind.version}: {check}")
    for kind in ((Gitlab, Old) if SOAK else (Gitlab,))
    for check in checks(kind, thorough=SOAK)
]


@pytest.mark.parametrize("check", CASES)
def test_contract(check: Check, stand: Stand, tmp_path: Path) -> None:
    """Each rule of the contract."""
    check.run(stand, tmp_path)
