"""A spreadsheet on loopback behind a fault layer; every write sent to it is checked against Google's own contract."""

from __future__ import annotations

import gzip
import json
import socket
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import googleapiclient
import pytest
from msgspec import Struct
from msgspec.structs import replace
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pmosync.connector import Opening
from pmosync.emulation.faults import Faults
from pmosync.emulation.server import LoopbackServer
from pmosync.sheet import (
    AppendRows,
    Column,
    CreateTab,
    Format,
    Formula,
    Grid,
    Kind,
    Link,
    Publication,
    Row,
    Rule,
    Stamp,
    Tab,
    Table,
    View,
    WriteRows,
    WriteStamp,
)
from pmosync.transport import Limits, Transport
from pmosync_google_sheets.emulator import SheetsEmulator
from pmosync_google_sheets.settings import GoogleSheetsSettings
from pmosync_google_sheets.sink import SheetsSink
from pmosync_google_sheets.source import SheetsSource

CONTRACT = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents" / "sheets.v4.json"

MILESTONES = Tab(
    key="milestones",
    title="Milestones",
    kind=Kind.PUBLISHED,
    sheet_id=71,
    columns=(
        Column("code", "Code", width=12, note="The milestone's own short code."),
        Column("name", "Name", Format.WRAP, 30),
        Column("expected", "Expected", Format.DATE, 12),
        Column("slip", "Slip (wd)", Format.SIGNED, 10),
        Column("rag", "RAG", Format.RAG, 8),
        Column("share", "Done", Format.PERCENT, 8, collapsed=True),
        Column("seen", "Seen", Format.INSTANT, 17, collapsed=True),
        Column("note", "Note", Format.WRAP, 24),
    ),
    key_column="code",
    rules=(Rule("rag", "R", "#f4c7c3", "#8c1d18"), Rule("rag", "(G)", "#e8f0ea", "#47604d")),
    views=(View("red and amber", "rag", ("R", 'A "x"')),),
    colour="#1f4e79",
)
PROJECTS = Tab(
    key="projects",
    title="Projects 项目",
    kind=Kind.INPUT,
    sheet_id=72,
    columns=(
        Column("code", "Code", aliases=("项目编号",)),
        Column("name", "Name", width=24, aliases=("名称",)),
        Column("control", "Control", choices=("key", "part_time"), strict=True),
        Column("due", "Committed on", Format.DATE),
        Column("slip", "Slip", Format.SIGNED, context=True),
    ),
    key_column="code",
    frozen_columns=2,
)
HEADER: Row = tuple(column.label for column in MILESTONES.columns)
ROWS: tuple[Row, ...] = (
    ("PAY-M01", "支付 launch", date(2026, 3, 2), 4, "R 12", 0.5, datetime(2026, 3, 1, 9, 30), "=IMPORTXML(1)"),  # noqa: DTZ001
    ("PAY-M02", Link("Beta", "https://jira.example.com/PAY-2"), date(2026, 4, 1), -2, "G", 1, None, "0042"),
    ("PAY-M03", Link("back", "#projects!A2"), None, 0, "G", None, None, Formula("=1+1", 2)),
)
PROJECT_ROWS: tuple[Row, ...] = (("PAY", None, None, None, None), ("WEB", "Web shop", None, None, None))
STAMP = Stamp("here", 3, 17, "2026-03-02T09:00Z")


class Contract:
    """An app that notes every ``batchUpdate`` body on its way in, the bytes of each request, and what Google's contract does
    not know in it.
    """

    def __init__(self) -> None:
        self.app: ASGIApp | None = None
        self.bodies: list[dict[str, Any]] = []
        self.sizes: list[int] = []
        self.faults: list[str] = []
        self._schemas = json.loads(CONTRACT.read_text(encoding="utf-8"))["schemas"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        body = bytearray()

        async def listening() -> Message:
            message = await receive()
            body.extend(message.get("body", b""))
            if not message.get("more_body") and message["type"] == "http.request":
                self.sizes.append(len(body))
                packed = (b"content-encoding", b"gzip") in scope["headers"]
                self._note(scope["path"], gzip.decompress(body) if packed else bytes(body))
            return message

        await self.app(scope, listening, send)

    def _note(self, path: str, body: bytes) -> None:
        if path.endswith(":batchUpdate") and "/values" not in path:
            self.bodies.append(json.loads(body))
            self.faults += list(self._unknown(self.bodies[-1], "BatchUpdateSpreadsheetRequest", ""))

    def kinds(self) -> list[str]:
        """The kinds of all orders received, in order."""
        return [next(iter(order)) for body in self.bodies for order in body["requests"]]

    def _unknown(self, value: object, name: str, place: str) -> Iterator[str]:
        known: Mapping[str, Any] = self._schemas[name]["properties"]
        assert isinstance(value, dict), f"{place} is not an object"
        for key, inner in value.items():
            if key not in known:
                yield f"{place}.{key}"
            else:
                yield from self._typed(inner, known[key], f"{place}.{key}")

    def _typed(self, value: object, schema: Mapping[str, Any], place: str) -> Iterator[str]:
        if "$ref" in schema:
            yield from self._unknown(value, schema["$ref"], place)
        elif schema.get("type") == "array":
            assert isinstance(value, list), place
            for number, one in enumerate(value):
                yield from self._typed(one, schema["items"], f"{place}[{number}]")
        elif not _fits(value, schema):
            yield f"{place} = {value!r}"


def _fits(value: object, schema: Mapping[str, Any]) -> bool:
    match schema.get("type"):
        case "string":
            return isinstance(value, str) and value in schema.get("enum", [value])
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
    return True


class Site(Struct):
    """One spreadsheet for one test: the server, the layer before it, and who works with it."""

    emulator: SheetsEmulator
    layer: Faults
    contract: Contract
    settings: dict[str, Any]
    waits: list[float]
    milestones: Tab = MILESTONES
    projects: Tab = PROJECTS
    header: Row = HEADER
    rows: tuple[Row, ...] = ROWS
    stamp: Stamp = STAMP

    def first(self) -> Publication:
        """What the first sync publishes: both tabs made, their rows, the stamp."""
        edits = (
            CreateTab(MILESTONES),
            CreateTab(PROJECTS),
            WriteRows(MILESTONES, 0, (HEADER, *ROWS)),
            AppendRows(PROJECTS, 0, PROJECT_ROWS),
            WriteStamp(STAMP),
        )
        return Publication((Table(MILESTONES, ROWS), Table(PROJECTS, PROJECT_ROWS)), edits)

    def grid(self, key: str) -> Grid:
        """One of the tabs as a new reader sees it."""
        return self.sink().read((MILESTONES, PROJECTS)).grids[key]

    def cells(self) -> dict[str, dict[str, Any]]:
        """Code → cells, as the source reads the input tab."""
        source = self.source()
        (batch,) = source.pull(source.units()[0], None)
        return {record.payload["code"]: record.payload["cells"] for record in batch.records}

    def wait(self, seconds: float) -> bool:
        """A wait that is noted only."""
        self.waits.append(seconds)
        return False

    def clock(self) -> float:
        """Real seconds, and those that were not waited."""
        return time.monotonic() + sum(self.waits)

    def opening(self, **changes: Any) -> Opening:
        """A connection to the spreadsheet; its waits are noted and not waited."""
        transport = Transport(Limits(deadline=1e6), wait=self.wait, clock=self.clock)
        settings = GoogleSheetsSettings(**{**self.settings, **changes})
        return Opening("plan", settings, transport, lambda: datetime(2026, 3, 2, tzinfo=UTC), tabs=(PROJECTS,))

    def sink(self, **changes: Any) -> SheetsSink:
        """The spreadsheet as a target."""
        return SheetsSink(self.opening(**changes))

    def sink_for(self, *audience: str) -> SheetsSink:
        """The spreadsheet as a target that is declared for these to see."""
        return SheetsSink(replace(self.opening(), audience=audience))

    def source(self, **changes: Any) -> SheetsSource:
        """The spreadsheet as a source."""
        return SheetsSource(self.opening(**changes))

    @property
    def person(self) -> Any:
        """The file's owner, at the sheet."""
        return self.emulator.person()


HERE = frozenset({"127.0.0.1", "localhost", "::1"})


@pytest.fixture(autouse=True)
def nothing_goes_abroad(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test, and no thread that a library starts behind one's back, looks for any other machine."""
    abroad: list[str] = []
    resolve = socket.getaddrinfo

    def here(host: Any, *given: Any, **named: Any) -> Any:
        if host in HERE:
            return resolve(host, *given, **named)
        abroad.append(str(host))
        raise socket.gaierror(f"{host} is abroad")

    monkeypatch.setattr(socket, "getaddrinfo", here)
    yield
    assert abroad == []


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[Contract, Faults, str]]:
    """One server for all tests; each test puts its own emulator behind it."""
    contract = Contract()
    layer = Faults(contract)
    with LoopbackServer(layer) as server:
        yield contract, layer, server.url


@pytest.fixture
def site(served: tuple[Contract, Faults, str], tmp_path: Path) -> Iterator[Site]:
    """A new spreadsheet. At the end no write may have held a name or type that Google's contract does not know."""
    contract, layer, url = served
    emulator = SheetsEmulator()
    contract.app = emulator.app
    contract.bodies, contract.sizes, contract.faults, layer.plan = [], [], [], None
    layer.clear()
    yield Site(emulator, layer, contract, dict(emulator.connection(url, tmp_path)), [])
    assert contract.faults == []
