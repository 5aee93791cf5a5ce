"""Answers about issues, merge requests and their history, in the shape of the REST API."""

from __future__ import annotations

import hashlib
from datetime import datetime

from . import planning
from .look import Json, Look, day, instant, time_stats
from .places import label, milestone, person
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


def issue(look: Look, found: Issue, *, details: bool = False, relative_to: int = 0) -> Json:
    """An issue in a list. ``details`` turns label names into objects; ``relative_to`` is the project that was asked."""
    shown = issue_basic(look, found, details=details)
    own = f"{look.api}/projects/{found.project_id}/issues/{found.iid}"
    shown |= {"has_tasks": False, "_links": _issue_links(look, found, own)}
    shown |= {"references": _references(look, found, relative_to), "moved_to_id": found.moved_to_id}
    shown |= {"service_desk_reply_to": None}
    if look.dialect.modern:
        shown |= {"severity": "UNKNOWN", "imported": False, "imported_from": "none"}
    return shown | found.extra


def issue_basic(look: Look, found: Issue, *, details: bool = False) -> Json:
    """An issue as milestones and merge requests list it: without references and links."""
    shown: Json = {"id": found.id, "iid": found.iid, "project_id": found.project_id, "title": found.title}
    shown |= {"description": found.description, "state": found.state, "created_at": instant(found.created_at)}
    shown |= {"updated_at": instant(found.updated_at), "closed_at": instant(found.closed_at)}
    shown |= {"closed_by": person(look, found.closed_by), "labels": _labels(look, found, details)}
    shown |= {"milestone": milestone(look, found.milestone_id), **_people(look, found)}
    shown |= {"type": found.issue_type.upper(), "user_notes_count": found.notes_count}
    shown |= {"merge_requests_count": _count(look, found), "upvotes": 0, "downvotes": 0}
    shown |= {"due_date": day(found.due_date), "confidential": found.confidential, "discussion_locked": None}
    shown |= {"issue_type": found.issue_type, "web_url": f"{_web(look, found)}/-/issues/{found.iid}"}
    shown |= {"time_stats": time_stats(found.time_estimate, found.total_time_spent)}
    shown |= {"task_completion_status": {"count": 0, "completed_count": 0}}
    shown |= planning.inside(look, found) if look.site.licensed else {}
    return shown | ({"blocking_issues_count": _blocking(look, found)} if look.dialect.modern else {})


def single_issue(look: Look, found: Issue) -> Json:
    """An issue asked for alone."""
    return issue(look, found, relative_to=found.project_id) | {"subscribed": True}


def merge_request(look: Look, found: MergeRequest, *, details: bool = False, relative_to: int = 0) -> Json:
    """A merge request in a list."""
    shown: Json = {"id": found.id, "iid": found.iid, "project_id": found.project_id, "title": found.title}
    shown |= {"description": found.description, "state": found.state, "created_at": instant(found.created_at)}
    shown |= {"updated_at": instant(found.updated_at), "merged_by": person(look, found.merged_by)}
    shown |= {"merged_at": instant(found.merged_at), "closed_by": person(look, found.closed_by)}
    shown |= {"closed_at": instant(found.closed_at), "target_branch": found.target_branch}
    shown |= {"source_branch": found.source_branch, "user_notes_count": found.notes_count, "upvotes": 0, "downvotes": 0}
    shown |= {**_people(look, found), "reviewers": [person(look, number) for number in found.reviewer_ids]}
    shown |= {"source_project_id": found.project_id, "target_project_id": found.project_id}
    shown |= {"labels": _labels(look, found, details), "work_in_progress": found.draft}
    shown |= {"milestone": milestone(look, found.milestone_id), "merge_when_pipeline_succeeds": False}
    shown |= {"merge_status": found.merge_status, "sha": found.sha, "merge_commit_sha": found.merge_commit_sha}
    shown |= {"squash_commit_sha": None, "discussion_locked": None, "should_remove_source_branch": None}
    shown |= {"force_remove_source_branch": None, "reference": f"!{found.iid}"}
    shown |= {"references": _references(look, found, relative_to)}
    shown |= {"web_url": f"{_web(look, found)}/-/merge_requests/{found.iid}", "time_stats": time_stats(0, 0)}
    shown |= {"squash": False, "task_completion_status": {"count": 0, "completed_count": 0}}
    shown |= {"has_conflicts": False, "blocking_discussions_resolved": True}
    return shown | _newer(look, found) | found.extra


def _newer(look: Look, found: MergeRequest) -> Json:
    shown: Json = {"draft": found.draft} if look.dialect.drafts else {}
    if look.dialect.merge_user:
        status = _detailed_status(found)
        shown |= {"merge_user": person(look, found.merged_by), "detailed_merge_status": status}
        shown |= {"prepared_at": instant(found.created_at), "imported": False, "imported_from": "none"}
        shown |= {"squash_on_merge": False, "merge_after": None}
    return shown


def _detailed_status(found: MergeRequest) -> str:
    if found.state != "opened":
        return "not_open"
    if found.draft:
        return "draft_status"
    return {"can_be_merged": "mergeable"}.get(found.merge_status, found.merge_status)


def merge_request_details(look: Look, found: MergeRequest) -> Json:
    """A merge request as issues list their related ones: with changes, pipeline and diff."""
    base = hashlib.sha1(found.target_branch.encode(), usedforsecurity=False).hexdigest()
    shown = merge_request(look, found, relative_to=found.project_id) | {"changes_count": "1"}
    shown |= {"latest_build_started_at": None, "latest_build_finished_at": None}
    shown |= {"first_deployed_to_production_at": None, "pipeline": None, "head_pipeline": None}
    shown |= {"diff_refs": {"base_sha": base, "head_sha": found.sha, "start_sha": base}, "merge_error": None}
    return shown | {"user": {"can_merge": True}}


def single_merge_request(look: Look, found: MergeRequest) -> Json:
    """A merge request asked for alone."""
    return merge_request_details(look, found) | {"subscribed": True, "first_contribution": False}


def approvals(look: Look, found: MergeRequest) -> Json:
    """Who approved a merge request, and when (the instant is told by newer servers)."""
    given = [_approval(look, number, moment) for number, moment in found.approvals]
    return {"user_has_approved": False, "user_can_approve": True, "approved": bool(given), "approved_by": given}


def _approval(look: Look, number: int, moment: datetime) -> Json:
    shown: Json = {"user": person(look, number)}
    return shown | ({"approved_at": instant(moment)} if look.dialect.modern else {})


def note(look: Look, item: Item, found: Note) -> Json:
    """A comment or system note."""
    shown: Json = {"id": found.id, "type": found.kind, "body": found.body, "attachment": None}
    shown |= {"author": person(look, found.author_id), "created_at": instant(found.created_at)}
    shown |= {"updated_at": instant(found.created_at), "system": found.system, "noteable_id": item.id}
    shown |= {"noteable_type": kind_of(item), "resolvable": False, "confidential": False, "noteable_iid": item.iid}
    shown |= {"commands_changes": {}}
    if look.dialect.modern:
        shown |= {"project_id": item.project_id, "internal": False, "imported": False, "imported_from": "none"}
    return shown | found.extra


def discussion(look: Look, item: Item, found: Note) -> Json:
    """A thread of one note."""
    code = hashlib.sha1(f"{kind_of(item)} {found.id}".encode(), usedforsecurity=False).hexdigest()
    return {"id": code, "individual_note": found.kind is None, "notes": [note(look, item, found)]}


def state_event(look: Look, item: Item, found: StateEvent) -> Json:
    """A change of state."""
    return _event(look, item, found) | {"state": found.state}


def milestone_event(look: Look, item: Item, found: MilestoneEvent) -> Json:
    """A change of milestone; the milestone inside is today's."""
    shown = _event(look, item, found) | {"milestone": milestone(look, found.milestone_id)}
    return shown | {"action": found.action, "state": found.state}


def label_event(look: Look, item: Item, found: LabelEvent) -> Json:
    """A change of labels."""
    return _event(look, item, found) | {"label": label(look.site.label(found.label)), "action": found.action}


def _event(look: Look, item: Item, found: StateEvent | MilestoneEvent | LabelEvent) -> Json:
    shown: Json = {"id": found.id, "user": person(look, found.user_id)}
    return (
        shown
        | {"created_at": instant(found.created_at), "resource_type": kind_of(item), "resource_id": item.id}
        | found.extra
    )


def linked(look: Look, asked: Issue, link: IssueLink) -> Json:
    """The other issue of a link, as seen from the one that was asked."""
    outward = link.source == asked.id
    other = look.site.issues.by_id[link.target if outward else link.source]
    kind = link.kind if outward or link.kind != "blocks" else "is_blocked_by"
    made = instant(link.created_at)
    shown = issue(look, other, relative_to=asked.project_id) | {"issue_link_id": link.id, "link_type": kind}
    return shown | {"link_created_at": made, "link_updated_at": made}


def activity(look: Look, found: Activity) -> Json:
    """A line of a project's activity."""
    author = person(look, found.author_id) or {}
    shown: Json = {"id": found.id, "project_id": found.project_id, "action_name": found.action}
    shown |= {"target_id": found.target_id, "target_iid": found.target_iid, "target_type": found.target_type}
    shown |= {"author_id": found.author_id, "target_title": found.target_title}
    shown |= {"created_at": instant(found.created_at), "author": author, "author_username": author.get("username")}
    return shown | ({"imported": False, "imported_from": "none"} if look.dialect.modern else {})


def _people(look: Look, found: Item) -> Json:
    assignees = [person(look, number) for number in found.assignee_ids]
    shown: Json = {"author": person(look, found.author_id), "assignees": assignees}
    return shown | {"assignee": assignees[0] if assignees else None}


def _labels(look: Look, found: Item, details: bool) -> list[str] | list[Json]:
    names = sorted(found.labels)
    return [label(look.site.label(name)) for name in names] if details else names


def _web(look: Look, found: Item) -> str:
    return f"{look.base}/{look.site.projects[found.project_id].full_path}"


def _references(look: Look, found: Item, relative_to: int) -> Json:
    short = f"{'#' if isinstance(found, Issue) else '!'}{found.iid}"
    full = look.site.projects[found.project_id].full_path + short
    return {"short": short, "relative": short if relative_to == found.project_id else full, "full": full}


def _issue_links(look: Look, found: Issue, own: str) -> Json:
    links = {"self": own, "notes": f"{own}/notes", "award_emoji": f"{own}/award_emoji"}
    links |= {"project": f"{look.api}/projects/{found.project_id}"}
    return links | ({"closed_as_duplicate_of": None} if look.dialect.modern else {})


def _count(look: Look, found: Issue) -> int:
    return len(look.site.closing.get(found.id, ()))


def _blocking(look: Look, found: Issue) -> int:
    return sum(link.source == found.id and link.kind == "blocks" for link in look.site.links)
