"""What a mapping file says, once read: frozen and free of YAML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from pmosync.model import Category, Outcome


class StatusRow(Struct, frozen=True):
    """What a table says of a status. ``category`` None leaves it to what the system itself says, ``outcome`` None to the
    resolution; a ``final`` row of the system's own categories wins over the status's name.
    """

    category: Category | None = None
    stage: str = ""
    outcome: Outcome | None = None
    final: bool = False


class Workflow(Struct, frozen=True):
    """Where a record tells its status, and the tables that read it.

    ``status`` is the raw name (with ``label_prefix`` the first label that starts so), ``group`` what the system makes of it.
    """

    status: tuple[str, ...]
    group: tuple[str, ...] = ()
    resolution: tuple[str, ...] = ()
    labels: str = ""
    label_prefix: str = ""
    moved: str = ""
    statuses: Mapping[str, StatusRow] = {}
    groups: Mapping[str, StatusRow] = {}
    resolutions: Mapping[str, Outcome] = {}
    undelivered_labels: frozenset[str] = frozenset()


class LevelRule(Struct, frozen=True):
    """Level of an item: by type name (the first of these paths that has one), else the system's number, else sub-task or not."""

    number: str = ""
    subtask: str = ""
    name: tuple[str, ...] = ()
    table: Mapping[str, int] = {}


class FieldRule(Struct, frozen=True):
    """How one field is read. ``only`` maps a path to the values under which the rule applies, ``at_level`` names a level."""

    paths: tuple[str, ...] = ()
    transform: str = "text"
    args: Mapping[str, Any] = {}
    value: Any = None
    only: Mapping[str, tuple[Any, ...]] = {}
    at_level: int | None = None


class When(Struct, frozen=True):
    """All that must hold for an entity to be made. ``dated``: at that path it has a date, had one, or it is known already."""

    level: int | None = None
    dated: str = ""
    only: Mapping[str, tuple[Any, ...]] = {}
    matches: Mapping[str, str] = {}


class EntityRule(Struct, frozen=True):
    """How one entity is made of a record. ``kind`` "" keeps the record's own identity."""

    entity: str
    fields: Mapping[str, tuple[FieldRule, ...]]
    kind: str = ""
    when: When | None = None


class ChangelogRule(Struct, frozen=True):
    """Where a record's own history stands, and which of its fields the model follows."""

    path: str
    at: tuple[str, ...]
    by: tuple[str, ...]
    fields: Mapping[str, str]


class RecordRule(Struct, frozen=True):
    """Everything made of one kind of record."""

    kind: str
    entities: tuple[EntityRule, ...]
    workflow: Workflow | None = None
    level: LevelRule | None = None
    changelog: ChangelogRule | None = None
