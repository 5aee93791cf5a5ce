"""How a Jira server writes instants: in the visitor's profile time zone, with a numeric offset."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo


def told(moment: int, zone: tzinfo) -> str:
    """``2026-01-05T10:30:00.000+0800``."""
    local = datetime.fromtimestamp(moment // 1000, UTC).astimezone(zone)
    return f"{local:%Y-%m-%dT%H:%M:%S}.{moment % 1000:03d}{local:%z}"


def read(text: str) -> int:
    """Epoch milliseconds of such a text. ValueError when it is none."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return round(moment.timestamp() * 1000)
