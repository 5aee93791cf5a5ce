"""What every answer needs to be written: the site, the version's dialect and the address under which it was asked."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from typing import Any

from msgspec import Struct

from .dialect import Dialect
from .site import Site

Json = dict[str, Any]


class Look(Struct, frozen=True):
    """``base`` is scheme and host, without a slash at its end; ``admin`` sees what administrators see."""

    site: Site
    dialect: Dialect
    base: str
    admin: bool = False

    @property
    def version(self) -> str:
        """As the server tells it: a paid edition says so."""
        return self.dialect.version + ("-ee" if self.site.licensed else "")

    @property
    def api(self) -> str:
        """Where the API of version 4 begins."""
        return self.base + "/api/v4"


def instant(moment: datetime | None) -> str | None:
    """GitLab's form of an instant: UTC, milliseconds, Z."""
    if moment is None:
        return None
    whole = moment.astimezone(UTC)
    return f"{whole:%Y-%m-%dT%H:%M:%S}.{whole.microsecond // 1000:03d}Z"


def day(value: date | None) -> str | None:
    """A plain date."""
    return value.isoformat() if value else None


def avatar(text: str) -> str:
    """An address in the form of the usual avatar service; nobody fetches it."""
    code = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    return f"https://www.gravatar.com/avatar/{code}?s=80&d=identicon"


def duration(seconds: int) -> str | None:
    """Seconds as GitLab writes them for people: weeks of 5 days of 8 hours; None for nothing."""
    words = []
    for name, size in (("w", 144_000), ("d", 28_800), ("h", 3_600), ("m", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            words.append(f"{count}{name}")
    return " ".join(words) or None


def time_stats(estimate: int, spent: int) -> Json:
    """Estimate and time spent, in seconds and in words."""
    return {
        "time_estimate": estimate,
        "total_time_spent": spent,
        "human_time_estimate": duration(estimate),
        "human_total_time_spent": duration(spent),
    }
