"""Commits: all or nothing, the cursor with the records, nothing new the second time, never by an older run."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from msgspec import structs

from pmosync.compute.changes import Put, content_digest
from pmosync.errors import StoreError
from pmosync.model import Change, Fact, Problem, WorkItem
from pmosync.raw import Cursor, RawRecord, Ref, Unit
from pmosync.store import Store, open_store

if TYPE_CHECKING:
    from tests.pmosync.store.conftest import Desk

UNIT = Unit("jira", "project PAY")


def test_second_time_nothing(desk: Desk) -> None:
    """The same records again write no row of history."""
    told: list[Fact] = [desk.version(1), desk.version(2), *(desk.item(n, 1) for n in range(20))]
    assert desk.show(*told) > 20
    before = desk.count()
    assert desk.show(*told) == 0
    desk.tomorrow()
    assert desk.show(*told) == 0
    assert desk.count() == before


def test_same_intents_twice(desk: Desk) -> None:
    """Intents that were decided before a crash, carried out twice, leave what they leave once."""
    fact = desk.version(1)
    raw = desk.raw(fact)
    change = Change(ref=Ref("jira", "change", "7"), of=fact.ref, field="due", new="2026-04-30", at=desk.now)
    put = Put(ref=fact.ref, raw=raw, digest=content_digest(raw), fact=fact, seen=desk.now, changes=(change,))
    assert desk.store.commit(desk.run, UNIT, [put], None) == 2
    assert desk.store.commit(desk.run, UNIT, [put], None) == 0


def test_cursor_with_records(desk: Desk) -> None:
    """The cursor moves in the transaction of its records; a batch without one leaves it."""
    desk.show(desk.item(1), cursor="page 2")
    assert desk.store.cursors("jira") == {UNIT.key: Cursor("page 2")}
    desk.show(desk.item(2))
    assert desk.store.cursors("jira") == {UNIT.key: Cursor("page 2")}
    assert desk.store.cursors("gitlab") == {}


def test_older_run_is_fenced(desk: Desk) -> None:
    """Once a later run has begun, the older one cannot write, and nothing of its batch is kept."""
    old = desk.run
    desk.tomorrow()
    late, desk.run = desk.run, old
    with pytest.raises(StoreError, match="another writer"):
        desk.show(desk.item(1), cursor="late")
    assert desk.store.cursors("jira") == {}
    assert desk.store.known([desk.item(1).ref]) == {}
    desk.run = late
    assert desk.show(desk.item(1)) > 0


def test_newest_wins(desk: Desk) -> None:
    """A record older than the known one changes nothing."""
    old, new = desk.at(-2), desk.at(-1)
    desk.show(desk.item(1, title="new 新"), updated=new)
    desk.show(desk.item(1, title="old"), updated=old)
    known = desk.store.known([desk.item(1).ref])[desk.item(1).ref]
    assert isinstance(known.fact, WorkItem)
    assert known.fact.title == "new 新"


def test_chinese_and_odd_text(desk: Desk) -> None:
    """Text comes back as it went in: Chinese, emoji, quotes, a percent sign."""
    title = "支付网关 🚀 '\"; DROP TABLE fact; -- 100 % \u2028"
    desk.show(desk.item(1, title=title))
    assert [item.title for item in desk.store.export("work_item", desk.now) if isinstance(item, WorkItem)] == [title]


def test_unreadable_record_keeps_the_last_fact(desk: Desk) -> None:
    """A record that cannot be read leaves its last version in force, and its problem stands until it can be read."""
    problem = Problem(rule="unreadable-record", place="PAY-1", message="no summary")
    desk.show(desk.item(1))
    raw = RawRecord(desk.item(1).ref, {"broken": True}, desk.now)
    put = Put(ref=raw.ref, raw=raw, digest=content_digest(raw), fact=None, seen=desk.now, problems=(problem,))
    desk.store.commit(desk.run, UNIT, [put], None)
    assert desk.snapshot().problems == (structs.replace(problem, since=desk.now),)
    assert list(desk.store.export("work_item", desk.now)) == [desk.item(1)]
    desk.tomorrow()
    desk.show(desk.item(1))
    assert desk.snapshot().problems == ()
    assert [each.place for each in desk.snapshot(0).problems] == [problem.place]


def test_problem_of_an_unread_record_ends(desk: Desk) -> None:
    """A record that could not be read and then tells a thing with an identity of its own has no problem left."""
    problem = Problem(rule="unreadable-record", place="PAY-1", message="not a date")
    raw = RawRecord(Ref("jira", "issue", "1"), {"due": "x"}, desk.now)
    unread = Put(ref=raw.ref, raw=raw, digest=content_digest(raw), fact=None, seen=desk.now, problems=(problem,))
    desk.store.commit(desk.run, UNIT, [unread], None)
    epic = desk.version(1, form="epic")
    read = Put(ref=epic.ref, raw=raw, digest=b"2", fact=epic, seen=desk.now)
    desk.store.commit(desk.run, UNIT, [read], None)
    assert desk.snapshot().problems == ()


def test_records_for_a_new_mapping(desk: Desk) -> None:
    """The kept records come back whole, so that a changed mapping needs no pull."""
    raw = RawRecord(Ref("jira", "issue", "1"), {"fields": {"summary": "中文", "labels": ["a"]}}, desk.now, True)
    put = Put(ref=raw.ref, raw=raw, digest=content_digest(raw), fact=desk.item(1), seen=desk.now)
    desk.store.commit(desk.run, UNIT, [put], None)
    assert list(desk.store.records("jira", "issue")) == [raw]
    assert list(desk.store.records("gitlab")) == []


def test_thousands_of_intents(desk: Desk) -> None:
    """A commit of thousands of items stays whole under the database's limit of variables; once more it changes nothing."""
    items = [desk.item(number, number % 7, number % 5) for number in range(3_000)]
    desk.show(*items)
    assert desk.show(*items) == 0
    assert desk.count()["work_item"] == 3_000


def _digest(path: Path) -> list[tuple[object, ...]]:
    """Everything in a store's file."""
    file = sqlite3.connect(path)
    rows: list[tuple[object, ...]] = []
    for (table,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
        rows += [(table, *row) for row in file.execute(f"SELECT * FROM {table} ORDER BY 1")]
    file.close()
    return rows


def test_stopped_between_any_two_statements(desk: Desk, tmp_path: Path) -> None:
    """What lies on the disk between any two statements of a commit opens as all of it or nothing."""
    desk.show(desk.version(1), *(desk.item(n, 1) for n in range(5)), cursor="before")
    copies: list[Path] = []
    source = desk.path.parent

    def copy(*_: object) -> None:
        folder = tmp_path / str(len(copies))
        shutil.copytree(source, folder)
        copies.append(folder / "store.db")

    desk.tomorrow(0)
    before = _digest(desk.path)
    engine = desk.store._engine
    sa.event.listen(engine, "before_cursor_execute", copy)
    desk.show(desk.version(1, None), *(desk.item(n, 2) for n in range(3, 9)), cursor="after")
    sa.event.remove(engine, "before_cursor_execute", copy)
    assert len(copies) > 15
    assert all(_digest(path) == before for path in copies)
    assert _digest(desk.path) != before


LOOP = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from pmosync.compute.changes import Put
from pmosync.model import WorkItem
from pmosync.raw import Cursor, RawRecord, Ref, Unit
from pmosync.store import open_store
now = datetime(2026, 3, 2, tzinfo=UTC)
store = open_store(Path(sys.argv[1]), now=now)
run, unit, n = store.begin(now), Unit("jira", "u"), 0
print("ready", flush=True)
while True:
    refs = [Ref("jira", "issue", str(n * 50 + k)) for k in range(50)]
    n += 1
    facts = [WorkItem(ref=ref, key=ref.id, title="x" * 200) for ref in refs]
    puts = [Put(ref=f.ref, raw=RawRecord(f.ref, {"n": n}), digest=b"1", fact=f, seen=now) for f in facts]
    store.commit(run, unit, puts, Cursor(str(n * 50)))
"""


def test_killed(tmp_path: Path) -> None:
    """After kill -9 in the middle of commits the store opens without repair, and holds as many records as its cursor says."""
    path = tmp_path / "store.db"
    process = subprocess.Popen([sys.executable, "-c", LOOP, str(path)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    deadline = time.monotonic() + 20
    while path.stat().st_size < 400_000 and time.monotonic() < deadline:
        os.sched_yield()
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=10)
    process.stdout.close()
    now = datetime(2026, 3, 2, tzinfo=UTC)
    store = open_store(path, now=now)
    assert store.check() == ()
    written = int(store.cursors("jira")["u"].value)
    assert sum(1 for _ in store.export("work_item", now)) == written > 0
    store.close()


def test_two_stores_on_one_file(desk: Desk) -> None:
    """A second process that begins a run takes over: the first one's next commit is refused, the second's is kept."""
    other: Store = open_store(desk.path, now=desk.now)
    other.begin(desk.now + timedelta(hours=1))
    with pytest.raises(StoreError, match="another writer"):
        desk.show(desk.version(1, date(2026, 5, 1)))
    other.close()
