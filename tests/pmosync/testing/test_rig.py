"""The rig: input tabs as files, events into systems, one sync after the other under a clock that is handed in."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pmosync.emulation.events import Event, MilestoneDated, MilestoneOpens, ProjectOpens
from pmosync.engine import events
from pmosync.mapping.tabs import input_tabs
from pmosync.testing.rig import Cells, Rig, csv_folder

MONDAY = datetime(2026, 3, 2, 3, tzinfo=UTC)
ROWS: Mapping[str, Sequence[Cells]] = {
    "programs": [{"code": "GROW", "level": "program", "name": "Growth"}],
    "projects": [
        {"code": "PAY", "name": "支付", "program": "GROW", "control": "key", "committed_on": date(2026, 1, 5)}
    ],
    "milestone_inputs": [{"code": "PAY-M01", "name": "Launch", "project": "PAY", "owner": "李娜"}],
    "bindings": [
        {"code": "PAY", "system": "jira", "what": "project", "which": "PAY"},
        {"code": "PAY-M01", "system": "jira", "what": "version", "which": "Spring", "leading": True},
    ],
}
OPENING: tuple[Event, ...] = (
    ProjectOpens(at=MONDAY, system="jira", key="PAY", name="Payments"),
    MilestoneOpens(
        at=MONDAY, system="jira", key="one", project="PAY", title="Spring", form="version", due=date(2026, 4, 1)
    ),
)


def evening(days: int) -> datetime:
    """The evening so many days after Monday."""
    return MONDAY + timedelta(days=days, hours=8)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """A rig with one project and one version."""
    with Rig(tmp_path, MONDAY) as made:
        made.register(ROWS)
        made.live(OPENING)
        yield made


def test_every_input_tab_becomes_a_file_with_its_header(tmp_path: Path) -> None:
    """One CSV a tab, headed by the English labels; choices by their label, days as ISO dates, yes and no as TRUE and FALSE."""
    folder = csv_folder(tmp_path, ROWS)
    assert {file.stem for file in folder.iterdir()} == {tab.titles["en"] for tab in input_tabs()}
    with (folder / "Projects.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["Name"], row["Control"], row["Committed on"], row["PM"]) == ("支付", "Key", "2026-01-05", "")
    with (folder / "Bindings.csv").open(encoding="utf-8", newline="") as file:
        assert [row["Leading"] for row in csv.DictReader(file)] == ["", "TRUE"]


def test_days_pass_as_they_are_handed_in(rig: Rig) -> None:
    """What happened before a sync is seen by it; baselines freeze and slips grow by the clock of the story."""
    assert not [event for event in rig.sync(evening(0)) if isinstance(event, events.Failed | events.Unpublished)]
    assert (rig.milestone("PAY-M01").current, rig.project("PAY").total, rig.program("GROW").total) == (None, 1, 1)
    rig.sync(evening(7))
    rig.sync(evening(8), MilestoneDated(at=evening(7), key="one", due=date(2026, 4, 2)))
    verdict = rig.milestone("PAY-M01")
    assert verdict.current is not None
    assert (verdict.current.day, verdict.slip) == (date(2026, 4, 1), 1)


def test_a_restart_forgets_nothing(rig: Rig) -> None:
    """The house may be closed between two syncs; the store keeps what was promised."""
    rig.sync(evening(0))
    rig.sync(evening(7))
    rig.close_house()
    rig.sync(evening(8))
    current = rig.milestone("PAY-M01").current
    assert current is not None
    assert current.frozen == evening(7)


def test_nothing_is_said_before_the_first_sync(rig: Rig) -> None:
    """Asking too early is a mistake of the story, and a code that nobody knows is a KeyError."""
    with pytest.raises(RuntimeError, match="has not synced"):
        rig.milestone("PAY-M01")
    rig.sync(evening(0))
    with pytest.raises(KeyError):
        rig.milestone("PAY-M99")
