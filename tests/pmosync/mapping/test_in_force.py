"""What a finding says to be in force is in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from pmosync.compute.changes import Known
from pmosync.engine.intake import keep_valid
from pmosync.mapping import Context, People, Translation, load_mapping, translate
from pmosync.model import CalendarRow, MilestoneRow, PersonRow, Place, PlanRow
from pmosync.raw import RawRecord, Ref

PLAN = load_mapping("google_sheets")
NOW = datetime(2026, 3, 2, tzinfo=UTC)
PLACE = Place("sheet", "milestone_inputs", 9, "M1")
TOLD = MilestoneRow(place=PLACE, code="M1", name="Launch", target=date(2026, 9, 1), owner="li@x")
WANGS = People(PersonRow(place=PLACE, key=key, name="王伟") for key in ("w1@x", "w2@x"))


def read(
    before: PlanRow | None, cells: Mapping[str, str], tab: str = "milestone_inputs", rows: tuple[int, ...] = (2,)
) -> Translation:
    """A row of that tab, read while ``before`` is in force."""
    columns = {key: f"'T'!{letter}{rows[0]}" for key, letter in zip(cells, "ABCDEFG", strict=False)}
    payload = {
        "tab": tab,
        "row": rows[0],
        "cells": dict(cells),
        "addresses": columns,
        "duplicates": len(rows),
        "rows": list(rows),
    }
    context = Context(people=WANGS, seen=NOW, before=before)
    return translate(PLAN, RawRecord(Ref("sheet", "row", f"{tab}:M1"), payload), context)


def said(told: Translation) -> list[str]:
    """What the findings say to be in force."""
    return [problem.message.rpartition(": ")[2] for problem in told.problems]


@pytest.mark.parametrize(
    ("key", "value"), [("target", "下周吧"), ("level", "committe"), ("owner", "王伟"), ("target", "TBD")]
)
def test_where_nothing_was_in_force_nothing_stays(key: str, value: str) -> None:
    """A wrong date, choice or name in a new row, or in a cell that was empty before."""
    empty = MilestoneRow(place=PLACE, code="M1", name="Launch")
    for before in (None, empty):
        assert said(read(before, {"code": "M1", key: value})) == ["nothing is in force for it yet"]


def test_what_was_valid_before_stays() -> None:
    """The last valid value is named as such where there is one."""
    assert said(read(TOLD, {"code": "M1", "target": "下周吧"})) == ["the last valid value stays in force"]


@pytest.mark.parametrize("last", ["2026-12-01", "soon"])
def test_a_calendar_row_whose_span_cannot_be_read_does_not_count(last: str) -> None:
    """Nobody knows which days a row means that ends before it begins, or whose end is no date: none of them is taken, and
    what was valid before stays in force.
    """
    cells = {"kind": "holiday", "first": "2026-12-02", "last": last}
    new = read(None, cells, "calendar")
    assert (new.facts, said(new)) == ((), ["nothing is in force for it yet"])
    before = CalendarRow(
        place=replace(PLACE, tab="calendar", row=2), kind="holiday", first=date(2026, 12, 2), last=date(2026, 12, 4)
    )
    again = read(before, cells, "calendar")
    assert said(again) == ["the last valid value stays in force"]
    (fact,) = again.facts
    kept = keep_valid(Known(fact=before, digest=b"", seen=NOW), fact, again.invalid)
    assert isinstance(kept, CalendarRow)
    assert (kept.first, kept.last) == (before.first, before.last)


def test_leave_the_wrong_way_round_is_no_leave() -> None:
    """Of a person's leave neither end counts then; the person does."""
    told = read(None, {"key": "li@x", "leave_from": "2026-12-02", "leave_to": "2026-12-01"}, "people")
    (fact,) = told.facts
    assert isinstance(fact, PersonRow)
    assert (fact.key, fact.leave_from, fact.leave_to) == ("li@x", None, None)


def test_a_column_with_a_usual_value_names_it() -> None:
    """A new project with a wrong word for its control is not without one."""
    assert said(read(None, {"code": "PAY", "control": "sometimes"}, "projects")) == ["key stays in force"]


def test_both_rows_of_a_code_are_flagged_each_at_its_address() -> None:
    """Nothing was in force of a new code: neither row counts, and no value is said to stay."""
    told = read(None, {"code": "M1", "name": "One"}, rows=(5, 12))
    assert [problem.place for problem in told.problems] == ["'T'!A5", "'T'!A12"]
    assert said(told) == ["neither counts until one is removed"] * 2
    assert told.facts == ()
    assert set(said(read(None, {"code": "M1"}, rows=(5, 6, 7)))) == {"none of them counts until one alone is left"}


def test_a_known_code_that_stands_twice_keeps_its_values_where_it_stands_now() -> None:
    """What was valid before stays in force, its address is the one of now: findings never point to where it once was."""
    told = read(TOLD, {"code": "M1", "name": "Other"}, rows=(5, 12))
    assert set(said(told)) == {"the values valid before stay in force"}
    (fact,) = told.facts
    assert isinstance(fact, MilestoneRow)
    assert replace(fact, place=PLACE) == TOLD
    assert (fact.place.row, fact.place.addresses["code"]) == (5, "'T'!A5")
