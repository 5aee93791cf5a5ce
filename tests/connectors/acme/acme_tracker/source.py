"""Acme Tracker as a source: one unit a project; tickets in the order of their last change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec
import requests
from msgspec import Struct

from pmosync.connector import Finding, Opening
from pmosync.errors import AuthError, HeldError, PmosyncError, TransientError, UncountedError
from pmosync.jsontext import decoded
from pmosync.raw import Batch, Cursor, RawRecord, Ref, Scope, Unit

from .settings import AcmeSettings

T = TypeVar("T")
AT_ONCE = 50
ALWAYS = ("id",)
FIRST = "0"
"""Before the first page."""


class Project(Struct):
    """A project as the server tells it; ``time`` is the server's clock in epoch milliseconds."""

    id: str
    archived: bool
    time: int


class Ticket(Struct):
    """What every ticket is told with; the rest is read as it comes."""

    id: str
    changed: int


class Page(Struct):
    """Some tickets, and where the next ones are (None: nowhere)."""

    tickets: list[dict[str, Any]]
    next: str | None


class Position(Struct, frozen=True):
    """Where a pull stands: the server's time when the sweep began, the change it reads from, and the page it is at ("": the
    sweep is over).
    """

    started: int = 0
    since: int = 0
    page: str = ""


def rewound(cursor: Cursor, instant: datetime) -> Cursor | None:
    """The sweep that ended last, as if it had begun at an instant, if that is earlier; None where one was left off."""
    known = _read(cursor)
    begun = min(known.started, round(instant.timestamp() * 1000))
    return None if known.page else Cursor(msgspec.json.encode(Position(begun, known.since)).decode())


class AcmeSource:
    """See ``pmosync.connector.Source``."""

    def __init__(self, opening: Opening) -> None:
        settings: AcmeSettings = opening.settings
        self._opening, self._settings = opening, settings
        self._session = opening.transport.session(settings.url)
        self._session.headers["Authorization"] = f"Bearer {settings.token.get_secret_value()}"

    def check(self) -> Iterable[Finding]:
        """Each project, or what stands in the way."""
        for scope in self._opening.scopes:
            try:
                self._project(scope)
            except PmosyncError as error:
                yield Finding(False, str(scope), error.message, error.remedy)
            else:
                yield Finding(True, str(scope), "can be read")

    def units(self) -> Sequence[Unit]:
        """One a project."""
        return [Unit(self._opening.connection, str(scope), scope.which) for scope in self._opening.scopes]

    def pull(self, unit: Unit, cursor: Cursor | None) -> Iterator[Batch]:
        """Sweeps by last change: a ticket that changes meanwhile goes to the end and is met again there. A sweep that was
        left off is followed by another one.
        """
        project = self._project(_scope(unit))
        if project.archived:
            yield Batch(unit, (), cursor)
            return
        known = _read(cursor)
        yield from self._sweep(unit, project, known if known.page else self._begun(known, project.time))
        if known.page:
            yield from self._sweep(unit, project, self._begun(known, project.time))

    def _begun(self, last: Position, now: int) -> Position:
        """From the start of the last sweep, less the overlap."""
        return Position(now, max(0, last.started - self._settings.overlap * 60_000), FIRST)

    def _sweep(self, unit: Unit, project: Project, position: Position) -> Iterator[Batch]:
        while position.page:
            page = self._page(project, changed_since=str(position.since), after=position.page)
            if page.next == position.page:
                raise TransientError("the server repeats a page", remedy="sync again later")
            position = Position(position.started, position.since, page.next or "")
            records = tuple(self._record(told) for told in page.tickets)
            yield Batch(unit, records, Cursor(msgspec.json.encode(position).decode()))

    def census(self, unit: Unit) -> Iterator[Sequence[Ref]]:
        """The ids of all tickets; UncountedError for an archived project, of which the server lists nothing."""
        project = self._project(_scope(unit))
        if project.archived:
            raise UncountedError(f"{project.id} is archived")
        after: str | None = FIRST
        while after:
            page = self._page(project, by="id", after=after)
            yield [self._ref(told) for told in page.tickets]
            after = page.next

    def visible(self, refs: Sequence[Ref], kept: Mapping[Ref, RawRecord]) -> Mapping[Ref, bool]:
        """By their ids, wherever they are."""
        del kept
        there: set[str] = set()
        for first in range(0, len(refs), AT_ONCE):
            ids = ",".join(ref.id for ref in refs[first : first + AT_ONCE])
            there |= {told["id"] for told in self._get("tickets", Page, ids=ids).tickets}
        return {ref: ref.id in there for ref in refs}

    def close(self) -> None:
        """Let go of the connection."""
        self._session.close()

    def _record(self, told: dict[str, Any]) -> RawRecord:
        """Cut down to what the mapping reads."""
        ticket = self._checked(told)
        wanted = {path.partition(".")[0] for path in self._opening.paths.get("ticket", ())} | set(ALWAYS)
        payload = {name: value for name, value in told.items() if name in wanted}
        return RawRecord(self._ref(told), payload, datetime.fromtimestamp(ticket.changed / 1000, UTC))

    def _ref(self, told: dict[str, Any]) -> Ref:
        return Ref(self._opening.connection, "ticket", self._checked(told).id)

    def _checked(self, told: dict[str, Any]) -> Ticket:
        try:
            return msgspec.convert(told, Ticket)
        except msgspec.ValidationError:
            raise self._strange() from None

    def _project(self, scope: Scope) -> Project:
        return self._get(f"projects/{quote(scope.which, safe='')}", Project)

    def _page(self, project: Project, **words: str) -> Page:
        return self._get(f"projects/{project.id}/tickets", Page, limit=str(self._settings.page), **words)

    def _get(self, path: str, shape: type[T], **words: str) -> T:
        try:
            response = self._session.get(f"{self._settings.url}/api/{path}", params=words)
        except requests.RequestException:
            raise TransientError("the server could not be asked", remedy="look at the network") from None
        if response.status_code == 401:
            raise AuthError("the server does not accept the key", remedy="make a new key")
        if response.status_code in (403, 404):
            raise HeldError(f"{path} is not there, or not for this key", remedy="look at the binding")
        if response.status_code != 200:
            raise TransientError(f"the server answered {response.status_code}", remedy="sync again later")
        try:
            return decoded(response.content, shape)
        except ValueError:
            raise self._strange() from None

    def _strange(self) -> TransientError:
        return TransientError("the server answered with something else than was asked for", remedy="look for a proxy")


def _read(cursor: Cursor | None) -> Position:
    """The position in a cursor; the beginning for one that cannot be read, which is always right."""
    try:
        return msgspec.json.decode(cursor.value, type=Position) if cursor else Position()
    except msgspec.DecodeError:
        return Position()


def _scope(unit: Unit) -> Scope:
    what, _, which = unit.key.partition(" ")
    return Scope(what, which)
