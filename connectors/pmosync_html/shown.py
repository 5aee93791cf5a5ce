"""How a value reads: digits, signs and dates by the format of its column. Pure."""

from __future__ import annotations

from datetime import date, datetime

from pmosync.sheet import Format, from_serial

RIGHT = frozenset({Format.INTEGER, Format.SIGNED, Format.NUMBER, Format.PERCENT, Format.MONEY})
CENTRE = frozenset({Format.RAG, Format.BOOLEAN, Format.DATE})


def number(value: int | float, style: Format) -> str:
    """A number as its column shows it, with a real minus sign; one in a column of dates is the day it stands for."""
    match style:
        case Format.DATE | Format.INSTANT:
            return from_serial(value).isoformat()
        case Format.PERCENT:
            return _signed(f"{value:.0%}")
        case Format.SIGNED:
            return _signed(f"{value:+,.0f}" if round(value) else "0")
        case Format.NUMBER:
            return _signed(_short(f"{value:,.2f}"))
        case Format.INTEGER | Format.MONEY:
            return _signed(f"{value:,.0f}")
        case _:
            return _signed(f"{value:.10g}" if isinstance(value, float) else str(value))


def day(value: date) -> str:
    """A date, or a date and a time to the minute."""
    return value.strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else value.isoformat()


def _signed(text: str) -> str:
    return text.replace("-", "−", 1) if text.startswith("-") else text


def _short(text: str) -> str:
    """Two places behind the point, the second one only where it says something."""
    return text.removesuffix("0")
