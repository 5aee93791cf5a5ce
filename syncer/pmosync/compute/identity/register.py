"""The codes that the plan writes: projects and milestone rows, found without regard to case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from msgspec import Struct

from pmosync.compute.identity.state import Identities, address, folded
from pmosync.mapping.told import values
from pmosync.model import Milestone, MilestoneRow, Place, Plan, Problem, ProjectRow

R = TypeVar("R", ProjectRow, MilestoneRow)


class Register(Struct, frozen=True):
    """Rows and known milestones by folded code, and the problems of codes written twice."""

    projects: Mapping[str, ProjectRow]
    rows: Mapping[str, MilestoneRow]
    known: Mapping[str, Milestone]
    problems: tuple[Problem, ...] = ()

    def project_of(self, code: str) -> str:
        """The project a milestone's code belongs to.

        The row's, else the known one, else the one whose code it begins with; "" if none. Where the row names one that
        nobody registered, none is guessed: the one it was known in stays.
        """
        row, held = self.rows.get(folded(code)), self.known.get(folded(code))
        told = self.projects.get(folded(row.project)) if row and row.project else None
        if told is not None:
            return told.code
        kept = held.project if held is not None else ""
        return kept if kept or (row is not None and row.project) else self._prefix(folded(code))

    def spelled(self, code: str) -> str:
        """A milestone's code as it was first written."""
        held, row = self.known.get(folded(code)), self.rows.get(folded(code))
        return held.code if held else row.code.strip() if row else code.strip()

    def _prefix(self, code: str) -> str:
        """The project with the longest code that this one begins with."""
        parts = code.split("-")
        starts = ("-".join(parts[:length]) for length in range(len(parts) - 1, 0, -1))
        return next((self.projects[start].code for start in starts if start in self.projects), "")


def register(plan: Plan, known: Identities) -> Register:
    """The register of a plan and of what is known."""
    projects, twice = _by_code(plan.projects)
    rows, again = _by_code(plan.milestones)
    held = {folded(milestone.code): milestone for milestone in known.milestones}
    return Register(projects, rows, held, (*twice, *again))


def _by_code(rows: Iterable[R]) -> tuple[dict[str, R], list[Problem]]:
    """Rows by folded code; of a code written twice the topmost row is kept, and both are told."""
    chosen: dict[str, R] = {}
    problems = []
    for row in sorted((row for row in rows if row.code.strip()), key=lambda row: _order(row.place)):
        first = chosen.setdefault(folded(row.code), row)
        if first is not row:
            problems.append(_twice(first, row))
    return chosen, problems


def _twice(first: ProjectRow | MilestoneRow, second: ProjectRow | MilestoneRow) -> Problem:
    return Problem(
        rule="duplicate-code",
        place=address(second.place, "code"),
        message=f"the code {second.code!r} is also in {address(first.place, 'code')}",
        remedy="give one of the two rows another code",
        code=first.code,
        values=values(which="elsewhere", code=second.code, other=address(first.place, "code")),
    )


def _order(place: Place) -> tuple[str, str, int]:
    return place.connection, place.tab, place.row
