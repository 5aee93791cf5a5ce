"""A status report in words: a page of sections with lines, written as Markdown or as HTML.

Every text in it is data to both: what a source wrote can neither make a heading, a link nor a tag.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from html import escape

from msgspec import Struct
from msgspec.structs import replace

from pmosync.compute.assessment import MilestoneVerdict
from pmosync.compute.colour import effective
from pmosync.compute.signs import exposure
from pmosync.compute.status import StatusReport
from pmosync.dashboard import layout, words
from pmosync.dashboard.redaction import Redaction
from pmosync.dashboard.slip_ledger import causes
from pmosync.model import Move, RiskRow

MARKED = re.compile(r"([\\`*_\[\]<>|~&@]|(?<=\b[Ww]{3})\.|:(?=//)|^[#+=-]|^\d+[.)](?=\s))")
"""What Markdown reads as more than itself: within a line marks, brackets and addresses, at its beginning headings and lists."""

WHY_LENGTH = 400
"""Characters of a colour's reasons: a report is no cell, so that names stand in it whole."""
TELL_EXPECTED = frozenset({"expected_late_red", "expected_late_amber", "on_time", "no_promise"})
"""The reasons that say the expected date and the slip themselves."""


class Section(Struct, frozen=True):
    """A heading and its lines, or what is said where there is none."""

    heading: str
    lines: tuple[str, ...]
    nothing: str


class Page(Struct, frozen=True):
    """One project's report. ``letter`` is its colour's, ``facts`` the lines below the title."""

    code: str
    title: str
    letter: str
    facts: tuple[str, ...]
    sections: tuple[Section, ...]


def page(report: StatusReport, language: str) -> Page:
    """The report in words."""
    project, say = report.project, Words(language)
    return Page(
        code=project.row.code,
        title=" ".join(filter(None, (project.row.code, project.row.name))),
        letter=words.gate(project.rag),
        facts=tuple(
            filter(
                None,
                (
                    _days(report, say),
                    say("status_manager", name=project.owner) if project.owner else "",
                    _colour(report, say),
                    project.note.line if project.note else "",
                ),
            )
        ),
        sections=(
            Section(say("status_done"), tuple(_done(report, say)), say("status_nothing_done")),
            Section(say("status_next"), tuple(_due(each, say) for each in report.ahead), say("status_nothing_next")),
            Section(say("status_slips"), tuple(_move(each, say) for each in report.moves), say("status_nothing_moved")),
            Section(say("status_risks"), tuple(_risks(report, say)), say("status_no_risks")),
            Section(say("status_help"), tuple(filter(None, (_help(report),))), say("status_no_help")),
        ),
    )


def _days(report: StatusReport, say: Words) -> str:
    """The days that are told, and since which report: one drafted right behind another must not read as empty."""
    if report.sent is not None and report.sent >= report.today:
        return say("status_sent_today", sent=say.day(report.sent))
    first, last = report.since + timedelta(days=1), report.today
    values = {"first": say.day(first), "last": say.day(last) if last != first else ""}
    days = words.phrased("status_days", say.language, values)
    return say("status_since", days=days, sent=say.day(report.sent)) if report.sent else days


def covered(page: Page, names: Iterable[str], language: str) -> Page:
    """The page without any of the names, which its readers may not see, in whatever text somebody typed."""
    cover = Redaction(names, words.text("restricted", language))
    return replace(
        page,
        title=cover(page.title),
        facts=tuple(map(cover, page.facts)),
        sections=tuple(replace(each, lines=tuple(map(cover, each.lines))) for each in page.sections),
    )


class Words:
    """What is said in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **values: object) -> str:
        return words.text(key, self.language, **values)

    def day(self, day: date | None) -> str:
        """A day, or that there is none."""
        return words.day(day, self.language) if day else self("status_none")

    def line(self, who: str, *clauses: str) -> str:
        """Who, a colon, and what is said of it."""
        told = words.between("clause", self.language).join(filter(None, clauses))
        return words.between("colon", self.language).join(filter(None, (who, told)))


def _colour(report: StatusReport, say: Words) -> str:
    rag = report.project.rag
    told = (say("status_wd", days=rag.days) if rag.since else "", layout.arrow(rag))
    return say(
        "status_colour",
        letter=words.gate(rag),
        told=words.between("list", say.language).join(filter(None, told)),
        why=words.why(rag.reasons, say.language, WHY_LENGTH),
    )


def _help(report: StatusReport) -> str:
    """What its manager wants of others, on one line."""
    note = report.project.note
    return " ".join(note.help.split()) if note else ""


def _who(verdict: MilestoneVerdict) -> str:
    return " ".join(filter(None, (verdict.milestone.code, verdict.milestone.name)))


def _done(report: StatusReport, say: Words) -> Iterator[str]:
    for each in report.done:
        ended = say("status_ended", day=say.day(each.actual.day if each.actual else None))
        yield say.line(_who(each), ended, _slip(each, say))
    for one in report.delivered:
        yield say.line(one.code, say("status_delivered", lately=one.lately, done=one.done, total=one.total))
    if report.small:
        yield say("status_small", count=report.small)


def _slip(verdict: MilestoneVerdict, say: Words) -> str:
    return "" if verdict.slip is None else words.slip(verdict.slip, say.language)


def _due(verdict: MilestoneVerdict, say: Words) -> str:
    expected, calibrated, current = verdict.expected, verdict.calibrated, verdict.current
    told = any(why.key in TELL_EXPECTED for why in verdict.rag.reasons)
    return say.line(
        f"{words.letter(effective(verdict.rag))} {_who(verdict)}",
        say("status_promised", day=say.day(current.day)) if current else "",
        say("status_expected", day=say.day(expected.day)) if expected and not told else "",
        "" if told else _slip(verdict, say),
        words.why(verdict.rag.reasons, say.language),
        say("status_safe", day=say.day(calibrated.p85)) if calibrated else "",
    )


def _move(move: Move, say: Words) -> str:
    return say(
        "status_move",
        day=say.day(move.day),
        who=move.code,
        field=words.term("moved", move.field, say.language),
        old=say.day(move.old),
        new=say.day(move.new),
        wd="" if move.wd is None else f"{move.wd:+}",
        why=causes(move.causes, say.language) or move.reason or move.decision,
    )


def _risks(report: StatusReport, say: Words) -> Iterator[str]:
    for risk in report.risks:
        yield _risk(risk, say)
    if report.more_risks:
        yield say("status_more", count=report.more_risks)


def _risk(risk: RiskRow, say: Words) -> str:
    grade = say("status_exposure", exposure=exposure(risk)) if exposure(risk) else ""
    due = say("status_by", day=say.day(risk.due)) if risk.due else ""
    return say.line(risk.id, risk.text, grade, risk.owner, due)


# ---------------------------------------------------------------- Markdown


def markdown(pages: Iterable[Page], language: str, at: datetime, time_zone: str) -> str:
    """The pages one after the other, as CommonMark."""
    parts = [_markdown(each) for each in pages]
    foot = plain(words.text("status_as_of", language, at=words.instant(at, language, time_zone)))
    return "\n\n".join((*parts, f"*{foot}*")) + "\n"


def _markdown(page: Page) -> str:
    lines = [f"# {plain(page.title)}", "", *(f"{plain(fact)}  " for fact in page.facts)]
    for section in page.sections:
        told = [f"- {plain(line)}" for line in section.lines] or [plain(section.nothing)]
        lines += ["", f"## {plain(section.heading)}", "", *told]
    return "\n".join(lines)


def plain(text: str) -> str:
    """A text that Markdown shows as it is, on one line."""
    return MARKED.sub(_escaped, " ".join(text.split()))


def _escaped(match: re.Match[str]) -> str:
    """The sign behind a backslash; of a number at the beginning its point."""
    return rf"{match[0][:-1]}\{match[0][-1]}"


# ---------------------------------------------------------------- HTML

STYLE = """
:root{color-scheme:light dark;--ink:#1f2933;--paper:#fff;--soft:#5f6b7a;--line:#d8dee6;--head:#1f4e79}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ee;--paper:#15191f;--soft:#a3adba;--line:#343c47;--head:#9cc4ec}}
body{font:16px/1.5 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:var(--ink);background:var(--paper);
margin:0 auto;max-width:52rem;padding:1.5rem;overflow-wrap:anywhere}
article{border-top:3px solid var(--head);padding:.5rem 0 1rem}
h1{font-size:1.5rem;margin:.5rem 0}h2{font-size:1.1rem;color:var(--head);margin:1.2rem 0 .3rem}
.facts{color:var(--soft);margin:0}ul{margin:.2rem 0;padding-left:1.3rem}li{margin:.2rem 0}
nav ul{columns:2;list-style:none;padding:0}a{color:var(--head)}footer{color:var(--soft);border-top:1px solid var(--line)}
.rag{display:inline-block;min-width:1.4em;padding:0 .3em;border-radius:.25em;text-align:center;font-weight:600}
@media print{article{break-before:page;border:0}nav,nav+article{break-before:auto}body{padding:0;max-width:none}nav{display:none}}
@page{margin:15mm}
"""


def html(pages: Sequence[Page], language: str, at: datetime, time_zone: str) -> str:
    """The pages as one document that asks for nothing else: no script, no picture, no request."""
    style = STYLE + "".join(f".rag-{place}{{background:{fill};color:{ink}}}\n" for place, (_, fill, ink) in _colours())
    title = escape(words.text("status_title", language))
    allowed = b64encode(sha256(style.encode()).digest()).decode()
    foot = escape(words.text("status_as_of", language, at=words.instant(at, language, time_zone)))
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{allowed}'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n"
        f"{_contents(pages, title)}{''.join(map(_article, pages))}</main>\n<footer><p>{foot}</p></footer>\n</body>\n</html>\n"
    )


def _contents(pages: Sequence[Page], title: str) -> str:
    if len(pages) < 2:
        return ""
    items = "".join(
        f'<li>{_badge(page.letter)} <a href="#{_anchor(page)}">{escape(page.title)}</a></li>' for page in pages
    )
    return f'<nav aria-label="{title}"><ul>{items}</ul></nav>\n'


def _article(page: Page) -> str:
    facts = "<br>".join(map(escape, page.facts))
    sections = "".join(map(_section, page.sections))
    head = f"<h1>{_badge(page.letter)} {escape(page.title)}</h1>"
    return f'<article id="{_anchor(page)}">{head}\n<p class="facts">{facts}</p>\n{sections}</article>\n'


def _section(section: Section) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in section.lines)
    told = f"<ul>{items}</ul>" if items else f"<p>{escape(section.nothing)}</p>"
    return f"<h2>{escape(section.heading)}</h2>{told}\n"


def _anchor(page: Page) -> str:
    """An address within the document, safe whatever the code is."""
    return "p-" + page.code.encode().hex()


def _badge(letter: str) -> str:
    """The letter on its colour, that of the first prefix that fits, as on the tabs."""
    place = next((place for place, (prefix, _, _) in _colours() if letter.startswith(prefix)), None)
    return f'<span class="rag{"" if place is None else f" rag-{place}"}">{escape(letter)}</span>'


def _colours() -> Iterator[tuple[int, tuple[str, str, str]]]:
    return enumerate(layout.COLOURS)
