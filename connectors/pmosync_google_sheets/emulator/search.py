"""The ``q`` of files.list: comparisons of name, mimeType, trashed and owners, joined by and, or, not."""

from __future__ import annotations

import re

from pmosync_google_sheets.emulator.library import Caller, File

_TOKEN = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|!=|=|<=|>=|<|>|\(|\)|[\w.]+)""")


def matches(query: str, file: File, caller: Caller) -> bool:
    """Whether a file fits. ValueError if the query cannot be read."""
    tokens = _tokens(query)
    if not tokens:
        return True
    result, rest = _either(tokens, file, caller)
    if rest:
        raise ValueError(rest[0])
    return result


def _tokens(query: str) -> list[str]:
    found, place = [], 0
    text = query.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if not match:
            raise ValueError(text[place:])
        found.append(match.group(1))
        place = match.end()
    return found


def _either(tokens: list[str], file: File, caller: Caller) -> tuple[bool, list[str]]:
    result, rest = _both(tokens, file, caller)
    while rest[:1] == ["or"]:
        other, rest = _both(rest[1:], file, caller)
        result = result or other
    return result, rest


def _both(tokens: list[str], file: File, caller: Caller) -> tuple[bool, list[str]]:
    result, rest = _term(tokens, file, caller)
    while rest[:1] == ["and"]:
        other, rest = _term(rest[1:], file, caller)
        result = result and other
    return result, rest


def _term(tokens: list[str], file: File, caller: Caller) -> tuple[bool, list[str]]:
    if tokens[:1] == ["not"]:
        result, rest = _term(tokens[1:], file, caller)
        return not result, rest
    if tokens[:1] == ["("]:
        result, rest = _either(tokens[1:], file, caller)
        if rest[:1] != [")"]:
            raise ValueError("(")
        return result, rest[1:]
    if len(tokens) < 3:
        raise ValueError(" ".join(tokens))
    return _comparison(tokens[0], tokens[1], tokens[2], file, caller), tokens[3:]


def _comparison(left: str, operator: str, right: str, file: File, caller: Caller) -> bool:
    if operator == "in":
        return _member(_text(left), right, file, caller)
    value = {
        "name": file.name,
        "mimeType": file.mime,
        "trashed": str(file.trashed).lower(),
        "modifiedTime": file.modified.strftime("%Y-%m-%dT%H:%M:%S"),
    }.get(left)
    if value is None:
        raise ValueError(left)
    wanted = _text(right)
    match operator:
        case "=":
            return value == wanted
        case "!=":
            return value != wanted
        case "contains":
            return any(word.startswith(wanted.casefold()) for word in (value.casefold(), *value.casefold().split()))
        case "<" | "<=" | ">" | ">=":
            return {"<": value < wanted, "<=": value <= wanted, ">": value > wanted, ">=": value >= wanted}[operator]
    raise ValueError(operator)


def _member(value: str, field: str, file: File, caller: Caller) -> bool:
    owner = caller.email if value == "me" else value
    match field:
        case "owners":
            return file.owner == owner
        case "parents":
            return value in file.parents
        case "writers" | "readers":
            return any(share.email == owner for share in file.shares.values())
    raise ValueError(field)


def _text(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1]) if token[:1] in ("'", '"') else token
