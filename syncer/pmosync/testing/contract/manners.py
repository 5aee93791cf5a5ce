"""What a source tells beyond what it is asked for, and what it leaves behind."""

from __future__ import annotations

import re
import threading

from pmosync.testing.contract.trial import Memory, Trial, batches, hold, told

FEW = 3
"""So many paths are asked for where few are."""


def paths(trial: Trial) -> None:
    """A payload holds what the mapping reads and the names that are always told, and nothing else: neither where the
    whole mapping is asked for, nor a few of its paths.
    """
    trial.fill(2)
    mapping = trial.mapping
    asked = {kind: mapping.paths(kind) for kind in mapping.kinds}
    for wanted in (asked, {kind: some[:FEW] for kind, some in asked.items()}):
        memory = Memory()
        for batch in batches(trial.source(paths=wanted), Memory()):
            memory.take(batch)
        trial.complete(memory, "read by few paths")
        for ref, record in memory.records.items():
            known = set().union(*(re.findall(r"\w+", path)[:1] for path in wanted.get(ref.kind, ())))
            extra = record.payload.keys() - known - trial.world.always
            hold(
                not wanted.get(ref.kind) or not extra,
                f"{ref.kind} is told with {sorted(extra)}, which nobody asked for",
            )
            hold(
                not trial.world.unasked or trial.world.unasked.encode() not in told(record),
                f"{ref.kind} is told with a text that nobody asked for",
            )


def closing(trial: Trial) -> None:
    """A closed source has left no thread behind, wherever its pull was left; and it may be closed twice."""
    trial.fill(trial.world.page + 1)
    count = len(list(batches(trial.source(), Memory())))
    for taken in range(count + 1):
        before = set(threading.enumerate())
        source = trial.source()
        pulled = batches(source, Memory())
        for _ in range(taken):
            next(pulled)
        source.close()
        source.close()
        left = set(threading.enumerate()) - before
        hold(
            not left, f"{sorted(one.name for one in left)} go on behind a source that was closed after {taken} batches"
        )
