"""Forecasts corrected by what they missed: the offset at each level that would have kept the past at that level.

Conformalised quantile regression (Y. Romano, E. Patterson, E. Candès, NeurIPS 2019), with weights for a past that changes (R.
Barber et al., Conformal Prediction beyond Exchangeability, Annals of Statistics 51, 2023). The misses are those of
forecasts made out of time: what was forecast never taught its forecaster.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from pmosync.compute.forecast import weighing
from pmosync.compute.forecast.cases import LEVELS, Cases, scaled, unscaled
from pmosync.compute.forecast.pace import Floats, Wholes


def offsets(told: Floats, slips: Floats, weights: Floats) -> Floats:
    """By how much each level must move, on the scale of slips; ``told`` has a row a forecast, ``slips`` (days) its outcome."""
    misses = scaled(slips)[:, None] - told
    return np.array([weighing.quantile(misses[:, place], weights, level) for place, level in enumerate(LEVELS)])


class Correction(Struct, frozen=True):
    """How forecasts are corrected: the ``offsets`` of their levels, and the ``least`` and ``most`` slip, in days, that the
    record knows: beyond them nothing is told.
    """

    offsets: Floats
    least: float
    most: float


def corrected(told: Floats, by: Correction, floor: Wholes) -> Floats:
    """The forecasts, in days, with their levels moved and in order; what is open ``floor`` days behind its plan ends later."""
    days = np.clip(unscaled(np.sort(told + by.offsets, axis=1)), by.least, by.most)
    found: Floats = np.maximum(days, floor[:, None] + 1.0)
    return found


def still_open(days: Floats, floor: Wholes) -> Floats:
    """Quantiles of slips, in days, on condition that each lies beyond its ``floor`` (days, negative before the plan)."""
    gone = reached(days, floor)
    levels = gone[:, None] + (1 - gone[:, None]) * np.array(LEVELS)
    found = np.array([np.interp(at, LEVELS, row) for at, row in zip(levels, days, strict=True)])
    later: Floats = np.maximum(found.reshape(days.shape), floor[:, None] + 1.0)
    return later


def reached(days: Floats, by: Floats | Wholes) -> Floats:
    """P(slip ≤ ``by``) of each row of quantiles: straight between them, 0 before the first and the last level behind the
    last. Days are whole: one that counts lasts until its end.
    """
    ends = zip(days, np.asarray(by) + 0.5, strict=True)
    return np.array([np.interp(end, row, LEVELS, left=0.0) for row, end in ends], dtype=np.float64)


def floors(cases: Cases) -> Wholes:
    """How far behind its plan each case stood on its day: it ends later."""
    return cases.day - cases.plan
