"""An edited calendar is a change: which days, on which calendar, seen when."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from pmosync.compute.calendars import clocks
from pmosync.compute.edited import CalendarChange, Kept, between, changes
from pmosync.compute.policy import Policy
from pmosync.compute.workdays import Calendar, Freeze
from pmosync.model import CalendarRow, Place, ProjectRow

NOW, LATER = datetime(2026, 3, 2, 2, tzinfo=UTC), datetime(2026, 3, 9, 2, tzinfo=UTC)
WEDNESDAY, SATURDAY = date(2026, 3, 4), date(2026, 3, 7)


def row(kind: str, first: date, last: date | None = None, applies_to: str = "") -> CalendarRow:
    """A row of the Calendar tab."""
    place = Place("plan", "Calendar", 5, "")
    return CalendarRow(place=place, kind=kind, first=first, last=last, applies_to=applies_to, words="Double 11")


PROJECT = ProjectRow(place=Place("plan", "Projects", 2, "PAY"), code="PAY", teams=("Core",))


def made(*rows: CalendarRow, now: datetime = NOW, **policy: Any) -> dict[str, Calendar]:
    """The calendars of one project of one team under these rows."""
    return dict(clocks(rows, (PROJECT,), Policy(**policy), now).named)


def told(old: dict[str, Calendar], new: dict[str, Calendar]) -> list[dict[str, Any]]:
    """The changes, without what is as it was."""
    return [
        {name: value for name, value in msgspec.structs.asdict(each).items() if value and name != "seen"}
        for each in between(old, new, LATER)
    ]


def test_days_that_come_and_go() -> None:
    """A new holiday, a new make-up workday and a new freeze window are told; taken back, they are told the other way round."""
    window = Freeze(date(2026, 11, 9), date(2026, 11, 12), "Double 11")
    rows = (row("holiday", WEDNESDAY), row("workday", SATURDAY), row("freeze", window.first, window.last))
    assert told(made(), made(*rows)) == [
        {"calendar": "CN", "off": (WEDNESDAY,), "on": (SATURDAY,), "frozen": (window,)}
    ]
    assert told(made(*rows), made()) == [
        {"calendar": "CN", "off": (SATURDAY,), "on": (WEDNESDAY,), "thawed": (window,)}
    ]
    assert told(made(*rows), made(*rows)) == []


@pytest.mark.parametrize("whose", ["PAY", "core"])
def test_the_first_row_of_a_projects_or_teams_own(whose: str) -> None:
    """Until somebody typed a row for it, it worked as everybody does: that is what its own calendar is compared with."""
    own = row("holiday", WEDNESDAY, applies_to=whose)
    assert told(made(), made(own)) == [{"calendar": whose, "off": (WEDNESDAY,)}]
    assert told(made(own), made()) == [{"calendar": whose, "on": (WEDNESDAY,)}]


def test_a_row_that_says_what_was_so_changes_nothing() -> None:
    """A holiday on a Sunday is none."""
    assert told(made(), made(row("holiday", date(2026, 3, 8)))) == []


def test_a_year_that_begins_is_no_change() -> None:
    """A country's calendar then knows one year more ahead and one less behind: nobody edited anything."""
    assert told(made(), made(now=datetime(2027, 1, 1, 2, tzinfo=UTC))) == []


def test_another_week_is_told_as_such() -> None:
    """A site that moves to another country with another week: the new week, not each of its days."""
    first, later = (made(default_calendar="HQ", sites={"HQ": land}) for land in ("CN", "IL"))
    assert told(first, later) == [{"calendar": "HQ", "week": "1111001"}]


def test_kept_versions_tell_their_changes_in_order() -> None:
    """From version to version; one of the time before days were kept tells nothing of its successor."""
    typed = (row("holiday", WEDNESDAY),)
    bodies = [
        msgspec.json.encode(["0.86", []]),
        msgspec.json.encode(Kept("0.86", (), made())),
        msgspec.json.encode(Kept("0.86", typed, made(*typed))),
    ]
    kept = [(NOW, bodies[0].decode()), (NOW, bodies[1].decode()), (LATER, bodies[2].decode())]
    assert list(changes(kept)) == [CalendarChange(calendar="CN", seen=LATER, off=(WEDNESDAY,))]


def test_a_past_moment_has_the_calendars_of_then() -> None:
    """Calendars that were kept stand as they were, those of a project's own rows too; one of another country, or of whom
    nothing was kept, is made anew.
    """
    kept = made(row("holiday", WEDNESDAY), row("workday", SATURDAY, applies_to="PAY"))
    again = clocks((row("freeze", SATURDAY, applies_to="PAY"),), (PROJECT,), Policy(), NOW, kept)
    assert (again.default.calendar, again.of("PAY").calendar) == (kept["CN"], kept["PAY"])
    abroad = clocks((), (PROJECT,), Policy(default_calendar="DE"), NOW, {"DE": kept["CN"]})
    assert abroad.default.calendar == made(default_calendar="DE")["DE"]
