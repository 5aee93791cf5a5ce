"""A file that its readers see whole: written beside the old one, then put in its place."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pmosync.errors import TargetError


def place_faults(path: Path) -> Iterator[tuple[str, str]]:
    """Why no file can be put at a path, each with its remedy; nothing where one can."""
    folder = path.parent
    if not folder.is_dir():
        yield f"the folder {folder} is not there", "make it, or set another path"
    elif not _takes_files(folder):
        yield f"the folder {folder} may not be written to", "give the right, or set another path"


def replace(path: Path, content: bytes) -> None:
    """Put a file in its place in one step: a reader sees the old one or the new one, whole. Its rights stay; one that is new
    may be read by all. TargetError where it cannot be written; the old one stands then.
    """
    path, name = path.resolve(), ""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            name = file.name
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else 0o644)
        os.replace(name, path)
    except OSError as error:
        if name:
            Path(name).unlink(missing_ok=True)
        raise TargetError(
            f"{path} cannot be written", remedy="close it where it is open, and check the folder's rights and space"
        ) from error


def _takes_files(folder: Path) -> bool:
    """Whether a file can be made in a folder, by making one that has no name: rights alone do not tell."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
