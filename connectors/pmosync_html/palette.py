"""Colours that can be read by day and by night: each pair of fill and ink has a class, and its twin for dark screens. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from pmosync.sheet import Rule, Table

LEAST = 4.5
"""The contrast that text keeps against what lies behind it (WCAG 2.2, success criterion 1.4.3, level AA)."""

PAGE, NIGHT = "#ffffff", "#1a2028"
"""What tables and charts lie on, by day and by night; ``page.css`` has the same."""

STEPS = 20


class Palette(Struct, frozen=True):
    """The fills with their inks, and the inks of drawings, in the order in which the report first uses them."""

    pairs: tuple[tuple[str, str], ...]
    inks: tuple[str, ...]

    def cell(self, rule: Rule) -> str:
        """The class of cells that a rule colours."""
        return f"k{self.pairs.index((rule.fill, rule.ink))}"

    def ink(self, ink: str) -> str:
        """The class of a series."""
        return f"s{self.inks.index(ink)}"

    def style(self) -> str:
        """All classes as CSS."""
        day = [_pair(place, fill, readable(ink, fill)) for place, (fill, ink) in enumerate(self.pairs)]
        night = [_pair(place, *_night(fill, ink)) for place, (fill, ink) in enumerate(self.pairs)]
        day += [_ink(place, readable(ink, PAGE)) for place, ink in enumerate(self.inks)]
        night += [_ink(place, readable(ink, NIGHT)) for place, ink in enumerate(self.inks)]
        dark = "".join(night)
        return f"{''.join(day)}@media screen and (prefers-color-scheme:dark){{{dark}}}"


def palette_of(tables: Iterable[Table]) -> Palette:
    """What the rules and charts of the tables use."""
    tabs = [table.tab for table in tables]
    pairs = dict.fromkeys((rule.fill, rule.ink) for tab in tabs for rule in tab.rules)
    inks = [series.ink for tab in tabs for chart in tab.charts for series in chart.series]
    return Palette(tuple(pairs), tuple(dict.fromkeys([*inks, *(tab.colour for tab in tabs if tab.colour)])))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21, by their relative luminance as WCAG 2.2 defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(ink: str, behind: str) -> str:
    """The ink, moved towards black or white just as far as text on that ground needs."""
    end = "#000000" if _luminance(behind) > 0.18 else "#ffffff"
    shades = (_mixed(ink, end, step / STEPS) for step in range(STEPS + 1))
    return next((shade for shade in shades if contrast(shade, behind) >= LEAST), end)


def _night(fill: str, ink: str) -> tuple[str, str]:
    """By night a pair changes places, and what was the ink is dimmed: a bright area would be all that is seen."""
    ground = _mixed(ink, NIGHT, 0.45)
    return ground, readable(fill, ground)


def _mixed(one: str, other: str, share: float) -> str:
    parts = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{round(left + (right - left) * share):02x}" for left, right in parts)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _pair(place: int, fill: str, ink: str) -> str:
    return f".k{place}{{background:{fill};color:{ink}}}"


def _ink(place: int, ink: str) -> str:
    return f".s{place}{{--ink:{ink}}}"
