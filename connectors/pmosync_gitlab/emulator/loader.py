"""Reading a site from files of REST answers: one JSON object a line, plain or ``.gz``.

``groups projects milestones issues merge_requests users``, and optionally ``iterations epics`` (the server is a paid one then),
``releases`` (each with its ``project_id``, which the answer lacks) and ``resource_state_events resource_milestone_events
resource_label_events notes``, each ``.jsonl``. Missing files and fields are fine: a project that only issues name is made from
their references; people, milestones, iterations and epics from where they are embedded.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pmosync.errors import ConfigError

from .adoption import Adoption
from .edits import remember_closing
from .site import Site

Json = dict[str, Any]
FILES = ("users", "groups", "projects", "milestones", "iterations", "epics", "issues", "merge_requests", "releases")
HISTORY = ("resource_state_events", "resource_milestone_events", "resource_label_events", "notes")


def load(site: Site, folder: Path) -> None:
    """Fill the site from ``folder``. ConfigError names the folder without any known file, or the broken file and line."""
    present = [name for name in (*FILES, *HISTORY) if _path(folder, name)]
    if not present:
        raise ConfigError(
            f"{folder} holds none of {', '.join(FILES)} (.jsonl or .jsonl.gz)",
            remedy="give the folder of exported answers",
        )
    adopt = Adoption(site)
    for name in present:
        for where, row in _rows(folder, name):
            _take(adopt, name, row, where)
    site.issues.fill(adopt.issues_read)
    site.merge_requests.fill(adopt.requests_read)
    for request in adopt.requests_read:
        remember_closing(site, request)
    site.now = max(site.now, adopt.latest)


def _path(folder: Path, name: str) -> Path | None:
    for path in (folder / f"{name}.jsonl", folder / f"{name}.jsonl.gz"):
        if path.is_file():
            return path
    return None


def _rows(folder: Path, name: str) -> Iterator[tuple[str, Json]]:
    """Each line's place in words, and its object."""
    path = _path(folder, name)
    if path is None:
        return
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield f"{path.name} line {number}", _object(line, f"{path.name} line {number}")


def _object(line: str, where: str) -> Json:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise ConfigError(f"{where}: not JSON", remedy="put one JSON object on each line") from error
    if not isinstance(row, dict):
        raise ConfigError(f"{where}: not an object", remedy="put one JSON object on each line")
    return row


def _take(adopt: Adoption, name: str, row: Json, where: str) -> None:
    try:
        getattr(adopt, name)(row)
    except KeyError as error:
        raise ConfigError(
            f"{where}: no field {error}", remedy="export the record as the REST API answers it"
        ) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise ConfigError(
            f"{where}: a field has the wrong type", remedy="export the record as the REST API answers it"
        ) from error
