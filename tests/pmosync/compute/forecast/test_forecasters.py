"""What each forecaster learns and tells."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace
from tests.pmosync.compute.forecast.invented import irregular, journey, site

from pmosync.compute.forecast import forecasters
from pmosync.compute.forecast.cases import LEVELS, Cases, replayed, scaled
from pmosync.compute.forecast.forecasters import FORECASTERS, LEAST_CLOSED
from pmosync.compute.forecast.pace import Floats


def even(cases: Cases) -> Floats:
    """The same weight for each."""
    return np.ones(len(cases))


def three(first: int, second: int) -> Cases:
    """Closed cases of a project with ``first`` milestones that were 20 days late, and of one of the same kind with
    ``second`` that were in time; and of a few of another kind.
    """
    record = site(1, irregular)
    journeys = [journey(number, 20) for number in range(first)]
    journeys += [journey(number, 0, project="OPS") for number in range(second)]
    journeys += [journey(number, 10, project="LAB", kind="bet") for number in range(3)]
    return replayed(replace(record, journeys=tuple(journeys)))


def median(cases: Cases, project: str, kind: str) -> float:
    """What the reference class says of a milestone of that project."""
    row = replace(cases.rows[0], project=project, kind=kind)
    one = replace(cases.taken(np.arange(len(cases)) == 0), rows=(row,))
    told = forecasters.by_reference(cases, even(cases))(one)
    return float(np.sinh(told[0, LEVELS.index(0.5)]) * 7)


def test_a_class_is_the_project_else_the_kind_else_the_site() -> None:
    """The nearest of at least 30 closed milestones speaks."""
    cases = three(LEAST_CLOSED, LEAST_CLOSED + 5)
    assert median(cases, "PAY", "delivery") == pytest.approx(20)
    assert median(cases, "NEW", "delivery") == pytest.approx(0)
    small = three(LEAST_CLOSED - 1, LEAST_CLOSED + 5)
    assert median(small, "PAY", "delivery") == pytest.approx(0)
    assert median(three(20, 8), "OPS", "bet") == pytest.approx(20)


def test_as_planned_and_the_straight_line_say_one_day_at_every_level() -> None:
    """They know no spread; the correction gives them one."""
    cases = replayed(site(40, irregular))
    assert not FORECASTERS["planned"](cases, even(cases))(cases).any()
    line = FORECASTERS["line"](cases, even(cases))(cases)
    assert line[:, 0] == pytest.approx(scaled(cases.line))
    assert np.all(line == line[:, :1])


def test_where_pace_says_nothing_the_reference_class_does() -> None:
    """So that it forecasts every milestone, as the others do."""
    cases = replayed(site(40, irregular))
    silent = np.isnan(cases.pace[:, 0])
    told = FORECASTERS["pace"](cases, even(cases))(cases)
    assert 0 < silent.sum() < len(cases)
    assert told[silent] == pytest.approx(FORECASTERS["reference"](cases, even(cases))(cases)[silent])
    assert told[~silent] == pytest.approx(scaled(cases.pace[~silent]))


def test_regression_learns_what_tells_the_slip() -> None:
    """Milestones with much left end late: one with much left is told to be later than one with little."""
    journeys = [journey(number, 25 if number % 2 else 0, even=True) for number in range(60)]
    cases = replayed(replace(site(1, irregular), journeys=tuple(journeys)))
    told = forecasters.by_regression(cases, even(cases))(cases)
    late = cases.share == 0.75
    middle = LEVELS.index(0.5)
    assert told[late & (cases.slips > 0), middle].min() > told[late & (cases.slips == 0), middle].max()


def test_nothing_is_extrapolated() -> None:
    """A scope beyond all that was seen counts as the border of what was."""
    cases = replayed(site(60, irregular))
    predictor = forecasters.by_regression(cases, even(cases))
    huge = replace(cases, features=cases.features + np.array([0, 50.0, 0, 0, 0]))
    huger = replace(cases, features=cases.features + np.array([0, 90.0, 0, 0, 0]))
    assert predictor(huge) == pytest.approx(predictor(huger))


@pytest.mark.parametrize("name", FORECASTERS)
def test_levels_are_in_order_and_equal_cases_give_equal_answers(name: str) -> None:
    """Nothing is drawn; P85 is never before P50."""
    cases = replayed(site(60, irregular))
    told = FORECASTERS[name](cases, even(cases))(cases)
    assert told.shape == (len(cases), len(LEVELS))
    assert np.all(np.diff(told, axis=1) >= 0)
    assert np.array_equal(told, FORECASTERS[name](cases, even(cases))(cases))


def test_the_blend_is_the_mean_of_two() -> None:
    """Of the outside view and of what the milestone itself tells."""
    cases = replayed(site(60, irregular))
    parts = [FORECASTERS["reference"], forecasters.by_regression]
    mean = sum(part(cases, even(cases))(cases) for part in parts) / 2
    assert FORECASTERS["blend"](cases, even(cases))(cases) == pytest.approx(mean)
