"""What commands print without what is restricted: the workbook's own mask for verdicts, and the same rule for facts.

Restricted things, and those that are not visible any more, are counted and lose their words; their dates, states and
identities stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

from msgspec import Struct, structs

from pmosync.compute.assessment import Assessment, Step
from pmosync.dashboard import words
from pmosync.dashboard.content import Content
from pmosync.dashboard.mask import masked
from pmosync.model import Change, ItemLink, Observation
from pmosync.raw import Ref
from pmosync.store import Store

MARK = "restricted"
FACTS = ("work_item", "source_milestone", "merge_request", "source_project")
OURS = ("milestone", "milestone_input", "baseline")
KEPT = frozenset({"ref", "of", "code", "project", "container", "connection", "form", "state", "field", "level"})
"""Identities and words of the model: they tell nothing that somebody wrote."""
NAMED = frozenset({"title", "name", "key"})
MENTIONS = ("links", "items", "parent", "moved_to", "old", "new")
"""Fields in which other things name a restricted one."""
Told = TypeVar("Told", bound=Struct)


class Hidden(Struct, frozen=True):
    """What is restricted or not visible any more: its refs, the milestones of ours that are tied to it, its keys and
    titles.
    """

    refs: frozenset[Ref] = frozenset()
    codes: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


def hidden(store: Store, moment: datetime) -> Hidden:
    """What no audience may see, as of a moment."""
    gone = store.snapshot(moment).gone
    facts = [fact for kind in FACTS for fact in store.export(kind, moment) if _restricted(fact) or _ref(fact) in gone]
    refs = frozenset(_ref(fact) for fact in facts) | frozenset(gone)
    ties = [tie for tie in store.export("binding", moment) if getattr(tie, "ref", None) in refs]
    codes = frozenset(str(getattr(tie, "code", "")) for tie in ties if getattr(tie, "until", None) is None)
    names = frozenset(str(getattr(fact, field, "")) for fact in facts for field in NAMED) - {""}
    return Hidden(refs, codes, names)


class Covered(Iterable[Struct]):
    """Things of one kind with what is restricted covered; ``count`` says of how many, once they are read."""

    def __init__(self, values: Iterable[Struct], kind: str, secret: Hidden) -> None:
        self.values, self.kind, self.secret = values, kind, secret
        self.count = 0

    def __iter__(self) -> Iterator[Struct]:
        for value in self.values:
            if self._secret(value):
                self.count += 1
                yield _bare(value)
            else:
                yield _without_mentions(value, self.secret.names)

    def _secret(self, value: Struct) -> bool:
        match value:
            case Change():
                return value.of in self.secret.refs
            case Observation():
                return value.of in self.secret.codes or value.of in {str(ref) for ref in self.secret.refs}
            case _ if self.kind in OURS:
                return getattr(value, "code", "") in self.secret.codes
            case _:
                return _restricted(value) or _ref(value) in self.secret.refs


def assessed(assessment: Assessment, language: str = "en") -> Content:
    """An assessment under the workbook's mask; ``withheld`` counts what was taken out."""
    return masked(Content(assessment=assessment, generated_at=assessment.as_of, language=language))


def step(told: Step, names: Iterable[str], language: str) -> Step:
    """A link of the chain of evidence without the names."""
    patterns = [_pattern(name) for name in sorted(names, key=len, reverse=True)]
    mark = words.text(MARK, language)

    def cover(line: str) -> str:
        for pattern in patterns:
            line = pattern.sub(mark, line)
        return line

    return structs.replace(
        told,
        answer=cover(told.answer),
        inputs=tuple(map(cover, told.inputs)),
        links=tuple(map(cover, told.links)),
    )


def _pattern(name: str) -> re.Pattern[str]:
    """The name as a word of its own: PAY-2 does not stand in PAY-20."""
    return re.compile(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])")


def _restricted(value: Struct) -> bool:
    return bool(getattr(value, "restricted", False))


def _ref(value: Struct) -> Any:
    return getattr(value, "ref", None)


def _bare(value: Told) -> Told:
    fields = {name: _blank(name, getattr(value, name)) for name in value.__struct_fields__ if name not in KEPT}
    return structs.replace(value, **fields)


def _blank(name: str, value: Any) -> Any:
    match value:
        case Enum() | Ref():
            return value
        case str() if value:
            return MARK if name in NAMED or name in MENTIONS else ""
        case tuple():
            return tuple(part for part in value if isinstance(part, Ref))
        case _:
            return value


def _without_mentions(value: Told, names: frozenset[str]) -> Told:
    fields = {name: _covered(getattr(value, name, None), names) for name in MENTIONS if hasattr(value, name)}
    return structs.replace(value, **fields) if fields else value


def _covered(value: Any, names: frozenset[str]) -> Any:
    match value:
        case str():
            return MARK if value in names else value
        case ItemLink():
            return structs.replace(value, other=_covered(value.other, names))
        case tuple():
            return tuple(_covered(part, names) for part in value)
        case _:
            return value
