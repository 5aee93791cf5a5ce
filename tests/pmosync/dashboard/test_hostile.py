"""Text from sources stays text, whatever it starts with and however long it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from msgspec.structs import fields, replace

from pmosync.dashboard.build import build
from pmosync.dashboard.content import Content
from pmosync.dashboard.size import plan_size
from pmosync.sheet import Formula, Link, Value

HOSTILE = [
    '=IMPORTXML("http://x")',
    "+1",
    "@x",
    "-2",
    "\tx",
    "\u202egnp.exe",
    "x" * 50_000,
    "𝄞" * 30_000,
    '"&A1&"',
    "{code}",
]


def poisoned(thing: Any, text: str) -> Any:
    """A struct whose free texts all hold ``text``; codes and stable words stay."""
    kept = {
        "place",
        "code",
        "id",
        "key",
        "connection",
        "rule",
        "level",
        "state",
        "project",
        "program",
        "portfolio",
        "letter",
        "url",
        "ref",
    }
    named = {field.name for field in fields(thing) if isinstance(getattr(thing, field.name), str)} - kept
    return replace(thing, **dict.fromkeys(named, text))


def poisoned_content(content: Content, text: str) -> Content:
    """The story with hostile names, titles, notes, messages and errors everywhere."""
    assessment = content.assessment
    milestones = tuple(
        replace(
            verdict,
            milestone=poisoned(verdict.milestone, text),
            row=verdict.row and poisoned(verdict.row, text),
            owner=text,
            type=text,
            expected=verdict.expected and replace(verdict.expected, name=text),
        )
        for verdict in assessment.milestones
    )
    shown = replace(
        assessment,
        milestones=milestones,
        projects=tuple(replace(p, row=poisoned(p.row, text), owner=text) for p in assessment.projects),
        items=tuple(
            replace(note, item=replace(note.item, title=text, status=text, owner_name=text))
            for note in assessment.items
        ),
        findings=tuple(poisoned(finding, text) for finding in assessment.findings),
        freshness=tuple(poisoned(source, text) for source in assessment.freshness),
    )
    runs = tuple(
        replace(run, words=text, units=tuple(replace(u, error=text) for u in run.units)) for run in content.runs
    )
    plan = replace(
        content.plan,
        projects=tuple(poisoned(row, text) for row in content.plan.projects),
        milestones=tuple(poisoned(row, text) for row in content.plan.milestones),
    )
    return replace(content, assessment=shown, runs=runs, plan=plan)


def values(content: Content) -> Iterator[Value]:
    """Every cell of every table."""
    return (value for table in build(content) for row in table.rows for value in row)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(story: Callable[..., Content], text: str) -> None:
    """No source text becomes a formula or a link's address, and no cell outgrows what a sheet can hold."""
    clean = {value.text for value in values(story()) if isinstance(value, Formula)}
    content = poisoned_content(story(), text)
    found = list(values(content))
    assert {value.text for value in found if isinstance(value, Formula)} == clean
    assert any(isinstance(value, (str, Link)) for value in found)
    assert not any(isinstance(value, Link) and text in value.url for value in found)
    assert not plan_size(build(content)).hold
