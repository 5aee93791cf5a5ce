"""Connectors enter by one door; every way a plugin can be broken is a status."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from pmosync import plugins
from pmosync.errors import ConfigError
from pmosync.plugins import Status


def entry(value: str) -> EntryPoint:
    """An entry point as a package would announce it."""
    return EntryPoint("toy", value, plugins.GROUP)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("raise RuntimeError('no')", Status.BROKEN),
        ("import sys; sys.exit(3)", Status.BROKEN),
        ("import not_there_at_all", Status.BROKEN),
        ("connector = 42", Status.MISSHAPEN),
        ("", Status.BROKEN),
    ],
)
def test_a_stranger_s_fault_is_a_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, status: Status
) -> None:
    """A module that raises, exits, lacks something or holds something else never crashes the program."""
    (tmp_path / "toy_broken.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    sys.modules.pop("toy_broken", None)
    plugin = plugins.examine(entry("toy_broken:connector"))
    assert plugin.status is status
    assert plugin.connector is None
    assert "toy_broken" in plugin.reason


def test_first_party_connectors_use_the_same_door() -> None:
    """Jira, GitLab, Google Sheets, xlsx and html are announced by entry point and load."""
    found = plugins.installed()
    assert {"jira", "gitlab", "google_sheets", "xlsx", "html"} <= set(found)
    assert all(found[name].status is Status.READY for name in ("jira", "gitlab", "google_sheets", "xlsx", "html"))


def test_an_unknown_connector_is_named_with_the_choices() -> None:
    """A misspelt name tells the place and what there is."""
    with pytest.raises(ConfigError) as caught:
        plugins.connector("jirra", plugins.named(["jirra"]), "pmosync.yaml:3")
    assert "pmosync.yaml:3" in caught.value.message
    assert "jira" in caught.value.remedy
