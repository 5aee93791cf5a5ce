"""``pmosync export``: the model itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path

import click
import msgspec
from msgspec import Struct, structs

from pmosync.cli import cover, flat, histories, opened, said
from pmosync.cli.opened import Records
from pmosync.cli.options import as_of_option, config_option, hindsight_option
from pmosync.errors import ConfigError
from pmosync.store import ENTITIES

TOLD = ("verdict", *histories.KINDS, "counts")
"""What is worked out when it is asked for."""
KINDS = (*ENTITIES, *TOLD)
OF_A_RUN = ("verdict", "earned_schedule")
"""What is said as of the last run: facts that nobody has read since grow no worse by the clock."""


class Count(Struct, frozen=True):
    """How many there are of a kind."""

    kind: str
    count: int


@click.command("export", epilog="Example: pmosync export --kind work_item --format csv > items.csv")
@config_option
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    metavar="KIND",
    default="counts",
    show_default=True,
    help=f"What to print: {', '.join(ENTITIES)}; {'; '.join(TOLD)}.",
)
@as_of_option
@hindsight_option
@click.option("--restricted", is_flag=True, help="Show what is restricted too.")
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), help="JSON lines (usual), or CSV.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format jsonl.")
def command(
    config: Path,
    kind: str,
    as_of: datetime | None,
    hindsight: bool,
    restricted: bool,
    form: str | None,
    as_json: bool,
) -> int:
    """Print the model: every entity of a kind, what was said of every milestone (verdict, team level too), what its fields
    were since an item was created (item_history), scope and delivery of milestones by day (milestone_history), how far along
    their plan they are by effort (earned_schedule), what was edited of calendars (calendar_change), or how many there are
    of each kind (counts). What is restricted is counted and loses its words.
    """
    if as_json and form == "csv":
        raise ConfigError("--json asks for JSON lines, and --format for CSV", remedy="leave one of the two out")
    if hindsight and kind != "verdict":
        raise ConfigError(
            f"--with-hindsight is for verdicts, not for {kind}", remedy="add --kind verdict, or ask `pmosync history`"
        )
    form = form or ("jsonl" if as_json or kind != "counts" else None)
    with opened.records(config) as records:
        day = said.asked(records, as_of)
        moment = _moment(records, kind, day)
        until = (said.end(records, day) if day else records.now) if hindsight else None
        values, count = chosen(records, kind, moment, restricted, until)
        for line in lines(values, form):
            click.echo(line)
    if found := count():
        click.echo(f"{found:,} restricted; --restricted shows them", err=True)
    return 0


def _moment(records: Records, kind: str, day: date | None) -> datetime:
    """The moment that is asked for. Verdicts of a past day are those of its last run: ConfigError if there was none."""
    if kind == "verdict" and day:
        return said.run(records, day)
    return said.moment(records, day) if day or kind in OF_A_RUN else records.now


def lines(values: Iterable[Struct], form: str | None) -> Iterable[str]:
    """What is printed of the things: CSV, JSON lines, or columns of two words."""
    if form == "csv":
        return flat.lines(values)
    if form == "jsonl":
        return (msgspec.json.encode(value).decode() for value in values)
    return (f"{structs.astuple(value)[0]:<18}{structs.astuple(value)[1]:>9,}" for value in values)


def chosen(
    records: Records, kind: str, moment: datetime, restricted: bool, until: datetime | None = None
) -> tuple[Iterable[Struct], Callable[[], int]]:
    """The things of a kind as known at a moment (``until`` as in ``said.at``), and how many of them lost their words, once
    they are read.
    """
    match kind:
        case "counts":
            return (Count(one, sum(1 for _ in records.store.export(one, moment))) for one in ENTITIES), lambda: 0
        case "verdict":
            return told(records, moment, restricted, until)
        case _ if restricted:
            return read(records, kind, moment), lambda: 0
        case _:
            secret = cover.hidden(records.store, moment, records.now)
            covered = cover.Covered(read(records, kind, moment), kind, secret)
            return covered, lambda: covered.count


def read(records: Records, kind: str, moment: datetime) -> Iterable[Struct]:
    """The things of a kind as known at a moment, nothing covered."""
    rebuilt = histories.KINDS.get(kind)
    return rebuilt(records, moment) if rebuilt else records.store.export(kind, moment)


def told(
    records: Records, moment: datetime, restricted: bool, until: datetime | None = None
) -> tuple[Iterable[Struct], Callable[[], int]]:
    """What is said of every milestone, without the chains of evidence (``explain`` has them), and how many are left
    out.
    """
    assessment = said.at(records, moment, until)
    secret = cover.hidden(records.store, moment, records.now)
    content = None if restricted else cover.assessed(assessment, secret)
    kept = content.assessment if content else assessment
    withheld = content.withheld.milestones if content else 0
    return tuple(structs.replace(verdict, steps=()) for verdict in kept.milestones), lambda: withheld
