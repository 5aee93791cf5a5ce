"""Baselines: the original promise, its decided versions, and the ones to keep from now on. The tool never moves one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from pmosync.compute import lifecycle, observed
from pmosync.compute.case import Case
from pmosync.compute.done import Completion
from pmosync.compute.place import spot
from pmosync.compute.policy import Policy
from pmosync.compute.target import Target
from pmosync.mapping.told import values
from pmosync.model import Baseline, DecisionRow, DecisionType, Observation, Problem, State

OPEN = frozenset({State.ACTIVE, State.PAUSED})
"""States in which a milestone is still to be kept."""

SETTING = frozenset({DecisionType.BASELINE, DecisionType.REBASELINE, DecisionType.CORRECTION})


class Baselines(Struct, frozen=True, kw_only=True):
    """All versions of a milestone, stored and ``new``.

    ``original`` and ``current`` are the first and the last version, each in its latest correction.
    """

    all: tuple[Baseline, ...] = ()
    new: tuple[Baseline, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def versions(self) -> tuple[Baseline, ...]:
        """The baseline that counts of each version, by version."""
        if len(self.all) == 1:
            return self.all
        counting = {each.version: each for each in self.all}
        return tuple(counting[version] for version in sorted(counting))

    @property
    def original(self) -> Baseline | None:
        """The first promise."""
        return self.versions[0] if self.all else None

    @property
    def current(self) -> Baseline | None:
        """The promise in force."""
        return self.versions[-1] if self.all else None

    @property
    def replans(self) -> int:
        """How often a decision has replaced the promise."""
        return max(len(self.versions) - 1, 0)


def baselines(case: Case, target: Target, done: Completion, policy: Policy) -> Baselines:
    """The milestone's baselines: the stored ones as they are, then those that decisions and the freeze day add."""
    kept = stored(case.baselines)
    freezes = freeze_day(case, policy)
    automatic = frozen(case, target, done, freezes) if not kept and freezes else None
    new: list[Baseline] = []
    problems: list[Problem] = []
    for row in (each for each in case.decisions if each.type in SETTING):
        if automatic and freezes and row.day and freezes < row.day and not kept and not new:
            new.append(automatic)
        made = decided(case, target, row, (*kept, *new))
        if isinstance(made, Baseline):
            new.append(made)
        elif made is not None:
            problems.append(made)
    if automatic and not kept and not new:
        new.append(automatic)
    return Baselines(all=(*kept, *new), new=tuple(new), problems=tuple(problems))


def inherited(decision: DecisionRow, own: Baselines, origin: Baselines, heir: Case) -> Baselines:
    """The successor of a partial delivery takes over the promise it carries on: every version of it where it has none
    of its own yet, else the one in force as its next version. What was decided on it later stays.
    """
    if origin.current is None or any(each.decision == label(decision) for each in own.all):
        return own
    if not heir.baselines and not any(each.decision for each in own.all):
        given = tuple(_given(decision, heir, each.version, each.day) for each in origin.versions)
        return replace(own, all=given, new=given)
    if _later(decision, own, heir):
        return own
    version = max(each.version for each in own.all) + 1
    given = (_given(decision, heir, version, origin.current.day),)
    return replace(own, all=(*own.all, *given), new=(*own.new, *given))


def stored(rows: Iterable[Baseline]) -> tuple[Baseline, ...]:
    """Stored baselines in the order in which they count: by version, a later correction last."""
    return tuple(sorted(rows, key=_place))


def freeze_day(case: Case, policy: Policy) -> date | None:
    """The day on which the first promise freezes by itself: some wd after commitment, or after a later first appearance,
    pauses not counted.
    """
    if case.project is None or case.project.committed_on is None or case.life.state is not State.ACTIVE:
        return None
    since = max(case.project.committed_on, case.clock.day(case.milestone.appeared))
    away = lifecycle.spans(case.life.pauses, lifecycle.next_day(case.today))
    return lifecycle.later(case.clock.calendar, since, policy.freeze_after, away)


def frozen(case: Case, target: Target, done: Completion, freezes: date) -> Baseline | None:
    """The automatic first baseline, if its day has come and there is a date: the one known on the freeze day, else today's.

    A date that was first seen with the end itself, or after it, promised nothing.
    """
    ended_before = done.history_unknown or (done.actual is not None and done.actual < freezes)
    if case.today < freezes or ended_before:
        return None
    ended = end_seen(case, done)
    if ended is None:
        day = known_on(case, target, freezes) or planned(case, target)
    else:
        eve = ended - timedelta(days=1)
        day = known_on(case, target, min(freezes, eve)) or known_on(case, target, eve)
    if day is None:
        return None
    return Baseline(code=case.code, version=1, day=day, frozen=case.now, reason="auto")


def end_seen(case: Case, done: Completion) -> date | None:
    """The day on which we first saw that it had ended: its sources closed, a person's actual, its stage; None if open."""
    if not done.done:
        return None
    closings = [each.seen for tie in case.ties for each in case.history(tie, "closed") if each.new == "true"]
    typed = [each.seen for each in case.said("actual") if each.new]
    days = [case.clock.day(max(seen)) for seen in (closings, typed) if seen]
    return min((*days, *([done.reached] if done.reached else [])), default=case.today)


def planned(case: Case, target: Target) -> date | None:
    """The plan-sheet date, else the target."""
    typed = case.row.target if case.row else None
    return typed or (target.winner.day if target.winner else None)


def known_on(case: Case, target: Target, day: date) -> date | None:
    """The plan-sheet date, else the target, as we knew it at the end of ``day``; None if nothing tells."""
    return _value(case, case.said("plan"), day) or _value(case, target.moves, day)


def decided(case: Case, target: Target, row: DecisionRow, have: Sequence[Baseline]) -> Baseline | Problem | None:
    """The baseline that a decision sets; None if it was set before; a finding if it cannot be."""
    before = next((each for each in have if each.decision == label(row)), None)
    if before is not None:
        return _changed(row, case.code, before)
    day = row.new_date or (planned(case, target) if row.type is DecisionType.BASELINE else None)
    if day is None:
        return _problem(row, case.code, "decision-date", "new_date", "names no new date", "enter the new date")
    if row.type is DecisionType.CORRECTION:
        return _corrected(case, row, have, day)
    if row.type is DecisionType.BASELINE and have:
        remedy = "decide a re-baseline, or a correction if the freeze was wrong"
        what = f"sets a baseline that stands since {have[0].day}"
        return _problem(row, case.code, "already-baselined", "type", what, remedy, day=have[0].day)
    version = max((each.version for each in have), default=0) + 1
    return Baseline(code=case.code, version=version, day=day, frozen=case.now, decision=label(row), reason=row.reason)


def version_on(case: Case, row: DecisionRow, have: Sequence[Baseline]) -> int:
    """The version that was in force when ``row`` was decided; the first one for a day before any."""
    decided_by = {label(each): lifecycle.when(each) for each in case.decisions if each.type in SETTING}

    def since(base: Baseline) -> tuple[date, lifecycle.Counted, str]:
        return decided_by.get(base.decision) or (case.clock.day(base.frozen), (), "")

    first = min(each.version for each in have)
    return max(
        (each.version for each in have if not each.correction and since(each) < lifecycle.when(row)), default=first
    )


def label(row: DecisionRow) -> str:
    """By what a baseline remembers its decision: the number, else its day."""
    return row.number or (row.day.isoformat() if row.day else "")


def wished(case: Case, known: Baselines, state: State) -> date | None:
    """The day that is wished for and waits for a decision; None where there is none, where nothing is promised any more, where it
    is the baseline already, and where a decision that came behind the wish promised another day.
    """
    row, current = case.row, known.current
    if row is None or row.wish is None or state not in OPEN or (current is not None and current.day == row.wish):
        return None
    seen = max((each.seen for each in case.said("wish") if each.new), default=None)
    answered = current is not None and current.decision and seen is not None and current.frozen > seen
    return None if answered else row.wish


def wishes(case: Case, known: Baselines, state: State) -> Iterator[Problem]:
    """A wish for a new baseline waits for a decision; it never moves anything."""
    row, current, day = case.row, known.current, wished(case, known, state)
    if row is None or day is None:
        return
    instead = current.day if current else "no baseline"
    message = f"{case.code} wishes {day} instead of {instead}: {row.wish_reason or 'no reason given'}"
    yield Problem(
        rule="wish-waiting",
        place=spot(row.place, "wish"),
        message=message,
        remedy="decide a re-baseline in Decisions, or clear the wish",
        code=case.code,
        values=values(code=case.code, day=day, instead=current.day if current else "", reason=row.wish_reason or ""),
    )


def successors(cases: Mapping[str, Case]) -> tuple[tuple[DecisionRow, str, str], ...]:
    """Each partial delivery in force as (decision, origin, successor), oldest first, so that a chain passes its promise on."""
    found = [
        (row, case.code, into)
        for case in cases.values()
        for row in case.decisions
        if row.type is DecisionType.PARTIAL and case.code in row.codes
        for into in row.into
        if into in cases and into != case.code
    ]
    return tuple(sorted(found, key=lambda each: (lifecycle.when(each[0]), each[1], each[2])))


def _place(base: Baseline) -> tuple[int, datetime, bool, lifecycle.Counted]:
    return base.version, base.frozen, base.correction, lifecycle.counted(base.decision)


def _given(decision: DecisionRow, heir: Case, version: int, day: date) -> Baseline:
    return Baseline(
        code=heir.code,
        version=version,
        day=day,
        frozen=heir.now,
        decision=label(decision),
        reason=decision.reason,
    )


def _later(decision: DecisionRow, own: Baselines, heir: Case) -> bool:
    """Whether a later decision than the partial delivery has set the successor's promise."""
    setting = {each.decision for each in own.all if each.decision}
    return any(
        row.type in SETTING and label(row) in setting and lifecycle.when(row) > lifecycle.when(decision)
        for row in heir.decisions
    )


def _corrected(case: Case, row: DecisionRow, have: Sequence[Baseline], day: date) -> Baseline | Problem:
    if not have:
        return _problem(
            row, case.code, "nothing-to-correct", "type", "corrects a baseline that does not exist", "decide a baseline"
        )
    return Baseline(
        code=case.code,
        version=version_on(case, row, have),
        day=day,
        frozen=case.now,
        decision=label(row),
        reason=row.reason,
        correction=True,
    )


def _changed(row: DecisionRow, code: str, before: Baseline) -> Problem | None:
    if row.new_date is None or row.new_date == before.day:
        return None
    what = f"set {before.day} and now says {row.new_date}; what was decided stays"
    remedy = "take a decision of type correction"
    return _problem(row, code, "decision-changed", "new_date", what, remedy, day=before.day, instead=row.new_date)


def _value(case: Case, moves: Iterable[Observation], day: date) -> date | None:
    value = ""
    for each in moves:
        if case.clock.day(each.seen) <= day:
            value = each.new
    return observed.day(value)


def _problem(row: DecisionRow, code: str, rule: str, field: str, what: str, remedy: str, **told: str | date) -> Problem:
    """A finding on a decision about one code; ``told`` is what its words speak of beside those two."""
    return Problem(
        rule=rule,
        place=spot(row.place, field),
        message=f"decision {label(row)} on {code} {what}",
        remedy=remedy,
        code=code,
        values=values(number=label(row), code=code, **told),
    )
