"""What projects published: releases, which GitLab names by their tags and lists project by project."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from pmosync.raw import Ref

from .client import Client, NotVisibleError, Row

KIND, SIGN = "release", "tag_name"


def releases(client: Client, projects: Iterable[Row]) -> tuple[list[Row], bool]:
    """All releases of the projects, and whether every project told its own. A release has no number: its project's and its
    tag are its identity, and neither ever changes.
    """
    found, whole = list[Row](), True
    for project in projects:
        own = {"project_id": project["id"], "restricted": project.get("releases_access_level") == "private"}
        try:
            rows = client.rows(f"/projects/{project['id']}/releases", sign=SIGN)
        except NotVisibleError:
            whole = False
            continue
        found += [{**row, **own, "id": f"{project['id']}/{row[SIGN]}"} for row in rows]
    return found, whole


def answers(client: Client, ref: Ref) -> bool:
    """Whether a release is still there."""
    project, _, tag = ref.id.partition("/")
    return client.answers(f"/projects/{project}/releases/{quote(tag, safe='')}", sign=SIGN)
