"""What a rebinding moves: the ties of our codes from the old things to the new, and back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from pmosync.compute.identity.state import folded
from pmosync.compute.rebind.pairs import Pair
from pmosync.compute.rebind.things import Thing
from pmosync.errors import ConfigError
from pmosync.model import Binding, Rebinding
from pmosync.raw import Ref


class Moves(Struct, frozen=True, kw_only=True):
    """What to write at ``at``: rebindings and bindings that begin, and those that end (their ``until`` set)."""

    at: datetime
    begun: tuple[Rebinding, ...] = ()
    ended: tuple[Rebinding, ...] = ()
    ties: tuple[Binding, ...] = ()
    untied: tuple[Binding, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing is to be written."""
        return not (self.begun or self.ended)


def moves(
    pairs: Sequence[Pair],
    undone: Sequence[Rebinding],
    known: Iterable[Rebinding],
    bindings: Iterable[Binding],
    minted: Collection[str],
    at: datetime,
    whole: bool,
) -> Moves:
    """What pairs of old and new things move, and what rebindings that are taken back (``undone``) move back.

    ``minted`` are folded codes that nobody but us speaks of: such a one, made for the new thing while nobody knew whose it
    is, loses its tie to the promise that goes on. Of a single thing that is so if the new one was first seen when the old
    one was gone, else the new one has a life of its own (a merge); of a ``whole`` scope or connection it is always so.
    """
    now = [each for each in known if each.until is None]
    _refuse(pairs, [each for each in now if each not in undone])
    desk = _Desk(bindings, at)
    for each in undone:
        desk.back(each)
    for old, new in pairs:
        desk.move(old, new, minted if whole or _later(old, new) else ())
    olds = {old.ref: new.ref for old, new in pairs}
    passed = [each for each in now if each.new in olds and each not in undone]
    begun = [Rebinding(old=old.ref, new=new.ref, since=at) for old, new in pairs]
    begun += [Rebinding(old=each.old, new=olds[each.new], since=at) for each in passed]
    return Moves(
        at=at,
        begun=tuple(begun),
        ended=tuple(replace(each, until=at) for each in (*undone, *passed)),
        ties=tuple(desk.begun.values()),
        untied=tuple(desk.ended.values()),
    )


def _refuse(pairs: Sequence[Pair], standing: Sequence[Rebinding]) -> None:
    """ConfigError where a thing goes on as another already."""
    gone = {each.old: each for each in standing}
    for thing in (thing for pair in pairs for thing in pair):
        if thing.ref in gone:
            before = gone[thing.ref]
            raise ConfigError(
                f"{thing} goes on as {before.new} since {before.since:%Y-%m-%d}",
                remedy=f"name {before.new}, or take that back first: "
                f"`pmosync rebind --from {before.old} --to {before.new} --undo`",
            )


def _later(old: Thing, new: Thing) -> bool:
    """Whether the new thing came when the old one went."""
    return old.ended is not None and new.first >= old.ended


class _Desk:
    """The bindings as they stand while moves are made; every change is noted once."""

    def __init__(self, bindings: Iterable[Binding], at: datetime) -> None:
        self.at = at
        self.begun: dict[tuple[str, Ref], Binding] = {}
        self.ended: dict[tuple[str, Ref], Binding] = {}
        self.by_ref: dict[Ref, list[Binding]] = {}
        for binding in sorted(bindings, key=lambda each: (each.since, each.code)):
            self.by_ref.setdefault(binding.ref, []).append(binding)

    def move(self, old: Thing, new: Thing, minted: Collection[str]) -> None:
        """The ties in force of the old thing, and found ones that were lost since the new one is there, go to the new."""
        moved = [
            each
            for each in self._last(old.ref).values()
            if each.until is None or (each.found and each.until >= new.first)
        ]
        for each in moved:
            self._end(each)
            self._begin(each, new.ref)
        taken = {folded(each.code) for each in moved}
        for code, each in self._last(new.ref).items() if moved else ():
            if each.found and code in minted and code not in taken:
                self._end(each)

    def back(self, undone: Rebinding) -> None:
        """What the rebinding ended begins again, and what it began ends."""
        old, new = self._last(undone.old), self._last(undone.new)
        for code, each in old.items():
            if each.until == undone.since:
                self._begin(each, each.ref)
                if code in new and not self._stood(code, undone):
                    self._end(new[code])
        for each in new.values():
            if each.until == undone.since:
                self._begin(each, each.ref)

    def _stood(self, code: str, undone: Rebinding) -> bool:
        """Whether the code was tied to the new thing before the rebinding already."""
        return any(
            folded(each.code) == code
            and each.since < undone.since
            and (each.until is None or each.until > undone.since)
            for each in self.by_ref.get(undone.new, ())
        )

    def _last(self, ref: Ref) -> Mapping[str, Binding]:
        """The last tie of each code to a thing, by folded code."""
        return {folded(each.code): each for each in self.by_ref.get(ref, ())}

    def _end(self, binding: Binding) -> None:
        if binding.until is None:
            self.ended[folded(binding.code), binding.ref] = replace(binding, until=max(self.at, binding.since))

    def _begin(self, binding: Binding, ref: Ref) -> None:
        standing = self._last(ref).get(folded(binding.code))
        if standing is None or standing.until is not None:
            new = replace(binding, ref=ref, since=self.at, until=None)
            self.begun.setdefault((folded(binding.code), ref), new)


def undone(known: Iterable[Rebinding], before: Collection[Ref], after: Collection[Ref]) -> Iterator[Rebinding]:
    """The rebindings in force that a rebinding from ``before`` to ``after`` takes back."""
    return (each for each in known if each.until is None and each.new in before and each.old in after)
