"""What is new, since when, and in which order it is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from pmosync.compute.assessment import Assessment, Letter, MilestoneVerdict, ProjectVerdict, Rag
from pmosync.compute.cuts import Cut, Stood
from pmosync.compute.policy import Policy
from pmosync.compute.status import Begins, Due
from pmosync.compute.today import News, since, today, turn
from pmosync.model import (
    ActionRow,
    Colour,
    DecisionType,
    Freshness,
    Hold,
    Level,
    Milestone,
    Move,
    Place,
    Plan,
    ProjectRow,
)

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story

NOW = datetime(2026, 12, 1, 2, tzinfo=UTC)
NOWHERE, GREEN = Place("", "", 0, ""), Rag(shown=Letter.GREEN, computed=Letter.GREEN)
TODAY, MONDAY = date(2026, 12, 1), date(2026, 11, 30)
CUT = Cut(due=NOW - timedelta(days=1), made=NOW - timedelta(days=1), following=NOW, stood={"PAY-M01": Stood("G")})


def verdict(letter: Letter = Letter.GREEN, code: str = "PAY-M01", **fields: object) -> MilestoneVerdict:
    """A tracked milestone of that colour."""
    rag = Rag(shown=letter, computed=letter, since=TODAY)
    milestone = Milestone(code=code, project="PAY", name="Beta", appeared=NOW)
    return MilestoneVerdict(milestone=milestone, project="PAY", level=Level.TRACKED, rag=rag, owner="Li", **fields)  # type: ignore[arg-type]


def said(*milestones: MilestoneVerdict, past: dict[str, str] | None = None, **fields: object) -> Assessment:
    """An assessment of Tuesday; ``past``: letters of Monday and of a long time ago, by code."""
    days = (date(2026, 10, 1), MONDAY)
    known = {"OTHER": "G"} if past is None else past
    given = {
        "past": {code: tuple(Colour(code=code, day=day, computed=was, shown=was) for day in days) for code, was in known.items()},
        "yesterday": MONDAY,
        **fields,
    }  # fmt: skip
    return Assessment(as_of=NOW, today=TODAY, policy=Policy(), milestones=milestones, **given)  # type: ignore[arg-type]


def told(assessment: Assessment, cut: Cut | None = None, holds: tuple[Hold, ...] = ()) -> tuple[News, ...]:
    """The lines; the cut was made on Monday."""
    span = since(assessment, MONDAY if cut else None)
    return today(assessment, Plan(), holds, cut, span)


def test_a_decided_green_that_ended_is_new_since_yesterday() -> None:
    """Yesterday's cell said G!, whatever it covered: that Red shows through again is news of today."""
    lately = (Colour(code="PAY-M01", day=MONDAY, computed="R", shown="R", override="G!"),)
    assessment = replace(said(verdict(Letter.RED)), past={"PAY-M01": lately})
    (news,) = [each for each in told(assessment, CUT) if each.kind == "red"]
    assert (news.code, news.then, news.fresh) == ("PAY-M01", "G!", True)


@pytest.mark.parametrize(
    ("then", "now", "kind"),
    [
        (None, "R", "red"),
        (None, "G", "new"),
        ("A", "R", "red"),
        ("R", "A", "recovered"),
        ("R", "g", "recovered"),
        ("R", "?", ""),
        ("G", "A", ""),
        ("A", "G", ""),
        ("A", "‖", "stopped"),
        ("‖", "×", ""),
        ("‖", "G", "resumed"),
        ("R", "B", "delivered"),
        ("B", "A", "reopened"),
        ("G!", "R", "red"),
        ("R", "R", ""),
    ],
)
def test_what_became_of_a_letter(then: str | None, now: str, kind: str) -> None:
    """Red and out of Red, begun and ended; a grey is no recovery, and Amber alone is no news."""
    assert turn(then, Rag(shown=Letter(now), computed=Letter(now))) == kind


def test_what_a_decision_covers_has_not_recovered() -> None:
    """A Red that is painted Green by a decision is not told as good news; its end is told as bad news."""
    assert turn("R", Rag(shown=Letter.RED, computed=Letter.RED, override="G!")) == ""


def test_nothing_changed_is_nothing_told() -> None:
    """A day like the one before has no line."""
    assert told(said(verdict(), past={"PAY-M01": "G"})) == ()


def test_yesterday_and_the_committee_are_two_spans() -> None:
    """What turned before yesterday's close but after the committee is told as not fresh."""
    red = said(verdict(Letter.RED), past={"PAY-M01": "R"})
    (line,) = told(red, CUT)
    assert (line.kind, line.then, line.now, line.fresh) == ("red", "G", "R", False)
    (line,) = told(said(verdict(Letter.RED), past={"PAY-M01": "G"}), CUT)
    assert line.fresh


def test_the_first_day_does_not_tell_everything() -> None:
    """Where nothing was assessed before, nothing is new; the days behind a week are told without a committee."""
    assert told(said(verdict(), past={})) == ()
    assert [line.kind for line in told(said(verdict()))] == ["new"]


def test_a_project_tells_for_its_milestones(story: Story) -> None:
    """A milestone whose project turned Red with it is not told beside it."""
    story.typed("PAY-M01", type="final", owner="Li", target=date(2026, 5, 1))
    story.until(date(2026, 3, 17))
    story.typed("PAY-M01", forecast=date(2026, 6, 1))
    story.on(date(2026, 3, 18))
    lines = [(each.kind, each.code) for each in told(story.last) if each.block == "colours"]
    assert lines == [("red", "PAY")]


@pytest.mark.parametrize(
    ("state", "field"), [("contradicted", "forecast"), ("contradicted", "target"), ("", "forecast")]
)
def test_a_forecast_that_is_not_believed_is_told_as_such(state: str, field: str) -> None:
    """Whoever reads that a forecast was set reads with it that the evidence contradicts it; no other date is meant."""
    moves = {"PAY-M01": (move(field, None, date(2026, 12, 10)),)}
    (line,) = told(said(verdict(forecast_state=state), past={"PAY-M01": "G"}, moves=moves))
    assert line.unbelieved is (state == "contradicted" and field == "forecast")


def test_monday_tells_since_fridays_close(story: Story) -> None:
    """Yesterday is the last working day: what moved on a weekend is new on Monday."""
    story.typed("PAY-M01", owner="Li", target=date(2026, 5, 1))
    story.on(date(2026, 3, 9))
    assert story.last.yesterday == date(2026, 3, 6)


def move(field: str, old: date | None, new: date | None, day: date = TODAY, **fields: object) -> Move:
    """A move of PAY-M01 seen that day."""
    seen = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
    return Move(code="PAY-M01", field=field, day=day, seen=seen, old=old, new=new, **fields)  # type: ignore[arg-type]


def test_dates_that_people_moved() -> None:
    """Each field once, from where it stood to where it stands; what computes itself, froze by itself or was taken back is
    none.
    """
    first, then = date(2026, 12, 10), date(2026, 12, 17)
    moves = (
        move("target", first, date(2026, 12, 14), wd=2),
        move("target", date(2026, 12, 14), then, wd=3, by="Ann"),
        move("forecast", first, then, wd=5),
        move("forecast", then, first, wd=-5),
        move("expected", first, then, wd=5),
        move("baseline", None, first),
        move("actual", None, first, day=MONDAY - timedelta(days=20)),
    )
    lines = told(said(verdict(), past={"PAY-M01": "G"}, moves={"PAY-M01": moves}))
    assert [(each.field, each.old, each.new, each.wd, each.who) for each in lines] == [
        ("target", first, then, 5, "Ann")
    ]


def test_a_red_to_come_is_told_to_its_manager(story: Story) -> None:
    """The day before a Red is shown it stands here with its owner; the committee reads it when it is shown."""
    each = verdict(Letter.AMBER)
    rag = replace(each.rag, preview=True, computed=Letter.RED)
    lines = told(said(replace(each, rag=rag), past={"PAY-M01": "A"}))
    assert [(line.kind, line.who) for line in lines] == [("preview", "Li")]


def test_waiting_and_sources() -> None:
    """A forecast that was not confirmed, a promise of which nothing was heard, a source that is not read, a hold."""
    late = verdict(forecast_state="unconfirmed", forecast_since=MONDAY)
    silent = verdict(Letter.MISSING, "PAY-M02")
    sources = (
        Freshness(connection="jira", title="Jira", state="ok"),
        Freshness(connection="gitlab", title="GitLab", state="failed", reason="the token is dead"),
        Freshness(connection="sheet", title="Sheet", state="held"),
        Freshness(connection="former", title="Former", state="removed"),
    )
    hold = Hold(id="H1", connection="sheet", unit="PAY", reason="41 gone", since=NOW)
    past = {"PAY-M01": "G", "PAY-M02": "M"}
    lines = told(said(late, silent, past=past, freshness=sources), holds=(hold,))
    assert [(line.block, line.kind) for line in lines] == [
        ("overdue", "silent"),
        ("sources", "hold"),
        ("sources", "failed"),
    ]


def test_what_stopped_is_told_with_its_decision(story: Story) -> None:
    """A paused project: its own line, and none for each milestone of it."""
    story.typed("PAY-M01", owner="Li", target=date(2026, 5, 1), type="final")
    story.until(date(2026, 3, 17))
    story.decide("D-1", DecisionType.PAUSE, "PAY", day=date(2026, 3, 18), new_date=date(2026, 4, 1))
    story.on(date(2026, 3, 18))
    assert [(each.kind, each.code) for each in told(story.last)] == [("stopped", "PAY")]


def test_an_action_whose_day_is_over_is_told(story: Story) -> None:
    """With its owner and what it is about; one that is done, dropped or still has its day is not."""
    rows = [
        ("A-1", "", MONDAY),
        ("A-2", "done", MONDAY),
        ("A-3", "dropped", MONDAY),
        ("A-4", "doing", TODAY),
        ("A-5", "", None),
    ]
    actions = tuple(
        ActionRow(
            place=story.place("Actions", number),
            id=number,
            text="call",
            owner="Li",
            due=due,
            state=state,
            codes=("PAY-M01",),
        )
        for number, state, due in rows
    )
    assessment = said(verdict())
    lines = today(assessment, Plan(actions=actions), (), None, since(assessment, None))
    (action,) = [each for each in lines if each.kind == "action"]
    assert (action.by, action.who, action.project, action.new) == ("A-1", "Li", "PAY", MONDAY)


def test_a_report_that_is_overdue_is_told(story: Story) -> None:
    """By how many wd and of which period; a draft that has its time is not."""
    story.assess()
    project = story.of_project()
    late = Due(period="2026-W49", end=TODAY, state="overdue", begins=Begins(MONDAY), late=2, missing="2026-W48")
    draft = Due(period="2026-W49", end=TODAY, state="draft", begins=Begins(MONDAY))
    assessment = said(verdict())
    span = since(assessment, None)
    lines = today(assessment, Plan(), (), None, span, [(project, late), (project, draft)])
    (report,) = [each for each in lines if each.kind == "report"]
    assert (report.kind, report.code, report.by, report.words) == ("report", "PAY", "2", "2026-W48")


def test_many_reports_missing_alike_are_one_line() -> None:
    """Eighteen reports that nobody sent must not bury what else is overdue; up to three have a line each, by period."""
    late = Due(period="2026-W49", end=MONDAY, state="overdue", begins=Begins(MONDAY), late=1, missing="2026-W48")
    other = replace(late, missing="2026-11")

    def missing(*reports: tuple[str, Due]) -> list[tuple[str, str, tuple[str, ...]]]:
        rows = [(ProjectVerdict(row=ProjectRow(place=NOWHERE, code=code), rag=GREEN), due) for code, due in reports]
        lines = today(said(), Plan(), (), None, since(said(), None), rows)
        return [(each.kind, each.words, each.codes or (each.code,)) for each in lines]

    assert missing(*((code, late) for code in "CAB")) == [("report", "2026-W48", (code,)) for code in "ABC"]
    assert missing(*((code, late) for code in "CABD"), ("E", other)) == [
        ("reports", "2026-W48", ("A", "B", "C", "D")),
        ("report", "2026-11", ("E",)),
    ]
