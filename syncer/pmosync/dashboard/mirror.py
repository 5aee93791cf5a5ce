"""What people typed, shown the moment they type it: formulas made only of constants.

One MATCH a row finds the input row of a code, one INDEX a column fetches a cell of it. Nothing that a person or a source
wrote goes into a formula: only our codes, places of columns, titles of tabs and serial numbers of dates.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from pmosync.compute.assessment import MilestoneVerdict
from pmosync.dashboard import words
from pmosync.dashboard.content import Content
from pmosync.dashboard.input_places import input_tab, places, title
from pmosync.dashboard.values import code_of
from pmosync.model import MilestoneRow, Problem
from pmosync.sheet import Formula, Value, letters, serial, text_of

INPUT = "milestone_inputs"
MIRRORED = ("target", "forecast", "actual", "wish", "wish_reason", "note")
DATES = ("target", "forecast", "actual", "wish")
# Wildcards of MATCH and anything that could end a string constant stay out; such a code has no mirror.
SAFE_CODE = re.compile(r"[\w\-./#& ]+")


def quoted(title: str) -> str:
    """A tab's title as formulas name it, always quoted."""
    return "'" + title.replace("'", "''") + "'"


def whole_column(title: str, place: int) -> str:
    """A whole column of a tab: ``'Milestone inputs'!$F:$F``."""
    return f"{quoted(title)}!${letters(place)}:${letters(place)}"


def mirror(
    content: Content, verdict: MilestoneVerdict, sheet_row: int, own: Mapping[str, int], next_sync: str
) -> dict[str, Value]:
    """The mirrored cells of one milestone by column key.

    ``sheet_row`` is the 1-based row on Milestones, ``own`` the zero-based places of the columns there; ``next_sync`` is
    the cell that says when typed values are counted.
    """
    code = verdict.milestone.code
    at_hand = places(content, INPUT)
    if "code" not in at_hand or not SAFE_CODE.fullmatch(code):
        return {"inputs_state": words.text("column_missing", content.language)}
    tab = title(content, INPUT)
    row = typed_row(content, verdict)
    finds = f'=IFERROR(MATCH("{code}",{whole_column(tab, at_hand["code"])},0),"")'
    found: dict[str, Value] = {"input_row": Formula(finds, verdict.row.place.row if row and verdict.row else "")}
    at = f"${letters(own['input_row'])}{sheet_row}"
    for key in MIRRORED:
        found[f"typed_{key}"] = _fetch(content, tab, at_hand, key, at, row)
    found["inputs_state"] = _state(content, verdict, sheet_row, own, row, next_sync)
    return found


def typed_row(content: Content, verdict: MilestoneVerdict) -> Mapping[str, Value]:
    """What stands in the milestone's input row: as read, else what is in force if the row's home is the input tab; else empty."""
    read = content.found.typed.get(INPUT)
    if read is not None:
        return read.get(code_of(verdict.milestone.code), {})
    row = verdict.row
    return {key: getattr(row, key) for key in MIRRORED} if row and row.place.tab == INPUT else {}


def _fetch(
    content: Content, tab: str, at_hand: Mapping[str, int], key: str, at: str, row: Mapping[str, Value]
) -> Value:
    if key not in at_hand:
        return words.text("column_missing", content.language)
    cell = f"INDEX({whole_column(tab, at_hand[key])},{at})"
    return Formula(f'=IFERROR(IF({cell}="","",{cell}),"")', _plain(row.get(key)))


def _plain(value: Value) -> str | float | int | bool | date:
    return value if isinstance(value, (float, int, bool, date)) else text_of(value)


def _state(
    content: Content,
    verdict: MilestoneVerdict,
    sheet_row: int,
    own: Mapping[str, int],
    row: Mapping[str, Value],
    next_sync: str,
) -> Value:
    language = content.language
    wrong = unread(content, verdict)
    if wrong:
        return wrong
    counted, waiting = words.text("counted", language), words.text("waiting", language)
    absent = words.text("no_input", language)
    same = "1"
    for key in reversed(DATES):
        expected = _constant(row.get(key))
        if expected is not None:
            same = f"IF(${letters(own[f'typed_{key}'])}{sheet_row}={expected},{same},0)"
    body = f'IF({same}=1,"{counted}","{waiting}"&{next_sync})'
    helper = f"${letters(own['input_row'])}{sheet_row}"
    return Formula(f'=IF({helper}="","{absent}",{body})', counted if row else absent)


def _constant(value: Value) -> str | None:
    """A date's serial number or the empty text; None for what must not stand in a formula."""
    match value:
        case None | "":
            return '""'
        case date():
            return f"{serial(value):.10g}"
        case bool():
            return None
        case int() | float():
            return f"{value:.10g}"
        case _:
            return None


def unread(content: Content, verdict: MilestoneVerdict) -> str:
    """The mark of an input that cannot be read, with what stays in force.

    "⚠ Forecast: not a date; 12 Dec 2026 still in force"; empty where everything is read.
    """
    row = verdict.row
    if row is None:
        return ""
    places = {address: key for key, address in row.place.addresses.items()}
    findings = [f for f in content.assessment.findings if f.place in places]
    between = words.between("clause", content.language)
    return between.join(_unread(content, row, places[f.place], f) for f in findings)


def _unread(content: Content, row: MilestoneRow, key: str, finding: Problem) -> str:
    language = content.language
    labels = next((column.labels for column in input_tab(INPUT).columns if column.key == key), {})
    value: object = getattr(row, key, None)
    shown = words.day(value, language) if isinstance(value, date) else str(value or "")
    mark = words.text(
        "unread_value", language, column=labels.get(language, key), message=words.checked(finding.rule, language)
    )
    still = words.text("still", language, value=shown) if shown else words.text("still_none", language)
    return f"{mark}{words.between('clause', language)}{still}"
