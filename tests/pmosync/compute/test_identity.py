"""Whose promise is it: typed ties, found ties, minted codes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from pmosync.compute.identity import Identities, IdentityChanges, free_codes, identify, in_rows
from pmosync.model import (
    Binding,
    BindingRow,
    DecisionRow,
    Milestone,
    MilestoneRow,
    Place,
    Plan,
    ProjectRow,
    RiskRow,
    Role,
    SourceMilestone,
    SourceProject,
)
from pmosync.raw import RawRecord, Ref, Scope

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def project(code: str, row: int = 2) -> ProjectRow:
    """A row of Projects."""
    return ProjectRow(place=Place("sheet", "Projects", row, code, {"code": f"Projects!A{row}"}), code=code)


def row(code: str, name: str = "", row: int = 2, **fields: Any) -> MilestoneRow:
    """A row of Milestone inputs."""
    place = Place("sheet", "Milestone inputs", row, code, {"project": f"'Milestone inputs'!C{row}"})
    return MilestoneRow(place=place, code=code, name=name, **fields)


def bind(code: str, what: str, which: str, number: int = 2, system: str = "jira", **fields: Any) -> BindingRow:
    """A row of Bindings."""
    place = Place("sheet", "Bindings", number, code, {"which": f"Bindings!D{number}", "code": f"Bindings!A{number}"})
    return BindingRow(place=place, code=code, system=system, scope=Scope(what, which), **fields)


def container(number: int, key: str, kind: str = "project", parent: str = "", system: str = "jira") -> SourceProject:
    """A Jira project, or a project or group of GitLab."""
    return SourceProject(ref=Ref(system, kind, str(number)), key=key, name=f"{key} name", parent=parent)


def version(
    number: int, title: str, home: int | str = 10, target: date | None = None, **fields: Any
) -> SourceMilestone:
    """A version of Jira, or with ``system`` a milestone of GitLab."""
    system = fields.pop("system", "jira")
    kind = "version" if system == "jira" else "milestone"
    ref = Ref(system, kind, str(number))
    return SourceMilestone(ref=ref, title=title, form=kind, container=str(home), target=target, **fields)


def decided(
    plan: Plan,
    sources: Iterable[SourceMilestone] = (),
    homes: Iterable[SourceProject] = (container(10, "PAY"), container(11, "OPS")),
    known: Identities | None = None,
    day: int = 0,
    **more: Any,
) -> IdentityChanges:
    """What identity answers."""
    by_ref = {source.ref: source for source in sources}
    projects = {home.ref: home for home in homes}
    return identify(plan, by_ref, projects, known or Identities(), NOW + timedelta(days=day), **more)


def after(known: Identities, changes: IdentityChanges) -> Identities:
    """What is known once the changes are kept."""
    ours = {m.code.casefold(): m for m in (*known.milestones, *changes.milestones)}
    ended = {(b.code, b.ref, b.since): b for b in changes.ended}
    bindings = [ended.get((b.code, b.ref, b.since), b) if b.until is None else b for b in known.bindings]
    return Identities(tuple(ours.values()), (*bindings, *changes.bindings), {**known.counters, **changes.counters})


def standing(known: Identities) -> dict[str, list[str]]:
    """Source ids by code, of milestone ties in force."""
    held: dict[str, list[str]] = {}
    for binding in known.bindings:
        if binding.until is None and binding.ref.kind not in ("project", "group"):
            held.setdefault(binding.code, []).append(binding.ref.id)
    return held


PAY = Plan(projects=(project("PAY"),), bindings=(bind("PAY", "project", "PAY"),))


def test_first_codes_go_by_date() -> None:
    """The first codes go by target date, then title, then id; what has no date comes last, other containers get none."""
    sources = [
        version(3, "b", target=None),
        version(2, "z", target=date(2026, 5, 1)),
        version(9, "a", target=date(2026, 6, 1)),
        version(10, "a", target=date(2026, 6, 1)),
        version(5, "elsewhere", home=11, target=date(2026, 1, 1)),
    ]
    changes = decided(PAY, sources)
    assert standing(after(Identities(), changes)) == {
        "PAY-M01": ["2"],
        "PAY-M02": ["9"],
        "PAY-M03": ["10"],
        "PAY-M04": ["3"],
    }
    assert changes.milestones[0] == Milestone(code="PAY-M01", project="PAY", name="z", appeared=NOW, minted=True)
    assert changes.counters == {"pay": 4}
    assert all(b.found and b.role is Role.BOTH for b in changes.bindings if b.ref.kind == "version")


def test_project_is_tied_to_its_container() -> None:
    """A project's row ties it to its container, found by key, name or id."""
    for which in ("pay", "PAY name", "10"):
        plan = Plan(projects=(project("PAY"),), bindings=(bind("PAY", "project", which, leading=True),))
        assert decided(plan).bindings == (
            Binding(code="PAY", ref=Ref("jira", "project", "10"), leading=True, since=NOW),
        )


def test_what_is_asked_for_alone_gets_no_code_by_itself() -> None:
    """A source that is a promise only where somebody binds it: unbound it is none, and nobody is asked whose it is."""
    epic = version(3, "Checkout", target=date(2026, 5, 1), bound_only=True)
    assert standing(after(Identities(), decided(PAY, [epic, version(4, "v1")]))) == {"PAY-M01": ["4"]}
    bound = msgspec.structs.replace(PAY, bindings=(*PAY.bindings, bind("PAY-M07", "version", "Checkout", 3)))
    assert standing(after(Identities(), decided(bound, [epic]))) == {"PAY-M07": ["3"]}
    both = msgspec.structs.replace(
        PAY,
        projects=(project("PAY"), project("OPS", 3)),
        bindings=(*PAY.bindings, bind("OPS", "project", "PAY", 3)),
    )
    assert [problem.rule for problem in decided(both, [epic]).problems] == []


def test_typed_tie_before_a_found_one() -> None:
    """A typed row ties a source to its code; the found tie it had ends, and its code is not used for anything else."""
    known = after(Identities(), decided(PAY, [version(1, "1.0")]))
    plan = msgspec.structs.replace(PAY, bindings=(*PAY.bindings, bind("PAY-GO", "version", "1.0", 3)))
    changes = decided(plan, [version(1, "1.0"), version(2, "2.0")], known=known, day=1)
    assert standing(after(known, changes)) == {"PAY-GO": ["1"], "PAY-M02": ["2"]}
    assert [(b.code, b.until) for b in changes.ended] == [("PAY-M01", NOW + timedelta(days=1))]
    assert [m.code for m in changes.milestones] == ["PAY-GO", "PAY-M02"]


def test_row_taken_away() -> None:
    """A binding row that is gone ends its binding now; the source is found again under the code it had before."""
    source = [version(1, "1.0")]
    first = after(Identities(), decided(PAY, source))
    plan = msgspec.structs.replace(PAY, bindings=(*PAY.bindings, bind("PAY-GO", "version", "1.0", 3)))
    second = after(first, decided(plan, source, known=first, day=1))
    third = decided(PAY, source, known=second, day=2)
    assert [(b.code, b.until) for b in third.ended] == [("PAY-GO", NOW + timedelta(days=2))]
    assert standing(after(second, third)) == {"PAY-M01": ["1"]}
    assert third.milestones == ()


def test_renamed_and_moved() -> None:
    """A renamed or moved source keeps its binding; its milestone takes the new name unless the sheet names it."""
    known = after(Identities(), decided(PAY, [version(1, "1.0")]))
    changes = decided(PAY, [version(1, "1.0 终版", home=11)], known=known, day=1)
    assert changes.bindings == changes.ended == ()
    assert [(m.code, m.name) for m in changes.milestones] == [("PAY-M01", "1.0 终版")]
    plan = msgspec.structs.replace(PAY, milestones=(row("pay-m01", "上线"),))
    assert [m.name for m in decided(plan, [version(1, "x")], known=known).milestones] == ["上线"]


def test_typed_name_that_is_gone() -> None:
    """A typed row whose source was renamed still holds it, and says what it is called now; it never names nothing."""
    plan = msgspec.structs.replace(PAY, bindings=(*PAY.bindings, bind("PAY-GO", "version", "1.0", 3)))
    known = after(Identities(), decided(plan, [version(1, "1.0")]))
    changes = decided(plan, [version(1, "1.0 GA")], known=known, day=1)
    assert changes.ended == changes.bindings == ()
    (problem,) = changes.problems
    assert (problem.rule, problem.place, problem.code) == ("name-changed", "Bindings!D3", "PAY-GO")
    assert "stays bound to '1.0 GA'" in problem.message
    (never,) = decided(plan, [version(1, "1.0 GA")]).problems
    assert (never.rule, never.place) == ("names-nothing", "Bindings!D3")


def test_a_misspelt_system_is_told() -> None:
    """A binding of a connection that is not there would be silent for ever: the cell, and the names to choose from."""
    plan = msgspec.structs.replace(PAY, bindings=(*PAY.bindings, bind("PAY-GO", "version", "1.0", 3, system="jirra")))
    (problem,) = decided(plan, connections=("jira", "gitlab")).problems
    assert (problem.rule, problem.code, problem.remedy) == ("unknown-system", "PAY-GO", "choose one of gitlab, jira")
    assert "'jirra'" in problem.message


def test_name_that_fits_two() -> None:
    """A name that fits two versions of the project is a problem with both choices; none is picked. An id settles it."""
    plan = msgspec.structs.replace(PAY, bindings=(*PAY.bindings, bind("PAY-GO", "version", "1.0", 3)))
    sources = [version(1, "1.0"), version(2, "1.0")]
    changes = decided(plan, sources)
    (problem,) = changes.problems
    assert problem.rule == "name-fits-two"
    assert "1.0 (id 1); 1.0 (id 2)" in problem.message
    assert set(standing(after(Identities(), changes))) == {"PAY-M01", "PAY-M02"}
    plan = msgspec.structs.replace(PAY, bindings=(*PAY.bindings, bind("PAY-GO", "version", "2", 3)))
    assert standing(after(Identities(), decided(plan, sources)))["PAY-GO"] == ["2"]


def test_one_thing_under_two_ids_is_a_migration() -> None:
    """Two projects with one key, and versions of one name in them, are one thing under two ids: to type one of the ids
    would cut off what was known, so the way on is to let the old go on as the new.
    """
    homes = [container(10, "PAY"), container(20, "PAY")]
    plan = msgspec.structs.replace(PAY, bindings=(*PAY.bindings, bind("PAY-GO", "version", "1.0", 3)))
    problems = decided(plan, [version(1, "1.0"), version(2, "1.0", home=20)], homes).problems
    assert {each.rule for each in problems} == {"name-fits-two"}
    assert len(problems) == 2
    for each in problems:
        assert each.remedy == "the site seems migrated: `pmosync rebind --from jira --to jira --dry-run`"
        assert ("which", "migrated") in each.values
    homes = [container(10, "PAY"), container(20, "OPS")]
    rows = (bind("OPS", "project", "OPS", 4), bind("PAY-GO", "version", "1.0", 3))
    plan = msgspec.structs.replace(PAY, bindings=rows)
    told = decided(plan, [version(1, "1.0"), version(2, "1.0", home=20)], homes).problems
    assert "type the id of the one that is meant" in {each.remedy for each in told}


def test_own_project_first() -> None:
    """A name that every project has means the one in the milestone's own project."""
    plan = Plan(
        projects=(project("PAY"), project("OPS", 3)),
        bindings=(
            bind("PAY", "project", "PAY"),
            bind("OPS", "project", "OPS", 3),
            bind("OPS-GO", "version", "1.0", 4),
        ),
    )
    changes = decided(plan, [version(1, "1.0", 10), version(2, "1.0", 11)])
    assert changes.problems == ()
    assert standing(after(Identities(), changes)) == {"OPS-GO": ["2"], "PAY-M01": ["1"]}


def test_source_not_reached() -> None:
    """While nothing of a connection is known, its rows name nothing, which is no problem yet, and ties that stand are kept."""
    plan = msgspec.structs.replace(PAY, bindings=(*PAY.bindings, bind("PAY-GO", "version", "1.0", 3)))
    assert decided(plan, homes=()).problems == ()
    known = after(Identities(), decided(plan, [version(1, "1.0")]))
    changes = decided(plan, (), (), known=known, day=1)
    assert changes.empty


def test_unknown_codes() -> None:
    """A code that is written nowhere else is a problem with its cell: of a project, of a milestone, of a row's project."""
    plan = Plan(
        projects=(project("PAY"),),
        milestones=(row("X-1", project="XX"),),
        bindings=(bind("PAX", "project", "PAY"), bind("NIX-GO", "version", "1.0", 3)),
    )
    problems = decided(plan, [version(1, "1.0")]).problems
    assert [(p.rule, p.place, p.code) for p in problems] == [
        ("unknown-code", "'Milestone inputs'!C2", "X-1"),
        ("unknown-code", "Bindings!A2", "PAX"),
        ("unknown-code", "Bindings!A3", "NIX-GO"),
    ]


def test_an_unknown_project_is_not_guessed() -> None:
    """A row that names a project nobody registered stands in none, whatever its code begins with; the finding is about the
    row. One that was known in a project stays there, and a row that names none goes by its code.
    """
    plan = msgspec.structs.replace(PAY, milestones=(row("PAY-M02", project="B"), row("PAY-M03", row=3)))
    changes = decided(plan)
    assert {each.code: each.project for each in changes.milestones} == {"PAY-M02": "", "PAY-M03": "PAY"}
    assert [(each.code, dict(each.values)["code"]) for each in changes.problems] == [("PAY-M02", "B")]
    valid = msgspec.structs.replace(PAY, milestones=(row("PAY-M02", project="PAY"),))
    known = after(Identities(), decided(valid))
    assert [each.code for each in decided(plan, known=known, day=1).milestones] == ["PAY-M03"]


def test_codes_without_case() -> None:
    """Codes are the same whatever their case; the same code in two rows is a problem, and the first spelling stays."""
    plan = Plan(
        projects=(project("PAY"), project("pay", 7)),
        milestones=(row("Pay-Go", "上线"),),
        bindings=(bind("pay", "project", "PAY"), bind("PAY-GO", "version", "1.0", 3)),
    )
    changes = decided(plan, [version(1, "1.0")])
    assert [(m.code, m.project, m.name) for m in changes.milestones] == [("Pay-Go", "PAY", "上线")]
    assert standing(after(Identities(), changes)) == {"Pay-Go": ["1"]}
    assert [(p.rule, p.place) for p in changes.problems] == [("duplicate-code", "Projects!A7")]


def test_milestone_of_the_sheet_alone() -> None:
    """A milestone row makes a milestone with no binding; its project is the row's, else what its code begins with."""
    plan = Plan(
        projects=(project("PAY"), project("PAY-CN", 3)),
        milestones=(row("PAY-CN-M02"), row("GO", project="pay", row=3)),
    )
    changes = decided(plan)
    assert [(m.code, m.project, m.minted) for m in changes.milestones] == [
        ("GO", "PAY", False),
        ("PAY-CN-M02", "PAY-CN", False),
    ]
    assert changes.bindings == ()


def test_typed_numbers_are_skipped() -> None:
    """A minted code never takes a number that a person has typed."""
    plan = msgspec.structs.replace(PAY, milestones=(row("pay-m02"),))
    known = after(Identities(), decided(plan, [version(1, "a"), version(2, "b")]))
    assert standing(known) == {"PAY-M01": ["1"], "PAY-M03": ["2"]}


def test_group_and_all_below() -> None:
    """A group brings its descendants; a project bound on its own goes to its own code; a group and a project may share an id."""
    homes = [
        container(1, "top", "group", system="gitlab"),
        container(2, "top/sub", "group", "1", "gitlab"),
        container(1, "top/sub/app", "project", "2", "gitlab"),
        container(3, "top/own", "project", "1", "gitlab"),
    ]
    sources = [
        version(11, "of the group", "group:1", system="gitlab"),
        version(12, "of the app", 1, system="gitlab"),
        version(13, "of its own", 3, system="gitlab"),
    ]
    plan = Plan(
        projects=(project("TOP"), project("OWN", 3)),
        bindings=(bind("TOP", "group", "top", system="gitlab"), bind("OWN", "project", "top/own", 3, "gitlab")),
    )
    changes = decided(plan, sources, homes)
    assert standing(after(Identities(), changes)) == {"TOP-M01": ["12"], "TOP-M02": ["11"], "OWN-M01": ["13"]}
    ties = {(b.code, b.ref.kind, b.ref.id, b.found) for b in changes.bindings if b.ref.kind in ("group", "project")}
    assert ties == {
        ("TOP", "group", "1", False),
        ("TOP", "group", "2", True),
        ("TOP", "project", "1", True),
        ("OWN", "project", "3", False),
    }


def test_groups_in_a_circle() -> None:
    """Groups that name each other as parent end the walk."""
    homes = [container(1, "a", "group", "2", "gitlab"), container(2, "b", "group", "1", "gitlab")]
    sources = [version(11, "x", "group:2", system="gitlab")]
    plan = Plan(projects=(project("TOP"),), bindings=(bind("TOP", "group", "a", system="gitlab"),))
    assert standing(after(Identities(), decided(plan, sources, homes))) == {"TOP-M01": ["11"]}


def test_filter_claims_by_items() -> None:
    """A project bound by a filter claims the versions that its items serve, unless a container claims them."""
    plan = Plan(
        projects=(project("PAY"), project("OPS", 3)),
        bindings=(bind("PAY", "project", "PAY"), bind("OPS", "jql", "labels = ops", 3)),
    )
    sources = [version(1, "a", 10), version(2, "b", 11), version(3, "c", 12)]
    members = {sources[0].ref: ("OPS",), sources[1].ref: ("ops",)}
    changes = decided(plan, sources, members=members)
    assert standing(after(Identities(), changes)) == {"PAY-M01": ["1"], "OPS-M01": ["2"]}


def test_claimed_by_two() -> None:
    """A container that two projects bind is nobody's until one of them leads; what is bound already stays."""
    plan = Plan(
        projects=(project("PAY"), project("OPS", 3)),
        bindings=(bind("PAY", "project", "PAY"), bind("OPS", "project", "PAY", 3)),
    )
    changes = decided(plan, [version(1, "1.0")])
    assert [p.rule for p in changes.problems] == ["claimed-twice"]
    assert changes.milestones == ()
    leading = msgspec.structs.replace(plan, bindings=(plan.bindings[0], bind("OPS", "project", "PAY", 3, leading=True)))
    known = after(Identities(), decided(leading, [version(1, "1.0")]))
    assert standing(known) == {"OPS-M01": ["1"]}
    changes = decided(plan, [version(1, "1.0")], known=known, day=1)
    assert standing(after(known, changes)) == standing(known)


def test_one_source_for_two_promises() -> None:
    """One source may serve several milestones, and one milestone several sources; a changed role is a new binding."""
    rows = (bind("PAY-A", "version", "1.0", 3), bind("PAY-B", "version", "1", 4), bind("PAY-A", "version", "2.0", 5))
    plan = msgspec.structs.replace(PAY, bindings=(*PAY.bindings, *rows))
    sources = [version(1, "1.0"), version(2, "2.0")]
    known = after(Identities(), decided(plan, sources))
    assert standing(known) == {"PAY-A": ["1", "2"], "PAY-B": ["1"]}
    dates = bind("PAY-B", "version", "1", 4, role=Role.DATES)
    plan = msgspec.structs.replace(PAY, bindings=(*PAY.bindings, rows[0], dates, rows[2]))
    changes = decided(plan, sources, known=known, day=1)
    assert [(b.code, b.role) for b in changes.bindings] == [("PAY-B", Role.DATES)]
    assert [(b.code, b.role) for b in changes.ended] == [("PAY-B", Role.BOTH)]


def test_label_is_no_source() -> None:
    """A label has no date and no identity: said as a problem."""
    plan = msgspec.structs.replace(PAY, bindings=(bind("PAY-GO", "label", "launch"),))
    assert [p.rule for p in decided(plan).problems] == ["names-nothing"]


def test_project_unbound() -> None:
    """A project that no longer binds a container lets its found ties go; bound again, each source has its old code."""
    known = after(Identities(), decided(PAY, [version(1, "1.0")]))
    bare = msgspec.structs.replace(PAY, bindings=())
    loose = after(known, decided(bare, [version(1, "1.0")], known=known, day=1))
    assert standing(loose) == {}
    assert standing(after(loose, decided(PAY, [version(1, "1.0")], known=loose, day=2))) == {"PAY-M01": ["1"]}


def test_bound_to_another_container() -> None:
    """A project that comes back bound to another container does not take up again what it let go with the first."""
    sources = [version(1, "1.0"), version(2, "2.0", home=11)]
    known = after(Identities(), decided(PAY, sources))
    bare = msgspec.structs.replace(PAY, bindings=())
    known = after(known, decided(bare, sources, known=known, day=1))
    other = msgspec.structs.replace(PAY, bindings=(bind("PAY", "project", "OPS"),))
    assert standing(after(known, decided(other, sources, known=known, day=2))) == {"PAY-M02": ["2"]}


def test_project_code_changed() -> None:
    """When a project gets another code its milestones keep theirs and follow it; new ones take the new code."""
    known = after(Identities(), decided(PAY, [version(1, "1.0")]))
    renamed = Plan(projects=(project("PAX"),), bindings=(bind("PAX", "project", "PAY"),))
    changes = decided(renamed, [version(1, "1.0"), version(2, "2.0")], known=known, day=1)
    assert [(m.code, m.project) for m in changes.milestones] == [("PAX-M01", "PAX"), ("PAY-M01", "PAX")]
    assert standing(after(known, changes)) == {"PAY-M01": ["1"], "PAX-M01": ["2"]}


NUMBERS = st.integers(1, 6)
DAYS = st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 5))
SOURCES = st.dictionaries(NUMBERS, st.tuples(st.sampled_from(["1.0", "2.0", "三"]), st.sampled_from([10, 11]), DAYS))
TYPED = st.lists(
    st.tuples(st.sampled_from(["PAY-M02", "pay-go", "OPS-M01"]), st.sampled_from(["1.0", "三", "3"])), max_size=3
)
ROWS = st.sets(st.sampled_from(["PAY-M01", "PAY-M03", "ops-m02"]))
WORLD = st.tuples(SOURCES, TYPED, ROWS, st.booleans())


def world(told: tuple[Any, ...]) -> tuple[Plan, list[SourceMilestone]]:
    """A plan and sources of two projects."""
    sources, typed, rows, both = told
    bindings = [bind("PAY", "project", "PAY"), *([bind("OPS", "project", "OPS", 3)] if both else [])]
    bindings += [bind(code, "version", which, 4 + n) for n, (code, which) in enumerate(typed)]
    plan = Plan(
        projects=(project("PAY"), project("OPS", 3)),
        milestones=tuple(row(code, row=n) for n, code in enumerate(sorted(rows))),
        bindings=tuple(bindings),
    )
    return plan, [version(n, title, home, day) for n, (title, home, day) in sources.items()]


@given(worlds=st.lists(WORLD, min_size=1, max_size=4))
def test_history_of_codes(worlds: list[tuple[Any, ...]]) -> None:
    """Over any history no code is minted twice, a found source keeps its code, and a second look changes nothing."""
    known, minted, homes = Identities(), dict[str, Ref](), dict[Ref, str]()
    for day, told in enumerate(worlds):
        plan, sources = world(told)
        changes = decided(plan, sources, known=known, day=day)
        new = [m.code for m in changes.milestones if m.minted and m.appeared == changes.at]
        before = {m.code.casefold() for m in known.milestones}
        assert not [code for code in new if code.casefold() in before]
        known = after(known, changes)
        assert len({m.code.casefold() for m in known.milestones}) == len(known.milestones)
        for binding in known.bindings:
            if binding.found and binding.ref.kind == "version":
                assert minted.setdefault(binding.code, binding.ref) == binding.ref
                assert homes.setdefault(binding.ref, binding.code) == binding.code
        pairs = [(b.code.casefold(), b.ref) for b in known.bindings if b.until is None]
        assert len(set(pairs)) == len(pairs)
        assert decided(plan, sources, known=known, day=day).empty


@given(told=WORLD, data=st.data())
def test_order_is_irrelevant(told: tuple[Any, ...], data: st.DataObject) -> None:
    """The order of rows and of sources never matters."""
    plan, sources = world(told)
    turned = Plan(
        projects=tuple(data.draw(st.permutations(plan.projects))),
        milestones=tuple(data.draw(st.permutations(plan.milestones))),
        bindings=tuple(data.draw(st.permutations(plan.bindings))),
    )
    assert decided(turned, data.draw(st.permutations(sources))) == decided(plan, sources)


def test_the_next_free_code_was_never_used() -> None:
    """Of every project the next number that is neither minted, nor typed in any spelling, nor known of a promise that has
    left; of decisions the number behind the highest, in the way in which most of them are written.
    """
    plan = Plan(
        projects=(project("PAY"), project("NEW", 3)),
        milestones=(row("pay-m03"), row("PAY-M04", row=3)),
        decisions=tuple(
            DecisionRow(place=Place("sheet", "Decisions", 2, number), number=number)
            for number in ("D-09", "D-7", "7", "x")
        ),
    )
    left = Milestone(code="PAY-M05", project="PAY", name="", appeared=NOW)
    known = Identities(milestones=(left,), counters={"pay": 2})
    assert free_codes(plan, known, {}) == {"milestone_inputs": ("NEW-M01", "PAY-M06"), "decisions": ("D-10",)}


def test_a_number_of_a_deleted_row_is_not_free() -> None:
    """Numbers that rows once had count, in any spelling, and stay the measure when no row is left; the way of writing
    is that of the rows in force.
    """
    plan = Plan(decisions=(DecisionRow(place=Place("sheet", "Decisions", 2, "D-1"), number="D-1"),))
    past = {"decisions": ("D-1", "d-11", "2026-40", "2026-41"), "risks": ("R3",)}
    assert free_codes(plan, Identities(), past) == {"decisions": ("D-12",), "risks": ("R4",)}


def test_a_code_that_people_speak_of_is_never_minted() -> None:
    """Only codes found nowhere in the sheet are minted: dependencies, decisions and their successors, risks and bindings
    speak of theirs, though no row has them yet.
    """
    at = Place("sheet", "Decisions", 2, "D-1")
    plan = msgspec.structs.replace(
        PAY,
        milestones=(row("PAY-M02", depends_on=("pay-m01",)),),
        decisions=(DecisionRow(place=at, number="D-1", codes=("PAY-M03",), into=("PAY-M04",)),),
        risks=(RiskRow(place=at, id="R-1", milestone="PAY-M05"),),
        bindings=(*PAY.bindings, bind("PAY-M06", "version", "nowhere", 3)),
    )
    assert standing(after(Identities(), decided(plan, [version(1, "live")]))) == {"PAY-M07": ["1"]}


def test_a_code_in_a_row_that_does_not_count_is_never_minted() -> None:
    """Rows that stand twice or could not be read are no rows of the plan, but their codes are people's."""
    cells = [{"code": " pay-M01"}, {"code": "?", "note": "依赖PAY-M02，then PAY-M03."}, {"code": 4}, "no cells"]
    rows = [
        RawRecord(Ref("sheet", "milestone_inputs", str(number)), {"cells": each}) for number, each in enumerate(cells)
    ]
    changes = decided(PAY, [version(1, "live")], spoken=in_rows(rows))
    assert standing(after(Identities(), changes)) == {"PAY-M04": ["1"]}
