"""Projects that the scopes lead to, their versions, their boards' sprints."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pmosync.errors import ConfigError, HeldError, PmosyncError
from pmosync.raw import RawRecord, Scope

from .client import JiraClient, RefusedError
from .pages import by_offset
from .query import clause, quoted
from .records import sprint_record
from .wire import Board, HomedIssue, HomedIssues, Page, Project, Sprint, Version

VERSIONS_PAGE = 100
BOARDS_PAGE = 50
WITH_SPRINTS = ("scrum", "simple")


def project(client: JiraClient, key_or_id: str) -> Project:
    """One project. HeldError where the account does not see it: an empty answer is never taken for an empty project."""
    found = client.find(f"project/{key_or_id}", Project)
    if found is None:
        raise HeldError(
            f"jira: the project {key_or_id} is not there for this account",
            remedy=f"give the account the right to browse {key_or_id}, or mend the binding",
        )
    return found


def homes(
    client: JiraClient, cloud: bool, scopes: Sequence[Scope], find: Callable[[str], Project]
) -> Iterator[Project | PmosyncError]:
    """The projects behind all scopes, each once, looked up by ``find``. What is wrong with one scope is a value in the
    stream, so that it stops none of the others; AuthError and TransientError stop all.
    """
    seen: set[str] = set()
    for scope in scopes:
        try:
            for found in [find(key) for key in _keys(client, cloud, scope)]:
                if found.id not in seen:
                    seen.add(found.id)
                    yield found
        except (ConfigError, HeldError) as error:
            yield error


def _keys(client: JiraClient, cloud: bool, scope: Scope) -> Iterator[str]:
    asked = clause(scope, cloud)
    if scope.what == "project":
        yield scope.which
    elif scope.what == "version":
        if version := client.find(f"version/{scope.which}", Version):
            yield str(version.project_id)
    elif scope.what == "epic":
        if issue := client.find(f"issue/{scope.which}", HomedIssue, fields="project"):
            yield issue.fields.project.id
    else:
        yield from _of_query(client, cloud, asked)


def _of_query(client: JiraClient, cloud: bool, scope: str) -> Iterator[str]:
    """Ask for one issue outside the projects found so far, until there is none."""
    found: list[str] = []
    while True:
        beyond = f" AND project NOT IN ({', '.join(quoted(one) for one in found)})" if found else ""
        body = {"jql": scope + beyond, "fields": ["project"], "maxResults": 1}
        told = client.post("search/jql" if cloud else "search", body, HomedIssues)
        new = [issue.fields.project.id for issue in told.issues]
        if not new or new[0] in found:
            return
        found += new
        yield new[0]


def versions(client: JiraClient, key: str) -> Iterator[Version]:
    """All versions of a project; their dates have no history, so they are read in full each time."""

    def page(start: int) -> Page[Version]:
        return client.get(f"project/{key}/version", Page[Version], startAt=start, maxResults=VERSIONS_PAGE)

    return by_offset(page, f"versions of {key}")


def sprints(client: JiraClient, connection: str, keys: Sequence[str]) -> list[RawRecord]:
    """All sprints on the boards of these projects, each once: Jira repeats a sprint on every board that shows it."""
    told: dict[int, Sprint] = {}
    shown: dict[int, list[tuple[int, str]]] = {}
    for key in keys:
        for board in _boards(client, key):
            for sprint in _of_board(client, board):
                told[sprint.id] = sprint
                shown.setdefault(sprint.id, []).append((board.id, key))
    return [
        sprint_record(connection, told[one], sorted({board for board, _ in on}), sorted({key for _, key in on}))
        for one, on in shown.items()
    ]


def _boards(client: JiraClient, key: str) -> list[Board]:
    def page(start: int) -> Page[Board]:
        return boards(client, projectKeyOrId=key, startAt=start, maxResults=BOARDS_PAGE)

    return [board for board in by_offset(page, f"boards of {key}") if board.type in WITH_SPRINTS]


def boards(client: JiraClient, **asked: str | int) -> Page[Board]:
    """A page of boards. HeldError where the site does not show any."""
    return client.agile("board", Page[Board], **asked)


def _of_board(client: JiraClient, board: Board) -> list[Sprint]:
    """The sprints of a board; team-managed boards may have none at all, and then refuse the question."""

    def page(start: int) -> Page[Sprint]:
        return client.agile(f"board/{board.id}/sprint", Page[Sprint], startAt=start, maxResults=BOARDS_PAGE)

    try:
        return list(by_offset(page, f"sprints of board {board.id}"))
    except RefusedError:
        if board.type == "simple":
            return []
        raise
