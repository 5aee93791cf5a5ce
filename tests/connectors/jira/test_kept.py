"""What is left out of Jira's issues is never what a mapping reads, however it reads it."""

from __future__ import annotations

from typing import Any

import pytest

from pmosync.mapping import Context, load_mapping, translate
from pmosync.model import WorkItem
from pmosync_jira.fields import NOISE, aliases, plan
from pmosync_jira.records import histories, issue_record
from pmosync_jira.wire import Changelog, FieldInfo, Issue

BORN = "2026-01-05T09:00:00.000+0000"
LI = {"accountId": "u1", "displayName": "李雷", "emailAddress": "li@acme.example", "avatarUrls": {"48x48": "https://a"}}
LINKED = {"id": "7", "key": "SEC-7", "fields": {"summary": "A secret"}}
FIELDS = {
    "summary": "x",
    "created": BORN,
    "updated": BORN,
    "project": {"id": "10"},
    "issuetype": {"name": "Task"},
    "status": {"name": "Done", "id": "3", "statusCategory": {"key": "done"}},
    "assignee": LI,
    "priority": {"name": "High", "id": "2", "iconUrl": "https://b"},
    "components": [{"name": "API", "description": "Payments core", "self": "https://c"}],
    "customfield_9": {"name": "Blue", "description": "Payments"},
}
ENTRY = {"id": "1", "created": BORN, "author": LI, "items": [{"field": "status", "fromString": "a", "toString": "b"}]}


def told(issue: dict[str, Any], site: tuple[FieldInfo, ...] = ()) -> WorkItem:
    """The item that the issue becomes under a mapping with these overrides, its record being cut by them."""
    mapping = load_mapping(
        "jira", {"records": {"issue": issue}, "options": {"custom_fields": {"team": "customfield_9"}}}
    )
    made = plan(mapping.paths("issue"), aliases(mapping.options), site)
    record = issue_record("jira", Issue("1", "PAY-1", FIELDS, Changelog([ENTRY])), made)
    translation = translate(mapping, record, Context())
    assert [change.by for change in translation.changes] == ["li@acme.example" if "changelog" in issue else "u1"]
    (item,) = translation.facts
    assert isinstance(item, WorkItem)
    return item


def item(**fields: Any) -> dict[str, Any]:
    """Overrides of the fields of work items."""
    return {"entities": {"work_item": {"fields": fields}}}


@pytest.mark.parametrize(
    ("overrides", "field", "value"),
    [
        (item(owner="fields.assignee.nick || fields.assignee.emailAddress"), "owner", "li@acme.example"),
        (item(owner={"path": "fields.assignee", "as": "first", "by": "emailAddress"}), "owner", "li@acme.example"),
        (item(owner="fields.assignee.emailAddress"), "owner", "li@acme.example"),
        ({"changelog": {"by": "author.emailAddress"}}, "owner", "u1"),
        (item(components={"path": "fields.components", "as": "names", "by": "description"}), "components", ("Payments core",)),
        (item(components="fields.components[*].description"), "components", ("Payments core",)),
        (item(components="fields.components[0].description"), "components", ("Payments core",)),
        (item(priority="join('/', [fields.priority.name, fields.priority.id])"), "priority", "High/2"),
        (item(team="fields.team.description"), "team", "Payments"),
    ],
)  # fmt: skip
def test_what_a_mapping_reads_is_there(overrides: dict[str, Any], field: str, value: Any) -> None:
    """By a plain path, by an expression, by a transform's own word, of an entry's author, under a site's name of a field."""
    site = (FieldInfo("customfield_9", "Team"),)
    assert getattr(told(overrides, site), field) == value


def test_what_one_field_is_read_for_stays_left_out_of_the_others() -> None:
    """A mapping that reads what the parent is called does not learn what other issues are called."""
    made = plan(("fields.parent.fields.summary", "fields.issuelinks"), [], [])
    fields = {"parent": LINKED, "issuelinks": [{"outwardIssue": LINKED}]}
    assert issue_record("jira", Issue("1", fields=fields), made).payload["fields"] == {
        "parent": LINKED,
        "issuelinks": [{"outwardIssue": {"id": "7", "key": "SEC-7"}}],
    }


def test_a_field_of_two_names_is_read_under_both() -> None:
    """What is read under either name is kept under both."""
    paths, site = ("fields.team.name", "fields.customfield_9.description"), [FieldInfo("customfield_9", "Team")]
    made = plan(paths, aliases({"custom_fields": {"team": "customfield_9"}}), site)
    fields = {"customfield_9": {"name": "Blue", "description": "Payments", "self": "https://c"}}
    kept = {"name": "Blue", "description": "Payments"}
    assert issue_record("jira", Issue("1", fields=fields), made).payload["fields"] == {
        "team": kept,
        "customfield_9": kept,
    }


@pytest.mark.parametrize("author", ["jdoe", None, "", 7, ["jdoe"]])
def test_an_author_of_any_shape(author: Any) -> None:
    """Old servers tell names; what it means is for the mapping to say."""
    (entry,) = histories([{**ENTRY, "author": author}], frozenset({"status"}))
    assert entry.get("author") == (author or None)


@pytest.mark.parametrize("more", ["fields.assignee.emailAddress", "changelog.histories.author.emailAddress"])
def test_what_is_read_more_is_read_anew(more: str) -> None:
    """Else what was read before would lack it for ever."""
    usual = ("fields.assignee.accountId", "changelog.histories.author.accountId")
    assert plan(usual, [], []).fingerprint != plan((*usual, more), [], []).fingerprint


def test_nothing_is_left_out_that_only_might_be_read() -> None:
    """An expression may read anything of what it names."""
    made = plan(("fields.assignee.*",), [], [])
    assert (made.noise["assignee"], made.noise["updated"]) == (frozenset(), NOISE)
    assert issue_record("jira", Issue("1", fields={"assignee": LI}), made).payload["fields"] == {"assignee": LI}
