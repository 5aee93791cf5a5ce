"""``pmosync workbook``: the workbook of a day as a file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from msgspec import structs

from pmosync import wiring
from pmosync.cli import cover, opened, said
from pmosync.cli.opened import Records
from pmosync.cli.options import as_of_option, config_option, hindsight_option
from pmosync.dashboard.build import build
from pmosync.dashboard.content import Content
from pmosync.dashboard.diff import diff
from pmosync.engine.sharing import unnamed
from pmosync.errors import ConfigError
from pmosync.sheet import Publication, Stamp, Workbook, WriteStamp

RUNS = 20
"""Runs that the tab Runs lists."""
NOBODY = Stamp("", 0, 0, "")


@click.command("workbook", epilog="Example: pmosync workbook --as-of 2026-11-30 --output then.xlsx")
@config_option
@as_of_option
@hindsight_option
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="The file to make: .xlsx, or .html.",
)
@click.option("--language", type=click.Choice(["en", "zh-CN"]), default="en", show_default=True)
@click.option("--restricted", is_flag=True, help="Show what is restricted too.")
def command(
    config: Path, as_of: datetime | None, hindsight: bool, output: Path, language: str, restricted: bool
) -> int:
    """Write the workbook into a new file as it stood on a day, by the facts, inputs and rules of then; nothing is published.
    What has been hidden since is hidden there too. Input tabs show what was in force.
    """
    if output.exists():
        raise ConfigError(f"{output} is there already", remedy="name another file with --output, or take that one away")
    with opened.records(config) as records:
        day = said.asked(records, as_of)
        moment = said.run(records, day)
        until = (said.end(records, day) if day else records.now) if hindsight else None
        made = content(records, moment, until, language, restricted)
        made = structs.replace(made, then=day is not None or hindsight, hindsight=hindsight)
    cells = _written(output, made, moment)
    click.echo(f"{output}: as of {moment:%Y-%m-%d %H:%M UTC}, {cells:,} cells")
    return 0


def content(records: Records, moment: datetime, until: datetime | None, language: str, restricted: bool) -> Content:
    """What the workbook of a moment is made of; ``until``: with the dates that sources had before that instant."""
    store, given = records.store, records.configuration
    snapshot = said.seen(records, moment, until)
    assessment = said.at(records, moment, until)
    secret = cover.Hidden() if restricted else cover.hidden(store, moment, records.now)
    return Content(
        assessment=cover.without(assessment, secret),
        generated_at=moment,
        plan=snapshot.plan,
        runs=tuple(run for run in store.runs(1_000) if run.started < moment)[:RUNS],
        holds=tuple(map(unnamed, store.holds(moment))),
        language=language,
        title=given.settings.instance or "PMO",
        instance=given.settings.instance,
        hosts=wiring.hosts(given),
        time_zone=given.settings.time_zone,
        audience_sees_restricted=restricted,
        inputs_here=False,
        cut=store.cut(moment),
    )


def _written(output: Path, made: Content, now: datetime) -> int:
    """Write the tables into a new file; the cells written. TargetError where that cannot be."""
    tables = build(made)
    edits = diff(Workbook({}, computes=False), tables, NOBODY, heartbeat=frozenset(), due=True)
    sink = wiring.file_sink(output, lambda: now, made.language, made.title)
    try:
        kept = tuple(edit for edit in edits if not isinstance(edit, WriteStamp))
        return sink.write(Publication(tables, kept)).cells
    finally:
        sink.close()
