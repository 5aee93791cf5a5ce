"""Jira Cloud and Data Center as a source of issues, versions, sprints and projects; and an emulator of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmosync.connector import Connector, Emulator, Opening, Source

if TYPE_CHECKING:
    from datetime import datetime

    from pmosync.raw import Cursor
    from pmosync_jira.settings import JiraSettings


def _settings() -> type[JiraSettings]:
    from pmosync_jira.settings import JiraSettings

    return JiraSettings


def _source(opening: Opening) -> Source:
    from pmosync_jira.source import open_source

    return open_source(opening)


def _emulator() -> Emulator:
    from pmosync_jira.emulator import JiraEmulator

    return JiraEmulator()


def _data_center() -> Emulator:
    from pmosync_jira.emulator import JiraEmulator

    return JiraEmulator("server")


def _rewind(cursor: Cursor, instant: datetime) -> Cursor | None:
    from pmosync_jira.position import rewound

    return rewound(cursor, instant)


connector = Connector(
    name="jira",
    title="Jira",
    settings=_settings,
    mapping="jira",
    source=_source,
    emulator=_emulator,
    abreast=True,
    rewind=_rewind,
    editions={"cloud": _emulator, "server": _data_center},
)

__all__ = ["connector"]
