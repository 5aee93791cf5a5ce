"""Whether things still answer, by global id, although GitLab's paths want a project and a number within it."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from pmosync.raw import Ref

from .client import Client, NotVisibleError, Row

AT_ONCE = 50


class Home(Struct, frozen=True):
    """Where an issue or merge request lives."""

    project_id: int
    iid: int


class Roster:
    """Remembers where items live, from every list that was read."""

    def __init__(self) -> None:
        self._homes: dict[tuple[str, str], Home] = {}
        self._lock = threading.Lock()

    def note(self, kind: str, rows: Iterable[Row]) -> None:
        """Remember the homes of these rows."""
        found = {(kind, str(row["id"])): Home(row["project_id"], row["iid"]) for row in rows}
        with self._lock:
            self._homes |= found

    def knows(self, ref: Ref) -> bool:
        """Whether the item was ever in a list read by this process."""
        return (ref.kind, ref.id) in self._homes

    def answering(self, client: Client, kind: str, refs: Sequence[Ref]) -> set[Ref]:
        """Those of ``refs`` (all known, of one kind) that answer: their projects are asked for them by number."""
        wanted: defaultdict[int, dict[int, Ref]] = defaultdict(dict)
        for ref in refs:
            home = self._homes[ref.kind, ref.id]
            wanted[home.project_id][home.iid] = ref
        return {ref for project, numbers in wanted.items() for ref in _ask(client, kind, project, numbers)}


def _ask(client: Client, kind: str, project: int, numbers: dict[int, Ref]) -> Iterator[Ref]:
    iids = list(numbers)
    for start in range(0, len(iids), AT_ONCE):
        some = [str(iid) for iid in iids[start : start + AT_ONCE]]
        try:
            rows = client.rows(f"/projects/{project}/{kind}s", {"scope": "all", "state": "all", "iids[]": some})
        except NotVisibleError:
            return
        yield from (numbers[row["iid"]] for row in rows if numbers[row["iid"]].id == str(row["id"]))
