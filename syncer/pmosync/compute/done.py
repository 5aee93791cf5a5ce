"""Whether a milestone is done, since when, and how well that is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from pmosync.compute import endings
from pmosync.compute.case import Case
from pmosync.compute.endings import BEGINNING, Span
from pmosync.compute.policy import Policy
from pmosync.model import Outcome, WorkItem

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

# The stage in which the mappings put work that has ended. It is the last of the order, and none to wait for: all of a
# milestone's work being there is "all known work done", which is not done.
ENDED = "done"


class Completion(Struct, frozen=True, kw_only=True):
    """``done`` with its ``actual`` day and how that is known (``rule``).

    ``first_actual`` is the day of a first end that did not last, ``reopened`` when the last one of that kind was over.
    ``history_unknown``: it had ended before we ever looked. ``reached``: since when all work has stood in the stage that
    ends it.
    """

    done: bool = False
    when: str = ""
    actual: date | None = None
    rule: str = "open"
    first_actual: date | None = None
    reopened: datetime | None = None
    history_unknown: bool = False
    reached: date | None = None

    @property
    def estimated(self) -> bool:
        """Whether the actual day is a guess from the delivered items."""
        return self.rule == "estimated"


def completion(case: Case, items: Sequence[WorkItem], policy: Policy) -> Completion:
    """Whether ``done when`` holds. ``items`` are the milestone's open items, asked only for a stage."""
    when = done_when(case, policy)
    if when in CLOSINGS:
        found = _closed(case, when, policy)
    elif when == "confirmed":
        found = lasting(case, endings.typed(case, "confirmed"), policy)
    else:
        found = _staged(case, _waiting(case, when, items, policy), policy)
    return replace(found, when=when)


def done_when(case: Case, policy: Policy) -> str:
    """released, closed, confirmed or a stage: as typed, else the policy's, else by the form of the bound source.

    A word that is none of these counts as confirmed: what it means is known to people only.
    """
    ties = case.dated_ties() or case.ties
    word = meant((case.row.done_when if case.row else "") or policy.default_done_when)
    if word in waited_for(policy):
        return word
    if not ties or (word and word not in CLOSINGS):
        return "confirmed"
    return word or BY_FORM.get(ties[0].source.form, "closed")


def meant(typed: str) -> str:
    """What is typed as ``done when``, as a word of ours if it is one."""
    word = " ".join(typed.split()).casefold()
    return WORDS.get(word, word)


def is_known(typed: str, policy: Policy) -> bool:
    """Whether ``done when`` says what we know how to look for; nothing typed is no doubt."""
    return meant(typed) in {"", "confirmed", *CLOSINGS, *waited_for(policy)}


def stages(policy: Policy) -> tuple[str, ...]:
    """The stages in the order in which work goes through them."""
    return tuple(map(str.casefold, policy.stages))


def waited_for(policy: Policy) -> tuple[str, ...]:
    """The stages that ``done when`` may name, in their order."""
    return tuple(stage for stage in stages(policy) if stage != ENDED)


def person_actual(case: Case) -> date | None:
    """The actual day a person typed; a day to come is a finding and not an actual."""
    actual = case.row.actual if case.row else None
    return actual if actual is not None and actual <= case.today else None


def lasting(case: Case, spans: Sequence[Span], policy: Policy) -> Completion:
    """Done since the first end that lasts: one re-opened soon, or with much of the scope, does not, and the first of those
    stays on record. What an assessment has told of a re-opening is not revised by a later one.
    """
    last = case.colours[-1] if case.colours else None
    first, reopened = (last.first, last.reopened) if last else (None, None)
    for span, after in pairwise((*spans, None)):
        if span is None or _over(span, reopened):
            continue
        if span.reopened is None or not _counts(case, span, span.reopened, after.seen if after else None, policy):
            return Completion(
                done=True,
                actual=span.actual,
                rule=span.rule,
                first_actual=first,
                reopened=reopened,
                history_unknown=span.seen is None,
            )
        stated = _said(case, reopened, span.reopened - datetime.resolution) or span.actual
        first, reopened = first or stated, span.reopened
    return Completion(first_actual=first, reopened=reopened, rule="reopened" if first else "open")


def _over(span: Span, reopened: datetime | None) -> bool:
    """Whether an end was told to be over by a re-opening."""
    return span.reopened is not None and reopened is not None and span.reopened <= reopened


def _counts(case: Case, span: Span, reopened: datetime, again: datetime | None, policy: Policy) -> bool:
    """Whether a re-opening was soon, or of much of the scope; the latter is judged until it has ended ``again``."""
    clock = case.clock
    since = clock.day(span.seen) if span.seen else span.actual
    if since is not None and clock.calendar.between(since, clock.day(reopened)) <= policy.reopen_days:
        return True
    told = again is not None and bool(case.colours) and clock.day(again) <= case.colours[-1].day
    return not told and _share(case, span, clock.day(reopened), clock.day(again or case.now)) > policy.reopen_share


def _share(case: Case, span: Span, first: date, last: date) -> float:
    """The share of the scope that was re-opened: what waits, with what was delivered meanwhile; all of it if none is known."""
    progress = case.progress
    if not progress.total:
        return 1
    if span.waiting is not None:
        return span.waiting / progress.total
    inside = _within(case, progress.delivered_at, first, last) - _within(case, progress.backfilled_at, first, last)
    return (progress.open + inside) / progress.total


def _within(case: Case, instants: Sequence[datetime], first: date, last: date) -> int:
    """How many of the instants, oldest first, lie on these days."""
    return max(case.clock.by(instants, last) - case.clock.by(instants, first - timedelta(days=1)), 0)


def _said(case: Case, since: datetime | None, at: datetime) -> date | None:
    """The actual that a person's row showed at an instant, if it was typed since another one (None: ever)."""
    for span in reversed(endings.typed(case, "person")):
        seen = span.seen or BEGINNING
        if (since or BEGINNING) <= seen <= at and (span.reopened is None or span.reopened > at):
            return span.actual
    return None


def _closed(case: Case, when: str, policy: Policy) -> Completion:
    """All deciding sources are closed; since when, a person says first, unless that was typed before a re-opening."""
    found = lasting(case, endings.closings(case, when, policy), policy)
    typed = _said(case, found.reopened, case.now) if found.done else None
    return replace(found, actual=typed, rule="person") if typed else found


def _staged(case: Case, waiting: int, policy: Policy) -> Completion:
    """Every item has reached the stage: done since the first day an assessment said so.

    A person's actual ends it as well: the work may be in no system that shows its stage.
    """
    by_stage = lasting(case, endings.staged(case, waiting), policy)
    since = by_stage.reopened or BEGINNING
    typed = [span for span in endings.typed(case, "person") if (span.seen or BEGINNING) >= since]
    by_person = lasting(case, typed, policy)
    if by_stage.done and not by_person.done:
        return replace(by_stage, reached=by_stage.actual)
    found = replace(by_person, reached=by_stage.actual)
    if found.reopened is None or found.reopened < since:
        first = by_stage.first_actual
        found = replace(
            found, first_actual=first, reopened=by_stage.reopened, rule=found.rule if found.done else by_stage.rule
        )
    return found


def _waiting(case: Case, stage: str, items: Sequence[WorkItem], policy: Policy) -> int:
    """How many items have not reached the stage: those in a later one and those that ended have passed it."""
    order = stages(policy)
    enough = order[order.index(stage) :]
    there = sum(1 for item in items if item.outcome is Outcome.OPEN and item.stage.casefold() in enough)
    return max(case.progress.open - there, 0)
