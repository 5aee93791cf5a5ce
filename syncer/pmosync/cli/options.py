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

as_of_option = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="As the last run of that day (or before it) said; days are those of time_zone.",
)
