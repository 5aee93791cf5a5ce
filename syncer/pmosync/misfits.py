"""Values of another kind than a setting takes, in our own words: what stands there is not repeated, since it may be a secret."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from msgspec import inspect

Path = tuple[str | int, ...]

WHOLE, NUMBER, SWITCH = "write a whole number", "write a number", "write true or false"
TEXT = "write text; put it in quotes if it looks like a number or a date"
KEYS, LIST = "write keys with values below it", "write a list: [one, two]"
NAME = "a name has letters, digits, '.', '_' and '-', at most 60, and begins with a letter or digit"

WANTED: Mapping[str, str] = {
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), WHOLE),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), NUMBER),
    **dict.fromkeys(("bool_type", "bool_parsing"), SWITCH),
    **dict.fromkeys(("string_type", "path_type"), TEXT),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), KEYS),
    **dict.fromkeys(("list_type", "tuple_type", "set_type"), LIST),
    **dict.fromkeys(("string_pattern_mismatch", "string_too_long", "string_too_short"), NAME),
    "literal_error": "write one of {expected}",
    "greater_than": "write a number above {gt}",
    "greater_than_equal": "write a number that is {ge} or more",
    "less_than": "write a number below {lt}",
    "less_than_equal": "write a number that is {le} or less",
    "missing": "is needed and not given",
}
"""What to write instead, by the type of a fault as pydantic names it."""


def wanted(fault: Mapping[str, Any]) -> str:
    """What to write instead of a value that a settings model refused. A model's own validators speak for themselves."""
    if fault["type"] == "value_error":
        return str(fault["msg"]).removeprefix("Value error, ")
    sentence = WANTED.get(fault["type"], "is not a value that fits here; docs/settings.md says what does")
    return sentence.format_map(fault.get("ctx", {}))


def misfits(value: Any, kind: type | inspect.Type, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Where plain data is not of a kind, by its path, with what to write there; nothing if it fits. Every misfit is told,
    not the first alone.
    """
    match kind if isinstance(kind, inspect.Type) else inspect.type_info(kind):
        case inspect.StructType(fields=fields):
            yield from _keys(value, fields, path)
        case inspect.DictType(value_type=inner):
            yield from _each(value, dict, inner, KEYS, path)
        case inspect.VarTupleType(item_type=inner):
            yield from _each(value, list, inner, LIST, path)
        case inspect.UnionType(types=kinds):
            if all(any(misfits(value, each)) for each in kinds):
                yield path, " or ".join(dict.fromkeys(_plain(each)[1] for each in kinds))
        case other:
            fitting, sentence = _plain(other)
            if not isinstance(value, fitting) or (isinstance(value, bool) and bool not in fitting):
                yield path, sentence


def _plain(kind: inspect.Type) -> tuple[tuple[type, ...], str]:
    """The types of a plain value, and what to write."""
    match kind:
        case inspect.BoolType():
            return (bool,), SWITCH
        case inspect.IntType():
            return (int,), WHOLE
        case inspect.FloatType():
            return (int, float), NUMBER
        case _:
            return (str,), TEXT


def _each(
    value: Any, form: type[dict[Any, Any]] | type[list[Any]], inner: inspect.Type, sentence: str, path: Path
) -> Iterator[tuple[Path, str]]:
    if not isinstance(value, form):
        yield path, sentence
        return
    for key, one in value.items() if isinstance(value, dict) else enumerate(value):
        yield from misfits(one, inner, (*path, key))


def _keys(value: Any, fields: tuple[inspect.Field, ...], path: Path) -> Iterator[tuple[Path, str]]:
    known = {field.name: field for field in fields}
    if not isinstance(value, dict):
        yield path, f"write keys with values: {', '.join(known)}"
        return
    for key, one in value.items():
        if key in known:
            yield from misfits(one, known[key].type, (*path, key))
        else:
            yield (*path, key), f"there is no such key; {near(str(key), known) or 'it may be ' + ', '.join(known)}"
    for name, field in known.items():
        if field.required and name not in value:
            yield (*path, name), WANTED["missing"]


def near(word: str, names: Mapping[str, Any] | tuple[str, ...]) -> str:
    """Which name was likely meant, as a question; "" if none is near."""
    found = get_close_matches(word, list(names), n=1, cutoff=0.7)
    return f"did you mean {found[0]}?" if found else ""
