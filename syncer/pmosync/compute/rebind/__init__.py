"""A thing of a source that goes on as another: after a migration, a promotion or a merge.

What a person names is matched, never guessed; what moves is dated, so that a past day still shows the world before it; and
the way back is another rebinding.
"""

from pmosync.compute.rebind.followed import followed
from pmosync.compute.rebind.former import formers, ghosts, joined
from pmosync.compute.rebind.moves import Moves, moves, undone
from pmosync.compute.rebind.pairs import Line, Pairing, by_key, by_map, unread
from pmosync.compute.rebind.things import Side, Thing, side

__all__ = [
    "Line",
    "Moves",
    "Pairing",
    "Side",
    "Thing",
    "by_key",
    "by_map",
    "followed",
    "formers",
    "ghosts",
    "joined",
    "moves",
    "side",
    "undone",
    "unread",
]
