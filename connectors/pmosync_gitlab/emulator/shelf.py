"""Issues, or merge requests, of all projects: found by id, by project and iid, and in order of creation."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Generic, TypeVar

from .records import Issue, MergeRequest

T = TypeVar("T", Issue, MergeRequest)
Place = tuple[datetime, int]


def place(item: Issue | MergeRequest) -> Place:
    """Where an item stands in the order of creation."""
    return (item.created_at, item.id)


class Shelf(Generic[T]):
    """Kept sorted while it grows, so that a page of 50,000 costs a slice and no sort."""

    def __init__(self) -> None:
        self.by_id: dict[int, T] = {}
        self._by_iid: dict[tuple[int, int], T] = {}
        self._rows: dict[int, list[T]] = {}
        self._merged: dict[frozenset[int], list[T]] = {}
        self._iids: dict[int, int] = {}

    def __iter__(self) -> Iterator[T]:
        return iter(self.by_id.values())

    def add(self, item: T) -> None:
        """Put an item in its place."""
        self._index(item)
        insort(self._rows.setdefault(item.project_id, []), item, key=place)
        self._merged.clear()

    def fill(self, items: Collection[T]) -> None:
        """Put many at once: one sort a project instead of one insertion each."""
        for item in items:
            self._index(item)
            self._rows.setdefault(item.project_id, []).append(item)
        for rows in self._rows.values():
            rows.sort(key=place)
        self._merged.clear()

    def remove(self, item: T) -> None:
        """Take an item out; its iid is never given again."""
        del self.by_id[item.id]
        del self._by_iid[item.project_id, item.iid]
        self._rows[item.project_id].remove(item)
        self._merged.clear()

    def at(self, project_id: int, iid: int) -> T | None:
        """The item people call ``#iid`` in a project."""
        return self._by_iid.get((project_id, iid))

    def free(self, project_id: int) -> int:
        """The next iid of a project."""
        return self._iids.get(project_id, 0) + 1

    def of(self, project_ids: Collection[int]) -> Sequence[T]:
        """All items of these projects, oldest first."""
        if len(project_ids) == 1:
            return self._rows.get(next(iter(project_ids)), [])
        wanted = frozenset(project_ids)
        if wanted not in self._merged:
            self._merged[wanted] = sorted((item for key in wanted for item in self._rows.get(key, ())), key=place)
        return self._merged[wanted]

    def _index(self, item: T) -> None:
        self.by_id[item.id] = item
        self._by_iid[item.project_id, item.iid] = item
        self._iids[item.project_id] = max(item.iid, self._iids.get(item.project_id, 0))


def since(rows: Sequence[T], instant: datetime) -> int:
    """Position of the first of ``rows`` (oldest first) created at or after ``instant``."""
    return bisect_left(rows, (instant, 0), key=place)
