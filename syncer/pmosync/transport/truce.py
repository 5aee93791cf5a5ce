"""A server's wish to be left alone, and a cap on requests, shared by all processes of one machine over a small file.

The file holds instants and nothing else: its name is a digest of the origin and the credential. It is replaced as a whole, so a
reader never sees half of it; whoever writes holds an operating system's lock, which ends with its process.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

import msgspec
from filelock import FileLock
from msgspec import Struct
from msgspec.structs import replace

from pmosync.transport.origin import Origin

log = logging.getLogger(__name__)
LOCKING = 2.0
"""Seconds after which a lock is not waited for any longer: its holder is stopped, not at work."""


class Word(Struct, frozen=True):
    """What a file says, in seconds of the machine's monotonic clock: nobody asks before ``until``, which was ``told`` then
    (at ``wall`` seconds of the time of day); the next free turn under a cap is ``turn``, as of ``taken``.
    """

    told: float = 0.0
    until: float = 0.0
    wall: float = 0.0
    turn: float = 0.0
    taken: float = 0.0


def left(word: Word, clock: float, wall: float) -> float:
    """Seconds for which nobody asks. The monotonic clock decides, whatever happens to the time of day; where that has begun
    anew (the machine was restarted), the time of day does. Never longer than what was asked, never negative.
    """
    asked = word.until - word.told
    rest = word.until - clock if word.told <= clock else asked - (wall - word.wall)
    return min(max(rest, 0.0), max(asked, 0.0))


class Commons(Struct, frozen=True):
    """Where processes meet: the ``folder`` of the files, whose ``credential`` it is (a digest is made of it), and how many
    ``requests_per_minute`` all processes together may send with it (0: as many as the server bears).
    """

    folder: Path
    credential: bytes
    requests_per_minute: float = 0.0

    def file(self, origin: Origin) -> Path:
        """The file for one server."""
        name = blake2b(str(origin).encode() + b"\0" + self.credential, digest_size=12, person=b"pmosync-truce")
        return self.folder / f"rate-{name.hexdigest()}.json"


class Truce:
    """One origin and credential as the processes of this machine share them; any thread may ask. A file that cannot be read
    or written is told to the log, and the process goes on alone.
    """

    def __init__(
        self, commons: Commons, origin: Origin, clock: Callable[[], float], now: Callable[[], datetime]
    ) -> None:
        self._path, self._clock, self._now = commons.file(origin), clock, now
        self._gap = 60 / commons.requests_per_minute if commons.requests_per_minute > 0 else 0.0
        self._seen: tuple[int, int] | None = None
        self._until = 0.0
        self._complained = False

    def until(self) -> float:
        """The instant (of ``clock``) before which nobody asks. One look at the file's date, where it has not changed."""
        try:
            found = os.stat(self._path)
        except FileNotFoundError:
            return 0.0
        except OSError as error:
            self._complain(error)
            return self._until
        if (stamp := (found.st_mtime_ns, found.st_ino)) != self._seen:
            clock = self._clock()
            rest = left(self._read(), clock, self._now().timestamp())
            self._seen, self._until = stamp, clock + rest if rest else 0.0
        return self._until

    def hold(self, seconds: float) -> None:
        """Let no process ask for so long, or for longer if another one was told so."""
        clock, wall = self._clock(), self._now().timestamp()

        def held(word: Word) -> Word:
            longer = left(word, clock, wall) >= seconds
            return word if longer else replace(word, told=clock, until=clock + seconds, wall=wall)

        self._change(held)

    def turn(self, patience: float) -> float:
        """Seconds until the next turn under the cap, which is taken unless it lies beyond ``patience`` seconds; 0 without
        a cap.
        """
        if not self._gap:
            return 0.0
        clock, wait = self._clock(), [self._gap]

        def taken(word: Word) -> Word:
            # What was taken later than now was taken before the machine was restarted.
            turn = max(word.turn, clock) if word.taken <= clock else clock
            wait[0] = turn - clock
            return replace(word, turn=turn + self._gap, taken=clock) if wait[0] <= patience else word

        self._change(taken)
        return wait[0]

    def _change(self, change: Callable[[Word], Word]) -> None:
        """Replace the file by what ``change`` makes of it, as the only one who does."""
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(self._path.with_suffix(".lock"), timeout=LOCKING, mode=0o600):
                before = self._read()
                after = change(before)
                if after != before:
                    self._write(after)
        except OSError as error:
            self._complain(error)

    def _read(self) -> Word:
        """What the file says; nothing where it is absent or not ours."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Word)
        except FileNotFoundError:
            return Word()
        except (OSError, msgspec.DecodeError) as error:
            self._complain(error)
            return Word()

    def _write(self, word: Word) -> None:
        """Under the lock there is one writer, so the name of what takes the file's place may be always the same."""
        aside = self._path.with_suffix(".new")
        aside.touch(mode=0o600)
        aside.write_bytes(msgspec.json.encode(word))
        aside.replace(self._path)

    def _complain(self, error: Exception) -> None:
        if not self._complained:
            log.warning("%s cannot be shared with other processes (%s)", self._path, type(error).__name__)
        self._complained = True
