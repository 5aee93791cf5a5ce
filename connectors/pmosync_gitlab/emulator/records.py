"""What an emulated GitLab keeps: its people, groups, projects, milestones, issues, merge requests and their history.

Instants are aware UTC datetimes. ``extra`` holds fields of a loaded record that nothing here computes; answers show them as
they came.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from msgspec import Struct, field

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


class Person(Struct, kw_only=True):
    """An account. ``state`` is ``active`` or ``blocked``; ``username`` is the person's key in stories."""

    id: int
    username: str
    name: str
    email: str = ""
    state: str = "active"
    created_at: datetime = BEGINNING
    extra: dict[str, Any] = field(default_factory=dict)


class Group(Struct, kw_only=True):
    """A group or subgroup; ``full_path`` is what addresses it, ``parent_id`` None at the top."""

    id: int
    path: str
    full_path: str
    name: str
    parent_id: int | None = None
    visibility: str = "private"
    created_at: datetime = BEGINNING
    extra: dict[str, Any] = field(default_factory=dict)


class Project(Struct, kw_only=True):
    """A project; ``former`` are the paths it had before.

    ``issues_access_level`` ``private`` means that members alone see its issues.
    """

    id: int
    path: str
    full_path: str
    name: str
    group_id: int
    visibility: str = "private"
    archived: bool = False
    issues_access_level: str = "enabled"
    merge_requests_access_level: str = "enabled"
    default_branch: str = "main"
    created_at: datetime = BEGINNING
    last_activity_at: datetime = BEGINNING
    former: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)


class Milestone(Struct, kw_only=True):
    """A project's or (``project_id`` None) a group's milestone; ``state`` is ``active`` or ``closed``."""

    id: int
    iid: int
    title: str
    project_id: int | None = None
    group_id: int | None = None
    description: str | None = None
    state: str = "active"
    due_date: date | None = None
    start_date: date | None = None
    created_at: datetime = BEGINNING
    updated_at: datetime = BEGINNING
    extra: dict[str, Any] = field(default_factory=dict)


class Iteration(Struct, kw_only=True):
    """A group's iteration; an automatic one has no title. Its dates tell whether it is yet to come, under way or over."""

    id: int
    iid: int
    group_id: int
    title: str | None
    start_date: date
    due_date: date
    description: str | None = None
    created_at: datetime = BEGINNING
    updated_at: datetime = BEGINNING
    extra: dict[str, Any] = field(default_factory=dict)


class Epic(Struct, kw_only=True):
    """A group's epic; ``state`` is ``opened`` or ``closed``, ``parent_id`` another epic's id."""

    id: int
    iid: int
    group_id: int
    title: str
    author_id: int
    description: str | None = None
    state: str = "opened"
    parent_id: int | None = None
    confidential: bool = False
    start_date: date | None = None
    due_date: date | None = None
    labels: list[str] = field(default_factory=list)
    created_at: datetime = BEGINNING
    updated_at: datetime = BEGINNING
    closed_at: datetime | None = None
    extra: dict[str, Any] = field(default_factory=dict)


class Release(Struct, kw_only=True):
    """What a project published under a tag, or will publish at ``released_at``."""

    tag: str
    project_id: int
    name: str
    author_id: int
    description: str | None = None
    milestone_ids: list[int] = field(default_factory=list)
    created_at: datetime = BEGINNING
    released_at: datetime = BEGINNING
    extra: dict[str, Any] = field(default_factory=dict)


class Label(Struct, kw_only=True):
    """A label by name; one namespace for the whole site, as one top group has it."""

    id: int
    name: str
    color: str = "#428bca"
    description: str | None = None


class Issue(Struct, kw_only=True):
    """An issue. ``iid`` counts within its project; times of estimate and spending in seconds of an 8-hour day."""

    id: int
    iid: int
    project_id: int
    title: str
    author_id: int
    description: str | None = None
    state: str = "opened"
    created_at: datetime = BEGINNING
    updated_at: datetime = BEGINNING
    closed_at: datetime | None = None
    closed_by: int | None = None
    labels: list[str] = field(default_factory=list)
    milestone_id: int | None = None
    assignee_ids: list[int] = field(default_factory=list)
    due_date: date | None = None
    confidential: bool = False
    issue_type: str = "issue"
    time_estimate: int = 0
    total_time_spent: int = 0
    notes_count: int = 0
    moved_to_id: int | None = None
    iteration_id: int | None = None
    epic_id: int | None = None
    extra: dict[str, Any] = field(default_factory=dict)


class MergeRequest(Struct, kw_only=True):
    """A merge request; ``state`` is ``opened``, ``merged``, ``closed`` or ``locked``; ``approvals`` are people and instants.

    ``merge_status`` is ``unchecked`` until somebody looks, then ``checking``, then ``can_be_merged``.
    """

    id: int
    iid: int
    project_id: int
    title: str
    author_id: int
    source_branch: str
    target_branch: str = "main"
    description: str | None = None
    state: str = "opened"
    created_at: datetime = BEGINNING
    updated_at: datetime = BEGINNING
    merged_at: datetime | None = None
    merged_by: int | None = None
    closed_at: datetime | None = None
    closed_by: int | None = None
    labels: list[str] = field(default_factory=list)
    milestone_id: int | None = None
    assignee_ids: list[int] = field(default_factory=list)
    reviewer_ids: list[int] = field(default_factory=list)
    draft: bool = False
    sha: str | None = None
    merge_commit_sha: str | None = None
    merge_status: str = "unchecked"
    notes_count: int = 0
    approvals: list[tuple[int, datetime]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)


Item = Issue | MergeRequest


class Note(Struct, kw_only=True):
    """A comment (``system`` False) or what GitLab itself wrote about a change, in English."""

    id: int
    body: str
    author_id: int
    created_at: datetime
    system: bool
    kind: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)


class StateEvent(Struct, kw_only=True):
    """``closed``, ``reopened`` or ``merged``; being opened is not recorded."""

    id: int
    user_id: int
    created_at: datetime
    state: str
    extra: dict[str, Any] = field(default_factory=dict)


class MilestoneEvent(Struct, kw_only=True):
    """A milestone was ``add``ed to an item or ``remove``d; it vanishes with the milestone."""

    id: int
    user_id: int
    created_at: datetime
    milestone_id: int
    action: str
    state: str
    extra: dict[str, Any] = field(default_factory=dict)


class LabelEvent(Struct, kw_only=True):
    """A label was ``add``ed or ``remove``d."""

    id: int
    user_id: int
    created_at: datetime
    label: str
    action: str
    extra: dict[str, Any] = field(default_factory=dict)


class IssueLink(Struct, kw_only=True):
    """``source`` blocks, or relates to, ``target`` (global ids)."""

    id: int
    source: int
    target: int
    kind: str
    created_at: datetime


class Activity(Struct, kw_only=True):
    """A line of a project's activity list."""

    id: int
    project_id: int
    action: str
    target_type: str
    target_id: int
    target_iid: int
    target_title: str
    author_id: int
    created_at: datetime


def kind_of(item: Item) -> str:
    """The name that GitLab's answers use for the item's kind."""
    return "Issue" if isinstance(item, Issue) else "MergeRequest"
