"""Real data at size: five projects of a public tracker, loaded as they are and read through the real library."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.connectors.jira.conftest import Rig

PROJECTS = ("TIMOB", "ALOY", "AC", "MOD", "DAEMON")
DATA = "data/jira-tidev"


def _read(rig: Rig, projects: tuple[str, ...], page_size: int) -> Counter[str]:
    """Pull everything, pull again, count ids; returns how many of each kind arrived."""
    source = rig.source(*(f"project {key}" for key in projects), page_size=page_size)
    refs: set[Any] = set()
    cursors: dict[Any, Any] = {}
    for unit in source.units():
        for batch in source.pull(unit, None):
            refs |= {record.ref for record in batch.records}
            cursors[unit] = batch.cursor or cursors.get(unit)
    of_issues = source.units()[: len(projects)]
    assert [batch.records for unit in of_issues for batch in source.pull(unit, cursors[unit])] == [()] * len(projects)
    seen = {ref for unit in of_issues for page in source.census(unit) for ref in page}
    assert seen == {ref for ref in refs if ref.kind == "issue"}
    return Counter(ref.kind for ref in refs)


def test_real_data_arrives_whole(cloud: Rig, conformance: Path) -> None:
    """29,057 issues, 821 versions and 377 sprints load in seconds and arrive completely; a second pull brings nothing."""
    began = time.process_time()
    cloud.emulator.load(conformance / DATA)
    assert time.process_time() - began < 60
    assert _read(cloud, PROJECTS, 100) == {"issue": 29_057, "version": 821, "sprint": 377, "project": 5}


def test_real_data_arrives_from_data_center(server: Rig, conformance: Path) -> None:
    """The same through windows instead of tokens, bulk edits of one minute included."""
    server.emulator.load(conformance / DATA)
    kinds = _read(server, ("ALOY", "MOD", "DAEMON"), 200)
    assert kinds["issue"] == 1_499 + 367 + 317
