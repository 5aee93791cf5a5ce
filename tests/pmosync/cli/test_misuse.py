"""Command lines that are not understood."""

from __future__ import annotations

import pytest
from tests.scenarios.desk import command

FAULTS = {
    "sync --since 30.11.2026": "--since 30.11.2026: is not a date → write it as 2026-11-30",
    "explain X --as-of yesterday": "--as-of yesterday: is not a date → name a day of the calendar, as 2026-11-30",
    "export --as-of 2026-11-31": "--as-of 2026-11-31: is not a date → name a day of the calendar, as 2026-11-30",
    "export --as-of 2026/11/30": "--as-of 2026/11/30: is not a date → write it as 2026-11-30",
    "status --runs -1": "--runs -1: is not possible → name a number from 1 to 1000",
    "status --runs few": "--runs few: is not possible → name a number from 1 to 1000",
    "emulate jira --port 99999": "--port 99999: is not possible → name a number from 0 to 65535",
    "export --format pdf": "--format pdf: is not possible → choose one of jsonl, csv",
    "rebind": "--from: is missing → see `pmosync rebind --help`",
    "accept": "HOLD: is missing → see `pmosync accept --help`",
    "sync --zzz": "--zzz: there is no such option → see `pmosync sync --help`",
    "sync --since": "--since: option '--since' requires an argument → see `pmosync --help`",
    "sync more": "pmosync sync: got unexpected extra argument (more) → see `pmosync sync --help`",
}


@pytest.mark.parametrize("line", FAULTS)
def test_a_fault_is_one_line_with_a_remedy(line: str) -> None:
    """Place, what is wrong, and behind the arrow what to do; nothing on standard output, exit code 2."""
    told = command(*line.split())
    assert (told.code, told.out, told.err) == (2, "", f"error: {FAULTS[line]}\n")


def test_an_option_that_is_nearly_one_is_guessed() -> None:
    """What was probably meant stands behind the arrow."""
    told = command("sync", "--sourc")
    assert told.err.startswith("error: --sourc: there is no such option → did you mean --source")


def test_an_unknown_command_is_one_line() -> None:
    """With the one that was probably meant, where the library tells."""
    told = command("synk")
    assert told.code == 2
    assert told.err.count("\n") == 1
    assert "no such command 'synk' → " in told.err
