"""Which items wait for their review, and in which request."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from pmosync.compute.ledger.reviews import waiting
from pmosync.model import Category, Delivery, MergeRequest, Outcome, Snapshot, WorkItem
from pmosync.raw import Ref

NOW = datetime(2026, 3, 9, 4, tzinfo=UTC)
ITEM = Ref("jira", "issue", "1")


def item(ref: Ref = ITEM, key: str = "PAY-1", **fields: Any) -> WorkItem:
    """An open item."""
    told = {"status": "In Review", "category": Category.DOING, "outcome": Outcome.OPEN, **fields}
    return WorkItem(ref=ref, key=key, title="x", level=0, **told)


def request(number: int, days: int, **fields: Any) -> MergeRequest:
    """An open request for PAY-1, so many days old."""
    ref = Ref("gitlab", "merge_request", str(number))
    told = {"state": "opened", "created": NOW - timedelta(days=days), "items": ("PAY-1",), **fields}
    return MergeRequest(ref=ref, key=f"shop!{number}", title="x", **told)


def found(*requests: MergeRequest, **more: Any) -> dict[Ref, str]:
    """The items that wait, with the key of what they wait in."""
    snapshot = Snapshot(as_of=NOW, **{"items": (item(),), "merge_requests": requests, **more})
    return {ref: each.key for ref, each in waiting(snapshot).items()}


def test_the_request_that_has_waited_longest_is_named() -> None:
    """Several may be owed: one that was approved waits since its approval, and a closed one is no matter any more."""
    approved = request(9, 30, first_review=NOW, approved=NOW - timedelta(days=1))
    assert found(request(7, 2), request(8, 5), approved, request(6, 60, state="closed")) == {ITEM: "shop!8"}


def test_a_key_of_two_sites_waits_for_nothing() -> None:
    """Of a key that items of two connections bear, open or delivered, nobody can say which one is meant."""
    other = Ref("jira2", "issue", "1")
    assert found(request(7, 2), items=(item(), item(other))) == {}
    assert found(request(7, 2), deliveries=(Delivery(ref=other, key="PAY-1", at=NOW),)) == {}


def test_what_is_gone_or_hidden_is_waited_for_no_longer() -> None:
    """A request that is not visible any more, and an item that is restricted, tell nothing."""
    assert found(request(7, 2), gone={request(7, 2).ref: NOW}) == {}
    assert found(request(7, 2), items=(item(restricted=True),)) == {}
