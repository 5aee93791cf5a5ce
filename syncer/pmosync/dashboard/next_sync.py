"""The one cell that says when typed values are counted: on About, so that a changing time rewrites no row of a data tab."""

from __future__ import annotations

from pmosync.dashboard import words
from pmosync.dashboard.content import Content
from pmosync.dashboard.words.texts import TABS

ROW = 3  # 1-based, header included; About keeps its line there
COLUMN = "C"


def next_sync_cell(content: Content) -> str:
    """The cell as formulas name it: ``'About'!$C$3``."""
    title = words.pick(TABS["about"][0], content.language)
    return "'" + title.replace("'", "''") + f"'!${COLUMN}${ROW}"
