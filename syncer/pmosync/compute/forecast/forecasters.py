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


class Planned(Struct, frozen=True, tag="planned"):
    """No slip at all."""

    def __call__(self, others: Cases) -> Floats:
        """The quantiles of other cases."""
        return np.zeros((len(others), len(LEVELS)))


class Line(Struct, frozen=True, tag="line"):
    """The rest goes as fast as what is delivered did."""

    def __call__(self, others: Cases) -> Floats:
        """The quantiles of other cases."""
        return np.repeat(scaled(others.line)[:, None], len(LEVELS), axis=1)


class Classes(Struct, frozen=True, tag="reference"):
    """The quantiles of the slips of each class that is big enough, and of the site."""

    projects: Mapping[str, Floats]
    kinds: Mapping[str, Floats]
    site: Floats

    def __call__(self, others: Cases) -> Floats:
        """The quantiles of other cases: of the same project, else of the same kind, else of the site."""
        return np.array([self._of(row) for row in others.rows]).reshape(len(others), len(LEVELS))

    def _of(self, row: Seen) -> Floats:
        return self.projects.get(row.project, self.kinds.get(row.kind, self.site))


class Paced(Struct, frozen=True, tag="pace"):
    """The rest goes at the team's pace of the last weeks; where that says nothing, the reference class speaks."""

    fallback: Classes

    def __call__(self, others: Cases) -> Floats:
        """The quantiles of other cases."""
        return np.where(np.isnan(others.pace), self.fallback(others), scaled(others.pace))


class Regression(Struct, frozen=True, tag="regression"):
    """A line a level over the features, a column each; these count as at most as ``low`` and ``high`` as was often seen."""

    low: Floats
    high: Floats
    lines: Floats

    def __call__(self, others: Cases) -> Floats:
        """The quantiles of other cases, in order."""
        # Summed case by case: a matrix product may differ in its last digit by how many cases are told at once.
        sums = np.sum(inputs(others, self.low, self.high)[:, :, None] * self.lines, axis=1)
        return np.sort(sums, axis=1)


class Blend(Struct, frozen=True, tag="blend"):
    """The mean of two, level by level."""

    reference: Classes
    regression: Regression

    def __call__(self, others: Cases) -> Floats:
        """The quantiles of other cases."""
        return (self.reference(others) + self.regression(others)) / 2


Predictor = Planned | Line | Classes | Paced | Blend | Regression
"""What a forecaster has learned, as data: it can be kept, and tells the same when it is read again."""

Forecaster = Callable[[Cases, Floats], Predictor]
"""From closed cases and the weight of each to a predictor. Pure: equal cases give equal quantiles."""


def as_planned(cases: Cases, weights: Floats) -> Planned:
    """No slip at all."""
    return Planned()


def straight_line(cases: Cases, weights: Floats) -> Line:
    """The rest goes as fast as what is delivered did."""
    return Line()


def by_pace(cases: Cases, weights: Floats) -> Paced:
    """The rest goes at the team's pace of the last weeks."""
    return Paced(by_reference(cases, weights))


def by_reference(cases: Cases, weights: Floats) -> Classes:
    """As the closed milestones of the same class ended (D. Kahneman, A. Tversky, Intuitive Prediction, 1979: the outside
    view; B. Flyvbjerg, From Nobel Prize to Project Management, 2006: reference classes).
    """
    return Classes(
        _classes(cases, weights, lambda row: row.project),
        _classes(cases, weights, lambda row: row.kind),
        _quantiles(cases, weights),
    )


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


def inputs(cases: Cases, low: Floats, high: Floats) -> Floats:
    """The features within these bounds, behind a column of ones."""
    return np.column_stack((np.ones(len(cases)), np.clip(cases.features, low, high)))


def by_regression(cases: Cases, weights: Floats) -> Regression:
    """Quantile regression on elapsed share, scope left, scope moves, pressure and past slips.

    The penalty grows with the root of the number of milestones, as chance does: what does not speak louder is left out.
    """
    low, high = np.quantile(cases.features, (EXTREME, 1 - EXTREME), axis=0)
    rows, slips = inputs(cases, low, high), scaled(cases.slips)
    penalty = sqrt(milestones(cases)) * rows.std(axis=0)
    shares = weights / max(float(np.mean(weights)), 1e-12)
    lines = [regression.fitted(rows, slips, level, shares, penalty) for level in LEVELS]
    return Regression(low, high, np.column_stack(lines))


def by_blend(cases: Cases, weights: Floats) -> Blend:
    """The mean of reference class and regression, level by level.

    Equal weights, for estimated ones do worse where the past is short (J. Bates, C. Granger, The Combination of
    Forecasts, 1969; J. Smith, K. Wallis, A Simple Explanation of the Forecast Combination Puzzle, 2009); quantiles
    are averaged, which keeps the forecast sharp (K. Lichtendahl et al., Is It Better to Average Probabilities or
    Quantiles?, 2013).
    """
    return Blend(by_reference(cases, weights), by_regression(cases, weights))


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
