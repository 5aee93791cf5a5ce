"""How much each past milestone says of those to come: what is open counts as not done yet, what is recent counts more."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pmosync.compute.forecast.pace import Floats, Wholes

Flags = NDArray[np.bool_]

HALF = 100
"""So many milestones that ended later halve what one says: sites change how they work."""


def lasting(slips: Wholes, ended: Flags) -> Floats:
    """The weight of each slip, in all at most 1. What has not ``ended`` is at least as late as its slip says: it has no weight
    of its own, and gives it to those that were later.

    The jumps of the product-limit estimate (E. Kaplan, P. Meier, Nonparametric Estimation from Incomplete Observations,
    JASA 53, 1958; as weights: W. Stute, Consistent Estimation under Random Censorship, J. Multivariate Anal. 45, 1993).
    Without them what ended in time would speak too loud: of last month's milestones only the punctual ones have ended.
    """
    order = np.lexsort((~ended, slips))
    jumps = ended[order] / np.arange(len(order), 0, -1)
    before = np.concatenate(([1.0], np.cumprod(1.0 - jumps)[:-1]))
    found = np.empty(len(order))
    found[order] = before * jumps
    return found


def fading(codes: Sequence[str], ends: Wholes) -> Floats:
    """Weights that halve with every ``HALF`` milestones that ended later; ``ends`` are the days on which these did."""
    last = np.sort(list(dict(zip(codes, ends.tolist(), strict=True)).values()))
    later = len(last) - np.searchsorted(last, ends, side="right")
    found: Floats = 0.5 ** (later / HALF)
    return found


def quantile(values: Floats, weights: Floats, level: float) -> float:
    """The least value that has at least ``level`` of the weight up to it. Weights need not add up to 1."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order])
    place = int(np.searchsorted(below, level * below[-1] * (1 - 1e-12)))
    return float(values[order][min(place, len(values) - 1)])
