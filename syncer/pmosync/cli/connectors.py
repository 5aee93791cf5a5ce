"""``pmosync connectors``: what is installed, and in what state; and a person's login to one of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import click
import msgspec

from pmosync import log, plugins, settings, wiring
from pmosync.cli.options import config_option
from pmosync.connector import Consent
from pmosync.errors import ConfigError
from pmosync.plugins import Plugin


@click.group("connectors", invoke_without_command=True, epilog="Example: pmosync connectors --json")
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines.")
@click.pass_context
def command(context: click.Context, as_json: bool) -> None:
    """List the installed connectors: ready, broken or misshapen, and what each can do."""
    if context.invoked_subcommand is None:
        _list(as_json)


@command.command(
    "login",
    epilog="Example: pmosync connectors login google_sheets --client secrets/client.json --key secrets/google.json",
)
@click.argument("connector")
@click.option("--client", type=click.Path(path_type=Path), required=True, help="The file of the OAuth client.")
@click.option("--key", type=click.Path(path_type=Path), required=True, help="Where the key file goes.")
@click.option("--endpoint", default="", help="One address for the whole system, instead of its own servers.")
@config_option
def login(connector: str, client: Path, key: Path, endpoint: str, config: Path) -> None:
    """Log in to a system as a person, in a browser of this machine, and keep the key. Of the settings only `transport` counts:
    what names the key may be written later.
    """
    log.configure()
    found = _able(connector)
    stop = threading.Event()
    transport = wiring.transport(settings.load(config).settings.transport, stop)
    click.echo(found(Consent(client, key, transport, click.echo, log.redactor.learn, endpoint)))


def _able(name: str) -> Callable[[Consent], str]:
    """The login of a connector. ConfigError where it has none."""
    found = plugins.connector(name, plugins.named({name}), "pmosync connectors login")
    if found.login is None:
        raise ConfigError(f"the connector {name!r} knows no login", remedy="its settings take a token or a key file")
    return found.login


def _list(as_json: bool) -> None:
    for plugin in sorted(plugins.installed().values(), key=lambda plugin: plugin.name):
        click.echo(_json(plugin) if as_json else _line(plugin))


def _parts(plugin: Plugin) -> list[str]:
    connector = plugin.connector
    if connector is None:
        return []
    return [part for part in ("source", "sink", "emulator") if getattr(connector, part) is not None]


def _line(plugin: Plugin) -> str:
    words = ", ".join(_parts(plugin)) or plugin.reason
    return f"{plugin.name:<16}{plugin.status:<11}{words:<28}{plugin.distribution} {plugin.version}"


def _json(plugin: Plugin) -> str:
    fields = {
        "name": plugin.name,
        "status": plugin.status,
        "parts": _parts(plugin),
        "reason": plugin.reason,
        "distribution": plugin.distribution,
        "version": plugin.version,
    }
    return msgspec.json.encode(fields).decode()
