"""What lies around the items of a scope, listed in full each time: groups, projects, milestones, iterations, epics, releases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from pmosync.raw import RawRecord

from . import plans, releases, territory
from .client import Client, NotVisibleError, Row
from .payload import Writer
from .territory import Atlas, Territory


class Told(Struct, frozen=True):
    """All that was told of one kind. Not ``whole`` where a list was refused that may hold more; ``lost`` is that refusal
    where it is an error.
    """

    kind: str
    records: tuple[RawRecord, ...]
    whole: bool = True
    lost: NotVisibleError | None = None


class Surroundings(Struct, frozen=True):
    """Lists what lies around items; ``with_releases`` has releases asked for, project by project."""

    client: Client
    writer: Writer
    atlas: Atlas
    with_releases: bool

    def of(self, found: Territory) -> Iterator[Told]:
        """Kind by kind, as far as the mapping reads them. What the server does not know is left out."""
        projects, groups = self.atlas.projects(found), territory.groups(self.client, found)
        yield self._told("group", groups)
        yield self._told("project", projects)
        yield self._milestones(found, projects, groups)
        for kind in filter(self.writer.wants, plans.KINDS):
            rows = plans.plans(self.client, kind, found, groups, self.atlas.version)
            if rows is not None:
                yield self._told(kind, rows)
        if self.with_releases and self.writer.wants(releases.KIND):
            yield self._told(releases.KIND, *releases.releases(self.client, projects))

    def _milestones(self, found: Territory, projects: list[Row], groups: list[Row]) -> Told:
        """Those that may not be seen stop none of the others."""
        told = list(territory.milestones(self.client, found, projects, groups, self.atlas.version))
        lost = next((one for one in told if isinstance(one, NotVisibleError)), None)
        rows = [one for one in told if not isinstance(one, NotVisibleError)]
        return self._told("milestone", rows, lost is None, lost=lost)

    def _told(self, kind: str, rows: Sequence[Row], whole: bool = True, *, lost: NotVisibleError | None = None) -> Told:
        return Told(kind, tuple(self._record(kind, row) for row in rows), whole, lost)

    def _record(self, kind: str, row: Row) -> RawRecord:
        """An epic's row does not say that it is one, as an issue's says what it is."""
        more = {"issue_type": "epic"} if kind == "epic" else {}
        restricted = row.get("confidential") in (True, "true") or row.get("restricted") is True
        return self.writer.record(kind, row, restricted=restricted, **more)
