"""A small report with every kind of cell, and ways to ask a document what it holds."""

from __future__ import annotations

from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

from pmosync.connector import Opening
from pmosync.sheet import (
    Chart,
    ChartKind,
    Column,
    Format,
    Formula,
    Kind,
    Link,
    Publication,
    Row,
    Rule,
    Series,
    Stamp,
    Tab,
    Table,
    View,
    WriteStamp,
)
from pmosync.transport import Transport
from pmosync_html.settings import HtmlSettings
from pmosync_html.sink import HtmlSink

RAG = (("R", "#f4c7c3", "#8c1d18"), ("A", "#fce8b2", "#6b4200"), ("G", "#c8e6c9", "#0f5323"))
MILESTONES = Tab(
    key="milestones",
    title="Milestones",
    kind=Kind.PUBLISHED,
    sheet_id=71,
    columns=(
        Column("code", "Code", width=12, note="The milestone's own short code."),
        Column("name", "Name", Format.WRAP, 30),
        Column("expected", "Expected", Format.DATE, 12),
        Column("slip", "Slip (wd)", Format.SIGNED, 10, note="Working days; + is late."),
        Column("rag", "RAG", Format.RAG, 8),
        Column("share", "Done", Format.PERCENT, 8, collapsed=True),
        Column("seen", "Seen", Format.INSTANT, 17, collapsed=True),
        Column("note", "Note", Format.WRAP, 24),
        Column("sure", "Sure", Format.BOOLEAN, 8),
    ),
    key_column="code",
    rules=tuple(Rule("rag", *rule) for rule in RAG),
    views=(View("Red and amber", "rag", ("R", "A")),),
    note="What was promised, and what is expected.",
    colour="#1f4e79",
)
CHARTS = Tab(
    key="charts",
    title="Charts",
    kind=Kind.PUBLISHED,
    sheet_id=72,
    columns=(
        Column("chart", "Chart"),
        Column("label", "Label", collapsed=True),
        Column("scope", "Scope", Format.INTEGER, collapsed=True),
        Column("done", "Done", Format.INTEGER, collapsed=True),
    ),
    key_column="chart",
    charts=(
        Chart("burn", "Burn-up PAY-M01", ChartKind.LINE, 1, "label", 2, 4,
              (Series("scope", "Scope", "#1f4e79"), Series("done", "Delivered", "#c0504d"))),
        Chart("cause", "Slip by cause", ChartKind.BAR, 20, "label", 2, 4, (Series("done", "wd", "#1f4e79"),)),
        Chart("none", "", ChartKind.LINE, 40),
    ),
)  # fmt: skip
RUNS = Tab("runs", "Runs", Kind.PUBLISHED, 73, (Column("run", "Run"),), "run", hidden=True)
TYPED = Tab("projects", "Projects", Kind.INPUT, 74, (Column("code", "Code"),), "code")
ROWS: tuple[Row, ...] = (
    ("PAY-M01", "支付 launch\nin two steps", date(2026, 3, 2), 4, "R 12", 0.5,
     datetime(2026, 3, 1, 9, 30), "=IMPORTXML(1)", True),  # noqa: DTZ001 - a cell's time is naive
    ("PAY-M02", Link("Beta", "https://jira.example.com/PAY-2?a=1&b=2"), date(2026, 4, 1), -12, "G", 1.0, None, "0042", False),
    ("PAY-M10", Link("back", "#milestones!C3"), None, 0, "A", 0.125, None, Formula("=1+1", 2), None),
    (None,) * 9,
    ("2 more milestones are not listed here.", *(None,) * 8),
)  # fmt: skip
CHART_ROWS: tuple[Row, ...] = (
    (None, None, "Scope", "Delivered"),
    (None, "1 Mar", 10, 0),
    (None, "8 Mar", 14, 6),
    (None, "15 Mar", 14, -3),
)
TABLES = (Table(MILESTONES, ROWS), Table(CHARTS, CHART_ROWS), Table(RUNS, (("7",),)), Table(TYPED, (("SECRET",),)))
STAMP = Stamp("here", 3, 17, "2026-03-02T09:00:00+00:00")


def publication(rows: tuple[Row, ...] = ROWS, stamp: Stamp = STAMP) -> Publication:
    """All tables, to be written."""
    return Publication((Table(MILESTONES, rows), *TABLES[1:]), (WriteStamp(stamp),))


def sink(path: Path, language: str = "en") -> HtmlSink:
    """The file as a target."""
    return HtmlSink(
        Opening(
            connection="report",
            settings=HtmlSettings(path=path),
            transport=Transport(),
            now=lambda: datetime(2026, 3, 2, tzinfo=UTC),
            language=language,
            title="Acme <portfolio>",
        )
    )


class Tags(HTMLParser):
    """What a document holds: its elements with their attributes, and the texts between them."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(document)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """A text between tags."""
        self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of each element of a name."""
        return [given for name, given in self.elements if name == tag]
