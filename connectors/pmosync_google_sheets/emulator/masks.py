"""Field masks: ``a.b``, ``a/b``, ``a(b,c)`` and ``*``, for cutting an answer and for saying what an update sets."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from pmosync_google_sheets.emulator.contract import fields_of
from pmosync_google_sheets.emulator.refusals import BAD_REQUEST, Refusal, invalid

Mask = dict[str, "Mask"]
"""Names with the masks below them; an empty mask means all of it."""

_TOKEN = re.compile(r"\s*([A-Za-z_][\w]*|\*|[.,()/])")


@lru_cache(maxsize=512)
def parse(text: str) -> Mask:
    """The tree of a mask; ``*`` is the empty tree. ValueError names what cannot be read."""
    tokens = _tokens(text)
    mask: Mask = {}
    rest = _selection(tokens, mask)
    if rest:
        raise ValueError(rest[0])
    return {} if "*" in mask else mask


def _tokens(text: str) -> list[str]:
    found, place = [], 0
    stripped = text.rstrip()
    while place < len(stripped):
        match = _TOKEN.match(stripped, place)
        if not match:
            raise ValueError(stripped[place:])
        found.append(match.group(1))
        place = match.end()
    return found


def _selection(tokens: list[str], mask: Mask) -> list[str]:
    """Read paths separated by commas into ``mask``; returns what follows them."""
    while True:
        tokens = _path(tokens, mask)
        if tokens[:1] != [","]:
            return tokens
        tokens = tokens[1:]


def _path(tokens: list[str], mask: Mask) -> list[str]:
    if not tokens or tokens[0] in ".,()/":
        raise ValueError(tokens[0] if tokens else "")
    name, rest = camel(tokens[0]), tokens[1:]
    whole = name in mask and not mask[name]
    below = mask.setdefault(name, {})
    if rest[:1] in (["."], ["/"]):
        rest = _path(rest[1:], below)
    elif rest[:1] == ["("]:
        rest = _selection(rest[1:], below)
        if rest[:1] != [")"]:
            raise ValueError(rest[0] if rest else "(")
        rest = rest[1:]
    else:
        whole = True
    if whole or "*" in below:
        mask[name] = {}
    return rest


def camel(name: str) -> str:
    """``row_count`` → ``rowCount``."""
    head, *tail = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in tail) if head else name


def select(mask: Mask, value: Any) -> Any:
    """``value`` cut down to what ``mask`` names."""
    if not mask:
        return value
    if isinstance(value, list):
        return [select(mask, item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: select(below, value[name]) for name, below in mask.items() if name in value}


def response_mask(api: str, schema: str, text: str) -> Mask:
    """The mask of the Sheets API's ``fields`` parameter, its names checked. Raises Refusal that names the path."""
    try:
        mask = parse(text)
    except ValueError:
        raise _unexpanded(text) from None
    unknown = stranger(api, schema, mask)
    if unknown:
        raise _unexpanded(unknown)
    return mask


def _unexpanded(path: str) -> Refusal:
    reason = f"Error expanding 'fields' parameter. Cannot find matching fields for path '{path}'."
    details = [{"@type": BAD_REQUEST, "fieldViolations": [{"field": path, "description": reason}]}]
    return Refusal(400, "Request contains an invalid argument.", "INVALID_ARGUMENT", details=details)


def stranger(api: str, schema: str, mask: Mask) -> str:
    """The path of the first name in ``mask`` that the schema does not have, or ""."""
    known = fields_of(api, schema)
    for name, below in mask.items():
        if name not in known:
            return name
        inner = stranger(api, known[name], below) if below and known[name] else ""
        if inner:
            return f"{name}.{inner}"
    return ""


def update_mask(text: str, schema: str) -> Mask:
    """The mask of an update request's ``fields``, which must name something. Raises Refusal."""
    if not text.strip():
        raise invalid("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    try:
        mask = parse(text)
    except ValueError as error:
        raise invalid(f"Invalid field: {error}") from None
    unknown = stranger("sheets.v4", schema, mask)
    if unknown:
        raise invalid(f"Invalid field: {unknown}")
    return mask


def update(current: dict[str, Any], given: dict[str, Any], mask: Mask) -> dict[str, Any]:
    """``current`` with the masked fields as ``given`` has them; what ``given`` lacks is removed. ``current`` stays as it is."""
    if not mask:
        return dict(given)
    result = dict(current)
    for name, below in mask.items():
        value = update(result.get(name) or {}, given.get(name) or {}, below) if below else given.get(name)
        if value is None or (below and not value):
            result.pop(name, None)
        else:
            result[name] = value
    return result
