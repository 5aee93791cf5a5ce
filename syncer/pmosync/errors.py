"""One tree of errors, sorted by what the reader has to do next.

Every error carries a sentence that names the place (file and line, key, tab and cell, host) and a remedy. Neither
ever holds a secret or the text of a library's exception. ``cli`` alone prints them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from msgspec import Struct


class PmosyncError(Exception):
    """Something a person outside the program can mend. ``exit_code`` is what the command line returns."""

    exit_code: ClassVar[int] = 3

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} → {self.remedy}" if self.remedy else self.message


class ConfigError(PmosyncError):
    """A file must be edited. ``problems`` lists every fault found, so that one run shows them all."""

    exit_code = 2

    def __init__(self, message: str, *, remedy: str = "", problems: tuple[str, ...] = ()) -> None:
        super().__init__(message, remedy=remedy)
        self.problems = problems


class AuthError(PmosyncError):
    """A credential must be renewed or given a right; retrying cannot help."""

    exit_code = 2


class TransientError(PmosyncError):
    """The other side failed for now. ``retry_after`` is the least wait it asked for, in seconds."""

    exit_code = 1

    def __init__(self, message: str, *, remedy: str = "", retry_after: float | None = None) -> None:
        super().__init__(message, remedy=remedy)
        self.retry_after = retry_after


class HeldError(PmosyncError):
    """A scope was held back because going on could publish something false; somebody looks, then ``accept``s."""

    exit_code = 1


class Unread(Struct, frozen=True):
    """A table that was to be read and could not: ``place`` is what people call it, ``message`` says in English why, ``remedy``
    what mends it. ``why`` is a stable word for the cause (absent, empty, none, header), ``values`` what both speak of, so that
    they can be said in another language.
    """

    place: str
    why: str
    message: str
    remedy: str
    values: tuple[tuple[str, str | int], ...] = ()


UNCOUNTED = "what is deleted beside it counts only once it can be read again"
"""What holds while a table cannot be read: of one list that is not whole nothing is missing."""


class UnreadError(HeldError):
    """Tables of a unit could not be read. What its pull brought before counts; that nothing else is there was not seen."""

    def __init__(self, tables: Sequence[Unread]) -> None:
        said = "; ".join(f"{each.place}: {each.message}" for each in tables)
        super().__init__(f"{said}; {UNCOUNTED}", remedy="; ".join(dict.fromkeys(each.remedy for each in tables)))
        self.tables = tuple(tables)


class UncountedError(PmosyncError):
    """A place answers but lists nothing of what it holds (an archived project): its silence says nothing of its items,
    and nothing is wrong. Only ``Source.census`` raises it.
    """

    exit_code = 0


class StoreError(PmosyncError):
    """The store on disk cannot be read or written."""

    exit_code = 4


class TargetError(PmosyncError):
    """The workbook cannot be read or written."""

    exit_code = 4
