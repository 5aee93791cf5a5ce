"""The longer life of a binding: what it was tied to before its source's thing went on as another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from pmosync.compute.identity.state import folded
from pmosync.model import Binding, Former, Milestone, Observation, Rebinding
from pmosync.raw import Ref

LONG_AGO, NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
SIGHT = "gone"
"""The field that says whether a thing is visible: of the thing itself, and no part of what its successor tells."""


def formers(bindings: Iterable[Binding], rebindings: Iterable[Rebinding], as_of: datetime) -> tuple[Former, ...]:
    """The former life of every binding in force at ``as_of`` that has one, by code and ref. ``bindings`` are all ever."""
    life = _Life(bindings, rebindings, as_of)
    return tuple(former for binding in life.standing() if (former := life.former(binding)) is not None)


def ghosts(
    bindings: Iterable[Binding], rebindings: Iterable[Rebinding], milestones: Iterable[Milestone], as_of: datetime
) -> frozenset[str]:
    """Codes that were minted for a thing while nobody knew yet that another promise goes on as it: nothing else was ever
    tied to them.
    """
    life = _Life(bindings, rebindings, as_of)
    return frozenset(each.code for each in milestones if each.minted and life.is_ghost(folded(each.code)))


class _Life:
    """All bindings and rebindings begun by a moment, by code, oldest first."""

    def __init__(self, bindings: Iterable[Binding], rebindings: Iterable[Rebinding], as_of: datetime) -> None:
        self.as_of = as_of
        self.by_code: dict[str, list[Binding]] = defaultdict(list)
        for binding in sorted((each for each in bindings if each.since <= as_of), key=lambda each: each.since):
            self.by_code[folded(binding.code)].append(binding)
        self.rebindings = [each for each in rebindings if each.since <= as_of]
        self.by_new = _grouped((each.new, each) for each in self.rebindings if self.stands(each))
        self.by_old = _grouped((each.old, each) for each in self.rebindings)

    def stands(self, each: Binding | Rebinding) -> bool:
        return each.until is None or each.until > self.as_of

    def standing(self) -> Iterator[Binding]:
        for _, bindings in sorted(self.by_code.items()):
            yield from sorted((each for each in bindings if self.stands(each)), key=lambda each: each.ref)

    def former(self, binding: Binding) -> Former | None:
        """None for a binding that began as it is."""
        before = [
            (prior, each) for each in self.by_new.get(binding.ref, ()) if (prior := self._last(binding, each.old))
        ]
        was = sorted(((prior.ref, _left(prior, each)) for prior, each in before), key=lambda each: each[1])
        since = self._begun(binding)
        if not was and since == binding.since:
            return None
        return Former(code=binding.code, ref=binding.ref, since=since, was=tuple(was))

    def _begun(self, binding: Binding) -> datetime:
        """When the tie really began: it goes on from those that rebindings moved here, and from the one taken back."""
        begun, pending, seen = binding.since, [binding], {(binding.ref, binding.since)}
        while pending:
            each = pending.pop()
            begun = min(begun, each.since)
            new = [found for found in self._before(each) if (found.ref, found.since) not in seen]
            seen |= {(found.ref, found.since) for found in new}
            pending += new
        return begun

    def _before(self, binding: Binding) -> Iterator[Binding]:
        for each in self.by_new.get(binding.ref, ()):
            if prior := self._last(binding, each.old):
                yield prior
        for each in self.by_old.get(binding.ref, ()):
            own = [
                one for one in self.by_code[folded(binding.code)] if one.ref == binding.ref and one.until == each.since
            ]
            if each.until == binding.since and own:
                yield own[-1]

    def _last(self, binding: Binding, ref: Ref) -> Binding | None:
        """The code's last tie to another thing."""
        found = [each for each in self.by_code[folded(binding.code)] if each.ref == ref]
        return found[-1] if found else None

    def is_ghost(self, code: str) -> bool:
        ties = self.by_code.get(code, [])
        over = bool(ties) and not any(map(self.stands, ties))
        ends = {each.until for each in ties}
        moved = {each.since for tie in ties for each in self.by_new.get(tie.ref, ())}
        return over and len({tie.ref for tie in ties}) == 1 and bool(ends & moved)


def _left(prior: Binding, rebinding: Rebinding) -> datetime:
    """When a tie to a former thing was over."""
    return min(prior.until or rebinding.since, rebinding.since)


def _grouped(pairs: Iterable[tuple[Ref, Rebinding]]) -> Mapping[Ref, list[Rebinding]]:
    found: dict[Ref, list[Rebinding]] = defaultdict(list)
    for ref, each in pairs:
        found[ref].append(each)
    return found


class _Part(Struct, frozen=True):
    told: Sequence[Observation]
    first: datetime
    last: datetime


def joined(former: Former, observations: Mapping[str, Sequence[Observation]]) -> tuple[Observation, ...]:
    """What was seen of a tie's things one after the other, as the history of the last one: what it says otherwise when it
    takes over is a move seen then, what it says alike is none.
    """
    bounds = [LONG_AGO, *(until for _, until in former.was), NEVER]
    names = [*(ref for ref, _ in former.was), former.ref]
    parts = [
        _Part(observations.get(str(ref), ()), first, last)
        for ref, first, last in zip(names, bounds, bounds[1:], strict=False)
    ]
    now: dict[str, str] = {}
    found = []
    for each in (each for number, part in enumerate(parts) for each in _within(part, number == len(parts) - 1)):
        before = now.get(each.field)
        now[each.field] = each.new
        if before != each.new:
            own = {"of": str(former.ref)} | ({} if before is None else {"old": before, "first": False})
            found.append(replace(each, **own))
    return tuple(found)


def _within(part: _Part, last: bool) -> Iterator[Observation]:
    """What a part saw in its time, begun with how things stood."""
    told = [each for each in part.told if last or each.field != SIGHT]
    stood = {each.field: each for each in told if each.seen < part.first}
    yield from (replace(each, seen=part.first, changed=None, by="") for each in stood.values())
    yield from (each for each in told if part.first <= each.seen < part.last)
