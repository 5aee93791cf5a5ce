"""The contract of sources, held by Google Sheets: the rows of an input tab."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from pydantic import BaseModel
from starlette.types import ASGIApp

import pmosync_google_sheets
from pmosync.connector import Connector
from pmosync.emulation import events as e
from pmosync.raw import Scope
from pmosync.testing.contract import Check, Conditions, Deed, Stand, checks
from pmosync.testing.rig import csv_folder
from pmosync_google_sheets.client import SCOPES
from pmosync_google_sheets.emulator import SheetsEmulator
from pmosync_google_sheets.settings import GoogleSheetsSettings

TAB, NAME = "Projects", "Name"
READER, SECRET = "reader@example.com", "client-secret-of-the-test"


class Sheets:
    """A workbook with all input tabs, of which one gets rows. No tab shows fewer than there are, so the rows that a person
    takes out are taken out: only too many at once are held.
    """

    kind: ClassVar[str] = "row"
    page: ClassVar[int] = 0
    events: ClassVar[frozenset[str]] = frozenset()
    deeds: ClassVar[frozenset[Deed]] = frozenset({Deed.ARCHIVE, Deed.RENAME, Deed.LOSE, Deed.REVOKE})
    zones: ClassVar[tuple[str, ...]] = ()
    lags: ClassVar[tuple[timedelta, ...]] = ()
    always: ClassVar[frozenset[str]] = frozenset()
    unasked: ClassVar[str] = ""

    def __init__(self, conditions: Conditions, folder: Path) -> None:
        self.now, self.count, self.changes = conditions.start, 0, 0
        self.emulator = SheetsEmulator()
        self.emulator.advance(self.now)
        self.emulator.load(csv_folder(folder / "plan", {}))
        self.given = {**self.emulator.connection("", folder), "service_account_file": folder / "user.json"}
        self.emulator.person().share(READER)
        self.token = self.emulator.tokens.grant(READER, frozenset(SCOPES))
        self._write_key(folder / "user.json")

    @property
    def connector(self) -> Connector:
        """As it is announced."""
        return pmosync_google_sheets.connector

    @property
    def scope(self) -> Scope:
        """Nothing: the workbook is named in the settings."""
        return Scope("", "")

    @property
    def app(self) -> ASGIApp:
        """The emulator's."""
        return self.emulator.app

    @property
    def secrets(self) -> tuple[str, ...]:
        """What stands in the key file."""
        return (self.token, SECRET)

    def settings(self, url: str) -> BaseModel:
        """One address for everything."""
        return GoogleSheetsSettings.model_validate({**self.given, "endpoint": url})

    def advance(self, now: datetime) -> None:
        """The emulator's clock."""
        self.now = now
        self.emulator.advance(now)

    def add(self) -> str:
        """A row with a code and a name."""
        self.count += 1
        self._type(f"P{self.count:02}", "new")
        return f"projects:P{self.count:02}"

    def change(self, item: str) -> None:
        """Another name."""
        self.changes += 1
        self._type(item.partition(":")[2], f"name {self.changes}")

    def delete(self, item: str) -> None:
        """Somebody deletes the row."""
        self.emulator.apply(e.RowDeleted(at=self.now, tab=TAB, code=item.partition(":")[2]))

    def do(self, deed: Deed, item: str = "") -> None:
        """To the whole workbook."""
        del item
        match deed:
            case Deed.ARCHIVE:
                self.emulator.person().trash()
            case Deed.RENAME:
                self.emulator.person().rename_tab(TAB, "Our projects")
            case Deed.REVOKE:
                self.emulator.tokens.revoke_all()
                self.emulator.tokens._refresh.clear()
            case _:
                self.emulator.person().unshare(READER)

    def _write_key(self, path: Path) -> None:
        """An authorised user's: a service account's takes a tenth of a second to open, each time."""
        words = {"client_id": "pmosync", "client_secret": SECRET, "refresh_token": self.token}
        path.touch(mode=0o600)
        path.write_text(json.dumps({"type": "authorized_user", **words}), encoding="utf-8")

    def _type(self, code: str, name: str) -> None:
        self.emulator.apply(e.CellTyped(at=self.now, tab=TAB, code=code, column=NAME, value=name))


class Asked(Sheets):
    """The same, read only where Drive has a new version; it tells of one at once here, since the contract knows of no lag of
    a version.
    """

    def settings(self, url: str) -> BaseModel:
        """Drive is asked first."""
        return GoogleSheetsSettings.model_validate({**self.given, "endpoint": url, "ask_drive_first": True})


@pytest.fixture(scope="module")
def stand() -> Iterator[Stand]:
    """One port for all checks."""
    with Stand() as stand:
        yield stand


@pytest.mark.parametrize("check", checks(Sheets, thorough=bool(os.environ.get("PMOSYNC_SOAK"))), ids=str)
def test_contract(check: Check, stand: Stand, tmp_path: Path) -> None:
    """Each rule of the contract."""
    check.run(stand, tmp_path)


@pytest.mark.parametrize("check", checks(Asked, thorough=bool(os.environ.get("PMOSYNC_SOAK"))), ids=str)
def test_contract_of_a_source_that_asks_drive_first(check: Check, stand: Stand, tmp_path: Path) -> None:
    """What spares reading breaks no rule."""
    check.run(stand, tmp_path)
