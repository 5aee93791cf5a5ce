"""JQL text to tokens."""

from __future__ import annotations

import re

from msgspec import Struct


class JqlError(Exception):
    """A query that Jira refuses; ``message`` is in its words."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Token(Struct, frozen=True):
    """``kind``: word, text (quoted), operator, mark, end; ``at`` is the offset in the query."""

    kind: str
    text: str
    at: int

    def says(self, *words: str) -> bool:
        """Whether this is one of the given unquoted words."""
        return self.kind == "word" and self.text.upper() in words


_SHAPE = re.compile(
    r"""(?P<space>\s+)
    |"(?P<double>(?:[^"\\]|\\.)*)"
    |'(?P<single>(?:[^'\\]|\\.)*)'
    |(?P<custom>cf\[\d+\])
    |(?P<operator>!=|<=|>=|!~|&&|\|\||[=<>~!&|])
    |(?P<mark>[(),])
    |(?P<word>[^\s"'=<>~!&|(),\[\]{}*/%^$\#@;?`\\]+(?:@[^\s"'=<>~!&|(),\[\]{}*/%^$\#@;?`\\]+)?)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def tokens(text: str) -> list[Token]:
    """Split a query; JqlError where no token can start."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _SHAPE.match(text, at)
        if match is None:
            raise _unreadable(text, at)
        if match.lastgroup != "space":
            found.append(_token(match))
        at = match.end()
    found.append(Token("end", "", len(text)))
    return found


def place(text: str, at: int) -> str:
    """Where in the query, as Jira says it."""
    before = text[:at]
    return f"(line {before.count(chr(10)) + 1}, character {at - (before.rfind(chr(10)) + 1) + 1})"


def _token(match: re.Match[str]) -> Token:
    kind = match.lastgroup or ""
    text = match.group(kind)
    if kind in ("double", "single"):
        return Token("text", _ESCAPE.sub(r"\1", text), match.start())
    return Token("word" if kind == "custom" else kind, text, match.start())


def _unreadable(text: str, at: int) -> JqlError:
    if text[at] in "\"'":
        return JqlError(
            f"Error in the JQL Query: The quoted string '{text[at + 1 :]}' has not been completed. {place(text, at)}"
        )
    return JqlError(
        f"Error in the JQL Query: The character '{text[at]}' is a reserved JQL character. You must enclose it in a string "
        f"or use the escape '\\u{ord(text[at]):04x}' instead. {place(text, at)}"
    )
