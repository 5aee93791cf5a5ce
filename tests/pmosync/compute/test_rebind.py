"""What a person names as old and new, which things are each other's, and rows that still name the old."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.effort import calls

from pmosync.compute.rebind import Line, Side, Thing, by_key, by_map, followed, side
from pmosync.errors import ConfigError
from pmosync.model import BindingRow, Place, SourceMilestone, SourceProject, WorkItem
from pmosync.raw import Ref, Scope

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def project(connection: str, number: int, key: str, kind: str = "project", **own: Any) -> Thing:
    """A project or group."""
    return Thing(SourceProject(ref=Ref(connection, kind, str(number)), key=key, name=key.title(), **own), NOW)


def version(connection: str, number: int, title: str, home: str, form: str = "version", **own: Any) -> Thing:
    """A version, milestone or epic."""
    ref = Ref(connection, "epic" if form == "epic" else "version", str(number))
    return Thing(SourceMilestone(ref=ref, title=title, form=form, container=home, **own), NOW)


def item(connection: str, number: int, key: str, home: str) -> Thing:
    """An item."""
    return Thing(WorkItem(ref=Ref(connection, "issue", str(number)), key=key, title="x", container=home), NOW)


OLD = (
    project("jira", 1, "PAY"),
    project("jira", 2, "OPS"),
    version("jira", 11, "1.0", "1"),
    version("jira", 12, "1.0", "2"),
    version("jira", 13, "Launch", "1", "epic", key="PAY-9"),
    item("jira", 21, "PAY-1", "1"),
    item("jira", 22, "OPS-1", "2"),
)
NEW = (
    project("cloud", 101, "PAY"),
    project("cloud", 102, "OPS"),
    version("cloud", 111, "1.0", "101"),
    version("cloud", 112, "1.0", "102"),
    version("cloud", 113, "Launched", "101", "epic", key="PAY-9"),
    item("cloud", 121, "PAY-1", "101"),
)


def ids(found: Side) -> list[str]:
    """The things of an end."""
    return [thing.ref.id for thing in found.things]


def test_ends() -> None:
    """A connection, a project of it with all that lies in it, or one thing by id, key or title."""
    assert ids(side("jira", (*OLD, *NEW))) == ["1", "2", "11", "12", "13", "21", "22"]
    assert ids(side("jira:project:pay", OLD)) == ["1", "11", "13", "21"]
    assert ids(side("jira:project:2", OLD)) == ["2", "12", "22"]
    assert (ids(side("jira:version:11", OLD)), side("jira:version:11", OLD).one) == (["11"], True)
    assert ids(side("jira:epic:PAY-9", OLD)) == ids(side("jira:epic:launch", OLD)) == ["13"]


def test_a_kind_that_is_none() -> None:
    """Told as that, with the nearest one and all there are."""
    with pytest.raises(ConfigError, match=r"jira:verison:11: jira has no kind 'verison'") as caught:
        side("jira:verison:11", OLD)
    assert caught.value.remedy == "did you mean version? choose one of epic, issue, project, version"


def test_a_group_holds_what_lies_below_it() -> None:
    """Groups, their projects, and the milestones of both; a group that lies in itself is no endless walk."""
    things = (
        project("gitlab", 1, "shop", "group", parent="3"),
        project("gitlab", 3, "shop/pay", "group", parent="1"),
        project("gitlab", 3, "shop/pay/api", parent="3"),
        project("gitlab", 4, "other"),
        version("gitlab", 8, "Live", "group:3", "milestone"),
        version("gitlab", 9, "Live", "4", "milestone"),
        item("gitlab", 7, "shop/pay/api#1", "3"),
    )
    assert ids(side("gitlab:group:shop", things)) == ["1", "3", "3", "8", "7"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("jria", "connection 'jria'"),
        ("jira:project:PYA", r"no project.*nearest: jira:project:1 \(PAY\)"),
        ("jira:version:1.0", "fits 2 things"),
        ("jira:version:", "nothing of that id"),
        ("jira:epic:Lanch", r"nearest: jira:epic:13 \(PAY-9\)"),
    ],
)
def test_ends_that_name_nothing_or_several(text: str, words: str) -> None:
    """One line that names what may have been meant."""
    with pytest.raises(ConfigError) as caught:
        side(text, OLD)
    assert caught.match(words)


def test_by_key() -> None:
    """Items, epics and projects by key whatever their titles; versions by title, each within its own project."""
    found = by_key(OLD, NEW)
    assert {(old.ref.id, new.ref.id) for old, new in found.pairs} == {
        *(("1", "101"), ("2", "102"), ("11", "111"), ("12", "112"), ("13", "113"), ("21", "121")),
    }
    assert [thing.key for thing in found.unmatched] == ["OPS-1"]


def test_two_projects_named_for_each_other() -> None:
    """Made anew under another key: their versions are each other's; items are not, since no key is the same."""
    new = (project("jira", 5, "PAY2"), version("jira", 51, "1.0", "5"), item("jira", 52, "PAY2-1", "5"))
    found = by_key([OLD[0], OLD[2], OLD[5]], new, homes_named=True)
    assert [(old.ref.id, new.ref.id) for old, new in found.pairs] == [("1", "5"), ("11", "51")]
    assert [thing.key for thing in found.unmatched] == ["PAY-1"]


def test_the_only_projects_of_two_connections_are_not_each_others() -> None:
    """Whoever names connections names no project: another key is another project, and its versions are not ours."""
    new = (project("cloud", 5, "OPS"), version("cloud", 51, "1.0", "5"))
    found = by_key([OLD[0], OLD[2]], new)
    assert (found.pairs, [thing.ref.id for thing in found.unmatched]) == ((), ["1", "11"])
    ends = [side(text, (*OLD, *NEW)) for text in ("jira", "jira:project:PAY", "jira:version:11")]
    assert [end.home for end in ends] == [False, True, False]


def test_what_fits_several_is_told() -> None:
    """Two of one key on either side: no pair is made."""
    found = by_key([OLD[5]], [item("cloud", 1, "PAY-1", "101"), item("cloud", 2, "PAY-1", "101")])
    assert found.pairs == ()
    assert [(old.ref.id, [each.ref.id for each in new]) for old, new in found.ambiguous] == [("21", ["1", "2"])]
    twice = by_key([OLD[5], item("jira", 29, "PAY-1", "1")], [NEW[5]])
    assert (twice.pairs, len(twice.ambiguous)) == ((), 2)


def test_a_map() -> None:
    """By id, key or whole address; several old ones may go on as one."""
    lines = [Line("m:1", "22", "cloud:issue:121"), Line("m:2", "PAY-1", "PAY-1"), Line("m:3", "jira:version:11", "111")]
    pairs, problems = by_map(lines, OLD, NEW)
    assert [(old.ref.id, new.ref.id) for old, new in pairs] == [("22", "121"), ("21", "121"), ("11", "111")]
    assert problems == ()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (Line("m:1", "", "121"), "m:1: no old id"),
        (Line("m:1", "99", "121"), "m:1: 99 is none of the old things"),
        (
            Line("m:1", "1.0", "111"),
            "m:1: 1.0 fits jira:version:11 (1.0); jira:version:12 (1.0): write the whole address",
        ),
        (Line("m:1", "21", "111"), "m:1: jira:issue:21 (PAY-1) and cloud:version:111 (1.0) are not of one kind"),
        (Line("m:1", "22", "121"), "m:1: 22 stands in m:0 too"),
    ],
)
def test_faulty_lines_of_a_map(line: Line, words: str) -> None:
    """Each is named with what is wrong; the others are read all the same."""
    pairs, problems = by_map([Line("m:0", "22", "121"), line], OLD, NEW)
    assert (len(pairs), problems) == (1, (words,))


def test_all_faults_of_a_map_in_one_round() -> None:
    """A line that is no pair, ids that nobody knows on either side, and one that stands twice: told together."""
    lines = [
        Line("m:1", "", "", "1 column, not 2"),
        Line("m:2", "21", "999"),
        Line("m:3", "21", "121"),
        Line("m:4", "22", ""),
    ]
    pairs, problems = by_map(lines, OLD, NEW)
    assert pairs == ()
    assert problems == (
        "m:1: 1 column, not 2",
        "m:2: 999 is none of the new things",
        "m:3: 21 stands in m:2 too",
        "m:4: no new id",
    )


def test_a_map_of_a_whole_site_is_read_line_by_line() -> None:
    """Twice the lines over twice the things are twice the work: no line looks at each thing."""

    def read(number: int) -> int:
        old, new = ([item(name, n, f"PAY-{n}", "1") for n in range(number)] for name in ("jira", "cloud"))
        lines = [Line("m:1", f"PAY-{n}", str(n)) for n in range(number)]
        assert len(by_map(lines, old, new)[0]) == number
        return calls(lambda: by_map(lines, old, new))

    assert read(80) < 2.5 * read(40)


def row(code: str, system: str, what: str, which: str) -> BindingRow:
    """A typed row."""
    place = Place("sheet", "bindings", 2, code, {"system": "'Bindings'!B2", "which": "'Bindings'!D2"})
    return BindingRow(place=place, code=code, system=system, scope=Scope(what, which))


WENT = {old.ref: new.ref for old, new in by_key(OLD, NEW).pairs}


def test_rows_are_read_as_they_are_meant() -> None:
    """A row that names a former thing means what it goes on as, and says which cell to change; any other stays as it is."""
    was, now = {thing.ref: thing.fact for thing in OLD}, {thing.ref: thing.fact for thing in NEW}
    typed = [
        row("PAY", "jira", "project", "PAY"),
        row("PAY-M01", "jira", "epic", "PAY-9"),
        row("PAY-M02", "jira", "version", "1.0"),
        row("PAY-M03", "cloud", "version", "1.0"),
        row("PAY", "jira", "jql", "project = PAY"),
    ]
    rows, problems = followed(typed, was, now, WENT)
    assert [(each.system, str(each.scope)) for each in rows] == [
        ("cloud", "project PAY"),
        ("cloud", "epic 113"),
        *((each.system, str(each.scope)) for each in typed[2:]),
    ]
    assert [(each.rule, each.place) for each in problems] == [("bound-anew", "'Bindings'!B2")] * 2


def test_rows_are_looked_up_among_what_went_on() -> None:
    """Twice the rows over twice the things are twice the work: no row is held against each thing."""

    def read(number: int) -> int:
        old, new = ([version(name, n, f"R{n}", "1") for n in range(number)] for name in ("jira", "cloud"))
        was, now = ({thing.ref: thing.fact for thing in things} for things in (old, new))
        went = {before.ref: after.ref for before, after in zip(old, new, strict=True)}
        rows = [row("PAY-M01", "jira", "version", f"R{n}") for n in range(number)]
        assert len(followed(rows, was, now, went)[1]) == number
        return calls(lambda: followed(rows, was, now, went))

    assert read(80) < 2.5 * read(40)


def test_a_row_that_fits_what_is_there_stays() -> None:
    """Behind the same connection a key names the new project as it named the old one."""
    old, new = project("jira", 1, "PAY"), project("jira", 101, "PAY")
    typed = (row("PAY", "jira", "project", "PAY"),)
    assert followed(typed, {old.ref: old.fact}, {new.ref: new.fact}, {old.ref: new.ref}) == (typed, ())
    by_id = (row("PAY", "jira", "project", "1"),)
    rows, problems = followed(by_id, {old.ref: old.fact}, {new.ref: new.fact}, {old.ref: new.ref})
    assert (rows[0].scope.which, problems[0].place) == ("PAY", "'Bindings'!D2")
