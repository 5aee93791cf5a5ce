"""Processes that a test starts: Ctrl-C reaches them whoever started the tests, and none outlives its test or its time."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Timer

PATIENCE = 90.0
"""Seconds that a child may live, on a loaded machine too."""

Child = subprocess.Popen[str]


@contextmanager
def child(
    line: Sequence[str], *, patience: float = PATIENCE, prepare: Callable[[], None] | None = None
) -> Iterator[Child]:
    """A process, its output in pipes, that is killed when it is left, and after ``patience`` seconds at the latest: then
    whoever reads from it comes to the end, and sees -9 as its exit code. ``prepare`` is called in it before it begins.
    """

    def begin() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell's background jobs ignore it, and so would their children
        if prepare is not None:
            prepare()

    process = subprocess.Popen(
        line,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=begin,
        env={**os.environ, "LANG": "C.UTF-8"},
    )
    limit = Timer(patience, process.kill)
    limit.start()
    try:
        yield process
    finally:
        limit.cancel()
        process.kill()
        process.communicate()
