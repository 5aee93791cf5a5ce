"""``pmosync config``: the settings in effect."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit, urlunsplit

import click
import msgspec
import yaml
from pydantic import BaseModel, SecretBytes, SecretStr
from pydantic.fields import FieldInfo

from pmosync import plugins, settings
from pmosync.cli import opened
from pmosync.cli.options import config_option
from pmosync.errors import ConfigError
from pmosync.log import MASK
from pmosync.plugins import Plugin
from pmosync.settings import Configuration
from pmosync.yamlfile import Path as KeyPath
from pmosync.yamlfile import dotted

# "user:password@" of an address that has lost its scheme.
USER = re.compile(r"[^\s@]*:\S*@\S*$")
SITES = ("connections", "workbooks")
SECRET = ("token", "password", "passwd", "secret", "key_id", "private_key", "credential", "authorization", "cookie")


@click.command("config", epilog="Example: pmosync config --where")
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--where", is_flag=True, help="Print one line a value, with the place that set it.")
def command(config: Path, as_json: bool, where: bool) -> int:
    """Show the settings in effect (file, includes, environment), secrets masked."""
    loaded = opened.configured(config)
    shown = masked(loaded.settings.model_dump(mode="json"))
    found = plugins.named(entry["connector"] for section in SITES for entry in shown[section].values())
    strange = []
    for section in SITES:
        for name, entry in shown[section].items():
            given = getattr(loaded.settings, section)[name].model_extra or {}
            own, unknown = site(given, model_of(found.get(entry["connector"])), loaded.folder)
            entry.update(own)
            strange += [(section, name, key) for key in unknown]
    if as_json:
        click.echo(msgspec.json.encode(shown).decode())
    elif where:
        for path, value in _leaves(shown, ()):
            click.echo(f"{dotted(path)} = {value}  # {_place(loaded, path)}")
    else:
        click.echo(yaml.safe_dump(shown, allow_unicode=True, sort_keys=False), nl=False)
    for path in strange:
        click.echo(f"{loaded.place(path)}: there is no such setting; see docs/settings.md", err=True)
    return ConfigError.exit_code if strange else 0


def model_of(plugin: Plugin | None) -> type[BaseModel] | None:
    """The settings model of a connector; None if it is not installed or does not load."""
    return plugin.connector.settings() if plugin and plugin.connector else None


def site(given: Mapping[str, Any], model: type[BaseModel] | None, folder: Path) -> tuple[dict[str, Any], list[str]]:
    """A connection's or workbook's own keys as they may be shown, and those that its connector does not know.

    A key that nobody knows may be the misspelt name of a secret, so its value is never shown.
    """
    fields = model.model_fields if model else {}
    shown = {key: _own(key, value, fields, folder) if key in fields else MASK for key, value in given.items()}
    return shown, [key for key in given if model and key not in fields]


def _own(key: str, value: Any, fields: Mapping[str, FieldInfo], folder: Path) -> Any:
    if _secret(fields[key].annotation):
        return MASK if value else value
    secret = fields.get(key.removesuffix("_file"))
    if secret is not None and secret is not fields[key] and _secret(secret.annotation):
        return value if settings.names_file(folder, value) else MASK
    return masked(value, key)


def _secret(kind: Any) -> bool:
    return kind in (SecretStr, SecretBytes) or any(map(_secret, get_args(kind)))


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
        case str() if USER.match(value):
            return f"{MASK}@{value.rpartition('@')[2]}"
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
