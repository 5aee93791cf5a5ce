"""The form of a mapping file for a system: every key checked, every fault told with its place, the result frozen."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pmosync.mapping.entities import ENTITIES, slots_of
from pmosync.mapping.paths import compile_path
from pmosync.mapping.reading import Reader
from pmosync.mapping.spec import ChangelogRule, EntityRule, FieldRule, LevelRule, RecordRule, StatusRow, When, Workflow
from pmosync.mapping.text import fold
from pmosync.mapping.transforms import TRANSFORMS, read_paths
from pmosync.model import Category, Outcome
from pmosync.yamlfile import Path

TOP = ("format", "system", "options", "tables", "records", "tabs")
FIELD_KEYS = ("path", "as", "value", "only", "at_level")
CHANGE_FIELDS = (
    "status", "due", "milestone", "owner", "estimate", "timebox", "resolution", "title", "parent", "key", "state", "label",
)  # fmt: skip

Row = TypeVar("Row")


def read_records(reader: Reader) -> tuple[RecordRule, ...]:
    """All record rules of a mapping document; faults are left with the reader."""
    data = reader.table(reader.data, (), TOP, ("format", "system"))
    if data.get("format", 1) != 1:
        reader.fault(("format",), f"format {data['format']!r} is not known to this version; known: 1")
    reader.table(data.get("options"), ("options",))
    reader.table(data.get("tables"), ("tables",))
    records = reader.table(data.get("records"), ("records",))
    rules = tuple(_record(reader, kind, value) for kind, value in records.items())
    _unread_tables(reader, data.get("tables"))
    return rules


def _unread_tables(reader: Reader, tables: Any) -> None:
    """A table that no rule has named has no effect: most likely its name is a slip."""
    for name in tables if isinstance(tables, Mapping) else ():
        if name not in reader.tables_read:
            known = ", ".join(sorted(reader.tables_read)) or "none"
            reader.fault(("tables", name), f"no rule reads a table {name!r}; those that are read: {known}")


def _record(reader: Reader, kind: str, value: Any) -> RecordRule:
    path: Path = ("records", kind)
    given = reader.table(value, path, ("entities", "workflow", "level", "changelog"), ("entities",))
    entities = reader.table(given.get("entities"), (*path, "entities"), ENTITIES)
    return RecordRule(
        kind=kind,
        entities=tuple(
            _entity(reader, name, child, (*path, "entities", name))
            for name, child in entities.items()
            if name in ENTITIES
        ),
        workflow=_workflow(reader, given["workflow"], (*path, "workflow")) if "workflow" in given else None,
        level=_level(reader, given["level"], (*path, "level")) if "level" in given else None,
        changelog=_changelog(reader, given["changelog"], (*path, "changelog")) if "changelog" in given else None,
    )


# ---------------------------------------------------------------- entities and fields


def _entity(reader: Reader, entity: str, value: Any, path: Path) -> EntityRule:
    given = reader.table(value, path, ("kind", "when", "fields"), ("fields",))
    slots = slots_of(entity)
    needed = [name for name, slot in slots.items() if slot.needed]
    fields = reader.table(given.get("fields"), (*path, "fields"), slots, needed)
    return EntityRule(
        entity=entity,
        fields={
            name: _rules(reader, child, (*path, "fields", name), slots[name].transform)
            for name, child in fields.items()
            if name in slots
        },
        kind=reader.word(given.get("kind", ""), (*path, "kind")),
        when=_when(reader, given["when"], (*path, "when")) if "when" in given else None,
    )


def _rules(reader: Reader, value: Any, path: Path, transform: str) -> tuple[FieldRule, ...]:
    if isinstance(value, list) and any(isinstance(child, Mapping) for child in value):
        return tuple(_rule(reader, child, (*path, place), transform) for place, child in enumerate(value))
    return (_rule(reader, value, path, transform),)


def _rule(reader: Reader, value: Any, path: Path, transform: str) -> FieldRule:
    if not isinstance(value, Mapping):
        return FieldRule(_paths(reader, value, path), _transform(reader, transform, path))
    name = _transform(reader, value.get("as", transform), path) if "value" not in value else ""
    args = _args(reader, value, path, name)
    if not ({"path", "value"} & set(value)) and not (name and TRANSFORMS[name].whole):
        reader.fault(path, "give a path, or a fixed value")
    return FieldRule(
        paths=_paths(reader, value["path"], (*path, "path")) if "path" in value else (),
        transform=name,
        args=args,
        value=value.get("value"),
        only=_only(reader, value.get("only"), (*path, "only")),
        at_level=reader.whole(value["at_level"], (*path, "at_level")) if "at_level" in value else None,
    )


def _transform(reader: Reader, name: Any, path: Path) -> str:
    if not name:
        reader.fault(
            path, f"this field needs a transform; write {{path: …, as: …}} with one of {', '.join(sorted(TRANSFORMS))}"
        )
        return ""
    return reader.word(name, (*path, "as"), TRANSFORMS)


def _args(reader: Reader, value: Mapping[str, Any], path: Path, transform: str) -> dict[str, Any]:
    named = TRANSFORMS.get(transform)
    allowed, needs = (named.args, named.needs) if named else ((), ())
    reader.table(value, path, (*FIELD_KEYS, *allowed), needs)
    args = {key: _arg(reader, key, value[key], (*path, key), transform) for key in allowed if key in value}
    if all(key in args for key in needs):
        for read in read_paths(transform, args) if transform else ():
            _path(reader, read, path)
    return args


def _arg(reader: Reader, key: str, value: Any, path: Path, transform: str) -> Any:
    match key:
        case "table" if transform == "links":
            return _named_table(reader, value, path, _link_row)
        case "table":
            return _named_table(reader, value, path, lambda reader, child, place: reader.word(child, place))
        case "texts" | "ignore":
            return reader.words(value, path)
        case "is":
            return tuple(value) if isinstance(value, list) else (value,)
        case _:
            return reader.word(value, path)


def _link_row(reader: Reader, value: Any, path: Path) -> dict[str, str]:
    given = reader.table(value, path, ("inward", "outward"))
    return {side: reader.word(word, (*path, side), ("blocks", "blocked_by", "relates")) for side, word in given.items()}


def _when(reader: Reader, value: Any, path: Path) -> When:
    given = reader.table(value, path, ("level", "dated", "only", "matches"))
    matches = reader.table(given.get("matches"), (*path, "matches"))
    return When(
        level=reader.whole(given["level"], (*path, "level")) if "level" in given else None,
        dated=_path(reader, given["dated"], (*path, "dated")) if "dated" in given else "",
        only=_only(reader, given.get("only"), (*path, "only")),
        matches={
            _path(reader, where, (*path, "matches", where)): _regex(reader, text, (*path, "matches", where))
            for where, text in matches.items()
        },
    )


def _only(reader: Reader, value: Any, path: Path) -> dict[str, tuple[Any, ...]]:
    given = reader.table(value, path)
    return {
        _path(reader, where, (*path, where)): tuple(accepted) if isinstance(accepted, list) else (accepted,)
        for where, accepted in given.items()
    }


# ---------------------------------------------------------------- workflow, level, changelog


WORKFLOW_KEYS = (
    "status", "group", "resolution", "labels", "label_prefix", "moved", "statuses", "groups", "resolutions", "undelivered_labels",
)  # fmt: skip


def _workflow(reader: Reader, value: Any, path: Path) -> Workflow:
    given = reader.table(value, path, WORKFLOW_KEYS, ("status", "statuses"))

    def table(key: str, row: Callable[[Reader, Any, Path], Row]) -> dict[str, Row]:
        return _named_table(reader, given[key], (*path, key), row) if key in given else {}

    def paths(key: str) -> tuple[str, ...]:
        return _paths(reader, given[key], (*path, key)) if key in given else ()

    labels = given.get("undelivered_labels", [])
    return Workflow(
        status=paths("status"),
        group=paths("group"),
        resolution=paths("resolution"),
        labels=_path(reader, given["labels"], (*path, "labels")) if "labels" in given else "",
        label_prefix=reader.word(given.get("label_prefix", ""), (*path, "label_prefix")),
        moved=_path(reader, given["moved"], (*path, "moved")) if "moved" in given else "",
        statuses=table("statuses", _status_row),
        groups=table("groups", _status_row),
        resolutions=table("resolutions", _outcome),
        undelivered_labels=frozenset(fold(label) for label in reader.words(labels, (*path, "undelivered_labels"))),
    )


def _status_row(reader: Reader, value: Any, path: Path) -> StatusRow:
    if not isinstance(value, Mapping):
        return StatusRow(_category(reader, value, path))
    given = reader.table(value, path, ("category", "stage", "outcome", "final"))
    final = given.get("final", False)
    if not isinstance(final, bool):
        reader.fault((*path, "final"), "expected true or false")
    return StatusRow(
        category=_category(reader, given["category"], (*path, "category")) if "category" in given else None,
        stage=reader.word(given.get("stage", ""), (*path, "stage")),
        outcome=_outcome(reader, given["outcome"], (*path, "outcome")) if "outcome" in given else None,
        final=final is True,
    )


def _category(reader: Reader, value: Any, path: Path) -> Category:
    return Category(reader.word(value, path, tuple(Category)) or Category.UNMAPPED)


def _outcome(reader: Reader, value: Any, path: Path) -> Outcome:
    return Outcome(reader.word(value, path, ("delivered", "undelivered")) or Outcome.UNDELIVERED)


def _level(reader: Reader, value: Any, path: Path) -> LevelRule:
    given = reader.table(value, path, ("number", "subtask", "name", "table"))
    return LevelRule(
        **{key: _path(reader, given[key], (*path, key)) for key in ("number", "subtask") if key in given},
        name=_paths(reader, given["name"], (*path, "name")) if "name" in given else (),
        table=_named_table(
            reader, given["table"], (*path, "table"), lambda reader, child, place: reader.whole(child, place)
        )
        if "table" in given
        else {},
    )


def _changelog(reader: Reader, value: Any, path: Path) -> ChangelogRule:
    given = reader.table(value, path, ("path", "at", "by", "fields"), ("path", "at", "fields"))
    fields = reader.table(given.get("fields"), (*path, "fields"))
    return ChangelogRule(
        path=_path(reader, given.get("path", "changelog"), (*path, "path")),
        at=_paths(reader, given.get("at", "created"), (*path, "at")),
        by=_paths(reader, given.get("by", "author"), (*path, "by")),
        fields={fold(name): reader.word(word, (*path, "fields", name), CHANGE_FIELDS) for name, word in fields.items()},
    )


# ---------------------------------------------------------------- parts


def _named_table(reader: Reader, name: Any, path: Path, row: Callable[[Reader, Any, Path], Row]) -> dict[str, Row]:
    """A table of the document by its name, keys folded; a key that stands twice in two spellings is a fault."""
    tables = reader.data.get("tables")
    tables = tables if isinstance(tables, Mapping) else {}
    word = reader.word(name, path, tuple(tables))
    reader.tables_read.add(word)
    found: dict[str, Row] = {}
    for key, value in reader.table(tables.get(word), ("tables", word)).items():
        if fold(key) in found:
            reader.fault(
                ("tables", word, key), f"{key!r} stands twice in {word} (case and width do not count); keep one"
            )
        found[fold(key)] = row(reader, value, ("tables", word, key))
    return found


def _paths(reader: Reader, value: Any, path: Path) -> tuple[str, ...]:
    return tuple(_path(reader, word, path) for word in reader.words(value, path))


def _path(reader: Reader, value: Any, path: Path) -> str:
    word = reader.word(value, path)
    try:
        compile_path(word)
    except ValueError:
        reader.fault(path, f"{word!r} is not a path; write names with dots between, or JMESPath")
        return "_"
    return word


def _regex(reader: Reader, value: Any, path: Path) -> str:
    word = reader.word(value, path)
    try:
        re.compile(word)
    except re.error:
        reader.fault(path, f"{word!r} is not a regular expression")
        return ""
    return word
