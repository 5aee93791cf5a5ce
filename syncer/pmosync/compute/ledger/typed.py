"""The moves that somebody made: of a target, a baseline, an actual or a forecast; and the pauses that are over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice

from msgspec import Struct

from pmosync.compute import lifecycle, observed
from pmosync.compute.baseline import Baselines
from pmosync.compute.case import Case
from pmosync.compute.draft import Draft
from pmosync.compute.outcome import Outcome
from pmosync.compute.people import People
from pmosync.model import Baseline, Move, Observation

TARGET, BASELINE, ACTUAL, FORECAST, EXPECTED, PAUSED = (
    "target",
    "baseline",
    "actual",
    "forecast",
    "expected",
    "paused",
)
FIELDS = (TARGET, BASELINE, ACTUAL, FORECAST, EXPECTED, PAUSED)
"""What a row of the ledger may be of."""


class Told(Struct, frozen=True):
    """A milestone whose ledger goes on: the rows ``kept`` of it, and when its sources were ``read`` before."""

    draft: Draft
    outcome: Outcome
    kept: Sequence[Move]
    people: People
    read: datetime | None = None

    @property
    def case(self) -> Case:
        """The milestone's case."""
        return self.draft.case

    @property
    def promise(self) -> date | None:
        """The day that is promised; None where nothing is yet."""
        current = self.draft.baselines.current
        return current.day if current is not None else None

    def late(self, day: date | None) -> int | None:
        """By how many wd a day is behind the promise; None without either."""
        return self.case.clock.calendar.between(self.promise, day) if self.promise and day else None

    def of(self, field: str) -> tuple[Move, ...]:
        """The rows kept of one date."""
        return tuple(move for move in self.kept if move.field == field)


def typed(told: Told) -> tuple[Move, ...]:
    """The rows that are new, in the order in which they were seen."""
    found = (*_targets(told), *_forecasts(told), *_baselines(told), *_actuals(told), *_pauses(told))
    return tuple(sorted(found, key=lambda move: (move.seen, FIELDS.index(move.field))))


def _targets(told: Told) -> Iterator[Move]:
    moves = tuple(_observed(told, TARGET, told.draft.target.moves))
    yield from moves
    last = (*told.of(TARGET), *moves)[-1:]
    winner = told.draft.target.winner
    now = winner.day if winner else None
    if last and last[0].new != now:
        yield _move(told, TARGET, told.case.now, last[0].new, now)


def _forecasts(told: Told) -> Iterator[Move]:
    yield from _observed(told, FORECAST, told.case.said(FORECAST))


def _observed(told: Told, field: str, seen: Iterable[Observation]) -> Iterator[Move]:
    """A row for each move that was seen behind the last one kept; the first sight of a date is none."""
    kept = told.of(field)
    since = max((move.seen for move in kept), default=None)
    last = kept[-1].new if kept else None
    for each in seen:
        old, new = observed.day(each.old), observed.day(each.new)
        if each.first or old == new or (since is not None and each.seen <= since):
            continue
        before = last if last is not None else old
        last = new
        if before != new:
            yield _move(told, field, each.seen, before, new, changed=each.changed, by=_name(told.people, each.by))


def _baselines(told: Told) -> Iterator[Move]:
    """A row for each version and correction behind the first promise; kept ones are the first of them."""
    for before, base in islice(_steps(told.draft.baselines), len(told.of(BASELINE)), None):
        yield _move(told, BASELINE, base.frozen, before.day, base.day, decision=base.decision, reason=base.reason)


def _steps(known: Baselines) -> Iterator[tuple[Baseline, Baseline]]:
    """Each baseline behind the first, as they were frozen, with the one that it replaces."""
    told: list[Baseline] = []
    for base in sorted(known.all, key=lambda each: (each.frozen, each.version)):
        replaced = [each for each in told if not base.correction or each.version == base.version]
        if replaced:
            yield replaced[-1], base
        told.append(base)


def _actuals(told: Told) -> Iterator[Move]:
    kept, actual = told.of(ACTUAL), told.outcome.actual
    last = kept[-1].new if kept else None
    if actual != last:
        end = _ending(told, kept[-1].seen if kept else None)
        seen, changed, by = (end.seen, end.changed, end.by) if end else (told.case.now, None, "")
        yield _move(told, ACTUAL, seen, last, actual, changed=changed, by=_name(told.people, by), wd=_rest(told, last))


def _rest(told: Told, last: date | None) -> int | None:
    """By how many wd the end that follows ``last`` is from the date that has a row, else from the promise; what takes an end
    back takes all of it back. None where nothing is promised.
    """
    actual, rows = told.outcome.actual, told.of(EXPECTED)
    if actual is None:
        parts = [move.wd for move in told.of(ACTUAL)]
        return None if None in parts else -sum(wd or 0 for wd in parts)
    stood = rows[-1].new if rows and not rows[-1].planning else told.promise
    since = last or (stood if told.promise else None)
    return told.case.clock.calendar.between(since, actual) if since else None


def _ending(told: Told, since: datetime | None) -> Observation | None:
    """What was seen last of the end behind the row before: a source that closed or opened again, an actual that somebody
    typed or cleared. Before there is any row, ends alone: nothing is taken back then.
    """
    case = told.case
    closed = [each for tie in case.ties for each in case.history(tie, "closed")]
    found = [each for each in (*closed, *case.said(ACTUAL)) if _is_behind(each, since)]
    return max(found, key=lambda each: each.seen, default=None)


def _is_behind(each: Observation, since: datetime | None) -> bool:
    return each.new not in {"", "false"} if since is None else not each.first and each.seen > since


def _pauses(told: Told) -> Iterator[Move]:
    """One row for each pause that is over: so many wd by that decision."""
    kept = {(move.old, move.decision) for move in told.of(PAUSED)}
    calendar = told.case.clock.calendar
    for pause in told.case.life.pauses:
        if pause.until is not None and pause.until <= told.case.today and (pause.since, pause.decision) not in kept:
            wd = lifecycle.paused_wd(told.case.life.pauses, calendar, pause.since, pause.until)
            yield _move(told, PAUSED, told.case.now, pause.since, pause.until, decision=pause.decision, wd=wd)


def _move(
    told: Told,
    field: str,
    seen: datetime,
    old: date | None,
    new: date | None,
    *,
    changed: datetime | None = None,
    by: str = "",
    decision: str = "",
    reason: str = "",
    wd: int | None = None,
) -> Move:
    case = told.case
    untold = changed is None and not decision and seen == case.now and field in {TARGET, FORECAST, ACTUAL}
    return Move(
        code=case.code,
        field=field,
        day=case.clock.day(seen),
        seen=seen,
        old=old,
        new=new,
        wd=wd if wd is not None else case.clock.calendar.between(old, new) if old and new else None,
        changed=changed,
        by=by,
        after=told.read if untold else None,
        decision=decision,
        reason=reason,
        slip=told.late(new) if field == ACTUAL else None,
    )


def _name(people: People, account: str) -> str:
    """The name of an account's person; the account itself where nobody has it."""
    person = people.account(account)
    return person.name if person is not None and person.name else account
