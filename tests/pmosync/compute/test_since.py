"""What makes two findings the same one, and since when it stands."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pmosync.compute.since import dated, name_of, named
from pmosync.mapping.told import values
from pmosync.model import Problem

NOW = datetime(2026, 12, 1, tzinfo=UTC)
BEFORE = datetime(2026, 11, 2, tzinfo=UTC)


def finding(
    rule: str = "not-a-date", code: str = "PAY-M01", place: str = "Inputs!H7", row: str = "", **told: str | int
) -> Problem:
    """A finding with these values."""
    return Problem(rule=rule, place=place, message=repr(told), code=code, row=row, values=values(**told))


def bound(which: str, rule: str = "names-nothing") -> Problem:
    """A finding on a row of the Bindings tab."""
    return finding(rule, "PAY", row=f"bindings:PAY/jira/version/{which}", name=which)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (finding(column="target"), finding(column="target", place="Inputs!H9"), True),
        (finding(column="target", name="soon"), finding(column="target", name="later"), True),
        (finding(column="target"), finding(column="forecast"), False),
        (finding(column="target"), finding(column="target", code="PAY-M02"), False),
        (finding("no-owner"), finding("no-date"), False),
        (finding("done-open-children", open=3), finding("done-open-children", open=2), True),
        (finding("unknown-code", other="A"), finding("unknown-code", other="B"), False),
        (finding("names-nothing", name="V1"), finding("names-nothing", name="V2"), False),
        (finding(row="projects:PAY", column="target"), finding(row="inputs:PAY", column="target"), False),
        (bound("V1"), bound("V2"), False),
        (
            finding("calendar-row", "", "Calendar!C5", "calendar:holiday:2026-01-01", which="long"),
            finding("calendar-row", "", "Calendar!C6", "calendar:holiday:2026-01-01", which="long"),
            True,
        ),
        (finding("no-code", "", "Inputs!A7"), finding("no-code", "", "Inputs!A8"), False),
        (
            finding("unmapped-status", "", "PAY-1", word="Parked"),
            finding("unmapped-status", "", "PAY-1, PAY-2", word="Parked"),
            True,
        ),
    ],
)
def test_a_finding_stays_the_same(one: Problem, other: Problem, same: bool) -> None:
    """Whatever people sort and however counts and wrong words change; another thing, column or check is another one."""
    assert (name_of(one) == name_of(other)) is same


def test_another_wrong_word_is_the_same_finding() -> None:
    """A row of which something else is wrong in the same way goes on; a row that is still told keeps its own time, one
    that comes beside it is new, and one after the last is over begins anew.
    """
    first = {name_of(bound("V1")): BEFORE}
    assert named((bound("V3"),), first) == tuple(first)
    assert named((bound("V1"), bound("V3")), first) == (name_of(bound("V1")), name_of(bound("V3")))
    assert named((bound("V3"), bound("V4")), first) == (*first, name_of(bound("V4")))
    assert named((bound("V1", "name-changed"),), first) != tuple(first)
    assert [each.since for each in dated((bound("V3"), bound("V4")), first, NOW)] == [BEFORE, NOW]
    assert [each.since for each in dated((bound("V3"),), {}, NOW)] == [NOW]
    other = finding("unmapped-status", "", "PAY-1", word="Parked")
    assert named((other,), {name_of(finding("unmapped-status", "", "PAY-1", word="Held")): BEFORE}) == (name_of(other),)


def test_the_longest_goes_on_first() -> None:
    """Of several that are told no more, the one that stands longest is gone on with, in whatever order they were kept."""
    kept = {name_of(bound("V1")): NOW, name_of(bound("V2")): BEFORE}
    for standing in (kept, dict(reversed(kept.items()))):
        assert [each.since for each in dated((bound("V3"), bound("V4")), standing, NOW)] == [BEFORE, NOW]


def test_a_name_tells_nothing() -> None:
    """It lies in the journal, where nothing that a source wrote belongs."""
    name = name_of(finding(code="SECRET", column="target"))
    assert "secret" not in name.casefold()
    assert len(name) == 32


def test_since_when_a_finding_stands() -> None:
    """As it was kept; else as its record told it; a new one stands since now."""
    kept, new = finding("a-b"), finding("e-f")
    told = Problem(rule="c-d", place="x", message="", since=BEFORE)
    found = dated((kept, told, new), {name_of(kept): BEFORE}, NOW)
    assert [each.since for each in found] == [BEFORE, BEFORE, NOW]
