"""Releases: asked for where the connection says so, project by project, and named by project and tag."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pmosync.connector import Opening
from pmosync.emulation import events as e
from pmosync.raw import Batch, Ref, Scope
from pmosync.transport import Transport
from pmosync_gitlab.emulator import GitlabEmulator, publishing
from pmosync_gitlab.settings import GitlabSettings
from pmosync_gitlab.source import GitlabSource, open_source

START = datetime.fromisoformat("2026-03-02T08:00:00+00:00")
PATHS = {"release": ("name", "tag_name", "released_at", "upcoming_release", "milestones")}
API, WEB = 1, 2
Open = Callable[..., GitlabSource]


@pytest.fixture
def emulator(little_story: tuple[e.Event, ...]) -> GitlabEmulator:
    """The little story, and a release in each of its projects with one tag, the second still to come."""
    found = GitlabEmulator()
    for event in little_story:
        found.apply(event)
    publishing.publish(found.site, API, "release/1.0", 2, [2])
    publishing.publish(found.site, WEB, "release/1.0", 3, [], at=START + timedelta(days=9))
    return found


@pytest.fixture
def opened(emulator: GitlabEmulator, running: Callable[[Any], str], tmp_path: Path) -> Iterator[Open]:
    """Opens a source of the group."""
    url, sources = running(emulator), list[GitlabSource]()

    def make(paths: dict[str, tuple[str, ...]], **more: Any) -> GitlabSource:
        settings = GitlabSettings(**{**emulator.connection(url, tmp_path), **more})
        scope = Scope("group", "pay")
        sources.append(open_source(Opening("git", settings, Transport(), lambda: START, (scope,), paths)))
        return sources[-1]

    yield make
    for one in sources:
        one.close()


def plans(source: GitlabSource) -> Batch:
    """The batch of the group's milestones."""
    (batch,) = source.pull(source.units()[2], None)
    return batch


def published(batch: Batch) -> dict[Ref, dict[str, Any]]:
    return {one.ref: one.payload for one in batch.records if one.ref.kind == "release"}


def test_equal_tags_of_two_projects_are_two_releases(opened: Open) -> None:
    """Each with its instant, whether it is still to come, and the milestones it names without their dates."""
    batch = plans(opened(PATHS, releases=True))
    here, there = published(batch).items()
    assert here[0] == Ref("git", "release", "1/release/1.0")
    assert there[0] == Ref("git", "release", "2/release/1.0")
    assert here[1]["milestones"] == [{"id": 2, "iid": 1, "title": "API 上线", "project_id": 1}]
    assert [row["upcoming_release"] for row in (here[1], there[1])] == [False, True]
    assert there[1]["released_at"] == "2026-03-11T08:00:00.000Z"
    assert "release" in batch.whole


@pytest.mark.parametrize(
    ("paths", "more"), [(PATHS, {}), ({"milestone": ("title",)}, {"releases": True})], ids=["unset", "unmapped"]
)
def test_nothing_is_asked_unless_it_is_wanted(
    emulator: GitlabEmulator, opened: Open, paths: dict[str, tuple[str, ...]], more: dict[str, Any]
) -> None:
    """By the connection's settings and by the mapping: a request for each project otherwise."""
    emulator.forbid("/releases", 404)
    batch = plans(opened(paths, **more))
    assert not published(batch)
    assert "release" not in batch.whole


def test_a_project_that_shows_no_releases_hides_no_others(emulator: GitlabEmulator, opened: Open) -> None:
    """403 where they are switched off: what the others have comes, and nothing is taken for gone."""
    emulator.site.projects[API].extra["releases_access_level"] = "disabled"
    batch = plans(opened(PATHS, releases=True))
    assert [ref.id for ref in published(batch)] == ["2/release/1.0"]
    assert "release" not in batch.whole
    assert "milestone" in batch.whole


def test_releases_for_members_alone_are_restricted(emulator: GitlabEmulator, opened: Open) -> None:
    """As the project says."""
    emulator.site.projects[WEB].extra["releases_access_level"] = "private"
    records = plans(opened(PATHS, releases=True)).records
    assert [one.restricted for one in records if one.ref.kind == "release"] == [False, True]


def test_a_release_answers_by_its_tag(emulator: GitlabEmulator, opened: Open) -> None:
    """Until it is deleted, whatever its tag looks like."""
    source = opened(PATHS, releases=True)
    refs = list(published(plans(source)))
    assert source.visible(refs) == dict.fromkeys(refs, True)
    del emulator.site.releases[API, "release/1.0"]
    assert list(source.visible(refs).values()) == [False, True]
