"""``pmosync emulate``: one emulated system on a port, until Ctrl-C."""

from __future__ import annotations

from pathlib import Path

import click
import yaml
from starlette.types import ASGIApp, Receive, Scope, Send

from pmosync import plugins
from pmosync.cli.opened import clock
from pmosync.connector import Emulator
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
def command(system: str, port: int, data: Path | None, folder: Path) -> None:
    """Run the emulator of SYSTEM (jira, gitlab, sheets) and print the settings of a connection to it."""
    name = {"sheets": "google_sheets"}.get(system, system)
    connector = plugins.connector(name, plugins.named([name]), f"emulate {system}")
    if connector.emulator is None:
        raise ConfigError(f"the connector {name!r} has no emulator", remedy="choose jira, gitlab or sheets")
    emulator = connector.emulator()
    if data is not None:
        if not data.is_dir():
            raise ConfigError(f"{data}: there is no such folder", remedy="name the folder of the records with --data")
        emulator.load(data)
    folder.mkdir(parents=True, exist_ok=True)
    emulator.advance(clock())
    with LoopbackServer(ticking(emulator), port) as server:
        settings = {"connector": name, **emulator.connection(server.url, folder)}
        click.echo(f"# {connector.title}, emulated at {server.url}; Ctrl-C ends it. A connection to it:")
        click.echo(yaml.safe_dump({"connections": {system: settings}}, allow_unicode=True, sort_keys=False), nl=True)
        server.wait()


def ticking(emulator: Emulator) -> ASGIApp:
    """The emulator's app with its clock at the time of day of every request."""
    app = emulator.app

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        emulator.advance(clock())
        await app(scope, receive, send)

    return answer
