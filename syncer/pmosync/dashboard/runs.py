"""Runs: the last syncs, for the people who run the service. Hidden by default."""

from __future__ import annotations

from collections import defaultdict

from pmosync.dashboard import cells, layout, words
from pmosync.dashboard.content import Content
from pmosync.dashboard.layout import Field
from pmosync.model import Run
from pmosync.sheet import Format, Tab, Table, Value

KEY = "runs"
LAST = 60


def build_runs(content: Content) -> Table:
    """The last 60 runs, newest first; the one that writes this page has no end to tell of yet, so it comes with the next."""
    newest = sorted(content.runs, key=lambda run: run.id, reverse=True)
    newest = newest[1 if newest and newest[0].ended is None else 0 :][:LAST]
    return Table(tab(content), layout.rows(content, FIELDS, newest))


def tab(content: Content) -> Tab:
    """The layout: an operators' tab, hidden."""
    return layout.adorned(layout.published(content, KEY, FIELDS, "run"), hidden=True)


def _seconds(content: Content, run: Run) -> Value:
    return round((run.ended - run.started).total_seconds(), 1) if run.ended else None


def _by_source(content: Content, run: Run) -> Value:
    pulled: defaultdict[str, int] = defaultdict(int)
    changed: defaultdict[str, int] = defaultdict(int)
    for unit in run.units:
        pulled[unit.connection] += unit.pulled
        changed[unit.connection] += unit.changed
    said = (
        words.text("by_source", content.language, source=name, pulled=f"{pulled[name]:,}", changed=f"{changed[name]:,}")
        for name in sorted(pulled)
    )
    return words.between("clause", content.language).join(said) or None


def _errors(content: Content, run: Run) -> Value:
    failed = dict.fromkeys(f"{unit.connection} {unit.unit}: {unit.error}" for unit in run.units if unit.error)
    return words.between("clause", content.language).join(failed) or None


FIELDS: tuple[Field[Run], ...] = (
    Field("run", lambda content, run: run.id, Format.INTEGER, 7),
    Field("started", lambda content, run: cells.local(content, run.started), Format.INSTANT, 17),
    Field("outcome", lambda content, run: words.term("outcome", run.outcome, content.language), width=12),
    Field("by_source", _by_source, Format.WRAP, 56),
    Field("seconds", _seconds, Format.NUMBER, 9),
    Field("pulled", lambda content, run: sum(unit.pulled for unit in run.units), Format.INTEGER, 9),
    Field("changed", lambda content, run: sum(unit.changed for unit in run.units), Format.INTEGER, 9),
    Field("requests", lambda content, run: sum(unit.requests for unit in run.units), Format.INTEGER, 9),
    Field("megabytes", lambda content, run: round(sum(unit.received for unit in run.units) / 1e6, 2), Format.NUMBER, 8),
    Field("cells", lambda content, run: run.cells, Format.INTEGER, 9),
    Field("errors", _errors, Format.WRAP, 44),
    Field("kind", lambda content, run: words.term("run_kind", run.kind, content.language), width=9, collapsed=True),
    Field("words", lambda content, run: run.words or None, Format.WRAP, 36, True),
)
