"""What the pace of the teams says of every milestone: the assessment's drafts in, outlooks out."""

from __future__ import annotations

from collections.abc import Mapping

from pmosync.compute import levels
from pmosync.compute.assessment import Pace, Reason
from pmosync.compute.calendars import Clocks
from pmosync.compute.draft import Draft
from pmosync.compute.forecast.given import Pending
from pmosync.compute.forecast.outlook import Outlook, outlooks
from pmosync.compute.forecast.withheld import Withheld
from pmosync.compute.outcome import Outcome, waits_for
from pmosync.compute.reasons import evidence
from pmosync.compute.signs import Foreseen, latest
from pmosync.compute.teams import Staff, staff
from pmosync.compute.verdict import scope_added
from pmosync.model import Promise, Snapshot, State

WAITED_FOR = frozenset({State.ACTIVE, State.PROPOSED, State.PAUSED})
"""States in which a milestone still ends one day, and others may wait for it."""


def foreseen(
    snapshot: Snapshot, clocks: Clocks, drafts: Mapping[str, Draft], ends: Mapping[str, Outcome]
) -> Mapping[str, Foreseen]:
    """What is foreseen of every active milestone of which anything is open, by code. One that is proposed or paused has no
    forecast; it holds up those that wait for it until its expected date.
    """
    crew = staff(snapshot, drafts, clocks)
    waited = {code for code, end in ends.items() if end.actual is None and end.state in WAITED_FOR}
    pending = [_pending(drafts[code], ends[code], crew) for code in sorted(waited)]
    found = outlooks(crew.teams, pending, clocks.default.today)
    return {each.code: Foreseen(pace=pace(each, found.of[each.code])) for each in pending if each.parts}


def pace(pending: Pending, said: Outlook) -> Pace:
    """What an outlook says, as the milestone's row tells it."""
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
        withheld=tuple(map(_silent, said.withheld)),
    )


def _silent(why: Withheld) -> Reason:
    usual = None if why.usual is None else round(why.usual)
    return evidence(f"pace_{why.rule}", team=why.team, found=why.found, usual=usual)


def _pending(draft: Draft, end: Outcome, crew: Staff) -> Pending:
    case, promise = draft.case, draft.case.row.promise if draft.case.row else None
    parts = crew.parts[case.code] if end.state is State.ACTIVE else ()
    by, last = draft.reference if promise is Promise.DATE else None, latest(draft)
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
        by=by,
        committed=case.progress.total - (scope_added(draft) or 0) if by else None,
        due=draft.reference,
        expected=end.ends,
        asked=(last,) if last else (),
    )
