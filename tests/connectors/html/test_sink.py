"""The report as a file: what is written is read back, a stranger's file stays, and nothing is written for nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from msgspec.structs import replace
from pydantic import ValidationError
from tests.connectors.html.samples import (
    CHARTS,
    MILESTONES,
    ROWS,
    RUNS,
    STAMP,
    TABLES,
    TYPED,
    publication,
    sink,
)

from pmosync.dashboard.diff import diff
from pmosync.errors import StoreError, TargetError
from pmosync.sheet import Publication, WriteStamp, Written
from pmosync_html.settings import HtmlSettings

TABS = (MILESTONES, CHARTS, RUNS, TYPED)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the report will be."""
    return tmp_path / "portfolio.html"


def test_what_is_written_is_read_back(path: Path) -> None:
    """Every kind of value comes back as itself, with links and the stamp: the next sync finds nothing to do."""
    sink(path).write(publication())
    found = sink(path).read(TABS)
    assert found.stamp == STAMP
    assert diff(found, TABLES, STAMP, heartbeat=frozenset(), due=False) == ()


def test_a_cell_that_differs_is_an_edit(path: Path) -> None:
    """What somebody changed in the file by hand is found, and put right by the next sync."""
    sink(path).write(publication())
    path.write_text(path.read_text(encoding="utf-8").replace("0042", "0043"), encoding="utf-8")
    found = sink(path).read(TABS)
    edits = diff(found, TABLES, STAMP, heartbeat=frozenset(), due=False)
    assert edits
    sink(path).write(Publication(TABLES, edits))
    assert "0042" in path.read_text(encoding="utf-8")


def test_another_layout_is_an_edit(path: Path) -> None:
    """A column that got another note or width is drawn anew although no cell differs."""
    sink(path).write(publication())
    tab = replace(MILESTONES, note="Another note.")
    assert sink(path).read((tab,)).grids["milestones"].layout_differs == ("the layout",)
    assert sink(path).read((MILESTONES,)).grids["milestones"].layout_differs == ()


def test_typed_tabs_are_neither_shown_nor_missed(path: Path) -> None:
    """Nobody types into a report: an input tab is not in it, and no sync wants to make it."""
    sink(path).write(publication())
    assert "SECRET" not in path.read_text(encoding="utf-8")
    assert sink(path).read((TYPED,)).grids["projects"].rows == ()


def test_the_same_again_writes_nothing(path: Path) -> None:
    """Equal tables and an equal stamp leave the file untouched, as do no edits at all."""
    assert sink(path).write(publication()).requests == 1
    before = path.stat()
    assert sink(path).write(publication()) == Written()
    assert sink(path).write(Publication(TABLES, ())) == Written()
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_equal_tables_are_equal_bytes(tmp_path: Path) -> None:
    """Nothing of the day, the machine or the folder goes into the file."""
    files = [tmp_path / name for name in ("a.html", "b.html")]
    for file in files:
        sink(file).write(publication())
    assert files[0].read_bytes() == files[1].read_bytes()


def test_who_reads_sees_the_old_or_the_new_one_whole(path: Path) -> None:
    """A reader that opened the file before keeps what it opened; nothing is left beside it."""
    sink(path).write(publication())
    before = path.read_bytes()
    with path.open("rb") as reader:
        sink(path).write(publication(ROWS[:1]))
        assert reader.read() == before
    assert path.read_bytes() != before
    assert os.listdir(path.parent) == [path.name]


def test_the_fence_stops_the_writing(path: Path) -> None:
    """What a later run raises before the file is put in its place leaves the old one standing."""
    sink(path).write(publication())
    before = path.read_bytes()

    def fence() -> None:
        raise StoreError("a later run has begun", remedy="")

    with pytest.raises(StoreError):
        sink(path).write(publication(ROWS[:1]), fence)
    assert path.read_bytes() == before


def test_a_stranger_s_file_stays(path: Path) -> None:
    """A file that pmosync did not make is neither read as a report nor written over, and check says so."""
    path.write_text("<!DOCTYPE html><title>Mine</title>", encoding="utf-8")
    with pytest.raises(TargetError, match="did not make"):
        sink(path).read(TABS)
    with pytest.raises(TargetError, match="did not make"):
        sink(path).write(publication())
    assert [finding.ok for finding in sink(path).check(TABS)] == [True, False]
    assert "Mine" in path.read_text(encoding="utf-8")


def test_what_is_no_file_is_told(path: Path) -> None:
    """A folder in the report's place is a sentence with a remedy."""
    path.mkdir()
    with pytest.raises(TargetError, match="cannot be read"):
        sink(path).read(TABS)


def test_another_writer_s_stamp_is_told(path: Path) -> None:
    """The stamp of another installation comes back as it is: the engine holds such a report."""
    other = replace(STAMP, instance='<"other">&co')
    sink(path).write(publication(stamp=other))
    assert sink(path).read(TABS).stamp == other


def test_a_stamp_that_is_not_whole_is_none(path: Path) -> None:
    """A report whose stamp was damaged has none: it is written anew, and nobody else is held for its writer."""
    sink(path).write(publication())
    path.write_text(
        path.read_text(encoding="utf-8").replace('epoch" content="3"', 'epoch" content="x"'), encoding="utf-8"
    )
    assert sink(path).read(TABS).stamp is None


def test_an_edit_without_a_stamp_keeps_the_old_one(path: Path) -> None:
    """A writing that sets no stamp leaves the one that stands."""
    sink(path).write(publication())
    sink(path).write(
        Publication(
            (TABLES[0],), tuple(diff(sink(path).read(()), TABLES[:1], STAMP, heartbeat=frozenset(), due=True)[:1])
        )
    )
    assert sink(path).read(TABS).stamp == STAMP


def test_check_proves_the_place(tmp_path: Path) -> None:
    """A folder that takes files is proved by one; one that is missing is told with its remedy. Nothing is left behind."""
    assert [(each.ok, each.message) for each in sink(tmp_path / "r.html").check(TABS)] == [
        (True, "the report can be written")
    ]
    (told,) = sink(tmp_path / "absent" / "r.html").check(TABS)
    assert not told.ok
    assert told.remedy == "make it, or set another path"
    assert list(tmp_path.iterdir()) == []


def test_the_path_is_a_page_s() -> None:
    """Another ending is refused: browsers would not show it."""
    with pytest.raises(ValidationError, match=r"must end in \.html"):
        HtmlSettings(path=Path("report.xlsx"))


def test_no_stamp_is_written_where_none_is_given(path: Path) -> None:
    """A report made for one day carries no stamp, and is one of ours all the same."""
    edits = diff(sink(path).read(()), TABLES, STAMP, heartbeat=frozenset(), due=True)
    sink(path).write(Publication(TABLES, tuple(edit for edit in edits if not isinstance(edit, WriteStamp))))
    assert sink(path).read(TABS).stamp is None
