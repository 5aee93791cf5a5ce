"""What paid editions plan with beside milestones: the iterations and epics of a scope."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from .client import Client, NotVisibleError, Row
from .territory import Territory, reaches_down

FREE = re.compile(r"[\d.]+")
"""The version of a free server is its number alone: a paid one says ``-ee``, gitlab.com ``-pre``."""
KINDS = ("iteration", "epic")


def plans(client: Client, kind: str, found: Territory, groups: Iterable[Row], version: str) -> list[Row] | None:
    """All iterations or epics of a scope, each once; ``groups`` are the scope's own. None where none are told of: a free
    server is not asked, one without the licence answers 404 or 403, and a project has no epics. That is no error, and says
    of none that it is gone.
    """
    if FREE.fullmatch(version):
        return None
    lists = _iterations(found, groups, version) if kind == "iteration" else _epics(found)
    if not lists:
        return None
    rows: dict[int, Row] = {}
    try:
        for path, query in lists.items():
            rows |= {row["id"]: row for row in client.rows(path, query)}
    except NotVisibleError:
        return None
    return list(rows.values())


def _iterations(found: Territory, groups: Iterable[Row], version: str) -> dict[str, Mapping[str, str]]:
    """Those of the groups above are in any list; those of the groups below are asked for one by one of an older server."""
    query = {"state": "all", "include_ancestors": "true"}
    if found.what == "project":
        return {f"{found.path}/iterations": query}
    if reaches_down(version):
        return {f"{found.path}/iterations": {**query, "include_descendants": "true"}}
    return {f"/groups/{group['id']}/iterations": query for group in groups}


def _epics(found: Territory) -> dict[str, Mapping[str, str]]:
    """A group's list holds those of its subgroups; a project has none of its own."""
    return {f"{found.path}/epics": {"order_by": "created_at", "sort": "asc"}} if found.what == "group" else {}
