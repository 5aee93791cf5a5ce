"""The ASGI application: addresses to calls, bodies in and out, refusals as answers."""

from __future__ import annotations

import gc
import gzip
import re
import threading
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol
from urllib.parse import parse_qs

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from pmosync_google_sheets.emulator import calls, drive
from pmosync_google_sheets.emulator.library import Caller, Library
from pmosync_google_sheets.emulator.quota import Quota
from pmosync_google_sheets.emulator.refusals import Refusal, malformed, scope_lacking
from pmosync_google_sheets.emulator.refusals import drive as drive_refusal
from pmosync_google_sheets.emulator.tokens import ADMIN, GrantRefused, Tokens

_SHEET_WRITERS = frozenset({"spreadsheets", "drive", "drive.file"})
_SHEET_READERS = _SHEET_WRITERS | {"spreadsheets.readonly", "drive.readonly"}
_DRIVE_WRITERS = frozenset({"drive", "drive.file"})
_DRIVE_READERS = _DRIVE_WRITERS | {"drive.readonly", "drive.metadata", "drive.metadata.readonly"}


_LARGE = 500_000
CONSENT = "/o/oauth2/v2/auth"


class Route(Struct, frozen=True):
    """A Sheets call: method and address, the schema of its answer, whether it counts as a write and needs a writer's scope."""

    method: str
    pattern: re.Pattern[str]
    call: calls.Call
    schema: str
    write: bool
    writer: bool


def _route(
    method: str, pattern: str, call: calls.Call, schema: str, write: bool = False, writer: bool | None = None
) -> Route:
    return Route(method, re.compile(pattern), call, schema, write, write if writer is None else writer)


_ONE = r"/v4/spreadsheets/(?P<id>[^/:]+)"
_UPDATED, _CLEARED = "UpdateValuesResponse", "ClearValuesResponse"
ROUTES = (
    _route("POST", r"/v4/spreadsheets", calls.create, "Spreadsheet", True),
    _route("GET", _ONE, calls.get, "Spreadsheet"),
    _route("POST", _ONE + ":getByDataFilter", calls.get_by_data_filter, "Spreadsheet", writer=True),
    _route("POST", _ONE + ":batchUpdate", calls.batch_update, "BatchUpdateSpreadsheetResponse", True),
    _route("GET", _ONE + "/values:batchGet", calls.values_batch_get, "BatchGetValuesResponse"),
    _route(
        "POST",
        _ONE + "/values:batchGetByDataFilter",
        calls.values_batch_get_by_data_filter,
        "BatchGetValuesByDataFilterResponse",
        writer=True,
    ),
    _route("POST", _ONE + "/values:batchUpdate", calls.values_batch_update, "BatchUpdateValuesResponse", True),
    _route(
        "POST",
        _ONE + "/values:batchUpdateByDataFilter",
        calls.values_batch_update_by_data_filter,
        "BatchUpdateValuesByDataFilterResponse",
        True,
    ),
    _route("POST", _ONE + "/values:batchClear", calls.values_batch_clear, "BatchClearValuesResponse", True),
    _route(
        "POST",
        _ONE + "/values:batchClearByDataFilter",
        calls.values_batch_clear_by_data_filter,
        "BatchClearValuesByDataFilterResponse",
        True,
    ),
    _route("POST", _ONE + "/values/(?P<range>.+):append", calls.values_append, "AppendValuesResponse", True),
    _route("POST", _ONE + "/values/(?P<range>.+):clear", calls.values_clear, _CLEARED, True),
    _route("GET", _ONE + "/values/(?P<range>.+)", calls.values_get, "ValueRange"),
    _route("PUT", _ONE + "/values/(?P<range>.+)", calls.values_update, _UPDATED, True),
    _route("GET", _ONE + r"/developerMetadata/(?P<metadata>[^/:]+)", calls.metadata_get, "DeveloperMetadata"),
    _route(
        "POST",
        _ONE + "/developerMetadata:search",
        calls.metadata_search,
        "SearchDeveloperMetadataResponse",
        writer=True,
    ),
    _route("POST", _ONE + r"/sheets/(?P<sheet>-?\d+):copyTo", calls.copy_to, "SheetProperties", True),
)

_FILE = r"/drive/v3/files/(?P<id>[^/]+)"
DRIVE_ROUTES: tuple[tuple[str, re.Pattern[str], drive.Call, bool], ...] = (
    ("GET", re.compile(r"/drive/v3/about"), drive.about, False),
    ("GET", re.compile(r"/drive/v3/files"), drive.listing, False),
    ("POST", re.compile(r"(?:/upload)?/drive/v3/files"), drive.create, True),
    ("POST", re.compile(_FILE + "/copy"), drive.copy, True),
    ("GET", re.compile(_FILE + "/permissions"), drive.permissions, False),
    ("POST", re.compile(_FILE + "/permissions"), drive.give, True),
    ("DELETE", re.compile(_FILE + "/permissions/(?P<permission>[^/]+)"), drive.take, True),
    ("GET", re.compile(_FILE + "/comments"), drive.comments, False),
    ("GET", re.compile(_FILE), drive.get, False),
    ("PATCH", re.compile(_FILE), drive.update, True),
    ("DELETE", re.compile(_FILE), drive.delete, True),
    ("PUT", re.compile(r"/upload/drive/v2/files/(?P<id>[^/]+)"), drive.upload, True),
)
_EXPORT = re.compile(_FILE + "/export")


class World(Protocol):
    """What the application serves; the emulator."""

    library: Library
    tokens: Tokens
    quota: Quota | None
    lock: threading.RLock


class Application:
    """Serves a world. One call at a time: the vendor's server is consistent too."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI entry."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        body = await request.body()
        with self._world.lock, _undisturbed(len(body)):
            response = self._answer(request, body)
        await response(scope, receive, send)

    def _answer(self, request: Request, body: bytes) -> Response:
        try:
            sent = _unfolded(request, body)
            if sent.path == CONSENT:
                return self._consent(sent)
            return self._token(sent) if sent.path == "/token" else self._call(sent)
        except Refusal as refusal:
            return _json(refusal.body, refusal.code)
        except GrantRefused as refused:
            return _json(refused.body, refused.code)

    def _consent(self, sent: Sent) -> Response:
        """The consent page, at which the administrator agrees to everything at once."""
        query = {name: values[-1] for name, values in sent.query.items()}
        return Response(status_code=302, headers={"location": self._world.tokens.consent(ADMIN.email, query)})

    def _token(self, sent: Sent) -> Response:
        form = {name: values[-1] for name, values in parse_qs(sent.raw.decode("utf-8", "replace")).items()}
        return _json(self._world.tokens.exchange(form, self._world.library.now))

    def _call(self, sent: Sent) -> Response:
        caller = self._world.tokens.caller(sent.authorization, self._world.library.now)
        if sent.path.startswith("/v4/"):
            return self._sheets(sent, caller)
        return self._drive(sent, caller)

    def _sheets(self, sent: Sent, caller: Caller) -> Response:
        for route in ROUTES:
            found = route.pattern.fullmatch(sent.path) if route.method == sent.method else None
            if found:
                _check_scope(caller, _SHEET_WRITERS if route.writer else _SHEET_READERS)
                if self._world.quota and not caller.powerful:
                    self._world.quota.spend(caller.email, "Write" if route.write else "Read", self._world.library.now)
                ask = calls.Ask(self._world.library, caller, found.groupdict(), sent.query, sent.json())
                return _json(calls.masked(ask, route.call(ask), route.schema))
        raise Refusal(404, "Method not found.", "NOT_FOUND")

    def _drive(self, sent: Sent, caller: Caller) -> Response:
        ask = drive.Ask(self._world.library, caller, {}, sent.query, raw=sent.raw)
        exported = _EXPORT.fullmatch(sent.path) if sent.method == "GET" else None
        if exported:
            _check_scope(caller, _DRIVE_WRITERS | {"drive.readonly"})
            ask.path = exported.groupdict()
            content, mime = drive.export(ask)
            return Response(content, media_type=mime)
        for method, pattern, call, write in DRIVE_ROUTES:
            found = pattern.fullmatch(sent.path) if method == sent.method else None
            if found:
                _check_scope(caller, _DRIVE_WRITERS if write else _DRIVE_READERS)
                ask.path, ask.body = found.groupdict(), None if call is drive.upload else sent.json()
                answer = call(ask)
                return Response(status_code=204) if answer is None else _json(answer)
        raise drive_refusal(404, "notFound", "Not Found")


class Sent(Struct):
    """A request with its method override, compression and form body undone."""

    method: str
    path: str
    query: dict[str, list[str]]
    authorization: str
    raw: bytes

    def json(self) -> Any:
        """The body. Raises Refusal (400)."""
        if not self.raw.strip() or self.method in ("GET", "DELETE"):
            return None
        try:
            return msgspec.json.decode(self.raw)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise malformed("Invalid JSON payload received. Expected an object key or }.", "") from None


def _unfolded(request: Request, body: bytes) -> Sent:
    headers = request.headers
    if headers.get("content-encoding", "").lower() == "gzip":
        try:
            body = gzip.decompress(body)
        except (OSError, EOFError, zlib.error):
            raise malformed("Request body is not valid gzip.", "") from None
    method = headers.get("x-http-method-override", request.method).upper()
    query = parse_qs(request.url.query, keep_blank_values=True)
    # A long GET comes as a POST whose form body is the query.
    if method == "GET" and request.method == "POST":
        query |= parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
        body = b""
    token = headers.get("authorization", "")
    if not token and "access_token" in query:
        token = f"Bearer {query['access_token'][-1]}"
    return Sent(method, request.scope["path"], query, token, body)


@contextmanager
def _undisturbed(size: int) -> Iterator[None]:
    """A large body makes hundreds of thousands of objects, none of them garbage: looking for cycles would triple the time."""
    if size < _LARGE or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _check_scope(caller: Caller, wanted: frozenset[str]) -> None:
    given = {scope.removeprefix("https://www.googleapis.com/auth/") for scope in caller.scopes}
    if not caller.powerful and not given & wanted:
        raise scope_lacking()


def _json(content: Mapping[str, Any], code: int = 200) -> Response:
    return Response(msgspec.json.encode(content), code, media_type="application/json; charset=UTF-8")
