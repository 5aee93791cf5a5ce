"""The chain of evidence behind a verdict: for each field the rule, the answer, what it was made of, and where to look."""

from __future__ import annotations

from collections.abc import Iterator

from pmosync.compute import confidence
from pmosync.compute.assessment import Dated, Rag, Reason, Step
from pmosync.compute.case import Tie
from pmosync.compute.colour import Weighed
from pmosync.compute.dates import CONTRADICTED
from pmosync.compute.policy import Policy
from pmosync.compute.reasons import BEHIND, Value, evidence
from pmosync.compute.signs import ROUNDING
from pmosync.compute.slippage import Slip
from pmosync.compute.unfrozen import unfrozen
from pmosync.model import Baseline, State


def steps(weighed: Weighed, rag: Rag, slip: Slip, policy: Policy) -> tuple[Step, ...]:
    """All steps, in the order in which the questions are asked."""
    return (
        _state(weighed),
        _owner(weighed),
        *_baselines(weighed, policy),
        _target(weighed),
        *_rollup(weighed, policy),
        *_forecast(weighed),
        *_pace(weighed),
        *_calibrated(weighed),
        *_ends(weighed),
        _slip(weighed, slip),
        _confidence(weighed),
        _rag(weighed, rag),
    )


def coloured(rag: Rag) -> Reason:
    """A colour as it counts: a decided one with the colour that it covers."""
    if rag.override:
        return evidence("decided_colour", mark=rag.override, covers=str(rag.shown))
    return evidence("coloured", mark=str(rag.shown))


def ruled(rag: Rag) -> str:
    """The keys of a colour's reasons."""
    return ", ".join(why.key for why in rag.reasons) or "none"


def told(dated: Dated | None, key: str = "dated") -> Reason:
    """A date with where it comes from."""
    return evidence(key, **_origin(dated)) if dated else evidence("nothing")


def _origin(dated: Dated) -> dict[str, Value | None]:
    return {
        "day": dated.day,
        "source": dated.source,
        "name": dated.seen or dated.name,
        "behind": BEHIND.join(dated.behind),
        "was_due": dated.overdue,
        "moved_from": dated.thawed,
        "windows": dated.freeze,
        "coarse": dated.coarse or None,
    }


def _state(weighed: Weighed) -> Step:
    life = weighed.draft.case.life
    inputs = tuple(
        evidence("decided", decision=row.number, type=str(row.type or ""), day=row.day)
        for row in weighed.draft.case.decisions
    )
    by_facts = evidence("done_when", stage=weighed.draft.done.when)
    rule = evidence("by_decision", decision=life.decision) if life.decision else by_facts
    return Step("state", rule, evidence("in_state", state=str(weighed.outcome.state)), inputs, _links(weighed))


def _owner(weighed: Weighed) -> Step:
    owner = weighed.draft.owner
    return Step("owner", owner.found or "none", owner.name or evidence("nobody"))


def _baselines(weighed: Weighed, policy: Policy) -> Iterator[Step]:
    bases = weighed.draft.baselines
    inputs = tuple(map(_version, bases.all))
    for field, base in (("original", bases.original), ("current", bases.current)):
        rule = (base.decision or "auto") if base else unfrozen(weighed.draft, policy)
        yield Step(field, rule, evidence("on", day=base.day) if base else evidence("without_baseline"), inputs)


def _version(base: Baseline) -> Reason:
    key = "corrected" if base.correction else "version"
    return evidence(key, version=base.version, day=base.day, decision=base.decision)


def _target(weighed: Weighed) -> Step:
    target = weighed.draft.target
    return Step(
        "target", target.rule, told(target.winner), tuple(told(each) for each in target.candidates), _links(weighed)
    )


def _rollup(weighed: Weighed, policy: Policy) -> Iterator[Step]:
    found = weighed.draft.evidence.rollup
    if found is not None:
        rule = "used" if found.used else evidence("partly", share=f"{policy.rollup_share:.0%}")
        child = Dated(found.day, "child", found.child, due=found.due) if found.day else None
        yield Step("rollup", rule, told(child), (evidence("dated_of", dated=found.dated, open=found.open),))


def _forecast(weighed: Weighed) -> Iterator[Step]:
    found = weighed.draft.evidence.forecast
    if found is not None:
        inputs = (evidence("seen", day=found.seen), evidence("holds", day=found.lapses))
        rule = weighed.outcome.expected.forecast_state or "unused"
        yield Step("forecast", rule, evidence("on", day=found.day), inputs)
    elif weighed.outcome.actual is None and weighed.outcome.state is State.ACTIVE:
        yield Step("forecast", "untyped", evidence("nothing"))


def _pace(weighed: Weighed) -> Iterator[Step]:
    """What pace says, whatever it may be used for; who served how much is its evidence."""
    found = weighed.foreseen.pace
    if found is None:
        return
    inputs = [evidence("pace_teams", teams=", ".join(found.teams))]
    if len(found.teams) > 1:
        inputs.append(evidence("pace_several"))
    if found.first is not None:
        inputs.append(evidence("pace_first", leader=found.leader, day=found.first))
    if (more := round((found.growth - 1) * 100)) > 0:
        inputs.append(evidence("pace_growth", percent=more, count=found.compared))
    if found.committed is not None:
        inputs.append(evidence("pace_delivered", likely=found.likely, safe=found.safe, committed=found.committed))
    if found.withheld:
        yield Step("pace", "withheld", evidence("nothing"), (*found.withheld, *inputs))
    elif found.p50 is None:
        yield Step("pace", "convolved", evidence("pace_beyond"), tuple(inputs))
    else:
        safe = (evidence("pace_p85", day=found.p85),) if found.p85 else ()
        said = evidence("pace_p50", day=found.p50, via=found.via, windows=found.windows)
        yield Step("pace", "convolved", said, (*safe, *inputs))


def _calibrated(weighed: Weighed) -> Iterator[Step]:
    """The published forecast, by whom, and how often such dates of it were kept; why there is none of what is under way."""
    found, silent = weighed.foreseen.calibrated, weighed.foreseen.unforecast
    if silent is not None:
        yield Step("p50", "uncalibrated", evidence("nothing"), (silent,))
    if found is not None:
        kept = found.record
        hits = evidence("hits", p50=f"{kept.p50:.0%}", p85=f"{kept.p85:.0%}", count=kept.count)
        chance = () if found.chance is None else (evidence("chance", percent=int(found.chance * 100 + ROUNDING)),)
        answer = evidence("p50_p85", p50=found.p50, p85=found.p85)
        yield Step("p50", kept.winner, answer, (hits, *chance))


def _ends(weighed: Weighed) -> Iterator[Step]:
    outcome, done = weighed.outcome, weighed.draft.done
    if outcome.actual is not None:
        inputs = (evidence("first_ended", day=done.first_actual),) if done.first_actual else ()
        yield Step("actual", outcome.rule, evidence("on", day=outcome.actual), inputs, _links(weighed))
        return
    expected = outcome.expected
    proofs = ((expected.evidence, "proof"), (expected.judged, "judged_on"))
    seen = [told(dated, key) for dated, key in proofs if dated is not None]
    row = weighed.draft.case.row
    waits = [evidence("waits_for", codes=", ".join(row.depends_on))] if row and row.depends_on else []
    yield Step("expected", expected.rule, told(expected.dated), (*seen, *waits))


def _signed(number: int | None) -> str:
    """A count with its sign; a nought has none."""
    return f"{number:+}" if number else "0"


def _slip(weighed: Weighed, slip: Slip) -> Step:
    reference, current = weighed.draft.reference, weighed.draft.baselines.current
    calendar = evidence("on_calendar", calendar=weighed.draft.case.clock.calendar.name)
    if slip.wd is None and current is None and reference is not None and weighed.stated is not None:
        against = evidence("first_target", slip=weighed.stated, first_target=reference)
        return Step("slip", "undefined", evidence("nothing"), (against, calendar))
    if slip.wd is None:
        return Step("slip", "undefined", evidence("nothing"))
    doubted = weighed.outcome.expected.forecast_state == CONTRADICTED
    judged = (evidence("slip_judged", wd=_signed(weighed.slip)),) if doubted else ()
    inputs = (*judged, calendar, evidence("baseline_on", baseline=current.day if current else None))
    return Step("slip", "end − baseline", evidence("days_late", wd=_signed(slip.wd), days=_signed(slip.days)), inputs)


def _confidence(weighed: Weighed) -> Step:
    """The points reached of each part, out of those it can give, with the last day of what grows old."""
    inputs = tuple(_points(weighed, part, of) for part, of in confidence.PARTS.items())
    return Step("confidence", "points", str(weighed.confidence), inputs)


def _points(weighed: Weighed, part: str, of: int) -> Reason:
    draft, points = weighed.draft, confidence.points(part, weighed.shares[part])
    last = {"movement": confidence.last_moved, "confirmed": confidence.last_said}.get(part)
    return evidence(
        "points", part=confidence.told(part, draft), points=points, of=of, last=last(draft) if last else None
    )


def _rag(weighed: Weighed, rag: Rag) -> Step:
    tolerance = weighed.draft.tolerance
    inputs = (
        evidence("computed", mark=str(rag.computed)),
        evidence("tolerances", amber=tolerance.amber, red=tolerance.red),
    )
    return Step("rag", ruled(rag), coloured(rag), inputs)


def _links(weighed: Weighed) -> tuple[str, ...]:
    return tuple(_link(tie) for tie in weighed.draft.case.ties)


def _link(tie: Tie) -> str:
    return "restricted" if tie.source.restricted else tie.source.url or str(tie.source.ref)
