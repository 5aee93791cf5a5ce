"""The items of changelog entries, as Jira writes them: what was, what is, as id and as words. Equal values make no item."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .records import Issue, Project, Status
from .site import Site

Items = list[dict[str, Any]]


def item(
    field: str,
    was: tuple[str | None, str | None],
    now: tuple[str | None, str | None],
    field_id: str = "",
    kind: str = "jira",
) -> Items:
    """One item; ``was`` and ``now`` are (id, words)."""
    if was == now:
        return []
    shape: dict[str, Any] = {"field": field, "fieldtype": kind, **({"fieldId": field_id} if field_id else {})}
    return [{**shape, "from": was[0], "fromString": was[1], "to": now[0], "toString": now[1]}]


def status(site: Site, issue: Issue, to: Status) -> Items:
    """Another status."""
    was = site.statuses[issue.status]
    return item("status", (was.id, was.name), (to.id, to.name), "status")


def resolution(issue: Issue, to: str | None) -> Items:
    """Resolved, or no longer."""
    return item("resolution", (issue.resolution, issue.resolution), (to, to), "resolution")


def assignee(site: Site, issue: Issue, to: str | None) -> Items:
    """Another assignee."""
    words = {account: site.people[account].display for account in (issue.assignee, to) if account}
    was = (issue.assignee, words.get(issue.assignee or ""))
    return item("assignee", was, (to, words.get(to or "")), "assignee")


def due(issue: Issue, to: str | None) -> Items:
    """Another due date; the words carry a midnight that means nothing."""
    return item("duedate", (issue.due, _midnight(issue.due)), (to, _midnight(to)), "duedate")


def _midnight(day: str | None) -> str | None:
    return f"{day} 00:00:00.0" if day else None


def estimate(issue: Issue, to: int | None) -> Items:
    """Another original estimate, in seconds."""
    return item("timeoriginalestimate", _both(issue.estimate), _both(to), "timeoriginalestimate")


def worklog(issue: Issue, number: int, spent: int) -> Items:
    """Work logged, corrected or deleted: the worklog is named by its id whether or not the time spent is another now."""
    told = {"field": "WorklogId", "fieldtype": "jira"}
    named = [{**told, "from": str(number), "fromString": str(number), "to": None, "toString": None}]
    return item("timespent", _both(issue.spent), _both(spent), "timespent") + named


def _both(value: int | str | None) -> tuple[str | None, str | None]:
    told = None if value is None else str(value)
    return told, told


def summary(issue: Issue, to: str) -> Items:
    """Another title."""
    return item("summary", (None, issue.summary), (None, to), "summary")


def labels(issue: Issue, to: Sequence[str]) -> Items:
    """Another set of labels."""
    return item("labels", (None, " ".join(issue.labels)), (None, " ".join(to)), "labels")


def versions(site: Site, issue: Issue, to: Sequence[str]) -> Items:
    """One item for each version left and each one joined."""
    left = [one for one in issue.versions if one not in to]
    joined = [one for one in to if one not in issue.versions]
    found: Items = []
    for one in left:
        found += item("Fix Version", (one, site.versions[one].name), (None, None), "fixVersions")
    for one in joined:
        found += item("Fix Version", (None, None), (one, site.versions[one].name), "fixVersions")
    return found


def sprint(site: Site, issue: Issue, to: Sequence[int]) -> Items:
    """The whole list before and after, as comma-separated ids and names."""

    def told(ids: Sequence[int]) -> tuple[str, str]:
        return ", ".join(str(one) for one in ids), ", ".join(site.sprints[one].name for one in ids)

    return item("Sprint", told(issue.sprints), told(to), site.sprint_field, "custom")


def epic(site: Site, was: int | None, to: int | None) -> Items:
    """Another epic: Cloud speaks of the parent association."""

    def told(number: int | None) -> tuple[str | None, str | None]:
        known = site.issues.get(number) if number else None
        return (str(known.id), known.key) if known else (None, None)

    return item("IssueParentAssociation", told(was), told(to))


def key(issue: Issue, to: str) -> Items:
    """A moved issue."""
    return item("Key", (None, issue.key), (None, to))


def project(site: Site, issue: Issue, to: Project) -> Items:
    """Another project."""
    was = site.projects[issue.project]
    return item("project", (str(was.id), was.name), (str(to.id), to.name), "project")


def security(issue: Issue, to: str | None) -> Items:
    """Another security level."""
    was = ("10021", issue.security) if issue.security else (None, None)
    return item("security", was, ("10021", to) if to else (None, None), "security")


def link(kind: str, other: Issue, outward: bool) -> Items:
    """A new link, in words."""
    words = {
        ("Blocks", True): "blocks",
        ("Blocks", False): "is blocked by",
        ("Relates", True): "relates to",
        ("Relates", False): "relates to",
    }
    told = f"This issue {words.get((kind, outward), kind.lower())} {other.key}"
    return item("Link", (None, None), (other.key, told))
