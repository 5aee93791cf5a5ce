"""The nouns: one vocabulary for code, workbook, docs and export. Frozen values, no behaviour beyond naming.

*Facts* come from a system and are identified by ``Ref``. *Ours* (portfolio, program, project, milestone) are
identified by a short code and tied to facts by dated bindings. Dates without a time are ``date``; instants are UTC
``datetime``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from pmosync.errors import Unread
from pmosync.raw import Ref, Scope

# ---------------------------------------------------------------- words


class Category(StrEnum):
    """Where a raw status stands; ``unmapped`` is said, never guessed."""

    TODO = "todo"
    DOING = "doing"
    DONE = "done"
    UNMAPPED = "unmapped"


class Outcome(StrEnum):
    """How work ended: only ``delivered`` is progress, ``undelivered`` is scope removed, ``open`` is neither yet."""

    OPEN = "open"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"


class Control(StrEnum):
    """How closely the PMO steers a project."""

    KEY = "key"
    PART_TIME = "part_time"


class ProjectKind(StrEnum):
    """What a project is for; a bet or experiment is judged by its learning date."""

    DELIVERY = "delivery"
    BET = "bet"
    EXPERIMENT = "experiment"
    SOP = "sop"


class Level(StrEnum):
    """How widely a milestone is steered."""

    COMMITTEE = "committee"
    TRACKED = "tracked"
    TEAM = "team"


class Promise(StrEnum):
    """What a milestone promises: all of its scope (when?), or the day (how much?)."""

    SCOPE = "scope"
    DATE = "date"


class State(StrEnum):
    """A promise's life; set by Decisions (``done`` and ``active`` follow from facts)."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    PAUSED = "paused"
    DONE = "done"
    PARTIAL = "partial"
    CANCELLED = "cancelled"
    REPLACED = "replaced"


class DecisionType(StrEnum):
    """What a decision does."""

    BASELINE = "baseline"
    REBASELINE = "re-baseline"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    KILL = "kill"
    SPLIT = "split"
    MERGE = "merge"
    RESCOPE = "re-scope"
    OVERRIDE = "override"
    EXEMPTION = "exemption"
    CORRECTION = "correction"
    PARTIAL = "partial"


class Role(StrEnum):
    """What a binding lends a milestone."""

    DATES = "dates"
    SCOPE = "scope"
    BOTH = "both"


# ---------------------------------------------------------------- facts


class ItemLink(Struct, frozen=True):
    """``kind`` is ``blocks``, ``blocked_by`` or ``relates``; ``other`` the key or ref id of the far end as its system
    gives it.
    """

    kind: str
    other: str


class WorkItem(Struct, frozen=True, kw_only=True, tag_field="entity", tag="work_item"):
    """Issue, task, bug, story.

    ``level`` 0 counts as scope; above are epics, below are sub-tasks. ``estimate`` and ``spent`` are hours.
    ``container`` is the id of the source project it lives in, ``milestones`` the source milestones it belongs to,
    ``owner`` an account id, ``parent`` the id of another item, which tells its kind where that is another (``epic_item:3``).
    ``comments`` is how many it has, ``last_comment`` when one was last written or changed; both only where a mapping asks
    for them, and never a word of them.
    """

    ref: Ref
    key: str
    title: str
    type: str = ""
    level: int = 0
    status: str = ""
    category: Category = Category.UNMAPPED
    stage: str = ""
    outcome: Outcome = Outcome.OPEN
    resolution: str = ""
    owner: str = ""
    owner_name: str = ""
    start: date | None = None
    due: date | None = None
    created: datetime | None = None
    updated: datetime | None = None
    resolved: datetime | None = None
    estimate: float | None = None
    spent: float | None = None
    comments: int | None = None
    last_comment: datetime | None = None
    parent: str = ""
    container: str = ""
    milestones: tuple[Ref, ...] = ()
    timeboxes: tuple[Ref, ...] = ()
    labels: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    team: str = ""
    priority: str = ""
    links: tuple[ItemLink, ...] = ()
    moved_to: str = ""
    restricted: bool = False
    url: str = ""


class SourceMilestone(Struct, frozen=True, kw_only=True, tag_field="entity", tag="source_milestone"):
    """A dated object of a system: Jira version or epic, GitLab milestone. ``form`` says which.

    ``target`` is the typed due or release date; ``closed`` is released (version) or closed; ``closed_at`` where the
    system tells. With ``bound_only`` it is a promise of ours only where somebody binds it.
    """

    ref: Ref
    title: str
    form: str
    key: str = ""
    container: str = ""
    start: date | None = None
    target: date | None = None
    closed: bool = False
    closed_at: datetime | None = None
    archived: bool = False
    owner: str = ""
    owner_name: str = ""
    created: datetime | None = None
    updated: datetime | None = None
    bound_only: bool = False
    restricted: bool = False
    url: str = ""


class MergeRequest(Struct, frozen=True, kw_only=True, tag_field="entity", tag="merge_request"):
    """``items`` are issue keys named in branch, title or description. ``approved_by`` are those whose approval is in
    force, ``approved`` when the latest of these was given, ``merged_by`` who merged it.
    """

    ref: Ref
    key: str
    title: str
    state: str
    draft: bool = False
    author: str = ""
    author_name: str = ""
    reviewers: tuple[str, ...] = ()
    created: datetime | None = None
    updated: datetime | None = None
    first_review: datetime | None = None
    approved_by: tuple[str, ...] = ()
    approved: datetime | None = None
    merged: datetime | None = None
    merged_by: str = ""
    closed: datetime | None = None
    branch: str = ""
    container: str = ""
    milestones: tuple[Ref, ...] = ()
    items: tuple[str, ...] = ()
    restricted: bool = False
    url: str = ""


class Timebox(Struct, frozen=True, kw_only=True, tag_field="entity", tag="timebox"):
    """Sprint or iteration: planned ``start`` and ``end``, ``completed`` when it really ended. One that is planned in days
    has its first and last day instead, ``starts_on`` and ``ends_on``. ``state`` is future, active or closed.
    """

    ref: Ref
    title: str
    state: str
    start: datetime | None = None
    end: datetime | None = None
    completed: datetime | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    url: str = ""


class SourceProject(Struct, frozen=True, kw_only=True, tag_field="entity", tag="source_project"):
    """A Jira project, GitLab project or group: what scopes and containers point at. ``parent`` is the group's id."""

    ref: Ref
    key: str
    name: str
    parent: str = ""
    archived: bool = False
    restricted: bool = False
    url: str = ""


class Release(Struct, frozen=True, kw_only=True, tag_field="entity", tag="release"):
    """What a source project published under ``tag``, or will (``upcoming``), at ``released``; ``milestones`` are the source
    milestones that it names. No rule judges by it.
    """

    ref: Ref
    title: str
    tag: str
    released: datetime | None = None
    upcoming: bool = False
    created: datetime | None = None
    container: str = ""
    milestones: tuple[Ref, ...] = ()
    restricted: bool = False
    url: str = ""


class Change(Struct, frozen=True, kw_only=True, tag_field="entity", tag="change"):
    """Who changed what, when, as the system itself tells it.

    ``of`` is the thing changed, ``ref`` the change's own identity. ``field`` is one of status, due, milestone, owner,
    estimate, timebox, resolution, title, parent, key, state, label.
    """

    ref: Ref
    of: Ref
    field: str
    old: str = ""
    new: str = ""
    old_id: str = ""
    new_id: str = ""
    at: datetime
    by: str = ""


Fact = WorkItem | SourceMilestone | MergeRequest | Timebox | SourceProject | Release | Change


# ---------------------------------------------------------------- ours, from the plan (input tabs or the settings file)


class Place(Struct, frozen=True):
    """Where an input was typed: connection, tab key, 1-based row and the row's code; ``addresses`` maps a field to
    its cell (``'Projects'!C7``).
    """

    connection: str
    tab: str
    row: int
    code: str
    addresses: Mapping[str, str] = {}


class ProgramRow(Struct, frozen=True, kw_only=True, tag_field="entity", tag="program"):
    """A portfolio (``level`` "portfolio") or a program (``parent`` = its portfolio's code)."""

    place: Place
    code: str
    level: str = "program"
    name: str = ""
    parent: str = ""
    manager: str = ""
    goal: str = ""
    benefit_measure: str = ""
    benefit_unit: str = ""
    benefit_start: float | None = None
    benefit_target: float | None = None
    benefit_target_date: date | None = None
    benefit_actual: float | None = None
    benefit_measured_on: date | None = None
    budget: float | None = None
    spend: float | None = None


class ProjectRow(Struct, frozen=True, kw_only=True, tag_field="entity", tag="project"):
    """One project of the register. ``calendar`` is a country code (CN, DE …) or a site named in the settings;
    ``time_zone`` an IANA name.
    """

    place: Place
    code: str
    name: str = ""
    portfolio: str = ""
    program: str = ""
    control: Control = Control.KEY
    kind: ProjectKind = ProjectKind.DELIVERY
    priority: str = ""
    service_group: str = ""
    department: str = ""
    business_unit: str = ""
    product_line: str = ""
    partner: str = ""
    sponsor: str = ""
    manager: str = ""
    sub_managers: tuple[str, ...] = ()
    primary_owners: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    objective: str = ""
    budget: float | None = None
    spend: float | None = None
    at_completion: float | None = None
    as_of: date | None = None
    benefit: str = ""
    calendar: str = ""
    time_zone: str = ""
    currency: str = ""
    cadence: str = ""
    audience: str = ""
    committed_on: date | None = None
    kickoff_on: date | None = None
    links: str = ""
    hypothesis: str = ""
    learning_date: date | None = None
    result: str = ""
    state: State = State.ACTIVE


class MilestoneRow(Struct, frozen=True, kw_only=True, tag_field="entity", tag="milestone_input"):
    """What people type about one milestone.

    The marks ``…_coarse`` tell of a date that was given as a month, quarter or half-year ("~"): it holds its last
    calendar day, and means the last working day.
    """

    place: Place
    code: str
    name: str = ""
    project: str = ""
    level: Level | None = None
    type: str = ""
    promise: Promise | None = None
    owner: str = ""
    target: date | None = None
    target_coarse: bool = False
    done_when: str = ""
    forecast: date | None = None
    forecast_coarse: bool = False
    actual: date | None = None
    actual_coarse: bool = False
    wish: date | None = None
    wish_coarse: bool = False
    wish_reason: str = ""
    depends_on: tuple[str, ...] = ()
    promised_to: str = ""
    note: str = ""


class BindingRow(Struct, frozen=True, kw_only=True, tag_field="entity", tag="binding"):
    """``code`` (a project's or a milestone's) is bound to ``scope`` of the connection ``system``. For a milestone
    ``scope.what`` is version, epic, milestone or label and ``scope.which`` its name, key or id; for a project it is
    project, jql or group.
    """

    place: Place
    code: str
    system: str
    scope: Scope
    role: Role = Role.BOTH
    leading: bool = False


class DecisionRow(Struct, frozen=True, kw_only=True, tag_field="entity", tag="decision"):
    """A committee's decision. ``until`` ends an override or exemption; for pause, ``new_date`` is the review date.
    ``new_date_coarse`` as in ``MilestoneRow``.
    """

    place: Place
    number: str
    day: date | None = None
    body: str = ""
    type: DecisionType | None = None
    codes: tuple[str, ...] = ()
    new_date: date | None = None
    new_date_coarse: bool = False
    reason: str = ""
    minutes: str = ""
    colour: str = ""
    until: date | None = None
    into: tuple[str, ...] = ()


class RiskRow(Struct, frozen=True, kw_only=True, tag_field="entity", tag="risk"):
    """``probability`` and ``impact`` from 1 to 5; exposure is their product."""

    place: Place
    id: str
    project: str = ""
    text: str = ""
    probability: int | None = None
    impact: int | None = None
    owner: str = ""
    due: date | None = None
    status: str = ""
    milestone: str = ""
    escalated_to: str = ""
    decision: str = ""


class PersonRow(Struct, frozen=True, kw_only=True, tag_field="entity", tag="person"):
    """One human over all systems.

    ``key`` is the employee number or e-mail; ``accounts`` are account ids or user names.
    """

    place: Place
    key: str
    name: str = ""
    other_names: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    department: str = ""
    role: str = ""
    active_until: date | None = None
    leave_from: date | None = None
    leave_to: date | None = None
    deputy: str = ""


class CalendarRow(Struct, frozen=True, kw_only=True, tag_field="entity", tag="calendar"):
    """A holiday, an extra workday or a freeze window.

    ``applies_to`` names calendars, project codes and teams, or is empty for all.
    """

    place: Place
    kind: str
    first: date | None = None
    last: date | None = None
    applies_to: str = ""
    words: str = ""


class ProjectNoteRow(Struct, frozen=True, kw_only=True, tag_field="entity", tag="project_note"):
    """What a project manager says of a project each week: ``reported`` is the colour in that person's eyes (G, A, R; it moves
    nothing), ``line`` one sentence for the committee, ``help`` what is wanted, ``confirmed_on`` when the rest was last looked
    at and found right.
    """

    place: Place
    code: str
    reported: str = ""
    line: str = ""
    help: str = ""
    confirmed_on: date | None = None


class ActionRow(Struct, frozen=True, kw_only=True, tag_field="entity", tag="action"):
    """Something to be done: ``origin`` is the meeting, decision or risk that it came from, ``state`` open, doing, done or
    dropped ("" = open).
    """

    place: Place
    id: str
    text: str = ""
    owner: str = ""
    due: date | None = None
    origin: str = ""
    state: str = ""
    codes: tuple[str, ...] = ()


class AttentionAnswerRow(Struct, frozen=True, kw_only=True, tag_field="entity", tag="attention_answer"):
    """What somebody says to a line of Attention, by its ``id`` (rule and code): it rests until ``snooze``, or is ``done``."""

    place: Place
    id: str
    answer: str = ""
    snooze: date | None = None
    done: bool | None = None


class LedgerAnswerRow(Struct, frozen=True, kw_only=True, tag_field="entity", tag="ledger_answer"):
    """Which cause people give to a row of the slip ledger, by its ``id``; the computed one stays beside it."""

    place: Place
    id: str
    cause: str = ""
    words: str = ""


class ReportTextRow(Struct, frozen=True, kw_only=True, tag_field="entity", tag="report_text"):
    """The final ``text`` of a project's status report on a ``period`` (a word of its own, such as 2026-W48), and when it was
    sent.
    """

    place: Place
    project: str
    period: str = ""
    text: str = ""
    sent_on: date | None = None


PlanRow = (
    ProgramRow
    | ProjectRow
    | MilestoneRow
    | BindingRow
    | DecisionRow
    | RiskRow
    | PersonRow
    | CalendarRow
    | ProjectNoteRow
    | ActionRow
    | AttentionAnswerRow
    | LedgerAnswerRow
    | ReportTextRow
)


class Problem(Struct, frozen=True, kw_only=True):
    """Something in the data that a person should mend: a finding on Data quality, never a guess.

    ``message`` and ``remedy`` are English; ``values`` are what they speak of, so that they can be said in another language
    (days as ISO text; ``which`` tells apart what one rule says of several things).
    ``rule`` is a stable word (unmapped-status, not-a-date, name-fits-two, duplicate-code, unknown-code, no-owner,
    unreadable-record, …); ``place`` the cell address or the key; ``restricted`` problems are counted only. ``since`` is when
    the finding first stood as it stands now, where that is known; it is told with a finding and never kept in it, as is
    ``connection``, that of the sheet in which a typed row stands ("" where it is not told). ``row``
    tells a typed row from the others wherever it stands, as ``tab:words`` that nobody reads; "" for other things.
    """

    rule: str
    place: str
    message: str
    remedy: str = ""
    code: str = ""
    row: str = ""
    owner: str = ""
    restricted: bool = False
    values: tuple[tuple[str, str | int], ...] = ()
    since: datetime | None = None
    connection: str = ""


# ---------------------------------------------------------------- history and identity kept by the store


class Observation(Struct, frozen=True, kw_only=True):
    """A move of something that a source or person says: ``field`` (target, closed, start, title, gone, forecast,
    actual, plan) of ``of`` (a ref's text or our code).

    Values are ISO dates, "true"/"false" or text; "" is none. ``seen`` is the sync that saw it; ``changed`` and ``by``
    only if the source tells. The very first observation of a field has ``old`` "" and ``first`` True.
    """

    of: str
    field: str
    old: str
    new: str
    seen: datetime
    changed: datetime | None = None
    by: str = ""
    first: bool = False


class Stretch(Struct, frozen=True, kw_only=True):
    """A time without a gap in which a finding stood: from the sync that told it first until the first that did not
    (``until`` None = it stands). ``finding`` is its name as ``compute.since`` gives it.
    """

    finding: str
    since: datetime
    until: datetime | None = None


class Milestone(Struct, frozen=True, kw_only=True):
    """A promise of ours. ``minted`` codes were made by us; ``appeared`` is when it was first known."""

    code: str
    project: str
    name: str
    appeared: datetime
    minted: bool = False


class Binding(Struct, frozen=True, kw_only=True):
    """A dated tie between our milestone (or project) and a source object. ``until`` None = in force; ``found`` = made
    by us, not typed.
    """

    code: str
    ref: Ref
    role: Role = Role.BOTH
    leading: bool = False
    since: datetime
    until: datetime | None = None
    found: bool = False


class Rebinding(Struct, frozen=True, kw_only=True):
    """From ``since`` on a source's thing ``old`` goes on as ``new``: its system was migrated, it was promoted or merged.
    ``until`` None = in force; a later rebinding may take it back. ``new`` is never itself the ``old`` of one in force.
    """

    old: Ref
    new: Ref
    since: datetime
    until: datetime | None = None


class Former(Struct, frozen=True, kw_only=True):
    """The longer life of a binding in force: our ``code`` is tied to ``ref`` now and, by rebindings, has been tied since
    ``since``, to each of ``was`` until the instant beside it, oldest first.
    """

    code: str
    ref: Ref
    since: datetime
    was: tuple[tuple[Ref, datetime], ...] = ()


class Baseline(Struct, frozen=True, kw_only=True):
    """One baseline version of a milestone: version 1 is the original.

    ``decision`` is its number, or "" when frozen automatically. A ``correction`` of version n is a new row with the
    same ``version`` and a later ``frozen``; both stay, the later one counts.
    """

    code: str
    version: int
    day: date
    frozen: datetime
    decision: str = ""
    reason: str = ""
    correction: bool = False


class Colour(Struct, frozen=True, kw_only=True):
    """What one assessment day said of a code.

    ``computed`` is the letter of that day, ``shown`` the one after steadiness, ``override`` the one that a decision had set
    ("G!"; "" = none), ``expected`` the expected date then, ``why`` the key of the reason on which the colour rested.
    What lasts longer than the days a snapshot carries is handed on from day to day: ``since`` when ``shown`` has been
    shown and what it followed (``before``); ``late`` when the expected date first lay behind the current baseline;
    ``reached`` when all work stood in the stage that ends the milestone; ``first`` the day of a first end that did not last,
    ``reopened`` when the last such end was over; ``decisions`` those that were in force then.
    What a changed calendar must not judge anew is kept too: until when a promise for ``due`` is met (``met``), how many wd it
    was ``ahead``, the planned ``length`` in wd from ``begins`` to ``due``, and ``spans``: the wd from the day of the last
    movement and of the last sign.
    """

    code: str
    day: date
    computed: str
    shown: str
    override: str = ""
    hard: bool = False
    expected: date | None = None
    slip: int | None = None
    why: str = ""
    since: date | None = None
    before: str = ""
    late: date | None = None
    reached: date | None = None
    first: date | None = None
    reopened: datetime | None = None
    decisions: tuple[str, ...] = ()
    due: date | None = None
    met: date | None = None
    begins: date | None = None
    length: int | None = None
    ahead: int | None = None
    spans: tuple[tuple[date, int], ...] = ()


class Planned(Struct, frozen=True, kw_only=True):
    """What an expected date was made of, so that a later one can be compared with it cause by cause.

    ``today`` is the day it was worked out, ``calendar`` a fingerprint of the calendar, ``p50`` the calibrated date.
    ``children`` are the open dated items as (ref, key, due date), the latest first; ``dated`` of ``open`` items had a date.
    ``predecessors`` (codes) and ``blockers`` (keys) come with their days. ``holds`` says whether the person's ``forecast``
    was in force; ``fixed`` is the day that a decision has set (a pause, a successor), ``launch`` whether freeze windows
    move it.
    """

    today: date
    calendar: str = ""
    target: date | None = None
    withdrawn: date | None = None
    p50: date | None = None
    children: tuple[tuple[str, str, date], ...] = ()
    dated: int = 0
    open: int = 0
    predecessors: tuple[tuple[str, date], ...] = ()
    blockers: tuple[tuple[str, date], ...] = ()
    forecast: date | None = None
    holds: bool = False
    fixed: date | None = None
    launch: bool = False


class Proof(Struct, frozen=True):
    """A thing that stands behind a cause: its key or code, where to look ("" = nowhere), and the ref text of an item ("" = it
    is none).
    """

    name: str
    url: str = ""
    ref: str = ""


class Cause(Struct, frozen=True):
    """By how many wd one cause moved a date (``key``: a word of ``compute.ledger.causes``), and what tells it. Throughput that
    ``rolled`` is no pace: what was not done by its date counts as the next working day, day after day.
    """

    key: str
    wd: int
    evidence: tuple[Proof, ...] = ()
    rolled: bool = False

    @property
    def word(self) -> str:
        """What it is called where people read it: the key, or ``overdue``."""
        return "overdue" if self.rolled else self.key


class Move(Struct, frozen=True, kw_only=True):
    """A row of the slip ledger: ``field`` (target, baseline, actual, forecast, expected, paused) of ``code`` went from
    ``old`` to ``new``, by ``wd`` working days (None where either is missing) as the calendar was then.

    ``seen`` is the sync that saw it, ``day`` its day in the project's time zone; ``changed`` and ``by`` only if the source
    tells. Where it does not, ``after`` is the sync before: in between lies one move at least. ``decision`` is the number of
    the decision that made it. Of a pause ``old`` and ``new`` are its first day and that of its resumption. ``wd`` of an actual
    date is counted from the date that the rows before it expected. The causes of an expected date add up to ``wd``; ``planned``
    is what it was made of, ``opening`` the date that the next one is held against, which is no move. ``planning`` is one of an
    expected date before anything was promised: it is nobody's slip, and no sum counts it. ``slip`` is how late it made the
    milestone in wd, against the baseline of then.
    """

    code: str
    field: str
    day: date
    seen: datetime
    old: date | None = None
    new: date | None = None
    wd: int | None = None
    changed: datetime | None = None
    by: str = ""
    after: datetime | None = None
    decision: str = ""
    reason: str = ""
    causes: tuple[Cause, ...] = ()
    opening: bool = False
    planned: Planned | None = None
    planning: bool = False
    slip: int | None = None

    @property
    def id(self) -> str:
        """What it is called in people's answers: code, date and the instant (UTC) at which it was seen."""
        return f"{self.code}:{self.field}:{self.seen:%Y%m%dT%H%M%SZ}"


class Report(Struct, frozen=True, kw_only=True):
    """A milestone as it stood on a report day: a point of the milestone trend, kept once and never changed.

    ``expected`` is the expected date, or the actual one once it has ``ended``; ``slip`` in wd against the ``baseline`` of
    then. ``step`` is by how many wd it moved since the last report that had a date, ``net`` since the first
    baseline, by reports; of a report without a date both are as if nothing had moved, and ``held`` is the date expected last.
    ``scope`` and ``delivered`` count its items.
    """

    code: str
    day: date
    expected: date | None = None
    held: date | None = None
    baseline: date | None = None
    slip: int | None = None
    step: int = 0
    net: int = 0
    ended: bool = False
    scope: int = 0
    delivered: int = 0


class Progress(Struct, frozen=True, kw_only=True):
    """Level-0 items of one milestone, counted in the store: each distinct item once.

    ``total`` = delivered + open (undelivered ones are removed scope). ``dated_open`` of the open ones have a due
    date; ``latest_due`` is the latest of them as ``(date, key)``. ``delivered_at`` and ``undelivered_at`` are the
    instants at which items ended so, oldest first, where the source tells: which day that was depends on the project's
    time zone. ``added`` and ``removed`` count items that joined and left since the first binding (``removed_at``: when we
    saw them gone, oldest first), ``backfilled`` those that were delivered before they joined (never in ``added``), at the
    instants ``backfilled_at``; ``added_at`` are the instants at which the added ones joined, oldest first: what joined
    before a promise is its initial scope. ``moved`` is when anything of it last moved, ``hidden`` counts items not visible
    since a census, ``restricted`` restricted open ones.
    """

    total: int = 0
    delivered: int = 0
    undelivered: int = 0
    open: int = 0
    started: int = 0
    dated_open: int = 0
    unmapped: int = 0
    latest_due: tuple[date, str] | None = None
    delivered_at: tuple[datetime, ...] = ()
    undelivered_at: tuple[datetime, ...] = ()
    backfilled: int = 0
    backfilled_at: tuple[datetime, ...] = ()
    moved: datetime | None = None
    hidden: int = 0
    restricted: int = 0
    removed: int = 0
    removed_at: tuple[datetime, ...] = ()
    added: int = 0
    added_at: tuple[datetime, ...] = ()


class Delivery(Struct, frozen=True, kw_only=True):
    """A level-0 item that was delivered lately: by which ``team`` as its system names it ("" = it names none), in which
    container (as ``WorkItem.container``), for the milestones of which codes, and when (UTC). ``key``, ``status`` and ``url``
    are the item's; of a restricted one they are empty.
    """

    ref: Ref
    key: str = ""
    status: str = ""
    url: str = ""
    team: str = ""
    container: str = ""
    codes: tuple[str, ...] = ()
    at: datetime


class Part(Struct, frozen=True, kw_only=True):
    """How far a unit has come that takes several runs to its end: ``share`` of its work, from 0 to 1. ``behind`` is the key
    of the unit whose things it tells more about: it is their history then.
    """

    connection: str
    unit: str
    title: str
    behind: str = ""
    share: float = 0.0

    @property
    def percent(self) -> int:
        """Whole percents; what is not through is never 100."""
        return min(int(self.share * 100), 99)


REMOVED = "removed"
"""The state of a connection that the settings do not name any more."""


class Freshness(Struct, frozen=True, kw_only=True):
    """How old a connection's facts are.

    ``state`` is ok, stale, held, failed, never or removed; ``reason`` and ``remedy`` are for people. ``parts`` are the units that
    have not come to their end yet, ``unread`` the tables that could not be read though the rest was.
    """

    connection: str
    title: str
    state: str
    good: datetime | None = None
    tried: datetime | None = None
    reason: str = ""
    remedy: str = ""
    records: int = 0
    parts: tuple[Part, ...] = ()
    unread: tuple[Unread, ...] = ()


class Plan(Struct, frozen=True, kw_only=True):
    """All rows of the plan in force, in canonical order (by code)."""

    programs: tuple[ProgramRow, ...] = ()
    projects: tuple[ProjectRow, ...] = ()
    milestones: tuple[MilestoneRow, ...] = ()
    bindings: tuple[BindingRow, ...] = ()
    decisions: tuple[DecisionRow, ...] = ()
    risks: tuple[RiskRow, ...] = ()
    people: tuple[PersonRow, ...] = ()
    calendar: tuple[CalendarRow, ...] = ()
    notes: tuple[ProjectNoteRow, ...] = ()
    actions: tuple[ActionRow, ...] = ()
    answers: tuple[AttentionAnswerRow, ...] = ()
    causes: tuple[LedgerAnswerRow, ...] = ()
    texts: tuple[ReportTextRow, ...] = ()


class Snapshot(Struct, frozen=True, kw_only=True):
    """All that was known at ``as_of``: what an assessment is made of.

    ``sources`` holds every source milestone in force (also ``gone`` ones: ref → since when not visible); ``progress``
    is by milestone code; ``items`` are the open level-0 items and those of problem lists, each in ``item_codes`` with
    the milestone codes it serves; ``observations`` by ref text or code, oldest first; ``baselines`` by code;
    ``colours`` by code, oldest first (the last 60 assessment days); ``standing`` since when each finding stands, by name,
    ``noted`` when concerns stood that stand or ended within the last week;
    ``former`` the bindings whose life began as a tie to another thing; ``deliveries`` what was delivered in the last 13
    weeks, oldest first; ``reports`` by code, oldest first, on the last 26 report days; ``moves`` the rows of the slip
    ledger by code, in the order in which they were kept, of which the last expected date has what it was ``planned`` from;
    ``fates`` how the children of these ended that are not open any more, by ref text; ``read`` when each connection had
    been read before this moment; ``marked`` since when a report is marked as sent and a line of Attention answered so
    (``compute.marks``); ``champion`` is the forecaster in force, as ``compute.forecast.kept`` writes it ("": none).
    """

    as_of: datetime
    plan: Plan = Plan()
    milestones: tuple[Milestone, ...] = ()
    bindings: tuple[Binding, ...] = ()
    sources: Mapping[Ref, SourceMilestone] = {}
    source_projects: Mapping[Ref, SourceProject] = {}
    gone: Mapping[Ref, datetime] = {}
    progress: Mapping[str, Progress] = {}
    items: tuple[WorkItem, ...] = ()
    item_codes: Mapping[Ref, tuple[str, ...]] = {}
    merge_requests: tuple[MergeRequest, ...] = ()
    timeboxes: tuple[Timebox, ...] = ()
    observations: Mapping[str, tuple[Observation, ...]] = {}
    baselines: Mapping[str, tuple[Baseline, ...]] = {}
    colours: Mapping[str, tuple[Colour, ...]] = {}
    freshness: tuple[Freshness, ...] = ()
    problems: tuple[Problem, ...] = ()
    standing: Mapping[str, datetime] = {}
    noted: tuple[Stretch, ...] = ()
    former: tuple[Former, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    reports: Mapping[str, tuple[Report, ...]] = {}
    moves: Mapping[str, tuple[Move, ...]] = {}
    fates: Mapping[str, Outcome] = {}
    read: Mapping[str, datetime] = {}
    marked: Mapping[str, datetime] = {}
    champion: str = ""


class UnitRun(Struct, frozen=True, kw_only=True):
    """What one unit of a run did: records pulled and changed, requests, bytes and seconds it took, and the error that
    ended it ("" = none).
    """

    connection: str
    unit: str
    pulled: int = 0
    changed: int = 0
    requests: int = 0
    received: int = 0
    seconds: float = 0.0
    error: str = ""


class Run(Struct, frozen=True, kw_only=True):
    """One sync. ``epoch`` grows with every writer that opens the store for writing; ``outcome``: running, done,
    partial, interrupted, unpublished, dry, refused (asked for what is not there: nothing was judged), failed (an
    interrupted one, as earlier versions called it).
    """

    id: int
    epoch: int
    started: datetime
    ended: datetime | None = None
    kind: str = "sync"
    outcome: str = "running"
    units: tuple[UnitRun, ...] = ()
    cells: int = 0
    words: str = ""


class Lost(Struct, frozen=True, kw_only=True):
    """What a hold tells of things that are not listed any more: their ``kind`` (``issue``), the ``tab`` of rows, and the
    title of what should list them (``of``).

    ``why`` it is held: "" (too many at once), "losing" (too much of the open work of ``codes``, the first few of
    ``more`` besides), "new-ids" (``rekeyed`` of their keys are listed under new ids) or "elsewhere" (``rekeyed`` of their
    keys stand in the connection ``there``). With ``there`` nobody asks for the old ones any more.
    """

    kind: str
    of: str
    tab: str = ""
    why: str = ""
    codes: tuple[str, ...] = ()
    more: int = 0
    rekeyed: int = 0
    there: str = ""


class Hold(Struct, frozen=True, kw_only=True):
    """A scope that is not published until somebody looks. ``id`` is short and typed into ``pmosync accept``;
    ``count`` things are concerned. ``moved_to`` is the connection under which they seem to have come back. ``lost`` says
    in parts what ``reason`` says in English, where things are not listed any more.
    """

    id: str
    connection: str
    unit: str
    reason: str
    since: datetime
    count: int = 0
    refs: tuple[Ref, ...] = ()
    accepted: datetime | None = None
    accepted_as: str = ""
    moved_to: str = ""
    lost: Lost | None = None
