"""Which row is in force where several sheets have one code: what was valid before the second one came, until one alone
is left. Their order never decides. Rows that nobody can mend, and those in which nobody typed anything, give way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from pmosync.compute.homes import SETTINGS, Course
from pmosync.compute.place import spot
from pmosync.mapping.told import values
from pmosync.model import MilestoneRow, Plan, Problem, ProgramRow, ProjectRow

CODED = {"programs": "program", "projects": "project", "milestones": "milestone_input"}
"""Sections of the plan in which a code names one thing, with the entity of their rows."""

CodedRow = ProgramRow | ProjectRow | MilestoneRow
Name = tuple[str, str, str]
"""What tells rows with a code apart: entity, connection, folded code."""

REMEDY = "give one of the rows another code, or take it out"


class Version(Struct, frozen=True):
    """What a row said from ``seen`` on, ``until`` it said something else or was not there (None: it stands). ``gone``: it
    was not there.
    """

    row: CodedRow
    seen: datetime
    until: datetime | None = None
    gone: bool = False


class Settled(Struct, frozen=True):
    """The plan with one row a code, the problems of the codes that stand in several sheets, and how the history of
    milestones goes.
    """

    plan: Plan
    problems: tuple[Problem, ...] = ()
    course: Course = Course()


class Ruling(Struct, frozen=True):
    """The row that is in force of several (None: none of them), and since when they have been several."""

    row: CodedRow | None
    since: datetime
    problems: tuple[Problem, ...]


def standing(plan: Plan, removed: Mapping[str, datetime]) -> Plan:
    """The plan without rows that give way to another of their code: those of connections that the settings name no more
    (``removed``, with when they were read last) to what is still read, those that stand nowhere any more to one that
    does, and a milestone's row that says nothing of it to one that does.
    """
    sections = {section: _standing(getattr(plan, section), removed) for section in CODED}
    return replace(plan, **sections)


def before(plan: Plan, kept: Plan, removed: Mapping[str, datetime]) -> dict[str, tuple[str, ...]]:
    """Folded code of a milestone → the ``removed`` connections whose row of it is not ``kept``, in the order in which they
    were read last.
    """
    names = {name_of(row) for row in kept.milestones}
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in plan.milestones:
        if row.place.connection in removed and name_of(row) not in names:
            found[_folded(row)].append(row.place.connection)
    return {code: tuple(sorted(sheets, key=lambda sheet: removed[sheet])) for code, sheets in found.items()}


def rivals(plan: Plan) -> Mapping[Name, CodedRow]:
    """The rows whose code stands in another sheet too. What the settings file declares has its home there: its rows and
    those that it sets aside are nobody's rivals.
    """
    return {name_of(row): row for section in CODED for rows in _several(plan, section) for row in rows}


def settle(
    plan: Plan, histories: Mapping[Name, Sequence[Version]], before: Mapping[str, tuple[str, ...]] = {}
) -> Settled:
    """The plan with one row a code; ``histories`` are all versions of each of its ``rivals``, in order, ``before`` the
    connections that had its milestones before.
    """
    sections: dict[str, tuple[CodedRow, ...]] = {}
    problems: list[Problem] = []
    since: dict[str, datetime] = {}
    for section in CODED:
        rulings = {
            _folded(rows[0]): rule([life(histories[name_of(row)]) for row in rows]) for rows in _several(plan, section)
        }
        sections[section] = tuple(_kept(getattr(plan, section), rulings))
        problems += [each for ruling in rulings.values() for each in ruling.problems]
        if section == "milestones":
            since = {code: ruling.since for code, ruling in rulings.items()}
    return Settled(replace(plan, **sections), tuple(problems), Course(since, before))


def life(versions: Sequence[Version]) -> tuple[Version, ...]:
    """The last of the versions that follow each other without a gap: what a row said since it (re)appeared."""
    found: list[Version] = []
    for version in reversed(versions):
        if version.gone or (found and version.until != found[-1].seen):
            break
        found.append(version)
    return tuple(reversed(found))


def rule(lives: Sequence[Sequence[Version]]) -> Ruling:
    """What is in force of rows with one code: what the first said before the second appeared. Of those that appeared at
    once none counts.
    """
    first, second = sorted(lives, key=lambda each: each[0].seen)[:2]
    since = second[0].seen
    before = [version for version in first if version.seen < since]
    row = replace(before[-1].row, place=first[-1].row.place) if before else None
    return Ruling(row, since, tuple(_problem(each, lives, first if row else None) for each in lives))


def name_of(row: CodedRow) -> Name:
    """What tells a row from the others with a code."""
    return str(row.__struct_config__.tag), row.place.connection, _folded(row)


def _standing(rows: Sequence[CodedRow], removed: Mapping[str, datetime]) -> tuple[CodedRow, ...]:
    found: defaultdict[str, list[CodedRow]] = defaultdict(list)
    for row in rows:
        found[_folded(row)].append(row)
    return tuple(row for row in rows if not any(_gives_way(row, to, removed) for to in found[_folded(row)]))


def _gives_way(row: CodedRow, to: CodedRow, removed: Mapping[str, datetime]) -> bool:
    mine, its = _weight(row, removed), _weight(to, removed)
    return _says_nothing(row, to) if mine == its else mine < its


def _weight(row: CodedRow, removed: Mapping[str, datetime]) -> tuple[bool, str, bool]:
    """Whether somebody reads the row and when it was read last otherwise, and whether it stands anywhere."""
    read = removed.get(row.place.connection)
    return read is None, read.isoformat() if read else "", bool(row.place.addresses)


def _says_nothing(row: CodedRow, beside: CodedRow) -> bool:
    """Whether a milestone's row has its code and project alone, as the tool puts it there, and the one beside has more."""
    if not (isinstance(row, MilestoneRow) and isinstance(beside, MilestoneRow)) or not _bare(row) or _bare(beside):
        return False
    return row.project.casefold() in ("", beside.project.casefold())


def _bare(row: MilestoneRow) -> bool:
    return row == MilestoneRow(place=row.place, code=row.code, project=row.project)


def _several(plan: Plan, section: str) -> Iterator[tuple[CodedRow, ...]]:
    """The rows of each code of a section that stands in several sheets, one a sheet."""
    found: defaultdict[str, dict[str, CodedRow]] = defaultdict(dict)
    for row in getattr(plan, section):
        found[_folded(row)][row.place.connection] = row
    yield from (tuple(rows.values()) for rows in found.values() if len(rows) > 1 and SETTINGS not in rows)


def _kept(rows: Iterable[CodedRow], rulings: Mapping[str, Ruling]) -> Iterator[CodedRow]:
    """The rows that have no rivals, and of the others the one that counts, in the place of the first."""
    ruled = set[str]()
    for row in rows:
        code = _folded(row)
        one = rulings[code].row if code in rulings else row
        if one is not None and code not in ruled:
            yield one
        ruled |= {code} & rulings.keys()


def _problem(mine: Sequence[Version], lives: Sequence[Sequence[Version]], first: Sequence[Version] | None) -> Problem:
    """What is to be said at one of the rows; ``first`` is the one that counts."""
    others = [each for each in lives if each is not mine]
    there = ", ".join(map(_address, others if first in (None, mine) else [first or mine]))
    which = "neither" if first is None else "first" if first is mine else "later"
    row = mine[-1].row
    fate = {
        "neither": f"is also in {there}: neither row counts until one alone is left",
        "first": f"is also in {there}: what this row said before stays in force, and no edit counts until one is left",
        "later": f"is also in {there}: that row counts as it was before, and this one has no effect",
    }
    return Problem(
        rule="duplicate-code",
        place=spot(row.place, "code"),
        message=f"the code {row.code!r} {fate[which]}",
        remedy=REMEDY,
        code=row.code,
        values=values(which=which, code=row.code, other=there),
        connection=row.place.connection,
    )


def _address(of: Sequence[Version]) -> str:
    """A row's cell, and the connection of its sheet: sheets made from one template have the same title."""
    place = of[-1].row.place
    return f"{spot(place, 'code')} ({place.connection})"


def _folded(row: CodedRow) -> str:
    return row.code.strip().casefold()
