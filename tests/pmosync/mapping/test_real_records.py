"""Real records: every issue of a public Jira, and what a real GitLab server answered."""

from __future__ import annotations

import gzip
import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pmosync.mapping import Context, Mapping, Translation, load_mapping, translate
from pmosync.model import Change, Outcome, SourceMilestone, Timebox, WorkItem
from pmosync.raw import RawRecord, Ref

GITLAB = {
    "03_group": "group",
    "04_group_projects_incl_subgroups": "project",
    "05_projects_keyset": "project",
    "06_group_milestones": "milestone",
    "07_project_milestones": "milestone",
    "08_group_issues_updated_after": "issue",
    "10_issues_labels_details": "issue",
    "11_issue_notes_incl_system": "note",
    "12_issue_resource_state_events": "state_event",
    "13_issue_resource_milestone_events": "milestone_event",
    "14_issue_resource_label_events": "label_event",
    "16_group_merge_requests": "merge_request",
    "17_mr_single_merged": "merge_request",
    "20_mr_resource_state_events": "state_event",
    "22_mr_resource_milestone_events": "milestone_event",
}


def all_of(mapping: Mapping, kind: str, payloads: list[dict[str, Any]], ids: dict[str, str]) -> list[Translation]:
    """Every payload translated."""
    context = Context(base_url="https://site.example", ids=ids)
    return [
        translate(mapping, RawRecord(Ref("site", kind, str(payload["id"])), payload), context) for payload in payloads
    ]


def by_rule(found: list[Translation]) -> Counter[str]:
    """Findings counted by rule."""
    return Counter(problem.rule for one in found for problem in one.problems)


@pytest.fixture(scope="module")
def issues(conformance: Path) -> list[dict[str, Any]]:
    """The 29,057 issues, in Jira's own shape."""
    with gzip.open(conformance / "data/jira-tidev/issues.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def test_every_real_issue_is_read(issues: list[dict[str, Any]]) -> None:
    """29,057 issues give 29,057 items, no finding, outcomes as their resolutions say, within 2 s (4 s if the core is shared)."""
    ids = {issue["key"]: issue["id"] for issue in issues}
    started = time.process_time()
    found = all_of(load_mapping("jira"), "issue", issues, ids)
    spent = time.process_time() - started
    items = [fact for one in found for fact in one.facts if isinstance(fact, WorkItem)]
    outcomes = Counter(item.outcome for item in items)
    assert len(items) == len({item.ref for item in items}) == 29_057
    assert by_rule(found) == Counter()
    assert (outcomes[Outcome.DELIVERED], outcomes[Outcome.UNDELIVERED]) == (14_287 + 430 + 61, 11_391)
    assert Counter(item.level for item in items) == Counter({0: 27_548, -1: 1_375, 1: 134})
    assert sum(any(ref.kind == "version" for ref in item.milestones) for item in items) == 14_557
    assert sum(any(ref.kind == "epic" for ref in item.milestones) for item in items) == 890 - sum(
        bool(one.unresolved) for one in found
    )
    assert spent < 4, f"{spent:.2f} s"


def test_every_real_version_and_sprint_is_read(conformance: Path) -> None:
    """821 versions and 377 sprints, dates as they are told."""
    site = json.loads((conformance / "data/jira-tidev/site.json").read_text("utf-8"))
    mapping = load_mapping("jira")
    versions = [fact for one in all_of(mapping, "version", site["versions"], {}) for fact in one.facts]
    sprints = [fact for one in all_of(mapping, "sprint", site["sprints"], {}) for fact in one.facts]
    assert len(versions) == 821
    assert (
        sum(isinstance(fact, SourceMilestone) and fact.target is not None for fact in versions) == 693
    )  # 691 of them are released
    assert len([fact for fact in sprints if isinstance(fact, Timebox)]) == 377


@pytest.mark.parametrize(("name", "kind"), GITLAB.items())
def test_every_recorded_gitlab_answer_is_read(conformance: Path, name: str, kind: str) -> None:
    """Each record of the answer becomes one fact or change; of the notes only those on due dates do."""
    answer = json.loads((conformance / f"data/gitlab-real/{name}.json").read_text("utf-8"))
    records = answer if isinstance(answer, list) else [answer]
    found = all_of(load_mapping("gitlab"), kind, records, {})
    told = [fact for one in found for fact in (*one.facts, *one.changes)]
    wanted = [record for record in records if kind != "note" or "due date" in record["body"]]
    assert by_rule(found) == Counter()
    assert len(told) == len(wanted)
    if kind.endswith("event"):
        assert all(
            isinstance(change, Change) and change.of.id == str(record["resource_id"])
            for change, record in zip(told, records, strict=True)
        )
