"""What people do to merge requests alone: pushing, asking for reviews, approving and taking it back, finishing drafts.

A push to the source branch, an approval and its withdrawal move ``updated_at`` only when it has not moved within the minute;
reviewers and drafts always move it; a push to the target branch never does.
"""

from __future__ import annotations

from .edits import change, touch, write_note
from .records import MergeRequest
from .site import Site

CHECKS = {"unchecked": "checking", "checking": "can_be_merged"}


def push(site: Site, request: MergeRequest, sha: str) -> None:
    """Another commit on the source branch: whether it can be merged is to be found out anew."""
    request.sha, request.merge_status = sha, "unchecked"
    touch(site, request)


def reset(site: Site, request: MergeRequest) -> None:
    """What a push does to approvals where a paid project is set so: they are gone, and a note names whose they were."""
    names = ", ".join(f"@{site.people[person].username}" for person, _ in request.approvals)
    request.approvals = []
    body = f"reset approvals from {names} by pushing to the branch"
    write_note(site, request, request.author_id, body, system=True)


def look(request: MergeRequest) -> None:
    """Asking for a merge request alone has GitLab find out whether it can be merged, which is told from the next time on."""
    request.merge_status = CHECKS.get(request.merge_status, request.merge_status)


def approve(site: Site, request: MergeRequest, by: int) -> None:
    """Approve; nothing if it is so already."""
    if any(person == by for person, _ in request.approvals):
        return
    request.approvals.append((by, site.now))
    write_note(site, request, by, "approved this merge request", system=True)
    touch(site, request)


def unapprove(site: Site, request: MergeRequest, by: int) -> None:
    """Take an approval back; nothing if there is none."""
    left = [(person, at) for person, at in request.approvals if person != by]
    if len(left) == len(request.approvals):
        return
    request.approvals = left
    write_note(site, request, by, "unapproved this merge request", system=True)
    touch(site, request)


def ask_for_review(site: Site, request: MergeRequest, by: int, people: list[int]) -> None:
    """Replace the reviewers."""
    if request.reviewer_ids == people:
        return
    words = " and ".join(f"@{site.people[number].username}" for number in people)
    body = f"requested review from {words}" if words else "removed the review requests"
    request.reviewer_ids = people
    write_note(site, request, by, body, system=True)
    change(site, request)


def set_draft(site: Site, request: MergeRequest, by: int, *, draft: bool) -> None:
    """Mark as a draft, or as ready."""
    if request.draft == draft:
        return
    bare = request.title.removeprefix("Draft: ")
    request.draft, request.title = draft, f"Draft: {bare}" if draft else bare
    write_note(site, request, by, f"marked this merge request as **{'draft' if draft else 'ready'}**", system=True)
    change(site, request)
