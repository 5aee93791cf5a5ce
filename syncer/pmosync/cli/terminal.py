"""A run in a few lines, for a terminal."""

from __future__ import annotations

from collections.abc import Iterable

import click

from pmosync.compute.assessment import Assessment
from pmosync.dashboard.summary import Counts, Worst, portfolio_counts, worst
from pmosync.engine import events
from pmosync.engine.events import Event

INK = {"R": "red", "A": "yellow", "G": "green", "B": "blue"}


def many(count: int, word: str) -> str:
    """So many of a thing: ``1 row``, ``1,200 rows``."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def run(told: Iterable[Event]) -> None:
    """Sources, workbooks and the worst milestones of one run."""
    for event in told:
        match event:
            case events.UnitEnded(line, _):
                counts = f"{many(line.pulled, 'record')}, {many(line.changed, 'row')} new"
                words = f"{counts}, {many(line.requests, 'request')}, {line.seconds:.1f} s"
                click.echo(f"{line.connection:<14} {line.unit:<34} {words}{'  ✗ ' + line.error if line.error else ''}")
            case events.Minted(codes, _) if codes:
                named = ", ".join(codes[:5]) + (" …" if len(codes) > 5 else "")
                click.echo(f"{'codes':<14} {many(len(codes), 'milestone')} found and named: {named}")
            case events.Published(workbook, requests, cells, full):
                click.echo(f"{workbook:<14} {many(cells, 'cell')} written, {many(requests, 'request')}{_full(full)}")
            case events.Assessed(assessment):
                summary(assessment)
            case events.Finished(done):
                click.echo(f"run {done.id}: {done.outcome}")
            case _:
                continue


def _full(share: float) -> str:
    """That a workbook will soon hold no more, and what then."""
    told = f"it is {share * 100:.0f} % full, at 100 % it gets nothing new: split it into several workbooks"
    return f"; {told}" if share else ""


def summary(assessment: Assessment, count: int = 5) -> None:
    """Portfolio counts and the worst milestones with why."""
    counts = portfolio_counts(assessment)
    click.echo("")
    for code, name, letter, words in counts.portfolios:
        called = f"{code} {name}".rstrip()
        click.echo(f"{click.style(letter, fg=INK.get(letter[:1]), bold=True)}  {called}: projects {words}")
    click.echo(f"   {_milestones(counts)}")
    if assessment.findings:
        click.echo(f"   {_findings(assessment)} on the data: see the tab Data quality")
    chosen = worst(assessment, count=count)
    if chosen:
        title = f"The {len(chosen)} worst milestones" if len(chosen) > 1 else "The worst milestone"
        click.echo(f"\n{title} on {assessment.today}:")
    for place, milestone in enumerate(chosen, 1):
        _worst(place, milestone)
    click.echo("")


def _milestones(counts: Counts) -> str:
    """The milestones listed by letter and how many are only counted; where nothing is listed, what to do about it."""
    shown = " ".join(f"{number}{letter}" for letter, number in counts.milestones.items())
    small = many(counts.small, "small one")
    if shown:
        return f"milestones {shown}, and {small}" if counts.small else f"milestones {shown}"
    if not counts.small:
        return "no milestone is known yet"
    verb, them = ("is", "it") if counts.small == 1 else ("are", "them")
    hint = f"name {them} in Milestone inputs, or see `pmosync export --kind verdict`"
    return f"no milestone is listed; {small} {verb} counted: {hint}"


def _findings(assessment: Assessment) -> str:
    """How many findings the tab names, and how many it does not because they are restricted."""
    hidden = sum(problem.restricted for problem in assessment.findings)
    return many(len(assessment.findings) - hidden, "finding") + (f" (and {hidden:,} restricted)" if hidden else "")


def _worst(place: int, milestone: Worst) -> None:
    letter = click.style(milestone.rag, fg=INK.get(milestone.rag[:1]), bold=True)
    click.echo(f"  {place}. {letter} {milestone.code}  {milestone.name}".rstrip())
    expected = f"{'~' if milestone.coarse else ''}{milestone.expected or 'no date'}"
    dates = f"{milestone.baseline or 'no baseline'} → {expected}"
    for line in filter(None, (f"{dates}   {milestone.slip_words}".rstrip(), milestone.why)):
        click.echo(f"     {line}")
