"""What an assessment says: one verdict a milestone, project, program and portfolio, each with its reasons as data.

Reasons are keys with values, not sentences: ``dashboard`` puts them into English or Chinese words.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from pmosync.compute.policy import Policy
from pmosync.compute.workdays import Calendar
from pmosync.model import (
    Baseline,
    Colour,
    Freshness,
    Level,
    Milestone,
    MilestoneRow,
    Move,
    Problem,
    ProgramRow,
    Progress,
    ProjectNoteRow,
    ProjectRow,
    Promise,
    Report,
    RiskRow,
    State,
    WorkItem,
)
from pmosync.raw import Ref


class Letter(StrEnum):
    """A colour and its letter, always shown together."""

    RED = "R"
    AMBER = "A"
    GREEN = "G"
    PALE = "g"
    GREY = "?"
    BLUE = "B"
    PAUSED = "‖"
    PROPOSED = "P"
    MISSING = "M"
    CANCELLED = "×"
    REPLACED = "→"


class Reason(Struct, frozen=True):
    """Why: the rule's stable key (``missed``, ``no_owner`` …) and the values that its sentence needs."""

    key: str
    values: Mapping[str, str | int | float | date] = {}


class Step(Struct, frozen=True):
    """One link of the chain of evidence: the field answered, the rule's key, the answer, what it was made of, and
    where to look. Text is a name or code that reads alike in every language; all else is data, as reasons are.
    """

    field: str
    rule: str | Reason
    answer: str | Reason
    inputs: tuple[str | Reason, ...] = ()
    links: tuple[str, ...] = ()


class Dated(Struct, frozen=True):
    """A date and where it comes from: ``source`` is a stable word, ``name`` what to name (a title, key, person or code).

    sheet · version, epic, milestone (the form of the source) · child (an open item) · forecast (a person's) ·
    predecessor · withdrawn (the last target, taken back on the day that is its name) · overdue (the evidence lies in the
    past: today at the earliest) · frozen (as it stood when paused or ended) · successor (of a split or merge) · actual.

    ``day`` need not be what the source says: ``due`` is the due date of an open item, or the day of an evidence that lies in
    the past; ``thawed`` the day before a freeze window (``freeze``, its words) moved it. ``seen``: the day of the sync that
    saw a person's forecast; who typed it nobody knows. ``coarse``: typed as a month, quarter or half-year. ``behind`` a
    predecessor stand those that it waits for in turn, each for the next, as far as that decides its date.
    """

    day: date
    source: str
    name: str = ""
    due: date | None = None
    thawed: date | None = None
    freeze: str = ""
    seen: date | None = None
    coarse: bool = False
    behind: tuple[str, ...] = ()

    @property
    def overdue(self) -> date | None:
        """The due date that has passed and is counted as a later day; None if it has not."""
        return self.due if self.due is not None and self.due < (self.thawed or self.day) else None


class RollUp(Struct, frozen=True):
    """The latest date of the open children: used only if enough of them are dated (``dated`` of ``open``).

    ``due`` is what the named child itself says: earlier than ``day`` if it is overdue.
    """

    dated: int
    open: int
    day: date | None = None
    child: str = ""
    used: bool = False
    due: date | None = None


FAN_WEEKS = 13
"""How far the fan of a burn-up reaches, in weeks from today: a quarter."""


class Spoke(Struct, frozen=True):
    """Delivered items by the end of a day, those done today among them: the 15th, 50th and 85th percentile."""

    day: date
    low: int
    likely: int
    high: int


class Pace(Struct, frozen=True, kw_only=True):
    """What the pace of its teams alone says of a milestone: evidence, no promise. ``withheld``: why it says nothing.

    ``p50`` and ``p85`` are the days by which it is done with that probability (None: beyond the days looked ahead), ``p50``
    moved out of the freeze ``windows``. ``teams`` work on it; ``via`` is the predecessor it waits for. ``first`` is the P50
    if ``leader``, who comes first by priority, is served first on a shared team. Of a promise of a date, ``likely`` (50 %)
    and ``safe`` (85 %) items of the ``committed`` ones are delivered by that date. Its scope is taken to be multiplied by
    ``growth`` (1 = none) until it ends, as that of ``compared`` closed milestones was from there on. The ``fan`` is what is
    delivered of the scope known today week by week, of a milestone of the committee.
    """

    p50: date | None = None
    p85: date | None = None
    teams: tuple[str, ...] = ()
    via: str = ""
    windows: str = ""
    leader: str = ""
    first: date | None = None
    likely: int | None = None
    safe: int | None = None
    committed: int | None = None
    growth: float = 1.0
    compared: int = 0
    fan: tuple[Spoke, ...] = ()
    withheld: tuple[Reason, ...] = ()

    @property
    def soonest(self) -> date | None:
        """The earlier of both P50s, where the observed split has one: what is late by it alone is a matter of who goes first."""
        return self.p50 if self.p50 is None or self.first is None else min(self.p50, self.first)


class Record(Struct, frozen=True, kw_only=True):
    """Whose forecasts are published (``winner``: a forecaster's stable name), and how often its dates were kept (``p50``,
    ``p85``: 0 to 1) of ``count`` forecasts that were made of what came after it had learned.
    """

    winner: str
    p50: float
    p85: float
    count: int


class Calibrated(Struct, frozen=True, kw_only=True):
    """The published forecast of a milestone: done by ``p50`` with 50 %, by ``p85`` with 85 % (the day to promise), by the
    promise and the tolerance for Red with a ``chance`` of 0 to 1 (None: nothing was promised, or that day is over).
    """

    p50: date
    p85: date
    chance: float | None
    record: Record


class Rag(Struct, frozen=True, kw_only=True):
    """A colour with its letter. ``computed`` is today's raw answer, ``shown`` the steady one, ``override`` the
    decided one until a day.

    ``reasons`` are those of ``computed``, gravest first; before them what sets ``shown`` apart from it (an override, a
    colour held back, a source that is behind), after them what should be known besides. ``days`` are working days in the
    shown colour (``since`` a day), ``before`` the letter it had before that; ``mark`` stands beside the letter (→:
    replaced, and judged by the successors).
    """

    shown: Letter
    computed: Letter
    reasons: tuple[Reason, ...] = ()
    hard: bool = False
    preview: bool = False
    override: str = ""
    override_until: date | None = None
    days: int = 0
    since: date | None = None
    before: str = ""
    mark: str = ""


class MilestoneVerdict(Struct, frozen=True, kw_only=True):
    """All columns of the Milestones tab, before words. Slips: ``slip`` and ``slip_original`` in wd, ``slip_days`` and
    ``early_warning`` in calendar days; None = undefined, never 0.

    ``scope_added`` counts the items that joined since the current baseline; None without one, or where nothing
    was broken down by then: all is initial scope.
    ``history_unknown``: found already released, so nothing is known of how it came. ``work_after`` is last child −
    release date in days, and ``after_close`` the items delivered after it. ``expected`` names where it comes from.
    ``pace`` is None where nothing is open that a team could deliver, ``calibrated`` where the site's record, or what is
    known of the milestone, does not tell yet.
    ``wished`` is the day of a new baseline that waits for a decision.
    ``first_target`` is what it is judged against without a baseline, ``slip_first`` the wd from there: no slip, for nothing was
    promised.
    ``ahead`` is how many wd the current baseline lies ahead (negative: behind), a calendar that changed since left aside.
    ``forecast_state`` is "", in_force, unconfirmed (a floor since ``forecast_since``) or contradicted (by the evidence,
    on which the colour is then computed, with the ``evidence_slip`` in wd).
    """

    milestone: Milestone
    project: str
    program: str = ""
    portfolio: str = ""
    row: MilestoneRow | None = None
    level: Level = Level.TEAM
    type: str = ""
    promise: Promise = Promise.SCOPE
    state: State = State.ACTIVE
    owner: str = ""
    owner_from: str = ""
    original: Baseline | None = None
    current: Baseline | None = None
    wished: date | None = None
    ahead: int | None = None
    target: Dated | None = None
    rollup: RollUp | None = None
    forecast: Dated | None = None
    forecast_state: str = ""
    forecast_since: date | None = None
    expected: Dated | None = None
    pace: Pace | None = None
    calibrated: Calibrated | None = None
    actual: Dated | None = None
    actual_estimated: bool = False
    first_actual: date | None = None
    slip: int | None = None
    evidence_slip: int | None = None
    slip_days: int | None = None
    slip_original: int | None = None
    first_target: date | None = None
    slip_first: int | None = None
    replans: int = 0
    retargets: int = 0
    first_slip_seen: date | None = None
    early_warning: int | None = None
    history_unknown: bool = False
    progress: Progress = Progress()
    scope_added: int | None = None
    work_after: int | None = None
    after_close: int = 0
    confidence: int = 0
    depends_on: tuple[str, ...] = ()
    freeze: str = ""
    rag: Rag
    url: str = ""
    sources: tuple[Ref, ...] = ()
    restricted: bool = False
    gone_since: datetime | None = None
    steps: tuple[Step, ...] = ()

    @property
    def judged_slip(self) -> int | None:
        """The wd by which it is sorted and summed: a forecast that is not believed makes nothing early."""
        return self.slip if self.evidence_slip is None else self.evidence_slip


class ProjectVerdict(Struct, frozen=True, kw_only=True):
    """One project of the register. Counts are of committee and tracked milestones; ``small`` counts team ones. ``note`` is what
    its manager says of it, None if nothing.
    """

    row: ProjectRow
    rag: Rag
    state: State = State.ACTIVE
    owner: str = ""
    next: MilestoneVerdict | None = None
    final: MilestoneVerdict | None = None
    late: int = 0
    at_risk: int = 0
    total: int = 0
    small: int = 0
    red_risks: int = 0
    confidence: int | None = None
    restricted: int = 0
    stale: bool = False
    note: ProjectNoteRow | None = None
    steps: tuple[Step, ...] = ()


class ProgramVerdict(Struct, frozen=True, kw_only=True):
    """A program or portfolio. ``counts`` are of projects by shown letter; ``owner`` is its manager's name."""

    row: ProgramRow
    rag: Rag
    owner: str = ""
    counts: Mapping[str, int] = {}
    projects: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    late: int = 0
    at_risk: int = 0
    total: int = 0
    small: int = 0
    red_risks: int = 0
    confidence: int | None = None
    steps: tuple[Step, ...] = ()


class ItemNote(Struct, frozen=True, kw_only=True):
    """A row of Work: an open item and its problem codes (``overdue``, ``no-owner``, ``no-date``, ``unmapped-status``,
    ``quiet``, ``soon``).
    """

    item: WorkItem
    project: str
    codes: tuple[str, ...]
    problems: tuple[str, ...]
    due_in: int | None = None


class Side(Struct, frozen=True):
    """What one side says: ``source`` is a stable word (sheet, version, epic, milestone, child, forecast, item, merge_request,
    account …), ``name`` what it is called there, ``says`` a status or code, or ``day`` a date.
    """

    source: str
    name: str = ""
    says: str = ""
    day: date | None = None
    url: str = ""


class Contradiction(Struct, frozen=True, kw_only=True):
    """Sides that disagree about a milestone (``code``, "" = none in particular) of a project. ``counts`` is the side that
    counts meanwhile, ``rule`` why: a stable word ("" = none does, people have to say).
    """

    kind: str
    code: str = ""
    project: str = ""
    sides: tuple[Side, ...] = ()
    counts: Side | None = None
    rule: str = ""


class Push(Struct, frozen=True):
    """How far a milestone makes a ``final`` one (its code) late: ``wd`` behind its promise if nothing changes, each of which
    counts ``weight`` times by the priority of its project.
    """

    final: str
    wd: int
    weight: int

    @property
    def cost(self) -> int:
        """Weighed working days."""
        return self.wd * self.weight


class Concern(Struct, frozen=True, kw_only=True):
    """Something that needs somebody: ``rule`` (a stable word) of the milestone or project ``code``.

    ``acts`` is whose turn it is (owner, manager, office), ``who`` that person's name where it is known. ``push`` is what it does
    to a final milestone (None: nothing), ``slip`` the milestone's own in wd, each of which counts ``weight`` times. It stands
    ``since``; ``over``: it went away then, and only its rule is known. ``answer``, ``snoozed`` (until that day) and ``done`` are
    what people say to it; for one of the latter two it ``rests``. ``decided`` is the last day of a decision by which its
    colour is a better one.
    """

    rule: str
    code: str
    project: str = ""
    reason: Reason | None = None
    acts: str = ""
    who: str = ""
    push: Push | None = None
    slip: int | None = None
    weight: int = 1
    letter: str = ""
    since: datetime | None = None
    over: datetime | None = None
    answer: str = ""
    snoozed: date | None = None
    done: bool = False
    rests: bool = False
    decided: date | None = None

    @property
    def id(self) -> str:
        """What it is called from its first day to its last, and in people's answers."""
        return f"{self.rule}:{self.code}"


class Assessment(Struct, frozen=True, kw_only=True):
    """Everything one assessment says, in canonical order, and what the store must keep of it.

    ``today`` is the default time zone's day. ``new_baselines``, ``colours``, ``new_moves`` and ``new_reports`` are appended to
    the store by the engine. ``moves`` are the rows of the slip ledger and ``reports`` the points of the milestone trend, by
    code, oldest first, the new ones included.
    ``forecaster`` is whose forecasts are published; None while nobody's is, for the reason ``unforecast``.
    ``findings`` feed Data quality. ``secrets`` are keys and titles of what is restricted: who may not see that may not read
    them in other things' texts either.
    ``kept`` are the calendars by which a past moment was assessed, as they were then; none of the present.
    ``marked`` is since when reports are marked as sent, by ``compute.marks.sent``.
    ``past`` are the colours of earlier days by code, oldest first; ``yesterday`` is the last working day before ``today``.
    """

    as_of: datetime
    today: date
    policy: Policy
    portfolios: tuple[ProgramVerdict, ...] = ()
    programs: tuple[ProgramVerdict, ...] = ()
    projects: tuple[ProjectVerdict, ...] = ()
    milestones: tuple[MilestoneVerdict, ...] = ()
    items: tuple[ItemNote, ...] = ()
    risks: tuple[RiskRow, ...] = ()
    findings: tuple[Problem, ...] = ()
    secrets: tuple[str, ...] = ()
    freshness: tuple[Freshness, ...] = ()
    calendars: tuple[str, ...] = ()
    provisional: tuple[str, ...] = ()
    new_baselines: tuple[Baseline, ...] = ()
    colours: tuple[Colour, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    concerns: tuple[Concern, ...] = ()
    moves: Mapping[str, tuple[Move, ...]] = {}
    reports: Mapping[str, tuple[Report, ...]] = {}
    forecaster: Record | None = None
    unforecast: Reason | None = None
    new_moves: tuple[Move, ...] = ()
    new_reports: tuple[Report, ...] = ()
    past: Mapping[str, tuple[Colour, ...]] = {}
    yesterday: date | None = None
    kept: Mapping[str, Calendar] = {}
    marked: Mapping[str, datetime] = {}
