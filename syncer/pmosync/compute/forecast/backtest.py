"""The backtest: what every forecaster would have told at 25, 50 and 75 % of the way, and how it came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

import numpy as np
from msgspec import Struct

from pmosync.compute.forecast import conformal, scores, tournament
from pmosync.compute.forecast.cases import LEVELS, NEVER, SHARES, Cases, replayed, unscaled
from pmosync.compute.forecast.forecasters import LEAST_CLOSED, milestones
from pmosync.compute.forecast.pace import Floats
from pmosync.compute.forecast.record import Record
from pmosync.compute.forecast.scores import P50, P85
from pmosync.compute.forecast.tournament import Hits, Walk
from pmosync.compute.forecast.weighing import Flags
from pmosync.compute.workdays import EVERY_DAY

PARTS = 25
"""Into so many parts time is cut where forecasters learn on; a run does it every four weeks."""

PUBLISHED = "published"
"""Beside the forecasters: what the winner of each day would have published."""


class Score(Struct, frozen=True, kw_only=True):
    """A line of the table: ``forecaster``, raw or ``corrected``, at a ``share`` of the way, of a ``project`` ("": all).

    ``p50_kept`` and ``p85_kept`` are shares of the ``forecasts``; pinball losses and ``width`` (from P50 to P85) calendar
    days; ``error_wd`` how many working days P50 was wrong on average; ``brier`` is that of P(done by the plan).
    """

    forecaster: str
    project: str = ""
    share: float
    corrected: bool
    forecasts: int
    p50_kept: float
    p85_kept: float
    pinball50: float
    pinball85: float
    width: float
    error_wd: float
    brier: float


class Backtest(Struct, frozen=True, kw_only=True):
    """The whole tournament as of a day.

    ``closed`` comparable milestones gave ``forecasts``; those of days after ``since`` are judged, without ``silent`` ones,
    on which not every forecaster has a say. ``once``: fitted on what had ended by ``since``, and never again. ``publishes``
    is today's winner and ``hits`` its record, ``trusted`` whether they are enough to be published; all are missing, as the
    scores are, while not ``LEAST_CLOSED`` have closed. ``told_by`` is how many of the judged forecasts called published
    each winner of a learning told; ``in_force`` whom the last learning of a run put in force ("": nobody).
    """

    as_of: date
    closed: int
    forecasts: int
    silent: int = 0
    since: date | None = None
    once: bool = False
    publishes: str = ""
    hits: Hits | None = None
    trusted: bool = False
    in_force: str = ""
    told_by: Mapping[str, int] = {}
    scores: tuple[Score, ...] = ()


def backtest(record: Record, *, once: bool = False) -> Backtest:
    """Replay the tournament on a record: fitted on the past, judged by what came after the median day of all forecasts.

    Forecasters learn on as time goes by, from what has ended by then; with ``once`` they learn up to that day only.
    """
    cases, today = replayed(record), record.as_of.toordinal()
    ended = milestones(cases.taken(cases.closed(today)))
    if ended < LEAST_CLOSED:
        return Backtest(as_of=record.as_of, closed=ended, forecasts=len(cases), once=once)
    since = int(cases.day[len(cases) // 2])
    days = learning(cases, since, once)
    walks = tournament.walked(cases, days)
    judged = (cases.day > since) & cases.closed(today)
    speaking = ~np.isnan(cases.pace[:, 0])
    best = tournament.winner(walks, cases, today)
    hits = tournament.hits(walks[best], cases, today)
    return Backtest(
        as_of=record.as_of,
        closed=ended,
        forecasts=len(cases),
        silent=int(np.sum(judged & ~speaking)),
        since=date.fromordinal(since),
        once=once,
        publishes=best,
        hits=hits,
        trusted=tournament.trusted(hits),
        told_by=told_by(walks, cases, days, judged & speaking),
        scores=tuple(scored(record, cases, told(walks, cases, days), judged & speaking)),
    )


def learning(cases: Cases, since: int, once: bool) -> Sequence[int]:
    """The days on which everything is learned anew, ``since`` among them; none after it where it is learned once."""
    days = {day for day in tournament.rounds(cases, PARTS) if day < since or not once}
    return sorted({*days, since})


Told = tuple[str, bool, Floats]
"""A forecaster's name, whether it is corrected, and its quantiles in days."""


def told(walks: Mapping[str, Walk], cases: Cases, days: Sequence[int]) -> Iterator[Told]:
    """Everything that was forecast, raw and corrected, and what was published."""
    for name, walk in walks.items():
        yield name, False, unscaled(walk.raw)
        yield name, True, walk.corrected
    yield PUBLISHED, True, published(walks, cases, days)


def published(walks: Mapping[str, Walk], cases: Cases, days: Sequence[int]) -> Floats:
    """What the winner of the last day of learning told of each case."""
    found = np.full((len(cases), len(LEVELS)), np.nan)
    for name, mine in winners(walks, cases, days):
        found[mine] = walks[name].corrected[mine]
    return found


def winners(walks: Mapping[str, Walk], cases: Cases, days: Sequence[int]) -> Iterator[tuple[str, Flags]]:
    """The winner of each day of learning, with the cases until the next one."""
    for day, until in pairwise((*days, NEVER)):
        yield tournament.winner(walks, cases, day), (cases.day > day) & (cases.day <= until)


def told_by(walks: Mapping[str, Walk], cases: Cases, days: Sequence[int], judged: Flags) -> Mapping[str, int]:
    """How many of the judged forecasts each winner told, who told most first."""
    found: Counter[str] = Counter()
    for name, mine in winners(walks, cases, days):
        found[name] += int(np.sum(mine & judged & ~np.isnan(walks[name].corrected[:, 0])))
    return {name: count for name, count in found.most_common() if count}


def scored(record: Record, cases: Cases, forecasts: Iterator[Told], judged: Flags) -> Iterator[Score]:
    """The lines of the table: overall, then project by project."""
    names = np.array([row.project for row in cases.rows])
    lines = tuple(forecasts)
    for project in ("", *sorted(set(names[judged].tolist()))):
        within = judged & ((names == project) | (project == ""))
        for share in SHARES:
            for name, corrected, days in lines:
                which = within & (cases.share == share) & ~np.isnan(days[:, 0])
                if which.any():
                    yield _score(record, cases.taken(which), days[which], (name, project, share, corrected))


def _score(record: Record, cases: Cases, days: Floats, line: tuple[str, str, float, bool]) -> Score:
    name, project, share, corrected = line
    slips, dates = cases.slips, np.rint(days)
    return Score(
        forecaster=name,
        project=project,
        share=share,
        corrected=corrected,
        forecasts=len(cases),
        p50_kept=scores.kept(slips, dates[:, P50]),
        p85_kept=scores.kept(slips, dates[:, P85]),
        pinball50=scores.pinball(slips, dates[:, P50], LEVELS[P50]),
        pinball85=scores.pinball(slips, dates[:, P85], LEVELS[P85]),
        width=float(np.mean(dates[:, P85] - dates[:, P50])),
        error_wd=_error(record, cases, dates[:, P50]),
        brier=scores.brier(conformal.reached(days, np.zeros(len(cases))), (slips <= 0).astype(np.float64)),
    )


def _error(record: Record, cases: Cases, dates: Floats) -> float:
    """How many working days of its project each date was away from the end, on average."""
    pairs = zip(cases.rows, dates.tolist(), strict=True)
    return float(np.mean([_away(record, row.project, row.plan + int(late), row.end) for row, late in pairs]))


def _away(record: Record, project: str, told: int, end: int) -> int:
    calendar = record.calendars.get(project, EVERY_DAY)
    return abs(calendar.between(date.fromordinal(told), date.fromordinal(end)))
