"""Codes that people speak of anywhere: a code that is written is somebody's word already, whether or not its row counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from pmosync.compute.identity.state import folded
from pmosync.model import Plan
from pmosync.raw import RawRecord
from pmosync.sheet import text_of

MINTED_FORMS = (re.compile(r"[a-z0-9][a-z0-9_.-]*-m\d+", re.ASCII), re.compile(r"\w[\w.-]*-m\d+"))
"""What a minted code looks like within a text; the first also where letters of another script touch it."""


def in_plan(plan: Plan) -> frozenset[str]:
    """The folded codes of milestones that rows in force name: dependencies, decisions, risks, bindings."""
    return frozenset(map(folded, _named(plan)))


def in_rows(rows: Iterable[RawRecord]) -> frozenset[str]:
    """The folded codes that any cell of rows as typed shows, also of rows that could not be read."""
    return frozenset(
        code for row in rows for text in _texts(row) for form in MINTED_FORMS for code in form.findall(text)
    )


def _named(plan: Plan) -> Iterator[str]:
    for row in plan.milestones:
        yield from row.depends_on
    for decision in plan.decisions:
        yield from (*decision.codes, *decision.into)
    for risk in plan.risks:
        yield risk.milestone
    for binding in plan.bindings:
        yield binding.code


def _texts(row: RawRecord) -> Iterator[str]:
    cells = row.payload.get("cells")
    for value in cells.values() if isinstance(cells, Mapping) else ():
        several = value if isinstance(value, list | tuple) else (value,)
        yield from (folded(text_of(each)) for each in several if not isinstance(each, dict | list | tuple))
