"""The only place that knows the ``jira`` library: its session, addresses and sign-in; its errors become ours."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import jira.exceptions
import msgspec
import requests
from jira import JIRA
from msgspec import Struct

from pmosync.errors import AuthError, ConfigError, HeldError, TransientError
from pmosync.jsontext import decoded
from pmosync.transport import Memo, Transport

from .salvage import salvaged, too_many
from .settings import JiraSettings
from .wire import Myself, ServerInfo

T = TypeVar("T")
SAFE_POSTS = (
    "/rest/api/3/search/jql",
    "/rest/api/3/issue/bulkfetch",
    "/rest/api/3/changelog/bulkfetch",
    "/rest/api/2/search",
)
OWN = ("serverInfo", "myself")
"""What every account that may use the site at all can read."""
LOGIN_FAILED = ("AUTHENTICATED_FAILED", "AUTHENTICATION_DENIED")
STANDING_LASTS = timedelta(seconds=60)
MOST_WORDS = 200
NO_BOARDS = (
    "set boards: false of the connection if nobody plans in sprints there, or give the account access to Jira Software"
)


class MissingError(ConfigError):
    """The server answers 404: what was asked for is not there, or not for this account."""


class LostLoginError(AuthError):
    """The credential itself is not accepted."""


class ForbiddenError(HeldError):
    """The server answers 403: the credential is good, this thing is not for it. Other things may well be."""


class RefusedError(ConfigError):
    """The server answers 400 or 410: it will not do what was asked, and says why."""


class Standing(Struct, frozen=True):
    """What was proved before this run: the credential works; and the server's clock and the account's zone."""

    cloud: bool
    account: str
    server_time: datetime
    zone: ZoneInfo
    proved: datetime


class JiraClient:
    """Requests to one Jira site, decoded straight from the bytes into the shape that is asked for.

    Every method may raise AuthError (the credential), ForbiddenError (a right), TransientError (for now), MissingError
    or RefusedError.
    Each thread has its own client of the library.
    """

    def __init__(
        self, connection: str, settings: JiraSettings, transport: Transport, now: Callable[[], datetime]
    ) -> None:
        self._connection, self._settings, self._transport, self._now = connection, settings, transport, now
        self._threads = threading.local()
        self._opened: list[JIRA] = []
        self._lock = threading.Lock()
        self._info: ServerInfo | None = None
        self._standing = Memo[str, Standing](lambda _: self._prove(now()), STANDING_LASTS, now)

    def standing(self) -> Standing:
        """Who we are and what time it is there: proved again where the last proof is over a minute old."""
        return self._standing("")

    def get(self, path: str, shape: type[T], **params: Any) -> T:
        """GET below ``/rest/api/N/``."""
        library = self._library()
        return self._read(lambda: library._session.get(library._get_url(path), params=params), path, shape)

    def find(self, path: str, shape: type[T], **params: Any) -> T | None:
        """GET, or None where the server says that it is not there (or not for us)."""
        try:
            return self.get(path, shape, **params)
        except (MissingError, ForbiddenError):
            return None

    def post(self, path: str, body: Mapping[str, Any], shape: type[T]) -> T:
        """POST of a question; nothing in this connector changes anything in Jira."""
        library, data = self._library(), msgspec.json.encode(body)
        return self._read(lambda: library._session.post(library._get_url(path), data=data), path, shape)

    def agile(self, path: str, shape: type[T], **params: Any) -> T:
        """GET below ``/rest/agile/1.0/``. HeldError where the site does not show it: Jira without Software has no boards, and
        everything else can be read all the same.
        """
        try:
            return self._agile(path, shape, **params)
        except (MissingError, ForbiddenError) as error:
            raise HeldError(error.message, remedy=NO_BOARDS) from None

    def find_agile(self, path: str, shape: type[T]) -> T | None:
        """GET below ``/rest/agile/1.0/``, or None where it is not there (or not for us)."""
        try:
            return self._agile(path, shape)
        except (MissingError, ForbiddenError):
            return None

    def close(self) -> None:
        """Let go of all connections."""
        with self._lock:
            for library in self._opened:
                library.close()  # type: ignore[no-untyped-call]
            self._opened.clear()
            self._threads = threading.local()

    def _agile(self, path: str, shape: type[T], **params: Any) -> T:
        library = self._library()
        url = library._get_url(path, base=library.AGILE_BASE_URL)
        return self._read(lambda: library._session.get(url, params=params), path, shape)

    def _prove(self, now: datetime) -> Standing:
        info = self.get("serverInfo", ServerInfo)
        me = self.get("myself", Myself)
        return Standing(
            cloud=info.deployment_type == "Cloud",
            account=me.account_id or me.name,
            server_time=_instant(info.server_time, self._settings.host),
            zone=self._zone(me.time_zone),
            proved=now,
        )

    def _zone(self, profile: str) -> ZoneInfo:
        try:
            return ZoneInfo(self._settings.time_zone or profile)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ConfigError(
                f"{self._connection}: the profile time zone of the account at {self._settings.host} is unknown here",
                remedy="set time_zone of the connection, such as Asia/Shanghai",
            ) from error

    def _library(self) -> JIRA:
        """This thread's client of the library."""
        known: JIRA | None = getattr(self._threads, "library", None)
        if known is None:
            known = self._threads.library = self._open()
            with self._lock:
                self._opened.append(known)
        return known

    def _open(self) -> JIRA:
        """Without ``get_server_info`` the library asks nothing before the transport is under it; then it is told what
        it would have asked.
        """
        settings = self._settings
        token = settings.token.get_secret_value() if settings.token else ""
        signed: dict[str, Any] = {"basic_auth": (settings.email, token)} if settings.email else {"token_auth": token}
        options: dict[str, Any] = {"rest_api_version": "2"}
        library = JIRA(settings.url, options=options, get_server_info=False, max_retries=0, logging=False, **signed)
        self._transport.mount(library._session, settings.url, safe_posts=SAFE_POSTS)
        library._session.hooks["response"].append(self._demand_login)
        info = self._info or self._introduce(library)
        library._version, library.deploymentType = tuple(info.version_numbers), info.deployment_type
        library._options["rest_api_version"] = "3" if info.deployment_type == "Cloud" else "2"
        return library

    def _introduce(self, library: JIRA) -> ServerInfo:
        url = library._get_url("serverInfo")
        info = self._read(lambda: library._session.get(url), "serverInfo", ServerInfo)
        wanted = self._settings.flavour
        if wanted != "auto" and (info.deployment_type == "Cloud") is not (wanted == "cloud"):
            raise ConfigError(
                f"{self._connection}: {self._settings.host} says that it is Jira {info.deployment_type}",
                remedy="mend flavour of the connection, or leave it out",
            )
        self._info = info
        return info

    def _demand_login(self, response: requests.Response, **given: Any) -> None:
        """A dead Cloud token still gets 200, with the anonymous view; only this header tells."""
        del given
        if any(word in response.headers.get("X-Seraph-LoginReason", "") for word in LOGIN_FAILED):
            raise self._no_login()

    def _no_login(self) -> LostLoginError:
        return LostLoginError(
            f"{self._connection}: {self._settings.host} does not accept the credential",
            remedy=f"make a new token and put it into {self._settings.token_file or 'the token setting'}{self._hint()}",
        )

    def _hint(self) -> str:
        """What else may be wrong: Cloud refuses an API token without its account's email."""
        nameless = not self._settings.email and self._settings.flavour == "auto"
        return "; if it is Jira Cloud, name the account's email too" if nameless else ""

    def _read(self, ask: Callable[[], requests.Response], path: str, shape: type[T]) -> T:
        try:
            response = ask()
        except jira.exceptions.JIRAError as error:
            raise self._ours(error, path) from None
        except requests.RequestException:
            raise TransientError(
                f"{self._connection}: {self._settings.host} could not be asked for {path}", remedy="look at the network"
            ) from None
        try:
            return decoded(response.content, shape)
        except ValueError:
            return self._salvaged(response.content, path, shape)

    def _salvaged(self, content: bytes, path: str, shape: type[T]) -> T:
        """A page of issues some of which cannot be read. HeldError where they are too many to be put aside one by one."""
        try:
            found = salvaged(content, shape)
        except ValueError:
            raise self.misshapen(path) from None
        if too_many(found.lost, len(found.page.issues)):
            raise self.unreadable(found.lost, len(found.page.issues))
        return cast(T, found.page)

    def unreadable(self, lost: int, issues: int) -> HeldError:
        """An answer of which too much cannot be read to be put aside issue by issue."""
        return HeldError(
            f"{self._connection}: {self._settings.host} answered with {lost} of {issues} issues that cannot be read",
            remedy="look at these issues in Jira; if they are well, update pmosync",
        )

    def misshapen(self, path: str) -> TransientError:
        """An answer that is no answer: HTML, half a body, wrong types. Never taken for "nothing there"."""
        return TransientError(
            f"{self._connection}: {self._settings.host} answered {path} with something that is not Jira's answer to it",
            remedy="if it stays so, look for a proxy or login page between here and the server",
        )

    def _ours(self, error: Any, path: str) -> Exception:
        status, place = error.status_code or 0, f"{self._connection}: {self._settings.host}"
        if status == 401:
            return self._no_login()
        if status == 403 and path in OWN:
            return AuthError(
                f"{place} shuts this account out: it forbids {path}",
                remedy="give the account the right to use Jira, and its token the right to read",
            )
        if status == 403:
            return ForbiddenError(
                f"{place} forbids {path} to this account", remedy="give the account the right to browse it"
            )
        if status == 404:
            return MissingError(f"{place} knows no {path}, or hides it from this account", remedy="look at the scope")
        if status in (400, 410):
            return RefusedError(
                f"{place} refuses {path}: {_words(error.response)}", remedy="mend the scope or the setting"
            )
        wait = getattr(error.response, "headers", {}).get("Retry-After", "")
        return TransientError(
            f"{place} answered {status} to {path}", retry_after=float(wait) if wait.isdecimal() else None
        )


def _words(response: requests.Response | None) -> str:
    """What Jira itself says is wrong; nothing else of the answer."""
    try:
        told = msgspec.json.decode(response.content if response is not None else b"", type=dict[str, Any])
    except msgspec.DecodeError:
        return "no reason given"
    messages = told.get("errorMessages")
    return "; ".join(str(one) for one in messages)[:MOST_WORDS] if isinstance(messages, list) else "no reason given"


def _instant(text: str, host: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        raise TransientError(f"{host} does not tell its time", remedy="look at /rest/api/2/serverInfo") from None
