"""A file is put in its place whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from pmosync.errors import TargetError
from pmosync.wholefile import place_faults, replace


def test_the_rights_of_a_file_stay(tmp_path: Path) -> None:
    """Who could read the old one can read the new one; a file that is new may be read by all."""
    file = tmp_path / "a.html"
    replace(file, b"1")
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"1", 0o644)
    file.chmod(0o640)
    replace(file, b"2")
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"2", 0o640)


def test_a_link_leads_on(tmp_path: Path) -> None:
    """Where a link stands, the file behind it is replaced."""
    (tmp_path / "there").mkdir()
    (tmp_path / "here.html").symlink_to(tmp_path / "there" / "a.html")
    replace(tmp_path / "here.html", b"1")
    assert (tmp_path / "here.html").is_symlink()
    assert (tmp_path / "there" / "a.html").read_bytes() == b"1"


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    """The old one stands, nothing lies beside it, and the sentence has a remedy."""
    (tmp_path / "a.html").mkdir()
    with pytest.raises(TargetError, match="cannot be written") as told:
        replace(tmp_path / "a.html", b"1")
    assert told.value.remedy
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


def test_a_place_without_a_folder_is_a_fault(tmp_path: Path) -> None:
    """It is told with what mends it; a place that takes files has none."""
    assert [fault for fault, _ in place_faults(tmp_path / "no" / "a")] == [f"the folder {tmp_path / 'no'} is not there"]
    assert list(place_faults(tmp_path / "a")) == []
