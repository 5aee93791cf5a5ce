"""The quota, on the emulated clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmosync_google_sheets.emulator.quota import Limits, Quota
from pmosync_google_sheets.emulator.refusals import Refusal

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_sixty_a_minute_for_one_user() -> None:
    """The 61st read of a minute is refused; writes and other users count apart; the next minute is new."""
    quota = Quota(Limits())
    for _ in range(60):
        quota.spend("a", "Read", NOW)
    with pytest.raises(Refusal) as refused:
        quota.spend("a", "Read", NOW + timedelta(seconds=59))
    assert (refused.value.code, refused.value.status) == (429, "RESOURCE_EXHAUSTED")
    assert "Read requests per minute per user" in refused.value.message
    quota.spend("a", "Write", NOW)
    quota.spend("b", "Read", NOW)
    quota.spend("a", "Read", NOW + timedelta(seconds=60))


def test_the_project_has_a_limit_too() -> None:
    """300 a minute over all users."""
    quota = Quota(Limits())
    for number in range(300):
        quota.spend(str(number), "Write", NOW)
    with pytest.raises(Refusal, match="'Write requests per minute'"):
        quota.spend("late", "Write", NOW)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 5)), max_size=80))
def test_no_minute_ever_holds_more_than_the_limit(calls: list[tuple[str, int]]) -> None:
    """Whatever the order, each user gets at most the limit a minute, and exactly the limit if he asks for more."""
    quota = Quota(Limits(user=3, project=100))
    asked: dict[tuple[str, int], int] = {}
    given_: dict[tuple[str, int], int] = {}
    for user, minute in sorted(calls, key=lambda call: call[1]):
        asked[(user, minute)] = asked.get((user, minute), 0) + 1
        try:
            quota.spend(user, "Read", NOW + timedelta(minutes=minute))
        except Refusal:
            continue
        given_[(user, minute)] = given_.get((user, minute), 0) + 1
    assert given_ == {key: min(count, 3) for key, count in asked.items()}
