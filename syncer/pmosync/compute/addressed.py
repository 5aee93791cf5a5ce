"""Whom a finding is for: the one accountable for what it speaks of, by the name that the People tab gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from pmosync.compute.assessment import MilestoneVerdict, ProgramVerdict, ProjectVerdict
from pmosync.compute.people import People
from pmosync.mapping.text import fold
from pmosync.model import Problem, Snapshot

BETWEEN, MORE = ", ", " …"
"""What stands between the codes or keys of a finding that speaks of several, and behind those that are named."""

Owners = Mapping[str, str]
"""Folded code, or folded key of an item → the name of who answers for it."""


def addressed(findings: Iterable[Problem], owners: Owners, people: People) -> Iterator[Problem]:
    """The findings, each with whom it is for: the person it names already, else who answers for its code or its items;
    nobody where nobody does.
    """
    for each in findings:
        named = people.shown(each.owner) if people.accountable(each.owner) else _owner(each, owners)
        yield each if each.restricted or named == each.owner else replace(each, owner=named)


def owners_of(
    snapshot: Snapshot,
    milestones: Sequence[MilestoneVerdict],
    projects: Sequence[ProjectVerdict],
    above: Sequence[ProgramVerdict],
    people: People,
) -> Owners:
    """Who answers for each program, project, milestone and risk, and for each item by its project."""
    found = {fold(each.row.code): _known(each.row.manager, people) for each in above}
    found |= {fold(each.row.code): _known(each.row.manager, people) for each in projects}
    found |= {fold(each.milestone.code): each.owner or found.get(fold(each.project), "") for each in milestones}
    for risk in snapshot.plan.risks:
        threatened = found.get(fold(risk.milestone)) or found.get(fold(risk.project), "")
        found[fold(risk.id)] = _known(risk.owner, people) or threatened
    return {**_of_items(snapshot, found), **found}


def _of_items(snapshot: Snapshot, found: Owners) -> Owners:
    """An item is its container's project's; whose is nobody's is left out."""
    bound = (each for each in snapshot.bindings if each.until is None)
    homes = {(each.ref.connection, each.ref.id): found.get(fold(each.code), "") for each in bound}
    owned = ((item, homes.get((item.ref.connection, item.container))) for item in snapshot.items if not item.restricted)
    return {fold(item.key): owner for item, owner in owned if owner}


def _known(text: str, people: People) -> str:
    return people.shown(text) if people.accountable(text) else ""


def _owner(finding: Problem, owners: Owners) -> str:
    """Each person once, in the order of what the finding names."""
    items = dict(finding.values).get("items")
    several = finding.code or (items if isinstance(items, str) else finding.place)
    names = (owners.get(fold(each), "") for each in several.removesuffix(MORE).split(BETWEEN))
    return BETWEEN.join(dict.fromkeys(filter(None, names)))
