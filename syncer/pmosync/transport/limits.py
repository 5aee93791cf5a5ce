"""Every cap and deadline of a connection in one place."""

from __future__ import annotations

from msgspec import Struct


class Limits(Struct, frozen=True):
    """Every cap and deadline of one connection; seconds and bytes.

    ``deadline`` is the whole of one request: every attempt, every wait between them and the body. ``max_bytes`` counts
    the body after decompression. ``longest_wait`` is the longest wait a server may ask for before the request is given
    up at once. ``per_second`` 0 means no limit of our own. ``concurrency`` requests are under way at once at most; fewer
    while the server says that they are too many.
    """

    connect: float = 5.0
    read: float = 30.0
    deadline: float = 120.0
    max_bytes: int = 128 * 1024 * 1024
    attempts: int = 6
    longest_wait: float = 300.0
    per_second: float = 0.0
    concurrency: int = 8
