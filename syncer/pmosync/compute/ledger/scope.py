"""The book of a milestone's scope: what was promised, what came and went, what was delivered, what was left over. Items."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from pmosync.model import Progress


class ScopeBook(Struct, frozen=True, kw_only=True):
    """Items since the promise was made: ``initial`` + ``added`` + ``backfilled`` − ``removed`` = ``delivered`` + ``open``.

    ``added`` joined since, ``backfilled`` had been delivered before they joined, ``removed`` left or ended undelivered.
    ``carried_over`` were still open when it ended.
    """

    initial: int
    added: int
    removed: int
    backfilled: int
    delivered: int
    open: int
    carried_over: int


def scope_book(progress: Progress, promised: datetime | None, *, ended: bool) -> ScopeBook:
    """The book of what is counted of a milestone. Without a promise it begins with the milestone's first binding."""
    added = _since(progress.added_at, promised)
    filled = _since(progress.backfilled_at, promised)
    removed = _since((*progress.removed_at, *progress.undelivered_at), promised)
    return ScopeBook(
        initial=progress.delivered + progress.open + removed - added - filled,
        added=added,
        removed=removed,
        backfilled=filled,
        delivered=progress.delivered,
        open=progress.open,
        carried_over=progress.open if ended else 0,
    )


def _since(instants: tuple[datetime, ...], promised: datetime | None) -> int:
    return sum(promised is None or at > promised for at in instants)
