"""Issues decoded into what a plan keeps of them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmosync.jsontext import decoded
from pmosync_jira.fields import plan
from pmosync_jira.mapped import Pages
from pmosync_jira.records import issue_record
from pmosync_jira.wire import BulkIssues, Issue, SearchPage

PATHS = (
    "fields.status.name",
    "fields.status.statusCategory.key",
    "fields.assignee.accountId",
    "fields.fixVersions",
    "fields.labels",
)
PLAN = plan(PATHS, [], [])
PAGES = Pages(PLAN)

words = st.text(max_size=4) | st.integers(-5, 5) | st.booleans() | st.none()
objects = st.dictionaries(
    st.sampled_from(["name", "id", "accountId", "self", "avatarUrls", "key"]), words | st.lists(words, max_size=2)
)
statuses = st.fixed_dictionaries({}, optional={"name": words, "self": words, "statusCategory": objects | st.none()})
fields = st.fixed_dictionaries(
    {},
    optional={
        "status": statuses | st.none(),
        "assignee": objects | st.none(),
        "fixVersions": st.lists(objects, max_size=2),
        "labels": st.lists(st.text(max_size=3), max_size=2),
        "updated": st.none() | st.just("2026-01-05T09:00:00.000+0000"),
    },
)


@given(st.lists(fields, max_size=3))
def test_what_is_cut_while_it_is_decoded_is_what_is_cut_afterwards(told: list[dict[str, Any]]) -> None:
    """A record is the same whichever way its page was read: else each change of ways would look like a change of issues."""
    page = {"issues": [{"id": str(number), "key": f"A-{number}", "fields": one} for number, one in enumerate(told)]}
    content = msgspec.json.encode(page)
    at_once, behind = PAGES(content, BulkIssues).issues, decoded(content, BulkIssues).issues
    records = [[issue_record("jira", issue, PLAN) for issue in issues] for issues in (at_once, behind)]
    assert records[0] == records[1]


def test_what_is_not_read_is_not_there() -> None:
    """Pictures are gone before they became objects."""
    person = {"accountId": "u1", "avatarUrls": {"48x48": "https://a"}}
    (issue,) = PAGES(msgspec.json.encode({"issues": [{"id": "1", "fields": {"assignee": person}}]}), SearchPage).issues
    assert issue.fields == {"assignee": {"accountId": "u1"}}


@pytest.mark.parametrize("told", ["Done", ["Done"], 7, {"statusCategory": "done"}])
def test_another_shape_is_refused(told: Any) -> None:
    """Then the page is read without a plan: what a value of a strange shape means is for the mapping to say."""
    with pytest.raises(ValueError, match="status"):
        PAGES(msgspec.json.encode({"id": "1", "fields": {"status": told}}), Issue)
