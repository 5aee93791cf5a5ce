"""The history of one code: everything in order, by when it was seen or by when it happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from pmosync.compute.chronicle import by, chronicle
from pmosync.model import Baseline, Cause, Colour, Move, Observation

AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
DAY = AT.date()
CODE, REF = "PAY-M01", "jira:epic:7"


def seen(field: str, old: str, new: str, hours: int, changed: int | None = None, *, first: bool = False) -> Observation:
    """An observation so many hours after the beginning, of something changed so many hours after it."""
    at = None if changed is None else AT + timedelta(hours=changed)
    return Observation(of=REF, field=field, old=old, new=new, seen=AT + timedelta(hours=hours), changed=at, first=first)


def test_in_the_order_of_seeing_or_of_happening() -> None:
    """What was seen last may have happened first: with hindsight it stands there."""
    late = seen("target", "2026-03-10", "2026-03-12", 9, 1)
    plain = seen("title", "a", "b", 5)
    told = [chronicle(CODE, [late, plain], (), (), (), hindsight=hindsight) for hindsight in (False, True)]
    assert [[each.field for each in lines] for lines in told] == [["title", "target"], ["target", "title"]]


def test_until_a_moment() -> None:
    """By a moment there is what had been seen by then; with hindsight what had happened."""
    told = chronicle(CODE, [seen("target", "2026-03-10", "2026-03-12", 9, 1)], (), (), ())
    limit = AT + timedelta(hours=4)
    assert by(told, limit, hindsight=False) == ()
    assert by(told, limit, hindsight=True) == told


def test_the_first_sight_of_nothing_is_no_line() -> None:
    """A row whose cells are empty, a version that is not released: nothing has happened yet."""
    empty = [seen("forecast", "", "", 0, first=True), seen("closed", "", "false", 0, first=True)]
    assert chronicle(CODE, [*empty, seen("target", "", "2026-03-10", 0, first=True)], (), (), ())[0].field == "target"
    assert len(chronicle(CODE, empty, (), (), ())) == 0


def test_baselines_colours_and_moves() -> None:
    """A baseline stands with the one before it, a colour only where it became another, a row of the ledger with causes and with
    how late it made the milestone; one from before the promise is planning.
    """
    bases = [
        Baseline(code=CODE, version=number, day=DAY + timedelta(days=number), frozen=AT, decision=f"D-{number}")
        for number in (1, 2)
    ]
    colours = [
        (
            AT + timedelta(days=number),
            Colour(code=CODE, day=DAY, computed=letter, shown=letter, expected=DAY, why="missed"),
        )
        for number, letter in enumerate("GGR")
    ]
    move = Move(code=CODE, field="expected", day=DAY, seen=AT, old=DAY, new=DAY, wd=3, causes=(Cause("scope", 3),))
    opening = Move(code=CODE, field="expected", day=DAY, seen=AT, new=DAY, opening=True)
    early = replace(move, planning=True)
    told = chronicle(CODE, (), bases, colours, [opening, early, replace(move, slip=11)])
    lines = {field: [(each.old, each.new) for each in told if each.field == field] for field in ("baseline", "colour")}
    assert lines == {"baseline": [("", "2026-03-03"), ("2026-03-03", "2026-03-04")], "colour": [("", "G"), ("G", "R")]}
    rows = [(each.field, each.wd, each.slip, each.causes) for each in told if each.wd is not None]
    assert rows == [("planning", 3, None, (Cause("scope", 3),)), ("ledger", 3, 11, (Cause("scope", 3),))]
    assert [each.new for each in told if each.field == "expected"] == [DAY.isoformat()]


def test_a_colour_that_goes_on_for_another_concern_has_a_line() -> None:
    """Days in a colour count from its first day on, whatever it rests on since: the history tells since when it is what. A reason
    that only grew, and what asks nobody to act, is no other concern.
    """
    whys = ("blocking_risk", "blocking_risk", "expected_late_red", "missed", "milestone_red")
    colours = [
        (AT + timedelta(days=at), Colour(code=CODE, day=DAY, computed="R", shown="R", why=why))
        for at, why in enumerate(whys)
    ]
    told = [each for each in chronicle(CODE, (), (), colours, ()) if each.field == "colour"]
    assert [(each.old, each.new, each.reason) for each in told] == [
        ("", "R", "blocking_risk"),
        ("R", "R", "expected_late_red"),
    ]
