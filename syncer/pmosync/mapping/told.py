"""What a finding speaks of beside its English, so that it can be said in another language."""

from __future__ import annotations

from datetime import date


def values(**told: str | int | date) -> tuple[tuple[str, str | int], ...]:
    """The values by name, in order; days as ISO text."""
    return tuple(
        (name, value.isoformat() if isinstance(value, date) else value) for name, value in sorted(told.items())
    )
