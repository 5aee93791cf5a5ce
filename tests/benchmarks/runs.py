"""Runs of the whole program in a folder that holds its settings."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.benchmarks.figures import Spent, spent, tool

STORE = "store"


def first(folder: Path) -> Spent:
    """A sync into an empty store."""
    shutil.rmtree(folder / STORE, ignore_errors=True)
    (folder / "workbook.xlsx").unlink(missing_ok=True)
    return spent([tool("pmosync"), "sync"], folder)


def requests(folder: Path, unit: str = "") -> float:
    """Requests of the last run, of all units or of one, as the store has them."""
    return float(sum(each["requests"] for each in _last(folder)["units"] if unit in ("", each["unit"])))


def cycle(folder: Path) -> float:
    """Seconds of the last run alone: what it takes in a process that is up already."""
    run = _last(folder)
    return (datetime.fromisoformat(run["ended"]) - datetime.fromisoformat(run["started"])).total_seconds()


def _last(folder: Path) -> dict[str, Any]:
    command = [tool("pmosync"), "status", "--json", "--runs", "1"]
    told = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout
    run: dict[str, Any] = next(line["run"] for line in map(json.loads, told.splitlines()) if "run" in line)
    return run
