"""Shows a number through a number format pattern: numbers, percent, money, dates and times."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

ORIGIN = datetime(1899, 12, 30)  # noqa: DTZ001  a spreadsheet's times have no zone
DATES = ("DATE", "TIME", "DATE_TIME")
_ISO = {"DATE": "yyyy/m/d", "TIME": "h:mm:ss", "DATE_TIME": "yyyy/m/d h:mm:ss", "CURRENCY": "¥#,##0.00"}
_AMERICAN = {
    "DATE": "m/d/yyyy",
    "TIME": "h:mm:ss am/pm",
    "DATE_TIME": "m/d/yyyy h:mm:ss",
    "NUMBER": "#,##0.00",
    "PERCENT": "0.00%",
    "CURRENCY": "$#,##0.00",
    "SCIENTIFIC": "0.00E+00",
    "TEXT": "@",
}
_TOKEN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|am/pm|a/p|y+|m+|d+|h+|s+|\.0+|_.|\*.|.', re.IGNORECASE | re.DOTALL)
_DIGITS = re.compile(r"[#0?,]*[#0?](?:[#0?,]*)(?:\.[#0?]*)?(?:[eE][+-]0+)?|\.[#0?]+")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def default_pattern(kind: str, locale: str) -> str:
    """The pattern of a format type that was given without one."""
    local = _ISO.get(kind) if locale.startswith("zh") else None
    return local or _AMERICAN.get(kind, "")


def is_date(number_format: dict[str, Any] | None) -> bool:
    """Whether the format shows a date or a time."""
    return bool(number_format) and (number_format or {}).get("type") in DATES


def show(number: float, number_format: dict[str, Any] | None, locale: str = "en_US") -> str:
    """The text a person sees."""
    if not number_format:
        return general(number)
    kind = number_format.get("type", "")
    pattern = number_format.get("pattern") or default_pattern(kind, locale)
    if not pattern or pattern == "@" or pattern.lower() == "general":
        return general(number)
    if kind in DATES:
        return _date_text(number, pattern)
    return through(number, pattern)


def general(number: float) -> str:
    """A number without a format: at most ten significant digits after the point, no trailing zeros."""
    if float(number).is_integer() and abs(number) < 1e15:
        return str(int(number))
    if abs(number) >= 1e15 or 0 < abs(number) < 1e-9:
        mantissa, exponent = f"{number:.5E}".split("E")
        return f"{mantissa.rstrip('0').rstrip('.')}E{exponent[0]}{exponent[1:].zfill(2)}"
    decimals = max(0, 10 - max(1, len(str(int(abs(number))))) + (1 if abs(number) < 1 else 0))
    return f"{number:.{max(decimals, 1)}f}".rstrip("0").rstrip(".")


def through(number: float, pattern: str) -> str:
    """A number through a pattern of one to three sections (positive; negative; zero)."""
    sections = _sections(pattern)
    section, value = sections[0], number
    if number < 0 and len(sections) > 1 and sections[1] != "":
        section, value = sections[1], -number
    elif number == 0 and len(sections) > 2:
        section = sections[2]
    if _is_date_pattern(section):
        return _date_text(value, section)
    return _number_text(value, section)


def _sections(pattern: str) -> list[str]:
    found, current = [], ""
    for token in _TOKEN.findall(pattern):
        if token == ";":  # noqa: S105  a mark, no secret
            found.append(current)
            current = ""
        else:
            current += token
    return [*found, current]


def _is_date_pattern(section: str) -> bool:
    bare = re.sub(r'"[^"]*"|\\.|\[(?![hms]+\])[^\]]*\]', "", section)
    return bool(re.search(r"[ydhs]|m", bare, re.IGNORECASE)) and not re.search(r"[#0?]", bare.replace(".0", ""))


def _number_text(number: float, section: str) -> str:
    literal = re.sub(r"\[[^\]]*\]|_.|\*.", "", section)
    match = _DIGITS.search(re.sub(r'"[^"]*"|\\.', lambda m: "\0" * len(m.group()), literal))
    if not match:
        return _unescaped(literal)
    percent = literal.count("%")
    sign = "-" if number < 0 and round(abs(number) * 100**percent, 12) else ""
    digits = _digits(abs(number) * 100**percent, match.group())
    if not digits.strip("0.,"):
        sign = ""
    return sign + _unescaped(literal[: match.start()]) + digits + _unescaped(literal[match.end() :])


def _unescaped(literal: str) -> str:
    return re.sub(r'"([^"]*)"|\\(.)', lambda m: m.group(1) if m.group(1) is not None else m.group(2), literal)


def _digits(number: float, picture: str) -> str:
    mantissa, exponent = re.fullmatch(r"(.*?)([eE][+-]0+)?", picture).groups()  # type: ignore[union-attr]
    if exponent:
        decimals = len(mantissa.partition(".")[2])
        text, power = f"{number:.{decimals}E}".split("E")
        return f"{text}E{power[0]}{power[1:].lstrip('0').zfill(exponent.count('0'))}"
    whole, _, fraction = mantissa.partition(".")
    text = f"{_rounded(number, len(fraction)):.{len(fraction)}f}"
    units, _, decimals_text = text.partition(".")
    units = units.zfill(whole.count("0")) if whole.count("0") else units.lstrip("0")
    if "," in whole:
        units = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", units)
    kept = _optional(decimals_text, fraction)
    return units + ("." + kept if kept or (fraction and "0" in fraction) else "")


def _rounded(number: float, decimals: int) -> float:
    """Half away from zero, as sheets round; the small push undoes binary shortfalls such as 1.005."""
    scale = 10.0**decimals
    return float(int(number * scale + 0.5 + 1e-9) / scale) if number * scale < 1e15 else number


def _optional(decimals: str, picture: str) -> str:
    needed = len(picture.rstrip("#?"))
    while len(decimals) > needed and decimals.endswith("0"):
        decimals = decimals[:-1]
    return decimals


def moment(number: float) -> datetime:
    """The date and time of a serial number (days since 1899-12-30), to the millisecond."""
    return ORIGIN + timedelta(milliseconds=round(number * 86_400_000))


def day_serial(day: date) -> int:
    """The serial number of a day."""
    return (day - ORIGIN.date()).days


def _date_text(number: float, pattern: str) -> str:
    when = moment(number)
    tokens = [
        t
        for t in _TOKEN.findall(pattern)
        if not (t.startswith("[") and t.lower() not in ("[h]", "[hh]", "[mm]", "[ss]"))
    ]
    twelve = any(t.lower() in ("am/pm", "a/p") for t in tokens)
    return "".join(_date_token(token, place, tokens, when, twelve, number) for place, token in enumerate(tokens))


def _date_token(token: str, place: int, tokens: list[str], when: datetime, twelve: bool, number: float) -> str:
    low = token.lower()
    if low[0] == '"' or low[0] == "\\":
        return _unescaped(token)
    if low in ("am/pm", "a/p"):
        return ("AM" if when.hour < 12 else "PM")[: 2 if low == "am/pm" else 1]
    if low.startswith("[h"):
        return str(int(number * 24))
    if low[0] == "m" and _is_minute(place, tokens):
        return f"{when.minute:0{min(len(low), 2)}d}"
    if low[0] in "ymdhs":
        return _date_part(low, when, twelve)
    return f"{when.microsecond / 1e6:.{len(low) - 1}f}"[1:] if low.startswith(".0") else token


def _is_minute(place: int, tokens: list[str]) -> bool:
    """``m`` means minutes behind hours or before seconds."""
    before = next((t.lower() for t in reversed(tokens[:place]) if t[0].lower() in "ymdhs["), "")
    after = next((t.lower() for t in tokens[place + 1 :] if t[0].lower() in "ymdhs"), "")
    return before.lstrip("[").startswith("h") or after.startswith("s")


def _date_part(token: str, when: datetime, twelve: bool) -> str:
    size = len(token)
    match token[0]:
        case "y":
            return f"{when.year:04d}" if size > 2 else f"{when.year % 100:02d}"
        case "m" if size >= 3:
            return MONTHS[when.month - 1][: {3: 3, 5: 1}.get(size)]
        case "d" if size >= 3:
            return _DAYS[when.weekday()][: 3 if size == 3 else None]
        case "h" if twelve:
            return f"{(when.hour + 11) % 12 + 1:0{min(size, 2)}d}"
    number = {"m": when.month, "d": when.day, "h": when.hour, "s": when.second}[token[0]]
    return f"{number:0{min(size, 2)}d}"
