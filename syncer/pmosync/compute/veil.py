"""What is not visible any more in its source loses its words before anything is said of it; its dates and its place in the
scope stay.
"""

from __future__ import annotations

from msgspec.structs import replace

from pmosync.compute.ledger.covered import covered
from pmosync.model import Snapshot


def veiled(snapshot: Snapshot) -> Snapshot:
    """The snapshot with vanished items as little named as restricted ones, and vanished sources without title, key and
    address: a system answers alike for what was deleted and for what was hidden from us.
    """
    gone = snapshot.gone
    if not gone:
        return snapshot
    items = tuple(replace(item, restricted=True) if item.ref in gone else item for item in snapshot.items)
    sources = {
        ref: replace(source, title="", key="", url="") if ref in gone else source
        for ref, source in snapshot.sources.items()
    }
    names = {item.key for item in items if item.ref in gone}
    moves = {code: tuple(covered(move, names) for move in rows) for code, rows in snapshot.moves.items()}
    return replace(snapshot, items=items, sources=sources, moves=moves)
