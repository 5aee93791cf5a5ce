"""``pmosync explain``: the chain of evidence behind a milestone's cells."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
import msgspec
from msgspec import structs

from pmosync.cli import opened
from pmosync.cli.options import config_option
from pmosync.compute.assess import assess
from pmosync.compute.assessment import Assessment, MilestoneVerdict, ProgramVerdict, ProjectVerdict, Step
from pmosync.compute.homes import at_home
from pmosync.dashboard import words
from pmosync.engine.house import House
from pmosync.errors import ConfigError

Verdict = MilestoneVerdict | ProjectVerdict | ProgramVerdict


@click.command("explain", epilog="Example: pmosync explain PAY-M03 rag")
@click.argument("code")
@click.argument("fields", nargs=-1)
@config_option
@click.option("--language", type=click.Choice(["en", "zh-CN"]), default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines.")
def command(code: str, fields: tuple[str, ...], config: Path, language: str, as_json: bool) -> int:
    """Show the chain behind CODE (a milestone, project, program or portfolio): rule, inputs, links; FIELDS narrow it
    (rag, slip, expected, baseline, …)."""
    with opened.house(config) as house:
        assessment = last(house)
    verdict = find(assessment, code)
    good = {source.connection: source.good for source in assessment.freshness}
    chosen = [step for step in verdict.steps if not fields or step.field in fields]
    if fields and not chosen:
        known = ", ".join(sorted({step.field for step in verdict.steps}))
        raise ConfigError(f"{code}: nothing is known of {', '.join(fields)}", remedy=f"ask for one of {known}")
    if as_json:
        for step in chosen:
            click.echo(msgspec.json.encode(step).decode())
        return 0
    click.secho(f"{code}  {name_of(verdict)}", bold=True)
    click.echo(f"  {words.gate(verdict.rag)}  {words.why(verdict.rag.reasons, language)}")
    for step in chosen:
        _show(step, language)
    for connection, moment in sorted(good.items()):
        click.echo(
            f"facts of {connection} as of {moment:%Y-%m-%d %H:%M UTC}" if moment else f"{connection} was never read"
        )
    return 0


def last(house: House) -> Assessment:
    """What the last run said: what the workbooks show."""
    runs = house.store.runs(1)
    return at(house, runs[0].started if runs else house.now())


def at(house: House, moment: datetime) -> Assessment:
    """What is said of everything known at a moment."""
    return assess(at_home(house.store.snapshot(moment)), house.policy, moment)


def find(assessment: Assessment, code: str) -> Verdict:
    """The verdict of a code, in any case; ConfigError names near ones."""
    wanted = code.casefold()
    verdicts: dict[str, Verdict] = {v.milestone.code.casefold(): v for v in assessment.milestones}
    verdicts |= {v.row.code.casefold(): v for v in assessment.projects}
    verdicts |= {v.row.code.casefold(): v for v in (*assessment.programs, *assessment.portfolios)}
    if wanted in verdicts:
        return verdicts[wanted]
    near = [known.upper() for known in verdicts if known.startswith(wanted[:3])][:6]
    raise ConfigError(
        f"there is no code {code!r}",
        remedy=f"near ones: {', '.join(near)}" if near else "`pmosync export --kind milestone` lists them",
    )


def name_of(verdict: Verdict) -> str:
    """What people call it."""
    return verdict.milestone.name if isinstance(verdict, MilestoneVerdict) else verdict.row.name


def _show(step: Step, language: str) -> None:
    click.echo(f"  {words.answered(structs.replace(step, inputs=()), language)}")
    for line in (*step.inputs, *step.links):
        click.secho(f"      · {line}", dim=True)
