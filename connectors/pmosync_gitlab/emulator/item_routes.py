"""Answers about issues, merge requests and their history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from . import filters, paging, reviewing, work
from .calls import Answer, Call, RefusedError
from .look import time_stats
from .place_routes import Handler
from .records import Issue, Item
from .site import owner

T = TypeVar("T")


def issues(call: Call) -> Answer:
    """The issues of a project, of a group with its subgroups, or of the site."""
    project_ids, scope, relative = _asked(call)
    rows = filters.issues(call, project_ids, scope)
    details = call.params.flag("with_labels_details")

    def write(found: Issue) -> Any:
        return work.issue(call.look, found, details=details, relative_to=relative)

    keyset = "project" in call.named and call.look.dialect.keyset_issues
    if keyset and call.params.text("pagination") == "keyset":
        return paging.by_cursor(call, rows, filters.mark(call.params.text("order_by", "created_at")), write)
    if call.params.text("pagination") == "keyset" and not call.look.dialect.strict_keyset:
        call.params.choice("order_by", (*filters.ISSUE_ORDERS, "updated_at"), "created_at")
    return paging.listing(call, rows, write, _defaults(call), keyset="Issue" if keyset else "")


def merge_requests(call: Call) -> Answer:
    """The merge requests of a project, of a group with its subgroups, or (one's own, unless scope=all) of the site."""
    project_ids, scope, relative = _asked(call)
    rows = filters.merge_requests(call, project_ids, scope)
    details = call.params.flag("with_labels_details")
    defaults = _defaults(call) | {"with_merge_status_recheck": "false"}
    return paging.listing(
        call, rows, lambda r: work.merge_request(call.look, r, details=details, relative_to=relative), defaults
    )


def _asked(call: Call) -> tuple[Sequence[int], str, int]:
    """Whose items the path means: project ids, the list's default scope, the project references are relative to."""
    if "project" in call.named:
        number = call.project().id
        return (number,), "all", number
    if "group" in call.named:
        active = call.params.flag("non_archived", True)
        below = call.site.projects_below(call.group())
        return [p.id for p in below if not (active and p.archived)], "all", 0
    active = call.params.flag("non_archived", False)
    return [p.id for p in call.site.visible_projects() if not (active and p.archived)], "created_by_me", 0


def _defaults(call: Call) -> dict[str, str]:
    always = {"order_by": "created_at", "sort": "desc", "state": "all", "with_labels_details": "false"}
    return always | ({"non_archived": "true"} if "group" in call.named else {})


def issue(call: Call) -> Answer:
    """One issue."""
    return Answer(work.single_issue(call.look, call.issue()))


def issue_by_id(call: Call) -> Answer:
    """One issue by its global id: for administrators alone."""
    if not call.look.admin:
        raise RefusedError(403, {"message": "403 Forbidden"})
    text = call.named["id"]
    found = call.site.issues.by_id.get(int(text)) if text.isdigit() else None
    if found is None:
        raise RefusedError(404, {"message": "404 Not found"})
    return Answer(work.single_issue(call.look, found))


def merge_request(call: Call) -> Answer:
    """One merge request."""
    found = call.merge_request()
    reviewing.look(found)
    return Answer(work.single_merge_request(call.look, found))


def statistics(call: Call) -> Answer:
    """How many issues there are, by state."""
    project_ids, scope, _ = _asked(call)
    states = [found.state for found in filters.issues(call, project_ids, scope)]
    counts = {"all": len(states), "closed": states.count("closed"), "opened": states.count("opened")}
    return Answer({"statistics": {"counts": counts}})


def issue_time_stats(call: Call) -> Answer:
    """An issue's estimate and time spent."""
    found = call.issue()
    return Answer(time_stats(found.time_estimate, found.total_time_spent))


def issue_links(call: Call) -> Answer:
    """The issues linked with one, from its own point of view; never paged."""
    asked = call.issue()
    rows = [link for link in call.site.links if asked.id in (link.source, link.target)]
    return Answer([work.linked(call.look, asked, link) for link in rows])


def related_merge_requests(call: Call) -> Answer:
    """Merge requests that mention an issue."""
    rows = [call.site.merge_requests.by_id[n] for n in call.site.closing.get(call.issue().id, ())]
    return paging.listing(call, rows, lambda r: work.merge_request_details(call.look, r))


def closing_merge_requests(call: Call) -> Answer:
    """Merge requests that close an issue when merged."""
    asked = call.issue()
    rows = [call.site.merge_requests.by_id[n] for n in call.site.closing.get(asked.id, ())]
    return paging.listing(call, rows, lambda r: work.merge_request(call.look, r, relative_to=asked.project_id))


def closes_issues(call: Call) -> Answer:
    """The issues that a merge request closes."""
    asked = call.merge_request()
    rows = [i for i in call.site.issues.of((asked.project_id,)) if asked.id in call.site.closing.get(i.id, ())]
    return paging.listing(call, rows, lambda i: work.issue_basic(call.look, i))


def approvals(call: Call) -> Answer:
    """Who approved a merge request."""
    return Answer(work.approvals(call.look, call.merge_request()))


def _item(call: Call) -> Item:
    return call.merge_request() if "/merge_requests/" in call.path else call.issue()


def _history(rows: Callable[[Call, Item], Sequence[T]], write: Callable[..., Any]) -> Handler:
    """A handler that lists one kind of history, oldest first."""

    def answer(call: Call) -> Answer:
        item = _item(call)
        return paging.listing(call, rows(call, item), lambda found: write(call.look, item, found))

    return answer


def notes(call: Call) -> Answer:
    """Comments and system notes, newest first unless asked otherwise."""
    item = _item(call)
    down = call.params.choice("sort", ("asc", "desc"), "desc") == "desc"
    kept = call.params.choice("activity_filter", ("all_notes", "only_comments", "only_activity"), "all_notes")
    rows = [
        n for n in call.site.notes.get(owner(item), ()) if kept == "all_notes" or n.system is (kept == "only_activity")
    ]
    order = call.params.choice("order_by", ("created_at", "updated_at"), "created_at")
    defaults = {"activity_filter": "all_notes", "order_by": order, "sort": "desc", "noteable_id": call.named["iid"]}
    ordered = rows[::-1] if down else rows
    return paging.listing(call, ordered, lambda n: work.note(call.look, item, n), defaults)


HISTORY: dict[str, Handler] = {
    "notes": notes,
    "discussions": _history(lambda call, item: call.site.notes.get(owner(item), []), work.discussion),
    "resource_state_events": _history(lambda call, item: call.site.state_events.get(owner(item), []), work.state_event),
    "resource_milestone_events": _history(
        lambda call, item: call.site.milestone_events.get(owner(item), []), work.milestone_event
    ),
    "resource_label_events": _history(lambda call, item: call.site.label_events.get(owner(item), []), work.label_event),
}

ROUTES: dict[str, Handler] = {
    "issues": issues,
    "issues/:id": issue_by_id,
    "issues_statistics": statistics,
    "merge_requests": merge_requests,
    "groups/:group/issues": issues,
    "groups/:group/issues_statistics": statistics,
    "groups/:group/merge_requests": merge_requests,
    "projects/:project/issues": issues,
    "projects/:project/issues_statistics": statistics,
    "projects/:project/issues/:iid": issue,
    "projects/:project/issues/:iid/time_stats": issue_time_stats,
    "projects/:project/issues/:iid/links": issue_links,
    "projects/:project/issues/:iid/related_merge_requests": related_merge_requests,
    "projects/:project/issues/:iid/closed_by": closing_merge_requests,
    "projects/:project/merge_requests": merge_requests,
    "projects/:project/merge_requests/:iid": merge_request,
    "projects/:project/merge_requests/:iid/approvals": approvals,
    "projects/:project/merge_requests/:iid/closes_issues": closes_issues,
    **{f"projects/:project/issues/:iid/{name}": handler for name, handler in HISTORY.items()},
    **{f"projects/:project/merge_requests/:iid/{name}": handler for name, handler in HISTORY.items()},
}
