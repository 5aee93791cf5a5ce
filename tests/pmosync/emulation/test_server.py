"""A server of the emulators ends when it is told, and not before it has said what it was saying."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from starlette.types import Receive, Scope, Send

from pmosync.emulation import server as servers
from pmosync.emulation.server import LoopbackServer


class Slow:
    """An app whose answer takes ``seconds``; ``asked`` is set when the question is there."""

    def __init__(self, seconds: float) -> None:
        self.asked = threading.Event()
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take the question, wait, answer ``ok``."""
        self.asked.set()
        await asyncio.sleep(self._seconds)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})


def _stopped(app: Slow, kept: requests.Session) -> float:
    """Seconds that the end of a server took that has answered one request on a connection that stays open."""
    server = LoopbackServer(app)
    server.start()
    assert kept.get(server.url, timeout=5).text == "ok"
    begun = time.perf_counter()
    server.stop()
    return time.perf_counter() - begun


def test_a_server_ends_when_it_is_told() -> None:
    """Nothing is being answered: it does not wait for its next look at the clock (a tenth of a second and one more),
    even while a client keeps its connection. The quickest of ten, since other work may be in the way of any one.
    """
    with requests.Session() as kept:
        assert min(_stopped(Slow(0), kept) for _ in range(10)) < servers.TICK / 2


def test_a_server_ends_though_the_clock_was_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that moves the machine's clock ahead for a while moves the next look of every server that is there: it would
    come that much later, and the end of the tests would wait for it.
    """
    server = LoopbackServer(Slow(0))
    server.start()
    assert requests.get(server.url, timeout=5).text == "ok"
    begun = time.monotonic()
    with monkeypatch.context() as moved:
        moved.setattr(time, "monotonic", lambda: begun + 1_000)
        assert requests.get(server.url, timeout=5).text == "ok"
    begun = time.perf_counter()
    server.stop()
    assert time.perf_counter() - begun < servers.GRACE


def test_what_is_being_answered_is_finished() -> None:
    """The end waits for an answer that is under way, and it arrives whole."""
    app = Slow(0.3)
    with ThreadPoolExecutor() as pool:
        with LoopbackServer(app) as server:
            answer = pool.submit(requests.get, server.url, timeout=5)
            assert app.asked.wait(5)
        assert answer.result().text == "ok"


def test_an_answer_without_an_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the time of grace the server ends all the same, and whoever asked sees the connection close."""
    monkeypatch.setattr(servers, "GRACE", 0.1)
    app = Slow(60)
    with ThreadPoolExecutor() as pool:
        with LoopbackServer(app) as server:
            answer = pool.submit(requests.get, server.url, timeout=5)
            assert app.asked.wait(5)
        with pytest.raises(requests.ConnectionError):
            answer.result()


def test_nobody_waits_for_an_answer_that_nobody_waits_for() -> None:
    """A client that has hung up keeps the server no longer than one that has said nothing."""
    app = Slow(60)
    server = LoopbackServer(app)
    server.start()
    with pytest.raises(requests.Timeout):
        requests.get(server.url, timeout=0.2)
    begun = time.perf_counter()
    server.stop()
    assert time.perf_counter() - begun < servers.GRACE


def test_a_server_that_is_told_before_it_serves_ends_too() -> None:
    """Between its start and its first look nothing is lost, and the port is free again."""
    for _ in range(5):
        server = LoopbackServer(Slow(0))
        server.start()
        server.stop()
        with LoopbackServer(Slow(0), server.port) as again:
            assert requests.get(again.url, timeout=5).text == "ok"
