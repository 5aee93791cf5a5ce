"""``pmosync config``: the settings in effect."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import yaml

from pmosync import settings
from pmosync.cli.options import config_option

SECRET = ("token", "password", "secret", "key_id", "private_key")


@click.command("config", epilog="Example: pmosync config --config pmosync.yaml")
@config_option
def command(config: Path) -> None:
    """Show the settings in effect (file, includes, environment), secrets masked."""
    loaded = settings.load(config)
    shown = _masked(loaded.settings.model_dump(mode="json"))
    click.echo(yaml.safe_dump(shown, allow_unicode=True, sort_keys=False), nl=False)


def _masked(value: Any, key: str = "") -> Any:
    match value:
        case dict():
            return {name: _masked(part, str(name)) for name, part in value.items()}
        case list():
            return [_masked(part) for part in value]
        case str() if value and any(word in key for word in SECRET) and not key.endswith("_file"):
            return "•••"
        case _:
            return value
