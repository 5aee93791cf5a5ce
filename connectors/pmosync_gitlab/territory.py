"""What a scope means on the server: one project, or a group with all its subgroups and their projects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from urllib.parse import quote

from msgspec import Struct

from pmosync.errors import ConfigError
from pmosync.raw import Scope, Unit
from pmosync.transport import Memo

from .client import Client, NotVisibleError, Row

SUBJECTS = {"issues": "issue", "merge_requests": "merge_request", "milestones": "milestone"}
SCOPES = ("project", "group")
HISTORY = "history"
DESCENDANTS_SINCE = (16, 7)
FRESH = timedelta(minutes=1)


class Territory(Struct, frozen=True, eq=False):
    """A scope found on the server: its own row (with its immutable id) and the server's time when it was asked. Each find is
    one of its own.
    """

    what: str
    row: Row
    date: datetime | None

    @property
    def path(self) -> str:
        """The API path of the project or group, by number: paths change."""
        return f"/{self.what}s/{self.row['id']}"


def checked(scopes: Iterable[Scope]) -> tuple[Scope, ...]:
    """The scopes, each once. ConfigError names one that GitLab has no word for."""
    found = tuple(dict.fromkeys(scopes))
    for scope in found:
        if scope.what not in SCOPES or not scope.which.strip("/ "):
            raise ConfigError(
                f"scope {str(scope)!r} is not one of GitLab's",
                remedy="write `project: group/path` or `group: path`, or a number",
            )
    return found


def units(connection: str, scopes: Sequence[Scope]) -> list[Unit]:
    """Three pieces of work a scope."""
    return [
        Unit(connection, f"{scope}:{subject}", f"{scope.which} {subject.replace('_', ' ')}")
        for scope in scopes
        for subject in SUBJECTS
    ]


def histories(connection: str, scopes: Sequence[Scope]) -> list[Unit]:
    """What happened before anybody looked, a patient piece of work a scope."""
    return [
        Unit(connection, f"{scope}:{HISTORY}", f"{scope.which} history of issues", f"{scope}:issues")
        for scope in scopes
    ]


def parted(unit: Unit) -> tuple[Scope, str]:
    """A unit's scope and subject."""
    scope, _, subject = unit.key.rpartition(":")
    what, _, which = scope.partition(" ")
    return Scope(what, which), subject


def find(client: Client, scope: Scope) -> Territory:
    """Ask for the scope itself: that it answers is the proof that a short list means few, not forbidden."""
    query = {"with_projects": "false"} if scope.what == "group" else {}
    row, date = client.one(f"/{scope.what}s/{quote(scope.which.strip('/ '), safe='')}", query)
    return Territory(scope.what, row, date)


class Atlas:
    """Territories, their projects and the server's version, each asked once and good for a minute: the three units of a
    scope follow one another.
    """

    def __init__(self, client: Client, now: Callable[[], datetime]) -> None:
        self._client = client
        self._found = Memo[Scope, Territory](lambda scope: find(client, scope), FRESH, now)
        self._inside = Memo[Territory, list[Row]](lambda territory: projects(client, territory), FRESH, now)
        self._version = ""

    def find(self, scope: Scope) -> Territory:
        """The territory of a scope. HeldError where it does not answer."""
        return self._found(scope)

    def projects(self, territory: Territory) -> list[Row]:
        """The projects of a territory."""
        return self._inside(territory)

    @property
    def version(self) -> str:
        """The server's version."""
        self._version = self._version or version(self._client)
        return self._version


def projects(client: Client, territory: Territory) -> list[Row]:
    """The scope's projects, archived ones too."""
    if territory.what == "project":
        return [territory.row]
    query = {"include_subgroups": "true", "with_shared": "false", "order_by": "id", "sort": "asc"}
    return client.rows(f"{territory.path}/projects", query)


def groups(client: Client, territory: Territory) -> list[Row]:
    """The scope's group and all its subgroups; a project's scope has none."""
    if territory.what == "project":
        return []
    return [territory.row, *client.rows(f"{territory.path}/descendant_groups")]


def items(territory: Territory) -> dict[str, str]:
    """The query for all issues or merge requests: everybody's, in any state, of archived projects too."""
    always = {"scope": "all", "state": "all"}
    return always | ({"non_archived": "false"} if territory.what == "group" else {})


def milestones(
    client: Client, territory: Territory, inside: list[Row], within: list[Row], told: str
) -> Iterator[Row | NotVisibleError]:
    """Every milestone an issue of the scope can be in, each once: the own ones of the projects ``inside``, and those of the
    groups above and ``within`` (the scope's own). A group's list never holds its projects' milestones, so each project is
    asked; one of an older version (``told``) does not hold its subgroups' either, so each of these is. A list that is
    refused is a value in the stream, so that it stops none of the others.
    """
    seen: set[int] = set()
    for path, query in _milestone_lists(territory, inside, within, told):
        try:
            rows = client.rows(path, {"state": "all", **query})
        except NotVisibleError as error:
            yield error
            continue
        yield from (row for row in rows if row["id"] not in seen)
        seen |= {row["id"] for row in rows}


def _milestone_lists(
    territory: Territory, inside: list[Row], within: list[Row], told: str
) -> Iterator[tuple[str, dict[str, str]]]:
    down = reaches_down(told)
    above = {"include_ancestors" if down else "include_parent_milestones": "true"}
    if territory.what == "group":
        yield f"{territory.path}/milestones", above | ({"include_descendants": "true"} if down else {})
    for group in () if down else within[1:]:
        yield f"/groups/{group['id']}/milestones", {}
    for project in filter(_has_items, inside):
        yield f"/projects/{project['id']}/milestones", above


def _has_items(project: Row) -> bool:
    """GitLab forbids the milestones of a project that has neither issues nor merge requests (its project_policy)."""
    return project.get("issues_enabled") is not False or project.get("merge_requests_enabled") is not False


def version(client: Client) -> str:
    """The server's version, such as ``18.5.1-ee``."""
    row, _ = client.one("/version", sign="version")
    return str(row["version"])


def reaches_down(told: str) -> bool:
    """Whether a server of this version can list what subgroups have; ``include_ancestors`` of milestones came with that."""
    numbers = tuple(int(part) for part in told.split(".")[:2] if part.isdigit())
    return not numbers or numbers >= DESCENDANTS_SINCE
