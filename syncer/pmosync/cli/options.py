"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import click

from pmosync.errors import ConfigError, StoreError

ORDERS = ("%d.%m.%Y", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")
"""Ways to write a day that can be read in one way only: the day that was meant is named back."""


class Day(click.DateTime):
    """A day as an option's value: its beginning, without a time zone."""

    def convert(self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The day. ConfigError for anything that is none, with the option's name and how to write it."""
        if isinstance(value, datetime):
            return value
        if (day := _read(value, "%Y-%m-%d")) is not None:
            return day
        meant = next((day for order in ORDERS if (day := _read(value, order))), None)
        remedy = f"write it as {meant:%Y-%m-%d}" if meant else "name a day of the calendar, as 2026-11-30"
        raise ConfigError(f"{param.opts[0] if param else 'day'} {value}: is not a date", remedy=remedy)


def _read(value: str, order: str) -> datetime | None:
    """The day that is written in this order, if it is one."""
    with suppress(ValueError):
        return datetime.strptime(value, order)  # noqa: DTZ007 a day: its time zone is that of the settings
    return None


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
    type=Day(),
    metavar="DATE",
    help="As the last run of that day (or before it) said; days are those of time_zone.",
)

hindsight_option = click.option(
    "--with-hindsight",
    "hindsight",
    is_flag=True,
    help="By when things were changed in their systems, not by when they were seen.",
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
