"""``pmosync config``: the settings in effect."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import click
import msgspec
import yaml

from pmosync import settings
from pmosync.cli.options import config_option
from pmosync.log import MASK
from pmosync.settings import Configuration
from pmosync.yamlfile import Path as KeyPath
from pmosync.yamlfile import dotted

SECRET = ("token", "password", "passwd", "secret", "key_id", "private_key", "credential", "authorization", "cookie")


@click.command("config", epilog="Example: pmosync config --where")
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--where", is_flag=True, help="Print one line a value, with the place that set it.")
def command(config: Path, as_json: bool, where: bool) -> int:
    """Show the settings in effect (file, includes, environment), secrets masked."""
    loaded = settings.load(config)
    shown = masked(loaded.settings.model_dump(mode="json"))
    if as_json:
        click.echo(msgspec.json.encode(shown).decode())
    elif where:
        for path, value in _leaves(shown, ()):
            click.echo(f"{dotted(path)} = {value}  # {_place(loaded, path)}")
    else:
        click.echo(yaml.safe_dump(shown, allow_unicode=True, sort_keys=False), nl=False)
    return 0


def masked(value: Any, key: str = "") -> Any:
    """The value without secrets: those of keys that name one, whatever is below them, and those inside addresses.
    Paths of secret files are none.
    """
    if value and any(word in key.casefold() for word in SECRET) and not key.casefold().endswith("_file"):
        return MASK
    match value:
        case dict():
            return {name: masked(part, str(name)) for name, part in value.items()}
        case list():
            return [masked(part) for part in value]
        case str() if "://" in value:
            return _address(value)
        case _:
            return value


def _address(text: str) -> str:
    """An address without user, password and query."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return MASK
    host = f"{MASK}@{parts.netloc.rpartition('@')[2]}" if "@" in parts.netloc else parts.netloc
    return urlunsplit((parts.scheme, host, parts.path, MASK if parts.query else "", MASK if parts.fragment else ""))


def _leaves(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Any]]:
    if isinstance(value, dict | list) and value:
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for name, part in pairs:
            yield from _leaves(part, (*path, name))
    else:
        yield path, value


def _place(loaded: Configuration, path: KeyPath) -> str:
    """The file and line or the variable that set a value, or that nothing did."""
    place = loaded.place(path)
    written = place.startswith("environment ") or any(path in document.lines for document in loaded.documents)
    return place.partition(" (")[0] if written else "default"
