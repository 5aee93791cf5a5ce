"""The nouns of an emulated Jira site. Instants are UTC epoch milliseconds; wire shapes are made in ``render``."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field


class Person(Struct):
    """An account. ``account`` is Cloud's accountId, ``name`` Data Center's user name."""

    account: str
    name: str
    display: str
    email: str = ""
    active: bool = True
    kind: str = "atlassian"


class Project(Struct):
    """A project; ``hidden`` means that the visiting account may not browse it."""

    id: int
    key: str
    name: str
    type: str = "software"
    archived: bool = False
    hidden: bool = False


class Version(Struct):
    """A release of a project. Jira keeps no history of its dates."""

    id: str
    project: int
    name: str
    description: str = ""
    archived: bool = False
    released: bool = False
    start: str | None = None
    release: str | None = None


class Status(Struct):
    """A status and its category key: ``new``, ``indeterminate``, ``done``, ``undefined``."""

    id: str
    name: str
    category: str


class IssueType(Struct):
    """A type of issue; ``level`` -1 is a sub-task, 1 an epic."""

    id: str
    name: str
    level: int = 0


class Board(Struct):
    """An agile board, at home in one project; ``others`` are further projects that its filter names."""

    id: int
    name: str
    project: int
    others: list[int] = field(default_factory=list)


class Sprint(Struct):
    """A sprint; its dates are the texts the server gives."""

    id: int
    name: str
    state: str
    start: str | None = None
    end: str | None = None
    complete: str | None = None
    board: int | None = None
    goal: str = ""


class History(Struct):
    """One entry of an issue's changelog; ``items`` as the wire has them."""

    id: int
    at: int
    by: str
    items: list[dict[str, Any]]


class Comment(Struct):
    """A comment."""

    id: int
    at: int
    by: str
    text: str


class Worklog(Struct):
    """Work that somebody logged."""

    id: int
    seconds: int


class Link(Struct):
    """A link as one of its two issues sees it."""

    id: str
    type: str
    outward: bool
    other: str
    other_key: str


class Issue(Struct):
    """An issue. References are ids, so that a renamed version or status shows everywhere at once. ``indexed`` is the last
    change that the search index knew before the latest one.
    """

    id: int
    key: str
    project: int
    summary: str
    type: str
    status: str
    created: int
    updated: int
    indexed: int = 0
    priority: str | None = None
    resolution: str | None = None
    resolved: int | None = None
    category_since: int | None = None
    due: str | None = None
    versions: list[str] = field(default_factory=list)
    sprints: list[int] = field(default_factory=list)
    parent: int | None = None
    epic: str | None = None
    assignee: str | None = None
    reporter: str | None = None
    components: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    estimate: int | None = None
    spent: int | None = None
    security: str | None = None
    description: str = ""
    comments: list[Comment] = field(default_factory=list)
    worklogs: dict[str, Worklog] = field(default_factory=dict)
    histories: list[History] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """The number in the key."""
        return int(self.key.rpartition("-")[2])
