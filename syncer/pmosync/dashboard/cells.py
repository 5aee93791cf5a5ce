"""Cells that several tabs share: links to configured hosts, local instants, what the audience may see."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pmosync.compute.assessment import Dated, MilestoneVerdict
from pmosync.dashboard import words
from pmosync.dashboard.content import Content
from pmosync.dashboard.input_places import input_tab, places
from pmosync.dashboard.redaction import Redaction
from pmosync.mapping.text import LIMIT, cut
from pmosync.sheet import Formula, Link, Table, Value, letters

PENCIL = "✎"


def link(content: Content, shown: str, url: str) -> Value:
    """``shown`` as a link if ``url`` is http(s) on a configured host without a user part; else plain text, None if empty."""
    if not shown:
        return None
    return Link(shown, url) if _trusted(url, content.hosts) else shown


def _trusted(url: str, hosts: frozenset[str]) -> bool:
    if not url.isprintable() or any(sign in url for sign in ' "<>\\'):
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        netloc = parts.netloc.lower()
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "@" not in netloc and (host in hosts or netloc in hosts)


def pencil(content: Content, tab: str, row: int | None) -> Link:
    """The way from a published row to the code cell of its own 1-based input ``row``; to the tab if it has none there."""
    column = places(content, tab).get(input_tab(tab).key_column)
    return Link(PENCIL, f"#{tab}!{letters(column or 0)}{row}" if row else f"#{tab}!A1")


def local(content: Content, instant: datetime | None) -> datetime | None:
    """An instant as naive time of the workbook's zone, whole seconds: what a date-time cell holds."""
    if instant is None:
        return None
    return instant.astimezone(ZoneInfo(content.time_zone)).replace(tzinfo=None, microsecond=0)


def typed_day(dated: Dated | None) -> Value:
    """A date cell; a coarse one as people type it, with its "~"."""
    if dated is None:
        return None
    return f"~{dated.day.isoformat()}" if dated.coarse else dated.day


def ends(verdict: MilestoneVerdict) -> date | None:
    """The day to which slip is measured: the actual one, else the expected one."""
    end = verdict.actual or verdict.expected
    return end.day if end else None


def slip(verdict: MilestoneVerdict, language: str) -> str:
    """The slip in words, and that it is by a forecast that is not believed; empty where there is none."""
    if verdict.slip is None:
        return ""
    said = words.slip(verdict.slip, language)
    return words.text("slip_unbelieved", language, slip=said) if verdict.forecast_state == "contradicted" else said


def origin(content: Content, dated: Dated | None) -> str:
    """Where a date comes from, in words: "open child PAY-41, due 19 Dec 2026"."""
    if dated is None:
        return ""
    language = content.language
    name = words.term("actual_from", dated.name, language) if dated.source == "actual" else dated.name
    told = dated.seen or name
    return words.origin(
        dated.source,
        told,
        language,
        due=dated.due,
        overdue=dated.overdue,
        thawed=dated.thawed,
        windows=dated.freeze,
    )


# ---------------------------------------------------------------- last pass


def sealed(content: Content, tables: tuple[Table, ...]) -> tuple[Table, ...]:
    """The tables with every text cut to what a cell may hold, and without any withheld name in a text, note or address."""
    covered = Redaction(content.withheld.names, words.text("restricted", content.language))

    def sealed_text(text: str) -> str:
        return cut(covered(text), LIMIT)

    def seal(value: Value) -> Value:
        match value:
            case str():
                return sealed_text(value)
            case Link(text=text, url=url):
                safe = sealed_text(text)
                return safe if covered(text) != text or covered(url) != url else Link(safe, url)
            case Formula(text=text, value=str(shown)):
                return Formula(text, sealed_text(shown))
            case _:
                return value

    return tuple(Table(t.tab, tuple(tuple(seal(value) for value in row) for row in t.rows)) for t in tables)
