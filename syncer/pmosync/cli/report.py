"""``pmosync report``: status reports, drafted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

import click

from pmosync.cli import cover, opened, said
from pmosync.cli.opened import Records
from pmosync.cli.options import Day, as_of_option, config_option
from pmosync.cli.terminal import many
from pmosync.compute.assessment import Assessment, ProgramVerdict, ProjectVerdict
from pmosync.compute.belongs import by_line
from pmosync.compute.calendars import Clocks, clocks
from pmosync.compute.dates import reporting
from pmosync.compute.people import people
from pmosync.compute.status import Begins, StatusReport, drafted, due
from pmosync.dashboard.content import Content
from pmosync.dashboard.status import covered, html, markdown, page
from pmosync.errors import ConfigError
from pmosync.mapping.text import fold
from pmosync.model import State

Line = TypeVar("Line", ProjectVerdict, ProgramVerdict)
NEAR = 6
PERIODS = {"week": 7, "fortnight": 14, "month": 31}
"""Words for how far back a report reaches, in days."""


@click.command("report", epilog="Example: pmosync report --program TRADE --format html --output trade.html")
@config_option
@click.option("--project", "projects", multiple=True, metavar="CODE", help="Only this project; may be given again.")
@click.option(
    "--program", "programs", multiple=True, metavar="CODE", help="Only the projects of this program or portfolio."
)
@click.option(
    "--period",
    type=click.Choice(sorted(PERIODS)),
    help="How far back it reaches; else each project's own reporting period.",
)
@click.option("--since", type=Day(), metavar="DATE", help="The day behind which it begins, instead of a period.")
@as_of_option
@click.option("--restricted", is_flag=True, help="Show what is restricted too.")
@click.option("--language", type=click.Choice(["en", "zh-CN"]), default="en", show_default=True)
@click.option("--format", "form", type=click.Choice(["markdown", "html"]), default="markdown", show_default=True)
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="A new file instead of the terminal.")
def command(
    config: Path,
    projects: tuple[str, ...],
    programs: tuple[str, ...],
    period: str | None,
    since: datetime | None,
    as_of: datetime | None,
    restricted: bool,
    language: str,
    form: str,
    output: Path | None,
) -> int:
    """Draft the status report of every active project, or of those asked for: what was done, what comes next, what moved
    and why, the risks. Nothing is sent and nothing is kept. What is restricted is not named.
    """
    if period and since:
        raise ConfigError("--period and --since both say where it begins", remedy="leave one of the two out")
    if output and output.exists():
        raise ConfigError(f"{output} is there already", remedy="name another file with --output, or take that one away")
    with opened.records(config) as records:
        moment = said.run(records, as_of.date() if as_of else None)
        content = _content(records, moment, restricted, language)
        start = _start(content.assessment.today, period, since.date() if since else None)
        times = clocks(
            content.plan.calendar, content.plan.projects, content.assessment.policy, moment, content.assessment.kept
        )
        chosen = _chosen(content.assessment, projects, programs)
        drafts = (page(each, language) for each in _reports(content, chosen, times, start))
        pages = [covered(each, content.withheld.names, language) for each in drafts]
        written = (html if form == "html" else markdown)(pages, language, moment, records.policy.default_time_zone)
    if output is None:
        click.echo(written, nl=False)
    else:
        _write(output, written)
        click.echo(f"{output}: {many(len(pages), 'report')} as of {moment:%Y-%m-%d %H:%M UTC}")
    return 0


def _write(output: Path, document: str) -> None:
    try:
        output.write_text(document, encoding="utf-8")
    except OSError as error:
        raise ConfigError(
            f"{output} cannot be written ({error.strerror})", remedy="name another file with --output"
        ) from None


def _start(today: date, period: str | None, since: date | None) -> date | None:
    """The day behind which all reports begin, where they begin on one day. ConfigError for one that lies behind today."""
    if since and since >= today:
        raise ConfigError(f"--since {since} lies behind the last run, of {today}", remedy="name an earlier day")
    return since or (today - timedelta(days=PERIODS[period]) if period else None)


def _content(records: Records, moment: datetime, restricted: bool, language: str) -> Content:
    """The assessment and plan of a moment as the audience may see them."""
    secret = cover.Hidden() if restricted else cover.hidden(records.store, moment, records.now)
    snapshot = said.seen(records, moment)
    return cover.assessed(said.at(records, moment), secret, language, snapshot.plan, to_all=not restricted)


def _chosen(assessment: Assessment, projects: tuple[str, ...], programs: tuple[str, ...]) -> tuple[ProjectVerdict, ...]:
    """The projects asked for, by code; all that are active if none is. ConfigError for a code that is none."""
    known = {fold(each.row.code): each for each in assessment.projects}
    above = {fold(each.row.code): each for each in (*assessment.programs, *assessment.portfolios)}
    wanted = {_found(code, known, "project").row.code for code in projects}
    wanted |= {code for name in programs for code in _found(name, above, "program").projects}
    if projects or programs:
        return tuple(each for each in assessment.projects if each.row.code in wanted)
    return tuple(each for each in assessment.projects if each.state is State.ACTIVE)


def _found(code: str, known: Mapping[str, Line], what: str) -> Line:
    if fold(code) in known:
        return known[fold(code)]
    near = get_close_matches(fold(code), known, NEAR) or sorted(known)[:NEAR]
    raise ConfigError(f"--{what} {code}: no {what} has that code", remedy=f"ask for one of {', '.join(near).upper()}")


def _reports(
    content: Content, chosen: tuple[ProjectVerdict, ...], times: Clocks, since: date | None
) -> Iterator[StatusReport]:
    assessment, who = content.assessment, people(content.plan.people)
    risks = by_line(content.plan, assessment.milestones)
    for each in chosen:
        code, clock = each.row.code, times.of(each.row.code)
        period = reporting(each.row, assessment.policy)
        own = [one for one in assessment.milestones if one.project == code]
        told = due(each.row, content.plan.texts, assessment.marked, clock, period)
        begins = Begins(since) if since else told.begins
        yield drafted(each, own, assessment.moves, risks.get(code, ()), who, clock, begins, period)
