"""Grid data as Google tells it, and what it means."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from pmosync_google_sheets.content import Content, content, decoded

Json = dict[str, Any]


def told(*rows: list[Json], **block: int) -> Content:
    """What is seen of a sheet with these cells."""
    sheet = {"data": [{"rowData": [{"values": row} if row else {} for row in rows], **block}]}
    (seen,) = decoded(msgspec.json.encode({"sheets": [sheet]}))["sheets"]
    return content(seen)


def value(**kinds: Any) -> Json:
    """A cell that shows this."""
    return {"effectiveValue": kinds}


def test_values_of_every_kind() -> None:
    """Numbers, texts and ticks are as they are, also 0 and FALSE; an error is what a person reads in the cell."""
    row = [value(numberValue=0), value(stringValue="a"), value(boolValue=False), value(errorValue={"type": "N_A"})]
    assert told(row).values == [[0, "a", False, "#N/A"]]
    assert told([value(errorValue={"type": "something new"})]).values == [["#ERROR!"]]


def test_empty_cells() -> None:
    """Cells that only look like something are empty; rows end with their last value, a sheet with its last row."""
    shown = told([{}, value(stringValue="a"), {}, {"userEnteredValue": {}}], [], [{}], [value(numberValue=1)], [{}], [])
    assert shown.values == [["", "a"], [], [], [1]]
    assert content({}) == content({"data": [{}]}) == Content([], {}, {})


def test_cells_that_begin_further_on() -> None:
    """Everything is told from the sheet's first cell on, wherever the data begins."""
    cell = {**value(stringValue="a"), "hyperlink": "https://a.example"}
    shown = told([cell], startRow=1, startColumn=2)
    assert (shown.values, shown.links) == ([[], ["", "", "a"]], {(1, 2): "https://a.example"})


def test_what_computes_is_known_from_text_that_looks_like_it() -> None:
    """A formula is one where Google says so; a text that begins with an equals sign is a text."""
    formula = {**value(numberValue=2), "userEnteredValue": {"formulaValue": "=1+1"}}
    assert told([formula, value(stringValue="=1+1")]).formulas == {(0, 0): "=1+1"}


def test_the_rest_of_an_answer_is_as_it_came() -> None:
    """Only the rows of cells are taken apart."""
    told = {"spreadsheetId": "x", "sheets": [{"properties": {"title": "a"}, "data": [{"columnMetadata": [{}]}]}]}
    assert decoded(msgspec.json.encode(told)) == told
    for broken in (b"<html>", b"[]", b'{"sheets": 1}'):
        with pytest.raises(msgspec.DecodeError):
            decoded(broken)
