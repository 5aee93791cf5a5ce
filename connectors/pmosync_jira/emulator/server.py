"""A Jira site on loopback: Cloud or Data Center, moved by neutral events."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from starlette.types import ASGIApp

from pmosync.emulation.events import Event

from . import load
from .app import application
from .calls import Knobs
from .cast import Story
from .results import Results
from .site import Site
from .story import tell

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""Before every story: the clock never goes back."""
VISITOR = "pmosync"
TOKEN_FILE = "jira-token"  # noqa: S105


class JiraEmulator:
    """Stateful stand-in for one Jira site.

    ``dialect`` is ``cloud`` or ``server`` (Data Center), ``now`` the instant the emulated clock starts at, ``time_zone`` the
    profile zone of the tool's account. ``knobs`` holds page sizes and the length at which changelogs are cut.
    """

    name = "jira"

    def __init__(
        self,
        dialect: Literal["cloud", "server"] = "cloud",
        *,
        now: datetime = EPOCH,
        time_zone: str = "UTC",
        email: str = "pmosync@example.com",
        token: str = "emulated-jira-token",  # noqa: S107
    ) -> None:
        self.knobs = Knobs(cloud=dialect == "cloud")
        self.story = Story(Site(now))
        self.results = Results()
        self.lock = threading.RLock()
        self.zone = ZoneInfo(time_zone)
        self.email, self.token = email, token
        self.account = self._account()
        self._throttled = 0
        self._retry_after = 1
        self._app = application(self)

    def _account(self) -> str:
        visitor = self.story.site.person(VISITOR)
        visitor.email = self.email
        return visitor.account

    @property
    def app(self) -> ASGIApp:
        """The ASGI application."""
        return self._app

    @property
    def now(self) -> datetime:
        """The emulated server's clock."""
        return datetime.fromtimestamp(self.story.site.now / 1000, UTC)

    def load(self, folder: Path) -> None:
        """Load ``issues.jsonl`` (or ``.gz``) and ``site.json``. ConfigError names a broken file and line."""
        with self.lock:
            load.load(self.story.site, folder)

    def apply(self, event: Event) -> None:
        """Let one event of the story happen; events of other systems only move the clock."""
        with self.lock:
            tell(self.story, event)

    def advance(self, now: datetime) -> None:
        """Set the clock; it never goes back."""
        with self.lock:
            self.story.site.advance(now)

    def revoke(self) -> None:
        """The credential dies: Cloud goes on answering 200 with the anonymous view, Data Center answers 401."""
        self.story.alive = False

    def renew(self) -> None:
        """The credential works again."""
        self.story.alive = True

    def expire_tokens(self) -> None:
        """All page tokens given so far become invalid."""
        with self.lock:
            self.results.forget()

    def throttle(self, requests: int, retry_after: int = 1) -> None:
        """Answer the next ``requests`` with 429 and Jira's headers."""
        self._throttled, self._retry_after = requests, retry_after

    def throttled(self) -> dict[str, str] | None:
        """The headers of a 429 answer, when this request is one too many."""
        if self._throttled <= 0:
            return None
        self._throttled -= 1
        headers = {"Retry-After": str(self._retry_after), "X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "0"}
        if not self.knobs.cloud:
            return headers | {"X-RateLimit-Interval-Seconds": "1", "X-RateLimit-FillRate": "10"}
        return headers | {"RateLimit-Reason": "jira-burst-based", "X-RateLimit-Reset": f"{self.now:%Y-%m-%dT%H:%MZ}"}

    def connection(self, url: str, folder: Path) -> Mapping[str, Any]:
        """Settings of a connection to this emulator; the token stands in a file below ``folder`` that only its owner reads."""
        path = folder / TOKEN_FILE
        path.touch(mode=0o600, exist_ok=True)
        path.chmod(0o600)
        path.write_text(self.token, encoding="utf-8")
        shared = {"url": url, "token_file": str(path)}
        return (
            {**shared, "flavour": "cloud", "email": self.email} if self.knobs.cloud else {**shared, "flavour": "server"}
        )
