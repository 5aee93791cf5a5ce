"""The file that says which is which: both forms are read, and every faulty line is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from pmosync.cli.mapfile import read
from pmosync.errors import ConfigError


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("m.csv", "old,new\n10400, 20400\n\nPAY-1,PAY-7\n"),
        ("m.csv", "\ufeffOLD,NEW\r\n10400,20400\r\nPAY-1,PAY-7"),
        ("m.csv", "\ufeffold;new\r\n10400;20400\r\nPAY-1;PAY-7\r\n"),
        ("m.tsv", "old\tnew\n10400\t20400\nPAY-1\tPAY-7\n"),
        ("m.txt", '"10400","20400"\nPAY-1,PAY-7\n'),
        ("m.yaml", "10400: 20400\nPAY-1: PAY-7\n"),
        ("m.yml", "- {old: 10400, new: 20400}\n- {new: PAY-7, old: PAY-1}\n"),
    ],
)
def test_forms(tmp_path: Path, name: str, text: str) -> None:
    """CSV with or without a header, a mapping, or a list."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert [(line.old, line.new) for line in read(path)] == [("10400", "20400"), ("PAY-1", "PAY-7")]
    first, second = (int(line.place.removeprefix(f"{name}:")) for line in read(path))
    assert 0 < first < second


@pytest.mark.parametrize(
    ("name", "text", "faults"),
    [
        ("m.csv", "1,2\n3\n4,5,6\n", ["", "1 column, not 2", "3 columns, not 2"]),
        ("m.csv", "3\n", ["1 column, not 2"]),
        ("m.yaml", "- {old: 1}\n- 7\n", ["neither old nor new", "neither old nor new"]),
        ("m.yaml", "1: [2]\n", ["no id"]),
    ],
)
def test_faulty_lines(tmp_path: Path, name: str, text: str, faults: list[str]) -> None:
    """Each is handed on with what is wrong with it, so that what the others name is told in the same round."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert [line.fault for line in read(path)] == faults


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("m.yaml", "a: 1\na: 2\n", "cannot be read as YAML"),
        ("m.csv", "old,new\n", "no line in it"),
        ("m.csv", "old;new\n", "no line in it"),
        ("m.yaml", "", "no line in it"),
    ],
)
def test_files_that_say_nothing(tmp_path: Path, name: str, text: str, words: str) -> None:
    """What is no YAML at all, and a file without a line."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=words):
        read(path)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """One line each."""
    with pytest.raises(ConfigError, match="cannot be read"):
        read(tmp_path / "none.csv")
    (tmp_path / "m.csv").write_bytes(b"\xff\xfe1")
    with pytest.raises(ConfigError, match="not UTF-8"):
        read(tmp_path / "m.csv")
