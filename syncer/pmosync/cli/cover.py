"""What commands print without what is restricted: the workbook's own mask for verdicts, and the same rule for facts.

Restricted things, and those that are not visible any more, are counted and lose their words; their dates, states and
identities stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

from msgspec import Struct, structs

from pmosync.compute.assessment import Assessment, MilestoneVerdict, Reason, Step
from pmosync.compute.ledger import covered
from pmosync.compute.past.items import ItemSpell
from pmosync.dashboard import words
from pmosync.dashboard.content import Content
from pmosync.dashboard.readable import readable
from pmosync.model import Change, ItemLink, Move, Observation, Plan
from pmosync.raw import Ref
from pmosync.store import Store

MARK = "restricted"
NO_PLAN = Plan()
FACTS = ("work_item", "source_milestone", "merge_request", "source_project", "release")
OURS = ("milestone", "milestone_input", "baseline", "milestone_history", "earned_schedule", "move", "report")
KEPT = frozenset({"ref", "of", "code", "project", "container", "connection", "form", "state", "field", "level"})
"""Identities and words of the model: they tell nothing that somebody wrote."""
NAMED = frozenset({"title", "name", "key"})
MENTIONS = ("links", "items", "parent", "moved_to", "old", "new", "value", "values")
"""Fields in which other things name a restricted one."""
Told = TypeVar("Told", bound=Struct)


class Hidden(Struct, frozen=True):
    """What is restricted or not visible any more: its refs, the milestones of ours that are tied to it, its keys and
    titles.
    """

    refs: frozenset[Ref] = frozenset()
    codes: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


def hidden(store: Store, *moments: datetime) -> Hidden:
    """What no audience may see that was so at any of the moments: its words as of each. Who tells of a past moment gives
    that one and now, since what has been hidden meanwhile must not be read in its past. A restricted item that is gone by
    then was restricted to its end.
    """
    refs = frozenset(ref for moment in moments for ref in _hidden_refs(store, moment))
    ties = [tie for moment in moments for tie in store.export("binding", moment) if _ref(tie) in refs]
    codes = frozenset(str(getattr(tie, "code", "")) for tie in ties if getattr(tie, "until", None) is None)
    facts = [
        fact for moment in moments for fact in (*_facts(store, moment), *_ended(store, moment)) if _ref(fact) in refs
    ]
    names = frozenset(str(getattr(fact, field, "")) for fact in facts for field in NAMED) - {""}
    return Hidden(refs, codes, names)


def _hidden_refs(store: Store, moment: datetime) -> Iterator[Any]:
    yield from store.snapshot(moment).gone
    yield from (_ref(fact) for fact in _facts(store, moment) if _restricted(fact))
    yield from (_ref(item) for item in _ended(store, moment) if _restricted(item))


def _ended(store: Store, moment: datetime) -> Iterator[Struct]:
    """Items that were surely gone at the moment, as they were last known."""
    return (one.item for one in store.lived(moment) if one.ended is not None)


def _facts(store: Store, moment: datetime) -> Iterator[Struct]:
    return (fact for kind in FACTS for fact in store.export(kind, moment))


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
                yield _without_mentions(_without_evidence(value, self.secret.names), self.secret.names)

    def _secret(self, value: Struct) -> bool:
        match value:
            case Change() | ItemSpell():
                return value.of in self.secret.refs
            case Observation():
                return value.of in self.secret.codes or value.of in {str(ref) for ref in self.secret.refs}
            case _ if self.kind in OURS:
                return getattr(value, "code", "") in self.secret.codes
            case _:
                return _restricted(value) or _ref(value) in self.secret.refs


def assessed(
    assessment: Assessment, secret: Hidden, language: str = "en", plan: Plan = NO_PLAN, *, to_all: bool = True
) -> Content:
    """An assessment, and the plan that it is of, under the workbook's mask, with what is ``secret`` beyond what it says itself;
    ``withheld`` counts what was taken out: nothing if it is not told ``to_all``.
    """
    told = without(assessment, secret)
    content = Content(assessment=told, generated_at=told.as_of, language=language, plan=plan)
    return readable(structs.replace(content, audience_sees_restricted=not to_all))


def without(assessment: Assessment, secret: Hidden) -> Assessment:
    """An assessment in which everything ``secret`` is marked as such, so that a workbook's mask takes it out."""
    return structs.replace(
        assessment,
        secrets=tuple(sorted({*assessment.secrets, *secret.names})),
        milestones=tuple(_secret_verdict(verdict, secret) for verdict in assessment.milestones),
        items=tuple(
            structs.replace(note, item=structs.replace(note.item, restricted=True))
            if note.item.ref in secret.refs
            else note
            for note in assessment.items
        ),
    )


def _secret_verdict(verdict: MilestoneVerdict, secret: Hidden) -> MilestoneVerdict:
    """One whose source is not visible keeps its row, without words, if that was known already when it was assessed."""
    known = verdict.restricted or verdict.gone_since is not None
    return verdict if known or verdict.milestone.code not in secret.codes else structs.replace(verdict, restricted=True)


def step(told: Step, names: Iterable[str], language: str) -> Step:
    """A link of the chain of evidence without the names."""
    cover = covering(names, language)

    def part(given: str | Reason) -> str | Reason:
        if isinstance(given, str):
            return cover(given)
        values = {name: cover(value) if isinstance(value, str) else value for name, value in given.values.items()}
        return Reason(given.key, values)

    return structs.replace(
        told,
        answer=part(told.answer),
        inputs=tuple(map(part, told.inputs)),
        links=tuple(map(cover, told.links)),
    )


def covering(names: Iterable[str], language: str) -> Callable[[str], str]:
    """What covers every mention of the names in a text, in that language."""
    patterns = [_pattern(name) for name in sorted(names, key=len, reverse=True)]
    mark = words.text(MARK, language)

    def cover(line: str) -> str:
        for pattern in patterns:
            line = pattern.sub(mark, line)
        return line

    return cover


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


def _without_evidence(value: Struct, names: frozenset[str]) -> Struct:
    """A row of the slip ledger without restricted items among what tells its causes."""
    return covered(value, names) if isinstance(value, Move) else value


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
