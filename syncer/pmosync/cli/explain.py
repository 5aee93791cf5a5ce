"""``pmosync explain``: the chain of evidence behind a milestone's cells."""

from __future__ import annotations

from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

import click
import msgspec
from msgspec import structs

from pmosync.cli import opened
from pmosync.cli.opened import Records
from pmosync.cli.options import config_option
from pmosync.compute.assess import assess
from pmosync.compute.assessment import Assessment, MilestoneVerdict, ProgramVerdict, ProjectVerdict, Rag, Step
from pmosync.compute.homes import at_home
from pmosync.dashboard import words
from pmosync.errors import ConfigError

Verdict = MilestoneVerdict | ProjectVerdict | ProgramVerdict
ENDED = ("done", "partial", "dry", "unpublished")
NEAR = 6
WIDTH = 400


@click.command("explain", epilog="Example: pmosync explain PAY-M03 rag")
@click.argument("code")
@click.argument("fields", nargs=-1)
@config_option
@click.option("--language", type=click.Choice(["en", "zh-CN"]), default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines.")
def command(code: str, fields: tuple[str, ...], config: Path, language: str, as_json: bool) -> int:
    """Show the chain behind CODE (a milestone, project, program or portfolio): rule, inputs, links; FIELDS narrow it
    (rag, slip, expected, baseline, …)."""
    with opened.records(config) as records:
        assessment = last(records)
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
    click.secho(f"{code_of(verdict)}  {name_of(verdict)}", bold=True)
    click.echo(f"  {words.gate(verdict.rag)}  {words.why(verdict.rag.reasons, language, WIDTH)}")
    for step in chosen:
        _show(step, verdict.rag, language)
    for connection, moment in sorted(good.items()):
        click.echo(
            f"facts of {connection} as of {moment:%Y-%m-%d %H:%M UTC}" if moment else f"{connection} was never read"
        )
    return 0


def last(records: Records) -> Assessment:
    """What the last run said that came to its end: what the workbooks show."""
    done = [run for run in records.store.runs(50) if run.outcome in ENDED]
    return at(records, done[0].started if done else records.now)


def at(records: Records, moment: datetime) -> Assessment:
    """What is said of everything known at a moment."""
    return assess(at_home(records.store.snapshot(moment)), records.policy, moment)


def find(assessment: Assessment, code: str) -> Verdict:
    """The verdict of a code, in any case; ConfigError names near ones."""
    given: tuple[Verdict, ...] = (*assessment.milestones, *assessment.projects, *assessment.programs)
    verdicts = {code_of(verdict).casefold(): verdict for verdict in (*given, *assessment.portfolios)}
    wanted = code.casefold()
    if wanted in verdicts:
        return verdicts[wanted]
    family = [known for known in verdicts if known.partition("-")[0] == wanted.partition("-")[0]]
    near = dict.fromkeys([*get_close_matches(wanted, verdicts, n=NEAR, cutoff=0.7), *family])
    names = ", ".join(code_of(verdicts[known]) for known in list(near)[:NEAR])
    raise ConfigError(
        f"there is no code {code!r}",
        remedy=f"near ones: {names}" if names else "`pmosync export --kind milestone` lists the milestones",
    )


def code_of(verdict: Verdict) -> str:
    """What it goes by."""
    return verdict.milestone.code if isinstance(verdict, MilestoneVerdict) else verdict.row.code


def name_of(verdict: Verdict) -> str:
    """What people call it."""
    return verdict.milestone.name if isinstance(verdict, MilestoneVerdict) else verdict.row.name


def _show(step: Step, rag: Rag, language: str) -> None:
    if step.field == "rag":
        # The step names the rules by their keys; people read the sentences.
        step = structs.replace(step, rule="; ".join(words.say(reason, language) for reason in rag.reasons) or step.rule)
    click.echo(f"  {words.answered(structs.replace(step, inputs=()), language)}")
    for line in (*step.inputs, *step.links):
        click.secho(f"      · {line}", dim=True)
