"""The client against servers that misbehave: nothing they send is ever taken for an empty list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from pmosync.emulation.server import LoopbackServer
from pmosync.errors import AuthError, ConfigError, PmosyncError, TransientError
from pmosync.transport import Limits, Transport
from pmosync_gitlab import territory
from pmosync_gitlab.client import Client, MissingError, NotVisibleError
from pmosync_gitlab.cursor import Position
from pmosync_gitlab.settings import GitlabSettings
from pmosync_gitlab.walk import walk

Handler = Callable[[Request], Response]


class Stage:
    """One server whose answer each test chooses; ``asked`` are the requests it got."""

    def __init__(self) -> None:
        self.handler: Handler = lambda request: JSONResponse([])
        self.asked: list[Request] = []
        self.app = Starlette(routes=[Route("/{rest:path}", self._answer)])

    async def _answer(self, request: Request) -> Response:
        self.asked.append(request)
        return self.handler(request)


@pytest.fixture(scope="module")
def stage_server() -> Iterator[tuple[Stage, str]]:
    """The server, once for all tests."""
    stage = Stage()
    with LoopbackServer(stage.app) as server:
        yield stage, server.url


@pytest.fixture
def stage(stage_server: tuple[Stage, str]) -> Stage:
    """The server with nothing asked yet."""
    stage_server[0].asked.clear()
    return stage_server[0]


@pytest.fixture
def client(stage_server: tuple[Stage, str]) -> Iterator[Client]:
    """A client that gives up after one attempt."""
    settings = GitlabSettings(url=stage_server[1], token=SecretStr("secret-of-the-test"), max_pages=20)
    made = Client(settings, Transport(Limits(attempts=1), wait=lambda seconds: False))
    yield made
    made.close()


@pytest.mark.parametrize(
    "answer",
    [
        HTMLResponse("<html>Please sign in</html>"),
        JSONResponse({}),
        JSONResponse([{"title": "no id"}]),
        JSONResponse([1, 2]),
        JSONResponse(None),
        Response(b'[{"id": 1', media_type="application/json"),
        Response(b"", media_type="application/json"),
        Response(b'[{"id": 1, "title": "\xff"}]', media_type="application/json"),
        Response(b"[" * 50_000 + b"]" * 50_000, media_type="application/json"),
    ],
)
def test_what_is_not_a_list_of_records_is_an_error(stage: Stage, client: Client, answer: Response) -> None:
    """HTML, an object, rows without ids, truncated JSON, nothing at all: each a TransientError."""
    stage.handler = lambda request: answer
    with pytest.raises(TransientError, match="answered /projects/1/milestones with something"):
        client.rows("/projects/1/milestones")


def test_half_a_surrogate_pair_does_not_spoil_a_page(stage: Stage, client: Client) -> None:
    """It becomes a question mark; the rest of the page is as it came."""
    body = '[{"id": 1, "title": "a\\ud800b"}, {"id": 2, "title": "登录 🚀"}]'
    stage.handler = lambda request: Response(body, media_type="application/json")
    assert [row["title"] for row in client.rows("/things")] == ["a?b", "登录 🚀"]


def test_a_list_where_an_object_is_due_is_an_error(stage: Stage, client: Client) -> None:
    """The other way round too."""
    stage.handler = lambda request: JSONResponse([])
    with pytest.raises(TransientError, match="not an object"):
        client.one("/version", sign="version")


def test_an_object_without_what_every_such_object_has_is_an_error(stage: Stage, client: Client) -> None:
    """An empty object with 200 is no project and no version: nothing may be concluded from it."""
    stage.handler = lambda request: JSONResponse({})
    for ask in (
        lambda: client.one("/projects/1"),
        lambda: territory.version(client),
        lambda: client.answers("/groups/1"),
    ):
        with pytest.raises(TransientError, match="not an object with its"):
            ask()


@pytest.mark.parametrize(
    ("status", "body", "kind", "said"),
    [
        (401, {"message": "401 Unauthorized"}, AuthError, "unknown to it"),
        (401, {"error": "invalid_token", "error_description": "Token was revoked."}, AuthError, "expired or revoked"),
        (403, {"error": "insufficient_scope", "scope": "api read_api"}, AuthError, "lacks the scope read_api"),
        (403, {"message": "403 Forbidden"}, NotVisibleError, "forbids /groups/1"),
        (404, {"message": "404 Group Not Found"}, MissingError, "or this token may not see it"),
        (400, {"error": "x is invalid"}, ConfigError, "does not understand"),
        (405, {"error": "no"}, ConfigError, "does not understand"),
        (418, {}, TransientError, "answered 418"),
        (502, {}, TransientError, "502"),
        (429, {}, TransientError, "429"),
    ],
)
def test_every_refusal_becomes_an_error_by_remedy(
    stage: Stage, client: Client, status: int, body: dict[str, str], kind: type[PmosyncError], said: str
) -> None:
    """With one sentence that names the host and never the token or the library's words."""
    stage.handler = lambda request: JSONResponse(body, status)
    with pytest.raises(kind, match=said) as caught:
        client.one("/groups/1")
    assert type(caught.value) is kind
    assert caught.value.remedy
    assert "secret-of-the-test" not in f"{caught.value} {caught.value.__cause__!r}"
    assert "127.0.0.1" in caught.value.message


def test_the_token_goes_in_its_header_and_nowhere_else(stage: Stage, client: Client) -> None:
    """PRIVATE-TOKEN; the address holds no secret."""
    stage.handler = lambda request: JSONResponse({"id": 1})
    client.one("/user")
    assert stage.asked[0].headers["private-token"] == "secret-of-the-test"
    assert "secret" not in str(stage.asked[0].url)


def linked(number: int, host: str, query: str) -> Response:
    return JSONResponse([{"id": number}], headers={"Link": f'<{host}/api/v4/things?{query}>; rel="next"'})


def test_a_next_link_to_another_host_is_asked_of_our_own(stage: Stage, client: Client) -> None:
    """Only the query of a link is used: a server behind a proxy may not know its own name, and a wicked one gets no token."""

    def answer(request: Request) -> Response:
        if request.query_params.get("page") == "2":
            return JSONResponse([{"id": 2}])
        return linked(1, "https://evil.example", "page=2&per_page=1")

    stage.handler = answer
    assert [row["id"] for row in client.rows("/things")] == [1, 2]
    assert {request.url.hostname for request in stage.asked} == {"127.0.0.1"}


def test_a_redirect_to_another_host_is_refused(stage: Stage, client: Client) -> None:
    """The foreign server is not asked."""
    stage.handler = lambda request: RedirectResponse("https://evil.example/api/v4/version")
    with pytest.raises(ConfigError, match=r"evil\.example"):
        client.one("/version")


def test_a_repeated_page_is_an_error(stage: Stage, client: Client) -> None:
    """A next link that leads back would be followed for ever."""
    stage.handler = lambda request: linked(1, "http://127.0.0.1", "page=1")
    with pytest.raises(TransientError, match="repeats a page"):
        client.rows("/things")


def test_endless_pages_are_an_error(stage: Stage, client: Client) -> None:
    """The cap is a setting; reaching it says so."""
    stage.handler = lambda request: linked(1, "http://127.0.0.1", f"page={len(stage.asked) + 1}")
    with pytest.raises(TransientError, match="more than 20 pages"):
        client.rows("/things")


def test_a_short_page_does_not_end_a_list(stage: Stage, client: Client) -> None:
    """Only a missing next link does; X-Next-Page serves where a proxy drops links."""

    def answer(request: Request) -> Response:
        page = request.query_params.get("page", "1")
        return JSONResponse([{"id": int(page)}], headers={"X-Next-Page": {"1": "2", "2": "3"}.get(page, "")})

    stage.handler = answer
    assert [row["id"] for row in client.rows("/things")] == [1, 2, 3]


@pytest.mark.parametrize("headers", [{"X-Next-Page": ""}, {"Link": '<http://127.0.0.1/things?page=1>; rel="first"'}])
def test_a_full_page_that_says_it_is_the_last_ends_a_list(
    stage: Stage, client: Client, headers: dict[str, str]
) -> None:
    """GitLab tells of paging on its last page too: an empty next page, or links without a next one."""
    stage.handler = lambda request: JSONResponse([{"id": number} for number in range(100)], headers=headers)
    assert len(client.rows("/things")) == 100


def test_a_full_page_that_does_not_tell_what_follows_is_an_error(stage: Stage, client: Client) -> None:
    """A machine in between that drops both headers would hide all but the first page of every list."""
    stage.handler = lambda request: JSONResponse([{"id": number} for number in range(100)])
    with pytest.raises(TransientError, match="a list that tells whether more follows"):
        client.rows("/things")
    stage.handler = lambda request: JSONResponse([{"id": 1}])
    assert client.rows("/things") == [{"id": 1}]


def row(number: int, created: str) -> dict[str, Any]:
    return {"id": number, "iid": number, "project_id": 1, "created_at": created, "updated_at": created}


@pytest.mark.parametrize(
    "rows",
    [
        [row(2, "2026-01-02T00:00:00Z"), row(1, "2026-01-01T00:00:00Z")],
        [{"id": 1}],
        [row(1, "yesterday")],
        [row(1, "2026-01-01T00:00:00Z") | {"iid": None}],
        [row(1, "2026-01-01T00:00:00Z") | {"updated_at": None}],
    ],
)
def test_a_walk_refuses_pages_out_of_order(stage: Stage, client: Client, rows: list[dict[str, Any]]) -> None:
    """A server that ignores the order would make us skip rows: better no answer than a wrong one."""
    stage.handler = lambda request: JSONResponse(rows)
    with pytest.raises(TransientError, match=r"order of creation|lack their times"):
        list(walk(client, "/projects/1/issues", {}, Position()))


def test_a_walk_refuses_a_server_that_ignores_the_window(stage: Stage, client: Client) -> None:
    """The first page again for every window would never end."""
    rows = [row(1, "2026-01-01T00:00:00Z"), row(2, "2026-01-02T00:00:00Z")]
    stage.handler = lambda request: JSONResponse(rows, headers={"X-Next-Page": "2"})
    with pytest.raises(TransientError, match="order of creation"):
        list(walk(client, "/projects/1/issues", {}, Position()))


def test_a_walk_refuses_an_empty_page_that_promises_more(stage: Stage, client: Client) -> None:
    """Nothing tells where to go on from."""
    stage.handler = lambda request: JSONResponse([], headers={"X-Next-Page": "2"})
    with pytest.raises(TransientError, match="empty page"):
        list(walk(client, "/projects/1/issues", {}, Position()))
