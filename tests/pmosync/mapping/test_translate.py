"""Translating never fails: what cannot be read is put aside with a finding, and equal input gives equal output."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmosync.mapping import Context, Mapping, People, load_mapping, translate
from pmosync.model import Category, PersonRow, Place, WorkItem
from pmosync.raw import RawRecord, Ref

FIXTURES = Path(__file__).parents[2] / "mappings"
CASES = [(file.parent.name, json.loads(file.read_text("utf-8"))) for file in sorted(FIXTURES.glob("*/*.json"))]
MAPPINGS = {name: load_mapping(name) for name in ("jira", "gitlab", "google_sheets")}
PEOPLE = People([PersonRow(place=Place("plan", "people", 1, ""), key="E1", name="王伟")])

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["2026-12-05", "x" * 50_000]),
    lambda child: (
        st.lists(child, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "key", "name", "items"]), child, max_size=3)
    ),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place inside a record."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, child in inner for place in places(child, (*path, key)))]


def put(record: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy of ``record`` with ``value`` at ``path``."""
    changed = copy.deepcopy(record)
    at = changed
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return changed


@given(st.data())
def test_any_value_anywhere_is_read_or_put_aside(data: st.DataObject) -> None:
    """A record of which any part is anything at all never raises, and its findings are one line each with a remedy."""
    system, case = data.draw(st.sampled_from(CASES))
    path = data.draw(st.sampled_from(places(case["record"])[1:]))
    record = put(case["record"], path, data.draw(JSON))
    found = translate(MAPPINGS[system], RawRecord(Ref("site", case["kind"], "1"), record), Context(people=PEOPLE))
    for problem in found.problems:
        assert problem.rule
        assert problem.place
        assert problem.remedy
        assert "\n" not in problem.message
    msgspec.json.encode([found.facts, found.changes, found.problems], enc_hook=str).decode()


ODD: list[Any] = [None, True, 5, -1.5, "x", "PAY-1", [], {}, [5, None, [], {}], {"id": {}, "name": []}]


@pytest.mark.parametrize("system", MAPPINGS)
def test_odd_values_in_every_place_of_every_record(system: str) -> None:
    """Each part of each record replaced by each odd value: read or put aside, never an error."""
    mapping, context = MAPPINGS[system], Context(people=PEOPLE)
    for case in (case for name, case in CASES if name == system):
        for path in places(case["record"])[1:]:
            for odd in ODD:
                raw = RawRecord(Ref("site", case["kind"], "1"), put(case["record"], path, odd))
                found = translate(mapping, raw, context)
                told = (*found.facts, *found.changes, *found.problems)
                assert told or case["kind"] in ("note", "row")  # only these may say nothing at all


@given(st.sampled_from(CASES))
def test_translating_changes_nothing_and_repeats(drawn: tuple[str, dict[str, Any]]) -> None:
    """The record stays as it was, and the same record gives the same translation."""
    system, case = drawn
    raw = RawRecord(Ref("site", case["kind"], "1"), copy.deepcopy(case["record"]))
    first = translate(MAPPINGS[system], raw, Context())
    assert translate(MAPPINGS[system], raw, Context()) == first
    assert raw.payload == case["record"]


@pytest.mark.parametrize(
    "payload", [{}, {"fields": None}, {"fields": []}, {"key": None, "fields": {}}, {"key": {"a": 1}}]
)
def test_a_poison_record_is_quarantined(payload: dict[str, Any]) -> None:
    """A record without its key is put aside; nothing of it counts."""
    found = translate(MAPPINGS["jira"], RawRecord(Ref("site", "issue", "9"), payload), Context())
    assert found.facts == found.changes == ()
    assert [(problem.rule, problem.place) for problem in found.problems] == [("unreadable-record", "site:issue:9")]


def test_a_record_that_its_connector_could_not_read_is_put_aside() -> None:
    """Whatever else it holds: told by its name, with the reason, and counted only where it is restricted."""
    payload = {"key": "PAY-9", "unreadable": "half a record", "fields": {"summary": "x"}}
    found = translate(MAPPINGS["jira"], RawRecord(Ref("site", "issue", "9"), payload, restricted=True), Context())
    assert found.facts == found.changes == ()
    (problem,) = found.problems
    assert (problem.rule, problem.place, problem.restricted) == ("unreadable-record", "PAY-9", True)
    assert problem.message.startswith("half a record: the record is put aside")


def test_a_kind_the_mapping_does_not_name_is_told() -> None:
    """Records of a kind without a rule are left out, and said so."""
    found = translate(MAPPINGS["jira"], RawRecord(Ref("site", "worklog", "9"), {}), Context())
    assert [problem.rule for problem in found.problems] == ["unmapped-kind"]


def test_the_sources_own_restriction_counts() -> None:
    """A record that its source marks restricted is so, with its findings, whatever the payload says."""
    case = json.loads((FIXTURES / "jira" / "unknown_status.json").read_text("utf-8"))
    found = translate(
        MAPPINGS["jira"], RawRecord(Ref("site", "issue", "9"), case["record"], restricted=True), Context()
    )
    assert [problem.restricted for problem in found.problems] == [True]
    assert [fact.restricted for fact in found.facts if isinstance(fact, WorkItem)] == [True]


def item(mapping: Mapping, **fields: Any) -> WorkItem:
    """The work item of a Jira issue with these fields."""
    record = {"id": "1", "key": "PAY-1", "fields": {"summary": "x", **fields}}
    fact = translate(mapping, RawRecord(Ref("site", "issue", "1"), record), Context()).facts[0]
    assert isinstance(fact, WorkItem)
    return fact


@pytest.mark.parametrize(
    ("kind", "level"),
    [
        ({"name": "Epic"}, 1),
        ({"name": "里程碑", "hierarchyLevel": 0}, 1),
        ({"name": "Initiative", "hierarchyLevel": 2}, 2),
        ({"name": "Story", "hierarchyLevel": 0, "subtask": False}, 0),
        ({"name": "Anything", "subtask": True}, -1),
        ({"name": "Anything"}, 0),
        ({}, 0),
    ],
)
def test_levels(kind: dict[str, Any], level: int) -> None:
    """The type's name in the table, else Jira's level, else the sub-task mark, else 0."""
    assert item(MAPPINGS["jira"], issuetype=kind).level == level


DONE = {"name": "Done", "statusCategory": {"key": "done"}}


def test_what_jira_says_of_a_status_counts() -> None:
    """The shipped table gives stages; the category is the one that Jira tells, whatever the name suggests."""
    found = item(MAPPINGS["jira"], status={"name": "Resolved", "statusCategory": {"key": "indeterminate"}})
    assert (found.category, found.stage, found.outcome) == ("doing", "done", "open")
    site = load_mapping("jira", {"tables": {"statuses": {"Resolved": {"category": "done"}}}})
    assert item(site, status={"name": "Resolved", "statusCategory": {"key": "indeterminate"}}).outcome == "delivered"


def test_a_site_may_say_that_a_status_is_unmapped() -> None:
    """The table wins over what Jira makes of a status, also to say that nobody knows."""
    mapping = load_mapping("jira", {"tables": {"statuses": {"Parking": "unmapped"}}})
    status = {"name": "parking", "statusCategory": {"key": "done"}}
    assert item(mapping, status=status).category is Category.UNMAPPED
    assert item(MAPPINGS["jira"], status=status).category is Category.DONE


def test_a_site_may_count_done_without_resolution_as_undelivered() -> None:
    """The row for no resolution is a table row like every other."""
    mapping = load_mapping("jira", {"tables": {"resolutions": {"": "undelivered"}}})
    assert item(mapping, status=DONE).outcome == "undelivered"
    assert item(MAPPINGS["jira"], status=DONE).outcome == "delivered"


def test_other_words_where_ours_stand_read_elsewhere() -> None:
    """A site may read a field from another place, by JMESPath too."""
    fields = {"team": "fields.components[?starts_with(name, 'Team ')].name | [0]"}
    over = {"records": {"issue": {"entities": {"work_item": {"fields": fields}}}}}
    assert item(load_mapping("jira", over), components=[{"name": "API"}, {"name": "Team Core"}]).team == "Team Core"
