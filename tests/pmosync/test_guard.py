"""What a connector raises becomes a value."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pmosync.errors import AuthError, PmosyncError
from pmosync.guard import PluginError, guarded, steps


def test_our_own_errors_pass_as_they_are() -> None:
    """An AuthError stays one: its remedy is for people."""
    error = AuthError("dead", remedy="renew it")

    def call() -> int:
        raise error

    assert guarded(call) is error


def test_anything_else_names_its_place_and_no_value() -> None:
    """A stranger's exception is told by type and place; its text may hold a secret."""

    def call() -> int:
        raise KeyError("-".join(("tok", "secret")))

    fault = guarded(call)
    assert isinstance(fault, PluginError)
    assert "KeyError at test_guard.py:" in fault.message
    assert "tok-secret" not in fault.message + fault.trail


def test_ctrl_c_passes() -> None:
    """A person's Ctrl-C is no fault of a plugin."""

    def call() -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        guarded(call)


def test_an_iterator_that_breaks_ends_with_the_error() -> None:
    """What came before the fault is kept."""

    def numbers() -> Iterator[int]:
        yield 1
        yield 2
        raise ValueError("x")

    found = list(steps(numbers))
    assert found[:2] == [1, 2]
    assert isinstance(found[2], PmosyncError)
    assert len(found) == 3


def test_an_iterator_that_cannot_be_made_is_its_own_error() -> None:
    """A plugin may raise before it gives an iterator at all."""

    def numbers() -> Iterator[int]:
        raise ValueError("x")

    (error,) = steps(numbers)
    assert isinstance(error, PluginError)
