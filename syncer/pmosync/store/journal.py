"""The journal: what cannot be pulled again, appended to a file line by line and flushed to the disk each run.

Every line is one JSON object ``{"run": n, "kind": word, "value": …}``. A store that is rebuilt gets its history back from it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from pmosync.compute.cuts import Cut
from pmosync.errors import StoreError
from pmosync.model import Baseline, Binding, Colour, Milestone, Move, Observation, Rebinding, Report, Run, Stretch
from pmosync.store.private import private_file


class Origin(Struct, frozen=True, kw_only=True):
    """Which store wrote the lines that follow, and its epoch then: a rebuilt store goes on as the same one."""

    instance: str
    epoch: int


Value = Origin | Observation | Baseline | Milestone | Binding | Colour | Stretch | Rebinding | Report | Move | Cut
KINDS: dict[str, type[Value]] = {
    "origin": Origin,
    "observation": Observation,
    "baseline": Baseline,
    "milestone": Milestone,
    "binding": Binding,
    "colour": Colour,
    "finding": Stretch,
    "rebinding": Rebinding,
    "report": Report,
    "move": Move,
    "cut": Cut,
}
WORDS = {kind: word for word, kind in KINDS.items()}


class Line(Struct, frozen=True):
    """One line of the journal; ``kind`` is the word of ``value``'s type."""

    run: int
    kind: str
    value: Value


class _Written(Struct, frozen=True):
    run: int
    kind: str
    value: msgspec.Raw


class Journal:
    """An append-only file of lines."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, run: Run, lines: Sequence[Value]) -> int:
        """Add lines and wait until the disk has them; how many. Raises StoreError."""
        if not lines:
            return 0
        told = b"".join(_line(run.id, value) for value in lines)
        try:
            self._write(told)
        except OSError as error:
            raise StoreError(
                f"the journal {self.path} cannot be written ({error.strerror})",
                remedy="check the folder's rights and free space; the store itself keeps these lines until it can",
            ) from None
        return len(lines)

    def _write(self, told: bytes) -> None:
        """Append behind the last whole line: a line cut by a crash is closed off first."""
        private_file(self.path)
        with self.path.open("ab+") as file:
            if file.tell():
                file.seek(-1, os.SEEK_END)
                told = told if file.read(1) == b"\n" else b"\n" + told
            file.write(told)
            file.flush()
            os.fsync(file.fileno())


def read_journal(path: Path) -> tuple[Line, ...]:
    """All whole lines of a journal; a line cut by a crash is left out. A file that is not there has none. Raises StoreError."""
    try:
        told = path.read_bytes()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise StoreError(
            f"the journal {path} cannot be read ({error.strerror})", remedy="give pmosync the right to read it"
        ) from None
    return tuple(line for line in map(_read, told.splitlines()) if line is not None)


def _line(run: int, value: Value) -> bytes:
    return msgspec.json.encode({"run": run, "kind": WORDS[type(value)], "value": value}) + b"\n"


def _read(line: bytes) -> Line | None:
    """A line's value, None for one that is cut or of a kind this version does not know."""
    try:
        outer = msgspec.json.decode(line, type=_Written)
        kind = KINDS.get(outer.kind)
        return None if kind is None else Line(outer.run, outer.kind, msgspec.json.decode(outer.value, type=kind))
    except msgspec.MsgspecError:
        return None


def values(lines: Iterable[Line], kind: type[Value]) -> list[Value]:
    """The values of one kind, in the order they were written."""
    return [line.value for line in lines if isinstance(line.value, kind)]
