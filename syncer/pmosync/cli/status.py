"""``pmosync status``: sources, freshness, holds, last runs."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import click
import msgspec
from msgspec import structs

from pmosync.cli import opened
from pmosync.cli.opened import Records
from pmosync.cli.options import config_option
from pmosync.compute.absence import MIGRATED
from pmosync.model import REMOVED, Freshness, Hold, Run
from pmosync.settings import Configuration

INK = {"ok": "green", "failed": "red", "held": "yellow", "stale": "yellow", "never": "yellow"}
WELL = ("ok", REMOVED)
LEFT = "not in the settings any more; what was read of it stays"


@click.command("status", epilog="Example: pmosync status")
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines.")
@click.option(
    "--runs", "limit", type=click.IntRange(1, 1000), default=5, show_default=True, help="How many runs to show."
)
def command(config: Path, as_json: bool, limit: int) -> int:
    """Show sources with their freshness, open holds and the last runs. Exit code 1 if a source or a hold wants a look."""
    with opened.records(config) as records:
        sources = tuple(aged(source, records) for source in records.store.freshness(records.now))
        holds, runs = records.store.holds(), tuple(ended(run, records) for run in records.store.runs(limit))
    if as_json:
        for value in (*sources, *(structs.replace(hold, refs=()) for hold in holds), *runs):
            click.echo(msgspec.json.encode({type(value).__name__.lower(): value}).decode())
    else:
        _show(records.now, sources, holds, runs)
    return 1 if holds or any(source.state not in WELL for source in sources) else 0


def aged(source: Freshness, records: Records) -> Freshness:
    """A source that was well but was not read for longer than the rules allow is stale (weekends do not count); one that
    the settings do not name any more is nobody's fault, however old.
    """
    if source.connection not in _named(records.configuration):
        return structs.replace(source, state=REMOVED, reason=LEFT, remedy="", parts=())
    if source.state != "ok" or source.good is None:
        return source
    days = (source.good + timedelta(days=day) for day in range(1, (records.now - source.good).days + 1))
    if sum(day.weekday() < 5 for day in days) <= records.policy.stale_after:
        return source
    return structs.replace(source, state="stale", reason="not read since then", remedy="run `pmosync sync`")


def _named(configuration: Configuration) -> frozenset[str]:
    """What the settings name that can be read: connections, and workbooks for their input tabs."""
    return frozenset({*configuration.settings.connections, *configuration.settings.workbooks})


def ended(run: Run, records: Records) -> Run:
    """A run that nobody is working on any more was broken off, whatever it last said of itself."""
    return structs.replace(run, outcome="interrupted") if run.outcome == "running" and not records.busy else run


def _show(now: datetime, sources: tuple[Freshness, ...], holds: tuple[Hold, ...], runs: tuple[Run, ...]) -> None:
    if not runs:
        click.echo("nothing was synced yet: run `pmosync sync`")
    for source in sources:
        age = f"{_age(now - source.good)} ago" if source.good else "never"
        state = click.style(f"{source.state:<7}", fg=INK.get(source.state))
        words = f"  {source.reason}{' → ' + source.remedy if source.remedy else ''}" if source.reason else ""
        click.echo(f"{source.connection:<16}{state} last good: {age}{words}")
        for part in source.parts:
            word = "history" if part.behind else "read"
            click.echo(f"{'':<16}{word} {part.percent} %: {part.title}")
    for hold in holds:
        name = click.style(f"hold {hold.id}", fg="yellow")
        click.echo(f"{name}  {hold.connection}: {hold.reason} → look, then {remedy(hold)}")
    for run in runs:
        took = _age(run.ended - run.started) if run.ended else ""
        outcome = run.outcome if run.kind == "sync" else f"{run.kind} {run.outcome}"
        click.echo(f"run {run.id:<5}{run.started:%Y-%m-%d %H:%M UTC}  {outcome:<12}{took:>7}  {run.cells:>8,} cells")


def remedy(hold: Hold) -> str:
    """The command that solves a hold."""
    if hold.id.startswith(MIGRATED):
        return f"`pmosync rebind --from {hold.connection} --to {hold.moved_to or hold.connection}`"
    return f"`pmosync accept {hold.id}`"


def _age(span: timedelta) -> str:
    seconds = span.total_seconds()
    for size, word, most in ((1, "s", 120), (60, "min", 120), (3600, "h", 72)):
        if seconds / size < most:
            return f"{seconds / size:.0f} {word}"
    return f"{seconds / 86400:.0f} days"
