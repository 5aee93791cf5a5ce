"""A connector that misbehaves fails alone: whatever it does ends as one line about its own connection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pmosync.connector import Finding
from pmosync.emulation.events import ItemCreated, PersonJoins, ProjectOpens
from pmosync.engine import events, pull
from pmosync.engine.house import Lane
from pmosync.guard import PluginError
from pmosync.mapping import load_mapping
from pmosync.raw import Batch, Cursor, RawRecord, Ref, Unit
from pmosync.testing.rig import Rig
from pmosync.transport import Limits, Transport

MONDAY = datetime(2026, 9, 7, 2, tzinfo=UTC)
UNIT = Unit("jira", "project PAY")
SECRET = "canary-plugin-44c1"


def _raises(*_: object) -> Any:
    raise RuntimeError(SECRET)


def _one(record: object, unit: Unit = UNIT) -> Callable[..., Any]:
    return lambda *_: iter([Batch(unit, (record,))])  # type: ignore[arg-type]


def _record(payload: object = None, connection: str = "jira", **own: Any) -> RawRecord:
    return RawRecord(Ref(connection, "issue", "1"), payload if payload is not None else {"id": "1"}, **own)  # type: ignore[arg-type]


class Wild:
    """A source that does as it is told, and is no better than its author."""

    def __init__(self, **how: Callable[..., Any]) -> None:
        self._how = how

    def _do(self, name: str, usual: object, *given: object) -> Any:
        return self._how[name](*given) if name in self._how else usual

    def check(self) -> Iterable[Finding]:
        """Nothing to prove."""
        return ()

    def units(self) -> Sequence[Unit]:
        """One unit."""
        told: Sequence[Unit] = self._do("units", (UNIT,))
        return told

    def pull(self, unit: Unit, cursor: Cursor | None) -> Iterator[Batch]:
        """As told."""
        told: Iterator[Batch] = self._do("pull", iter([Batch(unit, ())]), unit, cursor)
        return told

    def census(self, unit: Unit) -> Iterator[Sequence[Ref]]:
        """As told."""
        told: Iterator[Sequence[Ref]] = self._do("census", iter([()]), unit)
        return told

    def visible(self, refs: Sequence[Ref], kept: Mapping[Ref, RawRecord] = {}) -> Mapping[Ref, bool]:
        """As told."""
        told: Mapping[Ref, bool] = self._do("visible", {}, refs)
        return told

    def close(self) -> None:
        """As told."""
        self._do("close", None)


WILD: dict[str, Wild] = {
    "pull raises before it is a generator": Wild(pull=_raises),
    "pull is no iterator": Wild(pull=lambda *_: 7),
    "a batch is a dict": Wild(pull=lambda *_: iter([{"records": [SECRET]}])),
    "a record is None": Wild(pull=_one(None)),
    "a record is of another connection": Wild(pull=_one(_record(connection="gitlab"))),
    "a batch is of another unit": Wild(pull=_one(_record(), Unit("jira", SECRET))),
    "a payload is a list": Wild(pull=_one(_record([SECRET]))),
    "a payload holds half a character": Wild(pull=_one(_record({"id": "\ud83d"}))),
    "a time has no zone": Wild(pull=_one(_record(updated=datetime(2026, 9, 7)))),  # noqa: DTZ001
    "a cursor is a number": Wild(pull=lambda *_: iter([Batch(UNIT, (), 7)])),  # type: ignore[arg-type]
    "an instant is in no zone": Wild(pull=lambda *_: iter([Batch(UNIT, (), as_of=MONDAY.replace(tzinfo=None))])),
    "a share is in percent": Wild(pull=lambda *_: iter([Batch(UNIT, (), share=43)])),
    "census raises before it is a generator": Wild(census=_raises),
    "a page is None": Wild(census=lambda *_: iter([None])),
    "a page holds ids": Wild(census=lambda *_: iter([[SECRET]])),
    "units are None": Wild(units=lambda: None),
    "a unit is a word": Wild(units=lambda: [SECRET]),
    "a unit is behind none of the others": Wild(units=lambda: [UNIT, Unit("jira", "past", "", SECRET)]),
    "a unit is behind itself": Wild(units=lambda: [UNIT, Unit("jira", "past", "", "past")]),
}


@pytest.mark.parametrize("wild", WILD.values(), ids=WILD.keys())
def test_it_ends_as_a_value(wild: Wild) -> None:
    """One error, of the connector and without a word of what it held; no batch of it comes through."""
    lane = Lane("jira", "Jira", load_mapping("jira"), Transport(Limits()), lambda *_: wild)
    told = list(pull.pull(lane, (), {}, frozenset()))
    errors = [one.error for one in told if isinstance(one, pull.Ended | pull.Broken) and one.error]
    assert [type(error) for error in errors] == [PluginError]
    assert SECRET not in str(errors[0])
    assert [one.batch.records for one in told if isinstance(one, pull.Came) if one.batch.records] == []


@pytest.mark.parametrize("rewind", [_raises, lambda *_: SECRET])
def test_a_cursor_that_cannot_be_set_back(rewind: Callable[..., Any]) -> None:
    """It is an error of the connector, and nothing is read: what was asked for would be missing."""
    lane = Lane("jira", "Jira", load_mapping("jira"), Transport(Limits()), lambda *_: Wild(), rewind=rewind)
    told = list(pull.pull(lane, (), {"project PAY": Cursor("1")}, frozenset(), since=MONDAY))
    assert [type(one) for one in told] == [pull.Opened, pull.Broken]
    assert SECRET not in str(told[1])


@pytest.mark.parametrize("how", [_raises, lambda refs: None, lambda refs: dict.fromkeys(refs, "yes")])
def test_an_answer_by_id_that_is_none(how: Callable[..., Any]) -> None:
    """It is an error, never "not visible"."""
    assert isinstance(pull.ask(Wild(visible=how), [Ref("jira", "issue", "1")], {}), PluginError)


def test_a_source_that_cannot_be_closed_keeps_no_other_open() -> None:
    """Not even one that has nothing to close."""
    closed: list[bool] = []
    pull.release([Wild(close=_raises), object(), Wild(close=lambda: closed.append(True))])  # type: ignore[list-item]
    assert closed == [True]


@pytest.mark.parametrize("name", ["pull raises before it is a generator", "a record is None"])
def test_the_others_are_published(tmp_path: Path, name: str) -> None:
    """The run ends, partial; what the other connection told stands in the workbook."""
    with Rig(tmp_path, MONDAY) as rig:
        rig.live(
            [
                PersonJoins(at=MONDAY, key="li", name="Li", email="li@example.com"),
                ProjectOpens(at=MONDAY, system="gitlab", key="pay/api", name="Pay"),
                ItemCreated(at=MONDAY, system="gitlab", key="pay/api#1", project="pay/api", title="x"),
            ]
        )
        rows = [{"code": "PAY", "system": "gitlab", "what": "project", "which": "pay/api"}]
        rig.register({"projects": [{"code": "PAY", "control": "key"}], "bindings": rows})
        lanes = tuple(
            msgspec.structs.replace(lane, open=lambda *_: WILD[name]) if lane.connection == "jira" else lane
            for lane in rig.house.lanes
        )
        rig._house = msgspec.structs.replace(rig.house, lanes=lanes)
        told = rig.sync(MONDAY)
        assert [event.connection for event in told if isinstance(event, events.Failed)] == ["jira"]
        assert any(isinstance(event, events.Published) and event.cells for event in told)
        assert len(list(rig.house.store.export("work_item", rig.now))) == 1
        assert isinstance(told[-1], events.Finished)
        assert told[-1].run.outcome == "partial"
