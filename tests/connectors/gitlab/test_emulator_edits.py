"""What edits do to an issue's ``updated_at``, events and notes: measured on a real server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmosync.emulation import events as e
from pmosync.errors import ConfigError
from pmosync_gitlab.emulator import GitlabEmulator

START = datetime.fromisoformat("2026-03-02T08:00:00+00:00")
ISSUE = "/projects/pay%2Fcore%2Fapi/issues/1"
KEY = "pay/core/api#1"
Server = Callable[..., Any]


def later(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


@pytest.fixture
def site(server: Server, little_story: tuple[e.Event, ...]) -> Any:
    """The little story, told to a new server."""
    found = server()
    found.tell(*little_story)
    return found


SILENT: list[Callable[[datetime], e.Event]] = [
    lambda at: e.ItemAssigned(at=at, by="ann", key=KEY, to="wang"),
    lambda at: e.ItemLabelled(at=at, by="ann", key=KEY, labels=("urgent",)),
    lambda at: e.ItemCommented(at=at, by="ann", key=KEY, text="soon"),
    lambda at: e.ItemEstimated(at=at, by="ann", key=KEY, estimate=24.0),
    lambda at: e.ItemLinked(at=at, by="ann", key=KEY, other="pay/core/api#2"),
]
LOUD: list[Callable[[datetime], e.Event]] = [
    lambda at: e.ItemPlanned(at=at, by="ann", key=KEY, milestone="G1"),
    lambda at: e.ItemDated(at=at, by="ann", key=KEY, due=date(2026, 7, 1)),
    lambda at: e.ItemRetitled(at=at, by="ann", key=KEY, title="Sign-in"),
    lambda at: e.ItemMoves(at=at, by="ann", key=KEY, to=e.Stage.DONE),
    lambda at: e.ItemRestricted(at=at, by="ann", key=KEY),
]


@pytest.mark.parametrize("edit", SILENT)
def test_small_edits_within_a_minute_do_not_move_updated_at(site: Any, edit: Callable[[datetime], e.Event]) -> None:
    """Assignee, labels, notes, time and links: not within 60 s of the last update, but later."""
    site.tell(e.ItemRetitled(at=later(60), by="ann", key=KEY, title="Touched"), edit(later(60.9)))
    assert site.get(ISSUE).body["updated_at"] == "2026-03-02T09:00:00.000Z"
    site.tell(e.ItemCommented(at=later(62), by="ann", key=KEY, text="again"))
    assert site.get(ISSUE).body["updated_at"] == "2026-03-02T09:02:00.000Z"


@pytest.mark.parametrize("edit", LOUD)
def test_great_edits_always_move_updated_at(site: Any, edit: Callable[[datetime], e.Event]) -> None:
    """Milestone, due date, title, state and confidentiality move it, however soon."""
    site.tell(e.ItemRetitled(at=later(60), by="ann", key=KEY, title="Touched"), edit(later(60.5)))
    assert site.get(ISSUE).body["updated_at"] == "2026-03-02T09:00:30.000Z"


def test_editing_a_milestone_does_not_move_its_issues(site: Any) -> None:
    """The milestone moves, its issues do not, and they show the new date at once."""
    before = site.get(ISSUE).body["updated_at"]
    site.tell(e.MilestoneDated(at=later(90), by="ann", key="A1", due=date(2026, 6, 12)))
    found = site.get(ISSUE).body
    assert (found["updated_at"], found["milestone"]["due_date"]) == (before, "2026-06-12")
    assert found["milestone"]["updated_at"] == "2026-03-02T09:30:00.000Z"


def test_due_dates_leave_english_notes(site: Any) -> None:
    """Set, moved and removed: a system note each, the only trace of what was."""
    site.tell(
        e.ItemDated(at=later(60), by="ann", key=KEY, due=date(2026, 12, 2)),
        e.ItemDated(at=later(61), key=KEY, due=None),
    )
    notes = site.rows(f"{ISSUE}/notes?sort=asc&activity_filter=only_activity")
    bodies = [note["body"] for note in notes if "due date" in note["body"]]
    assert bodies == ["changed due date to May 20, 2026", "changed due date to December 02, 2026", "removed due date"]
    assert all(note["system"] for note in notes)


def test_states_leave_events_and_reopening_clears_closed_at(site: Any) -> None:
    """closed and reopened are recorded, opened is not; closed_at and closed_by are null again after reopening."""
    site.tell(
        e.ItemMoves(at=later(60), by="ann", key=KEY, to=e.Stage.DONE),
        e.ItemMoves(at=later(70), by="wang", key=KEY, to=e.Stage.TODO),
    )
    events = site.rows(f"{ISSUE}/resource_state_events")
    assert [(event["state"], event["user"]["username"]) for event in events] == [
        ("closed", "ann"),
        ("reopened", "wang"),
    ]
    found = site.get(ISSUE).body
    assert (found["state"], found["closed_at"], found["closed_by"]) == ("opened", None, None)


def test_stages_are_told_by_state_and_labels(site: Any) -> None:
    """todo, doing, review, done, dropped, and a raw status that no mapping knows."""
    seen = []
    for minute, stage in enumerate(e.Stage, 60):
        site.tell(e.ItemMoves(at=later(minute), by="ann", key=KEY, to=stage))
        found = site.get(ISSUE).body
        seen.append((found["state"], [name for name in found["labels"] if name != "backend"]))
    site.tell(e.ItemStatus(at=later(70), by="ann", key=KEY, status="等待法务"))
    assert seen == [
        ("opened", []),
        ("opened", ["status::in progress"]),
        ("opened", ["status::review"]),
        ("closed", []),
        ("closed", ["wontfix"]),
    ]
    assert "status::等待法务" in site.get(ISSUE).body["labels"]


def test_changing_the_milestone_is_one_event_and_removing_it_another(site: Any) -> None:
    """From one milestone to another only an add is recorded; the event shows the milestone as it is now."""
    site.tell(
        e.ItemPlanned(at=later(60), by="ann", key=KEY, milestone="G1"),
        e.ItemPlanned(at=later(61), by="ann", key=KEY, milestone=""),
        e.MilestoneDated(at=later(62), by="ann", key="G1", due=date(2026, 8, 1)),
    )
    events = site.rows(f"{ISSUE}/resource_milestone_events")
    assert [(event["action"], event["milestone"]["title"]) for event in events] == [
        ("add", "API 上线"),
        ("add", "Gate 1"),
        ("remove", "Gate 1"),
    ]
    assert events[1]["milestone"]["due_date"] == "2026-08-01"


def test_a_deleted_milestone_takes_its_events_along(site: Any) -> None:
    """Issues have none any more, and nothing tells that they had."""
    site.tell(e.MilestoneDeleted(at=later(60), by="ann", key="A1"))
    assert site.get(ISSUE).body["milestone"] is None
    assert site.rows(f"{ISSUE}/resource_milestone_events") == []
    assert site.rows("/projects/pay%2Fcore%2Fapi/milestones") == []


def test_a_moved_issue_is_closed_without_an_event(site: Any) -> None:
    """A new id and number, with creation date, labels and due date; the old one points to the new id."""
    site.tell(e.ItemMoved(at=later(60), by="ann", key=KEY, project="pay/shop/web", new_key="pay/shop/web#9"))
    old, new = site.get(ISSUE).body, site.get("/projects/pay%2Fshop%2Fweb/issues/9").body
    assert (old["state"], old["moved_to_id"], site.rows(f"{ISSUE}/resource_state_events")) == ("closed", new["id"], [])
    assert [new[name] for name in ("created_at", "labels", "due_date")] == [
        old[n] for n in ("created_at", "labels", "due_date")
    ]
    assert new["milestone"] is None


def test_a_deleted_issue_is_not_found_and_its_number_is_spent(site: Any) -> None:
    """404 in GitLab's words, gone from lists, the number not given again."""
    site.tell(e.ItemDeleted(at=later(60), key="pay/core/api#3"))
    reply = site.get("/projects/pay%2Fcore%2Fapi/issues/3")
    assert (reply.status, reply.body) == (404, {"message": "404 Not found"})
    assert [row["iid"] for row in site.rows("/projects/pay%2Fcore%2Fapi/issues?sort=asc")] == [1, 2]
    assert site.emulator.site.issues.free(1) == 4


def test_merging_closes_what_the_description_announces(site: Any) -> None:
    """The issue is closed at the moment of the merge, by whoever merged, with its state event."""
    site.tell(e.MergeRequestMerged(at=later(60), by="wang", key="pay/core/api!1"))
    request, issue = site.get("/projects/pay%2Fcore%2Fapi/merge_requests/1").body, site.get(ISSUE).body
    assert request["state"] == "merged"
    assert request["merge_user"] == request["merged_by"]
    assert issue["closed_at"] == request["merged_at"] == "2026-03-02T09:00:00.000Z"
    assert issue["closed_by"]["username"] == "wang"
    assert [row["state"] for row in site.rows(f"{ISSUE}/resource_state_events")] == ["closed"]
    assert [row["iid"] for row in site.rows("/projects/1/merge_requests/1/closes_issues")] == [1]


def test_reviews_are_notes_and_approvals(site: Any) -> None:
    """A comment counts, an approval does not; both are told with their person."""
    path = "/projects/pay%2Fcore%2Fapi/merge_requests/1"
    site.tell(
        e.MergeRequestReviewed(at=later(60), by="wang", key="pay/core/api!1"),
        e.MergeRequestReviewed(at=later(61), by="wang", key="pay/core/api!1", approved=True),
    )
    assert site.get(path).body["user_notes_count"] == 1
    approvals = site.get(f"{path}/approvals").body
    assert [one["user"]["username"] for one in approvals["approved_by"]] == ["wang"]
    assert [note["system"] for note in site.rows(f"{path}/notes?sort=asc")] == [False, True]


def test_time_is_told_in_seconds_of_an_eight_hour_day(site: Any) -> None:
    """Three days are 86,400 seconds and "3d"."""
    stats = site.get("/projects/pay%2Fcore%2Fapi/issues/2/time_stats").body
    assert stats == {
        "time_estimate": 86400,
        "total_time_spent": 0,
        "human_time_estimate": "3d",
        "human_total_time_spent": None,
    }


def test_a_story_of_another_system_changes_nothing(site: Any) -> None:
    """Things that live in Jira, and sprints, which the free GitLab has not, are passed over."""
    site.tell(
        e.ItemCreated(at=later(60), system="jira", key="PAY-41", project="PAY", title="Jira's"),
        e.ItemMoves(at=later(61), key="PAY-41", to=e.Stage.DONE),
        e.MilestoneDated(at=later(62), key="JIRA-1.0", due=None),
        e.SprintOpened(
            at=later(63), system="gitlab", key="S", project="pay/core/api", title="S", start=START, end=START
        ),
    )
    assert len(site.rows("/issues?scope=all")) == 4


def test_a_story_that_names_what_is_not_there_is_a_fault(site: Any) -> None:
    """A key in GitLab's form that nothing answers to is named, not passed over."""
    with pytest.raises(ConfigError, match="pay/core/api#77"):
        site.tell(e.ItemMoves(at=later(60), key="pay/core/api#77", to=e.Stage.DONE))


@given(st.lists(st.tuples(st.integers(1, 180), st.sampled_from(SILENT + LOUD)), min_size=1, max_size=12))
def test_whatever_happens_time_only_goes_forward(steps: list[tuple[int, Callable[[datetime], e.Event]]]) -> None:
    """updated_at never goes back, is never later than the clock, and every silent lag is at most the throttled minute."""
    emulator = GitlabEmulator()
    emulator.apply(e.ProjectOpens(at=START, system="gitlab", key="pay/core/api", name="api"))
    emulator.apply(e.MilestoneOpens(at=START, system="gitlab", key="G1", project="pay", title="G", form="milestone"))
    for number in (1, 2):
        key = f"pay/core/api#{number}"
        emulator.apply(e.ItemCreated(at=START, system="gitlab", key=key, project="pay/core/api", title="T"))
    issue, now = emulator.site.issues.by_id[1], START
    for seconds, edit in steps:
        before, content = (
            issue.updated_at,
            repr((issue.labels, issue.assignee_ids, issue.notes_count, issue.time_estimate)),
        )
        now += timedelta(seconds=seconds)
        emulator.apply(edit(now))
        assert before <= issue.updated_at <= now
        if content != repr((issue.labels, issue.assignee_ids, issue.notes_count, issue.time_estimate)):
            assert now - issue.updated_at <= timedelta(minutes=1)
