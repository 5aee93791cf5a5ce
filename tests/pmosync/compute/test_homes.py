"""A thing declared in the settings file has its home there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from pmosync.compute.changes import observe
from pmosync.compute.homes import Course, at_home, told_at_home
from pmosync.model import BindingRow, MilestoneRow, Observation, Place, Plan, ProjectRow, Snapshot
from pmosync.raw import Scope

NOW = datetime(2026, 11, 16, tzinfo=UTC)


def project(code: str, connection: str, name: str = "") -> ProjectRow:
    """A row of Projects."""
    return ProjectRow(place=Place(connection, "projects", 2, code, {"code": f"{connection}!A2"}), code=code, name=name)


def test_the_file_counts_and_the_sheet_s_row_is_told() -> None:
    """Never two rows of one code: the file's is in force, the sheet's becomes a problem with both addresses."""
    plan = Plan(projects=(project("PAY", "settings", "file"), project("pay", "sheet", "sheet"), project("X", "sheet")))
    found = at_home(Snapshot(as_of=NOW, plan=plan))
    assert [(row.code, row.name) for row in found.plan.projects] == [("PAY", "file"), ("X", "")]
    (problem,) = found.problems
    assert (problem.rule, problem.place) == ("declared-in-settings", "sheet!A2")
    assert "settings!A2" in problem.message


def test_rows_of_sheets_alone_are_left_as_they_are() -> None:
    """What the file does not declare is the sheet's business, duplicates too."""
    plan = Plan(projects=(project("PAY", "a"), project("PAY", "b")))
    assert at_home(Snapshot(as_of=NOW, plan=plan)).plan == plan


def test_bindings_are_told_apart_by_all_of_their_cells() -> None:
    """One code has many bindings."""

    def binding(which: str, connection: str) -> BindingRow:
        place = Place(connection, "bindings", 2, "PAY")
        return BindingRow(place=place, code="PAY", system="jira", scope=Scope("project", which))

    plan = Plan(bindings=(binding("A", "settings"), binding("B", "sheet"), binding("A", "sheet")))
    assert [row.scope.which for row in at_home(Snapshot(as_of=NOW, plan=plan)).plan.bindings] == ["A", "B"]


def test_only_the_row_that_counts_has_a_history() -> None:
    """A row that has no effect moves nothing: a baseline frozen from its date would be a promise nobody made."""

    def told(connection: str, code: str, target: date) -> MilestoneRow:
        return MilestoneRow(place=Place(connection, "milestone_inputs", 2, code), code=code, target=target)

    file, sheet = told("settings", "PAY-M01", date(2026, 6, 1)), told("sheet", "pay-m01", date(2026, 9, 1))
    seen = {moves[0].of: moves for row in (file, sheet) if (moves := observe(None, row, NOW))}
    both = told_at_home(seen, Plan(milestones=(sheet, file)))
    assert [each.new for each in both["PAY-M01"] if each.field == "plan"] == ["2026-06-01"]
    alone = told_at_home(seen, Plan(milestones=(sheet,)))
    assert [each.new for each in alone["pay-m01"] if each.field == "plan"] == ["2026-09-01"]
    assert "PAY-M01" not in told_at_home(seen, Plan())


def test_moves_since_there_are_two_are_no_history() -> None:
    """What is typed while a code stands in two sheets has no effect, so it moves nothing."""
    place = Place("pay", "milestone_inputs", 2, "COM-M01")
    row = MilestoneRow(place=place, code="COM-M01", target=date(2026, 12, 18))
    moves = observe(None, row, NOW)
    told = {moves[0].of: moves}
    assert "COM-M01" not in told_at_home(told, Plan(milestones=(row,)), Course({"com-m01": NOW}))
    assert told_at_home(told, Plan(milestones=(row,)), Course({"com-m01": NOW + timedelta(1)}))["COM-M01"] == moves


def test_a_row_goes_on_under_the_name_of_another_connection() -> None:
    """What a connection that the settings name no more told of a row is the row's history: one first sight, then moves."""

    def told(connection: str, target: int, seen: datetime) -> tuple[MilestoneRow, tuple[Observation, ...]]:
        place = Place(connection, "milestone_inputs", 2, "COM-M01")
        row = MilestoneRow(place=place, code="COM-M01", target=date(2026, 12, target))
        return row, observe(None, row, seen)

    def plans(target: int) -> list[tuple[str, str, bool]]:
        (_, old), (row, new) = told("old", 18, NOW), told("new", target, NOW + timedelta(1))
        seen = {old[0].of: old, new[0].of: new}
        moves = told_at_home(seen, Plan(milestones=(row,)), Course(before={"com-m01": ("old",)}))["COM-M01"]
        assert {each.of for each in moves} == {new[0].of}
        return [(each.old, each.new, each.first) for each in moves if each.field == "plan"]

    assert plans(18) == [("", "2026-12-18", True)]
    assert plans(24) == [("", "2026-12-18", True), ("2026-12-18", "2026-12-24", False)]
