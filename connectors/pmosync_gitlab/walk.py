"""Listing issues or merge requests so that none is missed while people edit, create and delete.

Pages by offset in the order of ``updated_at`` lose rows (measured). The order of creation never changes, so each step asks for
what was created at or after the last row seen. Only where rows of one millisecond fill a page is a second one needed, and only
there could a deletion in between hide a row until the census.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from msgspec import Struct

from pmosync.errors import TransientError

from .client import NEXT_TIME, Client, Query, Row
from .cursor import Position

NUMBERS = ("id", "iid", "project_id")
TIMES = ("created_at", "updated_at")


class Step(Struct, frozen=True):
    """Rows not seen in the step before, where the next step goes on (None: the end), and how many were to come."""

    rows: list[Row]
    onward: Position | None
    total: int | None


def walk(client: Client, path: str, query: Query, start: Position) -> Iterator[Step]:
    """All rows of a list from ``start`` on. TransientError if the server's pages do not keep the order or do not end."""
    position: Position | None = start
    before: set[int] = set()
    count = 0
    while position is not None:
        client.guard(path, count, again=False)
        page = client.page(path, {**query, **_window(position)})
        _check_order(client, path, page.rows, position)
        onward = _onward(client, path, page.rows, position) if page.following is not None else None
        yield Step([row for row in page.rows if row["id"] not in before], onward, page.total)
        before = {row["id"] for row in page.rows}
        position, count = onward, count + 1


def created(row: Row) -> datetime:
    """When a row was created."""
    return moment(row["created_at"])


def moment(text: str) -> datetime:
    """An instant as GitLab writes it."""
    return datetime.fromisoformat(text).astimezone(UTC)


def untouched(row: Row) -> bool:
    """Whether nothing has happened to an item since it was made: its last change is its creation, to the second."""
    return moment(row["updated_at"]) - moment(row["created_at"]) < timedelta(seconds=1)


def utc(instant: datetime) -> str:
    """An instant for a query: UTC with Z. (An offset's ``+`` that is not encoded matches nothing, silently.)"""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _window(position: Position) -> dict[str, str]:
    window = {"order_by": "created_at", "sort": "asc"}
    if position.after:
        window["created_after"] = utc(position.after)
    return window | ({"page": str(position.page)} if position.page > 1 else {})


def _onward(client: Client, path: str, rows: list[Row], position: Position) -> Position:
    if not rows:
        raise TransientError(f"{client.host} promises more of {path} behind an empty page", remedy=NEXT_TIME)
    last = created(rows[-1])
    if position.after is None or last > position.after:
        return Position(last)
    return Position(position.after, position.page + 1)


def _check_order(client: Client, path: str, rows: list[Row], position: Position) -> None:
    """A server that ignores the order or the window would make us skip rows."""
    if not all(map(_whole, rows)):
        raise TransientError(
            f"{client.host} answered {path} with rows that lack their times or numbers", remedy=NEXT_TIME
        )
    times = [created(row) for row in rows]
    early = position.after is not None and bool(times) and times[0] < position.after
    if early or any(a > b for a, b in pairwise(times)):
        raise TransientError(f"{client.host} does not keep the order of creation in {path}", remedy=NEXT_TIME)


def _whole(row: Row) -> bool:
    """Whether a row has the numbers and times that everything else here relies on."""
    try:
        return all(type(row[name]) is int for name in NUMBERS) and all(moment(row[name]) for name in TIMES)
    except (KeyError, TypeError, ValueError):
        return False
