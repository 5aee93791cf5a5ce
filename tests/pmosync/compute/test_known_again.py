"""Rows that have lost their code are known again by what they say and where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from pmosync.compute.known_again import Trace, known_again, line_of, order_of, said
from pmosync.raw import RawRecord, Ref

Cells = Mapping[str, object]
KEYS = ("name", "project", "target", "note")


def row(code: str, line: int, cells: Cells, missing: Sequence[str] = ()) -> RawRecord:
    """A row of Milestone inputs at a line of the sheet."""
    left = {key: value for key, value in cells.items() if key not in missing}
    payload = {"code": code, "row": line, "cells": {"code": code or None, **left}, "missing_columns": list(missing)}
    return RawRecord(Ref("sheet", "row", f"milestone_inputs:{code or f'#row{line}'}"), payload)


def sheet(rows: Sequence[tuple[str, Cells]], missing: Sequence[str] = ()) -> list[RawRecord]:
    """Rows one below the other."""
    return [row(code, line, cells, missing) for line, (code, cells) in enumerate(rows, 2)]


def known(before: Sequence[RawRecord], after: Sequence[RawRecord]) -> dict[str, int]:
    """Lost code → the line at which it is known again."""
    there = {raw.ref for raw in after}
    lost = [Trace(raw.ref, said(raw), line_of(raw)) for raw in before if raw.ref not in there]
    found = known_again(lost, after, order_of(before, {}))
    return {ref.id.partition(":")[2]: line_of(raw) for ref, raw in found.items()}


PLAN = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.text("abc", max_size=3),
            "project": st.sampled_from(["PAY", "CASH"]),
            "target": st.sampled_from(["2026-09-01", "2026-10-01", None]),
        }
    ),
    min_size=2,
    max_size=7,
)


@given(PLAN, st.data())
def test_several_codes_cleared_at_once_under_rows_inserted_and_beside_columns_taken(
    plan: list[Cells], data: st.DataObject
) -> None:
    """Every row that still says anything is known again, each where it stands, even where two say the same."""
    before = sheet([(f"M{number}", cells) for number, cells in enumerate(plan)])
    cleared = data.draw(st.sets(st.integers(0, len(plan) - 1), min_size=1))
    new = data.draw(st.integers(0, 2))
    missing = data.draw(st.sampled_from(((), ("target",), ("name",))))
    inserted: list[tuple[str, Cells]] = [(f"N{number}", {"project": "NEW"}) for number in range(new)]
    rows = [(("" if number in cleared else f"M{number}"), cells) for number, cells in enumerate(plan)]
    found = known(before, sheet([*inserted, *rows], missing))
    assert found == {f"M{number}": number + new + 2 for number in cleared}


@given(PLAN, st.data())
def test_a_row_in_its_place_may_be_edited(plan: list[Cells], data: st.DataObject) -> None:
    """Code cleared and another cell changed before the next sync: its neighbours vouch for what is left."""
    before = sheet([(f"M{number}", cells) for number, cells in enumerate(plan)])
    number = data.draw(st.integers(0, len(plan) - 1))
    key = data.draw(st.sampled_from(("name", "target", "note")))
    rows = [(f"M{place}", cells) for place, cells in enumerate(plan)]
    rows[number] = ("", {**plan[number], key: "edited"})
    assert known(before, sheet(rows)) == {f"M{number}": number + 2}


@given(st.permutations(range(6)), st.sets(st.integers(0, 5), min_size=1), st.sampled_from(("target", "note")))
def test_a_sorted_sheet_is_known_by_what_the_rows_say(order: list[int], cleared: set[int], edited: str) -> None:
    """Sorted, edited and without their codes at once: the greater part of what a row alone says is enough."""
    plan = [{"name": f"Milestone {n}", "project": "PAY", "target": "2026-09-01", "owner": f"p{n}"} for n in range(6)]
    before = sheet([(f"M{number}", cells) for number, cells in enumerate(plan)])
    rows = [("", {**plan[n], edited: "x"}) if n in cleared else (f"M{n}", plan[n]) for n in order]
    assert known(before, sheet(rows)) == {f"M{n}": order.index(n) + 2 for n in cleared}


@given(PLAN, st.data())
def test_no_row_is_two(plan: list[Cells], data: st.DataObject) -> None:
    """Whatever was deleted, cleared and sorted: a row is one lost row at most, and the order of reading decides nothing."""
    before = sheet([(f"M{number}", cells) for number, cells in enumerate(plan)])
    rows = data.draw(st.permutations([(f"M{number}", cells) for number, cells in enumerate(plan)]))
    kept = [(data.draw(st.sampled_from(("", code))), cells) for code, cells in rows if data.draw(st.booleans())]
    after = sheet(kept)
    found = known(before, after)
    assert len(set(found.values())) == len(found)
    assert known(before[::-1], after[::-1]) == found


def test_a_deleted_row_is_not_a_draft_of_the_same_project() -> None:
    """What many rows say tells nothing of one of them, away from its place."""
    before = sheet([("A", {"project": "PAY"}), ("B", {"project": "PAY", "name": "Two"}), ("C", {"project": "PAY"})])
    after = sheet(
        [("B", {"project": "PAY", "name": "Two"}), ("C", {"project": "PAY"}), ("", {"project": "PAY", "note": "x"})]
    )
    assert known(before, after) == {}


def test_another_code_in_the_very_place_is_the_same_row_only_if_it_says_the_same() -> None:
    """A corrected code, also under rows inserted meanwhile; a code that stands twice belongs to nobody yet."""
    one, two = {"project": "PAY", "name": "One"}, {"project": "PAY", "name": "Two"}
    before = sheet([("A", one), ("B", two)])
    assert known(before, sheet([("N", {"name": "New"}), ("X", one), ("B", two)])) == {"A": 3}
    assert known(before, sheet([("X", {**one, "name": "Other"}), ("B", two)])) == {}
    twin = row("B", 2, one)
    twin.payload["duplicates"] = 2
    assert known(before, [twin]) == {}


def test_columns_that_are_gone_say_nothing() -> None:
    """Sorted, without its code and without most of its columns: what is left of a row is all there is to know it by."""
    plan = [{"name": f"n{number}", "target": f"t{number}", "owner": f"p{number}"} for number in range(3)]
    before = sheet([(f"M{number}", cells) for number, cells in enumerate(plan)])
    after = sheet([("M2", plan[2]), ("", plan[0]), ("M1", plan[1])], missing=("name", "target"))
    assert known(before, after) == {"M0": 3}
