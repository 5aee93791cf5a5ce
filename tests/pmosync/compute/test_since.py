"""What makes two findings the same one, and since when it stands."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pmosync.compute.since import dated, name_of
from pmosync.mapping.told import values
from pmosync.model import Problem

NOW = datetime(2026, 12, 1, tzinfo=UTC)
BEFORE = datetime(2026, 11, 2, tzinfo=UTC)


def finding(rule: str = "not-a-date", code: str = "PAY-M01", place: str = "Inputs!H7", **told: str | int) -> Problem:
    """A finding with these values."""
    return Problem(rule=rule, place=place, message=repr(told), code=code, values=values(**told))


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
