"""What was said at a past moment: by the facts, the inputs and the rules of then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from pmosync.cli.opened import Records
from pmosync.compute.assess import assess
from pmosync.compute.assessment import Assessment
from pmosync.compute.edited import Kept
from pmosync.compute.hindsight import with_hindsight
from pmosync.compute.homes import at_home
from pmosync.compute.policy import Policy
from pmosync.compute.workdays import Calendar
from pmosync.errors import ConfigError
from pmosync.model import Run, Snapshot

ENDED = ("done", "partial", "dry", "unpublished")
REACHES = (50, 1_000, 100_000)
"""How many runs are looked through, more and more: a year of hourly ones and beyond."""


def last(records: Records, day: date | None = None) -> datetime | None:
    """The start of the last run that came to its end, ``day`` (in the default time zone) included; None if there is
    none.
    """
    limit = end(records, day) if day else None
    for reach in REACHES:
        runs = records.store.runs(reach)
        found = [run for run in runs if _counts(run, limit)]
        if found or len(runs) < reach:
            return found[0].started if found else None
    return None


def asked(records: Records, as_of: datetime | None, option: str = "--as-of") -> date | None:
    """The day that the option names, None if it names none. ConfigError for a day to come: nothing was said then, and to
    answer as of today instead would look like a forecast.
    """
    if as_of is None:
        return None
    today = _day(records, max(filter(None, (records.now, last(records)))))
    if as_of.date() > today:
        raise ConfigError(
            f"{option} {as_of:%Y-%m-%d}: is still to come, today is {today}",
            remedy="name a day that is over, or leave it out for the last run",
        )
    return as_of.date()


def _day(records: Records, instant: datetime) -> date:
    """The day of an instant in the default time zone."""
    return instant.astimezone(ZoneInfo(records.policy.default_time_zone)).date()


def end(records: Records, day: date) -> datetime:
    """The midnight that ends a day in the default time zone."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(records.policy.default_time_zone))


def moment(records: Records, day: date | None) -> datetime:
    """The moment as of which something is told: the last run up to ``day``; without runs the end of the day, or now."""
    return last(records, day) or (end(records, day) if day else records.now)


def run(records: Records, day: date | None) -> datetime:
    """The moment of the last run up to ``day``; ConfigError where none was made, for nothing was said then."""
    found = last(records, day)
    if found is None and day and last(records):
        raise ConfigError(f"no run was made by {day}", remedy="ask for a later day; `pmosync status` shows the runs")
    if found is None:
        raise ConfigError("nothing was synced yet", remedy="run `pmosync sync` first")
    return found


def at(records: Records, moment: datetime, until: datetime | None = None) -> Assessment:
    """What is said of everything known at a moment, by the rules that were in force then; with ``until`` the dates are those
    that sources had before that instant by their own word, as far as it is known now.
    """
    return assess(seen(records, moment, until), rules(records, moment), moment, kept=calendars(records, moment))


def seen(records: Records, moment: datetime, until: datetime | None = None) -> Snapshot:
    """Everything known at a moment; with ``until`` as in ``at``."""
    then = at_home(records.store.snapshot(moment))
    return then if until is None else with_hindsight(then, records.store.snapshot(records.now).observations, until)


def rules(records: Records, moment: datetime) -> Policy:
    """The rules in force at a moment; before any run those of the settings."""
    kept = records.store.in_force("policy", moment)
    return msgspec.json.decode(kept.body, type=Policy) if kept else records.policy


def calendars(records: Records, moment: datetime) -> Mapping[str, Calendar]:
    """The calendars in force at a moment, as they were made then: a later release knows other holidays. None before any run."""
    kept = records.store.in_force("calendar", moment)
    return msgspec.json.decode(kept.body, type=Kept).calendars if kept else {}


def _counts(run: Run, limit: datetime | None) -> bool:
    return run.outcome in ENDED and (limit is None or run.started < limit)
