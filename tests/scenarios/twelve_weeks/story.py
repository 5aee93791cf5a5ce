"""Twelve weeks of a small company, 24 August to 13 November 2026, as neutral events: what people do in Jira, GitLab
and the sheet.

The working days of China in these weeks, counted by hand; the table's arithmetic names them ("wd 20"). Mid-Autumn is
Friday 25 September, National Day 1 to 7 October; Sunday 20 September and Saturday 10 October are made up for::

    24-28 Aug  1-5          14-18 Sep 16-20   20 Sep (Sun) 21    12-16 Oct 32-36         9-13 Nov 52-56
    31 Aug-4 Sep 6-10       21-24 Sep 22-25                      19-23 Oct 37-41        16-20 Nov 57-61
    7-11 Sep  11-15         28-30 Sep 26-28                      26-30 Oct 42-46        23-27 Nov 62-66
                            8, 9 Oct 29, 30   10 Oct (Sat) 31    2-6 Nov   47-51        30 Nov-4 Dec 67-71
    7-11 Dec 72-76          14-18 Dec 77-81   21-25 Dec 82-86    28-31 Dec 87-90
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from tests.scenarios.twelve_weeks.pen import (
    AUTHOR,
    at,
    day,
    decided,
    gitlab_milestone,
    items,
    moved,
    redated,
    said,
    typed,
    version,
)
from tests.scenarios.twelve_weeks.plan import GITLAB, VERSIONS

from pmosync.emulation.events import (
    AccessGiven,
    AccessLost,
    Event,
    ItemCreated,
    ItemDated,
    ItemDeleted,
    ItemLinked,
    ItemMoved,
    ItemPlanned,
    ItemStatus,
    MilestoneCloses,
    MilestoneDeleted,
    MilestoneOpens,
    MilestoneRenamed,
    MilestoneReopens,
    PersonJoins,
    ProjectOpens,
    Stage,
)
from pmosync.sheet import Value

START = at("07-30")
DAYS = (
    *("08-24", "08-25", "08-26", "08-28", "08-31", "09-01", "09-03", "09-04"),
    *("09-07", "09-08", "09-09", "09-10", "09-11", "09-14", "09-15", "09-16", "09-17", "09-18"),
    *("09-20", "09-21", "09-22", "09-23", "09-24", "09-28", "09-29", "09-30"),
    *("10-08", "10-09", "10-12", "10-13", "10-14", "10-15", "10-16", "10-30", "11-13"),
)
"""The days on whose evenings a sync runs: nearly every working day while things move, then when something is due."""

OUT_OF_REACH = ("10-12", "10-13", "10-14", "10-15")
"""The evenings on which GitLab does not let us in."""

# Half an hour after an evening's sync, and a morning that is still the day before in Los Angeles.
BETWEEN = {"09-08 late": at("09-08", 11, 30), "09-10 morning": at("09-09", 23, 30)}


def syncs() -> dict[str, datetime]:
    """The moment of each sync by its name, in order of time: 19:00 in Shanghai, and those in between."""
    moments = {**{each: at(each, 11) for each in DAYS}, **BETWEEN}
    return dict(sorted(moments.items(), key=lambda entry: entry[1]))


def story() -> tuple[Event, ...]:
    """Everything that happens, in order of time."""
    told = (
        *(_opening(), _targets(), _baselines(), _roll_ups(), _forecasts(), _endings(), _reopenings(), _decisions()),
        *(_scope(), _losses(), _care(), _predecessors(), _overrides(), _programs(), _cells()),
    )
    return tuple(sorted(chain.from_iterable(told), key=lambda event: event.at))


def _opening() -> Iterator[Event]:
    yield PersonJoins(at=at("07-31"), key=AUTHOR, name="李娜", email="li.na@example.com")
    yield ProjectOpens(at=at("08-01"), system="jira", key="PAY", name="Payments")
    yield ProjectOpens(at=at("08-01"), system="jira", key="LOG", name="Logistics")
    yield ProjectOpens(at=at("08-01"), system="gitlab", key="wms/api", name="Warehouse")
    for code, due in VERSIONS.items():
        start = "09-01" if code == "PAY-M42" else ""
        yield version(code, due, start=start, opened="08-02" if code == "PAY-M22" else "08-20")
    for code, due in GITLAB.items():
        yield gitlab_milestone(code, due)


def _targets() -> Iterator[Event]:
    """Dates are moved in the sources: late, early, over a holiday, onto and off days on which nobody works."""
    yield from (redated(on, "PAY-M01", due) for on, due in (("09-03", "09-18"), ("09-08", "09-09"), ("09-09", "09-11")))
    yield _closes("09-11", "PAY-M01", "09-11")
    yield redated("09-10", "PAY-M02", "09-21")
    yield redated("09-14", "PAY-M02", "09-28")
    yield _closes("09-24", "PAY-M02", "09-24")
    yield redated("09-21", "PAY-M03", "10-10")
    yield redated("09-22", "PAY-M04", "10-08")
    yield version("PAY-M08 second", "10-23")
    yield from (redated(on, "PAY-M42", due) for on, due in (("09-07", "09-28"), ("09-08", "09-29"), ("09-09", "10-08")))
    moves = (("09-07", "11-03"), ("09-14", "10-30"), ("09-18", "11-03"), ("09-24", "10-30"), ("09-30", "11-03"))
    yield from (redated(on, "PAY-M43", due) for on, due in moves)
    yield redated("09-07", "PAY-M44", "11-04")
    yield redated("09-09", "PAY-M44", "10-30")
    yield redated("09-07", "PAY-M69", "09-11")
    yield from said("09-08", "LOG-M02", target=day("11-05"))


def _baselines() -> Iterator[Event]:
    yield redated("08-26", "PAY-M05", "10-21")
    yield from decided("08-25", "D-01", "baseline", "PAY-M09", new_date=day("11-04"))
    yield redated("09-07", "PAY-M10", "10-15")
    yield from said("09-08", "PAY-M10", wish=day("10-15"), wish_reason="范围扩大")
    yield from decided("09-10", "D-02", "re-baseline", "PAY-M10, PAY-M11", new_date=day("10-15"))
    yield _closes("10-15", "PAY-M10", "10-15")
    yield from decided("09-03", "D-03", "correction", "PAY-M12", new_date=day("10-16"))


def _roll_ups() -> Iterator[Event]:
    yield from items("PAY-M13", ("10-16", "10-16", "10-16", "10-16", "10-20"))
    yield ItemDated(at=at("09-14", 4), by=AUTHOR, key="PAY-1305", due=day("10-28"))
    yield ItemDated(at=at("09-21", 4), by=AUTHOR, key="PAY-1305", due=day("10-16"))
    yield from items("PAY-M14", ("10-30", "10-30", "11-12", "", ""))
    yield ItemDated(at=at("09-10", 4), by=AUTHOR, key="PAY-1404", due=day("10-30"))
    yield from items("PAY-M15", ("09-11",))
    yield from moved("09-03", Stage.DOING, "PAY-1501")
    yield from moved("09-14", Stage.REVIEW, "PAY-1501")
    yield from items("PAY-M55", ("10-16", "10-16", "10-16", "10-16", "10-30"), restricted=frozenset({5}))


def _forecasts() -> Iterator[Event]:
    yield from said("09-07", "PAY-M16", forecast=day("10-20"))
    yield from said("09-07", "PAY-M66", forecast=day("10-20"))
    yield from said("09-23", "PAY-M16", target=day("10-09"))
    yield from said("09-08", "PAY-M17", forecast=day("10-09"))
    yield from said("09-10", "PAY-M17", target=day("10-30"))
    yield from said("09-03", "PAY-M70", forecast=day("09-10"))
    yield from said("09-10", "NEW-M01", forecast=day("09-21"))
    yield from said("09-08", "PAY-M18", forecast=day("10-14"))
    for code, forecast in (("03", "11-06"), ("04", "11-09"), ("05", "11-13"), ("06", "11-16")):
        yield from said("09-07", f"WMS-M{code}", forecast=day(forecast))
    yield from said("09-03", "LOG-M03", forecast=day("10-13"))


def _endings() -> Iterator[Event]:
    yield from said("09-11", "PAY-M19", actual=day("09-10"))
    yield _closes("09-15", "PAY-M20", "09-11")
    yield _closes("09-18", "PAY-M21", "09-11")
    yield _closes("09-15", "PAY-M72", "09-11")
    yield from said("09-15", "PAY-M72", actual=day("09-10"))
    yield from said("09-08", "PAY-M73", actual=day("09-07"))
    yield from _early_work()
    yield _closes("08-20", "PAY-M22", "08-14")
    yield _closes("09-14", "WMS-M01", "")
    yield MilestoneOpens(
        at=at("08-20"),
        by=AUTHOR,
        system="jira",
        key="PAY-6000",
        project="PAY",
        title="Ledger",
        form="epic",
        due=day("09-18"),
        owner=AUTHOR,
    )
    yield _closes("09-17", "PAY-6000", "")
    yield from items("PAY-M59", ("10-16",) * 5)
    yield from moved("09-08", Stage.DONE, *_keys(59, 5))


def _early_work() -> Iterator[Event]:
    """Five items delivered before we ever looked, the fourth on 18 August."""
    for place, on in enumerate(("08-10", "08-11", "08-12", "08-18", "08-19"), start=1):
        key = f"PAY-22{place:02d}"
        yield ItemCreated(
            at=at("08-03"), by=AUTHOR, system="jira", key=key, project="PAY", title=key, milestone="PAY-M22"
        )
        yield from moved(on, Stage.DONE, key)


def _reopenings() -> Iterator[Event]:
    for number in (24, 25):
        yield from items(f"PAY-M{number}", ("09-04",) * 10)
        yield from moved("09-02", Stage.DONE, *_keys(number, 10))
    for code in ("PAY-M23", "PAY-M24", "PAY-M25"):
        yield _closes("09-04", code, "09-04")
    yield MilestoneReopens(at=at("09-11"), by=AUTHOR, key="PAY-M23")
    yield _closes("09-16", "PAY-M23", "09-16")
    yield MilestoneReopens(at=at("09-28"), by=AUTHOR, key="PAY-M24")
    yield MilestoneReopens(at=at("09-28"), by=AUTHOR, key="PAY-M25")
    yield from moved("09-28", Stage.DOING, *_keys(25, 3))


def _decisions() -> Iterator[Event]:
    yield redated("09-07", "PAY-M26", "11-03")
    yield from decided("09-09", "D-04", "pause", "PAY-M26", new_date=day("09-21"))
    yield redated("09-10", "PAY-M26", "11-13")
    yield from decided("09-24", "D-05", "resume", "PAY-M26")
    yield from said("09-01", "PAY-M27", forecast=day("10-21"))
    yield from decided("09-10", "D-06", "cancel", "PAY-M27")
    yield from decided("09-07", "D-07", "split", "PAY-M28", into="PAY-M29, PAY-M30")
    yield from _child("09-07", "PAY-M29", "10-09")
    yield from _child("09-07", "PAY-M30", "10-23")
    yield from said("10-09", "PAY-M29", actual=day("10-09"))
    yield from said("10-30", "PAY-M30", actual=day("10-22"))
    yield from decided("09-08", "D-08", "merge", "PAY-M31", into="PAY-M32")
    yield from decided("09-11", "D-09", "partial", "PAY-M33", into="PAY-M34")
    yield from _child("09-11", "PAY-M34", "09-30")


def _child(on: str, code: str, target: str) -> Iterator[Event]:
    return said(on, code, name=f"Milestone {code}", project="PAY", level="tracked", target=day(target))


def _scope() -> Iterator[Event]:
    for number in (35, 62, 63):
        yield from items(f"PAY-M{number}", ("10-30",) * 10)
    yield from moved("09-08", Stage.DROPPED, *_keys(35, 3))
    yield from decided("09-14", "D-10", "re-scope", "PAY-M62")
    for key in (*_keys(62, 3), *_keys(63, 2)):
        yield ItemPlanned(at=at("09-08", 4), by=AUTHOR, key=key, milestone="")


def _losses() -> Iterator[Event]:
    yield MilestoneDeleted(at=at("09-08"), by=AUTHOR, key="PAY-M37")
    yield MilestoneDeleted(at=at("09-15"), by=AUTHOR, key="WMS-M02")
    yield from items("PAY-M38", ("10-23", "10-23", "10-23", "10-23", "10-30"))
    yield ItemDeleted(at=at("09-16"), by=AUTHOR, key="PAY-3805")
    yield from items("PAY-M39", ("10-23",) * 5)
    yield ItemMoved(at=at("09-09"), by=AUTHOR, key="PAY-3905", project="LOG", new_key="LOG-7")
    yield version("PAY-M68 again", "10-30")
    yield from typed("09-14", "bindings", "PAY-M68", which="Release PAY-M68 again")
    yield version("LOG-M04", "09-18", project="LOG", title="Scanner")
    yield MilestoneRenamed(at=at("09-09"), by=AUTHOR, key="LOG-M04", title="Scanner 2")
    yield MilestoneRenamed(at=at("09-09"), by=AUTHOR, key="PAY-M40", title="二期发布 Second release")


def _care() -> Iterator[Event]:
    yield from items("PAY-M71", ("", "", "", "", ""), assignee="")
    risk: dict[str, Value] = {
        "project": "PAY",
        "text": "供应商破产",
        "probability": 5,
        "impact": 5,
        "milestone": "PAY-M45",
    }
    yield from typed("09-09", "risks", "R-01", **risk, status="open")
    yield from typed("09-15", "risks", "R-01", status="closed")


def _predecessors() -> Iterator[Event]:
    yield from said("09-10", "PAY-M48", forecast=day("10-22"))
    yield from items("PAY-M49", ("10-16",))
    yield from items("PAY-M64", ("10-28",))
    yield ItemLinked(at=at("08-20", 5), by=AUTHOR, key="PAY-6401", other="PAY-4901")
    yield from items("PAY-M65", ("10-16",))
    yield ItemCreated(
        at=at("08-20", 4),
        by=AUTHOR,
        system="jira",
        key="PAY-9001",
        project="PAY",
        title="Bank certificate",
        assignee=AUTHOR,
        due=day("10-22"),
    )
    yield ItemLinked(at=at("08-20", 5), by=AUTHOR, key="PAY-9001", other="PAY-6501")


def _overrides() -> Iterator[Event]:
    for code in ("PAY-M53", "PAY-M54"):
        yield from said("09-03", code, forecast=day("10-27"))
    yield from decided("09-08", "D-11", "override", "PAY-M53", colour="G", until=day("09-18"))
    yield from decided("09-08", "D-12", "override", "PAY-M54", colour="G", until=day("12-31"))


def _programs() -> Iterator[Event]:
    yield from typed("09-17", "projects", "BET", result="Kill: nobody asked for it")
    yield from said("09-07", "K1-M02", forecast=day("12-07"))
    yield from said("09-07", "K2-M02", forecast=day("12-28"))
    yield from said("09-28", "K2-M02", forecast=day("12-18"))
    yield from said("09-09", "S1-M01", forecast=day("12-15"))
    yield from said("09-14", "S2-M01", forecast=day("12-15"))
    yield from decided("10-12", "D-13", "pause", "K3", new_date=day("11-30"))


def _cells() -> Iterator[Event]:
    """A site's own holiday, words where a date belongs, a name that two people bear, a status that nobody mapped."""
    holiday: dict[str, Value] = {
        "first": day("10-12"),
        "last": day("10-12"),
        "applies_to": "LOG",
        "words": "Stocktaking",
    }
    yield from typed("09-10", "calendar", "Holiday", **holiday)
    yield from said("09-03", "PAY-M57", forecast=day("10-20"))
    yield from said("09-08", "PAY-M57", forecast="下周吧")
    yield from said("09-03", "PAY-M58", owner="赵敏")
    yield from said("09-08", "PAY-M58", owner="王伟")
    yield from decided("09-14", "D-14", "exemption", "PAY-M58", until=day("09-18"))
    yield ItemCreated(
        at=at("08-20", 4),
        by=AUTHOR,
        system="gitlab",
        key="wms/api#1",
        project="wms/api",
        title="Labels",
        milestone="WMS-M08",
        assignee=AUTHOR,
        due=day("10-30"),
    )
    yield ItemStatus(at=at("09-08", 4), by=AUTHOR, key="wms/api#1", status="等待第三方")
    yield from said("10-08", "WMS-M08", forecast=day("10-30"))
    yield AccessLost(at=at("10-12"), system="gitlab")
    yield AccessGiven(at=at("10-16"), system="gitlab")


def _closes(on: str, key: str, release: str) -> Event:
    return MilestoneCloses(at=at(on), by=AUTHOR, key=key, on=day(release) if release else None)


def _keys(number: int, count: int) -> tuple[str, ...]:
    return tuple(f"PAY-{number}{place:02d}" for place in range(1, count + 1))
