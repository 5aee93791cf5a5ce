"""``pmosync check``: prove everything, change nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import click
import msgspec

from pmosync.cli import opened
from pmosync.cli.options import config_option
from pmosync.connector import Finding
from pmosync.dashboard.build import empty_layouts
from pmosync.engine.house import House, Lane, Shelf
from pmosync.engine.sync import scopes
from pmosync.errors import PmosyncError
from pmosync.guard import guarded
from pmosync.mapping import Context, translate
from pmosync.model import BindingRow, Problem
from pmosync.raw import RawRecord
from pmosync.store import Store, is_private

PATIENCE = 2
"""Tries a request: somebody sits before the terminal and waits."""


@click.command("check", epilog="Example: pmosync check --config pmosync.yaml")
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines.")
def command(config: Path, as_json: bool) -> int:
    """Prove every credential, scope, binding and target, changing nothing: one line a finding, each with its
    remedy.
    """
    bad = 0
    with opened.house(config, attempts=PATIENCE) as house:
        for finding in findings(house):
            bad += not finding.ok
            click.echo(msgspec.json.encode(finding).decode() if as_json else _line(finding))
    if not as_json:
        click.echo("all is well" if not bad else f"{bad} finding(s) to mend")
    return 2 if bad else 0


def findings(house: House) -> Iterator[Finding]:
    """Everything that can be proved of a house without pulling or writing."""
    sizes = f"{len(house.lanes)} connections, {len(house.shelves)} workbooks, {len(house.own_rows)} plan rows"
    yield Finding(True, "settings", sizes)
    if not house.shelves:
        remedy = "add one under workbooks:, such as {connector: xlsx, path: workbook.xlsx}"
        yield Finding(False, "settings", "no workbook is named", remedy)
    yield from stored(house.store)
    bindings, problems = bound(house)
    yield from problems
    for lane in house.lanes:
        yield from _asked(lane.connection, partial(_lane, lane, bindings))
    for shelf in house.shelves:
        yield from _asked(shelf.name, partial(_shelf, house, shelf))


def stored(store: Store) -> Iterator[Finding]:
    """Whether the data folder is its owner's alone, and the store sound."""
    folder = store.path.parent
    if not is_private(folder):
        yield Finding(False, str(folder), "others may look into the data folder", f"chmod 700 {folder}")
    faults = store.check()
    remedy = "`pmosync sync --rebuild` sets it aside and rebuilds it from the sources and the journal"
    if faults:
        yield Finding(False, str(store.path), f"the store is damaged: {faults[0]}", remedy)
    else:
        yield Finding(True, str(store.path), "the store is sound")


def bound(house: House) -> tuple[tuple[BindingRow, ...], tuple[Finding, ...]]:
    """The bindings in force: those of the last sync, of the input tabs as they are now, and of the settings file; and
    what is wrong with the file's rows (``sync`` tells what is wrong with those of a tab).
    """
    own, problems = _read(house, house.own_rows)
    typed = [raw for lane in house.lanes if lane.plan for raw in _typed(lane)]
    now, _ = _read(house, typed)
    faults = tuple(Finding(False, problem.place, problem.message, problem.remedy) for problem in problems)
    return (*house.store.plan(house.now()).bindings, *now, *own), faults


def _typed(lane: Lane) -> list[RawRecord]:
    """The rows of a plan lane; none where it cannot be read, which its own findings say."""
    answer = guarded(lambda: _rows(lane))
    return [] if isinstance(answer, PmosyncError) else answer


def _rows(lane: Lane) -> list[RawRecord]:
    source = lane.open(())
    try:
        return [raw for unit in source.units() for batch in source.pull(unit, None) for raw in batch.records]
    finally:
        source.close()


def _read(house: House, rows: Iterable[RawRecord]) -> tuple[tuple[BindingRow, ...], tuple[Problem, ...]]:
    told = [translate(house.rows_mapping, raw, Context(seen=house.now())) for raw in rows]
    facts = (fact for translation in told for fact in translation.facts)
    problems = tuple(problem for translation in told for problem in translation.problems)
    return tuple(fact for fact in facts if isinstance(fact, BindingRow)), problems


def _asked(place: str, ask: Callable[[], list[Finding]]) -> Iterable[Finding]:
    answer = guarded(ask)
    if isinstance(answer, PmosyncError):
        return [Finding(False, place, answer.message, answer.remedy)]
    return answer


def _lane(lane: Lane, bindings: tuple[BindingRow, ...]) -> list[Finding]:
    source = lane.open(scopes(bindings, lane.connection))
    try:
        return list(source.check())
    finally:
        source.close()


def _shelf(house: House, shelf: Shelf) -> list[Finding]:
    sink = shelf.open()
    try:
        return list(sink.check(empty_layouts(house.policy, house.now(), shelf.language)))
    finally:
        sink.close()


def _line(finding: Finding) -> str:
    mark = click.style("✓", fg="green") if finding.ok else click.style("✗", fg="red", bold=True)
    remedy = f" → {finding.remedy}" if finding.remedy else ""
    return f"{mark} {finding.place}: {finding.message}{remedy}"
