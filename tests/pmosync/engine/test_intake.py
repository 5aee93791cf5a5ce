"""What one record comes to, before anything is stored."""

from __future__ import annotations

from datetime import UTC, date, datetime

from msgspec import structs

from pmosync.compute.changes import Known, Put, Touch
from pmosync.engine.intake import intents_of, keep_valid, lost_columns
from pmosync.mapping import Translation
from pmosync.model import Change, MilestoneRow, Place, Problem, ProjectKind, ProjectRow
from pmosync.raw import RawRecord, Ref

NOW = datetime(2026, 11, 16, tzinfo=UTC)
ROW = Ref("sheet", "row", "milestone_inputs:PAY-M01")


def row(target: date | None, note: str = "") -> MilestoneRow:
    """A typed row."""
    return MilestoneRow(
        place=Place("sheet", "milestone_inputs", 2, "PAY-M01"), code="PAY-M01", target=target, note=note
    )


def test_a_wrong_cell_keeps_its_last_valid_value() -> None:
    """Text in a date cell never erases the date that was in force; the other cells of the row count."""
    before = Known(row(date(2026, 12, 5)), b"x", NOW)
    kept = keep_valid(before, row(None, "new note"), ("target",))
    assert kept == row(date(2026, 12, 5), "new note")


def test_a_row_that_cannot_be_told_apart_keeps_all_its_values() -> None:
    """With the code in doubt nothing of the row counts; a new such row is nothing at all."""
    before = Known(row(date(2026, 12, 5)), b"x", NOW)
    assert keep_valid(before, row(None), ("code",)) == row(date(2026, 12, 5))
    assert keep_valid(None, row(None), ("code",)) is None


def test_a_record_that_tells_only_changes_is_noted_with_them() -> None:
    """An event of GitLab is no thing of its own: its changes are kept."""
    raw = RawRecord(Ref("gitlab", "state_event", "7"), {"id": 7})
    change = Change(ref=Ref("gitlab", "state_event", "7"), of=Ref("gitlab", "issue", "1"), field="state", at=NOW)
    (intent,) = intents_of(raw, Translation(changes=(change,)), {}, NOW, "m")
    assert isinstance(intent, Touch)
    assert intent.changes == (change,)


def test_an_unreadable_record_is_kept_with_its_problem() -> None:
    """Quarantine: the record and the reason are stored, no fact is made of it."""
    problem = Problem(rule="unreadable-record", place="PAY-1", message="…")
    (intent,) = intents_of(RawRecord(ROW, {}), Translation(problems=(problem,)), {}, NOW, "m")
    assert isinstance(intent, Put)
    assert intent.fact is None
    assert intent.problems == (problem,)


def test_a_column_taken_away_takes_no_value_away() -> None:
    """Deleting a column of an input tab is no statement on its values: they stay in force, and one finding says so."""
    before = Known(row(date(2026, 12, 5), "note"), b"x", NOW)
    payload = {
        "tab": "milestone_inputs",
        "missing_columns": ["target", "wish"],
        "addresses": {"code": "'Milestone inputs'!A2"},
    }
    raw = RawRecord(ROW, payload)
    (intent,) = intents_of(raw, Translation(facts=(row(None, "newer"),)), {ROW: before}, NOW, "m")
    assert isinstance(intent, Put)
    assert intent.fact == row(date(2026, 12, 5), "newer")
    assert [(problem.rule, problem.place) for problem in intent.problems] == [("column-missing", "Milestone inputs")]
    assert intent.problems[0].message.startswith("the column 'Target' is missing: ")
    (new,) = intents_of(raw, Translation(facts=(row(None),)), {}, NOW, "m")
    assert isinstance(new, Put)
    assert new.problems == ()


def test_a_column_in_which_nothing_was_typed_is_not_missed() -> None:
    """What counts where a cell is empty (the usual kind, the usual control) was never typed: without its column nothing is
    lost, and nothing is told.
    """
    project = ProjectRow(place=Place("sheet", "projects", 2, "PAY"), code="PAY")
    raw = RawRecord(Ref("sheet", "row", "projects:PAY"), {"tab": "projects", "missing_columns": ["kind", "control"]})
    for kind, missed in ((ProjectKind.DELIVERY, ()), (ProjectKind.BET, ("kind",))):
        before = Known(structs.replace(project, kind=kind), b"x", NOW)
        assert lost_columns(before, raw) == missed
