"""The fault layer does to a client what it says, and nothing else."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest
import requests
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from pmosync.emulation import faults
from pmosync.emulation.faults import Faults
from pmosync.emulation.server import LoopbackServer

WRITES: list[str] = []


async def _echo(request: Request) -> PlainTextResponse:
    WRITES.append(request.method)
    return PlainTextResponse("0123456789")


APP = Starlette(routes=[Route("/{rest:path}", _echo, methods=["GET", "POST"])])


@pytest.fixture
def layer() -> Iterator[tuple[Faults, str]]:
    """A fault layer over a tiny app, and its address."""
    WRITES.clear()
    middleware = Faults(APP)
    with LoopbackServer(middleware) as server:
        yield middleware, server.url


def test_without_a_plan_all_goes_through(layer: tuple[Faults, str]) -> None:
    """No plan: the app answers, and the request and its bytes are counted."""
    middleware, url = layer
    assert requests.get(url + "/a", timeout=5).text == "0123456789"
    assert middleware.requests() == 1
    assert middleware.sent() == 10
    assert middleware.seen[0].path == "/a"


def test_status_carries_its_headers(layer: tuple[Faults, str]) -> None:
    """A status fault answers for the app, with the headers given, on exactly its request."""
    middleware, url = layer
    middleware.plan = faults.at(2, faults.Status(429, {"Retry-After": "soon"}))
    codes = [requests.get(url, timeout=5) for _ in range(3)]
    assert [answer.status_code for answer in codes] == [200, 429, 200]
    assert codes[1].headers["Retry-After"] == "soon"
    assert [one.fault for one in middleware.seen] == ["", "Status", ""]


def test_reset_never_reaches_the_app(layer: tuple[Faults, str]) -> None:
    """A reset closes the connection before the app is asked."""
    middleware, url = layer
    middleware.plan = faults.script([faults.Reset()])
    with pytest.raises(requests.ConnectionError):
        requests.post(url, timeout=5)
    assert WRITES == []


def test_a_lost_answer_was_done(layer: tuple[Faults, str]) -> None:
    """A lost answer: the app did the write, the client saw the connection close."""
    middleware, url = layer
    middleware.plan = faults.script([faults.Lost()])
    with pytest.raises(requests.ConnectionError):
        requests.post(url, timeout=5)
    assert WRITES == ["POST"]


def test_a_cut_body_announces_more_than_it_sends(layer: tuple[Faults, str]) -> None:
    """A cut body: the whole length announced, half of it sent."""
    middleware, url = layer
    middleware.plan = faults.script([faults.Cut(0.5)])
    answer = requests.get(url, timeout=5, stream=True)
    assert answer.headers["Content-Length"] == "10"
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        _ = answer.content


def test_a_bomb_unpacks_to_its_size(layer: tuple[Faults, str]) -> None:
    """A gzip bomb is small on the wire."""
    middleware, url = layer
    middleware.plan = faults.script([faults.Bomb(1_000_000)])
    packed = requests.get(url, timeout=5, stream=True).raw.read(decode_content=False)
    assert len(packed) < 20_000
    assert len(gzip.decompress(packed)) == 1_000_000


def test_body_redirect_drip_and_latency(layer: tuple[Faults, str]) -> None:
    """A foreign body comes with 200; a redirect names its target; a drip and a late answer are whole in the end."""
    middleware, url = layer
    middleware.plan = faults.script(
        [faults.Body(), faults.Redirect("https://elsewhere.example/"), faults.Drip(0.0), faults.Late(0.0)]
    )
    assert "<html>" in requests.get(url, timeout=5).text
    assert requests.get(url, timeout=5, allow_redirects=False).headers["Location"] == "https://elsewhere.example/"
    assert [requests.get(url, timeout=5).text for _ in range(2)] == ["0123456789"] * 2


def test_a_seed_decides_alike() -> None:
    """Same seed, same fates; another seed, others; a burst has both its ends."""
    one, same, other = (faults.seeded(seed, 0.5, [faults.Reset(), faults.Status(500)]) for seed in (1, 1, 2))
    fates = [[plan(number, "GET", "/") for number in range(50)] for plan in (one, same, other)]
    assert fates[0] == fates[1] != fates[2]
    plan = faults.burst(2, 3, faults.Reset())
    assert [plan(number, "GET", "/") is not None for number in range(1, 5)] == [False, True, True, False]
