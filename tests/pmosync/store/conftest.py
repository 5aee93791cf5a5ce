"""A small vocabulary for stories about the store: versions, items, syncs a day apart."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pmosync.compute.changes import content_digest, decide, identity
from pmosync.compute.identity import identify
from pmosync.model import (
    BindingRow,
    Category,
    Change,
    Fact,
    Outcome,
    Place,
    Plan,
    PlanRow,
    Problem,
    ProjectRow,
    Run,
    Snapshot,
    SourceMilestone,
    SourceProject,
    WorkItem,
)
from pmosync.raw import Cursor, RawRecord, Ref, Scope, Unit
from pmosync.store import Store, open_store

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
UNIT = Unit("jira", "project PAY")
PAY = SourceProject(ref=Ref("jira", "project", "10"), key="PAY", name="Payments 支付")
PLAN = Plan(
    projects=(ProjectRow(place=Place("sheet", "Projects", 2, "PAY"), code="PAY", name="支付"),),
    bindings=(
        BindingRow(
            place=Place("sheet", "Bindings", 2, "PAY"), code="PAY", system="jira", scope=Scope("project", "PAY")
        ),
    ),
)


class Desk:
    """One store and the words to tell it a story in. ``at(n)`` is the n-th day's sync."""

    plan = PLAN
    home = PAY

    def __init__(self, path: Path) -> None:
        self.path = path
        self.store: Store = open_store(path, now=MONDAY)
        self.day = 0
        self.run: Run = self.store.begin(MONDAY)
        self.show(PAY)

    @property
    def now(self) -> datetime:
        """This day's sync."""
        return self.at(self.day)

    def at(self, day: int) -> datetime:
        """The sync of a day."""
        return MONDAY + timedelta(days=day)

    def tomorrow(self, days: int = 1) -> None:
        """The next sync, as a run of its own."""
        self.day += days
        self.run = self.store.begin(self.now)

    def version(self, number: int, target: date | None = date(2026, 4, 30), **fields: Any) -> SourceMilestone:
        """A version of the source."""
        told: dict[str, Any] = {"title": f"版本 {number}", "form": "version", "container": "10", **fields}
        return SourceMilestone(ref=Ref("jira", "version", str(number)), target=target, **told)

    def item(self, number: int, *versions: int, **fields: Any) -> WorkItem:
        """An open to-do in these versions; ``delivered`` gives the day it was delivered on."""
        told: dict[str, Any] = {"title": f"任务 {number}", "category": Category.TODO, "created": MONDAY, **fields}
        done = told.pop("delivered", None)
        if done is not None:
            resolved = datetime(done.year, done.month, done.day, 12, tzinfo=UTC)
            told |= {"category": Category.DONE, "outcome": Outcome.DELIVERED, "resolved": resolved}
        return WorkItem(
            ref=Ref("jira", "issue", str(number)),
            key=f"PAY-{number}",
            container="10",
            milestones=tuple(Ref("jira", "version", str(version)) for version in versions),
            **told,
        )

    def show(
        self,
        *facts: Fact | PlanRow,
        unit: Unit = UNIT,
        changes: tuple[Change, ...] = (),
        problems: tuple[Problem, ...] = (),
        updated: datetime | None = None,
        cursor: str | None = None,
    ) -> int:
        """The source shows these things today; the rows of history that were written."""
        raws = [(self.raw(fact, updated), fact) for fact in facts]
        known = self.store.known([identity(fact, raw) for raw, fact in raws])
        intents = [
            decide(known.get(identity(fact, raw)), raw, content_digest(raw), fact, problems, self.now, changes)
            for raw, fact in raws
        ]
        return self.store.commit(self.run, unit, intents, None if cursor is None else Cursor(cursor))

    def raw(self, fact: Fact | PlanRow, updated: datetime | None = None) -> RawRecord:
        """A record that tells this fact."""
        place = getattr(fact, "place", None)
        ref = Ref("sheet", "row", f"{place.tab}:{place.code}") if place else fact.ref  # type: ignore[union-attr]
        return RawRecord(ref, {"told": repr(fact)}, updated or self.now)

    def bind(self, plan: Plan = PLAN) -> None:
        """Identity runs over everything that is known."""
        sources, homes = self.store.sources(self.now), self.store.source_projects(self.now)
        self.store.identify(self.run, identify(plan, sources, homes, self.store.identities(), self.now))

    def snapshot(self, day: int | None = None) -> Snapshot:
        """All that is known now, or was on a day."""
        return self.store.snapshot(self.now if day is None else self.at(day))

    def count(self) -> dict[str, int]:
        """How many rows of history there are, by entity."""
        words: Iterable[str] = ("work_item", "source_milestone", "change", "observation", "milestone", "binding")
        return {word: sum(1 for _ in self.store.export(word, self.now)) for word in words}


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Desk]:
    """Makes desks, each with a new store in which one run has begun and the source's project is known."""
    template = tmp_path_factory.mktemp("template") / "store.db"
    open_store(template, now=MONDAY).close()

    def make() -> Desk:
        path = tmp_path_factory.mktemp("desk") / "store.db"
        shutil.copy(template, path)
        return Desk(path)

    return make


@pytest.fixture
def desk(fresh: Callable[[], Desk]) -> Iterator[Desk]:
    """A desk of one's own."""
    made = fresh()
    yield made
    made.store.close()
