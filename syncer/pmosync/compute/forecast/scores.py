"""How good forecasts were, by what happened. Slips and dates are calendar days behind the plan."""

from __future__ import annotations

import numpy as np

from pmosync.compute.forecast.cases import LEVELS
from pmosync.compute.forecast.pace import Floats

P50, P85 = LEVELS.index(0.5), LEVELS.index(0.85)
"""The places of the published levels."""


def pinball(slips: Floats, dates: Floats, level: float, weights: Floats | None = None) -> float:
    """The mean pinball loss at a level, in days: least if the dates are kept with just that probability (R. Koenker, G.
    Bassett, Regression Quantiles, 1978). Without ``weights`` all count the same.
    """
    late = slips - dates
    losses = np.maximum(level * late, (level - 1) * late)
    return float(np.average(losses, weights=weights)) if len(slips) else 0.0


def kept(slips: Floats, dates: Floats) -> float:
    """The share of the dates by which all was done; 0 of none."""
    return float(np.mean(slips <= dates)) if len(slips) else 0.0


def brier(chances: Floats, came: Floats) -> float:
    """The mean squared distance of probabilities from what came (1) or did not (0): 0 is perfect, always saying one half
    gives 0.25 (G. Brier, Verification of Forecasts Expressed in Terms of Probability, 1950).
    """
    return float(np.mean((chances - came) ** 2)) if len(came) else 0.0
