"""Iterations and epics of a paid edition, read in full; and that a server without them is no error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as Asgi

from pmosync.connector import Opening
from pmosync.emulation import events as e
from pmosync.raw import Batch, RawRecord, Ref, Scope
from pmosync.transport import Transport
from pmosync_gitlab.emulator import GitlabEmulator
from pmosync_gitlab.settings import GitlabSettings
from pmosync_gitlab.source import GitlabSource, open_source

START = datetime.fromisoformat("2026-03-02T08:00:00+00:00")
PAY, API = Scope("group", "pay"), Scope("project", "pay/core/api")
MAPPED = {"milestone": ("title",), "iteration": ("title",), "epic": ("title",), "issue": ("iteration", "epic")}
Run = Callable[[Any], str]


class Rig:
    """An emulated server whose addresses are written down as they are asked."""

    def __init__(self, emulator: GitlabEmulator, run: Run, folder: Path) -> None:
        self.emulator, self.folder, self.asked = emulator, folder, list[str]()
        self.url = run(self)
        self.opened: list[GitlabSource] = []

    @property
    def app(self) -> ASGIApp:
        async def answer(scope: Asgi, receive: Receive, send: Send) -> None:
            self.asked.append(scope["path"])
            await self.emulator.app(scope, receive, send)

        return answer

    def open(self, scope: Scope, paths: dict[str, tuple[str, ...]] | None = None) -> GitlabSource:
        settings = GitlabSettings(**self.emulator.connection(self.url, self.folder))
        opening = Opening("git", settings, Transport(), lambda: self.emulator.site.now, (scope,), paths or MAPPED)
        self.opened.append(open_source(opening))
        return self.opened[-1]

    def plans(self, scope: Scope, paths: dict[str, tuple[str, ...]] | None = None) -> Batch:
        """The batch of a scope's milestones."""
        source = self.open(scope, paths)
        (batch,) = source.pull(source.units()[2], None)
        return batch

    def titles(self, scope: Scope, kind: str) -> list[str]:
        return [one.payload["title"] for one in of(self.plans(scope), kind)]

    def asked_for(self, ending: str) -> list[str]:
        return [path.removeprefix("/api/v4") for path in self.asked if path.endswith(ending)]


def of(batch: Batch, kind: str) -> list[RawRecord]:
    return [record for record in batch.records if record.ref.kind == kind]


@pytest.fixture
def rig(running: Run, tmp_path: Path, little_story: tuple[e.Event, ...]) -> Iterator[Callable[..., Rig]]:
    """Makes a server of a version and edition with the little story told; a paid one plans, too."""
    made: list[Rig] = []

    def make(version: str = "18.5.1", *, paid: bool = True) -> Rig:
        made.append(Rig(GitlabEmulator(version, paid=paid), running, tmp_path))
        for event in (*little_story, *planned()):
            made[-1].emulator.apply(event)
        return made[-1]

    yield make
    for one in made:
        for source in one.opened:
            source.close()


def planned() -> Iterator[e.Event]:
    """An iteration and an epic at three heights, in a group without projects also; an issue in one of each."""
    at = START + timedelta(minutes=15)
    more: dict[str, Any] = {"by": "ann", "system": "gitlab"}
    for number, home in enumerate(("pay", "pay/core/api", "pay/ops", "other"), 1):
        start = date(2026, 2, 2) + timedelta(days=14 * number)
        end = start + timedelta(days=13)
        yield e.SprintOpened(
            at=at, key=f"I{number}", project=home, title=f"Sprint {number}", start=start, end=end, **more
        )
        yield e.MilestoneOpens(
            at=at, key=f"E{number}", project=home, title=f"Epic {number}", form="epic", due=end, **more
        )
    at += timedelta(minutes=1)
    yield e.ItemSprint(at=at, by="ann", key="pay/core/api#2", sprint="I2")
    yield e.ItemPlanned(at=at, by="ann", key="pay/core/api#2", milestone="E2")


@pytest.mark.parametrize("version", ["18.5.1", "16.6.0", "13.12.15"])
def test_every_iteration_of_a_groups_scope_is_read_once(rig: Callable[..., Rig], version: str) -> None:
    """Its own and its subgroups', in full each time; an older server is asked group by group."""
    site = rig(version)
    batch = site.plans(PAY)
    assert sorted(one.payload["title"] for one in of(batch, "iteration")) == ["Sprint 1", "Sprint 2", "Sprint 3"]
    assert "iteration" in batch.whole
    assert len(site.asked_for("/iterations")) == (1 if version == "18.5.1" else 4)


def test_a_projects_scope_reads_the_iterations_of_the_groups_above(rig: Callable[..., Rig]) -> None:
    """A project has none of its own; those of other groups are none of its business."""
    assert rig().titles(API, "iteration") == ["Sprint 1", "Sprint 2"]


def test_an_iteration_tells_its_days_and_where_the_clock_stands(rig: Callable[..., Rig]) -> None:
    """The dates decide: nobody opens or closes one."""
    site = rig()
    words = ("state", "start_date", "due_date")
    told = [one.payload for one in of(site.plans(PAY, {"iteration": words}), "iteration")]
    assert [[row[word] for word in words] for row in told] == [
        [3, "2026-02-16", "2026-03-01"],
        [2, "2026-03-02", "2026-03-15"],
        [1, "2026-03-16", "2026-03-29"],
    ]


def test_an_issue_names_its_iteration_and_epic(rig: Callable[..., Rig]) -> None:
    """By their ids, without what may change there while the issue does not."""
    source = rig().open(API)
    records = [one for batch in source.pull(source.units()[0], None) for one in batch.records]
    found = next(one.payload for one in records if one.ref == Ref("git", "issue", "2"))
    assert found["iteration"] == {"id": 2, "iid": 1, "group_id": 2, "title": "Sprint 2"}
    assert found["epic"] == {"id": 2, "iid": 1, "group_id": 2}


def test_an_issue_that_changes_its_iteration_is_told(rig: Callable[..., Rig]) -> None:
    """It moves updated_at, and its row differs."""
    site = rig()
    source = site.open(API)
    cursor = list(source.pull(source.units()[0], None))[-1].cursor
    site.emulator.apply(e.ItemSprint(at=START + timedelta(hours=1), by="ann", key="pay/core/api#2", sprint="I1"))
    records = [one for batch in source.pull(source.units()[0], cursor) for one in batch.records]
    assert [one.payload["iteration"]["title"] for one in records if one.ref.kind == "issue"] == ["Sprint 1"]


@pytest.mark.parametrize("version", ["18.5.1", "13.12.15"])
@pytest.mark.parametrize("scope", [PAY, API], ids=str)
def test_a_free_server_has_neither_and_is_not_asked(rig: Callable[..., Rig], version: str, scope: Scope) -> None:
    """Its version is a bare number. That none are told says of none that it is gone."""
    site = rig(version, paid=False)
    batch = site.plans(scope)
    assert batch.whole == ("group", "project", "milestone")
    assert not site.asked_for("/iterations") + site.asked_for("/epics")


@pytest.mark.parametrize("status", [403, 404])
def test_a_server_without_the_licence_has_neither(rig: Callable[..., Rig], status: int) -> None:
    """It answers 404 or 403: no error, and nothing is taken for gone."""
    site = rig()
    for ending in ("/iterations", "/epics"):
        site.emulator.forbid(ending, status)
    batch = site.plans(PAY)
    assert batch.whole == ("group", "project", "milestone")
    assert of(batch, "milestone")


def test_what_no_mapping_reads_costs_no_request(rig: Callable[..., Rig]) -> None:
    """Neither iterations nor epics are asked for, then."""
    site = rig()
    assert site.plans(PAY, {"milestone": ("title",)}).whole == ("group", "project", "milestone")
    assert not site.asked_for("/iterations") + site.asked_for("/epics")


def test_plans_still_answer_by_their_groups(rig: Callable[..., Rig]) -> None:
    """And one that was deleted does not."""
    site = rig()
    source = site.open(PAY)
    kept = {one.ref: one for one in site.plans(PAY).records}
    refs = [ref for ref in kept if ref.kind in ("iteration", "epic")]
    assert len(refs) == 6
    assert source.visible(refs, kept) == dict.fromkeys(refs, True)
    site.emulator.apply(e.MilestoneDeleted(at=START + timedelta(hours=1), by="ann", key="E2"))
    del site.emulator.site.iterations[3]
    answers = source.visible(refs, kept)
    assert {ref for ref, there in answers.items() if not there} == {
        Ref("git", "epic", "2"),
        Ref("git", "iteration", "3"),
    }


def test_a_groups_scope_reads_the_epics_of_its_subgroups(rig: Callable[..., Rig]) -> None:
    """In full each time; each says that it is an epic. A project's scope has none: epics are a group's."""
    site = rig()
    batch = site.plans(PAY)
    assert [one.payload["title"] for one in of(batch, "epic")] == ["Epic 1", "Epic 2", "Epic 3"]
    assert {one.payload["issue_type"] for one in of(batch, "epic")} == {"epic"}
    assert "epic" in batch.whole
    assert "epic" not in site.plans(API).whole


def test_a_confidential_epic_is_restricted(rig: Callable[..., Rig]) -> None:
    """As an issue is."""
    site = rig()
    site.emulator.site.epics[2].confidential = True
    assert [one.restricted for one in of(site.plans(PAY), "epic")] == [False, True, False]
