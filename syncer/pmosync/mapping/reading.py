"""Reading a mapping document: the file, a site's overrides over it, and every fault with its place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from importlib import resources
from typing import Any

import pmosync_mappings
from pmosync.errors import ConfigError
from pmosync.yamlfile import Document, Path, dotted, parse

MAX_CHARACTERS = 512 * 1024


class Reader:
    """A document with overrides merged in; collects faults as ``place: sentence``, and which value tables rules name."""

    def __init__(self, document: Document, overrides: Mapping[str, Any], site: str) -> None:
        self.document = document
        self.site = site
        self.problems = list(document.problems)
        self.tables_read: set[str] = set()
        self._own: set[Path] = set()
        base = document.data
        if not isinstance(base, Mapping):
            self.problems.append(f"{document.name}:1: expected keys with values, found {kind_of(base)}")
            base = {}
        self.data: dict[str, Any] = self._merged(base, overrides, ())

    def _merged(self, base: Any, over: Any, path: Path) -> Any:
        if not (isinstance(base, Mapping) and isinstance(over, Mapping)):
            return over
        merged = dict(base)
        for key, value in over.items():
            self._own.add((*path, key))
            merged[key] = self._merged(base[key], value, (*path, key)) if key in base else value
        return {key: value for key, value in merged.items() if value is not None or (*path, key) not in self._own}

    def place(self, path: Path) -> str:
        """Where ``path`` was written: the site's settings if they gave it, else the mapping file's line."""
        given = next((path[:n] for n in range(len(path), 0, -1) if path[:n] in self.document.lines), ())
        own = next((path[:n] for n in range(len(path), 0, -1) if path[:n] in self._own), ())
        if own and len(own) >= len(given):
            return f"{self.site}, {dotted(path)}"
        return self.document.place(path)

    def fault(self, path: Path, sentence: str) -> None:
        """Note a fault; reading goes on."""
        self.problems.append(f"{self.place(path)}: {sentence}")

    def table(
        self, value: Any, path: Path, known: Collection[str] = (), required: Collection[str] = ()
    ) -> dict[str, Any]:
        """``value`` as a mapping, with unknown and missing keys told; empty if it is something else."""
        if value is None:
            value = {}
        if not isinstance(value, Mapping):
            self.fault(path, f"expected keys with values, found {kind_of(value)}")
            return {}
        for key in value:
            if known and key not in known:
                self.fault((*path, key), f"unknown key {key!r}; {suggestion(str(key), known)}")
        for key in required:
            if key not in value:
                self.fault(path, f"the key {key!r} is missing")
        return {str(key): child for key, child in value.items()}

    def word(self, value: Any, path: Path, known: Collection[str] = ()) -> str:
        """``value`` as text, one of ``known`` where given."""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self.fault(path, f"expected a word, found {kind_of(value)}")
            return ""
        word = str(value)
        if known and word not in known:
            self.fault(path, f"{word!r} is not known here; {suggestion(word, known)}")
            return ""
        return word

    def words(self, value: Any, path: Path) -> tuple[str, ...]:
        """``value`` as a tuple of words; one word alone is a list of one."""
        if isinstance(value, list | tuple):
            return tuple(self.word(child, (*path, place)) for place, child in enumerate(value))
        return (self.word(value, path),)

    def whole(self, value: Any, path: Path) -> int:
        """``value`` as a whole number."""
        if isinstance(value, bool) or not isinstance(value, int):
            self.fault(path, f"expected a whole number, found {kind_of(value)}")
            return 0
        return value

    def check(self) -> None:
        """Raise ConfigError with all faults, if there are any."""
        if self.problems:
            count = len(self.problems)
            raise ConfigError(
                f"the mapping {self.document.name} has {count} problem{'s' if count > 1 else ''}: {self.problems[0]}",
                remedy="mend the mapping file, or the connection's `mapping:` in the settings",
                problems=tuple(self.problems),
            )


def open_document(text_or_name: str, overrides: Mapping[str, Any], site: str) -> Reader:
    """A reader over a mapping given as text (it has a line break) or by the name of a shipped file (``jira``)."""
    if "\n" not in text_or_name:
        return Reader(parse(shipped(text_or_name), f"{text_or_name}.yaml"), overrides, site)
    if len(text_or_name) > MAX_CHARACTERS:
        raise ConfigError("the mapping is larger than 512 KB", remedy="keep a mapping to tables and paths")
    return Reader(parse(text_or_name, "mapping"), overrides, site)


def shipped(name: str) -> str:
    """The text of a mapping file that comes with pmosync. ConfigError if there is none of that name."""
    folder = resources.files(pmosync_mappings)
    names = sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    if name not in names:
        raise ConfigError(f"there is no mapping named {name!r}", remedy=suggestion(name, names))
    return (folder / f"{name}.yaml").read_text("utf-8")


def suggestion(word: str, known: Collection[str]) -> str:
    """The nearest known word, or all of them."""
    words = sorted(str(choice) for choice in known)
    close = get_close_matches(word, words, 1)
    return f"did you mean {close[0]!r}?" if close else f"known: {', '.join(words)}"


def kind_of(value: Any) -> str:
    """What ``value`` is, for people."""
    match value:
        case None:
            return "nothing"
        case bool():
            return f"{str(value).lower()} (put it in quotes if a word is meant)"
        case Mapping():
            return "keys with values"
        case list() | tuple():
            return "a list"
        case _:
            return repr(value)
