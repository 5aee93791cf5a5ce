"""The Contradictions tab: what each side says, what counts, and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from msgspec.structs import replace

from pmosync.compute.assessment import Contradiction, Side
from pmosync.compute.contradictions import KINDS
from pmosync.dashboard.build import build
from pmosync.dashboard.content import Content
from pmosync.dashboard.words.terms import TERMS
from pmosync.sheet import Link, Row

DATES = Contradiction(
    kind="dates",
    code="PAY-M03",
    project="PAY",
    sides=(Side("sheet", day=date(2026, 12, 10)), Side("version", "v2", day=date(2026, 12, 21))),
    counts=Side("sheet", day=date(2026, 12, 10)),
    rule="sheet",
)
REVIEW = Contradiction(
    kind="in_review",
    code="PAY-M03",
    project="PAY",
    sides=(
        Side("item", "PAY-41", "In Review", url="https://jira.example.com/browse/PAY-41"),
        Side("merge_request", "shop!7", "merged", date(2026, 11, 30)),
    ),
)
SECRET = replace(DATES, code="PAY-M99")


def rows(content: Content, *found: Contradiction) -> tuple[Row, ...]:
    """The tab's rows for these."""
    told = replace(content, assessment=replace(content.assessment, contradictions=found))
    return next(table for table in build(told) if table.tab.key == "contradictions").rows


def test_what_each_side_says(story: Callable[..., Content]) -> None:
    """All dates, then the one that counts with its reason; who answers for it."""
    (row,) = rows(story(), DATES)
    assert row == (
        *("several dates for one milestone", "PAY-M03", "Public beta 公测", "PAY"),
        "plan sheet: 10 Dec 2026; version v2: 21 Dec 2026",
        *("plan sheet: 10 Dec 2026", "the plan sheet counts where no binding leads", "李娜"),
    )


def test_where_nothing_counts_somebody_has_to_correct_it(story: Callable[..., Content]) -> None:
    """Two tools that disagree about work: neither wins, and the cell leads to the item."""
    (row,) = rows(story("zh-CN"), REVIEW)
    assert row[4] == Link(
        "事项 PAY-41：In Review；合并请求 shop!7：已合并 2026年11月30日", "https://jira.example.com/browse/PAY-41"
    )
    assert (row[5], row[6]) == ("无：需更正其中一方", None)


@pytest.mark.parametrize(("language", "word"), [("en", "draft"), ("zh-CN", "草稿")])
def test_a_draft_is_named_in_both_languages(story: Callable[..., Content], language: str, word: str) -> None:
    """An open merge request that is a draft says so in the reader's language."""
    request = Side("merge_request", "shop!9", "draft", date(2026, 11, 30))
    (row,) = rows(story(language), replace(REVIEW, kind="unmerged", sides=(REVIEW.sides[0], request)))
    assert isinstance(row[4], Link)
    assert word in row[4].text


def test_what_nobody_may_see_is_not_told(story: Callable[..., Content]) -> None:
    """A restricted milestone's contradictions are its own; who may see it sees them."""
    assert rows(story(), SECRET) == ()
    assert len(rows(story(audience_sees_restricted=True), SECRET)) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_worded(kind: str) -> None:
    """What is contradicted has words in both languages."""
    assert all(TERMS["contradiction"][kind])
