"""JSON as other systems write it, decoded at the border: what no store takes is mended, what is no answer is refused."""

from __future__ import annotations

import json
from typing import TypeVar

import msgspec

T = TypeVar("T")


def decoded(content: bytes, shape: type[T]) -> T:
    """``content`` in its shape. Half a surrogate pair, which some writers send, becomes a question mark.

    ValueError for what is no JSON, is nested too deeply, or has another shape.
    """
    try:
        return msgspec.json.decode(content, type=shape)
    except (ValueError, RecursionError):
        return _mended(content, shape)


def _mended(content: bytes, shape: type[T]) -> T:
    try:
        text = json.dumps(json.loads(content), ensure_ascii=False).encode("utf-8", "replace")
        return msgspec.json.decode(text, type=shape)
    except RecursionError:
        raise ValueError("nested too deeply") from None
