"""The contract of sources, held against sources that break it: a suite that cannot fail proves nothing."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import msgspec
import pytest
from msgspec.structs import replace
from tests.connectors.acme import acme_tracker
from tests.connectors.acme.acme_tracker.source import FIRST, AcmeSource, Page, Position, Project
from tests.connectors.acme.server import AcmeServer, Kept
from tests.connectors.acme.world import Acme

from pmosync.connector import Connector, Opening, Rewind
from pmosync.errors import AuthError, HeldError, PmosyncError, TransientError
from pmosync.raw import Batch, Cursor, RawRecord, Ref, Unit
from pmosync.testing import contract
from pmosync.testing.contract import BreachError, Conditions, Deed, Stand, World, checks

DOCUMENT = Path(__file__).parents[3] / "docs" / "write-a-connector.md"
T = TypeVar("T")


class EndsAtAShortPage(AcmeSource):
    """A page that is not full is taken for the last one."""

    def _page(self, project: Project, **words: str) -> Page:
        page = super()._page(project, **words)
        return page if len(page.tickets) == self._settings.page else Page(page.tickets, None)


class ForgetsTheOverlap(AcmeSource):
    """Nothing is read again."""

    def _begun(self, last: Position, now: int) -> Position:
        return Position(now, last.started, FIRST)


class TrustsItsOwnClock(AcmeSource):
    """The next pull begins at the time that this machine thinks it is."""

    def _begun(self, last: Position, now: int) -> Position:
        return super()._begun(last, round(self._opening.now().timestamp() * 1000))


class NeverLooksAgain(AcmeSource):
    """What was read once is never read again."""

    def pull(self, unit: Unit, cursor: Cursor | None) -> Iterator[Batch]:
        known = msgspec.json.decode(cursor.value, type=Position) if cursor else None
        if known is None or known.page:
            yield from super().pull(unit, cursor)


class MovesTheCursorTooEarly(AcmeSource):
    """Each batch carries the cursor behind the last one."""

    def pull(self, unit: Unit, cursor: Cursor | None) -> Iterator[Batch]:
        batches = list(super().pull(unit, cursor))
        yield from (Batch(unit, one.records, batches[-1].cursor) for one in batches)


class AsksBeforeItIsAsked(AcmeSource):
    """The whole project is read when the pull is made."""

    def pull(self, unit: Unit, cursor: Cursor | None) -> Iterator[Batch]:
        return iter(list(super().pull(unit, cursor)))


class TakesRefusalForEmptiness(AcmeSource):
    """A refused list is an empty one."""

    def _page(self, project: Project, **words: str) -> Page:
        try:
            return super()._page(project, **words)
        except AuthError:
            return Page([], None)


class TakesAbsenceForEmptiness(AcmeSource):
    """A project that does not answer has no tickets."""

    def census(self, unit: Unit) -> Iterator[Sequence[Ref]]:
        try:
            yield from super().census(unit)
        except HeldError:
            return

    def pull(self, unit: Unit, cursor: Cursor | None) -> Iterator[Batch]:
        try:
            yield from super().pull(unit, cursor)
        except HeldError:
            yield Batch(unit, (), cursor)


class TakesGarbageForEmptiness(AcmeSource):
    """A list that cannot be read is an empty one."""

    def _page(self, project: Project, **words: str) -> Page:
        try:
            return super()._page(project, **words)
        except TransientError:
            return Page([], None)


class CountsAnArchive(AcmeSource):
    """What an archived project does not list is not there."""

    def census(self, unit: Unit) -> Iterator[Sequence[Ref]]:
        try:
            yield from super().census(unit)
        except PmosyncError:
            yield []


class CountsFromMemory(AcmeSource):
    """The census lists whatever was ever seen."""

    seen: set[Ref] = set()  # noqa: RUF012 what every source of this kind has seen

    def census(self, unit: Unit) -> Iterator[Sequence[Ref]]:
        for page in super().census(unit):
            self.seen.update(page)
        yield sorted(self.seen)


class DeniesWhatItCannotAsk(AcmeSource):
    """What cannot be asked about is gone."""

    def visible(self, refs: Sequence[Ref], kept: Mapping[Ref, RawRecord]) -> Mapping[Ref, bool]:
        try:
            return super().visible(refs, kept)
        except PmosyncError:
            return dict.fromkeys(refs, False)


class KeepsKnocking(AcmeSource):
    """A refused key is tried over and over."""

    def _get(self, path: str, shape: type[T], **words: str) -> T:
        for _ in range(4):
            try:
                return super()._get(path, shape, **words)
            except AuthError as error:
                refused = error
        raise refused


class TalksTooMuch(AcmeSource):
    """Its errors repeat the request."""

    def _get(self, path: str, shape: type[T], **words: str) -> T:
        try:
            return super()._get(path, shape, **words)
        except AuthError:
            raise AuthError(f"refused: {self._session.headers}") from None


class BlamesTheKey(AcmeSource):
    """A server that is out of order is told as a key that is."""

    def _get(self, path: str, shape: type[T], **words: str) -> T:
        try:
            return super()._get(path, shape, **words)
        except TransientError:
            raise AuthError("renew the key") from None


class BelievesShapes(AcmeSource):
    """Answers are read without a look at their shape."""

    def _get(self, path: str, shape: type[T], **words: str) -> T:
        told: Any = super()._get(path, dict, **words)
        made = (
            Project(told["id"], told["archived"], told["time"])
            if shape is Project
            else Page(told["tickets"], told["next"])
        )
        return msgspec.convert(made, shape)


class KeepsEverything(AcmeSource):
    """Payloads are whatever the server says."""

    def _record(self, told: dict[str, Any]) -> RawRecord:
        return replace(super()._record(told), payload=told)


class LeavesThreads(AcmeSource):
    """A thread goes on when the source is closed."""

    def __init__(self, opening: Opening) -> None:
        super().__init__(opening)
        self._over = threading.Event()
        threading.Thread(target=self._over.wait, args=(5,), daemon=True).start()


class ShiftingServer(AcmeServer):
    """Its page tokens are offsets, which shift when tickets change."""

    def _after(self, keyed: list[tuple[str, Kept]], after: str) -> list[tuple[str, Kept]]:
        return keyed[int(after or "0") :]

    def _paged(self, keyed: list[tuple[str, Kept]], limit: int, before: str) -> dict[str, Any]:
        told = super()._paged(keyed, limit, before)
        return {**told, "next": told["next"] and str(int(before or "0") + limit)}


class Shifting(Acme):
    """A system of which no list can be read while it changes."""

    def __init__(self, conditions: Conditions, folder: Path) -> None:
        super().__init__(conditions, folder)
        self.server = ShiftingServer(self.server.now, self.server.lag)


PLANTED: tuple[tuple[type[AcmeSource], str], ...] = (
    (EndsAtAShortPage, "short pages"),
    (ForgetsTheOverlap, "clocks: UTC index +14 min behind, ours +10 min"),
    (TrustsItsOwnClock, "clocks: UTC index +14 min behind, ours +10 min"),
    (NeverLooksAgain, "clocks: UTC index 0 min behind, ours 0 min"),
    (MovesTheCursorTooEarly, "resume from every cursor"),
    (MovesTheCursorTooEarly, "resume after changes"),
    (AsksBeforeItIsAsked, "leave anywhere"),
    (TakesRefusalForEmptiness, "401 at any request"),
    (TakesRefusalForEmptiness, "401 at 50% of a sync"),
    (TakesAbsenceForEmptiness, "404 at any request"),
    (TakesAbsenceForEmptiness, "place: lose"),
    (TakesGarbageForEmptiness, "garbage at any request"),
    (TakesGarbageForEmptiness, "half a body at any request"),
    (CountsAnArchive, "place: archive"),
    (CountsFromMemory, "deleted"),
    (CountsFromMemory, "nearly everything deleted"),
    (DeniesWhatItCannotAsk, "single things unanswered"),
    (KeepsKnocking, "401 at any request"),
    (KeepsKnocking, "revoked at 25% of a reading"),
    (TalksTooMuch, "401 at any request"),
    (TalksTooMuch, "check"),
    (BlamesTheKey, "500 at any request"),
    (BelievesShapes, "empty object at any request"),
    (KeepsEverything, "paths"),
    (LeavesThreads, "closing"),
)


def planted(source: type[AcmeSource]) -> type[Acme]:
    """The world with another source before it."""

    class Planted(Acme):
        """Acme, badly read."""

        @property
        def connector(self) -> Connector:
            return replace(acme_tracker.connector, source=source)

    return Planted


@pytest.fixture(scope="module")
def stand() -> Iterator[Stand]:
    """One port for all checks."""
    with Stand() as stand:
        yield stand


@pytest.mark.parametrize(("source", "name"), PLANTED, ids=lambda each: getattr(each, "__name__", each))
def test_a_source_that_breaks_its_contract_is_caught(
    stand: Stand, tmp_path: Path, source: type[AcmeSource], name: str
) -> None:
    """Each planted fault, by the check that speaks of it."""
    CountsFromMemory.seen.clear()
    (check,) = [one for one in checks(planted(source)) if str(one) == name]
    with pytest.raises(BreachError):
        check.run(stand, tmp_path)


def stands_still(cursor: Cursor, instant: datetime) -> Cursor | None:
    """The cursor stays where it is."""
    return cursor


def runs_ahead(cursor: Cursor, instant: datetime) -> Cursor | None:
    """The cursor goes wherever it is told to."""
    known = msgspec.json.decode(cursor.value, type=Position)
    return Cursor(msgspec.json.encode(replace(known, started=round(instant.timestamp() * 1000))).decode())


def rewinding(rewind: Rewind | None) -> type[Acme]:
    """The world with another way to set a cursor back."""

    class Rewinding(Acme):
        """Acme, asked for a day."""

        @property
        def connector(self) -> Connector:
            return replace(acme_tracker.connector, rewind=rewind)

    return Rewinding


@pytest.mark.parametrize("rewind", [stands_still, runs_ahead])
def test_a_cursor_that_is_set_back_wrongly_is_caught(stand: Stand, tmp_path: Path, rewind: Rewind) -> None:
    """What changed since the instant is not told again, or what changed before it is lost."""
    (check,) = [one for one in checks(rewinding(rewind)) if str(one) == "again since an instant"]
    with pytest.raises(BreachError):
        check.run(stand, tmp_path)


def test_a_connector_that_sets_no_cursor_back_is_read_in_full(stand: Stand, tmp_path: Path) -> None:
    """It holds the contract as it is."""
    (check,) = [one for one in checks(rewinding(None)) if str(one) == "again since an instant"]
    check.run(stand, tmp_path)


@pytest.mark.parametrize("name", ["drift 0", "drift 3"])
def test_a_list_that_shifts_is_caught(stand: Stand, tmp_path: Path, name: str) -> None:
    """Pages by offset lose tickets that nobody touched."""
    (check,) = [one for one in checks(Shifting) if str(one) == name]
    with pytest.raises(BreachError, match="nobody touched"):
        check.run(stand, tmp_path)


def test_only_checks_that_apply_are_made() -> None:
    """What a system cannot do is not asked of it; a thorough suite holds all that a short one does, but the clocks', which
    it tries in all pairs.
    """

    class Plain(Acme):
        """A system without any deed."""

        deeds: ClassVar[frozenset[Deed]] = frozenset()
        lags: ClassVar[tuple[timedelta, ...]] = ()

    names = {str(check) for check in checks(Plain)}
    assert not {name for name in names if name.startswith(("place", "moved", "hidden", "revoked", "short"))}
    assert names < {str(check) for check in checks(Plain, thorough=True)}
    assert len(checks(Acme, thorough=True)) > len(checks(Acme)) + 10


def test_the_documented_world_is_whole() -> None:
    """The example for authors names every member of a world, and nothing else that is imported from here."""
    text = DOCUMENT.read_text(encoding="utf-8").partition("## Prove it")[2]
    members = {name for name in {*World.__annotations__, *vars(World)} if not name.startswith("_")}
    assert len(members) > 10
    assert not {name for name in members if not re.search(rf"^ +(?:def )?(?:\w+, )?{name}\b[^`]*$", text, re.MULTILINE)}
    imported = re.findall(r"from pmosync.testing.contract import (.*)", text)[0].split(", ")
    assert all(hasattr(contract, name) for name in imported)
