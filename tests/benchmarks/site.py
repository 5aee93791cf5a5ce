"""A Jira site of many issues as a folder that the emulator loads, and a settings file that binds it."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from tests.benchmarks.figures import tool

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
WORDS = ["订单", "payment", "retry", "库存", "report", "login", "缓存", "gateway", "权限", "audit", "search", "灰度"]


def write_site(folder: Path, issues: int, versions: int = 60) -> Path:
    """Issues of about 2 KB each with a changelog, in the shape of the REST answers; equal sizes give equal sites."""
    chance = random.Random(issues)
    folder.mkdir(parents=True, exist_ok=True)
    site = {
        "projects": [{"id": "10000", "key": "BIG", "name": "Big"}],
        "versions": [_version(number) for number in range(versions)],
        "sprints": [],
        "fields": [],
        "statuses": [{"id": "1", "name": "To Do"}, {"id": "3", "name": "Done"}],
    }
    (folder / "site.json").write_text(json.dumps(site), encoding="utf-8")
    with (folder / "issues.jsonl").open("w", encoding="utf-8") as file:
        for number in range(1, issues + 1):
            file.write(json.dumps(_issue(number, versions, chance), ensure_ascii=False) + "\n")
    return folder


def _version(number: int) -> dict[str, Any]:
    day = (BEGIN + timedelta(days=14 * number)).date().isoformat()
    return {
        "id": str(20000 + number),
        "name": f"1.{number}",
        "released": number < 30,
        "releaseDate": day,
        "projectId": 10000,
        "project": "BIG",
    }


def _issue(number: int, versions: int, chance: random.Random) -> dict[str, Any]:
    born = BEGIN + timedelta(minutes=20 * number)
    done = born + timedelta(days=chance.randint(1, 40)) if chance.random() < 0.7 else None
    moved = (done or born).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    status = {"id": "3", "name": "Done"} if done else {"id": "1", "name": "To Do"}
    category = {"id": 3, "key": "done", "name": "Done"} if done else {"id": 2, "key": "new", "name": "To Do"}
    version = _version(chance.randrange(versions))
    history = [
        {"id": str(number * 10), "created": moved, "author": {"accountId": "u1"}, "items": [
            {"field": "status", "fieldId": "status", "from": "1", "fromString": "To Do", "to": "3", "toString": "Done"}]}
    ]  # fmt: skip
    fields = {
        "summary": " ".join(chance.choices(WORDS, k=12)),
        "issuetype": {"id": "1", "name": "Story", "subtask": False, "hierarchyLevel": 0},
        "project": {"id": "10000", "key": "BIG", "name": "Big"},
        "status": {**status, "statusCategory": category},
        "resolution": {"name": "Done"} if done else None,
        "created": born.strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
        "updated": moved,
        "resolutiondate": moved if done else None,
        "duedate": (born + timedelta(days=20)).date().isoformat(),
        "fixVersions": [{"id": version["id"], "name": version["name"]}],
        "assignee": {"accountId": f"u{number % 50}", "displayName": f"Person {number % 50}"},
        "labels": chance.choices(WORDS, k=3),
        "description": "x" * 1200,
    }
    return {
        "id": str(100000 + number),
        "key": f"BIG-{number}",
        "fields": fields,
        "changelog": {"histories": history if done else []},
    }


@contextmanager
def emulated(data: Path, folder: Path) -> Iterator[dict[str, Any]]:
    """The site in an emulator process of its own; gives the connection's settings."""
    command = [tool("pmosync"), "emulate", "jira", "--data", str(data), "--folder", str(folder / "secrets")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if not line.strip():
                break
        yield yaml.safe_load("".join(lines))["connections"]["jira"]
    finally:
        process.terminate()
        process.wait()
        if process.stdout:
            process.stdout.close()


def write_settings(folder: Path, connection: dict[str, Any], keys: dict[str, str]) -> None:
    """Bind the projects of ``keys`` (key → name) and write a workbook file."""
    given = {
        "data": "store",
        "connections": {"jira": {**connection, "token_file": str(Path(connection["token_file"]).resolve())}},
        "workbooks": {"file": {"connector": "xlsx", "path": "workbook.xlsx"}},
        "projects": [
            {"code": key, "name": name, "bindings": [{"system": "jira", "what": "project", "which": key}]}
            for key, name in keys.items()
        ],
    }
    (folder / "pmosync.yaml").write_text(yaml.safe_dump(given, allow_unicode=True), encoding="utf-8")
