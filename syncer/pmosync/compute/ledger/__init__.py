"""The slip ledger: every move of a date, once, with its causes; and where each milestone stood on every report day.

What it holds is kept by the store as it was worked out: a later sync adds rows and changes none.
"""

from pmosync.compute.ledger.causes import CAUSES, SHOWN, UNEXPLAINED, telescoped
from pmosync.compute.ledger.covered import covered
from pmosync.compute.ledger.entries import Ledger, written
from pmosync.compute.ledger.periods import period_of
from pmosync.compute.ledger.scope import ScopeBook, scope_book

__all__ = [
    "CAUSES",
    "SHOWN",
    "UNEXPLAINED",
    "Ledger",
    "ScopeBook",
    "covered",
    "period_of",
    "scope_book",
    "telescoped",
    "written",
]
