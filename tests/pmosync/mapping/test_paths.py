"""Paths: where a value stands in a record, safely."""

from __future__ import annotations

from typing import Any

import jmespath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmosync.mapping.paths import compile_first, compile_path, reads

NAMES = st.sampled_from(["a", "b", "c"])
TREES = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda child: st.dictionaries(NAMES, child, max_size=3) | st.lists(child, max_size=2),
    max_leaves=12,
)


@given(TREES, st.lists(NAMES, min_size=1, max_size=5))
def test_a_plain_path_reads_what_jmespath_reads(record: Any, steps: list[str]) -> None:
    """The fast closures and JMESPath agree on every record, also where something is missing or of another shape."""
    path = ".".join(steps)
    assert compile_path(path)(record) == jmespath.search(path, record)


def test_anything_else_is_jmespath() -> None:
    """Indexes and filters are JMESPath; a filter that does not fit the record is absent, not an error."""
    assert compile_path("a[0].b")({"a": [{"b": 1}]}) == 1
    assert compile_path("a[?contains(b, 'x')] | [0].b")({"a": [{"b": "xy"}]}) == "xy"
    assert compile_path("length(a)")({"a": 7}) is None


@pytest.mark.parametrize("path", ["", "a..b", "a[", "a b c", "[?"])
def test_what_is_no_path_is_refused(path: str) -> None:
    """A path with a fault is told when the mapping is loaded, not when a record comes."""
    with pytest.raises(ValueError, match=r".*"):
        compile_path(path)


def test_the_first_value_wins() -> None:
    """Of several paths the first with a value counts; empty text is no value, false and 0 are."""
    first = compile_first(("a", "b", "c"))
    assert first({"a": None, "b": "", "c": "x"}) == "x"
    assert first({"b": False, "c": "x"}) is False
    assert first({"b": 0, "c": "x"}) == 0
    assert first({}) is None


@pytest.mark.parametrize(
    ("path", "fetched"),
    [
        ("fields.status.name", ("fields.status.name",)),
        ("labels", ("labels",)),
        ("fields.labels[0].name", ("fields.labels.*",)),
        ("fields.components[*].description", ("fields.components.*",)),
        ("fields.assignee.nick || fields.reporter.emailAddress", ("fields.assignee.*", "fields.reporter.*")),
        ("join('fields.x', [fields.priority.name, fields.priority.id])", ("join", "fields.priority.*")),
        ("labels[0]", ("labels",)),
    ],
)
def test_a_source_fetches_all_that_a_path_names(path: str, fetched: tuple[str, ...]) -> None:
    """A source need not understand JMESPath to know what to fetch, and of what an expression may read anything."""
    assert reads(path) == fetched
