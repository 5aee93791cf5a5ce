"""``pmosync sync``: one run, now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import msgspec
from rich.console import Console

from pmosync.cli import edits, opened, terminal
from pmosync.cli.options import Day, config_option
from pmosync.cli.progress import follow
from pmosync.engine import events
from pmosync.engine.events import Event
from pmosync.engine.house import House, Request
from pmosync.engine.sync import sync
from pmosync.errors import ConfigError

CODES = {"done": 0, "dry": 0, "partial": 1, "unpublished": 4}


@click.command("sync", epilog="Example: pmosync sync --source jira --dry-run")
@config_option
@click.option("--source", "sources", multiple=True, help="Only this connection; may be given several times.")
@click.option(
    "--project", "projects", multiple=True, help="Only what is bound to this project; may be given several times."
)
@click.option("--workbook", "workbooks", multiple=True, help="Write only this workbook; may be given several times.")
@click.option("--full", is_flag=True, help="Read everything from the start, whatever was read before.")
@click.option(
    "--since",
    type=Day(),
    metavar="DATE",
    help="Read again whatever changed since the beginning of that day (of time_zone).",
)
@click.option("--dry-run", is_flag=True, help="Pull and keep facts, write no workbook, print the edits it would make.")
@click.option(
    "--rebuild", is_flag=True, help="Set a damaged store aside; begin anew from the last daily copy and the journal."
)
@click.option("--insist", is_flag=True, help="With --rebuild: set the store aside though it is sound.")
@click.option("--json", "as_json", is_flag=True, help="Print what happened as JSON lines.")
def command(
    config: Path,
    sources: tuple[str, ...],
    projects: tuple[str, ...],
    workbooks: tuple[str, ...],
    full: bool,
    since: datetime | None,
    dry_run: bool,
    rebuild: bool,
    insist: bool,
    as_json: bool,
) -> int:
    """Pull, assess and publish once, now."""
    if rebuild and dry_run:
        raise ConfigError(
            "--rebuild sets the store aside, and --dry-run changes nothing",
            remedy="leave one of the two out; `pmosync check` tells whether the store is sound",
        )
    if insist and not rebuild:
        raise ConfigError(
            "--insist means something with --rebuild alone", remedy="add --rebuild, or leave --insist out to sync"
        )
    if full and since:
        raise ConfigError(
            "--full reads everything, and --since what changed since a day", remedy="leave one of the two out"
        )
    console = Console(stderr=True)
    with opened.house(config, anew=rebuild, insist=insist) as house:
        _known("source", "connection", sources, [lane.connection for lane in house.lanes])
        _known("workbook", "workbook", workbooks, [shelf.name for shelf in house.shelves])
        begun = _begun(since, house) if since else None
        request = Request(frozenset(sources), frozenset(projects), frozenset(workbooks), dry_run, full, begun)
        told = follow(sync(house, request), console)
    if as_json:
        _print_json(told)
    else:
        terminal.run(told)
        if dry_run:
            edits.show(told)
    return code_of(told)


def _begun(day: datetime, house: House) -> datetime:
    """When a day begins in the house's time zone. ConfigError for one that has not begun: nothing can have changed since."""
    begun = day.replace(tzinfo=ZoneInfo(house.time_zone))
    if begun > house.now():
        raise ConfigError(f"--since {day:%Y-%m-%d} lies ahead", remedy="name a day that has begun")
    return begun


def _known(option: str, what: str, given: Iterable[str], there: Iterable[str]) -> None:
    """ConfigError for a name that the settings do not have."""
    names = sorted(set(there))
    for name in given:
        if name not in names:
            raise ConfigError(
                f"--{option} {name}: there is no such {what}",
                remedy=f"choose one of {', '.join(names)}" if names else f"name a {what} in the settings",
            )


def code_of(told: Iterable[Event]) -> int:
    """The exit code of a run: a fault in a credential or setting weighs more than a source that is merely away."""
    failures = [event.error for event in told if isinstance(event, events.Failed)]
    finished = [event.run.outcome for event in told if isinstance(event, events.Finished)]
    code = CODES.get(finished[-1], 1) if finished else 1
    unpublished = [event.error.exit_code for event in told if isinstance(event, events.Unpublished)]
    if unpublished:
        return 2 if all(found == 2 for found in unpublished) else 4
    return 2 if any(error.exit_code == 2 for error in failures) else code


def _print_json(told: Iterable[Event]) -> None:
    for event in told:
        match event:
            case events.UnitEnded(line, _):
                _line("unit", line)
            case events.Failed(connection, error):
                _line("failed", {"connection": connection, "message": error.message, "remedy": error.remedy})
            case events.Held(hold):
                _line("held", msgspec.structs.replace(hold, refs=()))
            case events.Unpublished(workbook, error):
                _line("unpublished", {"workbook": workbook, "message": error.message, "remedy": error.remedy})
            case events.Uncopied(error):
                _line("uncopied", {"message": error.message, "remedy": error.remedy})
            case events.Unlearned(error):
                _line("unlearned", {"message": error.message, "remedy": error.remedy})
            case events.Published() | events.Minted():
                _line(type(event).__name__.lower(), event)
            case events.Finished(run):
                _line("finished", run)
            case _:
                continue


def _line(word: str, value: object) -> None:
    click.echo(msgspec.json.encode({"event": word, "value": value}).decode())
