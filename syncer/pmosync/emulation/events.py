"""Neutral scenario events: one story, told once, moves every emulated system.

A thing lives in one ``system`` (the emulator's name: ``jira``, ``gitlab``, ``google_sheets``); an emulator applies
the events of things that live in it and ignores the rest. Keys are in the form people of that system know: Jira
``PAY`` and ``PAY-41``, GitLab ``pay/api``, ``pay/api#12`` (issue) and ``pay/api!7`` (merge request). Milestone keys
are the story's own, unique over all systems.

Every event carries ``at``, the UTC instant at which it happens, and ``by``, the key of the person who does it ("" =
the system itself). Events of one story are applied in the order of ``at``.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from pmosync.sheet import Value


class Stage(StrEnum):
    """Where work stands, in words that every system can say in its own: see each emulator's table."""

    TODO = "todo"
    DOING = "doing"
    REVIEW = "review"
    DONE = "done"
    DROPPED = "dropped"


class Happening(Struct, frozen=True, kw_only=True):
    """What all events share: when, and by whom."""

    at: datetime
    by: str = ""


class PersonJoins(Happening, frozen=True, tag=True):
    """A person gets an account in every system; two people may have one ``name``, never one ``key``."""

    key: str
    name: str
    email: str
    department: str = ""


class PersonLeaves(Happening, frozen=True, tag=True):
    """The account is switched off; what the person did stays."""

    key: str


class ProjectOpens(Happening, frozen=True, tag=True):
    """A Jira project, or a GitLab project (its groups are made from the path)."""

    system: str
    key: str
    name: str


class ProjectRenamed(Happening, frozen=True, tag=True):
    """A project gets a new name, and where given a new key or path; its id stays."""

    system: str
    key: str
    name: str
    new_key: str = ""


class ProjectArchived(Happening, frozen=True, tag=True):
    """A project is archived: what a lister shows of it follows the system's own rules."""

    system: str
    key: str


class MilestoneOpens(Happening, frozen=True, tag=True):
    """A dated promise in a system. ``form``: ``version``, ``epic`` (Jira) or ``milestone`` (GitLab; ``project`` may
    be a group's path).
    """

    system: str
    key: str
    project: str
    title: str
    form: str
    due: date | None = None
    start: date | None = None
    owner: str = ""


class MilestoneDated(Happening, frozen=True, tag=True):
    """Somebody types another due or release date (None clears it)."""

    key: str
    due: date | None


class MilestoneRenamed(Happening, frozen=True, tag=True):
    """A new title; the id stays."""

    key: str
    title: str


class MilestoneCloses(Happening, frozen=True, tag=True):
    """A version is released with release date ``on``; an epic is resolved; a GitLab milestone is closed."""

    key: str
    on: date | None = None


class MilestoneReopens(Happening, frozen=True, tag=True):
    """Released or closed was taken back."""

    key: str


class MilestoneDeleted(Happening, frozen=True, tag=True):
    """The object is gone, as its system does it (items lose the link)."""

    key: str


class ItemCreated(Happening, frozen=True, tag=True):
    """An issue. ``kind``: ``story``, ``task``, ``bug``, ``subtask``, ``risk``. ``estimate`` in hours."""

    system: str
    key: str
    project: str
    title: str
    kind: str = "story"
    milestone: str = ""
    assignee: str = ""
    due: date | None = None
    estimate: float | None = None
    parent: str = ""
    labels: tuple[str, ...] = ()
    restricted: bool = False
    description: str = ""


class ItemMoves(Happening, frozen=True, tag=True):
    """An item changes its stage."""

    key: str
    to: Stage


class ItemStatus(Happening, frozen=True, tag=True):
    """An item gets a raw status by the system's own name, also one that no mapping knows (Jira status; GitLab label
    ``status::NAME``).
    """

    key: str
    status: str


class ItemAssigned(Happening, frozen=True, tag=True):
    """Another assignee; "" = nobody."""

    key: str
    to: str


class ItemDated(Happening, frozen=True, tag=True):
    """Another due date."""

    key: str
    due: date | None


class ItemEstimated(Happening, frozen=True, tag=True):
    """Another estimate, in hours."""

    key: str
    estimate: float | None


class ItemPlanned(Happening, frozen=True, tag=True):
    """An item joins another milestone; "" = none."""

    key: str
    milestone: str


class ItemRetitled(Happening, frozen=True, tag=True):
    """Another title."""

    key: str
    title: str


class ItemLabelled(Happening, frozen=True, tag=True):
    """The set of labels is replaced."""

    key: str
    labels: tuple[str, ...]


class ItemCommented(Happening, frozen=True, tag=True):
    """Somebody writes a comment."""

    key: str
    text: str


class ItemLogged(Happening, frozen=True, tag=True):
    """Somebody logs ``hours`` of work in Jira. ``entry`` names the worklog: told again, it is corrected; 0 hours delete it."""

    key: str
    hours: float
    entry: str = "1"


class ItemLinked(Happening, frozen=True, tag=True):
    """``key`` blocks ``other`` (or ``relates`` to it)."""

    key: str
    other: str
    kind: str = "blocks"


class ItemMoved(Happening, frozen=True, tag=True):
    """An item moves to another project and is known under ``new_key`` from then on."""

    key: str
    project: str
    new_key: str


class ItemRestricted(Happening, frozen=True, tag=True):
    """The item becomes restricted, or is opened again."""

    key: str
    restricted: bool = True


class ItemDeleted(Happening, frozen=True, tag=True):
    """The item is gone; its system leaves no tombstone."""

    key: str


class MergeRequestOpened(Happening, frozen=True, tag=True):
    """A merge request. ``items`` are keys (any system) named in its title or branch; ``draft`` as GitLab means it."""

    system: str
    key: str
    project: str
    title: str
    branch: str = ""
    author: str = ""
    reviewers: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    milestone: str = ""
    draft: bool = False


class MergeRequestReviewed(Happening, frozen=True, tag=True):
    """A reviewer comments or approves."""

    key: str
    approved: bool = False


class MergeRequestMerged(Happening, frozen=True, tag=True):
    """It is merged."""

    key: str


class MergeRequestClosed(Happening, frozen=True, tag=True):
    """It is closed unmerged."""

    key: str


class SprintOpened(Happening, frozen=True, tag=True):
    """A sprint with planned dates, on the board of a project."""

    system: str
    key: str
    project: str
    title: str
    start: date
    end: date


class SprintStarted(Happening, frozen=True, tag=True):
    """The sprint begins; its items are those planned into it."""

    key: str


class SprintClosed(Happening, frozen=True, tag=True):
    """The sprint is completed at ``at``."""

    key: str


class ItemSprint(Happening, frozen=True, tag=True):
    """An item joins a sprint; "" = leaves all open ones."""

    key: str
    sprint: str


class CellTyped(Happening, frozen=True, tag=True):
    """A person types ``value`` into the input tab ``tab`` (its title), in the row whose first column shows ``code``
    and the column headed ``column``. An absent code gets a new row behind the last one. A ``str`` is typed text and
    is parsed as the sheet would.
    """

    tab: str
    code: str
    column: str
    value: Value
    spreadsheet: str = ""


class RowDeleted(Happening, frozen=True, tag=True):
    """A person deletes a whole row."""

    tab: str
    code: str
    spreadsheet: str = ""


class AccessLost(Happening, frozen=True, tag=True):
    """The tool's account loses a project (``key``), or the whole system (``key`` = "")."""

    system: str
    key: str = ""


class AccessGiven(Happening, frozen=True, tag=True):
    """The access is back."""

    system: str
    key: str = ""


Event = (
    PersonJoins
    | PersonLeaves
    | ProjectOpens
    | ProjectRenamed
    | ProjectArchived
    | MilestoneOpens
    | MilestoneDated
    | MilestoneRenamed
    | MilestoneCloses
    | MilestoneReopens
    | MilestoneDeleted
    | ItemCreated
    | ItemMoves
    | ItemStatus
    | ItemAssigned
    | ItemDated
    | ItemEstimated
    | ItemPlanned
    | ItemRetitled
    | ItemLabelled
    | ItemCommented
    | ItemLogged
    | ItemLinked
    | ItemMoved
    | ItemRestricted
    | ItemDeleted
    | MergeRequestOpened
    | MergeRequestReviewed
    | MergeRequestMerged
    | MergeRequestClosed
    | SprintOpened
    | SprintStarted
    | SprintClosed
    | ItemSprint
    | CellTyped
    | RowDeleted
    | AccessLost
    | AccessGiven
)
