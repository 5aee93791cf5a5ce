"""The rows of input tabs as they were typed last, so that a tab or a row that is made anew says what people wrote."""

from __future__ import annotations

from collections import defaultdict
from typing import get_args

from pmosync.dashboard.content import Typed
from pmosync.model import PlanRow
from pmosync.rows import KIND, typed
from pmosync.store import Store


def typed_rows(store: Store, connection: str) -> dict[str, tuple[Typed, ...]]:
    """By input tab what a connection's sheet showed when it was read last, each row with the place of the plan's row that
    it became. Of rows with one code the first stands for the plan's.
    """
    records = tuple(store.records(connection, KIND))
    known = store.known(raw.ref for raw in records)
    found: defaultdict[str, list[Typed]] = defaultdict(list)
    for raw in records:
        fact = known[raw.ref].fact if raw.ref in known else None
        place = fact.place if isinstance(fact, get_args(PlanRow)) else None
        for number, (row, cells) in enumerate(typed(raw)):
            told = Typed(row, str(raw.payload.get("code") or ""), cells, place if number == 0 else None)
            found[raw.payload["tab"]].append(told)
    return {tab: tuple(sorted(rows, key=lambda one: one.row)) for tab, rows in found.items()}
