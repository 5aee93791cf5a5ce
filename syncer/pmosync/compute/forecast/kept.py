"""A champion as text that a store can keep: read again, it says the same to the last digit."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
import numpy as np
from msgspec import Struct

from pmosync.compute.forecast.tournament import Champion, Shortfall

FORMAT = 1
"""To be raised whenever what a champion learns from, or holds, becomes another: one of another format says nothing."""


class Kept(Struct, frozen=True):
    """A champion as it stands in a store, not yet read, and the format in which it was written; or the ``shortfall``."""

    format: int = 0
    champion: msgspec.Raw = msgspec.Raw(b"null")
    shortfall: Shortfall | None = None


def text_of(found: Champion | Shortfall) -> str:
    """The champion as JSON, with its format; where none is calibrated ``null`` for it, and why."""
    if isinstance(found, Shortfall):
        return msgspec.json.encode(Kept(FORMAT, shortfall=found)).decode()
    told = msgspec.Raw(msgspec.json.encode(found, enc_hook=_listed))
    return msgspec.json.encode(Kept(FORMAT, told)).decode()


def shortfall_of(text: str) -> Shortfall | None:
    """Why no champion was kept; None where one is, or where an earlier version of the program did not say."""
    return msgspec.json.decode(text, type=Kept).shortfall


def champion_of(text: str) -> Champion | None:
    """The champion that was kept so; None where none is, and where another version of the program kept it otherwise: the
    next learning puts one of its own in force.
    """
    kept = msgspec.json.decode(text, type=Kept)
    if kept.format != FORMAT:
        return None
    return msgspec.json.decode(kept.champion, type=Champion | None, dec_hook=_array)


def _listed(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    raise TypeError(f"no champion holds a {type(value).__name__}")


def _array(kind: Any, value: Any) -> Any:
    """An array of the kind's own type of number: ``NDArray[float64]`` is ``ndarray[shape, dtype[float64]]``."""
    (number,) = get_args(get_args(kind)[1])
    return np.array(value, dtype=number)
