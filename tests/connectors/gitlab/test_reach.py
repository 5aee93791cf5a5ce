"""What a scope reaches: archived projects, the milestones of groups above and below at every age of the server, and of several
servers each its own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pmosync.connector import Opening
from pmosync.emulation import events as e
from pmosync.raw import RawRecord, Ref, Scope
from pmosync.transport import Transport
from pmosync_gitlab.emulator import GitlabEmulator
from pmosync_gitlab.settings import GitlabSettings
from pmosync_gitlab.source import open_source

START = datetime.fromisoformat("2026-03-02T08:00:00+00:00")
Run = Callable[[Any], str]
VERSIONS = ["18.5.1", "16.6.9", "13.12.15"]


def told(version: str, *stories: tuple[e.Event, ...]) -> GitlabEmulator:
    """A server to which stories were told."""
    emulator = GitlabEmulator(version)
    for story in stories:
        for event in story:
            emulator.apply(event)
    return emulator


def read(run: Run, folder: Path, emulator: GitlabEmulator, scope: Scope, connection: str = "git") -> list[RawRecord]:
    """All that a scope reaches, of every unit."""
    settings = GitlabSettings(**emulator.connection(run(emulator), folder))
    source = open_source(Opening(connection, settings, Transport(), lambda: emulator.site.now, (scope,)))
    found = [one for unit in source.units() for batch in source.pull(unit, None) for one in batch.records]
    source.close()
    return found


def titles(records: list[RawRecord], kind: str) -> list[str]:
    return sorted(one.payload["title"] for one in records if one.ref.kind == kind)


def _gate(key: str, home: str) -> e.MilestoneOpens:
    return e.MilestoneOpens(
        at=START + timedelta(minutes=15), system="gitlab", key=key, project=home, title=key, form="milestone"
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_archived_projects_are_reached_with_all_they_hold(
    running: Run, tmp_path: Path, little_story: tuple[e.Event, ...], version: str
) -> None:
    """A group's lists leave their items out unless told otherwise; the project itself says that it is archived."""
    archived = e.ProjectArchived(at=START + timedelta(minutes=20), system="gitlab", key="pay/core/api")
    before = read(running, tmp_path, told(version, little_story), Scope("group", "pay"))
    after = read(running, tmp_path, told(version, little_story, (archived,)), Scope("group", "pay"))
    assert {one.ref for one in after} == {one.ref for one in before}
    homes = {one.payload["path_with_namespace"]: one.payload["archived"] for one in after if one.ref.kind == "project"}
    assert homes == {"pay/core/api": True, "pay/shop/web": False}


@pytest.mark.parametrize("version", VERSIONS)
def test_the_milestones_of_all_subgroups_are_reached(
    running: Run, tmp_path: Path, little_story: tuple[e.Event, ...], version: str
) -> None:
    """Also of one that holds no project; a server before 16.7 is asked subgroup by subgroup. Other groups' are not."""
    more = (_gate("Idle gate", "pay/idle/deep"), _gate("Foreign gate", "other"))
    found = read(running, tmp_path, told(version, little_story, more), Scope("group", "pay"))
    assert titles(found, "milestone") == ["API 上线", "Gate 1", "Idle gate", "Shop gate"]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("scope", [Scope("group", "pay/core"), Scope("project", "pay/core/api")], ids=str)
def test_the_milestones_of_the_groups_above_are_reached(
    running: Run, tmp_path: Path, little_story: tuple[e.Event, ...], version: str, scope: Scope
) -> None:
    """An issue may be in any of them; those of the groups beside are none of the scope's."""
    found = read(running, tmp_path, told(version, little_story), scope)
    assert titles(found, "milestone") == ["API 上线", "Gate 1"]


def test_equal_numbers_of_two_servers_are_two_things(
    running: Run, tmp_path: Path, little_story: tuple[e.Event, ...]
) -> None:
    """Each connection's things are its own, whatever their numbers; each server answers for its own alone."""
    other = (
        e.ProjectOpens(at=START, system="gitlab", key="pay/till", name="till"),
        e.ItemCreated(at=START, by="li", system="gitlab", key="pay/till#1", project="pay/till", title="Drawer"),
    )
    scope = Scope("group", "pay")
    here = read(running, tmp_path, told("18.5.1", little_story), scope, "north")
    there = read(running, tmp_path, told("13.12.15", other), scope, "south")
    assert not {one.ref for one in here} & {one.ref for one in there}
    names = {one.ref: one.payload.get("title") for one in here + there}
    assert names[Ref("north", "issue", "1")] == "Login 登录"
    assert names[Ref("south", "issue", "1")] == "Drawer"
