"""Where two tools, or a person and the evidence, disagree."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from pmosync.compute.assess import assess
from pmosync.compute.assessment import Contradiction
from pmosync.model import BindingRow, Delivery, MergeRequest, PersonRow
from pmosync.raw import Ref, Scope

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story

MONDAY, TARGET = date(2026, 3, 2), date(2026, 3, 27)
MERGED = datetime(2026, 3, 1, 4, tzinfo=UTC)


def request(number: int, *items: str, **fields: Any) -> MergeRequest:
    """A merge request that names items; merged unless told otherwise."""
    given = {"state": "merged", "merged": MERGED, **fields}
    ref = Ref("gitlab", "merge_request", str(number))
    return MergeRequest(ref=ref, key=f"shop!{number}", title="x", items=items, **given)


def told(story: Story, *requests: MergeRequest) -> tuple[Contradiction, ...]:
    """What is contradicted today."""
    story.today = MONDAY
    return assess(replace(story.snapshot(), merge_requests=requests), story.policy, story.now).contradictions


def kinds(found: tuple[Contradiction, ...]) -> list[str]:
    """Their kinds."""
    return [each.kind for each in found]


def test_several_dates_for_one_milestone(story: Story) -> None:
    """All dates with the one that counts, and why; agreement is none."""
    story.version("PAY-M01", TARGET)
    story.source("PAY-M01", "milestone", date(2026, 4, 3), connection="gitlab")
    story.typed("PAY-M01", target=TARGET)
    (found,) = told(story)
    assert (found.kind, found.code, found.rule) == ("dates", "PAY-M01", "sheet")
    assert sorted(side.day for side in found.sides if side.day) == [TARGET, TARGET, date(2026, 4, 3)]
    assert found.counts is not None
    assert (found.counts.source, found.counts.day) == ("sheet", TARGET)
    assert kinds(told(type(story)(story.policy))) == []


def test_what_has_ended_is_not_contradicted(story: Story) -> None:
    """Once a milestone is done, nobody has to reconcile what it was planned for."""
    ref = story.version("PAY-M01", TARGET)
    story.typed("PAY-M01", target=date(2026, 4, 3))
    story.assess()
    assert kinds(told(story)) == ["dates"]
    story.closed(ref)
    assert kinds(told(story)) == []


def test_a_forecast_that_the_evidence_does_not_bear_out(story: Story) -> None:
    """Both dates stand beside each other, and the evidence counts for the colour."""
    story.version("PAY-M01", date(2026, 4, 3))
    story.typed("PAY-M01", forecast=date(2026, 3, 16))
    (found,) = told(story)
    assert (found.kind, [side.day for side in found.sides]) == ("forecast", [date(2026, 3, 16), date(2026, 4, 3)])
    assert found.counts == found.sides[1]


def reviewed(story: Story, **fields: Any) -> None:
    """A milestone with an item that waits for its review."""
    story.version("PAY-M01", TARGET)
    story.typed("PAY-M01")
    story.item("PAY-M01", "PAY-1", **{"stage": "code review", "status": "In Review", **fields})


def test_merged_but_in_review(story: Story) -> None:
    """The code is in, the item still waits: unless another merge request for it is open, or the item is elsewhere."""
    reviewed(story)
    (found,) = told(story, request(7, "PAY-1"))
    assert (found.kind, found.code) == ("in_review", "PAY-M01")
    assert [(side.name, side.says) for side in found.sides] == [("PAY-1", "In Review"), ("shop!7", "merged")]
    assert kinds(told(story, request(7, "PAY-1"), request(8, "PAY-1", state="opened", merged=None))) == []
    assert kinds(told(story, request(7, "PAY-2"))) == []
    elsewhere = type(story)(story.policy)
    reviewed(elsewhere, stage="development")
    assert kinds(told(elsewhere, request(7, "PAY-1"))) == []


@pytest.mark.parametrize("hidden", ["item", "request", "gone"])
def test_what_is_restricted_or_gone_contradicts_nothing(story: Story, hidden: str) -> None:
    """Restricted things are named nowhere, nor is what is not visible any more."""
    reviewed(story, restricted=hidden == "item")
    asked = request(7, "PAY-1", restricted=hidden == "request")
    story.today = MONDAY
    gone = {asked.ref: story.now} if hidden == "gone" else {}
    snapshot = replace(story.snapshot(), merge_requests=(asked,), gone=gone)
    assert assess(snapshot, story.policy, story.now).contradictions == ()


def test_filed_under_different_milestones(story: Story) -> None:
    """The item serves one of our milestones, its merge request another one; where either serves none, nothing is said."""
    reviewed(story, stage="development")
    other = story.source("PAY-M02", "milestone", TARGET, connection="gitlab")
    own = story.source("PAY-M01", "milestone", TARGET, connection="gitlab")
    (found,) = told(story, request(7, "PAY-1", milestones=(other,)))
    assert (found.kind, [side.says for side in found.sides]) == ("milestones", ["PAY-M01", "PAY-M02"])
    assert kinds(told(story, request(7, "PAY-1", milestones=(own,)))) == []
    assert kinds(told(story, request(7, "PAY-1"))) == []


def test_owner_unknown_in_the_other_tool(story: Story) -> None:
    """An account that owns work in one tool of a project that lives in two, and belongs to nobody of the people table."""
    reviewed(story, stage="development", owner="acc-1", owner_name="Wang")
    place = story.place("People", "x")
    story.plan["people"] = (PersonRow(place=place, key="li", name="Li", accounts=("acc-2",)),)
    story.plan["bindings"] = tuple(
        BindingRow(place=place, code="PAY", system=system, scope=Scope("project", "PAY"))
        for system in ("jira", "gitlab")
    )
    (found,) = told(story)
    assert (found.kind, found.project) == ("owner", "PAY")
    assert [side.name for side in found.sides] == ["Wang", "gitlab"]
    story.item("PAY-M01", "PAY-2", owner="acc-1", owner_name="Wang")
    assert kinds(told(story)) == ["owner"], "each account once"
    for known in ({"accounts": ("acc-1",)}, {"other_names": ("Wang",)}):
        story.plan["people"] = (PersonRow(place=place, key="w", name="王", **known),)  # type: ignore[arg-type]
        assert kinds(told(story)) == [], "known by account or by name"


def delivered(story: Story, key: str = "PAY-1", connection: str = "jira", **fields: Any) -> None:
    """An item of PAY-M01 that was delivered on Saturday evening in UTC, which is Sunday in Shanghai."""
    ref = Ref(connection, "issue", f"done-{key}")
    given = {"codes": ("PAY-M01",), "key": key, "status": "Done", "at": datetime(2026, 2, 28, 20, tzinfo=UTC), **fields}
    story.deliveries.append(Delivery(ref=ref, **given))


def test_delivered_but_a_merge_request_is_open(story: Story) -> None:
    """Each with the one that was opened first, on days of the project's zone; merged ones and those of other keys are none."""
    story.version("PAY-M01", TARGET)
    story.typed("PAY-M01")
    delivered(story)
    early, later = (
        request(n, "PAY-1", state="opened", merged=None, created=datetime(2026, 2, n, tzinfo=UTC)) for n in (9, 10)
    )
    (found,) = list(told(story, later, early, request(1, "PAY-1"), request(2, "PAY-2", state="opened")))
    assert (found.kind, found.code, found.project) == ("unmerged", "PAY-M01", "PAY")
    assert [(side.name, side.day) for side in found.sides] == [
        ("PAY-1", date(2026, 3, 1)),
        ("shop!9", date(2026, 2, 9)),
    ]
    assert kinds(told(story, request(1, "PAY-1"))) == []


@pytest.mark.parametrize(("draft", "state"), [(True, "draft"), (False, "opened")])
def test_an_open_draft_is_said_to_be_one(story: Story, *, draft: bool, state: str) -> None:
    """Nobody is asked to merge it yet: whether the item is delivered or the draft left behind is another question."""
    story.version("PAY-M01", TARGET)
    story.typed("PAY-M01")
    delivered(story)
    (found,) = list(told(story, request(9, "PAY-1", state="opened", merged=None, draft=draft)))
    assert found.sides[1].says == state


def test_what_is_hidden_is_delivered_in_silence(story: Story) -> None:
    """Neither a restricted item, whose key is not kept, nor one that is not visible any more."""
    story.version("PAY-M01", TARGET)
    story.typed("PAY-M01")
    delivered(story, key="")
    delivered(story, key="PAY-2")
    story.today = MONDAY
    gone = {Ref("jira", "issue", "done-PAY-2"): story.now}
    open_one = request(1, "PAY-1", "PAY-2", state="opened")
    snapshot = replace(story.snapshot(), merge_requests=(open_one,), gone=gone)
    assert kinds(assess(snapshot, story.policy, story.now).contradictions) == []


def test_a_key_of_two_sites_names_neither(story: Story) -> None:
    """Which of them a merge request means cannot be said."""
    reviewed(story)
    assert kinds(told(story, request(1, "PAY-1"))) == ["in_review"]
    delivered(story, connection="jira-eu")
    assert kinds(told(story, request(1, "PAY-1"), request(2, "PAY-1", state="opened"))) == []


def test_the_day_of_a_merge_is_the_projects(story: Story) -> None:
    """Merged on Saturday evening in UTC it was Sunday in Shanghai."""
    reviewed(story)
    (found,) = told(story, request(1, "PAY-1", merged=datetime(2026, 2, 28, 20, tzinfo=UTC)))
    assert found.sides[1].day == date(2026, 3, 1)
