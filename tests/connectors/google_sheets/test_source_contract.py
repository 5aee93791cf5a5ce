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

from pmosync import plugins
from pmosync.connector import Connector
from pmosync.emulation import events as e
from pmosync.raw import Scope
from pmosync.testing.contract import Check, Conditions, Deed, Stand, checks
from pmosync.testing.rig import csv_folder
from pmosync_google_sheets.emulator import SheetsEmulator
from pmosync_google_sheets.settings import GoogleSheetsSettings

TAB, NAME = "Projects", "Name"


class Sheets:
    """A workbook with all input tabs, of which one gets rows. No tab shows fewer than there are, so the rows that a person
    takes out are taken out: only too many at once are held.
    """

    kind: ClassVar[str] = "row"
    page: ClassVar[int] = 0
    events: ClassVar[frozenset[str]] = frozenset()
    deeds: ClassVar[frozenset[Deed]] = frozenset({Deed.ARCHIVE, Deed.RENAME, Deed.LOSE})
    zones: ClassVar[tuple[str, ...]] = ()
    lags: ClassVar[tuple[timedelta, ...]] = ()
    always: ClassVar[frozenset[str]] = frozenset()
    unasked: ClassVar[str] = ""

    def __init__(self, conditions: Conditions, folder: Path) -> None:
        self.now, self.count, self.changes = conditions.start, 0, 0
        self.emulator = SheetsEmulator()
        self.emulator.advance(self.now)
        self.emulator.load(csv_folder(folder / "plan", {}))
        self.given = dict(self.emulator.connection("http://127.0.0.1", folder))

    @property
    def connector(self) -> Connector:
        """As it is announced."""
        return plugins.connector("google_sheets", plugins.named(["google_sheets"]), "the contract")

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
        """The private key, line by line (a line is enough to look for), and its id."""
        key = json.loads(Path(self.given["service_account_file"]).read_text())
        return (key["private_key"].splitlines()[1], key["private_key_id"])

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
            case _:
                self.emulator.apply(e.AccessLost(at=self.now, system="google_sheets"))

    def _type(self, code: str, name: str) -> None:
        self.emulator.apply(e.CellTyped(at=self.now, tab=TAB, code=code, column=NAME, value=name))


@pytest.fixture(scope="module")
def stand() -> Iterator[Stand]:
    """One port for all checks."""
    with Stand() as stand:
        yield stand


@pytest.mark.parametrize("check", checks(Sheets, thorough=bool(os.environ.get("PMOSYNC_SOAK"))), ids=str)
def test_contract(check: Check, stand: Stand, tmp_path: Path) -> None:
    """Each rule of the contract."""
    check.run(stand, tmp_path)
