"""A record's own history as changes: who changed what, when, item by item."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pmosync.mapping.facts import UnreadableError
from pmosync.mapping.instants import UnfitError, as_instant
from pmosync.mapping.paths import compile_first, compile_path, objects
from pmosync.mapping.spec import ChangelogRule
from pmosync.mapping.text import clean, fold
from pmosync.model import Change
from pmosync.raw import RawRecord, Ref

SECONDS = frozenset({"estimate"})
DAYS = frozenset({"due"})
SEVERAL = frozenset({"milestone", "timebox", "label"})


def compile_changelog(rule: ChangelogRule) -> Callable[[RawRecord], tuple[Change, ...]]:
    """A function from a record to the changes its history tells. It raises UnreadableError."""
    histories, at, by = compile_path(rule.path), compile_first(rule.at), compile_first(rule.by or ("_",))

    def changes(raw: RawRecord) -> tuple[Change, ...]:
        found = histories(raw.payload)
        if found is None:
            return ()
        if not isinstance(found, list):
            raise UnreadableError(rule.path, "a list of histories")
        return tuple(change for history in objects(found) for change in _changes(raw, history, rule.fields, at, by))

    return changes


def _changes(
    raw: RawRecord,
    history: Mapping[str, Any],
    fields: Mapping[str, str],
    at: Callable[[Any], Any],
    by: Callable[[Any], Any],
) -> Iterator[Change]:
    followed = [(word, item) for item in objects(history.get("items")) if (word := _word(item, fields))]
    if not followed:
        return
    try:
        moment = as_instant(at(history))
    except UnfitError as unfit:
        raise UnreadableError("changelog", unfit.expected) from None
    author = by(history)
    seen: set[str] = set()
    for word, item in followed:
        change = _change(
            raw.ref, f"{history.get('id')}.{word}", word, item, moment, author if isinstance(author, str) else ""
        )
        if change.ref.id not in seen:
            seen.add(change.ref.id)
            yield change


def _word(item: Mapping[str, Any], fields: Mapping[str, str]) -> str:
    """The model's word for the item's field, by its id, else by its name; "" if it is not followed."""
    for key in ("fieldId", "field"):
        name = item.get(key)
        if isinstance(name, str) and (word := fields.get(fold(name))):
            return word
    return ""


def _change(of: Ref, identity: str, word: str, item: Mapping[str, Any], at: Any, by: str) -> Change:
    old_id, new_id = _id(item.get("from")), _id(item.get("to"))
    if word in SEVERAL:
        identity = f"{identity}.{old_id}>{new_id}"
    return Change(
        ref=Ref(of.connection, "change", identity),
        of=of,
        field=word,
        old=_value(word, item, "from"),
        new=_value(word, item, "to"),
        old_id="" if word in DAYS | SECONDS else old_id,
        new_id="" if word in DAYS | SECONDS else new_id,
        at=at,
        by=by,
    )


def _id(value: Any) -> str:
    return str(value) if isinstance(value, str | int) else ""


def _value(word: str, item: Mapping[str, Any], side: str) -> str:
    """What people saw; a due date as ISO day, an estimate in hours."""
    told, raw = item.get(f"{side}String"), item.get(side)
    if word in DAYS:
        return _id(raw or told)[:10]
    if word in SECONDS:
        seconds = _id(raw or told)
        return format(int(seconds) / 3600, "g") if seconds.isdigit() else ""
    return clean(_id(told if told is not None else raw))
