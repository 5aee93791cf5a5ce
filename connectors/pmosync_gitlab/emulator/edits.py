"""What people do to issues and merge requests, with everything GitLab does in its wake: history, notes, ``updated_at``.

A second edit within a minute of ``updated_at`` does not move it when it only touches assignees, labels, notes, time or
links; milestone, dates, title, description, state and confidentiality always move it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from .look import duration
from .records import (
    Activity,
    Issue,
    IssueLink,
    Item,
    LabelEvent,
    MergeRequest,
    MilestoneEvent,
    Note,
    StateEvent,
    kind_of,
)
from .site import Site, owner

TOUCH_INTERVAL = timedelta(minutes=1)


def touch(site: Site, item: Item) -> None:
    """Move ``updated_at``, unless it moved within the last minute."""
    if site.now - item.updated_at > TOUCH_INTERVAL:
        item.updated_at = site.now


def change(site: Site, item: Item) -> None:
    """Move ``updated_at`` in any case."""
    item.updated_at = max(site.now, item.updated_at)


def write_note(site: Site, item: Item, author: int, body: str, *, system: bool) -> None:
    """Add a note; comments are counted and touch the item, system notes do neither by themselves."""
    number = site.new_id("note")
    site.notes[owner(item)].append(Note(id=number, body=body, author_id=author, created_at=site.now, system=system))
    if not system:
        item.notes_count += 1
        touch(site, item)


def delete_note(site: Site, item: Item, number: int) -> None:
    """Take a note out; it moves nothing."""
    notes = site.notes[owner(item)]
    gone = [note for note in notes if note.id == number]
    site.notes[owner(item)] = [note for note in notes if note.id != number]
    item.notes_count -= sum(not note.system for note in gone)


def record(site: Site, item: Item, author: int, action: str) -> None:
    """Add a line to the project's activity."""
    line = Activity(
        id=site.new_id("activity"),
        project_id=item.project_id,
        action=action,
        target_type=kind_of(item),
        target_id=item.id,
        target_iid=item.iid,
        target_title=item.title,
        author_id=author,
        created_at=site.now,
    )
    site.activities.append(line)


def set_state(site: Site, item: Item, by: int, state: str) -> None:
    """Close, reopen or merge, with the event that records it; nothing if it is so already."""
    if item.state == state:
        return
    word = "reopened" if state == "opened" else state
    event = StateEvent(id=site.new_id("state_event"), user_id=by, created_at=site.now, state=word)
    site.state_events[owner(item)].append(event)
    item.state = state
    item.closed_at, item.closed_by = (site.now, by) if state == "closed" else (None, None)
    change(site, item)
    record(site, item, by, word)


def set_labels(site: Site, item: Item, by: int, names: Iterable[str]) -> None:
    """Replace the labels, with an event for each one that came or went."""
    wanted = dict.fromkeys(names)
    gone = [name for name in item.labels if name not in wanted]
    come = [name for name in wanted if name not in item.labels]
    for name, action in [(n, "add") for n in come] + [(n, "remove") for n in gone]:
        site.label(name)
        event = LabelEvent(id=site.new_id("label_event"), user_id=by, created_at=site.now, label=name, action=action)
        site.label_events[owner(item)].append(event)
    if come or gone:
        item.labels = list(wanted)
        touch(site, item)


def set_milestone(site: Site, item: Item, by: int, number: int | None) -> None:
    """Join another milestone: one ``add`` event for the new one, a ``remove`` event only when none follows."""
    if item.milestone_id == number:
        return
    told, action = (number, "add") if number is not None else (item.milestone_id, "remove")
    event = MilestoneEvent(
        id=site.new_id("milestone_event"),
        user_id=by,
        created_at=site.now,
        milestone_id=told or 0,
        action=action,
        state=item.state,
    )
    site.milestone_events[owner(item)].append(event)
    item.milestone_id = number
    change(site, item)


def set_due(site: Site, issue: Issue, by: int, due: date | None) -> None:
    """Set or clear the due date; a system note is the only trace of the old one."""
    if issue.due_date == due:
        return
    words = f"changed due date to {due:%B %d, %Y}" if due else "removed due date"
    issue.due_date = due
    write_note(site, issue, by, words, system=True)
    change(site, issue)


def set_title(site: Site, item: Item, by: int, title: str) -> None:
    """Retitle."""
    if item.title == title:
        return
    write_note(site, item, by, f"changed title from **{item.title}** to **{title}**", system=True)
    item.title = title
    change(site, item)


def describe(site: Site, item: Item, description: str) -> None:
    """Another description."""
    item.description = description
    change(site, item)


def set_confidential(site: Site, issue: Issue, by: int, confidential: bool) -> None:
    """Hide the issue from those below Reporter, or show it again."""
    if issue.confidential == confidential:
        return
    issue.confidential = confidential
    words = "made the issue confidential" if confidential else "made the issue visible to everyone"
    write_note(site, issue, by, words, system=True)
    change(site, issue)


def assign(site: Site, item: Item, by: int, people: list[int]) -> None:
    """Replace the assignees."""
    if item.assignee_ids == people:
        return
    words = [f"assigned to @{site.people[n].username}" for n in people if n not in item.assignee_ids]
    words += [f"unassigned @{site.people[n].username}" for n in item.assignee_ids if n not in people]
    item.assignee_ids = people
    write_note(site, item, by, " and ".join(words), system=True)
    touch(site, item)


def estimate(site: Site, issue: Issue, by: int, seconds: int) -> None:
    """Set the time estimate, in seconds of an 8-hour day."""
    if issue.time_estimate == seconds:
        return
    issue.time_estimate = seconds
    words = f"changed time estimate to {duration(seconds)}" if seconds else "removed time estimate"
    write_note(site, issue, by, words, system=True)
    touch(site, issue)


def link(site: Site, source: Issue, target: Issue, by: int, kind: str) -> None:
    """Link two issues; both get a note."""
    words = {"blocks": ("blocking", "blocked by")}.get(kind, ("related to", "related to"))
    for item, other, word in ((source, target, words[0]), (target, source, words[1])):
        name = site.projects[other.project_id].full_path if other.project_id != item.project_id else ""
        write_note(site, item, by, f"marked this issue as {word} {name}#{other.iid}", system=True)
        touch(site, item)
    number = site.new_id("link")
    site.links.append(IssueLink(id=number, source=source.id, target=target.id, kind=kind, created_at=site.now))


def move(site: Site, issue: Issue, by: int, project_id: int, iid: int) -> Issue:
    """Move to another project: a new issue with a new id; the old one is closed without any event and points to it."""
    stays = issue.milestone_id and site.milestones[issue.milestone_id].project_id is None
    moved = Issue(
        id=site.new_id("Issue"),
        iid=iid,
        project_id=project_id,
        title=issue.title,
        description=issue.description,
        author_id=issue.author_id,
        state=issue.state,
        created_at=issue.created_at,
        updated_at=site.now,
        labels=list(issue.labels),
        milestone_id=issue.milestone_id if stays else None,
        assignee_ids=list(issue.assignee_ids),
        due_date=issue.due_date,
        confidential=issue.confidential,
        issue_type=issue.issue_type,
        time_estimate=issue.time_estimate,
        total_time_spent=issue.total_time_spent,
    )
    site.add_item(moved)
    _leave_behind(site, issue, by, moved)
    return moved


def _leave_behind(site: Site, issue: Issue, by: int, moved: Issue) -> None:
    there = f"{site.projects[moved.project_id].full_path}#{moved.iid}"
    write_note(site, issue, by, f"moved to {there}", system=True)
    issue.state, issue.closed_at, issue.closed_by = "closed", site.now, by
    issue.moved_to_id = moved.id
    change(site, issue)


def delete_issue(site: Site, issue: Issue) -> None:
    """Delete: it leaves no tombstone, and its number is not used again."""
    site.issues.remove(issue)
    for history in (site.notes, site.state_events, site.milestone_events, site.label_events):
        history.pop(owner(issue), None)
    site.links = [link for link in site.links if issue.id not in (link.source, link.target)]
    site.closing.pop(issue.id, None)


def delete_person(site: Site, number: int) -> None:
    """Delete an account: what it wrote is the ghost's from then on, and it is assigned to nothing any more."""
    site.remove_person(number)
    for item in (*site.issues, *site.merge_requests):
        item.assignee_ids = [one for one in item.assignee_ids if one != number]
    for request in site.merge_requests:
        request.reviewer_ids = [one for one in request.reviewer_ids if one != number]


def delete_milestone(site: Site, number: int, by: int) -> None:
    """Delete a milestone: items lose it, and the events that told of it vanish."""
    del site.milestones[number]
    for item in (*site.issues, *site.merge_requests):
        if item.milestone_id == number:
            item.milestone_id = None
            change(site, item)
    for key, events in site.milestone_events.items():
        site.milestone_events[key] = [event for event in events if event.milestone_id != number]


CLOSES = re.compile(r"\b(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)):?\s+((?:[\w./-]+)?#\d+)", re.I)


def closed_by(site: Site, request: MergeRequest) -> list[Issue]:
    """The issues whose closing the merge request's description announces ("Closes #5", "Fixes pay/api#7")."""
    found = []
    for name in CLOSES.findall(request.description or ""):
        path, _, iid = name.partition("#")
        project = site.project(path) if path else site.projects[request.project_id]
        issue = site.issues.at(project.id, int(iid)) if project else None
        if issue:
            found.append(issue)
    return found


def remember_closing(site: Site, request: MergeRequest) -> list[Issue]:
    """Keep which issues a merge request will close; gives them."""
    found = closed_by(site, request)
    for issue in found:
        site.closing[issue.id].append(request.id)
    return found


def announce(site: Site, request: MergeRequest) -> None:
    """Note on each issue that this merge request will close it."""
    for issue in remember_closing(site, request):
        write_note(site, issue, request.author_id, f"mentioned in merge request !{request.iid}", system=True)
        touch(site, issue)


def merge(site: Site, request: MergeRequest, by: int) -> None:
    """Merge, and close what it announced at the same moment."""
    set_state(site, request, by, "merged")
    request.merged_at, request.merged_by, request.merge_status = site.now, by, "can_be_merged"
    request.merge_commit_sha = f"{request.id:07x}".ljust(40, "0")
    write_note(site, request, by, f"mentioned in commit {request.merge_commit_sha}", system=True)
    for issue in closed_by(site, request):
        set_state(site, issue, by, "closed")
