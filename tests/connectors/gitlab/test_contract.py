"""Every request that the connector sends, and every answer that the emulator gives to it, against GitLab's own contract."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
import yaml
from starlette.types import Message, Receive, Send
from starlette.types import Scope as Asgi

from pmosync.connector import Opening
from pmosync.emulation import events as e
from pmosync.emulation.server import LoopbackServer
from pmosync.raw import Scope
from pmosync.transport import Transport
from pmosync_gitlab.emulator import GitlabEmulator, publishing
from pmosync_gitlab.settings import GitlabSettings
from pmosync_gitlab.source import open_source

START = datetime.fromisoformat("2026-03-02T08:00:00+00:00")
Exchange = tuple[str, list[tuple[str, str]], Any]


class Recorder:
    """Passes requests on to an emulator and keeps what was asked and answered."""

    def __init__(self, emulator: GitlabEmulator) -> None:
        self.app = emulator.app
        self.exchanges: list[Exchange] = []

    async def __call__(self, scope: Asgi, receive: Receive, send: Send) -> None:
        body: list[bytes] = []

        async def keep(message: Message) -> None:
            body.append(message.get("body", b""))
            await send(message)

        await self.app(scope, receive, keep)
        assert scope["method"] == "GET"
        path = scope["raw_path"].decode().partition("?")[0]
        answer = json.loads(b"".join(body))
        self.exchanges.append((path, parse_qsl(scope["query_string"].decode()), answer))


@pytest.fixture(scope="module")
def contract(conformance: Path) -> dict[str, Any]:
    """Path patterns of GitLab's contract, of its hand-written supplement, and of requests a real server was seen to answer."""
    text = (conformance / "specs" / "gitlab-rest-v4.2026-02.openapi3.yaml").read_text(encoding="utf-8")
    spec = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    supplement = json.loads((conformance / "specs" / "gitlab-supplement.hand.json").read_text(encoding="utf-8"))
    recorded = _recorded_paths(conformance / "data" / "gitlab-real")
    unlisted = [
        spec["components"]["schemas"][name]["properties"] for name in ("API_Entities_UserPublic", "API_Entities_Note")
    ]
    return {
        "paths": _spec_paths(spec) + _supplement_paths(supplement) + recorded,
        "names": set().union(*(fields for _, _, fields in recorded), *unlisted),
    }


def _spec_paths(spec: dict[str, Any]) -> list[tuple[str, set[str], set[str]]]:
    found = []
    for path, operations in spec["paths"].items():
        if "get" in operations:
            names = {parameter["name"] for parameter in operations["get"].get("parameters", ())}
            found.append((path, names, _properties(spec, operations["get"])))
    return found


def _properties(spec: dict[str, Any], operation: dict[str, Any]) -> set[str]:
    content = operation["responses"].get("200", {}).get("content", {}).get("application/json", {})
    schema = content.get("schema", {})
    schema = schema.get("items", schema)
    name = schema.get("$ref", "").rpartition("/")[2]
    return set(spec["components"]["schemas"].get(name, schema).get("properties", ()))


def _supplement_paths(supplement: dict[str, Any]) -> list[tuple[str, set[str], set[str]]]:
    return [
        (
            one["path"],
            {name.partition("(")[0] for name in one.get("query", ("page", "per_page"))},
            set(one.get("item", ())),
        )
        for one in supplement["endpoints"]
    ]


def _recorded_paths(folder: Path) -> list[tuple[str, set[str], set[str]]]:
    """A real server repeats in its links every parameter it knows a value of."""
    found = []
    blocks = (folder / "_headers.txt").read_text(encoding="utf-8").split("== ")[1:]
    for block in blocks:
        name, line = block.splitlines()[:2]
        path = re.sub(r"(projects|groups)/[^/?]+", r"\1/{id}", line.removeprefix("GET ").partition("?")[0])
        path = re.sub(r"/\d+", "/{number}", path)
        rows = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        row = (rows or [{}])[0] if isinstance(rows, list) else rows
        found.append((path, set(re.findall(r"[?&]([\w\[\]]+)=", block)), set(row)))
    return found


def _matching(contract: dict[str, Any], path: str) -> list[tuple[set[str], set[str]]]:
    def fits(pattern: str) -> bool:
        parts, given = pattern.split("/"), path.split("/")
        return len(parts) == len(given) and all(p.startswith("{") or p == g for p, g in zip(parts, given, strict=True))

    return [(names, fields) for pattern, names, fields in contract["paths"] if fits(pattern)]


def exchanges(version: str, folder: Path, story: tuple[e.Event, ...]) -> list[Exchange]:
    """Everything the connector asks: check, first pull, incremental pull, census, visible. A paid edition has an iteration
    and an epic.
    """
    number, _, edition = version.partition("-")
    emulator = GitlabEmulator(number, paid=bool(edition))
    for event in (*story, *_planned()):
        emulator.apply(event)
    for tag in ("v1.0", "v1.1/rc"):
        publishing.publish(emulator.site, 1, tag, 2, [2])
    recorder = Recorder(emulator)
    with LoopbackServer(recorder) as server:
        settings = GitlabSettings.model_validate(
            {**emulator.connection(server.url, folder), "page_size": 2, "releases": True}
        )
        scopes = (Scope("group", "pay"), Scope("project", "pay/core/api"))
        source = open_source(Opening("git", settings, Transport(), lambda: START, scopes))
        assert all(finding.ok for finding in source.check())
        pulls = {unit: list(source.pull(unit, None)) for unit in source.units()}
        kept = {record.ref: record for batches in pulls.values() for batch in batches for record in batch.records}
        at = START + timedelta(hours=2)
        emulator.apply(e.ItemMoves(at=at, by="ann", key="pay/core/api#1", to=e.Stage.DONE))
        for unit, batches in pulls.items():
            again = list(source.pull(unit, batches[-1].cursor))
            assert bool(again) is not bool(unit.behind)
            assert unit.behind or list(source.census(unit))
        assert all(source.visible(list(kept), kept).values())
        source.close()
    return recorder.exchanges


def _planned() -> Iterator[e.Event]:
    at, by, system, home = START + timedelta(minutes=15), "ann", "gitlab", "pay/core/api"
    first, last = date(2026, 3, 2), date(2026, 3, 15)
    yield e.SprintOpened(at=at, by=by, system=system, key="I", project=home, title="Sprint", start=first, end=last)
    yield e.MilestoneOpens(at=at, by=by, system=system, key="E", project=home, title="Epic", form="epic", due=last)
    yield e.ItemSprint(at=at, by=by, key="pay/core/api#2", sprint="I")
    yield e.ItemPlanned(at=at, by=by, key="pay/core/api#2", milestone="E")


@pytest.mark.parametrize("version", ["18.5.1", "18.5.1-ee", "13.12.15", "13.12.15-ee"])
def test_every_request_stands_in_the_contract(
    contract: dict[str, Any], tmp_path: Path, little_story: tuple[e.Event, ...], version: str
) -> None:
    """Path, method and every query name; lists of numbers are ``iids[]`` on the wire and ``iids`` in the contract."""
    asked = exchanges(version, tmp_path, little_story)
    assert len(asked) > 60
    for path, query, _ in asked:
        known = _matching(contract, path)
        assert known, f"no contract for {path}"
        names = set().union(*(names for names, _ in known)) | {"page", "per_page"}
        for name, value in query:
            assert name.removesuffix("[]") in names or name in names, f"{path} does not know {name}"
            assert value


@pytest.mark.parametrize("version", ["18.5.1", "18.5.1-ee", "13.12.15", "13.12.15-ee"])
def test_every_answer_uses_the_contracts_names(
    contract: dict[str, Any], tmp_path: Path, little_story: tuple[e.Event, ...], version: str
) -> None:
    """No field that neither the contract knows for that request nor any recorded answer shows."""
    strange: set[str] = set()
    for path, _, answer in exchanges(version, tmp_path, little_story):
        fields = set().union(*(fields for _, fields in _matching(contract, path)))
        rows = answer if isinstance(answer, list) else [answer]
        if fields and not (isinstance(answer, dict) and {"message", "error"} & set(answer)):
            strange |= {
                f"{re.sub(r'[0-9]+', 'N', path)}: {name}"
                for row in rows
                for name in set(row) - fields - contract["names"]
            }
    assert strange == set()
