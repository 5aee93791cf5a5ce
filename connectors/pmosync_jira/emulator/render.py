"""Issues, versions, people … in the shape of the wire, for one visitor and one dialect."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import tzinfo
from typing import Any

from msgspec import Struct

from .clock import told
from .records import Comment, History, Issue, IssueType, Link, Project, Sprint, Status, Version
from .site import Site, instant

Shape = dict[str, Any]

CATEGORY_NAMES = {
    "new": (2, "To Do", "blue-gray"),
    "indeterminate": (4, "In Progress", "yellow"),
    "done": (3, "Done", "green"),
    "undefined": (1, "No Category", "medium-gray"),
}
LINK_WORDS = {
    "Blocks": ("is blocked by", "blocks"),
    "Relates": ("relates to", "relates to"),
    "Duplicate": ("is duplicated by", "duplicates"),
    "Cloners": ("is cloned by", "clones"),
}


class View(Struct, frozen=True):
    """What shapes an answer: the site, its address, the REST version asked (2 or 3), Cloud or not, the visitor's zone; and
    whether ``total`` of a changelog counts what was left out.
    """

    site: Site
    base: str
    api: str
    cloud: bool
    zone: tzinfo
    tells_total: bool = True

    def link(self, path: str) -> str:
        """An absolute address below the REST root."""
        return f"{self.base}/rest/api/{self.api}/{path}"


def person(view: View, account: str | None) -> Shape | None:
    """A user; Data Center knows no accountId, Cloud no name."""
    known = view.site.people.get(account) if account else None
    if known is None:
        return None
    shape: Shape = {"displayName": known.display, "active": known.active, "timeZone": "Etc/UTC"}
    if known.email:
        shape["emailAddress"] = known.email
    if view.cloud:
        return {"accountId": known.account, "accountType": known.kind, **shape}
    return {"name": known.name, "key": f"JIRAUSER-{known.name}", **shape}


def status_category(view: View, key: str) -> Shape:
    """A status category."""
    number, name, colour = CATEGORY_NAMES.get(key, CATEGORY_NAMES["undefined"])
    return {"self": view.link(f"statuscategory/{number}"), "id": number, "key": key, "colorName": colour, "name": name}


def status(view: View, one: Status) -> Shape:
    """A status."""
    return {
        "self": view.link(f"status/{one.id}"),
        "description": "",
        "iconUrl": f"{view.base}/",
        "name": one.name,
        "id": one.id,
        "statusCategory": status_category(view, one.category),
    }


def issue_type(view: View, one: IssueType) -> Shape:
    """An issue type."""
    shape: Shape = {"self": view.link(f"issuetype/{one.id}"), "id": one.id, "name": one.name, "subtask": one.level < 0}
    return {**shape, "hierarchyLevel": one.level} if view.cloud else shape


def project(view: View, one: Project) -> Shape:
    """A project as lists and issues show it."""
    return {
        "self": view.link(f"project/{one.id}"),
        "id": str(one.id),
        "key": one.key,
        "name": one.name,
        "projectTypeKey": one.type,
        **({"simplified": False} if view.cloud else {}),
    }


def version(view: View, one: Version) -> Shape:
    """A version by itself. ``userReleaseDate`` is locale text, as Jira gives it."""
    shape: Shape = {
        "self": view.link(f"version/{one.id}"),
        "id": one.id,
        "description": one.description,
        "name": one.name,
        "archived": one.archived,
        "released": one.released,
        "projectId": one.project,
    }
    if one.start:
        shape["startDate"] = one.start
    if one.release:
        today = instant(view.site.now).astimezone(view.zone).date().isoformat()
        shape |= {"releaseDate": one.release, "userReleaseDate": _locale(one.release)}
        shape |= {} if one.released else {"overdue": one.release < today}
    return shape


def _locale(day: str) -> str:
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return f"{day[8:]}/{months[int(day[5:7]) - 1]}/{day[2:4]}"


def version_in_issue(view: View, one: Version) -> Shape:
    """A version as an issue shows it: no project."""
    shape = version(view, one)
    return {key: shape[key] for key in shape if key not in ("projectId", "userReleaseDate", "overdue")}


def sprint(view: View, one: Sprint) -> Shape:
    """A sprint as the agile API gives it."""
    shape: Shape = {
        "id": one.id,
        "self": f"{view.base}/rest/agile/1.0/sprint/{one.id}",
        "state": one.state,
        "name": one.name,
        "startDate": one.start,
        "endDate": one.end,
        "completeDate": one.complete,
        "originBoardId": one.board,
        "goal": one.goal or None,
    }
    return {key: value for key, value in shape.items() if value is not None}


def _sprint_in_issue(view: View, one: Sprint) -> Shape | str:
    if view.cloud:
        shape = sprint(view, one)
        return {("boardId" if key == "originBoardId" else key): shape[key] for key in shape if key != "self"}
    parts = {
        "id": one.id,
        "rapidViewId": one.board,
        "state": one.state.upper(),
        "name": one.name,
        "startDate": one.start,
        "endDate": one.end,
        "completeDate": one.complete,
        "activatedDate": None,
        "sequence": one.id,
        "goal": one.goal or None,
    }
    inside = ",".join(f"{key}={'<null>' if value is None else value}" for key, value in parts.items())
    return f"com.atlassian.greenhopper.service.sprint.Sprint@{one.id:x}[{inside}]"


def text(view: View, words: str) -> Shape | str | None:
    """A body: ADF in v3, plain text in v2."""
    if not words or view.api == "2":
        return words or None
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": words}]}
    return {"type": "doc", "version": 1, "content": [paragraph]}


def history(view: View, one: History, *, epoch: bool = False) -> Shape:
    """One changelog entry. Bulk answers give ``created`` as epoch milliseconds; Data Center items have no fieldId."""
    items = one.items if view.cloud else [_without_id(item) for item in one.items]
    created: int | str = one.at if epoch else told(one.at, view.zone)
    author = person(view, one.by)
    return {"id": str(one.id), **({"author": author} if author else {}), "created": created, "items": items}


def _without_id(item: Shape) -> Shape:
    shape = {key: value for key, value in item.items() if key != "fieldId"}
    if shape["field"] == "IssueParentAssociation":
        shape |= {"field": "Epic Link", "fieldtype": "custom"}
    return shape


def changelog(view: View, issue: Issue, most: int) -> Shape:
    """``expand=changelog``: Cloud gives the ``most`` recent entries, newest first; Data Center all, oldest first."""
    total = len(issue.histories)
    if not view.cloud:
        return {
            "startAt": 0,
            "maxResults": total,
            "total": total,
            "histories": [history(view, one) for one in issue.histories],
        }
    newest = issue.histories[: -most - 1 : -1]
    return {
        "startAt": 0,
        "maxResults": len(newest),
        "total": total if view.tells_total else len(newest),
        "histories": [history(view, one) for one in newest],
    }


def stub(view: View, issue: Issue) -> Shape:
    """An issue as another one's parent or link shows it."""
    fields = {
        "summary": issue.summary,
        "status": status(view, view.site.statuses[issue.status]),
        "issuetype": issue_type(view, view.site.types[issue.type]),
    }
    return {"id": str(issue.id), "key": issue.key, "self": view.link(f"issue/{issue.id}"), "fields": fields}


def _parent(view: View, issue: Issue) -> Shape | None:
    known = view.site.issues.get(issue.parent) if issue.parent else None
    return stub(view, known) if known else None


def _link(view: View, one: Link) -> Shape:
    inward, outward = LINK_WORDS.get(one.type, (one.type.lower(), one.type.lower()))
    other = view.site.issue(one.other)
    shown = stub(view, other) if other else {"id": one.other, "key": one.other_key}
    return {
        "id": one.id,
        "self": view.link(f"issueLink/{one.id}"),
        "type": {"id": one.type, "name": one.type, "inward": inward, "outward": outward},
        ("outwardIssue" if one.outward else "inwardIssue"): shown,
    }


def comment(view: View, one: Comment) -> Shape:
    """A comment."""
    when = told(one.at, view.zone)
    return {
        "id": str(one.id),
        "author": person(view, one.by),
        "body": text(view, one.text),
        "created": when,
        "updated": when,
    }


def _comments(view: View, issue: Issue) -> Shape:
    """Cloud tells the first MOST_COMMENTS only, Data Center all."""
    total = len(issue.comments)
    shown = [comment(view, one) for one in issue.comments[: MOST_COMMENTS if view.cloud else None]]
    told_total = total if view.tells_total else len(shown)
    return {"comments": shown, "maxResults": len(shown), "total": told_total, "startAt": 0}


def _resolution(view: View, issue: Issue) -> Shape | None:
    if issue.resolution is None:
        return None
    return {"self": view.link("resolution/1"), "description": "", "name": issue.resolution}


def _sprints(view: View, issue: Issue) -> list[Shape | str] | None:
    return [_sprint_in_issue(view, view.site.sprints[one]) for one in issue.sprints] or None


def _security(view: View, issue: Issue) -> Shape | None:
    if issue.security is None:
        return None
    return {"self": view.link("securitylevel/10021"), "id": "10021", "description": "", "name": issue.security}


def _named(name: str | None) -> Shape | None:
    return {"name": name} if name else None


_FIELDS: Mapping[str, Callable[[View, Issue], Any]] = {
    "summary": lambda _, issue: issue.summary,
    "issuetype": lambda view, issue: issue_type(view, view.site.types[issue.type]),
    "project": lambda view, issue: project(view, view.site.projects[issue.project]),
    "status": lambda view, issue: status(view, view.site.statuses[issue.status]),
    "priority": lambda _, issue: _named(issue.priority),
    "resolution": _resolution,
    "created": lambda view, issue: told(issue.created, view.zone),
    "updated": lambda view, issue: told(issue.updated, view.zone),
    "resolutiondate": lambda view, issue: None if issue.resolved is None else told(issue.resolved, view.zone),
    "statuscategorychangedate": lambda view, issue: told(issue.category_since or issue.created, view.zone),
    "duedate": lambda _, issue: issue.due,
    "fixVersions": lambda view, issue: [version_in_issue(view, view.site.versions[one]) for one in issue.versions],
    "parent": _parent,
    "assignee": lambda view, issue: person(view, issue.assignee),
    "reporter": lambda view, issue: person(view, issue.reporter),
    "creator": lambda view, issue: person(view, issue.reporter),
    "components": lambda _, issue: [{"name": one} for one in issue.components],
    "labels": lambda _, issue: issue.labels,
    "issuelinks": lambda view, issue: [_link(view, one) for one in issue.links],
    "timeoriginalestimate": lambda _, issue: issue.estimate,
    "timeestimate": lambda _, issue: issue.estimate,
    "timespent": lambda _, issue: issue.spent,
    "security": _security,
    "description": lambda view, issue: text(view, issue.description),
    "comment": _comments,
}
FIELD_NAMES = {
    "summary": "Summary", "issuetype": "Issue Type", "project": "Project", "status": "Status", "priority": "Priority",
    "resolution": "Resolution", "created": "Created", "updated": "Updated", "resolutiondate": "Resolved",
        "duedate": "Due date", "statuscategorychangedate": "Status Category Changed",
"fixVersions": "Fix versions", "parent": "Parent", "assignee": "Assignee",
    "reporter": "Reporter", "creator": "Creator", "components": "Components", "labels": "Labels",
    "issuelinks": "Linked Issues", "timeoriginalestimate": "Original estimate", "timeestimate": "Remaining Estimate",
    "timespent": "Time Spent", "security": "Security Level", "description": "Description", "comment": "Comment",
}  # fmt: skip


def chosen(view: View, wanted: Iterable[str]) -> list[str]:
    """The field ids that a ``fields`` parameter selects: names, ``*all``, ``*navigable``, ``-name``; unknown ones nothing."""
    known = [*FIELD_NAMES, *view.site.fields]
    names = [name.strip() for name in wanted if name.strip()]
    stars = [name for name in names if name.startswith("*")]
    out = {name[1:] for name in names if name.startswith("-")}
    picked = [name for name in known if name in names]
    if stars or (out and not picked):
        picked = [name for name in known if "*all" in stars or name != "comment"]
    return [name for name in picked if name not in out]


MOST_COMMENTS = 20


def issue(view: View, one: Issue, fields: Iterable[str], *, most_histories: int | None = None) -> Shape:
    """An issue with the chosen fields, and its changelog when ``most_histories`` is given."""
    shape: Shape = {
        "expand": "operations,versionedRepresentations,editmeta,changelog,renderedFields",
        "id": str(one.id),
        "self": view.link(f"issue/{one.id}"),
        "key": one.key,
        "fields": (
            view.site.garbled[one.key]
            if one.key in view.site.garbled
            else {name: _value(view, one, name) for name in fields}
        ),
    }
    if most_histories is not None:
        shape["changelog"] = changelog(view, one, most_histories)
    return shape


def _value(view: View, one: Issue, name: str) -> Any:
    if known := _FIELDS.get(name):
        return known(view, one)
    if name == view.site.sprint_field:
        return _sprints(view, one)
    if name == view.site.epic_field:
        return one.epic
    return one.extra.get(name)
