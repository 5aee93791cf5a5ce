"""Why an expected date moved: its old inputs replaced by the new ones, one after the other, in an order that is fixed and
printed. Each replacement moves the date by so many working days, and these add up to the move.

The method is that of chained substitution (a "bridge" or sequential variance analysis in cost accounting: Horngren, *Cost
Accounting*, flexible-budget variances): the order decides who bears what two causes did together, so it never changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from msgspec.structs import replace

from pmosync.model import Cause, Outcome, Planned, Proof

T = TypeVar("T")
Step = tuple[str, Callable[[T], T]]
"""A cause, and what puts its new inputs in the place of the old ones."""

CALENDAR, SCOPE, REESTIMATE, PREDECESSOR, THROUGHPUT = "calendar", "scope", "re_estimate", "predecessor", "throughput"
BLOCKED, WAITING, REPLANNED, METHOD, UNEXPLAINED = "blocked", "waiting", "re_planned", "method", "unexplained"
CAUSES = (CALENDAR, SCOPE, REESTIMATE, PREDECESSOR, THROUGHPUT, BLOCKED, WAITING, REPLANNED, METHOD)
"""The order in which inputs are replaced. What is left once all are is the method's: the rules count otherwise now."""
SHOWN = (*CAUSES[: CAUSES.index(BLOCKED)], "overdue", *CAUSES[CAUSES.index(BLOCKED) :], UNEXPLAINED)
"""The words of causes in the order in which they are shown; what is overdue stands behind the pace that it is not."""
NONE_WAITS: Mapping[str, str] = MappingProxyType({})
NAMED = 3
"""So many things are named as evidence of a cause."""


def telescoped(
    inputs: T, steps: Sequence[Step[T]], expected: Callable[[T], date | None], between: Callable[[date, date], int]
) -> tuple[tuple[str, int], ...]:
    """By how many wd each step moved the date, in the order of the steps. A state from which no date follows moves nothing;
    the next one that has a date bears the difference.
    """
    found, last = [], expected(inputs)
    for cause, step in steps:
        before, inputs = inputs, step(inputs)
        day = last if inputs == before else expected(inputs)
        found.append((cause, between(last, day) if last and day else 0))
        last = day or last
    return tuple(found)


def summed(found: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """The contributions with each cause once, in the order of ``CAUSES``."""
    told: Counter[str] = Counter()
    for cause, wd in found:
        told[cause] += wd
    return tuple((cause, told[cause]) for cause in CAUSES if cause in told)


def with_rest(found: Iterable[tuple[str, int]], wd: int) -> tuple[tuple[str, int], ...]:
    """The contributions with what is left of a move of ``wd`` once all inputs are the new ones: the method changed."""
    told = tuple(found)
    return (*told, (METHOD, wd - sum(part for _, part in told)))


def explained(found: Iterable[tuple[str, int]], least: int) -> tuple[tuple[str, int], ...]:
    """The contributions of at least ``least`` wd; the others together are unexplained. Both add up as before."""
    told = tuple(found)
    named = tuple((cause, wd) for cause, wd in told if abs(wd) >= least)
    rest = sum(wd for _, wd in told) - sum(wd for _, wd in named)
    return (*named, (UNEXPLAINED, rest)) if rest else named


class Comparison:
    """What was written down at two report days of one milestone; ``fates`` tells how children ended that are not open any
    more, by ref text, ``here`` are those that are: one of which nothing is known has left the scope. ``waiting`` are those
    that wait for their review, with the name of what they wait in.
    """

    def __init__(
        self,
        old: Planned,
        new: Planned,
        fates: Mapping[str, Outcome],
        urls: Mapping[str, str],
        here: Collection[str] = frozenset(),
        waiting: Mapping[str, str] = NONE_WAITS,
    ) -> None:
        self.old, self.new, self.urls, self.waiting = old, new, urls, waiting
        self.before = {ref: (key, due) for ref, key, due in old.children}
        self.after = {ref: (key, due) for ref, key, due in new.children}
        over = self.before.keys() - self.after.keys()
        self.delivered = {ref for ref in over if fates.get(ref) is Outcome.DELIVERED}
        self.undated = {ref for ref in over if ref in here}
        self.removed = over - self.delivered - self.undated
        self.added = self.after.keys() - self.before.keys()
        self.late = {ref: told for ref, told in self.after.items() if told[1] < new.today}
        self.reviewed = bool(self.late) and self.late.keys() <= waiting.keys()

    def steps(self) -> tuple[Step[Planned], ...]:
        """What replaces the inputs of each cause that has any, in the order of ``CAUSES``."""
        new = self.new
        return (
            (CALENDAR, lambda given: replace(given, calendar=new.calendar)),
            *self._let_go(),
            (SCOPE, self._scoped),
            (REESTIMATE, self._estimated),
            (PREDECESSOR, lambda given: replace(given, predecessors=new.predecessors)),
            (THROUGHPUT, self._delivered),
            (BLOCKED, lambda given: replace(given, blockers=new.blockers)),
            (WAITING, lambda given: replace(given, today=new.today)),
            (REPLANNED, self._replanned),
        )

    def evidence(self, cause: str) -> tuple[Proof, ...]:
        """What tells a cause: the things whose inputs differ most, at most ``NAMED``; restricted ones are not named."""
        named = dict.fromkeys(name for name in self._names(cause) if name)
        refs = {key: ref for ref, (key, _) in (*self.before.items(), *self.after.items())}
        return tuple(Proof(name, self.urls.get(name, ""), refs.get(name, "")) for name in list(named)[:NAMED])

    def _let_go(self) -> tuple[Step[Planned], ...]:
        """What a decision held fast and holds no more (a pause that is over) is let go before anything else is replaced: under
        it scope, dates and pace move nothing, and all of it would be the decision's.
        """
        over = self.old.fixed is not None and self.new.fixed is None
        return ((REPLANNED, lambda given: replace(given, fixed=None)),) if over else ()

    def _scoped(self, given: Planned) -> Planned:
        kept = tuple(each for each in given.children if each[0] not in self.removed)
        joined = tuple(each for each in self.new.children if each[0] in self.added)
        return replace(given, children=(*kept, *joined), dated=self.new.dated, open=self.new.open)

    def _estimated(self, given: Planned) -> Planned:
        moved = ((ref, key, self.after.get(ref, (key, due))[1]) for ref, key, due in given.children)
        return replace(given, children=tuple(each for each in moved if each[0] not in self.undated))

    def _delivered(self, given: Planned) -> Planned:
        """What was delivered moves the forecast too; one that comes or goes is left to the method. That time has gone by is borne
        by the wait where all that is not done by its date waits for its review: any other item alone would be as late.
        """
        known = given.p50 is not None and self.new.p50 is not None
        p50 = self.new.p50 if known else given.p50
        today = given.today if self.reviewed else self.new.today
        return replace(given, children=self.new.children, p50=p50, today=today)

    def _replanned(self, given: Planned) -> Planned:
        new = self.new
        return replace(
            given,
            target=new.target,
            withdrawn=new.withdrawn,
            forecast=new.forecast,
            holds=new.holds,
            fixed=new.fixed,
            launch=new.launch,
        )

    def _names(self, cause: str) -> Iterator[str]:
        match cause:
            case "scope":
                changed = {**self.before, **self.after}
                yield from _latest({ref: changed[ref] for ref in self.added | self.removed})
            case "re_estimate":
                yield from _latest({ref: self.after[ref] for ref in self.after if self._moved(ref)})
            case "throughput":
                done = {ref: self.before[ref] for ref in self.delivered}
                yield from _latest(done if self.reviewed else self.late or done)
            case "waiting":
                yield from (self.waiting[ref] for ref, _ in sorted(self.late.items(), key=lambda each: each[1][1]))
            case "predecessor":
                yield from _differing(self.old.predecessors, self.new.predecessors)
            case "blocked":
                yield from _differing(self.old.blockers, self.new.blockers)

    def _moved(self, ref: str) -> bool:
        return ref in self.before and self.before[ref][1] != self.after[ref][1]


def rolls(key: str, wd: int) -> bool:
    """Whether a contribution can be that of overdue work, which time alone moves on."""
    return key == THROUGHPUT and wd > 0


def causes(found: Comparison, contributions: Iterable[tuple[str, int]], *, overdue: bool = False) -> tuple[Cause, ...]:
    """The contributions with what tells each of them; ``overdue`` where the date is the next day for want of overdue work."""
    return tuple(Cause(key, wd, found.evidence(key), overdue and rolls(key, wd)) for key, wd in contributions)


def _latest(children: Mapping[str, tuple[str, date]]) -> Iterator[str]:
    yield from (key for key, _ in sorted(children.values(), key=lambda each: each[1], reverse=True))


def _differing(old: Iterable[tuple[str, date]], new: Iterable[tuple[str, date]]) -> Iterator[str]:
    """The names whose day differs, the latest first."""
    before, after = dict(old), dict(new)
    differ = {name for name in {**before, **after} if before.get(name) != after.get(name)}
    yield from sorted(differ, key=lambda name: (after.get(name) or before[name], name), reverse=True)
