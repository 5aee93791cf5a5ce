"""When a milestone had ended and when it was open again, as its history tells: its sources, a person, a stage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from math import ceil

from msgspec import Struct
from msgspec.structs import replace

from pmosync.compute import observed
from pmosync.compute.case import Case, Tie
from pmosync.compute.policy import Policy
from pmosync.model import Observation

BEGINNING, END = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Span(Struct, frozen=True, kw_only=True):
    """It had ended from ``seen`` (None: already so when we first looked) to ``reopened`` (None: it still has).

    ``actual`` is the day it ended and ``rule`` how that is known. ``waiting`` counts the items that re-opened it, where
    only those are known.
    """

    seen: datetime | None = None
    reopened: datetime | None = None
    actual: date | None = None
    rule: str = "seen"
    waiting: int | None = None


def closings(case: Case, when: str, policy: Policy) -> tuple[Span, ...]:
    """The times at which all leading sources (else all that lend dates) were closed; the last of them ended it."""
    ties = case.dated_ties() or case.ties
    deciding = tuple(tie for tie in ties if tie.binding.leading) or ties
    found = of_source(case, deciding[0], when, policy)
    for tie in deciding[1:]:
        found = tuple(shared(found, of_source(case, tie, when, policy)))
    return found


def of_source(case: Case, tie: Tie, when: str, policy: Policy) -> tuple[Span, ...]:
    """The times at which one source was closed, each with its own end."""
    return tuple(_dated(case, tie, span, when, policy) for span in _closed(case, tie))


def shared(some: Sequence[Span], others: Sequence[Span]) -> Iterator[Span]:
    """The times at which both had ended, each with the later end of the two."""
    for one in some:
        for other in others:
            seen = max(one.seen or BEGINNING, other.seen or BEGINNING)
            reopened = min(one.reopened or END, other.reopened or END)
            if seen < reopened:
                last = max(one, other, key=lambda each: each.actual or date.min)
                yield replace(
                    last, seen=seen if seen > BEGINNING else None, reopened=reopened if reopened < END else None
                )


def typed(case: Case, rule: str) -> tuple[Span, ...]:
    """The times at which a person's actual stood; one moved within the past is the same end. A day to come is none yet."""
    said = [(each.seen, observed.day(each.new)) for each in case.said("actual")]
    now = case.row.actual if case.row else None
    if now != (said[-1][1] if said else None):
        said.append((case.now, now))
    found: tuple[Span, ...] = ()
    for seen, day in said:
        found = _retyped(case, found, seen, day)
    return tuple(replace(span, rule=rule) for span in found if span.actual is not None and span.actual <= case.today)


def staged(case: Case, waiting: int) -> tuple[Span, ...]:
    """The time for which all work has stood in the stage, as the assessments before told; ``waiting`` items do not now."""
    last = case.colours[-1] if case.colours else None
    today = begin(case, case.today)
    if last is not None and last.reached is not None:
        left = today if waiting else None
        return (
            Span(seen=begin(case, last.reached), reopened=left, actual=last.reached, rule="stage", waiting=waiting),
        )
    if waiting or not case.progress.total:
        return ()
    return (Span(seen=today, actual=case.today, rule="stage"),)


def begin(case: Case, day: date) -> datetime:
    """The instant at which a day of the project begins."""
    return datetime.combine(day, time(), case.clock.zone)


def share_day(case: Case, share: float, until: date) -> date | None:
    """The day on which ``share`` of what was delivered by ``until`` was done; None if nothing was."""
    ended = case.progress.delivered_at
    count = case.clock.by(ended, until)
    return case.clock.day(ended[max(ceil(share * count), 1) - 1]) if count else None


def _closed(case: Case, tie: Tie) -> tuple[Span, ...]:
    found: list[Span] = []
    for each in case.history(tie, "closed"):
        found = _seen(found, each)
    last_open = not found or found[-1].reopened is not None
    return (*found, Span()) if tie.source.closed and last_open else tuple(found)


def _seen(found: list[Span], each: Observation) -> list[Span]:
    is_closed = bool(found) and found[-1].reopened is None
    if each.new == "true" and not is_closed:
        return [*found, Span(seen=None if each.first else each.seen)]
    if each.new == "false" and is_closed:
        return [*found[:-1], replace(found[-1], reopened=each.seen)]
    return found


def _dated(case: Case, tie: Tie, span: Span, when: str, policy: Policy) -> Span:
    if span.seen is None:
        return _unwatched(case, tie, span, when, policy)
    return _watched(case, tie, span, span.seen, when, policy)


def _watched(case: Case, tie: Tie, span: Span, seen: datetime, when: str, policy: Policy) -> Span:
    """The release date as it stood when we saw the end, if it lies shortly before; else the day we saw it."""
    day, told = case.clock.day(seen), _target_at(case, tie, seen) if when == "released" else None
    if told and told <= day and case.clock.calendar.between(told, day) <= policy.released_within:
        return replace(span, actual=told, rule="release_date")
    return replace(span, actual=day, rule="seen")


def _unwatched(case: Case, tie: Tie, span: Span, when: str, policy: Policy) -> Span:
    """It had ended before we looked: the later of release date and the day most delivered items were done, as an estimate.

    Both as they stood on that day: what is edited or filled in later does not move it.
    """
    looked, closed_at = _looked(case, tie), tie.source.closed_at
    if when != "released" and closed_at is not None and closed_at <= (span.reopened or closed_at):
        return replace(span, actual=case.clock.day(closed_at), rule="source_told")
    until = case.clock.day(looked)
    days = (_target_at(case, tie, looked), share_day(case, policy.backdone_share, until))
    return replace(span, actual=max((day for day in days if day and day <= until), default=None), rule="estimated")


def _looked(case: Case, tie: Tie) -> datetime:
    """When we first looked at a source."""
    return next((each.seen for each in case.history(tie, "closed")), min(tie.binding.since, case.now))


def _target_at(case: Case, tie: Tie, at: datetime) -> date | None:
    """A source's date as it stood at an instant: as first seen, for one before that."""
    history = case.history(tie, "target")
    known = [each for each in history if each.seen <= at] or history[:1]
    return observed.day(known[-1].new) if known else tie.source.target


def _retyped(case: Case, found: tuple[Span, ...], seen: datetime, day: date | None) -> tuple[Span, ...]:
    """The spans after a person typed ``day`` (None: took it back) by ``seen``."""
    if found and found[-1].seen is not None and found[-1].seen > seen:
        found = found[:-1]  # its day had not come
    stands = bool(found) and found[-1].reopened is None
    if day is not None and day <= case.clock.day(seen):
        return (*(found[:-1] if stands else found), Span(seen=seen, actual=day))
    if stands:
        found = (*found[:-1], replace(found[-1], reopened=seen))
    return found if day is None else (*found, Span(seen=begin(case, day), actual=day))
