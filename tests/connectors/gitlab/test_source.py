"""The source against the emulated server, through the real client library and over a real socket."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from starlette.types import ASGIApp

from pmosync.connector import Opening
from pmosync.emulation import events as e
from pmosync.errors import AuthError, ConfigError, HeldError, TransientError
from pmosync.raw import Batch, Cursor, RawRecord, Ref, Scope, Unit
from pmosync.transport import Limits, Transport
from pmosync_gitlab.cursor import parse
from pmosync_gitlab.emulator import GitlabEmulator, reviewing
from pmosync_gitlab.settings import GitlabSettings
from pmosync_gitlab.source import GitlabSource, open_source

START = datetime.fromisoformat("2026-03-02T08:00:00+00:00")
PAY = Scope("group", "pay")
API = Scope("project", "pay/core/api")
Run = Callable[[Any], str]


class Rig:
    """An emulated server on a socket and sources that read it."""

    def __init__(self, emulator: GitlabEmulator, url: str, folder: Path) -> None:
        self.emulator, self.url, self.folder = emulator, url, folder
        self.opened: list[GitlabSource] = []
        self.transport = Transport(Limits(attempts=2), wait=lambda seconds: False)
        self.paths: list[str] = []
        self.dying, self.mute, self.muted = "", "", threading.Event()

    @property
    def app(self) -> ASGIApp:
        """The emulator, with every address written down."""

        async def answer(scope: Any, receive: Any, send: Any) -> None:
            self.paths.append(scope["path"])
            if self.mute and scope["path"].endswith(self.mute):
                self.muted.set()
                await asyncio.Event().wait()
            await self.emulator.app(scope, receive, send)
            if self.dying and scope["path"].endswith(self.dying):
                self.tell(e.AccessLost(at=later(91), system="gitlab"))

        return answer

    def asked(self, what: Callable[[], object]) -> list[str]:
        """The addresses that ``what`` asks."""
        before = len(self.paths)
        what()
        return self.paths[before:]

    def open(
        self,
        *scopes: Scope,
        paths: Mapping[str, tuple[str, ...]] | None = None,
        store: Mapping[Ref, RawRecord] | None = None,
        **more: Any,
    ) -> GitlabSource:
        """``store`` is what is kept of what was read before."""
        told = store or {}
        settings = GitlabSettings(**{**self.emulator.connection(self.url, self.folder), **more})
        opening = Opening("git", settings, self.transport, lambda: self.emulator.site.now, scopes, paths or {})
        opening = msgspec.structs.replace(opening, kept=lambda refs: {ref: told[ref] for ref in refs if ref in told})
        self.opened.append(open_source(opening))
        return self.opened[-1]

    def requests(self) -> int:
        return self.transport.counts().requests

    def tell(self, *events: e.Event) -> None:
        for event in events:
            self.emulator.apply(event)


@pytest.fixture
def rig(running: Run, tmp_path: Path, little_story: tuple[e.Event, ...]) -> Iterator[Rig]:
    """A server with the little story told."""
    emulator = GitlabEmulator()
    found = Rig(emulator, "", tmp_path)
    found.url = running(found)
    found.tell(*little_story)
    yield found
    for source in found.opened:
        source.close()


def unit(source: GitlabSource, subject: str, scope: Scope = PAY) -> Unit:
    return next(one for one in source.units() if one.key == f"{scope}:{subject}")


def pulled(source: GitlabSource, one: Unit, cursor: Cursor | None = None) -> tuple[list[RawRecord], Cursor]:
    """All records of a pull, and the cursor it ends with."""
    batches = list(source.pull(one, cursor))
    last = batches[-1].cursor
    assert last is not None
    return [record for batch in batches for record in batch.records], last


def kept(source: GitlabSource) -> dict[Ref, RawRecord]:
    """All records of all units, as the store keeps them."""
    return {record.ref: record for one in source.units() for record in pulled(source, one)[0]}


def titles(records: list[RawRecord]) -> list[str]:
    return [record.payload["title"] for record in records if "title" in record.payload]


def of(records: list[RawRecord], kind: str) -> list[RawRecord]:
    return [record for record in records if record.ref.kind == kind]


def later(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def test_a_first_pull_brings_every_issue_of_a_group_by_global_id(rig: Rig) -> None:
    """Issues of all subgroups' projects come once, in order of creation, under their global ids."""
    source = rig.open(PAY)
    records, _ = pulled(source, unit(source, "issues"))
    issues = of(records, "issue")
    assert titles(issues) == ["Login 登录", "Refund", "Basket", "Fraud rule"]
    assert [record.ref for record in issues] == [Ref("git", "issue", str(number)) for number in (1, 2, 3, 4)]
    assert issues[0].payload["milestone"] == {"id": 2, "iid": 1, "title": "API 上线", "project_id": 1}
    assert issues[0].payload["due_date"] == "2026-05-20"
    assert issues[1].updated == later(6)


def test_milestones_of_projects_and_of_groups_above_and_below_come_in_full(rig: Rig) -> None:
    """A group's unit lists its own, its subgroups' and all projects' milestones, and says that the list is whole."""
    source = rig.open(PAY, API)
    (batch,) = source.pull(unit(source, "milestones"), None)
    assert batch.whole == ("group", "project", "milestone")
    assert [r.payload["full_path"] for r in of(list(batch.records), "group")] == ["pay", "pay/core", "pay/shop"]
    assert titles(of(list(batch.records), "milestone")) == ["Gate 1", "Shop gate", "API 上线"]
    assert [r.payload["path_with_namespace"] for r in of(list(batch.records), "project")] == [
        "pay/core/api",
        "pay/shop/web",
    ]
    (batch,) = source.pull(unit(source, "milestones", API), None)
    assert titles(of(list(batch.records), "milestone")) == ["API 上线", "Gate 1"]


def test_merge_requests_of_everybody_come(rig: Rig) -> None:
    """Merge requests of all authors are read, with draft, reviewers and the keys that link them to work items."""
    source = rig.open(PAY)
    records, _ = pulled(source, unit(source, "merge_requests"))
    assert titles(records) == ["PAY-41 Login form", "Draft: Basket total"]
    first, second = (record.payload for record in records)
    assert first["description"] == "Closes #1\nRelates to PAY-41"
    assert [person["username"] for person in first["reviewers"]] == ["wang"]
    assert second["draft"] is True


def test_a_second_pull_of_an_unchanged_site_brings_nothing_with_few_requests(rig: Rig) -> None:
    """What lies in the overlap is listed again and passed over: no record, one request a unit, two for the scope and its
    projects.
    """
    source = rig.open(PAY)
    cursors = {one: pulled(source, one)[1] for one in source.units()}
    rig.emulator.advance(later(30))
    again, before = rig.open(PAY), rig.requests()
    for subject in ("issues", "merge_requests"):
        assert pulled(again, unit(again, subject), cursors[unit(again, subject)])[0] == []
    assert rig.requests() - before == 4


def test_a_request_that_somebody_looked_at_is_not_read_again(rig: Rig) -> None:
    """Looking has GitLab find out whether it can be merged, and its row tells that: nobody has changed it."""
    source = rig.open(PAY)
    _, cursor = pulled(source, unit(source, "merge_requests"))
    request = rig.emulator.site.merge_requests.by_id[1]
    request.merge_status = "can_be_merged"
    rig.emulator.advance(later(30))
    again = rig.open(PAY)
    assert pulled(again, unit(again, "merge_requests"), cursor)[0] == []


def test_only_what_changed_comes_with_its_history(rig: Rig) -> None:
    """An incremental pull brings the changed issue and who changed what; each history record names its issue's global id."""
    source = rig.open(PAY)
    _, cursor = pulled(source, unit(source, "issues"))
    rig.tell(
        e.ItemMoves(at=later(60), by="ann", key="pay/core/api#1", to=e.Stage.DOING),
        e.ItemDated(at=later(61), by="wang", key="pay/core/api#1", due=date(2026, 6, 3)),
        e.ItemMoves(at=later(62), by="ann", key="pay/core/api#1", to=e.Stage.DONE),
        e.ItemPlanned(at=later(63), by="ann", key="pay/core/api#1", milestone="G1"),
    )
    records, _ = pulled(source, unit(source, "issues"), cursor)
    assert [record.ref.kind for record in records[:1]] == ["issue"]
    history = records[1:]
    assert all(record.payload["issue_id"] == 1 for record in history)
    assert [record.payload["state"] for record in of(history, "state_event")] == ["closed"]
    assert [record.payload["body"] for record in of(history, "note")][-1] == "changed due date to June 03, 2026"
    assert of(history, "note")[-1].payload["author"]["username"] == "wang"
    assert [record.payload["milestone"]["title"] for record in of(history, "milestone_event")] == ["API 上线", "Gate 1"]
    labels = [(r.payload["action"], r.payload["label"]["name"]) for r in of(history, "label_event")]
    assert labels[-2:] == [("add", "status::in progress"), ("remove", "status::in progress")]


def test_a_change_that_did_not_move_updated_at_is_found(rig: Rig) -> None:
    """A label changed within a minute of the last update leaves updated_at alone; the next pull brings it all the same."""
    source = rig.open(PAY)
    rig.tell(e.ItemRetitled(at=later(60), by="ann", key="pay/core/api#2", title="Refund v2"))
    rig.emulator.advance(later(60.5))
    _, cursor = pulled(source, unit(source, "issues"))
    rig.tell(e.ItemLabelled(at=later(60.8), by="ann", key="pay/core/api#2", labels=("urgent",)))
    assert rig.emulator.site.issues.by_id[2].updated_at == later(60)
    rig.emulator.advance(later(120))
    records, _ = pulled(source, unit(source, "issues"), cursor)
    assert [(r.payload["title"], r.payload["labels"]) for r in of(records, "issue")] == [("Refund v2", ["urgent"])]


def test_a_broken_pull_goes_on_where_it_stopped(rig: Rig) -> None:
    """Every batch carries a cursor; going on from one brings the rest, and no row that was created meanwhile is missed."""
    rig.emulator.advance(later(3000))
    source = rig.open(PAY, page_size=1)
    batches = source.pull(unit(source, "issues"), None)
    first: Batch = next(batches)
    assert titles(list(first.records)) == ["Login 登录"]
    assert first.total == 4
    rig.tell(
        e.ItemCreated(
            at=later(70), by="ann", system="gitlab", key="pay/shop/web#2", project="pay/shop/web", title="Late"
        )
    )
    records, _ = pulled(rig.open(PAY), unit(source, "issues"), first.cursor)
    assert titles(of(records, "issue"))[-4:] == ["Refund", "Basket", "Fraud rule", "Late"]


def test_a_resumed_pull_brings_what_changed_since_it_began(rig: Rig) -> None:
    """What was read before the break may be stale by now: another sweep, from the start of the broken one, follows in the
    same pull, so that no pull ends with a cursor that promises more than was read.
    """
    rig.emulator.advance(later(3000))
    source = rig.open(PAY, page_size=2)
    first = next(source.pull(unit(source, "issues"), None))
    rig.tell(e.ItemRetitled(at=later(6000), by="ann", key="pay/core/api#1", title="Login v2"))
    rig.emulator.advance(later(9000))
    again = rig.open(PAY)
    records, cursor = pulled(again, unit(again, "issues"), first.cursor)
    assert titles(of(records, "issue")) == ["Refund", "Basket", "Fraud rule", "Login v2"]
    assert parse(cursor).started == later(9000)
    assert pulled(again, unit(again, "issues"), cursor)[0] == []


def test_a_pull_may_be_resumed_with_another_page_size(rig: Rig) -> None:
    """A page's number means nothing in pages of another size: the rows of its instant are listed once more."""
    rig.emulator.advance(later(3000))
    source = rig.open(PAY, page_size=1)
    *_, second = islice(source.pull(unit(source, "issues"), None), 2)
    again = rig.open(PAY, page_size=50)
    records, _ = pulled(again, unit(again, "issues"), second.cursor)
    assert titles(of(records, "issue")) == ["Login 登录", "Refund", "Basket", "Fraud rule"]


def test_pages_of_one_row_still_see_issues_created_in_the_same_instant(rig: Rig) -> None:
    """Rows created within one millisecond are told apart by further pages of the same window."""
    for number in range(4, 9):
        key = f"pay/core/api#{number}"
        rig.tell(e.ItemCreated(at=later(70), system="gitlab", key=key, project="pay/core/api", title=f"Twin {number}"))
    source = rig.open(PAY, page_size=2)
    records, _ = pulled(source, unit(source, "issues"))
    assert titles(of(records, "issue")) == [
        "Login 登录",
        "Refund",
        "Basket",
        "Fraud rule",
        *(f"Twin {n}" for n in range(4, 9)),
    ]


def test_issues_of_an_archived_project_stay_in_the_group(rig: Rig) -> None:
    """GitLab drops them from a group's list unless told otherwise; the source tells it otherwise."""
    rig.tell(e.ProjectArchived(at=later(60), system="gitlab", key="pay/core/api"))
    source = rig.open(PAY)
    refs = [ref for page in source.census(unit(source, "issues")) for ref in page]
    assert len(refs) == 4
    (batch,) = source.pull(unit(source, "milestones"), None)
    assert [record.payload["archived"] for record in of(list(batch.records), "project")] == [True, False]


def test_a_moved_issue_points_to_its_new_id(rig: Rig) -> None:
    """The old issue is closed without a state event and names the new global id; the new one keeps its creation date."""
    source = rig.open(PAY)
    _, cursor = pulled(source, unit(source, "issues"))
    rig.tell(
        e.ItemMoved(at=later(60), by="ann", key="pay/core/api#2", project="pay/shop/web", new_key="pay/shop/web#2")
    )
    records, _ = pulled(source, unit(source, "issues"), cursor)
    old, new = of(records, "issue")
    assert (old.ref.id, old.payload["state"], old.payload["moved_to_id"]) == ("2", "closed", 5)
    assert (new.ref.id, new.payload["state"], new.payload["created_at"]) == ("5", "opened", old.payload["created_at"])
    assert of(records, "state_event") == []


def test_a_deleted_issue_is_missing_from_the_census_and_does_not_answer(rig: Rig) -> None:
    """There are no tombstones: the census lacks it, and its number in its project answers nothing; others answer."""
    source = rig.open(PAY)
    told = kept(source)
    rig.tell(e.ItemDeleted(at=later(60), key="pay/shop/web#1"))
    refs = {ref for page in source.census(unit(source, "issues")) for ref in page}
    gone, there = Ref("git", "issue", "3"), Ref("git", "issue", "4")
    assert gone not in refs
    assert there in refs
    assert source.visible([gone, there], told) == {gone: False, there: True}


def test_a_number_given_to_another_issue_does_not_answer_for_the_old_one(rig: Rig) -> None:
    """What answers is compared by global id."""
    source = rig.open(PAY)
    told = kept(source)
    rig.tell(
        e.ItemDeleted(at=later(60), key="pay/shop/web#1"),
        e.ItemCreated(at=later(61), system="gitlab", key="pay/shop/web#1", project="pay/shop/web", title="Another"),
    )
    old = Ref("git", "issue", "3")
    assert source.visible([old], told) == {old: False}


def test_the_cursor_is_the_servers_time_and_small(rig: Rig) -> None:
    """Not ours, whose clock may be wrong; and it holds what the next pull needs, no more."""
    source = rig.open(PAY)
    rig.emulator.advance(later(600))
    _, cursor = pulled(source, unit(source, "issues"))
    mark = parse(cursor)
    assert (mark.started, mark.at, mark.recent) == (later(600), None, {})
    assert parse(Cursor("no cursor of ours")) == parse(None)
    assert parse(Cursor('{"format": 9}')) == parse(None)


def test_a_renamed_project_is_still_read_under_its_old_path(rig: Rig) -> None:
    """Newer servers redirect; everything after the first request goes by number."""
    rig.tell(e.ProjectRenamed(at=later(60), system="gitlab", key="pay/core/api", name="gw", new_key="pay/core/gw"))
    source = rig.open(API)
    records, _ = pulled(source, unit(source, "issues", API))
    assert of(records, "issue")[0].payload["references"]["full"] == "pay/core/gw#1"


def test_a_project_with_issues_switched_off_has_none(rig: Rig) -> None:
    """GitLab says so of the project, so an empty pull is the truth and not a failure."""
    rig.emulator.site.projects[1].extra["issues_enabled"] = False
    source = rig.open(API)
    before = rig.requests()
    assert pulled(source, unit(source, "issues", API))[0] == []
    assert rig.requests() - before == 1


def test_a_project_with_neither_issues_nor_merge_requests_has_no_milestones(rig: Rig) -> None:
    """GitLab forbids to ask for them. Such a project is passed over, and the list of the group is whole without it."""
    rig.emulator.site.projects[1].extra |= {"issues_enabled": False, "merge_requests_enabled": False}
    source = rig.open(PAY)
    (batch,) = source.pull(unit(source, "milestones"), None)
    assert batch.whole == ("group", "project", "milestone")
    assert titles(of(list(batch.records), "milestone")) == ["Gate 1", "Shop gate"]
    rig.emulator.site.projects[1].extra["issues_enabled"] = True
    rig.emulator.advance(later(60))
    (batch,) = source.pull(unit(source, "milestones"), None)
    assert len(of(list(batch.records), "milestone")) == 3


@pytest.mark.parametrize("status", [403, 404])
def test_milestones_that_may_not_be_seen_stop_no_others(rig: Rig, status: int) -> None:
    """What the other projects have comes, not as a whole list; then the unit is held, in the census too."""
    rig.emulator.forbid("/projects/1/milestones", status)
    source = rig.open(PAY)
    batches = source.pull(unit(source, "milestones"), None)
    first = next(batches)
    assert (first.whole, first.cursor) == ((), None)
    assert titles(of(list(first.records), "milestone")) == ["Gate 1", "Shop gate"]
    with pytest.raises(HeldError, match="/projects/1/milestones"):
        next(batches)
    with pytest.raises(HeldError):
        list(source.census(unit(source, "milestones")))


def test_a_first_pull_of_issues_reads_no_history(rig: Rig) -> None:
    """What happened before has a unit of its own, which comes last and waits for the others; none where nobody reads it."""
    rig.tell(e.ItemMoves(at=later(60), by="ann", key="pay/core/api#2", to=e.Stage.DONE))
    source = rig.open(API, PAY)
    records, _ = pulled(source, unit(source, "issues", API))
    assert {record.ref.kind for record in records} == {"issue"}
    units = source.units()
    assert [(one.key, one.behind) for one in units[6:]] == [
        ("project pay/core/api:history", "project pay/core/api:issues"),
        ("group pay:history", "group pay:issues"),
    ]
    assert not any(one.behind for one in units[:6])
    for none in (rig.open(API, history=False), rig.open(API, paths={"issue": ("title",)})):
        assert not [one for one in none.units() if one.behind]


@pytest.mark.parametrize(
    ("happening", "asked"),
    [
        (e.ItemMoves(at=later(60), by="ann", key="pay/core/api#2", to=e.Stage.DONE), ["resource_state_events"]),
        (
            e.ItemPlanned(at=later(60), by="ann", key="pay/core/api#2", milestone="A1"),
            ["resource_milestone_events"],
        ),
        (e.ItemDated(at=later(60), by="ann", key="pay/core/api#2", due=date(2026, 7, 1)), ["notes"]),
        (e.ItemRetitled(at=later(60), by="ann", key="pay/core/api#2", title="Refund 退款"), []),
    ],
    ids=["state", "milestone", "due", "title"],
)
def test_history_is_asked_for_only_where_it_grew(rig: Rig, happening: e.Event, asked: list[str]) -> None:
    """Held against what was last read of an issue: a list that has nothing new is not asked for."""
    source = rig.open(API)
    records, cursor = pulled(source, unit(source, "issues", API))
    rig.tell(happening)
    rig.emulator.advance(later(90))
    again = rig.open(API, store={record.ref: record for record in records})
    lists = rig.asked(lambda: pulled(again, unit(again, "issues", API), cursor))
    assert [path.rpartition("/")[2] for path in lists if "/issues/2/" in path] == asked


@pytest.mark.parametrize(
    ("there", "back", "asked"),
    [
        (
            e.ItemMoves(at=later(60), by="ann", key="pay/core/api#2", to=e.Stage.DONE),
            e.ItemMoves(at=later(70), by="ann", key="pay/core/api#2", to=e.Stage("todo")),
            "resource_state_events",
        ),
        (
            e.ItemDated(at=later(60), by="ann", key="pay/core/api#2", due=date(2026, 7, 1)),
            e.ItemDated(at=later(70), by="ann", key="pay/core/api#2", due=None),
            "notes",
        ),
    ],
    ids=["state", "due"],
)
def test_what_went_there_and_back_is_told(rig: Rig, there: e.Event, back: e.Event, asked: str) -> None:
    """An issue that was changed and says the same as before may have any history."""
    source = rig.open(API)
    records, cursor = pulled(source, unit(source, "issues", API))
    rig.tell(there, back)
    rig.emulator.advance(later(90))
    again = rig.open(API, store={record.ref: record for record in records})
    lists = rig.asked(lambda: pulled(again, unit(again, "issues", API), cursor))
    assert asked in [path.rpartition("/")[2] for path in lists if "/issues/2/" in path]


def test_what_went_away_while_another_field_was_asked_for_is_told(rig: Rig) -> None:
    """Everything is read anew since the mapping reads more; an issue without a due date does not hint at its notes, but it
    had one when it was last read.
    """
    paths = {"issue": ("title", "due_date"), "note": ("body",)}
    source = rig.open(API, paths=paths)
    records, cursor = pulled(source, unit(source, "issues", API))
    rig.tell(e.ItemDated(at=later(60), by="ann", key="pay/core/api#1", due=None))
    rig.emulator.advance(later(90))
    more = {**paths, "issue": ("title", "due_date", "weight")}
    again = rig.open(API, paths=more, store={record.ref: record for record in records})
    told, _ = pulled(again, unit(again, "issues", API), cursor)
    assert "removed due date" in [record.payload["body"] for record in of(told, "note")][-1]


def test_a_token_that_dies_behind_the_list_is_not_sent_by_all_threads(rig: Rig) -> None:
    """The first of many questions is asked alone, and a refused token is not sent again."""
    source = rig.open(API)
    _, cursor = pulled(source, unit(source, "issues", API))
    for number in range(10, 60):
        key, home = f"pay/core/api#{number}", "pay/core/api"
        rig.tell(e.ItemCreated(at=later(60), by="ann", system="gitlab", key=key, project=home, title="t"))
        rig.tell(e.ItemRetitled(at=later(70), by="ann", key=key, title="z"))
    rig.emulator.advance(later(90))
    again = rig.open(API)
    rig.dying, before = "/issues", len(rig.paths)
    with pytest.raises(AuthError):
        pulled(again, unit(again, "issues", API), cursor)
    refused = rig.paths[before:]
    assert len(refused) - [path.endswith("/issues") for path in refused].index(True) - 1 <= 2


def test_closing_ends_what_is_under_way(rig: Rig) -> None:
    """A server that does not answer does not keep a source from being let go; nothing more is asked."""
    source = rig.open(API)
    _, cursor = pulled(source, unit(source, "issues", API))
    rig.tell(e.ItemRetitled(at=later(60), by="ann", key="pay/core/api#2", title="z"))
    rig.emulator.advance(later(90))
    rig.mute = "resource_state_events"
    again, ended = rig.open(API), list[BaseException]()

    def read() -> None:
        try:
            pulled(again, unit(again, "issues", API), cursor)
        except TransientError as error:
            ended.append(error)

    reading = threading.Thread(target=read)
    reading.start()
    assert rig.muted.wait(10)
    again.close()
    reading.join(10)
    assert not reading.is_alive()
    assert "interrupted" in str(ended[0])


def test_a_first_review_is_not_looked_for_again(rig: Rig) -> None:
    """It stays the first; a request without one is asked about whenever it has changed."""
    paths = {"merge_request": ("title", "first_review_at")}
    source = rig.open(API, paths=paths)
    rig.tell(e.MergeRequestReviewed(at=later(50), by="wang", key="pay/core/api!1", approved=True))
    records, cursor = pulled(source, unit(source, "merge_requests", API))
    reviewed = [record.payload["first_review_at"] for record in records if record.payload["iid"] == 1]
    rig.tell(e.MergeRequestMerged(at=later(60), by="wang", key="pay/core/api!1"))
    rig.emulator.advance(later(90))
    again = rig.open(API, paths=paths, store={record.ref: record for record in records})
    told: list[RawRecord] = []
    lists = rig.asked(lambda: told.extend(pulled(again, unit(again, "merge_requests", API), cursor)[0]))
    assert not [path for path in lists if path.endswith("/notes")]
    assert reviewed[0]
    assert [record.payload["first_review_at"] for record in told] == reviewed


def test_a_fresh_process_tells_what_answers_from_what_was_kept(rig: Rig) -> None:
    """Each is asked for by its id: projects and groups straight, all others where they were last read, and no list of the
    scopes is taken for an answer.
    """
    told = kept(rig.open(PAY))
    rig.tell(e.ItemDeleted(at=later(60), key="pay/shop/web#1"), e.MilestoneDeleted(at=later(61), key="S1"))
    told |= {ref: told[Ref("git", ref.kind, "1")] for ref in (Ref("git", "project", "99"), Ref("git", "group", "99"))}
    refs = list(told)
    assert {ref for ref, there in rig.open(PAY).visible(refs, told).items() if not there} == {
        Ref("git", "issue", "3"),
        Ref("git", "milestone", "3"),
        Ref("git", "project", "99"),
        Ref("git", "group", "99"),
    }


def test_a_project_that_went_elsewhere_still_answers_with_all_it_holds(rig: Rig) -> None:
    """Transferred to a group that nobody asks for, it keeps its id: it and its items have left, which is not gone."""
    told = kept(rig.open(PAY))
    rig.tell(e.ProjectRenamed(at=later(60), system="gitlab", key="pay/core/api", name="api", new_key="ops/api"))
    refs = [Ref("git", kind, "1") for kind in ("issue", "merge_request", "project")] + [Ref("git", "milestone", "2")]
    source = rig.open(PAY)
    counted = [one for one in source.units() if not one.behind]
    listed = {ref for one in counted for page in source.census(one) for ref in page}
    assert not listed & set(refs)
    assert source.visible(refs, told) == dict.fromkeys(refs, True)


def test_what_cannot_be_asked_about_is_left_out(rig: Rig) -> None:
    """Neither there nor gone: an item of which nothing is kept, and what goes with its issue."""
    told = kept(rig.open(PAY))
    unknown, event = Ref("git", "issue", "77"), Ref("git", "state_event", "1")
    before = rig.requests()
    assert rig.open(PAY).visible([unknown, event], told) == {}
    assert rig.requests() == before


def test_a_hidden_project_is_an_error_and_never_an_empty_list(rig: Rig) -> None:
    """A project the token may no longer see answers 404; its pull stops with the scope's name, the others' go on."""
    rig.tell(e.AccessLost(at=later(60), system="gitlab", key="pay/core/api"))
    web = Scope("project", "pay/shop/web")
    source = rig.open(API, web)
    with pytest.raises(HeldError, match="pay/core/api"):
        list(source.pull(unit(source, "issues", API), None))
    assert titles(pulled(source, unit(source, "issues", web))[0]) == ["Basket"]


def test_a_dead_token_stops_at_the_first_request(rig: Rig) -> None:
    """A revoked token is an AuthError with the remedy, after one request; check says it without raising."""
    rig.tell(e.AccessLost(at=later(60), system="gitlab"))
    source = rig.open(PAY)
    with pytest.raises(AuthError, match="expired or revoked") as caught:
        list(source.pull(unit(source, "issues"), None))
    assert rig.requests() <= 2
    assert "token_file" in caught.value.remedy
    findings = list(source.check())
    assert [finding.ok for finding in findings] == [False]
    assert rig.requests() <= 4


def test_no_error_shows_the_token(rig: Rig) -> None:
    """Neither the message nor the remedy nor the chain behind an error holds the secret."""
    source = rig.open(PAY, token="wrong-secret-token")
    with pytest.raises(AuthError) as caught:
        list(source.pull(unit(source, "issues"), None))
    assert "wrong-secret-token" not in f"{caught.value!r} {caught.value.__cause__!r} {caught.value.__context__!r}"


def test_confidential_issues_and_members_only_projects_are_restricted(rig: Rig) -> None:
    """The mark goes with the issue and with its history."""
    source = rig.open(PAY)
    records, cursor = pulled(source, unit(source, "issues"))
    assert [(r.payload["title"], r.restricted) for r in of(records, "issue")][2:] == [
        ("Basket", False),
        ("Fraud rule", True),
    ]
    rig.emulator.site.projects[2].issues_access_level = "private"
    rig.tell(e.ItemMoves(at=later(60), by="ann", key="pay/shop/web#1", to=e.Stage.DONE))
    records, _ = pulled(source, unit(source, "issues"), cursor)
    basket = [record for record in records if 3 in (record.payload.get("issue_id"), record.payload["id"])]
    assert {record.ref.kind for record in basket} >= {"issue", "state_event"}
    assert all(record.restricted for record in basket)


@pytest.mark.parametrize(
    ("subject", "told"),
    [("issues", {"1": False, "2": False, "3": True, "4": True}), ("merge_requests", {"1": False, "2": True})],
)
def test_a_project_that_becomes_members_only_is_restricted_at_once(
    rig: Rig, subject: str, told: dict[str, bool]
) -> None:
    """The switch moves no item's updated_at: the unit is read anew when the members-only projects are others, and only then."""
    source = rig.open(PAY)
    _, cursor = pulled(source, unit(source, subject))
    rig.emulator.site.projects[2].issues_access_level = "private"
    rig.emulator.site.projects[2].extra["merge_requests_access_level"] = "private"
    rig.emulator.advance(later(60 * 24))
    records, cursor = pulled(source, unit(source, subject), cursor)
    assert {r.ref.id: r.restricted for r in records} == told
    assert pulled(source, unit(source, subject), cursor)[0] == []


@pytest.mark.parametrize(
    ("subject", "paths", "more"),
    [
        ("issues", {"issue": ("title", "description")}, {}),
        ("merge_requests", {"merge_request": ("title", "first_review_at")}, {}),
    ],
)
def test_what_is_read_anew_reaches_unchanged_items(
    rig: Rig, subject: str, paths: dict[str, tuple[str, ...]], more: dict[str, Any]
) -> None:
    """Another field: all items are read once more, those of a sweep that was broken off too; the same ones in another order
    are nothing new.
    """
    before: dict[str, tuple[str, ...]] = {"issue": ("title",), "merge_request": ("title",)}
    rig.emulator.advance(later(60 * 24))
    old = rig.open(PAY, paths=before, page_size=1)
    first = next(old.pull(unit(old, subject), None)).cursor
    _, cursor = pulled(old, unit(old, subject))
    new = rig.open(PAY, paths=paths, **more)
    count = {"issues": 4, "merge_requests": 2}[subject]
    for at in (first, cursor):
        records, behind = pulled(new, unit(new, subject), at)
        assert len(of(records, subject.removesuffix("s"))) == count
    turned: dict[str, tuple[str, ...]] = {kind: words[::-1] for kind, words in paths.items()}
    assert pulled(rig.open(PAY, paths=turned, **more), unit(new, subject), behind)[0] == []


def test_an_old_server_is_read_under_its_own_names(
    running: Run, tmp_path: Path, little_story: tuple[e.Event, ...]
) -> None:
    """13.12 tells work_in_progress and merged_by, and knows group milestones above a project under the older parameter."""
    emulator = GitlabEmulator("13.12.15")
    rig = Rig(emulator, running(emulator), tmp_path)
    rig.tell(*little_story, e.MergeRequestMerged(at=later(60), by="wang", key="pay/core/api!1"))
    source = rig.open(PAY)
    records, _ = pulled(source, unit(source, "merge_requests"))
    assert [record.payload["work_in_progress"] for record in records] == [False, True]
    assert records[0].payload["merged_by"]["username"] == "wang"
    assert "draft" not in records[1].payload
    (batch,) = source.pull(unit(source, "milestones"), None)
    assert sorted(titles(of(list(batch.records), "milestone"))) == ["API 上线", "Gate 1", "Shop gate"]
    assert [finding.message for finding in source.check()][1] == "this server does not tell a token's scopes"
    source.close()


def test_check_proves_token_and_scopes(rig: Rig) -> None:
    """One finding a proof; an archived project and an unknown scope are named."""
    rig.tell(e.ProjectArchived(at=later(60), system="gitlab", key="pay/core/api"))
    findings = list(rig.open(PAY, Scope("project", "pay/none")).check())
    told = [(finding.ok, finding.place, finding.message) for finding in findings]
    assert told[1][2] == "has the scope read_api"
    assert (True, "project pay/core/api", "is archived: its issues are read still, and cannot change") in told
    assert [place for ok, place, _ in told if not ok] == ["project pay/none"]


def test_payloads_hold_only_what_the_mapping_reads(rig: Rig) -> None:
    """Kinds no path names are not asked for, fields no path names are not kept; identity always is."""
    paths = {"issue": ("title", "milestone.id", "author.username"), "note": ("body",)}
    source = rig.open(PAY, paths=paths)
    _, cursor = pulled(source, unit(source, "issues"))
    rig.tell(e.ItemDated(at=later(60), by="ann", key="pay/core/api#1", due=None))
    records, _ = pulled(source, unit(source, "issues"), cursor)
    assert {record.ref.kind for record in records} == {"issue", "note"}
    assert set(records[0].payload) == {"id", "iid", "project_id", "title", "milestone", "author"}
    assert records[-1].payload["body"] == "removed due date"


def test_the_first_review_is_told_where_the_mapping_reads_it(rig: Rig) -> None:
    """The first comment or approval of somebody else than the author; without that path nothing more is asked."""
    key = "pay/core/api!1"
    rig.tell(
        e.ItemCommented(at=later(59), by="ann", key=key, text="mine"),
        e.MergeRequestReviewed(at=later(60), by="wang", key=key, approved=True),
        e.MergeRequestReviewed(at=later(70), by="wang", key=key),
    )
    source = rig.open(PAY, paths={"merge_request": ("title", "first_review_at")})
    records, _ = pulled(source, unit(source, "merge_requests"))
    assert [record.payload["first_review_at"] for record in records] == ["2026-03-02T09:00:00.000Z", None]
    before = rig.requests()
    records, _ = pulled(rig.open(PAY), unit(source, "merge_requests"))
    assert "first_review_at" not in records[0].payload
    assert rig.requests() - before == 3


APPROVALS = {"merge_request": ("title", "first_review_at", "approved_by", "approved_at")}
APPROVED = "pay/core/api!1"


def told_of(rig: Rig, cursor: Cursor | None = None, store: Mapping[Ref, RawRecord] | None = None) -> RawRecord | None:
    """What a pull tells of the reviewed merge request."""
    source = rig.open(API, paths=APPROVALS, store=store)
    records, _ = pulled(source, unit(source, "merge_requests", API), cursor)
    return next((record for record in records if record.payload["iid"] == 1), None)


def approvers(record: RawRecord | None) -> tuple[list[str], str | None]:
    """Who approves, and since when."""
    assert record is not None
    return [person["username"] for person in record.payload["approved_by"]], record.payload["approved_at"]


def test_who_approves_is_told_where_the_mapping_reads_it(rig: Rig) -> None:
    """Those whose approval is in force, and when the latest was given; by the same notes as the first review."""
    site = rig.emulator.site
    request = site.merge_requests.by_id[1]
    assert approvers(told_of(rig)) == ([], None)
    rig.tell(e.MergeRequestReviewed(at=later(60), by="wang", key=APPROVED, approved=True))
    rig.tell(e.MergeRequestReviewed(at=later(70), by="root", key=APPROVED, approved=True))
    asked = rig.asked(lambda: told_of(rig))
    assert [path for path in asked if "/merge_requests/" in path] == ["/api/v4/projects/1/merge_requests/1/notes"]
    assert approvers(told_of(rig)) == (["wang", "root"], "2026-03-02T09:10:00.000Z")
    rig.emulator.advance(later(80))
    reviewing.unapprove(site, request, 1)
    assert approvers(told_of(rig)) == (["wang"], "2026-03-02T09:00:00.000Z")
    reviewing.reset(site, request)
    assert approvers(told_of(rig)) == ([], None)


def test_a_later_approval_is_told_and_the_first_review_stays(rig: Rig) -> None:
    """Only of a request that changed, in one request; comments are not listed again once the first review is known."""
    rig.tell(e.MergeRequestReviewed(at=later(50), by="wang", key=APPROVED))
    source = rig.open(API, paths=APPROVALS)
    rig.emulator.advance(later(60))
    records, cursor = pulled(source, unit(source, "merge_requests", API))
    store = {record.ref: record for record in records}
    assert told_of(rig, cursor, store) is None
    rig.tell(e.MergeRequestReviewed(at=later(90), by="wang", key=APPROVED, approved=True))
    found = told_of(rig, cursor, store)
    assert approvers(found) == (["wang"], "2026-03-02T09:30:00.000Z")
    assert found is not None
    assert found.payload["first_review_at"] == "2026-03-02T08:50:00.000Z"


def test_an_approval_that_did_not_move_updated_at_is_found(rig: Rig) -> None:
    """Given within the minute after another change, behind a pull in that minute: its row is the same, and no field of it
    tells.
    """
    rig.tell(e.ItemRetitled(at=later(60), by="ann", key=APPROVED, title="Touched"))
    source = rig.open(API, paths=APPROVALS)
    rig.emulator.advance(later(60.2))
    records, cursor = pulled(source, unit(source, "merge_requests", API))
    rig.tell(e.MergeRequestReviewed(at=later(60.5), by="wang", key=APPROVED, approved=True))
    assert rig.emulator.site.merge_requests.by_id[1].updated_at == later(60)
    rig.emulator.advance(later(65))
    found = told_of(rig, cursor, {record.ref: record for record in records})
    assert approvers(found) == (["wang"], "2026-03-02T09:00:30.000Z")


def test_a_refused_rate_is_waited_out_by_the_transport(rig: Rig) -> None:
    """429 is retried, never answered as an empty list; when it does not end it is a TransientError."""
    source = rig.open(PAY)
    rig.emulator.refuse(1)
    assert len(pulled(source, unit(source, "issues"))[0]) >= 4
    rig.emulator.refuse(50)
    with pytest.raises(TransientError):
        list(source.pull(unit(source, "issues"), None))


def test_an_unknown_kind_of_scope_is_named(rig: Rig) -> None:
    """GitLab knows projects and groups."""
    with pytest.raises(ConfigError, match="jql"):
        rig.open(Scope("jql", "project = PAY"))


@pytest.mark.parametrize(
    ("scopes", "ends", "ok", "said"),
    [
        (("api",), "2027-12-31", True, "may write"),
        (("read_api",), "2026-03-20", False, "expires on 2026-03-20"),
        (("read_api",), "", True, "has the scope read_api"),
    ],
)
def test_check_tells_what_the_token_may_and_until_when(
    rig: Rig, scopes: tuple[str, ...], ends: str, ok: bool, said: str
) -> None:
    """More than read_api is said, an end within 30 days is a fault, each with the remedy."""
    rig.emulator.token.scopes, rig.emulator.token.expires = scopes, date.fromisoformat(ends) if ends else None
    told = [finding for finding in rig.open(PAY).check() if finding.place.endswith("token")]
    assert [(finding.ok, said in finding.message) for finding in told if said in finding.message] == [(ok, True)]


def test_check_names_a_token_with_too_little(rig: Rig) -> None:
    """read_user may say who it is, and nothing that we need."""
    rig.emulator.token.scopes = ("read_user",)
    findings = list(rig.open(PAY).check())
    assert [finding.ok for finding in findings] == [False]
    assert "lacks the scope read_api" in findings[0].message


def test_check_names_empty_and_idle_scopes(rig: Rig) -> None:
    """A group without a visible project, a project with issues switched off, and a connection nobody asks anything of."""
    rig.emulator.site.make_group("void")
    rig.emulator.site.projects[1].extra["issues_enabled"] = False
    told = [(finding.ok, finding.message) for finding in rig.open(Scope("group", "void"), API).check()]
    assert (False, "holds no project this token may see") in told
    assert (True, "has its issues switched off") in told
    group = next(message for _, message in told if message.startswith("is readable with"))
    assert group.startswith("is readable with 0 projects (")
    told = [(finding.ok, finding.message) for finding in rig.open(Scope("group", "pay/core")).check()]
    assert any(message.startswith("is readable with 1 project (") for _, message in told)
    assert list(rig.open().check())[-1].message == "nothing is asked of this connection"


def test_an_issue_deleted_while_its_history_is_read_has_none(
    running: Run, tmp_path: Path, little_story: tuple[e.Event, ...]
) -> None:
    """It was listed a moment ago: its record stays, the next census tells."""
    emulator = GitlabEmulator()

    async def meddling(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"].endswith("/issues/2/resource_state_events"):
            emulator.apply(e.ItemDeleted(at=later(61), key="pay/core/api#2"))
        await emulator.app(scope, receive, send)

    rig = Rig(emulator, running(SimpleNamespace(app=meddling)), tmp_path)
    rig.tell(*little_story)
    source = rig.open(API)
    _, cursor = pulled(source, unit(source, "issues", API))
    rig.tell(e.ItemCommented(at=later(60), by="ann", key="pay/core/api#2", text="x"))
    records, _ = pulled(source, unit(source, "issues", API), cursor)
    assert [(record.ref.kind, record.ref.id) for record in records] == [("issue", "2")]
    source.close()


@pytest.mark.parametrize("status", [403, 404])
@pytest.mark.parametrize(
    ("subject", "list_of"), [("issues", "/issues/2/notes"), ("merge_requests", "/merge_requests/1/notes")]
)
def test_a_refused_history_is_told_and_never_taken_for_none(
    running: Run, tmp_path: Path, little_story: tuple[e.Event, ...], status: int, subject: str, list_of: str
) -> None:
    """The item answers, its list does not: that nobody changed it cannot be said, so the unit is held with the remedy."""
    emulator = GitlabEmulator()
    emulator.forbid(list_of, status)
    rig = Rig(emulator, running(emulator), tmp_path)
    rig.tell(*little_story)
    paths = {"issue": ("title",), "note": ("body",), "merge_request": ("title", "first_review_at")}
    source = rig.open(API, paths=paths)
    rig.tell(
        e.ItemDated(at=later(60), by="ann", key="pay/core/api#2", due=date(2026, 6, 3)),
        e.ItemCommented(at=later(60), by="ann", key="pay/core/api!1", text="x"),
    )
    with pytest.raises(HeldError, match=list_of) as caught:
        pulled(source, unit(source, {"issues": "history"}.get(subject, subject), API))
    assert "role Reporter" in caught.value.remedy
    source.close()


def test_items_of_a_project_that_is_gone_do_not_answer(rig: Rig) -> None:
    """The whole project answers 404: so does everything in it."""
    source = rig.open(PAY)
    told = kept(source)
    rig.tell(e.AccessLost(at=later(60), system="gitlab", key="pay/shop/web"))
    basket, login = Ref("git", "issue", "3"), Ref("git", "issue", "1")
    assert source.visible([basket, login], told) == {basket: False, login: True}
    assert source.visible([]) == {}


def test_the_emulator_names_its_token_as_the_documentation_does(tmp_path: Path) -> None:
    """What people copy from one page fits what another one says."""
    assert GitlabEmulator().connection("http://127.0.0.1:1", tmp_path)["token_file"] == str(tmp_path / "gitlab-token")
