"""What is new since yesterday and since the last committee, and what waits: the lines of the tab Today, as data.

*Yesterday* is the close (the midnight at its end, in the default time zone) of the last working day before today; the *last
committee* is the last cut, else the day a week ago. wd = working days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from msgspec import Struct

from pmosync.compute.asks import WISH, asks
from pmosync.compute.assessment import Assessment, Letter, MilestoneVerdict, ProjectVerdict, Rag, Reason
from pmosync.compute.colour import effective
from pmosync.compute.cuts import Ask, Cut
from pmosync.compute.dates import CONTRADICTED
from pmosync.compute.people import people
from pmosync.compute.reasons import FORETELLING
from pmosync.compute.status import Due
from pmosync.model import REMOVED, Colour, Hold, Level, Move, Plan

COLOURS, DATES, LIFE, DECISIONS, WISHES, OVERDUE, SOURCES = (
    *("colours", "dates", "life", "decisions"),
    *("wishes", "overdue", "sources"),
)
BLOCKS = (COLOURS, DATES, LIFE, DECISIONS, WISHES, OVERDUE, SOURCES)
"""The blocks of the tab, in order; the first three tell what is new."""
NEWS = (COLOURS, DATES, LIFE)

WEEK = timedelta(days=7)
STOPPED = frozenset({Letter.PAUSED, Letter.CANCELLED, Letter.REPLACED})
BETTER = frozenset({Letter.AMBER, Letter.GREEN, Letter.PALE})
TURNS = ("red", "recovered", "new", "stopped", "resumed", "reopened", "delivered")
HAND = frozenset({"target", "forecast", "actual", "baseline"})
"""Dates that a person moves: typed here or in a source, or by a decision."""
APART = 3
"""Reports missing alike that have a line each; more have one together."""
UNCONFIRMED, LATE = "unconfirmed", "overdue"
ENDED = frozenset({"done", "dropped"})
"""States in which an action waits for nobody."""


class News(Struct, frozen=True, kw_only=True):
    """One line: ``kind`` is what it says (a stable word of its ``block``), about ``code`` (``name``) of a project, ``who``
    should act. ``day`` is when it happened, or since when or until when it waits; ``fresh``: it is new since yesterday.

    ``then`` and ``now`` are letters, ``old`` and ``new`` days, ``field`` the date that moved by ``wd``, ``reasons`` why;
    ``words`` is what a person or a source says, ``by`` the decision, risk or hold behind it. ``codes`` are the projects of a line
    about several.
    ``unbelieved``: the evidence
    contradicts a forecast that was moved, so it is not judged by.
    """

    block: str
    kind: str
    code: str = ""
    name: str = ""
    project: str = ""
    who: str = ""
    url: str = ""
    day: date | None = None
    fresh: bool = False
    then: str = ""
    now: str = ""
    field: str = ""
    old: date | None = None
    new: date | None = None
    wd: int | None = None
    reasons: tuple[Reason, ...] = ()
    words: str = ""
    by: str = ""
    codes: tuple[str, ...] = ()
    unbelieved: bool = False


class Since(Struct, frozen=True):
    """The two days behind whose end everything is new: yesterday's close, and the last committee's."""

    yesterday: date
    committee: date


class Known(Struct, frozen=True):
    """Whether anything was assessed by yesterday's close, and by the last committee: before that, everything is new."""

    yesterday: bool
    committee: bool


Letters = Callable[[str], str | None]
"""What letter a code had; None: it was not there."""
Line = MilestoneVerdict | ProjectVerdict


def since(assessment: Assessment, cut_day: date | None) -> Since:
    """From when on things are new; ``cut_day`` is the day of the last cut, None where none was made."""
    return Since(assessment.yesterday or assessment.today - timedelta(days=1), cut_day or assessment.today - WEEK)


def today(
    assessment: Assessment,
    plan: Plan,
    holds: Sequence[Hold],
    cut: Cut | None,
    span: Since,
    reports: Sequence[tuple[ProjectVerdict, Due]] = (),
) -> tuple[News, ...]:
    """All lines, block by block; in a block what is new since yesterday first, then the latest, then by code. ``reports`` tell
    where projects stand with theirs.
    """
    found = (
        *_turned(assessment, cut, span),
        *_previews(assessment),
        *_moved(assessment, cut, span),
        *_waits(assessment, asks(assessment, plan)),
        *_overdue(assessment),
        *_unsent(reports),
        *_undone(assessment, plan),
        *_sources(assessment, holds),
    )
    return tuple(sorted(found, key=_place))


def _place(news: News) -> tuple[int, bool, int, int, str, str]:
    """What is new has the latest day first, what waits the oldest."""
    day = news.day.toordinal() if news.day else date.max.toordinal()
    latest = -day if news.block in NEWS else day
    kind = TURNS.index(news.kind) if news.kind in TURNS else len(TURNS)
    return BLOCKS.index(news.block), not news.fresh, kind, latest, news.code, news.kind + news.field + news.by


# ---------------------------------------------------------------- colours and states


def _turned(assessment: Assessment, cut: Cut | None, span: Since) -> Iterator[News]:
    """What has another letter than at the last committee or yesterday. A milestone whose project tells the same stands
    behind it unsaid.
    """
    past = assessment.past
    lately, weekly = _on(past, span.yesterday), _at(cut, past, span)
    known = _known(past, span)
    told: set[tuple[str, str]] = set()
    lines: tuple[Line, ...] = (*assessment.projects, *steered(assessment))
    for each in lines:
        turns = [(turn(was, each.rag), was, is_new) for is_new, was in _was(each, lately, weekly, known)]
        found = next((each for each in turns if each[0]), None)
        if found is None or (found[0], _project(each)) in told or not _tells(each, found[0]):
            continue
        told |= {(found[0], each.row.code)} if isinstance(each, ProjectVerdict) else set()
        yield _turn(each, found[0], found[1] or "", found[2])


def _was(each: Line, lately: Letters, weekly: Letters, known: Known) -> Iterator[tuple[bool, str | None]]:
    """The letters of yesterday and of the last committee; not where nothing at all was known then."""
    code = _code(each)
    if known.yesterday:
        yield True, lately(code)
    if known.committee:
        yield False, weekly(code)


def _known(past: Mapping[str, Sequence[Colour]], span: Since) -> Known:
    first = min((colours[0].day for colours in past.values() if colours), default=None)
    return Known(first is not None and first <= span.yesterday, first is not None and first <= span.committee)


def turn(then: str | None, rag: Rag) -> str:
    """What became of a letter: red, recovered, new, stopped, resumed, reopened, delivered; "" for anything else. What a
    decision paints better has not recovered.
    """
    now = effective(rag)
    if then is None:
        return "red" if now is Letter.RED else "new"
    was = Letter(then[0])
    if now is was:
        return ""
    if now is Letter.BLUE or now in STOPPED:
        return "delivered" if now is Letter.BLUE else "stopped" if was not in STOPPED else ""
    if was is Letter.BLUE:
        return "reopened"
    if now is Letter.RED:
        return "red"
    if was in STOPPED:
        return "resumed"
    return "recovered" if was is Letter.RED and now in BETTER and not rag.override else ""


def _tells(each: Line, kind: str) -> bool:
    """A project is told by its colour alone: its milestones tell the rest."""
    return kind in {"red", "recovered", "stopped", "resumed"} or isinstance(each, MilestoneVerdict)


def _turn(each: Line, kind: str, then: str, fresh: bool) -> News:
    block = COLOURS if kind in {"red", "recovered"} else LIFE
    now, why = str(effective(each.rag)), each.rag.reasons
    return _about(each, block, kind, day=each.rag.since, fresh=fresh, then=then, now=now, reasons=why)


def _previews(assessment: Assessment) -> Iterator[News]:
    """What turns Red on the next working day: its manager reads it before the committee does."""
    for each in steered(assessment):
        if each.rag.preview:
            why = tuple(why for why in each.rag.reasons if why.key not in FORETELLING)
            yield _about(each, COLOURS, "preview", fresh=True, then=each.rag.shown.value, now="R", reasons=why)


def _on(past: Mapping[str, Sequence[Colour]], day: date) -> Letters:
    """The letters as they stood at the end of a day."""

    def letter(code: str) -> str | None:
        return next((each.override or each.shown for each in reversed(past.get(code, ())) if each.day <= day), None)

    return letter


def _at(cut: Cut | None, past: Mapping[str, Sequence[Colour]], span: Since) -> Letters:
    """The letters of the last cut; without one those of the day a week ago."""
    if cut is None:
        return _on(past, span.committee)
    stood = cut.stood
    return lambda code: stood[code].letter if code in stood else None


# ---------------------------------------------------------------- dates


def _moved(assessment: Assessment, cut: Cut | None, span: Since) -> Iterator[News]:
    """Dates that people moved, each field once from where it stood to where it stands; what was taken back is none."""
    for each in steered(assessment):
        own = [move for move in assessment.moves.get(each.milestone.code, ()) if _counts(move, cut, span)]
        for field in dict.fromkeys(move.field for move in own):
            steps = [move for move in own if move.field == field]
            if steps[0].old != steps[-1].new:
                yield _step(each, steps, span)


def _counts(move: Move, cut: Cut | None, span: Since) -> bool:
    """Whether a person moved a date since the committee or since yesterday. A baseline that froze by itself nobody moved."""
    if move.field not in HAND or move.opening or (move.field == "baseline" and not move.decision):
        return False
    later = move.seen > cut.made if cut else move.day > span.committee
    return later or move.day > span.yesterday


def _step(each: MilestoneVerdict, steps: Sequence[Move], span: Since) -> News:
    last = steps[-1]
    days = [move.wd for move in steps]
    return _about(
        each,
        DATES,
        "moved",
        day=last.day,
        fresh=last.day > span.yesterday,
        field=last.field,
        old=steps[0].old,
        new=last.new,
        wd=None if None in days else sum(wd or 0 for wd in days),
        by=last.decision,
        words=last.reason,
        unbelieved=last.field == "forecast" and each.forecast_state == CONTRADICTED,
        who=last.by or each.owner,
    )


# ---------------------------------------------------------------- what waits


def _waits(assessment: Assessment, found: Iterable[Ask]) -> Iterator[News]:
    addresses = {each.milestone.code: each.url for each in assessment.milestones}
    return (_ask(ask, addresses.get(ask.code, "")) for ask in found)


def _ask(ask: Ask, url: str) -> News:
    return News(
        block=WISHES if ask.kind == WISH else DECISIONS,
        kind=ask.kind,
        code=ask.code,
        name=ask.name,
        project=ask.project,
        who=ask.who,
        url=url,
        day=ask.day,
        old=ask.instead,
        new=ask.day,
        words=ask.words,
        by=ask.by,
    )


def _overdue(assessment: Assessment) -> Iterator[News]:
    """Forecasts that were not confirmed in time, and promises of which nothing was heard."""
    for each in steered(assessment):
        if each.forecast_state == UNCONFIRMED and each.forecast is not None:
            yield _about(each, OVERDUE, "forecast", day=each.forecast_since, new=each.forecast.day)
        if each.rag.shown is Letter.MISSING:
            yield _about(each, OVERDUE, "silent", day=each.rag.since, reasons=each.rag.reasons)


def _unsent(reports: Sequence[tuple[ProjectVerdict, Due]]) -> Iterator[News]:
    """Reports that were due and not sent: a line each, or one of all that are missing alike where there are many of these."""
    late: defaultdict[tuple[date, int, str], list[ProjectVerdict]] = defaultdict(list)
    for project, due in reports:
        if due.state == LATE:
            late[due.end, due.late, due.missing].append(project)
    for (day, wd, missing), projects in late.items():
        yield from _missing(projects, day=day, by=str(wd), words=missing)


def _missing(projects: Sequence[ProjectVerdict], **alike: Any) -> Iterator[News]:
    """The projects whose report on one period is as late: told together where they would bury what else is overdue."""
    if len(projects) > APART:
        codes = tuple(sorted(each.row.code for each in projects))
        yield News(block=OVERDUE, kind="reports", codes=codes, **alike)
    else:
        yield from (_about(each, OVERDUE, "report", **alike) for each in projects)


def _undone(assessment: Assessment, plan: Plan) -> Iterator[News]:
    """Actions whose day is over."""
    projects = {each.milestone.code: each.project for each in assessment.milestones}
    projects |= {each.row.code: each.row.code for each in assessment.projects}
    who = people(plan.people)
    for action in plan.actions:
        if action.state not in ENDED and action.due is not None and action.due < assessment.today:
            code = next(iter(action.codes), "")
            project = projects.get(code, "")
            yield News(
                block=OVERDUE,
                kind="action",
                code=code,
                project=project,
                who=who.shown(action.owner),
                day=action.due,
                new=action.due,
                words=action.text,
                by=action.id,
            )


def _sources(assessment: Assessment, holds: Sequence[Hold]) -> Iterator[News]:
    """Sources that are not read, and scopes that are held until somebody looks."""
    held = {hold.connection for hold in holds}
    for each in assessment.freshness:
        if each.state not in {"ok", REMOVED} and not (each.state == "held" and each.connection in held):
            day = each.good.date() if each.good else None
            yield News(block=SOURCES, kind=each.state, name=each.title, day=day, words=each.reason, by=each.remedy)
    for hold in holds:
        yield News(block=SOURCES, kind="hold", name=hold.connection, day=hold.since.date(), by=hold.id)


# ---------------------------------------------------------------- naming


def steered(assessment: Assessment) -> Iterator[MilestoneVerdict]:
    """The committee's and the tracked milestones."""
    return (each for each in assessment.milestones if each.level is not Level.TEAM)


def _about(each: Line, block: str, kind: str, **more: Any) -> News:
    """A line about a project or milestone."""
    if isinstance(each, ProjectVerdict):
        row = each.row
        named = {"code": row.code, "name": row.name, "project": row.code, "who": each.owner or row.manager}
    else:
        milestone = each.milestone
        named = {"code": milestone.code, "name": milestone.name, "project": each.project, "who": each.owner}
        named["url"] = each.url
    return News(block=block, kind=kind, **{**named, **more})


def _code(each: Line) -> str:
    return each.row.code if isinstance(each, ProjectVerdict) else each.milestone.code


def _project(each: Line) -> str:
    return each.row.code if isinstance(each, ProjectVerdict) else each.project
