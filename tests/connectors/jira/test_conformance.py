"""Requests and answers against the vendor's published contracts."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import jsonschema
import pytest
import requests
from msgspec import Struct
from tests.connectors.jira.conftest import PATHS

from pmosync.emulation import events
from pmosync.emulation.events import Stage

if TYPE_CHECKING:
    from tests.connectors.jira.conftest import Exchange, Rig

PLATFORM = "jira-cloud-platform-v3.2025-12.openapi.json"
AGILE = "jira-cloud-software-agile-1.0.2025-06.openapi.json"
SCALARS = ("string", "integer", "number", "boolean")
PAY = "project PAY"


class Contract(Struct, frozen=True):
    """One document: its paths, and its schemas with every scalar nullable."""

    paths: Mapping[str, Any]
    schemas: Mapping[str, Any]

    def operation(self, method: str, path: str) -> tuple[str, Any]:
        """The operation behind an address; fixed words win over parameters."""
        found = [one for one in self.paths if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", one), path)]
        best = min(found, key=lambda one: one.count("{"))
        return best, self.paths[best][method.lower()]

    def check(self, schema: Any, value: Any) -> None:
        """Raise where a value is not of a schema."""
        jsonschema.Draft4Validator({**schema, "components": {"schemas": self.schemas}}).validate(value)


def _contract(path: Path) -> Contract:
    told = json.loads(path.read_text(encoding="utf-8"))
    schemas = {name: _nullable(one) for name, one in told["components"]["schemas"].items()}
    return Contract(told["paths"], schemas)


def _nullable(schema: Any) -> Any:
    """Scalars may be null; ``created`` of bulk changelogs is an integer in the vendor's own example."""
    if isinstance(schema, list):
        return [_nullable(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _nullable(one) for name, one in schema.items() if name not in ("format", "example", "properties")}
    if "properties" in schema:
        made["properties"] = {name: _nullable(one) for name, one in schema["properties"].items()}
    if made.get("type") in SCALARS:
        made["type"] = ["null", *SCALARS] if schema.get("format") == "date-time" else [made["type"], "null"]
        made.pop("enum", None)
    return made


@pytest.fixture(scope="module")
def contracts(conformance: Path) -> tuple[Contract, Contract]:
    """Platform and agile."""
    return _contract(conformance / "specs" / PLATFORM), _contract(conformance / "specs" / AGILE)


def _judge(contracts: tuple[Contract, Contract], exchange: Exchange) -> str:
    """Check one exchange; returns the operation's path."""
    platform, agile = contracts
    contract = agile if exchange.path.startswith("/rest/agile") else platform
    path, operation = contract.operation(exchange.method, exchange.path.replace("/rest/api/2/", "/rest/api/3/"))
    names = {one["name"] for one in operation.get("parameters", []) if one.get("in") == "query"}
    assert set(parse_qs(exchange.query)) <= names, exchange.path
    if exchange.body:
        contract.check(
            _nullable(operation["requestBody"]["content"]["application/json"]["schema"]), json.loads(exchange.body)
        )
    told = operation["responses"].get(str(exchange.status), {}).get("content", {}).get("application/json", {})
    if "schema" in told:
        contract.check(_nullable(told["schema"]), json.loads(exchange.answer))
    return path


def _full_story(rig: Rig) -> None:
    """Something of everything, so that no attribute is missing from the answers."""
    rig.story(issues=25)
    rig.emulator.knobs.changelog_cut = 2
    rig.tell(
        events.SprintStarted(at=rig.at(2), key="S1"),
        events.ItemSprint(at=rig.at(3), by="li", key="PAY-1", sprint="S1"),
        events.ItemPlanned(at=rig.at(4), by="li", key="PAY-2", milestone="E1"),
        events.ItemMoves(at=rig.at(5), by="ann", key="PAY-1", to=Stage.DROPPED),
        events.ItemAssigned(at=rig.at(6), by="ann", key="PAY-1", to="li"),
        events.ItemDated(at=rig.at(7), by="ann", key="PAY-1", due=date(2026, 2, 2)),
        events.ItemLinked(at=rig.at(8), by="ann", key="PAY-1", other="PAY-3"),
        events.ItemCommented(at=rig.at(9), by="ann", key="PAY-1", text="好的"),
        events.ItemRestricted(at=rig.at(10), key="PAY-4"),
        rig.created("PAY-99", minute=11, kind="subtask", parent="PAY-1", description="words", estimate=4.0),
    )


def test_requests_and_answers_of_a_sync_keep_the_contract(cloud: Rig, contracts: tuple[Contract, Contract]) -> None:
    """Every request the connector sends names only what the contract knows; every answer has the contract's shape."""
    _full_story(cloud)
    version = next(iter(cloud.emulator.story.site.versions))
    cloud.tell(*(events.ItemCommented(at=cloud.at(12), by="ann", key="PAY-1", text="好的") for _ in range(20)))
    source = cloud.source(PAY, "label hot", f"version {version}", paths=(*PATHS, "fields.comment.total"), page_size=10)
    list(source.check())
    for unit in source.units():
        refs = [record.ref for batch in source.pull(unit, None) for record in batch.records]
        list(source.census(unit))
        source.visible(refs)
    told = Counter(_judge(contracts, one) for one in cloud.recorder.exchanges)
    assert set(told) == {
        "/rest/api/3/serverInfo", "/rest/api/3/myself", "/rest/api/3/field", "/rest/api/3/search/jql",
        "/rest/api/3/issue/bulkfetch", "/rest/api/3/changelog/bulkfetch",
        "/rest/api/3/issue/{issueIdOrKey}/comment",
        "/rest/api/3/project/{projectIdOrKey}", "/rest/api/3/project/{projectIdOrKey}/version", "/rest/api/3/version/{id}",
        "/rest/agile/1.0/board", "/rest/agile/1.0/board/{boardId}/sprint", "/rest/agile/1.0/sprint/{sprintId}",
    }  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [
        "api/3/status", "api/3/project", "api/3/project/search?maxResults=1", "api/3/project/PAY/versions",
        "api/3/version/{version}?expand=issuesstatus", "api/3/issue/PAY-1/comment?maxResults=1&orderBy=-created",
        "api/3/issue/PAY-1?expand=changelog", "api/3/issue/PAY-1/changelog",
        "api/3/search/jql?jql=project=PAY&fields=*all&expand=changelog", "agile/1.0/board/{board}/issue?maxResults=3",
        "agile/1.0/sprint/{sprint}/issue", "agile/1.0/sprint/{sprint}", "api/3/issue/NOPE-1", "api/3/search/jql?jql=x",
    ],
)  # fmt: skip
def test_other_answers_keep_the_contract(cloud: Rig, contracts: tuple[Contract, Contract], path: str) -> None:
    """So do the answers that only other clients ask for."""
    _full_story(cloud)
    site = cloud.emulator.story.site
    path = path.format(
        version=next(iter(site.versions)), board=next(iter(site.boards)), sprint=next(iter(site.sprints))
    )
    auth = (cloud.emulator.email, cloud.emulator.token)
    answer = requests.get(f"{cloud.url}/rest/{path}", auth=auth, timeout=10)
    assert answer.status_code in (200, 400, 404)
    _judge(contracts, cloud.recorder.exchanges[-1])
