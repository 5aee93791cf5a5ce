"""Jira's answers as we read them. A required attribute that is missing means: this is not the answer we asked for."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

Loose = dict[str, Any]


class ServerInfo(Struct, rename="camel"):
    """GET /serverInfo."""

    version_numbers: list[int]
    server_time: str
    deployment_type: str = "Server"


class Myself(Struct, rename="camel"):
    """GET /myself."""

    display_name: str
    time_zone: str = ""
    account_id: str = ""
    name: str = ""


class Changelog(Struct):
    """``expand=changelog``: maybe only the recent part, then ``total`` is larger than what is held."""

    histories: list[Loose] = field(default_factory=list)
    total: int = 0


class Issue(Struct):
    """An issue; asked for ids only, it has nothing else."""

    id: str
    key: str = ""
    fields: Loose = field(default_factory=dict)
    changelog: Changelog | None = None


class SearchPage(Struct, rename="camel"):
    """POST /search/jql."""

    issues: list[Issue]
    next_page_token: str | None = None
    is_last: bool | None = None


class ServerSearchPage(Struct, rename="camel"):
    """POST /search of Data Center."""

    issues: list[Issue]
    start_at: int
    total: int


class Count(Struct):
    """POST /search/approximate-count."""

    count: int


class BulkIssues(Struct):
    """POST /issue/bulkfetch: what is missing or hidden is simply absent."""

    issues: list[Issue]


class IssueChangelog(Struct, rename="camel"):
    """A part of one issue's changelog."""

    issue_id: str
    change_histories: list[Loose]


class BulkChangelogs(Struct, rename="camel"):
    """POST /changelog/bulkfetch: one issue may be spread over pages."""

    issue_change_logs: list[IssueChangelog]
    next_page_token: str | None = None


class Page(Struct, rename="camel"):
    """A page of versions, boards or sprints."""

    values: list[Loose]
    is_last: bool | None = None
    total: int | None = None


class FieldInfo(Struct):
    """One field of the site."""

    id: str
    name: str
    schema: Loose = field(default_factory=dict)

    @property
    def custom(self) -> str:
        """The type of a custom field, such as ``com.pyxis.greenhopper.jira:gh-sprint``."""
        return str(self.schema.get("custom", ""))
