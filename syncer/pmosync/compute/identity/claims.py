"""Which containers belong to which project: the Bindings rows of projects, and through a group all that is below it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from pmosync.compute.identity.register import Register
from pmosync.compute.identity.state import Tie, Ties, ambiguous, folded, nothing, unknown
from pmosync.model import BindingRow, Problem, SourceMilestone, SourceProject
from pmosync.raw import Ref

CONTAINERS = ("project", "group")
FILTERS = ("jql",)


class Homes(Struct, frozen=True):
    """Containers by connection and id. A group and a project may share an id; their kinds tell them apart."""

    by_id: Mapping[tuple[str, str], tuple[SourceProject, ...]]

    def find(self, connection: str, own: str, kind: str) -> SourceProject | None:
        """The container with this id, of this kind if several share the id; an id may tell its kind itself (``group:13``)."""
        told, _, bare = own.rpartition(":")
        choices = self.by_id.get((connection, bare), ())
        fitting = [home for home in choices if home.ref.kind == (told or kind)]
        return fitting[0] if fitting else choices[0] if choices and not told else None

    def above(self, home: SourceProject) -> Iterator[SourceProject]:
        """The container itself and then its groups, nearest first; a cycle ends the walk."""
        passed: set[Ref] = set()
        current: SourceProject | None = home
        while current is not None and current.ref not in passed:
            yield current
            passed.add(current.ref)
            current = self.find(current.ref.connection, current.parent, "group") if current.parent else None


class Claims(Struct, frozen=True):
    """``by_home``: the codes that name a container directly (leading ones alone if there are any).

    ``rows``: which (code, connection) pairs have any binding row; ``unsure``: those of which a row could not be
    resolved now.
    """

    homes: Homes
    by_home: Mapping[Ref, tuple[str, ...]]
    rows: frozenset[tuple[str, str]]
    unsure: frozenset[tuple[str, str]]
    ties: Ties
    problems: tuple[Problem, ...]

    def owners(self, home: SourceProject | None) -> tuple[str, ...]:
        """The project codes that claim a container: the nearest claim wins."""
        above = self.homes.above(home) if home is not None else ()
        return next((self.by_home[place.ref] for place in above if place.ref in self.by_home), ())

    def home(self, source: SourceMilestone) -> SourceProject | None:
        """Where a source milestone lives."""
        return self.homes.find(source.ref.connection, source.container, "project")


def claim(rows: tuple[BindingRow, ...], projects: Mapping[Ref, SourceProject], register: Register) -> Claims:
    """The claims of all binding rows of projects."""
    mine = [row for row in rows if row.scope.what in (*CONTAINERS, *FILTERS)]
    direct: dict[Ref, dict[str, bool]] = defaultdict(dict)
    ties: Ties = {}
    unsure, problems = set(), []
    for row in mine:
        project = register.projects.get(folded(row.code))
        if project is None:
            problems.append(unknown(row.place, "code", row.code, "project"))
            continue
        if row.scope.what in FILTERS:
            continue
        named = _named(row, projects)
        if len(named) == 1:
            direct[named[0].ref][project.code] = row.leading or direct[named[0].ref].get(project.code, False)
            ties[folded(project.code), named[0].ref] = Tie(project.code, named[0].ref, row.role, row.leading)
            continue
        unsure.add((folded(project.code), row.system))
        problems += _unresolved(row, named, projects)
    homes = _homes(projects)
    claims = Claims(
        homes=homes,
        by_home={ref: _first(codes) for ref, codes in direct.items()},
        rows=frozenset((folded(row.code), row.system) for row in mine),
        unsure=frozenset(unsure),
        ties=ties,
        problems=tuple(problems),
    )
    return _with_descendants(claims, projects)


def _named(row: BindingRow, projects: Mapping[Ref, SourceProject]) -> list[SourceProject]:
    """The containers a row may mean: by id or key, else by name; a group only as a group where both fit."""
    here = [project for ref, project in sorted(projects.items()) if ref.connection == row.system]
    wanted = folded(row.scope.which) or None
    exact = [project for project in here if wanted in (folded(project.ref.id), folded(project.key))]
    fitting = exact or [project for project in here if folded(project.name) == wanted]
    same = [project for project in fitting if project.ref.kind == row.scope.what]
    return same or fitting


def _unresolved(row: BindingRow, named: list[SourceProject], projects: Mapping[Ref, SourceProject]) -> list[Problem]:
    if named:
        choices = tuple(f"{project.key} (id {project.ref.id})" for project in named)
        return [ambiguous(row, choices, rekeyed(named))]
    reached = any(ref.connection == row.system for ref in projects)
    return [nothing(row)] if reached else []


def rekeyed(named: Sequence[SourceProject | None]) -> bool:
    """Whether these are one container under several ids: a system gives a key away once."""
    keys = {(project.ref.kind, folded(project.key)) for project in named if project is not None and project.key}
    return len(keys) == 1 and len({project.ref for project in named if project is not None}) == len(named)


def _first(codes: Mapping[str, bool]) -> tuple[str, ...]:
    leading = tuple(sorted(code for code, leads in codes.items() if leads))
    return leading or tuple(sorted(codes))


def _homes(projects: Mapping[Ref, SourceProject]) -> Homes:
    by_id: dict[tuple[str, str], list[SourceProject]] = defaultdict(list)
    for ref, project in sorted(projects.items()):
        by_id[ref.connection, ref.id].append(project)
    return Homes({key: tuple(choices) for key, choices in by_id.items()})


def _with_descendants(claims: Claims, projects: Mapping[Ref, SourceProject]) -> Claims:
    """The same claims with a found tie for each container that a project has only through a group above it."""
    below: Ties = {
        (folded(code), ref): Tie(code, ref, found=True)
        for ref, project in projects.items()
        if ref not in claims.by_home
        for code in claims.owners(project)
    }
    return Claims(claims.homes, claims.by_home, claims.rows, claims.unsure, {**below, **claims.ties}, claims.problems)
