"""The slip ledger and the reports in the store: kept once, asked for as of any moment, brought back from the journal."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from pmosync.model import Cause, Move, Outcome, Planned, Proof, Report
from pmosync.store import Journal, rebuild

if TYPE_CHECKING:
    from tests.pmosync.store.conftest import Desk

DAY = date(2026, 3, 2)
PLANNED = Planned(today=DAY, target=DAY, children=(("jira:issue:1", "PAY-1", DAY), ("jira:issue:2", "PAY-2", DAY)))


def row(desk: Desk, **fields: Any) -> Move:
    """A row of the expected date of PAY-M01 that was seen now."""
    given = {"old": DAY, "new": DAY + timedelta(days=7), "wd": 5, "field": "expected", "planned": PLANNED, **fields}
    return Move(
        code="PAY-M01", day=desk.now.date(), seen=desk.now, causes=(Cause("scope", 5, (Proof("PAY-2"),)),), **given
    )


def report(desk: Desk, **fields: Any) -> Report:
    """Today's report of PAY-M01."""
    return Report(code="PAY-M01", day=desk.now.date(), expected=DAY, **fields)


def enter(desk: Desk, *moves: Move, reports: tuple[Report, ...] = ()) -> int:
    """The day's assessment adds these."""
    return desk.store.enter(desk.run, moves, reports, desk.now)


def test_rows_stay(desk: Desk) -> None:
    """A row is kept once and never changes; what was kept later is not told of an earlier moment."""
    first = row(desk)
    assert enter(desk, first) == 1
    assert enter(desk, first) == 0
    desk.tomorrow()
    assert enter(desk, row(desk, field="target", planned=None)) == 1
    assert [move.field for move in desk.snapshot().moves["PAY-M01"]] == ["expected", "target"]
    assert desk.snapshot(0).moves == {"PAY-M01": (first,)}


def test_back_and_forth_within_one_sync(desk: Desk) -> None:
    """A system tells that a date went, came back and went again since the last sync: three rows, though two say the same."""
    there, back = {"old": DAY, "new": DAY + timedelta(days=7)}, {"old": DAY + timedelta(days=7), "new": DAY}
    at = [desk.now - timedelta(hours=hours) for hours in (3, 2, 1)]
    rows = [
        row(desk, field="target", planned=None, changed=when, **way)
        for when, way in zip(at, (there, back, there), strict=True)
    ]
    assert enter(desk, *rows) == 3
    assert desk.snapshot().moves["PAY-M01"] == tuple(rows)


def test_the_last_expected_date_knows_what_it_was_made_of(desk: Desk) -> None:
    """Only the row from which the next one is measured carries what the date was planned from."""
    enter(desk, row(desk, opening=True))
    desk.tomorrow()
    last = row(desk)
    enter(desk, last)
    desk.tomorrow()
    enter(desk, row(desk, field="target", planned=None))
    told = desk.snapshot().moves["PAY-M01"]
    assert [move.planned for move in told] == [None, PLANNED, None]
    assert told[1] == last


def test_a_report_of_a_day_is_the_first_one(desk: Desk) -> None:
    """A second assessment on a report day changes nothing of what was told."""
    assert enter(desk, reports=(report(desk),)) == 1
    assert enter(desk, reports=(report(desk, slip=9),)) == 0
    assert desk.snapshot().reports == {"PAY-M01": (report(desk),)}


def test_the_last_report_days(desk: Desk) -> None:
    """A snapshot carries the reports of the last 26 report days, and the export all of them."""
    for _ in range(30):
        enter(desk, reports=(report(desk),))
        desk.tomorrow()
    assert len(desk.snapshot().reports["PAY-M01"]) == 26
    assert sum(1 for _ in desk.store.export("report", desk.now)) == 30


def test_what_has_ended_is_known_to_have_had_its_last_report(desk: Desk) -> None:
    """The last report of each milestone comes along however old it is: else what has ended would be reported again, and kept."""
    enter(desk, reports=(report(desk, ended=True),))
    for _ in range(30):
        desk.tomorrow()
        enter(desk, reports=(Report(code="PAY-M02", day=desk.now.date(), expected=DAY),))
    told = desk.snapshot().reports
    assert [(each.day, each.ended) for each in told["PAY-M01"]] == [(desk.at(0).date(), True)]
    assert len(told["PAY-M02"]) == 26


def test_evidence_that_was_hidden_since_is_not_named(desk: Desk) -> None:
    """A row is kept for ever; what it names may be restricted later, or not be visible any more."""
    desk.show(desk.version(1), *(desk.item(number, 1) for number in (1, 2, 3)))
    proofs = tuple(Proof(f"PAY-{number}", "https://jira/x", f"jira:issue:{number}") for number in (1, 2, 3))
    enter(desk, replace(row(desk), causes=(Cause("scope", 5, proofs),)))
    desk.tomorrow()
    desk.show(desk.item(1, 1, restricted=True))
    desk.store.hide(desk.run, [desk.item(2).ref], desk.now)
    (cause,) = desk.snapshot().moves["PAY-M01"][0].causes
    assert [proof.name for proof in cause.evidence] == ["PAY-3"]
    assert len(desk.snapshot(0).moves["PAY-M01"][0].causes[0].evidence) == 3


def test_how_children_ended(desk: Desk) -> None:
    """Of the children of the last expected date the snapshot tells how those ended that are not open any more."""
    desk.show(desk.version(1), desk.item(1, 1, delivered=DAY), desk.item(2, 1))
    desk.bind()
    enter(desk, row(desk))
    assert desk.snapshot().fates == {"jira:issue:1": Outcome.DELIVERED}


def test_when_sources_were_read_before(desk: Desk) -> None:
    """What was read in this very sync does not say when it was read before."""
    desk.store.reached(desk.run, "jira", "Jira", "ok", desk.now)
    assert desk.snapshot().read == {}
    before = desk.now
    desk.tomorrow()
    desk.store.reached(desk.run, "jira", "Jira", "ok", desk.now)
    assert desk.snapshot().read == {"jira": before}


def test_exported_without_what_is_no_move(desk: Desk) -> None:
    """The export tells the moves: no opening rows, and not what a date was planned from."""
    enter(desk, row(desk, opening=True), row(desk, old=None))
    assert [(type(move).__name__, move.planned) for move in desk.store.export("move", desk.now)] == [("Move", None)]  # type: ignore[attr-defined]


def test_brought_back_from_the_journal(desk: Desk, tmp_path: Path) -> None:
    """A store that is lost gets its ledger and its reports back, with what the next row is measured from."""
    journal = Journal(tmp_path / "journal.jsonl")
    enter(desk, row(desk), reports=(report(desk, slip=3),))
    journal.append(desk.run, desk.store.entries(desk.run))
    desk.store.journaled(desk.run)
    before = desk.snapshot()
    desk.store.close()
    desk.store = rebuild(desk.path, journal.path, now=desk.now).store
    after = desk.snapshot()
    assert (after.moves, after.reports) == (before.moves, before.reports)
