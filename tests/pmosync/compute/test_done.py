"""Done: when, since which day, and how well that is known."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from pmosync.compute.assessment import Letter
from pmosync.compute.policy import Policy
from pmosync.model import State

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story

    from pmosync.compute.assessment import MilestoneVerdict


def actual(verdict: MilestoneVerdict) -> date | None:
    """The actual day."""
    return verdict.actual.day if verdict.actual else None


def test_a_version_is_done_when_released(story: Story) -> None:
    """Done when its 'done when' holds: released for a version; Blue, late days kept."""
    ref = story.version("PAY-M01", date(2026, 3, 20))
    story.until(date(2026, 3, 20))
    story.today = date(2026, 3, 23)
    story.moved(ref, date(2026, 3, 23))
    story.closed(ref)
    verdict = story.assessed()
    assert (verdict.state, verdict.rag.shown, actual(verdict), verdict.slip) == (
        State.DONE,
        Letter.BLUE,
        date(2026, 3, 23),
        1,
    )
    assert [why.key for why in verdict.rag.reasons] == ["done_late"]


def test_a_gitlab_milestone_is_done_when_closed(story: Story) -> None:
    """Done when closed (GitLab milestone, epic): the day we saw it."""
    ref = story.source("PAY-M01", "milestone", date(2026, 3, 20))
    story.until(date(2026, 3, 12))
    story.today = date(2026, 3, 13)
    story.closed(ref)
    verdict = story.assessed()
    assert (verdict.state, actual(verdict), verdict.slip) == (State.DONE, date(2026, 3, 13), -5)


def test_all_known_work_done_is_not_done(story: Story) -> None:
    """All known children done is 'all known work done', not done."""
    story.version("PAY-M01", date(2026, 3, 20))
    story.scope("PAY-M01", total=5, delivered=5)
    verdict = story.until(date(2026, 3, 10))
    assert verdict.state is State.ACTIVE
    assert "all_work_done" in [why.key for why in verdict.rag.reasons]


def test_confirmed_by_a_person(story: Story) -> None:
    """Confirmed: a person's actual; a milestone that lives in the sheet alone is done by it; a day to come is a finding."""
    story.typed("PAY-M01", target=date(2026, 3, 20))
    story.until(date(2026, 3, 19))
    story.typed("PAY-M01", actual=date(2026, 3, 24))
    assert story.on(date(2026, 3, 20)).state is State.ACTIVE
    assert "actual-ahead" in story.rules()
    verdict = story.on(date(2026, 3, 24))
    assert (verdict.state, actual(verdict), verdict.slip) == (State.DONE, date(2026, 3, 24), 2)


def test_a_persons_actual_does_not_release_a_version(story: Story) -> None:
    """Done is what 'done when' says: an actual typed beside an open version is told; with 'confirmed' it counts."""
    story.version("PAY-M01", date(2026, 3, 20))
    story.typed("PAY-M01", actual=date(2026, 3, 2))
    assert story.assessed().state is State.ACTIVE
    assert "actual-but-open" in story.rules()
    story.typed("PAY-M01", done_when="confirmed")
    assert story.assessed().state is State.DONE


def test_a_persons_actual_is_the_first_that_exists(story: Story) -> None:
    """Actual, the first that exists: a person's."""
    ref = story.version("PAY-M01", date(2026, 3, 20))
    story.on(date(2026, 3, 18))
    story.closed(ref)
    story.typed("PAY-M01", actual=date(2026, 3, 17))
    assert actual(story.on(date(2026, 3, 19))) == date(2026, 3, 17)


def test_the_release_date_counts_if_near_the_day_we_saw_it(story: Story) -> None:
    """The version's release date if within 3 wd of when we saw released turn true; else the day we saw it."""
    ref, far = story.version("PAY-M01", date(2026, 3, 17)), story.version("PAY-M02", date(2026, 3, 16))
    story.on(date(2026, 3, 19))
    story.today = date(2026, 3, 20)
    story.closed(ref)
    story.closed(far)
    story.assessed()
    assert actual(story.of("PAY-M01")) == date(2026, 3, 17)
    assert actual(story.of("PAY-M02")) == date(2026, 3, 20)


def test_found_released_is_history_unknown(story: Story) -> None:
    """A version found already released is 'history unknown': no slip, no baseline, the actual estimated, later work shown."""
    story.version("PAY-M01", date(2025, 11, 3), closed=True)
    days = {date(2025, 10, 20): 3, date(2025, 11, 10): 4, date(2025, 11, 20): 2, date(2025, 11, 25): 1}
    story.scope(
        "PAY-M01",
        total=10,
        delivered=10,
        undelivered=4,
        delivered_at=story.ends(days),
        moved=story.now,
    )
    verdict = story.until(date(2026, 3, 20), step=3)
    assert (verdict.state, verdict.history_unknown, verdict.slip, verdict.current) == (State.DONE, True, None, None)
    assert (actual(verdict), verdict.actual_estimated) == (date(2025, 11, 20), True)
    assert (verdict.work_after, verdict.after_close, verdict.progress.undelivered) == (22, 7, 4)
    assert [why.key for why in verdict.rag.reasons] == ["history_unknown"]


def test_the_estimate_is_the_later_of_release_and_most_work(story: Story) -> None:
    """Before our first sync: the later of release date and the day 80 % of delivered items were done."""
    story.version("PAY-M01", date(2025, 12, 3), closed=True)
    story.scope("PAY-M01", total=2, delivered=2, delivered_at=story.ends({date(2025, 10, 20): 2}))
    verdict = story.assessed()
    assert (actual(verdict), verdict.work_after) == (date(2025, 12, 3), -44)
    story.version("PAY-M02", None, closed=True)
    story.assessed()
    assert (story.of("PAY-M02").state, actual(story.of("PAY-M02"))) == (State.DONE, None)


def test_an_epic_that_tells_when_it_ended(story: Story) -> None:
    """Where the source itself tells when it closed, that is no estimate."""
    story.source("PAY-M01", "epic", date(2025, 12, 3), closed=True, closed_at=datetime(2025, 12, 9, 4, tzinfo=UTC))
    verdict = story.assessed()
    assert (actual(verdict), verdict.actual_estimated, verdict.history_unknown) == (date(2025, 12, 9), False, True)


def test_reopened_within_10_wd_is_open_again(story: Story) -> None:
    """Re-opened within 10 wd: open again, slip runs to the final actual, the first one stays on record."""
    ref = story.version("PAY-M01", date(2026, 3, 20))
    story.until(date(2026, 3, 20))
    story.closed(ref)
    story.until(date(2026, 3, 25))
    story.closed(ref, False)
    verdict = story.on(date(2026, 3, 26))
    assert (verdict.state, verdict.first_actual, verdict.rag.shown) == (State.ACTIVE, date(2026, 3, 20), Letter.RED)
    story.today = date(2026, 4, 8)
    story.closed(ref)
    verdict = story.assessed()
    assert (verdict.state, actual(verdict), verdict.first_actual) == (State.DONE, date(2026, 4, 8), date(2026, 3, 20))
    assert verdict.slip == 12


def test_reopened_late_and_little_stays_done(story: Story) -> None:
    """Re-opened after 10 wd with little of the scope: it stays done."""
    ref = story.version("PAY-M01", date(2026, 3, 6))
    story.on(date(2026, 3, 5))
    story.closed(ref)
    story.scope("PAY-M01", total=10, delivered=9, open=1)
    story.today = date(2026, 3, 25)
    story.closed(ref, False)
    assert story.assessed().state is State.DONE


def test_reopened_with_much_of_the_scope_is_open_again(story: Story) -> None:
    """… or with > 20 % of scope: open again."""
    ref = story.version("PAY-M01", date(2026, 3, 6))
    story.on(date(2026, 3, 5))
    story.closed(ref)
    story.scope("PAY-M01", total=10, delivered=7, open=3)
    story.today = date(2026, 3, 25)
    story.closed(ref, False)
    assert story.assessed().state is State.ACTIVE


def test_several_sources_are_done_when_all_are(story: Story) -> None:
    """Without a leading binding all sources have to be closed; the last one ends the milestone."""
    first = story.source("PAY-M01", "milestone", date(2026, 3, 20))
    second = story.source("PAY-M01", "milestone", date(2026, 3, 20))
    story.on(date(2026, 3, 9))
    story.closed(first)
    assert story.on(date(2026, 3, 10)).state is State.ACTIVE
    story.closed(second)
    verdict = story.on(date(2026, 3, 11))
    assert (verdict.state, actual(verdict)) == (State.DONE, date(2026, 3, 10))


def test_done_by_a_stage(story: Story) -> None:
    """… or a stage: done when every item has reached it, since the day we first saw so."""
    story.typed("PAY-M01", target=date(2026, 3, 20), done_when="Launch")
    story.scope("PAY-M01", total=3, delivered=1, open=2)
    story.item("PAY-M01", "PAY-1", stage="launch")
    assert story.assessed().state is State.ACTIVE
    story.item("PAY-M01", "PAY-2", stage="launch")
    story.on(date(2026, 3, 5))
    verdict = story.on(date(2026, 3, 10))
    assert (verdict.state, actual(verdict)) == (State.DONE, date(2026, 3, 5))


def test_a_stage_that_no_system_shows_is_ended_by_a_person(story: Story) -> None:
    """A stage that only people know is reached when a person says so."""
    story.version("PAY-M01", date(2026, 3, 20))
    story.typed("PAY-M01", done_when="retrospective")
    story.scope("PAY-M01", total=3, delivered=1, open=2)
    assert story.assessed().state is State.ACTIVE
    story.typed("PAY-M01", actual=date(2026, 3, 3))
    verdict = story.on(date(2026, 3, 3))
    assert (verdict.state, actual(verdict)) == (State.DONE, date(2026, 3, 3))


@pytest.mark.parametrize(
    "word",
    ["relased", "release", "Released in prod", "UAT signed", "上线", "验收", "客户验收", "GA", "blocked", "Done"],
)
def test_a_word_that_names_no_end_is_never_guessed(story: Story, word: str) -> None:
    """All known work done is not done: 'done when' of no word and no stage we know is told, and counts as confirmed."""
    story.version("PAY-M01", date(2026, 3, 20))
    story.typed("PAY-M01", done_when=word, owner="Li")
    story.scope("PAY-M01", total=6, delivered=6, delivered_at=story.ends({date(2026, 2, 20): 6}))
    assert story.assessed().state is State.ACTIVE
    (told,) = (each for each in story.last.findings if each.rule == "unknown-done-when")
    assert (told.code, told.owner, word in told.message, "policy.stages" in told.remedy) == (
        "PAY-M01",
        "Li",
        True,
        True,
    )
    story.typed("PAY-M01", actual=date(2026, 3, 3))
    verdict = story.on(date(2026, 3, 3))
    assert (verdict.state, actual(verdict)) == (State.DONE, date(2026, 3, 3))


@pytest.mark.parametrize("word", ["", "Released", " closed ", "已发布", "确认", "Code  Review", "launch"])
def test_a_word_that_names_an_end_is_no_finding(story: Story, word: str) -> None:
    """Closing words and stages are known in any case and spacing, in both languages."""
    story.version("PAY-M01", date(2026, 3, 20))
    story.typed("PAY-M01", done_when=word)
    story.assessed()
    assert "unknown-done-when" not in story.rules()


@pytest.mark.parametrize(
    ("stage", "state"),
    [("testing", State.ACTIVE), ("launch", State.DONE), ("Retrospective", State.DONE), ("blocked", State.ACTIVE)],
)
def test_a_later_stage_has_passed_the_wanted_one(story: Story, stage: str, state: State) -> None:
    """An item in a later stage has reached the wanted one; one in a stage of unknown order has not."""
    story.typed("PAY-M01", done_when="launch")
    story.scope("PAY-M01", total=2, delivered=1, open=1)
    story.item("PAY-M01", "PAY-1", stage=stage)
    assert story.assessed().state is state


def test_work_that_ended_is_no_stage_to_wait_for(story: Story) -> None:
    """`done when: done` would be "all known work done", which is not done: work in the stage `done` has passed every
    other, but the word itself ends nothing, so a person has to confirm, and the remedy does not offer it.
    """
    story.typed("PAY-M01", done_when="done")
    story.scope("PAY-M01", total=2, delivered=1, open=1)
    story.item("PAY-M01", "PAY-1", stage="done")
    assert story.assessed().state is State.ACTIVE
    (told,) = (each for each in story.last.findings if each.rule == "unknown-done-when")
    assert "retrospective)" in told.remedy
    story.typed("PAY-M01", done_when="launch")
    assert story.assessed().state is State.DONE


def test_a_site_names_its_own_stages(story: Story) -> None:
    """The stages and their order are a rule of the site's."""
    story.policy = Policy(stages=("development", "UAT", "launch"))
    story.typed("PAY-M01", done_when="uat")
    story.scope("PAY-M01", total=1, open=1)
    story.item("PAY-M01", "PAY-1", stage="UAT")
    assert (story.assessed().state, "unknown-done-when" in story.rules()) == (State.DONE, False)


def test_the_default_is_the_policys(story: Story) -> None:
    """'Done when' of everything that says nothing itself may be set by the policy."""
    story.policy = Policy(default_done_when="confirmed")
    ref = story.version("PAY-M01", date(2026, 3, 20))
    story.on(date(2026, 3, 9))
    story.closed(ref)
    assert story.on(date(2026, 3, 10)).state is State.ACTIVE


def test_done_with_open_children_is_told(story: Story) -> None:
    """Done with open children is a finding."""
    ref = story.version("PAY-M01", date(2026, 3, 20))
    story.typed("PAY-M01")
    story.on(date(2026, 3, 9))
    story.closed(ref)
    story.scope("PAY-M01", total=3, delivered=2, open=1)
    story.on(date(2026, 3, 10))
    assert "done-open-children" in story.rules()


def test_the_day_of_a_stage_stays(story: Story) -> None:
    """The actual day of a milestone done by a stage is kept for good, however many assessments follow."""
    story.typed("PAY-M01", done_when="launch", target=date(2026, 3, 20))
    story.scope("PAY-M01", total=1, delivered=1)
    assert actual(story.on(date(2026, 3, 16))) == date(2026, 3, 16)
    verdict = story.until(date(2026, 6, 30))
    assert (actual(verdict), verdict.slip) == (date(2026, 3, 16), -4)


def test_a_stage_that_was_left_begins_anew(story: Story) -> None:
    """Work that leaves the stage within 10 wd opens the milestone again; it is done anew on the day that all of it is back,
    and the first end stays on record.
    """
    story.typed("PAY-M01", done_when="launch", target=date(2026, 3, 20))
    for day, still in ((3, 0), (4, 1), (5, 0), (6, 0)):
        story.scope("PAY-M01", total=1, open=still, delivered=1 - still)
        verdict = story.on(date(2026, 3, day))
        assert (verdict.state is State.DONE) == (not still)
    assert (actual(verdict), verdict.first_actual) == (date(2026, 3, 5), date(2026, 3, 3))
    assert story.until(date(2026, 7, 1)).first_actual == date(2026, 3, 3)


def test_work_after_release_is_counted_in_the_projects_days(story: Story) -> None:
    """The day of a delivery is the project's: half past midnight in Shanghai is the day after the release, not the same one."""
    ref = story.version("PAY-M01", date(2026, 3, 10))
    story.on(date(2026, 3, 9))
    story.scope("PAY-M01", total=1, delivered=1, delivered_at=(datetime(2026, 3, 10, 16, 30, tzinfo=UTC),))
    story.closed(ref)
    verdict = story.on(date(2026, 3, 11))
    assert (verdict.work_after, verdict.after_close) == (1, 1)
    story.project("PAY", time_zone="Europe/Berlin")
    verdict = story.on(date(2026, 3, 12))
    assert (verdict.work_after, verdict.after_close) == (0, 0)


def test_the_share_of_work_is_dated_in_the_projects_days(story: Story) -> None:
    """The day on which most of the work was done is the project's day."""
    story.version("PAY-M01", None, closed=True)
    story.scope("PAY-M01", total=1, delivered=1, delivered_at=(datetime(2025, 11, 3, 23, tzinfo=UTC),))
    assert actual(story.assessed()) == date(2025, 11, 4)


def test_the_actual_is_the_release_date_that_stood_when_we_saw_it(story: Story) -> None:
    """The release date counts as it stood at the sync that saw the release: an edit afterwards recomputes no past."""
    ref = story.version("PAY-M01", date(2026, 3, 20))
    story.until(date(2026, 3, 20))
    story.today = date(2026, 3, 25)
    story.moved(ref, date(2026, 3, 24))
    story.closed(ref)
    assert actual(story.assessed()) == date(2026, 3, 24)
    story.today = date(2026, 3, 26)
    story.moved(ref, date(2026, 3, 20))
    assert (actual(story.on(date(2026, 3, 26))), story.of("PAY-M01").slip) == (date(2026, 3, 24), 2)


def test_a_release_date_to_come_is_no_actual_when_its_day_has_come(story: Story) -> None:
    """Released before its release date, it is done since the day we saw it, on every later day too."""
    ref = story.version("PAY-M01", date(2026, 4, 2))
    story.until(date(2026, 3, 27))
    story.today = date(2026, 3, 30)
    story.closed(ref)
    found = {actual(story.on(date(2026, 3, 30)))} | {actual(story.on(date(2026, 4, day))) for day in range(1, 8)}
    assert found == {date(2026, 3, 30)}


def test_an_estimate_does_not_move(story: Story) -> None:
    """Found released: the estimate is made of what stood on that day; neither a date to come nor later work moves it."""
    ref = story.version("PAY-M01", date(2026, 3, 20), closed=True)
    story.scope("PAY-M01", total=10, delivered=10, delivered_at=story.ends({date(2026, 2, 20): 10}))
    assert actual(story.assessed()) == date(2026, 2, 20)
    assert actual(story.until(date(2026, 3, 23))) == date(2026, 2, 20)
    story.moved(ref, date(2026, 2, 27))
    story.scope(
        "PAY-M01", total=30, delivered=30, delivered_at=story.ends({date(2026, 2, 20): 10, date(2026, 3, 20): 20})
    )
    assert actual(story.on(date(2026, 3, 24))) == date(2026, 2, 20)


def test_a_persons_actual_from_before_a_reopening_is_over(story: Story) -> None:
    """Slip runs to the final actual: a day that a person typed before the re-opening says nothing of the end after it; the
    first actual stays on record.
    """
    ref = story.version("PAY-M01", date(2026, 3, 20))
    story.typed("PAY-M01", owner="Li")
    story.until(date(2026, 3, 20))
    story.closed(ref)
    story.typed("PAY-M01", actual=date(2026, 3, 18))
    assert actual(story.assessed()) == date(2026, 3, 18)
    story.today = date(2026, 3, 23)
    story.closed(ref, False)
    assert (story.assessed().state, story.of("PAY-M01").first_actual) == (State.ACTIVE, date(2026, 3, 18))
    story.until(date(2026, 4, 9))
    story.today = date(2026, 4, 10)
    story.closed(ref)
    verdict = story.assessed()
    assert (actual(verdict), verdict.first_actual, verdict.slip) == (date(2026, 4, 10), date(2026, 3, 18), 14)
    story.typed("PAY-M01", actual=date(2026, 4, 8))
    assert actual(story.on(date(2026, 4, 13))) == date(2026, 4, 8)


def test_the_share_reopened_is_of_the_time_it_was_open(story: Story) -> None:
    """Whether much of the scope was re-opened is judged by what happened while it was open, and not revised afterwards."""
    ref = story.version("PAY-M01", date(2026, 3, 6))
    story.until(date(2026, 3, 6))
    story.closed(ref)
    before = {date(2026, 3, 2): 10}
    story.scope("PAY-M01", total=10, delivered=10, delivered_at=story.ends(before))
    story.until(date(2026, 3, 24))
    for day, closed in ((25, False), (26, True)):
        story.today = date(2026, 3, day)
        story.closed(ref, closed)
        assert actual(story.assessed()) == date(2026, 3, 6)
    filled = {date(2026, 3, 25): 3, date(2026, 6, 10): 3}
    story.scope("PAY-M01", total=16, delivered=16, backfilled=6, delivered_at=story.ends(before | filled))
    verdict = story.on(date(2026, 6, 10))
    assert (actual(verdict), verdict.first_actual) == (date(2026, 3, 6), None)


def test_what_was_delivered_before_it_joined_was_not_reopened(story: Story) -> None:
    """Items added after delivery are back-filled, not work that was re-opened."""
    ref = story.version("PAY-M01", date(2026, 3, 6))
    story.until(date(2026, 3, 6))
    story.closed(ref)
    ends = {date(2026, 3, 2): 10, date(2026, 3, 26): 5}
    story.today = date(2026, 3, 25)
    story.closed(ref, False)
    filled = story.ends({date(2026, 3, 26): 5})
    story.scope("PAY-M01", total=15, delivered=15, backfilled=5, delivered_at=story.ends(ends), backfilled_at=filled)
    assert story.on(date(2026, 3, 26)).state is State.DONE
    story.scope("PAY-M01", total=15, delivered=15, delivered_at=story.ends(ends))
    assert story.on(date(2026, 3, 26)).state is State.ACTIVE


def test_a_reopening_that_counted_counts_for_good(story: Story) -> None:
    """Open again stays open until it ends anew: that the scope shrinks or grows later does not bring the old actual back."""
    ref = story.version("PAY-M01", date(2026, 3, 6))
    story.until(date(2026, 3, 6))
    story.closed(ref)
    story.scope("PAY-M01", total=10, delivered=10)
    story.until(date(2026, 3, 24))
    story.closed(ref, False)
    story.scope("PAY-M01", total=10, delivered=7, open=3)
    assert story.on(date(2026, 3, 25)).state is State.ACTIVE
    story.scope("PAY-M01", total=40, delivered=39, open=1)
    assert story.on(date(2026, 3, 26)).state is State.ACTIVE
    story.today = date(2026, 3, 27)
    story.closed(ref)
    verdict = story.until(date(2026, 7, 15))
    assert (actual(verdict), verdict.first_actual) == (date(2026, 3, 27), date(2026, 3, 6))


def test_confirmed_and_taken_back_is_open_again(story: Story) -> None:
    """A person's actual taken back within 10 wd is a re-opening like any other; one corrected is not."""
    story.typed("PAY-M01", target=date(2026, 3, 20), done_when="confirmed", owner="Li")
    story.until(date(2026, 3, 20))
    story.typed("PAY-M01", actual=date(2026, 3, 20))
    story.until(date(2026, 3, 23))
    story.typed("PAY-M01", actual=date(2026, 3, 19))
    verdict = story.on(date(2026, 3, 24))
    assert (verdict.state, actual(verdict), verdict.first_actual) == (State.DONE, date(2026, 3, 19), None)
    story.typed("PAY-M01", actual=None)
    verdict = story.on(date(2026, 3, 25))
    assert (verdict.state, verdict.first_actual) == (State.ACTIVE, date(2026, 3, 19))
    story.typed("PAY-M01", actual=date(2026, 3, 27))
    verdict = story.on(date(2026, 3, 27))
    assert (actual(verdict), verdict.first_actual, verdict.slip) == (date(2026, 3, 27), date(2026, 3, 19), 5)


@pytest.mark.parametrize(("waiting", "state"), [(1, State.DONE), (13, State.ACTIVE)])
def test_a_stage_that_little_left_late_stays_reached(story: Story, waiting: int, state: State) -> None:
    """After 10 wd a stage is left only by more than 20 % of the scope."""
    story.typed("PAY-M01", target=date(2026, 3, 20), done_when="launch", owner="Li")
    story.scope("PAY-M01", total=50, delivered=50)
    story.assessed()
    story.until(date(2026, 5, 15))
    story.scope("PAY-M01", total=50 + waiting, open=waiting, delivered=50)
    for day in (18, 19):
        verdict = story.on(date(2026, 5, day))
        assert verdict.state is state
    story.scope("PAY-M01", total=50 + waiting, delivered=50 + waiting)
    verdict = story.on(date(2026, 5, 20))
    late = state is State.ACTIVE
    assert actual(verdict) == (date(2026, 5, 20) if late else date(2026, 3, 2))
    assert verdict.first_actual == (date(2026, 3, 2) if late else None)


def test_a_reopening_of_no_known_scope_is_of_all(story: Story) -> None:
    """Where no item tells how much was re-opened, the milestone is open again: little is never guessed."""
    ref = story.version("PAY-M01", date(2026, 3, 6))
    story.until(date(2026, 3, 6))
    story.closed(ref)
    story.until(date(2026, 4, 14))
    story.closed(ref, False)
    assert story.on(date(2026, 4, 15)).state is State.ACTIVE


def test_several_sources_end_when_all_are_closed_at_once(story: Story) -> None:
    """A source that ended and was open again before the last one closed never ended the milestone."""
    first = story.source("PAY-M01", "milestone", date(2026, 3, 20))
    second = story.source("PAY-M01", "milestone", date(2026, 3, 20))
    for day, ref, closed in ((10, first, True), (11, first, False), (12, second, True), (13, first, True)):
        story.today = date(2026, 3, day)
        story.closed(ref, closed)
        verdict = story.assessed()
    assert (verdict.state, actual(verdict), verdict.first_actual) == (State.DONE, date(2026, 3, 13), None)
