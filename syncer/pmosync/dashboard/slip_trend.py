"""Slip trend: milestone trend analysis. A row a milestone, a column a report day, the expected date as it stood then.

The form is that of the milestone trend analysis of project control (DIN 69901-3; PMI calls it milestone trend chart): dates
reported are never changed, so a slip shows as a line that rises.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from pmosync.compute.assessment import MilestoneVerdict
from pmosync.dashboard import cells, layout, words
from pmosync.dashboard.content import Content
from pmosync.dashboard.layout import Field
from pmosync.dashboard.slip_ledger import listed
from pmosync.model import Report
from pmosync.sheet import Column, Format, Row, Tab, Table, Value

KEY = "slip_trend"
DAYS = 26
"""Report days that are shown."""


class Trend(Struct, frozen=True):
    """A milestone with its reports, oldest first: at least one."""

    verdict: MilestoneVerdict
    reports: tuple[Report, ...]

    @property
    def last(self) -> Report:
        """The newest report."""
        return self.reports[-1]

    def on(self, day: date) -> Value:
        """The date that was expected on a report day; None where none was, or where this milestone was not reported."""
        return next((report.expected for report in self.reports if report.day == day), None)

    def reported(self, day: date) -> bool:
        """Whether this milestone was reported on a day."""
        return any(report.day == day for report in self.reports)


def build_slip_trend(content: Content) -> Table:
    """The trend of every listed milestone, by project, then code."""
    days = report_days(content)
    rows = tuple(_row(content, trend, days) for trend in trends(content))
    return Table(tab(content), rows)


def tab(content: Content) -> Tab:
    """The layout: a column for each report day, the newest on the right."""
    days = tuple(_column(content, place, day) for place, day in enumerate(report_days(content)))
    return layout.adorned(layout.published(content, KEY, FIELDS, "code", extra=days), frozen=2)


def report_days(content: Content) -> tuple[date, ...]:
    """The last report days on which any listed milestone was reported, oldest first."""
    return tuple(sorted({report.day for trend in _reported(content) for report in trend.reports})[-DAYS:])


def trends(content: Content) -> tuple[Trend, ...]:
    """The milestones that were reported on any of these days, in the order in which the tab shows them."""
    days = report_days(content)
    found = (trend for trend in _reported(content) if trend.last.day >= days[0])
    return tuple(sorted(found, key=lambda trend: (trend.verdict.project, trend.verdict.milestone.code)))


def _reported(content: Content) -> list[Trend]:
    reports = content.assessment.reports
    return [Trend(each, own) for each in listed(content) if (own := reports.get(each.milestone.code, ()))]


def arrow(step: int) -> str:
    """Where the date went since the last report that had one: ``↗ +5``, ``↘ -2``, ``→``."""
    return f"{'↗' if step > 0 else '↘'} {step:+}" if step else "→"


def _row(content: Content, trend: Trend, days: Sequence[date]) -> Row:
    points = (trend.on(day) or (nowhere(content) if trend.reported(day) else None) for day in days)
    return (*(field.cell(content, trend) for field in FIELDS), *points)


def nowhere(content: Content) -> str:
    """What stands where a report expects no date: an empty cell would say that there was no report."""
    return words.text("dateless", content.language)


def _net(trend: Trend) -> int | None:
    """The net slip, of the expected date against the baseline beside it; None where either is missing."""
    return None if trend.last.baseline is None or trend.last.expected is None else trend.last.slip


def _column(content: Content, place: int, day: date) -> Column:
    note = words.text("report_day", content.language)
    return Column(key=f"report_{place}", label=day.isoformat(), format=Format.DATE, width=11, note=note)


FIELDS: tuple[Field[Trend], ...] = (
    Field("code", lambda content, t: cells.link(content, t.verdict.milestone.code, t.verdict.url), width=12),
    Field("name", lambda content, t: t.verdict.milestone.name or None, Format.WRAP, 32),
    Field("project", lambda content, t: t.verdict.project or None, width=9),
    Field("baseline", lambda content, t: t.last.baseline, Format.DATE, 12),
    Field("expected", lambda content, t: t.last.expected, Format.DATE, 12),
    Field("net", lambda content, t: _net(t), Format.SIGNED, 9),
    Field("arrow", lambda content, t: arrow(t.last.step) if t.last.expected else nowhere(content), width=9),
)
