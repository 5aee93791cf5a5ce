"""Endpoints on the site itself: server, account, fields, statuses, projects, versions."""

from __future__ import annotations

from typing import Any

from .calls import Call, RefusalError, page
from .clock import told
from .records import Project, Version
from .render import FIELD_NAMES, Shape, issue_type, person, project, status, version

MOST_PROJECTS = 100
SCHEMAS: dict[str, Shape] = {
    "created": {"type": "datetime"}, "updated": {"type": "datetime"}, "resolutiondate": {"type": "datetime"},
    "duedate": {"type": "date"}, "fixVersions": {"type": "array", "items": "version"},
    "labels": {"type": "array", "items": "string"}, "components": {"type": "array", "items": "component"},
    "assignee": {"type": "user"}, "reporter": {"type": "user"}, "creator": {"type": "user"},
    "timeoriginalestimate": {"type": "number"}, "timeestimate": {"type": "number"}, "timespent": {"type": "number"},
    "summary": {"type": "string"}, "description": {"type": "string"},
}  # fmt: skip


def server_info(call: Call) -> Shape:
    """Open to all visitors."""
    cloud = call.knobs.cloud
    return {
        "baseUrl": call.view.base,
        "version": "1001.0.0-SNAPSHOT" if cloud else "10.3.4",
        "versionNumbers": [1001, 0, 0] if cloud else [10, 3, 4],
        "deploymentType": "Cloud" if cloud else "Server",
        "buildNumber": 100_290 if cloud else 10_030_004,
        "buildDate": "2025-01-10T00:00:00.000+0000",
        "serverTime": told(call.site.now, call.view.zone),
        "scmInfo": "0" * 40,
        "serverTitle": "Jira",
        **({"displayUrl": call.view.base, "serverTimeZone": str(call.view.zone)} if cloud else {}),
    }


def myself(call: Call) -> Shape:
    """The account behind the credential, with its profile time zone."""
    shown = person(call.view, call.account)
    if shown is None:
        message = "Client must be authenticated to access this resource."
        raise RefusalError(401, body={"message": message, "status-code": 401})
    return {"self": call.view.link("myself"), **shown, "timeZone": str(call.view.zone), "locale": "en_US"}


def fields(call: Call) -> list[Shape]:
    """All fields; names of custom ones are not unique."""
    system = [_field(call, one, name, SCHEMAS.get(one, {"type": one}), False) for one, name in FIELD_NAMES.items()]
    custom = [_field(call, one["id"], one["name"], one.get("schema", {}), True) for one in call.site.fields.values()]
    return system + custom


def _field(call: Call, field_id: str, name: str, schema: Shape, custom: bool) -> Shape:
    number = field_id.removeprefix("customfield_")
    names = [f"cf[{number}]", name] if custom else [field_id.lower()]
    found = {"type": "string", **schema, **({} if custom else {"system": field_id})}
    if custom and number.isdecimal():
        found["customId"] = int(number)
    shape: Shape = {
        "id": field_id,
        "name": name,
        "custom": custom,
        "orderable": True,
        "navigable": True,
        "searchable": True,
    }
    return {**shape, **({"key": field_id} if call.knobs.cloud else {}), "clauseNames": names, "schema": found}


def statuses(call: Call) -> list[Shape]:
    """All statuses of all workflows."""
    return [status(call.view, one) for one in call.site.statuses.values()] if call.account else []


def projects(call: Call) -> list[Shape]:
    """All live visible projects at once."""
    return [project(call.view, one) for one in _projects(call)]


def search_projects(call: Call) -> Shape:
    """Live visible projects, paged; ``status``, ``keys``, ``id`` and ``query`` narrow."""
    states, keys, ids = set(call.query.getlist("status")), set(call.listed("keys")), set(call.query.getlist("id"))
    words = call.query.get("query", "").casefold()
    found = [
        one
        for one in _projects(call, archived="archived" in states, live=not states or "live" in states)
        if (not keys or one.key in keys)
        and (not ids or str(one.id) in ids)
        and (words in one.key.casefold() or words in one.name.casefold())
    ]
    shown = [project(call.view, one) for one in found]
    return page(
        shown, call.number("startAt", 0), call.number("maxResults", 50, MOST_PROJECTS), call.view.link("project/search")
    )


def _projects(call: Call, *, archived: bool = False, live: bool = True) -> list[Project]:
    seen = (one for one in call.site.projects.values() if call.may_see(one))
    return sorted((one for one in seen if (archived if one.archived else live)), key=lambda one: one.key)


def one_project(call: Call) -> Shape:
    """One project, also an archived one, also by a former key."""
    found = call.project(call.path["project"])
    types = [issue_type(call.view, one) for one in call.site.types.values()]
    lead = next(iter(call.site.people), None)
    shape = project(call.view, found) | {"description": "", "issueTypes": types, "versions": _shown(call, found)}
    return shape | {"archived": found.archived, "lead": person(call.view, lead)}


def _versions(call: Call, home: Project) -> list[Version]:
    return [one for one in call.site.versions.values() if one.project == home.id]


def _shown(call: Call, home: Project) -> list[Shape]:
    return [version(call.view, one) for one in _versions(call, home)]


def versions(call: Call) -> list[Shape]:
    """All versions of a project at once."""
    return _shown(call, call.project(call.path["project"]))


def paged_versions(call: Call) -> Shape:
    """The versions of a project, paged; ``status`` narrows to released, unreleased or archived."""
    home = call.project(call.path["project"])
    states = set(call.listed("status"))
    shown = [version(call.view, one) for one in _versions(call, home) if not states or _state(one) in states]
    address = call.view.link(f"project/{home.key}/version")
    return page(shown, call.number("startAt", 0), call.number("maxResults", 50, call.knobs.server_page_cap), address)


def _state(one: Version) -> str:
    return "archived" if one.archived else "released" if one.released else "unreleased"


def one_version(call: Call) -> Shape:
    """One version; ``expand=issuesstatus`` counts its issues by status category."""
    found = call.site.versions.get(call.path["version"])
    if found is None or not call.may_see(call.site.projects[found.project]):
        raise RefusalError(404, f"Could not find version for id '{call.path['version']}'")
    shape = version(call.view, found)
    return shape | {"issuesStatusForFixVersion": _counts(call, found)} if call.expands("issuesstatus") else shape


def _counts(call: Call, found: Version) -> dict[str, Any]:
    names = {"new": "toDo", "indeterminate": "inProgress", "done": "done"}
    counts = dict.fromkeys((*names.values(), "unmapped"), 0)
    for issue in call.site.issues.values():
        if found.id in issue.versions:
            counts[names.get(call.site.statuses[issue.status].category, "unmapped")] += 1
    return counts
