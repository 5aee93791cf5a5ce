"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

config_option = click.option(
    "--config",
    "-c",
    type=click.Path(path_type=Path),
    default=Path("pmosync.yaml"),
    envvar="PMOSYNC_CONFIG",
    show_default=True,
    help="The settings file.",
)
