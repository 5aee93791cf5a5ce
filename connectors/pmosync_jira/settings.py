"""What a Jira connection may be told."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class JiraSettings(BaseModel):
    """One Jira site.

    ``email`` with an API token is how Cloud signs in; without it the token is a personal access token of Data Center.
    ``overlap_minutes`` are read again at every pull, because the search index lags and queries know no seconds.
    ``page_size`` counts issues an answer; ``history`` reads changelogs, ``boards`` reads sprints. ``time_zone``
    replaces the account's profile zone, in which Jira reads dates in queries.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    url: str
    flavour: Literal["auto", "cloud", "server"] = "auto"
    email: str = ""
    token: SecretStr | None = None
    token_file: str = ""
    boards: bool = True
    history: bool = True
    overlap_minutes: int = Field(default=15, ge=15, le=1440)
    page_size: int = Field(default=100, ge=10, le=1000)
    time_zone: str = ""

    @field_validator("url")
    @classmethod
    def _safe_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("https", "http") or not parts.hostname:
            raise ValueError("write the address as https://host or https://host/context")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError(
                "an address holds no user, password, query or fragment; the token has a setting of its own"
            )
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise ValueError("plain http would show the token to the network; write https://")
        return url.rstrip("/")

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone and zone not in available_timezones():
            raise ValueError("no such time zone; write it like Asia/Shanghai")
        return zone

    @model_validator(mode="after")
    def _credential(self) -> JiraSettings:
        if self.token is None:
            raise ValueError("a credential is needed: name a file that holds the token with token_file")
        if self.flavour == "cloud" and not self.email:
            raise ValueError("Jira Cloud signs in with email and API token; email is missing")
        return self

    @property
    def host(self) -> str:
        """The host, for messages."""
        return urlsplit(self.url).netloc
