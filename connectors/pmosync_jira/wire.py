"""Jira's answers as we read them. A required attribute that is missing means: this is not the answer we asked for."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from msgspec import Struct, field

Loose = dict[str, Any]
T = TypeVar("T")


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
    """An issue; asked for ids only, it has nothing else. ``fault`` is ours: why no more than its name could be read."""

    id: str
    key: str = ""
    fields: Loose = field(default_factory=dict)
    changelog: Changelog | None = None
    fault: str = field(default="", name="pmosync:fault")


class SearchPage(Struct, rename="camel"):
    """POST /search/jql."""

    issues: list[Issue]
    next_page_token: str | None = None
    is_last: bool | None = None


class ServerSearchPage(Struct, rename="camel"):
    """POST /search of Data Center. ``max_result_window`` (since 11.3) is the last place that it gives at all."""

    issues: list[Issue]
    start_at: int
    total: int
    max_result_window: int | None = None


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


class CommentPage(Struct):
    """GET /issue/{id}/comment; nothing of a comment but its times is looked at."""

    comments: list[Loose]
    total: int


class Project(Struct, rename="camel", omit_defaults=True):
    """GET /project/{idOrKey}."""

    id: str
    key: str
    name: str
    project_type_key: Any = None
    archived: Any = None
    is_private: Any = None
    lead: Any = None


class Version(Struct, rename="camel", omit_defaults=True):
    """A version. Its locale texts (userReleaseDate) are not read: they are not dates."""

    id: str
    name: str
    project_id: int
    description: Any = None
    archived: Any = None
    released: Any = None
    start_date: Any = None
    release_date: Any = None
    overdue: Any = None


class Board(Struct):
    """An agile board: scrum, kanban or simple (team-managed)."""

    id: int
    type: str


class Sprint(Struct, rename="camel", omit_defaults=True):
    """A sprint."""

    id: int
    name: str
    state: str
    start_date: Any = None
    end_date: Any = None
    complete_date: Any = None
    origin_board_id: Any = None
    goal: Any = None


class Page(Struct, Generic[T], rename="camel"):
    """A page of versions, boards or sprints."""

    values: list[T]
    is_last: bool | None = None
    total: int | None = None


class Reference(Struct):
    """Something by its id."""

    id: str


class HomeFields(Struct):
    """The one field that says where an issue lies."""

    project: Reference


class HomedIssue(Struct):
    """An issue asked for its project only."""

    fields: HomeFields


class HomedIssues(Struct):
    """A search answer of either dialect, asked for projects only."""

    issues: list[HomedIssue]


class FieldInfo(Struct):
    """One field of the site."""

    id: str
    name: str
    schema: Loose = field(default_factory=dict)

    @property
    def custom(self) -> str:
        """The type of a custom field, such as ``com.pyxis.greenhopper.jira:gh-sprint``."""
        return str(self.schema.get("custom", ""))
