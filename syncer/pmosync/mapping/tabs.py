"""The input tabs as the mapping file describes them: titles, columns, types, choices, in every language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from msgspec import Struct

from pmosync.mapping.reading import Reader, open_document
from pmosync.sheet import normalised
from pmosync.yamlfile import Path

LANGUAGES = ("en", "zh-CN")
TYPES = (
    "text", "texts", "code", "codes", "choice", "number", "integer",
    "money", "percent", "date", "person", "people", "boolean",
)  # fmt: skip
ENTITIES = (
    "program", "project", "milestone_input", "binding", "decision", "risk", "person", "calendar",
    "project_note", "action", "attention_answer", "ledger_answer", "report_text",
)  # fmt: skip


class Choice(Struct, frozen=True):
    """One value of a drop-down: what the model holds, and its words by language; ``aliases`` are accepted too."""

    value: str
    labels: Mapping[str, str]
    aliases: tuple[str, ...] = ()


class InputColumn(Struct, frozen=True):
    """One column people fill; ``key`` is the field of its row. Labels and notes go by language, ``width`` counts characters."""

    key: str
    type: str
    labels: Mapping[str, str]
    aliases: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    notes: Mapping[str, str] = {}
    width: int = 14
    least: int | None = None
    most: int | None = None
    needed: bool = False

    def headers(self) -> tuple[str, ...]:
        """Every header under which the column is found."""
        return (self.key, *self.labels.values(), *self.aliases)


class InputTab(Struct, frozen=True):
    """One input tab. ``identity`` names the columns that together must not stand twice; the first is the code column."""

    key: str
    entity: str
    titles: Mapping[str, str]
    columns: tuple[InputColumn, ...]
    identity: tuple[str, ...]
    editors: str = ""

    @property
    def key_column(self) -> str:
        """The column by which rows are matched."""
        return self.identity[0]

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns without which a row does not count."""
        return tuple(column.key for column in self.columns if column.needed)

    def named(self, header: str) -> str:
        """The key of the column that a header, in either language, or a key in any spelling means; "" for none."""
        word = normalised(header)
        return next((column.key for column in self.columns if word in map(normalised, column.headers())), "")

    def column(self, key: str) -> InputColumn:
        """The column of that key; KeyError if the tab has none."""
        return next(column for column in self.columns if column.key == key)


@cache
def input_tabs() -> tuple[InputTab, ...]:
    """The input tabs of the shipped ``google_sheets`` mapping, in their order on the workbook."""
    reader = open_document("google_sheets", {}, "settings")
    tabs = read_tabs(reader)
    reader.check()
    return tabs


def read_tabs(reader: Reader) -> tuple[InputTab, ...]:
    """All tabs of a mapping document; faults are left with the reader."""
    tabs = reader.table(reader.data.get("tabs"), ("tabs",))
    return tuple(_tab(reader, key, value) for key, value in tabs.items())


def _tab(reader: Reader, key: str, value: Any) -> InputTab:
    path: Path = ("tabs", key)
    given = reader.table(value, path, TAB_KEYS, TAB_KEYS[:4])
    columns = reader.table(given.get("columns"), (*path, "columns"))
    tab = InputTab(
        key=key,
        entity=reader.word(given.get("entity", ""), (*path, "entity"), ENTITIES),
        titles=_by_language(reader, given.get("titles"), (*path, "titles")),
        columns=tuple(_column(reader, name, child, (*path, "columns", name)) for name, child in columns.items()),
        identity=reader.words(given.get("identity", []), (*path, "identity")),
        editors=reader.word(given.get("editors", ""), (*path, "editors")),
    )
    _check_identity(reader, tab, path)
    _check_headers(reader, tab, path)
    return tab


TAB_KEYS = ("entity", "titles", "identity", "columns", "editors")
COLUMN_KEYS = ("type", *LANGUAGES, "aliases", "choices", "note", "width", "least", "most", "needed")


def _column(reader: Reader, key: str, value: Any, path: Path) -> InputColumn:
    given = reader.table(value, path, COLUMN_KEYS, ("type", "en"))
    choices = reader.table(given.get("choices"), (*path, "choices"))
    kind = reader.word(given.get("type", "text"), (*path, "type"), TYPES)
    if (kind == "choice") != bool(choices):
        reader.fault(path, "a column of type choice needs choices, and only such a column has them")
    return InputColumn(
        key=key,
        type=kind,
        labels={lang: reader.word(given[lang], (*path, lang)) for lang in LANGUAGES if lang in given},
        aliases=reader.words(given.get("aliases", []), (*path, "aliases")),
        choices=tuple(_choice(reader, name, child, (*path, "choices", name)) for name, child in choices.items()),
        notes=_by_language(reader, given.get("note"), (*path, "note")),
        width=reader.whole(given.get("width", 14), (*path, "width")),
        least=_bound(reader, given, "least", path),
        most=_bound(reader, given, "most", path),
        needed=given.get("needed") is True,
    )


def _choice(reader: Reader, key: str, value: Any, path: Path) -> Choice:
    given = reader.table(value, path, (*LANGUAGES, "aliases"), ("en",))
    labels = {lang: reader.word(given[lang], (*path, lang)) for lang in LANGUAGES if lang in given}
    return Choice(key, labels, reader.words(given.get("aliases", []), (*path, "aliases")))


def _by_language(reader: Reader, value: Any, path: Path) -> dict[str, str]:
    given = reader.table(value, path, LANGUAGES)
    return {lang: reader.word(words, (*path, lang)) for lang, words in given.items()}


def _bound(reader: Reader, given: Mapping[str, Any], key: str, path: Path) -> int | None:
    return reader.whole(given[key], (*path, key)) if key in given else None


def _check_identity(reader: Reader, tab: InputTab, path: Path) -> None:
    known = [column.key for column in tab.columns]
    for place, key in enumerate(tab.identity):
        reader.word(key, (*path, "identity", place), known)
    if not tab.identity:
        reader.fault((*path, "identity"), "at least one column must identify a row")


def _check_headers(reader: Reader, tab: InputTab, path: Path) -> None:
    owner: dict[str, str] = {}
    for column in tab.columns:
        for header in column.headers():
            other = owner.setdefault(normalised(header), column.key)
            if other != column.key:
                reader.fault((*path, "columns", column.key), f"the header {header!r} also names the column {other!r}")
