"""The tournament: every forecaster forecasts what came after, is corrected by what it missed, and the best one publishes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

import numpy as np
from msgspec import Struct

from pmosync.compute.forecast import conformal, scores, weighing
from pmosync.compute.forecast.cases import LEVELS, NEVER, SHARES, Cases, Past, closed, replayed, seen, stacked
from pmosync.compute.forecast.conformal import Correction
from pmosync.compute.forecast.forecasters import FORECASTERS, LEAST_CLOSED, Forecaster, Predictor, milestones
from pmosync.compute.forecast.pace import Floats, Wholes
from pmosync.compute.forecast.record import Deliveries, Journey, Record
from pmosync.compute.forecast.scores import P50, P85
from pmosync.compute.forecast.weighing import Flags

BLOCKS = 10
"""Into so many parts, of equal numbers of cases, time is cut: what a part forecasts was learned before it."""

ENOUGH = LEAST_CLOSED // 2
"""Half of the milestones that must have closed teach a forecaster, the others tell what it missed."""

LAST = date.max.toordinal()
"""No date lies behind the last one that there is, whatever was typed as a plan."""

SURE = 0.95
"""Nothing is more certain than that, nor its contrary: what never happened in a short record may happen."""

FAIR, SAFE = 0.35, 0.75
"""How often P50 and P85 of a winner were kept at least: who promises too much is not calibrated, whatever it is corrected by.
Kept more often is no fault: where most end on the very day, so does P50.
"""


class Walk(Struct, frozen=True):
    """What one forecaster told of each case: ``raw`` and ``corrected`` quantiles of the slip in days, NaN where it knew too
    little by then.
    """

    raw: Floats
    corrected: Floats


class Learned(Struct, frozen=True):
    """A forecaster as it was fitted on a day, and its correction; None while too few of its forecasts had come true or not."""

    predictor: Predictor
    correction: Correction | None


class Hits(Struct, frozen=True):
    """How often dates of a forecaster were kept, of ``count`` forecasts made out of time."""

    p50: float
    p85: float
    count: int


class Shortfall(Struct, frozen=True, kw_only=True):
    """Why nobody's forecast is published since ``day``: so few comparable milestones had ``closed``, or the ``winner`` would
    promise too much by its ``hits`` (None: too few had closed to judge any).
    """

    day: date
    closed: int
    winner: str = ""
    hits: Hits | None = None


class Forecast(Struct, frozen=True, kw_only=True):
    """The published dates of one milestone and the days they rest on; ``winner`` names the forecaster, ``hits`` its record."""

    p50: date
    p85: date
    winner: str
    hits: Hits
    plan: date
    slips: tuple[float, ...]

    def done_by(self, day: date) -> float:
        """P(done by the end of ``day``), at most ``SURE`` and at least its contrary."""
        by = np.array([(day - self.plan).days])
        return min(max(float(conformal.reached(np.array([self.slips]), by)[0]), 1 - SURE), SURE)


class Asked(Struct, frozen=True):
    """A milestone to forecast as it stands at the end of a day, and what the ``team`` delivered that works on it."""

    journey: Journey
    day: date
    team: Deliveries | None


class Champion(Struct, frozen=True):
    """The winner, fitted on all that was known, and its hit rate: all that a forecast needs besides its milestone."""

    name: str
    predictor: Predictor
    correction: Correction
    hits: Hits
    past: Past

    def forecasts(self, asked: Sequence[Asked]) -> tuple[Forecast | None, ...]:
        """P50 and P85 of milestones that are open at the end of their days; None of what is later than the record reaches.

        The record's milestones were looked at up to three quarters of their way; of one that is open beyond that, it counts
        too that it is.
        """
        cases = stacked(tuple(seen(self.past, each.team, each.journey, each.day) for each in asked))
        floors = conformal.floors(cases)
        days = told(self.predictor, self.correction, cases)
        beyond = cases.share > max(SHARES)
        days[beyond] = conformal.still_open(days[beyond], floors[beyond])
        known = days[:, -1] > floors + 1
        rows = zip(asked, days, known.tolist(), strict=True)
        return tuple(self._dated(slips, each.journey.plan(each.day)) if fine else None for each, slips, fine in rows)

    def _dated(self, slips: Floats, plan: date) -> Forecast:
        p50, p85 = (date.fromordinal(min(plan.toordinal() + round(slips[place]), LAST)) for place in (P50, P85))
        return Forecast(p50=p50, p85=p85, winner=self.name, hits=self.hits, plan=plan, slips=tuple(slips.tolist()))


def fitted(record: Record) -> Champion | None:
    """The champion of all that is known; None while it is not calibrated."""
    found = competed(record)
    return found if isinstance(found, Champion) else None


def competed(record: Record) -> Champion | Shortfall:
    """The champion of all that is known, or why there is none: fewer than 30 comparable milestones have closed, or fewer than
    30 of the winner's forecasts of them can be judged, or these were kept too seldom for what they are called.
    """
    cases = replayed(record)
    today = record.as_of.toordinal()
    ended = milestones(cases.taken(cases.closed(today)))
    if ended < LEAST_CLOSED:
        return Shortfall(day=record.as_of, closed=ended)
    walks = walked(cases, rounds(cases))
    name = winner(walks, cases, today)
    learned = learn(FORECASTERS[name], cases, walks[name].raw, today)
    if learned.correction is None:
        return Shortfall(day=record.as_of, closed=ended)
    won = hits(walks[name], cases, today)
    if not trusted(won):
        return Shortfall(day=record.as_of, closed=ended, winner=name, hits=won if won.count else None)
    return Champion(name, learned.predictor, learned.correction, won, closed(record))


def trusted(found: Hits) -> bool:
    """Whether a winner of such a record is published."""
    return found.count >= LEAST_CLOSED and found.p50 >= FAIR and found.p85 >= SAFE


def rounds(cases: Cases, parts: int = BLOCKS) -> Sequence[int]:
    """The days after which everything is learned anew, so that between two of them lie equal numbers of cases."""
    places = np.linspace(0, len(cases), parts, endpoint=False).astype(int)[1:]
    return tuple(np.unique(cases.day[places]).tolist()) if len(cases) else ()


def walked(cases: Cases, days: Sequence[int]) -> Mapping[str, Walk]:
    """What each forecaster tells of the cases when it learns at the end of these days, and only then."""
    return {name: walk(forecaster, cases, days) for name, forecaster in FORECASTERS.items()}


def walk(forecaster: Forecaster, cases: Cases, days: Sequence[int]) -> Walk:
    """Go through time with one forecaster: learn, forecast until the next day of learning, and so on."""
    raw = np.full((len(cases), len(LEVELS)), np.nan)
    corrected = raw.copy()
    for day, until in pairwise((*days, NEVER)):
        mine = (cases.day > day) & (cases.day <= until)
        known = cases.taken(cases.closed(day) & (cases.day <= day))
        if mine.any() and milestones(known) >= ENOUGH:
            learned = learn(forecaster, cases, raw, day)
            raw[mine] = learned.predictor(cases.taken(mine))
            if learned.correction is not None:
                corrected[mine] = told(learned.predictor, learned.correction, cases.taken(mine))
    return Walk(raw, corrected)


def told(predictor: Predictor, correction: Correction, cases: Cases) -> Floats:
    """The corrected quantiles, in days, of cases that are still open on their days."""
    return conformal.corrected(predictor(cases), correction, conformal.floors(cases))


def learn(forecaster: Forecaster, cases: Cases, raw: Floats, day: int) -> Learned:
    """A forecaster fitted on what was known at the end of a day; ``raw`` holds what it told before."""
    weights = weighed(cases, cases.day <= day, day)
    kept = weights > 0
    known = cases.taken(kept)
    predictor = forecaster(known, weights[kept])
    tried = weighed(cases, (cases.day <= day) & ~np.isnan(raw[:, 0]), day)
    kept = tried > 0
    if milestones(cases.taken(kept)) < ENOUGH:
        return Learned(predictor, None)
    offsets = conformal.offsets(raw[kept], cases.slips[kept], tried[kept])
    return Learned(predictor, Correction(offsets, float(known.slips.min()), float(known.slips.max())))


def weighed(cases: Cases, among: Flags, day: int) -> Floats:
    """The weight of each case at the end of a day, as far as it is ``among`` those known; 0 of what was open."""
    found = np.zeros(len(cases))
    known = np.flatnonzero(among)
    slips: Wholes = np.minimum(cases.end[known], day) - cases.plan[known]
    ended = cases.end[known] <= day
    found[known] = weighing.lasting(slips, ended)
    past = known[ended]
    found[past] *= weighing.fading([cases.rows[place].code for place in past], cases.end[past])
    return found


def winner(walks: Mapping[str, Walk], cases: Cases, day: int) -> str:
    """The forecaster whose corrected P50 and P85 lost least by the end of a day; without any forecast yet the reference."""
    losses = {name: loss for name, walk in walks.items() if (loss := lost(walk, cases, day)) is not None}
    return min(losses, key=lambda name: losses[name]) if losses else "reference"


def lost(walk: Walk, cases: Cases, day: int) -> float | None:
    """The mean pinball loss at P50 and P85, in days, of forecasts of what had closed by a day; None without any. What is
    recent, and what stands for others that are still open, weighs more, as in learning.
    """
    weights = weighed(cases, (cases.day <= day) & ~np.isnan(walk.corrected[:, 0]), day)
    known = weights > 0
    if not known.any():
        return None
    dates, slips, weights = np.rint(walk.corrected[known]), cases.slips[known], weights[known]
    return sum(scores.pinball(slips, dates[:, place], LEVELS[place], weights) for place in (P50, P85))


def hits(walk: Walk, cases: Cases, day: int) -> Hits:
    """How often the dates were kept of what had closed by a day."""
    known = cases.closed(day) & ~np.isnan(walk.corrected[:, 0])
    dates, slips = np.rint(walk.corrected[known]), cases.slips[known]
    return Hits(scores.kept(slips, dates[:, P50]), scores.kept(slips, dates[:, P85]), int(known.sum()))
