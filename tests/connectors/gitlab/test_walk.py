"""The walk over issues while people work: nothing that was there all the time is missed, nothing comes twice in a row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Receive, Scope, Send

from pmosync.emulation import events as e
from pmosync.emulation.server import LoopbackServer
from pmosync.transport import Limits, Transport
from pmosync_gitlab.client import Client
from pmosync_gitlab.cursor import Mark, Position, dump, parse
from pmosync_gitlab.emulator import GitlabEmulator
from pmosync_gitlab.settings import GitlabSettings
from pmosync_gitlab.walk import walk

START = datetime.fromisoformat("2026-03-02T08:00:00+00:00")


class Changing:
    """One port behind which each example puts its own emulator."""

    emulator = GitlabEmulator()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.emulator.app(scope, receive, send)


@pytest.fixture(scope="module")
def changing() -> Iterator[tuple[Changing, str]]:
    """The port."""
    app = Changing()
    with LoopbackServer(app) as server:
        yield app, server.url


@given(
    gaps=st.lists(st.sampled_from([0, 0, 1, 500, 60_000]), min_size=1, max_size=25),
    size=st.integers(1, 7),
    edits=st.lists(
        st.tuples(st.integers(0, 20), st.sampled_from(["edit", "delete", "create"]), st.integers(0, 24)), max_size=6
    ),
    resumed=st.booleans(),
)
def test_a_walk_misses_nothing_that_stays(
    changing: tuple[Changing, str], gaps: list[int], size: int, edits: list[tuple[int, str, int]], resumed: bool
) -> None:
    """Whatever is edited, deleted or created between pages, and wherever the walk is broken off and resumed from its cursor.

    (Deleted only where fewer rows than fill a page share their millisecond: else even a perfect client can lose one.)
    """
    app, url = changing
    app.emulator = GitlabEmulator()
    settings = GitlabSettings.model_validate({"url": url, "token": app.emulator.token.secret, "page_size": size})
    _populate(app.emulator, gaps)
    client = Client(settings, Transport(Limits(attempts=1)))
    stay = set(app.emulator.site.issues.by_id)
    seen: list[int] = []
    position: Position | None = Position()
    for turn in range(1000):
        if position is None:
            break
        step = next(walk(client, "/projects/1/issues", {"state": "all"}, position))
        seen += [row["id"] for row in step.rows]
        stay -= _meddle(app.emulator, [edit for edit in edits if edit[0] == turn], size)
        position = parse(dump(Mark(at=step.onward))).at if resumed and step.onward else step.onward
    client.close()
    assert position is None
    assert stay <= set(seen)


def _populate(emulator: GitlabEmulator, gaps: list[int]) -> None:
    """Issues some milliseconds apart, many at the very same instant."""
    emulator.apply(e.ProjectOpens(at=START, system="gitlab", key="pay/api", name="api"))
    at = START
    for number, gap in enumerate(gaps, 1):
        at += timedelta(milliseconds=gap)
        key = f"pay/api#{number}"
        emulator.apply(e.ItemCreated(at=at, system="gitlab", key=key, project="pay/api", title=f"T{number}"))


def _meddle(emulator: GitlabEmulator, edits: list[tuple[int, str, int]], size: int) -> set[int]:
    """Do what people do between two pages; gives the ids that are no longer there."""
    gone: set[int] = set()
    for _, what, which in edits:
        shelf, at = emulator.site.issues, emulator.site.now + timedelta(minutes=1)
        issue = shelf.at(1, which + 1)
        if what == "create":
            key = f"pay/api#{shelf.free(1)}"
            emulator.apply(e.ItemCreated(at=at, system="gitlab", key=key, project="pay/api", title="New"))
        elif issue and what == "edit":
            emulator.apply(e.ItemRetitled(at=at, key=f"pay/api#{issue.iid}", title=f"at {at}"))
        elif issue and sum(other.created_at == issue.created_at for other in shelf) < size:
            emulator.apply(e.ItemDeleted(at=at, key=f"pay/api#{issue.iid}"))
            gone.add(issue.id)
    return gone
