"""How the emulated server pages, and what it refuses: measured on a real one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import gitlab
import pytest

from pmosync.emulation import events as e
from pmosync_gitlab.emulator import GitlabEmulator

START = datetime.fromisoformat("2026-03-02T08:00:00+00:00")
Server = Callable[..., Any]


def crowd(site: Any, count: int) -> None:
    """A project ``pay/api`` with ``count`` issues, one a minute."""
    site.tell(e.ProjectOpens(at=START, system="gitlab", key="pay/api", name="api"))
    for number in range(1, count + 1):
        at = START + timedelta(minutes=number)
        site.tell(
            e.ItemCreated(
                at=at, by="ann", system="gitlab", key=f"pay/api#{number}", project="pay/api", title=f"Task {number}"
            )
        )


def link(reply: Any, rel: str) -> str:
    """The address a Link header gives for ``rel``, as a path below /api/v4, or nothing."""
    for part in reply.headers.get("link", "").split(", "):
        address, _, name = part.partition("; ")
        if name == f'rel="{rel}"':
            parts = urlsplit(address.strip("<>"))
            return f"{parts.path.removeprefix('/api/v4')}?{parts.query}"
    return ""


def test_an_offset_page_tells_where_it_stands(server: Server) -> None:
    """X-Page, X-Per-Page, X-Next-Page, X-Prev-Page, X-Total, X-Total-Pages and four links."""
    site = server()
    crowd(site, 5)
    reply = site.get("/projects/pay%2Fapi/issues?per_page=2&page=2&sort=asc")
    told = {
        name: reply.headers[f"x-{name}"]
        for name in ("page", "per-page", "next-page", "prev-page", "total", "total-pages")
    }
    assert told == {"page": "2", "per-page": "2", "next-page": "3", "prev-page": "1", "total": "5", "total-pages": "3"}
    assert [row["iid"] for row in reply.body] == [3, 4]
    assert [row["iid"] for row in site.rows(link(reply, "next"))] == [5]
    assert parse_qs(urlsplit(link(reply, "last")).query)["page"] == ["3"]
    assert link(site.get(link(reply, "next")), "next") == ""


def test_a_page_past_the_end_is_empty(server: Server) -> None:
    """200 and an empty list, no error."""
    site = server()
    crowd(site, 2)
    reply = site.get("/projects/pay%2Fapi/issues?page=9")
    assert (reply.status, reply.body, reply.headers["x-next-page"]) == (200, [], "")


def test_page_sizes_above_a_hundred_are_clamped_silently(server: Server) -> None:
    """A hundred rows come, and the header says so."""
    site = server()
    crowd(site, 101)
    reply = site.get("/projects/pay%2Fapi/issues?per_page=500")
    assert (len(reply.body), reply.headers["x-per-page"]) == (100, "100")


@pytest.mark.parametrize(
    ("version", "query", "status"),
    [
        ("18.5.1", "page=abc", 400),
        ("13.12.15", "per_page=0", 500),
        ("18.5.1", "per_page=0", 400),
        ("18.5.1", "sort=up", 400),
    ],
)
def test_senseless_paging_is_refused(server: Server, version: str, query: str, status: int) -> None:
    """A page that is no number is 400; no rows a page crashes an old server and is refused by a new one."""
    site = server(version)
    crowd(site, 1)
    assert site.get(f"/projects/pay%2Fapi/issues?{query}").status == status


@pytest.mark.parametrize(("version", "told"), [("18.5.1", False), ("13.12.15", True)])
def test_totals_are_left_out_above_ten_thousand_rows(server: Server, version: str, told: bool) -> None:
    """A newer server drops X-Total, X-Total-Pages and the last link, and still gives the next page."""
    site = server(version)
    crowd(site, 1)
    first = site.emulator.site.issues.by_id[1]
    from msgspec.structs import replace

    site.emulator.site.issues.fill([replace(first, id=number, iid=number) for number in range(2, 10_002)])
    reply = site.get("/projects/pay%2Fapi/issues")
    assert ("x-total" in reply.headers, link(reply, "last") != "") == (told, told)
    assert reply.headers["x-next-page"] == "2"
    filtered = site.get("/projects/pay%2Fapi/issues?state=opened")
    assert ("x-total" in filtered.headers) is told


def test_projects_page_by_keyset_until_no_link_comes(server: Server) -> None:
    """pagination=keyset with order_by=id: no totals, a next link with id_after, an empty page at the very end."""
    site = server()
    for name in ("a", "b", "c", "d"):
        site.tell(e.ProjectOpens(at=START, system="gitlab", key=f"pay/{name}", name=name))
    path, seen = "/projects?pagination=keyset&order_by=id&sort=asc&per_page=2", []
    while path:
        reply = site.get(path)
        assert "x-total" not in reply.headers
        seen += [row["path"] for row in reply.body]
        path = link(reply, "next")
    assert seen == ["a", "b", "c", "d"]
    assert site.get("/projects?pagination=keyset&order_by=name").status == 405


@pytest.mark.parametrize("path", ["/projects/pay%2Fapi/merge_requests", "/groups/pay/issues", "/groups/pay/milestones"])
def test_keyset_elsewhere_is_refused_by_newer_servers_and_ignored_by_older_ones(server: Server, path: str) -> None:
    """405 with GitLab's sentence; 13.12 answers an offset page as if nothing had been asked."""
    new, old = server(), server("13.12.15")
    for site in (new, old):
        crowd(site, 1)
    reply = new.get(f"{path}?pagination=keyset")
    assert (reply.status, reply.body) == (
        405,
        {"error": "Keyset pagination is not yet available for this type of request"},
    )
    assert old.get(f"{path}?pagination=keyset").headers["x-page"] == "1"


def test_a_projects_issues_page_by_cursor_from_18_3_on(server: Server) -> None:
    """The cursor survives rows created and edited in between; 13.12 knows no order by id."""
    site = server()
    crowd(site, 5)
    first = site.get("/projects/pay%2Fapi/issues?pagination=keyset&order_by=created_at&sort=asc&per_page=3")
    site.tell(e.ItemDeleted(at=START + timedelta(hours=1), key="pay/api#1"))
    assert [row["iid"] for row in site.rows(link(first, "next"))] == [4, 5]
    old = server("13.12.15")
    crowd(old, 1)
    reply = old.get("/projects/pay%2Fapi/issues?order_by=id")
    assert (reply.status, reply.body) == (400, {"error": "order_by does not have a valid value"})


def test_offsets_end_where_keyset_paging_exists(server: Server) -> None:
    """Beyond 50,000 rows a project's issues are refused with the hint to use keyset paging."""
    site = server()
    crowd(site, 1)
    reply = site.get("/projects/pay%2Fapi/issues?per_page=100&page=501")
    assert reply.status == 405
    assert "maximum allowed offset of 50000" in reply.body["error"]


def test_pages_ordered_by_update_lose_a_row_to_an_edit(server: Server) -> None:
    """The trap that the connector avoids: one edit after page 1, and an issue is never seen."""
    site = server()
    crowd(site, 4)
    path = "/projects/pay%2Fapi/issues?order_by=updated_at&sort=asc&per_page=2&page="
    first = site.rows(path + "1")
    site.tell(e.ItemRetitled(at=START + timedelta(hours=1), key="pay/api#1", title="New"))
    seen = {row["iid"] for row in first + site.rows(path + "2")}
    assert seen == {1, 2, 4}


def test_the_library_that_the_connector_uses_understands_every_page(running: Callable[[GitlabEmulator], str]) -> None:
    """python-gitlab lists, follows links, and gets single objects."""
    emulator = GitlabEmulator()
    site = type("Site", (), {"tell": lambda self, event: emulator.apply(event)})()
    crowd(site, 5)
    client = gitlab.Gitlab(running(emulator), private_token=emulator.token.secret, keep_base_url=True)
    project = client.projects.get("pay/api")
    assert [issue.iid for issue in project.issues.list(iterator=True, per_page=2, sort="asc")] == [1, 2, 3, 4, 5]
    assert [found.path for found in client.projects.list(iterator=True, pagination="keyset", order_by="id")] == ["api"]
    issue = project.issues.get(3)
    assert issue.attributes["closed_by"] is None
    assert client.version() == ("18.5.1", "Unknown")
    client.session.close()
