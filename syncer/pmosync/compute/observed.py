"""What an observation's text says. A system's own words may hold anything: what is no date is none."""

from __future__ import annotations

from datetime import date


def day(text: str) -> date | None:
    """The date of an observed value; None for an empty or any other text."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
