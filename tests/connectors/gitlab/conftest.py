"""What the GitLab tests share: asking the emulated server in this process, or over a socket, and a small site to ask about."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec import Struct

from pmosync.emulation import events as e
from pmosync.emulation.server import LoopbackServer
from pmosync_gitlab.emulator import GitlabEmulator

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class Reply(Struct, frozen=True):
    """What came back: ``headers`` have names in lower case."""

    status: int
    headers: dict[str, str]
    body: Any
    text: str


class Asked:
    """An emulator that is asked directly, without a socket; ``path`` is what follows ``/api/v4``, encoded as sent."""

    def __init__(self, emulator: GitlabEmulator) -> None:
        self.emulator = emulator
        self.clock = START

    def tell(self, *events: e.Event) -> None:
        """Let events happen."""
        for event in events:
            self.emulator.apply(event)

    def get(self, path: str, *, token: str | None = None, method: str = "GET", host: str = "git.test") -> Reply:
        """One request."""
        secret = self.emulator.token.secret if token is None else token
        return asyncio.run(_ask(self.emulator, "/api/v4" + path, secret, method, host))

    def rows(self, path: str) -> list[dict[str, Any]]:
        """A list that must be answered."""
        reply = self.get(path)
        assert reply.status == 200, reply.text
        assert isinstance(reply.body, list)
        return reply.body


async def _ask(emulator: GitlabEmulator, target: str, secret: str, method: str, host: str) -> Reply:
    path, _, query = target.partition("?")
    headers = [(b"host", host.encode()), (b"private-token", secret.encode())]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": headers,
        "server": (host, 80),
        "client": ("127.0.0.1", 1),
    }
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await emulator.app(scope, receive, send)
    text = b"".join(message.get("body", b"") for message in sent[1:]).decode()
    found = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    body = json.loads(text) if found["content-type"].startswith("application/json") else None
    return Reply(sent[0]["status"], found, body, text)


@pytest.fixture
def server() -> Callable[..., Asked]:
    """Makes an empty emulated server: ``server("13.12.15", admin=True)``."""

    def make(version: str = "18.5.1", **knobs: Any) -> Asked:
        return Asked(GitlabEmulator(version, **knobs))

    return make


@pytest.fixture
def running() -> Iterator[Callable[[Any], str]]:
    """Puts an emulator (anything with an ``app``) on a loopback port until the test ends; gives its address."""
    servers: list[LoopbackServer] = []

    def run(emulator: Any) -> str:
        servers.append(LoopbackServer(emulator.app))
        servers[-1].start()
        return servers[-1].url

    yield run
    for one in servers:
        one.stop()


@pytest.fixture
def little_story() -> tuple[e.Event, ...]:
    """A group with two subgroups, two projects, milestones at three heights, four issues and two merge requests."""

    def at(minutes: int) -> datetime:
        return START + timedelta(minutes=minutes)

    return (
        e.PersonJoins(at=at(0), key="ann", name="Ann Chen", email="ann@example.com"),
        e.PersonJoins(at=at(0), key="wang", name="王伟", email="wang@example.com"),
        e.ProjectOpens(at=at(1), system="gitlab", key="pay/core/api", name="api"),
        e.ProjectOpens(at=at(1), system="gitlab", key="pay/shop/web", name="web"),
        e.ProjectOpens(at=at(1), system="jira", key="PAY", name="Pay"),
        _milestone(at(2), "G1", "pay", "Gate 1", date(2026, 6, 30)),
        _milestone(at(3), "A1", "pay/core/api", "API 上线", date(2026, 5, 29)),
        _milestone(at(4), "S1", "pay/shop", "Shop gate", date(2026, 7, 31)),
        _issue(
            at(5),
            "pay/core/api#1",
            "Login 登录",
            milestone="A1",
            assignee="ann",
            due=date(2026, 5, 20),
            labels=("backend",),
        ),
        _issue(at(6), "pay/core/api#2", "Refund", milestone="G1", estimate=24.0),
        _issue(at(7), "pay/shop/web#1", "Basket", milestone="S1", kind="bug"),
        _issue(at(8), "pay/core/api#3", "Fraud rule", restricted=True),
        e.MergeRequestOpened(
            at=at(9),
            by="ann",
            system="gitlab",
            key="pay/core/api!1",
            project="pay/core/api",
            title="Login form",
            author="ann",
            reviewers=("wang",),
            items=("PAY-41", "pay/core/api#1"),
            milestone="A1",
        ),
        e.MergeRequestOpened(
            at=at(10),
            by="wang",
            system="gitlab",
            key="pay/shop/web!1",
            project="pay/shop/web",
            title="Basket total",
            author="wang",
            draft=True,
        ),
    )


def _milestone(at: datetime, key: str, project: str, title: str, due: date) -> e.MilestoneOpens:
    return e.MilestoneOpens(
        at=at, by="ann", system="gitlab", key=key, project=project, title=title, form="milestone", due=due
    )


def _issue(at: datetime, key: str, title: str, **more: Any) -> e.ItemCreated:
    project = key.partition("#")[0]
    return e.ItemCreated(at=at, by="ann", system="gitlab", key=key, project=project, title=title, **more)
