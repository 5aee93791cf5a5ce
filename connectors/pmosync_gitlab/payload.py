"""From GitLab's rows to raw records: cut to what the mapping reads, in GitLab's own words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from pmosync.raw import RawRecord, Ref

from .client import Row
from .walk import moment

WORD = re.compile(r"[A-Za-z_]\w*")
PERSON = ("id", "username", "name", "state", "public_email", "email")
INSIDE = {
    "milestone": ("id", "iid", "title", "project_id", "group_id"),
    "iteration": ("id", "iid", "title", "group_id"),
    "epic": ("id", "iid", "group_id"),
}
"""What is kept of a plan inside an item: its other fields are not kept up to date there."""
PEOPLE = ("author", "assignee", "closed_by", "merged_by", "merge_user", "user")
TIMELESS = ("project", "group", "release")
DATED = ("milestone", "iteration", "epic", "issue", "merge_request")
ALWAYS = ("id", "iid", "project_id", "group_id")
UNSTABLE = (
    *("subscribed", "_links", "web_url", "references"),
    *("merge_status", "detailed_merge_status"),
)

FIELDS: Mapping[str, tuple[str, ...]] = {
    "project": (
        *("id", "name", "path", "path_with_namespace", "web_url", "archived", "visibility", "created_at"),
        *("default_branch", "namespace", "issues_access_level", "merge_requests_access_level"),
    ),
    "group": ("id", "name", "path", "full_path", "parent_id", "web_url", "visibility"),
    "milestone": (
        *("id", "iid", "project_id", "group_id", "title", "description", "state", "due_date", "start_date"),
        *("created_at", "updated_at", "web_url"),
    ),
    "iteration": (
        *("id", "iid", "sequence", "group_id", "title", "description", "state", "due_date", "start_date"),
        *("created_at", "updated_at", "web_url"),
    ),
    "epic": (
        *("id", "iid", "group_id", "parent_id", "title", "description", "state", "confidential", "author", "labels"),
        *("start_date", "due_date", "created_at", "updated_at", "closed_at", "web_url", "references"),
    ),
    "issue": (
        *(
            "id",
            "iid",
            "project_id",
            "title",
            "description",
            "state",
            "created_at",
            "updated_at",
            "closed_at",
            "closed_by",
        ),
        *(
            "labels",
            "milestone",
            "assignees",
            "author",
            "due_date",
            "start_date",
            "confidential",
            "issue_type",
            "weight",
        ),
        *("time_stats", "moved_to_id", "web_url", "references", "epic", "iteration", "health_status"),
    ),
    "merge_request": (
        *(
            "id",
            "iid",
            "project_id",
            "title",
            "description",
            "state",
            "draft",
            "work_in_progress",
            "created_at",
            "updated_at",
        ),
        *(
            "prepared_at",
            "merged_at",
            "merged_by",
            "merge_user",
            "closed_at",
            "closed_by",
            "author",
            "assignees",
            "reviewers",
        ),
        *("labels", "milestone", "source_branch", "target_branch", "web_url", "references", "user_notes_count"),
    ),
    "release": (
        "id",
        "project_id",
        "tag_name",
        "name",
        "created_at",
        "released_at",
        "upcoming_release",
        "milestones",
        "_links",
    ),
    "state_event": ("id", "user", "created_at", "resource_type", "resource_id", "state"),
    "milestone_event": ("id", "user", "created_at", "resource_type", "resource_id", "milestone", "action"),
    "label_event": ("id", "user", "created_at", "resource_type", "resource_id", "label", "action"),
    "note": ("id", "author", "created_at", "body", "noteable_type", "noteable_id", "noteable_iid", "system"),
}
"""What is kept of each kind when no mapping says otherwise."""


class Writer(Struct, frozen=True):
    """Makes raw records of one connection; ``paths`` are those the mapping reads, kind by kind."""

    connection: str
    paths: Mapping[str, tuple[str, ...]]

    def record(self, kind: str, row: Row, *, restricted: bool = False, **more: Any) -> RawRecord:
        """A record of ``row``, whose global id is its identity; ``more`` are fields that GitLab tells beside the row."""
        return RawRecord(self.ref(kind, row["id"]), self._cut(kind, row) | more, _updated(kind, row), restricted)

    def ref(self, kind: str, number: int | str) -> Ref:
        """The identity of a thing by its global id."""
        return Ref(self.connection, kind, str(number))

    def wants(self, kind: str) -> bool:
        """Whether the mapping reads this kind at all (without any paths given, everything is wanted)."""
        return not self.paths or bool(self.paths.get(kind))

    def reads(self, kind: str, name: str) -> bool:
        """Whether the mapping asks for this very field, which costs requests of its own."""
        return name in self.paths.get(kind, ())

    def words(self, kind: str) -> set[str]:
        """The fields that are kept of this kind."""
        asked = self.paths.get(kind)
        return {word for path in asked for word in WORD.findall(path)} | set(ALWAYS) if asked else set(FIELDS[kind])

    def _cut(self, kind: str, row: Row) -> dict[str, Any]:
        words = self.words(kind)
        return {name: _trimmed(name, value) for name, value in row.items() if name in words}


def digest(row: Row) -> str:
    """A short fingerprint of a row, without what changes although nobody touched it: equal means nothing to read anew."""
    stable = {name: value for name, value in row.items() if name not in UNSTABLE}
    stable |= {name: (row.get(name) or {}).get("id") for name in INSIDE}
    return hashlib.blake2b(msgspec.json.encode(stable), digest_size=8).hexdigest()


def _trimmed(name: str, value: Any) -> Any:
    """People without pictures; milestones, iterations and epics without their dates."""
    if name in PEOPLE and isinstance(value, dict):
        return only(value, PERSON)
    if name in ("assignees", "reviewers") and isinstance(value, list):
        return [only(person, PERSON) for person in value if isinstance(person, dict)]
    if name == "milestones" and isinstance(value, list):
        return [only(one, INSIDE["milestone"]) for one in value if isinstance(one, dict)]
    if name in INSIDE and isinstance(value, dict):
        return only(value, INSIDE[name])
    return value


def only(value: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Those fields alone."""
    return {name: value[name] for name in names if name in value}


def _updated(kind: str, row: Row) -> datetime | None:
    """The row's own time of change; projects, groups and releases have none that moves with what is told of them."""
    text = row.get("updated_at" if kind in DATED else "created_at")
    return moment(text) if isinstance(text, str) and kind not in TIMELESS else None
