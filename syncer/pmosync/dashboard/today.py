"""Today: what is new since yesterday and since the last committee, what waits, and who should act. The first of all tabs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from msgspec import Struct

from pmosync.compute.today import BLOCKS, NEWS, News, Since, since, today
from pmosync.dashboard import cells, layout, words
from pmosync.dashboard.committee import cut_name
from pmosync.dashboard.content import Content
from pmosync.dashboard.input_codes import INPUT, input_rows
from pmosync.dashboard.layout import Field
from pmosync.dashboard.reports import standings
from pmosync.dashboard.values import code_of
from pmosync.sheet import Format, Rule, Tab, Table, Value

KEY = "today"
MOST = 10
"""Lines of a block that are told."""
WHY_LENGTH = 160
"""Characters of the reasons behind a line."""
ROLES = {"risk": "today.addressee", "action": "today.assignee", "reports": "today.managers"}
"""Who acts on what has no owner among milestones and projects, by the kind of a line."""


class Line(Struct, frozen=True):
    """A line of the tab: its block's heading ("" = that of the line above), the sentence, and what it tells of (None: it is
    one of the tab's own). ``input_row`` is the 1-based sheet row in which people type about it.
    """

    head: str
    text: str
    news: News | None = None
    input_row: int | None = None


def build_today(content: Content) -> Table:
    """The lines of a masked content. A quiet day says so."""
    span = since(content.assessment, _cut_day(content))
    found = today(content.assessment, content.plan, content.holds, content.cut, span, standings(content))
    lines = (Line("", _summary(content, found, span)), *_lines(content, found))
    return Table(tab(content), layout.rows(content, FIELDS, lines))


def tab(content: Content) -> Tab:
    """The layout; every block's heading is tinted."""
    headings = (words.text(f"today.block.{block}", content.language) for block in BLOCKS)
    rules = tuple(Rule("block", heading, *layout.HEADING) for heading in dict.fromkeys(headings))
    return layout.adorned(layout.published(content, KEY, FIELDS, "block"), rules=rules)


def _cut_day(content: Content) -> date | None:
    return content.cut.made.astimezone(ZoneInfo(content.time_zone)).date() if content.cut else None


def _summary(content: Content, found: Sequence[News], span: Since) -> str:
    """How much is new, or that nothing moved."""
    language = content.language
    news = [each for each in found if each.block in NEWS]
    fresh = sum(each.fresh for each in news)
    key = "today.news" if fresh else "today.quiet" if news else "today.still"
    committee = cut_name(content, content.cut) if content.cut else words.day(span.committee, language)
    days = {"yesterday": words.day(span.yesterday, language), "committee": committee}
    return words.text(key, language, fresh=fresh, all=len(news), **days)


def _lines(content: Content, found: Sequence[News]) -> Iterator[Line]:
    """Each block under its heading, cut after its first lines."""
    there = input_rows(content)
    for block, group in groupby(found, key=lambda each: each.block):
        own = list(group)
        head = words.text(f"today.block.{block}", content.language)
        for place, news in enumerate(own[:MOST]):
            yield Line("" if place else head, sentence(content, news), news, there.get(code_of(news.code)))
        if len(own) > MOST:
            yield Line("", words.text("today.more", content.language, count=len(own) - MOST))


def sentence(content: Content, news: News) -> str:
    """A line in words."""
    language = content.language
    values = {
        "who": " ".join(filter(None, (news.code, news.name))),
        "then": _letter(news.then),
        "now": _letter(news.now),
        "why": words.why(news.reasons, language, WHY_LENGTH),
        "field": words.term("moved", news.field, language),
        "old": words.day(news.old, language),
        "new": words.day(news.new, language),
        "wd": "" if news.wd is None else f"{news.wd:+}",
        "by": news.by,
        "words": news.words,
        "codes": words.between("list", language).join(news.codes),
        "count": str(len(news.codes)),
        "unbelieved": words.text("by_evidence", language) if news.unbelieved else "",
    }
    if news.block == "sources":
        values |= _of_source(content, news)
    if news.block in {"decisions", "wishes"}:
        values["what"] = words.phrased(f"ask.{news.kind}", language, values)
    return words.phrased(_key(news), language, values)


def _of_source(content: Content, news: News) -> dict[str, str]:
    """What a source or a hold says of itself in the reader's language."""
    language = content.language
    hold = next((each for each in content.holds if each.id == news.by), None)
    said = words.held(hold, language) if hold else news.words
    state = words.term("freshness", news.kind, language)
    return {
        "who": words.sourced(news.name, language),
        "state": state,
        "words": said,
        "new": words.day(news.day, language),
    }


def _key(news: News) -> str:
    """The sentence of a line."""
    if news.block == "sources":
        return "today.hold" if news.kind == "hold" else "today.source"
    if news.kind == "moved":
        return "today.set" if news.old is None else "today.unset" if news.new is None else "today.moved"
    return "today.asked" if news.block in {"decisions", "wishes"} else f"today.{news.kind}"


def _letter(letter: str) -> str:
    return "(G)" if letter == "g" else letter


# ---------------------------------------------------------------- cells


def _acts(content: Content, line: Line) -> Value:
    """Who acts: the person named, else that person's role for readers who read no names; the PMO office where a wish waits,
    whoever runs the service where a source does.
    """
    if line.news is None:
        return None
    told = {"wishes": "today.office", "sources": "today.operator"}.get(line.news.block)
    if told:
        return words.text(told, content.language)
    named = content.people and not line.news.codes
    return (line.news.who if named else _role(line.news, content.language)) or None


def _role(news: News, language: str) -> str:
    """Whose turn it is where nobody is named."""
    if news.kind in ROLES:
        return words.text(ROLES[news.kind], language)
    return words.term("acts", "manager" if news.code == news.project else "owner", language)


def _code(content: Content, line: Line) -> Value:
    return cells.link(content, line.news.code, line.news.url) if line.news else None


def _fresh(content: Content, line: Line) -> Value:
    if line.news is None or line.news.block not in NEWS:
        return None
    key = "today.since_yesterday" if line.news.fresh else "today.since_committee"
    return words.text(key, content.language)


def _edit(content: Content, line: Line) -> Value:
    return cells.pencil(content, INPUT, line.input_row) if line.input_row else None


FIELDS: tuple[Field[Line], ...] = (
    Field("block", lambda content, line: line.head or None, width=24),
    Field("line", lambda content, line: line.text, Format.WRAP, 92),
    Field("acts", _acts, width=16),
    Field("code", _code, width=12),
    Field("project", lambda content, line: (line.news.project or None) if line.news else None, width=10),
    Field("day", lambda content, line: line.news.day if line.news else None, Format.DATE, 12),
    Field("fresh", _fresh, width=12),
    Field("edit", _edit, width=4),
)
