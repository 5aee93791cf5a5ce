"""Reading GitLab projects over a distance, beside the plain client library's own iterators."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from tests.benchmarks.figures import Figure, goal, medians, spent
from tests.benchmarks.runs import first
from tests.benchmarks.site import WORDS, emulated

PROJECTS, ISSUES, REQUESTS = 8, 400, 250
LATENCY = 50
FASTER = 5.0
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)


def figures(folder: Path) -> Iterator[Figure]:
    """Issues and merge requests of eight projects at 50 ms, without histories, which the iterators do not read either."""
    folder.mkdir()
    with emulated(_site(folder / "site"), folder, LATENCY, system="gitlab") as connection:
        (folder / "pmosync.yaml").write_text(yaml.safe_dump(_settings(connection)), encoding="utf-8")
        loop = [sys.executable, "-m", "tests.benchmarks.plain_gitlab", connection["url"], connection["token_file"]]
        plain = medians(lambda: spent(loop, Path.cwd()))
        pull = medians(lambda: first(folder))
    name = f"GitLab, first pull of {PROJECTS} projects at {LATENCY} ms; baseline: plain iterators"
    yield goal(name, pull.seconds, "s", plain.seconds, plain.seconds / pull.seconds, FASTER, "×")
    yield Figure("  processor time", pull.cpu, "s", plain.cpu, plain.cpu / pull.cpu)


def _site(folder: Path) -> Path:
    folder.mkdir()
    chance = random.Random(PROJECTS)
    _write(folder / "users.jsonl", [{"id": 1, "username": "li", "name": "李娜", "state": "active"}])
    places = [
        {"id": number, "name": f"p{number}", "path": f"p{number}", "path_with_namespace": f"big/p{number}"}
        for number in range(1, PROJECTS + 1)
    ]
    _write(folder / "projects.jsonl", places)
    _write(folder / "issues.jsonl", [_item(chance, place, n, ISSUES) for place in places for n in range(1, ISSUES + 1)])
    requests = [
        {**_item(chance, place, n, REQUESTS), "source_branch": f"f{n}", "target_branch": "main"}
        for place in places
        for n in range(1, REQUESTS + 1)
    ]
    _write(folder / "merge_requests.jsonl", requests)
    return folder


def _item(chance: random.Random, place: dict[str, Any], number: int, size: int) -> dict[str, Any]:
    born = BEGIN + timedelta(minutes=7 * number)
    moved = (born + timedelta(days=chance.randint(0, 30))).isoformat()
    return {
        "id": (place["id"] - 1) * size + number,
        "iid": number,
        "project_id": place["id"],
        "title": " ".join(chance.choices(WORDS, k=8)),
        "description": " ".join(chance.choices(WORDS, k=200)),
        "state": "opened",
        "created_at": born.isoformat(),
        "updated_at": moved,
        "labels": chance.choices(WORDS, k=2),
        "author": {"id": 1, "username": "li", "name": "李娜"},
    }


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def _settings(connection: dict[str, Any]) -> dict[str, Any]:
    no_notes: dict[str, Any] = dict.fromkeys(("first_review", "approved_by", "approved"))
    no_reviews = {"records": {"merge_request": {"entities": {"merge_request": {"fields": no_notes}}}}}
    token = str(Path(connection["token_file"]).resolve())
    return {
        "data": "store",
        "connections": {"gitlab": {**connection, "token_file": token, "history": False, "mapping": no_reviews}},
        "projects": [
            {
                "code": f"P{number}",
                "name": f"P{number}",
                "bindings": [{"system": "gitlab", "what": "project", "which": f"big/p{number}"}],
            }
            for number in range(1, PROJECTS + 1)
        ],
    }
