"""The tournament looks at nothing that came later, corrects what it told, and names the best."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import numpy as np
import pytest
from msgspec.structs import replace
from tests.effort import calls
from tests.pmosync.compute.forecast.invented import after, irregular, journey, site

from pmosync.compute.forecast import scores, tournament
from pmosync.compute.forecast.cases import LEVELS, replayed, stacked
from pmosync.compute.forecast.forecasters import FORECASTERS, LEAST_CLOSED
from pmosync.compute.forecast.scores import P50, P85
from pmosync.compute.forecast.tournament import Asked


def test_no_forecast_hangs_on_what_came_later() -> None:
    """Change every end that lies behind a day: what was told up to the next day of learning stays, to the last digit."""
    cases = replayed(site(120, irregular))
    days = tournament.rounds(cases)
    day, until = days[6], days[7]
    ends = np.where(cases.end > day, cases.end + 1000, cases.end)
    other = stacked([replace(row, end=end) for row, end in zip(cases.rows, ends.tolist(), strict=True)])
    told = (cases.day > day) & (cases.day <= until)
    for name, forecaster in FORECASTERS.items():
        one, two = tournament.walk(forecaster, cases, days), tournament.walk(forecaster, other, days)
        assert np.array_equal(one.corrected[told], two.corrected[told]), name
        assert not np.isnan(one.corrected[told]).any(), name


def test_corrected_dates_are_kept_as_often_as_they_say() -> None:
    """Slips without order and without end: after the correction P50 is kept by half, P85 by 85 of 100."""
    cases = replayed(site(300, irregular))
    for name in ("planned", "reference", "blend"):
        walk = tournament.walk(FORECASTERS[name], cases, tournament.rounds(cases))
        late = cases.share == 0.25
        told = late & ~np.isnan(walk.corrected[:, 0])
        dates = np.rint(walk.corrected[told])
        assert np.mean(cases.slips[told] <= dates[:, P85]) == pytest.approx(0.85, abs=0.06), name
        assert np.mean(cases.slips[told] <= dates[:, P50]) == pytest.approx(0.5, abs=0.1), name


def test_what_is_open_and_late_counts_before_it_ends() -> None:
    """A site whose last milestones do not end: their weight goes to what was later than they are, so far."""
    journeys = [*(journey(number, number % 3) for number in range(40)), *(journey(number, 30) for number in range(4))]
    journeys += [journey(number, 200, until=after(310)) for number in range(36, 40)]
    journeys = [replace(one, code=f"M{place}") for place, one in enumerate(journeys)]
    cases = replayed(replace(site(1, irregular), journeys=tuple(journeys), as_of=after(310)))
    weights = tournament.weighed(cases, np.full(len(cases), True), after(310).toordinal())
    late, punctual = weights[cases.slips == 30], weights[cases.slips == 0]
    assert late.min() > 1.2 * punctual.max()
    assert not weights[~cases.closed(after(310).toordinal())].any()


def test_the_winner_is_whose_dates_cost_least() -> None:
    """Where the straight line is always right it wins; where all slip alike the reference class beats a line that does not
    know it.
    """
    cases = replayed(site(90, lambda number: (number * 13) % 40, even=True))
    walks = tournament.walked(cases, tournament.rounds(cases))
    assert tournament.winner(walks, cases, int(cases.end.max())) == "line"
    assert tournament.winner(walks, cases, int(cases.day.min())) == "reference"
    steady = replayed(site(90, lambda number: 12 + number % 2))
    walks = tournament.walked(steady, tournament.rounds(steady))
    losses = {name: tournament.lost(walk, steady, int(steady.end.max())) for name, walk in walks.items()}
    assert losses[tournament.winner(walks, steady, int(steady.end.max()))] == min(
        loss for loss in losses.values() if loss is not None
    )


def test_a_loss_of_today_weighs_more_than_one_of_years_ago() -> None:
    """As planned was right for 200 milestones and is 20 days off for the last 40: it lost more than the plain mean says."""
    cases = replayed(site(240, lambda number: 0 if number < 200 else 20))
    walk = tournament.walk(FORECASTERS["planned"], cases, tournament.rounds(cases))
    known = ~np.isnan(walk.corrected[:, 0])
    dates, slips = np.rint(walk.corrected[known]), cases.slips[known]
    plain = sum(scores.pinball(slips, dates[:, place], LEVELS[place]) for place in (P50, P85))
    loss = tournament.lost(walk, cases, int(cases.end.max()))
    assert loss is not None
    assert loss > 1.2 * plain > 0


@pytest.mark.parametrize(("count", "told"), [(LEAST_CLOSED - 1, False), (2 * LEAST_CLOSED, True)])
def test_below_thirty_closed_it_is_not_calibrated(count: int, told: bool) -> None:
    """No champion, so no P50 and no P85; why is told."""
    found = tournament.competed(site(count, irregular))
    assert isinstance(found, tournament.Champion) is told
    if isinstance(found, tournament.Shortfall):
        assert (found.closed, found.winner, found.hits) == (count, "", None)


@pytest.mark.parametrize(
    ("p50", "p85", "count", "told"),
    [
        (0.35, 0.75, LEAST_CLOSED, True),
        (0.34, 0.9, 60, False),
        (0.5, 0.74, 60, False),
        (0.5, 0.85, LEAST_CLOSED - 1, False),
    ],
)
def test_who_promises_too_much_is_not_published(p50: float, p85: float, count: int, told: bool) -> None:
    """A P50 that was kept by less than 35 of 100, a P85 by less than 75, or fewer than 30 forecasts to judge it by."""
    assert tournament.trusted(tournament.Hits(p50, p85, count)) is told


def test_a_champion_tells_dates_and_chances_of_an_open_milestone() -> None:
    """P50 before P85, both after today; the chance of each day is that of its level, never falls, and nothing is certain."""
    record = site(120, irregular)
    champion = tournament.fitted(record)
    assert champion is not None
    one = journey(200, 0, until=after(7 * 200 + 10))
    (found,) = champion.forecasts([Asked(one, after(7 * 200 + 10), record.teams[one.team])])
    assert found is not None
    assert after(7 * 200 + 10) < found.p50 < found.p85
    assert found.winner == champion.name
    assert found.hits.count > 100
    assert found.hits.p85 == pytest.approx(0.85, abs=0.08)
    chances = [found.done_by(found.p50 + timedelta(days=days)) for days in range(-60, 300)]
    assert chances == sorted(chances)
    assert chances[0] == pytest.approx(1 - tournament.SURE)
    assert chances[-1] == tournament.SURE
    assert found.done_by(found.p85) >= 0.85 - 1e-9
    asked, other = Asked(one, after(7 * 200 + 10), record.teams[one.team]), journey(201, 0, until=after(7 * 201 + 10))
    assert champion.forecasts([asked, Asked(other, asked.day, None), asked])[::2] == (found, found)
    assert champion.forecasts([]) == ()


def test_of_what_is_overdue_it_counts_that_it_is_open() -> None:
    """Two weeks behind its plan the chances are those of what was later still; behind all that was ever seen it says
    nothing.
    """
    champion = tournament.fitted(site(120, irregular))
    assert champion is not None
    one = journey(200, 300, until=after(7 * 200 + 28 + 14))
    (found,) = champion.forecasts([Asked(one, after(7 * 200 + 28 + 14), None)])
    assert found is not None
    assert found.p50 > after(7 * 200 + 28 + 14)
    assert champion.forecasts([Asked(one, after(7 * 200 + 28 + 250), None)]) == (None,)


def test_an_absurd_plan_has_a_date_all_the_same() -> None:
    """Somebody types the last day that there is: the dates do not run over it."""
    champion = tournament.fitted(site(120, lambda number: 5 + number % 9))
    assert champion is not None
    one = replace(journey(200, 0, until=after(7 * 200 + 10)), plans=((date.min, date.max),))
    (found,) = champion.forecasts([Asked(one, after(7 * 200 + 10), None)])
    assert found is not None
    assert found.p85 == date.max


def test_the_work_grows_with_the_record() -> None:
    """Three times the milestones are about three times the work: a run may learn anew."""
    small, large = (calls(partial(tournament.fitted, site(count, irregular))) for count in (100, 300))
    assert large < 4.5 * small


def test_no_days_no_forecasts() -> None:
    """Without cases there is nothing to learn and nothing to tell."""
    none = stacked(())
    assert tournament.rounds(none) == ()
    assert tournament.walk(FORECASTERS["blend"], none, ()).raw.shape == (0, len(LEVELS))
