"""The grey columns of the input tabs: what the tool believes, fetched from a published tab by one array formula.

It stands in the header cell, gives the header's text itself and spills below: people may sort, insert and delete rows
under it, and no cell below is ever written.
"""

from __future__ import annotations

from msgspec import Struct

from pmosync.dashboard import attention, milestones, portfolio, slip_ledger, words
from pmosync.dashboard.content import Content
from pmosync.dashboard.input_places import places
from pmosync.dashboard.mirror import quoted, whole_column
from pmosync.dashboard.words.texts import TABS
from pmosync.mapping import InputTab
from pmosync.sheet import Format, letters


class Context(Struct, frozen=True):
    """One context column: its key, which also names its label, and which ``column`` of which published ``tab`` it shows.

    ``by`` is the column of that tab in which a row's code stands, ``missing`` the words for a code that is not there.
    """

    key: str
    tab: str
    column: str
    format: Format = Format.TEXT
    width: int = 14
    by: str = "code"
    missing: str = ""

    def tab_title(self, content: Content) -> str:
        """The published tab's title in the content's language."""
        return words.pick(TABS[self.tab][0], content.language)


STATE = "context_inputs"
"""The column that tells what counts of a row."""

MILESTONE = (
    Context("context_name", "milestones", "name", width=28),
    Context("context_slip", "milestones", "slip_words", width=22),
    Context("context_rag", "milestones", "rag", Format.RAG, 7),
    Context("context_why", "milestones", "why", Format.WRAP, 44),
    Context(STATE, "milestones", "inputs_state", width=30),
)
LINE = (
    Context("context_rag", "portfolio", "rag", Format.RAG, 7),
    Context("context_why", "portfolio", "why", Format.WRAP, 44),
)
CONCERN = (
    Context("context_name", "attention", "name", width=28, by="id"),
    Context("context_says", "attention", "says", Format.WRAP, 44, by="id"),
    Context("context_state", "attention", "state", width=20, by="id", missing="no_line"),
)
MOVE = (
    Context("context_name", "slip_ledger", "name", width=28, by="id"),
    Context("context_move", "slip_ledger", "wd", Format.SIGNED, 9, by="id"),
    Context("context_cause", "slip_ledger", "cause", Format.WRAP, 44, by="id", missing="no_move"),
)
CONTEXTS = {
    "milestone_inputs": MILESTONE,
    "projects": LINE,
    "programs": LINE,
    "my_projects": (*LINE, Context(STATE, "portfolio", "note_state", width=30)),
    attention.ANSWERS: CONCERN,
    slip_ledger.ANSWERS: MOVE,
}
PUBLISHED_PLACES = {
    "milestones": milestones.PLACES,
    "portfolio": portfolio.PLACES,
    "attention": attention.PLACES,
    "slip_ledger": slip_ledger.PLACES,
}


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
    found = _lookup(content, context, codes)
    if context.key == STATE:
        twice = words.text("twice", content.language)
        found = f'IF(COUNTIF({codes},{codes})>1,"{twice}",{found})'
    looked_up = f'IF({codes}="","",{found})'
    return f'=ARRAYFORMULA(IF(ROW({codes})=ROW({header}),"{label}",{looked_up}))'


def _lookup(content: Content, context: Context, codes: str) -> str:
    """What looks each of the codes up: beside the tab's first column, or wherever its ids stand."""
    at, title = PUBLISHED_PLACES[context.tab], context.tab_title(content)
    spot = at[context.column]
    if not at[context.by]:
        return f'IFERROR(VLOOKUP({codes},{quoted(title)}!$A:${letters(spot)},{spot + 1},FALSE),"")'
    missing = words.text(context.missing, content.language) if context.missing else ""
    ids, shown = whole_column(title, at[context.by]), whole_column(title, spot)
    return f'IFERROR(XLOOKUP({codes},{ids},{shown},"{missing}"),"")'
