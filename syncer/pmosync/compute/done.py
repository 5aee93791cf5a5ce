"""Whether a milestone is done, since when, and how well that is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import ceil

from msgspec import Struct

from pmosync.compute.case import Case, Tie
from pmosync.compute.policy import Policy
from pmosync.model import Observation, Outcome, WorkItem

WORDS = {
    "发布": "released",
    "已发布": "released",
    "关闭": "closed",
    "已关闭": "closed",
    "确认": "confirmed",
    "已确认": "confirmed",
}
CLOSINGS = frozenset({"released", "closed"})
BY_FORM = {"version": "released"}


class Completion(Struct, frozen=True, kw_only=True):
    """``done`` with its ``actual`` day and how that is known (``rule``).

    ``estimated``: the actual day is a guess from the delivered items. ``first_actual`` is the day of a first end that did
    not last. ``history_unknown``: it had ended before we ever looked. ``reached``: since when all work has stood in the
    stage that ends it.
    """

    done: bool = False
    when: str = ""
    actual: date | None = None
    estimated: bool = False
    rule: str = "open"
    first_actual: date | None = None
    history_unknown: bool = False
    reached: date | None = None


class Span(Struct, frozen=True):
    """A source was closed from ``seen`` (None: already so when we first looked) to ``reopened`` (None: still closed)."""

    seen: date | None
    reopened: date | None = None


def completion(case: Case, items: Sequence[WorkItem], policy: Policy) -> Completion:
    """Whether ``done when`` holds. ``items`` are the milestone's open items, asked only for a stage."""
    when = done_when(case, policy)
    if when in CLOSINGS:
        return _closed(case, when, policy)
    if when == "confirmed":
        actual = person_actual(case)
        return Completion(done=actual is not None, when=when, actual=actual, rule="confirmed" if actual else "open")
    return _staged(case, when, items)


def done_when(case: Case, policy: Policy) -> str:
    """released, closed, confirmed or a stage: as typed, else the policy's, else by the form of the bound source."""
    ties = case.dated_ties() or case.ties
    typed = (case.row.done_when if case.row else "") or policy.default_done_when
    word = WORDS.get(typed.strip(), typed.strip().casefold())
    if not ties and (not word or word in CLOSINGS):
        return "confirmed"
    return word or BY_FORM.get(ties[0].source.form, "closed")


def person_actual(case: Case) -> date | None:
    """The actual day a person typed; a day to come is a finding and not an actual."""
    actual = case.row.actual if case.row else None
    return actual if actual is not None and actual <= case.today else None


def share_day(case: Case, share: float) -> date | None:
    """The day on which ``share`` of the delivered items were done; None if none were."""
    ends = case.progress.delivered_at
    return case.clock.day(ends[max(ceil(share * len(ends)), 1) - 1]) if ends else None


def spans(case: Case, tie: Tie) -> tuple[Span, ...]:
    """The times a source was closed, as we saw them."""
    found: list[Span] = []
    for each in case.history(tie, "closed"):
        found = _seen(found, each, case)
    last_open = not found or found[-1].reopened is not None
    return (*found, Span(None)) if tie.source.closed and last_open else tuple(found)


def _seen(found: list[Span], each: Observation, case: Case) -> list[Span]:
    day = case.clock.day(each.seen)
    is_closed = bool(found) and found[-1].reopened is None
    if each.new == "true" and not is_closed:
        return [*found, Span(None if each.first else day)]
    if each.new == "false" and is_closed:
        return [*found[:-1], Span(found[-1].seen, day)]
    return found


def _closed(case: Case, when: str, policy: Policy) -> Completion:
    """All leading sources (else all that lend dates) are closed: the last of them ends the milestone."""
    ties = case.dated_ties() or case.ties
    deciding = tuple(tie for tie in ties if tie.binding.leading) or ties
    ends = [_end(case, tie, when, policy) for tie in deciding]
    firsts = [end.first_actual for end in ends if end.first_actual]
    first = min(firsts) if firsts else None
    if not all(end.done for end in ends):
        return Completion(when=when, first_actual=first, rule="reopened" if first else "open")
    last = max(ends, key=lambda end: end.actual or date.min)
    actual = person_actual(case)
    return Completion(
        done=True,
        when=when,
        actual=actual or last.actual,
        estimated=actual is None and last.estimated,
        rule="person" if actual else last.rule,
        first_actual=first,
        history_unknown=all(end.history_unknown for end in ends),
    )


def _end(case: Case, tie: Tie, when: str, policy: Policy) -> Completion:
    """How one source ended: re-opened soon, or with much of the scope, it is open again; else done since its first end."""
    first: date | None = None
    for span in spans(case, tie):
        end = _unwatched(case, tie, when, policy) if span.seen is None else _watched(case, tie, when, span.seen, policy)
        if span.reopened is None or not _counts(case, span, end.actual, policy):
            return Completion(
                done=True,
                when=when,
                actual=end.actual,
                estimated=end.estimated,
                rule=end.rule,
                first_actual=first,
                history_unknown=end.history_unknown,
            )
        first = first or end.actual
    return Completion(when=when, first_actual=first)


def _watched(case: Case, tie: Tie, when: str, seen: date, policy: Policy) -> Completion:
    """The release date if it lies near the day we saw the end, else that day."""
    told = tie.source.target if when == "released" else None
    if told and told <= case.today and abs(case.clock.calendar.between(told, seen)) <= policy.released_within:
        return Completion(actual=told, rule="release_date")
    return Completion(actual=seen, rule="seen")


def _unwatched(case: Case, tie: Tie, when: str, policy: Policy) -> Completion:
    """It had ended before we looked: the later of release date and the day most delivered items were done, as an estimate."""
    source = tie.source
    if when != "released" and source.closed_at is not None:
        return Completion(actual=case.clock.day(source.closed_at), rule="source_told", history_unknown=True)
    days = [day for day in (source.target, share_day(case, policy.backdone_share)) if day and day <= case.today]
    actual = max(days) if days else None
    return Completion(actual=actual, estimated=True, rule="estimated", history_unknown=True)


def _counts(case: Case, span: Span, ended: date | None, policy: Policy) -> bool:
    if span.reopened is None:
        return False
    since = span.seen or ended
    if since is not None and case.clock.calendar.between(since, span.reopened) <= policy.reopen_days:
        return True
    progress = case.progress
    later = sum(case.clock.day(at) >= span.reopened for at in progress.delivered_at)
    return progress.total > 0 and (progress.open + later) / progress.total > policy.reopen_share


def _staged(case: Case, stage: str, items: Sequence[WorkItem]) -> Completion:
    """Every item has reached the stage (ended ones have passed it): done since the first day an assessment said so.

    A person's actual ends it as well: a stage may be one that no system shows.
    """
    reached, typed = _reached(case, stage, items), person_actual(case)
    actual = typed or reached
    if actual is None:
        return Completion(when=stage)
    return Completion(done=True, when=stage, actual=actual, rule="person" if typed else "stage", reached=reached)


def _reached(case: Case, stage: str, items: Sequence[WorkItem]) -> date | None:
    """Since when all work has stood in the stage: the day the last assessment told, else today. None while any waits."""
    waiting = case.progress.open - sum(
        1 for item in items if item.outcome is Outcome.OPEN and item.stage.casefold() == stage
    )
    if case.progress.total == 0 or waiting > 0:
        return None
    return (case.colours[-1].reached if case.colours else None) or case.today
