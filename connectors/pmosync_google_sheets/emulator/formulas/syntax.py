"""Splits a formula into tokens and builds its tree."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct

from pmosync_google_sheets.emulator.ranges import Area, corners, unquoted

_SHEET = r"(?:'(?:[^']|'')*'|[^\W\d][\w.]*)!"
_CORNER = r"\$?[A-Za-z]{1,3}\$?[0-9]+"
_BLOCK = rf"{_CORNER}(?::\$?[A-Za-z]{{1,3}}\$?[0-9]*|:\$?[0-9]+)?"
_BANDS = r"\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}(?:\$?[0-9]+)?|\$?[0-9]+:\$?[0-9]+"
_CELLS = rf"(?:{_BLOCK}|{_BANDS})"
_TOKEN = re.compile(
    rf"""(?P<space>\s+)
    |(?P<text>"(?:[^"]|"")*")
    |(?P<reference>(?:{_SHEET})?{_CELLS}(?![\w(.])|{_SHEET}\#REF!)
    |(?P<fault>\#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|ERROR!|NULL!))
    |(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
    |(?P<name>[^\W\d][\w.]*)
    |(?P<operator><=|>=|<>|[-+*/^&=<>%(){{}},;:])""",
    re.VERBOSE,
)


class Token(NamedTuple):
    """A piece of a formula: its kind (the group's name) and its text."""

    kind: str
    text: str


class Literal(Struct, frozen=True):
    """A number, text, truth value, fault code, or None for an argument left out."""

    value: bool | float | str | None
    fault: str = ""


class Reference(Struct, frozen=True):
    """Cells: ``title`` is the tab's ("" = the formula's own); ``area`` has sheet 0; None stands for #REF!."""

    title: str
    area: Area | None


class Name(Struct, frozen=True):
    """A named range, or an unknown word."""

    name: str


class Call(Struct, frozen=True):
    """A function's name in capitals, and its arguments."""

    name: str
    arguments: tuple[Node, ...]


class Unary(Struct, frozen=True):
    """``-x``, ``+x`` or ``x%``."""

    operator: str
    operand: Node


class Binary(Struct, frozen=True):
    """Two operands."""

    operator: str
    left: Node
    right: Node


class Block(Struct, frozen=True):
    """``{a, b; c, d}``: rows of elements."""

    rows: tuple[tuple[Node, ...], ...]


Node = Literal | Reference | Name | Call | Unary | Binary | Block


class SyntaxFault(Exception):  # noqa: N818  it ends as a value in a cell
    """The text is no formula; the cell shows #ERROR!."""


@lru_cache(maxsize=65_536)
def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a formula without its ``=``, spaces included, so that joining them gives the text back."""
    found, place = [], 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if not match or not match.lastgroup:
            raise SyntaxFault(text[place:])
        found.append(Token(match.lastgroup, match.group()))
        place = match.end()
    return tuple(found)


def split_reference(text: str) -> tuple[str, str]:
    """The title part of a reference (with quotes and ``!``) and its cells."""
    mark = text.rfind("!", 0, len(text) - 1 if text.endswith("#REF!") else None)
    return (text[: mark + 1], text[mark + 1 :]) if mark >= 0 else ("", text)


@lru_cache(maxsize=65_536)
def reference(text: str) -> Reference:
    """A reference's tab and area."""
    prefix, cells = split_reference(text)
    return Reference(unquoted(prefix[:-1]), corners(cells, 0))


@lru_cache(maxsize=65_536)
def parse(text: str) -> Node:
    """The tree of ``=…``. Raises SyntaxFault."""
    parser = _Parser([token for token in tokens(text[1:]) if token.kind != "space"])
    node = parser.expression(0)
    if parser.token is not _END:
        raise SyntaxFault(parser.token.text)
    return node


_POWERS = {"=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}
_END = Token("end", "")
_FAULTS = {
    "#REF!": "REF",
    "#N/A": "N_A",
    "#VALUE!": "VALUE",
    "#NAME?": "NAME",
    "#DIV/0!": "DIVIDE_BY_ZERO",
    "#NUM!": "NUM",
    "#ERROR!": "ERROR",
    "#NULL!": "NULL_VALUE",
}


class _Parser:
    """Precedence climbing over a list of tokens; ``token`` is the next one."""

    def __init__(self, rest: list[Token]) -> None:
        self._rest = iter(rest)
        self.token = next(self._rest, _END)

    def take(self, expected: str = "") -> Token:
        token = self.token
        if (expected and token.text != expected) or token is _END:
            raise SyntaxFault(token.text)
        self.token = next(self._rest, _END)
        return token

    def at(self, *marks: str) -> bool:
        """Whether an operator out of ``marks`` comes next."""
        return self.token.kind == "operator" and self.token.text in marks

    def expression(self, least: int) -> Node:
        left = self.unary()
        while self.token.kind == "operator" and (power := _POWERS.get(self.token.text, 0)) > least:
            operator = self.take().text
            left = Binary(operator, left, self.expression(power))
        return left

    def unary(self) -> Node:
        if self.at("+", "-"):
            return Unary(self.take().text, self.unary())
        node = self.atom()
        while self.at("%"):
            self.take()
            node = Unary("%", node)
        return node

    def atom(self) -> Node:
        token = self.take()
        match token.kind:
            case "reference":
                return reference(token.text)
            case "text":
                return Literal(token.text[1:-1].replace('""', '"'))
            case "number":
                return Literal(float(token.text))
            case "name":
                return self.named(token.text)
            case "fault":
                return Literal(None, _FAULTS[token.text])
        if token.text == "(":
            node = self.expression(0)
            self.take(")")
            return node
        if token.text == "{":
            return self.block()
        raise SyntaxFault(token.text)

    def named(self, name: str) -> Node:
        if self.at("("):
            return Call(name.upper(), self.arguments())
        if name.upper() in ("TRUE", "FALSE"):
            return Literal(name.upper() == "TRUE")
        return Name(name)

    def arguments(self) -> tuple[Node, ...]:
        self.take("(")
        found: list[Node] = []
        while found or not self.at(")"):
            found.append(Literal(None) if self.at(",", ";", ")") else self.expression(0))
            if not self.at(",", ";"):
                break
            self.take()
        self.take(")")
        return tuple(found)

    def block(self) -> Node:
        rows: list[list[Node]] = [[]]
        while True:
            rows[-1].append(self.expression(0))
            mark = self.take().text
            if mark == "}":
                return Block(tuple(tuple(row) for row in rows))
            if mark not in (",", ";"):
                raise SyntaxFault(mark)
            if mark == ";":
                rows.append([])
