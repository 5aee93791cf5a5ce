"""Google's client library behind our transport: the only module that imports it, and that reads its errors."""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NoReturn, cast
from urllib.parse import urlsplit

import google.auth.crypt
import google.auth.exceptions
import google.auth.transport.requests
import google.oauth2.credentials
import google.oauth2.service_account
import googleapiclient.discovery
import googleapiclient.discovery_cache
import googleapiclient.errors
import googleapiclient.model
import msgspec
import requests
from msgspec import Struct

from pmosync.audience import Share
from pmosync.connector import Learn, unlearned
from pmosync.errors import AuthError, ConfigError, PmosyncError, TargetError, TransientError
from pmosync.transport import Transport
from pmosync_google_sheets.budget import Budget
from pmosync_google_sheets.content import decoded
from pmosync_google_sheets.credentials import Key, default_path, read_key
from pmosync_google_sheets.reading import Area
from pmosync_google_sheets.settings import GoogleSheetsSettings

SCOPES = ("https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive.metadata.readonly")
SHEETS, DRIVE, TOKEN = "https://sheets.googleapis.com", "https://www.googleapis.com", "https://oauth2.googleapis.com"
LOG_IN = (
    "let them log in again: `pmosync connectors login google_sheets`, or gcloud's `auth application-default login` with the "
    "scopes of Sheets and of Drive's metadata"
)
UNREADABLE = "answered with something that is not the API's JSON"

READS = (":getByDataFilter",)
"""The calls that are POSTs and change nothing."""

LONG = 20_000
"""Bytes from which on a body is compressed, as Google's own library for Java does with every one."""

Json = dict[str, Any]


class DeadCredentialError(AuthError):
    """Google takes the key, or a token it was exchanged for, no more: every further request would be refused alike."""


class Answer(dict[str, str]):
    """Status and headers (lower case) in the form googleapiclient reads."""

    def __init__(self, response: requests.Response) -> None:
        super().__init__({name.lower(): value for name, value in response.headers.items()})
        self.status, self.reason = response.status_code, response.reason or ""


class SignedHttp:
    """What googleapiclient takes for an httplib2 object: sends over our transport, signs and refreshes itself.

    Made, used and dropped by one thread.
    """

    def __init__(
        self, session: requests.Session, tokens: requests.Session, credentials: Any, learn: Learn, key: Key
    ) -> None:
        self._session, self._credentials, self._learn, self._key = session, credentials, learn, key
        self._own = {"x-goog-user-project": key.project} if key.project else {}
        self._exchange = google.auth.transport.requests.Request(session=tokens)

    def request(
        self, uri: str, method: str = "GET", body: Any = None, headers: Mapping[str, str] | None = None, **_: Any
    ) -> tuple[Answer, bytes]:
        """One signed request; a 401 is met once with a fresh token."""
        answer = self._send(uri, method, body, headers)
        if answer.status_code == 401:
            self.refresh()
            answer = self._send(uri, method, body, headers)
        return Answer(answer), answer.content

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    def _send(self, uri: str, method: str, body: Any, headers: Mapping[str, str] | None) -> requests.Response:
        self.ready()
        signed = {**(headers or {}), **self._own, "authorization": f"Bearer {self._credentials.token}"}
        data = body.encode() if isinstance(body, str) else body
        if data and len(data) > LONG:
            data, signed = gzip.compress(data, 1, mtime=0), {**signed, "content-encoding": "gzip"}
        return self._session.request(method, uri, data=data, headers=_measured(signed))

    def ready(self) -> None:
        """Have a token that is valid now."""
        if not self._credentials.valid:
            self.refresh()

    def refresh(self) -> None:
        """Exchange the key for a token. AuthError if it is refused."""
        try:
            self._credentials.refresh(self._exchange)
        except google.auth.exceptions.RefreshError as error:
            raise _refused_key(error, self._key) from None
        except (google.auth.exceptions.GoogleAuthError, TypeError, ValueError, KeyError, AttributeError):
            # The library reads the answer without looking at its shape.
            raise _no_token() from None
        if not self._credentials.token:
            raise _no_token()
        self._learn([str(self._credentials.token)])


def _measured(headers: Mapping[str, str]) -> dict[str, str]:
    """Without the length that the library told: the session tells that of the body which is sent."""
    return {name: value for name, value in headers.items() if name.lower() != "content-length"}


def _said(body: Json) -> str:
    """A body as UTF-8 without a space between its parts: the library's own have one behind each colon and comma, and take
    six bytes for a Chinese character. It is given the text, as it makes one of every body, of 2 MB too, which it throws away.
    """
    return msgspec.json.encode(body).decode()


class Compact(googleapiclient.model.JsonModel):  # type: ignore[misc]
    """Takes bodies that are JSON already (``_said``)."""

    def serialize(self, body_value: object) -> bytes:
        """The body as it is sent."""
        return str(body_value).encode()

    def deserialize(self, content: bytes | str) -> object:
        """The answer; as it came, as the library has it, where it is no JSON."""
        try:
            return msgspec.json.decode(content)
        except msgspec.DecodeError:
            return content


class Gridded(Compact):
    """Answers that tell of many cells."""

    def deserialize(self, content: bytes | str) -> object:
        """As ``decoded``; as it came where it is none."""
        try:
            return decoded(content)
        except msgspec.DecodeError:
            return content


class Unsent:
    """Stands where the library wants an http object to build with: nothing is sent through it."""


class Client:
    """Calls on one spreadsheet, each one request. Not for use by two threads at once.

    ``writes``: the spreadsheet is one that we keep, so that it has to be shared with us as an editor. Every call may raise
    AuthError (key refused, not shared, API off), TransientError (try later) or ConfigError (the address is no Sheets API);
    ``batch_update`` also TargetError. No answer is ever taken for empty: its shape is checked.
    """

    def __init__(
        self, settings: GoogleSheetsSettings, transport: Transport, learn: Learn = unlearned, *, writes: bool
    ) -> None:
        self.spreadsheet = settings.spreadsheet
        self._role = "an editor" if writes else "a reader"
        self._key = read_key(settings.service_account_file or default_path(os.environ, Path.home()))
        learn(self._key.secrets)
        self._endpoint = settings.endpoint.rstrip("/")
        self._host = urlsplit(self._endpoint or SHEETS).hostname or ""
        tokens = transport.session(self._endpoint or TOKEN, safe_posts=("/token",))
        credentials = _credentials(self._key, (self._endpoint or TOKEN) + "/token")
        self._sheets_http, self._drive_http = (
            SignedHttp(
                transport.session(self._endpoint or origin, safe_posts=READS), tokens, credentials, learn, self._key
            )
            for origin in (SHEETS, DRIVE)
        )
        self._tokens = tokens
        self._transport, self._budget = transport, Budget()
        self._calls = _calls(self._endpoint)

    @property
    def account(self) -> str:
        """The e-mail address to share the spreadsheet with ("" where the key does not tell it)."""
        return self._key.email

    def prove(self) -> None:
        """Exchange the key for a token."""
        self._sheets_http.refresh()

    def layout(self, fields: str, ranges: Sequence[str] = ()) -> Json:
        """``spreadsheets.get`` under a mask; ``spreadsheetId`` is always asked for."""
        return self._own(self._run(self._get(fields, ranges)))

    def marked(self, fields: str, key: str) -> Json:
        """As ``cells``, of those sheets alone that carry developer metadata of that key: asked for what they are and not for
        what they are called, they are found under any title.
        """
        lookup = {"locationType": "SHEET", "metadataKey": key}
        call = self._calls.spreadsheets.getByDataFilter(
            spreadsheetId=self.spreadsheet,
            fields="spreadsheetId," + fields,
            body=_said({"dataFilters": [{"developerMetadataLookup": lookup}]}),
            prettyPrint=False,
        )
        return self._seen(call)

    def cells(self, fields: str, ranges: Sequence[str]) -> Json:
        """As ``layout``; the rows of cells are ``Line``."""
        return self._seen(self._get(fields, ranges))

    def _seen(self, call: Any) -> Json:
        call.postproc = Gridded().response
        return self._own(self._run(call))

    def _get(self, fields: str, ranges: Sequence[str]) -> Any:
        wanted = {"fields": "spreadsheetId," + fields, "prettyPrint": False}
        named = {"ranges": list(ranges)} if ranges else {}
        return self._calls.spreadsheets.get(spreadsheetId=self.spreadsheet, **wanted, **named)

    def values(self, ranges: Sequence[str], render: str = "UNFORMATTED_VALUE") -> list[list[list[Any]]]:
        """The rows of each range in the order asked; see ``areas``."""
        return [area.values for area in self.areas(ranges, render)]

    def areas(self, ranges: Sequence[str], render: str = "UNFORMATTED_VALUE") -> list[Area]:
        """``values.batchGet``: each range (A1 notation, or the name of one) in the order asked."""
        if not ranges:
            return []
        call = self._calls.values.batchGet(
            spreadsheetId=self.spreadsheet,
            ranges=list(ranges),
            valueRenderOption=render,
            dateTimeRenderOption="SERIAL_NUMBER",
        )
        answer = self._own(self._run(call))
        found = answer.get("valueRanges", [])
        if len(found) != len(ranges):
            raise TransientError(f"{self._host} answered {len(found)} of {len(ranges)} ranges", remedy="try again")
        return [Area(str(one.get("range", "")), one.get("values", [])) for one in found]

    def await_turn(self) -> None:
        """Wait where the writes of the last minute have used up what Google allows."""
        self._transport.rest(self._budget.wait(self._transport.clock()))

    def batch_update(self, orders: Sequence[Json]) -> list[Json]:
        """One atomic ``spreadsheets.batchUpdate``; all of the orders or none are carried out. ``await_turn``
        comes before it.
        """
        self._budget.spend(self._transport.clock())
        body = _said({"requests": list(orders)})
        call = self._calls.spreadsheets.batchUpdate(spreadsheetId=self.spreadsheet, body=body)
        answer = self._own(self._run(call))
        replies = answer.get("replies", [])
        if len(replies) != len(orders):
            raise TransientError(f"{self._host} {UNREADABLE}", remedy="try again")
        return cast(list[Json], replies)

    def file(self) -> Json | None:
        """Drive's word on the file: ``trashed`` and ``capabilities.canEdit``; None where Drive does not let us ask."""
        call = self._calls.files.get(
            fileId=self.spreadsheet, fields="id,trashed,capabilities/canEdit", supportsAllDrives=True
        )
        self._drive_http.ready()
        try:
            return self._run(call, self._drive_http)
        except AuthError:
            return None

    def version(self) -> str:
        """Drive's version of the file, some minutes behind what is typed; "" where Drive does not tell it, for whatever
        reason but a dead credential: it spares reading, and what keeps it from us keeps nobody from reading.
        """
        call = self._calls.files.get(fileId=self.spreadsheet, fields="version", supportsAllDrives=True)
        self._drive_http.ready()
        try:
            return str(self._run(call, self._drive_http).get("version") or "")
        except DeadCredentialError:
            raise
        except PmosyncError:
            return ""

    def shares(self) -> tuple[Share, ...] | None:
        """With whom the file is shared, ourselves and deleted accounts apart; None where Drive does not let us ask."""
        self._drive_http.ready()
        try:
            told = list(self._permissions())
        except AuthError:
            return None
        return tuple(share for share in told if share.name.casefold() != self.account.casefold() or not share.name)

    def _permissions(self) -> Iterator[Share]:
        token, seen = "", set[str]()
        while token not in seen:
            seen.add(token)
            page = self._run(self._calls.permissions.list(**self._asked(token)), self._drive_http)
            found = page.get("permissions")
            if not isinstance(found, list):
                raise TransientError(f"{self._host} {UNREADABLE}", remedy="look at the endpoint, or try again")
            yield from (_share(one) for one in found if not one.get("deleted"))
            token = str(page.get("nextPageToken") or "")

    def _asked(self, token: str) -> Json:
        """Also of files in shared drives, where ``files.get`` tells no permissions."""
        asked = {
            "fileId": self.spreadsheet,
            "fields": "nextPageToken,permissions(type,role,emailAddress,domain,deleted)",
            "pageSize": 100,
            "supportsAllDrives": True,
        }
        return {**asked, "pageToken": token} if token else asked

    def close(self) -> None:
        """Let go of the connections."""
        self._sheets_http.close()
        self._drive_http.close()
        self._tokens.close()

    def _run(self, call: Any, http: SignedHttp | None = None) -> Json:
        try:
            answer = call.execute(http=http or self._sheets_http, num_retries=0)
        except googleapiclient.errors.HttpError as error:
            self._explain(error)
        except (ValueError, requests.RequestException) as error:
            raise TransientError(f"{self._host} {UNREADABLE}", remedy="look at the endpoint, or try again") from error
        if not isinstance(answer, dict):
            raise TransientError(f"{self._host} {UNREADABLE}", remedy="look at the endpoint, or try again")
        return cast(Json, answer)

    def _own(self, answer: Json) -> Json:
        """The answer, if it is about our spreadsheet."""
        if answer.get("spreadsheetId") != self.spreadsheet:
            raise TransientError(f"{self._host} {UNREADABLE}", remedy="look at the endpoint, or try again")
        return answer

    def _explain(self, error: googleapiclient.errors.HttpError) -> NoReturn:
        """Our error for Google's, from its code, status and reason alone: its text holds addresses and cells."""
        shared = f"{self.account or 'the account of the key file'} as {self._role}"
        code, body = int(error.resp.status), _body(error)
        raise _ours(code, body, self._host, self.spreadsheet, self.account, shared) from None


def _share(told: Json) -> Share:
    name = str(told.get("emailAddress") or told.get("domain") or "")
    return Share(str(told.get("type", "")), name, told.get("role") == "owner")


def _ours(code: int, body: Json | None, host: str, spreadsheet: str, account: str, shared: str) -> PmosyncError:
    """``shared``: with whom the spreadsheet must be shared, and as what."""
    if body is None:
        return ConfigError(
            f"{host} answered {code}, not as the Sheets API does", remedy="check the endpoint in the settings"
        )
    reasons = _reasons(body)
    if code == 401:
        return DeadCredentialError(
            f"Google does not accept the token of {account or 'the key file'}", remedy="renew the key file"
        )
    if reasons & {"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"}:
        return TransientError(f"{host} answered {code}: the quota is used up", remedy="try again in a minute")
    if reasons & {"SERVICE_DISABLED", "accessNotConfigured"}:
        return AuthError(
            "the Google Sheets API is off in the service account's project",
            remedy="enable it in the Google Cloud console",
        )
    if code in (403, 404):
        return AuthError(
            f"the spreadsheet {spreadsheet} is not there, or not shared",
            remedy=f"share it with {shared}",
        )
    message = str(body.get("message", ""))
    if message.startswith("Unable to parse range"):
        return TransientError(f"a tab of {spreadsheet} was renamed while it was read", remedy="sync again")
    place = re.search(r"requests\[(\d+)\]\.(\w+)", message)
    where = f" at {place[2]} (number {int(place[1]) + 1})" if place else ""
    if "protected cell" in message:
        return TargetError(
            f"somebody has protected cells against us{where}",
            remedy=f"let {account or 'the account of the key file'} edit them: Data, Protected sheets and ranges",
        )
    return TargetError(
        f"Google Sheets refused a request{where} with {code}", remedy="sync again: it is worked out anew"
    )


def _refused_key(error: google.auth.exceptions.RefreshError, key: Key) -> PmosyncError:
    """A refusal carries OAuth's ``error``; anything else that is no token is a broken answer."""
    told = error.args[1] if len(error.args) > 1 else None
    if not isinstance(told, dict) or "error" not in told:
        return TransientError(
            "the token exchange with Google brought no token", remedy="look at the endpoint, or try again"
        )
    if key.kind == "authorized_user":
        return DeadCredentialError(f"Google refused the key of {key.email or 'the person'}", remedy=LOG_IN)
    return DeadCredentialError(
        "Google refused the key of the service account",
        remedy="see that the key is still listed in the account's Keys, and that this machine's clock is right",
    )


def _no_token() -> TransientError:
    return TransientError(
        "the token exchange with Google brought no token", remedy="look at the endpoint, or try again"
    )


def _body(error: googleapiclient.errors.HttpError) -> Json | None:
    """Google's error object, or None if the answer is not Google's."""
    try:
        found = json.loads(error.content)
    except ValueError:
        return None
    inner = found.get("error") if isinstance(found, dict) else None
    return inner if isinstance(inner, dict) else None


def _reasons(body: Json) -> set[str]:
    parts = [*body.get("details", []), *body.get("errors", [])]
    return {str(part.get("reason", "")) for part in parts if isinstance(part, dict)}


def _credentials(key: Key, token_uri: str) -> Any:
    """Signed with our scopes only, and exchanged at our address only, whatever the file says."""
    if key.kind == "service_account":
        try:
            return google.oauth2.service_account.Credentials(  # type: ignore[no-untyped-call]
                _signer(str(key.content["private_key"]), key.content.get("private_key_id")),
                service_account_email=key.content["client_email"],
                token_uri=token_uri,
                scopes=list(SCOPES),
            )
        except (ValueError, google.auth.exceptions.GoogleAuthError) as error:
            raise ConfigError(f"{key.path} holds no usable private key", remedy="download the key anew") from error
    return google.oauth2.credentials.Credentials(  # type: ignore[no-untyped-call]
        token=None,
        refresh_token=key.content["refresh_token"],
        client_id=key.content["client_id"],
        client_secret=key.content["client_secret"],
        token_uri=token_uri,
        scopes=list(SCOPES),
    )


@lru_cache(maxsize=8)
def _signer(private_key: str, key_id: str | None) -> Any:
    """Made once a key: the checks of a private key take longer than a request (0.1 s), and every sync opens it anew."""
    return google.auth.crypt.RSASigner.from_string(private_key, key_id)  # type: ignore[no-untyped-call]


class Calls(Struct, frozen=True):
    """The four collections we call, which only make requests: each is sent by its caller's own http object."""

    spreadsheets: Any
    values: Any
    files: Any
    permissions: Any


@lru_cache(maxsize=8)
def _calls(endpoint: str) -> Calls:
    """Built once an address."""
    spreadsheets = _service("sheets", "v4", endpoint or SHEETS).spreadsheets()
    drive = _service("drive", "v3", (endpoint or DRIVE) + "/drive/v3/")
    return Calls(spreadsheets, spreadsheets.values(), drive.files(), drive.permissions())


def _service(name: str, version: str, address: str) -> Any:
    return googleapiclient.discovery.build_from_document(
        _described(name, version), http=Unsent(), model=Compact(), client_options={"api_endpoint": address}
    )


@cache
def _described(name: str, version: str) -> str:
    """What the library knows of an API, without the shapes of bodies: it would word them all as the help of every method,
    which takes a quarter of a second, and sends any body as it is.
    """
    told = json.loads(googleapiclient.discovery_cache.get_static_doc(name, version) or "{}")
    told["schemas"] = {shape: {"id": shape, "type": "object"} for shape in told["schemas"]}
    return json.dumps(told)
