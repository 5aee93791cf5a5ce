"""How much work something is, told without a clock."""

from __future__ import annotations

import sys
from collections.abc import Callable


def calls(work: Callable[[], object]) -> int:
    """How many functions of Python are entered."""
    count, before = [0], sys.getprofile()

    def entered(_frame: object, event: str, _given: object) -> None:
        count[0] += event == "call"

    sys.setprofile(entered)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count[0]
