"""A run in a few lines, for a terminal."""

from __future__ import annotations

from collections.abc import Iterable

import click

from pmosync.compute.assessment import Assessment
from pmosync.dashboard.summary import Counts, Worst, portfolio_counts, worst
from pmosync.dashboard.words import ENGLISH, between
from pmosync.dashboard.words.terminal import counted, line
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
            case events.UnitEnded(unit, _):
                counts = f"{many(unit.pulled, 'record')}, {many(unit.changed, 'row')} new"
                words = f"{counts}, {many(unit.requests, 'request')}, {unit.seconds:.1f} s"
                click.echo(f"{unit.connection:<14} {unit.unit:<34} {words}{'  ✗ ' + unit.error if unit.error else ''}")
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


def summary(assessment: Assessment, count: int = 5, language: str = ENGLISH) -> None:
    """Portfolio counts and the worst milestones with why, in a language."""
    counts = portfolio_counts(assessment)
    click.echo("")
    for code, name, letter, words in counts.portfolios:
        called = f"{code} {name}".rstrip() + between("colon", language)
        click.echo(
            f"{click.style(letter, fg=INK.get(letter[:1]), bold=True)}  {called}{line('projects', language, counts=words)}"
        )
    click.echo(f"   {_milestones(counts, language)}")
    if assessment.findings:
        click.echo(f"   {_findings(assessment, language)}")
    chosen = worst(assessment, language, count)
    if chosen:
        click.echo(f"\n{counted('worst', len(chosen), language, day=assessment.today)}")
    for place, milestone in enumerate(chosen, 1):
        _worst(place, milestone, language)
    click.echo("")


def _milestones(counts: Counts, language: str) -> str:
    """The milestones listed by letter and how many are only counted; where nothing is listed, what to do about it."""
    letters = " ".join(f"{number}{letter}" for letter, number in counts.milestones.items())
    small = counted("small", counts.small, language)
    if letters:
        shown = line("milestones", language, counts=letters)
        return line("and_small", language, shown=shown, small=small) if counts.small else shown
    if not counts.small:
        return line("unknown", language)
    return counted("unlisted", counts.small, language, small=small)


def _findings(assessment: Assessment, language: str) -> str:
    """How many findings the tab names, and how many it does not because they are restricted."""
    hidden = sum(problem.restricted for problem in assessment.findings)
    more = line("hidden", language, count=f"{hidden:,}") if hidden else ""
    return counted("findings", len(assessment.findings) - hidden, language, hidden=more)


def _worst(place: int, milestone: Worst, language: str) -> None:
    letter = click.style(milestone.rag, fg=INK.get(milestone.rag[:1]), bold=True)
    click.echo(f"  {place}. {letter} {milestone.code}  {milestone.name}".rstrip())
    expected = f"{'~' if milestone.coarse else ''}{milestone.expected or line('no_date', language)}"
    dates = f"{milestone.baseline or line('no_baseline', language)} → {expected}"
    for told in filter(None, (f"{dates}   {milestone.slip_words}".rstrip(), milestone.why)):
        click.echo(f"     {told}")
