"""What a large workbook costs in requests, bytes and seconds, beside the libraries that people use, on one emulated server."""

from __future__ import annotations

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
    """Requests (the token exchange apart), bytes of their bodies and those of the answers, wall seconds."""

    requests: int
    sent: int
    received: int
    seconds: float


class Counted:
    """An app, and what goes in and out of it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.requests = self.sent = self.received = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.requests += scope["path"] != "/token"

        async def listening() -> Message:
            message = await receive()
            self.sent += len(message.get("body", b""))
            return message

        async def telling(message: Message) -> None:
            self.received += len(message.get("body", b""))
            await send(message)

        await self._app(scope, listening, telling)


class Bench(Struct):
    """A server with one empty spreadsheet."""

    counted: Counted
    url: str
    settings: GoogleSheetsSettings

    def cost(self, work: Callable[[], object]) -> Cost:
        """What some work costs."""
        self.counted.requests = self.counted.sent = self.counted.received = 0
        begun = time.perf_counter()
        work()
        seconds = time.perf_counter() - begun
        return Cost(self.counted.requests, self.counted.sent, self.counted.received, seconds)

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
    yield Figure(
        "16 tabs × 500 rows × 20 columns, first publication: requests",
        first.requests,
        "",
        None,
        None,
        "≤ 20",
        first.requests <= 20,
    )
    yield Figure("  seconds", first.seconds, "s")
    yield Figure("  sent", first.sent / MEGA, "MB")
    yield Figure(
        "nothing changed: requests, none of which writes", same.requests, "", None, None, "= 5", same.requests == 5
    )
    yield Figure("  sent", same.sent / MEGA, "MB")
    yield Figure("one row changed: sent", one.sent / MEGA, "MB", None, None, "≤ 0.01", one.sent <= 10_000)


def _beside(name: str, ours: dict[str, Cost], theirs: dict[str, Cost]) -> Iterator[Figure]:
    """Our cost with theirs as the baseline."""
    for step, cost in ours.items():
        other = theirs[step]
        yield _against(f"{step}, beside {name}: requests", cost.requests, other.requests, "")
        yield _against("  sent", cost.sent / MEGA, other.sent / MEGA, "MB")
        yield _against("  seconds", cost.seconds, other.seconds, "s")


def _against(name: str, value: float, baseline: float, unit: str) -> Figure:
    return Figure(name, value, unit, baseline, baseline / value if value else None)
