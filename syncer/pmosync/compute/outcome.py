"""When each milestone ends or will end, once predecessors and successors are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from pmosync.compute import chain, dates, slippage
from pmosync.compute.assessment import Dated
from pmosync.compute.chain import Order
from pmosync.compute.dates import Expected
from pmosync.compute.done import person_actual
from pmosync.compute.draft import Draft
from pmosync.model import State

BY_FACTS = frozenset({State.ACTIVE, State.PAUSED, State.PROPOSED})
FROZEN = frozenset({State.PAUSED, State.CANCELLED})
LINKS = 50
"""So many of a chain of predecessors are named: nobody reads more, and a chain may have thousands."""


class Outcome(Struct, frozen=True, kw_only=True):
    """A milestone's state, and its ``actual`` day (``rule``: how that is known) if it has ended or else its expected one."""

    state: State
    expected: Expected = Expected()
    actual: date | None = None
    rule: str = ""

    @property
    def ends(self) -> date | None:
        """The actual day, else the expected one."""
        return self.actual or (self.expected.dated.day if self.expected.dated else None)

    @property
    def coarse(self) -> bool:
        """Whether that day stands for a month, quarter or half-year."""
        return self.actual is None and self.expected.dated is not None and self.expected.dated.coarse


def outcomes(drafts: Mapping[str, Draft]) -> tuple[Mapping[str, Outcome], Order]:
    """The outcome of every milestone, predecessors first; those that wait for each other in a circle do not wait."""
    order = chain.order({code: waits_for(each) for code, each in drafts.items()})
    ready: dict[str, Outcome] = {}
    for code in order.codes:
        ready[code] = outcome(drafts[code], ready, order)
    return ready, order


def waits_for(draft: Draft) -> tuple[str, ...]:
    """The codes whose dates a milestone's own date hangs on."""
    typed = draft.case.row.depends_on if draft.case.row else ()
    return (*typed, *draft.case.life.into) if draft.case.life.state is State.REPLACED else typed


def outcome(draft: Draft, ready: Mapping[str, Outcome], order: Order) -> Outcome:
    """The outcome of one milestone whose predecessors and successors are ``ready``."""
    case, life = draft.case, draft.case.life
    if draft.done.done and (life.state in BY_FACTS or outlived(draft)):
        return Outcome(state=State.DONE, actual=draft.done.actual, rule=draft.done.rule)
    if life.state is State.PARTIAL:
        typed = person_actual(case)
        return Outcome(state=State.PARTIAL, actual=typed or life.since, rule="person" if typed else "decision")
    if life.state is State.REPLACED:
        return _replaced(draft, [(code, ready[code]) for code in order.free(case.code, life.into)])
    stood = slippage.standing(case.colours, life.since) if life.state in FROZEN and life.since else None
    if stood is not None:
        dated = Dated(stood, "frozen")
        return Outcome(state=life.state, expected=Expected(dated=dated, judged=dated, evidence=dated, rule="frozen"))
    found = dates.expected(case, draft.evidence, predecessors(draft, ready, order), draft.tolerance.amber)
    return Outcome(state=life.state, expected=found)


def predecessors(draft: Draft, ready: Mapping[str, Outcome], order: Order) -> tuple[Dated, ...]:
    """The dates of the milestones that a milestone waits for, those that hold nothing up any more left out."""
    depends = draft.case.row.depends_on if draft.case.row else ()
    return tuple(_before(order.free(draft.case.code, depends), ready))


def outlived(draft: Draft) -> bool:
    """Whether it had been delivered when its whole project was cancelled: that ends open promises only."""
    life, actual = draft.case.life, draft.done.actual
    ended = life.state is State.CANCELLED and life.whole
    return ended and life.since is not None and (actual is None or actual <= life.since)


def _before(codes: Iterable[str], ready: Mapping[str, Outcome]) -> Iterable[Dated]:
    """The predecessors' dates: a floor, so one that has ended holds nothing up any more, nor does a cancelled one."""
    for code in codes:
        before = ready[code]
        if before.actual is None and before.ends is not None and before.state is not State.CANCELLED:
            yield Dated(before.ends, "predecessor", code, coarse=before.coarse, behind=_behind(before))


def _behind(before: Outcome) -> tuple[str, ...]:
    """Those that a predecessor waits for in turn: each decides the date of the one before it, or the chain ends."""
    decisive = before.expected.dated
    if decisive is None or decisive.source != "predecessor" or not decisive.name:
        return ()
    return (decisive.name, *decisive.behind)[:LINKS]


def _replaced(draft: Draft, heirs: list[tuple[str, Outcome]]) -> Outcome:
    """A split promise is judged by its latest child, a merged one by its survivor; it ends when all of them have."""
    lasting = [(code, each) for code, each in heirs if each.state is not State.CANCELLED]
    dated = [Dated(each.ends, "successor", code, coarse=each.coarse) for code, each in lasting if each.ends]
    latest = max(dated, key=lambda each: each.day, default=None)
    if lasting and all(each.actual for _, each in lasting):
        return Outcome(state=State.REPLACED, actual=latest.day if latest else None, rule="successor")
    return Outcome(
        state=State.REPLACED,
        expected=Expected(dated=latest, judged=latest, evidence=latest, rule="successor" if lasting else "none"),
    )
