"""The file that says which old thing goes on as which new one: two columns of CSV, or YAML."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pmosync import yamlfile
from pmosync.compute.rebind import Line
from pmosync.errors import ConfigError

COLUMNS = ["old", "new"]
YAML = (".yaml", ".yml")
SEPARATORS = (",", ";", "\t")
"""What may stand between the columns; in many countries a spreadsheet saves CSV with semicolons."""
REMEDY = "write old,new on each line (CSV), or `old: new` (YAML)"


def read(path: Path) -> tuple[Line, ...]:
    """The lines of a map, with their faults: what they name is looked at with them, so that one round tells everything.
    ConfigError for a file that cannot be read, or says nothing.
    """
    text = _text(path)
    lines = tuple(_of_yaml(text, path.name) if path.suffix.lower() in YAML else _of_csv(text, path.name))
    if not lines:
        raise ConfigError(f"{path}: no line in it", remedy=REMEDY)
    return lines


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not UTF-8 text", remedy="save it as CSV in UTF-8") from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read ({error.strerror})", remedy="name a file that is there") from None


def _of_csv(text: str, name: str) -> Iterator[Line]:
    """Empty lines, and a header, say nothing."""
    reader = csv.reader(text.splitlines(), delimiter=_separator(text))
    for cells in reader:
        told = [cell.strip() for cell in cells]
        if any(told) and [cell.casefold() for cell in told] != COLUMNS:
            yield _row(f"{name}:{reader.line_num}", told)


def _separator(text: str) -> str:
    """The one by which most lines fall into two; of several the comma."""
    lines = text.splitlines()
    return max(SEPARATORS, key=lambda each: sum(len(cells) == 2 for cells in csv.reader(lines, delimiter=each)))


def _row(place: str, told: list[str]) -> Line:
    if len(told) == 2:
        return Line(place, told[0], told[1])
    return Line(place, "", "", f"{len(told)} column{'s' if len(told) > 1 else ''}, not 2")


def _of_yaml(text: str, name: str) -> Iterator[Line]:
    """A mapping of old to new, or a list of ``{old: …, new: …}``. ConfigError for what is no YAML."""
    document = yamlfile.parse(text, name)
    if document.problems:
        raise ConfigError(f"{name} cannot be read as YAML", remedy=REMEDY, problems=document.problems)
    if isinstance(document.data, list):
        for number, entry in enumerate(document.data):
            yield _entry(_place(document, number), entry)
    else:
        for old, new in document.data.items() if isinstance(document.data, Mapping) else ():
            yield _line(_place(document, old), old, new)


def _place(document: yamlfile.Document, key: str | int) -> str:
    """``file:line`` of an entry."""
    return document.place((key,)).partition(" (")[0]


def _entry(place: str, entry: Any) -> Line:
    if isinstance(entry, Mapping) and sorted(entry) == sorted(COLUMNS):
        return _line(place, entry["old"], entry["new"])
    return Line(place, "", "", "neither old nor new")


def _line(place: str, old: Any, new: Any) -> Line:
    if isinstance(old, str | int) and isinstance(new, str | int):
        return Line(place, str(old), str(new))
    return Line(place, "", "", "no id")
