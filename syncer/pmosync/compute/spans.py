"""Spans of working days that decide a colour, counted on from the last assessment. A calendar that changed since then counts
the days that come and none anew: by itself it changes no colour.
"""

from __future__ import annotations

from datetime import date

from pmosync.compute.case import Case


def since(case: Case, day: date) -> int:
    """wd from ``day`` to today, as far as they were counted before as they were counted then."""
    last, between = case.last, case.clock.calendar.between
    known = dict(last.spans).get(day) if last is not None else None
    return between(day, case.today) if last is None or known is None else known + between(last.day, case.today)


def until(case: Case, promised: date) -> int:
    """wd from today to what was promised, less those that went by since they were last counted."""
    last, between = case.last, case.clock.calendar.between
    if last is None or last.ahead is None or last.due != promised:
        return between(case.today, promised)
    return last.ahead - between(last.day, case.today)


def met_until(case: Case, day: date) -> date:
    """The last day on which a date is kept."""
    last = case.last
    if last is not None and last.met is not None and last.due == day:
        return last.met
    return case.clock.calendar.met_until(day)
