"""Who changed an issue's state, milestone, labels and due date, and when: one list each, asked only for changed issues."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from pmosync.raw import RawRecord

from .client import Client, Row
from .payload import Writer
from .walk import moment

DUE_NOTE = re.compile(r"changed due date to |removed due date|changed start date|removed start date")
LISTS = {
    "state_event": ("resource_state_events", "closed_at"),
    "milestone_event": ("resource_milestone_events", "milestone"),
    "label_event": ("resource_label_events", "labels"),
    "note": ("notes", "due_date"),
}
"""Each kind's list, and the field that tells at the first sight of an issue whether it can hold anything of interest."""


class Historian(Struct, frozen=True):
    """Reads the history of issues. ``first``: during a first sweep only issues updated at or after ``since`` are worth the
    requests, and only lists that the issue itself hints at. One untouched since its creation has no history.
    """

    client: Client
    writer: Writer
    first: bool
    since: datetime | None

    def of(self, issue: Row, restricted: bool) -> Iterator[RawRecord]:
        """The records of one issue's history; none for one deleted a moment ago. NotVisibleError where it is refused."""
        if not self._worth(issue):
            return
        base = f"/projects/{issue['project_id']}/issues/{issue['iid']}"
        for kind, (name, hint) in LISTS.items():
            if self.writer.wants(kind) and (issue.get(hint) or not self.first):
                for row in self._rows(base, name, kind):
                    yield self.writer.record(
                        kind,
                        row,
                        restricted=restricted,
                        issue_id=issue["id"],
                        issue_iid=issue["iid"],
                        project_id=issue["project_id"],
                    )

    def _worth(self, issue: Row) -> bool:
        updated = moment(issue["updated_at"])
        if updated - moment(issue["created_at"]) < timedelta(seconds=1):
            return False
        return self.since is None or updated >= self.since

    def _rows(self, issue: str, name: str, kind: str) -> Iterator[Row]:
        query = {"sort": "asc", "order_by": "created_at"} if kind == "note" else {}
        for page in self.client.beside(issue, name, query):
            yield from (row for row in page.rows if kind != "note" or _on_due_date(row))


def _on_due_date(note: Row) -> bool:
    return bool(note.get("system")) and DUE_NOTE.match(str(note.get("body", ""))) is not None
