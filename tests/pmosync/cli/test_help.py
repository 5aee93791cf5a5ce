"""The command line before anything runs: help, examples, cheapness."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tests.scenarios.desk import command

from pmosync.cli.main import COMMANDS

HEAVY = (
    "sqlalchemy",
    "requests",
    "starlette",
    "googleapiclient",
    "pydantic",
    "jira",
    "gitlab",
    "numpy",
    "rich",
    "yaml",
)
DATA = ("check", "sync", "status", "export", "explain", "backtest", "config", "connectors")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    """``--help`` tells what the command does and shows one line to copy."""
    told = command(name, "--help")
    assert told.code == 0
    assert f"Example: pmosync {name}" in told.out


@pytest.mark.parametrize("name", DATA)
def test_commands_that_print_data_print_json(name: str) -> None:
    """Programs read what people read."""
    assert "--json" in command(name, "--help").out


def test_help_loads_nothing_heavy() -> None:
    """``pmosync --help`` and ``--version`` answer at once: no library is loaded for them."""
    code = (
        "import sys; from pmosync.cli.main import run; run(['--help']); run(['--version']);"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30)
    assert told.stdout.splitlines()[-1] == "[]"


def test_every_command_stands_in_the_overview() -> None:
    """The list of commands is complete and says the exit codes."""
    told = command("--help").out
    assert all(f"  {name} " in told for name in COMMANDS)
    assert "130 interrupted" in told


@pytest.mark.parametrize(
    "arguments", [("synk",), ("sync", "--sauce", "x"), ("accept",), ("export", "--kind", "nothing")]
)
def test_a_slip_on_the_command_line_is_no_crash(arguments: tuple[str, ...]) -> None:
    """Unknown commands, options and words end with 2 and say what is known."""
    told = command(*arguments)
    assert told.code == 2
    assert "error: " in told.err
    assert "Traceback" not in told.err
