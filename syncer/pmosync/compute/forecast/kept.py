"""A champion as text that a store can keep: read again, it says the same to the last digit."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
import numpy as np

from pmosync.compute.forecast.tournament import Champion


def text_of(champion: Champion | None) -> str:
    """The champion as JSON; ``null`` where none is calibrated."""
    return msgspec.json.encode(champion, enc_hook=_listed).decode()


def champion_of(text: str) -> Champion | None:
    """The champion that was kept so; None for ``null``."""
    return msgspec.json.decode(text, type=Champion | None, dec_hook=_array)


def _listed(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    raise TypeError(f"no champion holds a {type(value).__name__}")


def _array(kind: Any, value: Any) -> Any:
    """An array of the kind's own type of number: ``NDArray[float64]`` is ``ndarray[shape, dtype[float64]]``."""
    (number,) = get_args(get_args(kind)[1])
    return np.array(value, dtype=number)
