"""Work: exceptions only. The rest is on ``pmosync export``."""

from __future__ import annotations

from collections.abc import Iterator

from pmosync.compute.assessment import ItemNote
from pmosync.compute.worklist import gravest
from pmosync.dashboard import cells, layout, words
from pmosync.dashboard.content import Content
from pmosync.dashboard.layout import Field
from pmosync.dashboard.words.terms import TERMS
from pmosync.sheet import Format, Tab, Table, Value, View

KEY = "work"
MOST = 5_000


def build_work(content: Content) -> Table:
    """Items with a problem or due soon in a committee milestone; at most 5,000 rows, the gravest, then what is missing."""
    notes = content.assessment.items
    shown = layout.rows(content, FIELDS, gravest(notes, MOST))
    return Table(tab(content), (*shown, *layout.remarks(_unlisted(content, len(notes) - MOST), len(FIELDS))))


def tab(content: Content) -> Tab:
    """The layout, with a view for each gravest problem."""
    named = (words.term("item_problem", problem, content.language) for problem in TERMS["item_problem"])
    views = tuple(View(name[:1].upper() + name[1:], "problem", (name,)) for name in named)
    return layout.adorned(layout.published(content, KEY, FIELDS, "key"), views=views)


def _unlisted(content: Content, more: int) -> Iterator[str]:
    """Rows above the limit, and restricted items."""
    if more > 0:
        yield words.text("more", content.language, count=f"{more:,}")
    if content.withheld.items:
        yield words.text("restricted_count", content.language, count=f"{content.withheld.items:,}")


def _problems(content: Content, problems: tuple[str, ...]) -> Value:
    named = (words.term("item_problem", problem, content.language) for problem in problems)
    return words.between("list", content.language).join(named) or None


FIELDS: tuple[Field[ItemNote], ...] = (
    Field("key", lambda content, note: cells.link(content, note.item.key, note.item.url), width=14),
    Field("title", lambda content, note: note.item.title or None, Format.WRAP, 44),
    Field("project", lambda content, note: note.project or None, width=9),
    Field(
        "milestones",
        lambda content, note: words.between("list", content.language).join(note.codes) or None,
        Format.WRAP,
        16,
    ),
    Field("problem", lambda content, note: _problems(content, note.problems[:1]), width=18),
    Field("status", lambda content, note: note.item.status or None, width=14),
    Field("category", lambda content, note: words.term("category", note.item.category, content.language), width=11),
    Field("owner", lambda content, note: note.item.owner_name or note.item.owner or None, person=True),
    Field("due", lambda content, note: note.item.due, Format.DATE, 12),
    Field("due_in", lambda content, note: note.due_in, Format.SIGNED, 9),
    Field("updated", lambda content, note: cells.local(content, note.item.updated), Format.INSTANT, 17),
    Field("also", lambda content, note: _problems(content, note.problems[1:]), width=24, collapsed=True),
    Field("type", lambda content, note: note.item.type or None, width=11, collapsed=True),
    Field("connection", lambda content, note: note.item.ref.connection, width=11, collapsed=True),
)
