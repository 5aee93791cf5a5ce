"""Data Center's answers in the order of an instant. An offset shifts when issues change or go, and 11.3 answers none beyond
its ``maxResultWindow``; so every page opens a new window at the last instant seen. Only inside one minute (queries know no
seconds) is an offset used, overlapping by one issue that proves that nothing shifted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from pmosync.errors import HeldError, TransientError

from .client import JiraClient
from .pages import Loop
from .position import Position, ended, moment, narrowed, onward, within
from .records import instant
from .wire import Issue, ServerSearchPage


class Windows(Struct, frozen=True):
    """What is asked. ``jql`` gives the query from an instant on (None: all) in the order of the field ``by``; ``fields`` and
    ``expand`` are what is wanted of each issue, ``size`` how many of them at once.
    """

    client: JiraClient
    title: str
    by: str
    jql: Callable[[datetime | None], str]
    fields: Sequence[str]
    size: int
    expand: Sequence[str] = ()

    def pages(self, position: Position) -> Iterator[tuple[ServerSearchPage, Position]]:
        """Each page with the position behind it; behind the last one it is that of a sweep that ended. Pages overlap.
        TransientError where the answers break off, HeldError where more stands at one place than the server tells.
        """
        loop, window = Loop(self.title), None
        while True:
            loop.step()
            page = self._page(position, self._room(position.offset, window))
            window = page.max_result_window
            if position.expected and (not page.issues or page.issues[0].id != position.expected):
                position = within(position, 0, "")
                continue
            behind = onward(position, instants(page.issues, self.by), "")
            if position.offset + len(page.issues) >= page.total:
                yield page, ended(behind)
                return
            position = self._ahead(behind, page)
            yield page, position

    def _room(self, offset: int, window: int | None) -> int:
        """How many issues to ask for at this offset."""
        room = self.size if window is None else min(self.size, window - offset)
        if room < 2:
            raise HeldError(
                f"jira: {self.title}: more issues came or changed at almost one time than the {window} that Jira tells",
                remedy="wait an hour; if it stays so, raise max_result_window of Jira's search platform or bind less",
            )
        return room

    def _ahead(self, behind: Position, page: ServerSearchPage) -> Position:
        """The window behind a page; while that is the same minute still, the next offset in it."""
        if len(page.issues) < 2:
            raise TransientError(f"jira: {self.title} broke off", remedy="wait; the next sync goes on from here")
        ahead = narrowed(behind)
        if self.jql(moment(ahead.floor)) != self.jql(moment(behind.floor)):
            return ahead
        return within(behind, behind.offset + len(page.issues) - 1, page.issues[-1].id)

    def _page(self, position: Position, size: int) -> ServerSearchPage:
        body: dict[str, Any] = {
            "jql": self.jql(moment(position.floor)),
            "fields": list(self.fields),
            "startAt": position.offset,
            "maxResults": size,
        }
        expand = {"expand": list(self.expand)} if self.expand else {}
        page = self.client.post("search", body | expand, ServerSearchPage)
        if page.start_at != position.offset:
            raise self.client.misshapen("search")
        return page


def instants(issues: Sequence[Issue], field: str) -> tuple[datetime, ...]:
    """What the issues say under a field of time; those that say nothing are left out."""
    return tuple(when for issue in issues if (when := instant(issue.fields.get(field))))
