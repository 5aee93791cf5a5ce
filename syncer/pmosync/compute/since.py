"""Since when a finding stands: what makes two findings of two syncs the same one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import blake2b

from msgspec.structs import replace

from pmosync.model import Problem

SAME = frozenset({"which", "column", "other", "number", "system", "status", "word", "connection", "kind"})
WORDS = frozenset({"status", "word"})
"""Values that stay while the finding does, and those of them that name it wherever it is found."""


def name_of(finding: Problem) -> str:
    """A short name that stays as long as the finding does, though its row is sorted elsewhere, its counts change or
    another wrong word is typed; it tells nothing of what the finding says.
    """
    said = {key: value for key, value in finding.values if key in SAME}
    if "column" not in said:
        said |= {key: value for key, value in finding.values if key == "name"}
    where = finding.code or ("" if said.keys() & WORDS else finding.place)
    text = "\0".join((finding.rule, where, *(f"{key}={value}" for key, value in sorted(said.items()))))
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def dated(findings: Iterable[Problem], standing: Mapping[str, datetime], now: datetime) -> tuple[Problem, ...]:
    """The findings with the moment since when each stands: as kept by name, else as its record told it first, else
    ``now``.
    """
    return tuple(replace(each, since=standing.get(name_of(each)) or each.since or now) for each in findings)
