"""Rows that people type, in a sheet or in the settings file, become rows of the plan; a wrong cell keeps its last valid value."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Any, get_args

import msgspec
from msgspec import NODEFAULT, Struct, structs
from msgspec.structs import fields

from pmosync.mapping.cells import Cell, CellError, Sight, blank, compile_cell, shown
from pmosync.mapping.context import Context
from pmosync.mapping.dates import TypedDay
from pmosync.mapping.instants import UnfitError, as_instant
from pmosync.mapping.tabs import InputTab
from pmosync.mapping.text import clean, fold
from pmosync.mapping.told import values
from pmosync.mapping.translation import Translation
from pmosync.misfits import near
from pmosync.model import (
    ActionRow,
    AttentionAnswerRow,
    BindingRow,
    CalendarRow,
    DecisionRow,
    LedgerAnswerRow,
    MilestoneRow,
    PersonRow,
    Place,
    PlanRow,
    Problem,
    ProgramRow,
    ProjectNoteRow,
    ProjectRow,
    ReportTextRow,
    RiskRow,
)
from pmosync.raw import RawRecord, Scope
from pmosync.sheet import text_of

ROWS: Mapping[str, type[Struct]] = {
    "program": ProgramRow,
    "project": ProjectRow,
    "milestone_input": MilestoneRow,
    "binding": BindingRow,
    "decision": DecisionRow,
    "risk": RiskRow,
    "person": PersonRow,
    "calendar": CalendarRow,
    "project_note": ProjectNoteRow,
    "action": ActionRow,
    "attention_answer": AttentionAnswerRow,
    "ledger_answer": LedgerAnswerRow,
    "report_text": ReportTextRow,
}
SPANS = (("first", "last"), ("leave_from", "leave_to"))
WRONG = {
    "not-text": "is not plain text",
    "not-a-code": "is not a code",
    "not-a-choice": "is not one of the words of this column",
    "not-a-number": "is not a number that fits here",
    "not-a-date": "is not a date",
    "date-undecided": "says that the date is still open",
    "not-yes-or-no": "is neither yes nor no",
    "name-fits-two": "fits more than one person",
}
STANDING = {
    "nothing": "nothing is in force for it yet",
    "usual": "{usual} stays in force",
    "last": "the last valid value stays in force",
}
"""What counts as long as a cell cannot be read."""

TWINS = {
    "before": "the values valid before stay in force",
    "many": "none of them counts until one alone is left",
    "two": "neither counts until one is removed",
}
"""What counts as long as several rows have one code: their order never decides."""

PEOPLE_TYPES = frozenset({"person", "people"})
NOTHING: tuple[object, ...] = (None, "", (), NODEFAULT)
_ROW = re.compile(r"\d+$")

Translate = Callable[[RawRecord, Context], Translation]


class TabRule(Struct, frozen=True):
    """A tab ready to read rows: how each column is read, and the enum its field holds, if any."""

    tab: InputTab
    cells: Mapping[str, Cell]
    enums: Mapping[str, type[StrEnum]]


def compile_tab(tab: InputTab) -> TabRule:
    """Prepare a tab for reading."""
    cells = {column.key: compile_cell(column) for column in tab.columns}
    return TabRule(tab, cells, enums_of(tab.entity))


def enums_of(entity: str) -> dict[str, type[StrEnum]]:
    """The fields of a plan row that hold a word of the model."""
    found = {}
    for field in msgspec.structs.fields(ROWS[entity]):
        kinds = [
            kind for kind in (field.type, *get_args(field.type)) if isinstance(kind, type) and issubclass(kind, StrEnum)
        ]
        if kinds:
            found[field.name] = kinds[0]
    return found


def duplicates(tab: InputTab, records: Iterable[RawRecord]) -> frozenset[tuple[str, ...]]:
    """Identities that stand in more than one row of a tab; hand them to ``Context.duplicates``."""
    counted = Counter(identity for raw in records if (identity := identity_of(tab, raw.payload)))
    return frozenset(identity for identity, count in counted.items() if count > 1)


def identity_of(tab: InputTab, payload: Mapping[str, Any]) -> tuple[str, ...]:
    """The tab's key and the words that identify a row; () if its first one is empty."""
    words = tuple(fold(_typed(payload, key)) for key in tab.identity)
    return (tab.key, *words) if words and words[0] else ()


# ---------------------------------------------------------------- one row


def translate_row(rule: TabRule, raw: RawRecord, context: Context) -> Translation:
    """One input row as a row of the plan. Findings name the cell; ``invalid`` the fields whose last valid value stays."""
    cells = raw.payload.get("cells")
    if not isinstance(cells, Mapping):
        return Translation(problems=(_unreadable(raw),), invalid=("code",))
    if all(blank(value) for value in cells.values()):
        return Translation()
    row = _Row(rule, raw, context, cells)
    return row.translation()


def _has_mark(tab: InputTab, key: str) -> bool:
    """Whether the row tells a coarse date of this column apart."""
    return f"{key}_coarse" in ROWS[tab.entity].__struct_fields__


def _unreadable(raw: RawRecord) -> Problem:
    return Problem(
        rule="unreadable-record",
        place=str(raw.ref),
        message="the row has no cells",
        remedy="look at the row in its sheet or in the settings file",
        values=values(which="row"),
    )


class _Row:
    """One row while it is read: values so far, findings so far."""

    def __init__(self, rule: TabRule, raw: RawRecord, context: Context, cells: Mapping[str, Any]) -> None:
        self.rule, self.raw, self.context, self.cells = rule, raw, context, cells
        self.values: dict[str, Any] = {}
        self.problems: list[Problem] = []
        self.invalid: list[str] = []
        self.place = place_of(rule.tab, raw)
        before = context.before
        self.before = before if isinstance(before, PlanRow) and isinstance(before, ROWS[rule.tab.entity]) else None

    def translation(self) -> Translation:
        for key, value in self.cells.items():
            if not blank(value):
                self._read(key, value)
        self._check_spans()
        whole = not self._missing() and not self._twice() and not self._endless()
        facts: tuple[PlanRow, ...] = (self._made(),) if whole else self._as_before()
        invalid = tuple(self.invalid) if whole or facts else ("code", *self.invalid)
        return Translation(facts=facts, problems=tuple(self.problems), invalid=invalid)

    def _as_before(self) -> tuple[PlanRow, ...]:
        """What is in force of a row that does not count as it is, at the place where it stands now."""
        return (structs.replace(self.before, place=self.place),) if self.before else ()

    def _read(self, key: str, value: Any) -> None:
        cell = self.rule.cells.get(key)
        if cell is None:
            self._unknown(key)
            return
        try:
            found = cell(value, Sight(self.context.people, self._seen(key)))
        except CellError as wrong:
            self._drop(key)
            standing, usual = self._in_force(key)
            said = STANDING[standing].format(usual=usual)
            message = f"{shown(value)!r} {WRONG[wrong.rule]}: {said}"
            told = {**wrong.told, "name": shown(value), "standing": standing, "usual": usual}
            self._note(wrong.rule, key, message, f"write {wrong.expected}", None, **told)
            return
        self._keep(key, found)
        self._check_people(key, found)

    def _unknown(self, key: str) -> None:
        """A name that is no column: only rows of the settings file have such."""
        known = {column.key: "" for column in self.rule.tab.columns}
        columns, nearest = ", ".join(known), near(key, known)
        message = f"{key!r} is not a column of {self.rule.tab.key}"
        remedy = " ".join(filter(None, (nearest, f"its columns are {columns}")))
        self._note("unknown-column", key, message, remedy, name=key, columns=columns)

    def _keep(self, key: str, found: Any) -> None:
        if isinstance(found, TypedDay):
            if found.coarse and _has_mark(self.rule.tab, key):
                self.values[f"{key}_coarse"] = True
            found = found.day
        enum = self.rule.enums.get(key)
        self.values[key] = enum(found) if enum else found

    def _drop(self, key: str) -> None:
        """The field's last valid value stays, with its mark of coarseness."""
        self.invalid.append(key)
        if _has_mark(self.rule.tab, key):
            self.invalid.append(f"{key}_coarse")

    def _in_force(self, key: str) -> tuple[str, str]:
        """What counts as long as a cell cannot be read: a word of ``STANDING``, and the usual value if it is that."""
        usual = next((each.default for each in fields(ROWS[self.rule.tab.entity]) if each.name == key), None)
        old = getattr(self.before, key, None) if self.before else usual
        if old in NOTHING or old is False:
            return "nothing", ""
        return ("usual", str(old)) if old == usual else ("last", "")

    def _seen(self, key: str) -> datetime | None:
        """When the cell's text was first seen, if the caller knows, else this sync's moment."""
        told = self.raw.payload.get("seen")
        if isinstance(told, Mapping) and key in told:
            try:
                return as_instant(told[key])
            except UnfitError:
                return self.context.seen
        return self.context.seen

    def _check_people(self, key: str, found: Any) -> None:
        if not self.context.people or self.rule.tab.column(key).type not in PEOPLE_TYPES:
            return
        for name in (found,) if isinstance(found, str) else found:
            if not self.context.people.fits(name):
                message = f"nobody in the people table is called {shown(name)!r}"
                remedy = "write a name or key of the People tab, or add the person there"
                self._note("unknown-person", key, message, remedy, name=shown(name))

    def _check_spans(self) -> None:
        """Of a span the wrong way round neither end can be trusted: both keep their last valid value."""
        for first, last in SPANS:
            start, end = self.values.get(first), self.values.get(last)
            if start and end and end < start:
                for key in (first, last):
                    self._drop(key)
                    del self.values[key]
                standing, usual = self._in_force(last)
                message = f"the end lies before the beginning: {STANDING[standing].format(usual=usual)}"
                told = {"day": start, "standing": standing, "usual": usual}
                self._note("dates-reversed", last, message, f"write {start} or later", None, **told)

    def _missing(self) -> bool:
        missing = [key for key in self.rule.tab.needed if key not in self.values]
        for key in missing:
            if key not in self.invalid:
                rule = "no-code" if key == self.rule.tab.key_column else "incomplete-row"
                label = self.rule.tab.column(key).labels["en"]
                self._note(rule, key, f"{label!r} is empty: the row does not count", "fill it, or clear the row")
        return bool(missing)

    def _endless(self) -> bool:
        """Whether it is a calendar row whose end cannot be read and never could: nobody knows which days it means."""
        return self.rule.tab.entity == "calendar" and "last" in self.invalid and self.before is None

    def _twice(self) -> bool:
        """Whether the row's identity stands in several rows: told by the record itself, or by the context. Each row that
        the record names is flagged.
        """
        count, rows = self.raw.payload.get("duplicates"), _rows_of(self.raw.payload)
        twice = (isinstance(count, int) and count > 1) or identity_of(
            self.rule.tab, self.raw.payload
        ) in self.context.duplicates
        if twice:
            word = shown(" ".join(_typed(self.raw.payload, key) for key in self.rule.tab.identity))
            where = f"rows {', '.join(map(str, rows))}" if len(rows) > 1 else "more than one row"
            fate = "before" if self.before else "many" if len(rows) > 2 else "two"
            message = f"{word!r} stands in {where}: {TWINS[fate]}"
            told = {"name": word, "twins": fate, "rows": ", ".join(map(str, rows)) if len(rows) > 1 else ""}
            for row in rows if len(rows) > 1 else (self.place.row,):
                self._note("duplicate-code", self.rule.tab.key_column, message, "keep one of the rows", row, **told)
        return twice

    def _made(self) -> PlanRow:
        values = dict(self.values)
        match self.rule.tab.entity:
            case "binding":
                values["scope"] = Scope(values.pop("what"), values.pop("which"))
            case "calendar" if "last" not in self.invalid:
                values.setdefault("last", values.get("first"))
        return ROWS[self.rule.tab.entity](place=self.place, **values)  # type: ignore[return-value]

    def _note(
        self, rule: str, key: str, message: str, remedy: str, row: int | None = None, **told: str | int | date
    ) -> None:
        """A finding on a cell of this row, or of its twin in another ``row``; ``told`` is what its words speak of beside
        the column.
        """
        at = self.place.row if row is None else row
        known = self.place.addresses.get(key)
        if known and at != self.place.row:
            known = _ROW.sub(str(at), str(known))
        address = known or f"{self.place.tab}, row {at}, {key}"
        problem = Problem(
            rule=rule,
            place=address,
            message=message,
            remedy=remedy,
            code=_typed(self.raw.payload, self.rule.tab.key_column) or self.place.code,
            row=_told_apart(self.raw),
            restricted=self.raw.restricted,
            values=values(**told, column=key, tab=self.place.tab),
        )
        self.problems.append(problem)


def _typed(payload: Mapping[str, Any], key: str) -> str:
    """The text of a cell as typed; "" if there is none."""
    cells = payload.get("cells")
    value = cells.get(key) if isinstance(cells, Mapping) else None
    return "" if isinstance(value, dict | list | tuple) else clean(text_of(value))


def _told_apart(raw: RawRecord) -> str:
    """What tells the row from the others wherever it stands; one that has nothing of the kind goes by all that it says."""
    tab, _, name = raw.ref.id.partition(":")
    if not name.startswith("#"):
        return raw.ref.id
    said = msgspec.json.encode(raw.payload.get("cells"), order="deterministic", enc_hook=str)
    return f"{tab}:#{blake2b(said, digest_size=8).hexdigest()}"


def _rows_of(payload: Mapping[str, Any]) -> tuple[int, ...]:
    """The rows of the sheet that show the record's identity."""
    rows = payload.get("rows")
    return tuple(row for row in rows if isinstance(row, int)) if isinstance(rows, list | tuple) else ()


def place_of(tab: InputTab, raw: RawRecord) -> Place:
    """Where the row was typed."""
    told = raw.payload
    row, code, addresses = told.get("row"), told.get("code"), told.get("addresses")
    code = code or _typed(told, tab.key_column)
    return Place(
        connection=raw.ref.connection,
        tab=tab.key,
        row=row if isinstance(row, int) else 0,
        code=code if isinstance(code, str) else "",
        addresses=addresses if isinstance(addresses, Mapping) else {},
    )
