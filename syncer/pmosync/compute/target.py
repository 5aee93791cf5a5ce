"""The target: which of several typed dates counts, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from pmosync.compute import observed
from pmosync.compute.assessment import Dated
from pmosync.compute.case import Case, Tie
from pmosync.compute.place import spot
from pmosync.mapping.told import values
from pmosync.model import Observation, Problem


class Target(Struct, frozen=True, kw_only=True):
    """The winner among the bound dates and the ``rule`` that chose it.

    ``moves`` is how the date that counted has moved, whichever source it came from, oldest first.
    """

    winner: Dated | None = None
    rule: str = "none"
    candidates: tuple[Dated, ...] = ()
    moves: tuple[Observation, ...] = ()

    @property
    def disagrees(self) -> bool:
        """Whether the bound dates are not all the same."""
        return len({each.day for each in self.candidates}) > 1


def target(case: Case) -> Target:
    """The leading binding's date; else the plan sheet's; else the latest."""
    dated = [tie for tie in case.dated_ties() if tie.source.target is not None]
    typed = sheet(case.row.target, case.row.target_coarse) if case.row and case.row.target else None
    candidates = tuple(told(tie) for tie in dated) + ((typed,) if typed else ())
    leading = [tie for tie in dated if tie.binding.leading]
    moves = history(case)
    if leading:
        return Target(winner=told(_latest(leading)), rule="leading", candidates=candidates, moves=moves)
    if typed:
        return Target(winner=typed, rule="sheet", candidates=candidates, moves=moves)
    if dated:
        return Target(winner=told(_latest(dated)), rule="latest", candidates=candidates, moves=moves)
    return Target(moves=moves)


def history(case: Case) -> tuple[Observation, ...]:
    """How the date that counted has moved, whichever source it came from, oldest first.

    Where several sources moved on one day, the day's last word counts: they were read one after the other.
    """
    leading = frozenset(str(tie.source.ref) for tie in case.dated_ties() if tie.binding.leading)
    now: dict[str, date | None] = {}
    found: list[Observation] = []
    for _, seen in groupby(_sightings(case), key=lambda each: case.clock.day(each.seen)):
        steps = tuple(seen)
        several = len({each.of for each in steps}) > 1
        for each in steps:
            now[each.of] = observed.day(each.new)
            if not several or each is steps[-1]:
                found += _moved(case.code, found, _counting(now, leading, case.code), each)
    return tuple(found)


def told(tie: Tie) -> Dated:
    """A source's typed date, with its form and title; a restricted source is not named."""
    source = tie.source
    return Dated(source.target or date.min, source.form, "" if source.restricted else source.title or source.key)


def sheet(day: date, coarse: bool = False) -> Dated:
    """The plan sheet's date."""
    return Dated(day, "sheet", coarse=coarse)


def withdrawn(case: Case, found: Target) -> Dated | None:
    """The last target and, as its name, the day on which it was seen taken back; None if there is one, or never was."""
    if found.winner is not None or not found.moves:
        return None
    last = found.moves[-1]
    day = observed.day(last.old) if not last.new else None
    return Dated(day, "withdrawn", case.clock.day(last.seen).isoformat()) if day else None


def disagreement(case: Case, found: Target) -> Problem | None:
    """Several dates for one milestone: a finding with the winner and the reason."""
    if not found.disagrees or found.winner is None:
        return None
    dates = ", ".join(f"{each.source} {each.name} {each.day}".replace("  ", " ") for each in found.candidates)
    told = "\n".join(f"{each.source}\t{each.day}\t{' '.join(each.name.split())}" for each in found.candidates)
    reasons = {
        "leading": "its binding leads",
        "sheet": "the plan sheet counts where no binding leads",
        "latest": "it is the latest",
    }
    return Problem(
        rule="dates-disagree",
        place=spot(case.row.place, "target") if case.row else case.code,
        message=f"{case.code} has {len(found.candidates)} dates ({dates}): {found.winner.day} counts, {reasons[found.rule]}",
        remedy="make the dates equal, or mark one binding as leading",
        code=case.code,
        values=values(code=case.code, count=len(found.candidates), dates=told, day=found.winner.day, which=found.rule),
    )


def _sightings(case: Case) -> list[Observation]:
    """What was seen of the plan's date and of the sources', oldest first; a source counts from its binding on."""
    told = [
        *case.said("plan"),
        *(each for tie in case.dated_ties() for each in _bound(tie, case.history(tie, "target"))),
    ]
    return sorted(told, key=lambda each: each.seen)


def _bound(tie: Tie, told: Sequence[Observation]) -> Iterator[Observation]:
    since = tie.binding.since
    before = [each for each in told if each.seen < since]
    if before:
        yield replace(before[-1], seen=since)
    yield from (each for each in told if each.seen >= since)


def _counting(now: Mapping[str, date | None], leading: Collection[str], plan: str) -> date | None:
    """The date that counts among those known of sources and plan, as in ``target``."""
    for names in (leading, (plan,), now):
        dated = [day for name in names if (day := now.get(name))]
        if dated:
            return max(dated)
    return None


def _moved(code: str, found: Sequence[Observation], day: date | None, by: Observation) -> Iterator[Observation]:
    old, new = found[-1].new if found else "", day.isoformat() if day else ""
    if new != old:
        yield replace(by, of=code, field="target", old=old, new=new, first=not found)


def _latest(ties: list[Tie]) -> Tie:
    return max(ties, key=lambda tie: tie.source.target or date.min)
