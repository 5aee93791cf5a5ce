"""``pmosync baseline``: the promises in force, and all that they were before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path

import click
import msgspec
from msgspec import Struct

from pmosync.cli import cover, flat, opened, said
from pmosync.cli.backtest import wide
from pmosync.cli.opened import Records
from pmosync.cli.options import as_of_option, config_option
from pmosync.compute.assessment import MilestoneVerdict
from pmosync.compute.baseline import stored
from pmosync.dashboard import words
from pmosync.errors import ConfigError
from pmosync.model import Baseline

COLUMNS = ("code", "v", "baseline", "frozen", "by", "in_force", "expected", "slip", "vs_first")
WIDTHS = (14, 4, 12, 12, 12, 9, 12, 6, 0)
"""Columns of the terminal; a Chinese character takes two."""


class Listed(Struct, frozen=True, kw_only=True):
    """A baseline as it is listed: ``version`` 1 is the original. ``decision`` is its number, "" when frozen automatically.
    ``in_force``: the one that colours use. Of that one alone: the ``expected`` (or actual) date, and the ``slip`` in wd
    against it and against the ``original``.
    """

    code: str
    version: int
    day: date
    frozen: datetime
    decision: str = ""
    reason: str = ""
    correction: bool = False
    in_force: bool = False
    expected: date | None = None
    slip: int | None = None
    slip_original: int | None = None


@click.group("baseline", epilog="Example: pmosync baseline list --project PAY")
def command() -> None:
    """Show the promises. The tool never moves one: a row in Decisions does."""


@command.command("list", epilog="Example: pmosync baseline list --project PAY")
@config_option
@as_of_option
@click.option("--project", default="", metavar="CODE", help="Only the milestones of this project.")
@click.option("--restricted", is_flag=True, help="Show what is restricted too.")
@click.option("--language", type=click.Choice(["en", "zh-CN"]), default="en", show_default=True)
@click.option("--format", "form", type=click.Choice(["text", "jsonl", "csv"]), default="text", show_default=True)
def list_(config: Path, as_of: datetime | None, project: str, restricted: bool, language: str, form: str) -> int:
    """List every version of every baseline with its decision, as of the last run: corrections beside what they correct, and
    both slips of the one in force, in working days.
    """
    with opened.records(config) as records:
        found = tuple(listed(records, said.asked(records, as_of), project, restricted))
    for line in _lines(found, form, language):
        click.echo(line)
    return 0


def listed(records: Records, day: date | None, project: str, restricted: bool) -> Iterator[Listed]:
    """The baselines of the milestones of a project ("" = all), by code and version. ConfigError for a project that is none."""
    moment = said.run(records, day)
    assessment = said.at(records, moment)
    if project and project.casefold() not in {each.project.casefold() for each in assessment.milestones}:
        raise ConfigError(f"no milestone of a project {project!r} is known", remedy="`pmosync export --kind project`")
    secret = cover.Hidden() if restricted else cover.hidden(records.store, moment, records.now)
    kept = records.store.snapshot(moment).baselines
    for verdict in assessment.milestones:
        code = verdict.milestone.code
        if code not in secret.codes and project.casefold() in ("", verdict.project.casefold()):
            yield from _of(verdict, stored(kept.get(code, ())))


def _of(verdict: MilestoneVerdict, versions: Iterable[Baseline]) -> Iterator[Listed]:
    ends = verdict.actual or verdict.expected
    for base in versions:
        counts = base == verdict.current
        yield Listed(
            code=base.code,
            version=base.version,
            day=base.day,
            frozen=base.frozen,
            decision=base.decision,
            reason=base.reason,
            correction=base.correction,
            in_force=counts,
            expected=ends.day if counts and ends else None,
            slip=verdict.slip if counts else None,
            slip_original=verdict.slip_original if counts else None,
        )


def _lines(found: Iterable[Listed], form: str, language: str) -> Iterable[str]:
    match form:
        case "csv":
            return flat.lines(found)
        case "jsonl":
            return (msgspec.json.encode(each).decode() for each in found)
        case _:
            heads = (words.term("baseline_list", column, language) for column in COLUMNS)
            return (_row(cells) for cells in (tuple(heads), *(_cells(each, language) for each in found)))


def _cells(base: Listed, language: str) -> tuple[str, ...]:
    signed = (f"{wd:+}" if wd else "" if wd is None else "0" for wd in (base.slip, base.slip_original))
    by = base.decision or words.term("frozen_by", base.reason, language)
    return (
        base.code,
        f"{base.version}{'c' if base.correction else ''}",
        base.day.isoformat(),
        f"{base.frozen:%Y-%m-%d}",
        by,
        words.text("yes", language) if base.in_force else "",
        base.expected.isoformat() if base.expected else "",
        *signed,
    )


def _row(cells: Iterable[str]) -> str:
    return "".join(cell + " " * (width - wide(cell)) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()
