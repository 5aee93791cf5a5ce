"""The rules on a real Jira's versions: what was released before anybody looked is said so, and nothing is made up."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from pmosync.compute.assess import assess
from pmosync.compute.assessment import Letter
from pmosync.compute.policy import Policy
from pmosync.model import (
    Binding,
    Freshness,
    Milestone,
    Observation,
    Place,
    Plan,
    Progress,
    ProjectRow,
    Snapshot,
    SourceMilestone,
)
from pmosync.raw import Ref

if TYPE_CHECKING:
    from pathlib import Path

    from pmosync.compute.assessment import Assessment

NOW = datetime(2022, 6, 1, 2, tzinfo=UTC)
DELIVERED = frozenset({"Fixed", "Done", "Complete", "Completed", "Resolved"})


@pytest.fixture(scope="module")
def real(conformance: Path) -> Snapshot:
    """A first look at a real site: its versions as milestones, its issues counted by version."""
    folder = conformance / "data" / "jira-tidev"
    versions = json.loads((folder / "site.json").read_bytes())["versions"]
    counted = counts(folder)
    sources, milestones, bindings, seen = {}, [], [], {}
    for version in versions:
        ref, code = Ref("jira", "version", version["id"]), f"{version['project']}-V{version['id']}"
        target = date.fromisoformat(version["releaseDate"]) if version.get("releaseDate") else None
        sources[ref] = SourceMilestone(
            ref=ref, title=version["name"], form="version", target=target, closed=version["released"]
        )
        milestones.append(Milestone(code=code, project=version["project"], name=version["name"], appeared=NOW))
        bindings.append(Binding(code=code, ref=ref, since=NOW, found=True))
        told = {"target": target.isoformat() if target else "", "closed": "true" if version["released"] else "false"}
        seen[str(ref)] = tuple(
            Observation(of=str(ref), field=field, old="", new=new, seen=NOW, first=True) for field, new in told.items()
        )
    projects = sorted({version["project"] for version in versions})
    return Snapshot(
        as_of=NOW,
        plan=Plan(
            projects=tuple(
                ProjectRow(place=Place("plan", "Projects", n, code), code=code, committed_on=date(2011, 1, 3))
                for n, code in enumerate(projects)
            )
        ),
        milestones=tuple(milestones),
        bindings=tuple(bindings),
        sources=sources,
        progress={each.code: counted[each.code.partition("-V")[2]] for each in milestones},
        observations=seen,
        freshness=(Freshness(connection="jira", title="Jira", state="ok", good=NOW),),
    )


@pytest.fixture(scope="module")
def found(real: Snapshot) -> Assessment:
    """The first assessment of it."""
    return assess(real, Policy(default_calendar="US", default_time_zone="UTC"), NOW)


def counts(folder: Path) -> defaultdict[str, Progress]:
    """Progress by version id, counted from the issues."""
    ends: dict[str, list[datetime]] = defaultdict(list)
    numbers: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    decoder = msgspec.json.Decoder()
    with gzip.open(folder / "issues.jsonl.gz") as lines:
        for line in lines:
            fields = decoder.decode(line)["fields"]
            if fields["issuetype"]["subtask"] or fields["issuetype"]["name"] == "Epic":
                continue
            for version in fields["fixVersions"]:
                numbers[version["id"]][outcome(fields)] += 1
                if outcome(fields) == "delivered" and fields["resolutiondate"]:
                    ends[version["id"]].append(datetime.fromisoformat(fields["resolutiondate"]))
    found: defaultdict[str, Progress] = defaultdict(Progress)
    for version, number in numbers.items():
        found[version] = Progress(
            total=number["open"] + number["delivered"],
            delivered=number["delivered"],
            undelivered=number["undelivered"],
            open=number["open"],
            delivered_at=tuple(sorted(ends[version])),
        )
    return found


def outcome(fields: dict[str, Any]) -> str:
    """Open, delivered or undelivered."""
    if fields["status"]["statusCategory"]["key"] != "done":
        return "open"
    return "delivered" if (fields["resolution"] or {}).get("name") in DELIVERED else "undelivered"


def test_released_before_we_looked_is_history_unknown(real: Snapshot, found: Assessment) -> None:
    """A Jira version found already released is 'history unknown': no slip, no baseline, nothing late."""
    closed = {ref for ref, source in real.sources.items() if source.closed}
    verdicts = [each for each in found.milestones if each.sources[0] in closed]
    assert len(verdicts) > 500
    for each in verdicts:
        assert (each.history_unknown, each.slip, each.slip_days, each.current) == (True, None, None, None)
        assert each.rag.shown is Letter.BLUE
        assert [why.key for why in each.rag.reasons] == ["history_unknown"]
    assert not found.new_baselines


def test_work_after_release_is_last_child_minus_release_date(real: Snapshot, found: Assessment) -> None:
    """'Work after release' is last child − release date; the actual is never before the release date."""
    checked = 0
    for each in found.milestones:
        source = real.sources[each.sources[0]]
        ends = each.progress.delivered_at
        if source.closed and source.target and ends:
            last = ends[-1].astimezone(UTC).date()
            assert each.work_after == (last - source.target).days
            assert each.actual is not None
            assert source.target <= each.actual.day <= max(source.target, last)
            checked += 1
        else:
            assert each.work_after is None
    assert checked > 300


def test_open_versions_are_judged_once_frozen(real: Snapshot) -> None:
    """An open version with a date is a promise from its freeze day on; one without has no date and no colour."""
    later = datetime(2022, 6, 20, 2, tzinfo=UTC)
    again = msgspec.structs.replace(
        real, as_of=later, freshness=(Freshness(connection="jira", title="Jira", state="ok", good=later),)
    )
    for each in assess(again, Policy(default_calendar="US", default_time_zone="UTC"), later).milestones:
        source = real.sources[each.sources[0]]
        if source.closed:
            continue
        assert (each.current is None) == (source.target is None)
        if source.target is None:
            assert each.rag.shown is Letter.GREY
        elif source.target < date(2022, 6, 17):
            assert each.rag.shown is Letter.RED
