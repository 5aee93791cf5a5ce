"""Who changed an issue's state, milestone, labels and due date, and when: one list each, asked only where it has something
to tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from pmosync.raw import RawRecord

from .client import Client, Row
from .payload import Writer
from .walk import untouched

DUE_NOTE = re.compile(r"changed due date to |removed due date|changed start date|removed start date")
LISTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "state_event": ("resource_state_events", ("state", "closed_at")),
    "milestone_event": ("resource_milestone_events", ("milestone",)),
    "label_event": ("resource_label_events", ("labels",)),
    "note": ("notes", ("due_date", "start_date")),
}
"""Each kind's list, and the fields of an issue that cannot change without a new entry in it."""


class Historian(Struct, frozen=True):
    """Reads the history of issues. One untouched since its creation has none."""

    client: Client
    writer: Writer

    def of(self, issue: Row, record: RawRecord, before: RawRecord | None, *, new: bool) -> Iterator[RawRecord]:
        """What happened to an issue since it was last read: the lists that may hold entries not known yet; none of one
        deleted a moment ago. ``record`` is what is kept of the issue now, ``before`` what was last read of it. One never
        read is ``new``, or else left to the backfill. NotVisibleError where the history is refused.
        """
        if before is None:
            return self.lists(issue, record, LISTS if new else ())
        payload = before.payload
        if record.updated != before.updated and _unexplained(record.payload, payload):
            return self.lists(issue, record, LISTS)
        return self.lists(issue, record, [kind for kind in LISTS if _grew(LISTS[kind][1], issue, payload)])

    def hints(self, issue: Row) -> tuple[str, ...]:
        """The kinds of entries that may tell what happened to an issue so far: all that the mapping reads, of one that was
        touched. Its fields are no hint: a closing that was taken back, or a milestone or date that was, left none.
        """
        return () if untouched(issue) else tuple(filter(self.writer.wants, LISTS))

    def lists(self, issue: Row, record: RawRecord, kinds: Iterable[str]) -> Iterator[RawRecord]:
        """An issue's entries of these kinds, as far as the mapping reads them."""
        base = f"/projects/{issue['project_id']}/issues/{issue['iid']}"
        more = {"issue_id": issue["id"], "issue_iid": issue["iid"], "project_id": issue["project_id"]}
        for kind in () if untouched(issue) else kinds:
            if self.writer.wants(kind):
                for row in self._rows(base, LISTS[kind][0], kind):
                    yield self.writer.record(kind, row, restricted=record.restricted, **more)

    def _rows(self, issue: str, name: str, kind: str) -> Iterator[Row]:
        query = {"sort": "asc", "order_by": "created_at"} if kind == "note" else {}
        for page in self.client.beside(issue, name, query):
            yield from (row for row in page.rows if kind != "note" or _on_due_date(row))


def _grew(fields: Iterable[str], issue: Row, before: Mapping[str, Any]) -> bool:
    """Whether a list may hold new entries: one of its ``fields`` is another than before, or none of them was read then."""
    known = [field for field in fields if field in before and field in issue]
    return not known or any(_differs(one, issue[one], before[one]) for one in known)


def _unexplained(now: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Whether an issue was changed and yet says the same as before: a field may have gone there and back."""
    return all(now.get(name) == before.get(name) for name in {*now, *before} if name != "updated_at")


def _differs(field: str, now: Any, before: Any) -> bool:
    """Whether a field of an issue is another than when it was last read."""
    if field == "milestone":
        return _id(now) != _id(before)
    if field == "labels":
        return sorted(now or ()) != sorted(before or ())
    return bool(now != before)


def _id(milestone: object) -> object:
    """The identity of a milestone inside an issue; its other fields are not kept up to date."""
    return milestone.get("id") if isinstance(milestone, dict) else None


def _on_due_date(note: Row) -> bool:
    return bool(note.get("system")) and DUE_NOTE.match(str(note.get("body", ""))) is not None
