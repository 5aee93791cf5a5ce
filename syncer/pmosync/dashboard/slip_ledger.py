"""Slip ledger: every move of a date, the newest first, with its causes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from pmosync.compute.assessment import MilestoneVerdict
from pmosync.dashboard import cells, layout, words
from pmosync.dashboard.content import Content
from pmosync.dashboard.layout import Field
from pmosync.mapping.text import fold
from pmosync.model import Cause, LedgerAnswerRow, Level, Move
from pmosync.sheet import Format, Tab, Table, Value, View

KEY, ANSWERS = "slip_ledger", "ledger_answers"
MOST = 1_000
"""Rows that are listed; the others are exported."""


class Row(Struct, frozen=True):
    """A row of the ledger and the milestone that it is of; ``back`` is the day on which the next move took it back,
    ``answer`` what people say to its cause.
    """

    move: Move
    verdict: MilestoneVerdict
    back: date | None = None
    answer: LedgerAnswerRow | None = None


def build_slip_ledger(content: Content) -> Table:
    """The last moves of all listed milestones, the newest first."""
    rows = ledger(content)
    more = [words.text("more", content.language, count=f"{len(rows) - MOST:,}")] if len(rows) > MOST else []
    return Table(tab(content), (*layout.rows(content, FIELDS, rows[:MOST]), *layout.remarks(more, len(FIELDS))))


def tab(content: Content) -> Tab:
    """The layout, with a view of the expected dates alone."""
    say = content.language
    view = View(words.text("view_expected", say), "moved", (words.term("moved", "expected", say),))
    return layout.adorned(layout.published(content, KEY, FIELDS, "code"), views=(view,))


def ledger(content: Content) -> tuple[Row, ...]:
    """Every move of what the audience may see, the newest first; opening rows are no moves."""
    said = {fold(row.id): row for row in content.plan.causes}
    rows = (row for verdict in listed(content) for row in _rows(content, verdict))
    found = [replace(row, answer=said.get(fold(row.move.id))) for row in rows]
    return tuple(sorted(found, key=lambda row: (-row.move.seen.timestamp(), row.move.code, row.move.field)))


def listed(content: Content) -> Iterator[MilestoneVerdict]:
    """The milestones of committee and tracked level, all where they are listed; none that the audience may not see."""
    everything, open_to_all = content.assessment.policy.team_listed, content.audience_sees_restricted
    for each in content.assessment.milestones:
        if (everything or each.level is not Level.TEAM) and (open_to_all or not each.restricted):
            yield each


def causes(told: tuple[Cause, ...], language: str) -> str:
    """The causes with their wd: "scope added/removed +4; unexplained -1"."""
    said = (f"{words.term('cause', cause.word, language)} {cause.wd:+}" for cause in told)
    return words.between("clause", language).join(said)


def _rows(content: Content, verdict: MilestoneVerdict) -> Iterator[Row]:
    """The moves of a milestone, each with the one of the same date that came next."""
    following: dict[str, Move] = {}
    for move in reversed(content.assessment.moves.get(verdict.milestone.code, ())):
        later = following.get(move.field)
        back = later is not None and (later.old, later.new) == (move.new, move.old)
        following[move.field] = move
        if not move.opening:
            yield Row(move, verdict, later.day if later is not None and back else None)


def _why(content: Content, row: Row) -> Value:
    """The causes, the decision's reason or how long a pause took; in brackets that it did not last, or was planning yet."""
    move, language = row.move, content.language
    if move.field == "paused":
        return words.text("paused_for", language, wd=move.wd, decision=move.decision)
    why = causes(move.causes, language) or move.reason or _wished(row)
    back = words.text("taken_back", language, day=words.day(row.back, language)) if row.back else ""
    early = words.text("planning", language) if move.planning else ""
    return " ".join(filter(None, (why, early, back))) or None


def _said(content: Content, row: Row) -> Value:
    """The cause that people give, which stands beside the computed one, with their words."""
    if row.answer is None:
        return None
    cause = words.term("cause", row.answer.cause, content.language)
    return words.between("colon", content.language).join(filter(None, (cause, row.answer.words))) or None


def _wished(row: Row) -> str:
    """Of a move of the target to the very day that its manager wishes for: the reason typed beside that wish."""
    wish = row.verdict.row
    if wish is None or wish.wish is None or row.move.field != "target" or row.move.new != wish.wish:
        return ""
    return wish.wish_reason


def _evidence(content: Content, row: Row) -> Value:
    """The things that tell the causes; the address of the first one that has any."""
    if row.verdict.gone_since is not None:
        return None
    proofs = [proof for cause in row.move.causes for proof in cause.evidence]
    names = words.between("list", content.language).join(dict.fromkeys(proof.name for proof in proofs))
    return cells.link(content, names, next((proof.url for proof in proofs if proof.url), ""))


def _changed(content: Content, row: Row) -> Value:
    """When the source says, else the syncs in between; of a decision and of an expected date there is nothing to say."""
    move = row.move
    if move.changed is not None:
        return _instant(content, move.changed)
    if move.decision or move.field not in {"target", "forecast", "actual"}:
        return None
    seen = _instant(content, move.seen)
    if move.after is None:
        return words.text("moved_by", content.language, seen=seen)
    return words.text("moved_between", content.language, after=_instant(content, move.after), seen=seen)


def _instant(content: Content, at: datetime) -> str:
    local = cells.local(content, at)
    return f"{local:%Y-%m-%d %H:%M}" if local else ""


def _by(content: Content, row: Row) -> Value:
    return None if row.verdict.gone_since else row.move.by or None


FIELDS: tuple[Field[Row], ...] = (
    Field("code", lambda content, row: cells.link(content, row.move.code, row.verdict.url), width=12),
    Field("name", lambda content, row: row.verdict.milestone.name or None, Format.WRAP, 32),
    Field("project", lambda content, row: row.verdict.project or None, width=9),
    Field("moved", lambda content, row: words.term("moved", row.move.field, content.language), width=10),
    Field("old", lambda content, row: row.move.old, Format.DATE, 12),
    Field("new", lambda content, row: row.move.new, Format.DATE, 12),
    Field("wd", lambda content, row: row.move.wd, Format.SIGNED, 9),
    Field("cause", _why, Format.WRAP, 48),
    Field("cause_said", _said, Format.WRAP, 28),
    Field("evidence", _evidence, Format.WRAP, 24),
    Field("seen", lambda content, row: cells.local(content, row.move.seen), Format.INSTANT, 16),
    Field("changed", _changed, Format.WRAP, 26, True),
    Field("by", _by, width=14, collapsed=True, person=True),
    Field("decision", lambda content, row: row.move.decision or None, width=10, collapsed=True),
    Field("answer_to", lambda content, row: cells.pencil(content, ANSWERS, None), width=4, collapsed=True),
    Field("id", lambda content, row: row.move.id, width=34, collapsed=True),
)

PLACES: Mapping[str, int] = {field.key: spot for spot, field in enumerate(FIELDS)}
