"""Report days: the first assessment on a working day of each reporting period of a project. wd = working days."""

from __future__ import annotations

from datetime import date

from pmosync.compute.workdays import Calendar


def period_of(day: date, wd: int, calendar: Calendar) -> int:
    """The number of the reporting period of ``wd`` in which ``day`` lies: weeks begin on Mondays, months on the first,
    other periods are counted in working days. So reports of projects with one cadence fall on the same days.
    """
    week = (day.toordinal() - 1) // 7
    match wd:
        case 5:
            return week
        case 10:
            return week // 2
        case 21:
            return day.year * 12 + day.month
        case _:
            return calendar.position(day) // wd


def is_due(day: date, last: date | None, wd: int, calendar: Calendar) -> bool:
    """Whether a report is due on ``day``, a working day: none was made yet, or the ``last`` one in an earlier period."""
    if not calendar.works(day):
        return False
    return last is None or period_of(day, wd, calendar) > period_of(last, wd, calendar)
