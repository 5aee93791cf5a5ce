"""Entity rules compiled to functions: from a record to a fact of the model, or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from pmosync.mapping.context import Env
from pmosync.mapping.entities import ENTITIES, MAY_BE_EMPTY, Slot, slots_of
from pmosync.mapping.instants import UnfitError
from pmosync.mapping.paths import Getter, compile_first, compile_path, objects
from pmosync.mapping.spec import EntityRule, FieldRule, When
from pmosync.mapping.standing import Standing
from pmosync.mapping.transforms import TRANSFORMS
from pmosync.model import Category, Fact
from pmosync.raw import RawRecord, Ref

Payload = Mapping[str, Any]
Reader = Callable[[Payload, Env], Any]
Condition = Callable[[RawRecord, Env], bool]
Maker = Callable[[RawRecord, Env, Standing | None], Fact | None]

FINISHED = {"work_item": "resolved", "source_milestone": "closed_at"}
"""The field that tells when work was finished: kept only while the record stands as done."""


class UnreadableError(ValueError):
    """A record cannot become its entity: the field, and what it should be."""

    def __init__(self, field: str, expected: str) -> None:
        super().__init__(field)
        self.field = field
        self.expected = expected


def compile_entity(rule: EntityRule) -> Maker:
    """A function that makes the entity; it raises UnreadableError, and gives None where the rule's conditions do not hold."""
    entity = ENTITIES[rule.entity]
    readers = tuple(
        (name, compile_field(name, rules, slots_of(rule.entity)[name])) for name, rules in rule.fields.items()
    )
    holds = _condition(rule)

    def make(raw: RawRecord, env: Env, standing: Standing | None) -> Fact | None:
        if not holds(raw, env):
            return None
        values: dict[str, Any] = {"ref": _identity(raw, rule.kind)}
        for name, read in readers:
            found = read(raw.payload, env)
            if found is not None:
                values[name] = found
        if standing is not None:
            _stand(rule.entity, values, standing)
        _finish(rule.entity, values, raw, env)
        return entity(**values)  # type: ignore[return-value]

    return make


def _identity(raw: RawRecord, kind: str) -> Ref:
    return Ref(raw.ref.connection, kind, raw.ref.id) if kind else raw.ref


def _stand(entity: str, values: dict[str, Any], standing: Standing) -> None:
    done = standing.category is Category.DONE
    if not done:
        values.pop(FINISHED.get(entity, ""), None)
    match entity:
        case "work_item":
            values["status"] = standing.status
            values["category"] = standing.category
            values["stage"] = standing.stage
            values["outcome"] = standing.outcome
            values["resolution"] = standing.resolution
        case "source_milestone":
            values.setdefault("closed", done)


def _finish(entity: str, values: dict[str, Any], raw: RawRecord, env: Env) -> None:
    if entity == "work_item":
        values["level"] = env.level
    if raw.restricted and "restricted" in slots_of(entity):
        values["restricted"] = True


# ---------------------------------------------------------------- fields


def compile_field(name: str, rules: tuple[FieldRule, ...], slot: Slot) -> Reader:
    """A function from a record to the field's value; None leaves the entity's default. Raises UnreadableError."""
    readers = tuple(_compile_rule(name, rule, slot) for rule in rules)
    if slot.several and len(readers) > 1:
        return lambda payload, env: tuple(dict.fromkeys(x for read in readers for x in read(payload, env) or ()))
    read = readers[0] if len(readers) == 1 else _first_of(readers)
    if not slot.needed:
        return read
    empty = "" if name in MAY_BE_EMPTY else None

    def needed(payload: Payload, env: Env) -> Any:
        found = read(payload, env)
        if found is None:
            found = empty
        if found is None:
            raise UnreadableError(name, "a value")
        return found

    return needed


def _first_of(readers: tuple[Reader, ...]) -> Reader:
    def first(payload: Payload, env: Env) -> Any:
        return next((found for read in readers if (found := read(payload, env)) is not None), None)

    return first


def _compile_rule(name: str, rule: FieldRule, slot: Slot) -> Reader:
    read = _compile_read(name, rule, slot)
    if not rule.only and rule.at_level is None:
        return read
    allowed, at_level = _compile_only(rule.only), rule.at_level

    def limited(payload: Payload, env: Env) -> Any:
        if at_level is not None and env.level != at_level:
            return None
        return read(payload, env) if allowed(payload) else None

    return limited


def _compile_read(name: str, rule: FieldRule, slot: Slot) -> Reader:
    if not rule.transform:
        return lambda payload, env: rule.value
    named = TRANSFORMS[rule.transform]
    transform = named.make(rule.args)
    getter: Getter = (lambda record: record) if named.whole else compile_first(rule.paths)
    words = rule.paths or (name,)
    if named.plain is not None:
        return _compile_plain(named.plain, getter, words)

    def read(payload: Payload, env: Env) -> Any:
        value = getter(payload)
        if value is None:
            return None
        try:
            return transform(value, env)
        except UnfitError as unfit:
            raise UnreadableError(" or ".join(words), unfit.expected) from None

    return read


def _compile_plain(transform: Callable[[Any], Any], getter: Getter, words: tuple[str, ...]) -> Reader:
    """The usual case: a value by itself."""

    def read(payload: Payload, env: Env) -> Any:
        value = getter(payload)
        if value is None:
            return None
        try:
            return transform(value)
        except UnfitError as unfit:
            raise UnreadableError(" or ".join(words), unfit.expected) from None

    return read


# ---------------------------------------------------------------- conditions


def _compile_only(only: Mapping[str, tuple[Any, ...]]) -> Callable[[Payload], bool]:
    checks = tuple((compile_path(path), accepted) for path, accepted in only.items())
    return lambda payload: all(getter(payload) in accepted for getter, accepted in checks)


def _condition(rule: EntityRule) -> Condition:
    when = rule.when
    if when is None:
        return lambda raw, env: True
    only, dated = _compile_only(when.only), _dated(when, rule.kind)
    texts = tuple((compile_path(path), re.compile(pattern)) for path, pattern in when.matches.items())

    def holds(raw: RawRecord, env: Env) -> bool:
        if when.level is not None and env.level < when.level:
            return False
        if not only(raw.payload) or not dated(raw, env):
            return False
        return all(pattern.search(_text(getter(raw.payload))) for getter, pattern in texts)

    return holds


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _dated(when: When, kind: str) -> Condition:
    """It has a date, once had one by its own history, or is known already: so a cleared date is told, not forgotten."""
    if not when.dated:
        return lambda raw, env: True
    getter, field = compile_path(when.dated), when.dated.rpartition(".")[2]

    def dated(raw: RawRecord, env: Env) -> bool:
        if getter(raw.payload) or _identity(raw, kind) in env.context.known:
            return True
        return _once(raw.payload, field)

    return dated


def _once(payload: Payload, field: str) -> bool:
    log = payload.get("changelog")
    histories = objects(log.get("histories")) if isinstance(log, dict) else []
    items = (item for history in histories for item in objects(history.get("items")))
    return any(field in (item.get("fieldId"), item.get("field")) for item in items)
