"""What a run tells while it goes: one frozen event after the other. Progress bar, log and metrics all read this
stream.
"""

from __future__ import annotations

from msgspec import Struct

from pmosync.compute.assessment import Assessment
from pmosync.errors import PmosyncError
from pmosync.model import Hold, Problem, Run, UnitRun
from pmosync.sheet import Edit


class Started(Struct, frozen=True):
    """The run has its number and epoch."""

    run: Run


class Connected(Struct, frozen=True):
    """A source was opened and told its units."""

    connection: str
    title: str
    units: int


class Learning(Struct, frozen=True):
    """The forecasters compete anew over the site's closed milestones, which takes its time."""

    run: Run


class Unlearned(Struct, frozen=True):
    """Nothing was learned; the run goes on with what was learned before."""

    error: PmosyncError


class UnitStarted(Struct, frozen=True):
    """A unit begins."""

    connection: str
    unit: str
    title: str


class Committed(Struct, frozen=True):
    """A batch is in the store. ``total`` is how many records the unit expects, where its system tells; ``share`` how much
    of its work (of 1) lies behind the batch, for a unit that takes several runs.
    """

    connection: str
    unit: str
    records: int
    changed: int
    total: int | None
    share: float | None = None


class UnitEnded(Struct, frozen=True):
    """The unit of key ``unit`` is done, or ended with ``line.error``."""

    line: UnitRun
    unit: str


class Failed(Struct, frozen=True):
    """A connection could not go on; its last good facts stay, marked stale."""

    connection: str
    error: PmosyncError


class Held(Struct, frozen=True):
    """A scope is held until somebody looks."""

    hold: Hold


class Minted(Struct, frozen=True):
    """Codes that were given to milestones found in the sources, and what identity could not settle."""

    codes: tuple[str, ...]
    problems: tuple[Problem, ...]


class Assessed(Struct, frozen=True):
    """The verdicts are there."""

    assessment: Assessment


class Diffed(Struct, frozen=True):
    """What a workbook needs to become true."""

    workbook: str
    edits: tuple[Edit, ...]


class Published(Struct, frozen=True):
    """A workbook was written (or needed nothing): requests and cells; ``full`` is the share of what a spreadsheet can hold that
    its tables take, where that is so much that somebody should act (0.0: it is not).
    """

    workbook: str
    requests: int
    cells: int
    full: float = 0.0


class Unpublished(Struct, frozen=True):
    """A workbook could not be read or written."""

    workbook: str
    error: PmosyncError


class Uncopied(Struct, frozen=True):
    """The day's copy of the store was not made; the run itself is as good as any, and the next one tries again."""

    error: PmosyncError


class Finished(Struct, frozen=True):
    """The run is over and stands in the store."""

    run: Run


Event = (
    Started | Connected | UnitStarted | Committed | UnitEnded | Failed | Held | Minted | Learning | Unlearned | Assessed | Diffed
    | Published | Unpublished | Uncopied | Finished
)  # fmt: skip
