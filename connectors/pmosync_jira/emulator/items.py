"""What happens to items."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pmosync.emulation import events

from . import changes
from .cast import Story
from .edits import day, delete, new_issue, put_due, put_epic, put_stage, put_status, put_versions, retitle
from .records import Comment, Link, Worklog
from .site import RESTRICTED

TYPE_OF = {"story": "Story", "task": "Task", "bug": "Bug", "subtask": "Sub-task", "risk": "Risk", "epic": "Epic"}
LINK_OF = {"blocks": "Blocks", "relates": "Relates"}


def _item_created(story: Story, event: events.ItemCreated) -> None:
    project = story.site.project(event.project)
    if project is None:
        return
    kind = TYPE_OF.get(event.kind, event.kind.capitalize())
    issue = new_issue(story, event.key, project, event.title, kind, event.by)
    issue.due, issue.labels, issue.description = day(event.due), list(event.labels), event.description
    issue.estimate = None if event.estimate is None else round(event.estimate * 3600)
    issue.security = RESTRICTED if event.restricted else None
    issue.assignee = story.site.person(event.assignee).account if event.assignee else None
    parent = story.issue(event.parent) if event.parent else None
    issue.parent = parent.id if parent else None
    if event.milestone in story.versions:
        issue.versions = [story.versions[event.milestone]]
    elif epic := story.epics.get(event.milestone):
        issue.parent = issue.parent or epic
        issue.epic = story.site.issues[epic].key


def _item_moves(story: Story, event: events.ItemMoves) -> None:
    if issue := story.issue(event.key):
        put_stage(story, issue, event.to, event.by)


def _item_status(story: Story, event: events.ItemStatus) -> None:
    """A raw status; the workflow clears the resolution unless the status is done."""
    if issue := story.issue(event.key):
        category = story.site.status_named(event.status).category
        put_status(story, issue, event.status, category, "Done" if category == "done" else None, event.by)


def _item_assigned(story: Story, event: events.ItemAssigned) -> None:
    if issue := story.issue(event.key):
        to = story.site.person(event.to).account if event.to else None
        items = changes.assignee(story.site, issue, to)
        issue.assignee = to
        story.site.change(issue, event.by, items)


def _item_dated(story: Story, event: events.ItemDated) -> None:
    if issue := story.issue(event.key):
        put_due(story, issue, event.due, event.by)


def _item_estimated(story: Story, event: events.ItemEstimated) -> None:
    if issue := story.issue(event.key):
        seconds = None if event.estimate is None else round(event.estimate * 3600)
        items = changes.estimate(issue, seconds)
        issue.estimate = seconds
        story.site.change(issue, event.by, items)


def _item_planned(story: Story, event: events.ItemPlanned) -> None:
    """Joining a version leaves the others; joining an epic leaves the former one; a milestone of another system leaves all."""
    if issue := story.issue(event.key):
        version, epic = story.versions.get(event.milestone), story.epics.get(event.milestone)
        if epic is None:
            put_versions(story, issue, [version] if version else [], event.by)
        if version is None:
            put_epic(story, issue, epic, event.by)


def _item_retitled(story: Story, event: events.ItemRetitled) -> None:
    if issue := story.issue(event.key):
        retitle(story, issue, event.title, event.by)


def _item_labelled(story: Story, event: events.ItemLabelled) -> None:
    if issue := story.issue(event.key):
        items = changes.labels(issue, event.labels)
        issue.labels = list(event.labels)
        story.site.change(issue, event.by, items)


def _item_commented(story: Story, event: events.ItemCommented) -> None:
    """A comment moves ``updated`` and leaves no changelog entry."""
    if issue := story.issue(event.key):
        site = story.site
        issue.comments.append(Comment(site.next_id(), site.now, site.person(event.by).account, event.text))
        site.update(issue)


def _item_logged(story: Story, event: events.ItemLogged) -> None:
    """Every writing of a worklog recounts the time spent, is in the history and moves ``updated``."""
    issue = story.issue(event.key)
    if issue is None:
        return
    entry = issue.worklogs.setdefault(event.entry, Worklog(story.site.next_id(), 0))
    spent = (issue.spent or 0) - entry.seconds
    entry.seconds = round(event.hours * 3600)
    if not entry.seconds:
        del issue.worklogs[event.entry]
    items = changes.worklog(issue, entry.id, spent + entry.seconds)
    issue.spent = spent + entry.seconds
    story.site.change(issue, event.by, items)


def _item_linked(story: Story, event: events.ItemLinked) -> None:
    issue, other = story.issue(event.key), story.issue(event.other)
    if issue is None or other is None:
        return
    kind, number = LINK_OF.get(event.kind, event.kind.capitalize()), str(story.site.next_id())
    for one, far, outward in ((issue, other, True), (other, issue, False)):
        one.links.append(Link(number, kind, outward, str(far.id), far.key))
        story.site.change(one, event.by, changes.link(kind, far, outward))


def _item_moved(story: Story, event: events.ItemMoved) -> None:
    """The key changes, the id stays; versions and sprints of the former project are left behind."""
    issue, project = story.issue(event.key), story.site.project(event.project)
    if issue is None or project is None:
        return
    site = story.site
    items = changes.key(issue, event.new_key) + changes.project(site, issue, project)
    items += changes.versions(site, issue, [])
    issue.project, issue.versions = project.id, []
    site.rename({issue.key: event.new_key})
    site.change(issue, event.by, items)


def _item_restricted(story: Story, event: events.ItemRestricted) -> None:
    if issue := story.issue(event.key):
        level = RESTRICTED if event.restricted else None
        items = changes.security(issue, level)
        issue.security = level
        story.site.change(issue, event.by, items)


def _item_deleted(story: Story, event: events.ItemDeleted) -> None:
    if issue := story.issue(event.key):
        delete(story.site, issue)


def _item_sprint(story: Story, event: events.ItemSprint) -> None:
    """Closed sprints stay on the issue; of the open ones it has at most one."""
    issue = story.issue(event.key)
    if issue is None:
        return
    site = story.site
    joined = [story.sprints[event.sprint]] if event.sprint in story.sprints else []
    kept = [one for one in issue.sprints if site.sprints[one].state == "closed" and one not in joined]
    items = changes.sprint(site, issue, kept + joined)
    issue.sprints = kept + joined
    site.change(issue, event.by, items)


TELL: dict[type, Callable[[Story, Any], None]] = {
    events.ItemCreated: _item_created,
    events.ItemMoves: _item_moves,
    events.ItemStatus: _item_status,
    events.ItemAssigned: _item_assigned,
    events.ItemDated: _item_dated,
    events.ItemEstimated: _item_estimated,
    events.ItemPlanned: _item_planned,
    events.ItemRetitled: _item_retitled,
    events.ItemLabelled: _item_labelled,
    events.ItemCommented: _item_commented,
    events.ItemLogged: _item_logged,
    events.ItemLinked: _item_linked,
    events.ItemMoved: _item_moved,
    events.ItemRestricted: _item_restricted,
    events.ItemDeleted: _item_deleted,
    events.ItemSprint: _item_sprint,
}
