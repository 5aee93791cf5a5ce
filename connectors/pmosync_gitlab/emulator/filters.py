"""Which issues and merge requests a list call means, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from .calls import Call, Params
from .records import Issue, Item, MergeRequest
from .shelf import Shelf, since

T = TypeVar("T", Issue, MergeRequest)
Test = Callable[[Item], bool]
NEVER = datetime.max.replace(tzinfo=UTC)
ISSUE_ORDERS = (
    "created_at",
    "due_date",
    "label_priority",
    "milestone_due",
    "popularity",
    "priority",
    "relative_position",
    "title",
)
ISSUE_STATES = ("opened", "closed", "all")
REQUEST_ORDERS = ("created_at", "updated_at", "title", "merged_at")
REQUEST_STATES = ("opened", "closed", "locked", "merged", "all")
SCOPES = ("all", "created_by_me", "assigned_to_me", "created-by-me", "assigned-to-me")


def issues(call: Call, project_ids: Iterable[int], scope: str) -> Iterable[Issue]:
    """Issues as asked; ``scope`` is the default of the list: ``all`` for projects and groups, ``created_by_me`` for the site."""
    keys = ("id",) if "project" in call.named and call.look.dialect.keyset_issues else ()
    order = call.params.choice("order_by", (*ISSUE_ORDERS, "updated_at", *keys), "created_at")
    tests = _shared_tests(call, scope, call.params.choice("state", ISSUE_STATES, "all"))
    tests += [test for test in _issue_tests(call) if test]
    return _chosen(call, call.site.issues, project_ids, tests, order)


def merge_requests(call: Call, project_ids: Iterable[int], scope: str) -> Iterable[MergeRequest]:
    """Merge requests as asked; the site's list shows one's own unless ``scope=all`` is given."""
    order = call.params.choice("order_by", REQUEST_ORDERS, "created_at")
    tests = _shared_tests(call, scope, call.params.choice("state", REQUEST_STATES, "all"))
    tests += [test for test in _request_tests(call.params) if test]
    return _chosen(call, call.site.merge_requests, project_ids, tests, order)


def mark(order: str) -> Callable[[Item], list[object]]:
    """Where an item stands in an order, as plain JSON: the value, then the id that breaks ties."""
    if order == "id":
        return lambda item: [item.id]
    return lambda item: [_value(item, order).isoformat(), item.id]


def _value(item: Item, order: str) -> datetime:
    found = getattr(item, order, None)
    if isinstance(found, datetime):
        return found
    return datetime(found.year, found.month, found.day, tzinfo=UTC) if found else NEVER


def _chosen(call: Call, shelf: Shelf[T], project_ids: Iterable[int], tests: list[Test], order: str) -> Iterable[T]:
    down = call.params.choice("sort", ("asc", "desc"), "desc") == "desc"
    rows: Sequence[T] = shelf.of(frozenset(project_ids))
    after = call.params.moment("created_after")
    rows = rows[since(rows, after) :] if after else rows
    if order in ("updated_at", "due_date", "merged_at", "id"):
        rows = sorted(rows, key=mark(order), reverse=down)
    elif order == "title":
        rows = sorted(rows, key=lambda item: (item.title.lower(), item.id), reverse=down)
    elif down:
        rows = rows[::-1]
    return _passing(rows, tests) if tests else rows


def _passing(rows: Iterable[T], tests: list[Test]) -> Iterator[T]:
    if len(tests) == 1:
        return filter(tests[0], rows)
    return (row for row in rows if all(test(row) for test in tests))


def _shared_tests(call: Call, scope: str, state: str) -> list[Test]:
    params = call.params
    tests: list[Test | None] = [
        (lambda item: item.state == state) if state != "all" else None,
        _scope(call, params.choice("scope", SCOPES, scope).replace("-", "_")),
        _iids(params),
        *(_time(params, field, side) for field in ("updated", "created") for side in ("after", "before")),
        _labels(params),
        _milestone(call),
        _search(params),
    ]
    return [test for test in tests if test]


def _scope(call: Call, scope: str) -> Test | None:
    if scope == "created_by_me":
        return lambda item: item.author_id == call.me
    return (lambda item: call.me in item.assignee_ids) if scope == "assigned_to_me" else None


def _iids(params: Params) -> Test | None:
    wanted = {int(text) for text in params.many("iids") if text.isdigit()}
    return (lambda item: item.iid in wanted) if params.many("iids") else None


def _time(params: Params, field: str, side: str) -> Test | None:
    """Both bounds are inclusive; ``created_after`` is a place in the sorted list already."""
    edge = params.moment(f"{field}_{side}")
    if edge is None or (field, side) == ("created", "after"):
        return None
    if side == "after":
        return lambda item: item.updated_at >= edge
    return lambda item: bool(getattr(item, f"{field}_at") <= edge)


def _labels(params: Params) -> Test | None:
    wanted = params.many("labels")
    if not wanted:
        return None
    if wanted[0].lower() in ("none", "any"):
        some = wanted[0].lower() == "any"
        return lambda item: bool(item.labels) is some
    return lambda item: all(name in item.labels for name in wanted)


def _milestone(call: Call) -> Test | None:
    title = call.params.text("milestone")
    if not title:
        return None
    if title.lower() in ("none", "any"):
        some = title.lower() == "any"
        return lambda item: (item.milestone_id is not None) is some
    numbers = {found.id for found in call.site.milestones.values() if found.title == title}
    return lambda item: item.milestone_id in numbers


def _search(params: Params) -> Test | None:
    words = params.text("search").lower()
    return (lambda item: words in f"{item.title}\n{item.description or ''}".lower()) if words else None


def _issue_tests(call: Call) -> list[Test | None]:
    kind, secret = call.params.text("issue_type"), call.params.text("confidential")
    shown = call.params.flag("confidential")
    return [
        (lambda item: isinstance(item, Issue) and item.issue_type == kind) if kind else None,
        (lambda item: isinstance(item, Issue) and item.confidential is shown) if secret else None,
        (lambda item: isinstance(item, Issue) and not item.confidential) if not call.site.sees_confidential else None,
    ]


def _request_tests(params: Params) -> list[Test | None]:
    source, target, wip = params.text("source_branch"), params.text("target_branch"), params.text("wip")
    return [
        (lambda item: isinstance(item, MergeRequest) and item.source_branch == source) if source else None,
        (lambda item: isinstance(item, MergeRequest) and item.target_branch == target) if target else None,
        (lambda item: isinstance(item, MergeRequest) and item.draft is (wip == "yes")) if wip else None,
    ]
