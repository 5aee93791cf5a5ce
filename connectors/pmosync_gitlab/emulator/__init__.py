"""A stand-in GitLab server: stateful, semantic, version 4 of the REST API, read only.

It behaves as a real server was measured to behave, traps included; ``version`` chooses the field names and habits of that
release.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp

from pmosync.emulation.events import Event

from . import loader
from .calls import RefusedError
from .dialect import dialect
from .look import Look
from .records import Person
from .server import Door
from .site import Site
from .story import Story
from .token import Token

__all__ = ["GitlabEmulator"]

NEWEST = "18.5.1"
TOOL = "pmosync"


class GitlabEmulator:
    """One emulated server with one access token. ``admin`` makes the token's account an administrator; ``paid`` a server
    with iterations and epics.
    """

    name = "gitlab"

    def __init__(
        self,
        version: str = NEWEST,
        *,
        admin: bool = False,
        paid: bool = False,
        scopes: tuple[str, ...] = ("read_api",),
    ) -> None:
        self.site = Site()
        self.site.licensed = paid
        self.token = Token("pmosync-emulated-token", scopes)
        self._dialect = dialect(version)
        self._admin = admin
        self._story = Story(self.site)
        self.site.add_person(Person(id=1, username="root", name="Administrator", email="admin@example.com"))
        self._door = Door(self._look, self.token, self._me, lambda: self._story.revoked)

    @property
    def app(self) -> ASGIApp:
        """The ASGI application."""
        return self._door.app

    def load(self, folder: Path) -> None:
        """Load REST answers, one a line. ConfigError names a broken file and line."""
        with self._door.lock:
            loader.load(self.site, folder)

    def apply(self, event: Event) -> None:
        """Let one event of the story happen; the clock moves to its instant, never backwards."""
        with self._door.lock:
            self.advance(event.at)
            self._story.apply(event)

    def advance(self, now: datetime) -> None:
        """Set the emulated clock, unless it is later already."""
        with self._door.lock:
            self.site.now = max(self.site.now, now.astimezone(UTC))

    def connection(self, url: str, folder: Path) -> Mapping[str, Any]:
        """Settings of a connection to this server; the token lies in a file that only its owner may read."""
        path = folder / "gitlab-token"
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_text(self.token.secret + "\n", encoding="utf-8")
        return {"url": url, "token_file": str(path)}

    def refuse(self, times: int = 1, *, retry_after: int = 8) -> None:
        """Answer the next requests with 429, as the rate limiter does."""
        reset = self.site.now.timestamp() + retry_after
        headers = {"RateLimit-Limit": "30", "RateLimit-Observed": "31", "RateLimit-Remaining": "0"}
        headers |= {"RateLimit-Name": "throttle_authenticated_api", "RateLimit-Reset": str(int(reset))}
        headers |= {"RateLimit-ResetTime": datetime.fromtimestamp(reset, UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")}
        headers |= {"Retry-After": str(retry_after)}
        self._door.refusals += [RefusedError(429, "Retry later\n", headers) for _ in range(times)]

    def forbid(self, ending: str, status: int = 403) -> None:
        """Answer every address with this ending with 403, or as absent with 404."""
        self._door.forbidden[ending] = status

    def _look(self, base: str) -> Look:
        return Look(self.site, self._dialect, base, self._admin)

    def _me(self) -> int:
        return 1 if self._admin else self.site.person(TOOL).id
