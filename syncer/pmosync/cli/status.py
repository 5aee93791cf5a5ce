"""``pmosync status``: sources, freshness, holds, last runs."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import click
import msgspec

from pmosync.cli import opened
from pmosync.cli.options import config_option
from pmosync.engine.house import House
from pmosync.model import Freshness, Hold, Run

INK = {"ok": "green", "failed": "red", "held": "yellow", "stale": "yellow", "never": "yellow"}


@click.command("status", epilog="Example: pmosync status")
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines.")
@click.option("--runs", "limit", default=5, show_default=True, help="How many runs to show.")
def command(config: Path, as_json: bool, limit: int) -> int:
    """Show sources with their freshness, open holds and the last runs."""
    with opened.house(config) as house:
        sources, holds, runs = house.store.freshness(house.now()), house.store.holds(), house.store.runs(limit)
        if as_json:
            for value in (*sources, *(msgspec.structs.replace(hold, refs=()) for hold in holds), *runs):
                click.echo(msgspec.json.encode({type(value).__name__.lower(): value}).decode())
        else:
            _show(house, sources, holds, runs)
    return 1 if holds or any(source.state != "ok" for source in sources) else 0


def _show(house: House, sources: tuple[Freshness, ...], holds: tuple[Hold, ...], runs: tuple[Run, ...]) -> None:
    if not runs:
        click.echo("nothing was synced yet: run `pmosync sync`")
    for source in sources:
        age = _age(house.now() - source.good) if source.good else "never"
        state = click.style(f"{source.state:<7}", fg=INK.get(source.state))
        words = f"  {source.reason}{' → ' + source.remedy if source.remedy else ''}" if source.reason else ""
        click.echo(f"{source.connection:<16}{state} last good: {age}{words}")
    for hold in holds:
        click.echo(
            f"{click.style('hold ' + hold.id, fg='yellow')}  {hold.connection}: {hold.reason} → `pmosync accept {hold.id}`"
        )
    for run in runs:
        took = _age(run.ended - run.started) if run.ended else "running"
        click.echo(f"run {run.id:<5}{_local(run.started)}  {run.outcome:<12}{took}, {run.cells:,} cells")


def _age(span: timedelta) -> str:
    seconds = span.total_seconds()
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"


def _local(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC")
