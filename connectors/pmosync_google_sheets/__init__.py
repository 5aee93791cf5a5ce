"""Google Sheets: the input tabs as a source, the workbook as a sink, and a server that stands in for Google."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmosync.connector import Connector

if TYPE_CHECKING:
    from pydantic import BaseModel

    from pmosync.connector import Consent, Emulator, Opening, Sink, Source


def _settings() -> type[BaseModel]:
    from pmosync_google_sheets.settings import GoogleSheetsSettings

    return GoogleSheetsSettings


def _source(opening: Opening) -> Source:
    from pmosync_google_sheets.source import SheetsSource

    return SheetsSource(opening)


def _sink(opening: Opening) -> Sink:
    from pmosync_google_sheets.sink import SheetsSink

    return SheetsSink(opening)


def _emulator() -> Emulator:
    from pmosync_google_sheets.emulator import SheetsEmulator

    return SheetsEmulator()


def _login(consent: Consent) -> str:
    from pmosync_google_sheets.login import login

    return login(consent)


connector = Connector(
    name="google_sheets",
    title="Google Sheets",
    settings=_settings,
    mapping="google_sheets",
    source=_source,
    sink=_sink,
    emulator=_emulator,
    tells_shares=True,
    target=lambda settings: f"{settings.endpoint} {settings.spreadsheet}",
    login=_login,
)
