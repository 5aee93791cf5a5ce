"""Mapping: records in a system's words become facts of the model, by files that anybody can read. Pure."""

from __future__ import annotations

from pmosync.mapping.context import Context
from pmosync.mapping.mapping import Mapping, load_mapping, translate
from pmosync.mapping.people import NOBODY, People
from pmosync.mapping.plan import duplicates
from pmosync.mapping.tabs import Choice, InputColumn, InputTab, input_tabs
from pmosync.mapping.translation import Translation

__all__ = [
    "NOBODY",
    "Choice",
    "Context",
    "InputColumn",
    "InputTab",
    "Mapping",
    "People",
    "Translation",
    "duplicates",
    "input_tabs",
    "load_mapping",
    "translate",
]
