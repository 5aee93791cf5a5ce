"""What a large workbook costs in requests, bytes and seconds, beside the libraries that people use, on one emulated server."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from msgspec import Struct
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pmosync.connector import Opening
from pmosync.dashboard.diff import diff
from pmosync.emulation.server import LoopbackServer
from pmosync.sheet import Publication, Table
from pmosync.transport import Limits, Transport
from pmosync_google_sheets.emulator import SheetsEmulator
from pmosync_google_sheets.settings import GoogleSheetsSettings
from pmosync_google_sheets.sink import SheetsSink
from tests.benchmarks.figures import Figure
from tests.benchmarks.plain_sheets import LIBRARIES
from tests.large_workbook import STAMP, TABLES, one_row_changed

MEGA = 1_000_000
MODULES = {"gspread": "gspread", "gspread-dataframe": "gspread_dataframe", "pygsheets": "pygsheets"}


class Cost(Struct, frozen=True):
    """Requests (the token exchange apart; ``drive`` of them to Drive, ``writes`` of them change something), bytes of their bodies
    as sent and as said, bytes of the answers; seconds on the wall and of the processor, the server's own included.
    """

    requests: int
    drive: int
    writes: int
    sent: int
    said: int
    received: int
    seconds: float
    processor: float


class Counted:
    """An app, and what goes in and out of it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.forget()

    def forget(self) -> None:
        """Count anew."""
        self.asked: list[tuple[str, str]] = []
        self.sent = self.said = self.received = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append((scope["method"], scope["path"]))
        body = bytearray()

        async def listening() -> Message:
            message = await receive()
            body.extend(message.get("body", b""))
            return message

        async def telling(message: Message) -> None:
            self.received += len(message.get("body", b""))
            await send(message)

        await self._app(scope, listening, telling)
        packed = (b"content-encoding", b"gzip") in scope["headers"]
        self.sent += len(body)
        self.said += len(gzip.decompress(body) if packed else body)

    def paths(self) -> list[tuple[str, str]]:
        """Method and path of every request, the token exchange apart."""
        return [(method, path) for method, path in self.asked if path != "/token"]


def _writes(method: str, path: str) -> bool:
    return method != "GET" and not path.endswith(":getByDataFilter")


class Bench(Struct):
    """A server with one empty spreadsheet."""

    counted: Counted
    url: str
    settings: GoogleSheetsSettings

    def cost(self, work: Callable[[], object]) -> Cost:
        """What some work costs."""
        self.counted.forget()
        begun, spent = time.perf_counter(), time.process_time()
        work()
        seconds, processor = time.perf_counter() - begun, time.process_time() - spent
        asked, seen = self.counted.paths(), self.counted
        drive = sum(path.startswith("/drive/") for _, path in asked)
        writes = sum(_writes(method, path) for method, path in asked)
        return Cost(len(asked), drive, writes, seen.sent, seen.said, seen.received, seconds, processor)

    def ours(self, tables: tuple[Table, ...]) -> None:
        """A publication of pmosync."""
        opening = Opening("book", self.settings, Transport(Limits()), lambda: datetime(2026, 3, 2, tzinfo=UTC))
        sink = SheetsSink(opening)
        edits = diff(sink.read([table.tab for table in tables]), tables, STAMP, heartbeat=frozenset(), due=False)
        sink.write(Publication(tables, edits))
        sink.close()


@contextmanager
def bench(folder: Path) -> Iterator[Bench]:
    """A server of its own."""
    emulator = SheetsEmulator()
    counted = Counted(emulator.app)
    with LoopbackServer(counted) as server:
        settings = GoogleSheetsSettings(**emulator.connection(server.url, folder))
        yield Bench(counted, server.url, settings)


def figures(folder: Path) -> Iterator[Figure]:
    """The first publication, one with nothing changed, one with one row changed; of each library the same, as far as it is
    installed (the dependency group ``bench``).
    """
    steps = {"first": TABLES, "nothing changed": TABLES, "one row changed": one_row_changed()}
    with bench(folder / "ours") as made:
        ours = {name: made.cost(partial(made.ours, tables)) for name, tables in steps.items()}
    yield from _own(ours)
    for name, write in LIBRARIES.items():
        if find_spec(MODULES[name]) is not None:
            with bench(folder / name) as made:
                plain = partial(write, made.url, made.settings.spreadsheet)
                theirs = {step: made.cost(partial(plain, tables)) for step, tables in steps.items()}
            yield from _beside(name, ours, theirs)


def _own(ours: dict[str, Cost]) -> Iterator[Figure]:
    first, same, one = ours.values()
    size = "16 tabs × 500 rows × 20 columns"
    yield _at_most(f"{size}, first publication: requests", first.requests, 20)
    yield Figure("  seconds", first.seconds, "s")
    yield Figure("  of the processor, the server's own included", first.processor, "s")
    yield Figure("  sent", first.sent / MEGA, "MB")
    yield Figure("  sent, before it is compressed", first.said / MEGA, "MB")
    yield _at_most("nothing changed: reads, for all tabs", same.requests - same.drive - same.writes, 1)
    yield _at_most("  writes", same.writes, 0)
    yield _at_most("  questions to Drive: is it in the bin, may we edit it", same.drive, 1)
    yield Figure("  seconds of the processor, the server's own included", same.processor, "s")
    yield Figure("  received", same.received / MEGA, "MB")
    yield _at_most("one row changed: writes", one.writes, 1)
    yield Figure("  sent", one.sent / MEGA, "MB", None, None, "≤ 0.01", one.sent <= 10_000)


def _at_most(name: str, value: int, most: int) -> Figure:
    return Figure(name, value, "", None, None, f"≤ {most}", value <= most)


def _beside(name: str, ours: dict[str, Cost], theirs: dict[str, Cost]) -> Iterator[Figure]:
    """Our cost with theirs as the baseline."""
    for step, cost in ours.items():
        other = theirs[step]
        yield _against(f"{step}, beside {name}: requests", cost.requests, other.requests, "")
        yield _against("  sent", cost.sent / MEGA, other.sent / MEGA, "MB")
        yield _against("  sent, before it is compressed", cost.said / MEGA, other.said / MEGA, "MB")
        yield _against("  seconds", cost.seconds, other.seconds, "s")
        yield _against("  seconds of the processor", cost.processor, other.processor, "s")


def _against(name: str, value: float, baseline: float, unit: str) -> Figure:
    return Figure(name, value, unit, baseline, baseline / value if value else None)
