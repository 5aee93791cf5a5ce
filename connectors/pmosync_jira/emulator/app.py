"""The ASGI application: addresses, authentication, throttling, JSON."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Awaitable, Callable
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from . import agile, issues, places
from .calls import FAILED_LOGIN, Call, Knobs, RefusalError
from .cast import Story
from .render import View
from .results import Results

Answer = Callable[[Call], Any]
Handler = Callable[[Request], Awaitable[Response]]

_READS: tuple[tuple[str, Answer], ...] = (
    ("serverInfo", places.server_info),
    ("myself", places.myself),
    ("field", places.fields),
    ("status", places.statuses),
    ("project", places.projects),
    ("project/{project}", places.one_project),
    ("project/{project}/version", places.paged_versions),
    ("project/{project}/versions", places.versions),
    ("version/{version}", places.one_version),
    ("issue/{issue}", issues.one_issue),
    ("issue/{issue}/comment", issues.issue_comments),
    ("issue/{issue}/changelog", issues.issue_changelog),
)
_CLOUD: tuple[tuple[str, str, Answer], ...] = (
    ("GET", "project/search", places.search_projects),
    ("GET", "search/jql", issues.search),
    ("POST", "search/jql", issues.post_search),
    ("POST", "search/approximate-count", issues.count),
    ("GET", "search", issues.removed_search),
    ("POST", "search", issues.removed_search),
    ("POST", "issue/bulkfetch", issues.bulk_fetch),
    ("POST", "changelog/bulkfetch", issues.bulk_changelogs),
)
_SERVER: tuple[tuple[str, str, Answer], ...] = (
    ("GET", "search", issues.server_search),
    ("POST", "search", issues.post_server_search),
)
_AGILE: tuple[tuple[str, Answer], ...] = (
    ("board", agile.boards),
    ("board/{board}/sprint", agile.board_sprints),
    ("board/{board}/issue", agile.board_issues),
    ("sprint/{sprint}", agile.one_sprint),
    ("sprint/{sprint}/issue", agile.sprint_issues),
)


class Desk(Protocol):
    """What the application serves from."""

    story: Story
    results: Results
    knobs: Knobs
    lock: threading.RLock
    account: str
    email: str
    token: str
    zone: ZoneInfo

    def throttled(self) -> dict[str, str] | None:
        """The headers of a 429 answer, when this request is one too many."""
        ...


def application(desk: Desk) -> Starlette:
    """The routes of the desk's dialect."""
    cloud = desk.knobs.cloud
    routes: list[Route] = []
    for api in ("3", "2", "latest") if cloud else ("2", "latest"):
        version = "2" if api == "2" or not cloud else "3"
        routes += [_route(desk, version, m, f"/rest/api/{api}/{p}", a) for m, p, a in (_CLOUD if cloud else _SERVER)]
        routes += [_route(desk, version, "GET", f"/rest/api/{api}/{p}", a) for p, a in _READS]
    routes += [_route(desk, "3" if cloud else "2", "GET", f"/rest/agile/1.0/{p}", _software(a)) for p, a in _AGILE]
    return Starlette(routes=routes, exception_handlers={404: _nothing_here, 405: _nothing_here})


def _route(desk: Desk, api: str, method: str, path: str, answer: Answer) -> Route:
    return Route(path, _handler(desk, api, answer), methods=[method])


def _software(answer: Answer) -> Answer:
    """An address that Jira Software brings: without it, nothing is there."""

    def told(call: Call) -> Any:
        if not call.knobs.software:
            raise RefusalError(404, "HTTP 404 Not Found")
        return answer(call)

    return told


async def _nothing_here(request: Request, error: Exception) -> Response:
    del request, error
    return _json({"errorMessages": ["HTTP 404 Not Found"], "errors": {}}, 404, {})


def _handler(desk: Desk, api: str, answer: Answer) -> Handler:
    async def handle(request: Request) -> Response:
        body = await request.body()
        with desk.lock:
            return _answered(desk, api, answer, request, body)

    return handle


def _answered(desk: Desk, api: str, answer: Answer, request: Request, body: bytes) -> Response:
    if headers := desk.throttled():
        return _json({"errorMessages": ["Rate limit exceeded."], "errors": {}}, 429, headers)
    account, headers = _visitor(desk, request)
    if not account and headers and not desk.knobs.cloud:
        return _json(
            {"errorMessages": ["Client must be authenticated to access this resource."], "errors": {}}, 401, headers
        )
    try:
        return _json(answer(_call(desk, api, account, request, body)), 200, headers)
    except RefusalError as refusal:
        return _json(refusal.body, refusal.status, headers)


def _call(desk: Desk, api: str, account: str, request: Request, body: bytes) -> Call:
    site = desk.story.site
    zone = desk.zone if account else ZoneInfo("UTC")
    knobs = desk.knobs
    view = View(site, str(request.base_url).rstrip("/"), api, knobs.cloud, zone, knobs.tells_total)
    return Call(site, desk.results, knobs, view, account, request.query_params, request.path_params, body)


def _visitor(desk: Desk, request: Request) -> tuple[str, dict[str, str]]:
    """The account behind the Authorization header. A dead credential becomes the anonymous visitor, marked by a header."""
    given = request.headers.get("authorization", "")
    if not given:
        return "", {}
    if desk.story.alive and given in _accepted(desk):
        return desk.account, {"X-AACCOUNTID": desk.account} if desk.knobs.cloud else {"X-AUSERNAME": desk.account}
    return "", {"X-Seraph-LoginReason": FAILED_LOGIN}


def _accepted(desk: Desk) -> tuple[str, ...]:
    """Cloud knows e-mail and token; Data Center personal access tokens."""
    if not desk.knobs.cloud:
        return (f"Bearer {desk.token}",)
    return ("Basic " + base64.b64encode(f"{desk.email}:{desk.token}".encode()).decode(),)


def _json(value: Any, status: int, headers: dict[str, str]) -> Response:
    return Response(_encoded(value), status, headers, media_type="application/json;charset=UTF-8")


def _encoded(value: Any) -> bytes:
    """JSON; half a surrogate pair in a text goes out escaped, as Jira's own writer sends it."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return json.dumps(msgspec.to_builtins(value)).encode()
