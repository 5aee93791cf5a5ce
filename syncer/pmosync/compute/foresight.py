"""What is foreseen of every milestone: what the site's record says of its drafts, and the pace of the teams."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from pmosync.compute import levels
from pmosync.compute.assessment import FAN_WEEKS, Calibrated, Dated, Pace, Reason, Record
from pmosync.compute.calendars import Clocks
from pmosync.compute.draft import Draft
from pmosync.compute.forecast import growth, journeys
from pmosync.compute.forecast.forecasters import LEAST_CLOSED
from pmosync.compute.forecast.given import Pending
from pmosync.compute.forecast.growth import Grown
from pmosync.compute.forecast.kept import champion_of, shortfall_of
from pmosync.compute.forecast.outlook import Outlook, outlooks
from pmosync.compute.forecast.record import LEAST_ITEMS, LONGEST, SHORTEST, Journey, comparable
from pmosync.compute.forecast.tournament import FAIR, SAFE, Asked, Champion, Forecast, Shortfall
from pmosync.compute.forecast.withheld import Withheld
from pmosync.compute.ledger import scope_book
from pmosync.compute.outcome import Outcome, waits_for
from pmosync.compute.reasons import evidence
from pmosync.compute.signs import Foreseen, latest
from pmosync.compute.teams import Staff, staff
from pmosync.compute.verdict import scope_added
from pmosync.model import Level, Promise, Snapshot, State

WAITED_FOR = frozenset({State.ACTIVE, State.PROPOSED, State.PAUSED})
"""States in which a milestone still ends one day, and others may wait for it."""

UNGROWN = Grown()
"""What nothing is known of grows by nothing."""


class Ahead(Struct, frozen=True):
    """What an assessment looks ahead with: the teams, and whose forecasts are published (None: not calibrated yet, and
    ``unforecast`` is why).
    """

    crew: Staff
    champion: Champion | None
    unforecast: Reason | None = None

    @property
    def record(self) -> Record | None:
        """Who publishes, and how often its dates were kept."""
        if self.champion is None:
            return None
        hits = self.champion.hits
        return Record(winner=self.champion.name, p50=hits.p50, p85=hits.p85, count=hits.count)


def ahead(snapshot: Snapshot, drafts: Mapping[str, Draft], clocks: Clocks) -> Ahead:
    """What is known of the teams, and what was learned of the site's record."""
    champion = champion_of(snapshot.champion) if snapshot.champion else None
    return Ahead(staff(snapshot, drafts, clocks), champion, None if champion else _uncalibrated(snapshot.champion))


def _uncalibrated(kept: str) -> Reason:
    """Why nobody's forecast is published, as far as the last learning kept it ("": nothing was learned yet)."""
    found = shortfall_of(kept) if kept else None
    if found is not None:
        return _short(found)
    return evidence("unkept") if kept else evidence("unlearned", least=LEAST_CLOSED)


def _short(found: Shortfall) -> Reason:
    if found.hits is None:
        return evidence("unjudged", day=found.day, closed=found.closed, least=LEAST_CLOSED)
    return evidence(
        "untrusted",
        day=found.day,
        winner=found.winner,
        p50=f"{found.hits.p50:.0%}",
        p85=f"{found.hits.p85:.0%}",
        count=found.hits.count,
        fair=f"{FAIR:.0%}",
        safe=f"{SAFE:.0%}",
        least=LEAST_CLOSED,
    )


INCOMPARABLE = evidence("incomparable", items=LEAST_ITEMS, shortest=SHORTEST, longest=LONGEST)
"""Why a milestone has no forecast where others have one."""


def calibrated(found: Ahead, drafts: Mapping[str, Draft]) -> Mapping[str, Calibrated]:
    """The published forecast of every active milestone of which the champion can tell, by code."""
    champion, record = found.champion, found.record
    if champion is None or record is None:
        return {}
    asked = {code: each for code, draft in drafts.items() if (each := _asked(draft, found.crew)) is not None}
    told = zip(asked, champion.forecasts(list(asked.values())), strict=True)
    return {code: _calibrated(drafts[code], said, record) for code, said in told if said is not None}


def _asked(draft: Draft, crew: Staff) -> Asked | None:
    """None of what is over or stands still, has no date yet, or is too small or too long to be compared with the record."""
    case = draft.case
    if case.life.state is not State.ACTIVE or draft.done.done or draft.reference is None:
        return None
    found = _journey(draft)
    return Asked(found, case.today, crew.deliveries(case.code)) if comparable(found) else None


def _journey(draft: Draft, completed: date | None = None) -> Journey:
    """How a milestone with a promised day went until today, or until it was ``completed``."""
    case = draft.case
    return Journey(
        code=case.code,
        project=case.project.code if case.project else case.milestone.project,
        kind=case.project.kind.value if case.project else "",
        plans=_promised(draft),
        counts=journeys.by_progress(case.progress, case.clock),
        completed=completed,
    )


def _calibrated(draft: Draft, said: Forecast, record: Record) -> Calibrated:
    calendar, last = draft.case.clock.calendar, latest(draft)
    by = calendar.met_until(last) if last else None
    return Calibrated(
        p50=calendar.on_or_after(said.p50),
        p85=calendar.on_or_after(said.p85),
        chance=said.done_by(by) if by is not None and by >= draft.case.today else None,
        record=record,
    )


def _committed(draft: Draft) -> int:
    """The scope that was promised, also what was removed since: cutting it does not keep the promise. Where nothing was
    broken down by then, what came since is how it was.
    """
    current = draft.baselines.current
    book = scope_book(draft.case.progress, current.frozen if current else None, ended=False)
    return book.initial + (book.added if scope_added(draft) is None else 0)


def _promised(draft: Draft) -> tuple[tuple[date, date], ...]:
    """What was promised and since when; without a baseline what it is judged against."""
    kept = tuple((draft.case.clock.day(each.frozen), each.day) for each in draft.baselines.all)
    return kept or (((date.min, draft.reference),) if draft.reference else ())


def expecting(drafts: Mapping[str, Draft], told: Mapping[str, Calibrated]) -> Mapping[str, Draft]:
    """The drafts with their calibrated P50 among their evidence."""
    return {code: _expecting(draft, told[code]) if code in told else draft for code, draft in drafts.items()}


def _expecting(draft: Draft, told: Calibrated) -> Draft:
    return replace(draft, evidence=replace(draft.evidence, p50=Dated(told.p50, "p50")))


def foreseen(
    found: Ahead,
    told: Mapping[str, Calibrated],
    clocks: Clocks,
    drafts: Mapping[str, Draft],
    ends: Mapping[str, Outcome],
) -> Mapping[str, Foreseen]:
    """What is foreseen of every active milestone, by code. One that is proposed or paused has no forecast; it holds up those
    that wait for it until its expected date.
    """
    crew = found.crew
    waited = sorted(code for code, end in ends.items() if end.actual is None and end.state in WAITED_FOR)
    grown = _growing(drafts, ends, waited)
    pending = [_pending(drafts[code], ends[code], crew, grown.get(code, UNGROWN)) for code in waited]
    said = outlooks(crew.teams, pending, clocks.default.today)
    paces = {each.code: pace(each, said.of[each.code], grown.get(each.code, UNGROWN)) for each in pending if each.parts}
    calibrated = {code: _awaited(each, drafts[code], ends[code]) for code, each in told.items()}
    why = found.unforecast or INCOMPARABLE
    silent = {code: why for code in waited if ends[code].state is State.ACTIVE and code not in told}
    return {
        code: Foreseen(calibrated=calibrated.get(code), pace=paces.get(code), unforecast=silent.get(code))
        for code in {*paces, *told, *silent}
    }


def _growing(drafts: Mapping[str, Draft], ends: Mapping[str, Outcome], codes: Iterable[str]) -> Mapping[str, Grown]:
    """What milestones that were closed by today say of the scope of those that are open and have a promised day."""
    over = (code for code, end in ends.items() if end.actual is not None and end.state in journeys.CLOSED)
    known = growth.past(_journey(drafts[code], ended) for code in over if (ended := _ended(drafts[code], ends[code])))
    if not known.tells:
        return {}
    return {
        code: growth.grown(_journey(drafts[code]), known, drafts[code].case.today)
        for code in codes
        if _promised(drafts[code])
    }


def _ended(draft: Draft, end: Outcome) -> date | None:
    """The day on which a milestone with a promised day was done; None of one that promised none."""
    return end.actual if end.actual is not None and end.actual <= draft.case.today and _promised(draft) else None


def _awaited(told: Calibrated, draft: Draft, end: Outcome) -> Calibrated:
    """The forecast with what else it waits for, of which the record knows nothing: the day to promise is not before the
    expected one, and what is expected too late for another reason has no chance to tell.
    """
    expected, last = end.expected.evidence, latest(draft)
    if expected is None or expected.day <= told.p50:
        return told
    late = last is not None and expected.day > draft.case.clock.calendar.met_until(last)
    return replace(told, p85=max(told.p85, expected.day), chance=None if late else told.chance)


def pace(pending: Pending, said: Outlook, grown: Grown = UNGROWN) -> Pace:
    """What an outlook says, as the milestone's row tells it; ``grown`` is what it was told of scope not yet seen."""
    by, first = said.delivered, said.first
    return Pace(
        p50=said.p50,
        p85=said.p85,
        teams=tuple(sorted({part.team for part in pending.parts if part.open})),
        via=said.via,
        windows=said.freeze,
        leader=first.leader if first is not None else "",
        first=first.p50 if first is not None else None,
        likely=by.likely if by is not None else None,
        safe=by.safe if by is not None else None,
        committed=by.committed if by is not None else None,
        growth=grown.factor,
        compared=grown.count,
        fan=said.fan,
        withheld=tuple(map(_silent, said.withheld)),
    )


def _silent(why: Withheld) -> Reason:
    usual = None if why.usual is None else round(why.usual)
    return evidence(f"pace_{why.rule}", team=why.team, found=why.found, usual=usual)


def _pending(draft: Draft, end: Outcome, crew: Staff, grown: Grown) -> Pending:
    case = draft.case
    parts = crew.parts[case.code] if end.state is State.ACTIVE else ()
    by, last = draft.met_until if draft.promise is Promise.DATE else None, latest(draft)
    return Pending(
        code=case.code,
        parts=parts,
        calendar=case.clock.calendar,
        launch=draft.evidence.launch,
        predecessors=waits_for(draft),
        key=levels.is_key(case.project),
        priority=case.project.priority if case.project else "",
        baseline=draft.reference,
        # Without open items, or while it is paused, only its expected date tells when others need not wait any more.
        delivered=case.progress.delivered if parts else 0,
        growth=grown.factor,
        usual=grown.usual,
        by=by,
        committed=_committed(draft) if by else None,
        due=draft.reference,
        expected=end.ends,
        asked=(last,) if last else (),
        fan=_weeks(case.today) if case.level is Level.COMMITTEE else (),
    )


def _weeks(today: date) -> tuple[date, ...]:
    return tuple(today + timedelta(weeks=week) for week in range(1, FAN_WEEKS + 1))
