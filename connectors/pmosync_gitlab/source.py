"""GitLab as a source: units, pulls that can be resumed, the census, and whether single things still answer."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pmosync.connector import Finding, Opening
from pmosync.errors import UncountedError
from pmosync.raw import Batch, Cursor, RawRecord, Ref, Unit
from pmosync.transport import Crew

from . import plans, presence, releases, territory
from .checkup import checkup
from .client import Client, NotVisibleError, Row
from .cursor import Mark, Position, dump, parse
from .payload import Writer
from .settings import GitlabSettings
from .sweep import Reader
from .sweep import pull as sweeps
from .territory import SUBJECTS, Atlas, Territory

WHOLE = ("group", "project", "milestone")
"""Kinds that are always listed in full."""


def open_source(opening: Opening) -> GitlabSource:
    """A source for the settings and scopes of ``opening``. ConfigError for an unreadable token or an unknown scope."""
    settings = opening.settings
    if not isinstance(settings, GitlabSettings):
        raise TypeError("the settings of a GitLab connection are not GitlabSettings")
    return GitlabSource(opening, settings)


class GitlabSource:
    """Reads projects and groups of one GitLab server. Never writes."""

    def __init__(self, opening: Opening, settings: GitlabSettings) -> None:
        self._connection = opening.connection
        self._scopes = territory.checked(opening.scopes)
        self._closing = threading.Event()
        self._client = Client(settings, opening.transport.until(self._closing))
        self._writer = Writer(opening.connection, opening.paths)
        self._atlas = Atlas(self._client, opening.now)
        self._crew = Crew(opening.transport.concurrency)
        self._reader = Reader(self._client, self._writer, self._atlas, settings, opening.now, self._crew, opening.kept)

    def check(self) -> Iterable[Finding]:
        """Prove address, token, its scope, and that every project and group can be read."""
        return checkup(self._client, self._scopes, self._reader.now())

    def units(self) -> Sequence[Unit]:
        """For each scope: its issues, its merge requests, its milestones (with its projects, groups, iterations, epics)."""
        return territory.units(self._connection, self._scopes)

    def pull(self, unit: Unit, cursor: Cursor | None) -> Iterator[Batch]:
        """What changed since ``cursor``. Milestones, projects, groups, iterations, epics and releases come in full each
        time, in one batch.

        Raises HeldError where the scope itself no longer answers, so that its silence is not taken for emptiness; the
        other scopes can still be read then.
        """
        scope, subject = territory.parted(unit)
        found = self._atlas.find(scope)
        if subject == "milestones":
            yield from self._milestones(unit, found)
        else:
            yield from sweeps(self._reader, unit, found, SUBJECTS[subject], parse(cursor))

    def census(self, unit: Unit) -> Iterator[Sequence[Ref]]:
        """All items of the unit that are visible now, page by page. UncountedError where they are switched off: what is
        there is not listed then.
        """
        scope, subject = territory.parted(unit)
        found = self._atlas.find(scope)
        if subject == "milestones":
            for batch in self._milestones(unit, found):
                yield [record.ref for record in batch.records]
            return
        kind = SUBJECTS[subject]
        if not self._reader.lists(found, kind):
            raise UncountedError(f"{self._connection}: {subject} of {scope} are switched off")
        for step in self._reader.steps(found, kind, {}, Position()):
            yield [self._writer.ref(kind, row["id"]) for row in step.rows]

    def visible(self, refs: Sequence[Ref], kept: Mapping[Ref, RawRecord] = {}) -> Mapping[Ref, bool]:
        """Whether each one answers by its id; none where nothing is kept that tells where to ask. History is not asked
        about: it goes with its issue.
        """
        return presence.visible(self._client, refs, kept)

    def close(self) -> None:
        """End what is under way, the threads and the sessions."""
        self._closing.set()
        self._crew.close()
        self._client.close()

    def _milestones(self, unit: Unit, found: Territory) -> Iterator[Batch]:
        """All in one batch. Milestones that may not be seen stop none of the others, and are raised behind them: then no
        list is whole, and nothing of it is taken for gone.
        """
        projects, groups = self._atlas.projects(found), territory.groups(self._client, found)
        told = list(territory.milestones(self._client, found, projects, groups, self._atlas.version))
        lost = [one for one in told if isinstance(one, NotVisibleError)]
        records = [self._writer.record("group", row) for row in groups]
        records += [self._writer.record("project", row) for row in projects]
        records += [self._writer.record("milestone", row) for row in told if not isinstance(row, NotVisibleError)]
        planned = self._plans(found, groups)
        records += [record for own in planned.values() for record in own]
        published, complete = self._releases(projects)
        records += published
        if lost:
            yield Batch(unit, tuple(records))
            raise lost[0]
        started = dump(Mark(started=found.date or self._reader.now()))
        whole = (*WHOLE, *planned, *((releases.KIND,) if complete else ()))
        yield Batch(unit, tuple(records), started, whole, len(records))

    def _releases(self, projects: Sequence[Row]) -> tuple[list[RawRecord], bool]:
        """The releases of the projects, and whether they were asked for and all told."""
        if not self._reader.settings.releases or not self._writer.wants(releases.KIND):
            return [], False
        rows, whole = releases.releases(self._client, projects)
        return [self._writer.record(releases.KIND, row, restricted=row["restricted"]) for row in rows], whole

    def _plans(self, found: Territory, groups: Sequence[Row]) -> dict[str, list[RawRecord]]:
        """Iterations and epics, as far as the mapping reads them and the server tells of them."""
        told = {
            kind: plans.plans(self._client, kind, found, groups, self._atlas.version)
            for kind in plans.KINDS
            if self._writer.wants(kind)
        }
        return {kind: [self._plan(kind, row) for row in rows] for kind, rows in told.items() if rows is not None}

    def _plan(self, kind: str, row: Row) -> RawRecord:
        """An epic's row does not say that it is one, as an issue's says what it is."""
        more = {"issue_type": "epic"} if kind == "epic" else {}
        return self._writer.record(kind, row, restricted=row.get("confidential") in (True, "true"), **more)
