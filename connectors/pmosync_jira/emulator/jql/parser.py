"""Tokens to clauses; NOT is pushed down to the operators, as Jira does it."""

from __future__ import annotations

from msgspec import Struct

from .lexer import JqlError, Token, place, tokens

MOST_SORTS = 7
DEEPEST = 100
_OPPOSITE = {
    "=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">", "~": "!~", "!~": "~",
    "IN": "NOT IN", "NOT IN": "IN", "IS": "IS NOT", "IS NOT": "IS",
}  # fmt: skip
_OPERATORS = "'=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'"


class Operand(Struct, frozen=True):
    """A value: ``kind`` is text (quoted), word, empty or call; ``args`` are a call's arguments."""

    kind: str
    text: str
    args: tuple[str, ...] = ()


class Clause(Struct, frozen=True):
    """``field operator operands``; lists have several operands."""

    field: str
    operator: str
    operands: tuple[Operand, ...]


class Every(Struct, frozen=True):
    """AND."""

    parts: tuple[Node, ...]


class Some(Struct, frozen=True):
    """OR."""

    parts: tuple[Node, ...]


Node = Clause | Every | Some


class Sort(Struct, frozen=True):
    """One field of ORDER BY."""

    field: str
    descending: bool = False


class Query(Struct, frozen=True):
    """A whole query; ``where`` None is unbounded."""

    where: Node | None
    sorts: tuple[Sort, ...] = ()


def parse(text: str) -> Query:
    """Read a query. Raises JqlError in Jira's words."""
    reader = _Reader(text)
    where = None if reader.now.kind == "end" or reader.now.says("ORDER") else _either(reader, 0)
    sorts = _sorts(reader) if reader.now.says("ORDER") else ()
    if reader.now.kind != "end":
        raise reader.wrong("Expecting either 'OR' or 'AND' but got")
    return Query(where, sorts)


def opposite(node: Node) -> Node:
    """NOT, pushed down to the operators (so that NOT too leaves out empty fields)."""
    if isinstance(node, Clause):
        return Clause(node.field, _OPPOSITE[node.operator], node.operands)
    parts = tuple(opposite(part) for part in node.parts)
    return Some(parts) if isinstance(node, Every) else Every(parts)


class _Reader:
    """A place in the list of tokens."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = tokens(text)
        self._next = 0

    @property
    def now(self) -> Token:
        return self._tokens[self._next]

    def take(self) -> Token:
        token = self.now
        if token.kind != "end":
            self._next += 1
        return token

    def took(self, *words: str) -> bool:
        if self.now.says(*words) or (self.now.kind in ("mark", "operator") and self.now.text in words):
            self.take()
            return True
        return False

    def wrong(self, expecting: str, after: str = "") -> JqlError:
        got = "the end of the query" if self.now.kind == "end" else f"'{self.now.text}'"
        return JqlError(f"Error in the JQL Query: {expecting} {got}.{after} {place(self.text, self.now.at)}")


def _either(reader: _Reader, depth: int) -> Node:
    parts = [_both(reader, depth)]
    while reader.took("OR", "||", "|"):
        parts.append(_both(reader, depth))
    return parts[0] if len(parts) == 1 else Some(tuple(parts))


def _both(reader: _Reader, depth: int) -> Node:
    parts = [_single(reader, depth)]
    while reader.took("AND", "&&", "&"):
        parts.append(_single(reader, depth))
    return parts[0] if len(parts) == 1 else Every(tuple(parts))


def _single(reader: _Reader, depth: int) -> Node:
    if depth > DEEPEST:
        raise JqlError("Error in the JQL Query: The JQL query is too deeply nested.")
    if reader.took("NOT", "!"):
        return opposite(_single(reader, depth + 1))
    if reader.took("("):
        node = _either(reader, depth + 1)
        if not reader.took(")"):
            raise reader.wrong("Expecting ')' before")
        return node
    return _clause(reader)


def _clause(reader: _Reader) -> Clause:
    if reader.now.kind not in ("word", "text"):
        raise reader.wrong("Expecting a field name but got")
    field = reader.take().text
    operator = _operator(reader)
    if operator in ("IN", "NOT IN"):
        return Clause(field, operator, _list(reader))
    value = _operand(reader)
    if operator in ("IS", "IS NOT") and value.kind != "empty":
        raise JqlError(f"The operator '{operator.lower()}' is only valid with 'EMPTY' for field '{field}'.")
    return Clause(field, operator, (value,))


def _operator(reader: _Reader) -> str:
    if reader.now.kind == "operator" and reader.now.text in _OPPOSITE:
        return reader.take().text
    if reader.took("IN"):
        return "IN"
    if reader.took("IS"):
        return "IS NOT" if reader.took("NOT") else "IS"
    if reader.now.says("NOT"):
        reader.take()
        if reader.took("IN"):
            return "NOT IN"
    raise reader.wrong("Expecting operator but got", f" The valid operators are {_OPERATORS}.")


def _list(reader: _Reader) -> tuple[Operand, ...]:
    if not reader.took("("):
        return (_call(reader),)
    found = [_operand(reader)]
    while reader.took(","):
        found.append(_operand(reader))
    if not reader.took(")"):
        raise reader.wrong("Expecting ')' before")
    return tuple(found)


def _call(reader: _Reader) -> Operand:
    value = _operand(reader)
    if value.kind != "call":
        raise JqlError(
            f"Error in the JQL Query: Expecting either a list or function but got '{value.text}'. "
            "You must surround a list with '(' and ')'."
        )
    return value


def _operand(reader: _Reader) -> Operand:
    if reader.now.kind == "text":
        return Operand("text", reader.take().text)
    if reader.now.kind != "word":
        raise reader.wrong("Expecting either a value, list or function but got")
    word = reader.take().text
    if reader.took("("):
        return Operand("call", word, _arguments(reader))
    return Operand("empty", word) if word.upper() in ("EMPTY", "NULL") else Operand("word", word)


def _arguments(reader: _Reader) -> tuple[str, ...]:
    found: list[str] = []
    while not reader.took(")"):
        if reader.now.kind not in ("word", "text"):
            raise reader.wrong("Expecting ')' before")
        found.append(reader.take().text)
        reader.took(",")
    return tuple(found)


def _sorts(reader: _Reader) -> tuple[Sort, ...]:
    reader.take()
    if not reader.took("BY"):
        raise reader.wrong("Expecting 'BY' but got")
    found = [_sort(reader)]
    while reader.took(","):
        found.append(_sort(reader))
    if len(found) > MOST_SORTS:
        raise JqlError(f"The maximum number of fields in the ORDER BY clause is {MOST_SORTS}.")
    return tuple(found)


def _sort(reader: _Reader) -> Sort:
    if reader.now.kind not in ("word", "text"):
        raise reader.wrong("Expecting a field name but got")
    field = reader.take().text
    if reader.took("DESC"):
        return Sort(field, descending=True)
    reader.took("ASC")
    return Sort(field)
