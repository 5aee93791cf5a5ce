"""Figures, each beside a baseline taken in the same run: machines differ, ratios less so."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

import msgspec
from msgspec import Struct

RUNS = 3
BUILD = Path("build")


class Figure(Struct, frozen=True):
    """One measured thing. ``baseline`` is the same thing done plainly, ``ratio`` baseline ÷ value (or as the name
    says), ``goal`` the ratio or value to reach (None: none set), ``met`` whether it is.
    """

    name: str
    value: float
    unit: str
    baseline: float | None = None
    ratio: float | None = None
    goal: str = ""
    met: bool | None = None


def goal(name: str, value: float, unit: str, baseline: float, ratio: float, least: float, of: str = "") -> Figure:
    """A figure whose ratio is to reach ``least``."""
    return Figure(name, value, unit, baseline, ratio, f"≥ {least:g}{of}", ratio >= least)


class Spent(Struct, frozen=True):
    """What a whole process cost: wall seconds, processor seconds, peak memory in MB."""

    seconds: float
    cpu: float
    memory: float


def spent(command: Sequence[str], folder: Path) -> Spent:
    """Run a command to its end and say what it cost. RuntimeError if it fails."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    error = process.stderr.read().decode() if process.stderr else ""
    if process.stderr:
        process.stderr.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {error[-500:]}")
    return Spent(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def medians(measure: Callable[[], Spent], runs: int = RUNS) -> Spent:
    """The median of each figure over several runs."""
    taken = [measure() for _ in range(runs)]
    return Spent(*(median(getattr(each, field) for each in taken) for field in ("seconds", "cpu", "memory")))


def tool(name: str) -> str:
    """A command of the environment that runs this."""
    return str(Path(sys.executable).parent / name)


def keep(figures: Sequence[Figure], folder: Path = BUILD) -> None:
    """Write ``bench.json`` and print the table."""
    folder.mkdir(exist_ok=True)
    (folder / "bench.json").write_bytes(msgspec.json.format(msgspec.json.encode(list(figures)), indent=1))
    for figure in figures:
        baseline = f"{figure.baseline:,.2f}" if figure.baseline is not None else "–"
        ratio = f"{figure.ratio:,.2f}×" if figure.ratio is not None else "–"
        met = {True: "met", False: "MISSED", None: ""}[figure.met]
        sys.stdout.write(
            f"{figure.name:<74}{figure.value:>10,.2f} {figure.unit:<9}{baseline:>10}{ratio:>9}  {figure.goal:<10}{met}\n"
        )
