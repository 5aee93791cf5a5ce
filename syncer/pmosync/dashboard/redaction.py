"""Names that must not be read, covered wherever a text mentions them: as a word of its own, in any case, also between
Chinese characters, which know no spaces.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable

from pmosync.dashboard.words import spoken

SHORTEST, SHORTEST_WIDE = 4, 2
"""Shorter words (in Latin, in other letters) say nothing by themselves and stand everywhere; a code has a digit."""

_BEGIN = re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_]+|[^\sA-Za-z0-9_]")


class Redaction:
    """Puts ``mark`` in the place of every mention of ``names`` that ``tells`` something. A text is looked through once, however
    many names there are.
    """

    def __init__(self, names: Iterable[str], mark: str, tells: Callable[[str], bool] | None = None) -> None:
        self.mark = mark
        self._names: defaultdict[str, set[str]] = defaultdict(set)
        for name in names:
            if first := _BEGIN.match(name.strip()) if (tells or telling)(name) else None:
                self._names[first[0].lower()].add(name.strip().lower())
        self._lengths = {first: sorted({*map(len, found)}, reverse=True) for first, found in self._names.items()}

    def __call__(self, text: str) -> str:
        """The text without the names."""
        if self._lengths.keys().isdisjoint([word.lower() for word in _BEGIN.findall(text)]):
            return text
        kept, end = [], 0
        for found in _BEGIN.finditer(text):
            size = self._named(text, found) if found.start() >= end else 0
            if size:
                kept += [text[end : found.start()], self.mark]
                end = found.start() + size
        return "".join((*kept, text[end:])) if kept else text

    def _named(self, text: str, found: re.Match[str]) -> int:
        """Length of the longest name that begins here and ends with its word; 0 if none does."""
        start, first = found.start(), found[0].lower()
        for size in self._lengths.get(first, ()):
            if text[start : start + size].lower() in self._names[first] and not _goes_on(text, start + size):
                return size
        return 0


def telling(name: str) -> bool:
    """Whether a mention of the name tells anything: not a word that is too short, nor one that the workbook itself uses."""
    name = name.strip()
    least = SHORTEST if name.isascii() else SHORTEST_WIDE
    coded = len(name) > 1 and not name.isdecimal() and any(sign.isdecimal() for sign in name)
    return (coded or len(name) >= least) and not name.isdecimal() and name.casefold() not in spoken()


def naming(name: str) -> bool:
    """Whether a person's name can be told from other words, however short: one letter, a number or a word of the workbook
    cannot.
    """
    name = name.strip()
    return len(name) > 1 and not name.isdecimal() and name.casefold() not in spoken()


def _goes_on(text: str, end: int) -> bool:
    """Whether the word does not end here: PAY-M99 does not stand in PAY-M991."""
    return end < len(text) and _word(text[end - 1]) and (_word(text[end]) or _hyphenated(text, end))


def _hyphenated(text: str, end: int) -> bool:
    return text[end] == "-" and end + 1 < len(text) and _word(text[end + 1])


def _word(sign: str) -> bool:
    return sign == "_" or (sign.isascii() and sign.isalnum())
