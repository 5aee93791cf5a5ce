"""What a run means for the exit code, and what is said while it goes."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from pmosync.cli.main import bug
from pmosync.cli.progress import Follower, follow
from pmosync.cli.sync import code_of
from pmosync.engine import events
from pmosync.engine.events import Event
from pmosync.errors import AuthError, ConfigError, PmosyncError, TargetError, TransientError
from pmosync.guard import PluginError
from pmosync.model import Hold, Run, UnitRun

NOW = datetime(2026, 11, 16, tzinfo=UTC)


def finished(outcome: str) -> Event:
    """The end of a run."""
    return events.Finished(Run(id=1, epoch=1, started=NOW, ended=NOW, outcome=outcome))


def failed(error: PmosyncError) -> Event:
    """A connection that could not go on."""
    return events.Failed("jira", error)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ([finished("done")], 0),
        ([finished("dry")], 0),
        ([finished("partial")], 1),
        ([failed(TransientError("x")), finished("partial")], 1),
        ([failed(PluginError("x", "")), finished("partial")], 1),
        ([failed(AuthError("x")), finished("partial")], 2),
        ([failed(ConfigError("x")), finished("dry")], 2),
        ([events.Unpublished("w", TargetError("x")), finished("unpublished")], 4),
        ([events.Unpublished("w", TransientError("x")), finished("unpublished")], 4),
        ([events.Unpublished("w", AuthError("x")), finished("unpublished")], 2),
        (
            [
                events.Unpublished("v", AuthError("x")),
                events.Unpublished("w", TargetError("x")),
                finished("unpublished"),
            ],
            4,
        ),
        ([], 1),
    ],
)
def test_the_exit_code_says_what_to_do(told: list[Event], code: int) -> None:
    """0 nothing · 1 wait or look · 2 mend a file or credential · 4 not published."""
    assert code_of(told) == code


def said(told: list[Event], *, terminal: bool = False) -> str:
    """What a console shows of a run."""
    text = io.StringIO()
    follow(iter(told), Console(file=text, force_terminal=terminal, width=200))
    return text.getvalue()


UNIT = "project PAY"
HAPPY: list[Event] = [
    events.UnitStarted("jira", UNIT, "Payments"),
    events.Committed("jira", UNIT, 50, 50, 100),
    events.UnitEnded(UnitRun(connection="jira", unit="Payments"), UNIT),
    finished("done"),
]


def test_without_a_terminal_a_good_run_is_silent() -> None:
    """Cron sends no mail about nothing."""
    assert said(HAPPY) == ""


def test_a_terminal_shows_bars() -> None:
    """A unit has a bar with its title and how far it is."""
    assert "jira · Payments" in said(HAPPY, terminal=True)


def test_a_bar_counts_and_says_how_long_it_still_takes() -> None:
    """Where the total is known: how many of how many, and what is left at this pace; else only how many."""
    moments = [0.0]
    text = io.StringIO()
    console = Console(file=text, width=160)
    follower = Follower(console, clock=lambda: moments[-1])
    follower.show(events.UnitStarted("jira", UNIT, "Payments"))
    follower.show(events.UnitStarted("gitlab", UNIT, "Shop"))
    for now in (2.0, 4.0, 6.0):
        moments.append(now)
        follower.show(events.Committed("jira", UNIT, 100, 100, 900))
        follower.show(events.Committed("gitlab", UNIT, 100, 100, None))
    console.print(follower)
    known, unknown = text.getvalue().splitlines()
    assert "jira · Payments" in known
    assert "300/900" in known
    assert known.rstrip().endswith("00:12 left")
    assert "300/?" in unknown
    assert "left" not in unknown


def test_a_bar_of_several_runs_says_how_much_is_done() -> None:
    """A unit that knows its share shows it, whatever number of records that took, and what is left at this pace."""
    moments = [0.0]
    text = io.StringIO()
    console = Console(file=text, width=160)
    follower = Follower(console, clock=lambda: moments[-1])
    follower.show(events.UnitStarted("gitlab", UNIT, "history of shop"))
    for now, share in ((2.0, 0.0), (4.0, 0.2), (6.0, 0.4)):
        moments.append(now)
        follower.show(events.Committed("gitlab", UNIT, 9, 9, None, share))
    console.print(follower)
    assert "40 %" in text.getvalue()
    assert "/?" not in text.getvalue()
    assert "left" in text.getvalue()


def test_a_fault_is_told_once_with_its_unit() -> None:
    """The same fault of many units is one line; it names the first unit it ended."""
    fault = TransientError("jira: host answered 500", remedy="wait")
    told: list[Event] = []
    for unit in ("a", "b"):
        ended = events.UnitEnded(UnitRun(connection="jira", unit=unit), unit)
        told += [events.UnitStarted("jira", unit, unit), failed(fault), ended]
    assert said([*told, finished("partial")]) == "jira · a: host answered 500 → wait\n"


def test_a_fault_at_the_end_is_told_too() -> None:
    """Nothing that waits for its unit is lost."""
    assert said([failed(AuthError("dead", remedy="renew"))]) == "jira: dead → renew\n"


def test_a_hold_names_the_command() -> None:
    """The next command to run stands in the line."""
    hold = Hold(id="h-1a2b", connection="jira", unit="u", reason="9 issues are not listed any more", since=NOW)
    assert "`pmosync accept h-1a2b`" in said([events.Held(hold)])


def test_a_hold_on_what_has_new_ids_names_the_command_that_solves_it() -> None:
    """It cannot be accepted; where the things came back is named, as far as it is known."""
    hold = Hold(id="migrated-h-1", connection="jira", unit="u", reason="9 issues …", since=NOW, moved_to="cloud")
    assert "`pmosync rebind --from jira --to cloud`" in said([events.Held(hold)])
    known = Hold(id="migrated-h-1", connection="jira", unit="u", reason="9 issues …", since=NOW)
    assert "`pmosync rebind --from jira --to jira`" in said([events.Held(known)])


def test_a_bug_report_holds_no_values(capsys: pytest.CaptureFixture[str]) -> None:
    """Places and types only: what the exception says may be a secret."""
    with pytest.raises(ValueError, match="canary") as caught:
        int("".join(["can", "ary"]))
    assert bug(caught.value) == 3
    told = capsys.readouterr().err
    assert "canary" not in told
    assert "ValueError" in told
    report = Path(told.rstrip().rpartition(" ")[2])
    assert "canary" not in report.read_text(encoding="utf-8")
    report.unlink()
