"""The verdict on one milestone: every column of its row, and the steps that led to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from pmosync.compute import colour, confidence, levels, signs, slippage, spans, steps
from pmosync.compute.assessment import Dated, MilestoneVerdict, Rag
from pmosync.compute.attention import deciding
from pmosync.compute.baseline import Baselines, wished
from pmosync.compute.colour import Weighed
from pmosync.compute.dates import CONTRADICTED
from pmosync.compute.draft import Draft
from pmosync.compute.fresh import Facts
from pmosync.compute.outcome import Outcome
from pmosync.compute.policy import Policy
from pmosync.compute.signs import UNFORESEEN, Foreseen
from pmosync.model import Colour, RiskRow, State
from pmosync.raw import Ref

BROKEN_DOWN = 5
"""Items from which on a scope counts as broken down."""


class Judged(Struct, frozen=True):
    """A verdict and the colour to keep of it."""

    verdict: MilestoneVerdict
    colour: Colour


def judged(
    draft: Draft,
    outcome: Outcome,
    facts: Facts,
    risks: Sequence[RiskRow],
    gone: Mapping[Ref, datetime],
    policy: Policy,
    foreseen: Foreseen = UNFORESEEN,
) -> Judged:
    """The verdict on a milestone whose outcome is known, and of which a forecast may say something (``foreseen``)."""
    weighed = weigh(draft, outcome, facts, risks, policy, foreseen)
    rag = colour.shown(weighed, colour.judgement(weighed, policy), policy)
    case, bases = draft.case, draft.baselines
    slip = slippage.slip(case, bases.current, bases.original, outcome.ends)
    late = slippage.late_since(case, bases.current, slip.wd)
    first = slippage.first_seen(case, bases.current, draft.target.moves, late)
    verdict = replace(
        _dated(_described(draft, outcome, rag, policy), draft, outcome),
        slip=slip.wd,
        evidence_slip=weighed.slip if slip.wd is not None and _unbelieved(outcome) else None,
        slip_days=slip.days,
        slip_original=slip.original,
        first_target=None if bases.current else draft.reference,
        slip_first=None if bases.current else weighed.stated,
        replans=bases.replans,
        retargets=_number(weighed.signs.get("moves")),
        first_slip_seen=first,
        early_warning=slippage.early_warning(bases.current, first),
        scope_added=scope_added(draft),
        work_after=work_after(draft, outcome),
        after_close=after_close(draft, outcome),
        confidence=weighed.confidence,
        gone_since=min((gone[tie.source.ref] for tie in case.ties if tie.source.ref in gone), default=None),
        pace=foreseen.pace,
        calibrated=foreseen.calibrated,
        steps=steps.steps(weighed, rag, slip, policy),
    )
    return Judged(verdict, _kept(verdict, weighed, case.today, late))


def _described(draft: Draft, outcome: Outcome, rag: Rag, policy: Policy) -> MilestoneVerdict:
    """What the milestone is, whose, and where it comes from."""
    case, row = draft.case, draft.case.row
    return MilestoneVerdict(
        milestone=case.milestone,
        project=case.project.code if case.project else case.milestone.project,
        program=case.program,
        portfolio=case.portfolio,
        row=row,
        level=levels.promoted(case.level, outcome.ends, case.progress.total, case.today, policy),
        type=row.type if row else "",
        promise=draft.promise,
        state=outcome.state,
        owner=draft.owner.name,
        owner_from=draft.owner.found,
        progress=case.progress,
        depends_on=row.depends_on if row else (),
        rag=rag,
        url=next((tie.source.url for tie in case.ties if tie.source.url), ""),
        sources=tuple(tie.source.ref for tie in case.ties),
        restricted=any(tie.source.restricted for tie in case.ties),
    )


def _dated(verdict: MilestoneVerdict, draft: Draft, outcome: Outcome) -> MilestoneVerdict:
    """The verdict with its dates: promised, aimed at, expected, reached."""
    bases, done = draft.baselines, draft.done
    return replace(
        verdict,
        original=bases.original,
        current=bases.current,
        wished=wished(draft.case, bases, outcome.state),
        ahead=spans.until(draft.case, bases.current.day) if bases.current else None,
        target=draft.target.winner,
        rollup=draft.evidence.rollup,
        forecast=_forecast(draft),
        forecast_state=outcome.expected.forecast_state,
        forecast_since=outcome.expected.forecast_since,
        expected=outcome.expected.dated,
        freeze=outcome.expected.freeze,
        actual=Dated(outcome.actual, "actual", outcome.rule) if outcome.actual else None,
        actual_estimated=done.estimated and outcome.state is State.DONE,
        first_actual=done.first_actual,
        history_unknown=done.history_unknown and bases.current is None and outcome.state is State.DONE,
    )


def weigh(
    draft: Draft,
    outcome: Outcome,
    facts: Facts,
    risks: Sequence[RiskRow],
    policy: Policy,
    foreseen: Foreseen = UNFORESEEN,
) -> Weighed:
    """What the colour rests on. If only the calendar changed since the last assessment, the slip judged then still counts."""
    stated, slip = _against_reference(draft, outcome), _judged_slip(draft, outcome)
    shares = confidence.shares(draft, facts, policy)
    return Weighed(
        draft=draft,
        outcome=outcome,
        facts=facts,
        signs=signs.signs(draft, outcome, risks, slip, policy, foreseen),
        confidence=confidence.confidence(shares),
        shares=shares,
        foreseen=foreseen,
        slip=slip,
        stated=stated,
    )


def scope_added(draft: Draft) -> int | None:
    """Items that joined since the current baseline was frozen; what was there by then is the scope that was promised.

    None where that was not broken down yet: what came then is how it was broken down, and nothing was added to it.
    """
    current, progress = draft.baselines.current, draft.case.progress
    if current is None:
        return None
    added = sum(at > current.frozen for at in progress.added_at)
    return added if progress.total - added >= BROKEN_DOWN else None


def work_after(draft: Draft, outcome: Outcome) -> int | None:
    """Days from the release date to the last child delivered; None if it is open, or either is unknown."""
    target, case = draft.target.winner, draft.case
    if outcome.state is not State.DONE or target is None or not case.progress.delivered_at:
        return None
    return (case.clock.day(case.progress.delivered_at[-1]) - target.day).days


def after_close(draft: Draft, outcome: Outcome) -> int:
    """Items delivered after the release date of an ended milestone."""
    target = draft.target.winner
    if outcome.state is not State.DONE or target is None:
        return 0
    ended = draft.case.progress.delivered_at
    return len(ended) - draft.case.clock.by(ended, target.day)


def _against_reference(draft: Draft, outcome: Outcome) -> int | None:
    reference = draft.reference
    return draft.case.clock.calendar.between(reference, outcome.ends) if reference and outcome.ends else None


def _unbelieved(outcome: Outcome) -> bool:
    """Whether the evidence contradicts a person's forecast."""
    return outcome.expected.forecast_state == CONTRADICTED


def _standing_slip(draft: Draft, outcome: Outcome) -> int | None:
    """The slip of the expected or actual date; where only the calendar changed, the one kept before."""
    last = draft.case.last
    same = last is not None and last.expected is not None and last.expected == outcome.ends
    if last is not None and same and last.slip is not None and _settled(draft.baselines, draft, last):
        return last.slip
    return _against_reference(draft, outcome)


def _judged_slip(draft: Draft, outcome: Outcome) -> int | None:
    """The slip of the evidence where it contradicts a forecast, else the standing one."""
    reference, evidence = draft.reference, outcome.expected.judged
    if _unbelieved(outcome) and reference and evidence:
        return draft.case.clock.calendar.between(reference, evidence.day)
    return _standing_slip(draft, outcome)


def _settled(bases: Baselines, draft: Draft, last: Colour) -> bool:
    """Whether the promise has stood since the last assessment."""
    return bases.current is not None and draft.case.clock.day(bases.current.frozen) <= last.day


def _forecast(draft: Draft) -> Dated | None:
    found = draft.evidence.forecast
    return found.dated if found else None


def _number(sign: object) -> int:
    return sign if isinstance(sign, int) else 0


def _kept(verdict: MilestoneVerdict, weighed: Weighed, day: date, late: date | None) -> Colour:
    return Colour(
        code=verdict.milestone.code,
        day=day,
        computed=str(verdict.rag.computed),
        shown=str(verdict.rag.shown),
        override=verdict.rag.override,
        hard=verdict.rag.hard,
        expected=weighed.outcome.ends,
        slip=_standing_slip(weighed.draft, weighed.outcome),
        why=deciding(verdict.rag.reasons),
        since=verdict.rag.since,
        before=verdict.rag.before,
        late=late,
        reached=weighed.draft.done.reached,
        first=weighed.draft.done.first_actual,
        reopened=weighed.draft.done.reopened,
        decisions=colour.decisions(weighed.draft.case),
        due=weighed.draft.reference,
        met=weighed.draft.met_until,
        begins=weighed.draft.plan.begins,
        length=weighed.draft.plan.wd,
        ahead=spans.until(weighed.draft.case, weighed.draft.reference) if weighed.draft.reference else None,
        spans=tuple((each, spans.since(weighed.draft.case, each)) for each in sorted(_counted(weighed.draft))),
    )


def _counted(draft: Draft) -> set[date]:
    """The days from which it is counted how long nothing moved, and how long nothing was heard."""
    return {signs.last_move(draft), signs.last_heard(draft)}
