"""Taking one REST answer at a time into a site: fields, embedded people, milestones and namespaces."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from .records import (
    BEGINNING,
    Epic,
    Group,
    Issue,
    Iteration,
    LabelEvent,
    MergeRequest,
    Milestone,
    MilestoneEvent,
    Note,
    Person,
    Project,
    Release,
    StateEvent,
)
from .site import Site
from .worked_out import (
    EPIC_FIELDS,
    EVENT_FIELDS,
    ISSUE_FIELDS,
    ITERATION_FIELDS,
    MILESTONE_FIELDS,
    NOTE_FIELDS,
    PROJECT_FIELDS,
    RELEASE_FIELDS,
    REQUEST_FIELDS,
)

Json = dict[str, Any]


class Adoption:
    """Takes rows into the site; its methods are named after the files. Items wait in lists until all are read."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.latest: datetime = BEGINNING
        self.issues_read: list[Issue] = []
        self.requests_read: list[MergeRequest] = []

    def users(self, row: Json) -> None:
        """An account."""
        known = {"id", "username", "name", "state", "email", "avatar_url", "web_url", "created_at"}
        person = Person(
            id=_number(row, "id"),
            username=str(row["username"]),
            name=str(row.get("name") or row["username"]),
            email=row.get("email") or row.get("public_email") or "",
            state=row.get("state", "active"),
            created_at=self._moment(row, "created_at"),
            extra=_rest(row, known),
        )
        self.site.add_person(person)

    def groups(self, row: Json) -> None:
        """A group; one without ``full_path`` stands at the top."""
        known = {
            "id",
            "path",
            "full_path",
            "name",
            "parent_id",
            "visibility",
            "created_at",
            "web_url",
            "full_name",
            "projects",
        }
        group = Group(
            id=_number(row, "id"),
            path=str(row.get("path") or row["full_path"]).rpartition("/")[2],
            full_path=str(row.get("full_path") or row["path"]),
            name=str(row.get("name") or row["path"]),
            parent_id=row.get("parent_id"),
            visibility=row.get("visibility", "private"),
            created_at=self._moment(row, "created_at"),
            extra=_rest(row, known),
        )
        self.site.add_group(group)

    def projects(self, row: Json) -> None:
        """A project, in the group its namespace or path names."""
        path = str(row["path_with_namespace"])
        project = Project(
            id=_number(row, "id"),
            path=path.rpartition("/")[2],
            full_path=path,
            name=str(row.get("name") or path),
            group_id=self._namespace(row.get("namespace") or {}, path),
            visibility=row.get("visibility", "private"),
            archived=bool(row.get("archived", False)),
            issues_access_level=row.get("issues_access_level", "enabled"),
            merge_requests_access_level=row.get("merge_requests_access_level", "enabled"),
            default_branch=row.get("default_branch") or "main",
            created_at=self._moment(row, "created_at"),
            last_activity_at=self._moment(row, "last_activity_at"),
            extra=_rest(row, PROJECT_FIELDS),
        )
        self.site.add_project(project)

    def milestones(self, row: Json) -> None:
        """A milestone of a project or group."""
        milestone = Milestone(
            id=_number(row, "id"),
            iid=row.get("iid") or _number(row, "id"),
            title=str(row["title"]),
            project_id=row.get("project_id"),
            group_id=row.get("group_id"),
            description=row.get("description"),
            state=row.get("state", "active"),
            due_date=_day(row, "due_date"),
            start_date=_day(row, "start_date"),
            created_at=self._moment(row, "created_at"),
            updated_at=self._moment(row, "updated_at"),
            extra=_rest(row, MILESTONE_FIELDS),
        )
        if milestone.project_id is not None:
            self._project(milestone.project_id, row)
        elif milestone.group_id is not None:
            self._group(milestone.group_id)
        self.site.add_milestone(milestone)

    def iterations(self, row: Json) -> None:
        """A group's iteration."""
        iteration = Iteration(
            id=_number(row, "id"),
            iid=row.get("iid") or _number(row, "id"),
            group_id=self._group(_number(row, "group_id")),
            title=row.get("title"),
            start_date=date.fromisoformat(row["start_date"]),
            due_date=date.fromisoformat(row["due_date"]),
            description=row.get("description"),
            created_at=self._moment(row, "created_at"),
            updated_at=self._moment(row, "updated_at"),
            extra=_rest(row, ITERATION_FIELDS),
        )
        self.site.add_iteration(iteration)

    def epics(self, row: Json) -> None:
        """A group's epic."""
        epic = Epic(
            id=_number(row, "id"),
            iid=_number(row, "iid"),
            group_id=self._group(_number(row, "group_id")),
            title=str(row["title"]),
            author_id=self._person(row.get("author")) or 1,
            description=row.get("description"),
            state=row.get("state", "opened"),
            parent_id=row.get("parent_id"),
            confidential=row.get("confidential") in (True, "true"),
            start_date=_day(row, "start_date"),
            due_date=_day(row, "due_date"),
            labels=[self._label(label) for label in row.get("labels") or ()],
            created_at=self._moment(row, "created_at"),
            updated_at=self._moment(row, "updated_at"),
            closed_at=self._maybe(row, "closed_at"),
            extra=_rest(row, EPIC_FIELDS),
        )
        self.site.add_epic(epic)

    def issues(self, row: Json) -> None:
        """An issue."""
        stats = row.get("time_stats") or {}
        issue = Issue(
            **self._item(row),
            state=row.get("state", "opened"),
            confidential=bool(row.get("confidential", False)),
            due_date=_day(row, "due_date"),
            issue_type=row.get("issue_type") or "issue",
            time_estimate=stats.get("time_estimate") or 0,
            total_time_spent=stats.get("total_time_spent") or 0,
            moved_to_id=row.get("moved_to_id"),
            iteration_id=self._plan(row.get("iteration"), self.site.iterations, self.iterations),
            epic_id=self._plan(row.get("epic"), self.site.epics, self.epics),
            extra=_rest(row, ISSUE_FIELDS),
        )
        self.site.taken("Issue", issue.id)
        self.issues_read.append(issue)

    def merge_requests(self, row: Json) -> None:
        """A merge request, under old or new field names."""
        merged_by = self._person(row.get("merge_user") or row.get("merged_by"))
        request = MergeRequest(
            **self._item(row),
            state=row.get("state", "opened"),
            source_branch=row.get("source_branch") or "",
            target_branch=row.get("target_branch") or "main",
            merged_at=self._maybe(row, "merged_at"),
            merged_by=merged_by,
            reviewer_ids=self._people(row.get("reviewers")),
            draft=bool(row.get("draft", row.get("work_in_progress", False))),
            sha=row.get("sha"),
            merge_commit_sha=row.get("merge_commit_sha"),
            extra=_rest(row, REQUEST_FIELDS),
        )
        self.site.taken("MergeRequest", request.id)
        self.requests_read.append(request)

    def releases(self, row: Json) -> None:
        """A project's release; the answer names no project, so the file has to."""
        release = Release(
            tag=str(row["tag_name"]),
            project_id=self._project(_number(row, "project_id"), row),
            name=str(row.get("name") or row["tag_name"]),
            author_id=self._person(row.get("author")) or 1,
            description=row.get("description"),
            milestone_ids=[number for one in row.get("milestones") or () if (number := self._milestone(one))],
            created_at=self._moment(row, "created_at"),
            released_at=self._moment(row, "released_at"),
            extra=_rest(row, RELEASE_FIELDS),
        )
        self.site.releases[release.project_id, release.tag] = release

    def resource_state_events(self, row: Json) -> None:
        """A change of state."""
        event = StateEvent(**self._event("state_event", row), state=str(row["state"]))
        self.site.state_events[_owner(row)].append(event)

    def resource_milestone_events(self, row: Json) -> None:
        """A change of milestone."""
        number = self._milestone(row.get("milestone"))
        if number is not None:
            common = self._event("milestone_event", row)
            event = MilestoneEvent(
                **common, milestone_id=number, action=str(row["action"]), state=row.get("state", "opened")
            )
            self.site.milestone_events[_owner(row)].append(event)

    def resource_label_events(self, row: Json) -> None:
        """A change of labels; one whose label was deleted since is told without it and left out here."""
        if row.get("label"):
            name = self._label(row["label"])
            event = LabelEvent(**self._event("label_event", row), label=name, action=str(row["action"]))
            self.site.label_events[_owner(row)].append(event)

    def notes(self, row: Json) -> None:
        """A comment or system note."""
        number = _number(row, "id")
        self.site.taken("note", number)
        note = Note(
            id=number,
            body=str(row["body"]),
            author_id=self._person(row.get("author")) or 1,
            created_at=self._moment(row, "created_at"),
            system=bool(row.get("system", False)),
            kind=row.get("type"),
            extra=_rest(row, NOTE_FIELDS),
        )
        self.site.notes[str(row["noteable_type"]), _number(row, "noteable_id")].append(note)

    def _item(self, row: Json) -> Json:
        """What issues and merge requests have in common."""
        assignees = row.get("assignees") or ([row["assignee"]] if row.get("assignee") else [])
        return {
            "id": _number(row, "id"),
            "iid": _number(row, "iid"),
            "project_id": self._project(_number(row, "project_id"), row),
            "title": str(row["title"]),
            "description": row.get("description"),
            "author_id": self._person(row.get("author")) or 1,
            "created_at": self._moment(row, "created_at"),
            "updated_at": self._moment(row, "updated_at"),
            "closed_at": self._maybe(row, "closed_at"),
            "closed_by": self._person(row.get("closed_by")),
            "labels": [self._label(label) for label in row.get("labels") or ()],
            "milestone_id": self._milestone(row.get("milestone")),
            "assignee_ids": self._people(assignees),
            "notes_count": row.get("user_notes_count") or 0,
        }

    def _event(self, kind: str, row: Json) -> Json:
        number = _number(row, "id")
        self.site.taken(kind, number)
        return {
            "id": number,
            "user_id": self._person(row.get("user")) or 1,
            "created_at": self._moment(row, "created_at"),
            "extra": _rest(row, EVENT_FIELDS),
        }

    def _person(self, row: Json | None) -> int | None:
        if row is None:
            return None
        number = _number(row, "id")
        if number not in self.site.people:
            self.users({"username": f"user-{number}", **row})
        return number

    def _people(self, rows: list[Json] | None) -> list[int]:
        return [number for row in rows or () if (number := self._person(row)) is not None]

    def _label(self, label: str | Json) -> str:
        if isinstance(label, str):
            return self.site.label(label).name
        found = self.site.label(str(label["name"]))
        found.color, found.description = label.get("color") or found.color, label.get("description")
        return found.name

    def _milestone(self, row: Json | None) -> int | None:
        if row is None:
            return None
        number = _number(row, "id")
        if number not in self.site.milestones:
            self.milestones(row)
        return number

    def _plan(self, row: Json | None, known: Mapping[int, object], take: Callable[[Json], None]) -> int | None:
        """The iteration or epic inside an issue."""
        if row is None:
            return None
        if _number(row, "id") not in known:
            take(row)
        return _number(row, "id")

    def _group(self, number: int) -> int:
        """A group that is known by its number alone stands at the top."""
        if number not in self.site.groups:
            path = f"group-{number}"
            self.site.add_group(Group(id=number, path=path, full_path=path, name=path))
        return number

    def _namespace(self, row: Json, path: str) -> int:
        above = str(row.get("full_path") or path.rpartition("/")[0] or "root")
        found = self.site.group(above) if not above.isdigit() else None
        number = row.get("id")
        if found is None and isinstance(number, int) and number not in self.site.groups:
            upper = above.rpartition("/")[0]
            parent = self.site.make_group(upper).id if upper else None
            name = str(row.get("name") or above)
            found = Group(id=number, path=above.rpartition("/")[2], full_path=above, name=name, parent_id=parent)
            self.site.add_group(found)
        return (found or self.site.make_group(above)).id

    def _project(self, number: int, row: Json) -> int:
        if number not in self.site.projects:
            full = str((row.get("references") or {}).get("full") or "")
            path = full.partition("#")[0].partition("!")[0] or f"loaded/project-{number}"
            self.projects({"id": number, "path_with_namespace": path})
        return number

    def _moment(self, row: Json, name: str) -> datetime:
        return self._maybe(row, name) or BEGINNING

    def _maybe(self, row: Json, name: str) -> datetime | None:
        text = row.get(name)
        if text is None:
            return None
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        self.latest = max(self.latest, moment)
        return moment


def _rest(row: Json, known: set[str]) -> Json:
    return {name: value for name, value in row.items() if name not in known}


def _number(row: Json, name: str) -> int:
    value = row[name]
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(name)
    return value


def _day(row: Json, name: str) -> date | None:
    text = row.get(name)
    return date.fromisoformat(text) if text is not None else None


def _owner(row: Json) -> tuple[str, int]:
    return (str(row["resource_type"]), _number(row, "resource_id"))
