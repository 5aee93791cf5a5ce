"""Releases of projects: publishing one, and answering with them."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from . import paging
from .calls import Answer, Call, RefusedError
from .look import Json, Look, instant
from .place_routes import Handler
from .places import milestone, person
from .records import Project, Release
from .site import Site


def publish(
    site: Site, project_id: int, tag: str, by: int, milestone_ids: list[int], at: datetime | None = None
) -> Release:
    """Publish a release now, or announce one for another time ``at``."""
    found = Release(tag=tag, project_id=project_id, name=tag, author_id=by, milestone_ids=milestone_ids)
    found.created_at, found.released_at = site.now, at or site.now
    site.releases[project_id, tag] = found
    return found


def releases(call: Call) -> Answer:
    """A project's releases, the latest first."""
    number = _readable(call).id
    rows = [found for found in call.site.releases.values() if found.project_id == number]
    rows.sort(key=lambda found: (found.released_at, found.tag), reverse=True)
    return paging.listing(call, rows, lambda found: release(call.look, found), {"order_by": "released_at"})


def group_releases(call: Call) -> Answer:
    """The releases of a group's projects, the latest first."""
    inside = {project.id for project in call.site.projects_below(call.group())}
    rows = [found for found in call.site.releases.values() if found.project_id in inside]
    rows.sort(key=lambda found: (found.released_at, found.tag), reverse=True)
    return paging.listing(call, rows, lambda found: release(call.look, found))


def one_release(call: Call) -> Answer:
    """One release by its tag."""
    found = call.site.releases.get((_readable(call).id, call.named["tag"]))
    if found is None:
        raise RefusedError(404, {"message": "404 Not Found"})
    return Answer(release(call.look, found))


def _readable(call: Call) -> Project:
    """The project asked; one that has its releases switched off answers 403."""
    found = call.project()
    if found.extra.get("releases_access_level") == "disabled":
        raise RefusedError(403, {"message": "403 Forbidden"})
    return found


def release(look: Look, found: Release) -> Json:
    """A release with its milestones as they are now."""
    own = f"{look.base}/{look.site.projects[found.project_id].full_path}/-/releases/{quote(found.tag, safe='')}"
    shown: Json = {"name": found.name, "tag_name": found.tag, "description": found.description}
    shown |= {"created_at": instant(found.created_at), "released_at": instant(found.released_at)}
    shown |= {"upcoming_release": found.released_at > look.site.now, "author": person(look, found.author_id)}
    told = [milestone(look, number) for number in found.milestone_ids]
    shown |= {"milestones": [one for one in told if one is not None], "evidences": []}
    return shown | {"assets": {"count": 0, "sources": [], "links": []}, "_links": {"self": own}} | found.extra


ROUTES: dict[str, Handler] = {
    "groups/:group/releases": group_releases,
    "projects/:project/releases": releases,
    "projects/:project/releases/:tag": one_release,
}
