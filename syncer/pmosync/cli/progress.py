"""Follows a run on a terminal: a bar a unit, then one line a step. Without a terminal it stays silent but for
faults.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from types import TracebackType

from rich.console import Console, RenderableType
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from pmosync.cli.status import remedy
from pmosync.engine import events
from pmosync.engine.events import Event


class Done(MofNCompleteColumn):
    """How many records of how many; of a unit that takes several runs how much of its work is done."""

    def render(self, task: Task) -> Text:
        """As ``300/900``, or as ``43 %``."""
        share = task.fields.get("share")
        return super().render(task) if share is None else Text(f"{int(share * 100)} %", style="progress.download")


class Left(TimeRemainingColumn):
    """How long a bar is still to go at the pace of the last half minute; nothing where its end or its pace is not known."""

    def render(self, task: Task) -> Text:
        """As minutes and seconds, with the word for it."""
        return Text() if task.time_remaining is None else Text.assemble(super().render(task), " left")


class Follower:
    """Shows each event as it comes. Use as a context manager."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self.console = console
        self._bars: dict[tuple[str, str], TaskID] = {}
        self._shared: TaskID | None = None
        self._fault: events.Failed | None = None
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            Done(),
            TimeElapsedColumn(),
            Left(compact=True),
            console=console,
            transient=True,
            disable=not console.is_terminal,
            get_time=clock,
        )

    def __enter__(self) -> Follower:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()
        self._tell("")

    def __rich__(self) -> RenderableType:
        """The bars as they stand."""
        return self._progress.get_renderable()

    def show(self, event: Event) -> None:
        """One event of the run. A fault is told with the unit that it ended, where the next event names one."""
        self._tell(event.line.unit if isinstance(event, events.UnitEnded) else "")
        match event:
            case events.UnitStarted(connection, unit, title):
                self._bars[connection, unit] = self._progress.add_task(f"{connection} · {title or unit}", total=None)
            case events.Committed(connection, unit, _, _, _, float(share)):
                self._progress.update(self._bars[connection, unit], completed=share, total=1.0, share=share)
            case events.Committed(connection, unit, records, _, total):
                self._progress.update(self._bars[connection, unit], advance=records, total=total)
            case events.UnitEnded(line, unit):
                self._progress.remove_task(self._bars.pop((line.connection, unit)))
            case events.Minted():
                self._step("working out what slips")
            case events.Learning():
                self._step("learning from closed milestones")
            case events.Assessed():
                self._step("writing workbooks")
            case events.Finished():
                self._step("")
            case events.Failed():
                self._fault = event
            case events.Held(hold):
                self._say("yellow", f"{hold.connection}: held, {hold.reason} → look, then {remedy(hold)}")
            case events.Unpublished(workbook, error):
                self._say("red", f"workbook {workbook}: {str(error).removeprefix(f'workbook {workbook}: ')}")
            case events.Uncopied(error) | events.Unlearned(error):
                self._say("yellow", str(error))
            case _:
                return

    def _step(self, words: str) -> None:
        """What is done for all sources together."""
        if self._shared is not None:
            self._progress.remove_task(self._shared)
        self._shared = self._progress.add_task(words, total=None) if words else None

    def _tell(self, unit: str) -> None:
        """Say the fault that waits, if any."""
        fault, self._fault = self._fault, None
        if fault is not None:
            place = f"{fault.connection} · {unit}" if unit else fault.connection
            self._say("red", f"{place}: {str(fault.error).removeprefix(f'{fault.connection}: ')}")

    def _say(self, style: str, words: str) -> None:
        self._progress.console.print(words, style=style, markup=False, highlight=False, soft_wrap=True)


def follow(stream: Iterable[Event], console: Console) -> list[Event]:
    """Show a run to its end; what happened, without the batches, and every fault of a connection once."""
    told: list[Event] = []
    faults: set[tuple[str, str]] = set()
    with Follower(console) as follower:
        for event in stream:
            if isinstance(event, events.Failed):
                fault = (event.connection, event.error.message)
                if fault in faults:
                    continue
                faults.add(fault)
            follower.show(event)
            if not isinstance(event, events.Committed):
                told.append(event)
    return told
