"""Values put into words: dates, slips, letters, reasons, steps. Lengths are bounded: a reason column holds 120 characters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from pmosync.compute.assessment import Letter, Rag, Reason, Step
from pmosync.compute.outcome import LINKS
from pmosync.compute.reasons import BEHIND
from pmosync.compute.rollup import ordered
from pmosync.dashboard.words.columns import COLUMNS
from pmosync.dashboard.words.findings import FINDINGS, HELD
from pmosync.dashboard.words.language import CHINESE, pick
from pmosync.dashboard.words.reasons import SENTENCES
from pmosync.dashboard.words.steps import EVIDENCE, FIELDS, STEPS
from pmosync.dashboard.words.terms import TERMS
from pmosync.dashboard.words.texts import CHECKS, RULES, TABS, TEXTS
from pmosync.mapping import input_tabs
from pmosync.model import Hold, Problem

_BROKEN, _BEGINS = re.compile(r"[A-Za-z0-9À-ɏ]+$"), re.compile(r"[A-Za-z0-9À-ɏ]")
"""The last word of a text of letters and digits, and its next letter: Chinese is cut between any two."""
WHY_LENGTH, MORE = 120, " …"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SEPARATORS = {"list": (", ", "、"), "clause": ("; ", "；"), "colon": (": ", "：")}
SLIPS = frozenset({"slip", "judged"})
WORDED = frozenset({"state", "level", "part", "stage", "type", "final", "winner"})
OF_FINDINGS = frozenset({"source", "form", "thing", "standing", "twins"})
DAYS = frozenset({"day", "forecast", "instead", "target", "taken"})
MEASURED, COARSE = frozenset({"day", "expected", "evidence"}), "~"
"""The dates whose origin stands beside them, and what marks one that stands for a month, quarter or half-year."""

SINGULAR = frozenset({1, "1", "+1", "-1"})
"""What is one day, counted or with its sign."""

MARKS = frozenset({"mark", "covers"})
LETTERS = frozenset({"letter", "computed"})
LEADING = frozenset(
    {"overridden", "held_back", "preview", "last_colour", "project_red", "project_amber", "project_grey", "program_red"}
    | {
        "milestones_green",
        "projects_green",
        "program_grey",
        "milestone_red",
        "milestone_red_tracked",
        "milestone_amber",
        "milestone_grey",
        "low_confidence",
    }
)
"""Reasons that tell whose or which colour it is, and not yet why."""

NEVER_LEFT_OUT = frozenset({"override_covers"})

TITLED = frozenset({"version", "epic", "milestone", "overdue"})
"""Sources that go by a title; the others go by a key, a code or a day."""


class Brief(Struct, frozen=True):
    """How short a reason is told: names of so many characters, some values left out, so many links of a chain."""

    names: int
    dropped: tuple[str, ...] = ()
    links: int = 1


BRIEFER = (
    Brief(WHY_LENGTH, links=LINKS),
    Brief(WHY_LENGTH),
    Brief(24),
    Brief(12),
    Brief(0),
    Brief(0, ("growth",)),
    Brief(12, ("growth", "tolerance")),
    Brief(0, ("growth", "tolerance")),
    Brief(0, ("growth", "tolerance"), links=0),
    Brief(0, ("growth", "tolerance", "moved_from"), links=0),
    Brief(0, ("growth", "tolerance", "moved_from", "was_due"), links=0),
)
"""How a line is made shorter, step by step."""

TYPED = " (inputs)"
"""The end of a source's title that tells a workbook's input tabs from the workbook (``wiring`` names them so)."""

Values = Mapping[str, str | int | float | date]
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_FIELD = re.compile(r"\{(\w+)\}")


def text(key: str, language: str, **values: object) -> str:
    """A sentence of the tabs themselves. Values are put in as they are."""
    return filled(pick(TEXTS[key], language), {name: str(value) for name, value in values.items()})


def phrased(key: str, language: str, values: Mapping[str, str]) -> str:
    """A sentence of the tabs whose parts in square brackets go when one of their values is empty."""
    return filled(pick(TEXTS[key], language), values)


def term(table: str, word: str, language: str) -> str:
    """A stable word of the model as people read it; a word the table does not hold stays as it is."""
    pair = TERMS[table].get(word)
    return pick(pair, language) if pair else word


@cache
def spoken() -> frozenset[str]:
    """Every word that the workbook itself uses, and every term, heading and text whole, folded by case."""
    terms = {word for table in TERMS.values() for pair in table.values() for word in pair}
    pairs = (pair for table in (TEXTS, CHECKS, SENTENCES) for pair in table.values())
    headed = [pair for table in (TABS, RULES, COLUMNS) for pairs in table.values() for pair in pairs]
    texts = {text for pair in (*pairs, *headed) for text in pair}
    said = {word for text in texts for word in re.findall(r"[A-Za-z]+", text)}
    return frozenset(word.casefold() for word in terms | texts | said)


def day(value: date | None, language: str) -> str:
    """A date nobody can misread: 19 Dec 2026, 2026年12月19日."""
    if value is None:
        return ""
    if language == CHINESE:
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def instant(value: datetime | None, language: str, time_zone: str) -> str:
    """An instant as date, time and zone of the workbook: 19 Dec 2026 10:15 (Asia/Shanghai)."""
    if value is None:
        return ""
    local = value.astimezone(ZoneInfo(time_zone))
    zone = f"（{time_zone}）" if language == CHINESE else f" ({time_zone})"
    return f"{day(local.date(), language)} {local:%H:%M}{zone}"


def slip(days: int, language: str) -> str:
    """A slip in working days with its sign and words: "+5, 5 wd late", "+5，延期5个工作日"."""
    if language == CHINESE:
        return f"{days:+}，{'延期' if days > 0 else '提前'}{abs(days)}个工作日" if days else "0，如期"
    return f"{days:+}, {abs(days)} wd {'late' if days > 0 else 'early'}" if days else "0, on the day"


def moved(days: int, late: int | None, language: str) -> str:
    """By how many wd a date moved, which is not how late it is; that stands behind it where it is known:
    "+4, moved 4 wd later (now 11 wd late)", "+4，推后4个工作日（现延期11个工作日）".
    """
    if language == CHINESE:
        step = f"{days:+}，{'推后' if days > 0 else '提前'}{abs(days)}个工作日" if days else "0，未变动"
        return step if late is None else f"{step}（现{_stands(late, language)}）"
    step = f"{days:+}, moved {abs(days)} wd {'later' if days > 0 else 'earlier'}" if days else "0, not moved"
    return step if late is None else f"{step} (now {_stands(late, language)})"


def _stands(late: int, language: str) -> str:
    """A slip in words alone, without its sign."""
    return slip(late, language).split("，" if language == CHINESE else ", ")[-1]


def letter(shown: Letter) -> str:
    """A letter as cells show it.

    The pale green stands in brackets: spreadsheets compare text without regard to case, so a small g would be painted as a G.
    """
    return "(G)" if shown is Letter.PALE else str(shown.value)


def counts(counted: Mapping[str, int]) -> str:
    """How many there are of each letter, in the order in which counts are told everywhere: ``1R 2A 5G 1? 1‖``."""
    return " ".join(f"{number}{letter(Letter(each))}" for each, number in ordered(counted).items())


def gate(rag: Rag) -> str:
    """The cell of a colour: what a decision set, marked with ``!``, else the letter shown; ``→`` beside a replaced one's."""
    return (rag.override or letter(rag.shown)) + rag.mark


def say(reason: Reason, language: str) -> str:
    """A reason as a sentence. A key without a sentence is shown as it stands, so that a newer assessment stays readable."""
    pair = SENTENCES.get(reason.key) or EVIDENCE.get(reason.key)
    if pair is None:
        return reason.key
    return filled(pick(pair, language), _spoken(reason.values, language))


def why(reasons: Sequence[Reason], language: str, length: int = WHY_LENGTH) -> str:
    """Reasons, gravest first, as many as fit into ``length`` characters.

    What only leads to a reason (whose colour it is) stands with the reason itself: names are shortened, then left out, and
    asides dropped, before the date, the days and the cause are.
    """
    between_them = between("clause", language)
    last = next((at for at, each in enumerate(reasons) if each.key not in LEADING), len(reasons) - 1)
    last = max((at for at, each in enumerate(reasons) if each.key in NEVER_LEFT_OUT), default=last)
    for brief in BRIEFER:
        sentences = [say(_briefer(each, brief), language) for each in reasons]
        if len(between_them.join(dict.fromkeys(sentences[: last + 1]))) <= length:
            break
    return joined(sentences, between_them, length) if reasons else ""


def _briefer(reason: Reason, brief: Brief) -> Reason:
    """The reason with its name cut (a key or code is none) and without the asides."""
    values = {name: "" if name in brief.dropped else value for name, value in reason.values.items()}
    name = values.get("name")
    if isinstance(name, str) and ("code" in values or values.get("source") in TITLED):
        values["name"] = clip(name, brief.names) if brief.names else ""
    if chain := str(values.get("behind", "")):
        values["behind"] = _linked(chain, brief.links)
    return Reason(reason.key, {**values, "brief": "yes"} if brief.dropped else values)


def _linked(chain: str, links: int) -> str:
    """The first links of a chain, marked where some are left out."""
    codes = chain.split(BEHIND)
    return BEHIND.join(codes[:links]) + (MORE if 0 < links < len(codes) else "")


def between(kind: str, language: str) -> str:
    """What stands between parts of a ``list``, a ``clause``, or behind a heading (``colon``)."""
    return pick(SEPARATORS[kind], language)


def joined(sentences: Sequence[str], separator: str, length: int) -> str:
    """Sentences in order as long as they fit; the first one is cut if it alone does not."""
    line = ""
    for sentence in dict.fromkeys(sentences):
        longer = line + separator + sentence if line else clip(sentence, length)
        if len(longer) > length:
            break
        line = longer
    return line


def clip(words: str, length: int) -> str:
    """Words cut at ``length`` characters at most, with a mark where something is missing: between words, unless one word is
    most of it.
    """
    if len(words) <= length:
        return words
    kept = words[: length - 1]
    whole = _BROKEN.sub("", kept) if _BROKEN.search(kept) and _BEGINS.match(words[length - 1 :]) else kept
    return (whole if len(whole) * 3 >= length else kept).rstrip() + "…"


def checked(rule: str, language: str) -> str:
    """The name of a data check; a rule without one is shown as it stands."""
    pair = CHECKS.get(rule)
    return pick(pair, language) if pair else rule


def found(problem: Problem, language: str) -> tuple[str, str]:
    """What a finding says and what mends it; in its own English where its rule has no words in the language."""
    told = dict(problem.values)
    pair = FINDINGS.get(f"{problem.rule}.{told.get('which', '')}") or FINDINGS.get(problem.rule)
    if language != CHINESE or pair is None or not told:
        return problem.message, problem.remedy
    spoken = {name: _spoken_of(name, value, language) for name, value in told.items()}
    if "column" in told:
        spoken |= _headed(told, language)
    return filled(pair[0], spoken), filled(pair[1], spoken)


def held(hold: Hold, language: str) -> str:
    """Why a hold stands; in its own English where it does not say so in parts."""
    lost = hold.lost
    if language != CHINESE or lost is None or lost.why not in HELD:
        return hold.reason
    told = {
        "of": lost.of,
        "tab": lost.tab,
        "kind": term("held_kind", lost.kind, language),
        "count": f"{hold.count:,}",
        "codes": between("list", language).join(lost.codes),
        "more": str(lost.more or ""),
        "rekeyed": f"{lost.rekeyed:,}",
        "there": lost.there,
    }
    return filled(HELD[lost.why], told)


def _spoken_of(name: str, value: str | int, language: str) -> str:
    if name in DAYS and isinstance(value, str) and value:
        return day(date.fromisoformat(value), language)
    if name == "dates":
        return between("list", language).join(_dated(line, language) for line in str(value).splitlines())
    return term(name, str(value), language) if name in WORDED | OF_FINDINGS else str(value)


def _dated(line: str, language: str) -> str:
    """One of several dates, told as source, day and name with tabs between: plan sheet 5 Dec 2026, version “v2” …"""
    source, on, name = line.split("\t")
    title = f"“{name}”" if name else ""
    return f"{term('source', source, language)}{title} {day(date.fromisoformat(on), language)}"


def _headed(told: Mapping[str, str | int], language: str) -> dict[str, str]:
    """An input tab, a column of it and a choice of that as people see them; a word that is none of these stays."""
    key, name, usual = (str(told.get(part, "")) for part in ("tab", "column", "usual"))
    tab = next((each for each in input_tabs() if each.key == key), None)
    column = next((each for each in tab.columns if each.key == name), None) if tab else None
    choice = next((each for each in column.choices if each.value == usual), None) if column else None
    return {
        "tab": tab.titles.get(language, key) if tab else key,
        "column": column.labels.get(language, name) if column else name,
        "usual": choice.labels.get(language, usual) if choice else usual,
    }


def answered(step: Step, language: str) -> str:
    """One link of the chain of evidence: what was answered, by which rule, from what."""
    inputs = between("clause", language).join(told(each, language) for each in step.inputs)
    made_of = text("made_of", language, inputs=inputs) if inputs else ""
    return f"{ruled(step, language)}{made_of}"


def ruled(step: Step, language: str) -> str:
    """A link of the chain without what it was made from."""
    field = pick(FIELDS[step.field], language) if step.field in FIELDS else step.field
    return f"{field}{between('colon', language)}{told(step.answer, language)} — {_ruled(step, language)}"


def sourced(title: str, language: str) -> str:
    """The title of a source; that of a workbook's own input tabs says so in the reader's language."""
    own = title.removesuffix(TYPED)
    return title if own == title else text("typed_tabs", language, title=own)


def told(part: str | Reason, language: str) -> str:
    """A part of a step: names and codes as they are, the rest as a sentence."""
    return part if isinstance(part, str) else say(part, language)


def _ruled(step: Step, language: str) -> str:
    if not isinstance(step.rule, str):
        return say(step.rule, language)
    rule = STEPS.get(f"{step.field}.{step.rule}") or STEPS.get(step.rule)
    return pick(rule, language) if rule else step.rule


def origin(
    source: str,
    name: str | date,
    language: str,
    *,
    due: date | None = None,
    overdue: date | None = None,
    thawed: date | None = None,
    windows: str = "",
    behind: Sequence[str] = (),
    brief: bool = False,
) -> str:
    """Where a date comes from, and what made of it another day than its source says.

    "open child PAY-41, was due 21 Sep 2026, overdue: counted as next working day". The ``name`` of a forecast is the day it
    was seen.
    """
    if source == "forecast" and isinstance(name, date):
        said = text("forecast_of", language, day=day(name, language))
    else:
        said = f"{term('source', source, language)} {name}".strip()
    said += "".join(text("waits_behind", language, code=code) for code in behind)
    if source == "overdue":
        what = between("list", language).join(filter(None, (str(name), day(overdue, language))))
        said = text("overdue_today", language, origin=term("source", source, language), what=what)
    elif overdue:
        said = text("overdue_brief" if brief else "overdue", language, origin=said, day=day(overdue, language))
    elif due:
        said = text("due", language, origin=said, day=day(due, language))
    return text("thawed", language, origin=said, day=day(thawed, language), windows=windows) if thawed else said


def _spoken(values: Values, language: str) -> dict[str, str]:
    spoken = {name: _value(name, value, language) for name, value in values.items()}
    spoken["who"] = f"{spoken.get('code', '')} {spoken.get('name', '')}".strip()
    one = values.get("days", values.get("found")) in SINGULAR
    spoken["day_word"] = text("one_day" if one else "several_days", language)
    if "zh" in values:
        spoken["own"] = spoken["zh" if language == CHINESE else "en"]
    if "source" in values:
        spoken["origin"] = _origin(values, language)
        spoken |= {name: f"{COARSE}{spoken[name]}" for name in MEASURED if values.get("coarse") and name in spoken}
    if "first_target" in values:
        first = spoken["first_target"]
        spoken["promise"] = text("first_target" if first else "baseline", language)
        spoken["against"] = text("against_first", language, day=first) if first else ""
    if "unbelieved" in values:
        key = "unbelieved" if values["unbelieved"] else "expected_on"
        spoken["when"] = text(key, language, day=spoken["expected"], forecast=spoken["unbelieved"])
    return spoken


def _origin(values: Values, language: str) -> str:
    name, due, thawed = values.get("name", ""), values.get("was_due"), values.get("moved_from")
    return origin(
        str(values["source"]),
        name if isinstance(name, date) else str(name),
        language,
        overdue=due if isinstance(due, date) else None,
        thawed=thawed if isinstance(thawed, date) else None,
        windows=str(values.get("windows", "")),
        behind=tuple(filter(None, str(values.get("behind", "")).split(BEHIND))),
        brief="brief" in values,
    )


def _value(name: str, value: str | int | float | date, language: str) -> str:
    if isinstance(value, date):
        return day(value, language)
    if name in SLIPS and isinstance(value, int):
        return slip(value, language)
    if name in LETTERS:
        return term("letter", str(value), language)
    if name == "source":
        return sourced(term("source", str(value), language), language)
    if name in WORDED:
        return term(name, str(value), language)
    if name in MARKS:
        return _mark(str(value))
    if name == "tolerance":
        return _working_days(value, language)
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def _mark(shown: str) -> str:
    """A letter as cells show it; a decided one keeps its ``!``."""
    return letter(Letter.PALE) if shown == Letter.PALE else shown


def _working_days(value: object, language: str) -> str:
    if value == "":
        return ""
    return f"{value}个工作日" if language == CHINESE else f"{value} wd"


def filled(template: str, values: Mapping[str, str]) -> str:
    """A template with its values; a part in square brackets goes when one of its values is empty."""

    def part(match: re.Match[str]) -> str:
        names = _FIELD.findall(match[1])
        return match[1] if all(values.get(name) for name in names) else ""

    def value(match: re.Match[str]) -> str:
        return values.get(match[1], "")

    return _FIELD.sub(value, _OPTIONAL.sub(part, template))
