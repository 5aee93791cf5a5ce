"""Every mapping, shown by records and the entities they become: one JSON file a rule, in the words of the systems' answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import Struct, structs

from pmosync.compute.policy import Policy
from pmosync.dashboard import words
from pmosync.mapping import Context, People, load_mapping, translate
from pmosync.model import PersonRow, Place, Problem
from pmosync.raw import RawRecord, Ref

HERE = Path(__file__).parent
CASES = sorted(HERE.glob("*/*.json"))


@pytest.mark.parametrize("file", CASES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_record_becomes_what_stands_beside_it(file: Path) -> None:
    """A record becomes exactly the facts, changes and findings of its file, which leaves out fields at their default."""
    case = json.loads(file.read_text("utf-8"))
    mapping = load_mapping(file.parent.name, case.get("overrides"))
    ref = Ref("site", case["kind"], str(case.get("id", case["record"].get("id", "1"))))
    found = translate(mapping, RawRecord(ref, case["record"], restricted=case.get("restricted", False)), context(case))
    told: dict[str, list[Any]] = {
        "facts": [spare(value) for value in found.facts],
        "changes": [spare(value) for value in found.changes],
        "problems": [worded(value) for value in found.problems],
        "invalid": list(found.invalid),
        "unresolved": list(found.unresolved),
    }
    assert {key: value for key, value in told.items() if value} == case["becomes"], case["rule"]


@pytest.mark.parametrize("system", ["jira", "gitlab", "google_sheets"])
def test_each_system_is_shown_by_enough_cases(system: str) -> None:
    """Each shipped mapping is shown by at least eight records."""
    assert len([file for file in CASES if file.parent.name == system]) >= 8


@pytest.mark.parametrize("system", ["jira", "gitlab"])
def test_stages_are_those_of_the_rules(system: str) -> None:
    """A stage that a shipped mapping gives has its place in the order of stages, which 'done when' goes by."""
    flows = [rule.workflow for rule in load_mapping(system).rules if rule.workflow]
    told = {row.stage for flow in flows for row in (*flow.statuses.values(), *flow.groups.values()) if row.stage}
    assert told
    assert told <= set(Policy().stages)


def context(case: dict[str, Any]) -> Context:
    """The context a case asks for."""
    given = case.get("context", {})
    place = Place("plan", "people", 1, "")
    return Context(
        base_url=given.get("base_url", "https://site.example"),
        ids=given.get("ids", {}),
        known=frozenset(Ref(*text.split(":")) for text in given.get("known", [])),
        people=People(PersonRow(place=place, **row) for row in given.get("people", [])),
        seen=datetime(2026, 11, 20, 9, tzinfo=UTC),
        duplicates=frozenset(tuple(words) for words in given.get("duplicates", [])),
    )


def worded(problem: Problem) -> dict[str, Any]:
    """A finding as JSON, with what a Chinese workbook says of it instead of the values which that is made of."""
    told = spare(structs.replace(problem, values=(), row=""))
    return told | {"zh": list(words.found(problem, words.CHINESE))}


def spare(value: Struct) -> dict[str, Any]:
    """A struct as JSON without fields at their default; refs as text."""
    fields = msgspec.structs.fields(value)
    kept = {field.name: getattr(value, field.name) for field in fields if getattr(value, field.name) != field.default}
    tag = value.__struct_config__.tag
    plain = {name: child for name, child in kept.items() if name != "place" or tag is None}
    told = dict(msgspec.json.decode(msgspec.json.encode(plain, enc_hook=str)))
    told |= {name: refs(child) for name, child in kept.items() if isinstance(child, Ref | tuple) and is_refs(child)}
    return ({"entity": tag} if tag else {}) | told


def is_refs(value: object) -> bool:
    """Whether a value is a ref, or several."""
    return isinstance(value, Ref) or (isinstance(value, tuple) and any(isinstance(child, Ref) for child in value))


def refs(value: object) -> Any:
    """Refs as text."""
    return str(value) if isinstance(value, Ref) else [str(child) for child in value]  # type: ignore[attr-defined]
