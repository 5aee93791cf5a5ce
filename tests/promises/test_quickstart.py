"""The quickstart does what it says: its own records, settings and commands, as they stand there."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
import yaml
from tests.scenarios.desk import command

from pmosync.cli.emulate import ticking
from pmosync.emulation.server import LoopbackServer
from pmosync_jira.emulator import JiraEmulator

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "quickstart.md"
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)


def block(language: str) -> str:
    """The document's first block of a language."""
    found = re.search(rf"^```{language}\n(.*?)^```", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def sample(line: str) -> str:
    """What docs/commands.md shows as the output of a command on the quickstart's records."""
    words = DOCUMENT.with_name("commands.md").read_text(encoding="utf-8")
    found = re.search(rf"^```console\n\$ pmosync {line}\n(.*?)^```", words, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def shape(text: str) -> list[str]:
    """The first word of every line: what a sample must show, whatever the counts and the wording are."""
    return [line.split()[0] for line in text.splitlines() if line.strip()]


def test_the_first_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records, settings, ``check``, ``sync``, ``explain``: with nothing changed but the port."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "records").mkdir()
    (tmp_path / "secrets").mkdir()
    (tmp_path / "records" / "issues.jsonl").write_text(block("json"), encoding="utf-8")
    emulator = JiraEmulator()
    emulator.load(tmp_path / "records")
    with time_machine.travel(NOW, tick=False), LoopbackServer(ticking(emulator)) as server:
        given = yaml.safe_load(block("yaml"))
        printed = {"connector": "jira", **emulator.connection(server.url, Path("secrets"))}
        assert {**printed, **given["connections"]["jira"], "url": server.url} == printed
        given["connections"]["jira"] = printed
        Path("pmosync.yaml").write_text(yaml.safe_dump(given, allow_unicode=True), encoding="utf-8")
        checked = command("check")
        assert (checked.code, "all is well" in checked.out) == (0, True), checked.out + checked.err
        synced = command("sync")
        assert synced.code == 0, synced.err
        assert Path("portfolio.xlsx").exists()
        assert "workbook file: 0 edits" in command("sync", "--dry-run").out
        told = command("explain", "PAY-M01").out
        narrowed = command("explain", "PAY-M01", "slip", "rag").out
    assert "expected date: 18 Mar 2027 (open child PAY-1)" in told
    assert "No baseline" in told
    assert shape(sample("sync")) == shape(synced.out)
    assert shape(sample("explain PAY-M01 slip rag")) == shape(narrowed)
