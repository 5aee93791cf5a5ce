"""Proving a connection: address, token, its rights, and every scope, changing nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from pmosync.connector import Finding
from pmosync.errors import PmosyncError
from pmosync.raw import Scope

from . import territory
from .client import RENEW, Client, NotVisibleError, Row

SOON = timedelta(days=30)


def checkup(client: Client, scopes: tuple[Scope, ...], now: datetime) -> Iterator[Finding]:
    """One finding a proof; a token that is refused ends it at once."""
    try:
        version = territory.version(client)
        user, _ = client.one("/user")
    except PmosyncError as error:
        yield Finding(False, client.url, error.message, error.remedy)
        return
    yield Finding(True, client.url, f"GitLab {version} answers; the token belongs to @{user.get('username', '?')}")
    yield from _token(client, now.date())
    for scope in scopes:
        yield from _scope(client, scope)
    if not scopes:
        yield Finding(
            False, client.url, "nothing is asked of this connection", "bind a project or group of it to a project"
        )


def _token(client: Client, today: date) -> Iterator[Finding]:
    """Scopes and expiry, where the server lets a token ask about itself (15.5 and newer)."""
    place = f"{client.url} token"
    try:
        row, _ = client.one("/personal_access_tokens/self")
    except NotVisibleError:
        yield Finding(True, place, "this server does not tell a token's scopes")
        return
    except PmosyncError as error:
        yield Finding(False, place, error.message, error.remedy)
        return
    yield _scopes([str(name) for name in row.get("scopes") or ()], place)
    yield from _expiry(row, place, today)


def _scopes(names: list[str], place: str) -> Finding:
    if "read_api" in names:
        return Finding(True, place, "has the scope read_api")
    if "api" in names:
        return Finding(True, place, "has the scope api, which may write; read_api is enough", RENEW)
    return Finding(False, place, f"has the scopes {', '.join(names) or 'none'}, not read_api", RENEW)


def _expiry(row: Row, place: str, today: date) -> Iterator[Finding]:
    text = row.get("expires_at")
    if not isinstance(text, str):
        return
    ends = date.fromisoformat(text[:10])
    if ends - today <= SOON:
        yield Finding(False, place, f"expires on {ends}", RENEW)
    else:
        yield Finding(True, place, f"is good until {ends}")


def _scope(client: Client, scope: Scope) -> Iterator[Finding]:
    try:
        found = territory.find(client, scope)
        projects = territory.projects(client, found)
    except PmosyncError as error:
        yield Finding(False, str(scope), error.message, error.remedy)
        return
    count = f" with {len(projects)} project{'' if len(projects) == 1 else 's'}" if scope.what == "group" else ""
    yield Finding(True, str(scope), f"is readable{count} (id {found.row['id']})")
    yield from (finding for project in projects for finding in _project(project))
    if not projects:
        yield Finding(
            False, str(scope), "holds no project this token may see", "give the token's user the role Reporter"
        )


def _project(project: Row) -> Iterator[Finding]:
    place = f"project {project.get('path_with_namespace', project['id'])}"
    if project.get("archived"):
        yield Finding(True, place, "is archived: its issues are read still, and cannot change")
    for subject in ("issues", "merge_requests"):
        if project.get(f"{subject}_enabled") is False:
            yield Finding(True, place, f"has its {subject.replace('_', ' ')} switched off")
