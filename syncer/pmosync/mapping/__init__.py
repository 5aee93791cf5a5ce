"""Mapping: records in a system's words become facts of the model, by files that anybody can read. Pure."""

from __future__ import annotations

from pmosync.mapping.tabs import Choice, InputColumn, InputTab, input_tabs

__all__ = ["Choice", "InputColumn", "InputTab", "input_tabs"]
