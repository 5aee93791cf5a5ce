"""What people say that goes nowhere, and is told: to lines of published tabs by an id of no line, of reports on a period that is
none, of days that have not come.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from pmosync.compute.attention import RULES
from pmosync.compute.calendars import Clock, Clocks
from pmosync.compute.dates import reporting
from pmosync.compute.place import spot
from pmosync.compute.policy import Policy
from pmosync.compute.status import is_period, name_at, owed_from
from pmosync.mapping.text import fold
from pmosync.mapping.told import values
from pmosync.model import Move, Place, Plan, Problem, ProjectNoteRow, ReportTextRow

CONCERNS = frozenset(rule for rule, _ in RULES.values())
"""What a concern may be of: the first half of its id."""


def problems(plan: Plan, codes: Iterable[str], moves: Mapping[str, Iterable[Move]]) -> Iterator[Problem]:
    """The answers to no line. One to a concern that is over, or may come, is none: its id is a rule's and one of the
    ``codes``. ``moves`` are the rows of the ledger by code.
    """
    known = frozenset(map(fold, codes))
    for answer in plan.answers:
        if not _may_be(answer.id, known):
            yield _unknown(answer.place, answer.id, answer.id.rpartition(":")[2], "attention", "Attention")
    told = frozenset(fold(move.id) for rows in moves.values() for move in rows if not move.opening)
    for cause in plan.causes:
        if fold(cause.id) not in told:
            yield _unknown(cause.place, cause.id, cause.id.partition(":")[0], "ledger", "Slip ledger")


def untimely(plan: Plan, times: Clocks, policy: Policy) -> Iterator[Problem]:
    """The report texts on a period that is none of their project's, and the days of sending and confirming that have not come."""
    projects = {fold(row.code): row for row in plan.projects}
    texts: defaultdict[str, list[ReportTextRow]] = defaultdict(list)
    for text in plan.texts:
        texts[fold(text.project)].append(text)
    for name in sorted(projects.keys() & texts.keys()):
        row = projects[name]
        yield from _of_reports(row.code, texts[name], times.of(row.code), reporting(row, policy))
    for note in plan.notes:
        if fold(note.code) in projects:
            yield from _unconfirmed(note, times.of(projects[fold(note.code)].code).today)


def _of_reports(code: str, texts: Iterable[ReportTextRow], clock: Clock, wd: int) -> Iterator[Problem]:
    owed = owed_from(clock, wd)
    for text in texts:
        if not is_period(text.period, owed, clock, wd):
            yield _no_period(text, code, clock, wd)
        if text.sent_on is not None and text.sent_on > clock.today:
            yield _unsent(text, code, text.sent_on)


def _no_period(text: ReportTextRow, code: str, clock: Clock, wd: int) -> Problem:
    example = name_at(min(text.sent_on or clock.today, clock.today), clock, wd)
    return Problem(
        rule="unknown-period",
        place=spot(text.place, "period"),
        message=f"the report text of {code} is on {text.period}, which is no reporting period of it: "
        "it is not shown, and the report of no period counts as sent by it",
        remedy=f"write the period as on Reports, such as {example}",
        code=code,
        values=values(code=code, period=text.period, example=example),
    )


def _unsent(text: ReportTextRow, code: str, day: date) -> Problem:
    return Problem(
        rule="day-ahead",
        place=spot(text.place, "sent_on"),
        message=f"the day on which the report of {code} on {text.period} was sent, {day}, has not come yet: "
        "it does not count as sent",
        remedy="enter the day on which it was sent, none before that",
        code=code,
        values=values(which="sent", code=code, period=text.period, day=day),
    )


def _unconfirmed(note: ProjectNoteRow, today: date) -> Iterator[Problem]:
    if note.confirmed_on is not None and note.confirmed_on > today:
        yield Problem(
            rule="day-ahead",
            place=spot(note.place, "confirmed_on"),
            message=f"the day on which {note.code} was confirmed, {note.confirmed_on}, has not come yet: "
            "it does not count as confirmed",
            remedy="enter the day on which you looked at it",
            code=note.code,
            values=values(which="confirmed", code=note.code, day=note.confirmed_on),
        )


def _may_be(name: str, codes: Collection[str]) -> bool:
    rule, _, code = fold(name).partition(":")
    return rule in CONCERNS and code in codes


def _unknown(place: Place, name: str, code: str, which: str, tab: str) -> Problem:
    return Problem(
        rule="unknown-id",
        place=spot(place, "id"),
        message=f"{name} is the id of no line of {tab}: what is said to it goes nowhere",
        remedy=f"copy the id from {tab}",
        code=code,
        values=values(which=which, id=name),
    )
