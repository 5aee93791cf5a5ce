"""Lives of milestones: every working day is assessed as a sync would, with what was known that day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from msgspec import Struct

from pmosync.compute.assess import assess
from pmosync.compute.assessment import Calibrated, Letter, Pace
from pmosync.compute.assessment import Record as Told
from pmosync.compute.draft import Draft
from pmosync.compute.outcome import Outcome
from pmosync.compute.policy import Policy
from pmosync.compute.signs import Foreseen, latest
from pmosync.compute.workdays import Calendar
from pmosync.model import (
    Baseline,
    Binding,
    Colour,
    Freshness,
    Level,
    Milestone,
    MilestoneRow,
    Observation,
    Place,
    Plan,
    Progress,
    ProjectRow,
    Snapshot,
    SourceMilestone,
)
from pmosync.raw import Ref
from pmosync.store.history import COLOUR_DAYS
from tests.noise.calibrated import BEYOND, Record, ahead
from tests.noise.drawn import BEGINS, Work


class Day(Struct, frozen=True):
    """What one working day's assessment said of a milestone: its number from 1, the letter shown, and the later of the
    expected day and the median of the pace.
    """

    number: int
    shown: Letter
    expected: date


def lives(works: Sequence[Work], record: Record, calendar: Calendar, policy: Policy) -> Mapping[str, list[Day]]:
    """The days of every work, by code, from its beginning until the promised day, or the one before its last item is
    delivered.
    """
    found: dict[str, list[Day]] = {work.code: [] for work in works}
    colours: dict[str, list[Colour]] = {work.code: [] for work in works}
    for number in range(1, max(work.length for work in works) + 2):
        alive = [work for work in works if number < min(work.takes, work.length + 2)]
        for code, day in _assessed(alive, number, colours, record, calendar, policy):
            found[code].append(day)
    return found


def _assessed(
    alive: Sequence[Work],
    number: int,
    colours: Mapping[str, list[Colour]],
    record: Record,
    calendar: Calendar,
    policy: Policy,
) -> Iterator[tuple[str, Day]]:
    today = calendar.add(BEGINS, number - 1)
    own = {work.code: work for work in alive}
    medians: dict[str, date] = {}

    def foresee(drafts: Mapping[str, Draft], _ends: Mapping[str, Outcome]) -> Mapping[str, Foreseen]:
        told = {code: _foreseen(own[code], number, today, draft, record) for code, draft in drafts.items()}
        medians.update({code: each.pace.p50 for code, each in told.items() if each.pace and each.pace.p50})
        return told

    now = datetime.combine(today, time(10), UTC)
    said = assess(snapshot(alive, number, now, colours), policy, now, foresee)
    for colour in said.colours:
        if colour.code in colours:
            colours[colour.code].append(colour)
    for verdict in said.milestones:
        code, due = verdict.milestone.code, verdict.expected.day if verdict.expected else today
        yield code, Day(number, verdict.rag.shown, max(due, medians.get(code, due)))


def _calibrated(chance: float, day: date) -> Calibrated:
    """A forecast of which the colour sees its chance alone."""
    return Calibrated(p50=day, p85=day, chance=chance, record=Told(winner="pace", p50=0.5, p85=0.85, count=100))


def _foreseen(work: Work, number: int, today: date, draft: Draft, record: Record) -> Foreseen:
    calendar, last = draft.case.clock.calendar, latest(draft)
    found = ahead(work, number, calendar.between(today, last), BEYOND) if last else None
    if found is None or last is None:
        return Foreseen()
    pace = calendar.add(today, found.median) if found.median is not None else None
    return Foreseen(calibrated=_calibrated(record.corrected(found.chance), last), pace=Pace(p50=pace))


def snapshot(works: Sequence[Work], number: int, now: datetime, colours: Mapping[str, Sequence[Colour]]) -> Snapshot:
    """What the store would tell of the works at the end of a working day."""
    began = datetime.combine(BEGINS, time(1), UTC)
    refs = {work.code: Ref("jira", "version", work.code) for work in works}
    return Snapshot(
        as_of=now,
        plan=Plan(projects=tuple(_project(work) for work in works), milestones=tuple(_row(work) for work in works)),
        milestones=tuple(Milestone(code=w.code, project=_home(w), name=w.code, appeared=began) for w in works),
        bindings=tuple(Binding(code=code, ref=ref, since=began) for code, ref in refs.items()),
        sources={
            refs[work.code]: SourceMilestone(
                ref=refs[work.code], title=work.code, form="version", start=BEGINS, target=work.due
            )
            for work in works
        },
        progress={work.code: _progress(work, number, now) for work in works},
        observations={
            str(refs[work.code]): (
                Observation(
                    of=str(refs[work.code]), field="target", old="", new=work.due.isoformat(), seen=began, first=True
                ),
            )
            for work in works
        },
        baselines={w.code: (Baseline(code=w.code, version=1, day=w.due, frozen=began, reason="auto"),) for w in works},
        colours={work.code: tuple(colours.get(work.code, ())[-COLOUR_DAYS:]) for work in works},
        freshness=tuple(Freshness(connection=name, title=name, state="ok", good=now) for name in ("jira", "plan")),
    )


def _home(work: Work) -> str:
    return work.code.partition("-")[0]


def _project(work: Work) -> ProjectRow:
    return ProjectRow(place=_place("Projects", _home(work)), code=_home(work), manager="Li", committed_on=BEGINS)


def _row(work: Work) -> MilestoneRow:
    place = _place("Milestone inputs", work.code)
    return MilestoneRow(place=place, code=work.code, project=_home(work), level=Level.COMMITTEE, owner="Li")


def _place(tab: str, code: str) -> Place:
    return Place("plan", tab, 2, code, {})


def _progress(work: Work, number: int, now: datetime) -> Progress:
    """Every item is dated, the last of them for the promised day; the last delivery is when something moved."""
    done = work.delivered(number)
    left = work.items - done
    still = next((back for back in range(number) if work.days[number - 1 - back]), number)
    return Progress(
        total=work.items,
        delivered=done,
        open=left,
        started=1,
        dated_open=left,
        latest_due=(work.due, "last"),
        moved=now - timedelta(days=7 * still / 5),
    )
