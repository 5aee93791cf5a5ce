"""What a real GitLab 13.12 was seen to do, and newer ones where they differ: the emulator does the same, and the source lives
with it. What pages, edits, access and tokens do stands in the other modules beside this one.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import gitlab
import pytest

from pmosync.connector import Opening
from pmosync.emulation import events as e
from pmosync.emulation.faults import Faults, Status
from pmosync.raw import Scope
from pmosync.transport import Limits, Transport
from pmosync_gitlab.emulator import GitlabEmulator, edits, reviewing
from pmosync_gitlab.emulator.records import MergeRequest
from pmosync_gitlab.emulator.site import Site
from pmosync_gitlab.settings import GitlabSettings
from pmosync_gitlab.source import open_source

START = datetime.fromisoformat("2026-03-02T08:00:00+00:00")
API, ISSUE, KEY = "/projects/1", "/projects/1/issues/1", "pay/core/api#1"
REQUEST = "/projects/1/merge_requests/1"
ANN, WANG = 2, 3
Server = Callable[..., Any]
VERSIONS = ("13.12.15", "18.5.1")


def later(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


@pytest.fixture(params=VERSIONS)
def site(request: pytest.FixtureRequest, server: Server, little_story: tuple[e.Event, ...]) -> Any:
    """The little story, told to a server of either age."""
    found = server(request.param)
    found.tell(*little_story)
    return found


# ---------------------------------------------------------------- what moves updated_at


NEVER: dict[str, Callable[[Site, datetime], e.Event | None]] = {
    "its milestone is closed": lambda site, at: e.MilestoneCloses(at=at, by="ann", key="A1"),
    "its milestone is activated": lambda site, at: e.MilestoneReopens(at=at, by="ann", key="A1"),
    "its milestone is renamed": lambda site, at: e.MilestoneRenamed(at=at, by="ann", key="A1", title="API 2"),
    "its assignee is renamed": lambda site, at: e.PersonJoins(at=at, key="ann", name="Ann Li", email="ann@example.com"),
    "its project is renamed": lambda site, at: e.ProjectRenamed(
        at=at, system="gitlab", key="pay/core/api", name="gw", new_key="pay/core/gw"
    ),
    "its label is recoloured": lambda site, at: setattr(site.label("backend"), "color", "#ff0000"),
    "a note of it is deleted": lambda site, at: edits.delete_note(site, site.issues.by_id[1], _comment(site)),
}


def _comment(site: Site) -> int:
    return next(note.id for note in site.notes["Issue", 1] if not note.system)


@pytest.mark.parametrize("what", NEVER)
def test_what_never_moves_an_issue(site: Any, what: str) -> None:
    """Not even ten minutes later. So milestones are read in full each time, and due dates are taken from their list."""
    site.tell(e.ItemCommented(at=later(20), by="wang", key=KEY, text="ETA?"))
    event = NEVER[what](site.emulator.site, later(30))
    if event is not None:
        site.tell(event)
    assert site.get(ISSUE).body["updated_at"] == "2026-03-02T08:20:00.000Z"


def test_a_description_always_moves_an_issue(site: Any) -> None:
    """However soon after the last update."""
    site.tell(e.ItemRetitled(at=later(60), by="ann", key=KEY, title="Touched"))
    site.emulator.advance(later(60.5))
    edits.describe(site.emulator.site, site.emulator.site.issues.by_id[1], "中文")
    assert site.get(ISSUE).body["updated_at"] == "2026-03-02T09:00:30.000Z"


def test_a_milestone_tells_its_own_edits(site: Any) -> None:
    """Its updated_at moves with its due date and its state, and no list tells what the date was before."""
    path = f"{API}/milestones/2"
    site.tell(e.MilestoneDated(at=later(60), by="ann", key="A1", due=START.date()))
    assert site.get(path).body["updated_at"] == "2026-03-02T09:00:00.000Z"
    site.tell(e.MilestoneCloses(at=later(70), by="ann", key="A1"))
    body = site.get(path).body
    assert (body["updated_at"], body["due_date"], body["state"]) == ("2026-03-02T09:10:00.000Z", "2026-03-02", "closed")


Edit = Callable[[Site, MergeRequest], None]
THROTTLED: dict[str, Edit] = {
    "a note": lambda site, request: edits.write_note(site, request, WANG, "Why?", system=False),
    "an approval": lambda site, request: reviewing.approve(site, request, WANG),
    "a push to the source branch": lambda site, request: reviewing.push(site, request, "f" * 40),
}
ALWAYS: dict[str, Edit] = {
    "other reviewers": lambda site, request: reviewing.ask_for_review(site, request, ANN, [ANN, WANG]),
    "becoming a draft": lambda site, request: reviewing.set_draft(site, request, ANN, draft=True),
}


def _moved(site: Any, edit: Edit, minutes: float) -> str:
    """``updated_at`` behind an edit so long after a great one."""
    site.tell(e.ItemRetitled(at=later(60), by="ann", key="pay/core/api!1", title="Touched"))
    site.emulator.advance(later(60 + minutes))
    edit(site.emulator.site, site.emulator.site.merge_requests.by_id[1])
    return str(site.get(REQUEST).body["updated_at"])


@pytest.mark.parametrize("what", THROTTLED)
@pytest.mark.parametrize(("minutes", "told"), [(0.9, "09:00:00"), (2, "09:02:00")])
def test_notes_approvals_and_pushes_move_a_request_at_most_once_a_minute(
    site: Any, what: str, minutes: float, told: str
) -> None:
    """Within 60 s of the last update they leave updated_at alone."""
    assert _moved(site, THROTTLED[what], minutes) == f"2026-03-02T{told}.000Z"


@pytest.mark.parametrize("what", ALWAYS)
def test_reviewers_and_drafts_always_move_a_request(site: Any, what: str) -> None:
    """However soon."""
    assert _moved(site, ALWAYS[what], 0.5) == "2026-03-02T09:00:30.000Z"


def test_taking_an_approval_back_moves_a_request_as_giving_it_does(site: Any) -> None:
    """Not within the minute. Nobody approves any more then, and a note says who took it back."""
    inner = site.emulator.site
    reviewing.approve(inner, inner.merge_requests.by_id[1], WANG)
    assert _moved(site, lambda s, request: reviewing.unapprove(s, request, WANG), 0.5) == "2026-03-02T09:00:00.000Z"
    assert site.get(f"{REQUEST}/approvals").body["approved_by"] == []
    assert site.rows(f"{REQUEST}/notes")[0]["body"] == "unapproved this merge request"


# ---------------------------------------------------------------- people, names and states


def test_a_deleted_account_becomes_the_ghost(site: Any) -> None:
    """As author; as assignee it disappears."""
    edits.delete_person(site.emulator.site, ANN)
    body = site.get(ISSUE).body
    assert (body["author"]["username"], body["assignees"], body["assignee"]) == ("ghost", [], None)


def test_a_renamed_project_changes_addresses_and_references(site: Any) -> None:
    """So no path is an identity."""
    site.tell(e.ProjectRenamed(at=later(60), system="gitlab", key="pay/core/api", name="gw", new_key="pay/core/gw"))
    body = site.get(ISSUE).body
    assert body["references"]["full"] == "pay/core/gw#1"
    assert body["web_url"].endswith("/pay/core/gw/-/issues/1")
    assert (body["id"], body["updated_at"]) == (1, "2026-03-02T08:09:00.000Z")


def test_whether_a_request_can_be_merged_is_found_out_when_somebody_looks(site: Any) -> None:
    """unchecked in a list, checking when it is asked for alone, then can_be_merged, until the next push."""
    assert site.rows(f"{API}/merge_requests")[0]["merge_status"] == "unchecked"
    assert [site.get(REQUEST).body["merge_status"] for _ in range(3)] == ["checking", "can_be_merged", "can_be_merged"]
    inner = site.emulator.site
    reviewing.push(inner, inner.merge_requests.by_id[1], "e" * 40)
    assert site.rows(f"{API}/merge_requests")[0]["merge_status"] == "unchecked"


def test_a_list_of_requests_lacks_what_only_one_alone_tells(site: Any) -> None:
    """diff_refs, changes_count (a text), head_pipeline and merge_error."""
    alone = {"diff_refs", "changes_count", "head_pipeline", "merge_error"}
    assert not alone & set(site.rows(f"{API}/merge_requests")[0])
    body = site.get(REQUEST).body
    assert alone <= set(body)
    assert body["changes_count"] == "1"


def test_an_old_issue_has_no_paid_fields(site: Any) -> None:
    """Neither iteration nor epic nor weight without a licence."""
    assert not {"iteration", "epic", "weight"} & set(site.get(ISSUE).body)


# ---------------------------------------------------------------- parameters and refusals


def test_a_bare_date_is_an_instant(site: Any) -> None:
    """Its midnight in UTC."""
    assert len(site.rows("/groups/pay/issues?updated_after=2026-03-02")) == 4
    assert site.rows("/groups/pay/issues?updated_after=2026-03-03") == []


@pytest.mark.parametrize(("version", "status"), [("13.12.15", 404), ("18.5.1", 301)])
def test_a_former_path_answers_reading_alone(
    server: Server, little_story: tuple[e.Event, ...], version: str, status: int
) -> None:
    """A newer server redirects GET and refuses every other method; writing to an archived project is refused anywhere."""
    site = server(version, scopes=("api",))
    site.tell(*little_story)
    site.tell(e.ProjectRenamed(at=later(60), system="gitlab", key="pay/core/api", name="gw", new_key="pay/core/gw"))
    old = "/projects/pay%2Fcore%2Fapi/issues"
    assert site.get(old).status == status
    assert site.get(old, method="POST").status in (403, 404)
    site.tell(e.ProjectArchived(at=later(61), system="gitlab", key="pay/core/gw"))
    assert site.get(f"{API}/issues", method="POST").status == 403


# ---------------------------------------------------------------- the client library


@pytest.fixture
def library(
    running: Callable[[Any], str], little_story: tuple[e.Event, ...]
) -> Iterator[tuple[GitlabEmulator, gitlab.Gitlab]]:
    """A server with the little story told, and the library's own client of it."""
    emulator = GitlabEmulator()
    for event in little_story:
        emulator.apply(event)
    client = gitlab.Gitlab(running(emulator), private_token=emulator.token.secret, keep_base_url=True)
    yield emulator, client
    client.session.close()


def test_the_library_lists_twenty_rows_and_warns(library: tuple[GitlabEmulator, gitlab.Gitlab]) -> None:
    """Without get_all or iterator. The source pages by itself."""
    emulator, client = library
    for number in range(4, 30):
        emulator.apply(_issue(f"pay/core/api#{number}"))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        rows = client.projects.get(1, lazy=True).issues.list()
    assert len(rows) == 20
    assert any("20 items" in str(one.message) or "get_all" in str(one.message) for one in caught)


def _issue(key: str) -> e.ItemCreated:
    return e.ItemCreated(at=later(20), by="ann", system="gitlab", key=key, project="pay/core/api", title=key)


def test_who_closed_an_issue_is_read_beside_the_librarys_method_of_that_name(
    library: tuple[GitlabEmulator, gitlab.Gitlab], tmp_path: Path
) -> None:
    """``issue.closed_by`` of the library is a method that lists merge requests; the source reads plain rows."""
    emulator, client = library
    emulator.apply(e.ItemMoves(at=later(20), by="wang", key=KEY, to=e.Stage.DONE))
    issue = client.projects.get(1, lazy=True).issues.get(1)
    assert callable(issue.closed_by)
    assert issue.attributes["closed_by"]["username"] == "wang"
    settings = GitlabSettings(**emulator.connection(client.url, tmp_path))
    scope = Scope("project", "pay/core/api")
    source = open_source(Opening("git", settings, Transport(), lambda: START, (scope,)))
    found = [one for batch in source.pull(source.units()[0], None) for one in batch.records if one.ref.kind == "issue"]
    source.close()
    assert found[0].payload["closed_by"]["username"] == "wang"


def test_a_server_that_is_being_replaced_is_asked_again_until_it_is_back(
    running: Callable[[Any], str], little_story: tuple[e.Event, ...], tmp_path: Path
) -> None:
    """502 is no answer, and the library's own tenths of a second are no outage: the waits are ours."""
    emulator, waits = GitlabEmulator(), list[float]()
    for event in little_story:
        emulator.apply(event)
    layer = Faults(emulator.app)
    layer.plan = lambda number, method, path: Status(502) if number in (2, 3, 4) else None
    url = running(type("Site", (), {"app": layer}))

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        return False

    transport = Transport(Limits(attempts=6, deadline=400), wait=wait, clock=lambda: sum(waits))
    settings = GitlabSettings(**emulator.connection(url, tmp_path))
    source = open_source(Opening("git", settings, transport, lambda: START, (Scope("group", "pay"),)))
    found = [one for batch in source.pull(source.units()[0], None) for one in batch.records if one.ref.kind == "issue"]
    source.close()
    assert (len(found), len(waits)) == (4, 3)
