"""Every word that people read, in English and Chinese: labels, notes, reasons, states, letters, rules and sentences."""

from pmosync.dashboard.words.language import CHINESE, ENGLISH, LANGUAGES, Pair, other, pick
from pmosync.dashboard.words.sentences import (
    answered,
    between,
    checked,
    clip,
    day,
    filled,
    gate,
    instant,
    joined,
    letter,
    say,
    slip,
    term,
    text,
    why,
)

__all__ = [
    "CHINESE",
    "ENGLISH",
    "LANGUAGES",
    "Pair",
    "answered",
    "between",
    "checked",
    "clip",
    "day",
    "filled",
    "gate",
    "instant",
    "joined",
    "letter",
    "other",
    "pick",
    "say",
    "slip",
    "term",
    "text",
    "why",
]
