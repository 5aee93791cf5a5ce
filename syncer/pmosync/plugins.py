"""Connectors by entry point: what is installed, and in what state. First-party ones enter by the same door as
strangers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from importlib.metadata import EntryPoint, entry_points

from msgspec import Struct

from pmosync.connector import Connector
from pmosync.errors import ConfigError, PmosyncError
from pmosync.guard import guarded

GROUP = "pmosync.connectors"


class Status(StrEnum):
    """How a plugin stands before anything is asked of it."""

    READY = "ready"
    BROKEN = "broken"
    MISSHAPEN = "misshapen"


class Plugin(Struct, frozen=True):
    """One installed connector; ``connector`` is None unless ready, ``reason`` says why not. ``distribution`` is the
    package it came with.
    """

    name: str
    status: Status
    connector: Connector | None = None
    reason: str = ""
    distribution: str = ""
    version: str = ""


def installed() -> Mapping[str, Plugin]:
    """Every connector that the installed packages announce, loaded, by name."""
    return {plugin.name: plugin for plugin in map(examine, entry_points(group=GROUP))}


def named(names: Iterable[str]) -> Mapping[str, Plugin]:
    """Only the connectors that the settings name; the others' code is not touched."""
    wanted = set(names)
    return {entry.name: examine(entry) for entry in entry_points(group=GROUP) if entry.name in wanted}


def examine(entry: EntryPoint) -> Plugin:
    """Load one entry point. Whatever a stranger's module does wrong becomes a status, never a crash."""
    distribution = entry.dist.name if entry.dist else ""
    version = entry.dist.version if entry.dist else ""
    value = guarded(entry.load)
    if isinstance(value, PmosyncError):
        reason = f"{entry.value} does not load: {value.message}"
        return Plugin(entry.name, Status.BROKEN, None, reason, distribution, version)
    if not isinstance(value, Connector):
        return Plugin(
            entry.name,
            Status.MISSHAPEN,
            None,
            f"{entry.value} is no pmosync.connector.Connector",
            distribution,
            version,
        )
    return Plugin(entry.name, Status.READY, value, "", distribution, version)


def connector(name: str, plugins: Mapping[str, Plugin], place: str) -> Connector:
    """The connector that the settings name at ``place``; ConfigError if there is none or it is broken."""
    plugin = plugins.get(name)
    if plugin is None:
        choices = ", ".join(sorted(entry.name for entry in entry_points(group=GROUP)))
        raise ConfigError(
            f"{place}: no connector {name!r} is installed", remedy=f"choose one of {choices}, or install its package"
        )
    if plugin.connector is None:
        raise ConfigError(
            f"{place}: the connector {name!r} is {plugin.status}: {plugin.reason}",
            remedy="reinstall or update its package",
        )
    return plugin.connector
