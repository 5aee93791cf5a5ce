"""``pmosync export --kind earned_schedule``: figures of a store that has lived through a slip."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.scenarios.desk import command

from pmosync.emulation.events import ItemCreated, ItemDated, ItemStatus, MilestoneOpens, ProjectOpens
from pmosync.testing.rig import Rig

MONDAY = datetime(2026, 3, 2, 3, tzinfo=UTC)


def _told(config: Path, *more: str) -> list[dict[str, object]]:
    told = command("export", "--kind", "earned_schedule", "--config", str(config), *more)
    assert told.code == 0, told.err
    return [json.loads(line) for line in told.out.splitlines()]


def test_a_slip_is_told_in_time(tmp_path: Path) -> None:
    """Five items of 8 hours due on five days; a week later one is delivered and the others are dated anew: the figures go on
    by the plan that was promised. Before the promise was made there are none.
    """
    with Rig(tmp_path, MONDAY) as rig:
        rig.register(
            {
                "projects": [{"code": "PAY", "name": "Pay", "committed_on": date(2026, 3, 2)}],
                "bindings": [{"code": "PAY", "system": "jira", "what": "project", "which": "PAY"}],
            }
        )
        opens = MilestoneOpens(
            at=MONDAY, system="jira", key="v", project="PAY", title="V", form="version", due=date(2026, 3, 27)
        )
        rig.live([ProjectOpens(at=MONDAY, system="jira", key="PAY", name="Pay"), opens])
        rig.live(_item(number) for number in range(5))
        rig.sync(MONDAY + timedelta(hours=2))
        rig.sync(MONDAY + timedelta(days=7))
        moved = (ItemDated(at=MONDAY + timedelta(days=8), key=f"PAY-{n}", due=date(2026, 5, 8)) for n in (1, 2, 3, 4))
        rig.sync(MONDAY + timedelta(days=11), ItemStatus(at=MONDAY + timedelta(days=8), key="PAY-0", status="Done"))
        rig.sync(MONDAY + timedelta(days=14), *moved)
        rig.close_house()
        (line,) = _told(rig.config, "--as-of", "2026-03-16")
        assert _told(rig.config, "--as-of", "2026-03-06") == []
    assert (line["code"], line["items"], line["counted"], line["budget"]) == ("PAY-M01", 5, 5, 40)
    assert (line["duration"], line["elapsed"], line["planned"], line["earned"]) == (25, 11, 16, 8)
    assert (line["schedule"], line["variance"], line["begins"], line["day"]) == (9, -2, "2026-03-02", "2026-03-16")


def _item(number: int) -> ItemCreated:
    due = date(2026, 3, 6) + timedelta(days=7 * number)
    return ItemCreated(
        at=MONDAY, system="jira", key=f"PAY-{number}", project="PAY", title="t", milestone="v", due=due, estimate=8.0
    )
