"""A way out that ends in this process: requests go to an ASGI app without a socket, a thread or a wait."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import requests
from starlette.types import ASGIApp, Message

from pmosync.transport import Limits, Transport

Watcher = Callable[[str, str], None]
"""Told of a request by its method and path."""


def unwatched(_method: str, _path: str) -> None:
    """Nobody looks."""


class Near(Transport):
    """A transport whose sessions reach ``app`` and nothing else. ``before`` is told of each request just before the app
    gets it, ``after`` when the app has answered: whatever they do happens between two calls.

    ``named`` goes to the transport. ``seen`` lists method, path and size of the body of every request so far.
    """

    def __init__(self, app: ASGIApp, before: Watcher = unwatched, after: Watcher = unwatched, **named: Any) -> None:
        super().__init__(Limits(), **named)
        self._app, self._before, self._after = app, before, after
        self.seen: list[tuple[str, str, int]] = []

    def session(self, origin: str, *, safe_posts: tuple[str, ...] = ()) -> requests.Session:
        """A session that has nothing but this way out; ``origin`` is wherever the app is asked to be."""
        return Short(self)

    def carry(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> requests.Response:
        """One request to the app, and its answer."""
        split = urlsplit(url)
        path = unquote(split.path)
        self._before(method, path)
        self.seen.append((method, path, len(body)))
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": split.query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        }
        answer = _answer(_called(self._app, scope, body), url)
        self._after(method, path)
        return answer


class Short(requests.Session):
    """A session that leaves out what the library does for the network's sake: most of the time that a request takes."""

    def __init__(self, near: Near) -> None:
        super().__init__()
        self._near = near

    def request(  # type: ignore[override]
        self, method: str, url: str, data: Any = None, headers: Mapping[str, str] | None = None, **_: Any
    ) -> requests.Response:
        """One request."""
        return self._near.carry(method, url, _bytes(data), headers or {})


def _called(app: ASGIApp, scope: dict[str, Any], body: bytes) -> list[Message]:
    """What the app sends. It never waits for anything, so that no event loop is wanted."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    running = app(scope, receive, send)
    try:
        running.send(None)  # type: ignore[attr-defined]
    except StopIteration:
        return sent
    raise RuntimeError("the app waits for something")


def _answer(sent: list[Message], url: str) -> requests.Response:
    answer = requests.Response()
    answer.status_code, answer.url = sent[0]["status"], url
    answer.headers.update({name.decode(): value.decode() for name, value in sent[0]["headers"]})
    answer._content = b"".join(message.get("body", b"") for message in sent[1:])
    return answer


def _bytes(body: Any) -> bytes:
    if isinstance(body, Mapping):
        return urlencode(body).encode()
    return body.encode() if isinstance(body, str) else bytes(body or b"")
