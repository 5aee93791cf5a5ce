"""A real site's 29,057 issues: all arrive, versions appear honestly, the second sync writes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.scenarios.real_site import PROJECTS, recorded_site

from pmosync.compute.assessment import Assessment, Letter
from pmosync.engine import events
from pmosync.engine.sync import sync
from pmosync.model import Level

NOW = datetime(2021, 12, 1, 3, tzinfo=UTC)


@pytest.mark.timeout(300)
def test_a_real_site_arrives_whole_and_is_told_honestly(conformance: Path, tmp_path: Path) -> None:
    """Counts are those of the recording; what was released before we ever looked has an unknown history and no slip;
    nothing changed means nothing written.
    """
    clock = [NOW]
    with recorded_site(conformance / "data" / "jira-tidev", tmp_path, clock) as house:
        first = list(sync(house))
        assert not [event for event in first if isinstance(event, events.Failed | events.Unpublished)]
        counts = {
            kind: sum(1 for _ in house.store.export(kind, NOW)) for kind in ("work_item", "source_milestone", "timebox")
        }
        assert counts == {"work_item": 29_057, "source_milestone": 821, "timebox": 377}
        _told_honestly(next(event.assessment for event in first if isinstance(event, events.Assessed)))
        clock[0] = NOW + timedelta(minutes=20)
        again = list(sync(house))
        assert [event.edits for event in again if isinstance(event, events.Diffed)] == [()]
        lines = [event.line for event in again if isinstance(event, events.UnitEnded)]
        assert sum(line.changed for line in lines if line.connection == "jira") == 0
        assert sum(line.changed for line in lines) == len(PROJECTS), "the rows that My projects got by the first sync"


def _told_honestly(assessment: Assessment) -> None:
    verdicts = assessment.milestones
    released = [verdict for verdict in verdicts if verdict.history_unknown]
    assert len(released) > 600
    assert all(verdict.slip is None and verdict.slip_days is None for verdict in released)
    assert all(verdict.rag.shown is not Letter.RED for verdict in released)
    late = [verdict for verdict in released if (verdict.work_after or 0) > 1]
    assert len(late) > 50, "a quarter of the issues were resolved after their version's release date"
    sizes = [verdict.progress for verdict in verdicts]
    assert sum(size.delivered for size in sizes) > 8_000
    assert sum(size.undelivered for size in sizes) > 1_000
    assert all(verdict.level is Level.TEAM for verdict in verdicts)
