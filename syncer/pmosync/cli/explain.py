"""``pmosync explain``: the chain of evidence behind a milestone's cells."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

import click
import msgspec
from msgspec import structs

from pmosync.cli import cover, opened, said
from pmosync.cli.options import as_of_option, config_option
from pmosync.compute.assessment import Assessment, MilestoneVerdict, ProgramVerdict, ProjectVerdict, Rag, Step
from pmosync.dashboard import words
from pmosync.dashboard.words.steps import FIELDS
from pmosync.errors import ConfigError

Verdict = MilestoneVerdict | ProjectVerdict | ProgramVerdict
NEAR = 6
WIDTH = 400


@click.command("explain", epilog="Example: pmosync explain PAY-M03 rag")
@click.argument("code")
@click.argument("fields", nargs=-1)
@config_option
@as_of_option
@click.option("--restricted", is_flag=True, help="Show what is restricted too.")
@click.option("--language", type=click.Choice(["en", "zh-CN"]), default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines.")
def command(
    code: str,
    fields: tuple[str, ...],
    config: Path,
    as_of: datetime | None,
    restricted: bool,
    language: str,
    as_json: bool,
) -> int:
    """Show the chain behind CODE (a milestone, project, program or portfolio): rule, inputs, links; FIELDS narrow it
    (rag, slip, expected, current, forecast, p50, …). What is restricted is not named.
    """
    with opened.records(config) as records:
        moment = said.run(records, said.asked(records, as_of))
        assessment = said.at(records, moment)
        secret = cover.Hidden() if restricted else cover.hidden(records.store, moment, records.now)
    found = find(assessment, code, secret.codes)
    verdict = found if restricted else without(assessment, found, secret, language)
    if verdict is None:
        click.echo(f"{words.text(cover.MARK, language)}: its source restricts it; --restricted shows it")
        return 0
    chosen = narrowed(verdict, code, fields)
    if as_json:
        for step in chosen:
            click.echo(msgspec.json.encode(spoken(step, language)).decode())
    else:
        show(verdict, chosen, assessment, language)
    return 0


def without(assessment: Assessment, verdict: Verdict, secret: cover.Hidden, language: str) -> Verdict | None:
    """The verdict as a workbook shows it, its chain without names of restricted things; None if it is one itself."""
    content = cover.assessed(assessment, secret, language)
    kept = next((each for each in verdicts(content.assessment) if code_of(each) == code_of(verdict)), None)
    names = secret.names | content.withheld.names
    return kept and structs.replace(kept, steps=tuple(cover.step(step, names, language) for step in kept.steps))


def narrowed(verdict: Verdict, code: str, fields: tuple[str, ...]) -> list[Step]:
    """The steps of the fields, all if none is asked for; ConfigError for a word that is no field, or if nothing is known of
    any of them.
    """
    wanted, told = {field.casefold() for field in fields}, {step.field for step in verdict.steps}
    for field in sorted(wanted - told - FIELDS.keys()):
        raise ConfigError(f"{code}: there is no {field} to explain", remedy=f"ask for one of {_near(field, told)}")
    if wanted and not wanted & told:
        known = ", ".join(sorted(told))
        raise ConfigError(f"{code}: nothing is known of {', '.join(fields)}", remedy=f"ask for one of {known}")
    return [step for step in verdict.steps if not wanted or step.field in wanted]


def _near(field: str, told: Collection[str]) -> str:
    """What is explained here, what reads like a mistyped ``field`` first."""
    near = get_close_matches(field, told, n=NEAR, cutoff=0.6)
    return ", ".join(dict.fromkeys([*near, *sorted(told)]))


def spoken(step: Step, language: str) -> Step:
    """The step with every part of it as text."""
    return structs.replace(
        step,
        rule=words.told(step.rule, language),
        answer=words.told(step.answer, language),
        inputs=tuple(words.told(each, language) for each in step.inputs),
    )


def show(verdict: Verdict, chosen: list[Step], assessment: Assessment, language: str) -> None:
    """The verdict, its steps, and how old the facts are, in words."""
    click.secho(f"{code_of(verdict)}  {name_of(verdict)}".rstrip(), bold=True)
    click.echo(f"  {words.gate(verdict.rag)}  {words.why(verdict.rag.reasons, language, WIDTH)}".rstrip())
    for step in chosen:
        _show(step, verdict.rag, language)
    for connection, moment in sorted((source.connection, source.good) for source in assessment.freshness):
        key = "facts_as_of" if moment else "facts_never"
        click.echo(words.text(key, language, name=connection, moment=f"{moment:%Y-%m-%d %H:%M UTC}" if moment else ""))


def verdicts(assessment: Assessment) -> tuple[Verdict, ...]:
    """Everything that has a code."""
    return (*assessment.milestones, *assessment.projects, *assessment.programs, *assessment.portfolios)


def find(assessment: Assessment, code: str, nameless: Collection[str] = ()) -> Verdict:
    """The verdict of a code, in any case; ConfigError names near ones, by their titles too, but for the ``nameless`` codes,
    of whose titles nothing may be told.
    """
    known = {code_of(verdict).casefold(): verdict for verdict in verdicts(assessment)}
    wanted = code.casefold()
    if wanted in known:
        return known[wanted]
    family = [each for each in known if each.partition("-")[0] == wanted.partition("-")[0]]
    called = _called(wanted, [each for each in known.values() if code_of(each) not in nameless])
    near = dict.fromkeys([*get_close_matches(wanted, known, n=NEAR, cutoff=0.7), *family, *called])
    names = ", ".join(code_of(known[each]) for each in list(near)[:NEAR])
    raise ConfigError(
        f"there is no code {code!r}",
        remedy=f"near ones: {names}" if names else "`pmosync export --kind milestone` lists the milestones",
    )


def _called(wanted: str, there: Iterable[Verdict]) -> Iterator[str]:
    """The folded codes of what has a title with the words in it, the shortest titles first: they say the least else."""
    titled = sorted((len(name_of(each)), code_of(each)) for each in there if wanted in name_of(each).casefold())
    yield from (code.casefold() for _, code in titled if wanted.strip())


def code_of(verdict: Verdict) -> str:
    """What it goes by."""
    return verdict.milestone.code if isinstance(verdict, MilestoneVerdict) else verdict.row.code


def name_of(verdict: Verdict) -> str:
    """What people call it."""
    return verdict.milestone.name if isinstance(verdict, MilestoneVerdict) else verdict.row.name


def _show(step: Step, rag: Rag, language: str) -> None:
    if step.field == "rag":
        # The step names the rules by their keys; people read the sentences.
        said = words.between("clause", language).join(words.say(reason, language) for reason in rag.reasons)
        step = structs.replace(step, rule=said or step.rule)
    click.echo(f"  {words.answered(structs.replace(step, inputs=()), language)}")
    for line in (*spoken(step, language).inputs, *step.links):
        click.secho(f"      · {line}", dim=True)
