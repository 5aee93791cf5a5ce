"""Text as it may enter the model: cleaned once, here."""

from __future__ import annotations

import re
import unicodedata

LIMIT = 45_000
CUT = " … [cut]"

_BREAKS = re.compile("\r\n?|[\u2028\u2029\x85]")
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)


def clean(text: str, limit: int = LIMIT) -> str:
    """``text`` without lone surrogates, control characters (tab and newline stay) and bidi controls, trimmed.

    Longer than ``limit`` UTF-16 units it is cut and marked; the mark is inside the limit.
    """
    if len(text) * 2 <= limit and text.isprintable():  # then none of what is unwanted is in it
        return text.strip()
    return cut(_UNWANTED.sub("", _BREAKS.sub("\n", text)).strip(), limit)


def cut(text: str, limit: int) -> str:
    """``text`` if it has at most ``limit`` UTF-16 units, else its beginning with a mark."""
    if len(text) * 2 <= limit or units(text) <= limit:
        return text
    kept = text.encode("utf-16-le", "replace")[: 2 * (limit - len(CUT))].decode("utf-16-le", "ignore")
    return kept + CUT


def units(text: str) -> int:
    """Length in UTF-16 units, as spreadsheets count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def fold(text: str) -> str:
    """``text`` reduced to what identifies a word: width, case and runs of spaces are folded."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
