"""Offset pages with all their headers, and keyset pages where GitLab serves them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from msgspec import Struct

from .calls import Answer, Call, RefusedError

T = TypeVar("T")
LARGEST_PAGE = 100
LARGEST_OFFSET = 50_000
KEYSET_REFUSED = "Keyset pagination is not yet available for this type of request"


class Slice(Struct):
    """A page cut from a list; ``total`` None when there are more than GitLab counts."""

    items: list[Any]
    total: int | None
    more: bool


def listing(
    call: Call,
    rows: Iterable[T],
    write: Callable[[T], Any],
    defaults: Mapping[str, str] | None = None,
    *,
    keyset: str = "",
) -> Answer:
    """One offset page. ``defaults`` are parameters that GitLab repeats in its links though nobody gave them; ``keyset`` names
    the kind of object, where keyset paging exists beside and so limits the offset."""
    page, size = max(1, call.params.number("page", 1)), page_size(call)
    if call.params.text("pagination") == "keyset" and call.look.dialect.strict_keyset:
        raise RefusedError(405, {"error": KEYSET_REFUSED})
    if keyset and call.look.dialect.strict_keyset and page * size > LARGEST_OFFSET:
        raise RefusedError(405, {"error": _too_far(keyset)})
    cut = _cut(rows, page, size, call.look.dialect.counts_to)
    return Answer([write(item) for item in cut.items], _headers(call, cut, page, size, defaults or {}))


def page_size(call: Call) -> int:
    """Rows a page: 20 unless asked, never more than 100; none at all is an error that older servers did not expect."""
    size = call.params.number("per_page", 20)
    if size == 0 and not call.look.dialect.modern:
        raise RefusedError(500, {"message": "500 Internal Server Error"})
    if size <= 0:
        raise RefusedError(400, {"error": "per_page has a value not allowed"})
    return min(size, LARGEST_PAGE)


def _too_far(kind: str) -> str:
    return (
        f"Offset pagination has a maximum allowed offset of {LARGEST_OFFSET} for requests that return objects of type {kind}. "
        "Remaining records can be retrieved using keyset pagination."
    )


def _cut(rows: Iterable[T], page: int, size: int, counts_to: int | None) -> Slice:
    start, stop = (page - 1) * size, page * size
    if isinstance(rows, Sequence):
        items, count = list(rows[start:stop]), len(rows)
    else:
        items, count = _walk(iter(rows), start, stop, counts_to)
    counted = counts_to is None or count <= counts_to
    return Slice(items, count if counted else None, count > stop)


def _walk(rows: Iterator[T], start: int, stop: int, counts_to: int | None) -> tuple[list[T], int]:
    """The rows of the page, and how many there are: counted no farther than anybody will be told."""
    items, count = [], 0
    enough = None if counts_to is None else max(counts_to, stop) + 1
    for row in rows:
        if start <= count < stop:
            items.append(row)
        count += 1
        if count == enough:
            break
    return items, count


def _headers(call: Call, cut: Slice, page: int, size: int, defaults: Mapping[str, str]) -> dict[str, str]:
    pages = None if cut.total is None else max(1, -(-cut.total // size))
    targets = {
        "prev": page - 1 if page > 1 else None,
        "next": page + 1 if cut.more else None,
        "first": 1,
        "last": pages,
    }
    links = [
        f'<{_address(call, defaults, {"page": str(number), "per_page": str(size)})}>; rel="{name}"'
        for name, number in targets.items()
        if number is not None
    ]
    headers = {"X-Per-Page": str(size), "X-Page": str(page), "X-Next-Page": str(targets["next"] or "")}
    headers |= {"X-Prev-Page": str(targets["prev"] or ""), "Link": ", ".join(links)}
    return headers | ({"X-Total": str(cut.total), "X-Total-Pages": str(pages)} if pages is not None else {})


def _address(call: Call, defaults: Mapping[str, str], over: Mapping[str, str]) -> str:
    owner = call.named.get("project") or call.named.get("group")
    named = {"id": owner} if owner else {}
    single = {**defaults, **named, **{k: v for k, v in call.params.pairs if not k.endswith("[]")}, **over}
    several = [(k, v) for k, v in call.params.pairs if k.endswith("[]")]
    return f"{call.look.base}{call.path}?{urlencode(sorted([*single.items(), *several]))}"


def by_id(call: Call, rows: Sequence[T], number: Callable[[T], int], write: Callable[[T], Any]) -> Answer:
    """A keyset page ordered by id, going on at ``id_after`` (or ``id_before`` when descending); no totals, a next link while
    pages come full."""
    down = call.params.choice("sort", ("asc", "desc"), "desc") == "desc"
    if call.params.text("order_by", "id") != "id":
        raise RefusedError(405, {"error": KEYSET_REFUSED})
    mark, size = "id_before" if down else "id_after", page_size(call)
    edge = call.params.number(mark, 0)
    ordered = sorted(rows, key=number, reverse=down)
    left = [r for r in ordered if not edge or (number(r) < edge if down else number(r) > edge)]
    items = left[:size]
    more = {mark: str(number(items[-1]))} if len(items) == size else None
    return Answer([write(item) for item in items], _onward(call, more))


def by_cursor(call: Call, rows: Iterable[T], mark: Callable[[T], list[Any]], write: Callable[[T], Any]) -> Answer:
    """A keyset page of ordered ``rows``: ``mark`` says where a row stands in that order; the cursor names the last row seen."""
    size = page_size(call)
    seen = _decode(call.params.text("cursor"))
    down = call.params.text("sort", "desc") == "desc"
    left = (r for r in rows if seen is None or (mark(r) < seen if down else mark(r) > seen))
    items = [row for row, _ in zip(left, range(size + 1), strict=False)]
    more = {"cursor": _encode(mark(items[size - 1]))} if len(items) > size else None
    return Answer([write(item) for item in items[:size]], _onward(call, more))


def _onward(call: Call, more: Mapping[str, str] | None) -> dict[str, str]:
    if more is None:
        return {}
    link = f'<{_address(call, {}, more)}>; rel="next"'
    return {"Link": link} if call.look.dialect.modern else {"Links": link, "Link": link}


def _encode(mark: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(mark).encode()).decode()


def _decode(cursor: str) -> list[Any] | None:
    if not cursor:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor))
    except ValueError:
        raise RefusedError(400, {"error": "cursor is invalid"}) from None
    return found if isinstance(found, list) else None
