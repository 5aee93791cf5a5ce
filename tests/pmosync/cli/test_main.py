"""What every command shares: how it ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-c", "from pmosync.cli.main import main; main()", "connectors"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this platform has no device that is always full")
def test_output_that_cannot_be_written_is_no_bug() -> None:
    """A full disk behind ``>`` is told as such and ends with 4."""
    with Path("/dev/full").open("w") as full:
        told = subprocess.run(COMMAND, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (told.returncode, "bug" in told.stderr, "disk is full" in told.stderr) == (4, False, True)
