"""From an HTTP request to a handler and back: routing on the still encoded path, admission, headers, the clock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from . import item_routes, place_routes, plan_routes, publishing
from .calls import Answer, Call, Params, RefusedError
from .look import Look
from .token import Token, admit, describe

PREFIX = "/api/v4/"
ALWAYS = {
    "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "max-age=0, private, must-revalidate",
    "Vary": "Origin",
}
REFUSED = {403: "403 Forbidden", 404: "404 Not found"}
ROUTES = place_routes.ROUTES | item_routes.ROUTES | plan_routes.ROUTES | publishing.ROUTES
TABLE = {tuple(pattern.split("/")): handler for pattern, handler in ROUTES.items()}


class Door:
    """Answers requests one at a time under ``lock``, so that no answer shows half an event.

    ``look`` gives the site as seen from an address, ``me`` the id of the account the token belongs to, ``revoked`` whether the
    story took its access away. ``refusals`` are answers waiting to be given instead of the next ones; ``forbidden`` are endings
    of paths with the status that each is refused with.
    """

    def __init__(
        self, look: Callable[[str], Look], token: Token, me: Callable[[], int], revoked: Callable[[], bool]
    ) -> None:
        self.lock = threading.RLock()
        self.refusals: list[RefusedError] = []
        self.forbidden: dict[str, int] = {}
        self._look, self._token, self._me, self._revoked = look, token, me, revoked
        self.app = Starlette(routes=[Route("/{rest:path}", self._answer, methods=["GET", "POST", "PUT", "DELETE"])])

    async def _answer(self, request: Request) -> Response:
        with self.lock:
            look = self._look(str(request.base_url).rstrip("/"))
            try:
                if self.refusals:
                    raise self.refusals.pop(0)
                answer = self._handle(request, look)
            except RefusedError as refusal:
                return _refuse(refusal, look)
            return _send(answer.status, msgspec.json.encode(answer.body), answer.headers, look)

    def _handle(self, request: Request, look: Look) -> Answer:
        path = request.scope["raw_path"].decode("ascii").partition("?")[0]
        if not path.startswith(PREFIX):
            raise RefusedError(404, {"error": "404 Not Found"})
        segments = [unquote(part) for part in path.removeprefix(PREFIX).split("/")]
        admit(self._token, request, "/".join(segments), revoked=self._revoked())
        self._forbid(path)
        call = Call(look, path, Params(request.scope["query_string"].decode("latin-1")), {}, self._me())
        if segments == ["personal_access_tokens", "self"]:
            return describe(call, self._token)
        call.named, handler = _route(segments)
        if request.method != "GET":
            raise RefusedError(403, {"message": "403 Forbidden"})
        return handler(call)

    def _forbid(self, path: str) -> None:
        for ending, status in self.forbidden.items():
            if path.endswith(ending):
                raise RefusedError(status, {"message": REFUSED[status]})


def _route(segments: list[str]) -> tuple[dict[str, str], Callable[[Call], Answer]]:
    for pattern, handler in TABLE.items():
        if len(pattern) == len(segments) and all(
            p in (s, ":") or p[0] == ":" for p, s in zip(pattern, segments, strict=True)
        ):
            return {p[1:]: s for p, s in zip(pattern, segments, strict=True) if p[0] == ":"}, handler
    raise RefusedError(404, {"error": "404 Not Found"})


def _refuse(refusal: RefusedError, look: Look) -> Response:
    if isinstance(refusal.body, str):
        body, kind = refusal.body.encode(), "text/plain"
    else:
        body, kind = msgspec.json.encode(refusal.body), "application/json"
    return _send(refusal.status, body, {**refusal.headers, "Content-Type": kind}, look)


def _send(status: int, body: bytes, headers: dict[str, Any], look: Look) -> Response:
    date = format_datetime(look.site.now, usegmt=True)
    kind = {"Content-Type": "application/json"}
    return Response(body, status, {**kind, **ALWAYS, "Date": date, **headers})
