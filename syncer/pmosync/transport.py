"""One HTTP transport under all three client libraries, whose own retries are off."""

from __future__ import annotations

import threading
from collections.abc import Callable

import requests
from msgspec import Struct


class Limits(Struct, frozen=True):
    """Every cap and deadline of one connection; seconds and bytes."""

    connect: float = 5.0
    read: float = 30.0
    deadline: float = 120.0
    max_bytes: int = 128 * 1024 * 1024
    attempts: int = 6
    longest_wait: float = 300.0
    per_second: float = 0.0


class Transport:
    """Mounts the one adapter on a client library's session."""

    def __init__(
        self,
        limits: Limits = Limits(),
        *,
        stop: threading.Event | None = None,
        ca_file: str = "",
        proxy: str = "",
        wait: Callable[[float], bool] | None = None,
    ) -> None: ...

    def session(self, origin: str, *, safe_posts: tuple[str, ...] = ()) -> requests.Session:
        """A session of our own with the adapter mounted."""
        raise RuntimeError

    def mount(self, session: requests.Session, origin: str, *, safe_posts: tuple[str, ...] = ()) -> None:
        """Put the adapter under a library's session."""
