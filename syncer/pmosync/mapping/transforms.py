"""Transforms by name: from a value as a system tells it to a value of the model. ``None`` never arrives here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from math import isfinite
from typing import Any

from msgspec import Struct

from pmosync.mapping.context import Env
from pmosync.mapping.instants import UnfitError, as_date, as_instant
from pmosync.mapping.paths import compile_path
from pmosync.mapping.text import clean, fold
from pmosync.model import ItemLink
from pmosync.raw import Ref

_KEY = re.compile(r"(?<![A-Za-z0-9_.-])[A-Z][A-Z0-9_]+-\d+(?![A-Za-z0-9_])")
"""An item's key such as PAY-41, standing alone."""

Transform = Callable[[Any, Env], Any]
Maker = Callable[[Mapping[str, Any]], Transform]


class Named(Struct, frozen=True):
    """A transform by name: the ``args`` it takes and ``needs``; a ``whole`` one reads the record, not one value. ``plain`` is
    the transform of one that looks at nothing but the value.
    """

    make: Maker
    args: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    whole: bool = False
    plain: Callable[[Any], Any] | None = None


def _plain(function: Callable[[Any], Any]) -> Named:
    return Named(lambda args: lambda value, env: function(value), plain=function)


# ---------------------------------------------------------------- single values


def as_text(value: Any) -> str:
    """Cleaned text of text or a number. UnfitError for anything else."""
    if type(value) is str:
        return clean(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise UnfitError("text")


def as_word(value: Any) -> str:
    """Text if it is text, else nothing: for fields whose shape differs from site to site."""
    return clean(value) if isinstance(value, str) else ""


def as_number(value: Any) -> float:
    """A number, also written as text. UnfitError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise UnfitError("a number")
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise UnfitError("a number") from None
    if not isfinite(number):
        raise UnfitError("a number")
    return number


def as_count(value: Any) -> int:
    """How many there are: a whole number, not negative. UnfitError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise UnfitError("a whole number")
    return value


def as_hours(value: Any) -> float:
    """Hours of a number of seconds."""
    return as_number(value) / 3600


def as_hours_if_any(value: Any) -> float | None:
    """Hours of a number of seconds, where 0 means that nothing was said."""
    return as_hours(value) or None


def as_boolean(value: Any) -> bool:
    """True or false. UnfitError for anything else."""
    if isinstance(value, bool):
        return value
    raise UnfitError("true or false")


def _membership(args: Mapping[str, Any]) -> Transform:
    accepted = args["is"]
    return lambda value, env: value in accepted


def _table(args: Mapping[str, Any]) -> Transform:
    table: Mapping[str, str] = args["table"]
    return lambda value, env: table.get(fold(as_text(value)), as_text(value))


# ---------------------------------------------------------------- lists


def elements(value: Any) -> Iterable[Any]:
    """``value`` as a list; a single value is a list of one."""
    return value if isinstance(value, list) else (value,)


def _names(args: Mapping[str, Any]) -> Transform:
    by = args.get("by", "name")

    def names(value: Any, env: Env) -> tuple[str, ...]:
        found = (item.get(by) if isinstance(item, dict) else item for item in elements(value))
        return tuple(as_text(name) for name in found if name is not None)

    return names


def _first(args: Mapping[str, Any]) -> Transform:
    names = _names(args)

    def first(value: Any, env: Env) -> str:
        return next(iter(names(value, env)), "")

    return first


_PRINTED_ID = re.compile(r"\bid=(\d+)")


def _refs(args: Mapping[str, Any]) -> Transform:
    kind = args["kind"]

    def refs(value: Any, env: Env) -> tuple[Ref, ...]:
        found = (identity(item, env) for item in elements(value))
        return tuple(Ref(env.connection, kind, one) for one in dict.fromkeys(found) if one)

    return refs


def identity(item: Any, env: Env) -> str:
    """Id of an object, of one printed as text (``…[id=7,…]``), or of an item told by key; "" for anything else or unknown."""
    if isinstance(item, dict):
        return env.item(item)
    if not isinstance(item, str):
        return ""
    printed = _PRINTED_ID.search(item)
    if printed:
        return printed.group(1)
    return env.item(item) if _KEY.fullmatch(item) else ""


def as_item(value: Any, env: Env) -> str:
    """Id of a parent where known, else its key; "" for what is neither."""
    if isinstance(value, dict):
        return env.item(value) or as_word(value.get("key"))
    key = as_word(value)
    return env.context.ids.get(key, key) if _KEY.fullmatch(key) else ""


# ---------------------------------------------------------------- links and addresses


def _links(args: Mapping[str, Any]) -> Transform:
    table: Mapping[str, Mapping[str, str]] = args["table"]

    def links(value: Any, env: Env) -> tuple[ItemLink, ...]:
        return tuple(dict.fromkeys(link for item in elements(value) for link in _link(item, table)))

    return links


def _link(item: Any, table: Mapping[str, Mapping[str, str]]) -> Iterator[ItemLink]:
    if not isinstance(item, dict):
        raise UnfitError("a list of links")
    name = item.get("type")
    kinds = table.get(fold(str(name.get("name", ""))), {}) if isinstance(name, dict) else {}
    for side in ("inward", "outward"):
        other = item.get(f"{side}Issue")
        if isinstance(other, dict) and isinstance(other.get("key"), str):
            yield ItemLink(kinds.get(side, "relates"), other["key"])


def as_url(value: Any) -> str:
    """An http(s) address, or nothing."""
    text = as_word(value)
    return text if text.startswith(("https://", "http://")) else ""


_SLOT = re.compile(r"\{([^{}]+)\}")


def slots(form: str) -> tuple[str, ...]:
    """The paths named in an address form, without ``base``."""
    return tuple(name for name in _SLOT.findall(form) if name != "base")


def _address(args: Mapping[str, Any]) -> Transform:
    parts = _SLOT.split(args["form"])
    getters = [compile_path(name) if name != "base" else None for name in parts[1::2]]
    fixed = parts[0::2]

    def address(record: Any, env: Env) -> str:
        text = fixed[0]
        for getter, tail in zip(getters, fixed[1:], strict=True):
            found = env.context.base_url.rstrip("/") if getter is None else getter(record)
            if not found or isinstance(found, dict | list):
                return ""
            text += str(found) + tail
        return text

    return address


# ---------------------------------------------------------------- words inside text

_BRANCH_KEY = re.compile(r"(?:^|/)([a-z][a-z0-9_]+-\d+)(?=$|[-_/])")
_NUMBER = re.compile(r"(?<![\w&/-])((?:[\w.-]+/)+[\w.-]+)?#(\d+)\b")


def _issue_keys(args: Mapping[str, Any]) -> Transform:
    texts = [compile_path(path) for path in args["texts"]]
    branch = compile_path(args["branch"]) if "branch" in args else None
    home = compile_path(args["home"]) if "home" in args else None
    ignored = tuple(f"{word}-" for word in args.get("ignore", ()))

    def issue_keys(record: Any, env: Env) -> tuple[str, ...]:
        told = [as_word(getter(record)) for getter in texts]
        found = [key for text in told for key in _KEY.findall(text)]
        if branch:
            name = as_word(branch(record))
            found += _KEY.findall(name) + [key.upper() for key in _BRANCH_KEY.findall(name)]
        if home:
            project = as_word(home(record)).partition("!")[0]
            found += [f"{path or project}#{number}" for text in told for path, number in _NUMBER.findall(text)]
        return tuple(key for key in dict.fromkeys(found) if not key.startswith(ignored))

    return issue_keys


def _prefix(args: Mapping[str, Any]) -> Transform:
    before = args["before"]
    return lambda value, env: as_word(value).partition(before)[0]


def _scoped(args: Mapping[str, Any]) -> Transform:
    prefix, names = args["prefix"], _names({})

    def scoped(value: Any, env: Env) -> str:
        """The rest of the first label that starts with the prefix."""
        return next((name.removeprefix(prefix) for name in names(value, env) if name.startswith(prefix)), "")

    return scoped


def _without(args: Mapping[str, Any]) -> Transform:
    prefix = args["prefix"]
    return lambda value, env: as_text(value).removeprefix(prefix)


def _scope(args: Mapping[str, Any]) -> Transform:
    table: Mapping[str, str] = args["table"]
    rest = args["else"]
    return lambda value, env: table.get(fold(as_text(value).partition("::")[0]), rest)


def _thing(args: Mapping[str, Any]) -> Transform:
    kinds: Mapping[str, str] = args["table"]
    of, id_path = compile_path(args["of"]), compile_path(args["id"])

    def thing(record: Any, env: Env) -> Ref:
        kind, found = kinds.get(fold(as_text(of(record) or ""))), id_path(record)
        if kind is None or not isinstance(found, int | str):
            raise UnfitError("what the change belongs to")
        return Ref(env.connection, kind, str(found))

    return thing


def _day_in_words(args: Mapping[str, Any]) -> Transform:
    pattern = re.compile(re.escape(args["after"]) + r"\s*([A-Z][a-z]+ \d{1,2}, \d{4})")

    def day_in_words(value: Any, env: Env) -> str:
        found = pattern.search(as_text(value))
        if not found:
            return ""
        try:
            return datetime.strptime(found.group(1), "%B %d, %Y").date().isoformat()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            raise UnfitError("a day such as December 24, 2026") from None

    return day_in_words


TRANSFORMS: Mapping[str, Named] = {
    "text": _plain(as_text),
    "word": _plain(as_word),
    "date": _plain(as_date),
    "instant": _plain(as_instant),
    "number": _plain(as_number),
    "count": _plain(as_count),
    "hours_from_seconds": _plain(as_hours),
    "hours_if_any": _plain(as_hours_if_any),
    "boolean": _plain(as_boolean),
    "present": _plain(bool),
    "url": _plain(as_url),
    "one_of": Named(_membership, ("is",), ("is",)),
    "table": Named(_table, ("table",), ("table",)),
    "names": Named(_names, ("by",)),
    "first": Named(_first, ("by",)),
    "refs": Named(_refs, ("kind",), ("kind",)),
    "item": Named(lambda args: as_item),
    "links": Named(_links, ("table",), ("table",)),
    "address": Named(_address, ("form",), ("form",), whole=True),
    "issue_keys": Named(_issue_keys, ("texts", "branch", "home", "ignore"), ("texts",), whole=True),
    "before": Named(_prefix, ("before",), ("before",)),
    "scoped": Named(_scoped, ("prefix",), ("prefix",)),
    "without": Named(_without, ("prefix",), ("prefix",)),
    "scope": Named(_scope, ("table", "else"), ("table", "else")),
    "thing": Named(_thing, ("of", "id", "table"), ("of", "id", "table"), whole=True),
    "day_in_words": Named(_day_in_words, ("after",), ("after",)),
}


def read_paths(transform: str, args: Mapping[str, Any]) -> tuple[str, ...]:
    """The payload paths that a transform reads by its arguments, beside its field's own."""
    match transform:
        case "address":
            return slots(args["form"])
        case "issue_keys":
            named = (args.get("branch", ""), args.get("home", ""))
            return (*args["texts"], *(path for path in named if path))
        case "thing":
            return (args["of"], args["id"])
        case _:
            return ()
