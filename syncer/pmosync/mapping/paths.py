"""Where in a record a value stands: plain dotted paths become closures, anything else is JMESPath."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

Getter = Callable[[Any], Any]

_PLAIN = re.compile(r"[A-Za-z_]\w*(\.\w+)*")
_CHAIN = re.compile(r"(?<![\w.])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_LITERAL = re.compile(r"'(?:\\.|[^'])*'|`(?:\\.|[^`])*`")


def compile_path(path: str) -> Getter:
    """A function from a record to the value at ``path``; absent is None. ValueError if ``path`` is not JMESPath either."""
    if _PLAIN.fullmatch(path):
        return plain(tuple(path.split(".")))
    try:
        compiled = jmespath.compile(path)
    except JMESPathError as error:
        raise ValueError(path) from error
    return lambda record: _search(compiled, record)


def compile_first(paths: tuple[str, ...]) -> Getter:
    """The first value that is neither absent nor empty text."""
    getters = tuple(compile_path(path) for path in paths)
    if len(getters) == 1:
        return getters[0]

    def first(record: Any) -> Any:
        for getter in getters:
            value = getter(record)
            if value is not None and value != "":
                return value
        return None

    return first


def plain(steps: tuple[str, ...]) -> Getter:
    """Follow ``steps`` through nested objects; whatever is missing or of another shape on the way is None.

    Written out by length: of a large site these are called a hundred million times.
    """
    match steps:
        case (one,):
            return _one(one)
        case (one, two):
            return _two(one, two)
        case (one, two, three):
            return _three(one, two, three)
        case _:
            return _many(steps)


def _one(one: str) -> Getter:
    return lambda record: record.get(one) if isinstance(record, dict) else None


def _two(one: str, two: str) -> Getter:
    def get(record: Any) -> Any:
        inner = record.get(one) if isinstance(record, dict) else None
        return inner.get(two) if isinstance(inner, dict) else None

    return get


def _three(one: str, two: str, three: str) -> Getter:
    outer = _two(one, two)

    def get(record: Any) -> Any:
        inner = outer(record)
        return inner.get(three) if isinstance(inner, dict) else None

    return get


def _many(steps: tuple[str, ...]) -> Getter:
    def get(record: Any) -> Any:
        for step in steps:
            if not isinstance(record, dict):
                return None
            record = record.get(step)
        return record

    return get


def _search(compiled: Any, record: Any) -> Any:
    try:
        return compiled.search(record)
    except JMESPathError:
        return None


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects in a list; none for anything that is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def reads(path: str) -> tuple[str, ...]:
    """What a source has to fetch for ``path``, as dotted paths. One that is JMESPath may read anything of what it names, which
    a ``*`` says: ``fields.labels[0].name`` → ``fields.labels.*``.
    """
    if _PLAIN.fullmatch(path):
        return (path,)
    named = [chain.split(".")[:2] for chain in _CHAIN.findall(_LITERAL.sub(" ", path))]
    return tuple(dict.fromkeys(".".join([*chain, *"*"[: len(chain) - 1]]) for chain in named))
