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


def read(path: Path) -> tuple[Line, ...]:
    """The lines of a map. ConfigError for a file that cannot be read, with every line that is none."""
    text = _text(path)
    lines = _of_yaml(text, path.name) if path.suffix.lower() in YAML else _of_csv(text, path.name)
    found = list(lines)
    problems = tuple(each for each in found if isinstance(each, str))
    if problems or not found:
        raise ConfigError(
            f"{path}: {len(problems)} lines are no pair of old and new" if problems else f"{path}: no line in it",
            remedy="write old,new on each line (CSV), or `old: new` (YAML)",
            problems=problems,
        )
    return tuple(each for each in found if isinstance(each, Line))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not UTF-8 text", remedy="save it as CSV in UTF-8") from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read ({error.strerror})", remedy="name a file that is there") from None


def _of_csv(text: str, name: str) -> Iterator[Line | str]:
    """Empty lines, and a header, say nothing."""
    reader = csv.reader(text.splitlines())
    for cells in reader:
        told = [cell.strip() for cell in cells]
        place = f"{name}:{reader.line_num}"
        if any(told) and [cell.casefold() for cell in told] != COLUMNS:
            yield Line(place, told[0], told[1]) if len(told) == 2 else f"{place}: {len(told)} columns, not 2"


def _of_yaml(text: str, name: str) -> Iterator[Line | str]:
    """A mapping of old to new, or a list of ``{old: …, new: …}``."""
    document = yamlfile.parse(text, name)
    yield from document.problems
    if isinstance(document.data, list):
        for number, entry in enumerate(document.data):
            yield _entry(_place(document, number), entry)
    else:
        for old, new in document.data.items() if isinstance(document.data, Mapping) else ():
            yield _line(_place(document, old), old, new)


def _place(document: yamlfile.Document, key: str | int) -> str:
    """``file:line`` of an entry."""
    return document.place((key,)).partition(" (")[0]


def _entry(place: str, entry: Any) -> Line | str:
    if isinstance(entry, Mapping) and sorted(entry) == sorted(COLUMNS):
        return _line(place, entry["old"], entry["new"])
    return f"{place}: neither old nor new"


def _line(place: str, old: Any, new: Any) -> Line | str:
    if isinstance(old, str | int) and isinstance(new, str | int):
        return Line(place, str(old), str(new))
    return f"{place}: no id"
