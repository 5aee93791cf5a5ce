"""``pmosync emulate``: one emulated system on a port, until Ctrl-C."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import yaml
from starlette.types import ASGIApp, Receive, Scope, Send

from pmosync import log, plugins
from pmosync.cli.opened import clock
from pmosync.cli.options import writing
from pmosync.connector import Connector, Emulator
from pmosync.emulation.faults import Faults
from pmosync.emulation.server import LoopbackServer
from pmosync.errors import ConfigError


@click.command("emulate", epilog="Example: pmosync emulate jira --port 8001 --data ./dump")
@click.argument("system")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port on 127.0.0.1; 0 takes a free one.")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of records in the shape of the REST answers.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path("emulated"),
    show_default=True,
    help="Where the secret files of the printed connection are written.",
)
@click.option(
    "--latency",
    type=click.FloatRange(0, 60_000),
    default=0.0,
    help="Milliseconds before every answer, as over a distance.",
)
@click.option("--flavour", help="Which edition, of a system that has several: cloud or server (jira).")
def command(system: str, port: int, data: Path | None, folder: Path, latency: float, flavour: str | None) -> None:
    """Run the emulator of SYSTEM (jira, gitlab, sheets) and print the settings of a connection to it."""
    name = {"sheets": "google_sheets"}.get(system, system)
    found = plugins.named([name])
    connector = plugins.connector(name, found, f"emulate {system}") if name in found else None
    if connector is None or connector.emulator is None:
        raise ConfigError(f"there is no emulator of {system!r}", remedy="choose jira, gitlab or sheets")
    emulator = connector.emulator() if flavour is None else _edition(connector, system, flavour)
    if data is not None:
        if not data.is_dir():
            raise ConfigError(f"{data}: there is no such folder", remedy="name the folder of the records with --data")
        emulator.load(data)
    log.configure()
    emulator.advance(clock())
    with LoopbackServer(Faults(ticking(emulator), latency=latency / 1000), port) as server:
        with writing():
            folder.mkdir(parents=True, exist_ok=True)
            settings = {"connector": name, **emulator.connection(server.url, folder)}
        told = f"# {connector.title}, emulated at {server.url}; Ctrl-C ends it. A connection to it:\n"
        told += _block("connections", system, settings)
        if connector.sink is not None:
            told += "\n# Or a workbook that is kept there, input tabs and all (then leave the connection out):\n"
            told += _block("workbooks", system, settings)
        click.echo(told)
        server.wait()


def _edition(connector: Connector, system: str, flavour: str) -> Emulator:
    """The emulator of one edition. ConfigError for one that is not emulated."""
    made = connector.editions.get(flavour)
    if made is None:
        there = ", ".join(connector.editions)
        raise ConfigError(
            f"--flavour {flavour}: is not emulated of {system}",
            remedy=f"choose one of {there}" if there else "leave it out: it is emulated in one flavour",
        )
    return made()


def _block(section: str, name: str, settings: dict[str, Any]) -> str:
    return yaml.safe_dump({section: {name: settings}}, allow_unicode=True, sort_keys=False)


def ticking(emulator: Emulator) -> ASGIApp:
    """The emulator's app with its clock at the time of day of every request."""
    app = emulator.app

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        emulator.advance(clock())
        await app(scope, receive, send)

    return answer
