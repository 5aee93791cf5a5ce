"""The journal: what cannot be pulled again survives the loss of the store."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pmosync.compute.identity import identify
from pmosync.errors import StoreError
from pmosync.model import Baseline, Colour, Observation
from pmosync.store import Journal, open_store, read_journal, rebuild, set_aside

if TYPE_CHECKING:
    from tests.pmosync.store.conftest import Desk


def write(desk: Desk, journal: Journal) -> int:
    """The end of a run: what is new goes into the journal."""
    lines = journal.append(desk.run, desk.store.entries(desk.run))
    desk.store.journaled(desk.run)
    return lines


def story(desk: Desk, journal: Journal) -> None:
    """Two versions, one moved, a baseline, a colour that turns, two findings of which one ends."""
    desk.show(desk.version(1), desk.version(2), desk.item(1, 1))
    desk.bind()
    frozen = Baseline(code="PAY-M01", version=1, day=date(2026, 4, 30), frozen=desk.now)
    desk.store.keep(
        desk.run, [frozen], [Colour(code="PAY-M01", day=desk.now.date(), computed="G", shown="G")], desk.now
    )
    desk.store.stand(desk.run, {"a": desk.now, "b": desk.now}, desk.now)
    write(desk, journal)
    desk.tomorrow()
    desk.show(desk.version(1, date(2026, 5, 8)))
    desk.store.keep(desk.run, [], [Colour(code="PAY-M01", day=desk.now.date(), computed="R", shown="R")], desk.now)
    desk.store.stand(desk.run, {"b": desk.now}, desk.now)
    write(desk, journal)


def test_each_thing_once(desk: Desk, tmp_path: Path) -> None:
    """A run journals what came since the last one, headed by the store's origin; a run without news adds that line alone."""
    journal = Journal(tmp_path / "journal.jsonl")
    story(desk, journal)
    lines = len(read_journal(journal.path))
    desk.tomorrow()
    desk.show(desk.version(1, date(2026, 5, 8)))
    desk.store.keep(desk.run, [], [Colour(code="PAY-M01", day=desk.now.date(), computed="R", shown="R")], desk.now)
    assert write(desk, journal) == 1
    assert len(read_journal(journal.path)) == lines + 1
    assert journal.path.stat().st_mode & 0o777 == 0o600


def test_crash_before_the_journal(desk: Desk, tmp_path: Path) -> None:
    """What a run committed but could not journal any more is journaled by the next."""
    desk.show(desk.version(1))
    desk.tomorrow()
    journal = Journal(tmp_path / "journal.jsonl")
    write(desk, journal)
    assert [line.kind for line in read_journal(journal.path)] == ["origin", *["observation"] * 4]


def test_cut_line(desk: Desk, tmp_path: Path) -> None:
    """A line that a crash has cut is left out, and the next run's lines stand on lines of their own."""
    journal = Journal(tmp_path / "日志.jsonl")
    story(desk, journal)
    whole = journal.path.read_bytes()
    before = read_journal(journal.path)
    journal.path.write_bytes(whole[:-7])
    assert read_journal(journal.path) == before[:-1]
    more = Observation(of="jira:version:1", field="title", old="版本 1", new="版本 一", seen=desk.now)
    journal.append(desk.run, [more])
    assert [line.value for line in read_journal(journal.path)] == [*(line.value for line in before[:-1]), more]


def test_no_journal_yet(tmp_path: Path) -> None:
    """A journal that is not there holds nothing."""
    assert read_journal(tmp_path / "none.jsonl") == ()


def test_journal_not_writable(desk: Desk, tmp_path: Path) -> None:
    """A journal that cannot be written says so; what it lacks stays in the store for the next run."""
    desk.show(desk.version(1))
    journal = Journal(tmp_path)
    with pytest.raises(StoreError, match=r"journal .* cannot be written"):
        journal.append(desk.run, desk.store.entries(desk.run))
    assert len(desk.store.entries(desk.run)) == 1 + 4


def test_rebuilt(desk: Desk, tmp_path: Path) -> None:
    """A damaged store is set aside, not deleted; history, codes and baselines come back from the journal, facts by a pull."""
    journal = Journal(tmp_path / "journal.jsonl")
    story(desk, journal)
    before, known, instance = desk.snapshot(), desk.store.identities(), desk.store.get_meta("instance")
    desk.store.close()
    with desk.path.open("r+b") as file:
        file.write(b"x" * 200)
    with pytest.raises(StoreError, match=r"is not a pmosync store .*pmosync sync --rebuild"):
        open_store(desk.path, now=desk.now)
    desk.store = rebuild(desk.path, journal.path, now=desk.now).store
    assert [path.name for path in desk.path.parent.glob("*.damaged-*")] == ["store.db.damaged-20260303T090000Z"]
    assert desk.store.identities() == known
    assert desk.store.restore(read_journal(journal.path)) == 0

    assert desk.store.get_meta("instance") == instance
    epoch = desk.run.epoch
    desk.run = desk.store.begin(desk.now)
    assert desk.run.epoch == epoch + 1
    desk.show(desk.home, desk.version(1, date(2026, 5, 8)), desk.version(2), desk.item(1, 1))
    after = desk.snapshot()
    assert after.observations == before.observations
    assert after.baselines == before.baselines
    assert after.colours == before.colours
    assert after.progress["PAY-M01"].added == 0
    assert identify(desk.plan, after.sources, after.source_projects, desk.store.identities(), desk.now).empty


def test_set_aside_twice(tmp_path: Path) -> None:
    """A second damaged store of the same moment is kept beside the first."""
    path, now = tmp_path / "store.db", datetime(2026, 3, 2, tzinfo=UTC)
    for words in ("one", "two"):
        path.write_text(words, encoding="utf-8")
        set_aside(path, now)
    assert sorted(kept.read_text(encoding="utf-8") for kept in tmp_path.iterdir()) == ["one", "two"]
    with pytest.raises(StoreError, match="cannot be set aside"):
        set_aside(path, now)


def test_moved_while_the_store_was_lost(desk: Desk, tmp_path: Path) -> None:
    """A date that moved between the loss and the next pull is a move from its last known value, not a first sight."""
    journal = Journal(tmp_path / "journal.jsonl")
    story(desk, journal)
    desk.store.close()
    desk.store = rebuild(desk.path, journal.path, now=desk.now).store
    desk.tomorrow()
    desk.show(desk.version(1, date(2026, 6, 1)))
    targets = [o for o in desk.snapshot().observations["jira:version:1"] if o.field == "target"]
    assert [(o.old, o.new, o.first) for o in targets] == [
        ("", "2026-04-30", True),
        ("2026-04-30", "2026-05-08", False),
        ("2026-05-08", "2026-06-01", False),
    ]


def test_ended_binding(desk: Desk, tmp_path: Path) -> None:
    """A binding that ended is restored with its end."""
    journal = Journal(tmp_path / "journal.jsonl")
    desk.show(desk.version(1))
    desk.bind()
    write(desk, journal)
    desk.tomorrow()
    desk.bind(type(desk.plan)(projects=desk.plan.projects))
    write(desk, journal)
    known = desk.store.identities()
    assert all(binding.until == desk.now for binding in known.bindings)
    desk.store.close()
    desk.store = rebuild(desk.path, journal.path, now=desk.now).store
    assert desk.store.identities() == known
