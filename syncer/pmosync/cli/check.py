"""``pmosync check``: prove everything, change nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import click
import msgspec

from pmosync.cli import opened, proof
from pmosync.cli.options import config_option
from pmosync.cli.terminal import many
from pmosync.compute.place import spot
from pmosync.connector import Finding, nothing_kept
from pmosync.dashboard.build import empty_layouts
from pmosync.engine.house import House, Lane, Shelf
from pmosync.engine.sync import scopes
from pmosync.errors import PmosyncError
from pmosync.guard import guarded
from pmosync.model import BindingRow, Problem
from pmosync.settings import ordered
from pmosync.store import REBUILD, Store, is_private
from pmosync.transport.adapter import NEXT_TIME, UNREACHED

PATIENCE = 2
"""Tries a request: somebody sits before the terminal and waits."""
LOOK = "look whether url, port and transport.proxy are right and the host is up"


@click.command("check", epilog="Example: pmosync check --config pmosync.yaml")
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines.")
def command(config: Path, as_json: bool) -> int:
    """Prove every credential, scope, binding and target, changing nothing: one line a finding, each with its
    remedy.
    """
    bad = 0
    with opened.house(config, attempts=PATIENCE) as house:
        for finding in once(map(_now, findings(house))):
            bad += not finding.ok
            click.echo(msgspec.json.encode(finding).decode() if as_json else _line(finding))
    if not as_json:
        click.echo("all is well" if not bad else f"{many(bad, 'finding')} to mend")
    return 2 if bad else 0


def findings(house: House) -> Iterator[Finding]:
    """Everything that can be proved of a house without pulling or writing."""
    drawn = proof.draw(house)
    yield from own_rows(house, drawn.problems)
    if not house.shelves:
        remedy = "add one under workbooks:, such as {connector: xlsx, path: workbook.xlsx}"
        yield Finding(False, "settings", "no workbook is named", remedy)
    yield from stored(house.store)
    unread: set[str] = set()
    for lane in house.lanes:
        for finding in _asked(lane.connection, partial(_lane, lane, drawn.plan.bindings)):
            row = bound(finding, lane.connection, drawn.plan.bindings)
            unread |= {lane.connection} if row else set()
            yield located(named(finding, lane, house), row)
    told = proof.faults(house, drawn, frozenset(unread))
    yield from by_line(told)
    for shelf in house.shelves:
        yield from _asked(shelf.name, partial(_shelf, house, shelf))


def own_rows(house: House, told: Iterable[Problem]) -> Iterable[Finding]:
    """What is wrong with the cells of the settings' own rows; where nothing is, how much the settings name."""
    own = {address for row in house.own_rows for address in row.payload["addresses"].values()}
    connections = {lane.connection for lane in house.lanes} - {shelf.name for shelf in house.shelves}
    sizes = (len(connections), "connection"), (len(house.shelves), "workbook"), (len(house.own_rows), "plan row")
    well = Finding(True, "settings", ", ".join(many(*size) for size in sizes))
    return by_line(each for each in told if each.place in own) or [well]


def by_line(told: Iterable[Problem]) -> list[Finding]:
    """Problems as findings, in the order of the lines of their files, those of cells and sources behind them as told."""
    found = [Finding(False, each.place, each.message, each.remedy) for each in told]
    ranks = {place: rank for rank, place in enumerate(ordered(each.place for each in found))}
    return sorted(found, key=lambda each: ranks[each.place])


def bound(finding: Finding, connection: str, rows: Iterable[BindingRow]) -> BindingRow | None:
    """The binding whose scope a connector found wrong: it names the scope at the end of the place."""
    of = (row for row in rows if row.system == connection and not finding.ok)
    return next((row for row in of if f" {finding.place}".endswith(f" {row.scope}")), None)


def located(finding: Finding, row: BindingRow | None) -> Finding:
    """The finding with the line or cell of its binding."""
    return msgspec.structs.replace(finding, place=f"{spot(row.place, 'which')}: {finding.place}") if row else finding


def named(finding: Finding, lane: Lane, house: House) -> Finding:
    """The finding of a team's spreadsheet under its connection: those of another one may say the very same."""
    if not proof.of_a_team(lane, house):
        return finding
    return msgspec.structs.replace(finding, place=f"{lane.connection}: {finding.place}")


def stored(store: Store) -> Iterator[Finding]:
    """Whether the data folder is its owner's alone, and the store sound."""
    folder = store.path.parent
    if not is_private(folder):
        yield Finding(False, str(folder), "others may look into the data folder", f"chmod 700 {folder}")
    faults = store.check()
    if faults:
        yield Finding(False, str(store.path), f"the store is damaged: {faults[0]}", REBUILD)
    else:
        yield Finding(True, str(store.path), "the store is sound")


def once(found: Iterable[Finding]) -> Iterator[Finding]:
    """Each finding once: a workbook that people type into is asked as a source and as a target."""
    told: set[Finding] = set()
    for finding in found:
        if finding not in told:
            told.add(finding)
            yield finding


def _now(finding: Finding) -> Finding:
    """The finding with what to do at once: a check has no next time."""
    return msgspec.structs.replace(finding, remedy=finding.remedy.replace(UNREACHED, LOOK).replace(NEXT_TIME, LOOK))


def _asked(place: str, ask: Callable[[], list[Finding]]) -> Iterable[Finding]:
    answer = guarded(ask)
    if isinstance(answer, PmosyncError):
        return [Finding(False, place, answer.message, answer.remedy)]
    return answer


def _lane(lane: Lane, bindings: tuple[BindingRow, ...]) -> list[Finding]:
    source = lane.open(scopes(bindings, lane.connection), nothing_kept)
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
