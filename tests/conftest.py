"""What all tests share: where the conformance data lies, how many examples hypothesis tries, where files of tests lie, and
how seldom Python looks for circles of garbage.
"""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "test", max_examples=30, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("soak", max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("soak" if os.environ.get("PMOSYNC_SOAK") else "test")

MEMORY = Path("/dev/shm")
ROOM = 4 << 30
"""Bytes that must be free there; the files of all tests together take a sixth of it."""


def _roomy() -> bool:
    """Whether the machine keeps files in memory, with room for ours and the right to run what a test installs there."""
    if not os.access(MEMORY, os.W_OK | os.X_OK):
        return False
    told = os.statvfs(MEMORY)
    return told.f_bavail * told.f_frsize >= ROOM and not told.f_flag & os.ST_NOEXEC


# Hundreds of stores wait for the disk at each commit, on which no test hangs: a process that is killed loses nothing that
# it has written, to memory or to disk.
if _roomy():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


LONG = ("test_demo", "test_twelve_weeks", "test_real_input", "test_bad_input", "test_restart", "test_noise")
"""Files that take half a minute and more, whatever the number of their tests."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files begin first, then the other scenarios: at the end no worker waits for another's last file."""

    def turn(item: pytest.Item) -> int:
        name = item.path.stem
        return LONG.index(name) if name in LONG else len(LONG) + ("scenarios" not in item.path.parts)

    items.sort(key=turn)


ALLOCATED, YOUNG, MIDDLE = 100_000, 50, 100
"""After how many new objects the collector looks for garbage, and every how many looks it looks at what is older."""


def pytest_collection_finish() -> None:
    """What is imported and collected by now stays to the end: to search it for garbage again and again, and each time a
    page of records was read, takes a quarter of all the time that the tests take.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(ALLOCATED, YOUNG, MIDDLE)


@pytest.fixture(scope="session")
def conformance() -> Path:
    """The folder with the vendors' contracts and recorded data; tests that want it skip where it is not given."""
    folder = os.environ.get("PMOSYNC_CONFORMANCE", "")
    if not folder:
        pytest.skip("PMOSYNC_CONFORMANCE is not set: the vendors' contracts and recorded data are not at hand")
    return Path(folder).resolve()
