"""Who sees what, in which list, and how the emulated server refuses: measured on a real one."""

from __future__ import annotations

import stat
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from pmosync.emulation import events as e
from pmosync.errors import ConfigError
from pmosync_gitlab.emulator import GitlabEmulator
from pmosync_gitlab.emulator.dialect import dialect

START = datetime.fromisoformat("2026-03-02T08:00:00+00:00")
Server = Callable[..., Any]


def later(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


@pytest.fixture
def site(server: Server, little_story: tuple[e.Event, ...]) -> Any:
    """The little story, told to a new server."""
    found = server()
    found.tell(*little_story)
    return found


def test_an_unknown_token_is_401(site: Any) -> None:
    """The body that GitLab gives."""
    reply = site.get("/user", token="nobody")
    assert (reply.status, reply.body) == (401, {"message": "401 Unauthorized"})


@pytest.mark.parametrize("state", ["expired", "revoked"])
def test_an_expired_or_revoked_token_is_401_invalid_token(site: Any, state: str) -> None:
    """Told apart from an unknown one by ``error``."""
    site.emulator.token.state = state
    reply = site.get("/user")
    assert (reply.status, reply.body["error"]) == (401, "invalid_token")


def test_too_small_a_scope_is_403(server: Server) -> None:
    """read_user may ask who it is, and nothing else; the answer names the scopes that would do."""
    site = server(scopes=("read_user",))
    assert site.get("/user").status == 200
    reply = site.get("/projects")
    assert (reply.status, reply.body["error"], reply.body["scope"]) == (403, "insufficient_scope", "api read_api")
    assert site.get("/personal_access_tokens/self").body["scopes"] == ["read_user"]


def test_nothing_can_be_written(site: Any) -> None:
    """A reading token is refused any other method."""
    reply = site.get("/projects/1/issues", method="POST")
    assert (reply.status, reply.body["error"]) == (403, "insufficient_scope")


def test_the_rate_limit_answers_plain_text(site: Any) -> None:
    """429 with Retry-After and the RateLimit headers; after that everything is as before."""
    site.emulator.refuse(1, retry_after=8)
    reply = site.get("/user")
    assert (reply.status, reply.text, reply.headers["retry-after"]) == (429, "Retry later\n", "8")
    assert reply.headers["content-type"].startswith("text/plain")
    assert {f"ratelimit-{name}" for name in ("limit", "observed", "remaining", "reset", "resettime", "name")} <= set(
        reply.headers
    )
    assert site.get("/user").status == 200


def test_a_hidden_project_is_404_and_silently_absent_from_its_group(site: Any) -> None:
    """Never 403; the group's list is 200 and shorter. Given back, all is there again."""
    site.tell(e.AccessLost(at=later(60), system="gitlab", key="pay/core/api"))
    reply = site.get("/projects/pay%2Fcore%2Fapi")
    assert (reply.status, reply.body) == (404, {"message": "404 Project Not Found"})
    assert [row["title"] for row in site.rows("/groups/pay/issues")] == ["Basket"]
    site.tell(e.AccessGiven(at=later(61), system="gitlab", key="pay/core/api"))
    assert len(site.rows("/groups/pay/issues")) == 4


def test_a_hidden_group_takes_everything_below_along(site: Any) -> None:
    """Groups, projects and their issues are 404; given back, all is there again."""
    site.tell(e.AccessLost(at=later(60), system="gitlab", key="pay/core"))
    assert site.get("/groups/pay%2Fcore").status == site.get("/projects/1").status == 404
    assert [row["full_path"] for row in site.rows("/groups")] == ["pay", "pay/shop"]
    site.tell(e.AccessGiven(at=later(61), system="gitlab", key="pay/core"))
    assert site.get("/groups/pay%2Fcore").status == site.get("/projects/1").status == 200


def test_an_archived_project_leaves_the_groups_lists_only(site: Any) -> None:
    """Unless non_archived=false; the project's own list goes on."""
    site.tell(e.ProjectArchived(at=later(60), system="gitlab", key="pay/core/api"))
    assert len(site.rows("/groups/pay/issues")) == 1
    assert len(site.rows("/groups/pay/issues?non_archived=false")) == 4
    assert len(site.rows("/groups/pay/merge_requests?non_archived=false")) == 2
    assert len(site.rows("/projects/pay%2Fcore%2Fapi/issues")) == 3
    assert [
        row["archived"] for row in site.rows("/groups/pay/projects?include_subgroups=true&order_by=id&sort=asc")
    ] == [True, False]


def test_the_lists_of_the_whole_site_show_ones_own_unless_asked(site: Any) -> None:
    """/issues and /merge_requests default to what the caller made; lists of projects and groups to everything."""
    assert site.rows("/merge_requests") == []
    assert len(site.rows("/merge_requests?scope=all")) == 2
    assert len(site.rows("/groups/pay/merge_requests")) == 2
    assert site.rows("/issues") == []


@pytest.mark.parametrize(("version", "status"), [("18.5.1", 301), ("13.12.15", 404)])
def test_a_renamed_projects_old_path_redirects_on_newer_servers(
    server: Server, little_story: tuple[e.Event, ...], version: str, status: int
) -> None:
    """The number keeps working, references change, issues do not move."""
    site = server(version)
    site.tell(*little_story)
    before = site.get("/projects/1/issues/2").body["updated_at"]
    site.tell(
        e.ProjectRenamed(at=later(60), system="gitlab", key="pay/core/api", name="gateway", new_key="pay/core/gateway")
    )
    reply = site.get("/projects/pay%2Fcore%2Fapi/issues?state=all")
    assert reply.status == status
    if status == 301:
        assert reply.headers["location"] == "http://git.test/api/v4/projects/1/issues?state=all"
    found = site.get("/projects/pay%2Fcore%2Fgateway/issues/2").body
    assert (found["references"]["full"], found["updated_at"]) == ("pay/core/gateway#2", before)
    site.tell(e.ItemMoves(at=later(61), by="ann", key="pay/core/api#2", to=e.Stage.DONE))
    assert site.get("/projects/1/issues/2").body["state"] == "closed"


def test_group_milestones_are_the_groups_own_unless_asked(site: Any) -> None:
    """Above with include_ancestors, below with include_descendants; never the projects'."""

    def found(path: str) -> list[str]:
        return [row["title"] for row in site.rows(path)]

    assert found("/groups/pay/milestones") == ["Gate 1"]
    assert found("/groups/pay/milestones?include_descendants=true") == ["Gate 1", "Shop gate"]
    assert found("/groups/pay%2Fshop/milestones?include_ancestors=true") == ["Gate 1", "Shop gate"]
    assert found("/projects/1/milestones") == ["API 上线"]
    assert found("/projects/1/milestones?include_ancestors=true") == ["API 上线", "Gate 1"]
    assert found("/projects/1/milestones?state=closed") == []


def test_a_milestone_is_addressed_by_its_global_id(site: Any) -> None:
    """And its list of issues leaves out those of subgroups when it is a group's."""
    assert site.get("/projects/1/milestones/2").body["iid"] == 1
    assert site.get("/projects/1/milestones/1").status == 404
    assert [row["iid"] for row in site.rows("/projects/1/milestones/2/issues")] == [1]
    assert site.rows("/groups/pay/milestones/1/issues") == []


@pytest.mark.parametrize(("version", "count"), [("13.12.15", 1), ("18.5.1", 0)])
def test_milestones_obey_updated_after_only_on_newer_servers(
    server: Server, little_story: tuple[e.Event, ...], version: str, count: int
) -> None:
    """13.12 ignores it silently and gives the full list."""
    site = server(version)
    site.tell(*little_story)
    assert len(site.rows("/groups/pay/milestones?updated_after=2027-01-01T00:00:00Z")) == count


def test_updated_after_is_inclusive_to_the_millisecond(site: Any) -> None:
    """Equal is in, one millisecond later is out."""
    moved = site.get("/projects/1/issues/2").body["updated_at"]
    exact, after = moved, moved.replace(".000Z", ".001Z")
    assert 2 in [row["iid"] for row in site.rows(f"/projects/1/issues?updated_after={exact}")]
    assert 2 not in [row["iid"] for row in site.rows(f"/projects/1/issues?updated_after={after}")]


def test_an_unencoded_plus_matches_nothing(site: Any) -> None:
    """Silently: 200 and no rows. Encoded it means what it says."""
    assert site.rows("/groups/pay/issues?updated_after=2026-03-02T16:00:00+08:00") == []
    assert len(site.rows("/groups/pay/issues?updated_after=" + quote("2026-03-02T16:00:00+08:00"))) == 4
    assert len(site.rows("/groups/pay/issues?updated_after=2026-03-02")) == 4


@pytest.mark.parametrize("value", ["1772438400", "yesterday"])
def test_instants_that_are_none_are_400(site: Any, value: str) -> None:
    """Unix seconds and words."""
    reply = site.get(f"/groups/pay/issues?updated_after={value}")
    assert (reply.status, reply.body) == (400, {"error": "updated_after is invalid"})


def test_lists_are_filtered_as_asked(site: Any) -> None:
    """Numbers, labels, milestones by title, confidentiality, words; unknown parameters are ignored."""

    def found(query: str) -> list[int]:
        return [row["iid"] for row in site.rows(f"/projects/1/issues?sort=asc&{query}")]

    assert found("iids[]=1&iids[]=3") == [1, 3]
    assert found("labels=backend") == [1]
    assert found("milestone=Gate%201") == [2]
    assert found("confidential=true") == [3]
    assert found("search=refund") == [2]
    assert found("nonsense=1") == [1, 2, 3]
    assert found("labels=None") == [2, 3]


def test_a_token_below_reporter_does_not_see_confidential_issues(site: Any) -> None:
    """They are not in lists, and 404 by number."""
    site.emulator.site.sees_confidential = False
    assert len(site.rows("/projects/1/issues")) == 2
    assert site.get("/projects/1/issues/3").status == 404


def test_emails_are_for_administrators(site: Any, server: Server) -> None:
    """Others see only the public one."""
    assert all("email" not in row for row in site.rows("/users"))
    assert server(admin=True).rows("/users")[0]["email"] == "admin@example.com"


def test_a_leaver_stays_as_blocked(site: Any) -> None:
    """What the person did keeps the name."""
    site.tell(e.PersonLeaves(at=later(60), key="ann"))
    assert site.get("/projects/1/issues/1").body["author"]["state"] == "blocked"


def test_names_of_old_and_new_servers(server: Server, little_story: tuple[e.Event, ...]) -> None:
    """An old server says work_in_progress and merged_by; a new one says draft and merge_user beside them."""
    for version, new in (("13.12.15", False), ("18.5.1", True)):
        site = server(version)
        site.tell(*little_story)
        row = site.rows("/groups/pay/merge_requests")[0]
        assert {"work_in_progress", "merged_by"} <= set(row)
        assert ({"draft", "merge_user", "detailed_merge_status"} <= set(row)) is new


def test_the_clock_is_told_in_every_answer(site: Any) -> None:
    """Date is the emulated clock, and it never goes back."""
    site.emulator.advance(datetime.fromisoformat("2026-04-01T00:00:00+00:00"))
    site.emulator.advance(START)
    assert site.get("/version").headers["date"] == "Wed, 01 Apr 2026 00:00:00 GMT"


def test_the_connection_file_is_its_owners_alone(tmp_path: Path) -> None:
    """The settings point to a token file that nobody else may read."""
    settings = GitlabEmulator().connection("http://127.0.0.1:1", tmp_path)
    path = Path(settings["token_file"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text(encoding="utf-8").strip()


def test_a_version_that_is_none_is_named() -> None:
    """The knob wants two numbers at least."""
    with pytest.raises(ConfigError, match="newest"):
        dialect("newest")


def test_groups_are_listed_at_every_height(site: Any) -> None:
    """All, below one at any depth, directly below one, by cursor on newer servers."""

    def found(path: str) -> list[str]:
        return [row["full_path"] for row in site.rows(path)]

    assert found("/groups") == ["pay/core", "pay", "pay/shop"]
    assert found("/groups?top_level_only=true") == ["pay"]
    assert found("/groups/pay/descendant_groups") == ["pay/core", "pay/shop"]
    assert found("/groups/pay%2Fcore/subgroups") == []
    assert len(found("/groups?pagination=keyset&per_page=100")) == 3
    assert site.get("/groups?pagination=keyset&order_by=id").status == 405
    assert site.get("/groups/pay%2Fnone").body == {"message": "404 Group Not Found"}
    assert [row["path"] for row in site.get("/groups/pay%2Fcore").body["projects"]] == ["api"]


def test_groups_page_by_cursor(site: Any) -> None:
    """The next link carries a cursor until nothing is left."""
    reply = site.get("/groups?pagination=keyset&per_page=2")
    address = reply.headers["link"].split(";")[0].strip("<>").removeprefix("http://git.test/api/v4")
    rest = site.get(address)
    assert [row["full_path"] for row in reply.body + rest.body] == ["pay/core", "pay", "pay/shop"]
    assert "link" not in rest.headers
    assert site.get("/groups?pagination=keyset&cursor=garbage").status == 400


def test_one_account_one_issue_and_the_counts(site: Any, server: Server) -> None:
    """An account by id; an issue by global id is for administrators; counts go by state."""
    assert site.get("/users/2").body["username"] == "ann"
    assert site.get("/users/99").status == 404
    assert [row["username"] for row in site.rows("/users?username=wang")] == ["wang"]
    assert [row["id"] for row in site.rows("/users?pagination=keyset&order_by=id&sort=asc&per_page=2")] == [1, 2]
    assert site.get("/issues/1").status == 403
    admin = server(admin=True)
    assert admin.get("/issues/1").status == 404
    site.tell(e.ItemMoves(at=later(60), by="ann", key="pay/core/api#1", to=e.Stage.DONE))
    counts = site.get("/groups/pay/issues_statistics").body["statistics"]["counts"]
    assert counts == {"all": 4, "closed": 1, "opened": 3}
    assert site.get("/metadata").body["version"] == "18.5.1"
    assert server("13.12.15").get("/metadata").status == 404
    assert site.rows("/projects/1/releases") == []
    assert [row["iid"] for row in site.rows("/projects/1/milestones/2/merge_requests")] == [1]


def test_merge_requests_are_filtered_as_asked(site: Any) -> None:
    """By branch, draft and scope; titles sort too."""

    def found(query: str) -> list[str]:
        return [row["title"] for row in site.rows(f"/groups/pay/merge_requests?{query}")]

    assert found("wip=yes") == ["Draft: Basket total"]
    assert found("source_branch=feature%2FPAY-41-1-login-form") == ["PAY-41 Login form"]
    assert found("target_branch=main&state=opened&order_by=title&sort=asc") == [
        "Draft: Basket total",
        "PAY-41 Login form",
    ]
    assert found("scope=assigned_to_me") == []


def test_what_does_not_exist_is_404(site: Any) -> None:
    """Also outside the API, and with numbers that are none."""
    assert site.get("/nothing").body == {"error": "404 Not Found"}
    assert site.get("/projects/1/issues/one").status == 400
    assert site.get("/projects/1/merge_requests/9").status == 404
    assert site.get("/../robots.txt").status == 404
