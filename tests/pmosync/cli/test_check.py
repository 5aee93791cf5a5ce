"""What ``check`` proves of the data folder."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from pmosync import settings
from pmosync.cli import opened
from pmosync.cli.check import by_line, findings, stored
from pmosync.model import Problem
from pmosync.store import open_store

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_sound_store_in_a_folder_of_its_own(tmp_path: Path) -> None:
    """One finding, and it is good."""
    store = open_store(tmp_path / "data" / "store.db", now=NOW)
    assert [finding.ok for finding in stored(store)] == [True]
    store.close()


def test_a_folder_that_others_may_look_into(tmp_path: Path) -> None:
    """Where opening could not close it (somebody else owns it), that is said with what to do."""
    store = open_store(tmp_path / "data" / "store.db", now=NOW)
    (tmp_path / "data").chmod(0o755)
    wrong = [finding for finding in stored(store) if not finding.ok]
    assert [finding.remedy for finding in wrong] == [f"chmod 700 {tmp_path / 'data'}"]
    store.close()


def test_a_store_that_is_not_sound(tmp_path: Path) -> None:
    """The database's own check is asked: a row that hangs in the air is damage."""
    path = tmp_path / "data" / "store.db"
    open_store(path, now=NOW).close()
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO unit_run (run, body) VALUES (99, x'00')")
    connection.close()
    store = open_store(path, now=NOW)
    wrong = [finding for finding in stored(store) if not finding.ok]
    assert len(wrong) == 1
    assert "the store is damaged" in wrong[0].message
    assert "--rebuild" in wrong[0].remedy
    store.close()


def test_the_lock_and_its_folder_are_private(tmp_path: Path) -> None:
    """A data folder that is there already is closed before anything is put into it."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o755)
    (tmp_path / "pmosync.yaml").write_text("instance: x\n", encoding="utf-8")
    with opened.writer(settings.load(tmp_path / "pmosync.yaml")):
        assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
        assert (tmp_path / "data" / opened.LOCK).stat().st_mode & 0o777 == 0o600


def test_rows_of_the_settings_at_fault_stand_first(tmp_path: Path) -> None:
    """Their lines stand in order where the good line of the settings would: what is mended in one file is read in one go."""
    told = [_problem("s.yaml:20 (a)"), _problem("'Projects'!A3"), _problem("s.yaml:4 (b)")]
    assert [each.place for each in by_line(told)] == ["s.yaml:4 (b)", "s.yaml:20 (a)", "'Projects'!A3"]
    file = tmp_path / "pmosync.yaml"
    text = "workbooks:\n  file: {connector: xlsx, path: w.xlsx}\nprojects:\n  - {code: PAY, contorl: key}\n"
    file.write_text(text + "programs:\n  - {code: TRADE, nmae: x}\n", encoding="utf-8")
    with opened.house(file) as house:
        first, second, *rest = findings(house)
    assert [each.place.rpartition(":")[2] for each in (first, second)] == [
        "4 (projects[0].contorl)",
        "6 (programs[0].nmae)",
    ]
    assert "settings" not in {each.place for each in rest}


def _problem(place: str) -> Problem:
    return Problem(rule="r", place=place, message="m", remedy="x")
