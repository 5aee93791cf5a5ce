"""The only file that knows the GitLab library: one page or object a call, its errors turned into ours.

The library's own paging and waiting are not used: the transport retries, and paging must be resumable, capped and kept on
the configured server.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import gitlab
import msgspec
import requests
from gitlab.exceptions import GitlabError
from msgspec import Struct

from pmosync.errors import AuthError, ConfigError, HeldError, PmosyncError, TransientError
from pmosync.jsontext import decoded
from pmosync.transport import Transport
from pmosync.transport.dates import server_date

from .settings import GitlabSettings, secret

Row = dict[str, Any]
Query = Mapping[str, str | list[str]]
NEXT_TIME = (
    "it is asked again at the next sync; if it stays so, look whether a proxy or login page stands before GitLab"
)
RENEW = "make an access token with the scope read_api and put it into the connection's token_file"


class NotVisibleError(HeldError):
    """404 or 403: GitLab does not say whether a thing is absent or may not be seen. The token is good for everything else."""


class MissingError(NotVisibleError):
    """404: what was asked for is not there, or not for this token."""


class Page(Struct, frozen=True):
    """Rows of a list, the query of the following page (None: this was the last), the count if told, the server's time."""

    rows: list[Row]
    following: Query | None
    total: int | None
    date: datetime | None


class Client:
    """Reads one GitLab server with one token. May be shared by threads: each gets its own session."""

    def __init__(self, settings: GitlabSettings, transport: Transport) -> None:
        self.url = settings.url
        self.host = urlsplit(settings.url).netloc
        self._settings, self._transport = settings, transport
        self._token = secret(settings)
        self._own = threading.local()
        self._sessions: list[requests.Session] = []
        self._refused: AuthError | None = None

    def one(self, path: str, query: Query | None = None, *, sign: str = "id") -> tuple[Row, datetime | None]:
        """An object, and the server's time. One without a number or text under ``sign`` is not what was asked for.
        AuthError, NotVisibleError, TransientError, ConfigError.
        """
        response = self._get(path, query or {})
        found = self._decoded(response, path)
        if not isinstance(found, dict) or not isinstance(found.get(sign), int | str):
            raise self._misshapen(path, f"an object with its {sign}")
        return found, _date(response)

    def page(self, path: str, query: Query, *, sign: str = "id") -> Page:
        """One page of a list. What is not a list of objects with ids, or texts under another ``sign``, is an error, never an
        empty list.
        """
        response = self._get(path, {"per_page": str(self._settings.page_size), **query})
        rows = self._decoded(response, path)
        if not isinstance(rows, list) or not all(
            isinstance(row, dict) and isinstance(row.get(sign), int if sign == "id" else str) for row in rows
        ):
            raise self._misshapen(path, "a list of records")
        if len(rows) >= self._settings.page_size and not _tells_of_paging(response):
            raise self._misshapen(path, "a list that tells whether more follows")
        return Page(rows, _following(response, query), _count(response), _date(response))

    def pages(self, path: str, query: Query | None = None, *, sign: str = "id") -> Iterator[Page]:
        """All pages of a list, each link followed on the configured server only, and none twice."""
        current: Query | None = query or {}
        seen: list[Query] = []
        while current is not None:
            self.guard(path, len(seen), again=current in seen)
            seen.append(current)
            page = self.page(path, current, sign=sign)
            yield page
            current = page.following

    def beside(self, item: str, name: str, query: Query | None = None) -> Iterator[Page]:
        """The pages of a list that belongs to an item; none where the item itself is gone meanwhile. A list that is refused
        although its item answers is an error: it says nothing of what it holds.
        """
        try:
            yield from self.pages(f"{item}/{name}", query)
        except MissingError:
            if self.answers(item):
                raise

    def answers(self, path: str, *, sign: str = "id") -> bool:
        """Whether an object is there and may be seen."""
        try:
            self.one(path, sign=sign)
        except NotVisibleError:
            return False
        return True

    def guard(self, path: str, count: int, *, again: bool) -> None:
        """Stop a listing that repeats itself or does not end. TransientError."""
        if again:
            raise TransientError(f"{self.host} repeats a page of {path}", remedy=NEXT_TIME)
        if count >= self._settings.max_pages:
            raise TransientError(
                f"{self.host} answers more than {count} pages of {path}",
                remedy="raise max_pages of the connection if there is so much",
            )

    def rows(self, path: str, query: Query | None = None, *, sign: str = "id") -> list[Row]:
        """All rows of a list that is known to be short."""
        return [row for page in self.pages(path, query, sign=sign) for row in page.rows]

    def close(self) -> None:
        """Close all sessions."""
        while self._sessions:
            self._sessions.pop().close()

    def _gitlab(self) -> gitlab.Gitlab:
        if not hasattr(self._own, "gitlab"):
            session = self._transport.session(self.url)
            self._sessions.append(session)
            self._own.gitlab = gitlab.Gitlab(
                self.url,
                private_token=self._token,
                keep_base_url=True,
                retry_transient_errors=False,
                session=session,
                user_agent="pmosync",
            )
        found: gitlab.Gitlab = self._own.gitlab
        return found

    def _get(self, path: str, query: Query) -> requests.Response:
        """One request. A token that was refused once is not sent again, whichever thread asks."""
        if self._refused:
            raise self._refused
        try:
            return self._gitlab().http_request(
                "get", path, query_data=dict(query), obey_rate_limit=False, max_retries=0
            )
        except GitlabError as error:
            fault = self._translated(path, error.response_code or 0, error.response_body or b"")
            self._refused = fault if isinstance(fault, AuthError) else self._refused
            raise fault from None
        except requests.RequestException:
            raise TransientError(f"{self.host} could not be asked for {unquote(path)}", remedy=NEXT_TIME) from None

    def _translated(self, asked: str, status: int, body: bytes) -> PmosyncError:
        word, path = _word(body), unquote(asked)
        if status == 401:
            reason = {"invalid_token": "expired or revoked"}.get(word, "unknown to it")
            return AuthError(f"{self.host} refuses the access token: {reason}", remedy=RENEW)
        if status == 403 and word == "insufficient_scope":
            return AuthError(f"{self.host}: the access token lacks the scope read_api", remedy=RENEW)
        if status == 403:
            return NotVisibleError(
                f"{self.host} forbids {path}", remedy="give the token's user the role Reporter there"
            )
        if status == 404:
            return MissingError(
                f"{self.host} has no {path}, or this token may not see it",
                remedy="correct the scope, or give the token's user the role Reporter there",
            )
        if status in (400, 405):
            return ConfigError(
                f"{self.host} does not understand the request for {path} ({status})",
                remedy="check that url is a GitLab server of version 13.12 or newer",
            )
        return TransientError(f"{self.host} answered {status} to {path}", remedy=NEXT_TIME)

    def _decoded(self, response: requests.Response, path: str) -> object:
        try:
            return decoded(response.content, object)
        except ValueError:
            raise self._misshapen(path, "JSON") from None

    def _misshapen(self, path: str, wanted: str) -> TransientError:
        return TransientError(
            f"{self.host} answered {unquote(path)} with something that is not {wanted}", remedy=NEXT_TIME
        )


def _word(body: bytes) -> str:
    """The error's name in GitLab's own answer, or ""."""
    try:
        found = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return ""
    return str(found.get("error", "")) if isinstance(found, dict) else ""


def _tells_of_paging(response: requests.Response) -> bool:
    """GitLab sends both headers with every page; what stands in between may drop them."""
    return "Link" in response.headers or "X-Next-Page" in response.headers


def _following(response: requests.Response, query: Query) -> Query | None:
    """The next page's query, from the ``Link`` header or else from ``X-Next-Page``; a link's host is never used."""
    link = response.links.get("next", {}).get("url")
    if link:
        return parse_qs(urlsplit(link).query, keep_blank_values=True)
    number = response.headers.get("X-Next-Page", "").strip()
    return {**query, "page": number} if number else None


def _count(response: requests.Response) -> int | None:
    told = response.headers.get("X-Total", "")
    return int(told) if told.isdigit() else None


def _date(response: requests.Response) -> datetime | None:
    return server_date(response.headers.get("Date", ""))
