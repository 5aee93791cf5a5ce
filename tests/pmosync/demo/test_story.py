"""The demo's story can be lived: whatever an event names is there by then, whichever seed tells it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pmosync.dashboard import words
from pmosync.demo.days import BEFORE, moment
from pmosync.demo.register import register
from pmosync.demo.story import story
from pmosync.demo.typing import typing
from pmosync.emulation import events as happenings
from pmosync.emulation.events import Event
from pmosync.testing.rig import Rig

SEEDS = st.integers(0, 2**32)
Birth = (
    happenings.PersonJoins
    | happenings.ProjectOpens
    | happenings.MilestoneOpens
    | happenings.ItemCreated
    | happenings.MergeRequestOpened
    | happenings.SprintOpened
)


def unborn(events: tuple[Event, ...]) -> list[tuple[datetime, str]]:
    """What events name before it is there, with the moment."""
    born: set[str] = set()
    missing: list[tuple[datetime, str]] = []
    for event in events:
        missing += [(event.at, name) for name in named(event) if name and name not in born]
        if isinstance(event, Birth):
            born.add(birth(event))
    return missing


def birth(event: Birth) -> str:
    """The name of what is born; a project's with its system, since a Jira project may be called like a GitLab one."""
    return f"{event.system}:{event.key}" if isinstance(event, happenings.ProjectOpens) else event.key


def named(event: Event) -> Iterator[str]:
    """Keys of the things that must be there for an event to happen; "" where it names none."""
    yield event.by
    match event:
        case happenings.MilestoneOpens():
            yield from (f"{event.system}:{event.project}", event.owner)
        case happenings.ItemCreated():
            yield from (f"{event.system}:{event.project}", event.milestone, event.assignee, event.parent)
        case happenings.MergeRequestOpened():
            yield from (f"{event.system}:{event.project}", event.author, *event.reviewers, *event.items)
        case happenings.SprintOpened():
            yield f"{event.system}:{event.project}"
        case happenings.ItemAssigned():
            yield from (event.key, event.to)
        case happenings.ItemPlanned():
            yield from (event.key, event.milestone)
        case happenings.PersonJoins() | happenings.ProjectOpens() | happenings.CellTyped() | happenings.RowDeleted():
            pass
        case _:
            yield event.key


@settings(max_examples=min(settings().max_examples // 10, 100))
@given(SEEDS)
@example(1)
@example(7)
def test_every_event_names_what_is_there_by_then(seed: int) -> None:
    """People, projects, milestones, sprints, items and merge requests come before whatever is said of them."""
    assert unborn(story(seed)) == []


@settings(max_examples=min(settings().max_examples // 15, 100))
@given(SEEDS)
def test_nothing_is_born_twice(seed: int) -> None:
    """Two things never share a name."""
    born = [birth(event) for event in story(seed) if isinstance(event, Birth)]
    assert len(set(born)) == len(born)


@settings(max_examples=min(settings().max_examples // 10, 100))
@given(SEEDS)
def test_decisions_are_taken_on_what_the_register_holds(seed: int) -> None:
    """Every code that a decision names is a project or a milestone that the PMO typed."""
    plan = register(seed)
    known = {row["code"] for tab in ("projects", "milestone_inputs") for row in plan[tab]}
    cells = [event for event in typing(seed) if isinstance(event, happenings.CellTyped)]
    decided = {cell.value for cell in cells if (cell.tab, cell.column) == ("Decisions", "Codes")}
    assert decided
    assert decided <= known


def test_no_two_people_type_the_same_words() -> None:
    """Each note and each reason is a project's own: a committee would not believe one excuse six times."""
    cells = [event for event in typing(7) if isinstance(event, happenings.CellTyped)]
    said = Counter(str(cell.value) for cell in cells if cell.column in ("Note", "Wish: reason", "Reason"))
    assert len(said) >= 12
    assert [words for words, times in said.items() if times > 1] == []


def test_the_emulated_systems_take_the_whole_story(tmp_path: Path) -> None:
    """No system refuses an event, nor the sheet a cell that people type."""
    with Rig(tmp_path, moment(-BEFORE)) as rig:
        rig.register(register(1))
        rig.live([*story(1), *typing(1)])


def test_every_type_of_milestone_is_told_in_chinese() -> None:
    """A workbook in Chinese has no English word in its column of types."""
    types = {str(row["type"]) for row in register(7)["milestone_inputs"]}
    assert {each for each in types if words.term("milestone_type", each, "zh-CN") == each} == set()
