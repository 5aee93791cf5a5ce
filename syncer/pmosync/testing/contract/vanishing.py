"""What the store makes of things that a source lists no longer: the whole engine between the two."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from pmosync.compute.policy import Policy
from pmosync.emulation import faults
from pmosync.emulation.faults import Fault
from pmosync.engine.house import House
from pmosync.engine.sync import sync
from pmosync.mapping import load_mapping
from pmosync.raw import RawRecord
from pmosync.settings import PlanCells
from pmosync.store import Journal, open_store
from pmosync.testing.contract.trial import CONNECTION, Trial, hold
from pmosync.testing.contract.world import Deed
from pmosync.wiring import row_of

ITEMS = 12
APART = timedelta(hours=2)
"""Between one sync and the next; every sync counts."""
CODE = "ONE"


class Household:
    """A store that the source is synced into."""

    def __init__(self, trial: Trial, house: House) -> None:
        self.trial, self.house = trial, house
        self.refs = {trial.ref(item) for item in trial.fill(ITEMS)}
        self.sync()
        hold(self.kept() == self.refs, f"a first sync keeps {len(self.kept())} of {ITEMS} items")

    def sync(self) -> None:
        """Once more, some hours later."""
        self.trial.pass_by(APART)
        for _ in sync(self.house):
            pass

    def kept(self) -> set[object]:
        """The items in the store."""
        return set(self.house.store.kept(map(self.trial.ref, [*self.trial.items, *sorted(self.trial.gone)])))

    def hidden(self) -> set[object]:
        """What is believed not to be visible any more."""
        return set(self.house.store.snapshot(self.trial.now).gone)

    def untouched(self, when: str) -> None:
        """Nothing is removed, hidden, or only missing."""
        self.unharmed(when)
        missed = self.house.store.missed(CONNECTION)
        hold(not missed, f"{when}: {len(missed)} things are counted as missing")

    def unharmed(self, when: str) -> None:
        """Nothing is removed, nothing hidden."""
        hold(self.kept() >= self.refs, f"{when}: {len(self.refs - self.kept())} items left the store unasked")
        hold(not self.hidden(), f"{when}: {len(self.hidden())} things are believed gone")


@contextmanager
def household(trial: Trial) -> Iterator[Household]:
    """A house with this one source, bound to one project."""
    lane = trial.lane()
    house = House(
        store=open_store(trial.folder / "pmosync.sqlite", now=trial.now),
        journal=Journal(trial.folder / "journal.jsonl"),
        lanes=(lane,),
        shelves=(),
        policy=Policy(),
        rows_mapping=load_mapping("google_sheets"),
        own_rows=tuple(_rows(trial)),
        now=lambda: trial.now,
        stop=threading.Event(),
        census_hours=1.0,
        copies=0,
    )
    try:
        yield Household(trial, house)
    finally:
        house.store.close()


def _rows(trial: Trial) -> Iterator[RawRecord]:
    scope = trial.world.scope
    binding = {"code": CODE, "system": CONNECTION, "what": scope.what, "which": scope.which}
    if not trial.plan:
        yield row_of(PlanCells("projects", {"code": CODE}, {}, 1), 0)
        yield row_of(PlanCells("bindings", binding, {}, 2), 1)


def deleted(trial: Trial) -> None:
    """A deleted item is not believed gone at once, and is so at the second census at the latest; its record stays."""
    with household(trial) as home:
        item = trial.items[3]
        trial.delete(item)
        home.sync()
        home.unharmed("one census without a deleted item")
        home.sync()
        hold(home.hidden() == {trial.ref(item)}, "two censuses, and the deleted item is not found, or others are lost")
        hold(home.kept() >= home.refs, "a deleted item left the store unasked")


def hidden(trial: Trial) -> None:
    """A hidden item is told from a deleted one by nobody: it stays, not visible; shown again, it is visible again."""
    with household(trial) as home:
        trial.world.do(Deed.HIDE, trial.items[3])
        home.sync()
        home.sync()
        hold(home.hidden() == {trial.ref(trial.items[3])}, "two censuses, and a hidden item is not found")
        hold(home.kept() >= home.refs, "a hidden item left the store unasked")
        trial.world.do(Deed.SHOW, trial.items[3])
        home.sync()
        home.sync()
        home.unharmed("an item that is shown again")


def moved(trial: Trial) -> None:
    """An item that moved may leave, since it answers from its new place; all others stay as they are."""
    with household(trial) as home:
        trial.world.do(Deed.MOVE, trial.items[3])
        home.sync()
        home.sync()
        others = home.refs - {trial.ref(trial.items[3])}
        hold(home.kept() >= others, "items left the store when another one moved")
        hold(home.hidden() <= {trial.ref(trial.items[3])}, "items are believed gone when another one moved")


def place(trial: Trial, deed: Deed) -> None:
    """Whatever happens to the place as a whole says nothing of any item in it."""
    with household(trial) as home:
        trial.world.do(deed)
        home.sync()
        home.sync()
        home.untouched(f"two censuses of a place behind the deed {deed}")


def many(trial: Trial) -> None:
    """Where nearly everything is missing, nothing is believed gone, and somebody is asked; what is accepted leaves."""
    with household(trial) as home:
        for item in trial.items[1:]:
            trial.delete(item)
        home.sync()
        home.sync()
        home.unharmed("two censuses of a place of which nearly everything was deleted")
        holds = home.house.store.holds()
        hold(bool(holds), "nearly everything is missing, and nobody is asked")
        for one in holds:
            home.house.store.accept(one.id, "deleted", trial.now)
        home.sync()
        hold(home.kept() == {trial.ref(trial.items[0])}, "what was accepted as deleted did not leave")


def refused(trial: Trial, share: float) -> None:
    """A credential that is refused in the middle of a sync leaves the store as it was."""
    with household(trial) as home:
        count = trial.count(home.sync)
        fault: Fault = faults.Status(401, {}, b"{}")
        trial.stand.faults.clear()
        trial.stand.faults.plan = faults.burst(1 + round(share * (count - 1)), 1_000_000, fault)
        home.sync()
        home.sync()
        home.untouched("a credential that is refused")
        trial.stand.faults.plan = None
        home.sync()
        home.untouched("a credential that is accepted again")
