"""The grey columns of the input tabs: what the tool believes, fetched from a published tab by one array formula.

It stands in the header cell, gives the header's text itself and spills below: people may sort, insert and delete rows
under it, and no cell below is ever written.
"""

from __future__ import annotations

from msgspec import Struct

from pmosync.dashboard import milestones, portfolio, words
from pmosync.dashboard.content import Content
from pmosync.dashboard.input_places import places
from pmosync.dashboard.mirror import quoted
from pmosync.dashboard.words.texts import TABS
from pmosync.mapping import InputTab
from pmosync.sheet import Format, letters


class Context(Struct, frozen=True):
    """One context column: its key and label, and which ``column`` of which published ``tab`` it shows."""

    key: str
    label: str
    tab: str
    column: str
    format: Format = Format.TEXT
    width: int = 14

    def tab_title(self, content: Content) -> str:
        """The published tab's title in the content's language."""
        return words.pick(TABS[self.tab][0], content.language)


STATE = "context_inputs"
"""The column that tells what counts of a row."""

MILESTONE = (
    Context("context_name", "context_name", "milestones", "name", width=28),
    Context("context_slip", "context_slip", "milestones", "slip_words", width=22),
    Context("context_rag", "context_rag", "milestones", "rag", Format.RAG, 7),
    Context("context_why", "context_why", "milestones", "why", Format.WRAP, 44),
    Context(STATE, "context_inputs", "milestones", "inputs_state", width=30),
)
LINE = (
    Context("context_rag", "context_rag", "portfolio", "rag", Format.RAG, 7),
    Context("context_why", "context_why", "portfolio", "why", Format.WRAP, 44),
)
CONTEXTS = {"milestone_inputs": MILESTONE, "projects": LINE, "programs": LINE, "my_projects": LINE}
PUBLISHED_PLACES = {"milestones": milestones.PLACES, "portfolio": portfolio.PLACES}


def contexts(tab: str) -> tuple[Context, ...]:
    """The context columns of an input tab; empty where there is nothing to tell."""
    return CONTEXTS.get(tab, ())


def formula(content: Content, given: InputTab, context: Context, label: str) -> str:
    """The array formula of a context column's header; empty if the code column is not found.

    The open-ended range starts in the header row itself: its first value becomes the label, every code below is
    looked up exactly. A code that stands twice is said at once, in both its rows.
    """
    at = places(content, given.key).get(given.key_column)
    if at is None:
        return ""
    column = letters(at)
    header = f"${column}${content.found.headers.get(given.key, 0) + 1}"
    codes = f"{header}:${column}"
    spot = PUBLISHED_PLACES[context.tab][context.column]
    table = f"{quoted(context.tab_title(content))}!$A:${letters(spot)}"
    found = f'IFERROR(VLOOKUP({codes},{table},{spot + 1},FALSE),"")'
    if context.key == STATE:
        twice = words.text("twice", content.language)
        found = f'IF(COUNTIF({codes},{codes})>1,"{twice}",{found})'
    looked_up = f'IF({codes}="","",{found})'
    return f'=ARRAYFORMULA(IF(ROW({codes})=ROW({header}),"{label}",{looked_up}))'
