"""About: how fresh, what is held, what each tab is for, the rules in force, how to ask for a resync."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import asdict, replace

from pmosync.compute.absence import MIGRATED
from pmosync.compute.assessment import Letter, MilestoneVerdict
from pmosync.compute.checks import of_unread
from pmosync.compute.policy import ColourRule, Policy, Tolerance
from pmosync.compute.rag import LIMITS, own_words
from pmosync.dashboard import layout, words
from pmosync.dashboard.content import Content
from pmosync.dashboard.layout import Field
from pmosync.dashboard.milestones import kept_by
from pmosync.dashboard.words.columns import COLUMNS
from pmosync.dashboard.words.texts import RULES
from pmosync.model import Freshness, Hold, Level, Part
from pmosync.sheet import Format, Kind, Rule, Tab, Table, Value

KEY = "about"
LETTERS = tuple(Letter)
SIGNS = {"is": "=", "eq": "=", "gt": ">", "ge": "≥", "lt": "<", "le": "≤"}
TOLERANCES = ("key", "part_time", "short")
EXAMPLE = ("current", "expected", "slip")
"""The steps of a worked example; each stands on the ones before it, so that nothing is said twice."""
SECTIONS = (
    "section_fresh",
    "section_holds",
    "section_counts",
    "section_tabs",
    "section_letters",
    "section_rules",
    "section_colours",
    "section_calendars",
    "section_examples",
    "section_ask",
)


class Line(Struct, frozen=True):
    """A line of About; ``section`` is the key of its heading ("" = that of the line above)."""

    section: str
    item: str
    text: str
    detail: str = ""


def build_about(content: Content, tabs: Iterable[Tab]) -> Table:
    """About, listing the given tabs. Its second and third row always say how old the data is and when the next sync
    comes, or that it shows a past day.
    """
    lines = (
        *_freshness(content),
        *_holds(content),
        *_counts(content),
        *_tabs(content, tabs),
        *_letters(content),
        *_rules(content),
        _forecaster(content),
        *_colours(content),
        *_calendars(content),
        *_examples(content),
        Line("section_ask", words.text("ask", content.language), content.address),
    )
    return Table(tab(content), layout.rows(content, FIELDS, _headed(lines)))


def tab(content: Content) -> Tab:
    """The layout; every section's heading is tinted."""
    shown = layout.published(content, KEY, FIELDS, "section")
    headings = dict.fromkeys(words.text(section, content.language) for section in SECTIONS)
    return layout.adorned(shown, rules=tuple(Rule("section", heading, *layout.HEADING) for heading in headings))


def _headed(lines: Iterable[Line]) -> Iterator[Line]:
    """A heading stands at its first line alone."""
    before = ""
    for line in lines:
        yield replace(line, section="") if line.section == before else line
        before = line.section


def _section(content: Content, line: Line) -> Value:
    return words.text(line.section, content.language) if line.section else None


FIELDS: tuple[Field[Line], ...] = (
    Field("section", _section, width=18),
    Field("item", lambda content, line: line.item or None, Format.WRAP, 30),
    Field("text", lambda content, line: line.text or None, Format.WRAP, 72),
    Field("detail", lambda content, line: line.detail or None, Format.WRAP, 56),
)


# ---------------------------------------------------------------- lines


def _freshness(content: Content) -> Iterator[Line]:
    language, zone = content.language, content.time_zone
    as_of = words.instant(content.assessment.as_of, language, zone)
    yield Line("section_fresh", words.text("as_of", language), as_of)
    yield _next(content)
    yield Line("section_fresh", words.text("workbook", language), content.title, content.instance)
    for source in content.assessment.freshness:
        yield _source(content, source)
        yield from (_part(content, source, part) for part in source.parts)


def _next(content: Content) -> Line:
    """When the next sync comes; a workbook of a past day, which no sync renews, says what it is instead."""
    language = content.language
    if content.then:
        return Line("section_fresh", words.text("then_is", language), layout.then(content))
    next_sync = content.next_sync or words.text("by_schedule", language)
    return Line("section_fresh", words.text("next_sync", language), next_sync)


def _source(content: Content, source: Freshness) -> Line:
    language = content.language
    read = words.instant(source.good, language, content.time_zone)
    said = (
        words.text("read_at", language, instant=read, records=f"{source.records:,}")
        if read
        else words.text("never_read", language)
    )
    state = words.term("freshness", source.state, language)
    remedy = " → ".join(filter(None, (_reason(content, source), source.remedy)))
    return Line(
        "section_fresh",
        words.sourced(source.title or source.connection, language),
        f"{state}{words.between('colon', language)}{said}",
        remedy,
    )


def _reason(content: Content, source: Freshness) -> str:
    """Why a source is as it is; a hold of it, and tables that could not be read, say that in the reader's language."""
    if source.unread:
        return words.between("clause", content.language).join(_unread(content, source))
    own = (hold for hold in content.holds if hold.connection == source.connection and hold.reason == source.reason)
    hold = next(own, None)
    return words.held(hold, content.language) if hold else source.reason


def _unread(content: Content, source: Freshness) -> Iterator[str]:
    """Each table of a source that could not be read, with what mends it."""
    for table in source.unread:
        said = " → ".join(words.found(of_unread(source.connection, table), content.language))
        yield f"{table.place}{words.between('colon', content.language)}{said}"


def _part(content: Content, source: Freshness, part: Part) -> Line:
    """How far a unit has come that takes several syncs."""
    language = content.language
    key = "part_history" if part.behind else "part"
    item = words.sourced(source.title or source.connection, language)
    beside = words.text(f"{key}_beside", language, unit=part.title)
    return Line("section_fresh", item, words.text(key, language, percent=part.percent), beside)


def _holds(content: Content) -> Iterator[Line]:
    language = content.language
    standing = [hold for hold in content.holds if hold.accepted is None]
    yield from (_hold(content, hold) for hold in standing)
    if not standing:
        yield Line("section_holds", words.text("nothing", language), "")


def _hold(content: Content, hold: Hold) -> Line:
    language = content.language
    since = words.instant(hold.since, language, content.time_zone)
    said = words.text("hold", language, instant=since, count=f"{hold.count:,}")
    item = f"{hold.connection} {hold.unit}".strip()
    return Line(
        "section_holds",
        item,
        f"{words.held(hold, language)}{words.between('clause', language)}{said}",
        words.text(
            "rebind" if hold.id.startswith(MIGRATED) else "accept",
            language,
            id=hold.id,
            name=hold.connection,
            to=hold.moved_to or hold.connection,
        ),
    )


def _counts(content: Content) -> Iterator[Line]:
    assessment, withheld = content.assessment, content.withheld
    steered = sum(v.level is not Level.TEAM for v in assessment.milestones)
    counted = (
        ("projects", len(assessment.projects)),
        ("milestones_listed", steered),
        ("milestones_small", len(assessment.milestones) - steered),
        ("milestones_restricted", withheld.milestones),
        ("items_restricted", withheld.items),
        ("findings_restricted", withheld.findings),
    )
    for key, number in counted:
        if number or not key.endswith("restricted"):
            yield Line("section_counts", words.text(key, content.language), f"{number:,}")


def _tabs(content: Content, tabs: Iterable[Tab]) -> Iterator[Line]:
    for listed in tabs:
        if listed.kind is Kind.INPUT:
            yield Line("section_tabs", listed.title, listed.note)
        else:
            key = "hidden_tab" if listed.hidden else "tool_writes"
            yield Line("section_tabs", listed.title, listed.note, words.text(key, content.language))


def _letters(content: Content) -> Iterator[Line]:
    for letter in LETTERS:
        yield Line("section_letters", words.letter(letter), words.term("letter", letter, content.language))


def _rules(content: Content) -> Iterator[Line]:
    language = content.language
    numbers = {key: _number(value, language) for key, value in asdict(content.assessment.policy).items()}
    numbers["stages"] = words.between("list", language).join(
        _stage(stage, language) for stage in content.assessment.policy.stages
    )
    for key, (name, sentence) in RULES.items():
        own = getattr(content.assessment.policy, key, None)
        if isinstance(own, Tolerance):
            numbers["tolerance"] = words.text("tolerance", language, amber=own.amber, red=own.red)
        yield Line("section_rules", words.pick(name, language), words.filled(words.pick(sentence, language), numbers))


def _forecaster(content: Content) -> Line:
    """Whose forecasts are published, with their record; or that nobody's are, and why."""
    language, found = content.language, content.assessment
    if found.forecaster is not None:
        said, detail = kept_by(found.forecaster, language), ""
    else:
        said = words.text("nobody_believed", language)
        detail = words.say(found.unforecast, language) if found.unforecast else ""
    return Line("section_rules", words.pick(COLUMNS["forecaster"][0], language), said, detail)


def _stage(stage: str, language: str) -> str:
    """A stage by the word that is typed, with its meaning in another language; a site's own word as it is."""
    meaning = words.term("policy_stage", stage, language)
    return stage if meaning == stage else words.text("with_word", language, word=stage, meaning=meaning)


def _number(value: object, language: str) -> str:
    match value:
        case bool():
            return words.text("yes" if value else "no", language)
        case float():
            return f"{value:.0%}"
        case Mapping():
            named = ", ".join(f"{name} = {land}" for name, land in sorted(value.items()))
            return named or words.text("nothing", language)
        case tuple():
            return ", ".join(str(each) for each in value)
        case _:
            return str(value) or words.text("nothing", language)


def _colours(content: Content) -> Iterator[Line]:
    """The colour table as it stands, a site's own rows too; a limit that is named shows its number in force."""
    language, policy = content.language, content.assessment.policy
    for row in policy.colours:
        hard = words.text(row.hard, language)
        reason = words.term("colour_reason", row.reason, language)
        because = words.text("colour_reason", language, reason=reason, hard=hard)
        said = (because, *(words.say(own, language) for own in own_words(row)))
        letter = words.term("letter", row.letter, language)
        yield Line(
            "section_colours", letter, _condition(row, policy, language), words.between("clause", language).join(said)
        )


def _condition(row: ColourRule, policy: Policy, language: str) -> str:
    """What a row of the colour table asks for, in words."""
    field = words.term("colour_field", row.field, language)
    match row.value:
        case bool():
            return words.text("colour_flag" if row.value else "colour_flag_not", language, field=field)
        case str(name):
            named = (
                words.pick(RULES[name][0], language) if name in RULES else words.term("colour_limit", name, language)
            )
            value = words.text("limit_is", language, name=named, number=_limit(name, policy, language))
        case number:
            value = _number(number, language)
    sign = SIGNS.get(row.operator, row.operator)
    return words.text("colour_rule", language, field=field, sign=sign, value=value)


def _limit(name: str, policy: Policy, language: str) -> str:
    """The number behind a limit's name; of a tolerance one for each kind of plan that has its own."""
    if name in LIMITS:
        return _number(getattr(policy, name), language)
    plans = {f"of_{kind}": getattr(getattr(policy, kind), name) for kind in TOLERANCES}
    return words.text("tolerance_of_plans", language, **plans)


def _calendars(content: Content) -> Iterator[Line]:
    language = content.language
    years = ", ".join(content.assessment.provisional)
    said = words.text("provisional", language, years=years) if years else ""
    for name in content.assessment.calendars:
        yield Line("section_calendars", name, words.text("calendar", language), said)


def _examples(content: Content) -> Iterator[Line]:
    """One milestone of each letter that has a slip, with the chain of evidence behind it."""
    shown: set[Letter] = set()
    for verdict in content.assessment.milestones:
        if verdict.slip is not None and verdict.rag.shown not in shown and len(shown) < 3:
            shown.add(verdict.rag.shown)
            yield _example(content, verdict)


def _example(content: Content, verdict: MilestoneVerdict) -> Line:
    language = content.language
    chain = words.joined(
        [words.ruled(step, language) for step in verdict.steps if step.field in EXAMPLE],
        " · ",
        400,
    )
    said = words.why(verdict.rag.reasons, language)
    return Line("section_examples", f"{words.gate(verdict.rag)} {verdict.milestone.code}", said, chain)
