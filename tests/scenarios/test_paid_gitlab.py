"""A paid GitLab from its answers to the export: who approved, iterations, epics, and an epic that is a promise once bound."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.scenarios.desk import command

from pmosync.cli.export import chosen
from pmosync.cli.opened import records
from pmosync.emulation import events as e
from pmosync.model import MergeRequest, SourceMilestone, Timebox, WorkItem
from pmosync.raw import Ref
from pmosync.testing.rig import Rig
from pmosync_gitlab.emulator import GitlabEmulator

MONDAY = datetime(2026, 9, 7, 2, tzinfo=UTC)
LATER = MONDAY + timedelta(hours=5)
HOME = "pay/core/api"
BOUND = {"code": "PAY", "system": "gitlab", "what": "group", "which": "pay"}


def story() -> Iterator[e.Event]:
    """A project with an epic that is dated and one that is not, an iteration, two issues and an approved request."""
    for key in ("ann", "wang"):
        yield e.PersonJoins(at=MONDAY, key=key, name=key.title(), email=f"{key}@example.com")
    yield e.ProjectOpens(at=MONDAY, system="gitlab", key=HOME, name="api")
    for number in range(1, 4):
        key = f"{HOME}#{number}"
        yield e.ItemCreated(at=MONDAY, by="ann", system="gitlab", key=key, project=HOME, title=f"Step {number}")
    due = date(2026, 11, 30)
    for key, title, day in (("E1", "Idea", None), ("E2", "Checkout", due)):
        yield e.MilestoneOpens(
            at=MONDAY, by="ann", system="gitlab", key=key, project="pay", title=title, form="epic", due=day
        )
    first = date(2026, 9, 1)
    yield e.SprintOpened(
        at=MONDAY, system="gitlab", key="I", project="pay", title="Sprint", start=first, end=first + timedelta(days=13)
    )
    at = MONDAY + timedelta(hours=1)
    for number in (1, 2):
        yield e.ItemPlanned(at=at, by="ann", key=f"{HOME}#{number}", milestone="E2")
    yield e.ItemSprint(at=at, by="ann", key=f"{HOME}#1", sprint="I")
    yield e.MergeRequestOpened(
        at=at, by="ann", system="gitlab", key=f"{HOME}!1", project=HOME, title="Step", author="ann"
    )
    yield e.MergeRequestReviewed(at=at + timedelta(hours=2), by="wang", key=f"{HOME}!1", approved=True)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """The story, told to a paid server and read once, with only its group bound."""
    with Rig(tmp_path, MONDAY) as rig:
        emulator = rig.emulators["gitlab"]
        assert isinstance(emulator, GitlabEmulator)
        emulator.site.licensed = True
        rig.register({"projects": [{"code": "PAY"}], "bindings": [BOUND]})
        rig.live([one for one in story() if isinstance(one, e.Happening)])
        rig.sync(LATER)
        yield rig
        rig.close_house()


def test_what_a_paid_server_tells_is_exported(rig: Rig) -> None:
    """Approvals with the request, iterations as timeboxes with their days, epics above the level of scope; an issue names
    its epic as its parent, in the epics' own numbers.
    """
    export = {kind: list(rig.house.store.export(kind, rig.now)) for kind in ("merge_request", "timebox", "work_item")}
    (request,), (timebox,) = export["merge_request"], export["timebox"]
    assert isinstance(request, MergeRequest)
    assert (request.approved_by, request.approved) == (("wang",), MONDAY + timedelta(hours=3))
    assert isinstance(timebox, Timebox)
    assert (timebox.title, timebox.state, timebox.ends_on) == ("Sprint", "active", date(2026, 9, 14))
    items = {one.ref: one for one in export["work_item"] if isinstance(one, WorkItem)}
    issue, epic = items[Ref("gitlab", "issue", "2")], items[Ref("gitlab", "epic_item", "2")]
    assert (epic.key, epic.level, issue.level, issue.parent) == ("pay&2", 1, 0, "epic_item:2")
    assert items[Ref("gitlab", "issue", "1")].timeboxes == (timebox.ref,)


def test_a_parent_is_called_by_its_key(rig: Rig) -> None:
    """Issue 2 lies below epic 2: its history names the epic, not itself."""
    with records(rig.config) as opened:
        told, _ = chosen(opened, "item_history", rig.now, restricted=False)
        parents = {one.key: one.value for one in told if getattr(one, "field", "") == "parent"}  # type: ignore[attr-defined]
    assert parents == {f"{HOME}#1": "pay&2", f"{HOME}#2": "pay&2"}


def test_an_epic_is_a_promise_once_somebody_binds_it(rig: Rig) -> None:
    """Dated epics are known, and none gets a code by itself; a row of Bindings makes one a milestone with its scope."""
    sources = [one for one in rig.house.store.export("source_milestone", rig.now) if isinstance(one, SourceMilestone)]
    assert [(one.form, one.title, one.target) for one in sources] == [("epic", "Checkout", date(2026, 11, 30))]
    assert list(rig.house.store.export("milestone", rig.now)) == []
    bound = {"code": "PAY-M01", "system": "gitlab", "what": "epic", "which": "pay&2"}
    rig.register({"projects": [{"code": "PAY"}], "bindings": [BOUND, bound]})
    rig.sync(LATER + timedelta(hours=1))
    verdict = rig.milestone("PAY-M01")
    assert verdict.target is not None
    assert (verdict.target.day, verdict.target.source) == (date(2026, 11, 30), "epic")
    assert rig.assessment is not None
    progress = rig.house.store.snapshot(rig.now).progress["PAY-M01"]
    assert (progress.total, progress.open) == (2, 2)


def test_check_names_the_epic_that_was_meant(rig: Rig) -> None:
    """The list of epics is known in full: a name that fits none is told, with what is called most alike."""
    bound = {"code": "PAY-M01", "system": "gitlab", "what": "epic", "which": "Chekcout"}
    rig.register({"projects": [{"code": "PAY"}], "bindings": [BOUND, bound]})
    told = command("check", "--config", str(rig.config))
    (line,) = [one for one in told.out.splitlines() if "Chekcout" in one]
    assert "nearest: 'Checkout'" in line
