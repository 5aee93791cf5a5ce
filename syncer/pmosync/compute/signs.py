"""The signs of a milestone that the colour table looks at, each with the words its reason needs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from pmosync.compute import dates, lifecycle, slippage, spans
from pmosync.compute.assessment import Calibrated, Pace, Reason
from pmosync.compute.draft import Draft
from pmosync.compute.outcome import Outcome
from pmosync.compute.policy import Policy
from pmosync.compute.rag import Sign, Signs
from pmosync.compute.reasons import BEHIND
from pmosync.model import DecisionType, RiskRow, State

RESCOPING = frozenset({DecisionType.RESCOPE, DecisionType.REBASELINE})
ROUNDING = 1e-9
"""0.29 × 100 is 28.999999999999996."""

CLOSED_RISK = frozenset(
    {"closed", "resolved", "done", "mitigated", "accepted", "cancelled", "canceled"}
    | {"关闭", "已关闭", "已解决", "已缓解", "已接受", "已取消", "取消"}
)


class Foreseen(Struct, frozen=True, kw_only=True):
    """What is foreseen of a milestone: the ``calibrated`` forecast, and what the ``pace`` of its teams alone says; None =
    nothing. ``unforecast`` is why one under way has no calibrated one.
    """

    calibrated: Calibrated | None = None
    pace: Pace | None = None
    unforecast: Reason | None = None


UNFORESEEN = Foreseen()
NO_PACE = Pace()


def signs(
    draft: Draft,
    outcome: Outcome,
    risks: Iterable[RiskRow],
    slip: int | None,
    policy: Policy,
    foreseen: Foreseen = UNFORESEEN,
) -> Signs:
    """All signs of an open milestone; ``slip`` is the one to judge, in wd, against the reference.

    Whether its own typed dates, owner and work are looked after is no matter of a promise that others carry on.
    """
    found: dict[str, Sign] = {}
    found |= _promise(draft, outcome, slip)
    found |= _risk(risks)
    if carried_on(draft, outcome):
        return {**found, **_scope(draft, policy), "cut": None}
    found |= _typed_dates(draft)
    found |= _care(draft, outcome, policy)
    found |= _scope(draft, policy)
    found |= _foreseen(draft, foreseen)
    return found


def latest(draft: Draft) -> date | None:
    """The last day that is not Red by slip: the promise and the tolerance for Red; None where nothing was promised."""
    reference = draft.reference
    return draft.case.clock.calendar.add(reference, draft.tolerance.red) if reference else None


def carried_on(draft: Draft, outcome: Outcome) -> bool:
    """Whether a promise was replaced, and successors that are not done yet carry it on: it is judged by their date."""
    replaced = outcome.state is State.REPLACED and outcome.expected.rule == "successor"
    return replaced and outcome.actual is None and draft.baselines.current is not None


def exposure(risk: RiskRow) -> int:
    """Probability times impact; 0 if either is unknown."""
    return (risk.probability or 0) * (risk.impact or 0)


def is_open(risk: RiskRow) -> bool:
    """Whether a risk is not closed."""
    return risk.status.strip().casefold() not in CLOSED_RISK


def last_move(draft: Draft) -> date:
    """The last day on which its work moved; that on which the milestone appeared, where none ever did."""
    case = draft.case
    return case.clock.day(case.progress.moved or case.milestone.appeared)


def last_heard(draft: Draft) -> date:
    """The last day on which anything was heard of it: a sign, or somebody who confirmed its project."""
    return max(last_sign(draft), draft.case.confirmed or date.min)


def last_sign(draft: Draft) -> date:
    """The last day on which anything of the milestone moved: its work, its sources' dates, its own row."""
    case = draft.case
    seen = [each.seen for told in (case.told, *case.histories.values()) for each in told]
    instants = [case.milestone.appeared, *seen, *([case.progress.moved] if case.progress.moved else [])]
    return case.clock.day(max(instants))


def waited(draft: Draft, since: date) -> int:
    """wd from ``since`` to today, without pauses; the day itself is not counted, paused or not."""
    case = draft.case
    calendar = case.clock.calendar
    first = lifecycle.next_day(calendar.on_or_after(since))
    return spans.since(case, since) - lifecycle.paused_wd(case.life.pauses, calendar, first, case.today)


def is_near(draft: Draft, outcome: Outcome, policy: Policy) -> bool:
    """Whether work has started or the end is near: then somebody must own it, and it must move."""
    progress, case = draft.case.progress, draft.case
    begun = any(tie.source.start and tie.source.start <= case.today for tie in case.dated_ties())
    due = draft.reference or outcome.ends
    near = due is not None and spans.until(case, due) <= policy.near
    return begun or near or progress.started > 0 or progress.delivered > 0


def _promise(draft: Draft, outcome: Outcome, slip: int | None) -> dict[str, Sign]:
    reference, calendar, judged = draft.reference, draft.case.clock.calendar, outcome.expected.judged
    met = draft.met_until
    return {
        "baseline": reference,
        "missed": met is not None and draft.case.today > met,
        "late_wd": calendar.between(reference, draft.case.today) if reference else None,
        "slip": slip,
        "expected": judged.day if judged else None,
        "source": judged.source if judged else None,
        "name": (judged.seen or judged.name) if judged else None,
        "behind": BEHIND.join(judged.behind) if judged else None,
        "was_due": judged.overdue if judged else None,
        "moved_from": judged.thawed if judged else None,
        "windows": judged.freeze if judged else None,
        "coarse": (judged is not None and judged.coarse) or None,
        "unbelieved": dates.unbelieved(draft.evidence, outcome.expected),
        "first_target": None if draft.baselines.current else reference,
        "typed": dates.is_typed(judged),
        "typed_slip": _between(draft, outcome.expected.typed),
    }


def _between(draft: Draft, day: date | None) -> int | None:
    """wd from what the milestone is judged against to a day."""
    return draft.case.clock.calendar.between(draft.reference, day) if draft.reference and day else None


def _risk(risks: Iterable[RiskRow]) -> dict[str, Sign]:
    live = [risk for risk in risks if is_open(risk)]
    worst = max(live, key=lambda risk: (exposure(risk), risk.id), default=None)
    return {"exposure": exposure(worst) if worst else None, "risk": worst.id if worst else None}


def _typed_dates(draft: Draft) -> dict[str, Sign]:
    """A typed date that has gone by while the milestone is open: it has to be looked at."""
    case, target = draft.case, draft.target.winner
    forecast = draft.evidence.forecast
    return {
        "target": target.day if target else None,
        "target_past": target is not None and spans.met_until(case, target.day) < case.today,
        "forecast": forecast.day if forecast else None,
        "forecast_past": forecast is not None and spans.met_until(case, forecast.day) < case.today,
    }


def _care(draft: Draft, outcome: Outcome, policy: Policy) -> dict[str, Sign]:
    near, case = is_near(draft, outcome, policy), draft.case
    moved = last_move(draft)
    wd = waited(draft, moved)
    return {
        "unowned": near and not draft.owner.name,
        "due": draft.reference or outcome.ends,
        "quiet_wd": wd if near and case.progress.total > 0 else None,
        "wd": wd,
        "since": moved,
    }


def _chance(foreseen: Foreseen) -> float | None:
    return foreseen.calibrated.chance if foreseen.calibrated else None


def _turn(pace: Pace) -> dict[str, Sign]:
    """Who goes first on a shared team, where that moves the day: the second figure beside that by the observed split."""
    if pace.p50 is None or pace.first is None or pace.p50 == pace.first:
        return {}
    return {"leader": pace.leader, "first": pace.first}


def _foreseen(draft: Draft, foreseen: Foreseen) -> dict[str, Sign]:
    """What a forecast says; shares are told rounded down, so that one that is too small never reads as large enough."""
    chance, reference, pace = _chance(foreseen), draft.reference, foreseen.pace or NO_PACE
    part = pace.likely / pace.committed if pace.committed and pace.likely is not None else None
    return {
        "chance": chance,
        "percent": None if chance is None else int(chance * 100 + ROUNDING),
        "by": latest(draft),
        "pace_slip": draft.case.clock.calendar.between(reference, pace.soonest) if reference and pace.soonest else None,
        "pace": pace.p50,
        "growth": max(round((pace.growth - 1) * 100), 0) or None,
        **_turn(pace),
        "delivered_share": part,
        "likely": pace.likely,
        "committed": pace.committed,
    }


def _removed(draft: Draft) -> int:
    """Items that left or ended undelivered (won't fix, duplicate …) since the promise was made, or its scope last decided.

    What was sorted out before the baseline was frozen, or before the milestone was known, never was part of it.
    """
    case, current = draft.case, draft.baselines.current
    promised = current.frozen if current else case.milestone.appeared
    decided = max((row.day for row in case.decisions if row.type in RESCOPING and row.day), default=date.min)
    gone = (*case.progress.removed_at, *case.progress.undelivered_at)
    return sum(at > promised and case.clock.day(at) > decided for at in gone)


def _scope(draft: Draft, policy: Policy) -> dict[str, Sign]:
    case, progress = draft.case, draft.case.progress
    current = draft.baselines.current
    removed = _removed(draft)
    scope = progress.total + removed
    return {
        "moves": slippage.retargets(
            case, slippage.moves(case, draft.target.moves, case.clock.day(current.frozen) if current else None), policy
        ),
        "cut": removed / scope if scope else None,
        "removed": removed,
        "scope": scope,
    }
