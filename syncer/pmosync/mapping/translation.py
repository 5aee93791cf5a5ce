"""What a record became."""

from __future__ import annotations

from msgspec import Struct

from pmosync.model import Change, Fact, PlanRow, Problem


class Translation(Struct, frozen=True):
    """What one record became.

    ``facts`` are the things it tells (an input row: the row), ``changes`` what its system says was changed, ``problems``
    the findings. ``invalid`` names the fields of an input row whose cell could not be read: their last valid value stays
    in force; with ``code`` first among them nothing of the row counts and all of its last values stay. ``unresolved`` are
    keys of items whose id was not known yet: translate the record again when the context's ``ids`` has them.
    """

    facts: tuple[Fact | PlanRow, ...] = ()
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()
    invalid: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
