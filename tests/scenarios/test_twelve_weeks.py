"""Twelve weeks are lived through once; what every sync said is compared with a table that was computed by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import takewhile
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import Struct
from tests.scenarios.twelve_weeks import plan, story

from pmosync.compute.assessment import Assessment, MilestoneVerdict, ProgramVerdict, ProjectVerdict
from pmosync.dashboard import words
from pmosync.engine import events
from pmosync.model import Snapshot
from pmosync.testing.rig import Rig

# One worker plays the story for all cases; while it does, the first of them waits.
pytestmark = [pytest.mark.xdist_group("twelve-weeks"), pytest.mark.timeout(300)]

TABLE = Path(__file__).parent / "twelve_weeks" / "table.yaml"
FAULTS = (events.Failed, events.Unpublished, events.Held)
Look = Callable[[Any], object]


class Case(Struct, frozen=True, forbid_unknown_fields=True):
    """One row of the table: what the sync of a ``day`` says of ``code``, by which ``rule``, and the arithmetic."""

    day: str
    code: str
    rule: str
    expect: dict[str, Any]
    why: str

    @property
    def name(self) -> str:
        """How the test is called."""
        return f"{self.day.replace(' ', '-')}-{self.code}-{'-'.join(self.expect)}"


class Played(Struct, frozen=True):
    """What each sync said, by its name, the store's last snapshot, and what went wrong in which sync."""

    said: Mapping[str, Assessment]
    last: Snapshot
    faults: list[tuple[str, events.Event]]


def _cases() -> tuple[Case, ...]:
    return tuple(msgspec.yaml.decode(TABLE.read_bytes(), type=list[Case]))


def _letter(verdict: Any) -> str:
    return str(verdict.rag.shown)


OF_ALL: Mapping[str, Look] = {
    "shown": _letter,
    "computed": lambda verdict: str(verdict.rag.computed),
    "reason": lambda verdict: verdict.rag.reasons[0].key if verdict.rag.reasons else "",
    "override": lambda verdict: verdict.rag.override,
    "preview": lambda verdict: verdict.rag.preview,
    "state": lambda verdict: str(verdict.state),
    "counts": lambda verdict: dict(verdict.counts),
    "small": lambda verdict: verdict.small,
    "total": lambda verdict: verdict.total,
}

OF_MILESTONE: Mapping[str, Callable[[MilestoneVerdict], object]] = {
    "slip": lambda verdict: verdict.slip,
    "days": lambda verdict: verdict.slip_days,
    "original": lambda verdict: verdict.slip_original,
    "words": lambda verdict: None if verdict.slip is None else words.slip(verdict.slip, "en"),
    "chinese": lambda verdict: None if verdict.slip is None else words.slip(verdict.slip, "zh-CN"),
    "baseline": lambda verdict: verdict.current and verdict.current.day,
    "version": lambda verdict: verdict.current and verdict.current.version,
    "frozen by": lambda verdict: verdict.current and (verdict.current.decision or verdict.current.reason),
    "first baseline": lambda verdict: verdict.original and verdict.original.day,
    "target": lambda verdict: verdict.target and verdict.target.day,
    "target from": lambda verdict: verdict.target and verdict.target.source,
    "expected": lambda verdict: verdict.expected and verdict.expected.day,
    "from": lambda verdict: verdict.expected and verdict.expected.source,
    "named": lambda verdict: verdict.expected and verdict.expected.name,
    "roll-up": lambda verdict: verdict.rollup and f"{verdict.rollup.dated} of {verdict.rollup.open}",
    "roll-up used": lambda verdict: verdict.rollup and verdict.rollup.used,
    "forecast": lambda verdict: verdict.forecast and verdict.forecast.day,
    "forecast state": lambda verdict: verdict.forecast_state,
    "actual": lambda verdict: verdict.actual and verdict.actual.day,
    "first actual": lambda verdict: verdict.first_actual,
    "estimated": lambda verdict: verdict.actual_estimated,
    "history unknown": lambda verdict: verdict.history_unknown,
    "re-plans": lambda verdict: verdict.replans,
    "re-targets": lambda verdict: verdict.retargets,
    "scope": lambda verdict: verdict.progress.total,
    "delivered": lambda verdict: verdict.progress.delivered,
    "undelivered": lambda verdict: verdict.progress.undelivered,
    "removed": lambda verdict: verdict.progress.removed,
    "hidden": lambda verdict: verdict.progress.hidden,
    "restricted": lambda verdict: verdict.progress.restricted,
    "freeze": lambda verdict: verdict.freeze,
    "gone": lambda verdict: verdict.gone_since is not None,
    "named milestone": lambda verdict: verdict.milestone.name,
    "owner": lambda verdict: verdict.owner,
    "level": lambda verdict: str(verdict.level),
    "confidence": lambda verdict: verdict.confidence,
}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The story, played once: a sync in the evening of the chosen days and at odd moments between them."""
    said: dict[str, Assessment] = {}
    faults: list[tuple[str, events.Event]] = []
    waiting = list(story.story())
    with Rig(tmp_path_factory.mktemp("twelve-weeks"), story.START) as rig:
        rig.register(plan.rows())
        for name, moment in story.syncs().items():
            lived = list(takewhile(lambda event: event.at < moment, waiting))  # noqa: B023
            waiting = waiting[len(lived) :]
            faults += [(name, event) for event in rig.sync(moment, *lived) if isinstance(event, FAULTS)]
            assert rig.assessment is not None
            said[name] = rig.assessment
        last = rig.house.store.snapshot(rig.now)
    return Played(said, last, faults)


def verdict_on(assessment: Assessment, code: str) -> MilestoneVerdict | ProjectVerdict | ProgramVerdict | None:
    """The verdict on a milestone, project, program or portfolio; None if there is none."""
    found: dict[str, MilestoneVerdict | ProjectVerdict | ProgramVerdict] = {}
    found |= {each.milestone.code: each for each in assessment.milestones}
    found |= {each.row.code: each for each in assessment.projects}
    found |= {each.row.code: each for each in (*assessment.programs, *assessment.portfolios)}
    return found.get(code)


def answer(played: Played, case: Case, field: str) -> object:
    """What the sync of a case said in one field.

    ``listed``: whether there is a verdict at all; ``kept baselines``: all that the store holds, at the end;
    ``findings``: how many of a rule name the code, written as ``findings RULE``.
    """
    assessment = played.said[case.day]
    verdict = verdict_on(assessment, case.code)
    if field == "listed":
        return verdict is not None
    if field == "kept baselines":
        return [each.day for each in played.last.baselines[case.code]]
    kind, _, rule = field.partition(" ")
    if kind == "findings":
        return sum(each.rule == rule and case.code in (each.code, each.place) for each in assessment.findings)
    if kind == "says":
        return verdict is not None and any(why.key == rule for why in verdict.rag.reasons)
    return {**OF_ALL, **OF_MILESTONE}[field](verdict)


def test_all_syncs_went_through(played: Played) -> None:
    """No connection fails but the one that is out of reach, nothing is held and every workbook is written."""
    assert tuple(dict.fromkeys(name for name, _ in played.faults)) == story.OUT_OF_REACH
    assert all(isinstance(event, events.Failed) and event.connection == "gitlab" for _, event in played.faults)
    assert len(played.said) == len(story.syncs())


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case.name)
def test_every_day_says_what_was_counted_by_hand(played: Played, case: Case) -> None:
    """Each row of the table names its rule and shows its arithmetic."""
    found = {field: answer(played, case, field) for field in case.expect}
    assert found == case.expect, f"{case.rule}\n{case.why}"


def test_the_table_is_wide() -> None:
    """At least sixty cases, each with its rule and its arithmetic, over many rules."""
    cases = _cases()
    assert len(cases) >= 60
    assert all(case.rule and case.why and case.expect for case in cases)
    assert len({case.rule for case in cases}) >= 40
    assert len({case.name for case in cases}) == len(cases)
