"""Of rows in several sheets with one code, what was valid before the second came stays in force; order never decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from pmosync.compute.rivals import Settled, Version, before, name_of, rivals, settle, standing
from pmosync.model import MilestoneRow, Place, Plan

DAYS = [datetime(2026, 9, day, tzinfo=UTC) for day in range(1, 10)]


def row(sheet: str, target: int, code: str = "COM-M01") -> MilestoneRow:
    """A milestone row of a team's sheet."""
    place = Place(sheet, "milestone_inputs", 3, code, {"code": "'Q4'!A3"})
    return MilestoneRow(place=place, code=code, project=sheet.upper(), target=date(2026, 12, target))


def settled(*lives: list[Version]) -> Settled:
    """The plan of these rows, each with its versions."""
    rows = [life[-1].row for life in lives if isinstance(life[-1].row, MilestoneRow)]
    plan = Plan(milestones=tuple(sorted(rows, key=lambda row: row.code)))
    return settle(plan, {name_of(life[-1].row): life for life in lives})


def edited(sheet: str, first: int, again: int) -> list[Version]:
    """A row whose target was the 18th from the ``first`` day on, and the 24th since ``again``."""
    return [Version(row(sheet, 18), DAYS[first], DAYS[again]), Version(row(sheet, 24), DAYS[again])]


@pytest.mark.parametrize("first", ["pay", "srch"])
def test_what_was_in_force_stays(first: str) -> None:
    """Whatever the sheets are called: all fields of the row that stood alone, as they were; both rows are told."""
    second = {"pay": "srch", "srch": "pay"}[first]
    found = settled([Version(row(first, 18), DAYS[0])], [Version(row(second, 30), DAYS[1])])
    (kept,) = found.plan.milestones
    assert (kept.project, kept.target) == (first.upper(), date(2026, 12, 18))
    assert {str(dict(each.values)["which"]): dict(each.values)["other"] for each in found.problems} == {
        "first": f"'Q4'!A3 ({second})",
        "later": f"'Q4'!A3 ({first})",
    }
    assert {each.rule for each in found.problems} == {"duplicate-code"}


def test_no_edit_counts_as_long_as_there_are_two() -> None:
    """As in one sheet: neither an edit of the first row nor one of the second, also where it comes with the second row; one
    from before counts.
    """
    rival = edited("srch", 2, 4)
    assert settled(edited("pay", 0, 3), rival).plan.milestones[0].target == date(2026, 12, 18)
    assert settled(edited("pay", 0, 2), rival).plan.milestones[0].target == date(2026, 12, 18)
    assert settled(edited("pay", 0, 1), rival).plan.milestones[0].target == date(2026, 12, 24)


def test_two_that_came_at_once_do_not_count() -> None:
    """Nothing was in force before; nobody's order decides."""
    found = settled([Version(row("pay", 18), DAYS[0])], [Version(row("srch", 30), DAYS[0])])
    assert found.plan.milestones == ()
    assert [dict(each.values)["which"] for each in found.problems] == ["neither"] * 2


def test_who_was_away_comes_second() -> None:
    """A row that was taken out and typed again appeared when it was typed again."""
    away = [
        Version(row("pay", 18), DAYS[0], DAYS[1]),
        Version(row("pay", 18), DAYS[1], DAYS[4], gone=True),
        Version(row("pay", 18), DAYS[4]),
    ]
    found = settled(away, [Version(row("srch", 30), DAYS[2])])
    assert [each.project for each in found.plan.milestones] == ["SRCH"]
    assert found.course.since == {"com-m01": DAYS[4]}


def test_one_row_a_code_in_whatever_case() -> None:
    """The same code in capitals and in small letters has one row in the plan, wherever the order of codes puts them."""
    lives = [Version(row("pay", 18), DAYS[0])], [Version(row("srch", 30, "com-m01"), DAYS[1])]
    found = settled(*lives, [Version(row("pay", 1, "X-M01"), DAYS[0])])
    assert [each.code for each in found.plan.milestones] == ["COM-M01", "X-M01"]


def test_only_rows_of_several_sheets_are_rivals() -> None:
    """In upper and lower case a code is the same; rows of one sheet, and what the settings file declares, are none."""
    plan = Plan(milestones=(row("a", 1), row("b", 2, "com-m01"), row("a", 3, "X-M01"), row("a", 4, "X-M01")))
    assert set(rivals(plan)) == {("milestone_input", "a", "com-m01"), ("milestone_input", "b", "com-m01")}
    declared = Plan(milestones=(row("settings", 1), row("a", 2), row("b", 3)))
    assert rivals(declared) == {}
    assert settle(declared, {}).plan == declared


def kept(*rows: MilestoneRow, removed: Mapping[str, datetime] = {}) -> list[str]:
    """The connections whose rows do not give way."""
    return [each.place.connection for each in standing(Plan(milestones=rows), removed).milestones]


def test_what_nobody_can_mend_gives_way() -> None:
    """A row of a connection that the settings name no more gives way to one that is read, of several such the one that was
    read last stays; a row that stands nowhere any more gives way to one that does. Alone, each stays in force.
    """
    lost = replace(row("c", 18), place=Place("c", "milestone_inputs", 3, "COM-M01"))
    removed = {"a": DAYS[1], "b": DAYS[2]}
    assert kept(row("a", 18), row("b", 19), row("z", 20), removed=removed) == ["z"]
    assert kept(row("a", 18), row("b", 19), removed=removed) == ["b"]
    assert kept(lost, row("z", 20)) == ["z"]
    assert kept(lost) == ["c"]
    plan = Plan(milestones=(row("a", 18), row("b", 19), row("z", 20)))
    assert before(plan, standing(plan, removed), removed) == {"com-m01": ("a", "b")}


def test_a_row_in_which_nobody_typed_gives_way() -> None:
    """The tool's own row for a new code, its project and nothing else, is no rival of a team's; of another project it is."""
    place = Place("book", "milestone_inputs", 3, "COM-M01", {"code": "A3"})
    blank = MilestoneRow(place=place, code="COM-M01", project="pay")
    assert kept(blank, row("pay", 18)) == ["pay"]
    assert kept(replace(blank, project=""), row("pay", 18)) == ["pay"]
    assert kept(blank, row("srch", 18)) == ["book", "srch"]
    assert kept(blank, replace(blank, place=row("pay", 18).place)) == ["book", "pay"]
