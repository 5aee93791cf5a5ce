"""Who changed an issue's state, milestone, labels and due date, and when: one list each, asked only where it has something
to tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from pmosync.raw import RawRecord

from .client import Client, Row
from .payload import Writer
from .walk import moment, untouched

DUE_NOTE = re.compile(r"changed due date to |removed due date|changed start date|removed start date")
LISTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "state_event": ("resource_state_events", ("state", "closed_at")),
    "milestone_event": ("resource_milestone_events", ("milestone",)),
    "label_event": ("resource_label_events", ("labels",)),
    "note": ("notes", ("due_date", "start_date")),
}
"""Each kind's list, and the fields of an issue that cannot change without a new entry in it."""


class Historian(Struct, frozen=True):
    """Reads the history of issues. ``first``: during a first sweep only issues updated at or after ``since`` are worth the
    requests, and only lists that the issue itself hints at. One untouched since its creation has no history.
    """

    client: Client
    writer: Writer
    first: bool
    since: datetime | None

    def of(self, issue: Row, record: RawRecord, before: Mapping[str, Any] | None) -> Iterator[RawRecord]:
        """The records of one issue's history, in the lists that may hold new ones; none for one deleted a moment ago.
        ``record`` is what is kept of the issue now, ``before`` what was last read of it. NotVisibleError where the history
        is refused.
        """
        if not self._worth(issue):
            return
        anything = before is None or _unexplained(record.payload, before)
        base = f"/projects/{issue['project_id']}/issues/{issue['iid']}"
        for kind, (name, fields) in LISTS.items():
            if self.writer.wants(kind) and self._telling(issue, fields, before, anything):
                for row in self._rows(base, name, kind):
                    yield self.writer.record(
                        kind,
                        row,
                        restricted=record.restricted,
                        issue_id=issue["id"],
                        issue_iid=issue["iid"],
                        project_id=issue["project_id"],
                    )

    def _worth(self, issue: Row) -> bool:
        return not untouched(issue) and (self.since is None or moment(issue["updated_at"]) >= self.since)

    def _telling(self, issue: Row, fields: tuple[str, ...], before: Mapping[str, Any] | None, anything: bool) -> bool:
        """Whether a list may hold what is not known yet: ``anything`` may have happened, or one of its ``fields`` is
        another than before.
        """
        if self.first and any(issue.get(field) for field in fields if field != "state"):
            return True
        known = [field for field in fields if field in (before or {}) and field in issue]
        differs = before is not None and (not known or any(_differs(one, issue[one], before[one]) for one in known))
        return differs or (anything and not self.first)

    def _rows(self, issue: str, name: str, kind: str) -> Iterator[Row]:
        query = {"sort": "asc", "order_by": "created_at"} if kind == "note" else {}
        for page in self.client.beside(issue, name, query):
            yield from (row for row in page.rows if kind != "note" or _on_due_date(row))


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
