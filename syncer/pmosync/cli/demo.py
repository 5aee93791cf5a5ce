"""``pmosync demo``: twelve weeks of an invented portfolio, seen through the real connectors."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console

from pmosync import log
from pmosync.cli import terminal
from pmosync.cli.options import writing
from pmosync.cli.progress import follow
from pmosync.cli.sync import code_of
from pmosync.compute.assessment import Assessment
from pmosync.dashboard.summary import worst
from pmosync.demo.play import REPORT, WORKBOOK, play
from pmosync.engine import events


@click.command("demo", epilog="Example: pmosync demo --language zh-CN")
@click.option(
    "--folder", type=click.Path(path_type=Path), default=Path("demo"), show_default=True, help="Where to write."
)
@click.option("--seed", default=7, show_default=True, help="Equal seeds tell equal stories.")
@click.option("--language", type=click.Choice(["en", "zh-CN"]), default="en", show_default=True)
def command(folder: Path, seed: int, language: str) -> int:
    """Start the three emulators, live through 12 weeks with a sync each week, write the workbook and say what
    slips.
    """
    log.configure()
    console = Console(stderr=True)
    code = 0
    last: list[events.Event] = []
    with writing():
        for week in play(folder, seed, language):
            last = follow(week.events, console)
            code = max(code, code_of(last))
            click.echo(_line(week.number, f"{week.at:%Y-%m-%d}", last))
    for event in last:
        if isinstance(event, events.Assessed):
            terminal.summary(event.assessment)
            _further(event.assessment, folder)
    return code


def _further(assessment: Assessment, folder: Path) -> None:
    """Where the workbook and the report are, and what to try next."""
    click.echo(f"The workbook: {(folder / WORKBOOK).resolve()}")
    click.echo(f"The same to be read in a browser: {(folder / REPORT).resolve()}")
    click.echo("Try next:")
    for line, purpose in hints(assessment, folder, called()):
        click.echo(f"  {line}\n      {purpose}")


def hints(assessment: Assessment, folder: Path, name: str) -> Iterator[tuple[str, str]]:
    """Command lines to go on with, ``name`` being how pmosync is called, and what each is for: words of their own, so that
    the whole line can be pasted into any shell.
    """
    config = shlex.quote(str(folder / "pmosync.yaml"))
    for milestone in worst(assessment, count=1):
        yield f"{name} explain {milestone.code} --config {config}", "the evidence behind every cell of it"
    yield f"{name} export --kind verdict --format csv --config {config}", "every milestone, team level too"
    yield f"{name} demo --language zh-CN", "the same in Chinese"


def called() -> str:
    """How pmosync is called from where the user stands: by its name where that is found, else by the path it was started by."""
    if shutil.which("pmosync"):
        return "pmosync"
    path = Path(sys.executable).with_name("pmosync")
    return shlex.quote(str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path))


def _line(number: int, day: str, told: list[events.Event]) -> str:
    changed = sum(event.line.changed for event in told if isinstance(event, events.UnitEnded))
    requests = sum(event.line.requests for event in told if isinstance(event, events.UnitEnded))
    cells = sum(event.cells for event in told if isinstance(event, events.Published))
    return f"week {number:>2}  {day}  {changed:>7,} rows new  {requests:>5,} requests  {cells:>7,} cells written"
