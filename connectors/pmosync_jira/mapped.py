"""Pages of issues decoded straight into what a plan keeps of them: what a mapping does not read inside of a value (pictures of
people, a status' own address) never becomes an object.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET, Struct

from pmosync.jsontext import decoded

from .fields import FieldPlan, Inside
from .wire import Issue

T = TypeVar("T")


class MappedIssue(Issue):
    """An issue of whose fields nothing is there that the plan reads in parts and does not read."""


class Pages:
    """Decodes the answers to questions that ask for what ``plan`` asks for; see ``__call__``."""

    def __init__(self, plan: FieldPlan) -> None:
        self.plan = plan
        self._issue: Any = _cut(MappedIssue, "fields", _fields(plan), msgspec.field(default_factory=dict))
        self._shapes: dict[type[Any], Any] = {Issue: self._issue}

    def __call__(self, content: bytes, shape: type[T]) -> T:
        """A page of issues, or one issue, in its shape. ValueError where it, or a part that the plan reads, has another."""
        found = decoded(content, self._shape(shape))
        for issue in [found] if isinstance(found, Issue) else found.issues:
            issue.fields = msgspec.to_builtins(issue.fields)
        answer: T = found
        return answer

    def _shape(self, shape: type[Any]) -> Any:
        if shape not in self._shapes:
            self._shapes[shape] = _cut(shape, "issues", list[self._issue])  # type: ignore[name-defined]
        return self._shapes[shape]


def _cut(shape: type[Any], name: str, kind: Any, default: Any = msgspec.NODEFAULT) -> Any:
    """The shape with one of its attributes of another kind."""
    return msgspec.defstruct(shape.__name__, [(name, kind, default)], bases=(shape,))


def _fields(plan: FieldPlan) -> type[Struct]:
    return _object(plan.asked, [plan.inside.get(field_id) for field_id in plan.asked])


def _object(names: Sequence[str], parts: Sequence[Inside | None]) -> type[Struct]:
    """An object with these keys, each with what is kept of its value. Its attributes are numbered: a key may be any word."""
    attributes: list[tuple[str, Any, Any]] = [
        (f"f{place}", _value(inside), msgspec.field(default=UNSET, name=name))
        for place, (name, inside) in enumerate(zip(names, parts, strict=True))
    ]
    return msgspec.defstruct("Object", attributes)


def _value(inside: Inside | None) -> Any:
    return Any if inside is None else _object(tuple(inside), tuple(inside.values())) | None
