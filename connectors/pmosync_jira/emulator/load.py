"""Records in the shape of the REST answers, from a folder into a site."""

from __future__ import annotations

import gzip
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from sys import intern
from typing import Any

import msgspec
from msgspec import Struct, field

from pmosync.errors import ConfigError

from .clock import read
from .records import Board, Comment, History, Issue, IssueType, Link, Person, Project, Sprint, Status, Version
from .render import FIELD_NAMES
from .site import RESTRICTED, Site

Loose = dict[str, Any]
_REMEDY = "one JSON object a line, in the shape of the answers of Jira's REST API"
_BOM = b"\xef\xbb\xbf"
_UNSHAPED = (KeyError, ValueError, TypeError, AttributeError)
FIRST_STATUS, FIRST_TYPE = ("To Do", "new"), "Task"
"""What an issue has whose file says nothing of it."""
_CATEGORY_OF_LEVEL = {True: -1, False: 0}


class _Line(Struct):
    id: str | int
    key: str
    fields: Loose = field(default_factory=dict)
    changelog: Loose | None = None


class _SiteFile(Struct):
    projects: list[Loose] = field(default_factory=list)
    versions: list[Loose] = field(default_factory=list)
    sprints: list[Loose] = field(default_factory=list)
    boards: list[Loose] = field(default_factory=list)
    fields: list[Loose] = field(default_factory=list)
    statuses: list[Loose] = field(default_factory=list)
    people: list[Loose] = field(default_factory=list)


def load(site: Site, folder: Path) -> None:
    """Read ``site.json`` and ``issues.jsonl`` (or ``.gz``) below ``folder``; both may be absent, not both.

    Raises ConfigError naming the file and, for issues, the line.
    """
    described, listed = folder / "site.json", _issues_file(folder)
    if listed is None and not described.is_file():
        raise ConfigError(f"{folder}: neither issues.jsonl, issues.jsonl.gz nor site.json is there", remedy=_REMEDY)
    if described.is_file():
        _describe(site, described)
    if listed is not None:
        _read_issues(site, listed)
    _settle(site)


def _issues_file(folder: Path) -> Path | None:
    return next((path for name in ("issues.jsonl", "issues.jsonl.gz") if (path := folder / name).is_file()), None)


def _describe(site: Site, path: Path) -> None:
    try:
        told = msgspec.json.decode(path.read_bytes().removeprefix(_BOM), type=_SiteFile)
    except msgspec.DecodeError as error:
        raise ConfigError(
            f"{path.name}: not a description of a site", remedy="see the emulator's documentation"
        ) from error
    for name, add in _SITE_PARTS.items():
        for number, one in enumerate(getattr(told, name), 1):
            try:
                add(site, one)
            except KeyError as error:
                raise ConfigError(f"{path.name}: {name} entry {number}: no field {error}", remedy=_REMEDY) from error
            except (ValueError, TypeError, AttributeError) as error:
                raise ConfigError(f"{path.name}: {name} entry {number} cannot be read", remedy=_REMEDY) from error


def _read_issues(site: Site, path: Path) -> None:
    decoder = msgspec.json.Decoder(_Line)
    for number, line in _lines(path):
        try:
            told = decoder.decode(line)
            site.add_issue(_issue(site, told))
        except msgspec.DecodeError as error:
            raise ConfigError(
                f"{path.name} line {number}: not an issue as the REST API tells it", remedy=_REMEDY
            ) from error
        except _UNSHAPED as error:
            fault = _blamed(site, decoder.decode(line))
            raise ConfigError(f"{path.name} line {number}: {fault}", remedy=_REMEDY) from error


def _blamed(site: Site, told: _Line) -> str:
    """Which field of an issue cannot be read: each is tried alone, so that sound files pay nothing for it. What stands for
    another comes first, and versions belong to the issue's project.
    """
    blank = Issue(0, "", 0, "", "", "", 0, 0)
    with suppress(*_UNSHAPED):
        blank.project = _project(site, told)
    for name, take in _parts(site, blank, told).items():
        try:
            take()
        except _UNSHAPED:
            return f"the field {name} has an unexpected shape"
    return "a field has an unexpected shape"


def _parts(site: Site, blank: Issue, told: _Line) -> dict[str, Callable[[], object]]:
    fields = told.fields
    alone: dict[str, Callable[[], object]] = {
        "id": lambda: int(told.id),
        "key": lambda: int(told.key.rpartition("-")[2]),
        "project": lambda: _project(site, told),
        "issuetype": lambda: _type(site, fields),
        "status": lambda: _status(site, fields),
        "summary": lambda: (fields.get("summary") or "").strip(),
        "updated": lambda: read(fields["updated"]) if fields.get("updated") else None,
        "created": lambda: _created(site, fields),
        "changelog": lambda: _histories(site, told.changelog),
    }
    known = {name: fields[name] for name in fields if name not in alone}
    takers = (_dates, _links, partial(_people, site), partial(_plan, site), partial(_words, site))
    return alone | {name: partial(_each, takers, blank, {name: value}) for name, value in known.items()}


def _each(takers: Iterable[Callable[[Issue, Loose], None]], blank: Issue, fields: Loose) -> None:
    for take in takers:
        take(blank, fields)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    number = 0
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            for number, line in enumerate(file, 1):
                told = line.removeprefix(_BOM) if number == 1 else line
                if told.strip():
                    yield number, told
    except (OSError, EOFError) as error:
        raise ConfigError(
            f"{path.name} line {number + 1}: the file cannot be read on", remedy="fetch it again"
        ) from error


def _add_project(site: Site, told: Loose) -> Project:
    known = site.projects.get(int(told["id"])) if "id" in told else site.project(told["key"])
    if known is None:
        number = int(told["id"]) if "id" in told else site.next_id()
        known = Project(number, intern(told["key"]), told.get("name") or told["key"])
        known.type = told.get("projectTypeKey", "software")
        known.archived = bool(told.get("archived"))
        site.add_project(known)
    return known


def _add_version(site: Site, told: Loose, project: int | None = None) -> str:
    if "id" not in told:
        told = {**told, "id": _version_named(site, told["name"], project)}
    name = str(told["id"])
    if name not in site.versions:
        home = project or told.get("projectId") or _project_id(site, told["project"])
        site.versions[name] = Version(
            intern(name),
            int(home),
            told["name"],
            told.get("description") or "",
            bool(told.get("archived")),
            bool(told.get("released")),
            told.get("startDate"),
            told.get("releaseDate"),
        )
        site.saw_id(int(name))
    return site.versions[name].id


def _version_named(site: Site, name: str, project: int | None) -> str:
    """The id of a project's version of that name; a fresh one for a name that is new."""
    same = (one.id for one in site.versions.values() if one.name == name and one.project == project)
    return next(same, None) or str(site.next_id())


def _project_id(site: Site, key: Any) -> int:
    return site.project_keys[key]


def _add_sprint(site: Site, told: Loose) -> int:
    number = int(told["id"])
    if number not in site.sprints:
        site.sprints[number] = Sprint(
            number,
            told["name"],
            str(told.get("state", "future")).lower(),
            told.get("startDate"),
            told.get("endDate"),
            told.get("completeDate"),
            told.get("originBoardId", told.get("boardId")),
            told.get("goal") or "",
        )
        site.saw_id(number)
    return number


def _add_board(site: Site, told: Loose) -> None:
    location = told.get("location") or {}
    project = location.get("projectId") or _project_id(site, location.get("projectKey", told.get("project")))
    site.boards[int(told["id"])] = Board(int(told["id"]), told["name"], int(project))
    site.saw_id(int(told["id"]))


def _add_field(site: Site, told: Loose) -> None:
    custom = (told.get("schema") or {}).get("custom")
    same = [one for one, have in site.fields.items() if custom and have.get("schema", {}).get("custom") == custom]
    for one in same if told["id"] not in site.fields else []:
        del site.fields[one]
    if told["id"] not in FIELD_NAMES:
        site.fields[told["id"]] = {"custom": True, "schema": {}, **told}


def _add_status(site: Site, told: Loose) -> str:
    category = (told.get("statusCategory") or {}).get("key")
    if "id" not in told:
        return site.status_named(told["name"], category or "undefined").id
    number = str(told["id"])
    known = site.statuses.get(number)
    if known is None or known.name != told["name"]:
        used = {issue.status for issue in site.issues.values()}
        for other in [one for one in site.statuses.values() if one.name == told["name"] and one.id not in used]:
            del site.statuses[other.id]
        known = site.statuses[number] = Status(intern(number), told["name"], category or "undefined")
    elif category:
        known.category = category
    return known.id


def _add_person(site: Site, told: Loose) -> str:
    account = told.get("accountId") or told.get("key") or told.get("name") or told.get("emailAddress")
    account = account or told["displayName"]
    known = site.people.get(account)
    if known is None:
        name, kind = told.get("name") or account, told.get("accountType", "atlassian")
        known = Person(
            intern(account), name, told.get("displayName") or name, told.get("emailAddress") or "", kind=kind
        )
        known.active = bool(told.get("active", True))
        site.people[known.account] = known
    return known.account


_SITE_PARTS = {
    "projects": _add_project,
    "people": _add_person,
    "fields": _add_field,
    "statuses": _add_status,
    "versions": _add_version,
    "boards": _add_board,
    "sprints": _add_sprint,
}


def _add_type(site: Site, told: Loose) -> str:
    level = told.get("hierarchyLevel", _CATEGORY_OF_LEVEL[bool(told.get("subtask"))])
    if "id" not in told:
        return site.type_named(told["name"], level).id
    number = str(told["id"])
    known = site.types.get(number)
    if known is None or known.name != told["name"]:
        used = {issue.type for issue in site.issues.values()}
        for other in [one for one in site.types.values() if one.name == told["name"] and one.id not in used]:
            del site.types[other.id]
        known = site.types[number] = IssueType(intern(number), told["name"], level)
    return known.id


def _project(site: Site, told: _Line) -> int:
    """The project that an issue names, or the one that its key tells."""
    given = told.fields.get("project")
    return _add_project(site, given or {"key": told.key.rpartition("-")[0]}).id


def _status(site: Site, fields: Loose) -> str:
    return _add_status(site, fields["status"]) if fields.get("status") else site.status_named(*FIRST_STATUS).id


def _type(site: Site, fields: Loose) -> str:
    return _add_type(site, fields["issuetype"]) if fields.get("issuetype") else site.type_named(FIRST_TYPE).id


def _created(site: Site, fields: Loose) -> int:
    """When an issue was created; where the file is silent, when it was last updated, or now."""
    told = fields.get("created") or fields.get("updated")
    return read(told) if told else site.now


def _issue(site: Site, told: _Line) -> Issue:
    fields = told.fields
    created = _created(site, fields)
    updated = read(fields["updated"]) if fields.get("updated") else created
    issue = Issue(
        int(told.id), intern(told.key), _project(site, told), fields.get("summary") or "", _type(site, fields),
        _status(site, fields), created, updated,
    )  # fmt: skip
    _dates(issue, fields)
    _people(site, issue, fields)
    _plan(site, issue, fields)
    _words(site, issue, fields)
    _links(issue, fields)
    issue.histories = _histories(site, told.changelog)
    int(told.key.rpartition("-")[2])
    return issue


def _dates(issue: Issue, fields: Loose) -> None:
    issue.due = fields.get("duedate")
    changed = fields.get("statuscategorychangedate")
    issue.category_since = read(changed) if changed else None
    issue.resolved = read(fields["resolutiondate"]) if fields.get("resolutiondate") else None
    issue.estimate, issue.spent = fields.get("timeoriginalestimate"), fields.get("timespent")


def _people(site: Site, issue: Issue, fields: Loose) -> None:
    issue.assignee = _add_person(site, fields["assignee"]) if fields.get("assignee") else None
    issue.reporter = _add_person(site, fields["reporter"]) if fields.get("reporter") else None


def _plan(site: Site, issue: Issue, fields: Loose) -> None:
    issue.versions = [_add_version(site, one, issue.project) for one in fields.get("fixVersions") or ()]
    issue.sprints = [_add_sprint(site, one) for one in fields.get(site.sprint_field) or ()]
    issue.epic = fields.get(site.epic_field)
    issue.parent = int(fields["parent"]["id"]) if fields.get("parent") else None


def _words(site: Site, issue: Issue, fields: Loose) -> None:
    issue.priority = _name(fields.get("priority"))
    issue.resolution = _name(fields.get("resolution"))
    issue.security = RESTRICTED if fields.get("security") else None
    issue.components = [intern(one["name"]) for one in fields.get("components") or ()]
    issue.labels = [intern(one) for one in fields.get("labels") or ()]
    description = fields.get("description")
    issue.description = description if isinstance(description, str) else _adf_text(description)
    known = {*FIELD_NAMES, site.sprint_field, site.epic_field}
    issue.extra = {name: value for name, value in fields.items() if name not in known and value not in (None, [], {})}
    for one in (fields.get("comment") or {}).get("comments", ()):
        issue.comments.append(_comment(site, one))


def _comment(site: Site, told: Loose) -> Comment:
    author = _add_person(site, told["author"]) if told.get("author") else ""
    body = told.get("body")
    return Comment(int(told["id"]), read(told["created"]), author, body if isinstance(body, str) else _adf_text(body))


def _adf_text(node: Any) -> str:
    """The words of a rich-text document, depth first, without recursion."""
    found: list[str] = []
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            found += [one["text"]] if isinstance(one.get("text"), str) else []
            waiting += reversed(one.get("content") or [])
    return "".join(found)


def _name(told: Loose | None) -> str | None:
    return intern(told["name"]) if told else None


def _links(issue: Issue, fields: Loose) -> None:
    for one in fields.get("issuelinks") or ():
        outward = "outwardIssue" in one
        other = one["outwardIssue"] if outward else one["inwardIssue"]
        issue.links.append(Link(one["id"], intern(one["type"]["name"]), outward, other["id"], other["key"]))


def _histories(site: Site, told: Loose | None) -> list[History]:
    """The changelog, oldest first, whichever order the file has."""
    found = [
        History(
            int(one["id"]),
            one["created"] if isinstance(one["created"], int) else read(one["created"]),
            _add_person(site, one["author"]) if one.get("author") else "",
            one["items"],
        )
        for one in (told or {}).get("histories") or (told or {}).get("values") or ()
    ]
    return sorted(found, key=lambda one: (one.at, one.id))


def _settle(site: Site) -> None:
    """What only the whole can tell: the latest moment, and the boards behind the sprints."""
    last = max((one.updated for one in site.issues.values()), default=site.now)
    site.now = max(site.now, last + 3_600_000)
    for issue in site.issues.values():
        for one in issue.histories:
            site.saw_id(one.id)
    _infer_boards(site)
    site.touch()


def _infer_boards(site: Site) -> None:
    """A board that is only named by its sprints is at home where most of their issues are."""
    homes: defaultdict[int, Counter[int]] = defaultdict(Counter)
    everywhere: Counter[int] = Counter()
    for issue in site.issues.values():
        for number in issue.sprints:
            homes[number][issue.project] += 1
            everywhere[issue.project] += 1
    fallback = everywhere.most_common(1)[0][0] if everywhere else next(iter(site.projects), None)
    votes: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for sprint in site.sprints.values():
        if sprint.board is not None:
            votes[sprint.board] += homes[sprint.id]
    for number in sorted(set(votes) - set(site.boards)):
        home = votes[number].most_common(1)[0][0] if votes[number] else fallback
        if home is not None:
            site.boards[number] = Board(number, f"Board {number}", home)
    _adopt(site, homes, fallback)


def _adopt(site: Site, homes: dict[int, Counter[int]], fallback: int | None) -> None:
    """Sprints without a board of origin need one that shows them."""
    orphans = [one for one in site.sprints.values() if one.board is None]
    for sprint in orphans:
        home = homes[sprint.id].most_common(1)[0][0] if homes.get(sprint.id) else fallback
        if home is not None:
            site.board_of(home)
