"""Cases: milestones as they stood on a day, with nothing that was known later, and what became of them. A row a case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from math import ceil, log, log1p
from statistics import NormalDist

import numpy as np
from msgspec import Struct

from pmosync.compute.forecast import pace
from pmosync.compute.forecast.pace import Floats, Wholes
from pmosync.compute.forecast.record import WEEKS, Count, Deliveries, Journey, Record, comparable
from pmosync.compute.forecast.weighing import Flags

LEVELS = (0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95)
"""The quantiles that every forecaster tells; among them P50 and P85."""

QUANTILES = np.array([NormalDist().inv_cdf(level) for level in LEVELS])
"""Where the standard normal distribution reaches each level."""

SHARES = (0.25, 0.5, 0.75)
"""How far on their planned way milestones are looked at again."""

UNIT = 7.0
"""Calendar days up to which a slip counts by its days; beyond, by its order of magnitude."""

FARTHEST = 900
"""Calendar days beyond which no forecaster looks."""

HORIZON = 600
"""Working days beyond which no pace is worked out."""

LEAST_ACTIVE = 5
"""Working days with a delivery below which a team's pace says nothing."""

RECENT = 20
"""How many of the last closed milestones make "past slips"; below a quarter of them those of all projects do."""

FEATURES = 5
"""The number of ``Seen.features``."""

NEVER = 2**31
"""The end of what is still open."""


class Seen(Struct, frozen=True, kw_only=True):
    """One case. Days are ordinals; ``end`` = ``NEVER`` while open. ``share`` of the way it is looked at.

    ``features``: elapsed share, scope left (log), scope moves as a share of the scope, pressure (log of the pace that is
    needed to the pace that was), past slips (scaled). ``line`` and ``pace`` are the slips, in calendar days, that a straight
    line and the team's pace foretell; those of pace are NaN where it says nothing.
    """

    code: str
    project: str
    kind: str
    share: float
    day: int
    plan: int
    end: int
    features: tuple[float, ...]
    line: float
    pace: tuple[float, ...]


class Cases(Struct, frozen=True):
    """Many cases: the columns of ``Seen`` as arrays, in order of their days."""

    rows: tuple[Seen, ...]
    share: Floats
    day: Wholes
    plan: Wholes
    end: Wholes
    features: Floats
    line: Floats
    pace: Floats

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def slips(self) -> Floats:
        """Calendar days from plan to end, positive = late; without meaning for what is open."""
        return (self.end - self.plan).astype(np.float64)

    def closed(self, day: int) -> Flags:
        """Which of them had ended by the end of a day."""
        return np.asarray(self.end <= day)

    def taken(self, which: Flags) -> Cases:
        """Some of them."""
        return Cases(
            tuple(row for row, wanted in zip(self.rows, which.tolist(), strict=True) if wanted),
            self.share[which],
            self.day[which],
            self.plan[which],
            self.end[which],
            self.features[which],
            self.line[which],
            self.pace[which],
        )


def stacked(rows: Sequence[Seen]) -> Cases:
    """Cases from rows, in their order."""
    return Cases(
        tuple(rows),
        np.array([row.share for row in rows], dtype=np.float64),
        np.array([row.day for row in rows], dtype=np.int64),
        np.array([row.plan for row in rows], dtype=np.int64),
        np.array([row.end for row in rows], dtype=np.int64),
        np.array([row.features for row in rows], dtype=np.float64).reshape(len(rows), FEATURES),
        np.array([row.line for row in rows], dtype=np.float64),
        np.array([row.pace for row in rows], dtype=np.float64).reshape(len(rows), len(LEVELS)),
    )


def replayed(record: Record, shares: Iterable[float] = SHARES) -> Cases:
    """Every comparable milestone as it stood at these shares of its planned way, unless it had ended by then."""
    past = closed(record)
    rows = [
        row
        for journey in record.journeys
        if comparable(journey)
        for share in shares
        if (row := _replayed(record, past, journey, share)) is not None
    ]
    return stacked(sorted(rows, key=lambda row: (row.day, row.code, row.share)))


def _replayed(record: Record, past: Past, journey: Journey, share: float) -> Seen | None:
    start, plan = journey.start or record.as_of, journey.plans[0][1]
    day = start + timedelta(days=int((plan - start).days * share))
    over = journey.completed is not None and journey.completed <= day
    return None if over or day > record.as_of else seen(past, record.teams.get(journey.team), journey, day, share)


class Past(Struct, frozen=True):
    """The closed comparable milestones in order of their ends: project, end (ordinal) and slip (scaled) of each."""

    projects: tuple[str, ...]
    ends: Wholes
    slips: Floats


def closed(record: Record) -> Past:
    """The closed milestones that past slips are taken from."""
    found = sorted(
        (journey.completed, journey.code, journey)
        for journey in record.journeys
        if journey.completed is not None and comparable(journey)
    )
    slips = [(end - journey.plan(end)).days for end, _, journey in found]
    return Past(
        tuple(journey.project for _, _, journey in found),
        np.array([end.toordinal() for end, _, _ in found], dtype=np.int64),
        scaled(np.array(slips, dtype=np.float64)),
    )


def seen(past: Past, team: Deliveries | None, journey: Journey, day: date, share: float | None = None) -> Seen:
    """A milestone of a team as it stood at the end of a day; without ``share`` the one of its planned way that it has gone."""
    plan, count = journey.plan(day), journey.at(day)
    gone = _gone(journey, day, plan)
    line = _line(journey, count, day, plan)
    return Seen(
        code=journey.code,
        project=journey.project,
        kind=journey.kind,
        share=gone if share is None else share,
        day=day.toordinal(),
        plan=plan.toordinal(),
        end=journey.completed.toordinal() if journey.completed else NEVER,
        features=(
            gone,
            log1p(count.left),
            _moves(journey, count),
            _pressure(journey, count, day, plan),
            _past_slips(past, journey.project, day.toordinal()),
        ),
        line=line,
        pace=_pace(team, journey, count, day, plan),
    )


def _gone(journey: Journey, day: date, plan: date) -> float:
    """The share of the planned way that lies behind; 0 before the first delivery, at most 2."""
    if journey.start is None or day < journey.start:
        return 0.0
    return min((day - journey.start).days / max((plan - journey.start).days, 1), 2.0)


def _moves(journey: Journey, count: Count) -> float:
    """Items that joined or were removed since the first delivery, as a share of the scope."""
    first = journey.at(journey.start) if journey.start and journey.start <= count.day else count
    moved = count.joined - first.joined + count.removed - first.removed
    return moved / max(count.scope, 1)


def _elapsed(journey: Journey, day: date) -> int:
    return max((day - journey.start).days if journey.start else 0, 0) + 1


def _pressure(journey: Journey, count: Count, day: date, plan: date) -> float:
    """How many times faster than so far the rest must go to be there by the plan, as a logarithm."""
    needed = (count.left + 0.5) / (max((plan - day).days, 0) + 1)
    return log(needed / ((count.delivered + 1) / _elapsed(journey, day)))


def _line(journey: Journey, count: Count, day: date, plan: date) -> float:
    """The slip if the rest goes as fast as what is done did; as planned before anything is."""
    if not count.delivered:
        return 0.0
    ahead = ceil(count.left * _elapsed(journey, day) / count.delivered)
    return float(min(ahead, FARTHEST) - (plan - day).days)


def _pace(team: Deliveries | None, journey: Journey, count: Count, day: date, plan: date) -> tuple[float, ...]:
    """The slips that the team's pace foretells at each level; NaN where it says nothing."""
    silent = (float("nan"),) * len(LEVELS)
    if team is None or not count.left:
        return silent
    counts = team.recent(day)
    own = count.delivered - journey.at(day - timedelta(weeks=WEEKS)).delivered
    if np.count_nonzero(counts) < LEAST_ACTIVE or own <= 0:
        return silent
    needed = pace.needed(count.left, min(own / counts.sum(), 1.0))
    ahead = (team.calendar.add(day, wd) for wd in working_days(counts, needed).tolist())
    return tuple(float((done - plan).days) for done in ahead)


def working_days(counts: Wholes, needed: int) -> Wholes:
    """The working days by which days like these deliver so many items, with the probability of each level.

    The normal limit of P(Sₙ ≥ k), solved for n (W. Feller, An Introduction to Probability Theory and Its Applications, vol.
    1, 3rd ed., XIII.6). Unless the rest takes less than a handful of days with a delivery, it is within a day or two of the
    convolution in ``pace``, at a thousandth of its cost: a record has hundreds of cases.
    """
    mean, reach = float(counts.mean()), QUANTILES * float(counts.std())
    root = (reach + np.sqrt(reach**2 + 4 * mean * (max(needed, 1) - 0.5))) / (2 * mean)
    return np.clip(np.ceil(root**2), 1, HORIZON).astype(np.int64)


def _past_slips(past: Past, project: str, day: int) -> float:
    """The mean scaled slip of the last milestones that had closed by then."""
    known = int(np.searchsorted(past.ends, day, side="right"))
    own = [place for place in range(known) if past.projects[place] == project][-RECENT:]
    places = own if len(own) * 4 >= RECENT else list(range(known))[-RECENT:]
    return float(np.mean(past.slips[places])) if places else 0.0


def scaled(days: Floats) -> Floats:
    """Calendar days on the scale on which slips are compared: by days near 0, by orders of magnitude far out.

    The inverse hyperbolic sine (N. Johnson, Systems of Frequency Curves, Biometrika 36, 1949). Quantiles go through it
    unharmed, for it never falls.
    """
    return np.arcsinh(np.asarray(days) / UNIT)


def unscaled(values: Floats) -> Floats:
    """Calendar days from that scale, at most ``FARTHEST``."""
    return np.clip(UNIT * np.sinh(np.clip(values, -20.0, 20.0)), -FARTHEST, FARTHEST)
