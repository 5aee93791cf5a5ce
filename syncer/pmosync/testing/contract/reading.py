"""Pulls that are cut and resumed, lists that shift while they are read, short and empty pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import cycle, islice

from pmosync.emulation.faults import Fault
from pmosync.raw import Batch, Cursor, Ref, Unit
from pmosync.testing.contract.trial import Memory, Trial, batches, hold
from pmosync.testing.contract.world import Deed

DEEDS = ("early change", "late death", "early death", "late change", "birth")
AT_ONCE = 2
"""So many things happen at each request."""
STORMY = 3
"""What happens while a list is read, for each item that was there: a list must come to its end some day."""

LONG = timedelta(days=2)


def resume(trial: Trial) -> None:
    """A pull that is cut behind any batch, and gone on with by a new source from that batch's cursor, ends with what an
    uncut one ends with; and the pull behind it still sees what changed.
    """
    items = _several(trial)
    whole = trial.fully().memory
    trial.complete(whole, "a first reading")
    cuts = [memory for unit in _units(trial) for memory in _cuts(trial, unit)]
    hold(
        len(cuts) > 1 or not trial.world.page,
        "no pull of several pages gives more than one cursor: a broken one begins from the start",
    )
    for number, memory in enumerate(cuts):
        trial.read(memory, census=False)
        trial.same(memory, whole, f"resumed at cut {number}")
    trial.change(items[0])
    trial.change(items[-1])
    trial.add()
    whole = trial.fully().memory
    for number, memory in enumerate(cuts):
        trial.read(memory, census=False)
        trial.same(memory, whole, f"the pull behind one that was resumed at cut {number}")


def resume_after_changes(trial: Trial) -> None:
    """What is changed, made and deleted between the cut and the resumption is not lost either."""
    items = _several(trial)
    cuts = [memory for unit in _units(trial) for memory in _cuts(trial, unit)]
    for item in (items[0], items[len(items) // 2], items[-1]):
        trial.change(item)
    trial.add()
    trial.delete(items[1])
    trial.delete(items[-2])
    whole = trial.fully().memory
    for number, memory in enumerate(cuts):
        for _ in range(2):
            trial.read(memory, census=False)
        trial.same(memory, whole, f"resumed at cut {number} after changes")


def drift(trial: Trial, first: int) -> None:
    """Items are made, changed and deleted between any two requests: what nobody touched is read at once, and the next pull
    brings the rest. The storm begins with its deed number ``first``.
    """
    items = _several(trial, pages=4)
    storm = Storm(trial, items, first)
    trial.stand.faults.plan = storm
    memory = trial.read(census=False).memory
    trial.stand.faults.plan = None
    hold(storm.happened > 0, "nothing happened while the list was read")
    lost = set(storm.steady) - memory.ids(trial.world.kind)
    hold(not lost, f"a list that shifts loses items that nobody touched: {sorted(lost)}")
    trial.pass_by()
    trial.read(memory, census=False)
    trial.same(memory, trial.fully().memory, "the pull behind a list that shifted")


def again(trial: Trial) -> None:
    """Asked for everything since some instant, a source tells all that changed from then on once more, whatever was read
    before; asked for what lies ahead, it leaves nothing out. The pull behind either sees what changed.
    """
    items = _several(trial)
    trial.fully()
    instant = trial.pass_by()
    for item in items[:3]:
        trial.change(item)
    trial.pass_by(LONG)
    memory = trial.fully().memory
    again = Memory()
    again.cursors = dict(memory.cursors)
    trial.read(again, census=False, since=instant)
    lost = set(items[:3]) - again.ids(trial.world.kind)
    hold(not lost, f"asked for everything since an instant, it does not tell {sorted(lost)}")
    memory.cursors = again.cursors
    trial.change(items[-1])
    trial.add()
    trial.pass_by(LONG)
    trial.read(memory, census=False, since=trial.now + LONG)
    trial.same(memory, trial.fully().memory, "a cursor that was set back to what lies ahead")


class Storm:
    """A plan of faults that breaks nothing: at each request some things happen to the items."""

    def __init__(self, trial: Trial, items: list[str], first: int) -> None:
        self._trial, self.happened = trial, 0
        self.steady, self._restless, self._doomed = items[0::2], items[1::4], items[3::4]
        self._deeds = islice(cycle(DEEDS), first, None)
        self._left = STORMY * len(items)

    def __call__(self, number: int, method: str, path: str) -> Fault | None:
        """Let some things happen."""
        del number, method, path
        for deed in islice(self._deeds, min(AT_ONCE, self._left)):
            self._left -= 1
            self.happened += self._happen(deed)
        return None

    def _happen(self, deed: str) -> bool:
        """Each item is changed or deleted once at most: what has moved to the end of a list shifts nothing any more."""
        when, _, what = deed.rpartition(" ")
        if what == "birth":
            self._trial.add()
            return True
        befallen, do = (self._restless, self._trial.change) if what == "change" else (self._doomed, self._trial.delete)
        if befallen:
            do(befallen.pop(0 if when == "early" else -1))
        return bool(befallen)


def short_pages(trial: Trial) -> None:
    """A page that is shorter than asked for ends no list: not that of a pull, nor that of a census."""
    items = _several(trial)
    trial.world.do(Deed.SHORTEN)
    outcome = trial.fully()
    trial.complete(outcome.memory, "pages shorter than asked for")
    _counted(outcome.listed, trial, items)


def exact_pages(trial: Trial) -> None:
    """A list that fills its last page, and one that holds nothing, end well: with every item, and with none."""
    outcome = trial.fully()
    hold(not outcome.memory.ids(trial.world.kind), "an empty place is read as if it held something")
    _counted(outcome.listed, trial, [])
    items = trial.fill(2 * trial.world.page or 1)
    outcome = trial.read(outcome.memory)
    hold(not outcome.errors, "full pages cannot be read behind an empty place")
    trial.complete(outcome.memory, "full pages")
    _counted(outcome.listed, trial, items)


def leave(trial: Trial) -> None:
    """Nothing is asked before the first batch is; a pull may be left behind any batch, and the same source pulls on."""
    _several(trial)
    whole = trial.fully().memory
    source = trial.source()
    for unit in source.units():
        before = trial.stand.faults.requests()
        pulled, counted = source.pull(unit, None), source.census(unit)
        hold(trial.stand.faults.requests() == before, f"{unit.key}: a pull asks before anybody wants its first batch")
        next(pulled)
        getattr(pulled, "close", lambda: None)()
        getattr(counted, "close", lambda: None)()
    memory = Memory()
    for batch in batches(source, memory.copy()):
        memory.take(batch)
    trial.same(memory, whole, "a pull by a source of which another pull was left")


def _several(trial: Trial, pages: int = 2) -> list[str]:
    """Items for some pages and a half, and at least nine; so old that no overlap reads them again by itself."""
    items = trial.fill(max(9, pages * trial.world.page + trial.world.page // 2))
    trial.pass_by(LONG)
    return items


def _units(trial: Trial) -> list[Unit]:
    return list(trial.source().units())


def _cuts(trial: Trial, unit: Unit) -> list[Memory]:
    """What is known behind each batch of a unit, where it carries a cursor."""
    known, found = Memory(), list[Memory]()
    told: Batch
    for told in trial.source(known.kept).pull(unit, None):
        known.take(told)
        if isinstance(told.cursor, Cursor):
            found.append(known.copy())
    return found


def _counted(listed: Mapping[str, set[Ref]], trial: Trial, items: list[str]) -> None:
    """The censuses of all units together hold exactly these items."""
    found = {ref.id for refs in listed.values() for ref in refs if ref.kind == trial.world.kind}
    hold(found == set(items), f"a census lists {len(found)} items where there are {len(items)}")
