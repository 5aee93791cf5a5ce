"""``pmosync rebind``: things of a source go on as others, after a migration, a promotion or a merge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path

import click
import msgspec

from pmosync import settings, wiring
from pmosync.cli import mapfile, opened
from pmosync.cli.options import config_option
from pmosync.compute.rebind import Thing
from pmosync.engine import rebind
from pmosync.engine.rebind import Drawn, Wish
from pmosync.model import Rebinding, SourceMilestone, SourceProject
from pmosync.store import Journal

MOST = 10
"""Items that are named before the rest is counted."""


@click.command("rebind", epilog="Example: pmosync rebind --from jira --to cloud --dry-run")
@click.option("--from", "before", required=True, metavar="A", help="What went: see below.")
@click.option("--to", "after", required=True, metavar="B", help="What it goes on as.")
@click.option(
    "--map",
    "map_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Which is which, where keys differ: CSV of old,new, or YAML. Nothing else moves unless --by key is given too.",
)
@click.option("--by", type=click.Choice(["key"]), help="Match by key, versions and milestones by title (usual).")
@click.option("--undo", is_flag=True, help="Take back that A goes on as B.")
@click.option("--dry-run", is_flag=True, help="Print what would move, write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print every pair as JSON lines.")
@config_option
def command(
    before: str,
    after: str,
    map_file: Path | None,
    by: str | None,
    undo: bool,
    dry_run: bool,
    as_json: bool,
    config: Path,
) -> int:
    """Let A go on as B: bindings, scope and history of our milestones follow, nothing is counted as removed or added.

    \b
    A and B are a connection (jira), a project or group of it (jira:project:PAY, gitlab:group:trade),
    or one thing (jira:version:10400; a key or title may stand for the id).
    What has no counterpart, or several, stays where it is and is listed. Run again, it ties what came since.
    The way back is the same with --undo. Exit code 1 if something stays, 0 if nothing is left to tie.
    """
    lines = mapfile.read(map_file) if map_file else ()
    wish = Wish(before, after, lines, by_key=by is not None or map_file is None, undo=undo)
    configuration = settings.load(config)
    with nullcontext() if dry_run else opened.writer(configuration), opened.records(config) as records:
        drawn = rebind.draw(records.store, wish, records.now)
        if not dry_run:
            rebind.carry_out(records.store, Journal(configuration.data / wiring.JOURNAL), drawn)
    if as_json:
        _print_json(drawn)
    else:
        _print(drawn, after, dry_run)
    stays = drawn.pairing.unmatched and not drawn.moves.empty
    return 1 if drawn.pairing.ambiguous or stays or drawn.unread else 0


def _print(drawn: Drawn, after: str, dry: bool) -> None:
    click.echo(_headline(drawn, after, dry))
    for line in (*_codes(drawn), *_named(drawn), *_left(drawn)):
        click.echo(f"  {line}")
    for line in _unread(drawn):
        click.secho(f"  {line}", fg="yellow")
    for problem in drawn.rows:
        click.secho(f"  {problem.place}: {problem.message} → {problem.remedy}", fg="yellow")
    if dry and not drawn.moves.empty:
        click.echo("nothing was written; without --dry-run it is, and the next sync shows it")


def _headline(drawn: Drawn, after: str, dry: bool) -> str:
    """What moves, in one line; or that nothing is left to move, and since when all of it goes on."""
    if drawn.moves.empty:
        since = max(each.since for each in drawn.already)
        counts = _counted_refs(drawn.already)
        return f"nothing left to tie: {counts} go on as {after} already, since {since:%Y-%m-%d %H:%M UTC}"
    pairs = drawn.pairing.pairs
    counts = _counted([old for old, _ in pairs]) if pairs else _counted_refs(drawn.undone)
    return f"{counts} {'would go on' if dry else 'go on'} as {'others' if pairs else 'they were before'}"


def _codes(drawn: Drawn) -> Iterator[str]:
    """Our codes with what they are tied to from now on, and those that only stood in for one of them."""
    for tie in drawn.moves.ties:
        yield f"{tie.code}  → {tie.ref}"
    new = {thing.ref for _, thing in drawn.pairing.pairs}
    for tie in drawn.moves.untied:
        if tie.ref in new:
            yield f"{tie.code}  is given up: it stood for {tie.ref} until its promise was known"


def _named(drawn: Drawn) -> Iterator[str]:
    large = [pair for pair in drawn.pairing.pairs if isinstance(pair[0].fact, SourceMilestone | SourceProject)]
    rest = [pair for pair in drawn.pairing.pairs if pair not in large]
    yield from (f"{old} → {new}" for old, new in (*large, *rest[:MOST]))
    if len(rest) > MOST:
        yield f"… and {len(rest) - MOST:,} more (--json names all)"


def _left(drawn: Drawn) -> Iterator[str]:
    yield from (f"no counterpart: {each}" for each in _few(drawn.pairing.unmatched))
    for thing, choices in drawn.pairing.ambiguous[:MOST]:
        yield f"fits {len(choices)}: {thing} may be {'; '.join(map(str, choices))}; say which with --map"


def _unread(drawn: Drawn) -> Iterator[str]:
    for home, count in drawn.unread:
        items = f"{count:,} items" if count > 1 else "1 item"
        yield f"{items} of {home}: nothing of what they go on as was read yet → `pmosync sync --full`, then rebind again"


def _few(things: Sequence[Thing]) -> Iterator[str]:
    yield from map(str, things[:MOST])
    if len(things) > MOST:
        yield f"{len(things) - MOST:,} more (--json names all)"


def _counted(things: Iterable[Thing]) -> str:
    return _tally(thing.ref.kind for thing in things)


def _counted_refs(rebindings: Iterable[Rebinding]) -> str:
    return _tally(each.new.kind for each in rebindings)


def _tally(kinds: Iterable[str]) -> str:
    return ", ".join(
        f"{count:,} {kind.replace('_', ' ')}{'s' if count > 1 else ''}" for kind, count in Counter(kinds).items()
    )


def _print_json(drawn: Drawn) -> None:
    for old, new in drawn.pairing.pairs:
        _line("pair", {"old": str(old.ref), "new": str(new.ref)})
    for each in drawn.undone:
        _line("back", {"old": str(each.new), "new": str(each.old)})
    for each in drawn.already:
        _line("already", {"old": str(each.old), "new": str(each.new)})
    for tie in drawn.moves.ties:
        _line("tie", {"code": tie.code, "ref": str(tie.ref)})
    for thing in drawn.pairing.unmatched:
        _line("unmatched", {"old": str(thing.ref), "key": thing.key})
    for thing, choices in drawn.pairing.ambiguous:
        _line("ambiguous", {"old": str(thing.ref), "choices": [str(each.ref) for each in choices]})
    for home, count in drawn.unread:
        _line("unread", {"old": str(home.ref), "items": count})
    for problem in drawn.rows:
        _line("row", {"place": problem.place, "message": problem.message, "remedy": problem.remedy})


def _line(word: str, value: object) -> None:
    click.echo(msgspec.json.encode({"event": word, "value": value}).decode())
