"""The settings as shown: no secret, and where each value comes from."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.scenarios.desk import command

from pmosync.cli.config import masked

FILE = """\
connections:
  jira:
    connector: jira
    url: https://user:canary-1@jira.example/x?token=canary-2
    token: canary-3
    headers: {authorization: canary-4, cookie: [canary-5]}
    token_file: secrets/jira-token
transport: {proxy: "http://me:canary-6@proxy.example:8080"}
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A settings file with secrets in odd places."""
    path = tmp_path / "pmosync.yaml"
    path.write_text(FILE, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("how", [(), ("--json",), ("--where",)])
def test_secrets_are_masked_wherever_they_stand(file: str, how: tuple[str, ...]) -> None:
    """Keys that name one, what is below them, users and queries of addresses; the path of a secret file is shown."""
    told = command("config", "--config", file, *how)
    assert told.code == 0
    assert "canary" not in told.out + told.err
    assert "secrets/jira-token" in told.out
    assert "proxy.example:8080" in told.out


def test_each_value_has_its_place(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """File and line, the variable, or the default."""
    monkeypatch.setenv("PMOSYNC_SYNC__CENSUS", "12")
    lines = command("config", "--config", file, "--where").out.splitlines()
    assert f"connections.jira.connector = jira  # {file}:3" in lines
    assert "sync.census = 12.0  # environment PMOSYNC_SYNC__CENSUS" in lines
    assert "calendar = CN  # default" in lines


def test_what_is_no_secret_is_not_touched() -> None:
    """Numbers, lists and plain addresses stay."""
    given = {"url": "https://a.example/b", "n": 3, "l": ["x"], "token": ""}
    assert masked(given) == given
