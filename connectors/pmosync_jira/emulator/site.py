"""The state of an emulated Jira site, and the few ways in which it may change."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from .records import Board, History, Issue, IssueType, Person, Project, Sprint, Status, Version

SPRINT_SCHEMA = "com.pyxis.greenhopper.jira:gh-sprint"
EPIC_SCHEMA = "com.pyxis.greenhopper.jira:gh-epic-link"
RESTRICTED = "Restricted"
WORKFLOW = (("To Do", "new"), ("In Progress", "indeterminate"), ("In Review", "indeterminate"), ("Done", "done"))
TYPES = (("Story", 0), ("Task", 0), ("Bug", 0), ("Sub-task", -1), ("Risk", 0), ("Epic", 1))
CUSTOM_FIELDS: tuple[dict[str, Any], ...] = (
    {
        "id": "customfield_10020",
        "name": "Sprint",
        "custom": True,
        "schema": {"type": "array", "items": "json", "custom": SPRINT_SCHEMA, "customId": 10020},
    },
    {
        "id": "customfield_10014",
        "name": "Epic Link",
        "custom": True,
        "schema": {"type": "any", "custom": EPIC_SCHEMA, "customId": 10014},
    },
)


class Site:
    """Everything the server knows. ``revision`` moves with every change, so that answers may be kept until then;
    ``index_lag`` (milliseconds) is how far searches are behind, ``unindexed`` are the keys of issues that no search knows;
    ``garbled`` is what is told as the fields of issues, by key, that no client can read.
    """

    def __init__(self, now: datetime) -> None:
        self.now = millis(now)
        self.revision = 0
        self.index_lag = 0
        self.garbled: dict[str, Any] = {}
        self.unindexed: set[str] = set()
        self.people: dict[str, Person] = {}
        self.projects: dict[int, Project] = {}
        self.versions: dict[str, Version] = {}
        self.statuses: dict[str, Status] = {}
        self.types: dict[str, IssueType] = {}
        self.boards: dict[int, Board] = {}
        self.sprints: dict[int, Sprint] = {}
        self.issues: dict[int, Issue] = {}
        self.keys: dict[str, int] = {}
        self.project_keys: dict[str, int] = {}
        self.fields: dict[str, dict[str, Any]] = {one["id"]: one for one in CUSTOM_FIELDS}
        self._last_id = 10_000
        for name, category in WORKFLOW:
            self.status_named(name, category)
        for name, level in TYPES:
            self.type_named(name, level)

    @property
    def sprint_field(self) -> str:
        """The id of the Sprint field."""
        return self._field_of(SPRINT_SCHEMA)

    @property
    def epic_field(self) -> str:
        """The id of the Epic Link field."""
        return self._field_of(EPIC_SCHEMA)

    def _field_of(self, custom: str) -> str:
        found = [one["id"] for one in self.fields.values() if one.get("schema", {}).get("custom") == custom]
        return found[0] if found else ""

    def next_id(self) -> int:
        """A fresh id, larger than every one used."""
        self._last_id += 1
        return self._last_id

    def saw_id(self, used: int) -> None:
        """Remember that an id is taken."""
        self._last_id = max(self._last_id, used)

    def touch(self) -> None:
        """Forget kept answers."""
        self.revision += 1

    def advance(self, now: datetime) -> None:
        """Move the clock; it never goes back."""
        self.now = max(self.now, millis(now))

    def person(self, key: str) -> Person:
        """The account of a person known by ``key``; "" is the automation."""
        account = account_of(key)
        if account not in self.people:
            kind = "atlassian" if key else "app"
            self.people[account] = Person(account, key or "automation", key or "Automation for Jira", kind=kind)
        return self.people[account]

    def status_named(self, name: str, category: str = "indeterminate") -> Status:
        """The status of that name, made when new."""
        for status in self.statuses.values():
            if status.name == name:
                return status
        made = Status(str(self.next_id()), name, category)
        self.statuses[made.id] = made
        return made

    def type_named(self, name: str, level: int = 0) -> IssueType:
        """The issue type of that name, made when new."""
        for kind in self.types.values():
            if kind.name == name:
                return kind
        made = IssueType(str(self.next_id()), name, level)
        self.types[made.id] = made
        return made

    def project(self, key_or_id: str) -> Project | None:
        """A project by id, key or former key."""
        by_key = self.project_keys.get(key_or_id.upper())
        if by_key is not None:
            return self.projects[by_key]
        return self.projects.get(int(key_or_id)) if key_or_id.isdecimal() else None

    def add_project(self, project: Project) -> None:
        """Put a project under its id and key."""
        self.projects[project.id] = project
        self.project_keys[project.key] = project.id
        self.saw_id(project.id)

    def issue(self, key_or_id: str) -> Issue | None:
        """An issue by id, key or former key."""
        by_key = self.keys.get(key_or_id.upper())
        if by_key is not None:
            return self.issues.get(by_key)
        return self.issues.get(int(key_or_id)) if key_or_id.isdecimal() else None

    def add_issue(self, issue: Issue) -> None:
        """Put an issue under its id and key."""
        self.issues[issue.id] = issue
        self.keys[issue.key] = issue.id
        self.saw_id(issue.id)

    def rename(self, keys: Mapping[str, str]) -> None:
        """Give issues new keys; former ones still lead there. Epics are named by key, so that name goes along."""
        for former, key in keys.items():
            self.keys[key] = self.keys[former]
            self.issues[self.keys[key]].key = key
        for other in self.issues.values():
            other.epic = keys.get(other.epic, other.epic) if other.epic else None

    def drop_issue(self, issue: Issue) -> None:
        """Delete for good: Jira leaves no tombstone."""
        del self.issues[issue.id]
        self.keys = {key: number for key, number in self.keys.items() if number != issue.id}

    def board_of(self, project: int) -> Board:
        """The first board of a project, made when it has none."""
        for board in self.boards.values():
            if board.project == project:
                return board
        made = Board(self.next_id(), f"{self.projects[project].key} board", project)
        self.boards[made.id] = made
        return made

    def change(self, issue: Issue, by: str, items: list[dict[str, Any]]) -> None:
        """Write one changelog entry and move ``updated``. No items, no entry."""
        if not items:
            return
        issue.histories.append(History(self.next_id(), self.now, self.person(by).account, items))
        self.update(issue)

    def update(self, issue: Issue) -> None:
        """Move ``updated``; the search index follows ``index_lag`` milliseconds later."""
        if self.is_indexed(issue):
            issue.indexed = issue.updated
        issue.updated = self.now

    def is_indexed(self, issue: Issue) -> bool:
        """Whether the search index knows the latest change."""
        return issue.updated <= self.now - self.index_lag

    def indexed_change(self, issue: Issue) -> int:
        """The latest change as the search index knows it; 0 for an issue that it does not know at all."""
        return issue.updated if self.is_indexed(issue) else issue.indexed


def account_of(key: str) -> str:
    """A stable accountId for a person of the story."""
    return hashlib.blake2b(f"account {key}".encode(), digest_size=12).hexdigest()


def millis(instant: datetime) -> int:
    """UTC epoch milliseconds of an aware instant."""
    return round(instant.timestamp() * 1000)


def instant(moment: int) -> datetime:
    """The UTC instant of epoch milliseconds."""
    return datetime.fromtimestamp(moment / 1000, UTC)
