"""The input tabs: what the dashboard lays out and the reader reads is one file."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import pytest

from pmosync.mapping import Context, InputColumn, InputTab, input_tabs, load_mapping, translate
from pmosync.mapping.plan import ROWS, duplicates
from pmosync.model import Problem
from pmosync.raw import RawRecord, Ref
from pmosync.sheet import normalised

PLAN = load_mapping("google_sheets")
TABS = {tab.key: tab for tab in input_tabs()}
COLUMNS = [(tab, column) for tab in TABS.values() for column in tab.columns]


def test_all_tabs_are_there() -> None:
    """The input tabs of the plan, each with titles in both languages."""
    assert list(TABS) == [
        "projects",
        "programs",
        "milestone_inputs",
        "bindings",
        "decisions",
        "risks",
        "people",
        "calendar",
        "my_projects",
        "actions",
        "attention_answers",
        "ledger_answers",
        "report_texts",
    ]
    assert all(set(tab.titles) == {"en", "zh-CN"} for tab in TABS.values())


@pytest.mark.parametrize("tab", TABS.values(), ids=lambda tab: tab.key)
def test_columns_are_the_fields_of_the_row(tab: InputTab) -> None:
    """Each column fills a field of the tab's row, and each field a person may type has a column."""
    fields = {field.name for field in msgspec.structs.fields(ROWS[tab.entity])}
    typed = {"what", "which"} | fields - {"scope"} if tab.entity == "binding" else fields
    assert typed - {column.key for column in tab.columns} <= {
        "place",
        *(("state",) if tab.entity == "project" else ()),
        *(f"{column.key}_coarse" for column in tab.columns),
    }
    assert {column.key for column in tab.columns} <= typed


@pytest.mark.parametrize(("tab", "column"), COLUMNS, ids=[f"{tab.key}.{column.key}" for tab, column in COLUMNS])
def test_every_choice_is_read_in_every_language(tab: InputTab, column: InputColumn) -> None:
    """What a drop-down offers, in either language, is what the reader accepts."""
    assert set(column.labels) == {"en", "zh-CN"}
    for choice in column.choices:
        for word in (choice.value, *choice.labels.values(), *choice.aliases):
            raw = RawRecord(Ref("plan", "row", "1"), {"tab": tab.key, "row": 2, "cells": {column.key: word}})
            found = translate(PLAN, raw, Context())
            assert column.key not in found.invalid


def test_headers_are_found_once() -> None:
    """No header names two columns of a tab."""
    for tab in TABS.values():
        owners = [(normalised(header), column.key) for column in tab.columns for header in column.headers()]
        assert len({header for header, _ in owners}) == len(set(owners))


def rows(tab: str, *cells: Mapping[str, str]) -> list[RawRecord]:
    """Records of a tab."""
    payloads = [{"tab": tab, "row": place, "cells": dict(row)} for place, row in enumerate(cells, 2)]
    return [RawRecord(Ref("plan", "row", f"{tab}-{payload['row']}"), payload) for payload in payloads]


def flagged(records: list[RawRecord]) -> list[Problem]:
    """The findings on duplicates over all rows of a tab."""
    tab = PLAN.tabs[records[0].payload["tab"]].tab
    context = Context(duplicates=duplicates(tab, records))
    found = [problem for raw in records for problem in translate(PLAN, raw, context).problems]
    return [problem for problem in found if problem.rule == "duplicate-code"]


def test_both_rows_of_a_duplicate_are_flagged() -> None:
    """Order never decides between two rows of one code, however it is spelt; other rows are not touched."""
    assert len(flagged(rows("projects", {"code": "PAY"}, {"code": "OPS"}, {"code": " ｐａｙ "}))) == 2


def test_one_code_may_have_several_bindings() -> None:
    """Bindings are the same only if code, system, kind and name are; empty codes are no duplicates."""
    one = {
        "code": "PAY",
        "system": "jira",
        "what": "jql",
        "which": "project = PAY and component in (API, Web) and labels = core",
    }
    assert not flagged(rows("bindings", one, {**one, "which": f"{one['which']} and fixVersion = 3"}, {}, {}))
    assert len(flagged(rows("bindings", one, one))) == 2


def test_a_site_may_name_its_own_headers() -> None:
    """Headers and choices are overridden per connection; a word outside the model is refused."""
    over = {"tabs": {"projects": {"columns": {"manager": {"aliases": ["Projektleiter"]}}}}}
    tab = next(tab for tab in load_mapping("google_sheets", over).input_tabs() if tab.key == "projects")
    assert "Projektleiter" in tab.column("manager").aliases
    wrong = {"tabs": {"projects": {"columns": {"kind": {"choices": {"hobby": {"en": "Hobby"}}}}}}}
    with pytest.raises(Exception, match="hobby"):
        load_mapping("google_sheets", wrong)


def test_a_header_for_two_columns_is_refused() -> None:
    """A site's alias must not name a column that another header names already."""
    over = {"tabs": {"projects": {"columns": {"manager": {"aliases": ["Sponsor"]}}}}}
    with pytest.raises(Exception, match="also names the column"):
        load_mapping("google_sheets", over)
