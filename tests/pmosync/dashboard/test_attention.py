"""The Attention tab: who acts on what, and nothing of what the audience may not see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from msgspec.structs import replace

from pmosync.compute.attention import RULES
from pmosync.dashboard.attention import build_attention, tab
from pmosync.dashboard.build import build
from pmosync.dashboard.content import Content
from pmosync.dashboard.words.terms import TERMS
from pmosync.sheet import Value, text_of


def rows(content: Content) -> list[Mapping[str, Value]]:
    """The tab's rows by column, as the audience gets them."""
    table = next(table for table in build(content) if table.tab.key == "attention")
    return [dict(zip((column.key for column in table.tab.columns), row, strict=True)) for row in table.rows]


def test_every_concern_has_its_words() -> None:
    """A rule and a turn without words would show their keys."""
    assert {rule for rule, _ in RULES.values()} == TERMS["concern"].keys()
    assert {acts for _, acts in RULES.values()} == TERMS["acts"].keys()


def test_a_line_says_what_who_and_how_much(story: Callable[..., Content]) -> None:
    """A person where one is known, else the role; what went away says when, and no reason."""
    first, second, gone = rows(story())
    assert (first["place"], text_of(first["code"]), first["acts"], first["push"], first["cost"]) == (
        1,
        "PAY-M03",
        "李娜",
        5,
        15,
    )
    assert (second["name"], second["rag"], second["state"]) == ("=IMPORTXML(A1)", None, "open")
    assert (gone["says"], gone["state"], gone["id"]) == (None, "gone since 1 Dec 2026", "quiet:PAY-M03")


def test_what_is_restricted_is_no_line_and_no_mention(story: Callable[..., Content]) -> None:
    """Neither its own concern nor its code as the final milestone that another one pushes."""
    hidden, shown = rows(story()), rows(story(audience_sees_restricted=True))
    assert [row["final"] for row in hidden] == ["restricted", None, None]
    assert [row["final"] for row in shown] == ["PAY-M99", None, None, None]


def test_views_find_what_they_name(story: Callable[..., Content]) -> None:
    """What a view of the tab looks for is what its column shows, in both languages."""
    for language in ("en", "zh-CN"):
        content = story(language)
        view = tab(content).views[0]
        shown = [row[tab(content).position(view.column)] for row in build_attention(content).rows]
        assert any(value in view.values for value in shown)


def test_what_pushes_nothing_says_so(story: Callable[..., Content]) -> None:
    """A milestone that makes no final one late has 0 and no gap: the list is ranked by it. What was decided is told as that."""
    content = story()
    said = content.assessment
    decided = replace(said.concerns[0], push=None, decided=date(2026, 12, 18))
    first, project, gone = rows(replace(content, assessment=replace(said, concerns=(decided, *said.concerns[1:]))))
    assert (first["push"], first["cost"], first["final"]) == (0, 0, None)
    assert first["state"] == "decided until 18 Dec 2026"
    assert (project["push"], gone["push"]) == (None, None)
