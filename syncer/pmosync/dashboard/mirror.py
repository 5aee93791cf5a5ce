"""What people typed, shown the moment they type it: formulas made only of constants.

One MATCH a row finds the input row of a code, one INDEX a column fetches a cell of it. Nothing that a person or a source
wrote goes into a formula: only our codes, places of columns, titles of tabs and serial numbers of dates.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from pmosync.compute.assessment import MilestoneVerdict
from pmosync.dashboard import words
from pmosync.dashboard.content import Content
from pmosync.dashboard.input_codes import INPUT
from pmosync.dashboard.input_places import input_tab, places, title
from pmosync.dashboard.values import code_of
from pmosync.model import Place, PlanRow, Problem
from pmosync.sheet import Formula, Value, letters, serial, text_of

MIRRORED = ("target", "forecast", "actual", "wish", "wish_reason", "note")
DATES = ("target", "forecast", "actual", "wish")
# Checks that leave the value before in force, because what is typed cannot be read.
UNREAD = frozenset(
    {
        "not-a-date",
        "not-a-number",
        "not-a-choice",
        "not-a-code",
        "not-text",
        "not-yes-or-no",
        "date-undecided",
        "name-fits-two",
    }
)
# Wildcards of MATCH and anything that could end a string constant stay out; such a code has no mirror.
SAFE_CODE = re.compile(r"[\w\-./#& ]+")


def quoted(title: str) -> str:
    """A tab's title as formulas name it, always quoted."""
    return "'" + title.replace("'", "''") + "'"


def whole_column(title: str, place: int) -> str:
    """A whole column of a tab: ``'Milestone inputs'!$F:$F``."""
    return f"{quoted(title)}!${letters(place)}:${letters(place)}"


class Spot(Struct, frozen=True):
    """Where a mirrored row stands on Milestones: its 1-based ``sheet_row`` and the zero-based places of the ``own`` columns.

    ``input_row`` is its row on the input tab (None while it is not there) and ``typed`` the cells of that row by column,
    ``next_sync`` the cell that says when typed values are counted, ``wrong`` the findings by place.
    """

    sheet_row: int
    own: Mapping[str, int]
    input_row: int | None
    next_sync: str
    wrong: Mapping[str, tuple[Problem, ...]]
    typed: Mapping[str, Value] = {}

    def cell(self, column: str) -> str:
        """An own cell of the row: ``$AX5``."""
        return f"${letters(self.own[column])}{self.sheet_row}"


def mirror(content: Content, verdict: MilestoneVerdict, spot: Spot) -> dict[str, Value]:
    """The mirrored cells of one milestone by column key."""
    code = verdict.milestone.code
    at_hand = places(content, INPUT)
    if "code" not in at_hand or not SAFE_CODE.fullmatch(code):
        return {"inputs_state": words.text("column_missing", content.language)}
    tab = title(content, INPUT)
    row = spot.typed
    finds = f'=IFERROR(MATCH("{code}",{whole_column(tab, at_hand["code"])},0),"")'
    fetched = {
        f"typed_{key}": _fetch(whole_column(tab, at_hand[key]), spot, row.get(key))
        if key in at_hand
        else words.text("column_missing", content.language)
        for key in MIRRORED
    }
    state = unread(content, INPUT, verdict.row, spot.wrong) or _state(content, spot, row)
    return {"input_row": Formula(finds, spot.input_row), **fetched, "inputs_state": state}


def _fetch(column: str, spot: Spot, value: Value) -> Formula:
    cell = f"INDEX({column},{spot.cell('input_row')})"
    shown = value if isinstance(value, (float, int, bool, date)) else text_of(value)
    return Formula(f'=IFERROR(IF({cell}="","",{cell}),"")', shown)


def _state(content: Content, spot: Spot, row: Mapping[str, Value]) -> Formula:
    """Counted, as long as every date still is what it was when it was read; else the mark of what waits."""
    counted, waiting, absent = (words.text(key, content.language) for key in ("counted", "waiting", "no_input"))
    same = "1"
    for key in reversed(DATES):
        expected = _constant(row.get(key))
        if expected is not None:
            same = f"IF({spot.cell(f'typed_{key}')}={expected},{same},0)"
    body = f'IF({same}=1,"{counted}","{waiting}"&{spot.next_sync})'
    return Formula(f'=IF({spot.cell("input_row")}="","{absent}",{body})', counted)


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


def by_place(findings: Iterable[Problem]) -> Mapping[str, tuple[Problem, ...]]:
    """Findings by the place that they name."""
    found: defaultdict[str, tuple[Problem, ...]] = defaultdict(tuple)
    for finding in findings:
        found[finding.place] += (finding,)
    return dict(found)


def unread(content: Content, tab: str, row: PlanRow | None, wrong: Mapping[str, tuple[Problem, ...]]) -> str:
    """What is to be said of a row of an input ``tab``; ``wrong`` are the findings by place. Empty where everything is read.

    Where a cell cannot be read, what stays in force: "⚠ Forecast: not a date; 12 Dec 2026 still in force".
    """
    if row is None:
        return ""
    code = code_of(getattr(row, input_tab(tab).key_column))
    marks = [
        _unread(content, tab, row, key, finding)
        for key, address in row.place.addresses.items()
        for finding in wrong.get(address, ())
        if _is_of(finding, row.place, code)
    ]
    return words.between("clause", content.language).join(marks)


def _is_of(finding: Problem, place: Place, code: str) -> bool:
    """Whether a finding of a row's cell is one of this row: sheets of one title have cells of one address."""
    if finding.connection:
        return finding.connection == place.connection
    return code_of(finding.code) in ("", code)


def _unread(content: Content, tab: str, row: PlanRow, key: str, finding: Problem) -> str:
    language = content.language
    labels = next((column.labels for column in input_tab(tab).columns if column.key == key), {})
    value: object = getattr(row, key, None)
    shown = words.day(value, language) if isinstance(value, date) else str(value or "")
    told = {"column": labels.get(language, key), "message": words.checked(finding.rule, language)}
    if finding.rule not in UNREAD:
        return words.text("waits" if finding.rule == "wish-waiting" else "doubtful", language, **told)
    mark = words.text("doubtful", language, **told)
    still = words.text("still", language, value=shown) if shown else words.text("still_none", language)
    return f"{mark}{words.between('clause', language)}{still}"
