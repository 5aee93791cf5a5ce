"""Where slip begins to count: at the promise, whatever was planned before it and on whatever day a report is due."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.pmosync.compute.ledger.test_entries import MONDAY, NEXT, TARGET, begun, children, told

from pmosync.compute.ledger.entries import stepped
from pmosync.compute.workdays import Calendar
from pmosync.model import Report

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story

LATER = date(2026, 4, 3)
"""5 wd behind the target."""


def test_a_move_before_the_first_report_behind_the_promise(story: Story) -> None:
    """Between two reports of a fortnight a promise is made and the date moves: the row tells it from the promise on, with
    its cause.
    """
    story.project("PAY", cadence="biweekly")
    ref = begun(story, None)
    story.until(date(2026, 3, 5))
    story.moved(ref, TARGET)
    story.until(NEXT)
    assert [each.expected for each in story.reports["PAY-M01"]] == [None]
    children(story, **{"PAY-1": LATER})
    story.until(date(2026, 3, 24))
    (row,) = story.ledger("expected")
    assert (row.old, row.new, row.wd, row.slip, told(row)) == (TARGET, LATER, 5, 5, {"scope": 5})


def test_a_promise_that_was_late_from_its_first_day(story: Story) -> None:
    """The promise is made while its evidence is 5 wd later already: that is slip from the first day on, explained by what is
    later than the promise and named.
    """
    begun(story, **{"PAY-1": LATER})
    story.until(NEXT)
    (row,) = story.ledger("expected")
    assert (row.old, row.new, row.wd, told(row)) == (TARGET, LATER, 5, {"re_estimate": 5})
    assert [proof.name for proof in row.causes[0].evidence] == ["PAY-1"]
    assert [each.net for each in story.reports["PAY-M01"]] == [0, 5]


def test_a_predecessor_that_was_later_than_the_promise(story: Story) -> None:
    """A promise for a day on which its predecessor is not expected to be done slips by the predecessor."""
    story.version("PAY-M00", LATER)
    story.version("PAY-M01", TARGET)
    story.typed("PAY-M01", depends_on=("PAY-M00",))
    story.on(MONDAY)
    story.until(NEXT)
    (row,) = story.ledger("expected")
    assert (row.old, told(row)) == (TARGET, {"predecessor": row.wd})


def test_what_moves_before_there_is_a_promise_is_planning(story: Story) -> None:
    """A date that moves while nothing is promised has a row that is marked as planning; the promise is the day from which
    slip counts, and a date moved to that day is none.
    """
    story.project("PAY", committed_on=date(2026, 3, 13))
    ref = begun(story, **{"PAY-1": TARGET})
    story.on(MONDAY)
    children(story, **{"PAY-1": LATER})
    story.until(NEXT)
    (row,) = story.ledger("expected")
    assert (row.planning, row.slip, row.wd) == (True, None, 5)
    story.until(date(2026, 3, 17))
    story.moved(ref, date(2026, 4, 10))
    story.until(date(2026, 3, 24))
    assert story.ledger("expected") == (row,)
    assert [(each.baseline, each.net) for each in story.reports["PAY-M01"]][-1] == (date(2026, 4, 10), 0)


def test_the_rows_since_the_promise_add_up_to_the_slip(story: Story) -> None:
    """Whatever was planned before: the rows behind the promise add up to the slip against it, and so do their causes."""
    story.project("PAY", committed_on=date(2026, 3, 13))
    begun(story, **{"PAY-1": TARGET})
    children(story, **{"PAY-1": LATER})
    story.until(NEXT)
    for days, due in ((21, date(2026, 4, 10)), (28, date(2026, 4, 17))):
        children(story, **{"PAY-1": due})
        verdict = story.until(MONDAY + timedelta(days=days))
    rows = [row for row in story.ledger("expected") if not row.planning]
    assert sum(row.wd or 0 for row in rows) == verdict.slip == rows[-1].slip
    assert sum(sum(told(row).values()) for row in rows) == verdict.slip


def test_the_end_tells_the_rest_of_the_slip(story: Story) -> None:
    """The row of the actual date tells how far the end is from the date that has a row: with it the rows add up to the slip of
    what is done. A re-opening takes all of that back, also what was corrected by hand in between.
    """
    ref = begun(story, **{"PAY-1": TARGET})
    story.until(NEXT)
    children(story, **{"PAY-1": LATER})
    story.until(NEXT + timedelta(days=7))
    story.today = date(2026, 4, 7)
    story.closed(ref)
    verdict = story.assessed()
    rows = (*story.ledger("expected"), *story.ledger("actual"))
    assert [row.wd for row in rows] == [5, 1]
    assert sum(row.wd or 0 for row in rows) == verdict.slip == rows[-1].slip
    for actual in (date(2026, 4, 3), None):
        story.today += timedelta(days=1)
        story.typed("PAY-M01", actual=actual)
        story.closed(ref, closed=actual is not None)
        story.assess()
    assert [row.wd for row in story.ledger("actual")] == [1, -1, 0]


def test_without_a_promise_the_end_is_no_move(story: Story) -> None:
    """What ends before anything was promised is neither late nor early."""
    story.project("PAY", committed_on=None)
    ref = begun(story)
    story.today = date(2026, 3, 4)
    story.closed(ref)
    story.assess()
    assert [(row.wd, row.slip) for row in story.ledger("actual")] == [(None, None)]


@pytest.mark.parametrize(("first", "net"), [(TARGET, 2), (None, 7)])
def test_the_net_move_begins_at_the_baseline(first: date | None, net: int) -> None:
    """The first report that has a promise and a date is held against the promise, also behind one that had no date."""
    start = Report(code="PAY-M01", day=MONDAY, baseline=TARGET, expected=first)
    expected = date(2026, 3, 31) if first else date(2026, 4, 7)
    assert stepped((start,), expected, Calendar("plain"), TARGET)[2] == net
