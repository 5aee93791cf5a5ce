"""``pmosync export``: the model itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import click
import msgspec
from msgspec import Struct, structs

from pmosync.cli import explain, flat, opened
from pmosync.cli.opened import Records
from pmosync.cli.options import config_option
from pmosync.compute.assessment import MilestoneVerdict
from pmosync.store import ENTITIES


class Count(Struct, frozen=True):
    """How many there are of a kind."""

    kind: str
    count: int


@click.command("export", epilog="Example: pmosync export --kind work_item --format csv > items.csv")
@config_option
@click.option(
    "--kind",
    type=click.Choice([*ENTITIES, "verdict", "counts"]),
    metavar="KIND",
    default="counts",
    show_default=True,
    help=f"What to print: {', '.join(ENTITIES)}; verdict; counts.",
)
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="As known at the end of that day (UTC)."
)
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), help="JSON lines (usual), or CSV.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format jsonl.")
def command(config: Path, kind: str, as_of: datetime | None, form: str | None, as_json: bool) -> int:
    """Print the model: every entity of a kind, what was said of every milestone (verdict, team level too), or how
    many there are of each kind (counts).
    """
    form = form or ("jsonl" if as_json or kind != "counts" else None)
    with opened.records(config) as records:
        values = chosen(records, kind, _end(as_of.date()) if as_of else records.now)
        if form == "csv":
            lines: Iterable[str] = flat.lines(values)
        elif form == "jsonl":
            lines = (msgspec.json.encode(value).decode() for value in values)
        else:
            lines = (f"{structs.astuple(value)[0]:<18}{structs.astuple(value)[1]:>9,}" for value in values)
        for line in lines:
            click.echo(line)
    return 0


def chosen(records: Records, kind: str, moment: datetime) -> Iterable[Struct]:
    """The things of a kind as known at a moment."""
    match kind:
        case "counts":
            return (Count(entity, sum(1 for _ in records.store.export(entity, moment))) for entity in ENTITIES)
        case "verdict":
            return said(records, moment)
        case _:
            return records.store.export(kind, moment)


def said(records: Records, moment: datetime) -> tuple[MilestoneVerdict, ...]:
    """What is said of every milestone at a moment, without the chains of evidence (``explain`` has them)."""
    verdicts = explain.at(records, moment).milestones
    return tuple(structs.replace(verdict, steps=()) for verdict in verdicts)


def _end(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC)
