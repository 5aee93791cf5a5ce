"""Page loops that end only where the server says so: no short page ends one, none goes round in circles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from pmosync.errors import TransientError

from .wire import Page

T = TypeVar("T")
MOST_PAGES = 20_000


class Loop:
    """Guards one page loop: counts pages and remembers tokens. TransientError when the server leads in circles."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._pages = 0
        self._tokens: set[str] = set()

    def step(self, token: str = "") -> None:
        """One more page, reached by ``token``."""
        self._pages += 1
        if self._pages > MOST_PAGES:
            raise TransientError(f"jira: {self._what} has more than {MOST_PAGES} pages", remedy="narrow the scope")
        if token:
            self._once(token)

    def _once(self, token: str) -> None:
        if token in self._tokens:
            raise TransientError(
                f"jira: {self._what} repeats a page token", remedy="wait; the next sync goes on from here"
            )
        self._tokens.add(token)


def by_offset(fetch: Callable[[int], Page[T]], what: str) -> Iterator[T]:
    """All values of a list that is paged by ``startAt``."""
    loop, start = Loop(what), 0
    while True:
        loop.step()
        page = fetch(start)
        yield from page.values
        start += len(page.values)
        if _ends(page, start):
            return
        if not page.values:
            raise TransientError(f"jira: {what} broke off after {start} entries", remedy="wait; it is read again")


def _ends(page: Page[Any], start: int) -> bool:
    if page.is_last is not None:
        return page.is_last
    return page.total is None or start >= page.total
