"""A server that wants to be left alone is left alone by every command and every installation that uses the credential."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.scenarios.desk import CANARIES, Desk

from pmosync.emulation.faults import Status


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk whose GitLab has had enough for an hour."""
    with Desk(tmp_path / "desk") as made:
        made.doors["gitlab"].plan = lambda _number, _method, _path: Status(429, {"Retry-After": "3600"})
        made.settings["transport"] = {"attempts": 1, "shared": "meeting"}
        yield made


def asked(desk: Desk, *command: str) -> int:
    """How often a command asks GitLab."""
    desk.doors["gitlab"].clear()
    told = desk.run(*command)
    assert CANARIES["gitlab"] not in told.out + told.err
    return desk.doors["gitlab"].requests()


def test_one_wish_binds_all_commands_and_installations(desk: Desk) -> None:
    """A sync is told; a check, another sync, and another installation that meets it in one folder ask nothing until then.
    Whoever has another token is not bound, nor is another system.
    """
    assert asked(desk, "sync") == 1
    assert asked(desk, "check") == 0
    assert asked(desk, "sync") == 0
    desk.settings["data"] = "elsewhere"
    assert asked(desk, "sync") == 0
    assert desk.doors["jira"].requests() > 1
    files = list((desk.folder / "meeting").iterdir())
    assert files
    assert not [file for file in files if CANARIES["gitlab"].encode() in file.read_bytes() + file.name.encode()]
    desk.settings["connections"]["gitlab"] |= {"token": "glpat-another"}
    desk.settings["connections"]["gitlab"].pop("token_file", None)
    assert asked(desk, "check") >= 1
