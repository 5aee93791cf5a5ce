"""A child of a test can be interrupted, and never keeps the tests waiting."""

from __future__ import annotations

import signal
import sys

from tests.children import child

ANSWERS = "import signal; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
ENDLESS = "import time; print('here', flush=True); time.sleep(600)"


def test_a_child_hears_ctrl_c_where_its_parent_does_not() -> None:
    """The tests may run in the background of a shell, where SIGINT is ignored by all: a child has the default action."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with child([sys.executable, "-c", ANSWERS]) as process:
            out, _ = process.communicate()
    finally:
        signal.signal(signal.SIGINT, before)
    assert out == "True\n"


def test_a_child_that_does_not_end_is_killed_in_the_end() -> None:
    """Whoever waits for its output gets what it said, and its exit code says why there is no more."""
    with child([sys.executable, "-c", ENDLESS], patience=1) as process:
        out, _ = process.communicate()
    assert (out, process.returncode) in {("here\n", -signal.SIGKILL), ("", -signal.SIGKILL)}


def test_no_child_outlives_its_test() -> None:
    """Left early, it is gone, and what it said can no longer be read."""
    with child([sys.executable, "-c", ENDLESS]) as process:
        pass
    assert process.returncode == -signal.SIGKILL
