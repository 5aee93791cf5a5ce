"""Draws up what a rebinding moves, and carries it out as a run of its own, in the journal as any other."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from pmosync.compute.homes import plan_at_home
from pmosync.compute.identity.spoken import in_plan
from pmosync.compute.identity.state import folded
from pmosync.compute.rebind import (
    Line,
    Moves,
    Pairing,
    Side,
    Thing,
    by_key,
    by_map,
    followed,
    moves,
    side,
    undone,
    unread,
)
from pmosync.errors import ConfigError
from pmosync.model import BindingRow, Fact, Plan, Problem, Rebinding
from pmosync.raw import Ref
from pmosync.store import Journal, Store

KIND = "rebind"
"""What a run is called that moves bindings and reads nothing."""
ROW = "row"
"""The kind of the records of a connection that holds the plan."""


class Wish(Struct, frozen=True):
    """What a person asks for: two ends as typed, the lines of a map, whether what it does not name is matched by key, and
    whether what goes on from the one to the other is taken back.
    """

    before: str
    after: str
    lines: tuple[Line, ...] = ()
    by_key: bool = True
    undo: bool = False


class Drawn(Struct, frozen=True):
    """What would move: pairs with what has no counterpart, rebindings that are taken back, what is written for both,
    and the typed rows that still name the old things. ``already``: rebindings in force between the same ends. ``unread``:
    old projects and groups with the number of their items, of whose successors no item was ever read.
    """

    pairing: Pairing
    undone: tuple[Rebinding, ...]
    moves: Moves
    rows: tuple[Problem, ...]
    already: tuple[Rebinding, ...] = ()
    unread: tuple[tuple[Thing, int], ...] = ()


class Former(Struct, frozen=True):
    """What goes on as another: each old thing's new one (``went``), and the old ones as they were last known (``was``)."""

    went: Mapping[Ref, Ref]
    was: Mapping[Ref, Fact]


def draw(store: Store, wish: Wish, now: datetime) -> Drawn:
    """Work out a rebinding, writing nothing. ConfigError for ends or lines that name nothing or too much, and where
    nothing would move.
    """
    names = _connections(store, wish)
    things, known = store.things(names), store.rebindings()
    before, after = side(wish.before, things), side(wish.after, things)
    already = tuple(undone(known, _refs(after), _refs(before)))
    back = _back(wish, before, after, known)
    tied = {each.old: each.new for each in known if each.until is None}
    pairing = Pairing() if back else _pairing(before, after, wish, tied, already)
    if not (back or pairing.pairs or already):
        raise ConfigError(
            f"nothing of {wish.before} goes on as anything of {wish.after}",
            remedy="sync once with both ends bound; where keys and titles differ, say with --map which is which",
        )
    whole = not before.one
    plan = plan_at_home(store.plan(now), [])
    found = moves(pairing.pairs, back, known, store.identities().bindings, _minted(store, plan, now), now, whole)
    return Drawn(pairing, back, found, _rows(store, plan, found, now), already, unread(pairing.pairs, things))


def _connections(store: Store, wish: Wish) -> frozenset[str]:
    """The connections that both ends name. ConfigError for an end that names none, or one that holds rows of the plan."""
    named = {option: text.strip().partition(":")[0] for option, text in (("--from", wish.before), ("--to", wish.after))}
    for option, name in named.items():
        if not name:
            raise ConfigError(f"{option} names nothing", remedy="name a connection, or a part of it (jira:project:PAY)")
        if any(True for _ in store.records(name, ROW)):
            raise ConfigError(
                f"{option} {name}: {name} holds the plan, it is not a source",
                remedy="name a connection that milestones or items are read from; codes of the plan stay by themselves",
            )
    return frozenset(named.values())


def _back(wish: Wish, before: Side, after: Side, known: Sequence[Rebinding]) -> tuple[Rebinding, ...]:
    """The rebindings to take back: by the word for it, or by two ends that are named the other way round. Where both ends
    share things, no order tells forth from back, and only the word does.
    """
    if wish.undo:
        back = tuple(undone(known, _refs(after), _refs(before)))
        if not back:
            raise ConfigError(
                f"nothing of {wish.before} goes on as anything of {wish.after}: there is nothing to take back",
                remedy="name the ends as they were named then; `pmosync export --kind rebinding` lists what goes on as what",
            )
        return back
    return () if _refs(before) & _refs(after) else tuple(undone(known, _refs(before), _refs(after)))


def carry_out(store: Store, journal: Journal, drawn: Drawn) -> int:
    """Write what was drawn, as a run of its own; the number of rows written. Where nothing moves, nothing is written."""
    if drawn.moves.empty:
        return 0
    at = drawn.moves.at
    run = store.begin(at, KIND)
    written = store.rebind(run, drawn.moves)
    journal.append(run, store.entries(run))
    store.journaled(run)
    store.finish(run, at, "done")
    return written


def former(store: Store) -> Former:
    """What typed rows may still name although it goes on as another. No run that reads moves any, so once a run is enough."""
    went = store.went()
    return Former(went, store.former(went))


def read_anew(
    store: Store, former: Former, rows: Sequence[BindingRow], now: datetime
) -> tuple[tuple[BindingRow, ...], tuple[Problem, ...]]:
    """Typed rows as they are meant since things go on as others, and a finding for each that is to be typed anew."""
    if not former.went:
        return tuple(rows), ()
    return followed(rows, former.was, _named(store, now), former.went)


def _named(store: Store, now: datetime) -> dict[Ref, Fact]:
    """What typed rows can name."""
    return {**store.sources(now), **store.source_projects(now)}


def _rows(store: Store, plan: Plan, found: Moves, now: datetime) -> tuple[Problem, ...]:
    """The rows that will name former things once these moves are made."""
    went = {each.old: each.new for each in found.begun}
    now_known = {ref: fact for ref, fact in _named(store, now).items() if ref not in went}
    return followed(plan.bindings, store.former(went), now_known, went)[1]


def _refs(side: Side) -> frozenset[Ref]:
    return frozenset(thing.ref for thing in side.things)


def _pairing(before: Side, after: Side, wish: Wish, gone: Mapping[Ref, Ref], already: Collection[Rebinding]) -> Pairing:
    """Two single things are each other's; else a map's pairs come first, and keys tell the rest."""
    old, new = _ends(before, after, gone)
    if before.one and after.one:
        return Pairing() if already else _alone(before.things[0], after.things[0])
    pairs, problems = by_map(wish.lines, old, new)
    if problems:
        count = f"{len(problems)} lines name" if len(problems) > 1 else "1 line names"
        raise ConfigError(
            f"the map: {count} no pair", remedy="mend the lines; nothing was written", problems=tuple(problems)
        )
    done = {each for pair in pairs for each in pair}
    rest = [each for each in old if each not in done]
    if not wish.by_key:
        return Pairing(pairs)
    found = by_key(rest, [each for each in new if each not in done], gone, before.home and after.home)
    return Pairing((*pairs, *found.pairs), found.unmatched, found.ambiguous)


def _alone(old: Thing, new: Thing) -> Pairing:
    if old.ref == new.ref:
        raise ConfigError(f"--from and --to name the same thing, {old}", remedy="name what it goes on as with --to")
    if type(old.fact) is not type(new.fact):
        raise ConfigError(
            f"{old} cannot go on as {new}", remedy="name two things of one kind, as `pmosync export` shows them"
        )
    return Pairing(((old, new),))


def _ends(before: Side, after: Side, gone: Collection[Ref]) -> tuple[list[Thing], list[Thing]]:
    """The old things and the new. Where both ends name the same scope, what is lost is old and what is there is new. What
    was over before anything of the new end was seen needs no successor.
    """
    shared = _refs(before) & _refs(after)
    old = [each for each in before.things if each.ref not in gone and not (each.ref in shared and each.visible)]
    new = [each for each in after.things if each.ref not in gone and (each.visible or (before.one and after.one))]
    begun = min((each.first for each in new), default=None)
    return [each for each in old if each.until is None or (begun is not None and each.until >= begun)], new


def _minted(store: Store, plan: Plan, now: datetime) -> frozenset[str]:
    """Codes that we made and nobody speaks of: no row, no decision, no baseline."""
    spoken = in_plan(plan) | {folded(row.code) for row in plan.milestones}
    kept = {folded(each.code) for each in store.export("baseline", now)}  # type: ignore[attr-defined]
    return frozenset(
        folded(each.code)
        for each in store.identities().milestones
        if each.minted and folded(each.code) not in spoken | kept
    )
