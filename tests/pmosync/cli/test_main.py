"""What every command shares: how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-c", "from pmosync.cli.main import main; main()"]


@pytest.mark.parametrize("arguments", [["connectors"], ["--help"], ["status"], ["explain", "X"]], ids=" ".join)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this platform has no device that is always full")
def test_output_that_cannot_be_written_is_no_bug(tmp_path: Path, arguments: list[str]) -> None:
    """A full disk behind ``>`` is told in one line and ends with 4, however little was printed; a command that prints
    nothing ends as ever.
    """
    (tmp_path / "pmosync.yaml").write_text("data: data\n", encoding="utf-8")
    buffered = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    with Path("/dev/full").open("w") as full:
        line = [*COMMAND, *arguments]
        told = subprocess.run(
            line, stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=tmp_path, env=buffered
        )
    silent = arguments[0] == "explain"
    assert (told.returncode, "disk is full" in told.stderr) == ((2, False) if silent else (4, True))
    assert len(told.stderr.splitlines()) == 1
