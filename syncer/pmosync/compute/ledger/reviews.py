"""Work that waits for its review: what is open of it stands in a merge request on which it is the others' turn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain

from pmosync.model import MergeRequest, Snapshot
from pmosync.raw import Ref

OPENED = "opened"
"""The state of a merge request that is neither merged nor closed."""


def waiting(snapshot: Snapshot) -> Mapping[Ref, MergeRequest]:
    """The open items that wait for a review or a merge, each with the request that has waited longest. One of which another
    request is a draft, or is being worked on after its review, does not: somebody is at work.
    """
    named = _named(each for each in snapshot.merge_requests if not each.restricted and each.ref not in snapshot.gone)
    clear = _clear(snapshot, named.keys())
    found = ((item.ref, named[item.key]) for item in snapshot.items if item.key in clear and not item.restricted)
    return {ref: longest for ref, requests in found if (longest := _longest(requests)) is not None}


def since(request: MergeRequest) -> datetime | None:
    """Since when it is the others' turn: to review it first, or to merge what was approved. None of a draft, of one that was
    answered and not approved, and of one of which that is not known.
    """
    if request.draft:
        return None
    return request.approved or (None if request.first_review is not None else request.created)


def _longest(requests: Sequence[MergeRequest]) -> MergeRequest | None:
    """The one that has waited longest, where all of them wait."""
    turns = [(at, each.ref, each) for each in requests if (at := since(each)) is not None]
    return min(turns)[-1] if len(turns) == len(requests) else None


def _named(requests: Iterable[MergeRequest]) -> Mapping[str, list[MergeRequest]]:
    """The open requests by each key that they name."""
    found: defaultdict[str, list[MergeRequest]] = defaultdict(list)
    for request in requests:
        for key in dict.fromkeys(request.items) if request.state == OPENED else ():
            found[key].append(request)
    return found


def _clear(snapshot: Snapshot, keys: Collection[str]) -> frozenset[str]:
    """Of the keys those that one connection alone bears: of others nobody can say which item is meant."""
    bearers: defaultdict[str, set[str]] = defaultdict(set)
    open_ones = ((item.key, item.ref) for item in snapshot.items)
    for key, ref in chain(open_ones, ((done.key, done.ref) for done in snapshot.deliveries)):
        if key in keys:
            bearers[key].add(ref.connection)
    return frozenset(key for key, connections in bearers.items() if len(connections) == 1)
