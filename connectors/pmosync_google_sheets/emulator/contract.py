"""Checks bodies and queries against the vendor's discovery document, which ships in the google-api-python-client wheel.

Proto3's JSON rules hold: snake_case names are taken too, ``null`` means absent, numbers may be text, one item may stand for
a list of one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from operator import is_
from typing import Any

import msgspec
from msgspec import Struct

from pmosync_google_sheets.emulator.refusals import Refusal, malformed

Acceptor = Callable[[Any], Any]
"""Returns the value as the API understands it; raises Misfit."""


class Misfit(Exception):  # noqa: N818  a finding on its way up, not an error of ours
    """A value that does not fit. ``path`` is filled from the inside out while the error travels up."""

    def __init__(self, message: str, *, unknown: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.unknown = unknown
        self.path: list[str] = []

    def refusal(self, root: str) -> Refusal:
        """Google's 400, the place written in proto names below ``root``."""
        place = "".join(reversed(self.path)).lstrip(".")
        place = f"{root}.{place}".strip(".") if root else place
        if self.unknown:
            at = f" at '{place}'" if place else ""
            return malformed(
                f"Invalid JSON payload received. Unknown name {self.message}{at}: Cannot find field.", place
            )
        return malformed(f"Invalid value at '{place}' {self.message}", place)


@cache
def document(api: str) -> dict[str, Any]:
    """The discovery document ``sheets.v4`` or ``drive.v3``."""
    source = files("googleapiclient") / "discovery_cache" / "documents" / f"{api}.json"
    decoded: dict[str, Any] = msgspec.json.decode(source.read_bytes())
    return decoded


def accept(api: str, schema: str, body: Any, root: str = "") -> Any:
    """``body`` as the API understands it. Raises Refusal (400) that names the first misfit."""
    try:
        return acceptor(api, schema)({} if body is None else body)
    except Misfit as misfit:
        raise misfit.refusal(root) from None


class Field(Struct, frozen=True):
    """A field of a schema: its canonical name, its acceptor, and the type that passes unseen when the canonical name was used."""

    name: str
    accept: Acceptor
    plain: type | None = None


@cache
def acceptor(api: str, schema: str) -> Acceptor:
    """The acceptor of a named schema; its fields are compiled on first use, because schemas refer to themselves."""
    fields: dict[str, Field] = {}

    def take(value: Any) -> Any:
        if not fields:
            fields.update(_fields(api, schema))
        if type(value) is not dict:
            raise Misfit(f"(type.googleapis.com/google.apps.sheets.v4.{schema}), {_shown(value)}")
        changes: list[tuple[str, str, Any]] = []
        for name, given in value.items():
            field = fields.get(name)
            if field is None:
                raise Misfit(f'"{name}"', unknown=True)
            if type(given) is not field.plain:
                _accept_field(field, name, given, changes)
        return _changed(value, changes) if changes else value

    return take


def _accept_field(field: Field, name: str, given: Any, changes: list[tuple[str, str, Any]]) -> None:
    """Note what the field becomes, unless it stays as it is."""
    try:
        taken = None if given is None else field.accept(given)
    except Misfit as misfit:
        misfit.path.append(f".{snake(field.name)}")
        raise
    if taken is not given or taken is None or field.name != name:
        changes.append((name, field.name, taken))


def _fields(api: str, schema: str) -> dict[str, Field]:
    found: dict[str, Field] = {}
    for name, shape in document(api)["schemas"][schema].get("properties", {}).items():
        accepts = _compile(api, shape, name)
        found[snake(name)] = Field(name, accepts)
        found[name] = Field(name, accepts, None if "enum" in shape else _PLAIN.get(shape.get("type", "")))
    return found


def _changed(value: dict[str, Any], changes: list[tuple[str, str, Any]]) -> dict[str, Any]:
    result = dict(value)
    for name, canonical, taken in changes:
        del result[name]
        if taken is not None:
            result[canonical] = taken
    return result


def _compile(api: str, shape: Mapping[str, Any], name: str) -> Acceptor:
    if "$ref" in shape:
        return acceptor(api, shape["$ref"])
    if shape.get("type") == "array":
        return _list_of(_items(api, shape["items"], name))
    if shape.get("type") == "object":
        return (
            _mapping_of(_compile(api, shape["additionalProperties"], name)) if "additionalProperties" in shape else _any
        )
    if "enum" in shape:
        return _one_of(tuple(shape["enum"]), name)
    return _SCALARS.get(shape.get("type", "any"), _any)


def _items(api: str, shape: Mapping[str, Any], name: str) -> Acceptor:
    return _list_value if shape.get("type") == "array" else _compile(api, shape, name)


def _list_of(item: Acceptor) -> Acceptor:
    def take(value: Any) -> Any:
        if not isinstance(value, list):
            return [item(value)]
        taken = []
        for place, given in enumerate(value):
            try:
                taken.append(item(given))
            except Misfit as misfit:
                misfit.path.append(f"[{place}]")
                raise
        return value if all(map(is_, taken, value)) else taken

    return take


def _mapping_of(item: Acceptor) -> Acceptor:
    def take(value: Any) -> Any:
        if not isinstance(value, dict):
            raise Misfit(f"(Map), {_shown(value)}")
        return {key: item(given) for key, given in value.items()}

    return take


def _one_of(names: tuple[str, ...], field: str) -> Acceptor:
    kind = field[:1].upper() + field[1:]

    def take(value: Any) -> Any:
        if isinstance(value, str) and value in names:
            return value
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(names):
            return names[value]
        raise Misfit(f"(type.googleapis.com/google.apps.sheets.v4.{kind}), {_shown(value)}")

    return take


def _list_value(value: Any) -> Any:
    if isinstance(value, list):
        return value
    raise Misfit(f"(type.googleapis.com/google.protobuf.ListValue), {_shown(value)}")


def _any(value: Any) -> Any:
    return value


def _string(value: Any) -> Any:
    if isinstance(value, str):
        return value
    raise Misfit(f"(TYPE_STRING), {_shown(value)}")


def _integer(value: Any) -> Any:
    if type(value) is int:
        return value
    number = _parsed(value)
    if number is None or not number.is_integer():
        raise Misfit(f"(TYPE_INT32), {_shown(value)}")
    return int(number)


def _number(value: Any) -> Any:
    if type(value) in (float, int):
        return value
    number = _parsed(value)
    if number is None or not math.isfinite(number):
        raise Misfit(f"(TYPE_DOUBLE), {_shown(value)}")
    return number


def _parsed(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def _boolean(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise Misfit(f"(TYPE_BOOL), {_shown(value)}")


def _shown(value: Any) -> str:
    return msgspec.json.encode(value).decode()


_PLAIN: dict[str, type] = {"string": str, "integer": int, "number": float, "boolean": bool}
_SCALARS: dict[str, Acceptor] = {"string": _string, "integer": _integer, "number": _number, "boolean": _boolean}


@cache
def snake(name: str) -> str:
    """A field's proto name: ``updateCells`` → ``update_cells``."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda letter: "_" + letter.group(1).lower(), name)


@cache
def fields_of(api: str, schema: str) -> dict[str, str]:
    """Field names of a schema, each with the schema it leads to ("" for a scalar); what a field mask may name."""
    return {name: _target(shape) for name, shape in document(api)["schemas"][schema].get("properties", {}).items()}


def _target(shape: Mapping[str, Any]) -> str:
    if "$ref" in shape:
        return str(shape["$ref"])
    return _target(shape["items"]) if "items" in shape else ""


COMMON = frozenset(
    {
        "fields",
        "alt",
        "key",
        "prettyPrint",
        "quotaUser",
        "access_token",
        "oauth_token",
        "callback",
        "$.xgafv",
        "uploadType",
        "upload_protocol",
    }
)


@cache
def parameters(api: str, method: str) -> dict[str, dict[str, Any]]:
    """The query parameters of a method such as ``spreadsheets.values.get``."""
    *path, name = method.split(".")
    place = document(api)
    for resource in path:
        place = place["resources"][resource]
    return {key: shape for key, shape in place["methods"][name]["parameters"].items() if shape["location"] == "query"}


def accept_query(method: str, query: Mapping[str, list[str]]) -> dict[str, Any]:
    """The query of a Sheets call by name, typed. Raises Refusal for names and values that the method does not know."""
    known = parameters("sheets.v4", method)
    taken: dict[str, Any] = {}
    for name, values in query.items():
        if name in COMMON:
            continue
        if name not in known:
            raise _unbound(name)
        taken[name] = _query_value(known[name], name, values)
    return taken


def _query_value(shape: dict[str, Any], name: str, values: list[str]) -> Any:
    if shape.get("repeated"):
        return values
    try:
        return _compile("sheets.v4", shape, name)(values[-1])
    except Misfit as misfit:
        raise malformed(f"Invalid value at '{snake(name)}' {misfit.message}", snake(name)) from None


def _unbound(name: str) -> Refusal:
    reason = f"Cannot bind query parameter. Field '{name}' could not be found in request message."
    return malformed(f'Invalid JSON payload received. Unknown name "{name}": {reason}', "")
