"""The Slip ledger tab: what each row says, to whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from pmosync.dashboard.build import build
from pmosync.dashboard.content import Content
from pmosync.dashboard.slip_ledger import MOST, build_slip_ledger
from pmosync.model import LedgerAnswerRow, Place
from pmosync.sheet import Link, Table, Value

Line = dict[str, Value]


def lines(content: Content) -> list[Line]:
    """The tab's rows by column key."""
    table: Table = next(each for each in build(content) if each.tab.key == "slip_ledger")
    return [dict(zip((column.key for column in table.tab.columns), row, strict=True)) for row in table.rows]


def test_newest_first_without_opening_rows(story: Callable[..., Content]) -> None:
    """The newest move comes first; the first expected date known is no move."""
    assert [line["moved"] for line in lines(story())] == ["forecast", "pause", "expected", "baseline", "target"]


def test_causes_with_their_wd_and_evidence(story: Callable[..., Content]) -> None:
    """Causes stand in their order with their signs, the evidence once each, what is restricted not named."""
    row = lines(story())[2]
    assert row["cause"] == "scope added/removed +5; throughput +3; unexplained -1"
    assert row["evidence"] == "PAY-41, restricted"
    shown = lines(story(audience_sees_restricted=True))
    evidence = next(line["evidence"] for line in shown if line["moved"] == "expected")
    assert evidence == Link("PAY-41, PAY-77", "https://jira.example.com/browse/PAY-41")


def test_planning_is_marked(story: Callable[..., Content]) -> None:
    """What moved before anything was promised says so, in both languages."""
    for language, mark in (("en", "(planning: nothing was promised yet)"), ("zh-CN", "（计划期：当时尚无承诺）")):
        content = story(language=language)
        moves = {
            key: tuple(replace(each, planning=True) for each in own) for key, own in content.assessment.moves.items()
        }
        (told,) = build_slip_ledger(replace(content, assessment=replace(content.assessment, moves=moves))).rows[2:3]
        assert str(told[7]).endswith(mark)


def test_when_it_was_changed(story: Callable[..., Content]) -> None:
    """By the source's own word, else between two syncs with one move at least; a decision's move names the decision."""
    rows = lines(story())
    assert (rows[0]["changed"], rows[0]["by"]) == ("2026-11-29 16:30", "李娜")
    assert rows[4]["changed"] == "between 2026-11-20 09:00 and 2026-11-20 10:00 (at least 1 move)"
    assert (rows[3]["changed"], rows[3]["decision"], rows[3]["cause"]) == (None, "D-17", "银联 late")


def test_a_pause_says_how_long(story: Callable[..., Content]) -> None:
    """One line: so many wd, by that decision."""
    assert lines(story())[1]["cause"] == "paused 3 wd (D-18)"
    assert lines(story("zh-CN"))[1]["cause"] == "暂停 3 个工作日（D-18）"


def test_a_move_that_did_not_last_says_so(story: Callable[..., Content]) -> None:
    """Taken back by the next move of the same date, it says when, in brackets; the one that takes it back does not."""
    content = story()
    gone = content.assessment.moves["PAY-M03"][1]
    back = replace(
        gone, old=gone.new, new=gone.old, wd=-28, day=gone.day + timedelta(days=3), seen=gone.seen + timedelta(days=3)
    )
    told = replace(content, assessment=replace(content.assessment, moves={"PAY-M03": (gone, back)}))
    assert [line["cause"] for line in lines(told)] == [None, "(taken back 23 Nov 2026)"]


def test_restricted_milestones_have_no_row(story: Callable[..., Content]) -> None:
    """The ledger of a milestone that the audience may not see is not shown; who may see it has it."""
    assert "PAY-M99" not in repr(lines(story()))
    assert "PAY-M99" in repr(lines(story(audience_sees_restricted=True)))


@pytest.mark.parametrize("more", [0, 3])
def test_so_many_rows_and_no_more(story: Callable[..., Content], more: int) -> None:
    """A long ledger is cut, and says how many rows the export has besides."""
    content = story()
    moves = content.assessment.moves["PAY-M03"][1:2] * (MOST + more)
    told = replace(content, assessment=replace(content.assessment, moves={"PAY-M03": moves}))
    rows = build_slip_ledger(told).rows
    assert len(rows) == MOST + bool(more)
    assert (rows[-1][0] == f"{more} more: pmosync export") is bool(more)


def test_what_people_say_to_a_cause_stands_beside_it(story: Callable[..., Content]) -> None:
    """Found by the row's id in any case; the computed cause stays."""
    content = story()
    asked = next(line for line in lines(content) if line["moved"] == "expected")
    answer = LedgerAnswerRow(
        place=Place("plan", "ledger_answers", 2, "x"), id=str(asked["id"]).lower(), cause="supplier", words="银联"
    )
    told = next(
        line
        for line in lines(replace(content, plan=replace(content.plan, causes=(answer,))))
        if line["moved"] == "expected"
    )
    assert (told["cause_said"], told["cause"]) == ("supplier or partner: 银联", asked["cause"])
    assert asked["cause_said"] is None
    assert len({line["id"] for line in lines(content)}) == len(lines(content))


def test_a_target_moved_as_wished_tells_the_reason_of_the_wish(story: Callable[..., Content]) -> None:
    """The manager's own words stand beside the move to the very day that was wished for, and beside no other."""
    given = story().assessment
    code, move = next(
        (code, move)
        for code, moves in given.moves.items()
        for move in moves
        if move.field == "target" and not move.opening
    )
    for day, told in ((move.new, True), (date(2031, 1, 6), False)):
        wished = tuple(
            replace(each, row=replace(each.row, wish=day, wish_reason="vendor is late"))
            if each.milestone.code == code and each.row is not None
            else each
            for each in given.milestones
        )
        row = next(
            line for line in lines(story(assessment=replace(given, milestones=wished))) if line["moved"] == "target"
        )
        assert ("vendor is late" in str(row["cause"])) is told
