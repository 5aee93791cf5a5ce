"""HTML that cannot be broken by what stands in it: text is escaped unless it was made by ``element``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

EMPTY = frozenset({"meta", "input", "line", "path", "rect", "circle"})
"""Elements without content, in HTML or, closed by themselves, in a drawing."""

_UNFIT = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def element(tag: str, /, *content: str, **attributes: str | bool) -> Markup:
    """An element with its content and attributes. ``True`` is an attribute without a value, ``False`` and "" none at all; a
    name may end in ``_`` where Python knows the word, and its other underscores are hyphens.
    """
    told = "".join(_attribute(key, value) for key, value in attributes.items())
    if tag in EMPTY:
        return Markup(f"<{tag}{told}>" if tag in ("meta", "input") else f"<{tag}{told}/>")  # noqa: S704 - escaped above
    return Markup(f"<{tag}{told}>{joined(content)}</{tag}>")  # noqa: S704 - both parts are escaped


def joined(parts: Iterable[str]) -> Markup:
    """Parts behind each other, those that are text escaped."""
    return Markup("".join(map(safe, parts)))  # noqa: S704 - each part is escaped


def safe(part: str) -> Markup:
    """The text as HTML; what ``element`` made stays. Signs that no document may hold become "�"."""
    return part if isinstance(part, Markup) else escape(_UNFIT.sub("\ufffd", part))


def _attribute(key: str, value: str | bool) -> str:
    if value is False or value == "":
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{safe(value)}"'
