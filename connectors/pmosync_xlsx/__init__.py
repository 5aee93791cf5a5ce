"""A workbook file: written whole beside the old one and put in its place, inputs read back from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmosync.connector import Connector

if TYPE_CHECKING:
    from pydantic import BaseModel

    from pmosync.connector import Opening, Sink, Source


def _settings() -> type[BaseModel]:
    from pmosync_xlsx.settings import XlsxSettings

    return XlsxSettings


def _source(opening: Opening) -> Source:
    from pmosync_xlsx.source import XlsxSource

    return XlsxSource(opening)


def _sink(opening: Opening) -> Sink:
    from pmosync_xlsx.sink import XlsxSink

    return XlsxSink(opening)


connector = Connector(
    name="xlsx",
    title="Excel workbook",
    settings=_settings,
    mapping="google_sheets",
    source=_source,
    sink=_sink,
    target=lambda settings: str(settings.path.resolve()),
)
