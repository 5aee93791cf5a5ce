"""What is not visible any more stays in scope and forecast, and is named nowhere."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pmosync.compute.assess import assess
from pmosync.compute.assessment import Assessment
from pmosync.compute.veil import veiled
from pmosync.model import ItemLink
from pmosync.raw import Ref

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story


def without(story: Story, *gone: Ref) -> Assessment:
    """What an assessment says now that these are not visible since yesterday."""
    since: datetime = story.now - timedelta(days=1)
    return assess(replace(story.snapshot(), gone=dict.fromkeys(gone, since)), story.policy, story.now)


def test_a_vanished_child_dates_its_milestone_and_is_not_named(story: Story) -> None:
    """A deleted or hidden item stays in scope and forecast; its key stands nowhere, and it is no exception of Work."""
    story.version("PAY-M01", date(2026, 3, 20))
    story.scope("PAY-M01", total=1, open=1, dated_open=1, latest_due=(date(2026, 4, 10), "PAY-41"))
    story.item("PAY-M01", "PAY-41", due=date(2026, 4, 10))
    story.item("", "PAY-42", due=date(2026, 2, 2))
    said = without(story, *(item.ref for item in story.items))
    expected = said.milestones[0].expected
    assert expected is not None
    assert (expected.day, expected.source, expected.name) == (date(2026, 4, 10), "child", "")
    assert said.items == ()
    assert "PAY-41" not in repr(said).replace("jira:issue:PAY-41", "its id")
    assert "restricted" not in {finding.rule for finding in said.findings}


def test_a_vanished_blocker_is_waited_for_and_not_named(story: Story) -> None:
    """What blocks and is not visible any more still counts, without its key."""
    story.version("PAY-M01", date(2026, 3, 20))
    story.scope("PAY-M01", total=1, open=1)
    story.item("PAY-M01", "PAY-1", links=(ItemLink("blocked_by", "PAY-41"),))
    story.item("", "PAY-41", due=date(2026, 4, 10))
    expected = without(story, story.items[1].ref).milestones[0].expected
    assert expected is not None
    assert (expected.day, expected.source, expected.name) == (date(2026, 4, 10), "predecessor", "")


def test_a_vanished_source_lends_its_date_without_its_title(story: Story) -> None:
    """The promise stays, the words of its source go."""
    ref = story.version("PAY-M01", date(2026, 3, 4), key="R-1", url="https://jira.example.com/R-1")
    story.on(date(2026, 3, 3))
    story.today = date(2026, 3, 5)
    said = without(story, ref)
    (verdict,) = said.milestones
    assert (verdict.target and (verdict.target.day, verdict.target.name)) == (date(2026, 3, 4), "")
    assert verdict.url == ""
    assert "version PAY-M01" not in repr(said)


def test_a_roll_up_does_not_name_a_vanished_milestone(story: Story) -> None:
    """Project and portfolio say which code makes them Red, not what it was called."""
    ref = story.version("PAY-M01", date(2026, 3, 4))
    story.typed("PAY-M01", type="final")
    story.program("P", parent="G")
    story.program("G", level="portfolio")
    story.project("PAY", program="P")
    story.on(date(2026, 3, 3))
    story.today = date(2026, 3, 5)
    said = without(story, ref)
    rags = [*(each.rag for each in said.projects), *(each.rag for each in said.portfolios)]
    told = [why.values for rag in rags for why in rag.reasons if "code" in why.values]
    assert [(why["code"], why["name"]) for why in told] == [("PAY-M01", ""), ("PAY-M01", "")]


def test_nothing_gone_changes_nothing(story: Story) -> None:
    """What is visible is told as it is."""
    story.version("PAY-M01", date(2026, 3, 20))
    assert veiled(story.snapshot()) == story.snapshot()


def test_a_vanished_child_is_not_named_in_the_ledger_any_more(story: Story) -> None:
    """Rows that were kept while it could be seen lose its key as soon as it cannot: their days stay."""
    story.version("PAY-M01", date(2026, 3, 20))
    story.typed("PAY-M01")
    story.on(date(2026, 3, 2))
    story.scope("PAY-M01", total=1, open=1, dated_open=1, latest_due=(date(2026, 4, 10), "PAY-41"))
    story.item("PAY-M01", "PAY-41", due=date(2026, 4, 10))
    story.on(date(2026, 3, 9))
    assert "PAY-41" in repr(story.ledger("expected"))
    said = without(story, *(item.ref for item in story.items))
    assert [move.new for move in said.moves["PAY-M01"]] == [date(2026, 3, 20), date(2026, 4, 10)]
    assert "PAY-41" not in repr(said).replace("jira:issue:PAY-41", "its id")
