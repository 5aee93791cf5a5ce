"""Emulators stand here or in a process of their own; whoever tells the story does not notice which."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from pmosync.emulation.events import ItemCreated, PersonJoins, ProjectOpens
from pmosync.errors import ConfigError
from pmosync.guard import PluginError
from pmosync.testing.stage import Apart, Here, Stage

MONDAY = datetime(2026, 9, 7, 2, tzinfo=UTC)


@pytest.fixture(params=[Here, Apart])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """A GitLab with one project."""
    found: Stage = request.param()
    found.open(["gitlab"], MONDAY)
    found.live(
        [
            PersonJoins(at=MONDAY, key="li", name="李娜", email="li@example.com"),
            ProjectOpens(at=MONDAY, system="gitlab", key="pay/api", name="支付"),
        ]
    )
    yield found
    found.close()


def test_what_happens_is_served(stage: Stage, tmp_path: Path) -> None:
    """Events that are told reach whoever asks over the socket, with the emulated clock's time."""
    stage.live([ItemCreated(at=MONDAY, by="li", system="gitlab", key="pay/api#1", project="pay/api", title="登录")])
    given = stage.connection("gitlab", tmp_path)
    token = Path(given["token_file"]).read_text(encoding="utf-8").strip()
    answer = requests.get(f"{given['url']}/api/v4/projects/1/issues", headers={"PRIVATE-TOKEN": token}, timeout=10)
    assert [row["title"] for row in answer.json()] == ["登录"]


def test_a_fault_comes_back_as_it_was(stage: Stage) -> None:
    """Its words and its remedy; the stage goes on."""
    with pytest.raises(ConfigError, match="does not have"):
        stage.live([ItemCreated(at=MONDAY, by="li", system="gitlab", key="no/where#1", project="no/where", title="x")])
    with pytest.raises(ConfigError) as caught:
        stage.load("gitlab", Path("/nowhere"))
    assert caught.value.remedy
    stage.advance(MONDAY)


def test_a_bug_comes_back_too() -> None:
    """Whatever breaks over there is raised here, with where it broke."""
    stage = Apart()
    with pytest.raises(PluginError, match=r"KeyError at stage\.py"):
        stage.load("gitlab", Path("/nowhere"))
    stage.close()


def test_a_connector_without_an_emulator() -> None:
    """It is named, with what to do."""
    stage = Apart()
    with pytest.raises(ConfigError, match="xlsx"):
        stage.open(["xlsx"], MONDAY)
    stage.close()
    with pytest.raises(ConfigError, match="ended"):
        stage.advance(MONDAY)
