"""What a connection to GitLab is given."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from pmosync.errors import ConfigError

LOOPBACK = ("localhost", "127.0.0.1", "::1")
THROTTLE = timedelta(seconds=60)
"""Within this time of an issue's last update GitLab does not move ``updated_at`` for labels, assignees, notes, time and links
(TOUCH_INTERVAL in its app/models/concerns/throttled_touch.rb)."""


class GitlabSettings(BaseModel):
    """``url`` is the server's address as in a browser, without ``/api``. ``token`` (better: ``token_file``, readable by its
    owner alone) is an access token with the scope ``read_api``.

    ``overlap`` (minutes) is re-read at each pull, on top of the minute for which GitLab throttles ``updated_at`` and of
    ``skew`` (seconds) between its machines. ``history`` turns off reading who changed state, milestone, labels and due dates;
    what happened before the first pull is read for issues updated within ``history_days``, behind everything else and with
    about ``history_requests`` requests a sync. ``releases`` has the releases of every project read, a request each.
    ``max_pages`` ends a listing that would not end.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    token: SecretStr = SecretStr("")
    token_file: Path | None = None
    overlap: int = Field(default=15, ge=0, le=24 * 60)
    skew: int = Field(default=60, ge=0, le=3600)
    page_size: int = Field(default=100, ge=1, le=100)
    max_pages: int = Field(default=10_000, ge=1)
    history: bool = True
    history_days: int = Field(default=180, ge=0)
    history_requests: int = Field(default=4_000, ge=1)
    releases: bool = False

    @field_validator("url")
    @classmethod
    def _address(cls, value: str) -> str:
        parts = urlsplit(value)
        if (
            parts.scheme not in ("https", "http")
            or not parts.hostname
            or parts.username
            or parts.query
            or parts.fragment
        ):
            raise ValueError("write the server's address as https://host, without user, query or fragment")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise ValueError("plain http is for loopback only; write https://")
        if "/api/" in parts.path + "/":
            raise ValueError("leave /api out of the address")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _some_token(self) -> GitlabSettings:
        if not self.token.get_secret_value() and self.token_file is None:
            raise ValueError("give token_file (or token): an access token with the scope read_api")
        return self

    @property
    def silence(self) -> timedelta:
        """For how long after its last update an item may change without saying so."""
        return THROTTLE + timedelta(seconds=self.skew)

    @property
    def margin(self) -> timedelta:
        """How far before the previous pull's start the next one begins."""
        return self.silence + timedelta(minutes=self.overlap)


def secret(settings: GitlabSettings) -> str:
    """The access token. ConfigError names a file that cannot be read, or is empty."""
    given = settings.token.get_secret_value().strip()
    if given or settings.token_file is None:
        return given
    try:
        found = settings.token_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        found = ""
    if not found:
        raise ConfigError(
            f"token_file {settings.token_file} cannot be read or is empty",
            remedy="put a GitLab access token with the scope read_api into it and run `chmod 600` on it",
        )
    return found
