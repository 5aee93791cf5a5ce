"""The daily copy: made once a day, whole and sound or not at all, and what a rebuild begins from."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec import structs
from tests.pmosync.store.conftest import PAY
from tests.pmosync.store.test_journal import write

from pmosync.errors import StoreError
from pmosync.model import Baseline, Colour, MilestoneRow, Place, SourceMilestone
from pmosync.raw import Unit
from pmosync.store import Journal, open_store, read_journal, rebuild
from pmosync.store.copies import copies
from pmosync.store.database import connect, writing

if TYPE_CHECKING:
    from tests.pmosync.store.conftest import Desk

DAYS = 14


def copied(desk: Desk, days: int = DAYS) -> Path | None:
    """The day's copy, if one is made now."""
    return desk.store.keep_copy(desk.now.date(), days)


def lost(desk: Desk, journal: Journal) -> Path | None:
    """The store is damaged and begun anew; the copy from which."""
    desk.store.close()
    desk.path.write_bytes(b"x" * 5_000)
    rebuilt = rebuild(desk.path, journal.path, now=desk.now)
    desk.store, desk.run = rebuilt.store, rebuilt.store.begin(desk.now)
    return rebuilt.copy


def test_once_a_day_and_for_its_owner_alone(desk: Desk) -> None:
    """The first call of a day makes the copy, further ones leave it; it is a store of its own, private as the other."""
    desk.show(desk.version(1))
    made = copied(desk)
    assert made is not None
    assert (made.name, made.parent) == ("store-2026-03-02.db", desk.path.parent / "backups")
    assert (made.stat().st_mode & 0o777, made.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert copied(desk) is None
    assert [file.name for file in made.parent.iterdir()] == [made.name]
    copy = open_store(made, now=desk.now)
    assert (copy.check(), copy.snapshot(desk.now)) == ((), desk.snapshot())
    copy.close()


def test_kept_for_so_many_days(desk: Desk) -> None:
    """Copies older than the days asked for go, files of other names stay, and 0 days keep none."""
    for _ in range(5):
        copied(desk, days=3)
        desk.tomorrow()
    folder = desk.path.parent / "backups"
    other = folder / "store-of-march.db"
    other.touch()
    copied(desk, days=3)
    assert [file.name for file in copies(desk.path)] == [f"store-2026-03-0{day}.db" for day in (7, 6, 5)]
    assert other.exists()
    desk.tomorrow()
    assert copied(desk, days=0) is None


def test_an_unsound_store_is_not_copied(desk: Desk) -> None:
    """A copy that fails the integrity check is thrown away and told with what to do; the older ones stay, however old."""
    desk.store.put_meta("big", "x" * 90_000)
    kept = copied(desk)
    desk.tomorrow(days=DAYS * 2)
    desk.store.close()
    with desk.path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 20)
    with pytest.raises(StoreError, match=r"today's copy of .* was not made: the store .* is damaged.*--rebuild"):
        copied(desk)
    assert kept is not None
    assert list(kept.parent.iterdir()) == [kept]


def test_what_stands_in_the_way_is_told(desk: Desk) -> None:
    """A folder that cannot be made is one line with its remedy."""
    (desk.path.parent / "backups").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match=r"today's copy of .* was not made .*check the rights of .*backups"):
        copied(desk)


def test_a_store_that_another_process_holds(desk: Desk) -> None:
    """A lock is waited for a while and told: a copy never waits for ever."""
    desk.store.close()
    desk.store = open_store(desk.path, now=desk.now, busy_seconds=0.05)
    other = sqlite3.connect(desk.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match=r"was not made: .* locked by another process"):
        copied(desk)
    other.close()


def test_hidden_things_come_back_from_the_copy(desk: Desk, tmp_path: Path) -> None:
    """What no system shows any more is in the copy alone: it is hidden still, and in scope."""
    journal = Journal(tmp_path / "journal.jsonl")
    desk.show(desk.version(1), desk.item(1, 1), desk.item(2, 1))
    desk.bind()
    desk.store.hide(desk.run, [desk.item(2).ref], desk.now)
    write(desk, journal)
    copied(desk)
    before, known = desk.snapshot(), desk.store.identities()
    assert lost(desk, journal) == desk.path.parent / "backups" / "store-2026-03-02.db"
    after = desk.snapshot()
    assert (after.gone, after.items, after.progress) == (before.gone, before.items, before.progress)
    assert (after.observations, desk.store.identities()) == (before.observations, known)
    assert desk.store.cursors("jira") == {}


def test_hidden_after_the_copy(desk: Desk, tmp_path: Path) -> None:
    """What vanished behind the copy is hidden by the journal's word, and what came back is visible."""
    journal = Journal(tmp_path / "journal.jsonl")
    desk.show(desk.item(1), desk.item(2))
    desk.store.hide(desk.run, [desk.item(1).ref], desk.now)
    write(desk, journal)
    copied(desk)
    desk.tomorrow()
    desk.store.hide(desk.run, [desk.item(2).ref], desk.now)
    desk.show(desk.item(1))
    write(desk, journal)
    observations = desk.snapshot().observations
    lost(desk, journal)
    assert desk.snapshot().gone == {desk.item(2).ref: desk.now}
    desk.show(desk.item(1))
    assert desk.snapshot().observations == observations
    assert desk.snapshot(0).gone == {desk.item(1).ref: desk.at(0)}


@pytest.mark.parametrize("still", [True, False])
def test_a_move_behind_the_copy_is_told_once(desk: Desk, tmp_path: Path, still: bool) -> None:
    """A date that moved after the copy is the journal's one observation, also when the system shows the new date again;
    moved back since, it is one more.
    """
    journal = Journal(tmp_path / "journal.jsonl")
    desk.show(desk.version(1), desk.version(2))
    write(desk, journal)
    copied(desk)
    desk.tomorrow()
    desk.show(desk.version(1, date(2026, 5, 8), closed=True, title="改名"), updated=desk.at(0))
    write(desk, journal)
    told = desk.snapshot().observations["jira:version:1"]
    lost(desk, journal)
    assert desk.snapshot().sources[desk.version(1).ref].target == date(2026, 5, 8)
    desk.tomorrow()
    shown = desk.version(1, date(2026, 5, 8), closed=True, title="改名") if still else desk.version(1)
    desk.show(shown, desk.version(2), updated=desk.at(0))
    now = desk.snapshot()
    assert now.sources[desk.version(1).ref] == shown
    assert now.observations["jira:version:1"][: len(told)] == told
    moves = now.observations["jira:version:1"][len(told) :]
    assert sorted((move.field, move.new) for move in moves) == (
        [] if still else [("closed", "false"), ("target", "2026-04-30"), ("title", "版本 1")]
    )


def test_a_row_retyped_behind_the_copy_is_told_once(desk: Desk, tmp_path: Path) -> None:
    """What a person typed after the copy is no news when the tab is read again."""
    journal, unit = Journal(tmp_path / "journal.jsonl"), Unit("sheet", "rows")
    row = MilestoneRow(
        place=Place("sheet", "milestone_inputs", 2, "PAY-M01"),
        code="PAY-M01",
        project="PAY",
        target=date(2026, 5, 1),
    )
    desk.show(row, unit=unit)
    write(desk, journal)
    copied(desk)
    desk.tomorrow()
    typed = structs.replace(row, target=None, forecast=date(2026, 6, 1), actual=date(2026, 3, 3), wish=date(2026, 7, 1))
    desk.show(typed, unit=unit)
    write(desk, journal)
    told = desk.snapshot().observations
    lost(desk, journal)
    assert desk.store.plan(desk.now).milestones == (typed,)
    desk.tomorrow()
    desk.show(typed, unit=unit)
    assert desk.snapshot().observations == told


def test_bindings_end_where_they_ended(desk: Desk, tmp_path: Path) -> None:
    """A binding that ended behind the copy ends at that moment; one that ended before it keeps its end."""
    journal = Journal(tmp_path / "journal.jsonl")
    desk.show(desk.version(1))
    desk.bind()
    write(desk, journal)
    copied(desk)
    desk.tomorrow()
    desk.bind(type(desk.plan)(projects=desk.plan.projects))
    write(desk, journal)
    known = desk.store.identities()
    assert {binding.until for binding in known.bindings} == {desk.now}
    for _ in range(2):
        lost(desk, journal)
        assert desk.store.identities() == known
        desk.tomorrow()
        write(desk, journal)
        copied(desk)
    assert desk.store.restore(read_journal(journal.path)) == 0


def test_findings_end_where_they_ended(desk: Desk, tmp_path: Path) -> None:
    """What stood in the copy and ended behind it is over, and begun again it stands since it began again."""
    journal = Journal(tmp_path / "journal.jsonl")
    desk.store.stand(desk.run, {"again": desk.now, "over": desk.now, "stays": desk.now}, desk.now)
    first = desk.now
    write(desk, journal)
    copied(desk)
    desk.tomorrow()
    desk.store.stand(desk.run, {"stays": first}, desk.now)
    write(desk, journal)
    desk.tomorrow()
    desk.store.stand(desk.run, {"stays": first, "again": desk.now}, desk.now)
    write(desk, journal)
    told, between = {"stays": first, "again": desk.now}, desk.at(1)
    assert desk.snapshot().standing == told
    for _ in range(2):
        lost(desk, journal)
        assert desk.snapshot().standing == told
        assert desk.store.snapshot(between).standing == {"stays": first}
        desk.tomorrow()
        write(desk, journal)
        copied(desk)
    assert desk.store.restore(read_journal(journal.path)) == 0


def test_colours_and_baselines_behind_the_copy(desk: Desk, tmp_path: Path) -> None:
    """Days behind the copy, and a later word on its own day, come from the journal; each once."""
    journal = Journal(tmp_path / "journal.jsonl")
    today = Colour(code="PAY-M01", day=desk.now.date(), computed="G", shown="G")
    first = Baseline(code="PAY-M01", version=1, day=date(2026, 4, 30), frozen=desk.now)
    desk.store.keep(desk.run, [first], [today], desk.now)
    write(desk, journal)
    copied(desk)
    desk.run = desk.store.begin(desk.now + timedelta(hours=1))
    desk.store.keep(desk.run, [], [structs.replace(today, computed="A", shown="A")], desk.now)
    write(desk, journal)
    desk.tomorrow()
    second = structs.replace(first, version=2, frozen=desk.now)
    desk.store.keep(desk.run, [second], [structs.replace(today, day=desk.now.date(), computed="R")], desk.now)
    write(desk, journal)
    before, epoch = desk.snapshot(), desk.run.epoch
    lost(desk, journal)
    after = desk.snapshot()
    assert (after.colours, after.baselines) == (before.colours, before.baselines)
    assert desk.run.epoch > epoch
    assert desk.store.restore(read_journal(journal.path)) == 0


def test_the_newest_sound_copy(desk: Desk, tmp_path: Path) -> None:
    """Copies that are damaged, or no store at all, are passed over and named; without a sound one the journal is all."""
    journal = Journal(tmp_path / "journal.jsonl")
    desk.show(desk.version(1))
    write(desk, journal)
    sound = copied(desk)
    assert sound is not None
    broken = [sound.with_name(f"store-2026-03-0{day}.db") for day in (5, 4, 3)]
    broken[0].write_text("这不是数据库", encoding="utf-8")
    shutil.copy(sound, broken[1])
    _unlink_page(broken[1])
    broken[2].mkdir()
    desk.tomorrow(days=3)
    desk.store.close()
    rebuilt = rebuild(desk.path, journal.path, now=desk.now)
    desk.store = rebuilt.store
    assert (rebuilt.copy, rebuilt.unsound) == (sound, tuple(broken))
    assert list(desk.snapshot().sources) == [desk.version(1).ref]
    assert desk.path.stat().st_mode & 0o777 == 0o600
    assert not list(desk.path.parent.glob("*.part"))
    sound.unlink()
    desk.store.close()
    rebuilt = rebuild(desk.path, journal.path, now=datetime(2026, 3, 9, tzinfo=UTC))
    desk.store = rebuilt.store
    assert rebuilt.copy is None
    assert "jira:version:1" in desk.snapshot().observations


def _unlink_page(path: Path) -> None:
    """Damage that only the integrity check finds: a row without its index entry."""
    engine = connect(path)
    with writing(engine, path) as connection:
        connection.exec_driver_sql("PRAGMA writable_schema=ON")
        connection.exec_driver_sql("UPDATE sqlite_master SET rootpage=2 WHERE name='ix_fact_ref'")
    engine.dispose()


def test_a_clock_that_runs_ahead_costs_no_copy(desk: Desk, tmp_path: Path) -> None:
    """A sync under a clock set far ahead lets go of one copy as any sync does; the one that it makes is no reason later to
    let go of others, and a rebuild takes it last, and tells it.
    """
    for _ in range(4):
        desk.show(desk.version(1, title=str(desk.day)))
        copied(desk, days=3)
        desk.tomorrow()
    ahead = desk.store.keep_copy(date(2062, 1, 1), 3)
    assert ahead is not None
    assert [file.name for file in copies(desk.path)] == [ahead.name, "store-2026-03-05.db", "store-2026-03-04.db"]
    for day in (5, 6):
        desk.tomorrow()
        desk.show(desk.version(1, title=str(day)))
        copied(desk, days=3)
    assert [file.name for file in copies(desk.path)][1:] == [f"store-2026-03-0{day}.db" for day in (8, 7, 5)]
    desk.store.close()
    rebuilt = rebuild(desk.path, tmp_path / "none.jsonl", now=desk.now)
    rebuilt.store.close()
    assert rebuilt.copy == copies(desk.path)[1]
    assert rebuilt.ahead == (ahead,)
    for file in copies(desk.path)[1:]:
        file.unlink()
    rebuilt = rebuild(desk.path, tmp_path / "none.jsonl", now=desk.now)
    desk.store = rebuilt.store
    assert rebuilt.copy == ahead


def test_only_the_first_sight_of_a_newer_thing_is_first(desk: Desk, tmp_path: Path) -> None:
    """A version that appeared behind the copy is known by the journal, and pulled without being told again."""
    journal = Journal(tmp_path / "journal.jsonl")
    copied(desk)
    desk.tomorrow()
    found: SourceMilestone = desk.version(7)
    desk.show(PAY, found)
    write(desk, journal)
    told = desk.snapshot().observations
    lost(desk, journal)
    assert found.ref not in desk.snapshot().sources
    desk.tomorrow()
    desk.show(found)
    assert desk.snapshot().observations == told
