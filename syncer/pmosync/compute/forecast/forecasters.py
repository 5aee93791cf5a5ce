"""The forecasters of the tournament. Each learns from closed cases and tells, of others, quantiles of their slip.

Slips stand on the scale of ``cases.scaled``, a column a level of ``LEVELS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import sqrt

import numpy as np
from msgspec import Struct

from pmosync.compute.forecast import regression, weighing
from pmosync.compute.forecast.cases import LEVELS, Cases, Seen, scaled
from pmosync.compute.forecast.pace import Floats

LEAST_CLOSED = 30
"""Closed comparable milestones below which a class says nothing, and the whole site is not calibrated."""

EXTREME = 0.05
"""Beyond the innermost share of what was seen on either side, a feature counts as lying at its border: nothing is
extrapolated.
"""

Predictor = Callable[[Cases], Floats]
Forecaster = Callable[[Cases, Floats], Predictor]
"""From closed cases and the weight of each to a predictor. Pure: equal cases give equal quantiles."""


def as_planned(cases: Cases, weights: Floats) -> Predictor:
    """No slip at all."""
    return lambda others: np.zeros((len(others), len(LEVELS)))


def straight_line(cases: Cases, weights: Floats) -> Predictor:
    """The rest goes as fast as what is delivered did."""
    return lambda others: np.repeat(scaled(others.line)[:, None], len(LEVELS), axis=1)


def by_pace(cases: Cases, weights: Floats) -> Predictor:
    """The rest goes at the team's pace of the last weeks; where that says nothing, the reference class speaks."""
    fallback = by_reference(cases, weights)
    return lambda others: np.where(np.isnan(others.pace), fallback(others), scaled(others.pace))


class Classes(Struct, frozen=True):
    """The quantiles of the slips of each class that is big enough, and of the site."""

    projects: Mapping[str, Floats]
    kinds: Mapping[str, Floats]
    site: Floats

    def of(self, row: Seen) -> Floats:
        """Of the same project, else of the same kind, else of the site."""
        return self.projects.get(row.project, self.kinds.get(row.kind, self.site))


def by_reference(cases: Cases, weights: Floats) -> Predictor:
    """As the closed milestones of the same class ended (D. Kahneman, A. Tversky, Intuitive Prediction, 1979: the outside
    view; B. Flyvbjerg, From Nobel Prize to Project Management, 2006: reference classes).
    """
    classes = Classes(
        _classes(cases, weights, lambda row: row.project),
        _classes(cases, weights, lambda row: row.kind),
        _quantiles(cases, weights),
    )
    return lambda others: np.array([classes.of(row) for row in others.rows]).reshape(len(others), len(LEVELS))


def _classes(cases: Cases, weights: Floats, name: Callable[[Seen], str]) -> Mapping[str, Floats]:
    names = np.array([name(row) for row in cases.rows])
    found = {}
    for each in dict.fromkeys(names.tolist()):
        own = names == each
        if milestones(cases.taken(own)) >= LEAST_CLOSED:
            found[each] = _quantiles(cases.taken(own), weights[own])
    return found


def _quantiles(cases: Cases, weights: Floats) -> Floats:
    slips = scaled(cases.slips)
    return np.array([weighing.quantile(slips, weights, level) for level in LEVELS])


def milestones(cases: Cases) -> int:
    """How many milestones the cases are of."""
    return len({row.code for row in cases.rows})


def by_regression(cases: Cases, weights: Floats) -> Predictor:
    """Quantile regression on elapsed share, scope left, scope moves, pressure and past slips.

    The penalty grows with the root of the number of milestones, as chance does: what does not speak louder is left out.
    """
    low, high = np.quantile(cases.features, (EXTREME, 1 - EXTREME), axis=0)

    def inputs(some: Cases) -> Floats:
        return np.column_stack((np.ones(len(some)), np.clip(some.features, low, high)))

    rows, slips = inputs(cases), scaled(cases.slips)
    penalty = sqrt(milestones(cases)) * rows.std(axis=0)
    shares = weights / max(float(np.mean(weights)), 1e-12)
    lines = [regression.fitted(rows, slips, level, shares, penalty) for level in LEVELS]
    return lambda others: np.sort(inputs(others) @ np.column_stack(lines), axis=1)


def by_blend(cases: Cases, weights: Floats) -> Predictor:
    """The mean of reference class and regression, level by level.

    Equal weights, for estimated ones do worse where the past is short (J. Bates, C. Granger, The Combination of
    Forecasts, 1969; J. Smith, K. Wallis, A Simple Explanation of the Forecast Combination Puzzle, 2009); quantiles
    are averaged, which keeps the forecast sharp (K. Lichtendahl et al., Is It Better to Average Probabilities or
    Quantiles?, 2013).
    """
    both = [by_reference(cases, weights), by_regression(cases, weights)]
    return lambda others: np.mean([each(others) for each in both], axis=0)


FORECASTERS: Mapping[str, Forecaster] = {
    "planned": as_planned,
    "reference": by_reference,
    "line": straight_line,
    "pace": by_pace,
    "blend": by_blend,
}
"""All that take part, by the names under which their words are found; of equal ones the earlier wins."""


def names() -> Sequence[str]:
    """Their names, in order."""
    return tuple(FORECASTERS)
