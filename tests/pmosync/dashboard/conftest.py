"""A small hand-made assessment: two projects, six milestones, one of them restricted; "today" is 1 December 2026."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from pmosync.compute.assessment import (
    Assessment,
    Concern,
    Dated,
    ItemNote,
    Letter,
    MilestoneVerdict,
    ProgramVerdict,
    ProjectVerdict,
    Push,
    Rag,
    Reason,
    RollUp,
)
from pmosync.compute.calendars import clocks
from pmosync.compute.committee import frozen
from pmosync.compute.cuts import Cut, Schedule, Stood
from pmosync.compute.policy import Policy
from pmosync.compute.reasons import reason
from pmosync.dashboard.content import Content
from pmosync.model import (
    Baseline,
    CalendarRow,
    Category,
    Cause,
    Colour,
    DecisionRow,
    DecisionType,
    Freshness,
    Hold,
    Level,
    Milestone,
    MilestoneRow,
    Move,
    Place,
    Plan,
    Problem,
    ProgramRow,
    Progress,
    ProjectRow,
    Proof,
    Report,
    RiskRow,
    Run,
    State,
    UnitRun,
    WorkItem,
)
from pmosync.raw import Ref

TODAY = date(2026, 12, 1)
NOW = datetime(2026, 12, 1, 2, 15, tzinfo=UTC)
HOSTS = frozenset({"jira.example.com"})


def place(tab: str, row: int, code: str) -> Place:
    """Where a row of the plan was typed; dates of milestones carry their cell addresses."""
    cells = {"target": f"'Milestone inputs'!H{row}", "forecast": f"'Milestone inputs'!J{row}"}
    return Place("plan", tab, row, code, cells if tab == "milestone_inputs" else {})


def rag(letter: Letter, *reasons: Reason, **more: object) -> Rag:
    """A colour that was computed and is shown alike."""
    return Rag(shown=letter, computed=letter, reasons=reasons, **more)  # type: ignore[arg-type]


def baseline(code: str, day: date, version: int = 1) -> Baseline:
    """A baseline version."""
    return Baseline(code=code, version=version, day=day, frozen=NOW)


PORTFOLIO = ProgramRow(
    place=place("programs", 2, "GROW"), code="GROW", level="portfolio", name="Growth 增长", manager="Ada"
)
PROGRAM = ProgramRow(
    place=place("programs", 3, "CHK"), code="CHK", name="Checkout", parent="GROW", manager="王伟", benefit_measure="conversion",
    benefit_unit="%", benefit_target=3.5, benefit_actual=2.25, budget=1_200_000.0, spend=410_000.5,
)  # fmt: skip
PAY = ProjectRow(place=place("projects", 2, "PAY"), code="PAY", name="Payments 支付", program="CHK", manager="李娜")
OLD = ProjectRow(place=place("projects", 3, "OLD"), code="OLD", name="=IMPORTXML(A1)", manager="Bob")

LATE = MilestoneVerdict(
    milestone=Milestone(code="PAY-M03", project="PAY", name="Public beta 公测", appeared=NOW),
    project="PAY",
    program="CHK",
    portfolio="GROW",
    row=MilestoneRow(
        place=place("milestone_inputs", 4, "PAY-M03"), code="PAY-M03", project="PAY",
        target=date(2026, 12, 10), note="waits for 银联",
    ),
    level=Level.COMMITTEE,
    owner="李娜",
    owner_from="input",
    original=baseline("PAY-M03", date(2026, 11, 2)),
    current=baseline("PAY-M03", date(2026, 12, 10), 2),
    target=Dated(date(2026, 12, 10), "sheet"),
    rollup=RollUp(9, 10, date(2026, 12, 19), "PAY-41", True, date(2026, 12, 19)),
    expected=Dated(date(2026, 12, 19), "child", "PAY-41", due=date(2026, 12, 19)),
    slip=7,
    slip_days=9,
    slip_original=34,
    replans=1,
    first_slip_seen=date(2026, 11, 20),
    early_warning=14,
    progress=Progress(total=30, delivered=18, open=12, undelivered=2, added=4),
    scope_added=4,
    confidence=85,
    rag=rag(
        Letter.RED,
        reason(
            "expected_late_red", slip=7, tolerance=5, expected=date(2026, 12, 19), baseline=date(2026, 12, 10),
            source="child", name="PAY-41", behind=None, was_due=None, moved_from=None, windows=None, coarse=None,
            unbelieved=None, first_target=None,
        ),
        reason("quiet", wd=11, since=date(2026, 11, 16)),
        days=3,
        before="A",
    ),
    url="https://jira.example.com/browse/PAY-3",
)  # fmt: skip
UNREAD = MilestoneVerdict(
    milestone=Milestone(code="PAY-M04", project="PAY", name="+1 rollout", appeared=NOW),
    project="PAY",
    program="CHK",
    row=MilestoneRow(
        place=place("milestone_inputs", 5, "PAY-M04"), code="PAY-M04", project="PAY",
        target=date(2026, 12, 31), target_coarse=True,
        forecast=date(2027, 1, 8),
    ),
    level=Level.COMMITTEE,
    current=baseline("PAY-M04", date(2027, 1, 8)),
    original=baseline("PAY-M04", date(2027, 1, 8)),
    target=Dated(date(2026, 12, 31), "sheet", coarse=True),
    forecast=Dated(date(2027, 1, 8), "forecast", seen=date(2026, 11, 30)),
    forecast_state="in_force",
    expected=Dated(date(2027, 1, 8), "forecast", seen=date(2026, 11, 30)),
    slip=0,
    slip_days=0,
    slip_original=0,
    confidence=40,
    depends_on=("PAY-M03", "PAY-M99"),
    rag=rag(
        Letter.PALE,
        reason(
            "on_time", slip=0, expected=date(2027, 1, 8), baseline=date(2027, 1, 8), source="forecast", name=date(2026, 11, 30),
            behind=None, was_due=None, moved_from=None, windows=None, coarse=None, unbelieved=None, first_target=None,
        ),
        reason("low_confidence", confidence=40, floor=60),
    ),
    url="https://evil.example.net/x",
)  # fmt: skip
DONE = MilestoneVerdict(
    milestone=Milestone(code="PAY-M01", project="PAY", name="Contract", appeared=NOW),
    project="PAY",
    program="CHK",
    level=Level.TRACKED,
    state=State.DONE,
    current=baseline("PAY-M01", date(2026, 10, 14)),
    original=baseline("PAY-M01", date(2026, 10, 14)),
    expected=Dated(date(2026, 10, 12), "actual", "release_date"),
    actual=Dated(date(2026, 10, 12), "actual", "release_date"),
    slip=-2,
    slip_days=-2,
    slip_original=-2,
    rag=rag(Letter.BLUE, reason("done_on_time", slip=-2, actual=date(2026, 10, 12), baseline=date(2026, 10, 14))),
)
UNKNOWN = MilestoneVerdict(
    milestone=Milestone(code="OLD-M01", project="OLD", name="v0.9", appeared=NOW, minted=True),
    project="OLD",
    level=Level.TRACKED,
    state=State.DONE,
    actual=Dated(date(2025, 3, 1), "actual", "estimated"),
    actual_estimated=True,
    history_unknown=True,
    work_after=12,
    after_close=3,
    rag=rag(Letter.BLUE, reason("history_unknown", actual=date(2025, 3, 1))),
)
UNDATED = MilestoneVerdict(
    milestone=Milestone(code="OLD-M02", project="OLD", name="@someday", appeared=NOW),
    project="OLD",
    level=Level.TRACKED,
    rag=rag(
        Letter.AMBER,
        reason("overridden", decision="D-9", letter="A", until=date(2026, 12, 24)),
        override="A!",
        override_until=date(2026, 12, 24),
    ),
)
SECRET = MilestoneVerdict(
    milestone=Milestone(code="PAY-M99", project="PAY", name="Project Nightingale", appeared=NOW),
    project="PAY",
    level=Level.COMMITTEE,
    restricted=True,
    rag=rag(Letter.RED, reason("missed", baseline=date(2026, 11, 30), late_wd=1, first_target=None)),
)
SMALL = MilestoneVerdict(
    milestone=Milestone(code="PAY-M50", project="PAY", name="Sprint 12", appeared=NOW),
    project="PAY",
    level=Level.TEAM,
    rag=rag(Letter.GREEN),
)


def report(code: str, month: int, day: int, expected: date, **more: object) -> Report:
    """A report of that day."""
    return Report(code=code, day=date(2026, month, day), expected=expected, **more)  # type: ignore[arg-type]


REPORTS = {
    "PAY-M03": (
        report("PAY-M03", 11, 16, date(2026, 12, 10), baseline=date(2026, 11, 2), slip=28, scope=26, delivered=9),
        report("PAY-M03", 11, 23, date(2026, 12, 21), baseline=date(2026, 12, 10), slip=7, step=7, net=7, scope=30),
        report("PAY-M03", 11, 30, date(2026, 12, 19), baseline=date(2026, 12, 10), slip=7, step=-1, net=6, scope=30),
    ),
    "PAY-M01": (report("PAY-M01", 11, 16, date(2026, 10, 12), baseline=date(2026, 10, 14), slip=-2, ended=True),),
    "PAY-M99": (report("PAY-M99", 11, 9, date(2026, 11, 30)),),
    "PAY-M50": (report("PAY-M50", 11, 9, date(2026, 11, 30)),),
}  # fmt: skip
MOVES = {
    "PAY-M03": (
        Move(
            code="PAY-M03", field="expected", day=date(2026, 11, 16), seen=datetime(2026, 11, 16, 2, tzinfo=UTC),
            new=date(2026, 12, 10), opening=True,
        ),
        Move(
            code="PAY-M03", field="target", day=date(2026, 11, 20), seen=datetime(2026, 11, 20, 2, tzinfo=UTC),
            old=date(2026, 11, 2), new=date(2026, 12, 10), wd=28, after=datetime(2026, 11, 20, 1, tzinfo=UTC),
        ),
        Move(
            code="PAY-M03", field="baseline", day=date(2026, 11, 20), seen=datetime(2026, 11, 20, 2, tzinfo=UTC),
            old=date(2026, 11, 2), new=date(2026, 12, 10), wd=28, decision="D-17", reason="银联 late",
        ),
        Move(
            code="PAY-M03", field="expected", day=date(2026, 11, 23), seen=datetime(2026, 11, 23, 2, tzinfo=UTC),
            old=date(2026, 12, 10), new=date(2026, 12, 21), wd=7,
            causes=(
                Cause("scope", 5, (Proof("PAY-41", "https://jira.example.com/browse/PAY-41"), Proof("PAY-77"))),
                Cause("throughput", 3, (Proof("PAY-41", "https://jira.example.com/browse/PAY-41"),)),
                Cause("unexplained", -1),
            ),
        ),
        Move(
            code="PAY-M03", field="paused", day=date(2026, 11, 27), seen=datetime(2026, 11, 27, 2, tzinfo=UTC),
            old=date(2026, 11, 24), new=date(2026, 11, 27), wd=3, decision="D-18",
        ),
        Move(
            code="PAY-M03", field="forecast", day=date(2026, 11, 30), seen=datetime(2026, 11, 30, 2, tzinfo=UTC),
            new=date(2026, 12, 19), changed=datetime(2026, 11, 29, 8, 30, tzinfo=UTC), by="李娜",
        ),
    ),
    "PAY-M99": (
        Move(
            code="PAY-M99", field="target", day=date(2026, 11, 27), seen=datetime(2026, 11, 27, 2, tzinfo=UTC),
            old=date(2026, 11, 2), new=date(2026, 11, 30),
        ),
    ),
}  # fmt: skip


def item(number: int, **more: object) -> WorkItem:
    """An open issue of PAY."""
    return WorkItem(ref=Ref("jira", "issue", str(number)), key=f"PAY-{number}", **more)  # type: ignore[arg-type]


def assessment() -> Assessment:
    """What the assessment says on that day."""
    return Assessment(
        as_of=NOW,
        today=TODAY,
        policy=Policy(),
        portfolios=(
            ProgramVerdict(
                row=PORTFOLIO, rag=rag(Letter.AMBER, reason("program_red", code="CHK", name="Checkout")),
                counts={"R": 1, "G": 1, "?": 1}, projects=("PAY",), children=("CHK",), total=4,
            ),
        ),
        programs=(
            ProgramVerdict(
                row=PROGRAM, rag=rag(Letter.RED, reason("project_red", code="PAY", name="Payments 支付")),
                counts={"R": 1}, projects=("PAY",), late=1, total=4, small=1,
            ),
        ),
        projects=(
            ProjectVerdict(
                row=PAY,
                rag=rag(Letter.RED, reason("milestone_red", code="PAY-M99", name="Project Nightingale"), days=3, before="A"),
                owner="李娜", next=LATE, final=SECRET, late=1, at_risk=1, total=4, small=1, red_risks=2, confidence=80,
                restricted=1,
            ),
            ProjectVerdict(row=OLD, rag=rag(Letter.GREY, reason("milestones_none")), total=2),
        ),
        milestones=(DONE, LATE, UNREAD, SMALL, SECRET, UNKNOWN, UNDATED),
        items=(
            ItemNote(
                item=item(
                    41, title="=HYPERLINK(\"http://x\")", status="In Review", category=Category.DOING, owner_name="王伟",
                    due=date(2026, 12, 19), url="https://jira.example.com/browse/PAY-41", updated=NOW,
                ),
                project="PAY", codes=("PAY-M03",), problems=("overdue", "quiet"), due_in=-4,
            ),
            ItemNote(item=item(77, title="hidden", restricted=True), project="PAY", codes=("PAY-M99",), problems=("soon",)),
        ),
        findings=(
            Problem(
                rule="not-a-date", place="'Milestone inputs'!J5", message="“soon” is not a date", remedy="type 2027-01-08",
                code="PAY-M04", since=datetime(2026, 11, 27, 2, tzinfo=UTC),
            ),
            Problem(rule="unmapped-status", place="PAY-41", message="status “审核中” is not mapped", code="PAY"),
            Problem(rule="no-owner", place="PAY-M99", message="Project Nightingale has no owner", restricted=True),
        ),
        freshness=(
            Freshness(connection="jira", title="Jira", state="ok", good=NOW, tried=NOW, records=1200),
            Freshness(connection="gitlab", title="GitLab", state="stale", reason="the token is dead", remedy="renew it"),
        ),
        calendars=("CN",),
        provisional=("2027",),
        concerns=(
            Concern(
                rule="late", code="PAY-M03", project="PAY", reason=LATE.rag.reasons[0], acts="owner", who="李娜",
                push=Push("PAY-M99", 5, 3), slip=9, letter="R", since=datetime(2026, 11, 25, 2, tzinfo=UTC),
            ),
            Concern(
                rule="late", code="PAY-M99", project="PAY", acts="owner",
                reason=reason("missed", baseline=TODAY, late_wd=1, first_target=""),
                since=NOW,
            ),
            Concern(rule="learning", code="OLD", project="OLD", reason=reason("learning_undecided", learning_date=TODAY),
                    acts="manager", who="Bob", since=NOW),
            Concern(rule="quiet", code="PAY-M03", project="PAY", since=datetime(2026, 11, 24, 2, tzinfo=UTC), over=NOW),
        ),
        reports=REPORTS,
        moves=MOVES,
        past={
            code: (
                Colour(code=code, day=date(2026, 11, 16), computed=was, shown=was),
                Colour(code=code, day=date(2026, 11, 30), computed=now, shown=now),
            )
            for code, was, now in (
                ("PAY", "A", "A"), ("OLD", "?", "?"), ("PAY-M03", "A", "R"), ("PAY-M04", "G", "g"), ("PAY-M01", "G", "B"),
                ("OLD-M01", "B", "B"),
            )
        },
        yesterday=date(2026, 11, 30),
    )  # fmt: skip


MET = datetime(2026, 11, 30, 2, tzinfo=UTC)
"""Monday's committee."""
CUT_PLAN = Plan(
    programs=(PORTFOLIO, PROGRAM),
    projects=(OLD, PAY),
    decisions=(
        DecisionRow(
            place=place("decisions", 2, "D-17"), number="D-17", day=date(2026, 11, 27), body="SteerCo",
            type=DecisionType.REBASELINE, codes=("PAY-M03",), new_date=date(2026, 12, 10), reason="银联 late",
        ),
        DecisionRow(
            place=place("decisions", 3, "D-18"), number="D-18", day=date(2026, 11, 27), type=DecisionType.PAUSE,
            codes=("PAY-M99",), reason="secret reason",
        ),
    ),
    risks=(
        RiskRow(
            place=place("risks", 2, "R-1"), id="R-1", project="PAY", text="银联 certificate", probability=4, impact=5,
            owner="Ada", due=date(2026, 12, 4), escalated_to="CTO",
        ),
        RiskRow(
            place=place("risks", 3, "R-2"), id="R-2", project="PAY", text="about Nightingale", probability=5, impact=5,
            milestone="PAY-M99",
        ),
    ),
    calendar=(
        CalendarRow(
            place=place("calendar", 2, ""), kind="freeze", first=date(2026, 12, 11), last=date(2026, 12, 13), words="Double 12",
        ),
    ),
)  # fmt: skip


def cut() -> Cut:
    """What Monday's committee saw: as today, but for the letters of two milestones."""
    then = replace(assessment(), as_of=MET, today=date(2026, 11, 30))
    times = clocks(CUT_PLAN.calendar, CUT_PLAN.projects, Policy(), MET)
    made = frozen(then, CUT_PLAN, times, None, MET, Schedule())
    stood = {**made.stood, "PAY-M03": Stood("A", date(2026, 12, 10)), "PAY-M01": Stood("G")}
    return replace(made, stood=stood)


def content(language: str = "en", **more: object) -> Content:
    """The content of that day."""
    given = {
        "assessment": assessment(),
        "generated_at": NOW,
        "plan": Plan(
            programs=(PORTFOLIO, PROGRAM), projects=(OLD, PAY), milestones=tuple(v.row for v in (LATE, UNREAD) if v.row)
        ),
        "runs": (
            Run(
                id=7, epoch=1, started=NOW, ended=NOW.replace(minute=16), outcome="partial", cells=321,
                units=(
                    UnitRun(connection="jira", unit="PAY", pulled=1200, changed=14, requests=13, received=2_500_000, seconds=4.0),
                    UnitRun(connection="gitlab", unit="shop", error="401 from gitlab.example.com"),
                ),
            ),
        ),
        "holds": (Hold(id="H1", connection="jira", unit="PAY", reason="41 items gone", since=NOW, count=41),),
        "language": language,
        "title": "PMO",
        "hosts": HOSTS,
        "time_zone": "Asia/Shanghai",
        "next_sync": "10:30",
        "cut": cut(),
        **more,
    }  # fmt: skip
    return Content(**given)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def story() -> Callable[..., Content]:
    """Makes the content of that day; the first argument is the language, others replace fields."""
    return content
