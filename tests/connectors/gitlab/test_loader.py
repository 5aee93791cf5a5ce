"""Loading a site from files of REST answers."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pmosync.emulation import events as e
from pmosync.errors import ConfigError
from pmosync_gitlab.emulator import GitlabEmulator

Server = Callable[..., Any]


def put(folder: Path, name: str, *rows: dict[str, Any]) -> None:
    """Write a file, one record a line."""
    (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


ANN = {"id": 7, "username": "ann", "name": "安"}
ISSUE = {
    "id": 31,
    "iid": 4,
    "project_id": 9,
    "title": "登录",
    "created_at": "2026-01-02T03:04:05.678Z",
    "updated_at": "2026-02-03T00:00:00.000Z",
    "author": ANN,
    "labels": ["risk"],
    "weight": 3,
    "references": {"full": "pmo/api#4"},
}


def test_a_folder_of_answers_is_served_as_it_came(server: Server, tmp_path: Path) -> None:
    """Groups, projects, milestones, issues, merge requests, users and history come back with their ids and fields."""
    put(tmp_path, "users", ANN)
    put(tmp_path, "groups", {"id": 3, "path": "pmo", "full_path": "pmo", "name": "PMO", "parent_id": None})
    put(
        tmp_path,
        "projects",
        {"id": 9, "path_with_namespace": "pmo/api", "name": "api", "namespace": {"id": 3, "full_path": "pmo"}},
    )
    put(tmp_path, "milestones", {"id": 6, "iid": 1, "group_id": 3, "title": "Gate", "due_date": "2026-12-15"})
    put(tmp_path, "issues", {**ISSUE, "milestone": {"id": 6, "title": "Gate"}})
    put(
        tmp_path,
        "merge_requests",
        {**ISSUE, "id": 5, "iid": 1, "description": "Closes #4", "merged_by": ANN, "state": "merged"},
    )
    event = {"id": 2, "user": ANN, "created_at": "2026-02-03T00:00:00Z", "resource_type": "Issue", "resource_id": 31}
    put(tmp_path, "resource_state_events", {**event, "state": "closed"})
    put(tmp_path, "resource_milestone_events", {**event, "milestone": {"id": 6}, "action": "add"})
    put(tmp_path, "resource_label_events", {**event, "label": {"name": "risk"}, "action": "add"})
    note = {"id": 8, "body": "removed due date", "author": ANN, "system": True, "created_at": "2026-02-03T00:00:00Z"}
    put(tmp_path, "notes", {**note, "noteable_type": "Issue", "noteable_id": 31})
    release = {"project_id": 9, "tag_name": "v1", "released_at": "2026-02-01T00:00:00Z", "milestones": [{"id": 6}]}
    put(tmp_path, "releases", {**release, "author": ANN, "colour": "blue"})
    site = server()
    site.emulator.load(tmp_path)
    found = site.get("/projects/9/issues/4").body
    assert (found["id"], found["title"], found["weight"], found["created_at"]) == (31, "登录", 3, ISSUE["created_at"])
    assert (found["milestone"]["due_date"], found["author"]["name"]) == ("2026-12-15", "安")
    for name in ("resource_state_events", "resource_milestone_events", "resource_label_events", "notes"):
        assert len(site.rows(f"/projects/pmo%2Fapi/issues/4/{name}")) == 1, name
    assert [row["id"] for row in site.rows("/projects/9/issues/4/closed_by")] == [5]
    assert site.rows("/groups/pmo/milestones")[0]["id"] == 6
    (published,) = site.rows("/groups/pmo/releases")
    assert (published["name"], published["milestones"][0]["title"], published["colour"]) == ("v1", "Gate", "blue")
    assert site.get("/version").headers["date"] == "Tue, 03 Feb 2026 00:00:00 GMT"


def test_iterations_and_epics_make_a_paid_server(server: Server, tmp_path: Path) -> None:
    """They come back with their ids and fields, also those that only an issue names; a story goes on with them."""
    put(tmp_path, "groups", {"id": 3, "path": "pmo", "full_path": "pmo", "name": "PMO", "parent_id": None})
    days = {"start_date": "2026-02-02", "due_date": "2026-02-15"}
    put(tmp_path, "iterations", {"id": 53, "iid": 13, "group_id": 3, "title": None, "cadence": 1, **days})
    epic = {
        "id": 29,
        "iid": 4,
        "group_id": 3,
        "title": "Checkout",
        "author": ANN,
        "due_date": "2026-07-31",
        "color": "#fff",
    }
    put(tmp_path, "epics", epic)
    inside = {"iteration": {"id": 54, "iid": 14, "group_id": 3, "title": "Sprint", **days}, "epic": {"id": 29}}
    put(tmp_path, "issues", {**ISSUE, **inside})
    site = server()
    site.emulator.load(tmp_path)
    assert site.get("/version").body["version"] == "18.5.1-ee"
    rows = site.rows("/groups/pmo/iterations")
    assert [(row["id"], row["title"], row["state"], row.get("cadence")) for row in rows] == [
        (53, None, 2, 1),
        (54, "Sprint", 2, None),
    ]
    (found,) = site.rows("/groups/pmo/epics")
    assert (found["title"], found["due_date"], found["color"], found["references"]["full"]) == (
        *("Checkout", "2026-07-31", "#fff"),
        "pmo&4",
    )
    assert site.get("/groups/pmo/epics/4").body["id"] == 29
    issue = site.get("/projects/9/issues/4").body
    assert (issue["iteration"]["title"], issue["epic"]["title"], issue["epic_iid"]) == ("Sprint", "Checkout", 4)


def test_issues_alone_are_enough(server: Server, tmp_path: Path) -> None:
    """The project is made from the references, people and labels from where they stand; compressed files are read too."""
    with gzip.open(tmp_path / "issues.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.write(json.dumps(ISSUE) + "\n\n")
    site = server()
    site.emulator.load(tmp_path)
    assert [row["iid"] for row in site.rows("/groups/pmo/issues")] == [4]
    assert site.rows("/projects/pmo%2Fapi/labels")[0]["name"] == "risk"


def test_a_story_goes_on_in_a_loaded_site(server: Server, tmp_path: Path) -> None:
    """Loaded things are known by their keys; new ids do not clash with loaded ones."""
    put(tmp_path, "issues", ISSUE)
    site = server()
    site.emulator.load(tmp_path)
    at = site.emulator.site.now
    site.tell(
        e.ItemMoves(at=at, by="ann", key="pmo/api#4", to=e.Stage.DONE),
        e.ItemCreated(at=at, by="ann", system="gitlab", key="pmo/api#5", project="pmo/api", title="Next"),
    )
    rows = site.rows("/projects/9/issues?order_by=created_at&sort=asc")
    assert [(row["id"], row["state"]) for row in rows] == [(31, "closed"), (32, "opened")]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{not json", "not JSON"),
        ("[1]", "not an object"),
        (json.dumps({**ISSUE, "id": "31"}), "wrong type"),
        (json.dumps({**ISSUE, "updated_at": "soon"}), "wrong type"),
        (json.dumps({"id": 1}), "no field"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    """File, line and what is wrong; nothing of the library's own words."""
    (tmp_path / "issues.jsonl").write_text(json.dumps(ISSUE) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=rf"issues\.jsonl line 2: .*{said}"):
        GitlabEmulator().load(tmp_path)


def test_a_folder_without_any_known_file_is_named(tmp_path: Path) -> None:
    """It is more likely the wrong folder than an empty GitLab."""
    with pytest.raises(ConfigError, match="holds none of"):
        GitlabEmulator().load(tmp_path)


def test_recorded_answers_of_a_real_server_load_and_come_back(
    conformance: Path, server: Server, tmp_path: Path
) -> None:
    """Records of a real server, written one a line, are answered with the same values again."""
    real = conformance / "data" / "gitlab-real"

    def recorded(name: str) -> Any:
        return json.loads((real / f"{name}.json").read_text(encoding="utf-8"))

    put(tmp_path, "projects", *recorded("05_projects_keyset"), *recorded("04_group_projects_incl_subgroups"))
    put(tmp_path, "groups", recorded("03_group"))
    put(tmp_path, "milestones", *recorded("06_group_milestones"), *recorded("07_project_milestones"))
    put(tmp_path, "issues", *recorded("08_group_issues_updated_after"))
    put(tmp_path, "merge_requests", *recorded("16_group_merge_requests"))
    put(tmp_path, "notes", *recorded("11_issue_notes_incl_system"))
    site = server("13.12.15", admin=True)
    site.emulator.load(tmp_path)
    site.emulator.site.people[1].email = ""
    for issue in recorded("08_group_issues_updated_after"):
        ours = site.get(f"/projects/{issue['project_id']}/issues/{issue['iid']}").body
        assert _told(ours, issue) == _told(issue, issue)
    for request in recorded("16_group_merge_requests"):
        ours = site.get(f"/projects/{request['project_id']}/merge_requests/{request['iid']}").body
        assert _told(ours, request) == _told(request, request)
    assert site.get("/groups/pmo").body["id"] == 13


def _told(row: dict[str, Any], like: dict[str, Any]) -> dict[str, Any]:
    """What a row says in the fields of ``like``, but for addresses and pictures, which name the server."""
    text = json.dumps(
        {name: row[name] for name in like if name not in ("_links", "references", "merge_requests_count")}
    )
    return dict(
        json.loads(
            text, object_hook=lambda found: {k: v for k, v in found.items() if k not in ("web_url", "avatar_url")}
        )
    )
