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
MOST = 86_400.0
"""Seconds for which a wish binds other processes, at most: a header of a proxy gone wrong must not outlive the process that
read it by a year.
"""
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Word(Struct, frozen=True):
    """What a file says, in seconds of the machine's monotonic clock: nobody asks before ``until``, which was ``told`` then
    (at ``wall`` seconds of the time of day); the next free turn under a cap is ``turn``, as of ``taken``. ``boot`` tells
    since which start of the machine that clock runs; "" in a file of before this was written.
    """

    told: float = 0.0
    until: float = 0.0
    wall: float = 0.0
    turn: float = 0.0
    taken: float = 0.0
    boot: str = ""


def left(word: Word, clock: float, wall: float, boot: str) -> float:
    """Seconds for which nobody asks. The monotonic clock decides, whatever happens to the time of day; where that has begun
    anew (the machine was restarted since), the time of day does. Never longer than what was asked or than ``MOST``,
    never negative.
    """
    asked = min(word.until - word.told, MOST)
    same = word.boot == boot and word.told <= clock
    rest = asked - (clock - word.told if same else wall - word.wall)
    return min(max(rest, 0.0), max(asked, 0.0))


def carried(word: Word, clock: float, wall: float, boot: str) -> Word:
    """The word as of this start of the machine: of an earlier one what is left of a wish, and no turns."""
    if word.boot == boot:
        return word
    rest = left(word, clock, wall, boot)
    return Word(told=clock, until=clock + rest, wall=wall, boot=boot)


def booted(file: Path, clock: float, wall: float) -> str:
    """Which start of the machine this is: what the system calls it in ``file``, else the minute of it."""
    try:
        return file.read_text().strip()
    except OSError:
        return f"{(wall - clock) // 60:.0f}"


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
        self,
        commons: Commons,
        origin: Origin,
        clock: Callable[[], float],
        now: Callable[[], datetime],
        boot_id: Path = BOOT_ID,
    ) -> None:
        self.path, self._clock, self._now = commons.file(origin), clock, now
        self._boot = booted(boot_id, clock(), now().timestamp())
        self._gap = 60 / commons.requests_per_minute if commons.requests_per_minute > 0 else 0.0
        self._seen: tuple[int, int] | None = None
        self._until = 0.0
        self._complained = False

    def until(self) -> float:
        """The instant (of ``clock``) before which nobody asks. One look at the file's date, where it has not changed."""
        try:
            found = os.stat(self.path)
        except FileNotFoundError:
            return 0.0
        except OSError as error:
            self._complain(error)
            return self._until
        if (stamp := (found.st_mtime_ns, found.st_ino)) != self._seen:
            clock = self._clock()
            rest = left(self._read(), clock, self._now().timestamp(), self._boot)
            self._seen, self._until = stamp, clock + rest if rest else 0.0
        return self._until

    def hold(self, seconds: float) -> None:
        """Let no process ask for so long (``MOST`` at most), or for longer if another one was told so."""
        clock, wall, bound = self._clock(), self._now().timestamp(), min(seconds, MOST)

        def held(word: Word) -> Word:
            longer = left(word, clock, wall, self._boot) >= bound
            return word if longer else replace(word, told=clock, until=clock + bound, wall=wall)

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
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(self.path.with_suffix(".lock"), timeout=LOCKING, mode=0o600):
                before = self._read()
                after = change(carried(before, self._clock(), self._now().timestamp(), self._boot))
                if after != before:
                    self._write(after)
        except OSError as error:
            self._complain(error)

    def _read(self) -> Word:
        """What the file says; nothing where it is absent or not ours."""
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=Word)
        except FileNotFoundError:
            return Word()
        except (OSError, msgspec.DecodeError) as error:
            self._complain(error)
            return Word()

    def _write(self, word: Word) -> None:
        """Under the lock there is one writer, so the name of what takes the file's place may be always the same."""
        aside = self.path.with_suffix(".new")
        aside.touch(mode=0o600)
        aside.write_bytes(msgspec.json.encode(word))
        aside.replace(self.path)

    def _complain(self, error: Exception) -> None:
        if not self._complained:
            log.warning("%s cannot be shared with other processes (%s)", self.path, type(error).__name__)
        self._complained = True
