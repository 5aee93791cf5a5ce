"""What happens to people, projects, milestones, sprints and rights."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from pmosync.emulation import events
from pmosync.emulation.events import Stage

from .cast import Story
from .edits import day, delete, new_issue, put_due, put_stage, put_versions, retitle
from .records import Issue, Person, Project, Sprint, Version
from .site import account_of

FIRST_EPIC = 90_001
_KEY = re.compile(r"[A-Z][A-Z0-9_]*-(\d+)")


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
        inside = (one for one in site.issues.values() if one.project == project.id)
        site.rename({issue.key: f"{event.new_key}-{issue.number}" for issue in inside})


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
    version.start, version.release = day(event.start), day(event.due)
    story.site.versions[version.id] = version
    story.versions[event.key] = version.id


def _open_epic(story: Story, event: events.MilestoneOpens, project: Project) -> Issue:
    """An epic takes the story's key where that is an issue key; else the next number from FIRST_EPIC on."""
    site = story.site
    named = _KEY.fullmatch(event.key)
    numbers = [one.number for one in site.issues.values() if one.project == project.id and one.number >= FIRST_EPIC]
    key = event.key if named else f"{project.key}-{max(numbers, default=FIRST_EPIC - 1) + 1}"
    epic = new_issue(story, key, project, event.title, "Epic", event.by)
    epic.due = day(event.due)
    epic.assignee = site.person(event.owner).account if event.owner else None
    return epic


def _milestone_dated(story: Story, event: events.MilestoneDated) -> None:
    if event.key in story.versions:
        story.site.versions[story.versions[event.key]].release = day(event.due)
    elif epic := story.issue(event.key):
        put_due(story, epic, event.due, event.by)


def _milestone_renamed(story: Story, event: events.MilestoneRenamed) -> None:
    if event.key in story.versions:
        story.site.versions[story.versions[event.key]].name = event.title
    elif event.key in story.epics and (epic := story.issue(event.key)):
        retitle(story, epic, event.title, event.by)


def _milestone_closes(story: Story, event: events.MilestoneCloses) -> None:
    if event.key in story.versions:
        version = story.site.versions[story.versions[event.key]]
        version.released = True
        version.release = day(event.on) or version.release
    elif event.key in story.epics and (epic := story.issue(event.key)):
        put_stage(story, epic, Stage.DONE, event.by)


def _milestone_reopens(story: Story, event: events.MilestoneReopens) -> None:
    if event.key in story.versions:
        story.site.versions[story.versions[event.key]].released = False
    elif event.key in story.epics and (epic := story.issue(event.key)):
        put_stage(story, epic, Stage.DOING, event.by)


def _milestone_deleted(story: Story, event: events.MilestoneDeleted) -> None:
    if event.key in story.epics and (epic := story.issue(event.key)):
        del story.epics[event.key]
        delete(story.site, epic)
        return
    number = story.versions.pop(event.key, None)
    if number is None:
        return
    for issue in [one for one in story.site.issues.values() if number in one.versions]:
        put_versions(story, issue, [one for one in issue.versions if one != number], event.by)
    del story.site.versions[number]


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


def _access(given: bool) -> Callable[[Story, Any], None]:
    def tell(story: Story, event: events.AccessLost | events.AccessGiven) -> None:
        if not event.key:
            story.alive = given
        elif project := story.site.project(event.key):
            project.hidden = not given

    return tell


def _start(day: date) -> str:
    return f"{day.isoformat()}T09:00:00.000Z"


def _end(day: date) -> str:
    return f"{day.isoformat()}T17:00:00.000Z"


def _utc(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S.000Z}"


TELL: dict[type, Callable[[Story, Any], None]] = {
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
    events.SprintOpened: _sprint_opened,
    events.SprintStarted: _sprint_started,
    events.SprintClosed: _sprint_closed,
    events.AccessLost: _access(False),
    events.AccessGiven: _access(True),
}
