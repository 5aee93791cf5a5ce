"""Learning stops no run: what goes wrong in it is a value, and the champion of before stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from pmosync.engine import learning
from pmosync.engine.house import House
from pmosync.errors import ConfigError, StoreError
from pmosync.model import Run
from pmosync.store import CHAMPION
from pmosync.testing.rig import Rig

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A site of nothing, with a champion of a month ago."""
    with Rig(tmp_path_factory.mktemp("site"), MONDAY) as rig:
        rig.house.store.version(CHAMPION, "1", "before", MONDAY - timedelta(days=30))
        yield rig.house


@pytest.fixture(scope="module")
def run(house: House) -> Run:
    """A run that is to learn."""
    return house.store.begin(MONDAY)


def stumbles() -> None:
    """A bug of ours."""
    raise ZeroDivisionError("some value of the site")


def test_a_bug_in_learning_leaves_the_champion_of_before(house: House, run: Run) -> None:
    """The error names its place and none of the site's values; the champion stays, and the next day tries again, not
    the next run: learning takes its time also where it fails.
    """
    store, error = house.store, learning.tried(house, run, stumbles)
    assert error is not None
    assert "ZeroDivisionError at test_learning.py:" in error.message
    assert "some value" not in str(error)
    assert "pmosync backtest" in error.remedy
    champion = store.in_force(CHAMPION, MONDAY)
    assert champion is not None
    assert champion.body == "before"
    assert not learning.is_time(store, MONDAY + timedelta(hours=23))
    assert learning.is_time(store, MONDAY + timedelta(hours=25))


def test_what_a_person_can_mend_keeps_its_remedy(house: House, run: Run) -> None:
    """An error that says what is to be done is told as it is."""

    def refused() -> None:
        raise ConfigError("the mapping is gone", remedy="put it back")

    error = learning.tried(house, run, refused)
    assert str(error) == "learning from closed milestones: the mapping is gone → put it back"


def test_without_a_store_no_run_goes_on(house: House, run: Run) -> None:
    """What the store does wrong ends the run, in learning like everywhere."""

    def broken() -> None:
        raise StoreError("the disk is full")

    with pytest.raises(StoreError):
        learning.tried(house, run, broken)


def test_what_succeeds_is_no_error(house: House, run: Run) -> None:
    """Nothing is told of what went well."""
    assert learning.tried(house, run, lambda: None) is None
