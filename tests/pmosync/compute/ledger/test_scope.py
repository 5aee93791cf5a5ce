"""The book of a milestone's scope adds up."""

from __future__ import annotations

from datetime import UTC, datetime

from pmosync.compute.ledger import ScopeBook, scope_book
from pmosync.model import Progress

PROMISED = datetime(2026, 3, 2, tzinfo=UTC)
BEFORE, AFTER = PROMISED.replace(day=1), PROMISED.replace(day=9)
PROGRESS = Progress(
    total=12,
    delivered=8,
    open=4,
    undelivered=2,
    undelivered_at=(BEFORE, AFTER),
    backfilled=1,
    backfilled_at=(AFTER,),
    removed=2,
    removed_at=(AFTER, AFTER),
    added=3,
    added_at=(BEFORE, AFTER, AFTER),
)


def test_the_book_adds_up() -> None:
    """Initial + added + back-filled − removed is what is delivered and open; only what came and went since the promise is
    a change of scope.
    """
    book = scope_book(PROGRESS, PROMISED, ended=False)
    assert book == ScopeBook(initial=12, added=2, removed=3, backfilled=1, delivered=8, open=4, carried_over=0)
    assert book.initial + book.added + book.backfilled - book.removed == book.delivered + book.open


def test_what_was_open_at_the_end_is_carried_over() -> None:
    """Items still open when the milestone ended go on elsewhere: they are carried over."""
    assert scope_book(PROGRESS, PROMISED, ended=True).carried_over == 4


def test_without_a_promise_all_since_the_first_binding_counts() -> None:
    """Where nothing was promised yet, the book begins with the first binding."""
    book = scope_book(PROGRESS, None, ended=False)
    assert (book.added, book.removed, book.initial) == (3, 4, 12)
