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
    ("name", "text", "problems"),
    [
        ("m.csv", "1,2\n3\n4,5,6\n", ("m.csv:2: 1 columns, not 2", "m.csv:3: 3 columns, not 2")),
        ("m.yaml", "- {old: 1}\n- 7\n", ("m.yaml:1: neither old nor new", "m.yaml:2: neither old nor new")),
        ("m.yaml", "1: [2]\n", ("m.yaml:1: no id",)),
        ("m.yaml", "a: 1\na: 2\n", None),
        ("m.csv", "old,new\n", ()),
        ("m.yaml", "", ()),
    ],
)
def test_faults(tmp_path: Path, name: str, text: str, problems: tuple[str, ...] | None) -> None:
    """All of them at once; a file without a line says nothing."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read(path)
    assert problems is None or caught.value.problems == problems


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """One line each."""
    with pytest.raises(ConfigError, match="cannot be read"):
        read(tmp_path / "none.csv")
    (tmp_path / "m.csv").write_bytes(b"\xff\xfe1")
    with pytest.raises(ConfigError, match="not UTF-8"):
        read(tmp_path / "m.csv")
