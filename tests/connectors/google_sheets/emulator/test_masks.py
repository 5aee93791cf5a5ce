"""Field masks."""

from __future__ import annotations

import pytest

from pmosync_google_sheets.emulator.masks import parse, response_mask, select, stranger, update, update_mask
from pmosync_google_sheets.emulator.refusals import Refusal

VALUE = {"a": {"b": 1, "c": [{"d": 2, "e": 3}, {"e": 4}]}, "f": 5}


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("f", {"f": 5}),
        ("a.b", {"a": {"b": 1}}),
        ("a/b,f", {"a": {"b": 1}, "f": 5}),
        ("a(b,c(d))", {"a": {"b": 1, "c": [{"d": 2}, {}]}}),
        ("a.c/e", {"a": {"c": [{"e": 3}, {"e": 4}]}}),
        ("a(c.d),a.b", {"a": {"b": 1, "c": [{"d": 2}, {}]}}),
        ("a.b,a", {"a": VALUE["a"]}),
        ("a,a.b", {"a": VALUE["a"]}),
        ("a(*)", {"a": VALUE["a"]}),
        ("*", VALUE),
        ("x", {}),
    ],
)
def test_an_answer_is_cut(text: str, cut: object) -> None:
    """Dots, slashes and parentheses mean the same; lists are cut item by item; a whole name wins over its parts."""
    assert select(parse(text), VALUE) == cut


@pytest.mark.parametrize("text", ["a(", "a)", "a..b", ",a", "a(b", "a b", "a.", "é"])
def test_broken_masks_are_named(text: str) -> None:
    """A mask that cannot be read is an error, never all fields."""
    with pytest.raises(ValueError, match=r"^.*$"):
        parse(text)


def test_update_sets_what_is_named_and_removes_what_is_not_given() -> None:
    """Only masked fields change; the old object stays as it is."""
    old = {"a": {"b": 1, "c": 2}, "d": 3}
    assert update(old, {"a": {"b": 9}}, parse("a.b")) == {"a": {"b": 9, "c": 2}, "d": 3}
    assert update(old, {"a": {"b": 9}}, parse("a")) == {"a": {"b": 9}, "d": 3}
    assert update(old, {}, parse("a.b,a.c")) == {"d": 3}
    assert update(old, {"d": 4}, parse("*")) == {"d": 4}
    assert old == {"a": {"b": 1, "c": 2}, "d": 3}


def test_names_are_checked_against_the_contract() -> None:
    """A mask may name only fields that the schema has, snake_case too."""
    assert stranger("sheets.v4", "Spreadsheet", parse("sheets(properties(sheet_id,title),data.rowData)")) == ""
    assert stranger("sheets.v4", "Spreadsheet", parse("sheets.properties.nope")) == "sheets.properties.nope"
    for broken in ("sheets.nope", "sheets("):
        with pytest.raises(Refusal, match="Request contains an invalid argument") as refused:
            response_mask("sheets.v4", "Spreadsheet", broken)
        assert refused.value.extra["details"][0]["fieldViolations"][0]["field"] == broken
    with pytest.raises(Refusal, match="At least one field"):
        update_mask(" ", "CellData")
    with pytest.raises(Refusal, match="Invalid field: nope"):
        update_mask("nope", "CellData")
