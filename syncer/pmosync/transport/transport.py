"""Puts the one adapter under client libraries' sessions."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from datetime import UTC, datetime
from pathlib import Path

import requests
from msgspec import structs

from pmosync.errors import ConfigError
from pmosync.transport.adapter import Adapter, Shared
from pmosync.transport.counts import Counts, Tally, apart
from pmosync.transport.gate import Gate
from pmosync.transport.limits import Limits
from pmosync.transport.origin import configured
from pmosync.transport.pace import Pace
from pmosync.transport.truce import Commons
from pmosync.transport.watch import AnyOf, Stop


def _utc() -> datetime:
    return datetime.now(UTC)


class Transport:
    """One connection's way out. Its limits, rate and counts are shared by every session it makes or mounts, over all
    threads.

    ``stop`` interrupts every wait and read. ``ca_file`` replaces the public authorities; ``proxy`` is an http(s)
    address (loopback hosts are reached directly). ``wait`` sleeps and returns True if a stop came; ``clock`` is
    monotonic seconds and ``now`` UTC, used only where a server gives a date without its own ``Date`` header.
    ConfigError for an unreadable CA file or an unfit proxy address.
    """

    def __init__(
        self,
        limits: Limits = Limits(),
        *,
        stop: threading.Event | None = None,
        ca_file: str = "",
        proxy: str = "",
        wait: Callable[[float], bool] | None = None,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = _utc,
    ) -> None:
        stop = stop or threading.Event()
        self._given_wait = wait
        self._shared = Shared(
            limits=limits,
            stop=stop,
            wait=wait or stop.wait,
            clock=clock,
            now=now,
            tally=Tally(),
            pace=Pace(limits.per_second),
            gate=Gate(limits.concurrency),
            ca_file=_readable(ca_file),
            proxy=_proxy(proxy),
        )

    def until(self, closing: Stop) -> Transport:
        """The same way out for as long as ``closing`` has not come: it interrupts what is under way then, here alone."""
        found = copy(self)
        stop = AnyOf(closing, self._shared.stop)
        found._shared = structs.replace(self._shared, stop=stop, wait=self._given_wait or stop.wait)
        return found

    def among(self, commons: Commons) -> Transport:
        """The same way out, which heeds what other processes with the same credential were told."""
        found = copy(self)
        found._shared = structs.replace(self._shared, commons=commons)
        return found

    def session(self, origin: str, *, safe_posts: tuple[str, ...] = ()) -> requests.Session:
        """A session of our own with the adapter mounted; see ``mount``."""
        session = requests.Session()
        session.headers["User-Agent"] = "pmosync"
        self.mount(session, origin, safe_posts=safe_posts)
        return session

    def mount(self, session: requests.Session, origin: str, *, safe_posts: tuple[str, ...] = ()) -> None:
        """Put the adapter under a library's session: afterwards it reaches ``origin`` (any address on it) and nothing
        else.

        ``safe_posts`` are ends of paths (``fnmatch`` patterns, such as ``/rest/api/3/search/jql`` or
        ``/values:batchUpdate``) whose POSTs mean the same when sent twice, and are therefore retried like reads. A
        loop of redirects within the origin ends as ``requests.TooManyRedirects``. ConfigError for an address that is
        not https (http: loopback only).
        """
        adapter = Adapter(configured(origin), self._shared, safe_posts)
        session.trust_env = False
        session.max_redirects = 5
        session.adapters.clear()
        session.mount("https://", adapter)
        session.mount("http://", adapter)

    def clock(self) -> float:
        """Monotonic seconds, as all waits are counted."""
        return self._shared.clock()

    def rest(self, seconds: float) -> None:
        """Wait so long, or until there is an end to everything; counted like the waits that servers ask for."""
        if seconds > 0:
            self._shared.tally.waited(seconds)
            self._shared.wait(seconds)

    @property
    def concurrency(self) -> int:
        """How many requests may be under way at once at most."""
        return self._shared.limits.concurrency

    @property
    def width(self) -> int:
        """How many requests may be under way at once now."""
        return self._shared.gate.width

    @contextmanager
    def counting(self) -> Iterator[Tally]:
        """A tally of what is sent from here, and from the threads of a crew that work for here, until it ends."""
        tally = Tally()
        token = apart.set(tally)
        try:
            yield tally
        finally:
            apart.reset(token)

    def counts(self) -> Counts:
        """What was sent, received and waited so far."""
        return self._shared.tally.snapshot()


def _readable(ca_file: str) -> str:
    if ca_file and not Path(ca_file).is_file():
        raise ConfigError(f"the CA file {ca_file} is not there", remedy="set ca_file to a PEM file, or leave it out")
    return ca_file


def _proxy(proxy: str) -> str:
    if proxy and not proxy.lower().startswith(("http://", "https://")):
        raise ConfigError("the proxy address is not http(s)", remedy="write it as http://host:port")
    return proxy
