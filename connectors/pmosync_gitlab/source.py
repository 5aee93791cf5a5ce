"""GitLab as a source: units, pulls that can be resumed, the census, and whether single things still answer."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pmosync.connector import Finding, Opening
from pmosync.errors import UncountedError
from pmosync.raw import Batch, Cursor, RawRecord, Ref, Unit
from pmosync.transport import Crew

from . import backfill, presence, territory
from .backfill import Budget
from .checkup import checkup
from .client import Client
from .cursor import Mark, Position, dump, parse, trail
from .payload import Writer
from .settings import GitlabSettings
from .surroundings import Surroundings
from .sweep import Reader
from .sweep import pull as sweeps
from .territory import HISTORY, SUBJECTS, Atlas, Territory


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
        self._surroundings = Surroundings(self._client, self._writer, self._atlas, settings.releases)
        self._crew = Crew(opening.transport.concurrency)
        self._budget = Budget(settings.history_requests)
        self._reader = Reader(self._client, self._writer, self._atlas, settings, opening.now, self._crew, opening.kept)

    def check(self) -> Iterable[Finding]:
        """Prove address, token, its scope, and that every project and group can be read."""
        return checkup(self._client, self._scopes, self._reader.now())

    def units(self) -> Sequence[Unit]:
        """For each scope: its issues, its merge requests, its milestones (with its projects, groups, iterations, epics).
        Behind all of them, where histories are read: what happened to the issues of each before.
        """
        histories = territory.histories(self._connection, self._scopes) if self._reader.tells_history() else []
        return [*territory.units(self._connection, self._scopes), *histories]

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
        elif subject == HISTORY:
            yield from backfill.pull(self._reader, unit, found, trail(cursor), self._budget)
        else:
            yield from sweeps(self._reader, unit, found, SUBJECTS[subject], parse(cursor))

    def census(self, unit: Unit) -> Iterator[Sequence[Ref]]:
        """All items of the unit that are visible now, page by page. UncountedError where they are switched off: what is
        there is not listed then. Nor is history: it goes with its issue.
        """
        scope, subject = territory.parted(unit)
        if subject == HISTORY:
            raise UncountedError(f"{self._connection}: the history of {scope} goes with its issues")
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
        told = list(self._surroundings.of(found))
        records = tuple(record for one in told for record in one.records)
        lost = next((one.lost for one in told if one.lost), None)
        if lost:
            yield Batch(unit, records)
            raise lost
        started = dump(Mark(started=found.date or self._reader.now()))
        yield Batch(unit, records, started, tuple(one.kind for one in told if one.whole), len(records))
