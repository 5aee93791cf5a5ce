"""The target: which of several typed dates counts, and why."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from pmosync.compute.assessment import Dated
from pmosync.compute.case import Case, Tie
from pmosync.compute.place import spot
from pmosync.model import Observation, Problem


class Target(Struct, frozen=True, kw_only=True):
    """The winner among the bound dates and the ``rule`` that chose it.

    ``moves`` are the observations of the winner's date, oldest first.
    """

    winner: Dated | None = None
    rule: str = "none"
    coarse: bool = False
    candidates: tuple[Dated, ...] = ()
    moves: tuple[Observation, ...] = ()

    @property
    def disagrees(self) -> bool:
        """Whether the bound dates are not all the same."""
        return len({each.day for each in self.candidates}) > 1


def target(case: Case) -> Target:
    """The leading binding's date; else the plan sheet's; else the latest."""
    dated = [tie for tie in case.dated_ties() if tie.source.target is not None]
    typed = case.row.target if case.row else None
    candidates = tuple(told(tie) for tie in dated) + ((sheet(typed),) if typed else ())
    leading = [tie for tie in dated if tie.binding.leading]
    if leading:
        return _from(case, _latest(leading), "leading", candidates)
    if typed:
        coarse = case.row is not None and case.row.target_coarse
        return Target(winner=sheet(typed), rule="sheet", coarse=coarse, candidates=candidates, moves=case.said("plan"))
    if dated:
        return _from(case, _latest(dated), "latest", candidates)
    return Target(moves=case.said("plan") or next((case.history(tie, "target") for tie in case.dated_ties()), ()))


def told(tie: Tie) -> Dated:
    """A source's typed date, with its form and title; a restricted source is not named."""
    source = tie.source
    return Dated(source.target or date.min, source.form, "" if source.restricted else source.title or source.key)


def sheet(day: date) -> Dated:
    """The plan sheet's date."""
    return Dated(day, "sheet")


def disagreement(case: Case, found: Target) -> Problem | None:
    """Several dates for one milestone: a finding with the winner and the reason."""
    if not found.disagrees or found.winner is None:
        return None
    dates = ", ".join(f"{each.source} {each.name} {each.day}".replace("  ", " ") for each in found.candidates)
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
    )


def _from(case: Case, tie: Tie, rule: str, candidates: tuple[Dated, ...]) -> Target:
    return Target(winner=told(tie), rule=rule, candidates=candidates, moves=case.history(tie, "target"))


def _latest(ties: list[Tie]) -> Tie:
    return max(ties, key=lambda tie: tie.source.target or date.min)
