"""Where an item stands: the raw status, what it means, and how finished work ended. Unmapped is said, never guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from pmosync.mapping.paths import compile_first, compile_path
from pmosync.mapping.spec import LevelRule, StatusRow, Workflow
from pmosync.mapping.text import clean, fold
from pmosync.model import Category, Outcome


class Doubt(Struct, frozen=True):
    """A value no table knows: the rule of the finding, the ``word``, what was found, and the remedy."""

    rule: str
    word: str
    message: str
    remedy: str


class Standing(Struct, frozen=True):
    """Status as told, category, stage and outcome as mapped, the resolution as told, and what the tables did not know."""

    status: str = ""
    category: Category = Category.UNMAPPED
    stage: str = ""
    outcome: Outcome = Outcome.OPEN
    resolution: str = ""
    doubts: tuple[Doubt, ...] = ()


NOTHING = StatusRow()

Told = tuple[str, str, str, bool, bool]


def compile_workflow(workflow: Workflow) -> Callable[[Any], Standing]:
    """A function from a record to where it stands. Equal words are judged once."""
    tell = _teller(workflow)
    judged: dict[Told, Standing] = {}

    def standing(record: Any) -> Standing:
        told = tell(record)
        found = judged.get(told)
        if found is None:
            found = judged[told] = judge(workflow, *told)
        return found

    return standing


def _teller(workflow: Workflow) -> Callable[[Any], Told]:
    status, group = compile_first(workflow.status), _optional(workflow.group)
    resolution = _optional(workflow.resolution)
    labels = compile_path(workflow.labels) if workflow.labels else None
    moved = compile_path(workflow.moved) if workflow.moved else None

    def tell(record: Any) -> Told:
        worn = _names(labels(record)) if labels else []
        name = _scoped(worn, workflow.label_prefix) or _word(status(record))
        dropped = any(fold(label) in workflow.undelivered_labels for label in worn)
        gone = moved is not None and moved(record) is not None
        return name, _word(group(record)), _word(resolution(record)), dropped, gone

    return tell


def _optional(paths: tuple[str, ...]) -> Callable[[Any], Any]:
    return compile_first(paths) if paths else lambda record: None


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _names(labels: Any) -> list[str]:
    """The labels' names, told as words or as objects; none of anything that is no list."""
    told = labels if isinstance(labels, list) else []
    return [name for one in told if (name := _word(one.get("name") if isinstance(one, dict) else one))]


def _scoped(labels: list[str], prefix: str) -> str:
    """The first label's rest behind ``prefix``; "" without one."""
    if not prefix:
        return ""
    return next((label[len(prefix) :] for label in labels if label.startswith(prefix)), "")


def judge(workflow: Workflow, status: str, group: str, resolution: str, dropped: bool, moved: bool) -> Standing:
    """What the words mean by the workflow's tables.

    A ``final`` row of the system's own categories comes first, then the status by name, then the system's own category.
    """
    named = workflow.statuses.get(fold(status), NOTHING)
    own = workflow.groups.get(fold(group), NOTHING)
    first, second = (own, named) if own.final else (named, own)
    category = first.category or second.category or Category.UNMAPPED
    status = group if own.final else status
    doubts: list[Doubt] = []
    if category is Category.UNMAPPED:
        doubts.append(_unmapped(status))
    outcome = Outcome.OPEN
    if category is Category.DONE:
        outcome = _outcome(workflow, first.outcome or second.outcome, resolution, dropped or moved, doubts)
    return Standing(clean(status), category, first.stage or second.stage, outcome, clean(resolution), tuple(doubts))


def _outcome(workflow: Workflow, said: Outcome | None, resolution: str, dropped: bool, doubts: list[Doubt]) -> Outcome:
    by_resolution = workflow.resolutions.get(fold(resolution))
    if dropped or Outcome.UNDELIVERED in (said, by_resolution):
        return Outcome.UNDELIVERED
    if said or by_resolution:
        return Outcome.DELIVERED
    if not resolution and not workflow.resolutions:
        return Outcome.DELIVERED
    doubts.append(_unknown_resolution(resolution))
    return Outcome.UNDELIVERED


def _unmapped(status: str) -> Doubt:
    shown = clean(status, 80)
    return Doubt(
        "unmapped-status",
        shown,
        f"the status {shown!r} is not mapped: its items count neither as open work started nor as done",
        f"add `{shown}: {{category: todo|doing|done}}` to tables.statuses under the connection's `mapping:`",
    )


def _unknown_resolution(resolution: str) -> Doubt:
    shown = clean(resolution, 80) or "(none)"
    return Doubt(
        "unmapped-resolution",
        shown,
        f"the resolution {shown!r} is not mapped: its done items count as not delivered until it is",
        f"add `{shown}: delivered` or `{shown}: undelivered` to tables.resolutions under the connection's `mapping:`",
    )


def compile_level(rule: LevelRule) -> Callable[[Any], int]:
    """A function from a record to its level: by type name, else the system's number, else -1 for a sub-task, else 0."""
    number, subtask = compile_path(rule.number or "_"), compile_path(rule.subtask or "_")
    name = compile_first(rule.name or ("_",))
    known: dict[str, int | None] = {}
    table: Mapping[str, int] = rule.table

    def level(record: Any) -> int:
        word = _word(name(record))
        if word not in known:
            known[word] = table.get(fold(word))
        by_name = known[word]
        if by_name is not None:
            return by_name
        told = number(record)
        if isinstance(told, int) and not isinstance(told, bool):
            return told
        return -1 if subtask(record) is True else 0

    return level
