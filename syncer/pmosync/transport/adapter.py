"""The one HTTPAdapter: a session that wears it reaches one origin, within its deadline, by one retry policy."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import tenacity
import urllib3
from msgspec import Struct
from requests.adapters import HTTPAdapter

from pmosync.errors import ConfigError, TransientError
from pmosync.transport import connections, patience
from pmosync.transport.counts import Tally
from pmosync.transport.gate import Gate
from pmosync.transport.limits import Limits
from pmosync.transport.origin import Origin, loopback, parsed
from pmosync.transport.pace import Pace
from pmosync.transport.truce import Commons, Truce
from pmosync.transport.watch import Stop, Watch, current

CHUNK = 65536
TRY_LATER = frozenset({408, 425, 429})
TICK = 0.001
"""Two readings of one instant differ by less, in seconds."""
NEXT_TIME = "it is asked again at the next sync"
UNREACHED = f"look whether the url is right and the host is up; {NEXT_TIME}"


class Shared(Struct, frozen=True):
    """What the adapters of one transport have in common."""

    limits: Limits
    stop: Stop
    wait: Callable[[float], bool]
    clock: Callable[[], float]
    now: Callable[[], datetime]
    tally: Tally
    pace: Pace
    gate: Gate
    ca_file: str = ""
    proxy: str = ""
    commons: Commons | None = None


class Trouble(Struct, frozen=True):
    """An attempt that brought nothing: why, the wait the server asked for, whether another may be made, whether the server
    had too much to do, and what helps.
    """

    cause: str
    asked: float | None
    again: bool
    crowded: bool = False
    remedy: str = NEXT_TIME


Outcome = requests.Response | Trouble


class Adapter(HTTPAdapter):
    """Sends requests of one session to ``origin`` and nowhere else.

    Raises TransientError (host and status, never a body) when the attempts or the deadline end, ConfigError for a
    request or redirect to another origin and for a certificate that does not verify. Answers below 500 other than 408,
    425 and 429 go to the caller with their body read.
    """

    def __init__(self, origin: Origin, shared: Shared, safe_posts: tuple[str, ...]) -> None:
        self._origin, self._shared, self._safe_posts = origin, shared, safe_posts
        self._chance = random.SystemRandom().random
        commons = shared.commons
        self._truce = None if commons is None else Truce(commons, origin, shared.clock, shared.now)
        super().__init__(pool_connections=2, pool_maxsize=16, max_retries=0)

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        """As requests does, with our connections."""
        super().init_poolmanager(*given, **named)
        connections.watched(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **named: Any) -> Any:
        """As requests does, with our connections."""
        return connections.watched(super().proxy_manager_for(proxy, **named))

    def send(self, request: requests.PreparedRequest, *given: Any, **named: Any) -> requests.Response:
        """One request with its retries. What the library passes for timeouts, proxies and certificates is not used."""
        if parsed(request.url or "") != self._origin:
            raise ConfigError(
                f"a request or redirect from {self._origin} to {_place(request.url)} was refused",
                remedy="if the server has moved, change its address in the settings",
            )
        limits = self._shared.limits
        watch = Watch(self._origin.host, limits.deadline, limits.read, self._shared.clock, self._shared.stop)
        token = current.set(watch)
        try:
            return self._answer(self._policy(watch)(self._attempt, request, watch))
        finally:
            current.reset(token)

    def _policy(self, watch: Watch) -> tenacity.Retrying:
        """The retry policy: retry what may be retried, wait as asked, give up at once where the wait is longer than we
        have.
        """
        return tenacity.Retrying(
            retry=tenacity.retry_if_result(lambda outcome: isinstance(outcome, Trouble) and outcome.again),
            stop=tenacity.stop_any(
                tenacity.stop_after_attempt(self._shared.limits.attempts),
                _Hopeless(self._shared.limits.longest_wait, watch),
            ),
            wait=lambda state: patience.pause(state.attempt_number, _trouble(state).asked, self._chance()),
            sleep=lambda seconds: self._rest(min(seconds, watch.remaining())),
            before_sleep=lambda _state: self._shared.tally.add(retries=1),
            retry_error_callback=_trouble,
        )

    def _answer(self, outcome: Outcome) -> requests.Response:
        if isinstance(outcome, Trouble):
            lost, origin = outcome.cause in NEVER_THERE, self._origin
            place, remedy = (origin.called, UNREACHED) if lost else (origin.host, outcome.remedy)
            raise TransientError(f"{place} {outcome.cause}", remedy=remedy, retry_after=outcome.asked)
        return outcome

    def _attempt(self, request: requests.PreparedRequest, watch: Watch) -> Outcome:
        """Send once and read the whole body; not at all while the server wants to be left alone for longer than we have. What
        it wishes while we wait for our turn counts too.
        """
        while True:
            most, known = min(self._shared.limits.longest_wait, watch.remaining()), self._quiet_until()
            wait = self._wait(known, most)
            if wait > most:
                return Trouble(
                    f"asked to be left alone for {wait:.0f} s more", wait, again=False, remedy=self._remedy()
                )
            self._rest(wait)
            watch.check()
            with self._shared.gate.through(watch.check) as entered:
                if self._quiet_until() <= known + TICK:
                    return self._noted(self._ask(request, watch), entered)

    def _remedy(self) -> str:
        """What helps against a wish that is too long: where it comes from other processes, their file can be taken away."""
        if self._truce is None or self._truce.until() <= self._shared.clock():
            return NEXT_TIME
        return f"{NEXT_TIME}; if the server does not want that any longer, delete {self._truce.path}"

    def _quiet_until(self) -> float:
        """Before when nobody asks: told to a thread of ours, or to another process."""
        return max(self._shared.pace.until, self._truce.until() if self._truce else 0.0)

    def _wait(self, known: float, most: float) -> float:
        """Seconds until our turn."""
        now = self._shared.clock()
        wait = max(self._shared.pace.turn(now, most), known - now)
        return max(wait, self._truce.turn(most)) if self._truce and wait <= most else wait

    def _noted(self, outcome: Outcome, entered: int) -> Outcome:
        """The outcome, the gate being set by it."""
        if isinstance(outcome, requests.Response):
            self._shared.gate.widen()
        elif outcome.crowded:
            self._shared.gate.narrow(entered)
        return outcome

    def _ask(self, request: requests.PreparedRequest, watch: Watch) -> Outcome:
        self._shared.tally.add(requests=1, sent=len(request.body or b""))
        repeatable = self._repeatable(request)
        try:
            response = self._once(request, watch)
            self._judge_redirect(response)
            self._read(response)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            self._shared.tally.answered(0)
            _refuse_certificate(error, self._origin)
            return Trouble(_cause(error), None, repeatable or _unsent(error))
        self._shared.tally.answered(response.status_code)
        return self._judge(response, repeatable)

    def _once(self, request: requests.PreparedRequest, watch: Watch) -> requests.Response:
        limits, shared = self._shared.limits, self._shared
        left = watch.remaining()
        proxy = "" if loopback(self._origin.host) else shared.proxy
        return super().send(
            request,
            stream=True,
            timeout=(min(limits.connect, left), min(limits.read, left)),
            verify=shared.ca_file or True,
            cert=None,
            proxies={"http": proxy, "https": proxy} if proxy else {},
        )

    def _judge(self, response: requests.Response, repeatable: bool) -> Outcome:
        """Whether an answer goes to the caller, or is a reason to ask again."""
        status = response.status_code
        if status < 500 and status not in TRY_LATER:
            return response
        wanted = patience.asked(status, response.headers, self._shared.now())
        if wanted:
            self._shared.pace.hold(self._shared.clock() + wanted)
            if self._truce:
                self._truce.hold(wanted)
        again = status in TRY_LATER or (repeatable and status not in (501, 505))
        return Trouble(f"answered {status}", wanted, again, crowded=status == 429)

    def _read(self, response: requests.Response) -> None:
        """Read the body to its end, decoded, within the cap; the response then serves it as if it had read it
        itself.
        """
        pieces, size, cap = [], 0, self._shared.limits.max_bytes
        while piece := response.raw.read1(CHUNK, decode_content=True):
            size += len(piece)
            if size > cap:
                response.raw.close()
                raise TransientError(
                    f"{self._origin.host} sent more than {cap // 1024:,} KiB in one answer",
                    remedy="narrow the scope, or raise max_bytes of the connection",
                )
            pieces.append(piece)
        response._content = b"".join(pieces)
        response._content_consumed = True  # type: ignore[attr-defined]
        response.raw.release_conn()
        self._shared.tally.add(received=size)

    def _judge_redirect(self, response: requests.Response) -> None:
        """Refuse to be sent to another origin before a byte of the answer is used."""
        place = response.headers.get("Location", "") if response.is_redirect else ""
        target = urljoin(response.url, place)
        if place and parsed(target) != self._origin:
            response.raw.close()
            raise ConfigError(
                f"{self._origin} redirects to {_place(target)}: refused, the token stays here",
                remedy="if the server has moved, change its address in the settings; else look at its login or proxy",
            )

    def _repeatable(self, request: requests.PreparedRequest) -> bool:
        """Whether the same request twice means the same as once."""
        if request.method in ("GET", "HEAD"):
            return True
        if request.headers.get("X-HTTP-Method-Override", "").upper() == "GET":
            return True
        path = urlsplit(request.url or "").path
        return request.method == "POST" and any(fnmatchcase(path, "*" + end) for end in self._safe_posts)

    def _rest(self, seconds: float) -> None:
        if seconds > 0:
            self._shared.tally.waited(seconds)
            self._shared.wait(seconds)


class _Hopeless(tenacity.stop.stop_base):
    """Stops where nothing more is wanted, or the server asks for a longer wait than there is time for."""

    def __init__(self, longest: float, watch: Watch) -> None:
        self._longest, self._watch = longest, watch

    def __call__(self, retry_state: tenacity.RetryCallState) -> bool:
        return self._watch.stop.is_set() or (_trouble(retry_state).asked or 0.0) > min(
            self._longest, self._watch.remaining()
        )


def _trouble(state: tenacity.RetryCallState) -> Trouble:
    outcome = state.outcome.result() if state.outcome else None
    if not isinstance(outcome, Trouble):
        raise TypeError("the retry policy was asked about an attempt that brought an answer")
    return outcome


def _place(url: str | None) -> str:
    """The origin of an address, without the path and query that may hold secrets."""
    origin = parsed(url or "")
    return str(origin) if origin else "an address that is not plain http(s)"


def _reasons(error: BaseException) -> list[BaseException]:
    """An exception and what it was made from."""
    found: list[BaseException] = []
    queue: list[object] = [error]
    while queue and len(found) < 16:
        one = queue.pop(0)
        if isinstance(one, BaseException) and one not in found:
            found.append(one)
            queue += [getattr(one, "reason", None), one.__cause__, one.__context__, *one.args]
    return found


def _refuse_certificate(error: BaseException, origin: Origin) -> None:
    if (
        any(isinstance(one, urllib3.exceptions.SSLError) for one in _reasons(error))
        and "certificate" in repr(error).lower()
    ):
        raise ConfigError(
            f"the certificate of {origin} does not verify",
            remedy="set ca_file to the PEM file of your organisation's authority",
        ) from None


def _unsent(error: BaseException) -> bool:
    """Whether the failure came before anything was sent: the host was not reached."""
    never = (
        urllib3.exceptions.NewConnectionError,
        urllib3.exceptions.ConnectTimeoutError,
        urllib3.exceptions.NameResolutionError,
    )
    return any(isinstance(one, never) for one in _reasons(error))


CAUSES: Mapping[type[BaseException], str] = {
    urllib3.exceptions.NameResolutionError: "cannot be found by name",
    urllib3.exceptions.NewConnectionError: "refused the connection",
    urllib3.exceptions.ConnectTimeoutError: "did not accept a connection in time",
    urllib3.exceptions.ReadTimeoutError: "went silent",
    urllib3.exceptions.IncompleteRead: "cut its answer short",
    urllib3.exceptions.InvalidChunkLength: "cut its answer short",
    urllib3.exceptions.DecodeError: "sent a body that cannot be decompressed",
    urllib3.exceptions.ProxyError: "cannot be reached through the proxy",
    urllib3.exceptions.SSLError: "broke off the TLS handshake",
    ConnectionError: "dropped the connection",
}

NEVER_THERE = frozenset(
    CAUSES[kind]
    for kind in (
        urllib3.exceptions.NameResolutionError,
        urllib3.exceptions.NewConnectionError,
        urllib3.exceptions.ConnectTimeoutError,
    )
)
"""What is said of a host that was not reached at all: its address may be wrong."""


def _cause(error: BaseException) -> str:
    """What went wrong in our own words; a library's text may hold addresses with secrets."""
    reasons = _reasons(error)
    return next(
        (text for kind, text in CAUSES.items() if any(isinstance(one, kind) for one in reasons)), "broke the connection"
    )
