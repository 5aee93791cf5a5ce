"""Colours: whatever a rule or a chart asks for, it can be read by day and by night."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmosync.dashboard.charts import INKS
from pmosync.dashboard.layout import COLOURS, HEADING, SUBHEADING
from pmosync_html.palette import LEAST, NIGHT, PAGE, Palette, contrast, readable

COLOUR = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


def test_contrast_as_the_standard_has_it() -> None:
    """WCAG 2.2: black on white is 21, grey #767676 on white just passes at 4.54, a colour on itself is 1."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert contrast("#8c1d18", "#8c1d18") == 1


@given(COLOUR, COLOUR, COLOUR)
def test_every_pair_can_be_read(fill: str, ink: str, line: str) -> None:
    """Text on its fill and lines on their ground keep 4.5:1 in both modes."""
    day, night = Palette(((fill, ink),), (line,)).style().split("@media")
    for sheet, ground in ((day, PAGE), (night, NIGHT)):
        ((behind, text),) = re.findall(r"background:(#\w+);color:(#\w+)", sheet)
        (stroke,) = re.findall(r"--ink:(#\w+)", sheet)
        assert contrast(behind, text) >= LEAST
        assert contrast(stroke, ground) >= LEAST


def test_what_can_be_read_stays_as_it_is() -> None:
    """The workbook's own colours are the report's by day."""
    pairs = [*((fill, ink) for _, fill, ink in COLOURS), HEADING, SUBHEADING]
    assert [ink for fill, ink in pairs if readable(ink, fill) != ink] == []
    assert readable(INKS[0], PAGE) == INKS[0]


def test_no_colour_takes_paper_s() -> None:
    """Night is for screens: paper is always white."""
    assert "@media screen and (prefers-color-scheme:dark)" in Palette((), ()).style()
