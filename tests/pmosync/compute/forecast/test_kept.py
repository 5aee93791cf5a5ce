"""A champion as text: kept and read again, it says the same."""

from __future__ import annotations

import msgspec
import pytest
from tests.pmosync.compute.forecast.invented import after, irregular, journey, site

from pmosync.compute.forecast import forecasters, tournament
from pmosync.compute.forecast.cases import replayed
from pmosync.compute.forecast.kept import champion_of, shortfall_of, text_of

DAY = after(7 * 200 + 10)


@pytest.mark.parametrize("name", forecasters.names())
def test_every_forecaster_says_the_same_when_it_is_read_again(name: str) -> None:
    """Whoever wins: to the last digit, and its text is the same when it is kept anew."""
    record = site(120, irregular)
    cases, champion = replayed(record), tournament.fitted(record)
    assert champion is not None
    learned = tournament.learn(
        forecasters.FORECASTERS[name],
        cases,
        tournament.walk(forecasters.FORECASTERS[name], cases, tournament.rounds(cases)).raw,
        record.as_of.toordinal(),
    )
    assert learned.correction is not None
    kept = msgspec.structs.replace(champion, name=name, predictor=learned.predictor, correction=learned.correction)
    again = champion_of(text_of(kept))
    assert again is not None
    one = journey(200, 0, until=DAY)
    asked = [tournament.Asked(one, DAY, record.teams[one.team])]
    assert again.forecasts(asked) == kept.forecasts(asked)
    assert text_of(again) == text_of(kept)


def test_none_is_kept_as_none() -> None:
    """A site that is not calibrated has no champion, and says why when it is read again; an earlier version did not say."""
    short = tournament.Shortfall(day=DAY, closed=66, winner="line", hits=tournament.Hits(0.31, 0.69, 49))
    text = text_of(short)
    assert (champion_of(text), shortfall_of(text)) == (None, short)
    assert shortfall_of('{"format":1,"champion":null}') is None


def test_what_another_version_kept_says_nothing() -> None:
    """A forecaster that is not known any more, or not yet, stops no run: it is as if none were calibrated."""
    text = text_of(tournament.competed(site(120, irregular)))
    assert champion_of(text) is not None
    assert champion_of(text.replace('"format":1', '"format":2')) is None
    assert champion_of('{"name":"seer","predictor":{"type":"seer"}}') is None
