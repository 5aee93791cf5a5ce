"""Quantile regression: the line below which a given share of the outcomes lies.

R. Koenker, G. Bassett, Regression Quantiles, Econometrica 46 (1978). As a linear program, solved on its dual by the
primal-dual interior point method with a corrector step: S. Portnoy, R. Koenker, The Gaussian Hare and the Laplacian
Tortoise, Statistical Science 12 (1997), section 4, after S. Mehrotra (1992).
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from pmosync.compute.forecast.pace import Floats

GAP = 1e-10
"""Relative distance from the optimum at which it counts as reached."""

ROUNDS = 100
"""Steps after which the point is taken as it is; a few dozen are usual."""

INSIDE = 0.99995
"""Share of the way to the border that a step goes: the point must stay inside."""


class Point(Struct, frozen=True):
    """Where the method stands: coefficients; the dual ``up`` in (0, 1) and ``down`` = 1 - ``up``; by how much each outcome
    lies ``above`` and ``below`` its line.
    """

    line: Floats
    up: Floats
    down: Floats
    above: Floats
    below: Floats

    @property
    def gap(self) -> float:
        """How far the point is from the optimum, in units of the loss."""
        return float(self.up @ self.below + self.down @ self.above)


def fitted(inputs: Floats, outcomes: Floats, level: float, weights: Floats, penalty: Floats) -> Floats:
    """The coefficients that minimise the weighted pinball loss at ``level`` (0 to 1) plus Σ ``penalty`` · |coefficient|.

    ``inputs`` has a row an outcome. The penalty (A. Belloni, V. Chernozhukov, ℓ1-penalized Quantile Regression, Annals of
    Statistics 39, 2011) enters as outcomes of 0: ρ(u) + ρ(-u) = |u|.
    """
    held = np.diag(penalty)[penalty > 0]
    rows = np.vstack((inputs * weights[:, None], held, -held))
    return solved(rows, np.concatenate((outcomes * weights, np.zeros(2 * len(held)))), level)


def solved(rows: Floats, outcomes: Floats, level: float) -> Floats:
    """The coefficients that minimise the plain pinball loss."""
    point, goal = begun(rows, outcomes, level), (1.0 - level) * rows.sum(axis=0)
    for _ in range(ROUNDS):
        if point.gap <= GAP * (1.0 + abs(float(outcomes @ point.up))):
            break
        point = step(rows, outcomes, goal, point)
    return point.line


def begun(rows: Floats, outcomes: Floats, level: float) -> Point:
    """The least squares line, well inside."""
    line: Floats = np.asarray(np.linalg.lstsq(rows, outcomes, rcond=None)[0], dtype=np.float64)
    errors = outcomes - rows @ line
    room = 0.1 * float(np.mean(np.abs(errors))) + 1e-6
    up = np.full(len(outcomes), 1.0 - level)
    return Point(line, up, 1.0 - up, np.maximum(errors, 0.0) + room, np.maximum(-errors, 0.0) + room)


def step(rows: Floats, outcomes: Floats, goal: Floats, point: Point) -> Point:
    """Mehrotra's step: straight at the border to see how far it leads, then towards the middle by what that teaches."""
    zeros = np.zeros(len(outcomes))
    probe = towards(rows, outcomes, goal, point, zeros, zeros)
    reached = moved(point, probe)
    middle = point.gap / (2 * len(outcomes)) * (reached.gap / point.gap) ** 3
    low = middle - probe.up * probe.below
    high = middle - probe.down * probe.above
    return moved(point, towards(rows, outcomes, goal, point, low, high))


def towards(rows: Floats, outcomes: Floats, goal: Floats, point: Point, low: Floats, high: Floats) -> Point:
    """The Newton direction to where ``up`` · ``below`` = ``low`` and ``down`` · ``above`` = ``high``."""
    low, high = low - point.up * point.below, high - point.down * point.above
    weight = 1.0 / (point.below / point.up + point.above / point.down)
    miss = outcomes - rows @ point.line - point.above + point.below - high / point.down + low / point.up
    system = (rows * weight[:, None]).T @ rows
    system += 1e-13 * np.trace(system) * np.eye(len(system))
    line: Floats = np.asarray(np.linalg.solve(system, rows.T @ (weight * miss + point.up) - goal), dtype=np.float64)
    up = weight * (miss - rows @ line)
    return Point(line, up, -up, (high + point.above * up) / point.down, (low - point.below * up) / point.up)


def moved(point: Point, way: Point) -> Point:
    """The point after a step, as long as the borders allow."""
    primal = min(room(point.up, way.up), room(point.down, way.down))
    dual = min(room(point.above, way.above), room(point.below, way.below))
    return Point(
        point.line + dual * way.line,
        point.up + primal * way.up,
        point.down + primal * way.down,
        point.above + dual * way.above,
        point.below + dual * way.below,
    )


def room(values: Floats, way: Floats) -> float:
    """The share of a step, at most 1, that keeps all values above 0."""
    falling = way < 0
    return min(1.0, INSIDE * float(np.min(-values[falling] / way[falling], initial=np.inf)))
