"""Work: exceptions only."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from pmosync.compute.assessment import ItemNote
from pmosync.compute.worklist import gravest
from pmosync.model import Binding, Category, Level, WorkItem
from pmosync.raw import Ref

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story

NEAR, FAR = date(2026, 3, 30), date(2026, 3, 31)


def listed(story: Story) -> dict[str, tuple[str, ...]]:
    """Problem codes by item key."""
    story.assess()
    return {note.item.key: note.problems for note in story.last.items}


def test_only_exceptions_are_listed(story: Story) -> None:
    """Items with a problem code, or in a committee milestone due within 20 wd."""
    story.typed("PAY-M01", target=NEAR)
    story.typed("PAY-M02", target=FAR)
    story.typed("PAY-M03", target=NEAR, level=Level.TRACKED)
    for code in ("PAY-M01", "PAY-M02", "PAY-M03"):
        story.item(code, f"{code}-1", owner="a", due=NEAR, category=Category.TODO)
    assert listed(story) == {"PAY-M01-1": ("soon",)}


def test_problem_codes(story: Story) -> None:
    """Overdue, without owner or date once it matters, unmapped, quiet: each has its code."""
    story.typed("PAY-M01", target=date(2026, 6, 12))
    story.typed("PAY-M02", target=NEAR, level=Level.TRACKED)
    done = {"owner": "a", "due": NEAR, "category": Category.TODO}
    story.item("PAY-M01", "A", **{**done, "due": date(2026, 2, 27)})
    story.item("PAY-M01", "B", **{**done, "owner": "", "category": Category.DOING})
    story.item("PAY-M01", "C", **{**done, "category": Category.UNMAPPED})
    story.item("PAY-M01", "D", **{**done, "category": Category.DOING, "updated": datetime(2026, 1, 5, tzinfo=UTC)})
    story.item("PAY-M02", "E", **{**done, "owner": "", "due": None})
    story.item("PAY-M01", "F", **{**done, "owner": "", "due": None})
    story.item("PAY-M01", "G", **{**done, "due": date(2026, 3, 2)})
    assert listed(story) == {
        "A": ("overdue",),
        "B": ("no-owner",),
        "C": ("unmapped-status",),
        "D": ("quiet",),
        "E": ("no-owner", "no-date"),
    }


def test_due_in_counts_working_days(story: Story) -> None:
    """Working days until due; negative is overdue (28 February 2026 is a make-up Saturday)."""
    story.typed("PAY-M01", target=NEAR)
    story.item("PAY-M01", "A", due=date(2026, 2, 27))
    story.item("PAY-M01", "B", due=date(2026, 3, 5))
    story.assess()
    assert [note.due_in for note in story.last.items] == [-2, 3]


def test_items_without_milestone_belong_to_their_project(story: Story) -> None:
    """An overdue item that serves no milestone is found under the project whose source it lives in."""
    story.typed("PAY-M01", target=NEAR)
    story.bindings.append(Binding(code="PAY", ref=Ref("jira", "project", "10001"), since=story.now))
    story.item("", "PAY-9", due=date(2026, 2, 2), owner="a", container="10001")
    story.assess()
    assert [(note.project, note.codes) for note in story.last.items] == [("PAY", ())]


def test_an_item_belongs_to_what_it_serves_and_is_judged_by_all_of_it(story: Story) -> None:
    """An item that serves two milestones is due soon if either is; one whose milestone is judged no more (its row is gone)
    is its container's project's.
    """
    story.typed("PAY-M01", target=NEAR)
    story.typed("PAY-M02", target=FAR)
    story.bindings.append(Binding(code="PAY", ref=Ref("jira", "project", "10001"), since=story.now))
    story.item("PAY-M02", "A", owner="a", due=NEAR, category=Category.TODO, container="10001")
    story.item("PAY-M09", "B", owner="a", due=date(2026, 2, 2), category=Category.TODO, container="10001")
    story.serves[story.items[0].ref] = ("PAY-M02", "PAY-M01")
    story.assess()
    found = [(note.project, note.codes, note.problems) for note in story.last.items]
    assert found == [("PAY", ("PAY-M02", "PAY-M01"), ("soon",)), ("PAY", (), ("overdue",))]


def test_a_limit_keeps_the_gravest_in_the_order_given() -> None:
    """Where not all can be listed, overdue items of a committee milestone due soon stay first, whatever project they are of;
    what is kept stands in the canonical order.
    """

    def note(project: str, *problems: str, due_in: int | None = None) -> ItemNote:
        item = WorkItem(ref=Ref("jira", "issue", project), key=f"{project}-1", title=project)
        return ItemNote(item=item, project=project, codes=(), problems=problems, due_in=due_in)

    notes = (
        note("AAA", "quiet"),
        note("BBB", "overdue", due_in=-3),
        note("CCC", "soon"),
        note("DDD", "overdue", due_in=-9),
        note("ZZZ", "overdue", "soon", due_in=-1),
    )
    assert [each.project for each in gravest(notes, 1)] == ["ZZZ"]
    assert [each.project for each in gravest(notes, 3)] == ["CCC", "DDD", "ZZZ"]
    assert gravest(notes, 9) == notes
