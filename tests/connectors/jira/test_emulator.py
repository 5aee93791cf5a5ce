"""What the emulated site does: permissions, paging, changelogs, events, dialects; asked without the connector."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pmosync.emulation import events
from pmosync.emulation.events import Stage
from pmosync.errors import ConfigError
from pmosync_jira.emulator import JiraEmulator

if TYPE_CHECKING:
    from tests.connectors.jira.conftest import Rig


def get(rig: Rig, path: str, **params: Any) -> requests.Response:
    """GET with the right credential."""
    return requests.get(f"{rig.url}/rest/{path}", params=params, headers=_signed(rig), timeout=10)


def post(rig: Rig, path: str, **body: Any) -> requests.Response:
    """POST with the right credential."""
    return requests.post(f"{rig.url}/rest/{path}", json=body, headers=_signed(rig), timeout=10)


def _signed(rig: Rig) -> dict[str, str]:
    if rig.emulator.knobs.cloud:
        token = requests.auth._basic_auth_str(rig.emulator.email, rig.emulator.token)
        return {"Authorization": token}
    return {"Authorization": f"Bearer {rig.emulator.token}"}


def fields(rig: Rig, key: str) -> dict[str, Any]:
    """An issue's fields."""
    found: dict[str, Any] = get(rig, f"api/2/issue/{key}").json()["fields"]
    return found


def items(rig: Rig, key: str) -> list[tuple[str, str | None, str | None]]:
    """An issue's changelog: field, from and to in words, oldest first."""
    histories = get(rig, f"api/2/issue/{key}", expand="changelog").json()["changelog"]["histories"]
    ordered = sorted(histories, key=lambda one: int(one["id"]))
    return [(item["field"], item["fromString"], item["toString"]) for one in ordered for item in one["items"]]


def test_search_gives_ids_only_unless_fields_are_asked(cloud: Rig) -> None:
    """A search without ``fields`` tells ids and nothing else."""
    cloud.story(issues=1)
    bare = post(cloud, "api/3/search/jql", jql="key = PAY-1").json()
    assert [list(issue) for issue in bare["issues"]] == [["id"]]
    some = post(cloud, "api/3/search/jql", jql="key = PAY-1", fields=["summary", "nonsense"]).json()
    assert some["issues"][0]["fields"] == {"summary": "Story PAY-1"}


def test_page_tokens_lead_through_all_issues_once(cloud: Rig) -> None:
    """Tokens walk a snapshot: no issue twice, none left out, the last page says so and has no token."""
    cloud.story(issues=25)
    seen: list[str] = []
    body: dict[str, Any] = {"jql": "project = PAY ORDER BY key", "fields": ["key", "summary"], "maxResults": 10}
    while True:
        page = post(cloud, "api/3/search/jql", **body).json()
        seen += [issue["key"] for issue in page["issues"]]
        if page["isLast"]:
            break
        body["nextPageToken"] = page["nextPageToken"]
    assert "nextPageToken" not in page
    assert seen == [f"PAY-{number}" for number in range(1, 26)] + ["PAY-90001"]


def test_pages_are_smaller_than_asked_where_fields_are_wanted(cloud: Rig) -> None:
    """``maxResults`` is a wish: with fields a page is cut at the server's own size."""
    cloud.story(issues=20)
    cloud.emulator.knobs.page_cap = 7
    assert (
        len(post(cloud, "api/3/search/jql", jql="project=PAY", fields=["summary"], maxResults=500).json()["issues"])
        == 7
    )
    assert len(post(cloud, "api/3/search/jql", jql="project=PAY", fields=["id"], maxResults=500).json()["issues"]) == 21


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"jql": "ORDER BY key"}, "Unbounded JQL queries are not allowed here"),
        ({"jql": "project = PAY", "startAt": 0}, "Invalid request payload"),
        ({"jql": "project = PAY", "nextPageToken": "nonsense"}, "next page token"),
        ({"jql": "project = GONE"}, "does not exist for the field 'project'"),
    ],
)
def test_bad_searches_are_refused(cloud: Rig, body: dict[str, Any], words: str) -> None:
    """Unbounded queries, foreign attributes, foreign tokens and unknown values get 400 with the reason."""
    cloud.story(issues=1)
    answer = post(cloud, "api/3/search/jql", **body)
    assert answer.status_code == 400
    assert words in answer.json()["errorMessages"][0]


def test_each_dialect_has_its_own_search(cloud: Rig) -> None:
    """The old search is gone from Cloud."""
    answer = get(cloud, "api/3/search", jql="project = PAY")
    assert answer.status_code == 410
    assert "/rest/api/3/search/jql" in answer.json()["errorMessages"][0]


def test_data_center_pages_by_offset(server: Rig) -> None:
    """Data Center has neither tokens nor v3: startAt and total, people by name, plain text."""
    server.story(issues=5)
    page = get(server, "api/2/search", jql="project=PAY ORDER BY key", startAt=3, maxResults=2).json()
    assert ([issue["key"] for issue in page["issues"]], page["total"], page["startAt"]) == (["PAY-4", "PAY-5"], 6, 3)
    assert page["issues"][0]["fields"]["reporter"]["name"] == "li"
    for path in ("api/3/serverInfo", "api/2/search/jql", "api/2/issue/bulkfetch", "api/2/project/search"):
        assert get(server, path).status_code in (404, 405)


def test_data_center_refuses_what_is_not_there_unless_told_not_to_look(server: Rig) -> None:
    """One unknown id refuses a whole query; with ``validateQuery: false`` it is passed over. Faulty queries stay refused."""
    server.story(issues=2)
    known = get(server, "api/2/issue/PAY-1").json()["id"]
    asked = f"id IN ({known}, 99999)"
    refused = post(server, "api/2/search", jql=asked)
    assert (refused.status_code, refused.json()["errorMessages"]) == (
        400,
        ["An issue with id '99999' does not exist for field 'id'."],
    )
    found = post(server, "api/2/search", jql=asked, validateQuery=False).json()
    assert (found["total"], [one["key"] for one in found["issues"]]) == (1, ["PAY-1"])
    assert get(server, "api/2/search", jql=asked, validateQuery="false").json()["total"] == 1
    assert post(server, "api/2/search", jql="id IN (", validateQuery=False).status_code == 400


def test_data_center_tells_nothing_beyond_its_result_window(server: Rig) -> None:
    """Since 11.3 the search platform has a last place: what reaches beyond it is answered 500, with both numbers."""
    server.story(issues=30)
    assert "maxResultWindow" not in post(server, "api/2/search", jql="project = PAY").json()
    server.emulator.knobs.result_window = 20
    body = {"jql": "project = PAY", "fields": ["id"], "maxResults": 10}
    inside = post(server, "api/2/search", startAt=10, **body).json()
    assert (inside["maxResultWindow"], len(inside["issues"]), inside["total"]) == (20, 10, 31)
    beyond = post(server, "api/2/search", startAt=11, **body)
    assert beyond.status_code == 500
    assert "requests 21 results which exceeded the search platform limit of 20" in beyond.json()["errorMessages"][0]


def test_a_dead_token_sees_the_anonymous_view_on_cloud(cloud: Rig) -> None:
    """200 and nothing in it; only the header tells. ``/myself`` alone says 401."""
    cloud.story()
    cloud.emulator.revoke()
    answer = post(cloud, "api/3/search/jql", jql="project = PAY")
    assert (answer.status_code, answer.json()["issues"]) == (200, [])
    assert answer.headers["X-Seraph-LoginReason"] == "AUTHENTICATED_FAILED"
    assert get(cloud, "api/3/project/search").json()["values"] == []
    assert get(cloud, "api/3/myself").status_code == 401


def test_a_dead_token_is_refused_by_data_center(server: Rig) -> None:
    """Data Center says 401."""
    server.emulator.revoke()
    assert get(server, "api/2/search", jql="key = X-1").status_code == 401


def test_deleted_hidden_and_never_made_look_the_same(both: Rig) -> None:
    """404 for all three: nobody can tell deletion from a lost right."""
    both.story()
    both.tell(events.ProjectOpens(at=both.at(2), system="jira", key="ALO", name="Other"), both.created("ALO-1", 3))
    both.tell(
        events.ItemDeleted(at=both.at(4), key="PAY-1"), events.AccessLost(at=both.at(4), system="jira", key="ALO")
    )
    answers = [get(both, f"api/2/issue/{key}") for key in ("PAY-1", "ALO-1", "PAY-999")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    both.tell(events.AccessGiven(at=both.at(5), system="jira", key="ALO"))
    assert get(both, "api/2/issue/ALO-1").status_code == 200


def test_an_archived_project_is_not_searched_but_still_answers(cloud: Rig) -> None:
    """Archiving takes a project out of lists and searches; its issues still answer by id."""
    cloud.story()
    cloud.tell(events.ProjectArchived(at=cloud.at(2), system="jira", key="PAY"))
    assert get(cloud, "api/3/project/search").json()["total"] == 0
    assert get(cloud, "api/3/project/search", status="archived").json()["total"] == 1
    assert get(cloud, "api/3/project/PAY").json()["archived"] is True
    assert get(cloud, "api/3/issue/PAY-1").status_code == 200


def test_stages_are_statuses_and_dropped_is_a_resolution(both: Rig) -> None:
    """Moving writes true history: status and resolution in one entry, cleared when work begins anew."""
    both.story(issues=1)
    for minute, stage in enumerate((Stage.DOING, Stage.REVIEW, Stage.DONE, Stage.TODO, Stage.DROPPED), 2):
        both.tell(events.ItemMoves(at=both.at(minute), by="li", key="PAY-1", to=stage))
    assert items(both, "PAY-1") == [
        ("status", "To Do", "In Progress"),
        ("status", "In Progress", "In Review"),
        ("status", "In Review", "Done"),
        ("resolution", None, "Done"),
        ("status", "Done", "To Do"),
        ("resolution", "Done", None),
        ("status", "To Do", "Done"),
        ("resolution", None, "Won't Do"),
    ]
    assert fields(both, "PAY-1")["resolutiondate"].startswith("2026-01-05T09:06")


def test_an_event_that_changes_nothing_leaves_no_trace(both: Rig) -> None:
    """The same value again writes no history and does not move ``updated``."""
    both.story(issues=1)
    both.tell(
        events.ItemMoves(at=both.at(60), key="PAY-1", to=Stage.TODO),
        events.ItemDated(at=both.at(61), key="PAY-1", due=None),
    )
    assert items(both, "PAY-1") == []
    assert fields(both, "PAY-1")["updated"].startswith("2026-01-05T09:01")


def test_a_raw_status_that_nobody_mapped_appears(both: Rig) -> None:
    """Any name becomes a status of the middle category, and can be searched for."""
    both.story(issues=1)
    both.tell(events.ItemStatus(at=both.at(2), by="li", key="PAY-1", status="等待客户"))
    assert fields(both, "PAY-1")["status"]["statusCategory"]["key"] == "indeterminate"
    assert "等待客户" in {one["name"] for one in get(both, "api/2/status").json()}


def test_every_change_of_an_item_is_in_its_history(both: Rig) -> None:
    """Owner, dates, estimate, title, labels, version, sprint, epic and key: each with what was and what is."""
    both.story(issues=1)
    at = both.at
    both.tell(
        events.ItemAssigned(at=at(2), key="PAY-1", to="li"),
        events.ItemDated(at=at(3), key="PAY-1", due=date(2026, 2, 1)),
        events.ItemEstimated(at=at(4), key="PAY-1", estimate=2.5),
        events.ItemRetitled(at=at(5), key="PAY-1", title="新"),
        events.ItemLabelled(at=at(6), key="PAY-1", labels=("a", "b")),
        events.ItemPlanned(at=at(7), key="PAY-1", milestone=""),
        events.ItemSprint(at=at(8), key="PAY-1", sprint="S1"),
        events.ItemPlanned(at=at(9), key="PAY-1", milestone="E1"),
        events.ProjectOpens(at=at(10), system="jira", key="ALO", name="Other"),
        events.ItemMoved(at=at(11), key="PAY-1", project="ALO", new_key="ALO-5"),
    )
    epic = "IssueParentAssociation" if both.emulator.knobs.cloud else "Epic Link"
    assert items(both, "ALO-5") == [
        ("assignee", None, "李雷"),
        ("duedate", None, "2026-02-01 00:00:00.0"),
        ("timeoriginalestimate", None, "9000"),
        ("summary", "Story PAY-1", "新"),
        ("labels", "", "a b"),
        ("Fix Version", "v1", None),
        ("Sprint", "", "Sprint 1"),
        (epic, None, "PAY-90001"),
        ("Key", "PAY-1", "ALO-5"),
        ("project", "PAY 支付", "Other"),
    ]
    assert get(both, "api/2/issue/PAY-1").json()["key"] == "ALO-5"


def test_every_writing_of_a_worklog_moves_the_issue(both: Rig) -> None:
    """Logging, correcting and deleting work recount ``timespent``, move ``updated`` and stand in the history; so that whoever
    reads issues by ``updated`` needs no list of worklogs.
    """
    both.story(issues=1)
    writings = [(3, "a"), (2, "b"), (1, "a"), (1, "a"), (0, "b")]
    told = []
    for minute, (hours, entry) in enumerate(writings, start=10):
        both.tell(events.ItemLogged(at=both.at(minute), by="li", key="PAY-1", hours=hours, entry=entry))
        told.append((fields(both, "PAY-1")["timespent"] / 3600, fields(both, "PAY-1")["updated"][11:16]))
    assert told == [(3, "09:10"), (5, "09:11"), (3, "09:12"), (3, "09:13"), (1, "09:14")]
    assert [field for field, _, _ in items(both, "PAY-1")].count("WorklogId") == 5


def test_dates_of_versions_move_without_a_trace(both: Rig) -> None:
    """A version has no changelog, and its issues do not change with it."""
    both.story(issues=1)
    both.tell(
        events.MilestoneDated(at=both.at(60), key="M1", due=date(2026, 5, 1)),
        events.MilestoneRenamed(at=both.at(61), key="M1", title="v1 final"),
        events.MilestoneCloses(at=both.at(62), key="M1", on=date(2026, 5, 2)),
    )
    (version,) = get(both, "api/2/project/PAY/versions").json()
    assert (version["name"], version["releaseDate"], version["released"]) == ("v1 final", "2026-05-02", True)
    assert fields(both, "PAY-1")["fixVersions"][0]["name"] == "v1 final"
    assert fields(both, "PAY-1")["updated"].startswith("2026-01-05T09:01")


def test_a_deleted_version_leaves_its_issues(both: Rig) -> None:
    """The link is gone, with an entry in the history."""
    both.story(issues=1)
    both.tell(events.MilestoneDeleted(at=both.at(2), key="M1"))
    assert fields(both, "PAY-1")["fixVersions"] == []
    assert items(both, "PAY-1") == [("Fix Version", "v1", None)]
    assert get(both, "api/2/project/PAY/versions").json() == []


def test_subtasks_go_with_their_parent(both: Rig) -> None:
    """Deleting an issue deletes its sub-tasks and the links to it."""
    both.story(issues=2)
    both.tell(
        both.created("PAY-9", kind="subtask", parent="PAY-1"),
        events.ItemLinked(at=both.at(2), key="PAY-1", other="PAY-2"),
    )
    assert fields(both, "PAY-2")["issuelinks"][0]["inwardIssue"]["key"] == "PAY-1"
    both.tell(events.ItemDeleted(at=both.at(3), key="PAY-1"))
    assert get(both, "api/2/issue/PAY-9").status_code == 404
    assert fields(both, "PAY-2")["issuelinks"] == []


def test_closed_sprints_stay_on_an_issue(both: Rig) -> None:
    """An issue keeps the sprints it went through; of the open ones it has one at most."""
    both.story(issues=1)
    both.tell(
        events.ItemSprint(at=both.at(2), key="PAY-1", sprint="S1"),
        events.SprintStarted(at=both.at(3), key="S1"),
        events.SprintClosed(at=both.at(4), key="S1"),
        events.SprintOpened(
            at=both.at(5),
            system="jira",
            key="S2",
            project="PAY",
            title="Sprint 2",
            start=date(2026, 2, 1),
            end=date(2026, 2, 9),
        ),
        events.ItemSprint(at=both.at(6), key="PAY-1", sprint="S2"),
    )
    assert items(both, "PAY-1")[-1] == ("Sprint", "Sprint 1", "Sprint 1, Sprint 2")
    (board,) = get(both, "agile/1.0/board", projectKeyOrId="PAY").json()["values"]
    told = get(both, f"agile/1.0/board/{board['id']}/sprint").json()["values"]
    assert [(one["name"], one["state"]) for one in told] == [("Sprint 1", "closed"), ("Sprint 2", "future")]
    assert told[0]["completeDate"] == "2026-01-05T09:04:00.000Z"


def test_events_of_other_systems_only_move_the_clock(both: Rig) -> None:
    """What lives in GitLab is not here; a Jira item planned into its milestone leaves Jira's."""
    both.story(issues=1)
    both.tell(
        events.MilestoneOpens(
            at=both.at(30), system="gitlab", key="G1", project="pay/api", title="g", form="milestone"
        ),
        events.ItemMoves(at=both.at(31), key="pay/api#1", to=Stage.DONE),
    )
    assert both.emulator.now == both.at(31)
    both.tell(events.ItemPlanned(at=both.at(32), key="PAY-1", milestone="G1"))
    assert fields(both, "PAY-1")["fixVersions"] == []


def test_changelogs_differ_by_endpoint(cloud: Rig) -> None:
    """Expanded: newest first and cut. Paged: oldest first. In bulk: by date over all issues, epoch times, split over pages."""
    cloud.story(issues=2)
    cloud.emulator.knobs.changelog_cut = 2
    for step in range(3):
        for key in ("PAY-1", "PAY-2"):
            cloud.tell(events.ItemRetitled(at=cloud.at(10 + step), key=key, title=f"t{step}"))
    expanded = get(cloud, "api/3/issue/PAY-1", expand="changelog").json()["changelog"]
    assert [one["items"][0]["toString"] for one in expanded["histories"]] == ["t2", "t1"]
    assert expanded["total"] == 3
    paged = get(cloud, "api/3/issue/PAY-1/changelog", maxResults=2).json()
    assert ([one["items"][0]["toString"] for one in paged["values"]], paged["isLast"]) == (["t0", "t1"], False)
    bulk = post(cloud, "api/3/changelog/bulkfetch", issueIdsOrKeys=["PAY-1", "PAY-2"], maxResults=3).json()
    assert sorted(len(one["changeHistories"]) for one in bulk["issueChangeLogs"]) == [1, 2]
    assert isinstance(bulk["issueChangeLogs"][0]["changeHistories"][0]["created"], int)
    assert bulk["nextPageToken"]


def test_bulk_fetch_is_silent_about_what_is_missing(cloud: Rig) -> None:
    """Ascending ids; missing issues are absent, not errors; over a hundred is refused."""
    cloud.story(issues=3)
    found = post(cloud, "api/3/issue/bulkfetch", issueIdsOrKeys=["PAY-3", "PAY-1", "NOPE-1"], fields=["summary"]).json()
    assert [issue["key"] for issue in found["issues"]] == ["PAY-1", "PAY-3"]
    assert post(cloud, "api/3/issue/bulkfetch", issueIdsOrKeys=[str(one) for one in range(101)]).status_code == 400


def test_times_are_told_in_the_profile_zone(shanghai: Rig) -> None:
    """Jira writes instants with the offset of the visitor's zone."""
    shanghai.story(issues=1)
    assert fields(shanghai, "PAY-1")["created"] == "2026-01-05T17:01:00.000+0800"
    assert get(shanghai, "api/3/myself").json()["timeZone"] == "Asia/Shanghai"


def test_throttling_has_jiras_headers(cloud: Rig) -> None:
    """429 with the wait in seconds and the reason."""
    cloud.emulator.throttle(1, retry_after=7)
    answer = get(cloud, "api/3/field")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert answer.headers["RateLimit-Reason"] == "jira-burst-based"
    assert get(cloud, "api/3/field").status_code == 200


def test_the_secret_is_its_owners_alone(tmp_path: Path) -> None:
    """The settings of a connection name a file with the token, mode 0600, and do not hold the token."""
    emulator = JiraEmulator()
    told = emulator.connection("http://127.0.0.1:1", tmp_path)
    path = Path(told["token_file"])
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text() == emulator.token
    assert emulator.token not in json.dumps(told)


ISSUE = {
    "id": "7",
    "key": "PAY-7",
    "fields": {
        "summary": "旧的",
        "issuetype": {"id": "1", "name": "Bug"},
        "project": {"id": "10", "key": "PAY", "name": "Payments"},
        "status": {"id": "5", "name": "Open", "statusCategory": {"key": "new"}},
        "created": "2020-01-01T00:00:00.000+0000",
        "customfield_77": {"value": "Red"},
    },
    "changelog": {
        "histories": [
            {"id": "2", "created": "2020-01-03T00:00:00.000+0000", "items": [{"field": "summary", "toString": "旧的"}]},
            {"id": "1", "created": "2020-01-02T00:00:00.000+0000", "items": [{"field": "summary", "toString": "x"}]},
        ]
    },
}


@pytest.mark.parametrize("packed", [False, True])
def test_a_folder_of_answers_is_loaded(tmp_path: Path, packed: bool) -> None:
    """Plain or packed; missing fields and files are fine; unknown fields stay as they are; history is put in order."""
    line = json.dumps(ISSUE, ensure_ascii=False).encode()
    if packed:
        (tmp_path / "issues.jsonl.gz").write_bytes(gzip.compress(line + b"\n"))
    else:
        (tmp_path / "issues.jsonl").write_bytes(b"\n" + line + b"\n")
    emulator = JiraEmulator(now=datetime(2019, 1, 1, tzinfo=UTC))
    emulator.load(tmp_path)
    issue = emulator.story.site.issues[7]
    assert issue.summary == "旧的"
    assert issue.extra == {"customfield_77": {"value": "Red"}}
    assert [one.id for one in issue.histories] == [1, 2]
    assert emulator.now == datetime(2020, 1, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("broken", ["{", '{"id": "1"}', "[1]", '{"id": "x", "key": "A-1", "fields": {}}'])
def test_a_broken_line_is_named(tmp_path: Path, broken: str) -> None:
    """The error names file and line."""
    (tmp_path / "issues.jsonl").write_text(json.dumps(ISSUE) + "\n" + broken + "\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"issues\.jsonl line 2: "):
        JiraEmulator().load(tmp_path)


def test_other_broken_folders_are_named(tmp_path: Path) -> None:
    """Nothing to load, no description, half an archive: each gets a line of its own."""
    with pytest.raises(ConfigError, match="neither"):
        JiraEmulator().load(tmp_path)
    (tmp_path / "site.json").write_text('{"versions": [{"id": "1", "name": "v"}]}', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"site\.json: versions entry 1"):
        JiraEmulator().load(tmp_path)
    (tmp_path / "site.json").write_text("[]", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"site\.json"):
        JiraEmulator().load(tmp_path)
    (tmp_path / "site.json").unlink()
    (tmp_path / "issues.jsonl.gz").write_bytes(gzip.compress(json.dumps(ISSUE).encode() * 2000)[:60])
    with pytest.raises(ConfigError, match=r"issues\.jsonl\.gz line 1"):
        JiraEmulator().load(tmp_path)


FULL: dict[str, Any] = {
    "summary": "x",
    "project": {"id": "10", "key": "PAY"},
    "status": {"id": "5", "name": "Open"},
    "issuetype": {"id": "3", "name": "Bug"},
    "created": "2020-01-01T00:00:00.000+0000",
    "updated": "2020-01-02T00:00:00.000+0000",
}


def write_issues(folder: Path, *issues: dict[str, Any], before: bytes = b"") -> None:
    """Issues as a file of lines."""
    lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in issues)
    (folder / "issues.jsonl").write_bytes(before + lines.encode())


@pytest.mark.parametrize(
    "fields_of",
    [
        {},
        *[{name: value for name, value in FULL.items() if name != left_out} for left_out in FULL],
        dict.fromkeys(FULL),
        {**FULL, "project": {"key": "PAY"}},
        {**FULL, "status": {"name": "Open"}, "issuetype": {"name": "Bug"}},
        {**FULL, "fixVersions": [{"name": "v1"}], "assignee": {"displayName": "李娜"}},
        {**FULL, "status": {"id": 5, "name": "Open"}, "fixVersions": [{"id": 9, "name": "v1"}]},
    ],
)
def test_missing_fields_and_ids_are_made_up_for(cloud: Rig, tmp_path: Path, fields_of: dict[str, Any]) -> None:
    """The project comes from the key, ids from names; a number is as good an id as a text; the search finds it."""
    folder = tmp_path / "data"
    folder.mkdir()
    write_issues(folder, {"id": 7, "key": "PAY-3", "fields": fields_of}, {"id": "8", "key": "PAY-4"})
    cloud.emulator.load(folder)
    wanted = ["summary", "project", "status", "issuetype", "created", "updated", "fixVersions", "assignee"]
    told = post(cloud, "api/3/search/jql", jql="project = PAY ORDER BY key", fields=wanted).json()["issues"]
    assert [(one["id"], one["key"], one["fields"]["project"]["key"]) for one in told] == [
        ("7", "PAY-3", "PAY"),
        ("8", "PAY-4", "PAY"),
    ]
    assert all(one["fields"]["status"]["name"] and one["fields"]["created"] for one in told)


def test_two_states_of_one_name_both_stay(tmp_path: Path) -> None:
    """Projects may each have a status and a type of their own under one name."""
    other = {**FULL, "status": {"id": "6", "name": "Open"}, "issuetype": {"id": "4", "name": "Bug"}}
    write_issues(tmp_path, {"id": "1", "key": "A-1", "fields": FULL}, {"id": "2", "key": "A-2", "fields": other})
    emulator = JiraEmulator()
    emulator.load(tmp_path)
    site = emulator.story.site
    assert [(site.statuses[one.status].name, site.types[one.type].name) for one in site.issues.values()] == [
        ("Open", "Bug")
    ] * 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("project", 7),
        ("status", {"id": "5"}),
        ("issuetype", []),
        ("issuetype", ["Bug"]),
        ("created", "yesterday"),
        ("updated", 7),
        ("duedate", None),
        ("resolutiondate", "soon"),
        ("fixVersions", ["v1"]),
        ("components", [{}]),
        ("issuelinks", [{"id": "9"}]),
        ("assignee", "me"),
        ("comment", {"comments": [{"id": "x"}]}),
    ],
)
def test_a_broken_field_is_named(tmp_path: Path, name: str, value: Any) -> None:
    """With its line; an empty value is none."""
    write_issues(
        tmp_path,
        {"id": "1", "key": "A-1", "fields": FULL},
        {"id": "2", "key": "A-2", "fields": {**FULL, name: value}},
    )
    if not value:
        JiraEmulator().load(tmp_path)
        return
    with pytest.raises(ConfigError, match=rf"issues\.jsonl line 2: the field {name} has"):
        JiraEmulator().load(tmp_path)


@pytest.mark.parametrize(("name", "value"), [("assignee", ["me"]), ("updated", "yesterday")])
def test_a_broken_field_is_named_and_no_sound_one(tmp_path: Path, name: str, value: Any) -> None:
    """A version without an id belongs to the issue's project; a time of creation that is missing is that of the last change."""
    fields = {"summary": "x", "fixVersions": [{"name": "1.0"}], name: value}
    write_issues(tmp_path, {"id": "1", "key": "A-1", "fields": fields})
    with pytest.raises(ConfigError, match=rf"line 1: the field {name} has"):
        JiraEmulator().load(tmp_path)


def test_a_mark_of_byte_order_is_no_fault(tmp_path: Path) -> None:
    """Some editors put one before everything they save as UTF-8."""
    mark = b"\xef\xbb\xbf"
    write_issues(tmp_path, {"id": "1", "key": "A-1", "fields": FULL}, before=mark)
    (tmp_path / "site.json").write_bytes(mark + b'{"projects": [{"id": "10", "key": "A"}]}')
    JiraEmulator().load(tmp_path)


def test_a_description_without_a_field_names_it(tmp_path: Path) -> None:
    """The entry and the field."""
    (tmp_path / "site.json").write_text('{"versions": [{"id": "1", "name": "v"}]}', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"site\.json: versions entry 1: no field 'project'"):
        JiraEmulator().load(tmp_path)
