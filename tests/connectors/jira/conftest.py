"""An emulated site on loopback with the real library in front of it, and the words of a story."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct
from pydantic import SecretStr
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pmosync.connector import Opening
from pmosync.emulation import events
from pmosync.emulation.server import LoopbackServer
from pmosync.raw import Cursor, RawRecord, Unit
from pmosync.raw import Scope as Asked
from pmosync.transport import Limits, Transport
from pmosync_jira.emulator import JiraEmulator
from pmosync_jira.settings import JiraSettings
from pmosync_jira.source import JiraSource, open_source

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
PATHS = (
    "fields.summary", "fields.status.name", "fields.issuetype.name", "fields.fixVersions", "fields.duedate",
    "fields.assignee.accountId", "fields.sprint", "fields.epic_link", "fields.parent", "fields.labels",
    "fields.resolution.name", "fields.timeoriginalestimate",
)  # fmt: skip
OPTIONS: dict[str, Any] = {
    "custom_fields": {
        "sprint": {"custom": "com.pyxis.greenhopper.jira:gh-sprint", "name": "Sprint"},
        "epic_link": {"custom": "com.pyxis.greenhopper.jira:gh-epic-link", "name": "Epic Link"},
    }
}


class Exchange(Struct, frozen=True):
    """One request and its answer as they passed."""

    method: str
    path: str
    query: str
    body: bytes
    status: int
    answer: bytes


class Recorder:
    """An ASGI layer that writes down what passes."""

    def __init__(self, app: ASGIApp | None = None) -> None:
        self.app = app
        self.exchanges: list[Exchange] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sent, told, status = bytearray(), bytearray(), 0

        async def hear() -> Message:
            message = await receive()
            sent.extend(message.get("body", b""))
            return message

        async def say(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            told.extend(message.get("body", b""))
            if message["type"] == "http.response.body" and not message.get("more_body"):
                query = scope["query_string"].decode()
                passed = Exchange(scope["method"], scope["path"], query, bytes(sent), status, bytes(told))
                self.exchanges.append(passed)
            await send(message)

        assert self.app is not None
        await self.app(scope, hear, say)

    @property
    def paths(self) -> list[str]:
        """The addresses asked, in order."""
        return [f"{one.method} {one.path}" for one in self.exchanges]


class Rig:
    """An emulator, its address, what passed, and sources over it."""

    def __init__(self, emulator: JiraEmulator, recorder: Recorder, url: str, folder: Path) -> None:
        self.emulator, self.recorder, self.url, self.folder = emulator, recorder, url, folder
        self.opened: list[JiraSource] = []

    def settings(self, **more: Any) -> JiraSettings:
        """The connection as the settings loader would make it."""
        told = dict(self.emulator.connection(self.url, self.folder)) | more
        return JiraSettings(token=SecretStr(Path(told["token_file"]).read_text()), **told)

    def source(self, *scopes: str, paths: tuple[str, ...] = PATHS, connection: str = "jira", **more: Any) -> JiraSource:
        """A source with scopes such as ``project PAY``."""
        asked = tuple(Asked(*scope.split(" ", 1)) for scope in scopes)
        limits = Limits(attempts=3, deadline=10)
        transport = Transport(limits, wait=lambda _: False)
        opening = Opening(
            connection, self.settings(**more), transport, lambda: self.emulator.now, asked, {"issue": paths}, OPTIONS
        )
        self.opened.append(open_source(opening))
        return self.opened[-1]

    def tell(self, *story: events.Event) -> None:
        """Let events happen."""
        for event in story:
            self.emulator.apply(event)

    def asked(self, what: Callable[[], object]) -> list[str]:
        """The addresses that ``what`` asks."""
        before = len(self.recorder.exchanges)
        what()
        return self.recorder.paths[before:]

    def story(self, project: str = "PAY", issues: int = 3) -> None:
        """Tell ``site``."""
        self.tell(*site(project, issues))

    @staticmethod
    def at(minutes: float) -> datetime:
        """So many minutes after the start."""
        return at(minutes)

    @staticmethod
    def created(key: str, minute: float = 1, **more: Any) -> events.ItemCreated:
        """A story in version M1."""
        return created(key, minute, **more)

    def unit(self, source: JiraSource, key: str) -> Unit:
        """The unit of that key."""
        return next(unit for unit in source.units() if unit.key == key)

    def pull(
        self, source: JiraSource, key: str, cursor: Cursor | None = None
    ) -> tuple[dict[str, RawRecord], Cursor | None]:
        """All records of a pull by id, and the cursor behind them."""
        records: dict[str, RawRecord] = {}
        for batch in source.pull(self.unit(source, key), cursor):
            records |= {record.ref.id: record for record in batch.records}
            cursor = batch.cursor or cursor
        return records, cursor

    def issues(
        self, source: JiraSource, key: str, cursor: Cursor | None = None
    ) -> tuple[dict[str, RawRecord], Cursor | None]:
        """The same, by issue key."""
        records, cursor = self.pull(source, key, cursor)
        return {record.payload["key"]: record for record in records.values()}, cursor


@contextmanager
def running(front: tuple[Recorder, str], folder: Path, dialect: Any = "cloud", **more: Any) -> Iterator[Rig]:
    """A fresh site behind the front that all tests of a module share."""
    recorder, url = front
    emulator = JiraEmulator(dialect, now=START, **more)
    recorder.app = emulator.app
    recorder.exchanges.clear()
    made = Rig(emulator, recorder, url, folder)
    try:
        yield made
    finally:
        for source in made.opened:
            source.close()


def at(minutes: float) -> datetime:
    """So many minutes after the start."""
    return START + timedelta(minutes=minutes)


def site(project: str = "PAY", issues: int = 3) -> list[events.Event]:
    """A project with two people, a version, an epic, a sprint and some stories in the version."""
    told: list[events.Event] = [
        events.PersonJoins(at=START, key="li", name="李雷", email="li@example.com"),
        events.PersonJoins(at=START, key="ann", name="Ann", email="ann@example.com"),
        events.ProjectOpens(at=START, system="jira", key=project, name=f"{project} 支付"),
        events.MilestoneOpens(
            at=START, system="jira", key="M1", project=project, title="v1", form="version", due=date(2026, 3, 1)
        ),
        events.MilestoneOpens(
            at=START, system="jira", key="E1", project=project, title="Wallet", form="epic", due=date(2026, 4, 1)
        ),
        events.SprintOpened(
            at=START,
            system="jira",
            key="S1",
            project=project,
            title="Sprint 1",
            start=date(2026, 1, 5),
            end=date(2026, 1, 16),
        ),
    ]
    return told + [created(f"{project}-{number}") for number in range(1, issues + 1)]


def created(key: str, minute: float = 1, **more: Any) -> events.ItemCreated:
    """A story in version M1."""
    told = {"title": f"Story {key}", "milestone": "M1", "by": "li"} | more
    return events.ItemCreated(at=at(minute), system="jira", key=key, project=key.rpartition("-")[0], **told)


@pytest.fixture(scope="module")
def front() -> Iterator[tuple[Recorder, str]]:
    """One loopback port; each test puts its own site behind it."""
    recorder = Recorder()
    with LoopbackServer(recorder) as server:
        yield recorder, server.url


@pytest.fixture
def cloud(front: tuple[Recorder, str], tmp_path: Path) -> Iterator[Rig]:
    """A Cloud site."""
    with running(front, tmp_path) as rig:
        yield rig


@pytest.fixture
def server(front: tuple[Recorder, str], tmp_path: Path) -> Iterator[Rig]:
    """A Data Center site."""
    with running(front, tmp_path, "server") as rig:
        yield rig


@pytest.fixture(params=["cloud", "server"])
def both(request: pytest.FixtureRequest, front: tuple[Recorder, str], tmp_path: Path) -> Iterator[Rig]:
    """Each dialect in turn."""
    with running(front, tmp_path, request.param) as rig:
        yield rig


@pytest.fixture
def pair(front: tuple[Recorder, str], tmp_path: Path) -> Iterator[tuple[Rig, Rig]]:
    """Two Cloud sites, each of its own."""
    recorder = Recorder()
    with (
        LoopbackServer(recorder) as server,
        running(front, tmp_path) as one,
        running((recorder, server.url), tmp_path) as other,
    ):
        yield one, other


@pytest.fixture
def shanghai(front: tuple[Recorder, str], tmp_path: Path) -> Iterator[Rig]:
    """A Cloud site whose account lives in Shanghai."""
    with running(front, tmp_path, time_zone="Asia/Shanghai") as rig:
        yield rig
