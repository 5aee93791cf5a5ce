"""GitLab 13 to 18 name the same things differently: whatever name a server uses, the entity is the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from pmosync.mapping import Context, load_mapping, translate
from pmosync.model import MergeRequest, WorkItem
from pmosync.raw import RawRecord, Ref

GITLAB = load_mapping("gitlab")
ANN = {"id": 2, "username": "ann", "name": "Ann Chen"}
BOB = {"id": 3, "username": "bob", "name": "Bob"}
DATES = {"created_at": "2026-11-01T08:00:00.000Z", "updated_at": "2026-11-02T08:00:00.000Z"}
PLACE = {"id": 4, "iid": 4, "project_id": 9, "references": {"full": "pay/api#4", "short": "#4"}}
REQUEST = {
    **DATES,
    **PLACE,
    "title": "Retry",
    "state": "merged",
    "merged_at": "2026-11-02T08:00:00.000Z",
    "closed_at": None,
    "author": ANN,
    "source_branch": "retry",
    "references": {"full": "pay/api!4"},
    "reference": "!4",
    "reviewers": [BOB],
    "draft": True,
    "work_in_progress": True,
    "merge_user": BOB,
    "merged_by": BOB,
    "detailed_merge_status": "not_open",
    "merge_status": "can_be_merged",
    "prepared_at": "2026-11-01T08:00:01.000Z",
}
ISSUE = {
    **DATES,
    **PLACE,
    "title": "Login",
    "state": "closed",
    "closed_at": "2026-11-02T08:00:00.000Z",
    "closed_by": BOB,
    "labels": ["team::Core"],
    "issue_type": "task",
    "type": "TASK",
    "assignees": [ANN],
    "assignee": ANN,
    "author": BOB,
}


def entity(kind: str, payload: Mapping[str, Any], without: Iterable[str] = ()) -> object:
    """The one entity of a row that lacks some names."""
    row = {name: value for name, value in payload.items() if name not in set(without)}
    found = translate(GITLAB, RawRecord(Ref("git", kind, "4"), row), Context())
    (fact,) = found.facts
    assert not found.problems
    return fact


@pytest.mark.parametrize(
    ("kind", "payload", "new", "old"),
    [
        ("merge_request", REQUEST, "draft", "work_in_progress"),
        ("merge_request", REQUEST, "merge_user", "merged_by"),
        ("merge_request", REQUEST, "detailed_merge_status", "merge_status"),
        ("merge_request", REQUEST, "prepared_at", "reference"),
        ("issue", ISSUE, "issue_type", "type"),
        ("issue", ISSUE, "assignees", "assignee"),
    ],
)
def test_old_and_new_names_tell_the_same(kind: str, payload: Mapping[str, Any], new: str, old: str) -> None:
    """Either name alone, as an old or a coming server has it, and both together."""
    both = entity(kind, payload)
    assert entity(kind, payload, [new]) == both
    assert entity(kind, payload, [old]) == both


def test_a_request_of_13_and_one_of_18_are_equal() -> None:
    """All old names together, and all new ones."""
    new = ("draft", "merge_user", "detailed_merge_status", "prepared_at")
    old = ("work_in_progress", "merged_by", "merge_status", "reference")
    found = entity("merge_request", REQUEST, new)
    assert found == entity("merge_request", REQUEST, old)
    assert isinstance(found, MergeRequest)
    assert (found.draft, found.merged_by, found.key) == (True, "bob", "pay/api!4")


def test_an_issue_of_either_age_is_typed_and_owned() -> None:
    """A task lies below the level of scope by either name of its type. Who closed it is its state event's to tell."""
    found = entity("issue", ISSUE, ["issue_type", "assignees", "closed_by"])
    assert found == entity("issue", ISSUE)
    assert isinstance(found, WorkItem)
    assert (found.type, found.level, found.owner) == ("task", -1, "ann")
