"""How the tabs look: order, chosen ids, colours, and how a module declares its columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from pmosync.compute.assessment import Rag
from pmosync.compute.cuts import letter_then
from pmosync.dashboard import words
from pmosync.dashboard.content import Content
from pmosync.dashboard.words import columns, pick
from pmosync.dashboard.words.texts import TABS
from pmosync.sheet import Column, Format, Kind, Row, Rule, Tab, Value, View

T = TypeVar("T")

SHEET_IDS = {
    "today": 710011,
    "committee": 710012,
    "portfolio": 710002,
    "milestones": 710003,
    "attention": 710013,
    "reports": 710014,
    "charts": 710009,
    "slip_trend": 710007,
    "slip_ledger": 710008,
    "work": 710004,
    "contradictions": 710010,
    "data_quality": 710005,
    "runs": 710006,
    "about": 710001,
    "projects": 720001,
    "programs": 720002,
    "milestone_inputs": 720003,
    "bindings": 720004,
    "decisions": 720005,
    "risks": 720006,
    "people": 720007,
    "calendar": 720008,
    "my_projects": 720009,
    "actions": 720010,
    "attention_answers": 720011,
    "ledger_answers": 720012,
    "report_texts": 720013,
}
ORDER = tuple(SHEET_IDS)
PUBLISHED_COLOUR = "#1f4e79"
INPUT_COLOUR = "#b58105"

# Soft fills under dark ink of the same hue: contrast stays above 4.5:1, the letter never depends on the colour.
COLOURS: tuple[tuple[str, str, str], ...] = (
    ("R", "#f4c7c3", "#8c1d18"),
    ("A", "#fce8b2", "#6b4200"),
    ("(G)", "#e8f0ea", "#47604d"),
    ("G", "#c8e6c9", "#0f5323"),
    ("B", "#d2e3fc", "#174ea6"),
    ("M", "#fde0cc", "#8a3b00"),
    ("P", "#f1f3f4", "#5f6368"),
    ("‖", "#e4e0ec", "#4a3f63"),
    ("×", "#f1f3f4", "#5f6368"),
    ("→", "#f1f3f4", "#5f6368"),
    ("?", "#e8eaed", "#3c4043"),
)


HEADING = ("#d6e0ee", "#1f3a5f")
SUBHEADING = ("#e9eff7", "#1f3a5f")
"""Fill and ink of what stands above other rows: sections, portfolios; programs."""


class Field(Struct, Generic[T], frozen=True):
    """One published column and how its cell follows from the content and the thing of the row; ``person``: it names people."""

    key: str
    cell: Callable[[Content, T], Value]
    format: Format = Format.TEXT
    width: int = 14
    collapsed: bool = False
    person: bool = False


def published(
    content: Content, key: str, fields: Iterable[Field[T]], key_column: str, *, extra: tuple[Column, ...] = ()
) -> Tab:
    """The layout of a published tab: labels and notes in the content's language, colours on every RAG column.

    Its title is always ours, also where people renamed it: the tab is the tool's, and the next sync names it again.
    """
    shown = _of_then(content, (*(column(content, key, field) for field in fields), *extra))
    title, note = TABS[key]
    return Tab(
        key=key,
        title=pick(title, content.language),
        kind=Kind.PUBLISHED,
        sheet_id=SHEET_IDS[key],
        columns=shown,
        key_column=key_column,
        rules=rag_rules(shown),
        note=pick(note, content.language),
        colour=PUBLISHED_COLOUR,
    )


def then(content: Content) -> str:
    """That the workbook shows a past day, or one with hindsight, in words; empty for what a sync publishes."""
    if not content.then:
        return ""
    at = words.instant(content.generated_at, content.language, content.time_zone)
    return words.text("then_hindsight" if content.hindsight else "then", content.language, instant=at)


def _of_then(content: Content, shown: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns; of a past day the note of the first one begins with that, for a tab may be copied alone."""
    said = then(content)
    if not said:
        return shown
    return (replace(shown[0], note="\n".join(filter(None, (said, shown[0].note)))), *shown[1:])


def column(content: Content, tab: str, field: Field[T]) -> Column:
    """A field's column in the content's language; the other language's header is an alias."""
    return Column(
        key=field.key,
        label=columns.label(tab, field.key, content.language),
        format=field.format,
        width=field.width,
        note=columns.note(tab, field.key, content.language),
        aliases=(columns.alias(tab, field.key, content.language),),
        collapsed=field.collapsed,
        person=field.person,
    )


def rows(content: Content, fields: Iterable[Field[T]], things: Iterable[T]) -> tuple[Row, ...]:
    """A row a thing, a cell a field."""
    declared = tuple(fields)
    return tuple(tuple(field.cell(content, thing) for field in declared) for thing in things)


def remarks(lines: Iterable[str], width: int) -> tuple[Row, ...]:
    """Rows that say in their first cell what a tab does not list."""
    return tuple((line, *(None for _ in range(width - 1))) for line in lines)


def rag_rules(shown: Iterable[Column]) -> tuple[Rule, ...]:
    """Fill and ink of every letter on every RAG column, in the order in which they are tried."""
    return tuple(
        Rule(column.key, prefix, fill, ink)
        for column in shown
        if column.format is Format.RAG
        for prefix, fill, ink in COLOURS
    )


def red_and_amber(title: str, column: str) -> View:
    """A view of what is red or amber, by decision or not, replaced or not; a decided Green covers one of them."""
    return View(title, column, (*(f"{letter}{mark}" for letter in "RA" for mark in ("", "!", "→", "!→")), "G!"))


def adorned(
    tab: Tab, *, frozen: int = 1, views: tuple[View, ...] = (), hidden: bool = False, rules: tuple[Rule, ...] = ()
) -> Tab:
    """A tab with its frozen columns, filter views, visibility and colours besides those of RAG."""
    return replace(tab, frozen_columns=frozen, views=views, hidden=hidden, rules=(*tab.rules, *rules))


WORSE = ("B", "G", "g", "A", "R")


BLIND = frozenset({"stale", "last_colour", "milestone_grey", "project_grey", "program_grey"})
"""Reasons of a colour that changed because something cannot be seen: no direction can be told from it."""


def trend(content: Content, code: str, rag: Rag) -> str | None:
    """How the colour of a line or milestone differs from what it was at the last committee cut; None where it does not."""
    return arrow(replace(rag, before=letter_then(rag, code, content.cut))) or None


def arrow(rag: Rag) -> str:
    """The colour before and now, with the direction: ``↓ G→R``. Empty if it is the same; no direction out of blindness.

    A decided colour shows what it covers, ``R→G!``, and no direction: nothing became better by it.
    """
    if rag.override:
        return f"{rag.shown.value}→{rag.override}"
    before, shown = rag.before, rag.shown.value
    if not before or before == shown:
        return ""
    blind = any(reason.key in BLIND for reason in rag.reasons)
    if blind or before not in WORSE or shown not in WORSE:
        return f"{before}→{shown}"
    return f"{'↓' if WORSE.index(shown) > WORSE.index(before) else '↑'} {before}→{shown}"
