"""What the demo says at its end."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, date, datetime
from pathlib import Path

import click

from pmosync.cli.demo import hints
from pmosync.cli.main import group
from pmosync.compute.assessment import Assessment, Letter, MilestoneVerdict, Rag
from pmosync.compute.policy import Policy
from pmosync.model import Level, Milestone

NOW = datetime(2026, 12, 1, tzinfo=UTC)
RED = MilestoneVerdict(
    milestone=Milestone(code="PAY-M06", project="PAY", name="Full launch", appeared=NOW),
    project="PAY",
    level=Level.TRACKED,
    rag=Rag(shown=Letter.RED, computed=Letter.RED),
)


def test_what_to_try_next_can_be_pasted_whole() -> None:
    """Each line is a command with its options and nothing else, in a folder of any name."""
    told = Assessment(as_of=NOW, today=date(2026, 12, 1), policy=Policy(), milestones=(RED,))
    lines = [shlex.split(line) for line, _ in hints(told, Path("my demo"), "pmosync")]
    assert [name for _, name, *_ in lines] == ["explain", "export", "demo"]
    for _, name, *arguments in lines:
        found = group.get_command(click.Context(group), name)
        assert found is not None
        given = found.make_context(name, arguments).params
        assert given.get("config", Path("my demo/pmosync.yaml")) == Path("my demo/pmosync.yaml")
        assert not given.get("fields")


def test_a_portfolio_without_trouble_has_nothing_to_explain() -> None:
    """Where no milestone is behind, no code is made up for the first line."""
    calm = Assessment(as_of=NOW, today=date(2026, 12, 1), policy=Policy())
    assert [line.split()[1] for line, _ in hints(calm, Path("demo"), "pmosync")] == ["export", "demo"]


def test_a_demo_in_chinese_goes_on_in_chinese() -> None:
    """Its hints explain in Chinese, and offer the other language, not its own again."""
    told = Assessment(as_of=NOW, today=date(2026, 12, 1), policy=Policy(), milestones=(RED,))
    (explained, why), (_, export), (other, same) = hints(told, Path("demo"), "pmosync", "zh-CN")
    assert (explained.endswith("--language zh-CN"), other) == (True, "pmosync demo --language en")
    assert not any(re.search("[A-Za-z]", each) for each in (why, export, same))
