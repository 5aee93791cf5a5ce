"""Neutral events as Jira lives them: true changelog entries, ``updated`` and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from pmosync.emulation import events
from pmosync.emulation.events import Event, Stage

from . import changes
from .records import Comment, Issue, Link, Person, Project, Sprint, Version
from .site import RESTRICTED, Site, account_of

SYSTEM = "jira"
STATUS_OF = {
    Stage.TODO: "To Do",
    Stage.DOING: "In Progress",
    Stage.REVIEW: "In Review",
    Stage.DONE: "Done",
    Stage.DROPPED: "Done",
}
RESOLUTION_OF = {Stage.DONE: "Done", Stage.DROPPED: "Won't Do"}
TYPE_OF = {"story": "Story", "task": "Task", "bug": "Bug", "subtask": "Sub-task", "risk": "Risk", "epic": "Epic"}
LINK_OF = {"blocks": "Blocks", "relates": "Relates"}
FIRST_EPIC = 90_001
_KEY = re.compile(r"[A-Z][A-Z0-9_]*-(\d+)")


class Story:
    """A site and the names that the story has for its things."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.versions: dict[str, str] = {}
        self.epics: dict[str, int] = {}
        self.sprints: dict[str, int] = {}
        self.alive = True

    def apply(self, event: Event) -> None:
        """Let one event happen; those of other systems change only the clock."""
        self.site.advance(event.at)
        if getattr(event, "system", SYSTEM) != SYSTEM:
            return
        if tell := _TELL.get(type(event)):
            tell(self, event)
            self.site.touch()

    def issue(self, key: str) -> Issue | None:
        """The issue of an item's key, or of an epic's story key."""
        return self.site.issues.get(self.epics[key]) if key in self.epics else self.site.issue(key)


def _person_joins(story: Story, event: events.PersonJoins) -> None:
    account = account_of(event.key)
    story.site.people[account] = Person(account, event.key, event.name, event.email)


def _person_leaves(story: Story, event: events.PersonLeaves) -> None:
    story.site.person(event.key).active = False


def _project_opens(story: Story, event: events.ProjectOpens) -> None:
    project = Project(story.site.next_id(), event.key, event.name)
    story.site.add_project(project)
    story.site.board_of(project.id)


def _project_renamed(story: Story, event: events.ProjectRenamed) -> None:
    """A new project key renames every issue without a changelog entry; former keys still lead there."""
    site, project = story.site, story.site.project(event.key)
    if project is None:
        return
    project.name = event.name
    if event.new_key:
        project.key = event.new_key
        site.project_keys[event.new_key] = project.id
        for issue in [one for one in site.issues.values() if one.project == project.id]:
            _rekey(site, issue, f"{event.new_key}-{issue.number}")


def _rekey(site: Site, issue: Issue, key: str) -> None:
    former, issue.key = issue.key, key
    site.keys[key] = issue.id
    for other in site.issues.values():
        if other.epic == former:
            other.epic = key


def _project_archived(story: Story, event: events.ProjectArchived) -> None:
    if project := story.site.project(event.key):
        project.archived = True


def _milestone_opens(story: Story, event: events.MilestoneOpens) -> None:
    project = story.site.project(event.project)
    if project is None:
        return
    if event.form == "epic":
        story.epics[event.key] = _open_epic(story, event, project).id
        return
    version = Version(str(story.site.next_id()), project.id, event.title)
    version.start, version.release = _day(event.start), _day(event.due)
    story.site.versions[version.id] = version
    story.versions[event.key] = version.id


def _open_epic(story: Story, event: events.MilestoneOpens, project: Project) -> Issue:
    """An epic takes the story's key where that is an issue key; else the next number from FIRST_EPIC on."""
    site = story.site
    named = _KEY.fullmatch(event.key)
    numbers = [one.number for one in site.issues.values() if one.project == project.id and one.number >= FIRST_EPIC]
    key = event.key if named else f"{project.key}-{max(numbers, default=FIRST_EPIC - 1) + 1}"
    epic = _new_issue(story, key, project, event.title, "Epic", event.by)
    epic.due = _day(event.due)
    epic.assignee = site.person(event.owner).account if event.owner else None
    return epic


def _new_issue(story: Story, key: str, project: Project, title: str, kind: str, by: str) -> Issue:
    site = story.site
    issue = Issue(
        site.next_id(), key, project.id, title, site.type_named(kind).id, site.status_named("To Do", "new").id, site.now, site.now
    )  # fmt: skip
    issue.priority, issue.reporter = "Medium", site.person(by).account
    site.add_issue(issue)
    return issue


def _milestone_dated(story: Story, event: events.MilestoneDated) -> None:
    if event.key in story.versions:
        story.site.versions[story.versions[event.key]].release = _day(event.due)
    elif epic := story.issue(event.key):
        _put_due(story, epic, event.due, event.by)


def _milestone_renamed(story: Story, event: events.MilestoneRenamed) -> None:
    if event.key in story.versions:
        story.site.versions[story.versions[event.key]].name = event.title
    elif event.key in story.epics and (epic := story.issue(event.key)):
        _retitle(story, epic, event.title, event.by)


def _milestone_closes(story: Story, event: events.MilestoneCloses) -> None:
    if event.key in story.versions:
        version = story.site.versions[story.versions[event.key]]
        version.released = True
        version.release = _day(event.on) or version.release
    elif event.key in story.epics and (epic := story.issue(event.key)):
        _put_stage(story, epic, Stage.DONE, event.by)


def _milestone_reopens(story: Story, event: events.MilestoneReopens) -> None:
    if event.key in story.versions:
        story.site.versions[story.versions[event.key]].released = False
    elif event.key in story.epics and (epic := story.issue(event.key)):
        _put_stage(story, epic, Stage.DOING, event.by)


def _milestone_deleted(story: Story, event: events.MilestoneDeleted) -> None:
    if event.key in story.epics and (epic := story.issue(event.key)):
        del story.epics[event.key]
        _delete(story.site, epic)
        return
    number = story.versions.pop(event.key, None)
    if number is None:
        return
    for issue in [one for one in story.site.issues.values() if number in one.versions]:
        _put_versions(story, issue, [one for one in issue.versions if one != number], event.by)
    del story.site.versions[number]


def _item_created(story: Story, event: events.ItemCreated) -> None:
    project = story.site.project(event.project)
    if project is None:
        return
    kind = TYPE_OF.get(event.kind, event.kind.capitalize())
    issue = _new_issue(story, event.key, project, event.title, kind, event.by)
    issue.due, issue.labels, issue.description = _day(event.due), list(event.labels), event.description
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
        _put_stage(story, issue, event.to, event.by)


def _put_stage(story: Story, issue: Issue, to: Stage, by: str) -> None:
    category = {Stage.TODO: "new", Stage.DONE: "done", Stage.DROPPED: "done"}.get(to, "indeterminate")
    _put_status(story, issue, STATUS_OF[to], category, RESOLUTION_OF.get(to), by)


def _put_status(story: Story, issue: Issue, name: str, category: str, resolution: str | None, by: str) -> None:
    site = story.site
    status = site.status_named(name, category)
    items = changes.status(site, issue, status) + changes.resolution(issue, resolution)
    if issue.resolution != resolution or (resolution and issue.resolved is None):
        issue.resolved = site.now if resolution else None
    issue.status, issue.resolution = status.id, resolution
    site.change(issue, by, items)


def _item_status(story: Story, event: events.ItemStatus) -> None:
    """A raw status; the workflow clears the resolution unless the status is done."""
    if issue := story.issue(event.key):
        category = story.site.status_named(event.status).category
        _put_status(story, issue, event.status, category, "Done" if category == "done" else None, event.by)


def _item_assigned(story: Story, event: events.ItemAssigned) -> None:
    if issue := story.issue(event.key):
        to = story.site.person(event.to).account if event.to else None
        items = changes.assignee(story.site, issue, to)
        issue.assignee = to
        story.site.change(issue, event.by, items)


def _item_dated(story: Story, event: events.ItemDated) -> None:
    if issue := story.issue(event.key):
        _put_due(story, issue, event.due, event.by)


def _put_due(story: Story, issue: Issue, due: date | None, by: str) -> None:
    items = changes.due(issue, _day(due))
    issue.due = _day(due)
    story.site.change(issue, by, items)


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
            _put_versions(story, issue, [version] if version else [], event.by)
        if version is None:
            _put_epic(story, issue, epic, event.by)


def _put_versions(story: Story, issue: Issue, versions: list[str], by: str) -> None:
    items = changes.versions(story.site, issue, versions)
    issue.versions = versions
    story.site.change(issue, by, items)


def _put_epic(story: Story, issue: Issue, epic: int | None, by: str) -> None:
    site = story.site
    former = site.keys.get(issue.epic) if issue.epic else None
    items = changes.epic(site, former, epic)
    if issue.parent in (None, former):
        issue.parent = epic
    issue.epic = site.issues[epic].key if epic else None
    site.change(issue, by, items)


def _item_retitled(story: Story, event: events.ItemRetitled) -> None:
    if issue := story.issue(event.key):
        _retitle(story, issue, event.title, event.by)


def _retitle(story: Story, issue: Issue, title: str, by: str) -> None:
    items = changes.summary(issue, title)
    issue.summary = title
    story.site.change(issue, by, items)


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
        issue.updated = site.now


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
    _rekey(site, issue, event.new_key)
    site.change(issue, event.by, items)


def _item_restricted(story: Story, event: events.ItemRestricted) -> None:
    if issue := story.issue(event.key):
        level = RESTRICTED if event.restricted else None
        items = changes.security(issue, level)
        issue.security = level
        story.site.change(issue, event.by, items)


def _item_deleted(story: Story, event: events.ItemDeleted) -> None:
    if issue := story.issue(event.key):
        _delete(story.site, issue)


def _delete(site: Site, issue: Issue) -> None:
    """Sub-tasks go with their parent; children of an epic and links lose it."""
    site.drop_issue(issue)
    for other in list(site.issues.values()):
        other.links = [one for one in other.links if one.other != str(issue.id)]
        other.epic = None if other.epic == issue.key else other.epic
        if other.parent == issue.id:
            other.parent = None
            if site.types[other.type].level < 0:
                _delete(site, other)


def _sprint_opened(story: Story, event: events.SprintOpened) -> None:
    project = story.site.project(event.project)
    if project is None:
        return
    board = story.site.board_of(project.id)
    sprint = Sprint(story.site.next_id(), event.title, "future", _start(event.start), _end(event.end), None, board.id)
    story.site.sprints[sprint.id] = sprint
    story.sprints[event.key] = sprint.id


def _sprint_started(story: Story, event: events.SprintStarted) -> None:
    if event.key in story.sprints:
        story.site.sprints[story.sprints[event.key]].state = "active"


def _sprint_closed(story: Story, event: events.SprintClosed) -> None:
    if event.key in story.sprints:
        sprint = story.site.sprints[story.sprints[event.key]]
        sprint.state, sprint.complete = "closed", _utc(event.at)


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


def _access(given: bool) -> Callable[[Story, Any], None]:
    def tell(story: Story, event: events.AccessLost | events.AccessGiven) -> None:
        if not event.key:
            story.alive = given
        elif project := story.site.project(event.key):
            project.hidden = not given

    return tell


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _start(day: date) -> str:
    return f"{day.isoformat()}T09:00:00.000Z"


def _end(day: date) -> str:
    return f"{day.isoformat()}T17:00:00.000Z"


def _utc(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S.000Z}"


_TELL: dict[type, Callable[[Story, Any], None]] = {
    events.PersonJoins: _person_joins,
    events.PersonLeaves: _person_leaves,
    events.ProjectOpens: _project_opens,
    events.ProjectRenamed: _project_renamed,
    events.ProjectArchived: _project_archived,
    events.MilestoneOpens: _milestone_opens,
    events.MilestoneDated: _milestone_dated,
    events.MilestoneRenamed: _milestone_renamed,
    events.MilestoneCloses: _milestone_closes,
    events.MilestoneReopens: _milestone_reopens,
    events.MilestoneDeleted: _milestone_deleted,
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
    events.ItemLinked: _item_linked,
    events.ItemMoved: _item_moved,
    events.ItemRestricted: _item_restricted,
    events.ItemDeleted: _item_deleted,
    events.SprintOpened: _sprint_opened,
    events.SprintStarted: _sprint_started,
    events.SprintClosed: _sprint_closed,
    events.ItemSprint: _item_sprint,
    events.AccessLost: _access(False),
    events.AccessGiven: _access(True),
}
