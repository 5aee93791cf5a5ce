"""Text cleaned at the border."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pmosync.mapping.text import CUT, LIMIT, clean, fold, units

ANY = st.text(alphabet=st.characters(), max_size=200)
BAD = "".join(
    map(chr, (*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
)


@given(ANY, st.lists(st.sampled_from([*BAD, "\ud800", "\udfff", "\u200f"]), max_size=20))
def test_nothing_unwanted_is_left(text: str, bad: list[str]) -> None:
    """Controls, bidi controls and lone surrogates never come through, and what comes through is UTF-8."""
    found = clean(text + "".join(bad) + text)
    assert not set(found) & set(BAD)
    assert found.encode("utf-8").decode() == found


@given(ANY)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    """Clean text stays as it is."""
    assert clean(clean(text)) == clean(text)


@given(st.text(alphabet="aé中🚀", min_size=10, max_size=300), st.integers(20, 200))
def test_a_cut_is_marked_and_inside_the_limit(text: str, limit: int) -> None:
    """Longer text is cut at the limit in UTF-16 units, mark included, never inside a character; shorter text is untouched."""
    found = clean(text, limit)
    if units(text) <= limit:
        assert found == text
    else:
        assert found.endswith(CUT)
        assert limit - 1 <= units(found) <= limit
        assert text.startswith(found.removesuffix(CUT))


def test_the_limit_is_what_a_cell_takes() -> None:
    """Text is cut at 45,000 UTF-16 units."""
    assert units(clean("🚀" * 40_000)) == LIMIT == 45_000
    assert clean("x" * LIMIT) == "x" * LIMIT


def test_line_breaks_and_tabs_stay() -> None:
    """Every kind of line break becomes one newline; tabs stay; outer blanks go."""
    assert clean(" a\r\nb\rc\u2028d\te ") == "a\nb\nc\nd\te"


def test_joined_emoji_stay_whole() -> None:
    """The joiner inside an emoji is text, not a control."""
    assert clean("👩‍💻") == "👩‍💻"


def test_words_are_compared_without_case_and_width() -> None:
    """Full-width letters, case and runs of blanks do not count."""
    assert fold(" Ｉｎ  PROGRESS ") == fold("in progress")
