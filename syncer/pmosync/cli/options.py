"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from pmosync.errors import StoreError

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


@contextmanager
def writing() -> Iterator[None]:
    """What the system says against writing below the folder of ``--folder`` becomes one line."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            raise
        raise StoreError(
            f"{error.filename} cannot be written ({error.strerror})",
            remedy="give the user that runs pmosync the right to write there, or name another folder with --folder",
        ) from None
