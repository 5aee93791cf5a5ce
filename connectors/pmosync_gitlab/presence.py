"""Whether things still answer by their ids, although GitLab's paths want a project or group and a number within it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from pmosync.raw import RawRecord, Ref

from . import releases
from .client import Client, NotVisibleError

AT_ONCE = 50
PLACES = ("group", "project")
WORDS = {
    "issue": {"scope": "all", "state": "all"},
    "merge_request": {"scope": "all", "state": "all"},
    "milestone": {"state": "all"},
    "iteration": {"state": "all", "include_ancestors": "false"},
    "epic": {},
}
"""The kinds that lists are asked for, with the words that let a list hold all of them."""
NUMBERED = ("issue", "merge_request", "milestone")
"""Those of which a list can be asked for some by number; of the others it is listed whole."""


class Home(Struct, frozen=True):
    """The list that holds a thing: ``kind`` of the project or group at ``path``."""

    path: str
    kind: str


def visible(client: Client, refs: Sequence[Ref], kept: Mapping[Ref, RawRecord]) -> dict[Ref, bool]:
    """Whether each answers, wherever it lies now: a project that went to another group keeps its id, and its items theirs.

    The global id alone is a question for administrators; so an item is asked for by the project and the number in it that
    ``kept`` tells, and compared by global id. What nothing is kept of, and history, cannot be asked about: no answer.
    """
    answers = {ref: client.answers(f"/{ref.kind}s/{ref.id}") for ref in refs if ref.kind in PLACES}
    answers |= {ref: releases.answers(client, ref) for ref in refs if ref.kind == releases.KIND}
    for home, numbers in _homes(refs, kept).items():
        there = set(_ask(client, home, list(numbers)))
        answers |= {ref: int(ref.id) in there for ref in numbers.values()}
    return answers


def _homes(refs: Sequence[Ref], kept: Mapping[Ref, RawRecord]) -> dict[Home, dict[int, Ref]]:
    """The refs whose home is known, by their numbers in it."""
    found: defaultdict[Home, dict[int, Ref]] = defaultdict(dict)
    for ref in refs:
        home = _home(kept[ref]) if ref.kind in WORDS and ref in kept else None
        if home:
            found[home][kept[ref].payload["iid"]] = ref
    return found


def _home(raw: RawRecord) -> Home | None:
    """Where a thing lives: neither an item nor a milestone ever changes its project or group without becoming another."""
    for what in ("project", "group"):
        number = raw.payload.get(f"{what}_id")
        if number is not None and raw.payload.get("iid") is not None:
            return Home(f"/{what}s/{number}", raw.ref.kind)
    return None


def _ask(client: Client, home: Home, iids: Sequence[int]) -> Iterator[int]:
    """The global ids of those that answer."""
    for some in _some(iids) if home.kind in NUMBERED else ({},):
        try:
            rows = client.rows(f"{home.path}/{home.kind}s", {**WORDS[home.kind], **some})
        except NotVisibleError:
            return
        yield from (row["id"] for row in rows)


def _some(iids: Sequence[int]) -> Iterator[dict[str, list[str]]]:
    for start in range(0, len(iids), AT_ONCE):
        yield {"iids[]": [str(iid) for iid in iids[start : start + AT_ONCE]]}
