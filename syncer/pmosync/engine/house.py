"""What a run works with: opened by ``wiring`` from settings and plugins, never read from anywhere else."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from pmosync.compute.cuts import Schedule
from pmosync.compute.policy import Policy
from pmosync.connector import Kept, Rewind, Sink, Source
from pmosync.mapping import Mapping
from pmosync.raw import RawRecord, Scope
from pmosync.store import Journal, Store
from pmosync.transport import Transport


class Lane(Struct, frozen=True):
    """One connection to read. ``open`` makes its source for the scopes that the plan binds, given what is kept of its
    things; ``plan`` lanes bring input tabs, which are read first. ``width`` units are read at once at most. ``rewind`` sets a
    cursor back to an instant, where the connector can.

    ``known`` names scope words that this connector reads as containers (project, group, jql).
    """

    connection: str
    title: str
    mapping: Mapping
    transport: Transport
    open: Callable[[tuple[Scope, ...], Kept], Source]
    plan: bool = False
    width: int = 1
    base_url: str = ""
    rewind: Rewind | None = None


class Shelf(Struct, frozen=True):
    """One workbook to keep true. ``inputs``: people type into its input tabs; else these only show what is in
    force. ``audience``: who may see it; None: nobody has said, so nothing is compared. ``people``: it names people.
    ``programs``: it is about these programs and portfolios, all if there is none.
    """

    name: str
    title: str
    transport: Transport
    open: Callable[[], Sink]
    language: str = "en"
    sees_restricted: bool = False
    audience: tuple[str, ...] | None = None
    inputs: bool = True
    people: bool = True
    programs: frozenset[str] = frozenset()


class House(Struct, frozen=True):
    """Everything a run needs. ``now`` is the injected clock; ``stop`` ends every wait; ``own_rows`` are the plan rows
    of the settings file. ``deadline`` is how many seconds a run reads its sources at most, ``history_seconds`` how many of
    them it gives to units behind others, ``copies`` for how many days a
    daily copy of the store is kept. ``instance`` is what people call this installation. The committee meets by ``schedule``;
    ``page`` opens the file of a kept cut by its name without ending (None: no files are kept), ``kept_pages`` tells the names of
    those that are there.
    """

    store: Store
    journal: Journal
    lanes: tuple[Lane, ...]
    shelves: tuple[Shelf, ...]
    policy: Policy
    rows_mapping: Mapping
    own_rows: tuple[RawRecord, ...]
    now: Callable[[], datetime]
    stop: threading.Event
    heartbeat_minutes: int = 60
    census_hours: float = 24.0
    deadline: float = 3600.0
    history_seconds: float = 300.0
    copies: int = 14
    hosts: frozenset[str] = frozenset()
    time_zone: str = "UTC"
    instance: str = ""
    schedule: Schedule = Schedule()
    page: Callable[[str], Sink] | None = None
    kept_pages: Callable[[], frozenset[str]] = frozenset


class Request(Struct, frozen=True):
    """What a run is asked for: some connections only (``sources`` empty = all), some projects only, some workbooks only,
    or no writing to targets. ``full`` reads everything from the start and counts all ids; ``since`` reads again what changed
    at or after an instant.
    """

    sources: frozenset[str] = frozenset()
    projects: frozenset[str] = frozenset()
    workbooks: frozenset[str] = frozenset()
    dry_run: bool = False
    full: bool = False
    since: datetime | None = None
