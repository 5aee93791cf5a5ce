"""Which row of a sheet is one that was lost: without its code a row is known by its cells and by its neighbours. Pure.

People clear a code and then edit, sort or move the row, take a column away, or insert rows above it: none of that makes
a deleted row of it. Where it is in doubt a row counts as known again: what it said then stays in force and somebody is
asked for the code, whereas a second row would have to be taken out by hand.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

from msgspec import Struct

from pmosync.mapping.text import fold
from pmosync.raw import RawRecord, Ref

HALF = 0.5
"""So much of what a row said must still be there where its neighbours do not vouch for it, and so much must be its own:
a cell counts for 1 divided by the number of rows that say the same.
"""

BESIDE = 0.5
"""What standing between the same neighbours counts for, where everything a row said counts for 1."""


class Trace(Struct, frozen=True):
    """A lost row as it was seen last: its cells beside the code, its row of the sheet, and its code."""

    ref: Ref
    cells: Mapping[str, Any]
    line: int
    code: str = ""


def known_again(lost: Iterable[Trace], shown: Iterable[RawRecord], order: Sequence[Ref] = ()) -> dict[Ref, RawRecord]:
    """Lost row → the row shown that it is: one without a code, else one with a new code in its very place, else, where it
    takes several cells to tell rows apart, one in its place whose other cells were corrected.

    ``order`` are all rows as they stood one below the other when they were read last (see ``order_of``); without it a
    place is the row of the sheet.
    """
    found: dict[Ref, RawRecord] = {}
    tabs: defaultdict[str, list[RawRecord]] = defaultdict(list)
    for raw in sorted(shown, key=line_of):
        tabs[tab_of(raw.ref)].append(raw)
    traces: defaultdict[str, list[Trace]] = defaultdict(list)
    for trace in sorted(lost, key=lambda each: each.line):
        traces[tab_of(trace.ref)].append(trace)
    for tab, mine in traces.items():
        found |= _Tab(mine, tabs[tab], [ref for ref in order if tab_of(ref) == tab]).found()
    return found


def order_of(shown: Iterable[RawRecord], again: Mapping[Ref, RawRecord]) -> tuple[Ref, ...]:
    """The rows as they stand one below the other, those without their code under the one that they had."""
    known = {raw.ref: ref for ref, raw in again.items() if not code_of(raw)}
    rows = sorted(shown, key=lambda raw: (tab_of(raw.ref), line_of(raw)))
    return tuple(known.get(raw.ref, raw.ref) for raw in rows)


def said(raw: RawRecord) -> dict[str, Any]:
    """The cells of a row beside its code and empty ones."""
    cells: Mapping[str, Any] = raw.payload.get("cells") or {}
    code = code_of(raw)
    return {key: value for key, value in cells.items() if value not in (None, "", False) and str(value) != code}


def code_of(raw: RawRecord) -> str:
    """The code in a row; "" for none."""
    return str(raw.payload.get("code") or "")


def corrected(code: str, successor: RawRecord) -> bool:
    """Whether a row that had that code is its ``successor``, so that only other cells that name it were corrected."""
    return bool(code) and fold(code) == fold(code_of(successor))


def line_of(raw: RawRecord) -> int:
    """The row of the sheet, counted from 1; 0 if it is not told."""
    return raw.payload.get("row") or 0


def tab_of(ref: Ref) -> str:
    """The key of the tab in which a row stands."""
    return ref.id.partition(":")[0]


Pair = tuple[tuple[float, int, int], Trace, RawRecord]


class _Tab:
    """One tab's lost rows and the rows it shows, each in the order of the sheet."""

    def __init__(self, lost: Sequence[Trace], shown: Sequence[RawRecord], order: Sequence[Ref]) -> None:
        self.rank = {trace.ref: place for place, trace in enumerate(lost)}
        self.lost, self.shown, self.before = list(lost), shown, set(order)
        self.bare = {raw.ref: place for place, raw in enumerate(raw for raw in shown if not code_of(raw))}
        self.absent = {key for raw in shown for key in raw.payload.get("missing_columns") or ()}
        self.said = {raw.ref: self._kept(said(raw)) for raw in shown}
        self.common = Counter((key, str(value)) for cells in self.said.values() for key, value in cells.items())
        self.weights = {trace.ref: self._weighed(trace) for trace in lost}
        fixed = {raw.ref for raw in shown if code_of(raw)} & self.before
        self.was = _neighbours(order, fixed)
        self.now = _neighbours([raw.ref for raw in shown], fixed)

    def found(self) -> dict[Ref, RawRecord]:
        """The best pairs first, each row once: rows that say the very same, then those that were edited."""
        found: dict[Ref, RawRecord] = {}
        for pairs in (self._equal, self._edited, self._corrected):
            taken = {raw.ref for raw in found.values()}
            for _, trace, raw in sorted(pairs(found, taken), key=lambda pair: pair[0]):
                if trace.ref not in found and raw.ref not in taken:
                    found[trace.ref] = raw
                    taken.add(raw.ref)
        return found

    def _equal(self, found: Mapping[Ref, RawRecord], taken: Set[Ref]) -> Iterator[Pair]:
        """Rows that say the same: without a code, or with a new one in the very place. Of a code that stands twice
        nobody knows which row it belongs to.
        """
        alike: defaultdict[str, list[RawRecord]] = defaultdict(list)
        for raw in self.shown:
            if raw.ref in self.bare or (not _twice(raw) and raw.ref not in self.before):
                alike[_text(self.said[raw.ref])].append(raw)
        for trace in self.lost:
            for raw in alike[_text(self._kept(trace.cells))]:
                pair = self._pair(trace, raw)
                if pair is not None and (raw.ref in self.bare or self._beside(trace, raw)):
                    yield pair

    def _edited(self, found: Mapping[Ref, RawRecord], taken: Set[Ref]) -> Iterator[Pair]:
        """Rows without a code that say what is left of a lost one."""
        rest = [raw for raw in self.shown if raw.ref in self.bare and raw.ref not in taken]
        for trace in self.lost:
            if trace.ref not in found:
                yield from filter(None, (self._pair(trace, raw) for raw in rest))

    def _corrected(self, found: Mapping[Ref, RawRecord], taken: Set[Ref]) -> Iterator[Pair]:
        """Rows under another name with the same code in the very place: a cell that is part of the name was corrected."""
        new = [raw for raw in self.shown if raw.ref not in {*self.before, *taken} and not _twice(raw)]
        for trace in self.lost:
            for raw in new if trace.ref not in found else ():
                if corrected(trace.code, raw) and self._beside(trace, raw) and (pair := self._pair(trace, raw)):
                    yield pair

    def _pair(self, trace: Trace, raw: RawRecord) -> Pair | None:
        """How well they fit, least first; among equal ones the order of the sheet decides. None if they do not."""
        there, weights = self.said[raw.ref], self.weights[trace.ref]
        alike = sum(weight for key, weight in weights.items() if there.get(key) == trace.cells[key])
        if not alike:
            return None
        whole = sum(weights.values())
        beside = self._beside(trace, raw)
        if not beside and alike < max(HALF * whole, HALF):
            return None
        bare = self.bare.get(raw.ref)
        apart = abs(self.rank[trace.ref] - bare) if bare is not None else len(self.shown)
        return (-alike / whole - BESIDE * beside, apart, self.rank[trace.ref]), trace, raw

    def _weighed(self, trace: Trace) -> dict[str, float]:
        """What each cell of a lost row counts for: the less, the more rows say the same."""
        return {key: 1 / max(1, self.common[key, str(value)]) for key, value in self._kept(trace.cells).items()}

    def _kept(self, cells: Mapping[str, Any]) -> dict[str, Any]:
        """The cells of columns that are still there: of the others the sheet says nothing."""
        return {key: value for key, value in cells.items() if key not in self.absent}

    def _beside(self, trace: Trace, raw: RawRecord) -> bool:
        if trace.ref not in self.was:
            return trace.line == line_of(raw)
        return self.was[trace.ref] == self.now[raw.ref]


def _twice(raw: RawRecord) -> bool:
    return bool(raw.payload.get("duplicates", 1) != 1)


def _text(cells: Mapping[str, Any]) -> str:
    return repr(sorted(cells.items(), key=lambda cell: cell[0]))


def _neighbours(order: Sequence[Ref], fixed: set[Ref]) -> dict[Ref, tuple[Ref | None, Ref | None]]:
    """Of every row the nearest ones above and below that stand in the sheet as before."""
    above: dict[Ref, Ref | None] = {}
    last: Ref | None = None
    for ref in order:
        above[ref] = last
        last = ref if ref in fixed else last
    found: dict[Ref, tuple[Ref | None, Ref | None]] = {}
    last = None
    for ref in reversed(order):
        found[ref] = (above[ref], last)
        last = ref if ref in fixed else last
    return found
