"""What python-gitlab does by itself and must not: each known trap, shown to be harmless here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pmosync.connector import Opening
from pmosync.emulation import events as e
from pmosync.emulation.faults import Body, Faults, Plan, Redirect, Status, at
from pmosync.errors import ConfigError, TransientError
from pmosync.raw import Ref, Scope
from pmosync.transport import Limits, Transport
from pmosync_gitlab.emulator import GitlabEmulator
from pmosync_gitlab.settings import GitlabSettings
from pmosync_gitlab.source import GitlabSource, open_source

START = datetime.fromisoformat("2026-03-02T08:00:00+00:00")
HOMES = ("pay/api", "pay/web")


class Site:
    """Two projects with issues of the same numbers, a layer that breaks answers, and a source whose waits are noted."""

    def __init__(self, run: Callable[[Any], str], folder: Path) -> None:
        self.emulator = GitlabEmulator()
        self.layer = Faults(self.emulator.app)
        self.app = self.layer
        self.url, self.folder, self.waits = run(self), folder, list[float]()
        for home in HOMES:
            self.tell(e.ProjectOpens, key=home, name=home)
            for number in range(1, 6):
                self.tell(e.ItemCreated, key=f"{home}#{number}", project=home, title=f"{home} {number}")

    def tell(self, kind: Any, **given: Any) -> None:
        """Let something happen, all at one instant."""
        self.emulator.apply(kind(at=START, by="li", system="gitlab", **given))

    def open(self, plan: Plan | None = None) -> GitlabSource:
        """A source of the group, behind a layer that breaks what the plan says."""
        self.layer.clear()
        self.layer.plan = plan
        limits = Limits(attempts=3, deadline=400)
        transport = Transport(limits, wait=self._wait, clock=lambda: sum(self.waits))
        settings = GitlabSettings(**{**self.emulator.connection(self.url, self.folder), "page_size": 2})
        return open_source(Opening("git", settings, transport, lambda: START, (Scope("group", "pay"),)))

    def _wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        return False

    def titles(self, source: GitlabSource) -> dict[Ref, str]:
        """The issues' titles."""
        batches = source.pull(source.units()[0], None)
        return {one.ref: one.payload["title"] for batch in batches for one in batch.records if one.ref.kind == "issue"}


@pytest.fixture
def site(running: Callable[[Any], str], tmp_path: Path) -> Site:
    """A new one."""
    return Site(running, tmp_path)


def test_pages_by_number_come_to_an_end(site: Site) -> None:
    """The library asks for page one for ever when it is told to begin there. Ten issues of one instant can only be had by
    the numbers of pages, and a pull that begins inside them ends as well.
    """
    source = site.open()
    batches = list(source.pull(source.units()[0], None))
    assert len({record.ref for batch in batches for record in batch.records}) == 10
    for batch in batches:
        site.layer.clear()
        assert batch.cursor is not None
        list(source.pull(source.units()[0], batch.cursor))
        assert site.layer.requests() < 30
    source.close()


def test_issues_of_one_number_in_two_projects_are_two(site: Site) -> None:
    """The library's objects are equal when their numbers are: here identity is the global id."""
    source = site.open()
    titles = site.titles(source)
    assert len(titles) == 10
    assert sorted(titles.values()) == sorted(f"{home} {number}" for home in HOMES for number in range(1, 6))
    source.close()


def test_an_hours_wait_is_handed_up_and_not_slept(site: Site) -> None:
    """The library sleeps as long as it is told to, without an end."""
    source = site.open(at(2, Status(429, {"Retry-After": "3600"})))
    with pytest.raises(TransientError) as caught:
        site.titles(source)
    assert caught.value.retry_after == 3600
    assert site.waits == []
    source.close()


def test_a_refused_rate_without_headers_is_asked_again_a_few_times(site: Site) -> None:
    """The library asks ten times and takes a hundred seconds for it; other failures it does not ask again at all."""
    always = site.open(lambda _number, _method, _path: Status(429))
    with pytest.raises(TransientError):
        site.titles(always)
    assert (site.layer.requests(), len(site.waits) < 3) == (3, True)
    always.close()
    for failure in (Status(502), Status(500)):
        once = site.open(at(2, failure))
        assert len(site.titles(once)) == 10
        once.close()


def test_the_token_goes_nowhere_else(site: Site, running: Callable[[Any], str]) -> None:
    """The library follows a redirect to another host with its token in the header."""

    class Elsewhere:
        """Another server, and what it got."""

        app = Faults(site.emulator.app, at(1, Body()))

    source = site.open(at(2, Redirect(running(Elsewhere) + "/api/v4/projects")))
    with pytest.raises(ConfigError, match="refused"):
        site.titles(source)
    assert Elsewhere.app.requests() == 0
    source.close()


def test_the_margin_covers_the_throttled_time_of_change(site: Site) -> None:
    """GitLab moves ``updated_at`` by a comment at most once a minute: the next pull begins that much earlier at least."""
    settings = GitlabSettings(url=site.url, token="x", overlap=0, skew=0)  # type: ignore[arg-type]
    assert settings.margin >= timedelta(minutes=1)
