"""``pmosync accept``: a person looked at a hold."""

from __future__ import annotations

from pathlib import Path

import click

from pmosync.cli import opened
from pmosync.cli.options import config_option


@click.command("accept", epilog="Example: pmosync accept h-3f2a --as deleted")
@click.argument("hold")
@click.option(
    "--as",
    "as_",
    type=click.Choice(["deleted", "restricted", "moved"]),
    default="deleted",
    show_default=True,
    help="What happened to the things that are not listed any more.",
)
@config_option
def command(hold: str, as_: str, config: Path) -> int:
    """Confirm HOLD, so that its scope is published again with the next sync."""
    with opened.house(config) as house:
        done = house.store.accept(hold, as_, house.now())
    click.echo(f"{done.id} accepted as {as_}: {done.reason}; the next `pmosync sync` publishes it")
    return 0
