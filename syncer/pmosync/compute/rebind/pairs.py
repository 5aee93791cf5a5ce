"""Which old thing goes on as which new one: by key, or as a file says. What fits two, or nothing, is told and never guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

from msgspec import Struct

from pmosync.compute.identity.state import folded
from pmosync.compute.rebind.things import CONTAINERS, Thing, place
from pmosync.model import SourceMilestone, SourceProject, WorkItem
from pmosync.raw import Ref

Pair = tuple[Thing, Thing]
Name = Hashable
"""What must be equal on both sides; "" for what has no name."""
Finder = Callable[[str], list[Thing]]
"""The things that a cell may mean."""
WORDS: tuple[Callable[[Thing], str], ...] = (
    lambda thing: str(thing.ref),
    lambda thing: folded(thing.ref.id),
    lambda thing: folded(thing.key),
    lambda thing: folded(thing.title),
)
"""What a cell of a map names a thing by: its whole address, else its id, its key or its title, the first that fits."""
Place = tuple[str, str]
"""A connection, and the id of a project or group in it as its things tell it."""


class Pairing(Struct, frozen=True):
    """``pairs`` of old and new; ``unmatched`` old things without a counterpart; ``ambiguous`` ones with those they may be."""

    pairs: tuple[Pair, ...] = ()
    unmatched: tuple[Thing, ...] = ()
    ambiguous: tuple[tuple[Thing, tuple[Thing, ...]], ...] = ()


class Line(Struct, frozen=True):
    """One line of a map: what stands as the old and the new one, and where (``file:line``). ``fault``: why it is no pair."""

    place: str
    old: str
    new: str
    fault: str = ""


def by_key(
    old: Sequence[Thing], new: Sequence[Thing], went: Mapping[Ref, Ref] = {}, homes_named: bool = False
) -> Pairing:
    """Projects, items and epics by key; versions and milestones by title within the same project; sprints by title. Where
    a person has named a project or group at both ends (``homes_named``) and each holds one, these two are each other's,
    whatever their keys. ``went`` are things that go on as others already: what lies in such a project lies in the other one
    now.
    """
    before, after = ([each for each in things if isinstance(each.fact, SourceProject)] for things in (old, new))
    alone = homes_named and len(before) == len(after) == 1
    homes = _paired({"": before}, {"": after}) if alone else _paired(_by(before, _home), _by(after, _home))
    tied = {ref: new for ref, new in went.items() if ref.kind in CONTAINERS}
    tied |= {first.ref: second.ref for first, second in homes.pairs}
    places = {(ref.connection, place(ref)): (new.connection, place(new)) for ref, new in tied.items()}
    first = _by((each for each in old if each not in before), lambda each: _name(each, places))
    rest = _paired(first, _by((each for each in new if each not in after), _name))
    return Pairing(
        (*homes.pairs, *rest.pairs), (*homes.unmatched, *rest.unmatched), (*homes.ambiguous, *rest.ambiguous)
    )


def by_map(
    lines: Iterable[Line], old: Sequence[Thing], new: Sequence[Thing]
) -> tuple[tuple[Pair, ...], tuple[str, ...]]:
    """The pairs that a map's lines say, and what is wrong with each faulty line. Several old things may go on as one (a
    merge), never one as several.
    """
    pairs: dict[Thing, Thing] = {}
    places: dict[Thing, str] = {}
    problems: list[str] = []
    before, after = _finder(old), _finder(new)
    for line in lines:
        if line.fault:
            problems.append(f"{line.place}: {line.fault}")
            continue
        first, second = _meant(line, "old", line.old, before, problems), _meant(line, "new", line.new, after, problems)
        if first is not None and first in places:
            problems.append(f"{line.place}: {line.old} stands in {places[first]} too")
        elif first is not None and second is not None and type(first.fact) is not type(second.fact):
            problems.append(f"{line.place}: {first} and {second} are not of one kind")
        elif first is not None:
            places[first] = line.place
            pairs |= {first: second} if second is not None else {}
    return tuple(pairs.items()), tuple(problems)


def _meant(line: Line, what: str, name: str, known: Finder, problems: list[str]) -> Thing | None:
    """The one thing that a cell names: by its whole address, else by id, key or title."""
    if not name:
        problems.append(f"{line.place}: no {what} id")
        return None
    found = known(name)
    if len(found) == 1:
        return found[0]
    told = f"fits {'; '.join(map(str, found))}: write the whole address" if found else f"is none of the {what} things"
    problems.append(f"{line.place}: {name} {told}")
    return None


def _finder(things: Sequence[Thing]) -> Finder:
    """A map may have a line for each thing: all are looked at once, not once a line."""
    addresses, *words = (_by(things, word) for word in WORDS)

    def found(name: str) -> list[Thing]:
        wanted = folded(name)
        by_word = (known.get(wanted, []) for known in words if wanted)
        return addresses.get(name) or next((things for things in by_word if things), [])

    return found


def _by(things: Iterable[Thing], name: Callable[[Thing], Name]) -> dict[Name, list[Thing]]:
    found: dict[Name, list[Thing]] = {}
    for thing in sorted(things, key=lambda each: each.ref):
        found.setdefault(name(thing), []).append(thing)
    return found


def _paired(old: Mapping[Name, Sequence[Thing]], new: Mapping[Name, Sequence[Thing]]) -> Pairing:
    """Those whose name is one old thing's and one new thing's; of the rest no pair is made."""
    pairs: list[Pair] = []
    unmatched: list[Thing] = []
    ambiguous: list[tuple[Thing, tuple[Thing, ...]]] = []
    for name, things in old.items():
        there = tuple(new.get(name, ()))
        if not there:
            unmatched += things
        elif len(things) == len(there) == 1:
            pairs.append((things[0], there[0]))
        else:
            ambiguous += [(thing, there) for thing in things]
    return Pairing(tuple(pairs), tuple(unmatched), tuple(ambiguous))


def _home(thing: Thing) -> Name:
    return thing.ref.kind, folded(thing.key)


def _name(thing: Thing, places: Mapping[Place, Place] = {}) -> Name:
    """A thing's name; that of a version or milestone holds only within its project, which may have got another id itself."""
    kind = type(thing.fact)
    if not isinstance(thing.fact, SourceMilestone) or thing.fact.form == "epic":
        return kind, folded(thing.key or thing.title)
    here = (thing.ref.connection, thing.container)
    return kind, thing.fact.form, places.get(here, here), folded(thing.title)


def unread(pairs: Iterable[Pair], things: Iterable[Thing]) -> tuple[tuple[Thing, int], ...]:
    """Old projects and groups whose successors show none of their items yet, with how many they are: a sync that looks for
    what has changed does not see items that only got new ids.
    """
    items = Counter((each.ref.connection, each.container) for each in things if isinstance(each.fact, WorkItem))
    homes = ((old, _inside(old), _inside(new)) for old, new in pairs if old.ref.kind in CONTAINERS)
    return tuple((old, items[before]) for old, before, after in homes if items[before] and not items[after])


def _inside(home: Thing) -> Place:
    return home.ref.connection, place(home.ref)
