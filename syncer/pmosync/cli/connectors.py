"""``pmosync connectors``: what is installed, and in what state."""

from __future__ import annotations

import click
import msgspec

from pmosync import plugins
from pmosync.plugins import Plugin


@click.command("connectors", epilog="Example: pmosync connectors --json")
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines.")
def command(as_json: bool) -> None:
    """List the installed connectors: ready, broken or misshapen, and what each can do."""
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
