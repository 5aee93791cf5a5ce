"""The chain of evidence behind a verdict: for each field the rule, the answer, what it was made of, and where to look."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pmosync.compute.assessment import Dated, Rag, Step
from pmosync.compute.case import Tie
from pmosync.compute.colour import Weighed
from pmosync.compute.confidence import PARTS
from pmosync.compute.policy import Policy
from pmosync.compute.slippage import Slip


def steps(weighed: Weighed, rag: Rag, slip: Slip, policy: Policy) -> tuple[Step, ...]:
    """All steps, in the order in which the questions are asked."""
    return (
        _state(weighed),
        _owner(weighed),
        *_baselines(weighed),
        _target(weighed),
        *_rollup(weighed, policy),
        *_forecast(weighed),
        *_ends(weighed),
        _slip(weighed, slip),
        _confidence(weighed),
        _rag(weighed, rag),
    )


def told(dated: Dated | None) -> str:
    """A date with its source, as 2026-12-19 (child PAY-41)."""
    if dated is None:
        return "none"
    return f"{dated.day} ({' '.join(part for part in (dated.source, dated.name) if part)})"


def _state(weighed: Weighed) -> Step:
    life = weighed.draft.case.life
    inputs = tuple(f"{row.number} {row.type} {row.day}" for row in weighed.draft.case.decisions)
    rule = f"decision {life.decision}" if life.decision else f"done when {weighed.draft.done.when}"
    return Step("state", rule, str(weighed.outcome.state), inputs, _links(weighed))


def _owner(weighed: Weighed) -> Step:
    owner = weighed.draft.owner
    return Step("owner", owner.found or "none", owner.name or "nobody")


def _baselines(weighed: Weighed) -> Iterator[Step]:
    bases = weighed.draft.baselines
    inputs = tuple(
        f"v{each.version} {each.day} {'correction ' if each.correction else ''}{each.decision or 'auto'}"
        for each in bases.all
    )
    for field, base in (("original", bases.original), ("current", bases.current)):
        rule = (base.decision or "auto") if base else "none"
        yield Step(field, rule, base.day.isoformat() if base else "No baseline", inputs)


def _target(weighed: Weighed) -> Step:
    target = weighed.draft.target
    return Step(
        "target", target.rule, told(target.winner), tuple(told(each) for each in target.candidates), _links(weighed)
    )


def _rollup(weighed: Weighed, policy: Policy) -> Iterator[Step]:
    found = weighed.draft.evidence.rollup
    if found is not None:
        rule = "used" if found.used else f"partial (below {policy.rollup_share:.0%})"
        yield Step("rollup", rule, told(_child(found.day, found.child)), (f"{found.dated} of {found.open} dated",))


def _forecast(weighed: Weighed) -> Iterator[Step]:
    found = weighed.draft.evidence.forecast
    if found is not None:
        inputs = (f"seen {found.seen}", f"holds until {found.lapses}")
        yield Step("forecast", weighed.outcome.expected.forecast_state or "unused", found.day.isoformat(), inputs)


def _ends(weighed: Weighed) -> Iterator[Step]:
    outcome, done = weighed.outcome, weighed.draft.done
    if outcome.actual is not None:
        inputs = (f"first ended {done.first_actual}",) if done.first_actual else ()
        yield Step("actual", outcome.rule, outcome.actual.isoformat(), inputs, _links(weighed))
        return
    expected = outcome.expected
    seen = [f"evidence {told(expected.evidence)}", f"judged on {told(expected.judged)}"]
    moved = [f"freeze {expected.freeze}"] if expected.freeze else []
    row = weighed.draft.case.row
    waits = [f"waits for {', '.join(row.depends_on)}"] if row and row.depends_on else []
    yield Step("expected", expected.rule, told(expected.dated), (*seen, *waits, *moved))


def _slip(weighed: Weighed, slip: Slip) -> Step:
    if slip.wd is None:
        return Step("slip", "undefined", "none")
    current = weighed.draft.baselines.current
    inputs = (f"calendar {weighed.draft.case.clock.calendar.name}", f"baseline {current.day if current else ''}")
    return Step("slip", "end − baseline", f"{slip.wd:+} wd / {slip.days:+} days", inputs)


def _confidence(weighed: Weighed) -> Step:
    return Step("confidence", " ".join(f"{part} {points}" for part, points in PARTS.items()), str(weighed.confidence))


def _rag(weighed: Weighed, rag: Rag) -> Step:
    tolerance = weighed.draft.tolerance
    inputs = (f"computed {rag.computed}", f"amber > {tolerance.amber} wd, red > {tolerance.red} wd")
    return Step("rag", ", ".join(why.key for why in rag.reasons) or "none", str(rag.shown), inputs)


def _child(day: date | None, key: str) -> Dated | None:
    return Dated(day, "child", key) if day else None


def _links(weighed: Weighed) -> tuple[str, ...]:
    return tuple(_link(tie) for tie in weighed.draft.case.ties)


def _link(tie: Tie) -> str:
    return "restricted" if tie.source.restricted else tie.source.url or str(tie.source.ref)
