"""Lives of milestones: every working day is assessed as a sync would, with what was known that day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from itertools import chain

from msgspec import Struct

from pmosync.compute.assess import assess
from pmosync.compute.assessment import Assessment, Letter
from pmosync.compute.policy import Policy
from pmosync.compute.workdays import Calendar
from pmosync.model import (
    Baseline,
    Binding,
    Colour,
    Delivery,
    Freshness,
    Level,
    Milestone,
    MilestoneRow,
    Move,
    Observation,
    Place,
    Plan,
    Progress,
    ProjectRow,
    Report,
    Snapshot,
    SourceMilestone,
    WorkItem,
)
from pmosync.raw import Ref
from pmosync.store.history import COLOUR_DAYS
from tests.noise.drawn import BEGINS, WINDOW, Work


class Life(Struct, frozen=True):
    """What was said of a milestone: on each working day from the first, the letter that was shown, and the rows of the slip
    ledger that were kept.
    """

    shown: list[Letter]
    rows: list[Move]


class Office(Struct, frozen=True):
    """Under which days and rules milestones live, and who publishes their forecasts (``champion``, as a store keeps it)."""

    calendar: Calendar
    policy: Policy
    champion: str


class Shelf:
    """What the store keeps of milestones from day to day, by code."""

    def __init__(self) -> None:
        self.colours: dict[str, list[Colour]] = defaultdict(list)
        self.moves: dict[str, list[Move]] = defaultdict(list)
        self.reports: dict[str, list[Report]] = defaultdict(list)

    def keep(self, said: Assessment) -> None:
        """Put away what an assessment leaves behind."""
        for colour in said.colours:
            self.colours[colour.code].append(colour)
        for move in said.new_moves:
            self.moves[move.code].append(move)
        for report in said.new_reports:
            self.reports[report.code].append(report)


def lives(works: Sequence[Work], office: Office) -> Mapping[str, Life]:
    """The life of every work, by code, from its beginning until the promised day, or the one before its last item is
    delivered.
    """
    shelf, shown = Shelf(), {work.code: list[Letter]() for work in works}
    for number in range(1, max(work.length for work in works) + 2):
        alive = [work for work in works if number < min(work.takes, work.length + 2)]
        said = assess(snapshot(alive, number, shelf, office), office.policy, _instant(number, 10, office))
        shelf.keep(said)
        for verdict in said.milestones:
            shown[verdict.milestone.code].append(verdict.rag.shown)
    return {code: Life(letters, shelf.moves[code]) for code, letters in shown.items()}


def _instant(number: int, hour: int, office: Office) -> datetime:
    return datetime.combine(office.calendar.add(BEGINS, number - 1), time(hour), UTC)


def snapshot(works: Sequence[Work], number: int, shelf: Shelf, office: Office) -> Snapshot:
    """What the store would tell of the works at the end of a working day."""
    began, now = datetime.combine(BEGINS, time(1), UTC), _instant(number, 10, office)
    items = {work.code: _items(work, number) for work in works}
    refs = {work.code: Ref("jira", "version", work.code) for work in works}
    return Snapshot(
        as_of=now,
        plan=Plan(projects=tuple(_project(work) for work in works), milestones=tuple(_row(work) for work in works)),
        milestones=tuple(Milestone(code=w.code, project=w.project, name=w.code, appeared=began) for w in works),
        bindings=tuple(Binding(code=code, ref=ref, since=began) for code, ref in refs.items()),
        sources={
            refs[work.code]: SourceMilestone(
                ref=refs[work.code], title=work.code, form="version", start=BEGINS, target=work.due
            )
            for work in works
        },
        progress={work.code: _progress(work, number, office) for work in works},
        items=tuple(chain.from_iterable(items.values())),
        item_codes={item.ref: (code,) for code, own in items.items() for item in own},
        deliveries=tuple(chain.from_iterable(_deliveries(work, number, office) for work in works)),
        champion=office.champion,
        observations={
            str(refs[work.code]): (
                Observation(
                    of=str(refs[work.code]), field="target", old="", new=work.due.isoformat(), seen=began, first=True
                ),
            )
            for work in works
        },
        baselines={w.code: (Baseline(code=w.code, version=1, day=w.due, frozen=began, reason="auto"),) for w in works},
        colours={work.code: tuple(shelf.colours[work.code][-COLOUR_DAYS:]) for work in works},
        moves={work.code: tuple(shelf.moves[work.code]) for work in works},
        reports={work.code: tuple(shelf.reports[work.code]) for work in works},
        freshness=tuple(Freshness(connection=name, title=name, state="ok", good=now) for name in ("jira", "plan")),
    )


def _project(work: Work) -> ProjectRow:
    return ProjectRow(place=_place("Projects", work.project), code=work.project, manager="Li", committed_on=BEGINS)


def _row(work: Work) -> MilestoneRow:
    place = _place("Milestone inputs", work.code)
    return MilestoneRow(place=place, code=work.code, project=work.project, level=Level.COMMITTEE, owner="Li")


def _place(tab: str, code: str) -> Place:
    return Place("plan", tab, 2, code, {})


def _progress(work: Work, number: int, office: Office) -> Progress:
    """Every item is dated, the last of them for the promised day; the last delivery is when something moved."""
    left = work.items - work.delivered(number)
    days = range(1, number + 1)
    ended = [_instant(n, 4, office) for n in days for _ in range(work.delivered(n) - work.delivered(n - 1))]
    moved = next((n for n in range(number, 0, -1) if work.on(n)), 1)
    return Progress(
        total=work.items,
        delivered=len(ended),
        open=left,
        started=1,
        dated_open=left,
        latest_due=(work.due, "last"),
        delivered_at=tuple(ended),
        moved=_instant(moved, 4, office),
    )


def _items(work: Work, number: int) -> list[WorkItem]:
    """The open items, all of the one team."""
    keys = [f"{work.project}-{item}" for item in range(work.delivered(number), work.items)]
    return [
        WorkItem(ref=Ref("jira", "issue", key), key=key, title=key, owner="li", team=work.code, due=work.due)
        for key in keys
    ]


def _deliveries(work: Work, number: int, office: Office) -> Iterator[Delivery]:
    """What the team delivered in its last twelve weeks, for this work before others."""
    for day in range(max(number - WINDOW + 1, 1 - len(work.before)), number + 1):
        for item in range(work.on(day)):
            ref = Ref("jira", "issue", f"{work.code}.{day}.{item}")
            yield Delivery(ref=ref, team=work.code, codes=(work.code,), at=_instant(day, 4, office))
