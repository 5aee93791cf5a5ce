"""Decoding what other systems send."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from pmosync.jsontext import decoded


class Title(Struct):
    """A shape."""

    title: str


@pytest.mark.parametrize("half", ["\\ud83d", "\\ude80"])
def test_half_a_surrogate_pair_becomes_a_question_mark(half: str) -> None:
    """Wherever it stands; whole pairs and everything else stay as they came."""
    body = f'{{"title": "a{half}b \\ud83d\\ude80 登录", "more": "{half}"}}'.encode()
    assert decoded(body, Title) == Title("a?b 🚀 登录")
    assert decoded(body, object) == {"title": "a?b 🚀 登录", "more": "?"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"title": 1}',
        b"[]",
        b'{"title": "\\ud83d"',
        b'{"title": "\xff"}',
        b'{"title": "\\ud83d", "more": NaN}',
        b'{"title": "", "more": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    ],
)
def test_what_is_no_answer_is_a_value_error(body: bytes) -> None:
    """No JSON, another shape, another encoding, nested too deeply: one kind of error."""
    with pytest.raises(ValueError):  # noqa: PT011
        decoded(body, Title)


@given(st.recursive(st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(), st.lists))
def test_any_json_is_read_as_it_is(value: Any) -> None:
    """Escaped or not."""
    assert decoded(json.dumps(value).encode(), object) == value
    assert decoded(json.dumps(value, ensure_ascii=False).encode(), object) == value
