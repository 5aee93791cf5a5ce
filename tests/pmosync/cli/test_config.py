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
    tokn: canary-7
    headers: {authorization: canary-4, cookie: [canary-5]}
    token_file: secrets/jira-token
transport: {proxy: "http://me:canary-6@proxy.example:8080"}
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A settings file with secrets in odd places."""
    path = tmp_path / "pmosync.yaml"
    path.write_text(FILE, encoding="utf-8")
    (tmp_path / "secrets").mkdir()
    return str(path)


@pytest.mark.parametrize("how", [(), ("--json",), ("--where",)])
def test_secrets_are_masked_wherever_they_stand(file: str, how: tuple[str, ...]) -> None:
    """Keys that name one, what is below them, users and queries of addresses; the path of a secret file is shown."""
    told = command("config", "--config", file, *how)
    assert "canary" not in told.out + told.err
    assert "secrets/jira-token" in told.out
    assert "proxy.example:8080" in told.out


@pytest.mark.parametrize(
    "entry",
    [
        "connections: {a: {connector: gitlab, url: https://g.example, tokn: canary}}",
        "connections: {a: {connector: gitlab, url: https://g.example, token_file: canary}}",
        "connections: {a: {connector: gitlab, url: https://g.example, token_file: canary/a+b}}",
        "connections: {a: {connector: gitlab, url: https://g.example, token_file: /canary+b}}",
        "connections: {a: {connector: gitlab, url: 'me:canary@g.example:8080'}}",
        "connections: {a: {connector: not-installed, url: canary, anything: [canary]}}",
        "connections: {a: {connector: jira, url: https://j.example, mapping: {secret: canary}}}",
        "workbooks: {a: {connector: xlsx, path: a.xlsx, passwort: {x: canary}}}",
    ],
)
@pytest.mark.parametrize("how", [(), ("--json",), ("--where",)])
def test_what_may_be_a_secret_is_masked(tmp_path: Path, entry: str, how: tuple[str, ...]) -> None:
    """A key that the connector does not know may be a misspelt one; so may what stands where a secret file is named."""
    path = tmp_path / "pmosync.yaml"
    path.write_text(entry, encoding="utf-8")
    told = command("config", "--config", str(path), *how)
    assert "•••" in told.out
    assert "canary" not in told.out + told.err


def test_a_key_that_its_connector_does_not_know_is_told(file: str) -> None:
    """With its line, and as a fault: `sync` will refuse it."""
    told = command("config", "--config", file)
    assert told.code == 2
    assert f"{file}:6 (connections.jira.tokn): there is no such setting; see docs/settings.md" in told.err
    assert "token_file" not in told.err


def test_a_secret_in_the_place_of_its_file_is_not_repeated(tmp_path: Path) -> None:
    """``check`` says that the file is not there, without its name."""
    path = tmp_path / "pmosync.yaml"
    path.write_text(
        "connections: {a: {connector: gitlab, url: https://g.example, token_file: canary}}", encoding="utf-8"
    )
    told = command("check", "--config", str(path))
    assert (told.code, "the file it names is not there" in told.err) == (2, True)
    assert "canary" not in told.out + told.err


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


@pytest.mark.parametrize("pasted", ["canary", "canary/c2VjcmV0+dG9rZW4=", "/canary", "x/canary"])
def test_a_token_pasted_for_its_file_is_not_echoed(tmp_path: Path, pasted: str) -> None:
    """The error names the line of the settings; the value may be the token itself, slash or not."""
    path = tmp_path / "pmosync.yaml"
    path.write_text(
        f"connections: {{a: {{connector: gitlab, url: https://g.example, token_file: '{pasted}'}}}}", encoding="utf-8"
    )
    told = command("check", "--config", str(path))
    assert told.code == 2
    assert told.names("pmosync.yaml:1 (connections.a.token_file)", "the file it names is not there")
    assert "canary" not in told.out + told.err
