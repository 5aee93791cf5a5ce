"""How long to wait: whatever the server writes, never earlier than it asked and never an error."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmosync.transport import patience

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        ("1.5", 1.5),
        (" 3 ", 3.0),
        ("0", 0.0),
        ("-5", 0.0),
        ("99999999999999", patience.LONGEST),
        ("Mon, 02 Mar 2026 09:02:00 GMT", 120.0),
        ("Mon, 02 Mar 2026 08:00:00 GMT", 0.0),
        ("Monday, 02-Mar-26 09:01:00 GMT", 60.0),
        ("soon", None),
        ("", None),
        ("nan", None),
        ("inf", None),
        ("Mon, 99 Mar 2026 09:02:00 GMT", None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    """Retry-After is seconds or an HTTP date; negative and past mean now; garbage means nothing was asked."""
    assert patience.retry_after(value, NOW) == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (str(int(NOW.timestamp()) + 30), 30.0),
        ("45", 45.0),
        ("2026-03-02T09:01Z", 60.0),
        ("2026-03-02T17:01:00+08:00", 60.0),
        ("2026-03-02T09:01", 60.0),
        ("Mon, 02 Mar 2026 09:01:00 GMT", 60.0),
        ('"burst";r=0;t=45', 45.0),
        ('"burst"; r=0; t=45', 45.0),
        ('"burst";r=0', None),
        ("later", None),
    ],
)
def test_reset(value: str, seconds: float | None) -> None:
    """A reset header is an epoch, seconds from now (plain or as ``t`` of a structured field), ISO 8601 (no zone: UTC) or an
    HTTP date.
    """
    assert patience.reset(value, NOW) == seconds


def test_the_servers_own_clock_counts() -> None:
    """A date is read against the answer's Date header, however wrong our clock is."""
    headers = {"Retry-After": format_datetime(NOW + timedelta(seconds=90)), "Date": format_datetime(NOW)}
    assert patience.asked(503, headers, NOW + timedelta(hours=1)) == 90.0


def test_reset_headers_speak_on_429_only() -> None:
    """GitLab sends RateLimit-Reset with every answer: it means a wait only on 429, and Retry-After goes before it."""
    headers = {"RateLimit-Reset": "40", "X-RateLimit-Reset": "50"}
    assert patience.asked(429, headers, NOW) == 50.0
    assert patience.asked(503, headers, NOW) is None
    assert patience.asked(429, {**headers, "Retry-After": "3"}, NOW) == 3.0


@given(st.text(max_size=40))
def test_any_text_is_read_or_left(value: str) -> None:
    """No header value raises; what is understood is finite and not negative."""
    for wait in (patience.retry_after(value, NOW), patience.reset(value, NOW)):
        assert wait is None or 0 <= wait <= patience.LONGEST


@given(st.integers(0, 10**6))
def test_seconds_and_dates_mean_the_same(seconds: int) -> None:
    """A wait said as a number and as a date is the same wait."""
    day = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)
    assert patience.retry_after(str(seconds), NOW) == patience.retry_after(day, NOW) == seconds


@given(st.integers(1, 40), st.none() | st.floats(0, 1e5), st.floats(0, 1, exclude_max=True))
def test_never_earlier_than_asked(attempt: int, wanted: float | None, chance: float) -> None:
    """The pause is at least what was asked and, where nothing was, within the ceiling."""
    pause = patience.pause(attempt, wanted, chance)
    assert pause >= (wanted or 0.0)
    assert pause <= patience.CEILING or wanted


@given(st.integers(1, 10))
def test_full_jitter_spreads_from_zero(attempt: int) -> None:
    """Without a wish of the server the wait is uniform from 0 to a ceiling that doubles."""
    assert patience.pause(attempt, None, 0.0) == 0.0
    assert patience.pause(attempt, None, 1.0) == min(patience.CEILING, 2.0 ** (attempt - 1))
