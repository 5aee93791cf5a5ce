"""Answers to records, fields to ask for, positions and settings: the pure parts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from pmosync.errors import ConfigError, TransientError
from pmosync.raw import Cursor, Scope
from pmosync_jira import connector, pages, position, query
from pmosync_jira.fields import Alias, aliases, found, plan
from pmosync_jira.records import histories, issue_record, project_record, sprints, trimmed, version_record
from pmosync_jira.settings import JiraSettings
from pmosync_jira.wire import Changelog, FieldInfo, Issue, Page, Project, Version

SPRINT = "com.pyxis.greenhopper.jira:gh-sprint"
PICKER = "com.atlassian.jira.plugin.system.customfieldtypes:datepicker"
SITE = [
    FieldInfo("summary", "Summary"),
    FieldInfo("customfield_1", "Sprint", {"custom": SPRINT}),
    FieldInfo("customfield_2", "Start date", {"custom": PICKER}),
    FieldInfo("customfield_3", "Freeze", {"custom": PICKER}),
    FieldInfo("customfield_4", "Team", {"custom": "x:team"}),
    FieldInfo("customfield_5", "Team", {"custom": "x:team"}),
]
NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "ids"),
    [
        ({"custom": SPRINT, "name": "冲刺"}, ("customfield_1",)),
        ({"custom": PICKER, "name": "start DATE"}, ("customfield_2",)),
        ({"custom": PICKER, "name": "Begin"}, ()),
        ({"custom": "x:team", "name": "Team"}, ("customfield_4", "customfield_5")),
        ({"id": "customfield_5"}, ("customfield_5",)),
        ("customfield_5", ("customfield_5",)),
        ({"id": "customfield_9"}, ()),
        ({"name": "Freeze"}, ("customfield_3",)),
    ],
)
def test_fields_are_found_by_id_or_type_never_by_name_alone_where_the_type_decides(
    told: Any, ids: tuple[str, ...]
) -> None:
    """Names repeat and are translated: a special type is enough, a general one needs the name, two of a kind are told as such."""
    (alias,) = aliases({"custom_fields": {"it": told}})
    assert found(alias, SITE).ids == ids


def test_only_mapped_fields_are_asked_for() -> None:
    """Paths name the fields; aliases become ids; an ambiguous or absent alias asks for nothing."""
    paths = (
        "key",
        "fields.status.name",
        "fields.sprint",
        "fields.team.name",
        "fields.customfield_1",
        "changelog.histories",
    )
    made = plan(paths, [Alias("sprint", custom=SPRINT), Alias("team", custom="x:team", told="Team")], SITE)
    assert made.asked == ("created", "customfield_1", "project", "security", "status", "updated")
    assert made.renamed == {"customfield_1": ("sprint", "customfield_1")}


LI = {"accountId": "u1", "displayName": "李雷", "emailAddress": "li@acme.example", "avatarUrls": {"48x48": "https://a"}}
LINKED = {"id": "7", "key": "SEC-7", "self": "https://b", "fields": {"summary": "A secret", "status": {"name": "Open"}}}


def test_nothing_is_kept_that_no_mapping_reads() -> None:
    """Neither pictures nor addresses of people, nor what linked issues are called: those may be restricted themselves."""
    made = plan(("fields.assignee.accountId", "fields.issuelinks"), [], SITE)
    link = {"type": {"name": "Blocks", "self": "https://c"}, "outwardIssue": LINKED}
    entry = {"id": "1", "created": _iso(1), "author": LI, "items": [{"field": "status"}]}
    issue = Issue("1", "PAY-1", {"assignee": LI, "issuelinks": [link]}, Changelog([entry]))
    payload = issue_record("jira", issue, made).payload
    assert payload["fields"] == {
        "assignee": {"accountId": "u1", "displayName": "李雷"},
        "issuelinks": [{"type": {"name": "Blocks"}, "outwardIssue": {"id": "7", "key": "SEC-7"}}],
    }
    assert payload["changelog"]["histories"][0]["author"] == {"accountId": "u1", "displayName": "李雷"}


@given(st.permutations(range(8)), st.booleans())
def test_histories_are_ordered_and_single_whatever_the_pages(order: list[int], doubled: bool) -> None:
    """Newest first, oldest first, split, repeated, epoch or text: the result is one list, oldest first."""
    told = [
        {
            "id": str(number),
            "created": position.millis(_hours(number)) if number % 2 else _iso(number),
            "items": [{"field": "status"}],
        }
        for number in order
    ]
    merged = histories(told * 2 if doubled else told, frozenset({"status"}))
    assert [one["id"] for one in merged] == [str(number) for number in range(8)]
    assert all(isinstance(one["created"], str) for one in merged)


def _hours(number: int) -> datetime:
    return NOW + timedelta(hours=number)


def _iso(number: int) -> str:
    return _hours(number).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


@pytest.mark.parametrize(
    ("created", "text"),
    [
        ("2026-01-05T17:00:00.000+0800", "2026-01-05T17:00:00.000+0800"),
        (1_767_603_600_123, "2026-01-05T09:00:00.123+0000"),
        (1_492_070_429, "2017-04-13T08:00:29.000+0000"),
        (None, None),
    ],
)
def test_the_time_of_an_entry_is_text_whichever_way_it_came(created: Any, text: Any) -> None:
    """Searches tell it as text, bulk answers as milliseconds; the vendor's example of a bulk answer has seconds."""
    told = {"id": "1", "created": created, "items": [{"field": "status"}]}
    assert [one["created"] for one in histories([told], frozenset({"status"}))] == [text]


def test_items_that_nobody_reads_are_left_out() -> None:
    """Descriptions and ranks fill a store with nothing."""
    told = [{"id": "1", "created": _iso(1), "items": [{"field": "description"}, {"field": "Rank"}]}]
    assert histories(told, frozenset({"status"})) == []


def test_a_sprint_with_commas_in_its_name_is_read() -> None:
    """Data Center's text has no quotes: values may hold commas, brackets and equal signs."""
    told = "com.atlassian.greenhopper.service.sprint.Sprint@1a[id=7,rapidViewId=2,state=CLOSED,name=A, b [c]=d,goal=<null>]"
    assert sprints([told]) == [{"id": 7, "rapidViewId": "2", "state": "closed", "name": "A, b [c]=d"}]
    assert sprints([{"id": 8}]) == [{"id": 8}]


@given(st.integers(15, 600), st.integers(0, 10**6))
def test_a_pull_starts_an_overlap_before_the_last_one(minutes: int, later: int) -> None:
    """The floor is the start of the last complete sweep less the overlap; it survives a round through the cursor. A sweep
    that was left off goes on as it began where a page token leads on; without one its questions are new, and so is what the
    index is sure of.
    """
    overlap = timedelta(minutes=minutes)
    done = position.ended(position.begin(None, "f", "PAY", NOW, overlap))
    again = position.begin(position.read(position.cursor(done)), "f", "PAY", NOW + timedelta(seconds=later), overlap)
    assert position.moment(again.floor) == NOW - overlap
    day = timedelta(days=1)
    led = position.onward(again, [], "token")
    assert position.begin(led, "f", "PAY", NOW + day, overlap) == led
    anew = position.begin(position.within(again, 30, "1"), "f", "PAY", NOW + day, overlap)
    assert anew == msgspec.structs.replace(again, sure=position.millis(NOW + day - overlap))


@pytest.mark.parametrize("text", ["", "nonsense", "[]", '{"since": "x"}'])
def test_a_cursor_nobody_can_read_means_everything(text: str) -> None:
    """A full sweep is always right."""
    start = position.begin(position.read(Cursor(text)), "f", "", NOW, timedelta(minutes=15))
    assert start.floor is None


def test_another_home_or_mapping_means_everything() -> None:
    """A renamed project and another mapping make old records wrong."""
    done = position.ended(position.begin(None, "f", "PAY", NOW, timedelta(minutes=15)))
    for fields, home in (("g", "PAY"), ("f", "WAL")):
        assert position.begin(done, fields, home, NOW, timedelta(minutes=15)).floor is None


def test_page_loops_end_where_the_server_says() -> None:
    """A short page ends nothing; an empty one before the end is a failure; an endless list is cut."""
    parts = {0: Page([1], is_last=False, total=3), 1: Page([2, 3], is_last=True, total=3)}
    assert list(pages.by_offset(parts.__getitem__, "x")) == [1, 2, 3]
    with pytest.raises(TransientError, match="broke off"):
        list(pages.by_offset(lambda _: Page([], total=3), "x"))
    loop = pages.Loop("x")
    loop.step("t")
    with pytest.raises(TransientError, match="repeats"):
        loop.step("t")


@pytest.mark.parametrize(
    "scope", [Scope("group", "x"), Scope("version", "1.0"), Scope("epic", "PAY"), Scope("project", " ")]
)
def test_scopes_that_are_none(scope: Scope) -> None:
    """A scope of another system, a version by name, an epic that is no key: told before anything is asked."""
    with pytest.raises(ConfigError):
        query.clause(scope, True)


SETTINGS: dict[str, Any] = {
    "url": "https://x.atlassian.net",
    "email": "a@example.com",
    "token": SecretStr("hidden-token"),
}


@pytest.mark.parametrize(
    "change",
    [
        {"url": "http://x.atlassian.net"},
        {"url": "https://a:b@x.atlassian.net"},
        {"url": "ftp://x"},
        {"url": "https://x/?token=1"},
        {"flavour": "cloud", "email": ""},
        {"token": None},
        {"time_zone": "Mars/Olympus"},
        {"overlap_minutes": 5},
        {"colour": "red"},
    ],
)
def test_settings_that_are_refused(change: dict[str, Any]) -> None:
    """Plain http, users in addresses, missing credentials, unknown names: refused without showing the value."""
    with pytest.raises(ValidationError) as caught:
        JiraSettings(**(SETTINGS | change))
    assert "hidden-token" not in str(caught.value)


def test_settings_that_are_taken() -> None:
    """Loopback may be plain http; a trailing slash goes."""
    assert JiraSettings(**(SETTINGS | {"url": "http://127.0.0.1:80/"})).url == "http://127.0.0.1:80"
    assert connector.settings() is JiraSettings


def test_of_projects_and_versions_only_what_the_mapping_reads_is_kept() -> None:
    """Who leads a project and what a version is described by stay in Jira; names always come. Without paths all is kept."""
    home = Project("1", "PAY", "Pay", project_type_key="software", lead={"displayName": "Li Lei"})
    version = Version("7", "v1", 1, description="a secret plan", release_date="2026-03-01")
    project = trimmed(project_record("jira", home), ("name", "archived"))
    assert project.payload == {"id": "1", "key": "PAY", "name": "Pay"}
    told = version_record("jira", version, home)
    assert trimmed(told, ("project", "releaseDate")).payload == {
        "id": "7",
        "releaseDate": "2026-03-01",
        "project": "PAY",
    }
    assert trimmed(told, ()) == told
