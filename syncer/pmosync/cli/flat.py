"""Things with parts as rows of a table: one column a value, parts under dotted names. Safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

import msgspec
from msgspec import Struct, structs

UNIONS = (Union, UnionType)
Path = tuple[str, ...]
LIVE = ("=", "+", "-", "@", "\t", "\r", "\n")
"""Text that begins so could be run as a formula by a spreadsheet."""


def lines(values: Iterable[Struct]) -> Iterator[str]:
    """CSV: a header line and a line a thing. Dates are ISO, lists are JSON, absent values empty."""
    paths: tuple[Path, ...] = ()
    for value in values:
        if not paths:
            paths = tuple(columns(type(value)))
            yield _line(".".join(path) for path in paths)
        fields = msgspec.to_builtins(value)
        yield _line(_cell(_at(fields, path)) for path in paths)


def columns(kind: Any, path: Path = ()) -> Iterator[Path]:
    """The path of every plain value in a struct type, also where a part may be absent."""
    part = _struct(kind)
    if part is None:
        yield path
        return
    for field in structs.fields(part):
        yield from columns(field.type, (*path, field.encode_name))


def _struct(kind: Any) -> type[Struct] | None:
    """The struct that a value of this type is, if it is anything."""
    choices = [one for one in get_args(kind) if one is not NoneType] if get_origin(kind) in UNIONS else [kind]
    only = choices[0] if len(choices) == 1 else None
    return only if isinstance(only, type) and issubclass(only, Struct) else None


def _at(fields: Any, path: Path) -> Any:
    for name in path:
        fields = fields.get(name) if isinstance(fields, dict) else None
    return fields


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return f"'{value}" if value.startswith(LIVE) else value
        case _:
            return msgspec.json.encode(value).decode()


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(list(cells))
    return line.getvalue()
