"""GitLab: issues, merge requests and milestones of projects and groups as a source, and a server that stands in for GitLab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmosync.connector import Connector

if TYPE_CHECKING:
    from datetime import datetime

    from pydantic import BaseModel

    from pmosync.connector import Emulator, Opening, Source
    from pmosync.raw import Cursor


def _settings() -> type[BaseModel]:
    from pmosync_gitlab.settings import GitlabSettings

    return GitlabSettings


def _source(opening: Opening) -> Source:
    from pmosync_gitlab.source import open_source

    return open_source(opening)


def _emulator() -> Emulator:
    from pmosync_gitlab.emulator import GitlabEmulator

    return GitlabEmulator()


def _rewind(cursor: Cursor, instant: datetime) -> Cursor | None:
    from pmosync_gitlab.cursor import rewound

    return rewound(cursor, instant)


connector = Connector(
    name="gitlab",
    title="GitLab",
    settings=_settings,
    mapping="gitlab",
    source=_source,
    emulator=_emulator,
    abreast=True,
    rewind=_rewind,
)
