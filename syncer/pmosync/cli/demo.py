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
from pmosync.dashboard.words import CHINESE, ENGLISH
from pmosync.dashboard.words.terminal import line
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
            click.echo(_line(week.number, f"{week.at:%Y-%m-%d}", last, language))
    for event in last:
        if isinstance(event, events.Assessed):
            terminal.summary(event.assessment, language=language)
            _further(event.assessment, folder, language)
    return code


def _further(assessment: Assessment, folder: Path, language: str) -> None:
    """Where the workbook and the report are, and what to try next."""
    click.echo(line("workbook", language, path=(folder / WORKBOOK).resolve()))
    click.echo(line("page", language, path=(folder / REPORT).resolve()))
    click.echo(line("next", language))
    for pasted, purpose in hints(assessment, folder, called(), language):
        click.echo(f"  {pasted}\n      {purpose}")


def hints(assessment: Assessment, folder: Path, name: str, language: str = ENGLISH) -> Iterator[tuple[str, str]]:
    """Command lines to go on with, ``name`` being how pmosync is called, and what each is for: words of their own, so that
    the whole line can be pasted into any shell. The other language is offered, and ``explain`` in this one.
    """
    spoken = "" if language == ENGLISH else f" --language {language}"
    config = shlex.quote(str(folder / "pmosync.yaml"))
    for milestone in worst(assessment, count=1):
        yield f"{name} explain {milestone.code} --config {config}{spoken}", line("explain", language)
    yield f"{name} export --kind verdict --format csv --config {config}", line("export", language)
    yield f"{name} demo --language {CHINESE if language == ENGLISH else ENGLISH}", line("other", language)


def called() -> str:
    """How pmosync is called from where the user stands: by its name where that is found, else by the path it was started by."""
    if shutil.which("pmosync"):
        return "pmosync"
    path = Path(sys.executable).with_name("pmosync")
    return shlex.quote(str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path))


def _line(number: int, day: str, told: list[events.Event], language: str) -> str:
    changed = sum(event.line.changed for event in told if isinstance(event, events.UnitEnded))
    requests = sum(event.line.requests for event in told if isinstance(event, events.UnitEnded))
    cells = sum(event.cells for event in told if isinstance(event, events.Published))
    figures = {"changed": f"{changed:>7,}", "requests": f"{requests:>5,}", "cells": f"{cells:>7,}"}
    return line("week", language, number=f"{number:>2}", day=day, **figures)
