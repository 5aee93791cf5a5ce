"""The source against the emulated site, through the real library on a loopback port."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from pmosync.emulation import events
from pmosync.emulation.events import Stage
from pmosync.errors import AuthError, ConfigError, HeldError, TransientError, UncountedError
from pmosync.mapping import Context, load_mapping, translate
from pmosync.model import WorkItem
from pmosync.raw import Batch, Cursor, RawRecord, Ref

if TYPE_CHECKING:
    from tests.connectors.jira.conftest import Rig

PAY = "project PAY"


def test_the_first_pull_reads_everything_mapped_and_nothing_else(both: Rig) -> None:
    """A first pull delivers every issue with exactly the fields that the mapping's paths name, and what the source needs."""
    both.story(issues=3)
    records, cursor = both.issues(both.source(PAY), PAY)
    assert sorted(records) == ["PAY-1", "PAY-2", "PAY-3", "PAY-90001"]
    one = records["PAY-1"]
    assert one.ref.kind == "issue"
    assert one.payload["fields"]["summary"] == "Story PAY-1"
    assert [version["name"] for version in one.payload["fields"]["fixVersions"]] == ["v1"]
    assert "description" not in one.payload["fields"]
    assert "priority" not in one.payload["fields"]
    assert one.updated == both.at(1)
    assert cursor is not None


def test_an_unchanged_site_costs_few_requests_and_gives_nothing_new(both: Rig) -> None:
    """A second pull of an unchanged site asks at most four questions a unit and delivers no issue older than the overlap."""
    both.story(issues=30)
    both.emulator.advance(both.at(120))
    source = both.source(PAY)
    _, cursor = both.issues(source, PAY)
    both.emulator.advance(both.at(240))
    records: list[str] = []
    asked = both.asked(lambda: records.extend(both.issues(source, PAY, cursor)[0]))
    assert records == []
    assert len(asked) <= 4


def test_a_change_arrives_with_its_history(both: Rig) -> None:
    """An incremental pull delivers the changed issue with its whole history, oldest first, who and when."""
    both.story()
    both.emulator.advance(both.at(30))
    source = both.source(PAY)
    _, cursor = both.issues(source, PAY)
    both.tell(
        events.ItemMoves(at=both.at(60), by="li", key="PAY-2", to=Stage.DOING),
        events.ItemMoves(at=both.at(120), by="ann", key="PAY-2", to=Stage.DROPPED),
    )
    records, _ = both.issues(source, PAY, cursor)
    assert list(records) == ["PAY-2"]
    histories = records["PAY-2"].payload["changelog"]["histories"]
    moved = [(item["field"], item["fromString"], item["toString"]) for one in histories for item in one["items"]]
    assert moved == [
        ("status", "To Do", "In Progress"),
        ("status", "In Progress", "Done"),
        ("resolution", None, "Won't Do"),
    ]
    assert [one["author"]["displayName"] for one in histories] == ["李雷", "Ann"]


def test_time_spent_is_never_stale(both: Rig) -> None:
    """Work that is logged, corrected or deleted arrives with the next pull: each writing of a worklog moves ``updated``."""
    both.story()
    both.emulator.advance(both.at(30))
    source = both.source(PAY, paths=("fields.timespent",))
    _, cursor = both.issues(source, PAY)
    for hour, hours in ((1, 3.0), (2, 1.5), (3, 0.0)):
        both.tell(events.ItemLogged(at=both.at(60 * hour), by="li", key="PAY-2", hours=hours))
        records, cursor = both.issues(source, PAY, cursor)
        assert records["PAY-2"].payload["fields"]["timespent"] == hours * 3600


def test_a_change_within_the_minute_of_the_last_pull_is_not_lost(both: Rig) -> None:
    """Queries know whole minutes only; a change some seconds after the last pull is still found."""
    both.story()
    source = both.source(PAY)
    both.emulator.advance(both.at(30) + timedelta(seconds=10))
    _, cursor = both.issues(source, PAY)
    both.tell(events.ItemRetitled(at=both.at(30) + timedelta(seconds=20), key="PAY-1", title="新名字"))
    both.emulator.advance(both.at(600))
    records, _ = both.issues(source, PAY, cursor)
    assert records["PAY-1"].payload["fields"]["summary"] == "新名字"


def test_the_window_is_said_in_the_accounts_zone(shanghai: Rig) -> None:
    """Absolute dates in queries are read in the account's profile zone: eight hours off would lose or repeat a working day."""
    shanghai.story()
    shanghai.emulator.advance(shanghai.at(60))
    source = shanghai.source(PAY)
    _, cursor = shanghai.issues(source, PAY)
    shanghai.tell(events.ItemRetitled(at=shanghai.at(61), key="PAY-1", title="x"))
    shanghai.emulator.advance(shanghai.at(90))
    before = len(shanghai.recorder.exchanges)
    records, _ = shanghai.issues(source, PAY, cursor)
    assert list(records) == ["PAY-1"]
    sent = [one.body for one in shanghai.recorder.exchanges[before:] if one.path.endswith("/search/jql")]
    assert "2026-01-05 17:45" in json.loads(sent[0])["jql"]


def test_the_zone_may_be_set(shanghai: Rig) -> None:
    """``time_zone`` replaces the profile's, for the rare site whose server reads dates in another one."""
    shanghai.story()
    source = shanghai.source(PAY, time_zone="Europe/Berlin")
    _, cursor = shanghai.issues(source, PAY)
    assert cursor is not None
    assert any("Europe/Berlin" in finding.message for finding in source.check())


def test_a_moved_issue_keeps_its_identity(both: Rig) -> None:
    """A move gives a new key; the id stays, and the history says which key it had."""
    both.story()
    both.tell(events.ProjectOpens(at=both.at(2), system="jira", key="ALO", name="Other"))
    source = both.source(PAY, "project ALO")
    before, _ = both.issues(source, PAY)
    _, cursor = both.issues(source, "project ALO")
    both.tell(events.ItemMoved(at=both.at(90), by="li", key="PAY-2", project="ALO", new_key="ALO-7"))
    after, _ = both.issues(source, "project ALO", cursor)
    assert after["ALO-7"].ref == before["PAY-2"].ref
    items = [item for one in after["ALO-7"].payload["changelog"]["histories"] for item in one["items"]]
    assert {"Key", "project", "Fix Version"} <= {item["field"] for item in items}
    assert source.visible([before["PAY-2"].ref]) == {before["PAY-2"].ref: True}


def test_a_renamed_project_is_read_once_more(both: Rig) -> None:
    """A new project key renames all issues without a change of their own: the sweep starts over, identities stay."""
    both.story()
    source = both.source(PAY)
    before, cursor = both.issues(source, PAY)
    both.emulator.advance(both.at(600))
    both.tell(events.ProjectRenamed(at=both.at(601), system="jira", key="PAY", name="Wallet", new_key="WAL"))
    after, _ = both.issues(source, PAY, cursor)
    assert {record.ref for record in before.values()} == {record.ref for record in after.values()}
    assert "WAL-1" in after


def test_a_deleted_issue_is_missing_from_the_census_and_not_visible(both: Rig) -> None:
    """Jira leaves no tombstone: deletion shows in the census and by id, never in a pull."""
    both.story()
    source = both.source(PAY)
    records, cursor = both.issues(source, PAY)
    gone, kept = records["PAY-2"].ref, records["PAY-1"].ref
    both.tell(events.ItemDeleted(at=both.at(90), key="PAY-2"))
    seen = {ref for page in source.census(both.unit(source, PAY)) for ref in page}
    assert gone not in seen
    assert kept in seen
    assert source.visible([gone, kept]) == {gone: False, kept: True}
    assert "PAY-2" not in both.issues(source, PAY, cursor)[0]


def test_a_dead_token_stops_within_two_requests(both: Rig) -> None:
    """Cloud answers a dead token with 200 and nothing in it; the header is believed, not the emptiness."""
    both.story()
    both.emulator.revoke()
    source = both.source(PAY)

    def pull() -> None:
        with pytest.raises(AuthError) as caught:
            both.issues(source, PAY)
        assert "jira-token" in caught.value.remedy
        assert both.emulator.token not in str(caught.value)

    assert len(both.asked(pull)) <= 2


def test_a_token_that_dies_during_a_pull_stops_it(cloud: Rig) -> None:
    """The header is looked at on every answer, not only on the first; no question is begun behind the one that told."""
    cloud.story(issues=400)
    source = cloud.source(PAY, page_size=10)
    batches = source.pull(cloud.unit(source, PAY), None)
    assert next(batches).records
    cloud.emulator.revoke()
    with pytest.raises(AuthError):
        list(batches)
    assert sum(path.endswith("bulkfetch") for path in cloud.recorder.paths) < 40
    cloud.emulator.renew()


def test_a_project_that_is_no_longer_visible_is_an_error_not_an_empty_project(both: Rig) -> None:
    """Losing the right to browse looks like deletion of everything: it is told as a lost right."""
    both.story()
    source = both.source(PAY)
    _, cursor = both.issues(source, PAY)
    both.tell(events.AccessLost(at=both.at(90), system="jira", key="PAY"))
    for attempt in (lambda: both.issues(source, PAY, cursor), lambda: list(source.census(both.unit(source, PAY)))):
        with pytest.raises(HeldError, match="PAY"):
            attempt()
    with pytest.raises(HeldError, match="PAY"):
        both.pull(source, "versions")
    both.tell(events.AccessGiven(at=both.at(95), system="jira", key="PAY"))
    assert both.issues(source, PAY, None)[0]


def test_versions_of_visible_projects_arrive_though_another_is_lost(both: Rig) -> None:
    """One lost project stops none of the others, and then nothing is declared to be listed in full."""
    both.story()
    both.tell(events.ProjectOpens(at=both.at(1), system="jira", key="ALO", name="Other"))
    both.tell(events.AccessLost(at=both.at(2), system="jira", key="ALO"))
    source = both.source("project ALO", PAY)
    batches = source.pull(both.unit(source, "versions"), None)
    batch = next(batches)
    assert batch.whole == ()
    assert [record.ref.kind for record in batch.records] == ["project", "version"]
    with pytest.raises(HeldError, match="ALO"):
        next(batches)


def test_an_archived_project_is_silent_and_not_gone(both: Rig) -> None:
    """Archiving hides issues from every list; by id they answer, and the cursor waits for the project's return."""
    both.story()
    source = both.source(PAY)
    records, cursor = both.issues(source, PAY)
    both.tell(events.ProjectArchived(at=both.at(60), system="jira", key="PAY"))
    assert both.issues(source, PAY, cursor) == ({}, cursor)
    assert both.issues(source, PAY, None) == ({}, None)
    with pytest.raises(UncountedError, match="PAY is archived"):
        list(source.census(both.unit(source, PAY)))
    assert all(source.visible([record.ref for record in records.values()]).values())
    assert any(record.payload.get("archived") for record in both.pull(source, "versions")[0].values())


def test_a_security_level_makes_a_record_restricted(both: Rig) -> None:
    """An item that the system itself limits is marked, and unmarked when it is opened."""
    both.story(issues=0)
    both.tell(both.created("PAY-1", restricted=True), both.created("PAY-2"))
    source = both.source(PAY)
    records, cursor = both.issues(source, PAY)
    assert {key: record.restricted for key, record in records.items() if key != "PAY-90001"} == {
        "PAY-1": True,
        "PAY-2": False,
    }
    both.tell(events.ItemRestricted(at=both.at(60), key="PAY-1", restricted=False))
    assert both.issues(source, PAY, cursor)[0]["PAY-1"].restricted is False


def test_a_cut_changelog_is_completed(cloud: Rig) -> None:
    """Search answers hold only recent history; the rest is fetched, split pages are merged, nothing stands twice."""
    cloud.story(issues=2)
    cloud.emulator.knobs.changelog_cut = 3
    for step in range(12):
        for key in ("PAY-1", "PAY-2"):
            cloud.tell(events.ItemRetitled(at=cloud.at(10 + step), by="li", key=key, title=f"{key} {step}"))
    records, _ = cloud.issues(cloud.source(PAY), PAY)
    for key in ("PAY-1", "PAY-2"):
        histories = records[key].payload["changelog"]["histories"]
        assert [one["items"][0]["toString"] for one in histories] == [f"{key} {step}" for step in range(12)]
        assert all(isinstance(one["created"], str) for one in histories)


def test_a_changelog_as_long_as_the_longest_page_is_not_believed(cloud: Rig) -> None:
    """Cloud tells at most 40 entries in a search, and its contract calls ``total`` the number on the page: 40 of 40 prove
    nothing. All such issues of a piece are completed by one question; a shorter history costs none.
    """
    cloud.story(issues=3)
    cloud.emulator.knobs.tells_total = False
    for step in range(45):
        for key in ("PAY-1", "PAY-2"):
            cloud.tell(events.ItemRetitled(at=cloud.at(10 + step), by="li", key=key, title=f"{step}"))
    cloud.tell(events.ItemRetitled(at=cloud.at(90), by="li", key="PAY-3", title="新"))
    source, records = cloud.source(PAY), dict[str, RawRecord]()
    asked = cloud.asked(lambda: records.update(cloud.issues(source, PAY)[0]))
    for key in ("PAY-1", "PAY-2"):
        told = [one["items"][0]["toString"] for one in records[key].payload["changelog"]["histories"]]
        assert told == [f"{step}" for step in range(45)]
    assert sum(path.endswith("/changelog/bulkfetch") for path in asked) == 1
    cloud.tell(*(events.ItemDeleted(at=cloud.at(100), key=key) for key in ("PAY-1", "PAY-2")))
    asked = cloud.asked(lambda: cloud.issues(source, PAY))
    assert not any(path.endswith("/changelog/bulkfetch") for path in asked)


def test_a_long_changelog_of_data_center_comes_whole(server: Rig) -> None:
    """Data Center cuts nothing: however long a history is, it stands in the page itself and no further question is asked."""
    server.story(issues=1)
    for step in range(250):
        server.tell(events.ItemRetitled(at=server.at(10 + step), by="li", key="PAY-1", title=f"{step}"))
    source = server.source(PAY)
    records: dict[str, RawRecord] = {}
    asked = server.asked(lambda: records.update(server.issues(source, PAY)[0]))
    told = [one["items"][0]["toString"] for one in records["PAY-1"].payload["changelog"]["histories"]]
    assert told == [f"{step}" for step in range(250)]
    assert not any("/issue/" in path for path in asked)


def test_comments_are_numbers_and_not_a_word_of_them_is_kept(both: Rig) -> None:
    """A mapping that reads them gets how many there are and when one was last written, exactly, however many: Cloud tells the
    first twenty alone, and its newest are asked for where there may be more. No text goes into a payload.
    """
    both.story(issues=4)
    both.emulator.knobs.tells_total = False
    for key, count in (("PAY-1", 1), ("PAY-2", 19), ("PAY-3", 57)):
        for number in range(count):
            both.tell(events.ItemCommented(at=both.at(10 + number), by="li", key=key, text="机密 body"))
    source, records = both.source(PAY, paths=("fields.comment.total", "fields.comment.last")), dict[str, RawRecord]()
    asked = both.asked(lambda: records.update(both.issues(source, PAY)[0]))
    assert {key: record.payload["fields"]["comment"] for key, record in records.items()} == {
        "PAY-1": {"total": 1, "last": both.at(10).isoformat()},
        "PAY-2": {"total": 19, "last": both.at(28).isoformat()},
        "PAY-3": {"total": 57, "last": both.at(66).isoformat()},
        "PAY-4": {"total": 0},
        "PAY-90001": {"total": 0},
    }
    assert sum(path.endswith("/comment") for path in asked) == (1 if both.emulator.knobs.cloud else 0)


def test_comments_are_not_asked_for_where_no_mapping_reads_them(both: Rig) -> None:
    """They are the largest part of a talkative issue; the shipped mapping leaves them where they are."""
    both.story(issues=1)
    both.tell(events.ItemCommented(at=both.at(10), by="li", key="PAY-1", text="机密 body"))
    before = len(both.recorder.exchanges)
    both.issues(both.source(PAY, paths=load_mapping("jira").paths("issue")), PAY)
    assert not any("机密 body".encode() in one.answer for one in both.recorder.exchanges[before:])


def test_history_may_be_switched_off(both: Rig) -> None:
    """With ``history: false`` no changelog is asked for."""
    both.story()
    records, _ = both.issues(both.source(PAY, history=False), PAY)
    assert "changelog" not in records["PAY-1"].payload


def test_many_pages_are_read_to_the_end_and_can_be_resumed(both: Rig) -> None:
    """A sweep that stops after any page goes on from its cursor; nothing is lost, whatever the page."""
    both.story(issues=57)
    expected = {f"PAY-{number}" for number in range(1, 58)} | {"PAY-90001"}
    source = both.source(PAY, page_size=10)
    assert set(both.issues(source, PAY)[0]) == expected
    got: set[str] = set()
    cursor: Cursor | None = None
    for _ in range(40):
        batch = next(iter(source.pull(both.unit(source, PAY), cursor)))
        got |= {record.payload["key"] for record in batch.records}
        cursor = batch.cursor
        assert cursor is not None
        if "started" not in cursor.value:
            break
    assert got == expected
    assert "started" not in (cursor.value if cursor else "started")


def test_a_first_reading_asks_for_ids_in_bulk_and_for_issues_abreast(both: Rig) -> None:
    """57 issues by tens: one list of ids, six answers by id, whatever order they come in."""
    both.story(issues=57)
    source = both.source(PAY, page_size=10)
    before = len(both.recorder.exchanges)
    records, _ = both.issues(source, PAY)
    assert len(records) == 58
    asked = [json.loads(one.body) for one in both.recorder.exchanges[before:] if one.body]
    lists = [body for body in asked if "ORDER BY created" in body.get("jql", "")]
    assert [body["maxResults"] for body in lists] == [5000 if both.emulator.knobs.cloud else 1000]
    assert len(asked) - len(lists) == 6


def test_a_project_is_looked_at_once_by_all_units(cloud: Rig) -> None:
    """Its issues, versions and sprints all ask for it; within a minute one look is enough."""
    cloud.story(issues=3)
    source = cloud.source(PAY)
    asked = cloud.asked(lambda: [list(source.pull(unit, None)) for unit in source.units()])
    assert sum(path.endswith("/project/PAY") for path in asked) == 1


def test_an_issue_that_goes_while_the_ids_are_worked_off_stops_nothing(both: Rig) -> None:
    """Between the list of ids and the reading of an issue it may be deleted: it is absent, the others arrive."""
    both.story(issues=400)
    source = both.source(PAY, page_size=10)
    batches = source.pull(both.unit(source, PAY), None)
    got = {record.payload["key"] for record in next(batches).records}
    both.tell(events.ItemDeleted(at=both.at(30), key="PAY-399"))
    got |= {record.payload["key"] for batch in batches for record in batch.records}
    assert got == {f"PAY-{number}" for number in range(1, 401)} - {"PAY-399"} | {"PAY-90001"}


def test_a_first_reading_that_was_broken_off_goes_on_behind_its_last_piece(both: Rig) -> None:
    """What was stored before the process was killed is not asked for again, though the next process knows the cursor alone."""
    both.story(issues=0)
    both.tell(*(both.created(f"PAY-{number}", minute=number) for number in range(1, 61)))
    source = both.source(PAY, page_size=10)
    batches = source.pull(both.unit(source, PAY), None)
    first, second = next(batches), next(batches)
    rest, cursor = both.issues(both.source(PAY, page_size=10), PAY, second.cursor)
    got = {record.payload["key"] for batch in (first, second) for record in batch.records}
    assert got | set(rest) == {f"PAY-{number}" for number in range(1, 61)} | {"PAY-90001"}
    assert len(rest) <= 41
    assert cursor is not None
    assert "started" not in cursor.value


def test_no_answer_beyond_the_result_window_is_asked_for(server: Rig) -> None:
    """Since 11.3 Data Center refuses what lies beyond its 10,000th match: lists go on by window, however long they are."""
    server.story(issues=0)
    server.tell(*(server.created(f"PAY-{number}", minute=number // 5) for number in range(1, 101)))
    server.emulator.knobs.server_page_cap, server.emulator.knobs.result_window = 20, 20
    source = server.source(PAY, page_size=10)
    records, cursor = server.issues(source, PAY)
    assert len(records) == 101
    assert len({ref for page in source.census(server.unit(source, PAY)) for ref in page}) == 101
    for number in range(1, 101):
        server.tell(events.ItemRetitled(at=server.at(200 + number // 5), key=f"PAY-{number}", title="新"))
    server.emulator.advance(server.at(260))
    assert len(server.issues(source, PAY, cursor)[0]) >= 100


def test_more_issues_of_one_minute_than_the_result_window_are_told(server: Rig) -> None:
    """Queries know no seconds: such a minute cannot be divided, and what to change is said instead of a part being read."""
    server.story(issues=0)
    server.tell(*(server.created(f"PAY-{number}", minute=5) for number in range(1, 101)))
    server.emulator.knobs.server_page_cap, server.emulator.knobs.result_window = 20, 101
    assert len(server.issues(server.source(PAY), PAY)[0]) == 101
    server.emulator.knobs.result_window = 60
    with pytest.raises(HeldError, match="almost one time than the 60 that Jira tells") as caught:
        server.issues(server.source(PAY), PAY)
    assert "max_result_window" in caught.value.remedy


def test_a_sweep_over_fresh_changes_is_not_stuck_in_them(server: Rig) -> None:
    """Changes that the index may not know yet move no window, so that too many of them are held; later the same sweep goes on."""
    server.story(issues=0)
    server.tell(*(server.created(f"PAY-{number}", minute=number // 5) for number in range(1, 101)))
    source = server.source(PAY, page_size=10)
    _, cursor = server.issues(source, PAY)
    server.emulator.knobs.result_window = 30
    for number in range(1, 101):
        server.tell(events.ItemRetitled(at=server.at(200 + number / 20), key=f"PAY-{number}", title="新"))
    batches: list[Batch] = []
    with pytest.raises(HeldError, match="almost one time"):
        batches.extend(source.pull(server.unit(source, PAY), cursor))
    server.emulator.advance(server.at(240))
    more, _ = server.issues(source, PAY, batches[-1].cursor)
    got = {record.payload["key"] for batch in batches for record in batch.records}
    assert got | set(more) >= {f"PAY-{number}" for number in range(1, 101)}


def test_an_expired_page_token_falls_back_to_the_window(cloud: Rig) -> None:
    """Page tokens live some days: a sweep left off for longer goes on from the last change it delivered."""
    cloud.story(issues=0)
    cloud.tell(*(cloud.created(f"PAY-{number}", minute=1) for number in range(1, 41)))
    source = cloud.source(PAY, page_size=10)
    _, cursor = cloud.issues(source, PAY)
    for number in range(1, 41):
        cloud.tell(events.ItemRetitled(at=cloud.at(60 + number * 5), key=f"PAY-{number}", title="x"))
    cloud.emulator.advance(cloud.at(300))
    batch = next(iter(source.pull(cloud.unit(source, PAY), cursor)))
    assert batch.cursor is not None
    assert "token" in batch.cursor.value
    cloud.emulator.expire_tokens()
    rest, cursor = cloud.issues(source, PAY, batch.cursor)
    got = {record.payload["key"] for record in batch.records} | set(rest)
    assert got >= {f"PAY-{number}" for number in range(1, 41)}
    assert len(rest) < 40
    assert cursor is not None
    assert "token" not in cursor.value


def test_issues_that_change_while_paging_are_not_lost(server: Rig) -> None:
    """Offsets shift when an issue changes between two pages; the window does not."""
    server.story(issues=0)
    server.tell(*(server.created(f"PAY-{number}", minute=1) for number in range(1, 61)))
    source = server.source(PAY, page_size=10)
    _, cursor = server.issues(source, PAY)
    for number in range(1, 61):
        server.tell(events.ItemRetitled(at=server.at(60 + number), key=f"PAY-{number}", title="x"))
    server.emulator.advance(server.at(150))
    got: set[str] = set()
    for step, batch in enumerate(source.pull(server.unit(source, PAY), cursor)):
        got |= {record.payload["key"] for record in batch.records}
        server.tell(events.ItemRetitled(at=server.at(150 + step), key=f"PAY-{step + 1}", title="moved to the end"))
    assert got >= {f"PAY-{number}" for number in range(1, 61)}


def test_many_issues_of_one_minute_are_all_read(both: Rig) -> None:
    """A bulk edit puts more issues into one minute than a page holds."""
    both.story(issues=0)
    both.tell(*(both.created(f"PAY-{number}", minute=5) for number in range(1, 48)))
    source = both.source(PAY, page_size=10)
    records, cursor = both.issues(source, PAY)
    assert len(records) == 48
    both.tell(*(events.ItemRetitled(at=both.at(60), key=f"PAY-{number}", title="x") for number in range(1, 48)))
    both.emulator.advance(both.at(90))
    assert set(both.issues(source, PAY, cursor)[0]) >= {f"PAY-{number}" for number in range(1, 48)}


def test_another_mapping_reads_everything_anew(both: Rig) -> None:
    """A mapping that wants another field must not leave old issues without it."""
    both.story()
    both.emulator.advance(both.at(600))
    _, cursor = both.issues(both.source(PAY), PAY)
    records, _ = both.issues(both.source(PAY, paths=("fields.priority.name",)), PAY, cursor)
    assert len(records) == 4
    assert records["PAY-1"].payload["fields"]["priority"] == {"name": "Medium"}


def test_versions_and_sprints_are_listed_in_full_each_time(both: Rig) -> None:
    """Their dates have no history: every run reads all of them and says that the list is whole."""
    both.story()
    source = both.source(PAY)
    batches = list(source.pull(both.unit(source, "versions"), None))
    assert {batch.whole for batch in batches} == {("project", "version")}
    records, _ = both.pull(source, "versions")
    version = next(record for record in records.values() if record.ref.kind == "version")
    assert version.payload["releaseDate"] == "2026-03-01"
    assert version.payload["project"] == "PAY"
    assert "userReleaseDate" not in version.payload
    (batch,) = source.pull(both.unit(source, "sprints"), None)
    assert batch.whole == ("sprint",)
    assert [record.payload["name"] for record in batch.records] == ["Sprint 1"]
    assert batch.records[0].payload["projects"] == ["PAY"]


def test_a_sprint_of_two_boards_arrives_once(both: Rig) -> None:
    """Jira repeats a sprint on every board that shows it."""
    both.story()
    both.tell(events.ProjectOpens(at=both.at(2), system="jira", key="ALO", name="Other"))
    both.tell(both.created("ALO-1", milestone=""), events.ItemSprint(at=both.at(3), key="ALO-1", sprint="S1"))
    source = both.source(PAY, "project ALO")
    (batch,) = source.pull(both.unit(source, "sprints"), None)
    assert [record.payload["projects"] for record in batch.records] == [["ALO", "PAY"]]


def test_a_board_whose_filter_names_several_projects_is_theirs(both: Rig) -> None:
    """Its sprints belong to each of the bound projects, once, with every board that shows them."""
    both.story()
    both.tell(events.ProjectOpens(at=both.at(2), system="jira", key="ALO", name="Other"))
    site = both.emulator.story.site
    alloy, pay = (site.project(key) for key in ("ALO", "PAY"))
    assert alloy is not None
    assert pay is not None
    home = site.board_of(pay.id)
    home.others.append(alloy.id)
    source = both.source(PAY, "project ALO")
    (batch,) = source.pull(both.unit(source, "sprints"), None)
    assert [(one.payload["boards"], one.payload["projects"]) for one in batch.records] == [([home.id], ["ALO", "PAY"])]
    (batch,) = both.source("project ALO").pull(both.unit(source, "sprints"), None)
    assert [one.payload["projects"] for one in batch.records] == [["ALO"]]


def test_two_sites_with_the_same_ids_and_keys_stay_apart(pair: tuple[Rig, Rig]) -> None:
    """Ids are unique in one site only: everything that is told of a thing, and all it refers to, names its connection."""
    mapping = load_mapping("jira")
    facts: dict[str, list[Any]] = {}
    for rig, name in zip(pair, ("one", "other"), strict=True):
        rig.story(issues=2)
        rig.tell(
            events.ItemRetitled(at=rig.at(3), by="li", key="PAY-1", title=name),
            events.ItemSprint(at=rig.at(4), by="li", key="PAY-1", sprint="S1"),
            events.ItemPlanned(at=rig.at(5), by="li", key="PAY-2", milestone="E1"),
        )
        source = rig.source(PAY, paths=mapping.paths("issue"), connection=name)
        records = [record for unit in source.units() for batch in source.pull(unit, None) for record in batch.records]
        facts[name] = [fact for one in records for fact in translate(mapping, one, Context(seen=rig.at(9))).facts]
    assert [str(fact.ref).partition(":")[2] for fact in facts["one"]] == [
        str(fact.ref).partition(":")[2] for fact in facts["other"]
    ]
    for name, told in facts.items():
        items = [fact for fact in told if isinstance(fact, WorkItem)]
        inside = [ref for item in items for ref in (*item.milestones, *item.timeboxes)]
        assert {ref.connection for ref in (*inside, *(fact.ref for fact in told))} == {name}
        assert {item.title for item in items} >= {name}


def test_sprints_of_an_issue_have_one_shape_in_both_dialects(both: Rig) -> None:
    """Data Center tells a sprint as the text of a Java object; the payload has id, name and state all the same."""
    both.story()
    both.tell(
        events.SprintStarted(at=both.at(2), key="S1"),
        events.ItemSprint(at=both.at(3), by="li", key="PAY-1", sprint="S1"),
    )
    records, _ = both.issues(both.source(PAY), PAY)
    (sprint,) = records["PAY-1"].payload["fields"]["sprint"]
    assert (sprint["name"], sprint["state"]) == ("Sprint 1", "active")
    assert isinstance(sprint["id"], int)


def test_scopes_that_a_project_covers_are_not_read_twice(both: Rig) -> None:
    """An epic or version of a project that is read anyway needs no unit of its own."""
    both.story()
    number = next(iter(both.emulator.story.site.versions))
    source = both.source(PAY, "epic PAY-90001", f"version {number}", "label x")
    assert [unit.key for unit in source.units()] == [PAY, "label x", "versions", "sprints"]


@pytest.mark.parametrize(
    ("scope", "keys"),
    [
        ("jql project = PAY AND labels = hot ORDER BY created", {"PAY-2"}),
        ("label hot", {"PAY-2"}),
        ("epic PAY-90001", {"PAY-3", "PAY-90001"}),
        ("version {version}", {"PAY-1", "PAY-2"}),
    ],
)
def test_every_kind_of_scope(both: Rig, scope: str, keys: set[str]) -> None:
    """Each kind of scope reads its issues, and the versions of the projects that they lie in."""
    both.story(issues=1)
    both.tell(both.created("PAY-2", labels=("hot",)), both.created("PAY-3", milestone="E1"))
    scope = scope.format(version=next(iter(both.emulator.story.site.versions)))
    source = both.source(scope)
    assert set(both.issues(source, scope)[0]) == keys
    versions, _ = both.pull(source, "versions")
    assert {record.ref.kind for record in versions.values()} == {"project", "version"}


def test_a_query_that_jira_refuses_is_a_mistake_in_the_settings(both: Rig) -> None:
    """Bad JQL is told in Jira's own words, never read as "no issues"."""
    both.story()
    source = both.source("jql wealth > 3")
    with pytest.raises(ConfigError, match="Field 'wealth' does not exist"):
        both.issues(source, "jql wealth > 3")


def test_throttling_is_waited_out(cloud: Rig) -> None:
    """429 with its headers is met by the transport below the library; the pull goes on."""
    cloud.story()
    source = cloud.source(PAY)
    cloud.emulator.throttle(2)
    assert len(cloud.issues(source, PAY)[0]) == 4
    cloud.emulator.throttle(99)
    with pytest.raises(TransientError):
        cloud.issues(source, PAY)
    cloud.emulator.throttle(0)


def test_check_proves_what_the_settings_name(both: Rig) -> None:
    """``check`` tells, a line each: credential, zone, scopes, fields; what is wrong comes with its remedy."""
    both.story()
    source = both.source(PAY, "project NOPE")
    findings = {finding.place.partition(") ")[2]: finding for finding in source.check()}
    assert findings["project PAY"].ok
    assert not findings["project NOPE"].ok
    assert "NOPE" in findings["project NOPE"].remedy
    assert findings["field sprint"].ok
    assert findings["boards"].ok
    both.emulator.revoke()
    both.emulator.advance(both.at(60))
    assert [finding.ok for finding in source.check()] == [False]


def test_a_site_without_software_is_read_but_for_its_sprints(both: Rig) -> None:
    """Its agile API is not there: the sprints alone are held, with the setting that ends it, and ``check`` says so before."""
    both.story()
    both.emulator.knobs.software = False
    source = both.source(PAY)
    for key in (PAY, "versions"):
        assert both.pull(source, key)[0]
    with pytest.raises(HeldError, match="board") as caught:
        both.pull(source, "sprints")
    assert "boards: false" in caught.value.remedy
    assert source.visible([Ref("jira", "sprint", "1")]) == {Ref("jira", "sprint", "1"): False}
    (told,) = [finding for finding in source.check() if not finding.ok]
    assert told.place.endswith("boards")
    assert "boards: false" in told.remedy
    without = both.source(PAY, boards=False)
    assert [unit.key for unit in without.units()] == [PAY, "versions"]
    assert all(finding.ok for finding in without.check())


def test_the_flavour_may_be_left_out(both: Rig) -> None:
    """The server itself says whether it is Cloud."""
    both.story()
    assert len(both.issues(both.source(PAY, flavour="auto"), PAY)[0]) == 4


def test_a_site_is_not_what_the_settings_say(cloud: Rig) -> None:
    """A flavour that the server contradicts is a mistake in the settings."""
    cloud.story()
    with pytest.raises(ConfigError, match="says that it is Jira Cloud"):
        cloud.issues(cloud.source(PAY, flavour="server"), PAY)


def test_visible_answers_for_every_kind(both: Rig) -> None:
    """Versions, sprints and projects are asked by id like issues."""
    both.story()
    source = both.source(PAY)
    refs = [Ref("jira", kind, "999999") for kind in ("issue", "version", "sprint", "project")]
    there = [record.ref for record in both.pull(source, "versions")[0].values()]
    there += [record.ref for record in both.pull(source, "sprints")[0].values()]
    told = source.visible(refs + there)
    assert [told[ref] for ref in refs] == [False] * 4
    assert all(told[ref] for ref in there)


def test_a_cloud_site_that_is_asked_without_an_email_says_so(cloud: Rig) -> None:
    """A good API token alone is refused: making another one would not help."""
    with pytest.raises(AuthError) as caught:
        cloud.issues(cloud.source(PAY, email="", flavour="auto"), PAY)
    assert caught.value.remedy.endswith("name the account's email too")
