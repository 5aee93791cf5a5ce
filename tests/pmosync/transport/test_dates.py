"""The server's time, as its answers tell it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pmosync.transport.dates import server_date
from pmosync.transport.patience import asked

NOON = datetime(2026, 9, 7, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "moment"),
    [
        ("Mon, 07 Sep 2026 12:00:00 GMT", NOON),
        ("Mon, 07 Sep 2026 11:00:00 GMT, Mon, 07 Sep 2026 12:00:00 GMT", NOON),
        ("", None),
        ("yesterday", None),
        ("Mon, 99 Sep 2026 12:00:00 GMT", None),
    ],
)
def test_the_last_date_is_the_servers(header: str, moment: datetime | None) -> None:
    """A proxy's own date stands before it."""
    assert server_date(header) == moment


def test_a_wait_until_a_date_is_counted_by_the_servers_clock() -> None:
    """Also where a proxy, whose clock is an hour behind, told its own time too."""
    headers = {
        "Date": "Mon, 07 Sep 2026 11:00:00 GMT, Mon, 07 Sep 2026 12:00:00 GMT",
        "Retry-After": "Mon, 07 Sep 2026 12:00:30 GMT",
    }
    assert asked(429, headers, NOON) == 30
