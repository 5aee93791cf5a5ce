"""Pace: how long a team needs for so many items if its days go on as those of its last weeks. wd = its working days.

The daily delivered counts, zeros included, are taken as a probability mass function; the total of n days is its n-fold
convolution (W. Feller, An Introduction to Probability Theory and Its Applications, vol. 1, 3rd ed., XI.2), and k items are
done by day n with P(Sₙ ≥ k). Nothing is drawn: equal counts give equal answers. A Monte Carlo simulation over throughput
(D. Vacanti, Actionable Agile Metrics for Predictability, 2015, ch. 14) estimates the same number by sampling.
"""

from __future__ import annotations

import math
from collections.abc import Container, Mapping, Sequence
from itertools import accumulate, repeat

import numpy as np
from msgspec import Struct
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Wholes = NDArray[np.int64]

P50, P85 = 0.5, 0.85
"""The levels that are said: likely, and safe to promise."""

NEVER = 2**53
"""A number of items that no team delivers."""

SLACK = 1e-9
"""A quotient that exceeds a whole number by less is that number: 12 ÷ 0.4 is 30 items, whatever its last binary digit."""

FAINT = 1e-16
"""Probability that a distribution may lose at either end a day: over 1,000 days less than 1e-12."""

ROUNDING = 1e-12
"""How far a probability may fall short of a level by rounding alone, and reach it all the same."""

MOST = 1_000
"""A day that delivered more items counts as so many."""

STRIDE = 8
"""Working days that are taken at once."""

DIRECT, NOISE = 2**20, 1e-17
"""Products up to which a convolution is summed directly; what a Fourier transform makes of nothing is less than ``NOISE``."""

Counts = Sequence[int] | Wholes


class Total(Struct, frozen=True):
    """The distribution of what was delivered by some day: ``mass[i]`` = P(total = ``least`` + i); none elsewhere."""

    least: int
    mass: Floats


def done_by(counts: Counts, share: float, left: int, horizon: int) -> Floats:
    """P(all ``left`` items are done within n wd), n = 1 … ``horizon``, by the team's daily delivered ``counts``.

    ``share`` (0 to 1) of what the team delivers goes to them. Without counts or share nothing is ever done; where
    nothing is left all is done.
    """
    return read(counts, np.array([needed(left, share)], dtype=np.int64), horizon)[:, 0]


def quantile(curve: Floats, level: float) -> int | None:
    """The first wd by which the curve reaches ``level`` (0 to 1); None if it does so only beyond its horizon."""
    at = int(np.searchsorted(curve, level - ROUNDING))
    return at + 1 if at < len(curve) else None


def needed(left: float, share: float) -> int:
    """How many items the team has to deliver until so many are those of who gets ``share`` of them."""
    if not left > 0:
        return 0
    if not share > 0:
        return NEVER
    return max(1, math.ceil(min(left / min(share, 1.0), NEVER) - SLACK))


def read(counts: Counts, wanted: Wholes, horizon: int) -> Floats:
    """P(the team has delivered at least ``wanted[j]`` items within n wd) in row n - 1, column j; never falling with n."""
    return walked(counts, wanted, horizon)[0]


def walked(
    counts: Counts, wanted: Wholes, horizon: int, kept: Container[int] = ()
) -> tuple[Floats, Mapping[int, Total]]:
    """What ``read`` answers, and the totals themselves of the days to be ``kept``; a day by which all that is wanted is
    delivered for certain has none.

    Each day is a number of whole strides and a rest: the totals of both are convolved, at the ``wanted`` places alone.
    """
    steps = powers(Total(0, pmf(counts)), STRIDE)
    rests, begun = above(steps[1:]), Total(0, np.ones(1))
    found, days = np.ones((max(horizon, 0), len(wanted))), dict[int, Total]()
    for day in range(0, len(found), STRIDE):
        if begun.least >= np.max(wanted, initial=0):
            break
        found[day : day + STRIDE] = crossed(begun, wanted, rests)[: len(found) - day]
        days |= {day + rest: added(begun, step) for rest, step in enumerate(steps) if rest and day + rest in kept}
        begun = added(begun, steps[-1])
    return np.maximum.accumulate(found, axis=0), days


def powers(step: Total, times: int) -> list[Total]:
    """The totals of 0, 1, … ``times`` steps."""
    return list(accumulate(repeat(step, times), added, initial=Total(0, np.ones(1))))


def above(totals: Sequence[Total]) -> Floats:
    """P(each total ≥ k) in column j, k = the most that is possible … 1 from the first row to the last."""
    most = max(total.least + len(total.mass) - 1 for total in totals)
    return np.column_stack([at_least(total, np.arange(most, 0, -1)) for total in totals])


def crossed(begun: Total, wanted: Wholes, rests: Floats) -> Floats:
    """P(begun + rest ≥ each of ``wanted``), one row a rest: either ``begun`` is enough, or the rest makes up for it."""
    wide, reach = len(rests), len(begun.mass)
    padded = np.concatenate([np.zeros(wide), begun.mass, np.zeros(wide)])
    lacking = sliding_window_view(padded, wide)[np.clip(wanted - begun.least, 0, reach + wide)]
    found: Floats = np.minimum(at_least(begun, wanted)[:, None] + lacking @ rests, 1.0)
    return found.T


def added(one: Total, other: Total) -> Total:
    """The distribution of the sum of two independent totals."""
    return trimmed(Total(one.least + other.least, convolved(one.mass, other.mass)))


def pmf(counts: Counts) -> Floats:
    """P(a day delivers k items), k = 0, 1, …: each observed day is as likely as another; without any, nothing is delivered."""
    seen = np.clip(np.asarray(counts, dtype=np.int64), 0, MOST)
    often = np.bincount(seen).astype(np.float64) if len(seen) else np.ones(1)
    return often / max(len(seen), 1)


def convolved(one: Floats, other: Floats) -> Floats:
    """The convolution; a large one by Fourier transforms, which err by some 1e-17 where the probabilities add up to 1."""
    if len(one) * len(other) <= DIRECT:
        return np.convolve(one, other)
    size = len(one) + len(other) - 1
    bins = 1 << size.bit_length()
    found = np.fft.irfft(np.fft.rfft(one, bins) * np.fft.rfft(other, bins), bins)[:size]
    return np.where(found > NOISE, found, 0.0)


def at_least(total: Total, wanted: Wholes) -> Floats:
    """P(total ≥ each of ``wanted``): exactly 1 up to the least that is possible, exactly 0 beyond the most."""
    above = np.append(np.cumsum(total.mass[::-1])[::-1], 0.0)
    above[0] = 1.0
    found: Floats = np.minimum(above[np.clip(wanted - total.least, 0, len(total.mass))], 1.0)
    return found


def trimmed(total: Total) -> Total:
    """The distribution without ends that weigh nothing: a total of many days lies within a band."""
    below = np.cumsum(total.mass)
    first = int(np.searchsorted(below, FAINT))
    last = int(np.searchsorted(np.cumsum(total.mass[: first - len(below) - 1 : -1]), FAINT))
    return Total(total.least + first, total.mass[first : len(below) - last])
