"""Changes that several events make to an issue, each with its changelog entry."""

from __future__ import annotations

from datetime import date

from pmosync.emulation.events import Stage

from . import changes
from .cast import Story
from .records import Issue, Project
from .site import Site

STATUS_OF = {
    Stage.TODO: "To Do",
    Stage.DOING: "In Progress",
    Stage.REVIEW: "In Review",
    Stage.DONE: "Done",
    Stage.DROPPED: "Done",
}
RESOLUTION_OF = {Stage.DONE: "Done", Stage.DROPPED: "Won't Do"}
CATEGORY_OF = {Stage.TODO: "new", Stage.DONE: "done", Stage.DROPPED: "done"}


def new_issue(story: Story, key: str, project: Project, title: str, kind: str, by: str) -> Issue:
    """A fresh issue in To Do."""
    site = story.site
    issue = Issue(
        site.next_id(), key, project.id, title, site.type_named(kind).id, site.status_named("To Do", "new").id, site.now, site.now
    )  # fmt: skip
    issue.priority, issue.reporter = "Medium", site.person(by).account
    site.add_issue(issue)
    return issue


def put_stage(story: Story, issue: Issue, to: Stage, by: str) -> None:
    """Move to a stage of the workflow."""
    category = CATEGORY_OF.get(to, "indeterminate")
    put_status(story, issue, STATUS_OF[to], category, RESOLUTION_OF.get(to), by)


def put_status(story: Story, issue: Issue, name: str, category: str, resolution: str | None, by: str) -> None:
    """Another status and resolution, in one entry."""
    site = story.site
    status = site.status_named(name, category)
    items = changes.status(site, issue, status) + changes.resolution(issue, resolution)
    if site.statuses[issue.status].category != status.category:
        issue.category_since = site.now
    if issue.resolution != resolution or (resolution and issue.resolved is None):
        issue.resolved = site.now if resolution else None
    issue.status, issue.resolution = status.id, resolution
    site.change(issue, by, items)


def put_due(story: Story, issue: Issue, due: date | None, by: str) -> None:
    """Another due date."""
    items = changes.due(issue, day(due))
    issue.due = day(due)
    story.site.change(issue, by, items)


def put_versions(story: Story, issue: Issue, versions: list[str], by: str) -> None:
    """Other fix versions."""
    items = changes.versions(story.site, issue, versions)
    issue.versions = versions
    story.site.change(issue, by, items)


def put_epic(story: Story, issue: Issue, epic: int | None, by: str) -> None:
    """Another epic; as a parent too, where no other parent stands."""
    site = story.site
    former = site.keys.get(issue.epic) if issue.epic else None
    items = changes.epic(site, former, epic)
    if issue.parent in (None, former):
        issue.parent = epic
    issue.epic = site.issues[epic].key if epic else None
    site.change(issue, by, items)


def retitle(story: Story, issue: Issue, title: str, by: str) -> None:
    """Another title."""
    items = changes.summary(issue, title)
    issue.summary = title
    story.site.change(issue, by, items)


def delete(site: Site, issue: Issue) -> None:
    """Sub-tasks go with their parent; children of an epic and links lose it."""
    site.drop_issue(issue)
    for other in list(site.issues.values()):
        other.links = [one for one in other.links if one.other != str(issue.id)]
        other.epic = None if other.epic == issue.key else other.epic
        if other.parent == issue.id:
            other.parent = None
            if site.types[other.type].level < 0:
                delete(site, other)


def day(day: date | None) -> str | None:
    """The wire's form of a date."""
    return day.isoformat() if day else None
