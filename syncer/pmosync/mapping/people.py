"""Who a typed name means: found by key, account, name or other name; two fits are a finding, never a choice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from pmosync.mapping.text import fold
from pmosync.model import PersonRow


class People:
    """The people table, looked up by whatever somebody may type for a person."""

    def __init__(self, rows: Iterable[PersonRow] = ()) -> None:
        self._by_key: dict[str, dict[str, PersonRow]] = defaultdict(dict)
        self._by_name: dict[str, dict[str, PersonRow]] = defaultdict(dict)
        for row in rows:
            for sure in (row.key, *row.accounts):
                self._by_key[fold(sure)][row.key] = row
            for name in (row.name, *row.other_names):
                self._by_name[fold(name)][row.key] = row

    def __bool__(self) -> bool:
        return bool(self._by_key)

    def fits(self, typed: str) -> tuple[PersonRow, ...]:
        """Everybody whom ``typed`` can mean: by key or account if it is one, else by name; in the order of their keys."""
        word = fold(typed)
        found = self._by_key.get(word) or self._by_name.get(word) or {}
        return tuple(found[key] for key in sorted(found))


NOBODY = People()
