"""Working days: which days count, how far two dates are apart, where a launch may fall."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pmosync.compute.calendars import Clocks, clocks, year
from pmosync.compute.policy import Policy
from pmosync.compute.workdays import EVERY_DAY, Calendar, Freeze
from pmosync.model import CalendarRow, Place, ProjectRow

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
CHINA = clocks((), (), Policy(), NOW).default.calendar
GERMANY = clocks((), (), Policy(default_calendar="DE-BY", default_time_zone="Europe/Berlin"), NOW).default.calendar
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
ANY_DAY = st.dates()
CALENDARS = st.sampled_from([CHINA, GERMANY, EVERY_DAY])


def row(kind: str, first: date | None, last: date | None = None, applies_to: str = "") -> CalendarRow:
    """A row of the Calendar tab."""
    return CalendarRow(
        place=Place("plan", "Calendar", 5, ""), kind=kind, first=first, last=last, applies_to=applies_to, words=kind
    )


def made(*rows: CalendarRow, **project: Any) -> Clocks:
    """The clocks of one project under these rows."""
    return clocks(rows, (ProjectRow(place=Place("plan", "Projects", 2, "PAY"), code="PAY", **project),), Policy(), NOW)


@pytest.mark.parametrize(
    ("baseline", "later", "slip"),
    [
        (date(2026, 2, 13), date(2026, 2, 24), (2, 11)),
        (date(2026, 9, 30), date(2026, 10, 10), (3, 10)),
        (date(2026, 10, 3), date(2026, 10, 8), (0, 5)),
        (date(2026, 3, 6), date(2026, 3, 6), (0, 0)),
        (date(2026, 3, 6), date(2026, 3, 7), (1, 1)),
        (date(2026, 3, 9), date(2026, 3, 6), (-1, -3)),
    ],
)
def test_worked_examples(china: Calendar, baseline: date, later: date, slip: tuple[int, int]) -> None:
    """Fri 13 Feb → Tue 24 Feb 2026 in China = +2 wd / 11 days (the make-up Saturday counts); Wed 30 Sep → Sat 10 Oct = +3 / 10;
    Sat 3 Oct → Thu 8 Oct = 0; equal dates 0; a non-working day counts from the next working day; earlier is negative."""
    assert china.slip(baseline, later) == slip


def test_official_makeup_workdays_of_2026() -> None:
    """China's make-up workdays on weekends count as working days."""
    made_up = [
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    ]
    weekends = [
        day for n in range(365) if (day := date(2026, 1, 1) + timedelta(days=n)).weekday() > 4 and CHINA.works(day)
    ]
    assert weekends == made_up


@given(CALENDARS, ANY_DAY, ANY_DAY)
def test_slip_is_antisymmetric(calendar: Calendar, one: date, other: date) -> None:
    """Slip from a to b is minus the slip from b to a, in wd and in days, for every date there is."""
    wd, days = calendar.slip(one, other)
    assert calendar.slip(other, one) == (-wd, -days)


@given(CALENDARS, ANY_DAY, ANY_DAY, ANY_DAY)
def test_slip_adds_up(calendar: Calendar, a: date, b: date, c: date) -> None:
    """For every three dates the slips between them add up."""
    assert calendar.between(a, b) + calendar.between(b, c) == calendar.between(a, c)


@given(CALENDARS, DAYS, st.integers(0, 400))
def test_slip_is_monotone(calendar: Calendar, day: date, more: int) -> None:
    """A later date never has a smaller slip, and never more wd than days when both ends are working days."""
    later = day + timedelta(days=more)
    assert calendar.between(day, later) >= 0
    if calendar.works(day) and calendar.works(later):
        assert calendar.between(day, later) <= more


@given(CALENDARS, DAYS, DAYS)
def test_slip_counts_working_days_one_by_one(calendar: Calendar, one: date, other: date) -> None:
    """The baseline day is excluded, the later day included: the slip is the count of working days between."""
    first, last = sorted((calendar.on_or_after(one), calendar.on_or_after(other)))
    count = sum(calendar.works(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))
    assert abs(calendar.between(one, other)) == count


@given(CALENDARS, DAYS, st.integers(-300, 300))
def test_add_is_the_inverse_of_slip(calendar: Calendar, day: date, wd: int) -> None:
    """Adding n wd lands on a working day n wd away."""
    found = calendar.add(day, wd)
    assert calendar.works(found)
    assert calendar.between(day, found) == wd


@given(ANY_DAY, ANY_DAY)
def test_no_calendar_is_calendar_arithmetic(one: date, other: date) -> None:
    """Without a calendar, wd are calendar days."""
    assert EVERY_DAY.slip(one, other) == ((other - one).days,) * 2


@given(CALENDARS, DAYS)
def test_met_until_the_next_working_day(calendar: Calendar, day: date) -> None:
    """A baseline on a non-working day is met until the end of the next working day; on a working day until its own end."""
    until = calendar.met_until(day)
    assert calendar.works(until)
    assert not any(calendar.works(day + timedelta(days=n)) for n in range((until - day).days))


@given(CALENDARS, DAYS)
def test_the_next_working_day_comes_after(calendar: Calendar, day: date) -> None:
    """The next working day is the first one after the day."""
    following = calendar.after(day)
    assert following > day
    assert calendar.works(following)
    assert not any(calendar.works(day + timedelta(days=n)) for n in range(1, (following - day).days))


def test_dates_at_the_end_of_time(china: Calendar) -> None:
    """Absurd dates are counted, not refused."""
    assert china.add(date.max, 5) == date.max
    assert china.between(date.min, date.max) > 2_000_000


def test_rows_add_holidays_and_workdays() -> None:
    """Extra holidays and workdays of the Calendar tab count; a project's row speaks over everybody's."""
    found = made(
        row("holiday", date(2026, 3, 4), date(2026, 3, 5)),
        row("workday", date(2026, 3, 7)),
        row("workday", date(2026, 3, 5), applies_to="PAY"),
    )
    everybody, ours = found.default.calendar, found.of("PAY").calendar
    assert [everybody.works(date(2026, 3, day)) for day in (3, 4, 5, 6, 7, 8)] == [
        True,
        False,
        False,
        True,
        True,
        False,
    ]
    assert [ours.works(date(2026, 3, day)) for day in (3, 4, 5, 6, 7, 8)] == [True, False, True, True, True, False]


def test_rows_for_another_calendar_do_not_count() -> None:
    """A row that applies to a calendar or project speaks to it alone."""
    found = made(row("holiday", date(2026, 3, 4), applies_to="DE"), row("holiday", date(2026, 3, 5), applies_to="CRM"))
    assert found.of("PAY").calendar.works(date(2026, 3, 4))
    assert found.of("PAY").calendar.works(date(2026, 3, 5))


def test_a_site_is_a_calendar_of_its_own() -> None:
    """A name that rows apply to is a calendar: the default country with those rows; a site of the policy has its country."""
    site = made(row("holiday", date(2026, 3, 4), applies_to="Chengdu"), calendar="Chengdu")
    assert not site.of("PAY").calendar.works(date(2026, 3, 4))
    assert not site.problems
    known = clocks(
        (),
        (ProjectRow(place=Place("p", "Projects", 2, "X"), code="X", calendar="HQ"),),
        Policy(sites={"HQ": "DE"}),
        NOW,
    )
    assert not known.of("X").calendar.works(date(2026, 4, 3))  # Good Friday
    assert known.of("X").calendar.works(date(2026, 2, 17))  # Chinese New Year


@pytest.mark.parametrize("applies_to", ["pay", "cn", "ＰＡＹ", "LOG, pay", "LOG、CN", "PAY;LOG", "All", ""])
def test_a_row_applies_in_any_case_and_to_several(applies_to: str) -> None:
    """Case and width do not count in what a row applies to; several names stand with commas between."""
    rows = (row("holiday", date(2026, 3, 4), applies_to=applies_to),)
    projects = [ProjectRow(place=Place("plan", "Projects", 2, code), code=code) for code in ("PAY", "LOG")]
    found = clocks(rows, projects, Policy(), NOW)
    assert not found.of("PAY").calendar.works(date(2026, 3, 4))
    assert found.problems == ()


def test_a_row_that_applies_to_nobody_is_told() -> None:
    """A name that is no project, country, site or calendar in use is a finding; what else the row names keeps it."""
    found = made(row("holiday", date(2026, 3, 4), applies_to="PAYY, PAY"))
    assert not found.of("PAY").calendar.works(date(2026, 3, 4))
    assert [(each.rule, "'payy'" in each.message) for each in found.problems] == [("calendar-row", True)]


def test_a_calendar_has_one_spelling() -> None:
    """A project calendar typed ``cn`` is CN: the same rows apply to it, and it has the same name."""
    lower = made(row("holiday", date(2026, 3, 4), applies_to="CN"), calendar="cn")
    assert (lower.of("PAY").calendar.name, lower.of("PAY").calendar.works(date(2026, 3, 4))) == ("CN", False)
    site = made(row("holiday", date(2026, 3, 4), applies_to="Chengdu"), calendar="chengdu")
    assert (site.of("PAY").calendar.name, site.of("PAY").calendar.works(date(2026, 3, 4))) == ("Chengdu", False)


def test_a_day_off_before_a_freeze_is_frozen_with_the_day_on_which_it_counts() -> None:
    """A Saturday counts as Monday: where Monday is frozen, the launch moves behind the window; a Friday stays."""
    calendar = made(row("freeze", date(2026, 4, 20), date(2026, 4, 24))).of("PAY").calendar
    assert calendar.thaw(date(2026, 4, 18)) == (date(2026, 4, 27), "freeze")
    assert calendar.thaw(date(2026, 4, 17)) == (date(2026, 4, 17), "")


@given(CALENDARS, DAYS)
def test_the_last_working_day_of_a_span(calendar: Calendar, day: date) -> None:
    """The working day on or before a day is a working day, and none lies between."""
    found = calendar.on_or_before(day)
    assert calendar.works(found)
    assert found <= day
    assert not any(calendar.works(found + timedelta(days=n)) for n in range(1, (day - found).days + 1))


def test_freeze_windows_move_a_launch() -> None:
    """A launch that would fall into a freeze window moves to the next allowed day, also through adjoining windows."""
    calendar = (
        made(row("freeze", date(2026, 11, 9), date(2026, 11, 12)), row("freeze", date(2026, 11, 13))).of("PAY").calendar
    )
    assert calendar.thaw(date(2026, 11, 6)) == (date(2026, 11, 6), "")
    assert calendar.thaw(date(2026, 11, 10)) == (date(2026, 11, 16), "freeze, freeze")


def test_a_year_not_announced_is_provisional() -> None:
    """A year whose holidays China has not announced yet is provisional; an announced one and Germany's are not."""
    announced = max(year_ for year_ in range(2020, 2035) if not year("CN", year_).provisional)
    assert any(year("CN", announced).differs.values())  # make-up workdays exist only once announced
    assert not any(year("CN", announced + 1).differs.values())
    assert year("CN", announced + 1).provisional
    assert not year("DE", announced + 1).provisional
    assert all(number > announced for number in CHINA.provisional)


@pytest.mark.parametrize(
    "wrong",
    [
        row("party", date(2026, 3, 4)),
        row("holiday", None),
        row("holiday", date(2026, 3, 4), date(2026, 3, 1)),
        row("holiday", date(2026, 3, 4), date(2036, 3, 4)),
    ],
)
def test_unusable_rows_are_findings(wrong: CalendarRow) -> None:
    """A row of an unknown kind, without a day, that ends before it begins or lasts years does not count and is told."""
    found = made(wrong)
    assert [each.rule for each in found.problems] == ["calendar-row"]
    assert found.of("PAY").calendar.works(date(2026, 3, 4))


def test_unknown_calendars_and_zones_are_findings() -> None:
    """An unknown calendar or time zone is told, and the default counts."""
    found = made(calendar="Atlantis", time_zone="Mars/Olympus")
    assert sorted(each.rule for each in found.problems) == ["unknown-calendar", "unknown-time-zone"]
    assert found.of("PAY").calendar.name == "CN"


def test_today_is_the_projects() -> None:
    """'Today' is the project's: late in the evening in Los Angeles it is tomorrow in Shanghai."""
    found = clocks(
        (),
        (
            ProjectRow(
                place=Place("p", "Projects", 2, "LA"), code="LA", calendar="US", time_zone="America/Los_Angeles"
            ),
            ProjectRow(place=Place("p", "Projects", 3, "SH"), code="SH"),
        ),
        Policy(),
        datetime(2026, 3, 2, 20, tzinfo=UTC),
    )
    assert (found.of("LA").today, found.of("SH").today) == (date(2026, 3, 2), date(2026, 3, 3))


@pytest.mark.parametrize(
    ("form", "typed", "moved"),
    [
        ("version", {}, True),
        ("milestone", {}, False),
        ("epic", {"done_when": "confirmed"}, False),
        ("epic", {"done_when": "launch"}, True),
        ("milestone", {"type": "Launch"}, True),
        ("milestone", {"type": "首批上线"}, True),
        ("milestone", {"type": "Go-live, wave 2"}, True),
        ("version", {"type": "delivery"}, False),
        ("version", {"type": "采购"}, False),
        ("version", {"type": "launch review"}, False),
        ("version", {"type": "上线评审点"}, False),
    ],
)
def test_only_a_launch_is_moved_by_a_freeze(story: Story, form: str, typed: dict[str, str], moved: bool) -> None:
    """A freeze window forbids launches, nothing else: the typed type says what is one; without a type, what ends by being
    released or by reaching the launch stage.
    """
    story.calendar("freeze", date(2026, 3, 16), date(2026, 3, 20))
    story.source("PAY-M01", form, date(2026, 3, 18))
    story.typed("PAY-M01", **typed)
    verdict = story.assessed()
    assert verdict.expected is not None
    assert verdict.expected.day == (date(2026, 3, 23) if moved else date(2026, 3, 18))
    assert verdict.freeze == ("freeze" if moved else "")


def test_freeze_moves_the_expected_date_and_says_so(story: Story) -> None:
    """A launch that would fall into a freeze window moves to the next allowed day, and the row says so."""
    story.calendar("freeze", date(2026, 3, 16), date(2026, 3, 20))
    story.version("PAY-M01", date(2026, 3, 18))
    verdict = story.assessed()
    assert verdict.expected is not None
    assert (verdict.expected.day, verdict.freeze) == (date(2026, 3, 23), "freeze")


def teams(*rows: CalendarRow, policy: Policy | None = None, **calendars: tuple[str, str]) -> Clocks:
    """The clocks of projects by code, each with a calendar and a team."""
    projects = [
        ProjectRow(place=Place("p", "Projects", 2, code), code=code, calendar=calendar, teams=(team,))
        for code, (calendar, team) in calendars.items()
    ]
    return clocks(rows, projects, policy or Policy(), NOW)


def test_a_team_has_a_calendar_of_its_own() -> None:
    """Rows that apply to a team count for it alone, not for its project; beside them it works as its project does."""
    found = teams(
        row("holiday", date(2026, 3, 4), applies_to="core pay"),
        row("holiday", date(2026, 3, 5), applies_to="PAY"),
        row("holiday", date(2026, 3, 6)),
        PAY=("", "Core Pay"),
    )
    days = [date(2026, 3, day) for day in (4, 5, 6)]
    assert [found.team("Core Pay", "PAY").works(day) for day in days] == [False, True, False]
    assert [found.of("PAY").calendar.works(day) for day in days] == [True, False, False]
    assert found.problems == ()


def test_a_team_works_where_its_projects_are() -> None:
    """A team's days are those of its project's country; of several those of most of them, and of one whose name is a site's
    those of the site.
    """
    good_friday, new_year = date(2026, 4, 3), date(2026, 2, 17)
    found = teams(PAY=("DE", "Kern"), LOG=("DE", "kern"), CRM=("CN", "Kern"), WEB=("CN", "Berlin"))
    assert not found.team("Kern", "CRM").works(good_friday)
    assert not found.team("Berlin", "WEB").works(new_year)
    found = teams(policy=Policy(sites={"Berlin": "DE-BE"}), WEB=("CN", "Berlin"))
    assert not found.team("Berlin", "WEB").works(good_friday)
    assert found.team("Berlin", "WEB").works(new_year)


def test_a_team_nobody_names_works_as_the_project_does() -> None:
    """What a system calls a team and no project does has no calendar of its own."""
    found = teams(row("holiday", date(2026, 3, 4), applies_to="PAY"), PAY=("", "Core"))
    for name in ("", "Someone else"):
        assert found.team(name, "PAY") == found.of("PAY").calendar
    assert found.team("Someone else", "?") == found.default.calendar


@given(CALENDARS, DAYS, st.lists(st.tuples(DAYS, st.integers(0, 40)), max_size=6))
def test_a_thawed_day_is_in_no_window(calendar: Calendar, day: date, windows: list[tuple[date, int]]) -> None:
    """However windows overlap and adjoin, the day behind them is allowed, no allowed working day before it was passed over, and
    an allowed day stays.
    """
    freezes = tuple(sorted(Freeze(first, first + timedelta(days=length), "w") for first, length in windows))
    frozen = replace(calendar, freezes=freezes)

    def allowed(one: date) -> bool:
        return not any(each.first <= seen <= each.last for each in freezes for seen in (one, calendar.on_or_after(one)))

    thawed, words = frozen.thaw(day)
    assert allowed(thawed)
    assert (thawed == day) == allowed(day) == (words == "")
    assert not any(allowed(one) for n in range((thawed - day).days) if calendar.works(one := day + timedelta(days=n)))
