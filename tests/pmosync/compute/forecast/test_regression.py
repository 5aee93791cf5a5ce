"""The solver finds the optimum of quantile regression, exactly."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pmosync.compute.forecast.pace import Floats
from pmosync.compute.forecast.regression import fitted, solved

LEVELS = (0.05, 0.3, 0.5, 0.85, 0.95)


def example(seed: int, count: int, width: int) -> tuple[Floats, Floats]:
    """Rows with a constant, and outcomes with a heavy tail."""
    numbers = np.random.default_rng(seed)
    rows = np.column_stack((np.ones(count), numbers.normal(size=(count, width - 1))))
    return rows, rows @ np.arange(width) + numbers.standard_t(2, size=count)


def loss(rows: Floats, outcomes: Floats, level: float, line: Floats) -> float:
    """The pinball loss of a line."""
    errors = outcomes - rows @ line
    return float(np.sum(np.maximum(level * errors, (level - 1) * errors)))


@given(st.integers(0, 10_000), st.integers(8, 60), st.integers(1, 5), st.sampled_from(LEVELS))
def test_the_condition_of_optimality_holds(seed: int, count: int, width: int, level: float) -> None:
    """Koenker and Bassett (1978), theorem 3.3: as many outcomes lie on the line as it has coefficients, and what the others
    pull, these hold with a force between ``level`` - 1 and ``level`` each. It is the one optimum unless just that share of
    the outcomes may lie below.
    """
    assume(level * count % 1)
    rows, outcomes = example(seed, count, width)
    errors = outcomes - rows @ solved(rows, outcomes, level)
    on = np.abs(errors) < 1e-6
    assert np.count_nonzero(on) == width
    pull = ((level - (errors[~on] < 0)) @ rows[~on]).T
    force = np.linalg.solve(rows[on].T, -pull)
    assert np.all((force > level - 1 - 1e-6) & (force < level + 1e-6))


@pytest.mark.parametrize("level", LEVELS)
def test_no_line_through_points_is_better(level: float) -> None:
    """The best of all lines through two points is an optimum: the linear program has one at a corner."""
    rows, outcomes = example(7, 14, 2)
    corners = (list(pair) for pair in combinations(range(len(rows)), 2))
    lines = (np.linalg.solve(rows[pair], outcomes[pair]).astype(np.float64) for pair in corners)
    best = min(loss(rows, outcomes, level, line) for line in lines)
    assert loss(rows, outcomes, level, solved(rows, outcomes, level)) == pytest.approx(best, rel=1e-8)


@given(st.lists(st.integers(-20, 20), min_size=1, max_size=30), st.sampled_from(LEVELS))
def test_of_a_constant_alone_it_is_the_quantile(outcomes: list[int], level: float) -> None:
    """Also where many outcomes are the same."""
    values, rows = np.array(outcomes, dtype=np.float64), np.ones((len(outcomes), 1))
    (line,) = solved(rows, values, level)
    assert np.sum(values < line - 1e-6) <= level * len(values) + 1e-6
    assert np.sum(values <= line + 1e-6) >= level * len(values) - 1e-6


def test_a_weight_of_two_is_the_case_twice() -> None:
    """Weights count cases."""
    rows, outcomes = example(3, 12, 2)
    weights = np.where(np.arange(12) < 4, 2.0, 1.0)
    twice = [*range(12), *range(4)]
    assert fitted(rows, outcomes, 0.85, weights, np.zeros(2)) == pytest.approx(
        solved(rows[twice], outcomes[twice], 0.85), abs=1e-6
    )


def test_a_penalty_leaves_out_what_does_not_speak() -> None:
    """A feature of pure chance gets nothing; one that tells the outcome keeps nearly all it had."""
    numbers = np.random.default_rng(1)
    told, chance = numbers.normal(size=200), numbers.normal(size=200)
    rows = np.column_stack((np.ones(200), told, chance))
    line = fitted(rows, 5 * told + numbers.normal(size=200), 0.5, np.ones(200), np.array([0.0, 15.0, 15.0]))
    assert line[1] == pytest.approx(5, abs=0.5)
    assert line[2] == pytest.approx(0, abs=1e-6)
