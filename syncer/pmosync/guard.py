"""The guard around plugins, and around learning, which no run needs: whatever they raise becomes a value that the engine can
look at.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from typing import TypeVar

from pmosync.errors import PmosyncError

T = TypeVar("T")


class PluginError(PmosyncError):
    """A connector broke: a bug of its own. ``trail`` is the call chain without local variables."""

    exit_code = 1

    def __init__(self, message: str, trail: str = "") -> None:
        super().__init__(message, remedy="update the connector, or report this to its author")
        self.trail = trail


def guarded(call: Callable[[], T]) -> T | PmosyncError:
    """The result of ``call``, or the error it ended with. Ctrl-C passes."""
    try:
        return call()
    except PmosyncError as error:
        return error
    except (Exception, SystemExit) as error:  # noqa: BLE001 a stranger's code may raise anything
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}"
        return PluginError(f"{type(error).__name__} at {place}", "".join(traceback.format_tb(error.__traceback__)))


def steps(begin: Callable[[], Iterator[T]]) -> Iterator[T | PmosyncError]:
    """The values of the iterator that a plugin makes; an error, raised already while it is made, is the last value."""
    end = object()
    iterator = guarded(begin)
    if isinstance(iterator, PmosyncError):
        yield iterator
        return
    while True:
        value = guarded(lambda: next(iterator, end))
        if value is end:
            return
        yield value  # type: ignore[misc]
        if isinstance(value, PmosyncError):
            return
