"""What project managers say of their projects each week, beside what is computed; none of it moves a colour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pmosync.compute.assessment import Contradiction, Letter, ProjectVerdict, Side
from pmosync.compute.colour import effective
from pmosync.model import State

REPORTED = "reported"
"""The kind of contradiction in which a person sees another colour than the rules."""

ALIKE = {Letter.PALE: "G"}
"""Letters that a person reports under another one."""

TOLD = frozenset({Letter.RED, Letter.AMBER, Letter.GREEN, Letter.PALE})


def differs(project: ProjectVerdict) -> bool:
    """Whether the colour reported for a running project is another than the one in force."""
    said = project.note.reported if project.note else ""
    shown = effective(project.rag)
    return bool(said) and shown in TOLD and project.state is State.ACTIVE and said != ALIKE.get(shown, str(shown))


def contradicted(projects: Iterable[ProjectVerdict]) -> Iterator[Contradiction]:
    """The projects whose managers see another colour: both stand beside each other, and the computed one counts."""
    for each in projects:
        if each.note is not None and differs(each):
            counts = Side("computed", says=str(effective(each.rag)))
            sides = (Side(REPORTED, says=each.note.reported, day=each.note.confirmed_on), counts)
            yield Contradiction(
                kind=REPORTED, code=each.row.code, project=each.row.code, sides=sides, counts=counts, rule="rules"
            )
