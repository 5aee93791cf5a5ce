"""``pmosync export``: the model itself."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import click
import msgspec
from msgspec import structs

from pmosync.cli import explain, opened
from pmosync.cli.options import config_option
from pmosync.compute.assessment import MilestoneVerdict
from pmosync.engine.house import House
from pmosync.store import ENTITIES


@click.command("export", epilog="Example: pmosync export --kind work_item --format csv > items.csv")
@config_option
@click.option(
    "--kind",
    type=click.Choice([*ENTITIES, "verdict", "counts"]),
    default="counts",
    show_default=True,
    help="What to print.",
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="As known at the end of that day (UTC).")
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True)
def command(config: Path, kind: str, as_of: datetime | None, form: str) -> int:
    """Print the model: every entity of a kind, what was said of every milestone (``verdict``, team level too), or how
    many there are of each kind.
    """
    with opened.house(config) as house:
        moment = _end(as_of.date()) if as_of else house.now()
        if kind == "counts":
            for entity in ENTITIES:
                click.echo(f"{entity:<18}{sum(1 for _ in house.store.export(entity, moment)):>8,}")
            return 0
        values = iter(said(house, moment)) if kind == "verdict" else house.store.export(kind, moment)
        lines = _csv(values) if form == "csv" else (msgspec.json.encode(value).decode() for value in values)
        for line in lines:
            sys.stdout.write(line + "\n")
    return 0


def said(house: House, moment: datetime) -> tuple[MilestoneVerdict, ...]:
    """What is said of every milestone at a moment, without the chains of evidence (``explain`` has them)."""
    verdicts = explain.at(house, moment).milestones
    return tuple(structs.replace(verdict, steps=()) for verdict in verdicts)


def _end(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC)


def _csv(values: Iterator[msgspec.Struct]) -> Iterator[str]:
    """A header line and a line a thing; text that a spreadsheet would run as a formula is disarmed."""
    heads: tuple[str, ...] = ()
    for value in values:
        fields = msgspec.to_builtins(value)
        if not heads:
            heads = tuple(fields)
            yield _row(heads)
        yield _row(_cell(fields.get(head)) for head in heads)


def _row(cells: Any) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(list(cells))
    return line.getvalue()


def _cell(value: Any) -> str:
    text = "" if value is None else value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) and isinstance(value, str) else text
