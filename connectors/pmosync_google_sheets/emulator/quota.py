"""The Sheets API's limits of requests a minute, on the emulated clock."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from pmosync_google_sheets.emulator.refusals import exhausted


class Limits(Struct, frozen=True):
    """Requests a minute, reads and writes each: of one user, of the whole project (developers.google.com/sheets/api/limits)."""

    user: int = 60
    project: int = 300


class Quota:
    """Counts requests by the minute of the clock, as Google does: a new minute starts from nothing."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._minute = ""
        self._counts: dict[tuple[str, str], int] = {}

    def spend(self, caller: str, kind: str, now: datetime) -> None:
        """Count one ``Read`` or ``Write`` of a caller. Raises Refusal (429) above a limit; a refused request does not count."""
        minute = now.strftime("%Y%m%d%H%M")
        if minute != self._minute:
            self._minute, self._counts = minute, {}
        own, all_ = self._counts.get((kind, caller), 0), self._counts.get((kind, ""), 0)
        if own >= self._limits.user:
            raise exhausted(f"{kind} requests", f"{kind} requests per minute per user")
        if all_ >= self._limits.project:
            raise exhausted(f"{kind} requests", f"{kind} requests per minute")
        self._counts[(kind, caller)], self._counts[(kind, "")] = own + 1, all_ + 1
