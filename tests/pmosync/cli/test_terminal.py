"""A run in a few lines."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from pmosync.cli import terminal
from pmosync.compute.assessment import Assessment, Letter, MilestoneVerdict, Rag
from pmosync.compute.policy import Policy
from pmosync.engine import events
from pmosync.model import Level, Milestone

NOW = datetime(2026, 12, 1, tzinfo=UTC)


def milestones(*levels: Level) -> Assessment:
    """An assessment with milestones of these levels."""
    verdicts = tuple(
        MilestoneVerdict(
            milestone=Milestone(code=f"PAY-M{number}", project="PAY", name="", appeared=NOW),
            project="PAY",
            level=level,
            rag=Rag(shown=Letter.GREEN, computed=Letter.GREEN),
        )
        for number, level in enumerate(levels)
    )
    return Assessment(as_of=NOW, today=date(2026, 12, 1), policy=Policy(), milestones=verdicts)


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        ((Level.TRACKED, Level.TEAM), "milestones 1G, and 1 small one\n"),
        ((Level.TRACKED, Level.TEAM, Level.TEAM), "milestones 1G, and 2 small ones\n"),
        ((Level.TRACKED,), "milestones 1G\n"),
        (
            (Level.TEAM, Level.TEAM),
            "no milestone is listed; 2 small ones are counted: name them in Milestone inputs, or see `pmosync export "
            "--kind verdict`",
        ),
        (
            (Level.TEAM,),
            "no milestone is listed; 1 small one is counted: name it in Milestone inputs, or see `pmosync export "
            "--kind verdict`",
        ),
        ((), "no milestone is known yet"),
    ],
)
def test_the_summary_says_what_is_counted(
    levels: tuple[Level, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Listed milestones by letter and the small ones beside; where none is listed, that and the next step."""
    terminal.summary(milestones(*levels))
    assert said in capsys.readouterr().out


def test_no_line_of_the_summary_ends_in_blanks(capsys: pytest.CaptureFixture[str]) -> None:
    """Where there is no slip to tell, nothing stands behind the dates: what is copied from a terminal is as it looks."""
    told = milestones(Level.TRACKED)
    late = replace(told.milestones[0], rag=Rag(shown=Letter.AMBER, computed=Letter.AMBER))
    terminal.summary(replace(told, milestones=(late,)))
    lines = capsys.readouterr().out.splitlines()
    assert "     no baseline → no date" in lines
    assert [line for line in lines if line != line.rstrip()] == []


@pytest.mark.parametrize(("full", "said"), [(0.0, ""), (0.83, "; it is 83 % full, at 100 % it gets nothing new")])
def test_a_workbook_that_is_nearly_full(full: float, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever runs the sync is told before a spreadsheet can hold no more, and what helps; else no word of it."""
    terminal.run([events.Published("portfolio", 3, 1200, full)])
    line = capsys.readouterr().out
    assert "1,200 cells written, 3 requests" in line
    assert (said in line, "full" in line) == (True, bool(said))


@pytest.mark.parametrize("levels", [(), (Level.TEAM,), (Level.TRACKED, Level.TEAM)])
def test_a_summary_is_told_in_one_language(levels: tuple[Level, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """No English word is left in a Chinese one, commands apart."""
    told = milestones(*levels)
    late = tuple(replace(each, rag=Rag(shown=Letter.AMBER, computed=Letter.AMBER)) for each in told.milestones)
    terminal.summary(replace(told, milestones=late), language="zh-CN")
    plain = re.sub(r"`[^`]*`|PAY-M\d+", "", capsys.readouterr().out)
    assert re.findall("[A-Za-z]{2,}", plain) == []
