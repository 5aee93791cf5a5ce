"""A report to be read in a browser: one file with everything in it, written whole and put in the old one's place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmosync.connector import Connector

if TYPE_CHECKING:
    from pydantic import BaseModel

    from pmosync.connector import Opening, Sink


def _settings() -> type[BaseModel]:
    from pmosync_html.settings import HtmlSettings

    return HtmlSettings


def _sink(opening: Opening) -> Sink:
    from pmosync_html.sink import HtmlSink

    return HtmlSink(opening)


connector = Connector(
    name="html",
    title="HTML report",
    settings=_settings,
    sink=_sink,
    target=lambda settings: str(settings.path.resolve()),
)
