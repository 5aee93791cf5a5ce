"""How long to wait before asking again: what the server said, then full jitter; never earlier than asked. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from pmosync.transport.dates import http_date, server_date

FIRST, CEILING = 1.0, 60.0
"""The ceiling of the random wait is FIRST seconds before the second attempt and doubles up to CEILING."""
LONGEST = 366 * 86400.0
RESETS = ("RateLimit-Reset", "X-RateLimit-Reset", "RateLimit-ResetTime", "RateLimit", "Beta-RateLimit")
FIELD = re.compile(r";\s*t=(\d+)")
EPOCH_FROM = 1e9
"""A reset header above this is an epoch second; below, it counts seconds from now (IETF draft RateLimit headers)."""


def asked(status: int, headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds the server wants us to stay away, or None if it says nothing readable.

    ``Retry-After`` (seconds or an HTTP date) decides; on 429 the reset headers (``RateLimit-Reset`` epoch or seconds,
    ``X-RateLimit-Reset`` epoch or ISO, ``RateLimit-ResetTime`` an HTTP date, ``RateLimit`` with its ``t`` in seconds) stand
    in for it, the latest of them. Dates are read against the server's own ``Date`` header, so
    that a skewed clock on either side cannot make us early.
    """
    now = server_date(headers.get("Date", "")) or now
    told = retry_after(headers.get("Retry-After", ""), now)
    if told is not None or status != 429:
        return told
    resets = (reset(headers.get(name, ""), now) for name in RESETS)
    return max((wait for wait in resets if wait is not None), default=None)


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds meant by a Retry-After header: a number (negative means 0) or an HTTP date; None if unreadable."""
    number = _number(value)
    if number is not None:
        return _bounded(number)
    moment = http_date(value)
    return None if moment is None else _bounded((moment - now).total_seconds())


def reset(value: str, now: datetime) -> float | None:
    """Seconds meant by a rate-limit reset header: epoch, seconds from now, the ``t`` of a structured field, ISO 8601 or an
    HTTP date; None if unreadable.
    """
    field = FIELD.search(value)
    number = _number(field[1] if field else value)
    if number is not None:
        return _bounded(number - now.timestamp() if number > EPOCH_FROM else number)
    moment = _iso(value) or http_date(value)
    return None if moment is None else _bounded((moment - now).total_seconds())


def _iso(value: str) -> datetime | None:
    """The instant of an ISO 8601 text, of UTC where it names no zone."""
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def pause(attempt: int, wanted: float | None, chance: float) -> float:
    """Seconds to wait after the ``attempt``-th try (from 1): full jitter, on top of what was asked.

    ``chance`` is uniform in [0, 1). Where a wait was asked for, up to a tenth of it (at least half a second) is added,
    so that many clients do not come back in the same instant.
    """
    if wanted:
        return wanted + chance * max(0.5, wanted / 10)
    return chance * min(CEILING, FIRST * 2.0 ** (attempt - 1))


def _bounded(seconds: float) -> float:
    return min(max(seconds, 0.0), LONGEST)


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
