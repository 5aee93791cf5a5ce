"""The emulator's answers beside those recorded from a real server: the same field names and types."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pmosync.emulation import events as e

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
KINDS = {bool: "boolean", int: "number", float: "number", str: "text", list: "list", dict: "object", type(None): "null"}


def story() -> list[e.Event]:
    """A site that has something to answer to each recorded request."""
    clock = iter(NOW + timedelta(minutes=n) for n in range(1000))
    told: list[e.Event] = []

    def tell(event: type[Any], /, **fields: Any) -> None:
        told.append(event(at=next(clock), by=fields.pop("by", "root"), **fields))

    for key in ("ann", "bob"):
        tell(e.PersonJoins, key=key, name=f"{key.title()} Chen", email=f"{key}@example.com")
    for project in ("other/project", "pmo/platform/api", "pmo/retail/web"):
        tell(e.ProjectOpens, system="gitlab", key=project, name=project.rpartition("/")[2])
    for number in range(1, 10):
        home = {6: "pmo", 7: "pmo/platform/api", 8: "pmo/platform/api", 9: "pmo/retail/web"}.get(
            number, "other/project"
        )
        due = date(2026, 12, number)
        tell(
            e.MilestoneOpens,
            system="gitlab",
            key=f"M{number}",
            project=home,
            title=f"Gate {number}",
            form="milestone",
            due=due,
        )
    tell(e.MilestoneDated, key="M7", due=date(2026, 12, 20))
    for number in range(1, 7):
        key = f"pmo/platform/api#{number}"
        tell(
            e.ItemCreated,
            system="gitlab",
            key=key,
            project="pmo/platform/api",
            title=f"Task {number}",
            description="中文 🚀",
        )
        tell(e.ItemDated, key=key, due=date(2026, 12, number))
        tell(e.ItemPlanned, key=key, milestone="M7")
        tell(e.ItemLabelled, key=key, labels=("risk",))
    tell(e.ItemCreated, system="gitlab", key="pmo/retail/web#1", project="pmo/retail/web", title="Web", milestone="M9")
    first = "pmo/platform/api#1"
    tell(e.ItemAssigned, key=first, to="ann")
    tell(e.ItemEstimated, key=first, estimate=24.0)
    tell(e.ItemCommented, key=first, text="ETA slips")
    tell(e.ItemMoves, key=first, to=e.Stage.DONE)
    tell(e.ItemMoves, key=first, to=e.Stage.TODO)
    tell(e.ItemLinked, key="pmo/platform/api#3", other="pmo/retail/web#1", kind="relates")
    for number in range(1, 5):
        key, item = f"pmo/platform/api!{number}", f"pmo/platform/api#{number + 4}"
        items = (item,) if number == 1 else ()
        tell(
            e.MergeRequestOpened,
            system="gitlab",
            key=key,
            project="pmo/platform/api",
            title=f"Feature {number}",
            author="ann",
            reviewers=("bob",),
            items=items,
            milestone="M7",
        )
    tell(e.MergeRequestReviewed, key="pmo/platform/api!1", by="bob")
    tell(e.MergeRequestMerged, key="pmo/platform/api!1")
    tell(e.MergeRequestClosed, key="pmo/platform/api!2")
    tell(e.ItemMoved, key="pmo/platform/api#6", project="pmo/retail/web", new_key="pmo/retail/web#2")
    return told


def requests(folder: Path) -> dict[str, str]:
    """Each recorded answer's name and request line."""
    text = (folder / "_headers.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^== (\S+)\nGET /api/v4(\S+)$", text, re.MULTILINE))


def shape(value: Any, path: str = "") -> dict[str, set[str]]:
    """Field paths of an answer, each with the kinds of value it shows; list elements are laid over one another."""
    found: dict[str, set[str]] = {path: {KINDS[type(value)]}}
    parts = [(f"{path}.{name}", inner) for name, inner in value.items()] if isinstance(value, dict) else []
    parts += [(f"{path}[]", inner) for inner in value] if isinstance(value, list) else []
    for name, inner in parts:
        for where, kinds in shape(inner, name).items():
            found.setdefault(where, set()).update(kinds)
    return found


def differences(real: Any, ours: Any, *, exact: bool) -> list[str]:
    """Fields that are missing or (``exact``) too many, and types that cannot be the same."""
    wanted, given = shape(real), shape(ours)
    below_null = {path for path, kinds in given.items() if kinds <= {"null", "list"}}
    missing = [f"{path} is missing" for path in wanted if path not in given and not _below(path, below_null)]
    thin = {path for path, kinds in wanted.items() if kinds <= {"null", "list"}}
    extra = [f"{path} is too much" for path in given if path not in wanted and not _below(path, thin)] if exact else []
    types = [
        f"{path}: {sorted(kinds)} there, {sorted(given[path])} here"
        for path, kinds in wanted.items()
        if path in given and kinds - {"null"} and given[path] - {"null"} and not kinds & given[path] - {"null"}
    ]
    return missing + extra + types


def _below(path: str, roots: set[str]) -> bool:
    return any(path.startswith((root + ".", root + "[")) for root in roots)


@pytest.mark.parametrize("version", ["13.12.15", "18.5.1"])
def test_answers_have_the_field_names_and_types_of_a_real_server(
    conformance: Path, server: Callable[..., Any], version: str
) -> None:
    """Every recorded answer has its like here: exactly in the recorded version, with newer fields added in a newer one."""
    folder = conformance / "data" / "gitlab-real"
    site = server(version, admin=True)
    site.tell(*story())
    wrong: dict[str, list[str]] = {}
    asked = requests(folder)
    assert len(asked) == 32
    for name, line in asked.items():
        real = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        reply = site.get(line)
        assert reply.status == 200, f"{name}: {reply.text}"
        assert bool(real) == bool(reply.body), f"{name}: one of the two answers is empty"
        found = differences(real, reply.body, exact=version == "13.12.15")
        if found:
            wrong[name] = found
    assert wrong == {}


def test_pages_have_the_headers_of_a_real_server(conformance: Path, server: Callable[..., Any]) -> None:
    """Every paging header that a recorded answer had is there, and no paging header that it had not."""
    folder = conformance / "data" / "gitlab-real"
    site = server("13.12.15", admin=True)
    site.tell(*story())
    text = (folder / "_headers.txt").read_text(encoding="utf-8")
    for block in text.split("== ")[1:]:
        lines = block.splitlines()
        recorded = {line.partition(":")[0].lower() for line in lines[3:] if ":" in line}
        reply = site.get(lines[1].removeprefix("GET /api/v4"))
        paging = {"x-per-page", "x-page", "x-next-page", "x-prev-page", "x-total", "x-total-pages", "link", "links"}
        assert recorded & paging == reply.headers.keys() & paging, lines[0]
