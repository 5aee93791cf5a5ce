"""Who waits for whom: an order in which every milestone comes after its predecessors, and the circles that have none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct


class Order(Struct, frozen=True):
    """``codes`` with predecessors first; each of ``cycles`` is a sorted group that waits for itself; ``rank`` its number."""

    codes: tuple[str, ...]
    cycles: tuple[tuple[str, ...], ...]
    rank: Mapping[str, int]

    def free(self, code: str, waits_for: Sequence[str]) -> tuple[str, ...]:
        """Those of ``waits_for`` that are known and not in one circle with ``code``."""
        return tuple(each for each in waits_for if each in self.rank and self.rank[each] != self.rank[code])


def order(waits_for: Mapping[str, Sequence[str]]) -> Order:
    """Strongly connected groups of the graph, predecessors first (Tarjan's algorithm with its own stack: any depth)."""
    search = _Search(waits_for)
    for code in sorted(waits_for):
        if code not in search.index:
            search.visit(code)
    circles = (tuple(sorted(group)) for group in search.groups if len(group) > 1 or group[0] in waits_for[group[0]])
    rank = {code: number for number, group in enumerate(search.groups) for code in group}
    return Order(tuple(code for group in search.groups for code in sorted(group)), tuple(sorted(circles)), rank)


class _Search:
    """The state of one search; ``path`` holds each open node with the iterator over its edges."""

    def __init__(self, waits_for: Mapping[str, Sequence[str]]) -> None:
        self.edges = {
            code: [each for each in sorted(set(others)) if each in waits_for] for code, others in waits_for.items()
        }
        self.index: dict[str, int] = {}
        self.low: dict[str, int] = {}
        self.open: list[str] = []
        self.inside: set[str] = set()
        self.groups: list[list[str]] = []

    def visit(self, start: str) -> None:
        self._enter(start)
        path = [(start, iter(self.edges[start]))]
        while path:
            code, rest = path[-1]
            following = next(rest, None)
            if following is None:
                path.pop()
                self._leave(code, path[-1][0] if path else None)
            elif following not in self.index:
                self._enter(following)
                path.append((following, iter(self.edges[following])))
            elif following in self.inside:
                self.low[code] = min(self.low[code], self.index[following])

    def _enter(self, code: str) -> None:
        self.index[code] = self.low[code] = len(self.index)
        self.open.append(code)
        self.inside.add(code)

    def _leave(self, code: str, parent: str | None) -> None:
        if parent is not None:
            self.low[parent] = min(self.low[parent], self.low[code])
        if self.low[code] == self.index[code]:
            group = [self.open.pop()]
            while group[-1] != code:
                group.append(self.open.pop())
            self.inside.difference_update(group)
            self.groups.append(group)
