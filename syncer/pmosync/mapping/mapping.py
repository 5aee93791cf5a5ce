"""A mapping ready for use: loading it, what it reads, and translating with it."""

from __future__ import annotations

import collections.abc
import hashlib
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from pmosync.mapping.context import Context
from pmosync.mapping.paths import reads
from pmosync.mapping.plan import TabRule, compile_tab, enums_of, translate_row
from pmosync.mapping.reading import Reader, open_document
from pmosync.mapping.records import Record, compile_record
from pmosync.mapping.schema import read_records
from pmosync.mapping.spec import RecordRule, Workflow
from pmosync.mapping.tabs import InputTab, read_tabs
from pmosync.mapping.told import values
from pmosync.mapping.transforms import read_paths
from pmosync.mapping.translation import Translation
from pmosync.model import Problem
from pmosync.raw import RawRecord

ROW = "row"
"""Kind of the records that are rows of an input tab."""


class Mapping(Struct, frozen=True):
    """One system's mapping with a site's overrides in it.

    ``digest`` changes when anything but comments does, ``options`` are words for the connector, ``tabs`` the input tabs.
    """

    system: str
    digest: str
    options: collections.abc.Mapping[str, Any]
    rules: tuple[RecordRule, ...]
    records: collections.abc.Mapping[str, Record]
    tabs: collections.abc.Mapping[str, TabRule]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of record it translates."""
        return tuple(rule.kind for rule in self.rules) + ((ROW,) if self.tabs else ())

    def paths(self, kind: str) -> tuple[str, ...]:
        """Every payload path it reads of a kind, sorted: a source need fetch no more. A ``*`` at the end of one stands for
        anything inside. () for a kind it does not know.
        """
        found = {each for rule in self.rules if rule.kind == kind for path in paths_of(rule) for each in reads(path)}
        return tuple(sorted(found))

    @property
    def workflows(self) -> collections.abc.Mapping[str, Workflow]:
        """The tables that judge statuses, by the kind that items of a record have."""
        return {kind_of(rule): rule.workflow for rule in self.rules if rule.workflow is not None}

    def input_tabs(self) -> tuple[InputTab, ...]:
        """The input tabs with the site's headers and choices."""
        return tuple(rule.tab for rule in self.tabs.values())


def load_mapping(
    text_or_name: str, overrides: collections.abc.Mapping[str, Any] | None = None, *, site: str = "settings: mapping"
) -> Mapping:
    """Load a mapping by the name of a shipped file (``jira``) or from YAML text, a site's ``overrides`` merged in key by key.

    An override of nothing (``null``) takes a key away. ``site`` says in findings where overrides were written.
    Raises ConfigError with every fault in ``problems``, each with its file and line.
    """
    reader = open_document(text_or_name, overrides or {}, site)
    rules, tabs = read_records(reader), read_tabs(reader)
    _check_tabs(reader, tabs)
    reader.check()
    return Mapping(
        system=str(reader.data["system"]),
        digest=hashlib.sha256(msgspec.json.encode(reader.data, order="deterministic")).hexdigest()[:16],
        options=reader.data.get("options") or {},
        rules=rules,
        records={rule.kind: compile_record(rule) for rule in rules},
        tabs={tab.key: compile_tab(tab) for tab in tabs},
    )


def translate(mapping: Mapping, raw: RawRecord, context: Context) -> Translation:
    """What ``raw`` means in the model. Pure; bad records are findings, never exceptions."""
    if raw.ref.kind == ROW and mapping.tabs:
        return _row(mapping, raw, context)
    record = mapping.records.get(raw.ref.kind)
    return record(raw, context) if record else Translation(problems=(_unknown(raw.ref.kind, mapping.system),))


def _row(mapping: Mapping, raw: RawRecord, context: Context) -> Translation:
    rule = mapping.tabs.get(str(raw.payload.get("tab")))
    return translate_row(rule, raw, context) if rule else Translation(problems=(_unknown("tab", mapping.system),))


def _unknown(kind: str, system: str) -> Problem:
    return Problem(
        rule="unmapped-kind",
        place=f"{system}.yaml: records.{kind}",
        message=f"the mapping says nothing of records of kind {kind!r}: they are left out",
        remedy="add the kind to the mapping, or take it from the connection",
        values=values(kind=kind),
    )


def kind_of(rule: RecordRule) -> str:
    """The kind of the items that a record becomes: its own, unless the mapping gives them another."""
    return next((one.kind for one in rule.entities if one.entity == "work_item" and one.kind), rule.kind)


def paths_of(rule: RecordRule) -> Iterator[str]:
    """Every path a record rule reads."""
    for entity in rule.entities:
        for field in (field for fields in entity.fields.values() for field in fields):
            yield from (*field.paths, *field.only, *read_paths(field.transform, field.args))
            yield from (f"{path}.{field.args['by']}" for path in field.paths if "by" in field.args)
        if entity.when:
            yield from (path for path in (entity.when.dated, *entity.when.only, *entity.when.matches) if path)
    if rule.workflow:
        yield from _workflow_paths(rule.workflow)
    if rule.level:
        yield from (path for path in (rule.level.number, rule.level.subtask, *rule.level.name) if path)
    if rule.changelog:
        yield rule.changelog.path
        yield from (f"{rule.changelog.path}.{path}" for path in rule.changelog.by)


def _workflow_paths(workflow: Workflow) -> Iterator[str]:
    named = (workflow.labels, workflow.moved)
    yield from (*workflow.status, *workflow.group, *workflow.resolution, *(path for path in named if path))


def _check_tabs(reader: Reader, tabs: tuple[InputTab, ...]) -> None:
    """A choice that fills a word of the model must be one of its words."""
    for tab in tabs:
        for key, enum in enums_of(tab.entity).items() if tab.entity else ():
            for column in (column for column in tab.columns if column.key == key):
                for choice in column.choices:
                    path = ("tabs", tab.key, "columns", key, "choices", choice.value)
                    reader.word(choice.value, path, tuple(enum))
