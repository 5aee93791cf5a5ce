"""Worlds of the contract of sources that are told by the neutral events of an emulator."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from pmosync.emulation import events as e


class Told(Protocol):
    """An emulator that lives by events."""

    def apply(self, event: e.Event) -> None:
        """Let it happen."""
        ...

    def advance(self, now: datetime) -> None:
        """Set its clock."""
        ...


class StoryWorld:
    """What such worlds have in common: a clock, the keys of the items by their ids, one person, and what happens to items."""

    def __init__(self, emulator: Told, now: datetime) -> None:
        self.now = now
        self.keys: dict[str, str] = {}
        self._told, self._changes = emulator, 0
        self.advance(now)
        self.tell(e.PersonJoins, key="li", name="李雷", email="li@example.com")

    def advance(self, now: datetime) -> None:
        """The emulator's clock."""
        self.now = now
        self._told.advance(now)

    def change(self, item: str) -> None:
        """Another title."""
        self._changes += 1
        self.tell(e.ItemRetitled, by="li", key=self.keys[item], title=f"title {self._changes}")

    def delete(self, item: str) -> None:
        """Gone without a trace."""
        self.tell(e.ItemDeleted, key=self.keys[item])

    def tell(self, kind: Any, **given: Any) -> None:
        """Let something happen now."""
        self._told.apply(kind(at=self.now, **given))
