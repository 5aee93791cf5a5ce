"""A site is migrated, a milestone promoted, a version merged: `pmosync rebind` lets the promises go on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import time_machine

from pmosync.cli.main import run
from pmosync.emulation.events import (
    Event,
    ItemCreated,
    ItemMoves,
    ItemPlanned,
    MilestoneDated,
    MilestoneDeleted,
    MilestoneOpens,
    PersonJoins,
    ProjectOpens,
    Stage,
)
from pmosync.emulation.server import LoopbackServer
from pmosync.engine import events
from pmosync.testing.rig import Rig
from pmosync_jira.emulator import JiraEmulator

MONDAY = datetime(2026, 9, 7, 2, tzinfo=UTC)
DAY = timedelta(days=1)
DUE = date(2026, 10, 15)


def story() -> list[Event]:
    """PAY with two versions, the first dated anew, of twelve items; some of them done."""
    told: list[Event] = [
        PersonJoins(at=MONDAY, key="li", name="Li", email="li@example.com"),
        ProjectOpens(at=MONDAY, system="jira", key="PAY", name="Pay"),
        MilestoneOpens(at=MONDAY, system="jira", key="live", project="PAY", title="Live", form="version", due=DUE),
        MilestoneOpens(at=MONDAY, system="jira", key="next", project="PAY", title="Next", form="version"),
    ]
    for number in range(1, 16):
        milestone = "live" if number <= 12 else ""
        at = MONDAY + timedelta(minutes=number)
        told.append(
            ItemCreated(at=at, system="jira", key=f"PAY-{number}", project="PAY", title="x", milestone=milestone)
        )
    return told


def course() -> list[Event]:
    """What happens in the weeks before anything is migrated."""
    later = MONDAY + 9 * DAY
    done = [ItemMoves(at=later, key=f"PAY-{number}", to=Stage.DONE) for number in (1, 2, 3)]
    return [*done, MilestoneDated(at=later, key="live", due=date(2026, 10, 22))]


def said(rig: Rig, code: str) -> tuple[Any, ...]:
    """What must not change of a milestone when its ids do."""
    verdict, snapshot = rig.milestone(code), rig.house.store.snapshot(rig.now)
    colour = [(each.day, each.shown, each.since) for each in snapshot.colours.get(code, ())]
    progress = msgspec.structs.replace(verdict.progress, moved=None)
    return verdict.slip, verdict.rag.shown, snapshot.baselines.get(code), progress, verdict.target, colour[:10]


def codes(rig: Rig) -> list[str]:
    """All milestones of ours."""
    return [each.code for each in rig.house.store.snapshot(rig.now).milestones]


def writes(told: list[events.Event]) -> int:
    """Cells written to workbooks."""
    return sum(event.cells for event in told if isinstance(event, events.Published))


def command(rig: Rig, *words: str) -> int:
    """One command at the rig's moment, by the rig's settings; its exit code."""
    rig.close_house()
    with time_machine.travel(rig.now, tick=False):
        return run([*words, "--config", str(rig.config)])


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """Three weeks of a Jira project, synced day by day until its baseline stands."""
    with Rig(tmp_path, MONDAY) as rig:
        bindings = [{"code": "PAY", "system": "jira", "what": "project", "which": "PAY"}]
        rig.register(
            {"projects": [{"code": "PAY", "control": "key", "committed_on": date(2026, 8, 3)}], "bindings": bindings}
        )
        rig.live(story())
        for day in (1, 4, 8):
            rig.sync(MONDAY + day * DAY)
        rig.sync(MONDAY + 10 * DAY, *course())
        assert rig.house.store.snapshot(rig.now).baselines["PAY-M01"]
        yield rig


@pytest.fixture
def cloud(rig: Rig) -> Iterator[tuple[JiraEmulator, str]]:
    """The same site as a migration leaves it: every id is another one, keys, titles, dates and histories are the same."""
    emulator = JiraEmulator()
    emulator.advance(MONDAY)
    emulator.apply(ProjectOpens(at=MONDAY, system="jira", key="OLD", name="Old"))
    for number in range(1, 40):
        key = f"old{number}"
        emulator.apply(
            MilestoneOpens(at=MONDAY, system="jira", key=key, project="OLD", title=f"O{number}", form="version")
        )
        emulator.apply(ItemCreated(at=MONDAY, system="jira", key=f"OLD-{number}", project="OLD", title="x"))
    for event in (*story(), *course()):
        emulator.apply(event)
    emulator.advance(rig.now)
    with LoopbackServer(emulator.app) as server:
        yield emulator, server.url


def settled(rig: Rig, before: tuple[Any, ...], at: datetime) -> None:
    """After the rebinding: the next sync says what was said, and the one behind it writes nothing."""
    told = rig.sync(at)
    assert not [event for event in told if isinstance(event, events.Held | events.Failed)]
    assert said(rig, "PAY-M01")[:5] == before[:5]
    assert set(before[5]) <= set(said(rig, "PAY-M01")[5])
    assert codes(rig) == ["PAY-M01", "PAY-M02"]
    assert rig.house.store.holds() == ()
    assert rig.house.store.snapshot(rig.now).gone == {}
    assert writes(rig.sync(at + timedelta(minutes=5))) == 0


def test_a_site_behind_the_same_connection(
    rig: Rig, cloud: tuple[JiraEmulator, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The address is another one now, and so is every id: held as migrated until the rebinding, and then as before."""
    emulator, url = cloud
    before = said(rig, "PAY-M01")
    rig.close_house()
    rig.connect("jira", "jira", emulator.connection(url, rig.folder / "secrets"))
    at = MONDAY + 11 * DAY
    emulator.advance(at)
    assert [event.hold.id[:2] for event in rig.sync(at) if isinstance(event, events.Held)] == ["h-"]
    told = rig.sync(at + timedelta(minutes=30))
    held = [event.hold for event in told if isinstance(event, events.Held)]
    assert [hold.id[:9] for hold in held] == ["migrated-"], "no window showed them, so they were read from the start"
    assert command(rig, "accept", held[0].id, "--as", "deleted") == 2
    assert "rebind" in capsys.readouterr().err
    assert command(rig, "rebind", "--from", "jira", "--to", "jira", "--dry-run") == 0
    assert "15 issues" in capsys.readouterr().out
    assert rig.house.store.rebindings() == ()
    assert command(rig, "rebind", "--from", "jira", "--to", "jira") == 0
    tied = rig.house.store.rebindings()
    capsys.readouterr()
    assert command(rig, "rebind", "--from", "jira", "--to", "jira") == 0
    assert "nothing left to tie: 15 issues, 1 project, 2 versions go on as jira already" in capsys.readouterr().out
    assert rig.house.store.rebindings() == tied, "asked for again, it turns nothing round"
    assert rig.house.store.holds() == (), "what is tied is not held any more"
    emulator.advance(at + timedelta(hours=1))
    settled(rig, before, at + timedelta(hours=1))


def test_a_site_behind_another_connection(
    rig: Rig, cloud: tuple[JiraEmulator, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A row beside the old one reads the new connection; the rebinding says which cell still names the old, and is read as
    if it named the new one.
    """
    emulator, url = cloud
    before = said(rig, "PAY-M01")
    rig.close_house()
    rig.connect("cloud", "jira", emulator.connection(url, rig.folder / "secrets"))
    person = rig.emulators["google_sheets"].person()  # type: ignore[attr-defined]
    for column, text in zip("ABCD", ("PAY", "cloud", "project", "PAY"), strict=True):
        person.type(f"'Bindings'!{column}3", text)
    at = MONDAY + 11 * DAY
    emulator.advance(at)
    rig.sync(at)
    assert command(rig, "rebind", "--from", "jira", "--to", "cloud") == 0
    out = capsys.readouterr().out
    assert "PAY-M01  → cloud:version:" in out, out
    assert "Bindings!B2: PAY: jira project 'PAY' goes on as 'PAY' of cloud" in out
    emulator.advance(at + timedelta(hours=1))
    settled(rig, before, at + timedelta(hours=1))
    assert "PAY-M03  is given up" in out
    assert "PAY  is given up" not in out
    assert rig.assessment is not None
    assert [each.place for each in rig.assessment.findings if each.rule == "bound-anew"] == ["Bindings!B2"]
    person.delete_rows("Bindings", 1)
    for hours in (2, 30):
        emulator.advance(at + timedelta(hours=hours))
        rig.sync(at + timedelta(hours=hours))
    assert said(rig, "PAY-M01")[2:5] == before[2:5]
    assert not [each for each in rig.assessment.findings if each.rule == "bound-anew"]


def test_a_row_that_names_the_new_connection_at_once(
    rig: Rig, cloud: tuple[JiraEmulator, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Retyped before anything else was done, the old scope is not let go: held as migrated, until the rebinding."""
    emulator, url = cloud
    before = said(rig, "PAY-M01")
    rig.close_house()
    rig.connect("cloud", "jira", emulator.connection(url, rig.folder / "secrets"))
    person = rig.emulators["google_sheets"].person()  # type: ignore[attr-defined]
    person.type("'Bindings'!B2", "cloud")
    at = MONDAY + 11 * DAY
    emulator.advance(at)
    (hold,) = [event.hold for event in rig.sync(at) if isinstance(event, events.Held)]
    assert (hold.id[:9], hold.count, hold.moved_to) == ("migrated-", 15, "cloud")
    assert command(rig, "status") == 1
    assert "pmosync rebind --from jira --to cloud" in capsys.readouterr().out
    assert command(rig, "accept", hold.id, "--as", "moved") == 2
    assert "pmosync rebind --from jira --to cloud --dry-run" in capsys.readouterr().err, "both ends are known"
    assert command(rig, "rebind", "--from", "jira", "--to", "cloud") == 0
    command(rig, "status")
    assert "  rebind done " in capsys.readouterr().out, "a run that read nothing is told as what it was"
    emulator.advance(at + timedelta(hours=1))
    settled(rig, before, at + timedelta(hours=1))


def test_a_row_that_names_the_new_id_at_once(
    rig: Rig, cloud: tuple[JiraEmulator, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Behind the same address, too: the old scope is held as migrated until the rebinding, although its row names the new
    project by its id now. What says that the name fits two steers to the rebinding.
    """
    emulator, url = cloud
    before = said(rig, "PAY-M01")
    rig.close_house()
    rig.connect("jira", "jira", emulator.connection(url, rig.folder / "secrets"))
    at = MONDAY + 11 * DAY
    for minutes in (0, 30):
        emulator.advance(at + timedelta(minutes=minutes))
        rig.sync(at + timedelta(minutes=minutes))
    command(rig, "check")
    assert "seems migrated: `pmosync rebind --from jira --to jira --dry-run`" in capsys.readouterr().out
    projects = [ref for ref, home in rig.house.store.source_projects(rig.now).items() if home.key == "PAY"]
    new = max(projects, key=lambda ref: int(ref.id))
    person = rig.emulators["google_sheets"].person()  # type: ignore[attr-defined]
    person.type("'Bindings'!D2", new.id)
    later = at + timedelta(hours=1)
    emulator.advance(later)
    (hold,) = [event.hold for event in rig.sync(later) if isinstance(event, events.Held)]
    assert (hold.id[:9], hold.count, hold.moved_to) == ("migrated-", 15, "jira")
    assert command(rig, "rebind", "--from", "jira", "--to", "jira") == 0
    emulator.advance(later + timedelta(hours=1))
    settled(rig, before, later + timedelta(hours=1))


def test_a_merged_version(rig: Rig, capsys: pytest.CaptureFixture[str]) -> None:
    """Jira swaps the items and deletes the version: its promise is judged by the one that is left."""
    before = said(rig, "PAY-M01")
    at = rig.now + timedelta(hours=1)
    planned = [ItemPlanned(at=at, key=f"PAY-{number}", milestone="next") for number in range(1, 13)]
    rig.sync(rig.now + DAY, *planned, MilestoneDeleted(at=at + timedelta(minutes=1), key="live"))
    assert rig.milestone("PAY-M01").progress.removed == 12
    assert command(rig, "rebind", "--from", "jira:version:Live", "--to", "jira:version:Next") == 0
    capsys.readouterr()
    rig.sync(rig.now + timedelta(hours=1))
    assert said(rig, "PAY-M01")[2:4] == before[2:4]
    survivor = rig.milestone("PAY-M02").progress
    assert (survivor.added, survivor.backfilled) == (9, 3)
    assert codes(rig) == ["PAY-M01", "PAY-M02"]
    assert writes(rig.sync(rig.now + timedelta(minutes=5))) == 0


def test_a_promoted_milestone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """GitLab makes a group milestone of a project's: a new id, and the old one is gone."""
    with Rig(tmp_path, MONDAY) as rig:
        bindings = [{"code": "PAY", "system": "gitlab", "what": "project", "which": "shop/pay"}]
        rig.register(
            {"projects": [{"code": "PAY", "control": "key", "committed_on": date(2026, 8, 3)}], "bindings": bindings}
        )
        rig.live(
            [
                PersonJoins(at=MONDAY, key="li", name="Li", email="li@example.com"),
                ProjectOpens(at=MONDAY, system="gitlab", key="shop/pay", name="Pay"),
                MilestoneOpens(
                    at=MONDAY, system="gitlab", key="m", project="shop/pay", title="Live", form="milestone", due=DUE
                ),
            ]
        )
        for number in range(1, 7):
            at = MONDAY + timedelta(minutes=number)
            key = f"shop/pay#{number}"
            rig.live([ItemCreated(at=at, system="gitlab", key=key, project="shop/pay", title="x", milestone="m")])
        for day in (1, 4, 8):
            rig.sync(MONDAY + day * DAY)
        before = said(rig, "PAY-M01")
        at = rig.now + timedelta(hours=1)
        opened = MilestoneOpens(
            at=at, system="gitlab", key="g", project="shop", title="Live", form="milestone", due=DUE
        )
        items = [ItemPlanned(at=at, key=f"shop/pay#{number}", milestone="g") for number in range(1, 7)]
        rig.sync(rig.now + DAY, opened, *items, MilestoneDeleted(at=at + timedelta(minutes=1), key="m"))
        old, new = sorted(each.ref.id for each in rig.house.store.sources(rig.now).values())
        arguments = ("rebind", "--from", f"gitlab:milestone:{old}", "--to", f"gitlab:milestone:{new}")
        assert command(rig, *arguments) == 0
        assert "PAY-M01  → gitlab:milestone:" in capsys.readouterr().out
        rig.sync(rig.now + timedelta(hours=1))
        assert said(rig, "PAY-M01")[:4] == before[:4]
        assert codes(rig) == ["PAY-M01"]
        assert writes(rig.sync(rig.now + timedelta(minutes=5))) == 0
