"""The edits that a dry run would make, tab by tab."""

from __future__ import annotations

from collections.abc import Iterable

import click

from pmosync.cli.terminal import many
from pmosync.engine import events
from pmosync.engine.events import Event
from pmosync.sheet import AppendRows, CreateTab, Edit, FormatTab, TrimRows, WriteRows, WriteStamp, text_of

SHOWN = 6


def show(told: Iterable[Event]) -> None:
    """Every workbook's edits, the first rows of each in words."""
    for event in told:
        if isinstance(event, events.Diffed):
            click.secho(f"workbook {event.workbook}: {many(len(event.edits), 'edit')}", bold=True)
            for edit in event.edits:
                _edit(edit)


def _edit(edit: Edit) -> None:
    match edit:
        case CreateTab(tab):
            click.echo(f"  {tab.title}: make the tab")
        case FormatTab(tab, differs):
            click.echo(f"  {tab.title}: mend the layout ({'; '.join(differs[:3])})")
        case WriteRows(tab, first, rows):
            click.echo(f"  {tab.title}: rows {first + 1}–{first + len(rows)}")
            for row in rows[:SHOWN]:
                click.echo("    " + " | ".join(text_of(value) for value in row[:8]).rstrip())
        case TrimRows(tab, first):
            click.echo(f"  {tab.title}: erase from row {first + 1}")
        case AppendRows(tab, _, rows):
            click.echo(f"  {tab.title}: add {many(len(rows), 'row')}")
        case WriteStamp():
            click.echo("  stamp")
