"""One story told to servers of every age becomes the same entities."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from pmosync.connector import Opening
from pmosync.emulation import events as e
from pmosync.mapping import Context, load_mapping, translate
from pmosync.raw import Ref, Scope
from pmosync.transport import Transport
from pmosync_gitlab.emulator import GitlabEmulator
from pmosync_gitlab.settings import GitlabSettings
from pmosync_gitlab.source import open_source

START = datetime.fromisoformat("2026-03-02T08:00:00+00:00")
MAPPING = load_mapping("gitlab")


def deeds() -> tuple[e.Event, ...]:
    """What makes the ages differ: a merge, a draft, a task, an approval, a closing."""
    at = START + timedelta(hours=1)
    key, home = "pay/core/api#9", "pay/core/api"
    return (
        e.ItemCreated(
            at=at, by="ann", system="gitlab", key=key, project=home, title="Part", kind="subtask", assignee="ann"
        ),
        e.MergeRequestReviewed(at=at, by="wang", key="pay/core/api!1", approved=True),
        e.MergeRequestMerged(at=at + timedelta(hours=1), by="wang", key="pay/core/api!1"),
        e.ItemMoves(at=at + timedelta(hours=1), by="wang", key="pay/core/api#2", to=e.Stage.DONE),
    )


def entities(run: Callable[[Any], str], folder: Path, version: str, story: tuple[e.Event, ...]) -> dict[Ref, Any]:
    """All facts and changes of a group by ref, without the addresses, which tell the port."""
    emulator = GitlabEmulator(version)
    for event in (*story, *deeds()):
        emulator.apply(event)
    settings = GitlabSettings(**emulator.connection(run(emulator), folder))
    paths = {kind: MAPPING.paths(kind) for kind in MAPPING.kinds}
    scope = Scope("group", "pay")
    source = open_source(Opening("git", settings, Transport(), lambda: emulator.site.now, (scope,), paths))
    told = [
        translate(MAPPING, one, Context())
        for unit in source.units()
        for b in source.pull(unit, None)
        for one in b.records
    ]
    source.close()
    assert not [problem for one in told for problem in one.problems]
    found: list[Any] = [fact for one in told for fact in (*one.facts, *one.changes)]
    return {one.ref: structs.replace(one, url="") if hasattr(one, "url") else one for one in found}


@pytest.mark.parametrize("version", ["13.12.15", "14.10.5", "15.6.0", "16.7.0", "17.11.2"])
def test_every_age_tells_the_same(
    running: Callable[[Any], str], tmp_path: Path, little_story: tuple[e.Event, ...], version: str
) -> None:
    """As a server of today does, whatever names and lists each has."""
    today = entities(running, tmp_path, "18.5.1", little_story)
    then = entities(running, tmp_path, version, little_story)
    assert then == today
    assert {ref.kind for ref in today} >= {"issue", "merge_request", "milestone", "project", "group", "state_event"}
    request = today[Ref("git", "merge_request", "1")]
    assert (request.merged_by, request.approved_by) == ("wang", ("wang",))
