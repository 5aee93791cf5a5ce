"""Since when a finding stands: what makes two findings of two syncs the same one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b

from msgspec.structs import replace

from pmosync.model import Problem

SAME = frozenset({"which", "column", "other", "number", "system", "status", "word", "connection", "kind", "tab"})
WORDS = frozenset({"status", "word"})
OF_ROW = frozenset({"which", "column"})
"""Values that stay while the finding does; those of them that name it wherever it is found; those of a typed row."""

CONCERN = "attention:"
"""With this begin the names under which it is kept since when concerns stand, beside the findings: no name of one does."""

KIND = 16
"""So many characters of a name tell what is wrong with what kind of thing, the others with which one of these."""


def name_of(finding: Problem) -> str:
    """A short name that stays while the finding speaks of the same thing, though its row is sorted elsewhere or its
    counts change; it tells nothing of what the finding says.
    """
    kind = _of_row(finding) if finding.row else _of_thing(finding)
    return _short(*kind) + _short(finding.row)


def named(findings: Sequence[Problem], standing: Mapping[str, datetime]) -> tuple[str, ...]:
    """The findings' names. One of a typed row that has changed (another wrong word was typed) goes on under the name of
    one that was told of such a row and is told no more; of several such, of the one that stands longest.
    """
    own = [name_of(each) for each in findings]
    over: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(standing.keys() - set(own), key=lambda name: (standing[name], name)):
        over[name[:KIND]].append(name)
    heirs: dict[str, str] = {}
    for name in own:
        if name not in standing and name not in heirs and over[name[:KIND]]:
            heirs[name] = over[name[:KIND]].pop(0)
    return tuple(heirs.get(name, name) for name in own)


def dated(findings: Sequence[Problem], standing: Mapping[str, datetime], now: datetime) -> tuple[Problem, ...]:
    """The findings with the moment since when each stands: as kept by name, else as its record told it first, else
    ``now``.
    """
    names = named(findings, standing)
    return tuple(
        replace(each, since=standing.get(name) or each.since or now) for each, name in zip(findings, names, strict=True)
    )


def _of_row(finding: Problem) -> Iterable[str]:
    """What is wrong, and in which column of which tab, under which code."""
    tab = finding.row.partition(":")[0]
    return (finding.rule, tab, finding.code, *_said(finding, OF_ROW))


def _of_thing(finding: Problem) -> Iterable[str]:
    """What is wrong with which thing."""
    said = {key for key, _ in finding.values} & SAME
    where = finding.code or ("" if said & WORDS else finding.place)
    return (finding.rule, where, *_said(finding, SAME if "column" in said else SAME | {"name"}))


def _said(finding: Problem, keys: frozenset[str]) -> Iterable[str]:
    return sorted(f"{key}={value}" for key, value in finding.values if key in keys)


def _short(*words: str) -> str:
    return blake2b("\0".join(words).encode("utf-8", "replace"), digest_size=KIND // 2).hexdigest()
