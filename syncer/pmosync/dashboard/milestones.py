"""Milestones: every committee and tracked milestone, promised, expected and why.

P50 and P85 stay empty while the site's record is too short. Team-level milestones are counted on Portfolio and About, not
listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pmosync.compute.assessment import MilestoneVerdict, Record
from pmosync.compute.coarse import is_coarse
from pmosync.compute.ledger import ScopeBook, scope_book
from pmosync.dashboard import cells, layout, words
from pmosync.dashboard.content import Content
from pmosync.dashboard.input_cells import typed_cells
from pmosync.dashboard.input_codes import INPUT, input_rows
from pmosync.dashboard.layout import Field
from pmosync.dashboard.mirror import Spot, by_place, mirror
from pmosync.dashboard.next_sync import next_sync_cell
from pmosync.dashboard.portfolio import override
from pmosync.dashboard.values import code_of
from pmosync.dashboard.words import backtest
from pmosync.model import Level, State
from pmosync.sheet import Format, Row, Tab, Table, Value, View

KEY = "milestones"


def build_milestones(content: Content) -> Table:
    """The table of all committee and tracked milestones, by project, then code."""
    listed = ordered(content)
    spots = _spots(content, listed)
    rows = tuple(_row(content, v, spot) for v, spot in zip(listed, spots, strict=True))
    return Table(tab(content), (*rows, *layout.remarks(_unlisted(content), len(FIELDS))))


def _unlisted(content: Content) -> Iterator[str]:
    """What the tab counts and does not list."""
    small = len(content.assessment.milestones) - len(ordered(content))
    if small:
        yield words.text("small_count", content.language, count=f"{small:,}")
    if content.withheld.milestones:
        yield words.text("restricted_count", content.language, count=f"{content.withheld.milestones:,}")


def _spots(content: Content, listed: tuple[MilestoneVerdict, ...]) -> Iterator[Spot]:
    there, next_sync, wrong = input_rows(content), next_sync_cell(content), by_place(content.assessment.findings)
    typed = typed_cells(content, INPUT)
    for sheet_row, verdict in enumerate(listed, 2):
        code = code_of(verdict.milestone.code)
        yield Spot(sheet_row, PLACES, there.get(code), next_sync, wrong, typed.get(code, {}))


def ordered(content: Content) -> tuple[MilestoneVerdict, ...]:
    """The milestones listed, in the order in which the tab shows them: by project, then code."""
    all_levels = content.assessment.policy.team_listed
    steered = (v for v in content.assessment.milestones if all_levels or v.level is not Level.TEAM)
    return tuple(sorted(steered, key=lambda v: (v.project, v.milestone.code)))


def tab(content: Content) -> Tab:
    """The layout, with its filter views."""
    say = content.language
    committee = words.term("level", "committee", say)
    views = (
        layout.red_and_amber(words.text("view_red_amber", say), "rag"),
        View(words.text("view_committee", say), "level", (committee,)),
    )
    return layout.adorned(layout.published(content, KEY, FIELDS, "code"), frozen=2, views=views)


BY_HAND = frozenset({"person", "confirmed"})
WHY_LENGTH = 400
"""Characters of a milestone's reasons: this is where they are read whole; the register's are shorter."""


def place(column: str) -> int:
    """Zero-based position of a column of the tab."""
    return PLACES[column]


def _row(content: Content, verdict: MilestoneVerdict, spot: Spot) -> Row:
    placed = {**mirror(content, verdict, spot), "edit": cells.pencil(content, INPUT, spot.input_row)}
    return tuple(placed.get(field.key, field.cell(content, verdict)) for field in FIELDS)


# ---------------------------------------------------------------- cells


def _empty(content: Content, verdict: MilestoneVerdict) -> Value:
    return None


def _code(content: Content, verdict: MilestoneVerdict) -> Value:
    return cells.link(content, verdict.milestone.code, verdict.url)


def _name(content: Content, verdict: MilestoneVerdict) -> Value:
    return verdict.milestone.name or None


def _why(content: Content, verdict: MilestoneVerdict) -> Value:
    return words.why(verdict.rag.reasons, content.language, WHY_LENGTH) or None


def slip_words(content: Content, verdict: MilestoneVerdict) -> str:
    """The slip in words with the first promise beside it, or why there is none."""
    language = content.language
    if verdict.slip is None:
        return _slipless(verdict, language) if verdict.state in ("active", "done", "paused") else ""
    said = cells.slip(verdict, language)
    if verdict.forecast_state == "contradicted":
        return said
    if verdict.state == "paused":
        return words.text("frozen", language, slip=said)
    if verdict.slip_original is None or verdict.current is None or verdict.current.version < 2:
        return said
    first = f"{verdict.slip_original:+}" if verdict.slip_original else "0"
    return words.text("since_first", language, slip=said, first=first, version=verdict.current.version)


def _slipless(verdict: MilestoneVerdict, language: str) -> str:
    """Why there is no slip, and how the end stands to the first target where that is what the colour is judged by."""
    why = words.text(_undefined(verdict), language)
    if _undefined(verdict) != "no_baseline" or verdict.slip_first is None or verdict.first_target is None:
        return why
    against = words.text("against_first", language, day=words.day(verdict.first_target, language))
    slip = words.slip(verdict.slip_first, language)
    return words.text("no_slip_but", language, why=why, slip=slip, against=against)


def _undefined(verdict: MilestoneVerdict) -> str:
    if verdict.history_unknown:
        return "history_unknown"
    if verdict.current is not None:
        return "no_end"
    if verdict.target or verdict.actual or verdict.first_target:
        return "no_baseline"
    return "no_promise" if verdict.expected else "no_date"


def _type(content: Content, verdict: MilestoneVerdict) -> Value:
    """The type in the reader's language where it is one of the usual words; a site's own word stands as it was typed."""
    known = words.term("milestone_type", verdict.type.strip().casefold(), content.language)
    plain = known == verdict.type.strip().casefold()
    return (verdict.type if plain else known) or None


def _target_from(content: Content, verdict: MilestoneVerdict) -> Value:
    said = cells.origin(content, verdict.target)
    return (f"~ {said}" if verdict.target is not None and verdict.target.coarse else said) or None


def _actual_from(content: Content, verdict: MilestoneVerdict) -> Value:
    said = words.term("actual_from", verdict.actual.name, content.language) if verdict.actual else ""
    typed = verdict.actual is not None and verdict.actual.name in BY_HAND and is_coarse(verdict.row, "actual")
    return (f"~ {said}" if verdict.actual_estimated or typed else said) or None


def _expected_from(content: Content, verdict: MilestoneVerdict) -> Value:
    coarse = verdict.expected is not None and verdict.expected.coarse
    said = cells.origin(content, verdict.expected)
    if verdict.forecast_state == "contradicted":
        said = words.text("not_believed", content.language, what=said)
    return (f"~ {said}" if coarse else said) or None


def _rollup(content: Content, verdict: MilestoneVerdict) -> Value:
    rollup = verdict.rollup
    if rollup is None or not rollup.open:
        return None
    if not rollup.used:
        return words.text("partial_rollup", content.language, dated=rollup.dated, open=rollup.open)
    language = content.language
    judged = words.text("judged", language, dated=rollup.dated, open=rollup.open)
    child = words.text("restricted", language) if rollup.due and not rollup.child else rollup.child
    if rollup.due and rollup.day and rollup.due < rollup.day:
        child = words.text("overdue", language, origin=child, day=words.day(rollup.due, language))
    return words.text("rollup", language, day=words.day(rollup.day, language), child=child, judged=judged)


def _done(content: Content, verdict: MilestoneVerdict) -> Value:
    progress = verdict.progress
    if not progress.total:
        return None
    return words.text("of", content.language, part=progress.delivered, whole=progress.total)


def _book(verdict: MilestoneVerdict) -> ScopeBook:
    """Its scope since the current baseline was frozen."""
    promised = verdict.current.frozen if verdict.current else None
    return scope_book(verdict.progress, promised, ended=verdict.state is State.DONE)


def _initial(verdict: MilestoneVerdict) -> int:
    """What was promised; where nothing was broken down by then, what came since is how it was broken down."""
    book = _book(verdict)
    return book.initial + (book.added if verdict.scope_added is None else 0)


def forecaster(content: Content, verdict: MilestoneVerdict) -> Value:
    """Whose forecast it is, and how often its dates were kept; of one under way that nobody's forecast is believed here yet, so
    that its dates by pace or plan are not taken for one.
    """
    if verdict.calibrated is not None:
        return kept_by(verdict.calibrated.record, content.language)
    nobody = content.assessment.forecaster is None and verdict.state is State.ACTIVE
    return words.text("nobody_believed", content.language) if nobody else None


def kept_by(record: Record, language: str) -> str:
    """A forecaster with its hit rate: "blend: P50 kept by 46 %, P85 by 89 % of 597"."""
    name = backtest.name(record.winner, language)
    p50, p85 = (f"{share:.0%}".replace("%", " %") for share in (record.p50, record.p85))
    return words.text("kept_by", language, name=name, p50=p50, p85=p85, count=f"{record.count:,}")


def forecast_state(content: Content, verdict: MilestoneVerdict) -> str:
    """Whether the person's forecast is in force, in words."""
    said = words.term("forecast_state", verdict.forecast_state, content.language)
    if said and is_coarse(verdict.row, "forecast"):
        said = f"~ {said}"
    if verdict.forecast is not None and verdict.forecast.seen is not None and verdict.forecast_state == "in_force":
        return words.text("seen", content.language, what=said, day=words.day(verdict.forecast.seen, content.language))
    if verdict.forecast_since is None or verdict.forecast_state != "unconfirmed":
        return said
    return words.text("since", content.language, what=said, day=words.day(verdict.forecast_since, content.language))


FIELDS: tuple[Field[MilestoneVerdict], ...] = (
    Field("code", _code, width=12),
    Field("name", _name, Format.WRAP, 36),
    Field("project", lambda content, v: v.project or None, width=9),
    Field("owner", lambda content, v: v.owner or None, person=True),
    Field("rag", lambda content, v: words.gate(v.rag), Format.RAG, 7),
    Field("why", _why, Format.WRAP, 52),
    Field("baseline", lambda content, v: v.current.day if v.current else None, Format.DATE, 12),
    Field("expected", lambda content, v: cells.ends(v), Format.DATE, 12),
    Field("slip", lambda content, v: v.slip, Format.SIGNED, 8),
    Field("slip_words", lambda content, v: slip_words(content, v) or None, Format.WRAP, 22),
    Field("typed_note", _empty, Format.WRAP, 28),
    Field("first_slip", lambda content, v: v.first_slip_seen, Format.DATE, 12),
    Field("edit", _empty, width=4),
    Field("state", lambda content, v: words.term("state", v.state, content.language), width=11, collapsed=True),
    Field("program", lambda content, v: v.program or None, width=9, collapsed=True),
    Field("level", lambda content, v: words.term("level", v.level, content.language), width=11, collapsed=True),
    Field("type", _type, width=11, collapsed=True),
    Field("promise", lambda content, v: words.term("promise", v.promise, content.language), width=9, collapsed=True),
    Field(
        "owner_from",
        lambda content, v: words.term("owner_from", v.owner_from, content.language) or None,
        collapsed=True,
    ),
    Field("original", lambda content, v: v.original.day if v.original else None, Format.DATE, 12, True),
    Field("version", lambda content, v: v.current.version if v.current else None, Format.INTEGER, 8, True),
    Field("target", lambda content, v: cells.typed_day(v.target), Format.DATE, 12, True),
    Field("target_from", _target_from, width=24, collapsed=True),
    Field("rollup", _rollup, width=34, collapsed=True),
    Field("p50", lambda content, v: v.calibrated.p50 if v.calibrated else None, Format.DATE, 12, True),
    Field("forecaster", forecaster, width=24, collapsed=True),
    Field("p85", lambda content, v: v.calibrated.p85 if v.calibrated else None, Format.DATE, 12, True),
    Field("pace", lambda content, v: v.pace.p50 if v.pace else None, Format.DATE, 12, True),
    Field("forecast", lambda content, v: cells.typed_day(v.forecast), Format.DATE, 12, True),
    Field("forecast_state", lambda content, v: forecast_state(content, v) or None, width=16, collapsed=True),
    Field("expected_from", _expected_from, width=24, collapsed=True),
    Field("actual", lambda content, v: v.actual.day if v.actual else None, Format.DATE, 12, True),
    Field("actual_from", _actual_from, width=18, collapsed=True),
    Field("slip_days", lambda content, v: v.slip_days, Format.SIGNED, 9, True),
    Field("slip_original", lambda content, v: v.slip_original, Format.SIGNED, 10, True),
    Field("replans", lambda content, v: v.replans, Format.INTEGER, 9, True),
    Field("retargets", lambda content, v: v.retargets, Format.INTEGER, 9, True),
    Field("early_warning", lambda content, v: v.early_warning, Format.INTEGER, 9, True),
    Field("done", _done, width=11, collapsed=True),
    Field("initial", lambda content, v: _initial(v) or None, Format.INTEGER, 8, True),
    Field("added", lambda content, v: v.scope_added, Format.INTEGER, 8, True),
    Field("removed", lambda content, v: _book(v).removed, Format.INTEGER, 8, True),
    Field("backfilled", lambda content, v: _book(v).backfilled, Format.INTEGER, 9, True),
    Field("carried_over", lambda content, v: _book(v).carried_over or None, Format.INTEGER, 9, True),
    Field("work_after", lambda content, v: v.work_after if (v.work_after or 0) > 0 else None, Format.INTEGER, 10, True),
    Field("after_close", lambda content, v: v.after_close, Format.INTEGER, 9, True),
    Field("unmapped", lambda content, v: v.progress.unmapped, Format.INTEGER, 9, True),
    Field("items_restricted", lambda content, v: v.progress.restricted, Format.INTEGER, 9, True),
    Field("items_hidden", lambda content, v: v.progress.hidden, Format.INTEGER, 9, True),
    Field(
        "depends_on",
        lambda content, v: words.between("list", content.language).join(v.depends_on) or None,
        width=18,
        collapsed=True,
    ),
    Field("freeze", lambda content, v: v.freeze or None, width=18, collapsed=True),
    Field("override", lambda content, v: override(content, v.rag) or None, width=18, collapsed=True),
    Field("days_in_colour", lambda content, v: v.rag.days, Format.INTEGER, 9, True),
    Field("trend", lambda content, v: layout.trend(content, v.milestone.code, v.rag), width=9, collapsed=True),
    Field("confidence", lambda content, v: v.confidence, Format.INTEGER, 9, True),
    Field("input_row", _empty, Format.INTEGER, 7, True),
    Field("typed_target", _empty, Format.DATE, 12, True),
    Field("typed_forecast", _empty, Format.DATE, 12, True),
    Field("typed_actual", _empty, Format.DATE, 12, True),
    Field("typed_wish", _empty, Format.DATE, 12, True),
    Field("typed_wish_reason", _empty, Format.WRAP, 24, True),
    Field("inputs_state", _empty, width=30, collapsed=True),
)


PLACES: Mapping[str, int] = {field.key: spot for spot, field in enumerate(FIELDS)}
