"""Which calendar and which time zone each project has: the country's holidays, then the rows people typed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays
from msgspec import Struct

from pmosync.compute.place import spot
from pmosync.compute.policy import Policy
from pmosync.compute.workdays import EVERY_DAY, LAST_YEAR, Calendar, Freeze
from pmosync.mapping.text import fold
from pmosync.mapping.told import values
from pmosync.model import CalendarRow, Problem, ProjectRow

YEARS_BACK, YEARS_AHEAD = 20, 3
EVERYBODY = frozenset({"all", "全部"})
SEVERAL = re.compile(r"[,，、;；\n]")
LONGEST_ROW = 366
KINDS: Mapping[str, str] = {
    "holiday": "holiday",
    "workday": "workday",
    "freeze": "freeze",
    "假期": "holiday",
    "假日": "holiday",
    "节假日": "holiday",
    "工作日": "workday",
    "补班": "workday",
    "调休": "workday",
    "冻结": "freeze",
    "封网": "freeze",
}


class Year(Struct, frozen=True):
    """One year of a country: days that differ from its week pattern, and whether its holidays are not announced yet."""

    differs: Mapping[date, bool]
    provisional: bool


class Clock(Struct, frozen=True):
    """A project's calendar and time zone, with its own today."""

    calendar: Calendar
    zone: ZoneInfo
    today: date

    def day(self, instant: datetime) -> date:
        """The project's date at an instant."""
        return instant.astimezone(self.zone).date()

    def by(self, instants: Sequence[datetime], day: date) -> int:
        """How many of the instants, oldest first, lie on that day or before it."""
        if day >= date.max:
            return len(instants)
        return bisect_left(instants, datetime.combine(day + timedelta(days=1), time(), self.zone))


class Clocks(Struct, frozen=True):
    """Clocks by project code, the default one, what was wrong with the rows they were made from, and the calendars of the
    ``teams`` that projects name, by folded name. ``named`` are all calendars in use, each once: by its name, or by the
    project or team for which it has rows of its own.
    """

    default: Clock
    projects: Mapping[str, Clock]
    problems: tuple[Problem, ...] = ()
    teams: Mapping[str, Calendar] = {}
    named: Mapping[str, Calendar] = {}

    def of(self, project: str) -> Clock:
        """The clock of a project; the default one for a project not in the register."""
        return self.projects.get(project, self.default)

    def team(self, name: str, project: str) -> Calendar:
        """The calendar on which a team's history and horizon run; its project's for a team that no project names."""
        return self.teams.get(fold(name)) or self.of(project).calendar


def clocks(
    rows: Sequence[CalendarRow],
    projects: Sequence[ProjectRow],
    policy: Policy,
    now: datetime,
    kept: Mapping[str, Calendar] = {},
) -> Clocks:
    """A clock for every project, and findings on unusable rows, unknown calendars and unknown time zones.

    ``kept`` are calendars as they stood at a past ``now``, called as in ``Clocks.named``: each stands in the place of the one
    that today's knowledge of holidays would make.
    """
    names = _names(rows, policy)
    problems = [problem for row in rows if (problem := unusable(row))]
    usable = [row for row in rows if not unusable(row)]
    problems += _aimless(usable, projects, policy)
    made: dict[tuple[str, str], Calendar] = {}

    def calendar(name: str, whose: str) -> Calendar:
        name = called(name, names)
        own = whose if any(fold(whose) in targets(row) for row in usable) else ""
        if (name, own) not in made:
            then = kept.get(own or name)
            same = then is not None and then.name == name
            made[name, own] = then if then and same else compiled(name, own, usable, policy, now.year)
        return made[name, own]

    default_zone = zone(policy.default_time_zone) or ZoneInfo("UTC")
    default = Clock(calendar(policy.default_calendar, ""), default_zone, now.astimezone(default_zone).date())
    found: dict[str, Clock] = {}
    for row in projects:
        problems += misnamed(row, usable, policy)
        name = row.calendar if row.calendar and known(row.calendar, usable, policy) else policy.default_calendar
        its_zone = zone(row.time_zone or policy.default_time_zone) or default_zone
        found[row.code] = Clock(calendar(name, row.code), its_zone, now.astimezone(its_zone).date())
    homes = _homes(projects, {code: each.calendar.name for code, each in found.items()}, policy)
    crews = {team: calendar(name, team) for team, name in homes.items()}
    return Clocks(
        default, found, tuple(problems), crews, {own or name: each for (name, own), each in sorted(made.items())}
    )


def _homes(projects: Sequence[ProjectRow], named: Mapping[str, str], policy: Policy) -> Mapping[str, str]:
    """The calendar's name of each team, by folded name: a site's of that name, else that of most of its projects."""
    at: dict[str, list[str]] = {}
    for row in projects:
        for team in {fold(team) for team in row.teams} - {""}:
            at.setdefault(team, []).append(named[row.code])
    sites = {fold(site): site for site in policy.sites}
    return {team: sites.get(team) or min(names, key=lambda one: (-names.count(one), one)) for team, names in at.items()}


def targets(row: CalendarRow) -> frozenset[str]:
    """The calendars, projects and teams to which a row applies, folded; none means everybody."""
    named = {fold(name) for name in SEVERAL.split(row.applies_to)} - {""}
    return frozenset() if named & EVERYBODY else frozenset(named)


def called(name: str, names: Mapping[str, str]) -> str:
    """A calendar's name in its one spelling: ``cn`` is CN, a site as the settings write it, others as first typed."""
    return names.get(fold(name)) or (name.strip().upper() if _land(name) else name.strip())


def _names(rows: Sequence[CalendarRow], policy: Policy) -> Mapping[str, str]:
    """Folded name → spelling, of the sites and of calendars that rows made up."""
    typed = (name.strip() for row in rows for name in SEVERAL.split(row.applies_to))
    found = {fold(name): name for name in policy.sites}
    for name in typed:
        if not _land(name):
            found.setdefault(fold(name), name)
    return found


def _aimless(rows: Sequence[CalendarRow], projects: Sequence[ProjectRow], policy: Policy) -> Iterator[Problem]:
    """Findings on rows that apply to what nobody knows: no project, no team, no calendar in use, no country, no site."""
    ours = {fold(row.code) for row in projects} | {fold(row.calendar) for row in projects}
    ours |= {fold(team) for row in projects for team in row.teams}
    for row in rows:
        unknown = sorted(name for name in targets(row) - ours if country(name, policy) is None)
        if unknown:
            message = (
                f"the row applies to {', '.join(repr(name) for name in unknown)}, which nobody knows: no effect there"
            )
            remedy = (
                "use a project's code, a team that a project names, a calendar (CN, DE, a site), several with commas between, "
                "or leave it empty for all"
            )
            yield _problem(row, "applies_to", message, remedy, which="aimless", names=", ".join(unknown))


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo | None:
    """The IANA zone of that name; None if there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def unusable(row: CalendarRow) -> Problem | None:
    """Why a calendar row cannot count, if it cannot."""
    if row.kind.strip().casefold() not in KINDS:
        message = f"'{row.kind}' is no kind of calendar row"
        return _problem(row, "kind", message, "use holiday, workday or freeze", which="kind", kind=row.kind)
    if row.first is None:
        message = "a calendar row without its first day"
        return _problem(row, "first", message, "enter the first day", which="first")
    if row.last is not None and row.last < row.first:
        message = f"the row ends {row.last} before it begins {row.first}"
        told = {"day": row.first, "instead": row.last}
        return _problem(row, "last", message, "exchange the two days", which="reversed", **told)
    if row.last is not None and (row.last - row.first).days > LONGEST_ROW:
        message = "a calendar row longer than a year does not count"
        return _problem(row, "last", message, "split it by year", which="long")
    return None


def misnamed(row: ProjectRow, rows: Sequence[CalendarRow], policy: Policy) -> Iterator[Problem]:
    """Findings on a project's calendar and time zone that nobody knows; the defaults count instead."""
    if row.calendar and not known(row.calendar, rows, policy):
        message = f"no calendar is called '{row.calendar}': {policy.default_calendar or 'every day'} counts instead"
        remedy = "use a country code such as CN or DE, or a site that the settings or the Calendar tab name"
        yield Problem(
            rule="unknown-calendar",
            place=spot(row.place, "calendar"),
            message=message,
            remedy=remedy,
            code=row.code,
            values=values(name=row.calendar, usual=policy.default_calendar),
        )
    if row.time_zone and zone(row.time_zone) is None:
        message = f"no time zone is called '{row.time_zone}': {policy.default_time_zone} counts instead"
        remedy = "use an IANA name such as Asia/Shanghai"
        yield Problem(
            rule="unknown-time-zone",
            place=spot(row.place, "time_zone"),
            message=message,
            remedy=remedy,
            code=row.code,
            values=values(name=row.time_zone, usual=policy.default_time_zone),
        )


def known(name: str, rows: Sequence[CalendarRow], policy: Policy) -> bool:
    """Whether a calendar of that name can be made: a country, a site of the settings, or a name that rows apply to."""
    return country(name, policy) is not None or any(fold(name) in targets(row) for row in rows)


def country(name: str, policy: Policy) -> str | None:
    """The country (with subdivision, as DE-BY) behind a calendar's name; None if there is none."""
    sites = {fold(site): land for site, land in policy.sites.items()}
    return _land(sites.get(fold(name), name))


def _land(name: str) -> str | None:
    """The country's code if the name is one, in whatever case."""
    code = name.strip().upper()
    return code if re.fullmatch(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", code) and _week(code) is not None else None


def compiled(name: str, whose: str, rows: Iterable[CalendarRow], policy: Policy, this_year: int) -> Calendar:
    """The calendar ``name`` with the rows that apply to it, to all, or to the project or team ``whose`` it is. An empty
    name: every day counts.
    """
    code = country(name, policy) or country(policy.default_calendar, policy)
    week = _week(code) if name and code else None
    years = range(this_year - YEARS_BACK, this_year + YEARS_AHEAD + 1) if week else ()
    found = {number: year(str(code), number) for number in years}
    differs = {day: works for each in found.values() for day, works in each.differs.items()}
    mine = sorted(
        (row for row in rows if _reach(row, name, whose)), key=lambda row: (_reach(row, name, whose), _kind(row))
    )
    for row in mine:
        if _kind(row) != "freeze":
            differs |= dict.fromkeys(_days(row), _kind(row) == "workday")
    return Calendar(
        name=name,
        week=week or EVERY_DAY.week,
        off=_ordinals(differs, works=False, week=week or EVERY_DAY.week),
        on=_ordinals(differs, works=True, week=week or EVERY_DAY.week),
        freezes=tuple(sorted(_freeze(row) for row in mine if _kind(row) == "freeze")),
        provisional=tuple(number for number, each in found.items() if each.provisional),
        reaches=max(years, default=LAST_YEAR),
    )


@lru_cache(maxsize=512)
def year(code: str, number: int) -> Year:
    """One year of a country as the ``holidays`` library knows it, with its make-up workdays."""
    book, week = _book(code, number), _week(code) or EVERY_DAY.week
    days = map(date.fromordinal, range(date(number, 1, 1).toordinal(), date(number, 12, 31).toordinal() + 1))
    differs = {day: works for day in days if (works := bool(book.is_working_day(day))) != week[day.weekday()]}
    return Year(differs, _unannounced(book, number))


def _unannounced(book: holidays.HolidayBase, number: int) -> bool:
    """China's days off are announced year by year; other countries' feasts by the moon are marked as estimated."""
    announced = getattr(book, "special_public_holidays", None) or {}
    awaited = bool(getattr(book, "has_substituted_holidays", False)) and bool(announced) and number > max(announced)
    return awaited or any("(estimated)" in name for name in book.values())


@lru_cache(maxsize=512)
def _week(code: str) -> tuple[bool, ...] | None:
    try:
        book = _book(code, 2024)
    except NotImplementedError:  # the library's word for a country or subdivision that it does not know
        return None
    return tuple(day not in book.weekend for day in range(7))


def _book(code: str, number: int) -> holidays.HolidayBase:
    land, _, part = code.partition("-")
    return holidays.country_holidays(land, subdiv=part or None, years=number, expand=False)


def _ordinals(differs: Mapping[date, bool], *, works: bool, week: Sequence[bool]) -> tuple[int, ...]:
    return tuple(
        sorted(day.toordinal() for day, each in differs.items() if each is works and week[day.weekday()] is not works)
    )


def _reach(row: CalendarRow, name: str, whose: str) -> int:
    """How near a row speaks to us: 0 not at all, 1 to everybody, 2 to our calendar, 3 to our project or team. The nearer word
    counts.
    """
    named = targets(row)
    if not named:
        return 1
    if whose and fold(whose) in named:
        return 3
    return 2 if fold(name) in named else 0


def _kind(row: CalendarRow) -> str:
    """freeze, holiday or workday: in this order, so that where two rows of one reach speak of a day, the workday counts."""
    return KINDS[row.kind.strip().casefold()]


def _days(row: CalendarRow) -> list[date]:
    first = row.first or date.min
    return [first + timedelta(days=n) for n in range(((row.last or first) - first).days + 1)]


def _freeze(row: CalendarRow) -> Freeze:
    first = row.first or date.min
    return Freeze(first, row.last or first, row.words or row.kind)


def _problem(row: CalendarRow, field: str, message: str, remedy: str, **told: str | date) -> Problem:
    """A finding on a row that does not count as it is; ``told`` is what its words speak of."""
    return Problem(
        rule="calendar-row",
        place=spot(row.place, field),
        message=message,
        remedy=remedy,
        row=f"calendar:{row.kind}:{row.first or ''}:{row.applies_to}".casefold(),
        values=values(**told),
    )
