"""What the history of a line above tells of its colours."""

from __future__ import annotations

from datetime import UTC, date, datetime

from pmosync.cli.cover import Hidden
from pmosync.cli.history import bared, rests_on_hidden
from pmosync.compute.assessment import Assessment, Letter, MilestoneVerdict, ProgramVerdict, ProjectVerdict, Rag
from pmosync.compute.chronicle import Happening
from pmosync.compute.policy import Policy
from pmosync.model import Milestone, Place, ProgramRow, ProjectRow

NOW = datetime(2026, 12, 1, 2, tzinfo=UTC)
NOWHERE, RED = Place("", "", 0, ""), Rag(shown=Letter.RED, computed=Letter.RED)


def test_a_colour_that_may_rest_on_what_is_hidden_tells_no_concern() -> None:
    """Whoever may not see a milestone may not read from the lines above it that a risk blocks it; others lose nothing."""
    milestone = MilestoneVerdict(
        milestone=Milestone(code="PAY-M01", project="PAY", name="", appeared=NOW), project="PAY", rag=RED
    )
    said = Assessment(as_of=NOW, today=date(2026, 12, 1), policy=Policy(), milestones=(milestone,))
    pay, other = (ProjectVerdict(row=ProjectRow(place=NOWHERE, code=code), rag=RED) for code in ("PAY", "OTHER"))
    program = ProgramVerdict(row=ProgramRow(place=NOWHERE, code="CHK"), rag=RED, projects=("PAY",))
    hidden = Hidden(codes=frozenset({"PAY-M01"}))
    lines = (pay, program, other, milestone)
    assert [rests_on_hidden(each, said, hidden) for each in lines] == [True, True, False, False]
    assert not any(rests_on_hidden(each, said, Hidden()) for each in lines)


def test_colours_alone() -> None:
    """The turns of a colour stay, without their concern; a line that tells another concern alone would tell too much."""
    turned = Happening(code="PAY", seen=NOW, field="colour", old="G", new="R", reason="blocking_risk")
    same = Happening(code="PAY", seen=NOW, field="colour", old="R", new="R", reason="missed")
    (told,) = bared((turned, same))
    assert (told.old, told.new, told.reason) == ("G", "R", "")
