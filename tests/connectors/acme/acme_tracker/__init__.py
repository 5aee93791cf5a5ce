"""Acme Tracker, a system of nobody: a connector as a stranger writes one."""

from __future__ import annotations

from datetime import datetime

from pmosync.connector import Connector, Opening, Source
from pmosync.raw import Cursor

MAPPING = """\
format: 1
system: acme
tables:
  states:
    open: {category: todo}
records:
  ticket:
    workflow: {status: state, statuses: states}
    entities:
      work_item:
        fields:
          key: key
          title: title
          container: project
"""


def _settings() -> type:
    from .settings import AcmeSettings

    return AcmeSettings


def _source(opening: Opening) -> Source:
    from .source import AcmeSource

    return AcmeSource(opening)


def _rewind(cursor: Cursor, instant: datetime) -> Cursor | None:
    from .source import rewound

    return rewound(cursor, instant)


connector = Connector(
    name="acme", title="Acme Tracker", settings=_settings, mapping=MAPPING, source=_source, rewind=_rewind
)
