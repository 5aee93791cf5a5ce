"""Committee: the page of the last cut, as it was frozen, under today's mask. What has been hidden since is hidden here too;
numbers, dates and colours stay as they were.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from msgspec.structs import replace

from pmosync.compute.assessment import MilestoneVerdict
from pmosync.compute.cuts import Ask, Cut, CutLine, Goal, Section, Shade, Why, kept_reason, reason_of
from pmosync.compute.reasons import OF
from pmosync.compute.signs import exposure
from pmosync.dashboard import layout, words
from pmosync.dashboard.content import Content
from pmosync.dashboard.layout import Field
from pmosync.dashboard.mask import bare, shown_plan
from pmosync.dashboard.values import code_of
from pmosync.model import CalendarRow, DecisionRow, Plan, RiskRow
from pmosync.sheet import Format, Rule, Tab, Table, Value

KEY = "committee"
LATE = 3600
"""Seconds after its hour from which on a cut is a late one."""
RISKS = 5
"""Risks of a portfolio that the page shows."""
WHY_LENGTH = 200
MARKS = {"portfolio": "◆ ", "program": "◇ ", "project": ""}
"""What stands before a code and is tinted: a portfolio's and a program's line."""
HEADINGS = ("cut.asks", "cut.projects", "cut.decisions", "cut.risks", "cut.freezes")

T = TypeVar("T")
Cells = Mapping[str, Value]
"""The cells of a line by column; absent ones are empty."""


def build_committee(content: Content) -> Table:
    """The page of the content's cut; without one a line that says so."""
    lines = _page(Frozen(content), content.cut) if content.cut else [_told(words.text("cut.none", content.language))]
    return Table(tab(content), layout.rows(content, FIELDS, lines))


def tab(content: Content) -> Tab:
    """The layout; lines of portfolios and programs and the headings are tinted at their first cell. On paper each
    portfolio has pages of its own.
    """
    say = content.language
    heads = [re.split("[:：]", words.text(key, say, count=""))[0] for key in HEADINGS]
    rules = (
        Rule("code", MARKS["portfolio"], *layout.HEADING),
        Rule("code", MARKS["program"], *layout.SUBHEADING),
        *(Rule("code", head, *layout.SUBHEADING) for head in heads),
    )
    adorned = layout.adorned(layout.published(content, KEY, FIELDS, "code"), rules=rules)
    return replace(adorned, page_mark=MARKS["portfolio"])


class Frozen:
    """What a reader of today may see of things that a cut names."""

    def __init__(self, content: Content) -> None:
        assessment = content.assessment
        self.content, self.language = content, content.language
        self.mark = words.text("restricted", content.language)
        self._milestones = {code_of(each.milestone.code): each for each in assessment.milestones}
        codes = [each.row.code for each in (*assessment.portfolios, *assessment.programs)]
        self._lines = frozenset(map(code_of, (*codes, *(each.row.code for each in assessment.projects))))

    def hides(self, code: str) -> bool:
        """Whether this code is withheld from the workbook's audience."""
        return code_of(code) in self.content.withheld.codes

    def name(self, code: str, name: str) -> str:
        """The name of then, if a reader may still read it: what is not visible any more, or has left, has lost it."""
        if code_of(code) in self._lines or not name:
            return name
        verdict: MilestoneVerdict | None = self._milestones.get(code_of(code))
        if verdict is None:
            return ""
        return verdict.milestone.name if verdict.gone_since else name

    def goal(self, goal: Goal | None) -> Goal | None:
        """A milestone of then: bare of everything where it is withheld now."""
        if goal is None:
            return None
        return Goal(code=self.mark) if self.hides(goal.code) else replace(goal, name=self.name(goal.code, goal.name))

    def ask(self, ask: Ask) -> Ask:
        """What waited: of what is withheld now only that something did."""
        if self.hides(ask.code):
            return Ask(kind=ask.kind, code=self.mark, project=ask.project)
        return replace(ask, name=self.name(ask.code, ask.name))

    def shade(self, shade: Shade) -> Shade:
        """A colour whose reasons name nothing that is hidden now; those of a hidden milestone are left out."""
        told = (why for why in shade.whys if not self.hides(str(why.said.get(OF, ""))))
        return replace(shade, whys=tuple(map(self._why, told)))

    def _why(self, why: Why) -> Why:
        code, name = str(why.said.get("code", "")), str(why.said.get("name", ""))
        if "code" not in why.said:
            return why
        if self.hides(code):
            return kept_reason(bare(reason_of(why), self.mark))
        return replace(why, said={**why.said, "name": self.name(code, name)}) if name else why

    def plan(self, section: Section) -> Plan:
        """The section's decisions and risks without what is withheld now."""
        return shown_plan(self.content, Plan(decisions=section.decisions, risks=section.risks))


# ---------------------------------------------------------------- lines


def _page(frozen: Frozen, cut: Cut) -> Iterator[Cells]:
    yield _told(_head(frozen.content, cut))
    for section in cut.sections:
        yield from _section(frozen, section)
    yield from _listed(frozen, "cut.freezes", cut.freezes, _freeze)


def _head(content: Content, cut: Cut) -> str:
    """What the cut is called, and when the next one comes."""
    values = {"name": cut_name(content, cut), "following": _instant(content, cut.following)}
    return words.phrased("cut.of_late" if _is_late(cut) else "cut.of", content.language, values)


def cut_name(content: Content, cut: Cut) -> str:
    """What a cut is called: by the hour for which it was due; one that was made later by the hour of its figures."""
    due, made = _instant(content, cut.due), _instant(content, cut.made)
    return words.text("cut.late", content.language, due=due, made=made) if _is_late(cut) else due


def _is_late(cut: Cut) -> bool:
    return (cut.made - cut.due).total_seconds() >= LATE


def _section(frozen: Frozen, section: Section) -> Iterator[Cells]:
    """A portfolio's lines: its own, what waits, its projects, the rest as counts, decisions, risks."""
    plan, asks = frozen.plan(section), tuple(map(frozen.ask, section.asks))
    yield _line(frozen, section.head, asks) if section.head else _told(_nowhere(frozen.language))
    yield from _listed(frozen, "cut.asks", asks, _ask)
    yield from _projects(frozen, section, asks)
    yield from _listed(frozen, "cut.decisions", plan.decisions, _decision)
    yield from _listed(frozen, "cut.risks", plan.risks[:RISKS], _risk)


def _projects(frozen: Frozen, section: Section, asks: Sequence[Ask]) -> Iterator[Cells]:
    projects = sum(line.level == "project" for line in section.lines)
    if section.lines:
        yield _told(words.text("cut.projects", frozen.language, count=projects))
    yield from (_line(frozen, line, asks) for line in section.lines)
    if section.rest:
        yield {"name": words.text("cut.rest", frozen.language, counts=words.counts(section.rest))}


def _listed(frozen: Frozen, heading: str, things: Sequence[T], cells: Callable[[Frozen, T], Cells]) -> Iterator[Cells]:
    """A heading with how many there are, and a line each; nothing where there is none."""
    if things:
        yield _told(words.text(heading, frozen.language, count=len(things)))
    yield from (cells(frozen, each) for each in things)


def _told(text: str) -> Cells:
    return {"code": text}


def _nowhere(language: str) -> str:
    return f"{MARKS['portfolio']}{words.text('cut.no_portfolio', language)}"


def _line(frozen: Frozen, line: CutLine, asks: Iterable[Ask]) -> Cells:
    """A portfolio, program or project."""
    rag, language = frozen.shade(line.shade).rag(), frozen.language
    final, following = frozen.goal(line.final), frozen.goal(line.next)
    own = (ask for ask in asks if line.level == "project" and ask.project == line.code)
    return {
        "code": f"{MARKS.get(line.level, '')}{line.code}",
        "name": line.name or None,
        "owner": line.owner or None,
        "rag": words.gate(rag),
        "trend": "\n".join(filter(None, (_trend(layout.arrow(rag), line.shade, language), _reported(line, language))))
        or None,
        "final": _final(frozen, final) if final else words.counts(line.counts) or None,
        "slip_now": final.slip if final else None,
        "slip_step": final.step if final else None,
        "slip_first": final.original if final else None,
        "why": "\n".join(filter(None, (line.said, words.why(rag.reasons, language, WHY_LENGTH)))) or None,
        "wanted": words.between("clause", language).join((*(_short(frozen, ask) for ask in own), *_help(line))) or None,
        "next": "\n".join(filter(None, (_gate(frozen, following), _behind(frozen, line)))) or None,
    }


def _help(line: CutLine) -> tuple[str, ...]:
    """What a project's manager wants of others, on one line."""
    return (" ".join(line.help.split()),) if line.help else ()


def _reported(line: CutLine, language: str) -> str:
    """The colour in its manager's eyes, where that is another one."""
    return words.text("cut.reported", language, letter=line.reported) if line.reported else ""


def _trend(arrow: str, shade: Shade, language: str) -> str:
    days = str(shade.days or "")
    if arrow:
        return words.phrased("cut.trend", language, {"arrow": arrow, "days": days})
    return words.text("cut.days", language, days=days) if days else ""


def _final(frozen: Frozen, goal: Goal) -> str:
    """ "PAY-M03 Public beta, 10 Dec 2026 → 19 Dec 2026 (promise 8 Jan 2027)": its slip has columns of its own."""
    return _told_goal(frozen, goal, {**_dates(frozen, goal), "slip": ""})


def _gate(frozen: Frozen, goal: Goal | None) -> str:
    """ "PAY-M02 Alpha, 10 Nov 2026 → 19 Nov 2026 (+7 wd)": nobody promises a gate to the committee."""
    return _told_goal(frozen, goal, {**_dates(frozen, goal), "promise": ""}) if goal else ""


def _behind(frozen: Frozen, line: CutLine) -> str:
    """The milestone that is furthest behind; nothing where it is withheld, since its code alone tells nobody anything."""
    goal = frozen.goal(line.behind)
    if goal is None or goal.code == frozen.mark:
        return ""
    return words.text("cut.behind", frozen.language, goal=_gate(frozen, goal))


def _told_goal(frozen: Frozen, goal: Goal, values: Mapping[str, str]) -> str:
    if goal.code == frozen.mark:
        return frozen.mark
    return words.phrased(_key(goal), frozen.language, values)


def _key(goal: Goal) -> str:
    if goal.expected is None:
        return "cut.undated"
    return "cut.done" if goal.done else "cut.goal" if goal.baseline else "cut.unpromised"


def _dates(frozen: Frozen, goal: Goal) -> Mapping[str, str]:
    say = frozen.language
    return {
        "name": " ".join(filter(None, (goal.code, goal.name))),
        "baseline": words.day(goal.baseline, say),
        "expected": f"{'~' if goal.coarse else ''}{words.day(goal.expected, say)}",
        "promise": words.day(goal.promise, say),
        "slip": f"{goal.slip:+}" if goal.slip else "",
        "unbelieved": words.text("by_evidence", say) if goal.unbelieved else "",
    }


def _ask(frozen: Frozen, ask: Ask) -> Cells:
    """Something that waits, in a sentence."""
    said = None if ask.code == frozen.mark else words.phrased(f"ask.{ask.kind}", frozen.language, _asked(frozen, ask))
    return {"code": ask.code or None, "name": ask.name or None, "owner": ask.who or None, "why": said}


def _short(frozen: Frozen, ask: Ask) -> str:
    return words.phrased(f"ask.short.{ask.kind}", frozen.language, _asked(frozen, ask))


def _asked(frozen: Frozen, ask: Ask) -> Mapping[str, str]:
    say = frozen.language
    days = {"new": words.day(ask.day, say), "old": words.day(ask.instead, say)}
    return {**days, "who": ask.code, "words": ask.words, "by": ask.by}


def _decision(frozen: Frozen, row: DecisionRow) -> Cells:
    say = frozen.language
    codes = (frozen.mark if frozen.hides(code) else code for code in row.codes)
    values = {
        "day": words.day(row.day, say),
        "type": words.term("type", str(row.type or ""), say),
        "new": words.day(row.new_date, say),
    }
    return {
        "code": row.number,
        "name": words.between("list", say).join(dict.fromkeys(codes)) or None,
        "owner": row.body or None,
        "final": words.phrased("cut.decided", say, values),
        "why": row.reason or None,
    }


def _risk(frozen: Frozen, row: RiskRow) -> Cells:
    say = frozen.language
    values = {"exposure": str(exposure(row)), "due": words.day(row.due, say), "to": row.escalated_to}
    return {
        "code": row.id,
        "name": row.milestone or row.project or None,
        "owner": row.owner or None,
        "final": words.phrased("cut.risk", say, values),
        "why": row.text or None,
    }


def _freeze(frozen: Frozen, row: CalendarRow) -> Cells:
    say = frozen.language
    first, last = words.day(row.first, say), words.day(row.last or row.first, say)
    return {
        "name": row.words or None,
        "final": words.text("cut.window", say, first=first, last=last),
        "why": row.applies_to or words.text("cut.everybody", say),
    }


def _instant(content: Content, at: datetime) -> str:
    return words.instant(at, content.language, content.time_zone)


# ---------------------------------------------------------------- columns


def _cell(key: str) -> Callable[[Content, Cells], Value]:
    return lambda content, line: line.get(key)


FIELDS: tuple[Field[Cells], ...] = (
    Field("code", _cell("code"), width=11),
    Field("name", _cell("name"), Format.WRAP, 25),
    Field("owner", _cell("owner"), Format.WRAP, 14, person=True),
    Field("rag", _cell("rag"), Format.RAG, 7),
    Field("trend", _cell("trend"), Format.WRAP, 18),
    Field("final", _cell("final"), Format.WRAP, 42),
    Field("slip_now", _cell("slip_now"), Format.SIGNED, 8),
    Field("slip_step", _cell("slip_step"), Format.SIGNED, 8),
    Field("slip_first", _cell("slip_first"), Format.SIGNED, 8),
    Field("why", _cell("why"), Format.WRAP, 52),
    Field("wanted", _cell("wanted"), Format.WRAP, 24),
    Field("next", _cell("next"), Format.WRAP, 30),
)
