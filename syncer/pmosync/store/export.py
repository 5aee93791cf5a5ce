"""The model itself, entity by entity, as of a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct, structs

from pmosync.compute.rebind import ghosts
from pmosync.errors import ConfigError
from pmosync.model import Milestone
from pmosync.store import history, identities, ledger, rebindings, snapshot
from pmosync.store.codec import BINDING_ROW

Reader = Callable[[sa.Connection, datetime], Iterator[Any]]
STORED = (
    "work_item",
    "source_milestone",
    "merge_request",
    "timebox",
    "source_project",
    "release",
    "project",
    "milestone_input",
    BINDING_ROW,
    "decision",
    "risk",
    "person",
    "calendar",
    "project_note",
    "action",
    "attention_answer",
    "ledger_answer",
    "report_text",
)


def _stored(entity: str) -> Reader:
    return lambda connection, as_of: snapshot.entities(connection, entity, as_of)


def _programs(wanted: bool) -> Reader:
    """Rows of the Programs tab that are portfolios, or those that are not."""
    return lambda connection, as_of: (
        row
        for row in snapshot.entities(connection, "program", as_of)
        if (row.level.strip().casefold() == "portfolio") is wanted
    )


def _baselines(connection: sa.Connection, as_of: datetime) -> Iterator[Any]:
    return (value for group in history.baselines(connection, as_of).values() for value in group)


class KnownMilestone(Milestone, frozen=True, kw_only=True):
    """A milestone as it is exported. ``given_up``: its code stood for a thing that another promise of ours goes on as, so
    that nothing is said of it any more.
    """

    given_up: bool = False


def _milestones(connection: sa.Connection, as_of: datetime) -> Iterator[KnownMilestone]:
    known = identities.milestones(connection, as_of)
    went = rebindings.rebindings(connection)
    over = ghosts(identities.bindings(connection, None), went, known, as_of) if went else frozenset()
    typed = {row.code for row in snapshot.entities(connection, "milestone_input", as_of)} if over else set()
    return iter([KnownMilestone(**structs.asdict(each), given_up=each.code in over - typed) for each in known])


READERS: Mapping[str, Reader] = {
    "portfolio": _programs(True),
    "program": _programs(False),
    **{entity: _stored(entity) for entity in STORED},
    "change": history.every_change,
    "observation": history.every_observation,
    "milestone": _milestones,
    "binding": lambda connection, as_of: iter(identities.bindings(connection, as_of)),
    "rebinding": lambda connection, as_of: iter(rebindings.rebindings(connection, as_of)),
    "baseline": _baselines,
    "move": ledger.every_move,
    "report": ledger.every_report,
}
ENTITIES = tuple(READERS)


def export(connection: sa.Connection, entity: str, as_of: datetime) -> Iterator[Struct]:
    """Everything of one entity as of a moment, in a stable order. Raises ConfigError for a word that is none."""
    return reader(entity)(connection, as_of)


def reader(entity: str) -> Reader:
    """How an entity is read. Raises ConfigError for a word that is none."""
    if entity not in READERS:
        raise ConfigError(f"there is no entity {entity!r}", remedy=f"choose one of {', '.join(ENTITIES)}")
    return READERS[entity]
