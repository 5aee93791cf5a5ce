"""``pmosync export --kind calendar_change``: an edited calendar is on record, with the sync that saw it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.scenarios.desk import command

from pmosync.emulation.events import CellTyped
from pmosync.sheet import Value
from pmosync.testing.rig import Rig

MONDAY = datetime(2026, 3, 2, 3, tzinfo=UTC)
EDITED, SEEN = MONDAY + timedelta(days=8), MONDAY + timedelta(days=14)


def _told(config: Path, *more: str) -> list[dict[str, Any]]:
    told = command("export", "--kind", "calendar_change", "--config", str(config), *more)
    assert told.code == 0, told.err
    return [json.loads(line) for line in told.out.splitlines()]


def test_an_edited_calendar_is_on_record(tmp_path: Path) -> None:
    """A holiday typed between two syncs: the later one says which day of which calendar it took off. What stood there from the
    beginning is no change, nor is a sync that finds all as it was; a day before knows nothing of it.
    """
    typed: dict[str, Value] = {"kind": "Holiday", "first": date(2026, 4, 30), "applies_to": "PAY"}
    with Rig(tmp_path, MONDAY) as rig:
        rig.register({"projects": [{"code": "PAY", "name": "Pay"}], "calendar": [typed]})
        rig.sync(MONDAY + timedelta(hours=2))
        rig.sync(MONDAY + timedelta(days=7))
        cells = {"From": "2026-03-20", "Applies to": "CN"}
        rig.sync(SEEN, *(_cell(name, cell) for name, cell in cells.items()))
        rig.sync(SEEN + timedelta(days=1))
        rig.close_house()
        found, before = _told(rig.config), _told(rig.config, "--as-of", "2026-03-12")
    day = {"off": ["2026-03-20"], "on": [], "frozen": [], "thawed": [], "week": ""}
    assert [{name: line[name] for name in day} for line in found] == [day, day]
    assert [(line["calendar"], line["seen"][:10]) for line in found] == [("CN", "2026-03-16"), ("PAY", "2026-03-16")]
    assert before == []


def _cell(column: str, value: str) -> CellTyped:
    """A cell of a new row, whose kind is typed in another of its words."""
    return CellTyped(at=EDITED, tab="Calendar", code="放假", column=column, value=value)
