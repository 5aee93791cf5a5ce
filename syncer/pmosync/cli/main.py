"""``pmosync``: finds the command, turns errors into one clear line and an exit code."""

from __future__ import annotations

import errno
import gc
import importlib
import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import click

from pmosync import __version__
from pmosync.errors import ConfigError, PmosyncError, StoreError

COLLECTING = (10_000, 20, 50)
"""When Python looks for circles of objects: a sync makes millions of values that hold none, and looking through them all
every few thousand costs a tenth of its time.
"""

COMMANDS = {
    "demo": "Live 12 weeks of an invented portfolio in emulated systems and write its workbook.",
    "check": "Prove every credential, scope, binding and target, changing nothing.",
    "sync": "Pull, assess and publish once, now.",
    "status": "Show sources, freshness, holds and the last runs.",
    "accept": "Confirm a hold, so that its scope is published again.",
    "rebind": "Let things of a source go on as others after a migration, a promotion or a merge.",
    "export": "Print the model itself, as JSON lines or CSV.",
    "backtest": "Replay every forecaster on closed milestones, and tell how often its dates were kept.",
    "explain": "Show the chain of evidence behind a milestone's date, slip or colour.",
    "history": "Show every date of a milestone with when it was seen, changed and by whom.",
    "baseline": "List the promises: every version, its decision and how far it is off.",
    "inputs": "Show what people typed and since when, and what a cell said before.",
    "report": "Draft status reports: done, next, what moved and why, risks.",
    "workbook": "Write the workbook of a day into a file, publishing nothing.",
    "emulate": "Run one emulated system on a loopback port.",
    "config": "Show the settings in effect, secrets masked.",
    "connectors": "List the installed connectors and their state.",
}

INTERRUPTED = 130
FULL = (errno.ENOSPC, errno.EDQUOT)
BUG = 3


class LazyGroup(click.Group):
    """Loads a command's module only when it is called, so that ``--help`` costs nothing."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order people need them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"pmosync.cli.{cmd_name}").command
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="pmosync")
def group() -> None:
    """Reads Jira, GitLab and Google Sheets into one project model, works out which milestones slip, since when and
    why, and keeps one shared sheet true.

    \b
    Exit codes: 0 done · 1 published, but a source is missing or held · 2 mend the configuration or a credential
    3 a bug in pmosync · 4 not published (target, store or disk) · 130 interrupted
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    gc.set_threshold(*COLLECTING)
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """One command; every error becomes a sentence on standard error. Returns the exit code.

    What was printed is written out here: at the interpreter's end it would be too late to say that it cannot be.
    """
    code = _ended(lambda: group.main(args=arguments, prog_name="pmosync", standalone_mode=False))
    return _ended(sys.stdout.flush) or code


def _ended(call: Callable[[], object]) -> int:
    """How a call ends: the exit code it returns, or that of the error which was told."""
    try:
        code = call()
    except PmosyncError as error:
        return _tell(error)
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("interrupted; nothing is half done, run it again", err=True)
        return INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return ConfigError.exit_code
    except click.UsageError as error:
        return _misused(error)
    except BrokenPipeError:
        _let_go()
        return 0
    except SystemExit:
        # Only click leaves so: whoever read the output (`| head`) has read enough.
        return 0
    except OSError as error:
        if error.errno not in FULL:
            return bug(error)
        _let_go()
        return _tell(
            StoreError("the output cannot be written: the disk is full", remedy="free some space, or write elsewhere")
        )
    except Exception as error:  # noqa: BLE001 whatever is left is a bug of ours: say so, with a report to paste
        return bug(error)
    return code if isinstance(code, int) else 0


def _let_go() -> None:
    """Nobody takes what is printed: what is left of it goes nowhere, also when the interpreter ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _misused(error: click.UsageError) -> int:
    """A command line that is not understood; its words are loaded only now, ``--help`` needs none of them."""
    misuse = importlib.import_module("pmosync.cli.misuse")
    return _tell(misuse.fault(error))


def _tell(error: PmosyncError) -> int:
    for problem in getattr(error, "problems", ()):
        click.echo(f"  {problem}", err=True)
    click.secho("error: ", fg="red", bold=True, nl=False, err=True)
    click.echo(str(error), err=True)
    return error.exit_code


def bug(error: Exception) -> int:
    """Keep a report that holds no value of any variable: types and places only."""
    trail = "".join(traceback.format_tb(error.__traceback__))
    text = f"pmosync {__version__} · Python {platform.python_version()} · {platform.system()}\n{trail}{type(error).__name__}\n"
    with tempfile.NamedTemporaryFile(
        "w", prefix="pmosync-report-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        file.write(text)
    click.secho("bug: ", fg="red", bold=True, nl=False, err=True)
    click.echo(f"{type(error).__name__} inside pmosync; the report to paste is {Path(file.name)}", err=True)
    return BUG
