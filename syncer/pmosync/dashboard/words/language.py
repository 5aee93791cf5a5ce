"""Two languages side by side, so that neither can lack a word the other has."""

from __future__ import annotations

ENGLISH = "en"
CHINESE = "zh-CN"
LANGUAGES = (ENGLISH, CHINESE)

Pair = tuple[str, str]


def pick(pair: Pair, language: str) -> str:
    """The half of a pair in ``language``; anything but Chinese reads English."""
    return pair[1] if language == CHINESE else pair[0]


def other(pair: Pair, language: str) -> str:
    """The half of a pair in the other language: an alias under which a column may also be found."""
    return pair[0] if language == CHINESE else pair[1]
