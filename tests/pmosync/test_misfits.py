"""A value of another kind is told in our own words, by its key, with what to write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.scenarios.desk import command

from pmosync import settings
from pmosync.compute.policy import Policy
from pmosync.errors import ConfigError
from pmosync.misfits import misfits

LIBRARY = ("Expected `", "Input should", "got `", "$.", "validation error")


@pytest.mark.parametrize(
    ("rule", "value", "told"),
    [
        ("quiet", "soon", [(("quiet",), "write a whole number")]),
        ("quiet", True, [(("quiet",), "write a whole number")]),
        ("cut_share", "much", [(("cut_share",), "write a number")]),
        ("team_listed", "sometimes", [(("team_listed",), "write true or false")]),
        ("key", 5, [(("key",), "write keys with values: amber, red")]),
        (
            "key",
            {"red": "x"},
            [(("key", "red"), "write a whole number"), (("key", "amber"), "is needed and not given")],
        ),
        (
            "key",
            {"amber": 1, "rad": 2},
            [
                (("key", "rad"), "there is no such key; it may be amber, red"),
                (("key", "red"), "is needed and not given"),
            ],
        ),
        ("stages", "launch", [(("stages",), "write a list: [one, two]")]),
        ("sites", {"lab": 3}, [(("sites", "lab"), "write text; put it in quotes if it looks like a number or a date")]),
        ("cut_share", 1, []),
        ("stages", ["proposal", "done"], []),
        ("colours", [{"field": "slip", "operator": "gt", "value": "red", "letter": "R", "reason": "missed"}], []),
    ],
)
def test_every_misfit_is_told_by_its_key(rule: str, value: Any, told: list[tuple[tuple[str, ...], str]]) -> None:
    """Not the first alone, and nothing of what fits."""
    assert list(misfits({rule: value}, Policy)) == told


def test_no_words_of_a_library_reach_people(tmp_path: Path) -> None:
    """Each fault has its line, its key and what to write; none is told in the words of pydantic or msgspec."""
    file = tmp_path / "pmosync.yaml"
    file.write_text(
        "policy: {quiet: soon, key: {amber: x, red: y}}\nsync: {heartbeat: often, census: -1}\n"
        "transport: {concurrency: 0, attempts: 2.5}\nprojects: 5\ncalendar: [1]\n"
        "connections: {'a b': {connector: jira}}\n"
        "workbooks: {w: {connector: xlsx, language: fr, inputs: perhaps, audience: me}}\n",
        encoding="utf-8",
    )
    with pytest.raises(ConfigError) as caught:
        settings.load(file)
    told = caught.value.problems
    assert not [line for line in told if any(word in line for word in LIBRARY)]
    assert [line for line in told if "write one of 'en' or 'zh-CN'" in line and "(workbooks.w.language)" in line]
    keys = ("quiet", "key.amber", "key.red", "heartbeat", "census", "concurrency", "attempts", "projects", "inputs")
    assert [key for key in keys if not any(f".{key})" in line or f"({key})" in line for line in told)] == []


def test_a_fault_of_the_rules_hides_none_of_the_connections(tmp_path: Path) -> None:
    """All faults are told at once: those of rules, of connections and of workbooks."""
    file = tmp_path / "pmosync.yaml"
    file.write_text(
        "policy: {key: strict}\n"
        "connections:\n  a: {connector: jira, url: nowhere, token_file: none.txt}\n  b: {connector: jura}\n"
        "workbooks:\n  w: {connector: xlsx, pfad: x}\n",
        encoding="utf-8",
    )
    for line in ("check", "config"):
        told = command(line, "--config", str(file))
        assert told.code == 2
        keys = ("policy.key", "connections.a.url", "connections.a.token_file", "jura", "workbooks.w.pfad")
        assert [key for key in keys if key not in told.err] == [], told.err
