"""Acme Tracker as a world of the contract."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel, SecretStr
from starlette.types import ASGIApp
from tests.connectors.acme import acme_tracker
from tests.connectors.acme.acme_tracker.settings import AcmeSettings
from tests.connectors.acme.server import KEY, AcmeServer

from pmosync.connector import Connector
from pmosync.raw import Scope
from pmosync.testing.contract import Conditions, Deed

PAGE = 4


class Acme:
    """One project that is asked for, one that is not."""

    kind: ClassVar[str] = "ticket"
    page: ClassVar[int] = PAGE
    events: ClassVar[frozenset[str]] = frozenset()
    deeds: ClassVar[frozenset[Deed]] = frozenset(Deed)
    zones: ClassVar[tuple[str, ...]] = ()
    lags: ClassVar[tuple[timedelta, ...]] = (timedelta(), timedelta(minutes=5), timedelta(minutes=14))
    always: ClassVar[frozenset[str]] = frozenset({"id"})
    unasked: ClassVar[str] = "nobody asked for this"

    def __init__(self, conditions: Conditions, folder: Path) -> None:
        del folder
        self.server = AcmeServer(_millis(conditions.start), round(conditions.lag.total_seconds() * 1000))
        self.changes = 0

    @property
    def connector(self) -> Connector:
        """The toy."""
        return acme_tracker.connector

    @property
    def scope(self) -> Scope:
        """A project by its name."""
        return Scope("project", "shop")

    @property
    def app(self) -> ASGIApp:
        """The server's."""
        return self.server.app

    @property
    def secrets(self) -> tuple[str, ...]:
        """The key."""
        return (KEY,)

    def settings(self, url: str) -> BaseModel:
        """Small pages."""
        return AcmeSettings(url=url, token=SecretStr(KEY), page=PAGE)

    def advance(self, now: datetime) -> None:
        """The server's clock."""
        self.server.now = _millis(now)

    def add(self) -> str:
        """A ticket."""
        return self.server.make("p1").id

    def change(self, item: str) -> None:
        """Another title."""
        self.changes += 1
        self.server.tickets[item].title = f"title {self.changes}"
        self.server.touch(self.server.tickets[item])

    def delete(self, item: str) -> None:
        """Gone."""
        with self.server.lock:
            del self.server.tickets[item]

    def do(self, deed: Deed, item: str = "") -> None:
        """At the server."""
        shop = self.server.projects["p1"]
        match deed:
            case Deed.HIDE | Deed.SHOW:
                self.server.tickets[item].hidden = deed is Deed.HIDE
            case Deed.MOVE:
                self.server.tickets[item].project = "p2"
                self.server.touch(self.server.tickets[item])
            case Deed.ARCHIVE:
                shop.archived = True
            case Deed.RENAME:
                shop.names.insert(0, "store")
            case Deed.LOSE:
                shop.hidden = True
            case Deed.REVOKE:
                self.server.alive = False
            case Deed.SHORTEN:
                self.server.cap = 2


def _millis(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
