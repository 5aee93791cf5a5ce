"""The server's time, as its answers tell it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_ONE = re.compile(r"[A-Z][a-z]{2}, [^,]* GMT")


def server_date(header: str) -> datetime | None:
    """The instant of a ``Date`` header, None if it tells none. Where a machine in between added a date of its own, both
    stand in one line and the server's is the last.
    """
    return http_date((_ONE.findall(header) or [header])[-1])


def http_date(text: str) -> datetime | None:
    """The UTC instant of an HTTP date, None for anything else."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
