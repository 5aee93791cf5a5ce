"""What servers wish is heeded by all processes of a machine, and a cap is shared by them."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from tests.children import Child, child

from pmosync.emulation.faults import Fault, Faults, Status
from pmosync.emulation.server import LoopbackServer
from pmosync.errors import TransientError
from pmosync.transport import Commons, Limits, Transport
from pmosync.transport.origin import configured
from pmosync.transport.truce import BOOT_ID, Truce, Word, left

ORIGIN = configured("https://git.example.com")
SECRET = "glpat-canary-51aa"
DAY = 86_400.0
WALL = datetime(2026, 3, 2, tzinfo=UTC)


class Clocks:
    """The machine's two clocks."""

    def __init__(self) -> None:
        self.steady, self.wall = 5_000.0, WALL.timestamp()
        self.boot_id = BOOT_ID

    def pass_by(self, seconds: float) -> None:
        self.steady += seconds
        self.wall += seconds

    def boot(self, folder: Path, name: str | None) -> None:
        """What the system calls this start of the machine; None: it has no name for it."""
        self.boot_id = folder / "boot_id"
        if name is not None:
            self.boot_id.write_text(f"{name}\n")

    def truce(self, folder: Path, per_minute: float = 0.0, credential: str = SECRET) -> Truce:
        """As another process would hold it."""
        commons = Commons(folder, credential.encode(), per_minute)
        return Truce(commons, ORIGIN, lambda: self.steady, lambda: datetime.fromtimestamp(self.wall, UTC), self.boot_id)


def rest(truce: Truce, clocks: Clocks) -> float:
    return max(0.0, truce.until() - clocks.steady)


def test_what_one_is_told_binds_the_others(tmp_path: Path) -> None:
    """Until the instant has come, whoever looks; a shorter wish does not shorten a longer one; another credential is free."""
    clocks = Clocks()
    one, other = clocks.truce(tmp_path), clocks.truce(tmp_path)
    assert rest(other, clocks) == 0
    one.hold(60)
    assert rest(other, clocks) == 60
    other.hold(10)
    clocks.pass_by(20)
    assert (rest(one, clocks), rest(clocks.truce(tmp_path), clocks)) == (40, 40)
    assert rest(clocks.truce(tmp_path, credential="other"), clocks) == 0
    one.hold(300)
    assert rest(other, clocks) == 300
    clocks.pass_by(301)
    assert rest(other, clocks) == 0


@pytest.mark.parametrize("jump", [-86_400.0, -61.0, 61.0, 86_400.0])
def test_the_time_of_day_may_jump(tmp_path: Path, jump: float) -> None:
    """A clock that is set makes nobody early, and nobody late."""
    clocks = Clocks()
    clocks.truce(tmp_path).hold(60)
    clocks.pass_by(10)
    clocks.wall += jump
    assert rest(clocks.truce(tmp_path), clocks) == 50


@pytest.mark.parametrize(("off", "seconds"), [(0.0, 50.0), (3_600.0, 0.0), (-3_600.0, 60.0)])
def test_a_machine_that_was_restarted(tmp_path: Path, off: float, seconds: float) -> None:
    """Its steady clock begins anew: the time of day tells what is left, and never more than was asked."""
    clocks = Clocks()
    clocks.truce(tmp_path).hold(60)
    clocks.pass_by(10)
    clocks.steady, clocks.wall = 30.0, clocks.wall + off
    assert rest(clocks.truce(tmp_path), clocks) == pytest.approx(seconds)


@given(*[st.floats(-1e9, 1e9)] * 5)
def test_no_file_makes_anybody_wait_longer_than_was_asked(
    told: float, until: float, wall: float, clock: float, now: float
) -> None:
    """Whatever stands in it."""
    for boot in ("", "another"):
        assert 0 <= left(Word(told, until, wall), clock, now, boot) <= min(max(until - told, 0), DAY)


def test_an_absurd_wish_binds_others_for_a_day(tmp_path: Path) -> None:
    """What one header says for a year is over for other processes on the next day, whatever stands in the file already; a
    sensible wish that comes later counts as it is.
    """
    clocks = Clocks()
    clocks.truce(tmp_path).hold(366 * DAY)
    assert rest(clocks.truce(tmp_path), clocks) == DAY
    clocks.pass_by(DAY + 1)
    assert rest(clocks.truce(tmp_path), clocks) == 0
    clocks.truce(tmp_path).hold(60)
    assert rest(clocks.truce(tmp_path), clocks) == 60
    path = Commons(tmp_path, SECRET.encode()).file(ORIGIN)
    path.write_text(json.dumps({"told": clocks.steady, "until": clocks.steady + 9 * DAY, "wall": clocks.wall}))
    assert rest(clocks.truce(tmp_path), clocks) == DAY


@pytest.mark.parametrize("names", [("one", "another"), (None, None)])
def test_a_wish_of_before_a_restart_is_over_when_its_time_is(
    tmp_path: Path, names: tuple[str | None, str | None]
) -> None:
    """However long the machine runs since: its clock says nothing of an instant of before. Without a name for the start of
    the machine, its time is one.
    """
    clocks = Clocks()
    clocks.steady = 60.0
    clocks.boot(tmp_path, names[0])
    clocks.truce(tmp_path / "shared").hold(3_600)
    clocks.wall += 30 * DAY
    clocks.steady = 61.0
    clocks.boot(tmp_path, names[1])
    assert rest(clocks.truce(tmp_path / "shared"), clocks) == 0


def test_a_turn_after_a_restart_keeps_the_wish_and_not_the_turns(tmp_path: Path) -> None:
    """What is written then speaks of the new clock alone."""
    clocks = Clocks()
    clocks.boot(tmp_path, "one")
    first = clocks.truce(tmp_path / "shared", 60)
    first.hold(3_600)
    assert [first.turn(9) for _ in range(3)] == [0, 1, 2]
    clocks.wall, clocks.steady = clocks.wall + 600, 9_000.0
    clocks.boot(tmp_path, "another")
    assert clocks.truce(tmp_path / "shared", 60).turn(9) == 0
    assert rest(clocks.truce(tmp_path / "shared"), clocks) == 3_000


def test_a_cap_is_that_of_all_together(tmp_path: Path) -> None:
    """Turns are a second apart whoever takes them; one that nobody waits for is not taken."""
    clocks = Clocks()
    one, other = clocks.truce(tmp_path, 60), clocks.truce(tmp_path, 60)
    assert [one.turn(9), other.turn(9), one.turn(9)] == [0, 1, 2]
    assert (other.turn(1), other.turn(9)) == (3, 3)
    clocks.pass_by(100)
    assert one.turn(9) == 0
    clocks.steady = 3.0
    assert one.turn(9) == 0
    assert clocks.truce(tmp_path).turn(9) == 0


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"until": "soon"}', b"\x00\xff"])
def test_a_file_that_is_none_is_told_and_replaced(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """It makes nobody wait; the next wish takes its place."""
    clocks = Clocks()
    path = Commons(tmp_path, SECRET.encode()).file(ORIGIN)
    path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert rest(clocks.truce(tmp_path), clocks) == 0
    assert "cannot be shared" in caplog.text
    clocks.truce(tmp_path).hold(5)
    assert rest(clocks.truce(tmp_path), clocks) == 5


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The process goes on alone, told once; a cap is kept by it alone."""
    (tmp_path / "file").write_text("no folder")
    truce = Clocks().truce(tmp_path / "file", 60)
    truce.hold(5)
    assert (truce.until(), truce.turn(9)) == (0.0, 1.0)
    assert caplog.text.count("cannot be shared") == 1


def test_no_secret_stands_in_it(tmp_path: Path) -> None:
    """Neither in a name nor in a file; and nobody else may read them."""
    clocks = Clocks()
    clocks.truce(tmp_path / "new", 60).hold(60)
    clocks.truce(tmp_path / "new", 60).turn(9)
    files = list((tmp_path / "new").iterdir())
    assert files
    for file in files:
        assert SECRET not in file.name
        assert SECRET.encode() not in file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0
    word = json.loads(next(file for file in files if file.suffix == ".json").read_bytes())
    assert set(word) == {"told", "until", "wall", "turn", "taken", "boot"}


# ---------------------------------------------------------------- over real processes

CHILD = """
import sys
from pathlib import Path
from pmosync.errors import TransientError
from pmosync.transport import Commons, Limits, Transport
url, folder, per_minute, count = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
session = Transport(Limits(attempts=1)).among(Commons(folder, b"token", per_minute)).session(url)
for _ in range(count):
    try:
        print(session.get(url).status_code, flush=True)
    except TransientError as error:
        print(error.message, flush=True)
"""
HOLDER = """
import sys, time
from pathlib import Path
from filelock import FileLock
from pmosync.transport import Commons
from pmosync.transport.origin import configured
path = Commons(Path(sys.argv[2]), b"token").file(configured(sys.argv[1]))
with FileLock(path.with_suffix(".lock")):
    path.with_suffix(".new").write_text('{"told": 1, "un')
    print("held", flush=True)
    time.sleep(600)
"""


class Watched:
    """A server that notes when it was asked, and answers the first request as told."""

    def __init__(self, first: Fault | None = None) -> None:
        self.times: list[float] = []
        self.first = first
        self.layer = Faults(Starlette(routes=[Route("/", lambda _request: JSONResponse({}))]), self._plan)

    def _plan(self, number: int, method: str, path: str) -> Fault | None:
        self.times.append(time.monotonic())
        return self.first if len(self.times) == 1 else None


Start = Callable[..., Child]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts scripts in processes of their own, which are ended with the test."""
    with ExitStack() as stack:

        def started(script: str, *arguments: object) -> Child:
            return stack.enter_context(child([sys.executable, "-c", script, *map(str, arguments)]))

        yield started


@pytest.mark.parametrize("status", [429, 503])
def test_another_process_never_asks_earlier_than_the_server_wished(tmp_path: Path, start: Start, status: int) -> None:
    """One process is told to wait for two seconds; another one, of another settings file, waits them out."""
    watched = Watched(Status(status, {"Retry-After": "2"}))
    with LoopbackServer(watched.layer) as server:
        assert f"answered {status}" in start(CHILD, server.url, tmp_path, 0, 1).communicate()[0]
        told = time.monotonic()
        assert start(CHILD, server.url, tmp_path, 0, 2).communicate()[0].split() == ["200", "200"]
    assert watched.times[1] - watched.times[0] >= 2
    assert watched.times[1] - told < 30


def test_who_has_to_wait_too_long_is_told_which_file_says_so(tmp_path: Path) -> None:
    """A server that has been mended since need not be waited for: without the file it is asked at once."""
    commons = Commons(tmp_path, b"token")
    with LoopbackServer(Watched().layer) as server:
        path = commons.file(configured(server.url))
        Truce(commons, configured(server.url), time.monotonic, lambda: datetime.now(UTC)).hold(3_600)
        session = Transport(Limits(attempts=1)).among(commons).session(server.url)
        with pytest.raises(TransientError) as caught:
            session.get(server.url)
        assert f"delete {path}" in caught.value.remedy
        path.unlink()
        assert session.get(server.url).ok


def test_a_wish_that_comes_while_another_process_waits_counts(tmp_path: Path, start: Start) -> None:
    """Two processes are told at different times: nobody asks before the later instant."""
    watched = Watched(Status(429, {"Retry-After": "1"}))
    with LoopbackServer(watched.layer) as server:
        transport = Transport(Limits(attempts=1)).among(Commons(tmp_path, b"token"))
        with pytest.raises(TransientError):
            transport.session(server.url).get(server.url)
        other = start(CHILD, server.url, tmp_path, 0, 1)
        later = time.monotonic() + 3
        Truce(Commons(tmp_path, b"token"), configured(server.url), time.monotonic, lambda: datetime.now(UTC)).hold(3)
        assert other.communicate()[0].split() == ["200"]
    assert watched.times[1] >= later - 0.01


def test_two_processes_share_a_cap(tmp_path: Path, start: Start) -> None:
    """Ten a second together, each of them as fast as it may: alone each would be through in 0.7 s."""
    watched = Watched()
    with LoopbackServer(watched.layer) as server:
        for one in [start(CHILD, server.url, tmp_path, 600, 8) for _ in range(2)]:
            assert one.communicate()[0].split() == ["200"] * 8
    assert len(watched.times) == 16
    assert watched.times[-1] - watched.times[0] > 1.1


def test_killed_while_it_holds_the_lock(tmp_path: Path, start: Start) -> None:
    """Nothing is left behind that stops others: neither the lock nor half a file."""
    holder = start(HOLDER, "http://127.0.0.1:1", tmp_path)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    holder.kill()
    holder.wait()
    truce = Truce(
        Commons(tmp_path, b"token"), configured("http://127.0.0.1:1"), time.monotonic, lambda: datetime.now(UTC)
    )
    before = time.monotonic()
    truce.hold(60)
    assert time.monotonic() - before < 1.5
    assert 50 < truce.until() - time.monotonic() <= 60
