"""Settings and plugins become an opened house: sources, store, workbooks. Nothing is pulled or written here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from msgspec import Struct, structs
from pydantic import BaseModel, ValidationError

from pmosync import log, plugins, settings
from pmosync.compute.cuts import DAYS, Schedule
from pmosync.connector import Connector, Kept, Opening, Sink, Source
from pmosync.dashboard.build import empty_layouts
from pmosync.engine.house import House, Lane, Shelf
from pmosync.errors import ConfigError
from pmosync.mapping import Context, load_mapping, translate
from pmosync.mapping import Mapping as SystemMapping
from pmosync.mapping.spec import Workflow
from pmosync.misfits import wanted
from pmosync.raw import RawRecord, Ref, Scope
from pmosync.settings import Configuration, ConnectionSettings, PlanCells, TransportSettings, WorkbookSettings
from pmosync.sheet import Kind, Tab
from pmosync.store import Journal, open_store
from pmosync.transport import Commons, Limits, Transport
from pmosync.yamlfile import Path as KeyPath

ROWS = "google_sheets"
FILES = {".html": "html", ".htm": "html"}
"""Which connector writes a file that is asked for by name; any other name is that of a workbook."""
WORKBOOK = "xlsx"
T = TypeVar("T")
NAMED = "unknown-person"
"""The rule of a cell that asks for more than the row: the People tab."""
STORE, JOURNAL = "pmosync.sqlite", "journal.jsonl"
CUTS, CUT_ENDING = "cuts", ".xlsx"


class Site(Struct, frozen=True):
    """One entry of the settings, ready to be opened again and again: credentials are read anew each time."""

    name: str
    path: KeyPath
    given: Mapping[str, Any]
    connector: Connector
    transport: Transport


def open_house(
    configuration: Configuration, now: Callable[[], datetime], stop: threading.Event, *, attempts: int | None = None
) -> House:
    """Everything a run needs. ConfigError tells every fault of every connection and workbook at once; StoreError if
    the store cannot be opened.

    ``attempts`` replaces the settings' tries a request: a person who waits for an answer is told sooner.
    """
    problems: list[str] = []
    tries = attempts or configuration.settings.transport.attempts
    lanes, workbooks, hosts = _parts(configuration, now, stop, problems, tries)
    if not (configuration.settings.connections or configuration.settings.workbooks):
        problems.append(f"{configuration.place(())}: no connection and no workbook is named, so there is nothing to do")
    if problems:
        raise ConfigError(
            "the configuration has faults",
            remedy="mend each line above, then `pmosync check`",
            problems=settings.ordered((*problems, *_row_faults(configuration, now))),
        )
    rows = load_mapping(ROWS)
    return House(
        store=open_store(configuration.data / STORE, now=now()),
        journal=Journal(configuration.data / JOURNAL),
        lanes=lanes,
        shelves=tuple(_shelf(configuration, site, now) for site in workbooks),
        policy=configuration.policy,
        rows_mapping=rows,
        own_rows=_own_rows(configuration),
        now=now,
        stop=stop,
        heartbeat_minutes=configuration.settings.sync.heartbeat,
        census_hours=configuration.settings.sync.census,
        deadline=configuration.settings.sync.deadline,
        history_seconds=configuration.settings.sync.history_seconds,
        copies=configuration.settings.sync.copies,
        hosts=hosts,
        time_zone=configuration.settings.time_zone,
        instance=configuration.settings.instance,
        schedule=schedule(configuration),
        page=partial(_page, configuration, now),
        kept_pages=partial(_kept_pages, configuration),
    )


def schedule(configuration: Configuration) -> Schedule:
    """When the committee's page is cut, in the workbooks' time zone."""
    given = configuration.settings.committee
    return Schedule(DAYS.index(given.day), time.fromisoformat(given.time), configuration.settings.time_zone)


def _page(configuration: Configuration, now: Callable[[], datetime], name: str) -> Sink:
    """The file of a kept cut, in a folder that is made with the first one."""
    folder = _cuts(configuration)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"the folder {folder} cannot be made ({error.strerror})", remedy="give the right, or set committee.folder"
        ) from None
    return file_sink(folder / f"{name}{CUT_ENDING}", now)


def _kept_pages(configuration: Configuration) -> frozenset[str]:
    """The names, without ending, of the files that stand where cuts are kept."""
    return frozenset(file.stem for file in _cuts(configuration).glob(f"*{CUT_ENDING}"))


def _cuts(configuration: Configuration) -> Path:
    """Where cuts are kept."""
    own = configuration.settings.committee.folder
    return configuration.folder / own if own else configuration.data / CUTS


def faults(configuration: Configuration, now: Callable[[], datetime]) -> tuple[str, ...]:
    """What is wrong with the connections, workbooks and rows of settings that have other faults too, so that one run tells
    all.
    """
    problems: list[str] = []
    _parts(configuration, now, threading.Event(), problems, 1)
    return (*problems, *_row_faults(configuration, now))


def _row_faults(configuration: Configuration, now: Callable[[], datetime]) -> Iterator[str]:
    """What is wrong with the cells of the settings' own rows by themselves; who is meant by a name is no such thing."""
    mapping, context = load_mapping(ROWS), Context(seen=now())
    for raw in _own_rows(configuration):
        found = translate(mapping, raw, context).problems
        yield from (f"{each.place}: {each.message} → {each.remedy}" for each in found if each.rule != NAMED)


def _own_rows(configuration: Configuration) -> tuple[RawRecord, ...]:
    return tuple(row_of(cells, place) for place, cells in enumerate(configuration.plan))


def _parts(
    configuration: Configuration, now: Callable[[], datetime], stop: threading.Event, problems: list[str], tries: int
) -> tuple[tuple[Lane, ...], list[Site], frozenset[str]]:
    """The lanes, workbooks and hosts that the settings name; their faults go to ``problems``."""
    found = plugins.named(_names(configuration))
    connections = _sites(configuration, "connections", found, stop, problems, tries)
    workbooks = _sites(configuration, "workbooks", found, stop, problems, tries)
    opened = {
        site.path: _collect(partial(_options, configuration, site), problems) for site in (*connections, *workbooks)
    }
    problems += _read_twice(configuration, connections, workbooks, opened)
    problems += (fault for site in workbooks for fault in _audience_faults(configuration, site))
    problems += (fault for site in workbooks for fault in _typing_faults(configuration, site))
    lanes = [lane for site in connections if (lane := _collect(partial(_lane, configuration, site, now), problems))]
    return (*lanes, *_input_lanes(configuration, workbooks, now)), workbooks, hosts(configuration)


def hosts(configuration: Configuration) -> frozenset[str]:
    """The hosts (host or host:port) of all connections: links may lead there."""
    entries = configuration.settings.connections.values()
    urls = (str((entry.model_extra or {}).get("url", "")) for entry in entries if entry.enabled)
    return frozenset(host for url in urls if (host := urlsplit(url).netloc))


def file_sink(path: Path, now: Callable[[], datetime], language: str = "en", title: str = "") -> Sink:
    """A workbook file or a report at ``path``, beside all that the settings name. ConfigError if its connector is not there,
    or the path is none for it.
    """
    place, name = f"--output {path}", FILES.get(path.suffix.lower(), WORKBOOK)
    connector = plugins.connector(name, plugins.named({name}), place)
    if connector.sink is None:
        raise ConfigError(f"{place}: the connector {name!r} writes nothing", remedy="install pmosync anew")
    try:
        given = connector.settings()(path=path)
    except ValidationError as error:
        raise ConfigError(f"{place}: {wanted(error.errors()[0])}", remedy="name a file such as then.xlsx") from None
    stop = threading.Event()
    return connector.sink(Opening("file", given, Transport(Limits(), stop=stop), now, language=language, title=title))


def _read_twice(
    configuration: Configuration,
    connections: list[Site],
    workbooks: list[Site],
    opened: Mapping[KeyPath, BaseModel | None],
) -> Iterator[str]:
    """Connections that lead to a workbook: the plan in it would clash with itself row by row."""
    written = {leads: site.name for site in workbooks if (leads := _target(site, opened[site.path]))}
    for site in connections:
        workbook = written.get(_target(site, opened[site.path]) or ("", ""))
        if workbook is not None:
            place = configuration.place(site.path)
            yield f"{place}: this is the workbook {workbook}, which pmosync writes and reads itself; take the connection out"


def _target(site: Site, opened: BaseModel | None) -> tuple[str, str] | None:
    """The document that an entry leads to; None where its settings cannot be read, or its system has no documents."""
    told = site.connector.target
    return (site.connector.name, told(opened)) if told and opened is not None else None


def row_of(cells: PlanCells, place: int) -> RawRecord:
    """A row of the settings file in the shape of an input tab's row."""
    payload = {
        "tab": cells.tab,
        "code": cells.code,
        "row": cells.line,
        "cells": dict(cells.cells),
        "typed": {},
        "addresses": dict(cells.addresses),
        "missing_columns": [],
        "duplicates": 1,
        "rows": [cells.line],
    }
    return RawRecord(Ref("settings", "row", f"{cells.tab}:{cells.identity or f'#row{place}'}"), payload)


def input_layouts(configuration: Configuration, now: datetime, language: str) -> tuple[Tab, ...]:
    """The input tabs as a sheet source should look for them."""
    return tuple(tab for tab in empty_layouts(configuration.policy, now, language) if tab.kind is Kind.INPUT)


def workflows(configuration: Configuration) -> Mapping[tuple[str, str], Workflow]:
    """The tables that judge statuses, of every connection and kind of record, a site's own words in them. No credential is
    read. ConfigError if a connector is not there, or a mapping has faults.
    """
    entries = configuration.settings.connections
    found = plugins.named({entry.connector for entry in entries.values()})
    tables: dict[tuple[str, str], Workflow] = {}
    for name, entry in entries.items():
        place = configuration.place(("connections", name, "connector"))
        mapping = _mapping(configuration, name, plugins.connector(entry.connector, found, place))
        tables |= {(name, kind): workflow for kind, workflow in mapping.workflows.items()}
    return tables


def _mapping(configuration: Configuration, name: str, connector: Connector) -> SystemMapping:
    """A connection's mapping, with what the site overrides in it."""
    own = configuration.settings.connections[name].mapping
    return load_mapping(connector.mapping, own, site=configuration.place(("connections", name, "mapping")))


def _names(configuration: Configuration) -> set[str]:
    given = configuration.settings
    connections = {entry.connector for entry in given.connections.values()}
    return connections | {entry.connector for entry in given.workbooks.values()}


def _sites(
    configuration: Configuration,
    section: str,
    found: Mapping[str, plugins.Plugin],
    stop: threading.Event,
    problems: list[str],
    tries: int,
) -> list[Site]:
    sites = []
    for name, entry in getattr(configuration.settings, section).items():
        path: KeyPath = (section, name)
        if not getattr(entry, "enabled", True):
            continue
        place = configuration.place((*path, "connector"))
        connector = _collect(partial(plugins.connector, entry.connector, found, place), problems)
        if connector is not None:
            transport = _transport(configuration.settings.transport, stop, tries)
            sites.append(Site(name, path, dict(entry.model_extra or {}), connector, transport))
    return sites


def _collect(call: Callable[[], T], problems: list[str]) -> T | None:
    """The call's result; a ConfigError's lines go to ``problems`` instead."""
    try:
        return call()
    except ConfigError as error:
        problems += error.problems or (str(error),)
        return None


def _transport(given: TransportSettings, stop: threading.Event, tries: int) -> Transport:
    limits = Limits(
        connect=given.connect,
        read=given.read,
        deadline=given.deadline,
        max_bytes=given.max_bytes,
        attempts=tries,
        longest_wait=given.longest_wait,
        concurrency=given.concurrency,
    )
    log.redactor.learn([urlsplit(given.proxy).password or ""])
    return Transport(limits, stop=stop, ca_file=given.ca_file, proxy=given.proxy)


def transport(given: TransportSettings, stop: threading.Event) -> Transport:
    """A way out as the settings want it, for what belongs to no connection."""
    return _transport(given, stop, given.attempts)


def _options(configuration: Configuration, site: Site) -> BaseModel:
    """The site's own settings, secrets read now and made known to the log's redactor."""
    opened = settings.options(configuration, site.path, site.given, site.connector.settings())
    log.redactor.learn(settings.secrets_of(opened))
    return opened


def _lane(configuration: Configuration, site: Site, now: Callable[[], datetime]) -> Lane:
    source = site.connector.source
    entry = configuration.settings.connections[site.name]
    if source is None:
        raise ConfigError(
            f"{configuration.place(site.path)}: the connector {site.connector.name!r} reads nothing",
            remedy="list it under workbooks:",
        )
    mapping = _mapping(configuration, site.name, site.connector)
    return Lane(
        connection=site.name,
        title=entry.title or site.connector.title,
        mapping=mapping,
        transport=site.transport,
        open=_opener(configuration, site, mapping, now),
        plan="row" in mapping.kinds,
        width=site.transport.concurrency if site.connector.abreast else 1,
        base_url=str(site.given.get("url", "")),
        rewind=site.connector.rewind,
    )


def _input_lanes(configuration: Configuration, workbooks: list[Site], now: Callable[[], datetime]) -> list[Lane]:
    """The workbook whose input tabs are read too."""
    lanes = []
    for site in workbooks:
        entry = configuration.settings.workbooks[site.name]
        if site.name == configuration.settings.typed_into and site.connector.source is not None:
            mapping = load_mapping(ROWS)
            opener = _opener(configuration, site, mapping, now, entry.language)
            title = f"{entry.title or site.name} (inputs)"
            lanes.append(Lane(site.name, title, mapping, site.transport, opener, plan=True))
    return lanes


def _opener(
    configuration: Configuration, site: Site, mapping: SystemMapping, now: Callable[[], datetime], language: str = "en"
) -> Callable[[tuple[Scope, ...], Kept], Source]:
    def opened(scopes: tuple[Scope, ...], kept: Kept) -> Source:
        source = site.connector.source
        if source is None:
            raise ConfigError(f"the connector {site.connector.name!r} reads nothing", remedy="list it under workbooks:")
        own = site.path[0] == "workbooks"
        return source(structs.replace(_opening(configuration, site, mapping, now, scopes, language, own), kept=kept))

    return opened


def _opening(
    configuration: Configuration,
    site: Site,
    mapping: SystemMapping | None,
    now: Callable[[], datetime],
    scopes: tuple[Scope, ...] = (),
    language: str = "en",
    own: bool = False,
) -> Opening:
    rows, options = mapping is not None and "row" in mapping.kinds, _options(configuration, site)
    return Opening(
        connection=site.name,
        settings=options,
        transport=site.transport.among(_commons(configuration, site, options)),
        now=now,
        scopes=scopes,
        paths={kind: mapping.paths(kind) for kind in mapping.kinds} if mapping else {},
        options=mapping.options if mapping else {},
        tabs=input_layouts(configuration, now(), language) if rows else (),
        own=own,
        learn=log.redactor.learn,
        audience=_audience(configuration, site),
        language=language,
        title=_entry(configuration, site).title,
    )


def _entry(configuration: Configuration, site: Site) -> ConnectionSettings | WorkbookSettings:
    """What the settings say of a site besides its connector's own options."""
    entries: Mapping[str, ConnectionSettings | WorkbookSettings] = getattr(configuration.settings, str(site.path[0]))
    return entries[site.name]


def _commons(configuration: Configuration, site: Site, options: BaseModel) -> Commons:
    """Where this site's credential meets other processes that use it."""
    folder = configuration.folder / (configuration.settings.transport.shared or configuration.settings.data)
    return Commons(folder, settings.credential_of(options), _entry(configuration, site).requests_per_minute)


def _audience(configuration: Configuration, site: Site) -> tuple[str, ...] | None:
    """Who may see a workbook; connections have no audience."""
    said = configuration.settings.workbooks[site.name].audience if site.path[0] == "workbooks" else None
    return None if said is None else tuple(said)


def _audience_faults(configuration: Configuration, site: Site) -> Iterator[str]:
    """What the settings say of a workbook's readers that would not hold. Restricted items are for a declared audience;
    where the target does not tell who sees it, the operator's word is all there is, and an audience would be idle.
    """
    entry, tells = configuration.settings.workbooks[site.name], site.connector.tells_shares
    if entry.audience is not None and not tells:
        place = configuration.place((*site.path, "audience"))
        yield f"{place}: {site.connector.name!r} cannot tell who sees a workbook, so nobody is held to this; take it out"
    if entry.sees_restricted and entry.audience is None and tells:
        place = configuration.place((*site.path, "sees_restricted"))
        yield f"{place}: restricted items are shown to a declared audience alone; add `audience:`, or take this out"


def _typing_faults(configuration: Configuration, site: Site) -> Iterator[str]:
    """A workbook that nothing is read back from is none that people type into: what they typed would never count."""
    if site.name == configuration.settings.typed_into and site.connector.source is None:
        place = configuration.place(site.path)
        yield f"{place}: nobody can type into {site.connector.name!r}; set `inputs: false`"


def _shelf(configuration: Configuration, site: Site, now: Callable[[], datetime]) -> Shelf:
    entry = configuration.settings.workbooks[site.name]

    def opened() -> Sink:
        sink = site.connector.sink
        if sink is None:
            raise ConfigError(
                f"the connector {site.connector.name!r} writes nothing", remedy="list it under connections:"
            )
        return sink(_opening(configuration, site, None, now, language=entry.language))

    return Shelf(
        name=site.name,
        title=entry.title or site.name,
        transport=site.transport,
        open=opened,
        language=entry.language,
        sees_restricted=entry.sees_restricted,
        audience=_audience(configuration, site),
        inputs=site.name == configuration.settings.typed_into,
        people=entry.people,
        programs=frozenset(entry.programs),
    )
