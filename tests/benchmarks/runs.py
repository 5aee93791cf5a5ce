"""Runs of the whole program in a folder that holds its settings."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from tests.benchmarks.figures import Spent, spent, tool

STORE = "store"


def first(folder: Path) -> Spent:
    """A sync into an empty store."""
    shutil.rmtree(folder / STORE, ignore_errors=True)
    (folder / "workbook.xlsx").unlink(missing_ok=True)
    return spent([tool("pmosync"), "sync"], folder)


def requests(folder: Path) -> float:
    """Requests of the last run, as the store has them."""
    command = [tool("pmosync"), "status", "--json", "--runs", "1"]
    told = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout
    run = next(line["run"] for line in map(json.loads, told.splitlines()) if "run" in line)
    return float(sum(unit["requests"] for unit in run["units"]))
