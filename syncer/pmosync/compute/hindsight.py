"""A past moment as it really was, as far as is known today: what had been changed by then and was only seen later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from pmosync.compute.changes import as_observed
from pmosync.model import Observation, Snapshot, SourceMilestone


def with_hindsight(then: Snapshot, told: Mapping[str, Sequence[Observation]], until: datetime) -> Snapshot:
    """The snapshot of a past moment with the dates that sources had before ``until`` by their own word, ``told`` being
    everything seen by now. What a source does not date, and what was typed, stays as it was seen.
    """
    late = {name: moves for name, seen in told.items() if (moves := tuple(_late(seen, then.as_of, until)))}
    sources = {
        ref: _as_it_was(source, late[str(ref)]) if str(ref) in late else source for ref, source in then.sources.items()
    }
    observations = {**then.observations, **{name: _with(then, name, moves) for name, moves in late.items()}}
    return replace(then, sources=sources, observations=observations)


def _late(seen: Iterable[Observation], known: datetime, until: datetime) -> Iterator[Observation]:
    """What had happened by then and was seen after the moment, as if seen when it happened."""
    for each in seen:
        if each.seen > known and each.changed is not None and each.changed < until:
            yield replace(each, seen=min(each.changed, known))


def _as_it_was(source: SourceMilestone, moves: Sequence[Observation]) -> SourceMilestone:
    """The source with the last value of each field."""
    changed = as_observed(source, {each.field: each.new for each in moves})
    return changed if isinstance(changed, SourceMilestone) else source


def _with(then: Snapshot, name: str, moves: Sequence[Observation]) -> tuple[Observation, ...]:
    return tuple(sorted((*then.observations.get(name, ()), *moves), key=lambda each: each.seen))
