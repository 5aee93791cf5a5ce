"""The colour of one milestone today: what its state says, else what the table says of its signs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from pmosync.compute import dates, rag, signs
from pmosync.compute.assessment import Letter, Rag, Reason
from pmosync.compute.baseline import label
from pmosync.compute.case import Case
from pmosync.compute.draft import Draft
from pmosync.compute.fresh import Age, Facts
from pmosync.compute.levels import is_key
from pmosync.compute.lifecycle import Life
from pmosync.compute.outcome import Outcome
from pmosync.compute.policy import Policy
from pmosync.compute.rag import LIVE, Judgement, Signs
from pmosync.compute.reasons import ORIGIN, PROMISE, reason
from pmosync.compute.signs import UNFORESEEN, Foreseen
from pmosync.compute.steady import HELD, Shown, standing_since, steady
from pmosync.model import Colour, DecisionRow, DecisionType, State

COLOUR_WORDS = {
    "r": Letter.RED,
    "red": Letter.RED,
    "红": Letter.RED,
    "a": Letter.AMBER,
    "amber": Letter.AMBER,
    "yellow": Letter.AMBER,
    "黄": Letter.AMBER,
    "g": Letter.GREEN,
    "green": Letter.GREEN,
    "绿": Letter.GREEN,
}
TYPED_DATES = frozenset({"plan", "forecast", "actual"})
"""The dates that a person types into a milestone's own row."""


class Weighed(Struct, frozen=True, kw_only=True):
    """All that the colour of a milestone rests on, and what is ``foreseen``.

    ``shares`` are the parts of the ``confidence``. ``slip`` is the one judged, ``stated`` the one shown, both in wd: they
    differ when only the calendar changed.
    """

    draft: Draft
    outcome: Outcome
    facts: Facts
    signs: Signs
    confidence: int
    shares: Mapping[str, float] = {}
    foreseen: Foreseen = UNFORESEEN
    slip: int | None = None
    stated: int | None = None


def judgement(weighed: Weighed, policy: Policy) -> Judgement:
    """Today's letter, before steadiness."""
    by_state = _by_state(weighed, policy)
    if by_state is not None:
        return by_state
    found = rag.judge(weighed.signs, weighed.draft.tolerance, policy)
    if signs.carried_on(weighed.draft, weighed.outcome):
        return _carried_on(weighed, found)
    missed = weighed.signs.get("missed") is True
    red = found if found is not None and found.letter is Letter.RED else None
    return (
        _withheld(weighed, found, policy, missed)
        or red
        or _undated(weighed, found)
        or found
        or _unpromised(weighed)
        or _green(weighed, policy)
    )


def shown(weighed: Weighed, today: Judgement, policy: Policy) -> Rag:
    """The steady colour, its reasons, days and override."""
    case = weighed.draft.case
    calendar, last = case.clock.calendar, case.last
    if last and _stands(weighed, today, last):
        now = standing_since(Letter(last.shown), case.colours, case.today, calendar)
        reasons: tuple[Reason, ...] = (_last_colour(weighed.facts, last), *today.reasons)
    else:
        now = steady(today, case.colours, case.today, calendar, policy, decided=_decided(weighed))
        reasons = (*_held_back(now, today, policy), *today.reasons, *_beside(weighed, today))
    override = overridden(now.letter, case.decisions, case.today, policy)
    return Rag(
        shown=now.letter,
        computed=today.letter,
        reasons=(*_overriding(override), *reasons),
        hard=today.hard,
        preview=now.preview,
        override=f"{override[0]}!" if override else "",
        override_until=override[1] if override else None,
        days=now.days,
        since=now.since,
        before=now.before,
        mark=str(Letter.REPLACED) if signs.carried_on(weighed.draft, weighed.outcome) else "",
    )


def overridden(
    shown: Letter, decisions: Sequence[DecisionRow], today: date, policy: Policy
) -> tuple[Letter, date, str] | None:
    """The override in force: its letter, last day and decision; the latest of several.

    It ends by itself, after 30 days at the latest, and has nothing to say of what is done, paused or ended.
    """
    if shown not in LIVE:
        return None
    for row in reversed(decisions):
        letter = COLOUR_WORDS.get(row.colour.strip().casefold().rstrip("!"))
        if row.type is DecisionType.OVERRIDE and row.day is not None and letter is not None:
            last = row.day + timedelta(days=policy.override_days)
            until = min(row.until or last, last)
            if today <= until:
                return letter, until, row.number
    return None


def exempted(decisions: Sequence[DecisionRow], today: date) -> DecisionRow | None:
    """The exemption in force, if any."""
    rows = (row for row in reversed(decisions) if row.type is DecisionType.EXEMPTION)
    return next((row for row in rows if row.until is None or today <= row.until), None)


def effective(found: Rag) -> Letter:
    """The letter that counts in a roll-up: the decided one, else the shown one."""
    return Letter(found.override[0]) if found.override else found.shown


def decisions(case: Case) -> tuple[str, ...]:
    """The decisions in force on a milestone, as a colour remembers them."""
    return tuple(sorted({f"{label(row)} {row.type}" for row in case.decisions}))


def _by_state(weighed: Weighed, policy: Policy) -> Judgement | None:
    life, case = weighed.draft.case.life, weighed.draft.case
    match weighed.outcome.state:
        case State.PROPOSED:
            return Judgement(Letter.PROPOSED, (reason("proposed"),), hard=True)
        case State.CANCELLED:
            why = reason("cancelled", decision=life.decision, since=life.since)
            return Judgement(Letter.CANCELLED, (why,), hard=True)
        case State.REPLACED if not signs.carried_on(weighed.draft, weighed.outcome):
            return Judgement(Letter.REPLACED, (_replaced(life), *_ended(weighed)), hard=True)
        case State.PARTIAL:
            why = reason("partial", decision=life.decision, successor=", ".join(life.into))
            return Judgement(Letter.BLUE, (why, *_ended(weighed)), hard=True)
        case State.PAUSED if life.review is not None and case.today > case.clock.calendar.met_until(life.review):
            return Judgement(
                Letter.RED, (reason("review_overdue", decision=life.decision, review=life.review),), hard=True
            )
        case State.PAUSED:
            why = reason("paused", decision=life.decision, since=life.since, review=life.review)
            return Judgement(Letter.PAUSED, (why,), hard=True)
        case State.DONE:
            return Judgement(Letter.BLUE, (*_ended(weighed), *_cut(weighed, policy)), hard=True)
        case _:
            return None


def _carried_on(weighed: Weighed, found: Judgement | None) -> Judgement:
    """The old promise of a split or merge: its successors' date against its own baseline, until they are done."""
    red = found if found is not None and found.letter is Letter.RED else None
    judged = red or _undated(weighed, found) or found or Judgement(Letter.GREEN, (_on_time(weighed),))
    return Judgement(judged.letter, (*judged.reasons, _replaced(weighed.draft.case.life)), judged.hard)


def _replaced(life: Life) -> Reason:
    return reason("replaced", decision=life.decision, by=", ".join(life.into))


def _ended(weighed: Weighed) -> Iterator[Reason]:
    actual, current = weighed.outcome.actual, weighed.draft.baselines.current
    if actual is None and weighed.outcome.state is State.REPLACED:
        return
    if weighed.draft.done.history_unknown and current is None:
        yield reason("history_unknown", actual=actual)
    elif current is None or weighed.stated is None:
        yield reason("done_no_baseline", actual=actual)
    else:
        key = "done_late" if weighed.stated > 0 else "done_on_time"
        yield reason(key, slip=weighed.stated, actual=actual, baseline=current.day)


def _cut(weighed: Weighed, policy: Policy) -> Iterator[Reason]:
    """Done by leaving out more than a fifth without a decision stays on record."""
    cut = weighed.signs.get("cut")
    if isinstance(cut, float) and cut > policy.cut_share:
        yield reason("scope_cut", removed=weighed.signs.get("removed"), scope=weighed.signs.get("scope"))


def _withheld(weighed: Weighed, found: Judgement | None, policy: Policy, missed: bool) -> Judgement | None:
    """No colour where none can be trusted: a stale source, an exemption, silence of a part-time project. What the last known
    dates say stays told beside silence, or it would hide how late they are.
    """
    facts, case, draft = weighed.facts, weighed.draft.case, weighed.draft
    if facts.age is Age.STALE:
        return Judgement(Letter.GREY, (reason("stale", source=facts.source, good=facts.good, wd=facts.wd),), hard=True)
    exempt = exempted(case.decisions, case.today)
    if missed:
        return None
    if exempt is not None:
        return Judgement(Letter.GREY, (reason("exempt", decision=exempt.number, until=exempt.until),), hard=True)
    since = signs.last_heard(draft)
    silent = signs.waited(draft, since)
    if not is_key(case.project) and silent > policy.forecast_periods * dates.period(case, policy):
        why = reason("missing_update", since=since, wd=silent)
        return Judgement(Letter.MISSING, (why, *_last_known(weighed, found)), hard=True)
    return None


def _last_known(weighed: Weighed, found: Judgement | None) -> Iterator[Reason]:
    """What is wrong by what was last heard, that nothing moved apart, for that is said; and the date held against the promise,
    where there are both.
    """
    told = [why for why in (found.reasons if found else ()) if why.key != "quiet"]
    yield from told
    if any(why.key in {"expected_late_red", "expected_late_amber"} for why in told):
        return
    if weighed.draft.reference is not None and weighed.outcome.expected.dated is not None:
        yield _on_time(weighed)


def _undated(weighed: Weighed, found: Judgement | None) -> Judgement | None:
    """Nothing says when, or nothing by when it was promised: grey, with whatever else is wrong told beside it."""
    expected = weighed.outcome.expected.dated
    if weighed.draft.reference is not None and expected is not None:
        return None
    why = reason("no_date") if expected is None else reason("no_promise", expected=expected.day)
    return Judgement(Letter.GREY, (why, *(found.reasons if found else ())), hard=True)


def _unpromised(weighed: Weighed) -> Judgement | None:
    """Nothing speaks against it, but nothing was promised either: never Green."""
    if weighed.draft.baselines.current is not None:
        return None
    return Judgement(Letter.GREY, (reason("no_baseline", target=weighed.draft.reference),), hard=True)


def _green(weighed: Weighed, policy: Policy) -> Judgement:
    on_time = _on_time(weighed)
    if weighed.confidence < policy.confidence_floor:
        low = reason("low_confidence", confidence=weighed.confidence, floor=policy.confidence_floor)
        return Judgement(Letter.PALE, (low, on_time))
    return Judgement(Letter.GREEN, (on_time,))


def _on_time(weighed: Weighed) -> Reason:
    return reason("on_time", **{name: weighed.signs.get(name) for name in PROMISE})


def _stands(weighed: Weighed, today: Judgement, last: Colour) -> bool:
    """Whether a source that is behind keeps the last colour, with its date: unless the plan, which was read, has told a
    decision or a person's date since.
    """
    if weighed.facts.age is not Age.BEHIND or today.letter not in HELD or last.shown not in HELD:
        return False
    case = weighed.draft.case
    typed = any(case.clock.day(each.seen) > last.day for each in case.told if each.field in TYPED_DATES)
    return not typed and not _decided(weighed)


def _decided(weighed: Weighed) -> bool:
    """Whether a decision on it is in force that was not so at the last assessment, however long ago it was taken, or
    has put another promise in force since: a decision is a hard fact once.
    """
    case, current = weighed.draft.case, weighed.draft.baselines.current
    last = case.last
    if last is None:
        return False
    rebased = current is not None and bool(current.decision) and case.clock.day(current.frozen) > last.day
    return rebased or not set(decisions(case)) <= set(last.decisions)


def _held_back(now: Shown, today: Judgement, policy: Policy) -> Iterator[Reason]:
    if now.held:
        yield reason("held_back", computed=str(today.letter), held=now.held, needed=policy.steady_days)
    if now.preview:
        yield reason("preview", computed=str(today.letter))


def _overriding(override: tuple[Letter, date, str] | None) -> Iterator[Reason]:
    if override:
        yield reason("overridden", decision=override[2], letter=str(override[0]), until=override[1])


def _last_colour(facts: Facts, last: Colour) -> Reason:
    return reason("last_colour", source=facts.source, good=facts.good, day=last.day)


def _beside(weighed: Weighed, today: Judgement) -> Iterator[Reason]:
    """What a reader should know besides the colour's own reasons, and what these do not tell already."""
    told = any("expected" in why.values for why in today.reasons)
    expected, progress, row = weighed.outcome.expected, weighed.draft.case.progress, weighed.draft.case.row
    if weighed.outcome.state not in {State.ACTIVE, State.PAUSED}:
        return
    if expected.forecast_state == dates.CONTRADICTED and expected.evidence and row and not told:
        origin = {name: weighed.signs.get(name) for name in ORIGIN}
        yield reason("forecast_against_evidence", forecast=row.forecast, evidence=expected.evidence.day, **origin)
    if weighed.facts.age is Age.BEHIND:
        yield reason("source_behind", source=weighed.facts.source, good=weighed.facts.good)
    if expected.freeze and not told:
        yield reason(
            "freeze_moved", windows=expected.freeze, moved_from=expected.dated.thawed if expected.dated else None
        )
    if progress.total > 0 and progress.open == 0:
        yield reason("all_work_done", items=progress.delivered)
    if weighed.draft.done.first_actual:
        yield reason("reopened", first=weighed.draft.done.first_actual)
    if weighed.slip != weighed.stated and expected.forecast_state != dates.CONTRADICTED and weighed.stated is not None:
        yield reason("calendar_restated", slip=weighed.stated, judged=weighed.slip)
