"""Jira as a source: one unit for each project or query, one for projects and versions, one for sprints."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta

from pmosync.connector import Finding, Opening
from pmosync.errors import ConfigError, PmosyncError, UncountedError
from pmosync.raw import Batch, Cursor, RawRecord, Ref, Scope, Unit
from pmosync.transport import Crew, Memo

from . import issues, position
from .client import STANDING_LASTS, ForbiddenError, JiraClient, MissingError
from .fields import FieldPlan, aliases, found, plan
from .homes import boards, homes, project, sprints, versions
from .query import clause
from .records import project_record, trimmed, version_record
from .settings import JiraSettings
from .wire import FieldInfo, Project, Reference, Sprint

VERSIONS, SPRINTS = "versions", "sprints"
READ = Cursor('{"read":true}')
"""Versions and sprints have no "since": they are read in full each time."""
ADDRESSES = {"version": "version/{}", "project": "project/{}"}


class JiraSource:
    """See ``pmosync.connector.Source``. ``issue`` payloads are {id, key, fields, changelog}; ``version``, ``sprint`` and
    ``project`` as Jira tells them.
    """

    def __init__(self, opening: Opening, settings: JiraSettings) -> None:
        self._opening, self._settings = opening, settings
        self._closing = threading.Event()
        transport = opening.transport.until(self._closing)
        self._client = JiraClient(opening.connection, settings, transport, opening.now)
        self._crew = Crew(opening.transport.concurrency)
        self._site: list[FieldInfo] | None = None
        self._units: list[Unit] | None = None
        # Several units ask for the same project.
        self._project = Memo[str, Project](lambda key: project(self._client, key), STANDING_LASTS, opening.now)

    def check(self) -> Iterable[Finding]:
        """The credential, the clock zone, each scope, the boards, each custom field."""
        place = f"{self._opening.connection} ({self._settings.host})"
        try:
            standing = self._client.standing()
        except PmosyncError as error:
            yield Finding(False, place, error.message, error.remedy)
            return
        kind = "Cloud" if standing.cloud else "Data Center"
        yield Finding(True, place, f"signed in to Jira {kind}")
        yield Finding(True, place, f"dates in queries are read in {standing.zone.key}")
        for scope in self._opening.scopes:
            yield self._check_scope(place, scope)
        if self._settings.boards:
            yield self._check_boards(f"{place} boards")
        yield from self._check_fields(place)

    def _check_boards(self, place: str) -> Finding:
        try:
            boards(self._client, maxResults=1)
        except PmosyncError as error:
            return Finding(False, place, error.message, error.remedy)
        return Finding(True, place, "can be read, with their sprints")

    def _check_scope(self, place: str, scope: Scope) -> Finding:
        try:
            cloud = self._client.standing().cloud
            keys = [
                one.key if isinstance(one, Project) else _raised(one)
                for one in homes(self._client, cloud, (scope,), self._project)
            ]
            clause(scope, cloud)
        except PmosyncError as error:
            return Finding(False, f"{place} {scope}", error.message, error.remedy)
        if not keys:
            return Finding(
                False, f"{place} {scope}", "no issue of it can be seen", "look at the binding and at the rights"
            )
        return Finding(True, f"{place} {scope}", f"visible, in {', '.join(sorted(keys))}")

    def _check_fields(self, place: str) -> Iterator[Finding]:
        for alias in aliases(self._opening.options):
            ids, at = found(alias, self._fields()).ids, f"{place} field {alias.name}"
            if len(ids) == 1:
                yield Finding(True, at, f"is {ids[0]}")
            elif ids:
                yield Finding(
                    False,
                    at,
                    f"may be {' or '.join(ids)}",
                    f"give its id under custom_fields.{alias.name} of the mapping",
                )
            elif alias.id:
                yield Finding(
                    False, at, f"{alias.id} is not on this site", f"mend custom_fields.{alias.name} of the mapping"
                )
            else:
                yield Finding(True, at, "is not on this site; it stays empty")

    def units(self) -> Sequence[Unit]:
        """One for each scope that no project scope covers, then versions and sprints of all their projects."""
        if self._units is None:
            self._units = self._cut()
        return self._units

    def _cut(self) -> list[Unit]:
        connection, scopes = self._opening.connection, _own_scopes(self._client, self._opening.scopes)
        found = [Unit(connection, str(scope), str(scope)) for scope in scopes]
        if found:
            found.append(Unit(connection, VERSIONS, "projects and versions"))
        if found and self._settings.boards:
            found.append(Unit(connection, SPRINTS, "sprints"))
        return found

    def pull(self, unit: Unit, cursor: Cursor | None) -> Iterator[Batch]:
        """What changed; see the units."""
        self._client.standing()
        if unit.key == VERSIONS:
            yield from self._pull_versions(unit)
        elif unit.key == SPRINTS:
            yield from self._pull_sprints(unit)
        else:
            yield from self._pull_issues(unit, cursor)

    def _pull_issues(self, unit: Unit, cursor: Cursor | None) -> Iterator[Batch]:
        """The project is looked at first: it must be seen before its silence may mean anything; archived, it is silent
        and the cursor stays; renamed, all its issues' keys are new without a change of their own. A sweep that was left
        off and is brought to its end knows nothing of what changed since it began: another one follows it.
        """
        scope, fields = self._scope(unit), self._plan()
        home = self._home(scope)
        if home and home.archived:
            yield Batch(unit, (), cursor)
            return
        now, overlap = self._client.standing().server_time, timedelta(minutes=self._settings.overlap_minutes)
        key = home.key if home else ""
        start = position.begin(position.read(cursor), fields.fingerprint, key, now, overlap)
        sweep = self._sweep(unit, scope, fields)
        for batch in issues.pull(sweep, start):
            cursor = batch.cursor
            yield batch
        if start.started != position.millis(now):
            yield from issues.pull(sweep, position.begin(position.read(cursor), fields.fingerprint, key, now, overlap))

    def _sweep(self, unit: Unit, scope: Scope, fields: FieldPlan) -> issues.Sweep:
        standing, settings = self._client.standing(), self._settings
        return issues.Sweep(
            self._client,
            standing,
            unit,
            clause(scope, standing.cloud),
            fields,
            settings.page_size,
            settings.history,
            self._crew,
        )

    def _home(self, scope: Scope) -> Project | None:
        """The project of a project scope. HeldError where the account does not see it."""
        return self._project(scope.which) if scope.what == "project" else None

    def _pull_versions(self, unit: Unit) -> Iterator[Batch]:
        """A batch for each project. A project that cannot be seen stops none of the others, and is raised at the end:
        then no list is whole, and nothing of it is taken for gone.
        """
        seen, lost = self._homes()
        whole = () if lost else ("project", "version")
        for home in seen:
            yield Batch(unit, self._trimmed(self._of_project(home)), whole=whole)
        if lost:
            raise lost[0]
        yield Batch(unit, (), READ, whole=whole)

    def _of_project(self, home: Project) -> Iterator[RawRecord]:
        connection = self._opening.connection
        yield project_record(connection, home)
        for one in versions(self._client, home.id):
            yield version_record(connection, one, home)

    def _trimmed(self, records: Iterable[RawRecord]) -> tuple[RawRecord, ...]:
        return tuple(trimmed(record, self._opening.paths.get(record.ref.kind, ())) for record in records)

    def _homes(self) -> tuple[list[Project], list[PmosyncError]]:
        """The projects behind all scopes, and what is wrong with scopes."""
        found = list(homes(self._client, self._client.standing().cloud, self._opening.scopes, self._project))
        seen = [home for home in found if isinstance(home, Project)]
        return seen, [home for home in found if isinstance(home, PmosyncError)]

    def _pull_sprints(self, unit: Unit) -> Iterator[Batch]:
        """All at once, since boards share sprints; a lost project is raised behind what the others have."""
        seen, lost = self._homes()
        records = self._trimmed(sprints(self._client, self._opening.connection, [home.key for home in seen]))
        if lost:
            yield Batch(unit, records)
            raise lost[0]
        yield Batch(unit, records, READ, whole=("sprint",), total=len(records))

    def census(self, unit: Unit) -> Iterator[Sequence[Ref]]:
        """The ids of all that is visible now. UncountedError for an archived project: Jira lists nothing of it."""
        standing = self._client.standing()
        if unit.key in (VERSIONS, SPRINTS):
            for batch in self.pull(unit, None):
                yield [record.ref for record in batch.records]
            return
        scope = self._scope(unit)
        home = self._home(scope)
        if home and home.archived:
            raise UncountedError(f"{unit.connection}: {home.key} is archived")
        yield from issues.census(self._client, standing, unit.connection, clause(scope, standing.cloud))

    def visible(self, refs: Sequence[Ref], kept: Mapping[Ref, RawRecord] = {}) -> Mapping[Ref, bool]:
        """Whether each one answers by its id."""
        cloud = self._client.standing().cloud
        told = dict(issues.visible(self._client, cloud, [ref for ref in refs if ref.kind == "issue"]))
        return told | {ref: self._answers(ref) for ref in refs if ref.kind != "issue"}

    def _answers(self, ref: Ref) -> bool:
        if ref.kind in ADDRESSES:
            return self._client.find(ADDRESSES[ref.kind].format(ref.id), Reference) is not None
        return self._client.find_agile(f"sprint/{ref.id}", Sprint) is not None

    def close(self) -> None:
        """End what is under way, then let go of threads and connections."""
        self._closing.set()
        self._crew.close()
        self._client.close()

    def _fields(self) -> list[FieldInfo]:
        if self._site is None:
            self._site = self._client.get("field", list[FieldInfo])
        return self._site

    def _plan(self) -> FieldPlan:
        return plan(self._opening.paths.get("issue", ()), aliases(self._opening.options), self._fields())

    def _scope(self, unit: Unit) -> Scope:
        for scope in self._opening.scopes:
            if str(scope) == unit.key:
                return scope
        raise ConfigError(f"{unit.connection}: nothing is bound to '{unit.key}'", remedy="look at the bindings")


def open_source(opening: Opening) -> JiraSource:
    """Open a connection; nothing is asked yet."""
    if not isinstance(opening.settings, JiraSettings):
        raise ConfigError(f"{opening.connection}: the settings are not those of a Jira connection")
    return JiraSource(opening, opening.settings)


def _raised(error: PmosyncError) -> str:
    raise error


def _own_scopes(client: JiraClient, scopes: Sequence[Scope]) -> list[Scope]:
    """The scopes that are pulled on their own: an epic or version of a project that is read anyway is not."""
    unique = list(dict.fromkeys(scopes))
    keys = {scope.which for scope in unique if scope.what == "project"}
    numbers = _version_ids(client, keys) if keys and any(scope.what == "version" for scope in unique) else set()
    return [
        scope
        for scope in unique
        if not (scope.what == "epic" and scope.which.rpartition("-")[0] in keys)
        and not (scope.what == "version" and scope.which in numbers)
    ]


def _version_ids(client: JiraClient, keys: Iterable[str]) -> set[str]:
    """The versions of these projects. One that cannot be seen has none here: its own unit will say so."""
    found: set[str] = set()
    for key in sorted(keys):
        with suppress(MissingError, ForbiddenError):
            found |= {one.id for one in versions(client, key)}
    return found
