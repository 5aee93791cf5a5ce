"""What the entities of the model want of a mapping: their fields, which are needed, and the transform a field has by its type."""

from __future__ import annotations

import types
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, get_args, get_origin

import msgspec
from msgspec import Struct

from pmosync.model import Change, MergeRequest, Release, SourceMilestone, SourceProject, Timebox, WorkItem

ENTITIES: Mapping[str, type[Struct]] = {
    "work_item": WorkItem,
    "source_milestone": SourceMilestone,
    "merge_request": MergeRequest,
    "timebox": Timebox,
    "source_project": SourceProject,
    "release": Release,
    "change": Change,
}

DERIVED = frozenset({"ref", "status", "category", "stage", "outcome", "resolution", "level"})
MAY_BE_EMPTY = frozenset({"title"})

_BY_TYPE: Mapping[object, str] = {
    str: "text",
    date: "date",
    datetime: "instant",
    float: "number",
    int: "count",
    bool: "boolean",
    tuple[str, ...]: "names",
}


class Slot(Struct, frozen=True):
    """One field of an entity: its transform unless the mapping names one ("" = it must), is it needed, does it hold several."""

    transform: str
    needed: bool
    several: bool


@cache
def slots_of(entity: str) -> Mapping[str, Slot]:
    """The fields of an entity that a mapping fills."""
    fields = msgspec.structs.fields(ENTITIES[entity])
    return {field.name: _slot(field.type, field.required) for field in fields if field.name not in DERIVED}


def _slot(kind: Any, needed: bool) -> Slot:
    bare = next((part for part in get_args(kind) if part is not type(None)), kind) if _optional(kind) else kind
    return Slot(_BY_TYPE.get(bare, ""), needed, get_origin(bare) is tuple)


def _optional(kind: Any) -> bool:
    return isinstance(kind, types.UnionType) or type(None) in get_args(kind)
