"""``pmosync backtest``: how often the dates of every forecaster were kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from difflib import get_close_matches
from itertools import groupby
from pathlib import Path
from unicodedata import east_asian_width

import click
import msgspec
from msgspec import structs

from pmosync.cli import flat, histories, opened, said
from pmosync.cli.opened import Records
from pmosync.cli.options import as_of_option, config_option
from pmosync.compute.assess import assess
from pmosync.compute.calendars import clocks
from pmosync.compute.forecast import journeys
from pmosync.compute.forecast.backtest import PUBLISHED, Backtest, Score, backtest
from pmosync.compute.forecast.forecasters import LEAST_CLOSED
from pmosync.compute.forecast.kept import champion_of
from pmosync.compute.forecast.record import Record
from pmosync.compute.forecast.tournament import FAIR, SAFE
from pmosync.compute.homes import at_home
from pmosync.dashboard.words import backtest as words
from pmosync.errors import ConfigError

NAME, FIGURE = 30, 10
"""Columns of the terminal for a name, and for a figure."""


@click.command("backtest", epilog="Example: pmosync backtest --project PAY")
@config_option
@click.option(
    "--project", "projects", multiple=True, metavar="CODE", help="Only this project; several times if need be."
)
@click.option("--once", is_flag=True, help="Learn up to the median day of all forecasts, and never again.")
@as_of_option
@click.option("--language", type=click.Choice(["en", "zh-CN"]), default="en", show_default=True)
@click.option("--format", "form", type=click.Choice(["text", "jsonl", "csv"]), default="text", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format jsonl.")
def command(
    config: Path,
    projects: tuple[str, ...],
    once: bool,
    as_of: datetime | None,
    language: str,
    form: str,
    as_json: bool,
) -> int:
    """Replay every forecaster on closed milestones, at 25, 50 and 75 % of their way and with what was known then, and tell
    how it came: raw, corrected, and as it would have been published.
    """
    if as_json and form == "csv":
        raise ConfigError("--json asks for JSON lines, and --format for CSV", remedy="leave one of the two out")
    with opened.records(config) as records:
        known_at = moment(records, said.asked(records, as_of))
        snapshot = at_home(records.store.snapshot(known_at))
        registered(projects, (row.code for row in snapshot.plan.projects))
        found = structs.replace(backtest(record(records, known_at), once=once), in_force=in_force(snapshot.champion))
    chosen = of_projects(found, projects)
    for line in lines(chosen, "jsonl" if as_json else form, language, short=not projects):
        click.echo(line)
    return 0


def moment(records: Records, day: date | None) -> datetime:
    """The moment of the last run up to ``day``; without runs the last one of that day, or now."""
    last = said.last(records, day)
    return last or (said.end(records, day) - datetime.resolution if day else records.now)


def in_force(kept: str) -> str:
    """Whom the last learning of a run put in force; "" for nobody."""
    champion = champion_of(kept) if kept else None
    return champion.name if champion else ""


def record(records: Records, moment: datetime) -> Record:
    """The journeys of all milestones, as known at a moment and by the rules of then."""
    rules, snapshot = said.rules(records, moment), at_home(records.store.snapshot(moment))
    kept = said.calendars(records, moment)
    return journeys.record(
        assess(snapshot, rules, moment, kept=kept),
        journeys.by_history(histories.milestones_history(records, moment)),
        snapshot.baselines,
        (one.item for one in records.store.lived(moment)),
        clocks(snapshot.plan.calendar, snapshot.plan.projects, rules, moment, kept),
    )


def registered(asked: Iterable[str], codes: Iterable[str]) -> None:
    """ConfigError for a project that is asked for and that the register does not know: an empty table would be an answer."""
    known = {code.casefold(): code for code in codes}
    for code in asked:
        if code.casefold() not in known:
            near = get_close_matches(code.casefold(), known, cutoff=0.5) or sorted(known)
            names = ", ".join(known[each] for each in near)
            raise ConfigError(
                f"there is no project {code.upper()}",
                remedy=f"known are {names}" if names else "register it on the tab Projects, then run `pmosync sync`",
            )


def of_projects(found: Backtest, projects: Iterable[str]) -> Backtest:
    """The lines of these projects alone, all if none is asked for. ConfigError for one that has no line."""
    known = {score.project.casefold(): score.project for score in found.scores if score.project}
    wanted = [code.casefold() for code in projects]
    for code in wanted if found.scores else ():
        if code not in known:
            near = get_close_matches(code, known, cutoff=0.5) or sorted(known)
            remedy = f"there are some of {', '.join(known[each] for each in near)}"
            raise ConfigError(f"no forecast of project {code.upper()} is judged", remedy=remedy)
    if not wanted:
        return found
    return structs.replace(found, scores=tuple(score for score in found.scores if score.project.casefold() in wanted))


def lines(found: Backtest, form: str, language: str, *, short: bool = False) -> Iterator[str]:
    """What is printed: a table in words (``short``: of each project only the plan and what was published), JSON lines, or
    CSV.
    """
    if form == "csv":
        yield from flat.lines(found.scores)
    elif form == "jsonl":
        yield _json("backtest", {**structs.asdict(structs.replace(found, scores=())), "scores": len(found.scores)})
        yield from (_json("score", score) for score in found.scores)
    else:
        yield from table(shortened(found) if short else found, language)


def _json(name: str, value: object) -> str:
    return msgspec.json.encode({name: value}).decode()


def shortened(found: Backtest) -> Backtest:
    """The whole table overall; of each project what it planned, and what was published of it."""
    kept = (score for score in found.scores if not score.project or _in_short(score))
    return structs.replace(found, scores=tuple(kept))


def _in_short(score: Score) -> bool:
    return score.forecaster == PUBLISHED or (score.forecaster == "planned" and not score.corrected)


def table(found: Backtest, language: str) -> Iterator[str]:
    """The whole table, with what it is about above."""
    if found.hits is None:
        day = str(found.as_of)
        yield words.sentence("uncalibrated", language, closed=found.closed, least=LEAST_CLOSED, day=day)
        return
    yield from _head(found, language)
    for (project, share), group in groupby(found.scores, key=lambda score: (score.project, score.share)):
        yield ""
        yield from _block(project, share, list(group), language)
    yield ""
    yield words.sentence("units", language)


def _head(found: Backtest, language: str) -> Iterator[str]:
    day, since = str(found.as_of), str(found.since)
    yield words.sentence("record", language, day=day, closed=found.closed, forecasts=found.forecasts)
    yield words.sentence("once" if found.once else "judged", language, since=since)
    if found.silent:
        yield words.sentence("silent", language, count=found.silent)
    if found.hits is not None:
        p50, p85 = (round(100 * share) for share in (found.hits.p50, found.hits.p85))
        name = words.name(found.publishes, language)
        yield words.sentence("best", language, name=name, count=found.hits.count, p50=p50, p85=p85)
        yield from _published(found, language)


def _published(found: Backtest, language: str) -> Iterator[str]:
    """Whose forecasts people see, and whose they would have seen: the best one by now is put in force by a run alone."""
    if not found.trusted:
        fair, safe = round(100 * FAIR), round(100 * SAFE)
        yield words.sentence("untrusted", language, fair=fair, safe=safe, least=LEAST_CLOSED)
    name = words.name(found.in_force, language) if found.in_force else ""
    yield words.sentence("publishes" if name else "nobody", language, name=name)
    if found.told_by:
        yield words.sentence("told_by", language, names=words.counted(found.told_by, language))


def _block(project: str, share: float, scores: list[Score], language: str) -> Iterator[str]:
    """The lines of one share of the way, of one project or of all."""
    title = words.sentence("share", language, share=round(100 * share))
    if project:
        title = f"{words.sentence('project', language, code=project)}, {title}"
    yield _row(title, words.columns(language))
    for score in scores:
        yield _row(f"  {words.forecast(score.forecaster, score.corrected, language)}", _figures(score))


def _figures(score: Score) -> tuple[str, ...]:
    return (
        str(score.forecasts),
        f"{score.p50_kept:.2f}",
        f"{score.p85_kept:.2f}",
        f"{score.pinball50:.1f}",
        f"{score.pinball85:.1f}",
        f"{score.width:.1f}",
        f"{score.error_wd:.1f}",
        f"{score.brier:.2f}",
    )


def _row(name: str, figures: Iterable[str]) -> str:
    return f"{name}{' ' * (NAME - wide(name))}{''.join(' ' * (FIGURE - wide(each)) + each for each in figures)}"


def wide(text: str) -> int:
    """The columns that a text takes in a terminal: Chinese characters take two."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
