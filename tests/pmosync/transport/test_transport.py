"""The transport over real sockets, against a server that misbehaves."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from pmosync.emulation import faults
from pmosync.emulation.faults import Faults, Status
from pmosync.emulation.server import LoopbackServer
from pmosync.errors import ConfigError, TransientError
from pmosync.transport import Crew, Limits, Transport


class Clock:
    """Seconds that pass only where somebody waits."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        self.now += seconds
        return False


async def _echo(request: Request) -> Response:
    if request.url.path == "/old":
        return RedirectResponse("/new", 301)
    if request.url.path == "/loop":
        return RedirectResponse("/loop", 302)
    return JSONResponse({"path": request.url.path, "token": request.headers.get("private-token", "")})


LAYER = Faults(Starlette(routes=[Route("/{rest:path}", _echo, methods=["GET", "POST", "PUT"])]))


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of one server for all tests; each sets the plan of its faults."""
    with LoopbackServer(LAYER) as server:
        yield server.url


@pytest.fixture
def make(url: str) -> Callable[..., tuple[Transport, requests.Session, Clock]]:
    """A transport on a clock of its own and a session to the server."""

    def build(*plan: faults.Fault | None, **limits: float) -> tuple[Transport, requests.Session, Clock]:
        LAYER.clear()
        LAYER.plan = faults.script(plan)
        clock = Clock()
        transport = Transport(Limits(**{"deadline": 1e6, **limits}), wait=clock.wait, clock=clock)  # type: ignore[arg-type]
        return transport, transport.session(url, safe_posts=("/search", "/values:batch*")), clock

    return build


Make = Callable[..., tuple[Transport, requests.Session, Clock]]
TOO_MANY = Status(429, {"Retry-After": "20"}, b"secret body")


def test_an_answer_is_handed_on_whole(make: Make, url: str) -> None:
    """The body is read, and the response serves it as any response does."""
    transport, session, _ = make()
    answer = session.get(url + "/a", timeout=None)
    assert answer.json()["path"] == "/a"
    assert answer.content == answer.content
    counts = transport.counts()
    assert (counts.requests, counts.retries, counts.received, counts.statuses) == (
        1,
        0,
        len(answer.content),
        {"2xx": 1},
    )


@pytest.mark.parametrize("broken", [TOO_MANY, Status(503), Status(500), faults.Reset(), faults.Cut(), faults.Lost()])
def test_reads_are_asked_again(make: Make, url: str, broken: faults.Fault) -> None:
    """429, 5xx, reset, cut body and lost answer: a GET and a POST named safe are retried, and what was asked is
    waited.
    """
    transport, session, clock = make(broken, broken, None, broken)
    assert session.get(url + "/a").status_code == 200
    assert session.post(url + "/context/search", data=b"q").status_code == 200
    assert transport.counts().retries == 3
    assert min(clock.waits) >= (20 if broken is TOO_MANY else 0)
    assert transport.counts().waited == pytest.approx(sum(clock.waits))


@pytest.mark.parametrize("broken", [Status(503), faults.Reset(), faults.Cut(), faults.Lost()])
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_write_is_never_sent_twice(make: Make, url: str, broken: faults.Fault, method: str) -> None:
    """What may have been done is not asked again: one request, then TransientError."""
    _, session, _ = make(broken)
    with pytest.raises(TransientError):
        session.request(method, url + "/write", data=b"x")
    assert LAYER.requests() == 1


def test_a_refused_write_is_asked_again(make: Make, url: str) -> None:
    """429 says that nothing was done, so any method is retried; a GET in the clothes of a POST is a GET."""
    _, session, _ = make(TOO_MANY)
    assert session.post(url + "/write").status_code == 200
    _, session, _ = make(Status(503))
    assert session.post(url + "/write", headers={"x-http-method-override": "GET"}).status_code == 200


def test_the_end_of_the_attempts(make: Make, url: str) -> None:
    """After the attempts: host, status and the wait that was asked for; no body, no token."""
    _, session, _ = make(*[TOO_MANY] * 9, attempts=3)
    session.headers["PRIVATE-TOKEN"] = "glpat-1"
    with pytest.raises(TransientError) as caught:
        session.get(url)
    assert str(caught.value) == "127.0.0.1 answered 429 → it is asked again at the next sync"
    assert (caught.value.retry_after, LAYER.requests()) == (20.0, 3)


@pytest.mark.parametrize(("wanted", "limits"), [("301", {}), ("99999999999", {}), ("60", {"deadline": 50})])
def test_too_long_a_wait_is_not_begun(make: Make, url: str, wanted: str, limits: dict[str, float]) -> None:
    """A wait beyond the longest, or beyond the deadline, is handed up at once."""
    _, session, clock = make(Status(429, {"Retry-After": wanted}), **limits)
    with pytest.raises(TransientError) as caught:
        session.get(url)
    assert clock.waits == []
    assert caught.value.retry_after is not None
    assert caught.value.retry_after > 50


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410, 501])
def test_answers_that_are_not_ours_to_judge(make: Make, url: str, code: int) -> None:
    """Client errors go to the caller at the first answer; 501 is final."""
    _, session, _ = make(Status(code))
    if code == 501:
        with pytest.raises(TransientError):
            session.get(url)
    else:
        assert session.get(url).status_code == code
    assert LAYER.requests() == 1


@pytest.mark.parametrize(
    "to", ["https://evil.example/x?token=1", "http://127.0.0.1:1/", "http://user@127.0.0.1/", "//evil.example"]
)
def test_the_token_stays_at_its_origin(make: Make, url: str, to: str) -> None:
    """A redirect to another scheme, host, port or user is refused and its target's secrets are not repeated."""
    _, session, _ = make(faults.Redirect(to), faults.Redirect(to))
    session.headers["PRIVATE-TOKEN"] = "glpat-1"
    for follow in (True, False):
        with pytest.raises(ConfigError) as caught:
            session.get(url, allow_redirects=follow)
        assert "token=1" not in str(caught.value)
    assert LAYER.requests() == 2
    with pytest.raises(ConfigError):
        session.get(to if to.startswith("http") else "https:" + to)


def test_redirects_within_the_origin(make: Make, url: str) -> None:
    """A renamed path is followed with its token; a loop ends."""
    _, session, _ = make()
    assert session.get(url + "/old", headers={"PRIVATE-TOKEN": "t"}).json() == {"path": "/new", "token": "t"}
    with pytest.raises(requests.TooManyRedirects):
        session.get(url + "/loop")


def test_a_bomb_is_cut_off(make: Make, url: str) -> None:
    """The cap counts decoded bytes, and is no reason to ask again."""
    transport, session, _ = make(faults.Bomb(8_000_000), max_bytes=1_000_000)
    with pytest.raises(TransientError, match="more than 976 KiB"):
        session.get(url)
    assert transport.counts().requests == 1


def test_a_drip_does_not_outlive_the_deadline(url: str) -> None:
    """A server that sends a byte at a time never goes silent, and is left at the deadline all the same."""
    LAYER.plan = faults.at(LAYER.requests() + 1, faults.Drip(0.02))
    started = time.monotonic()
    with pytest.raises(TransientError, match=r"within 0\.3 s"):
        Transport(Limits(deadline=0.3)).session(url).get(url)
    assert time.monotonic() - started < 1.5


def test_silence_and_stop(url: str) -> None:
    """A silent server is left after the read timeout; a stop ends a read at once, and forbids the next request."""
    LAYER.clear()
    LAYER.plan = lambda _number, _method, _path: faults.Late(0.6)
    with pytest.raises(TransientError, match="went silent"):
        Transport(Limits(read=0.1, attempts=1)).session(url).get(url)
    stop = threading.Event()
    session = Transport(stop=stop).session(url)
    threading.Timer(0.05, stop.set).start()
    started = time.monotonic()
    for _ in range(2):
        with pytest.raises(TransientError, match="stop"):
            session.get(url)
    assert time.monotonic() - started < 0.5


def test_an_unreachable_host(make: Make) -> None:
    """Nothing listens: also a write is tried again, since nothing was sent; the message names host and
    port alone, and that the address may be wrong.
    """
    transport, _, clock = make(attempts=3)
    with pytest.raises(TransientError, match=r"^127\.0\.0\.1:1 refused the connection → look whether the url is right"):
        transport.session("http://127.0.0.1:1").post("http://127.0.0.1:1/write")
    assert len(clock.waits) == 2


def test_one_wait_is_meant_for_all(make: Make, url: str) -> None:
    """After a 429 no session of the transport sends before the wait is over; and a rate limit spaces requests."""
    transport, session, clock = make(TOO_MANY, attempts=1)
    with pytest.raises(TransientError):
        session.get(url)
    transport.session(url).get(url)
    assert clock.waits == [20.0]
    _, session, clock = make(per_second=4)
    for _ in range(3):
        session.get(url)
    assert clock.waits == pytest.approx([0.25, 0.25])


@pytest.mark.parametrize("status", [429, 503])
def test_nobody_asks_earlier_than_the_server_wished(make: Make, url: str, status: int) -> None:
    """A wish to be left alone for an hour binds every session: until then nothing is sent, and each is told at once."""
    transport, session, clock = make(Status(status, {"Retry-After": "3600"}), longest_wait=120)
    with pytest.raises(TransientError):
        session.get(url)
    with pytest.raises(TransientError, match="left alone") as caught:
        transport.session(url).get(url)
    assert (LAYER.requests(), clock.waits, caught.value.retry_after) == (1, [], 3600.0)
    clock.now += 3600
    assert session.get(url).ok


def test_a_server_that_has_too_much_to_do_is_asked_less_at_once(make: Make, url: str) -> None:
    """Each 429 halves what may be under way; answers that come well widen it again."""
    transport, session, _ = make(Status(429), None, concurrency=8)
    session.get(url)
    assert transport.width == 4
    for _ in range(40):
        session.get(url)
    assert transport.width == 8


def test_libraries_cannot_weaken_it(make: Make, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy from the environment, no timeout and verify=False from the library change nothing."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    transport, _, _ = make()
    session = requests.Session()
    session.verify = False
    transport.mount(session, url + "/context")
    assert session.get(url + "/a", timeout=None).status_code == 200
    assert session.trust_env is False


def test_settings_are_judged_at_once() -> None:
    """A CA file that is not there and a proxy that is none are named before the first request."""
    with pytest.raises(ConfigError, match="nowhere"):
        Transport(ca_file="/nowhere/ca.pem")
    with pytest.raises(ConfigError, match="proxy"):
        Transport(proxy="socks5://user:secret@host")


@given(st.lists(st.sampled_from([None, TOO_MANY, Status(502), faults.Reset(), faults.Cut(0.3)]), max_size=5))
def test_any_order_of_faults_converges(url: str, plan: list[faults.Fault | None]) -> None:
    """Fewer faults than attempts, in any order: the read succeeds, and no wait was shorter than asked."""
    clock = Clock()
    LAYER.clear()
    LAYER.plan = faults.script(plan)
    transport = Transport(Limits(deadline=1e6), wait=clock.wait, clock=clock)
    assert transport.session(url).get(url).status_code == 200
    before = plan[: LAYER.requests() - 1]
    assert sum(clock.waits) >= 20 * sum(fault is TOO_MANY for fault in before)
    assert transport.counts().requests == len(before) + 1


EPOCH = 1_772_442_000
SAID = {"Date": "Mon, 02 Mar 2026 09:00:00 GMT"}


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "20"}, 20),
        ({"Retry-After": "Mon, 02 Mar 2026 09:00:20 GMT"}, 20),
        ({"RateLimit-Reset": str(EPOCH + 20)}, 20),
        ({"RateLimit-Reset": "20"}, 20),
        ({"X-RateLimit-Reset": "2026-03-02T09:01Z"}, 60),
        ({"X-RateLimit-Reset": str(EPOCH + 20)}, 20),
        ({"RateLimit-ResetTime": "Mon, 02 Mar 2026 09:00:20 GMT"}, 20),
        ({"RateLimit": '"default";r=0;t=20'}, 20),
        ({"RateLimit-Reset": "20", "RateLimit-ResetTime": "Mon, 02 Mar 2026 09:00:30 GMT"}, 30),
        ({"Retry-After": "soon"}, 0),
        ({"Retry-After": "-7"}, 0),
        ({"Retry-After": "0"}, 0),
        ({}, 0),
    ],
)
def test_however_a_server_says_how_long(make: Make, url: str, headers: dict[str, str], seconds: float) -> None:
    """Never earlier than asked, in whatever header; a wish that says nothing is a wait by our own measure."""
    transport, session, clock = make(Status(429, {**SAID, **headers}))
    assert session.get(url).ok
    assert clock.waits[0] >= seconds
    assert sum(clock.waits) <= seconds * 1.1 + 1
    assert transport.counts().requests == 2


class Asked(threading.Event):
    """A stop that tells when a thread has looked at it twice: before the gate, and at it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name, self._looks = name, 0
        self.at_the_gate = threading.Event()

    def is_set(self) -> bool:
        if threading.current_thread().name == self._name:
            self._looks += 1
            if self._looks >= 2:
                self.at_the_gate.set()
        return super().is_set()


def test_a_wish_binds_also_those_that_wait_at_the_gate(url: str) -> None:
    """One request is under way at a time; while it is told to wait, the next one stands at the gate already."""
    stop, clock, sent = Asked("second"), Clock(), list[float]()

    def plan(number: int, method: str, path: str) -> faults.Fault | None:
        sent.append(clock.now)
        if len(sent) > 1:
            return None
        stop.at_the_gate.wait(10)
        return TOO_MANY

    limits = Limits(deadline=1e6, attempts=1, concurrency=1)
    transport = Transport(limits, stop=stop, wait=clock.wait, clock=clock)
    second = threading.Thread(target=lambda: transport.session(url).get(url), name="second")

    def plan_and_start(number: int, method: str, path: str) -> faults.Fault | None:
        if not sent:
            second.start()
        return plan(number, method, path)

    LAYER.clear()
    LAYER.plan = plan_and_start
    with pytest.raises(TransientError):
        transport.session(url).get(url)
    second.join(10)
    assert stop.at_the_gate.is_set()
    assert len(sent) == 2
    assert sent[1] - sent[0] >= 20


def test_a_server_with_a_quota_is_asked_hardly_more_than_needed(url: str) -> None:
    """A quota of 60 requests a window of time, eight threads: at most a tenth more requests than answers."""
    clock, window, lock = Clock(), [0.0, 0], threading.Lock()

    def plan(number: int, method: str, path: str) -> faults.Fault | None:
        with lock:
            if clock.now >= window[0]:
                window[:] = [clock.now + 30, 0]
            window[1] += 1
            left = window[0] - clock.now
            return None if window[1] <= 60 else Status(429, {"Retry-After": str(int(left) + 1)})

    LAYER.clear()
    LAYER.plan = plan
    transport = Transport(Limits(deadline=1e6, concurrency=8), wait=clock.wait, clock=clock)
    crew, session = Crew(8), transport.session(url)
    answers = list(crew.answers(lambda _: session.get(url).status_code, range(300)))
    crew.close()
    assert answers == [200] * 300
    assert LAYER.requests() <= 330


def test_each_piece_of_work_has_a_tally_of_its_own(make: Make, url: str) -> None:
    """What is sent, retried, received and waited inside it, in the threads of a crew too; the transport has the sum."""
    transport, session, _ = make(TOO_MANY)
    with transport.counting() as first:
        assert session.get(url).ok
    with transport.counting() as second:
        crew = Crew(4)
        assert list(crew.answers(lambda _: session.get(url).ok, range(6))) == [True] * 6
        crew.close()
    session.get(url)
    told, other, whole = first.snapshot(), second.snapshot(), transport.counts()
    assert (told.requests, told.retries, told.statuses) == (2, 1, {"4xx": 1, "2xx": 1})
    assert told.waited >= 20
    assert (other.requests, other.retries, other.waited) == (6, 0, 0)
    assert other.received == 6 * (told.received - len(b"secret body"))
    assert whole.requests == 9


def test_an_address_is_judged_by_whom_it_reaches(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is this machine's and resolves elsewhere gets nothing: no byte is sent in plain http."""
    own = _own_address()
    with socket.create_server((own, 0)) as listener:
        port = listener.getsockname()[1]
        there = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (own, port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_given, **_named: there)
        transport, _, _ = make()
        session = transport.session(f"http://localhost:{port}")
        session.headers["PRIVATE-TOKEN"] = "glpat-1"
        with pytest.raises(ConfigError, match="plain http left this machine"):
            session.get(f"http://localhost:{port}/a")
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(5)
            assert connection.recv(100) == b""


def _own_address() -> str:
    """An address of this machine that is not loopback; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no address but loopback")
        address: str = probe.getsockname()[0]
    return address if not address.startswith("127.") else pytest.skip("this machine has no address but loopback")
