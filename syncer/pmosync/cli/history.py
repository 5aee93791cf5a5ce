"""``pmosync history``: what became of every date of one code, and when it was seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import msgspec
from msgspec import structs

from pmosync.cli import cover, explain, flat, opened, said
from pmosync.cli.opened import Records
from pmosync.cli.options import as_of_option, config_option, hindsight_option
from pmosync.compute.assessment import Assessment, ProgramVerdict, ProjectVerdict
from pmosync.compute.attention import concern_of
from pmosync.compute.chronicle import Happening, by, chronicle
from pmosync.compute.identity.state import folded
from pmosync.compute.ledger.covered import without
from pmosync.dashboard import words
from pmosync.dashboard.slip_ledger import causes
from pmosync.model import Observation, Snapshot
from pmosync.store import Store

NAMING = frozenset({"title"})
"""Fields whose values are words that somebody wrote."""
NOTHING = "—"
"""What stands for no date."""


@click.command("history", epilog="Example: pmosync history PAY-M03 --as-of 2026-11-30")
@click.argument("code")
@config_option
@as_of_option
@hindsight_option
@click.option("--restricted", is_flag=True, help="Show what is restricted too.")
@click.option("--language", type=click.Choice(["en", "zh-CN"]), default="en", show_default=True)
@click.option("--format", "form", type=click.Choice(["text", "jsonl", "csv"]), default="text", show_default=True)
def command(
    code: str, config: Path, as_of: datetime | None, hindsight: bool, restricted: bool, language: str, form: str
) -> int:
    """Show the history of CODE (a milestone, project, program or portfolio) in order: every date with when it was seen and,
    where its system tells, when and by whom it was changed; baselines, colours, and the moves of the expected date with
    their causes. Dates of the past are never worked out again.
    """
    with opened.records(config) as records:
        secret = cover.Hidden() if restricted else cover.hidden(records.store, records.now)
        assessment = said.at(records, said.run(records, None))
        found = explain.find(assessment, code, secret.codes)
        known = explain.code_of(found)
        told = history(records, known, said.asked(records, as_of), hindsight)
        zone = ZoneInfo(records.policy.default_time_zone)
    if known in secret.codes:
        click.echo(f"{words.text(cover.MARK, language)}: its source restricts it; --restricted shows it")
        return 0
    told = bared(told) if rests_on_hidden(found, assessment, secret) else told
    for line in _lines((_covered(each, secret) for each in told), form, language, zone):
        click.echo(line)
    return 0


def history(records: Records, code: str, day: date | None, hindsight: bool) -> tuple[Happening, ...]:
    """Everything that became of a code until the end of a day (None: until now)."""
    store, now = records.store, records.now
    limit = said.end(records, day) if day else None
    known = now if hindsight or limit is None else said.moment(records, day)
    snapshot = store.snapshot(known)
    found = chronicle(
        code,
        observed(store, snapshot, code),
        [base for base in store.export("baseline", known) if getattr(base, "code", "") == code],  # type: ignore[misc]
        store.colours(code, known),
        snapshot.moves.get(code, ()),
        hindsight=hindsight,
    )
    return found if limit is None else by(found, limit, hindsight=hindsight)


def observed(store: Store, snapshot: Snapshot, code: str) -> Iterator[Observation]:
    """What was seen of the code's own row, and of every source that was ever bound to it while it was."""
    observations = snapshot.observations
    yield from observations.get(code, ())
    for tie in store.identities().bindings:
        if folded(tie.code) == folded(code) and tie.since <= snapshot.as_of:
            until = tie.until
            seen = observations.get(str(tie.ref), ())
            yield from (each for each in seen if until is None or each.seen <= until)


def rests_on_hidden(found: object, assessment: Assessment, secret: cover.Hidden) -> bool:
    """Whether a project, program or portfolio has a milestone below it that is hidden: its colours may rest on that one."""
    below = {found.row.code} if isinstance(found, ProjectVerdict) else set[str]()
    below |= set(found.projects) if isinstance(found, ProgramVerdict) else set()
    return any(each.project in below and each.milestone.code in secret.codes for each in assessment.milestones)


def bared(told: Iterable[Happening]) -> tuple[Happening, ...]:
    """The colours alone, without what they rest on."""
    return tuple(structs.replace(each, reason="") for each in told if each.field != "colour" or each.old != each.new)


def _covered(told: Happening, secret: cover.Hidden) -> Happening:
    """A line without the words of what is restricted or not visible any more."""
    if told.of not in {str(ref) for ref in secret.refs}:
        return structs.replace(told, causes=without(told.causes, secret.names))
    return structs.replace(told, by="", **({"old": cover.MARK, "new": cover.MARK} if told.field in NAMING else {}))


def _lines(told: Iterable[Happening], form: str, language: str, zone: ZoneInfo) -> Iterable[str]:
    match form:
        case "csv":
            return flat.lines(told)
        case "jsonl":
            return (msgspec.json.encode(each).decode() for each in told)
        case _:
            return (line(each, language, zone) for each in told)


def line(told: Happening, language: str, zone: ZoneInfo) -> str:
    """A happening in words: when it was seen, what moved from what to what, and what else is known of it."""
    field = words.term("history", told.field, language)
    move = f"{told.old or NOTHING} → {told.new or NOTHING}"
    beside = words.between("clause", language).join(filter(None, _beside(told, language, zone)))
    return f"{_instant(told.seen, zone)}  {field}{words.between('colon', language)}{move}  {beside}".rstrip()


def _beside(told: Happening, language: str, zone: ZoneInfo) -> Iterator[str]:
    """The size of a move and its causes, the decision, who changed it and when, which system says so."""
    yield "" if told.wd is None else words.moved(told.wd, told.slip, language)
    yield causes(told.causes, language)
    yield told.decision
    concerned = told.field == "colour"
    yield words.term(
        "concern" if concerned else "frozen_by", concern_of(told.reason) if concerned else told.reason, language
    )
    if told.changed is not None:
        yield words.text("changed_by", language, changed=_instant(told.changed, zone), by=told.by)
    yield "" if told.of == told.code else told.of.partition(":")[0]


def _instant(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
