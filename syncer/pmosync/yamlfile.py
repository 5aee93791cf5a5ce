"""YAML as people write it, read strictly: no aliases, no duplicate keys, no tags, capped size; every value knows its
line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import yaml
from msgspec import Struct

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 40
ALIAS = "aliases (*name) are not read; write the value out"

# The parser in C, where PyYAML was built with it, takes a tenth of the time.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Path = tuple[str | int, ...]


class Document(Struct, frozen=True):
    """A parsed file: plain data, the 1-based line of every path in it, and what was wrong (``file:line:
    sentence``).
    """

    name: str
    data: Any
    lines: Mapping[Path, int]
    problems: tuple[str, ...] = ()

    def place(self, path: Path) -> str:
        """``file:line (key.path)`` of a path, or of its nearest parent that stands in the file."""
        found = next((self.lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in self.lines), 1)
        words = dotted(path)
        return f"{self.name}:{found} ({words})" if words else f"{self.name}:{found}"


def dotted(path: Path) -> str:
    """A path in words: ``projects[2].calendar``."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def parse(text: str, name: str) -> Document:
    """Read one document. Faults are listed in ``problems``, all of them that one reading can see; nothing is
    raised.
    """
    if len(text.encode()) > MAX_BYTES:
        return Document(name, {}, {}, (f"{name}: larger than {MAX_BYTES // 1024 // 1024} MB; split it with include",))
    try:
        line = _too_deep(text)
        if line:
            return Document(name, {}, {}, (f"{name}:{line}: nested too deep",))
        node = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return Document(name, {}, {}, (f"{name}:{line}: not valid YAML ({error.problem})",))
    except yaml.YAMLError:
        return Document(name, {}, {}, (f"{name}: not valid YAML (a character that YAML does not allow)",))
    reader = _Reader(name)
    data = reader.value(node, ()) if node is not None else {}
    return Document(name, data, reader.lines, tuple(reader.problems))


def _too_deep(text: str) -> int:
    """The line on which collections are nested deeper than MAX_DEPTH; 0 if none are. Counted over the events, since
    composing calls itself for every level, in C without an end.
    """
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                return event.start_mark.line + 1 if event.start_mark else 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return 0


class _Reader:
    """Turns composed nodes into plain data, keeping lines and collecting faults."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Path, int] = {}
        self.problems: list[str] = []
        self._seen: set[int] = set()
        self._scalars = yaml.constructor.SafeConstructor()

    def value(self, node: yaml.Node, path: Path) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if id(node) in self._seen:
            return self._fault(line, ALIAS)
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return dict(self._pairs(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*path, place)) for place, child in enumerate(node.value)]
        return self._scalar(node, line, path)

    def _pairs(self, node: yaml.MappingNode, path: Path) -> Iterator[tuple[str, Any]]:
        known: set[str] = set()
        for key_node, child in node.value:
            line = key_node.start_mark.line + 1
            key = str(key_node.value)
            if id(key_node) in self._seen:
                self._fault(line, ALIAS)
                continue
            self._seen.add(id(key_node))
            if key in known:
                self._fault(line, f"the key {key!r} stands twice; keep one")
                continue
            known.add(key)
            self.lines[(*path, key)] = line
            yield key, self.value(child, (*path, key))

    def _scalar(self, node: yaml.Node, line: int, path: Path) -> Any:
        if node.tag not in _PLAIN:
            return self._fault(line, f"the tag {node.tag} is not read; write plain text", path)
        try:
            value = self._scalars.construct_object(node)
        except (ValueError, yaml.YAMLError):
            return self._fault(line, _UNREAD.get(node.tag, "is no value that YAML knows; put it in quotes"), path)
        return value.isoformat() if isinstance(value, date | datetime) else value

    def _fault(self, line: int, sentence: str, path: Path = ()) -> None:
        where = f" ({dotted(path)})" if path else ""
        self.problems.append(f"{self.name}:{line}{where}: {sentence}")


_UNREAD = {"tag:yaml.org,2002:timestamp": "is no day of the calendar; write one such as 2026-12-05"}
_PLAIN = frozenset(f"tag:yaml.org,2002:{word}" for word in ("str", "int", "float", "bool", "null", "timestamp"))
