"""``pmosync inputs``: what people typed, since when, and what cells said before."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import msgspec
from msgspec import Struct

from pmosync.cli import cover, flat, opened, said
from pmosync.cli.opened import Records
from pmosync.cli.options import Day, as_of_option, config_option
from pmosync.compute.typings import Typing, before, same, stood
from pmosync.dashboard import words
from pmosync.dashboard.input_cells import cell_of
from pmosync.dashboard.mask import TITLED
from pmosync.dashboard.values import code_of
from pmosync.errors import ConfigError
from pmosync.mapping import InputTab, input_tabs
from pmosync.model import BindingRow, PlanRow
from pmosync.sheet import text_of

Option = Callable[..., int]
LANGUAGES, FORMATS = ["en", "zh-CN"], ["text", "jsonl", "csv"]


class Shown(Struct, frozen=True, kw_only=True):
    """A row as people typed it: ``tab`` is its key, ``row`` its line in the sheet that ``connection`` reads, ``seen`` when a
    sync first saw it say just this; ``cells`` by column.
    """

    tab: str
    code: str
    connection: str
    row: int
    seen: datetime
    cells: dict[str, str]


class Differing(Struct, frozen=True, kw_only=True):
    """A cell that said something else: ``then`` is what it said, first ``seen`` when; ``now`` what it says, "" for nothing.
    ``there``: its row still stands, so that it has its ``address``.
    """

    tab: str
    code: str
    connection: str
    column: str
    address: str
    seen: datetime
    then: str
    now: str
    there: bool


class Asked(Struct, frozen=True):
    """What is asked for: tabs, the folded code ("" = all), whether restricted things too, and the language of the cells."""

    tabs: tuple[InputTab, ...]
    code: str
    restricted: bool
    language: str


class Pair(Struct, frozen=True):
    """What a row said ``then``, and says ``now``: None if it is not there. ``tab`` is where it is, or was."""

    tab: InputTab
    then: Typing
    now: Typing | None


class Found(Struct, frozen=True):
    """What is told, under cover, and how many rows are left out."""

    values: tuple[Pair, ...]
    withheld: int
    cover: Callable[[str], str]


@click.group("inputs", epilog="Example: pmosync inputs restore --tab projects --code PAY")
def command() -> None:
    """Show what people typed into the input tabs. The tool never writes a cell that somebody may have touched."""


def options(call: Option) -> Option:
    """What both commands can be told."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="The same as --format jsonl."),
        click.option("--format", "form", type=click.Choice(FORMATS), help="text (usual), JSON lines, or CSV."),
        click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True),
        click.option("--restricted", is_flag=True, help="Show what is restricted too."),
        click.option("--code", default="", metavar="CODE", help="Only the rows of this code, number or id."),
        config_option,
    ):
        call = option(call)
    return call


@command.command("list", epilog="Example: pmosync inputs list --tab milestone_inputs --as-of 2026-11-30")
@click.option("--tab", default="", metavar="TAB", help="Only this tab: its key, or its title in either language.")
@as_of_option
@options
def list_(
    config: Path,
    tab: str,
    code: str,
    as_of: datetime | None,
    restricted: bool,
    language: str,
    form: str | None,
    as_json: bool,
) -> int:
    """List the rows of the input tabs as they are understood, each with when a sync first saw it say so."""
    asked = Asked(_tabs(tab), code_of(code), restricted, language)
    with opened.records(config) as records:
        moment = _moment(records, said.asked(records, as_of))
        found = _found(records, asked, lambda versions: stood(versions, moment), moment)
        zone = ZoneInfo(records.policy.default_time_zone)
    rows = tuple(_shown(found, pair, language) for pair in found.values)
    texts = (line for row in rows for line in _row_lines(row, language, zone))
    return _tell(rows, texts, _form(form, as_json), found.withheld, "no row of the input tabs stood there")


@command.command("restore", epilog="Example: pmosync inputs restore --tab milestone_inputs --code PAY-M01")
@click.option("--tab", required=True, metavar="TAB", help="The tab: its key, or its title in either language.")
@click.option(
    "--at", type=Day(), metavar="DATE", help="What stood at the last run of that day; else before the last change."
)
@options
def restore(
    config: Path,
    tab: str,
    code: str,
    at: datetime | None,
    restricted: bool,
    language: str,
    form: str | None,
    as_json: bool,
) -> int:
    """Tell cell by cell what stood in a tab and what stands there now, ready to paste. Nothing is written: what somebody typed
    meanwhile is for people to weigh.
    """
    asked = Asked(_tabs(tab), code_of(code), restricted, language)
    with opened.records(config) as records:
        day = said.asked(records, at, "--at")
        found = _found(records, asked, _earlier(records, day), _moment(records, day))
        zone = ZoneInfo(records.policy.default_time_zone)
    cells = tuple(cell for pair in found.values for cell in _differing(found, pair, language))
    texts = (line for pair in found.values for line in _restoring(found, pair, language, zone))
    return _tell(cells, texts, _form(form, as_json), found.withheld, "nothing stood there that does not stand now")


# ---------------------------------------------------------------- what is asked for


def _tabs(name: str) -> tuple[InputTab, ...]:
    """The tab of that key or title, all for "". ConfigError for a name that is none."""
    found = tuple(tab for tab in input_tabs() if code_of(name) in {"", *map(code_of, (tab.key, *tab.titles.values()))})
    if not found:
        raise ConfigError(
            f"--tab {name}: there is no such input tab", remedy=f"one of {', '.join(tab.key for tab in input_tabs())}"
        )
    return found


def _form(form: str | None, as_json: bool) -> str:
    if as_json and form not in (None, "jsonl"):
        raise ConfigError("--json asks for JSON lines, and --format for others", remedy="leave one of the two out")
    return form or ("jsonl" if as_json else "text")


def _moment(records: Records, day: date | None) -> datetime:
    return said.run(records, day) if day else records.now


def _earlier(records: Records, day: date | None) -> Callable[[tuple[Typing, ...]], Typing | None]:
    """What tells of a row's versions what it said at the day's last run, or before it was changed."""
    if day is None:
        return lambda versions: before(versions, records.now)
    moment = said.run(records, day)
    return lambda versions: stood(versions, moment)


# ---------------------------------------------------------------- what is found


def _found(
    records: Records, asked: Asked, then: Callable[[tuple[Typing, ...]], Typing | None], moment: datetime
) -> Found:
    """The rows asked for as they said ``then``, by tab, sheet and line, with what they say now. Covered is what is
    restricted now, or was at the ``moment``.
    """
    tabs = {tab.key: tab for tab in asked.tabs}
    secret = cover.Hidden() if asked.restricted else cover.hidden(records.store, moment, records.now)
    folded = frozenset(map(code_of, secret.codes))
    known = tuple(map(tuple, records.store.typings(records.now).values()))
    closed = [versions for versions in known if _hides(versions, folded)]
    names = secret.names | {name for versions in closed for each in versions for name in _named(each.row)}

    def asked_of(rows: Iterable[tuple[Typing, ...]]) -> list[Pair]:
        pairs = (_pair(tabs, asked.code, versions, then(versions), records.now) for versions in rows)
        return [pair for pair in pairs if pair is not None]

    pairs = asked_of(versions for versions in known if not _hides(versions, folded))
    order = {key: number for number, key in enumerate(tabs)}
    pairs.sort(key=lambda one: (order[one.tab.key], one.then.row.place.connection, one.then.row.place.row))
    return Found(tuple(pairs), len(asked_of(closed)), cover.covering(names - {""}, asked.language))


def _pair(
    tabs: Mapping[str, InputTab], code: str, versions: tuple[Typing, ...], then: Typing | None, now: datetime
) -> Pair | None:
    if then is None or then.row.place.tab not in tabs:
        return None
    tab = tabs[then.row.place.tab]
    return Pair(tab, then, stood(versions, now)) if code in ("", code_of(_code(tab, then.row))) else None


def _code(tab: InputTab, row: PlanRow) -> str:
    return str(getattr(row, tab.key_column, "") or row.place.code)


def _hides(versions: Iterable[Typing], codes: frozenset[str]) -> bool:
    """Whether a row ever spoke of one of these codes."""
    return any(code_of(code) in codes for each in versions for code in _codes(each.row))


def _codes(row: PlanRow) -> Iterator[str]:
    yield from (row.place.code, str(getattr(row, "code", "")))
    yield from getattr(row, "codes", ())


def _named(row: PlanRow) -> Iterator[str]:
    """What a hidden row calls what it speaks of."""
    yield getattr(row, "name", "")
    if isinstance(row, BindingRow) and row.scope.what in TITLED:
        yield row.scope.which


# ---------------------------------------------------------------- what is told


def _cells(found: Found, tab: InputTab, row: PlanRow, language: str) -> dict[str, str]:
    return {column.key: found.cover(text_of(cell_of(row, column, language))) for column in tab.columns}


def _shown(found: Found, pair: Pair, language: str) -> Shown:
    row = pair.then.row
    cells = {key: text for key, text in _cells(found, pair.tab, row, language).items() if text}
    code = found.cover(_code(pair.tab, row))
    return Shown(
        tab=pair.tab.key,
        code=code,
        connection=row.place.connection,
        row=row.place.row,
        seen=pair.then.seen,
        cells=cells,
    )


def _differing(found: Found, pair: Pair, language: str) -> Iterator[Differing]:
    """The cells that said something else, or of a row that is not there any more all that it said."""
    if pair.now is not None and same(pair.then.row, pair.now.row):
        return
    then = _cells(found, pair.tab, pair.then.row, language)
    now = _cells(found, pair.tab, pair.now.row, language) if pair.now else {}
    place = (pair.now or pair.then).row.place
    for column, text in then.items():
        if text != now.get(column, ""):
            yield Differing(
                tab=pair.tab.key,
                code=found.cover(_code(pair.tab, pair.then.row)),
                connection=place.connection,
                column=column,
                address=place.addresses.get(column, "") if pair.now else "",
                seen=pair.then.seen,
                then=text,
                now=now.get(column, ""),
                there=pair.now is not None,
            )


def _row_lines(row: Shown, language: str, zone: ZoneInfo) -> Iterator[str]:
    tab = next(tab for tab in input_tabs() if tab.key == row.tab)
    yield f"{_instant(row.seen, zone)}  {_title(tab, language)} {row.row}  {row.code}  ({row.connection})"
    for key, text in row.cells.items():
        yield f"  {_label(tab, key, language)}{words.between('colon', language)}{text}"


def _restoring(found: Found, pair: Pair, language: str, zone: ZoneInfo) -> Iterator[str]:
    """A line a cell; of a row that is not there any more its cells as a line to paste, under their headers."""
    cells = tuple(_differing(found, pair, language))
    if cells and pair.now is None:
        gone = words.text("inputs_gone", language, code=cells[0].code)
        yield f"{_instant(pair.then.seen, zone)}  {_title(pair.tab, language)}{words.between('colon', language)}{gone}"
        yield _pasted(_label(pair.tab, column.key, language) for column in pair.tab.columns)
        yield _pasted(_cells(found, pair.tab, pair.then.row, language).values())
        return
    for cell in cells:
        spot = cell.address or f"{_title(pair.tab, language)} {cell.code}"
        field = f"{cell.code} {_label(pair.tab, cell.column, language)}"
        told = f"{field}{words.between('colon', language)}{cell.now or '—'} ← {cell.then or '—'}"
        yield f"{_instant(cell.seen, zone)}  {spot}  {told}"


def _pasted(cells: Iterable[str]) -> str:
    """Cells as a spreadsheet takes them from the clipboard; none of them becomes a formula."""
    line = io.StringIO()
    csv.writer(line, dialect="excel-tab", lineterminator="").writerow(map(_inert, cells))
    return line.getvalue()


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(flat.LIVE) else text


def _title(tab: InputTab, language: str) -> str:
    return tab.titles.get(language) or tab.titles["en"]


def _label(tab: InputTab, key: str, language: str) -> str:
    labels = tab.column(key).labels
    return labels.get(language) or labels["en"]


def _instant(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _tell(values: Iterable[Struct], texts: Iterable[str], form: str, withheld: int, nothing: str) -> int:
    """Print what was found; on standard error how much is left out, and that nothing was found."""
    lines = {"csv": flat.lines(values), "jsonl": (msgspec.json.encode(each).decode() for each in values)}
    printed = False
    for line in lines.get(form, texts):
        printed = True
        click.echo(line)
    if withheld:
        click.echo(f"{withheld:,} restricted; --restricted shows them", err=True)
    elif not printed:
        click.echo(nothing, err=True)
    return 0
