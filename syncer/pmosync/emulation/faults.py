"""A fault layer between a client and an emulator: an ASGI middleware that breaks what the server says, by script or by
seed.

A fault is a value; a ``Plan`` says which request meets which one. The app behind is an ordinary ASGI app and knows
nothing of it.
"""

from __future__ import annotations

import asyncio
import gzip
import random
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Status(Struct, frozen=True):
    """Answer with a status of our own instead of asking the app: 429 with any header, 5xx, 401."""

    code: int
    headers: Mapping[str, str] = {}
    body: bytes = b"out of order"


class Body(Struct, frozen=True):
    """Answer 200 with a body that is not the app's: HTML, ``{}``, half a JSON text."""

    body: bytes = b"<html><body>Please sign in</body></html>"
    content_type: str = "text/html"


class Reset(Struct, frozen=True):
    """Close the connection without a word, before the app sees the request."""


class Lost(Struct, frozen=True):
    """Let the app do the work, then close the connection instead of answering."""


class Cut(Struct, frozen=True):
    """Announce the whole body, send ``share`` of it, close the connection."""

    share: float = 0.5


class Drip(Struct, frozen=True):
    """Send the body byte by byte with a pause (seconds) after each, and at most ``longest`` bytes so."""

    pause: float = 0.05
    longest: int = 10_000


class Bomb(Struct, frozen=True):
    """Answer with so many zero bytes, gzipped to about a thousandth."""

    size: int = 256 * 1024 * 1024


class Redirect(Struct, frozen=True):
    """Send the client elsewhere."""

    to: str
    code: int = 302


class Late(Struct, frozen=True):
    """Answer as the app does, after so many seconds."""

    seconds: float


Fault = Status | Body | Reset | Lost | Cut | Drip | Bomb | Redirect | Late
Plan = Callable[[int, str, str], Fault | None]
"""Request number (from 1), method and path → the fault it meets, or None."""


class Seen(Struct, frozen=True):
    """One request that arrived: what it was, what befell it, and the bytes of the answer's body."""

    method: str
    path: str
    fault: str = ""
    sent: int = 0


def script(faults: Sequence[Fault | None]) -> Plan:
    """The n-th request meets the n-th fault; those after the last go through."""
    return lambda number, _method, _path: faults[number - 1] if number <= len(faults) else None


def at(number: int, fault: Fault) -> Plan:
    """Only the ``number``-th request (from 1) meets the fault."""
    return lambda now, _method, _path: fault if now == number else None


def burst(first: int, last: int, fault: Fault) -> Plan:
    """Requests ``first`` to ``last`` (both included, from 1) meet the fault."""
    return lambda now, _method, _path: fault if first <= now <= last else None


def seeded(seed: int, rate: float, faults: Sequence[Fault]) -> Plan:
    """Every request meets one of the faults with probability ``rate``; same seed and same number, same fate."""

    def plan(number: int, _method: str, _path: str) -> Fault | None:
        dice = random.Random(f"{seed}:{number}")  # noqa: S311 — repeatable by design
        return dice.choice(faults) if dice.random() < rate else None

    return plan


class Faults:
    """The middleware. ``plan`` may be exchanged while it serves; ``latency`` seconds are awaited before every answer.

    ``seen`` lists every request in order of arrival. Broken connections are made by raising inside the server, so run
    it under a server that logs nothing (``LoopbackServer`` does).
    """

    def __init__(self, app: ASGIApp, plan: Plan | None = None, *, latency: float = 0.0) -> None:
        self._app, self.plan, self.latency = app, plan, latency
        self._lock = threading.Lock()
        self._seen: list[Seen] = []

    @property
    def seen(self) -> tuple[Seen, ...]:
        """Every request so far."""
        with self._lock:
            return tuple(self._seen)

    def requests(self) -> int:
        """How many requests have arrived."""
        return len(self.seen)

    def sent(self) -> int:
        """How many body bytes have been sent."""
        return sum(one.sent for one in self.seen)

    def clear(self) -> None:
        """Forget what was seen, and start counting at 1 again."""
        with self._lock:
            self._seen.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        place, fault = self._arrive(scope["method"], scope["path"])
        if self.latency:
            await asyncio.sleep(self.latency)
        sending = self._counting(place, send)
        if await _apply(fault, self._app, scope, receive, sending):
            await _hang_up(send)

    def _arrive(self, method: str, path: str) -> tuple[int, Fault | None]:
        with self._lock:
            place = len(self._seen)
            fault = self.plan(place + 1, method, path) if self.plan else None
            self._seen.append(Seen(method, path, type(fault).__name__ if fault else ""))
        return place, fault

    def _counting(self, place: int, send: Send) -> Send:
        async def counted(message: Message) -> None:
            with self._lock:
                if place < len(self._seen):
                    seen = self._seen[place]
                    size = seen.sent + len(message.get("body", b""))
                    self._seen[place] = Seen(seen.method, seen.path, seen.fault, size)
            await send(message)

        return counted


async def _apply(fault: Fault | None, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> bool:
    """Serve one request under a fault; True if the connection must be broken afterwards."""
    match fault:
        case None:
            await app(scope, receive, send)
        case Late(seconds):
            await asyncio.sleep(seconds)
            await app(scope, receive, send)
        case Cut() | Drip() | Lost():
            return await _maim(fault, await _collected(app, scope, receive), send)
        case Reset():
            return True
        case Status(code, headers, body):
            await _answer(send, code, body, {"content-type": "text/plain", **headers})
        case Body(body, kind):
            await _answer(send, 200, body, {"content-type": kind})
        case Bomb(size):
            packed = await asyncio.to_thread(gzip.compress, bytes(size), 1)
            await _answer(send, 200, packed, {"content-type": "application/json", "content-encoding": "gzip"})
        case Redirect(to, code):
            await _answer(send, code, b"moved", {"location": to, "content-type": "text/plain"})
    return False


async def _collected(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
    """The app's whole answer: its start message and its body."""
    messages: list[Message] = []

    async def keep(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, keep)
    return messages[0], b"".join(message.get("body", b"") for message in messages[1:])


async def _maim(fault: Cut | Drip | Lost, answer: tuple[Message, bytes], send: Send) -> bool:
    """Send an answer of the app badly; True if the connection must be broken now."""
    start, body = answer
    if isinstance(fault, Lost):
        return True
    await send({**start, "headers": _with_length(start["headers"], len(body))})
    if isinstance(fault, Cut):
        await send({"type": "http.response.body", "body": body[: int(len(body) * fault.share)], "more_body": True})
        return True
    for place in range(min(len(body), fault.longest)):
        await send({"type": "http.response.body", "body": body[place : place + 1], "more_body": True})
        await asyncio.sleep(fault.pause)
    await send({"type": "http.response.body", "body": body[fault.longest :]})
    return False


async def _hang_up(send: Send) -> None:
    """Break the connection: what was sent is flushed, and the server learns of it before it can answer 500 by
    itself.
    """
    cycle = getattr(send, "__self__", None)
    if cycle is None:
        raise RuntimeError("connections can only be broken under LoopbackServer")
    cycle.transport.close()
    while not cycle.disconnected:
        await asyncio.sleep(0)


def _with_length(headers: Any, length: int) -> list[tuple[bytes, bytes]]:
    kept = [(name, value) for name, value in headers if name.lower() != b"content-length"]
    return [*kept, (b"content-length", str(length).encode())]


async def _answer(send: Send, status: int, body: bytes, headers: Mapping[str, str]) -> None:
    pairs = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": _with_length(pairs, len(body))})
    await send({"type": "http.response.body", "body": body})
