"""A Jira site of many issues as a folder that the emulator loads, and a settings file that binds it."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from tests.benchmarks.figures import tool

SITE = "https://acme.atlassian.net"
CUSTOM_FIELDS = 55
DATA_CENTER = "jira data center"
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
WORDS = ["订单", "payment", "retry", "库存", "report", "login", "缓存", "gateway", "权限", "audit", "search", "灰度"]


def write_site(folder: Path, issues: int, versions: int = 60, unreleased: int = 30) -> Path:
    """Issues of 8 to 15 KB each with a changelog, in the shape of the REST answers of a site with many custom fields; equal
    sizes give equal sites. The last versions are ``unreleased``.
    """
    chance = random.Random(issues)
    folder.mkdir(parents=True, exist_ok=True)
    site = {
        "projects": [{"id": "10000", "key": "BIG", "name": "Big"}],
        "versions": [_version(number, number < versions - unreleased) for number in range(versions)],
        "sprints": [],
        "fields": [],
        "statuses": [{"id": "1", "name": "To Do"}, {"id": "3", "name": "Done"}],
    }
    (folder / "site.json").write_text(json.dumps(site), encoding="utf-8")
    with (folder / "issues.jsonl").open("w", encoding="utf-8") as file:
        for number in range(1, issues + 1):
            file.write(json.dumps(_issue(number, versions, chance), ensure_ascii=False) + "\n")
    return folder


def changed(data: Path, folder: Path, most: int) -> Path:
    """The same site after the first ``most`` of its issues were changed just now, in another folder."""
    shutil.copytree(data, folder)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    return rewritten(folder, lambda number: {"updated": now, "duedate": "2027-03-01"} if number < most else {})


def rewritten(data: Path, fields: Callable[[int], dict[str, Any]]) -> Path:
    """The site with these fields in each issue, by its place."""
    file = data / "issues.jsonl"
    issues = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    for number, issue in enumerate(issues):
        issue["fields"] |= fields(number)
    file.write_text("".join(json.dumps(issue) + "\n" for issue in issues), encoding="utf-8")
    return data


def _version(number: int, released: bool = False) -> dict[str, Any]:
    day = (BEGIN + timedelta(days=14 * number)).date().isoformat()
    return {
        "id": str(20000 + number),
        "name": f"1.{number}",
        "released": released,
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
        "assignee": _person(number % 50),
        "labels": chance.choices(WORDS, k=3),
        "description": " ".join(chance.choices(WORDS, k=chance.randint(330, 560))),
        "priority": {"id": "3", "name": "Medium", "iconUrl": f"{SITE}/images/icons/priorities/medium.svg"},
        "reporter": _person(number % 70),
        "creator": _person(number % 30),
        "components": [{"id": str(number % 9), "name": chance.choice(WORDS), "self": f"{SITE}/rest/api/3/component/1"}],
        "votes": {"votes": 0, "hasVoted": False, "self": f"{SITE}/rest/api/3/issue/BIG-{number}/votes"},
        "watches": {"watchCount": 1, "isWatching": False, "self": f"{SITE}/rest/api/3/issue/BIG-{number}/watchers"},
        "progress": {"progress": 0, "total": 0},
        "issuelinks": [],
        "subtasks": [],
        "attachment": [],
        **{f"customfield_{11000 + place}": _custom(place, chance) for place in range(CUSTOM_FIELDS)},
    }
    return {
        "id": str(100000 + number),
        "key": f"BIG-{number}",
        "fields": fields,
        "changelog": {"histories": history if done else []},
    }


def _person(number: int) -> dict[str, Any]:
    avatar = f"{SITE}/avatars/{number:032x}?size="
    return {
        "self": f"{SITE}/rest/api/3/user?accountId=u{number}",
        "accountId": f"u{number}",
        "displayName": f"Person {number}",
        "active": True,
        "timeZone": "Asia/Shanghai",
        "accountType": "atlassian",
        "avatarUrls": {size: avatar + size for size in ("48x48", "24x24", "16x16", "32x32")},
    }


def _custom(place: int, chance: random.Random) -> Any:
    """Most custom fields of a site are empty in most issues; the others hold an option, a number, a text or a person."""
    filled: list[Callable[[], Any]] = [
        lambda: {
            "self": f"{SITE}/rest/api/3/customFieldOption/{place}",
            "value": chance.choice(WORDS),
            "id": str(place),
        },
        lambda: float(chance.randint(1, 13)),
        lambda: " ".join(chance.choices(WORDS, k=30)),
        lambda: _person(place),
    ]
    return filled[place % 4]() if chance.random() < 0.3 else None


@contextmanager
def emulated(
    data: Path, folder: Path, latency: float = 0.0, system: str = "jira", port: int = 0
) -> Iterator[dict[str, Any]]:
    """The site in an emulator process of its own, so many milliseconds away; gives the connection's settings. ``port`` 0 is
    a free one.
    """
    secrets = str(folder / "secrets")
    command = [tool("pmosync"), "emulate", system, "--data", str(data), "--folder", secrets]
    command += ["--latency", str(latency), "--port", str(port)]
    if system == DATA_CENTER:
        command = [sys.executable, "-m", "tests.benchmarks.data_center", str(data), secrets, str(latency)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if not line.strip():
                break
        yield yaml.safe_load("".join(lines))["connections"]["jira" if system == DATA_CENTER else system]
    finally:
        process.terminate()
        process.wait()
        if process.stdout:
            process.stdout.close()


def write_settings(folder: Path, connection: dict[str, Any], keys: dict[str, str], workbook: bool = True) -> None:
    """Bind the projects of ``keys`` (key → name) and, if asked, write a workbook file."""
    given = {
        "data": "store",
        "connections": {"jira": {**connection, "token_file": str(Path(connection["token_file"]).resolve())}},
        "workbooks": {"file": {"connector": "xlsx", "path": "workbook.xlsx"}} if workbook else {},
        "projects": [
            {"code": key, "name": name, "bindings": [{"system": "jira", "what": "project", "which": key}]}
            for key, name in keys.items()
        ],
    }
    (folder / "pmosync.yaml").write_text(yaml.safe_dump(given, allow_unicode=True), encoding="utf-8")
