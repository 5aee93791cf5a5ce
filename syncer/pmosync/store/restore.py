"""Between the store and its journal: what is not journaled yet, and a history brought back into a store begun anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

import sqlalchemy as sa

from pmosync.compute.cuts import Cut
from pmosync.compute.identity.state import folded
from pmosync.model import Baseline, Binding, Colour, Milestone, Move, Observation, Rebinding, Report, Run, Stretch
from pmosync.store import cuts, history, ledger
from pmosync.store.bulk import add, add_new, add_or_replace
from pmosync.store.codec import colour_of, cut_of, packed, report_of
from pmosync.store.commit import observation_row
from pmosync.store.findings import stretch_of, stretch_row
from pmosync.store.history import baseline_row
from pmosync.store.identities import binding_of, binding_row, identities, write_milestones
from pmosync.store.journal import Line, Origin, Value, values
from pmosync.store.rebindings import rebinding_of, rebinding_row
from pmosync.store.replay import observed
from pmosync.store.tables import (
    baseline,
    binding,
    colour,
    counter,
    cut,
    finding,
    milestone,
    move,
    observation,
    rebinding,
    report,
    run,
)
from pmosync.store.versions import EPOCH_FLOOR, INSTANCE, get_meta, put_meta

JOURNALED = "journaled_run"
RESTORED = 0

KEY = ("code", "ref", "since", "role", "leading", "found")
"""What tells one binding from another: each begins once."""

REBINDING = ("old", "new", "since")
"""What tells one rebinding from another."""

STRETCH = ("finding", "since")
"""What tells one time of a finding from another."""


def entries(connection: sa.Connection, run: Run) -> tuple[Value, ...]:
    """What runs have written since the last one journaled, up to and with this one, headed by the store's origin.

    Observations, baselines, milestones, bindings, changed colours, times in which findings stood, rebindings, reports,
    the rows of the slip ledger and committee cuts.
    """
    since = int(get_meta(connection, JOURNALED) or 0)

    def rows(table: sa.Table) -> Iterable[Any]:
        return connection.execute(
            sa.select(table).where(table.c.run > since, table.c.run <= run.id).order_by(table.c.id)
        )

    return (
        Origin(instance=get_meta(connection, INSTANCE) or "", epoch=run.epoch),
        *(_milestone(row) for row in rows(milestone)),
        *map(binding_of, rows(binding)),
        *map(history.observation_of, rows(observation)),
        *map(history.baseline_of, rows(baseline)),
        *(colour_of(row.body) for row in rows(colour) if row.turned),
        *map(stretch_of, rows(finding)),
        *map(rebinding_of, rows(rebinding)),
        *(report_of(row.body) for row in rows(report)),
        *map(ledger.whole, rows(move)),
        *(cut_of(row.body) for row in rows(cut)),
    )


def journaled(connection: sa.Connection, run: Run) -> None:
    """The journal holds everything up to this run."""
    put_meta(connection, JOURNALED, str(run.id))


def restore(connection: sa.Connection, lines: Sequence[Line]) -> int:
    """Bring a journal's history into the store, a fresh one or a copy; the number of rows written. Twice changes nothing.

    What is there stays, and takes over what the journal tells behind it: ends of bindings, colours, and of the facts
    what was observed, so that the next pull does not tell it once more.
    """
    newer = tuple(_newer(connection, lines))
    added = add_new(connection, observation, [observation_row(v, RESTORED) for v in _of(lines, Observation)])
    added += add_new(connection, baseline, [baseline_row(v, RESTORED) for v in _of(lines, Baseline)])
    added += _milestones(connection, lines) + _bindings(connection, lines) + _colours(connection, newer)
    added += observed(connection, _of(newer, Observation))
    added += _stretches(connection, lines) + _rebindings(connection, lines) + _ledger(connection, lines)
    _origin(connection, _of(lines, Origin))
    return added


def _newer(connection: sa.Connection, lines: Sequence[Line]) -> Iterator[Line]:
    """The lines of runs that the store knows nothing of: those behind an origin of a higher epoch than its own. Numbers
    of runs do not tell: a store begun from nothing counts anew.
    """
    floor = int(get_meta(connection, EPOCH_FLOOR) or 0)
    own = max(floor, connection.scalar(sa.select(sa.func.max(run.c.epoch))) or 0)
    behind = True
    for line in lines:
        if isinstance(line.value, Origin):
            behind = line.value.epoch > own
        if behind:
            yield line


def _origin(connection: sa.Connection, told: Sequence[Origin]) -> None:
    """Go on as the store that wrote the journal, with a higher epoch than any it had."""
    if told:
        put_meta(connection, INSTANCE, told[-1].instance)
        put_meta(connection, EPOCH_FLOOR, str(max(origin.epoch for origin in told)))


def _milestones(connection: sa.Connection, lines: Sequence[Line]) -> int:
    """The last word on each milestone, unless the store has it; the counters follow from minted codes."""
    known = {folded(value.code) for value in identities(connection).milestones}
    last = {folded(value.code): value for value in _of(lines, Milestone)}
    new = [value for code, value in last.items() if code not in known]
    for value in new:
        write_milestones(connection, [value], value.appeared, RESTORED)
    _counters(connection, [value for value in last.values() if value.minted])
    return len(new)


def _counters(connection: sa.Connection, minted: Sequence[Milestone]) -> None:
    """A code that was ever minted is never minted again."""
    last = dict(identities(connection).counters)
    for value in minted:
        number = value.code.rpartition("-M")[2]
        if number.isdecimal():
            last[folded(value.project)] = max(last.get(folded(value.project), 0), int(number))
    rows = [{"project": project, "last": number} for project, number in last.items()]
    if rows:
        add_or_replace(connection, counter, rows, ["last"])


def _bindings(connection: sa.Connection, lines: Sequence[Line]) -> int:
    """The last word on each binding: its end came as a later line, and ends the one that a copy holds."""
    last = {_key(value): value for value in _of(lines, Binding)}
    rows = [binding_row(value, RESTORED) for value in last.values()]
    return _end(connection, binding, KEY, rows) + add_new(connection, binding, rows)


def _rebindings(connection: sa.Connection, lines: Sequence[Line]) -> int:
    """The last word on each rebinding: the line that takes it back came later, and ends the one that a copy holds."""
    last = {(value.old, value.new, value.since): value for value in _of(lines, Rebinding)}
    rows = [rebinding_row(value, RESTORED) for value in last.values()]
    return _end(connection, rebinding, REBINDING, rows) + add_new(connection, rebinding, rows)


def _stretches(connection: sa.Connection, lines: Sequence[Line]) -> int:
    """The last word on each time in which a finding stood: its end came as a later line, and ends the one that a copy
    holds, so that the finding may have begun again. One that stands in the store all the same stands there since then.
    """
    last = {(value.finding, value.since): value for value in _of(lines, Stretch)}
    rows = [stretch_row(value, RESTORED) for value in last.values()]
    return _end(connection, finding, STRETCH, rows) + add_new(connection, finding, rows)


def _ledger(connection: sa.Connection, lines: Sequence[Line]) -> int:
    """Rows of the slip ledger as kept when they were seen, reports as kept on their day, cuts as made."""
    moves = [ledger.move_row(value, RESTORED, value.seen) for value in _of(lines, Move)]
    reports = [ledger.report_row(value, RESTORED, _midnight(value.day)) for value in _of(lines, Report)]
    own = [cuts.cut_row(value, RESTORED) for value in _of(lines, Cut)]
    return add_new(connection, move, moves) + add_new(connection, report, reports) + add_new(connection, cut, own)


def _end(connection: sa.Connection, table: sa.Table, key: Sequence[str], rows: Sequence[dict[str, Any]]) -> int:
    """End what the store holds of these rows without the end that they have; how many."""
    same = (table.c[name] == sa.bindparam(f"its_{name}") for name in key)
    over = sa.update(table).where(*same, table.c.until.is_(None)).values(until=sa.bindparam("at"))
    told = [{f"its_{name}": row[name] for name in key} | {"at": row["until"]} for row in rows if row["until"]]
    return sum(connection.execute(over, each).rowcount for each in told)


def _key(value: Binding) -> tuple[object, ...]:
    return tuple(getattr(value, name) for name in KEY)


def _colours(connection: sa.Connection, lines: Sequence[Line]) -> int:
    """The last word on each day of a code from the store's last one on, kept as at that day."""
    held = history.last(connection)
    told = {(value.code, value.day): value for value in _of(lines, Colour)}
    last = {key: value for key, value in told.items() if _is_news(value, held.get(value.code))}
    rows = [
        {
            "code": value.code,
            "day": value.day.isoformat(),
            "kept": _midnight(value.day),
            "turned": True,
            "body": packed(value),
            "run": RESTORED,
        }
        for value in sorted(last.values(), key=lambda value: (value.day, value.code))
    ]
    return add(connection, colour, rows)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _is_news(value: Colour, held: Colour | None) -> bool:
    """Whether a colour says more than the last one that the store has of its code."""
    return held is None or value.day > held.day or (value.day == held.day and value != held)


def _of(lines: Sequence[Line], kind: type[Any]) -> list[Any]:
    return values(lines, kind)


def _milestone(row: Any) -> Milestone:
    return Milestone(code=row.code, project=row.project, name=row.name, appeared=row.appeared, minted=row.minted)
