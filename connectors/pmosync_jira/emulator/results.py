"""Found issues, kept for the next page: repeated queries are answered from here until the site changes."""

from __future__ import annotations

from collections import OrderedDict

from .jql import JqlError, Query, parse
from .jql.fields import Lens
from .jql.search import find

MOST_KEPT = 12
MOST_CURSORS = 64
TOKENS_LAST = 7 * 86_400_000
"""Page tokens expire after seven days (milliseconds)."""


class Results:
    """Answers by query, dropped when the site changes; and cursors by number, snapshots that outlive changes."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], list[int]] = OrderedDict()
        self._cursors: OrderedDict[int, tuple[str, list[int], int]] = OrderedDict()
        self._last = 0

    def find(self, lens: Lens, jql: str, *, bounded: bool = False) -> list[int]:
        """The ids of all matches in order. JqlError in Jira's words; an unbounded query is one where ``bounded`` is demanded."""
        site = lens.site
        seen = (lens.account, lens.projects, lens.strict, lens.sees_restricted)
        name = (jql, site.revision, site.now, str(lens.zone), seen, bounded)
        if name not in self._kept:
            query = parse(jql)
            _demand_bound(query, bounded)
            self._kept[name] = [issue.id for issue in find(lens, query)]
        self._kept.move_to_end(name)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return self._kept[name]

    def keep(self, jql: str, ids: list[int], now: int) -> int:
        """Keep a snapshot for page tokens and say its number."""
        self._last += 1
        self._cursors[self._last] = (jql, ids, now)
        while len(self._cursors) > MOST_CURSORS:
            self._cursors.popitem(last=False)
        return self._last

    def kept(self, number: int, jql: str, now: int) -> list[int] | None:
        """The snapshot of that number, if it is still good and belongs to the query."""
        found = self._cursors.get(number)
        return found[1] if found and found[0] == jql and now - found[2] < TOKENS_LAST else None

    def forget(self) -> None:
        """Let all page tokens expire."""
        self._cursors.clear()


def _demand_bound(query: Query, bounded: bool) -> None:
    if bounded and query.where is None:
        raise JqlError("Unbounded JQL queries are not allowed here. Please add a search restriction to your query.")
