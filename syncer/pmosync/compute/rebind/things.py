"""What a person names on the command line, and the things it stands for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from difflib import get_close_matches

from msgspec import Struct

from pmosync.compute.identity.state import folded
from pmosync.errors import ConfigError
from pmosync.model import Fact, MergeRequest, SourceMilestone, SourceProject, WorkItem
from pmosync.raw import Ref

CONTAINERS = ("project", "group")
MOST = 5


class Thing(Struct, frozen=True):
    """A source's thing as it was last known: ``first`` seen, out of force since ``until``, missing or not visible since
    ``lost``.
    """

    fact: Fact
    first: datetime
    until: datetime | None = None
    lost: datetime | None = None

    @property
    def ref(self) -> Ref:
        """Its identity."""
        return self.fact.ref

    @property
    def visible(self) -> bool:
        """Whether its system shows it, as far as is known."""
        return self.until is None and self.lost is None

    @property
    def ended(self) -> datetime | None:
        """When its system showed it no more; None while it does."""
        return min((at for at in (self.until, self.lost) if at is not None), default=None)

    @property
    def key(self) -> str:
        """What its system calls it, where that is not its title."""
        return str(getattr(self.fact, "key", "") or "")

    @property
    def title(self) -> str:
        """Its words."""
        return str(getattr(self.fact, "title", "") or getattr(self.fact, "name", ""))

    @property
    def container(self) -> str:
        """The id of the project or group it lies in (``group:13``); "" for what lies in none."""
        held = isinstance(self.fact, WorkItem | SourceMilestone | MergeRequest)
        return str(getattr(self.fact, "container", "")) if held else ""

    def __str__(self) -> str:
        name = self.key or self.title
        return f"{self.ref} ({name})" if name else str(self.ref)


class Side(Struct, frozen=True):
    """One end of a rebinding as a person named it. ``one``: a single thing, not a scope or a connection; ``home``: a project
    or group, with what lies in it.
    """

    text: str
    things: tuple[Thing, ...]
    one: bool = False
    home: bool = False


def side(text: str, things: Iterable[Thing]) -> Side:
    """The things that ``connection``, ``connection:project:KEY`` or ``connection:kind:id`` names among all that are known.
    Instead of an id a key or title may stand, if it is the only one. ConfigError for what names nothing, or several.
    """
    connection, _, rest = text.strip().partition(":")
    kind, _, name = rest.partition(":")
    known = tuple(thing for thing in things if thing.ref.connection == connection)
    if not known:
        raise ConfigError(
            f"{text}: nothing is known of a connection {connection!r}",
            remedy="name a connection that was synced, as `pmosync status` lists them",
        )
    if not rest:
        return Side(text, known)
    if kind in CONTAINERS:
        return Side(text, _within(text, name, kind, known), home=True)
    kinds = sorted({thing.ref.kind for thing in known})
    if kind not in kinds:
        raise ConfigError(f"{text}: {connection} has no kind {kind!r}", remedy=_kinds(kind, kinds))
    return Side(text, (_single(text, name, [thing for thing in known if thing.ref.kind == kind]),), one=True)


def _kinds(kind: str, kinds: Sequence[str]) -> str:
    near = get_close_matches(kind, kinds, 1)
    return f"{f'did you mean {near[0]}? ' if near else ''}choose one of {', '.join(kinds)}"


def _single(text: str, name: str, known: Sequence[Thing]) -> Thing:
    found = named(name, known)
    if len(found) == 1:
        return found[0]
    if found:
        raise ConfigError(
            f"{text} fits {len(found)} things: {'; '.join(map(str, found[:MOST]))}", remedy="name the one by its id"
        )
    raise ConfigError(f"{text}: nothing of that id, key or title is known", remedy=_nearest(name, known))


def named(name: str, things: Iterable[Thing]) -> list[Thing]:
    """Those that a name means: by id, else by key, else by title."""
    wanted, known = folded(name), tuple(things)
    called = [(thing, (thing.ref.id, thing.key, thing.title)) for thing in known if wanted]
    by_name = ([thing for thing, names in called if folded(names[each]) == wanted] for each in range(3))
    return next((found for found in by_name if found), [])


def _nearest(name: str, known: Sequence[Thing]) -> str:
    choices = {folded(word): str(thing) for thing in known for word in (thing.ref.id, thing.key, thing.title) if word}
    near = [choices[each] for each in get_close_matches(folded(name), choices, MOST)]
    usual = "write connection:kind:id as `pmosync export --kind source_milestone` shows it"
    return f"nearest: {'; '.join(dict.fromkeys(near))}" if near else usual


def _within(text: str, name: str, kind: str, known: Sequence[Thing]) -> tuple[Thing, ...]:
    """A project or group with all that lies in it."""
    homes = [thing for thing in known if isinstance(thing.fact, SourceProject)]
    chosen = named(name, [home for home in homes if home.ref.kind == kind])
    if not chosen:
        raise ConfigError(f"{text}: no {kind} of that id, key or name is known", remedy=_nearest(name, homes))
    inside = {home.ref for home in _below(chosen, homes)}
    places = {place(ref) for ref in inside}
    return tuple(thing for thing in known if thing.ref in inside or thing.container in places)


def place(ref: Ref) -> str:
    """A container as the things in it name it."""
    return f"group:{ref.id}" if ref.kind == "group" else ref.id


def _below(chosen: Sequence[Thing], homes: Sequence[Thing]) -> list[Thing]:
    """Containers with those below them."""
    found, pending = list(chosen), list(chosen)
    while pending:
        above = {home.ref.id for home in pending if home.ref.kind == "group"}
        pending = [home for home in homes if home not in found and getattr(home.fact, "parent", "") in above]
        found += pending
    return found
