"""``pmosync accept``: a person looked at a hold."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from pmosync import settings
from pmosync.cli import opened
from pmosync.cli.options import config_option
from pmosync.compute.absence import MIGRATED
from pmosync.engine.publish import STAMP
from pmosync.engine.sharing import AUDIENCE
from pmosync.errors import ConfigError
from pmosync.model import Hold

MISSING = ("deleted", "restricted", "moved")
EFFECTS = {
    "deleted": "the next sync takes them out, their history stays",
    "restricted": "the next sync hides their text, they stay in scope",
    "moved": "the next sync takes them out here, their new home counts them",
    "taken over": "the next sync writes the workbook",
    "shared on purpose": "the next sync writes the workbook; whoever comes later is held anew",
}


@click.command("accept", epilog="Example: pmosync accept h-3f2a91c4 --as deleted")
@click.argument("hold")
@click.option(
    "--as", "as_", type=click.Choice(MISSING), help="What happened to the things that are not listed any more."
)
@config_option
def command(hold: str, as_: str | None, config: Path) -> int:
    """Confirm HOLD (`pmosync status` lists them), so that the next sync acts on it.

    \b
    Things that are not listed any more need --as:
      deleted     they are gone: taken out, their history stays
      restricted  they exist, and we may not see them: hidden, still in scope
      moved       they live elsewhere now: taken out here
    A workbook that another installation keeps (stamp-NAME) is taken over.
    One that is shared wider than its audience (audience-NAME) is written all the same.
    """
    configuration = settings.load(config)
    with opened.writer(configuration), opened.records(config) as records:
        word = _word(hold, as_, records.store.holds())
        done = records.store.accept(hold, word, records.now)
    click.echo(f"{done.id} accepted as {word}: {done.reason}; {EFFECTS[word]}")
    return 0


def _word(hold: str, as_: str | None, holds: Iterable[Hold]) -> str:
    """What the hold is accepted as. The tool never guesses what became of things that vanished."""
    if hold.startswith(STAMP):
        return "taken over"
    if hold.startswith(AUDIENCE):
        return "shared on purpose"
    if hold.startswith(MIGRATED):
        raise ConfigError(
            f"{hold}: these things have new ids; they are neither deleted nor moved, and accepting would cut their history",
            remedy=f"let the old go on as the new: `{_rebinding(hold, holds)} --dry-run` shows what would move, "
            "without --dry-run it moves and the hold is over",
        )
    if as_ is None:
        raise ConfigError(
            f"{hold}: say what happened to the things that are not listed any more",
            remedy=f"add --as {', --as '.join(MISSING[:-1])} or --as {MISSING[-1]}",
        )
    return as_


def _rebinding(hold: str, holds: Iterable[Hold]) -> str:
    """The command that ends a hold on what has new ids, with both ends where such a hold is open."""
    known = next((each for each in holds if each.id == hold), None)
    old, new = (known.connection, known.moved_to or known.connection) if known else ("CONNECTION", "CONNECTION")
    return f"pmosync rebind --from {old} --to {new}"
