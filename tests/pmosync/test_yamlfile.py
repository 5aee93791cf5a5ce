"""YAML is read strictly, and every value knows where it stands."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from pmosync.yamlfile import dotted, parse

ENV = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def test_every_value_knows_its_line() -> None:
    """A fault can name file, line and key."""
    document = parse("a: 1\nb:\n  - c: x\n  - c: y\n", "f.yaml")
    assert document.data == {"a": 1, "b": [{"c": "x"}, {"c": "y"}]}
    assert document.place(("b", 1, "c")) == "f.yaml:4 (b[1].c)"
    assert document.place(("b", 0, "absent")) == "f.yaml:3 (b[0].absent)"


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("a: 1\na: 2\n", 2, "twice"),
        ("a: &x [1]\nb: *x\n", 1, "alias"),
        ("a: &x 1\nb: *x\n", 1, "alias"),
        ("&x a: 1\nb: {*x : 2}\n", 1, "alias"),
        ("a: !!python/object:os.system x\n", 1, "tag"),
        ("a: [1\n", 2, "not valid YAML"),
        ("a: 2026-13-45\n", 1, "no day of the calendar"),
    ],
)
def test_what_is_not_plain_is_a_fault(text: str, line: int, word: str) -> None:
    """Aliases, tags, duplicate keys and broken syntax are told with their line, and nothing is run."""
    problems = parse(text, "f.yaml").problems
    assert len(problems) == 1
    assert problems[0].startswith((f"f.yaml:{line}:", f"f.yaml:{line} (a):"))
    assert word in problems[0]


def test_dates_stay_text() -> None:
    """A date in the file is the text that a person would type into a cell."""
    assert parse("d: 2026-12-05\n", "f").data == {"d": "2026-12-05"}


def test_depth_and_size_are_capped() -> None:
    """A hostile file ends as a fault, not as an exhausted machine."""
    assert any("deep" in problem for problem in parse("[" * 60 + "]" * 60, "f").problems)
    assert any("larger" in problem for problem in parse("a: " + "x" * 2_100_000, "f").problems)


def test_an_empty_file_is_an_empty_mapping() -> None:
    """Nothing written means defaults everywhere."""
    assert parse("", "f").data == {}


def test_paths_in_words() -> None:
    """A path reads as people write it."""
    assert dotted(("projects", 2, "calendar")) == "projects[2].calendar"


@pytest.mark.parametrize("deep", ["[" * 200_000 + "]" * 200_000, "{a: " * 200_000 + "}" * 200_000, "- " * 200_000])
def test_no_depth_ends_the_interpreter(deep: str) -> None:
    """Nesting is counted before anything that calls itself reads the text: a fault with its line, never a crash. Tried
    in a process of its own, which would not live to tell.
    """
    code = "import sys; from pmosync.yamlfile import parse; print(*parse(sys.stdin.read(), 'f.yaml').problems)"
    told = subprocess.run(
        [sys.executable, "-c", code], input=f"b: 1\na:\n {deep}", capture_output=True, text=True, env=ENV
    )
    assert (told.returncode, told.stdout) == (0, "f.yaml:3: nested too deep\n")


def test_forty_levels_are_read() -> None:
    """As deep as anybody writes, and one more is a fault."""
    assert parse("[" * 40 + "]" * 40, "f.yaml").problems == ()
    assert parse("[" * 41 + "]" * 41, "f.yaml").problems == ("f.yaml:1: nested too deep",)
