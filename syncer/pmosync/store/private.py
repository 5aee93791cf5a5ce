"""Files and folders that nobody but their owner may look into. Other systems than POSIX have no such rights."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def private_file(path: Path) -> None:
    """Make the file if it is not there, and take others' rights away if it is. Raises OSError if it cannot be made."""
    path.touch(mode=PRIVATE_FILE, exist_ok=True)
    _withdraw(path)


def private_folder(path: Path) -> None:
    """Make the folder if it is not there, and take others' rights away if it is. Raises OSError if it cannot be made."""
    path.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    _withdraw(path)


def is_private(path: Path) -> bool:
    """Whether others have no right to it."""
    return os.name != "posix" or not path.stat().st_mode & OTHERS


def _withdraw(path: Path) -> None:
    """Where the system does not let us (somebody else owns it) it stays open; ``pmosync check`` says so."""
    if not is_private(path):
        with suppress(OSError):
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~OTHERS)
